"""Conflicts of interest that the system proposes, from people's municipality and employer. An officer decides."""

from dataclasses import dataclass

from access.permissions import Actor, can_record_conflict, require
from calls.affiliation import Affiliation, Match, match, parties_of
from calls.application_record import from_record
from calls.definition import CallDefinition
from locales import Lang, Message, msg, render
from storage import applications as stored_applications
from storage import panel
from storage.panel import Pair
from storage.unit import UnitOfWork
from workflow.calls import load_call
from workflow.conflicts import LONGEST_NOTE, check_ground, checked_reason, people_who_handle, put_in_force
from workflow.errors import Refused
from workflow.house import House
from workflow.phases import require_open
from workflow.visibility import blocked_applications, closed_to_review


@dataclass(frozen=True, slots=True)
class ConflictProposal:
    """A person who may be disqualified from an application, and why. ``assigned``: is to review it already."""

    case_number: str
    project_name: str
    account_id: int
    person: str
    kind: str
    evidence: tuple[Message, ...]
    assigned: bool
    declared_impartial: bool


def list_proposals(house: House, actor: Actor, call_id: str) -> list[ConflictProposal]:
    """The proposals that wait for an officer, by case number and person.

    Without applications that the officer is disqualified from, and pairs that were declared, recorded or dismissed.
    """
    require(actor, can_record_conflict)
    with house.reading() as uow:
        found = undecided(uow, call_id, load_call(uow, call_id))
        blocked = blocked_applications(uow, call_id, actor)
        rows = {row.id: row for row in stored_applications.list_applications(uow, call_id)}
        names = {account.id: account.name for account in people_who_handle(uow)}
        assigned = panel.list_assignments(uow, call_id)
        impartial = panel.list_impartiality(uow, call_id)
        proposals = [
            ConflictProposal(
                case_number=rows[application].case_number,
                project_name=from_record(dict(rows[application].content)).project_name,
                account_id=person,
                person=names[person],
                kind=why.kind,
                evidence=why.evidence,
                assigned=(application, person) in assigned,
                declared_impartial=(application, person) in impartial,
            )
            for (application, person), why in found.items()
            if application not in blocked
        ]
        return sorted(proposals, key=lambda row: (row.case_number, row.person, row.account_id))


def proposed_pairs(uow: UnitOfWork, call_id: str, call: CallDefinition) -> set[Pair]:
    """(application id, account id) with an undecided proposal: nobody is assigned before it is decided.

    For other use cases: permission is theirs to ask.
    """
    return set(undecided(uow, call_id, call))


def undecided(uow: UnitOfWork, call_id: str, call: CallDefinition, only: int | None = None) -> dict[Pair, Match]:
    """What ties people to applications, where no conflict was ever recorded; ``only``: for this account.

    Whoever only reviews is left out of applications that are not reviewed, and of a call whose panel they are not in.
    For other use cases: permission is theirs to ask.
    """
    absent = {account for account, m in panel.list_members(uow, call_id).items() if not m.takes_part}
    people = {
        a.id: (Affiliation(a.municipality_code, a.employer), a.roles == {"reviewer"})
        for a in people_who_handle(uow)
        if (only is None or a.id == only) and not (a.roles == {"reviewer"} and a.id in absent)
    }
    people = {person: known for person, known in people.items() if known[0].known}
    if not people:
        return {}
    year = call.applicants.register_year
    decided = {(c.application_id, c.account_id) for c in panel.all_conflicts(uow, call_id)}
    closed = closed_to_review(uow, call_id)
    found: dict[Pair, Match] = {}
    for row in stored_applications.list_applications(uow, call_id):
        if row.withdrawn_at is not None:
            continue
        parties = parties_of(from_record(dict(row.content)), year)
        for person, (affiliation, only_reviews) in people.items():
            if (row.id, person) in decided or (only_reviews and row.id in closed):
                continue
            if (why := match(affiliation, parties, year)) is not None:
                found[row.id, person] = why
    return found


def accept_proposal(
    house: House, actor: Actor, call_id: str, case_number: str, account_id: int, kind: str = ""
) -> None:
    """Record the proposed conflict, with the evidence as its remark and the suggested ground (or ``kind``)."""
    require(actor, can_record_conflict)
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_record_conflict)
        application_id, why = _open_proposal(uow, actor, call_id, case_number, account_id)
        check_ground(kind or why.kind)
        put_in_force(uow, call_id, application_id, account_id, kind or why.kind, _words(why, actor))


def dismiss_proposal(house: House, actor: Actor, call_id: str, case_number: str, account_id: int, reason: str) -> None:
    """Decide for a reason that there is no conflict. It is kept as one that is lifted, and not proposed again.

    Refused for a proposal about oneself: another officer decides.
    """
    require(actor, can_record_conflict)
    if account_id == actor.id:
        raise Refused(msg("A proposal about yourself is dismissed by another officer."))
    text = checked_reason(reason)
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_record_conflict)
        application_id, why = _open_proposal(uow, actor, call_id, case_number, account_id)
        panel.add_conflict(uow, application_id, account_id, why.kind, _words(why, actor), None)
        panel.lift_conflict(uow, application_id, account_id, text)


def _open_proposal(uow: UnitOfWork, actor: Actor, call_id: str, case_number: str, account_id: int) -> tuple[int, Match]:
    found = undecided(uow, call_id, load_call(uow, call_id), account_id)
    blocked = blocked_applications(uow, call_id, actor)
    rows = stored_applications.list_applications(uow, call_id)
    row = next((r for r in rows if r.case_number == case_number and r.id not in blocked), None)
    if row is None or (row.id, account_id) not in found:
        raise Refused(msg("No such proposal waits in application {case}.", case=case_number))
    return row.id, found[row.id, account_id]


def _words(why: Match, actor: Actor) -> str:
    lang: Lang = "sv" if actor.language == "sv" else "en" if actor.language == "en" else "fi"
    return " ".join(render(sentence, lang) for sentence in why.evidence)[:LONGEST_NOTE]
