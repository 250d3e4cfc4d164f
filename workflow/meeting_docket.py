"""What is before the panel: the eligible applications with their reviews, consensus and standings, and who sits there.

For the use cases of the meeting: permission is theirs to ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from access.permissions import CHAIR, REVIEWER, Actor
from allocation import ScenarioError, SolverError, baseline
from calls.definition import CallDefinition
from locales import msg
from scoring.agenda import AgendaItem, Discussed, agenda
from scoring.composite import composite
from scoring.ranking import rank
from scoring.types import Review, Standing
from storage import accounts as stored_accounts
from storage import applications as stored_applications
from storage import meetings, panel
from storage.meetings import ConsensusScore, StoredConsensus
from storage.unit import UnitOfWork
from workflow.applications import ApplicationView, load_views, no_such_application
from workflow.conflicts import people_who_handle
from workflow.errors import Refused
from workflow.ranking import Ranked
from workflow.review_check import weights
from workflow.review_reading import ReadReview, load_reviews
from workflow.scenario_projects import project_of
from workflow.scenarios import default_scenario
from workflow.visibility import awaited_pairs, barred_pairs, blocked_applications, hidden_scores


@dataclass(frozen=True, slots=True)
class Agreed:
    """A consensus as readers get it: without the scores and ranks of other applications that are kept with it.

    ``left_room``: names of those present who left the room. ``took_part``: names of those who stayed, or recorded it,
    and are disqualified now: the panel has to take the application up again.
    """

    scores: Mapping[str, ConsensusScore]
    note: str
    left_room: tuple[str, ...]
    took_part: tuple[str, ...]
    recorded_by: str
    recorded_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """One application on the agenda: its place with the terms, and what is known of it.

    ``awaited``: reviews asked for that are not in. ``needed``: reviews it should have. ``leaves_room``: names of
    everybody with a conflict of interest in force, of the panel and of those who handle applications.
    """

    item: AgendaItem
    view: ApplicationView
    standing: Standing
    awaited: int
    needed: int
    leaves_room: tuple[str, ...]
    consensus: Agreed | None


@dataclass(frozen=True, slots=True)
class Docket:
    """Eligible applications by case number, with the counted reviews and the consensus of each."""

    call: CallDefinition
    views: Mapping[str, ApplicationView]
    reads: Mapping[str, tuple[ReadReview, ...]]
    consensus: Mapping[str, StoredConsensus]

    @property
    def reviews(self) -> list[Review]:
        """The reviews as scoring takes them."""
        return [
            Review(case, str(read.reviewer_id), {key: score.level for key, score in read.scores.items()})
            for case, reads in self.reads.items()
            for read in reads
        ]

    @property
    def agreed(self) -> dict[str, Mapping[str, int]]:
        """Level per criterion of each consensus."""
        return {
            case: {key: score.level for key, score in found.scores.items()} for case, found in self.consensus.items()
        }

    def standings(self, agreed: Mapping[str, Mapping[str, int]] | None = None) -> tuple[Standing, ...]:
        """The standings with the consensus recorded so far, or with ``agreed`` in its place."""
        return rank(
            self.reviews,
            weights(self.call),
            list(self.views),
            consensus=self.agreed if agreed is None else agreed,
            ranking_score=self.call.scoring.ranking_score.value,
        )


def load_docket(uow: UnitOfWork, call: CallDefinition, hidden: set[int]) -> Docket:
    """The eligible applications of a call without those in ``hidden``, which leave no trace."""
    views = {v.id: v for v in load_views(uow, call, hidden) if v.eligible}
    reads = load_reviews(uow, call)
    recorded = meetings.list_consensus(uow, call.id)
    return Docket(
        call=call,
        views={view.case_number: view for view in views.values()},
        reads={view.case_number: tuple(reads.get(key, ())) for key, view in views.items()},
        consensus={views[key].case_number: found for key, found in recorded.items() if key in views},
    )


def reach_of(docket: Docket, standings: tuple[Standing, ...]) -> int:
    """To how many applications the appropriation reaches: those funded in the greedy baseline with the call's values."""
    projects = [project_of(docket.call, Ranked(docket.views[s.application], s, 0)) for s in standings]
    try:
        awards = baseline(projects, default_scenario(docket.call)).awards
    except (ScenarioError, SolverError):
        return 0
    return sum(award.funded for award in awards)


def line_of(standings: tuple[Standing, ...], reach: int) -> Fraction | None:
    """The score of the last among the ``reach`` best of ``standings``, the best of which come first; None without one.

    Not that of the last that is funded: where one that does not fit is skipped, a small one far below may be funded.
    """
    return standings[reach - 1].score if 0 < reach <= len(standings) else None


