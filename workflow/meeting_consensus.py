"""The consensus of the panel on one application: all there is to discuss, what a consensus would do, recording it.

The reviews stay as they are: a consensus stands beside them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from access.permissions import Actor, can_lead_meeting, can_see_meeting, require
from calls.definition import CallDefinition
from locales import msg
from scoring.ranking import criterion_spread, what_if
from scoring.types import LevelSpread, Standing
from storage import meetings as stored
from storage.meetings import ConsensusScore, StoredMeeting
from storage.unit import NotFound, StaleWrite, UnitOfWork
from workflow.calls import load_call
from workflow.errors import Conflicting, Refused
from workflow.house import House
from workflow.meeting import open_meeting
from workflow.meeting_docket import (
    AgendaRow,
    Agreed,
    Docket,
    agreed,
    disqualified,
    find_case,
    load_agenda,
    load_docket,
    not_on_agenda,
)
from workflow.phases import require_open
from workflow.review_check import Draft, check_review, weights
from workflow.review_reading import ReadReview
from workflow.visibility import hidden_scores


@dataclass(frozen=True, slots=True)
class OpenItem:
    """One application in discussion. ``spread``: of the levels per criterion id, None with fewer than two.

    ``following``: case number of the next on the agenda without a consensus, or empty.
    """

    call: CallDefinition
    row: AgendaRow
    reads: tuple[ReadReview, ...]
    spread: Mapping[str, LevelSpread | None]
    line: Fraction | None
    following: str


@dataclass(frozen=True, slots=True)
class Moved:
    """Another application whose rank would change; None: no rank."""

    case_number: str
    project: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a consensus would do: the application's standing before and after, and who else changes place."""

    before: Standing
    after: Standing
    moved: tuple[Moved, ...]


def open_item(house: House, actor: Actor, call_id: str, case_number: str) -> OpenItem:
    """Everything for the discussion of one application; Refused when it is not on the actor's agenda."""
    require(actor, can_see_meeting)
    with house.reading() as uow:
        docket = _visible(uow, actor, call_id, case_number)
        rows, line = load_agenda(uow, docket)
        at = next(place for place, row in enumerate(rows) if row.view.case_number == case_number)
        waiting = [row.view.case_number for row in (*rows[at + 1 :], *rows[:at]) if row.consensus is None]
        return OpenItem(
            call=docket.call,
            row=rows[at],
            reads=docket.reads[case_number],
            spread=criterion_spread([r for r in docket.reviews if r.application == case_number]),
            line=line,
            following=waiting[0] if waiting else "",
        )


def preview_consensus(
    house: House, actor: Actor, call_id: str, case_number: str, levels: Mapping[str, int] | None
) -> Effect:
    """What ``levels`` as the consensus would do, None: what taking the consensus back would do. Nothing is saved.

    Ranks are those among the applications that the actor sees. Refused for a missing level or one off the scale.
    """
    require(actor, can_see_meeting)
    with house.reading() as uow:
        docket = _visible(uow, actor, call_id, case_number)
        if levels is not None:
            _check_levels(docket.call, levels)
        proposed = {case: given for case, given in docket.agreed.items() if case != case_number}
        if levels is not None:
            proposed[case_number] = levels
        before = {s.application: s for s in docket.standings()}
        after = {s.application: s for s in docket.standings(proposed)}
    moved = [
        Moved(case, docket.views[case].application.project_name, standing.rank, after[case].rank)
        for case, standing in before.items()
        if case != case_number and standing.rank != after[case].rank
    ]
    return Effect(before[case_number], after[case_number], tuple(moved))