def load_agenda(uow: UnitOfWork, docket: Docket) -> tuple[tuple[AgendaRow, ...], Fraction | None]:
    """The docket in the order of discussion, and the line of the appropriation."""
    call = docket.call
    ranked = docket.standings()
    standings = {s.application: s for s in ranked}
    line = line_of(ranked, reach_of(docket, ranked))
    awaited = [application for application, _ in awaited_pairs(uow, call.id)]
    asked = {case: awaited.count(view.id) for case, view in docket.views.items()}
    needed = {case: max(call.scoring.reviews_per_application.value, count) for case, count in asked.items()}
    out, members = disqualified(uow, call.id), _panel(uow, call.id)
    recorded = agreed(uow, call.id, docket.consensus)
    items = agenda(
        [
            Discussed(
                application=case,
                composites=tuple(r.composite for r in docket.reads[case] if r.composite is not None),
                needed=needed[case],
                conflicted=len(out.get(view.id, {}).keys() & members),
                score=standings[case].score,
                has_consensus=case in recorded and not recorded[case].took_part,
            )
            for case, view in docket.views.items()
        ],
        _scale(call),
        max(1, len(members)),
        line,
    )
    rows = [
        AgendaRow(
            item=item,
            view=(view := docket.views[item.application]),
            standing=standings[item.application],
            awaited=max(0, asked[item.application] - standings[item.application].reviews),
            needed=needed[item.application],
            leaves_room=tuple(sorted(out.get(view.id, {}).values())),
            consensus=recorded.get(item.application),
        )
        for item in items
    ]
    return tuple(rows), line


def agreed(uow: UnitOfWork, call_id: str, recorded: Mapping[str, StoredConsensus]) -> dict[str, Agreed]:
    """Each consensus as readers get it."""
    sat = {meeting.id: set(meeting.present) for meeting in meetings.list_meetings(uow, call_id)}
    barred = barred_pairs(uow, call_id)

    def stayed(found: StoredConsensus) -> set[int]:
        there = sat.get(found.meeting_id, set()) | {found.recorded_by or 0}
        return {p for p in there - set(found.left_room) if (found.application_id, p) in barred}

    names = {account.id: account.name for account in stored_accounts.list_accounts(uow.connection)}
    return {
        case: Agreed(
            scores=found.scores,
            note=found.note,
            left_room=tuple(sorted(names.get(person, str(person)) for person in found.left_room)),
            took_part=tuple(sorted(names.get(person, str(person)) for person in stayed(found))),
            recorded_by=names.get(found.recorded_by or 0, ""),
            recorded_at=found.recorded_at,
            version=found.version,
        )
        for case, found in recorded.items()
    }


def _scale(call: CallDefinition) -> tuple[Fraction, Fraction]:
    """The lowest and the highest composite that the levels allow."""
    ends = []
    for pick in (min, max):
        value = composite({c.id: pick(rung.value for rung in c.levels) for c in call.criteria}, weights(call))
        ends.append(Fraction(0) if value is None else value)
    return ends[0], ends[1]


def disqualified(uow: UnitOfWork, call_id: str) -> dict[int, dict[int, str]]:
    """Application id -> account id -> name of everybody in use whose conflict of interest in it is in force."""
    names = {account.id: account.name for account in people_who_handle(uow)}
    found: dict[int, dict[int, str]] = {}
    for conflict in panel.list_conflicts(uow, call_id):
        if conflict.account_id in names:
            found.setdefault(conflict.application_id, {})[conflict.account_id] = names[conflict.account_id]
    return found


def _panel(uow: UnitOfWork, call_id: str) -> set[int]:
    return {account_id for account_id, _, sits in panel_people(uow, call_id) if sits}


def panel_people(uow: UnitOfWork, call_id: str) -> list[tuple[int, str, bool]]:
    """Everybody who handles applications by name: account id, name, and whether they sit on the panel of the call."""
    out = {account_id for account_id, member in panel.list_members(uow, call_id).items() if not member.takes_part}
    found = [
        (account.id, account.name, CHAIR in account.roles or (REVIEWER in account.roles and account.id not in out))
        for account in people_who_handle(uow)
    ]
    return sorted(found, key=lambda person: (person[1], person[0]))


def find_case(uow: UnitOfWork, actor: Actor, call: CallDefinition, case_number: str) -> int:
    """The id of an application whose consensus is open to the actor.

    Refused, in the same words, when it is not there or closed to the actor by a conflict of interest; and while the
    actor's own review of it is to be submitted.
    """
    rows = stored_applications.list_applications(uow, call.id)
    row = next((r for r in rows if r.case_number == case_number), None)
    if row is None or row.id in blocked_applications(uow, call.id, actor):
        raise no_such_application(case_number)
    if row.id in hidden_scores(uow, call.id, actor):
        raise Refused(msg("Others' reviews of {case} open to you once your own is submitted.", case=case_number))
    return row.id


def not_on_agenda(case_number: str) -> Refused:
    """The refusal for an application that is not confirmed eligible."""
    return Refused(msg("{case} is not confirmed eligible, so it is not on the agenda.", case=case_number))