def record_consensus(
    house: House,
    actor: Actor,
    call_id: str,
    case_number: str,
    levels: Mapping[str, int],
    reasons: Mapping[str, str],
    note: str,
    expected_version: int,
) -> Agreed:
    """Record (``expected_version`` 0) or change the consensus: a level and a reason for every criterion.

    A meeting has to be going on with the actor present. Kept with it: who of those present left the room, and the
    levels of the reviews, scores and ranks of that moment, which the minutes tell. Refused with everything that is
    wrong; Conflicting when a newer consensus is stored.
    """
    require(actor, can_lead_meeting)
    with house.writing(actor, call_id) as uow:
        call = load_call(uow, call_id)
        require_open(uow, call_id, can_lead_meeting)
        application_id = find_case(uow, actor, call, case_number)
        meeting = _meeting(uow, actor, call_id)
        problems = check_review(call, Draft(levels, reasons, note), submitting=True)
        if problems:
            raise Refused(*problems)
        whole = load_docket(uow, call, set())
        if case_number not in whole.views:
            raise not_on_agenda(case_number)
        out = disqualified(uow, call_id).get(application_id, {})
        try:
            saved = stored.save_consensus(
                uow,
                application_id,
                meeting_id=meeting.id,
                scores={c.id: ConsensusScore(levels[c.id], reasons[c.id].strip()) for c in call.criteria},
                note=note.strip(),
                left_room=sorted(out.keys() & set(meeting.present)),
                effect=_effect(whole, case_number, levels, meeting.id),
                expected_version=expected_version,
            )
        except (StaleWrite, NotFound) as error:
            raise _stale(case_number) from error
        return agreed(uow, call_id, {case_number: saved})[case_number]


def remove_consensus(house: House, actor: Actor, call_id: str, case_number: str, expected_version: int) -> None:
    """Take the consensus back; the reviews rank again. Conflicting when it changed meanwhile or is gone."""
    require(actor, can_lead_meeting)
    with house.writing(actor, call_id) as uow:
        call = load_call(uow, call_id)
        require_open(uow, call_id, can_lead_meeting)
        application_id = find_case(uow, actor, call, case_number)
        _meeting(uow, actor, call_id)
        try:
            stored.remove_consensus(uow, application_id, expected_version)
        except (StaleWrite, NotFound) as error:
            raise _stale(case_number) from error


def _visible(uow: UnitOfWork, actor: Actor, call_id: str, case_number: str) -> Docket:
    call = load_call(uow, call_id)
    find_case(uow, actor, call, case_number)
    docket = load_docket(uow, call, hidden_scores(uow, call_id, actor))
    if case_number not in docket.views:
        raise not_on_agenda(case_number)
    return docket


def _check_levels(call: CallDefinition, levels: Mapping[str, int]) -> None:
    # A preview comes before the reasons are written: they are asked for when the consensus is recorded.
    reasons = {criterion.id: "–" for criterion in call.criteria}
    if problems := check_review(call, Draft(levels, reasons), submitting=True):
        raise Refused(*problems)


def _meeting(uow: UnitOfWork, actor: Actor, call_id: str) -> StoredMeeting:
    meeting = open_meeting(uow, call_id)
    if meeting is None:
        raise Refused(msg("A consensus is recorded at a meeting. Start the meeting first."))
    if actor.id not in meeting.present:
        raise Refused(msg("You are not marked as present at the meeting. Mark yourself as present first."))
    return meeting


def _effect(docket: Docket, case_number: str, levels: Mapping[str, int], meeting_id: int) -> dict[str, Any]:
    """Scores as exact fractions, ranks among all; ``others``: scores by application id; ``reviews``: levels by reviewer.

    With ``others`` the minutes can tell a reader the ranks among the applications that the reader sees.
    """
    begun = docket.agreed
    recorded = docket.consensus.get(case_number)
    if recorded is not None and recorded.meeting_id == meeting_id:
        del begun[case_number]  # what was corrected at the same meeting is not what the meeting began from
    ranking_score = docket.call.scoring.ranking_score.value
    before, after = what_if(
        docket.reviews, weights(docket.call), list(docket.views), begun, case_number, levels, ranking_score
    )
    return {
        "score_before": _exact(before.score),
        "score_after": _exact(after.score),
        "rank_before": before.rank,
        "rank_after": after.rank,
        "others": {
            str(docket.views[s.application].id): str(s.score)
            for s in docket.standings(begun)
            if s.score is not None and s.application != case_number
        },
        "reviews": {
            str(read.reviewer_id): {key: score.level for key, score in read.scores.items()}
            for read in docket.reads[case_number]
        },
    }


def _exact(score: Fraction | None) -> str | None:
    return None if score is None else str(score)


def _stale(case_number: str) -> Conflicting:
    return Conflicting(
        msg("Somebody changed the consensus on {case} meanwhile. Nothing of yours was saved.", case=case_number)
    )
