"""Conflicts of interest: declared by the person, or recorded and lifted by an officer.

While one is in force the application is closed to the person: reading, scoring, others' scores, discussion, exports
and counts.
"""

from dataclasses import dataclass
from datetime import datetime

from access.permissions import Actor, can_declare_conflict, can_record_conflict, can_see_all_applications, require
from calls.application_record import from_record
from locales import msg
from storage import accounts as stored_accounts
from storage import applications as stored_applications
from storage import panel
from storage.accounts import AccountRow
from storage.applications import StoredApplication
from storage.unit import UnitOfWork
from workflow.applications import no_such_application
from workflow.blank import is_blank
from workflow.calls import load_call
from workflow.errors import Refused
from workflow.house import House
from workflow.phases import load_stage, require_open
from workflow.visibility import blocked_applications, closed_to_review

LONGEST_NOTE = 5_000
CONFLICT_KINDS = (
    "party_or_relative",
    "representation",
    "benefit_or_loss",
    "employment",
    "board_membership",
    "guidance_supervision",
    "other",
)
"""Grounds of disqualification, Administrative Procedure Act (434/2003), section 28."""


@dataclass(frozen=True, slots=True)
class RecordedConflict:
    """A conflict of interest as an officer sees it. Empty names: recorded at the terminal.

    ``own``: the person declared it. ``lifted_at`` None: it is in force.
    """

    case_number: str
    project_name: str
    account_id: int
    person: str
    kind: str
    note: str
    own: bool
    declared_by: str
    declared_at: datetime
    lifted_by: str
    lifted_at: datetime | None
    lift_reason: str


def declare_conflict(house: House, actor: Actor, call_id: str, case_number: str, kind: str, note: str) -> None:
    """Declare the actor's own conflict of interest, be it a reviewer's, a chair's, an officer's or a decision maker's.

    Refused for an application that the actor has nothing to do with, in the same words whether it exists or not.
    """
    require(actor, can_declare_conflict)
    check_ground(kind, note)
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_declare_conflict)
        row = _find(uow, call_id, case_number)
        if row is None or row.id not in open_to_declare(uow, call_id, actor):
            raise no_such_application(case_number)
        put_in_force(uow, call_id, row.id, actor.id, kind, note)


def open_to_declare(uow: UnitOfWork, call_id: str, actor: Actor) -> set[int]:
    """The applications whose parties the actor is shown to declare conflicts, and those that are barred already.

    Whoever sees all applications: all of them. A reviewer: the assigned ones, and from the intake on every one that
    is confirmed eligible. Barred ones are always in it, so that nothing of their handling shows. For other use cases.
    """
    if can_see_all_applications(actor):
        return {row.id for row in stored_applications.list_applications(uow, call_id)}
    barred = blocked_applications(uow, call_id, actor)
    assigned = {a for a, who in panel.list_assignments(uow, call_id) if who == actor.id}
    eligible: set[int] = set()
    if load_stage(uow, call_id).phase != "preparation":
        newest = stored_applications.newest_eligibility(uow, call_id)
        eligible = {application for application, decision in newest.items() if decision.outcome == "eligible"}
    return ((assigned | eligible) - closed_to_review(uow, call_id)) | barred


def record_conflict(
    house: House, actor: Actor, call_id: str, case_number: str, account_id: int, kind: str, note: str
) -> None:
    """Record somebody's conflict of interest as an officer who is not disqualified from the application."""
    require(actor, can_record_conflict)
    check_ground(kind, note)
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_record_conflict)
        row = _find(uow, call_id, case_number)
        if row is None or row.id in blocked_applications(uow, call_id, actor):
            raise no_such_application(case_number)
        if account_id not in {account.id for account in stored_accounts.list_accounts(uow.connection)}:
            raise Refused(msg("There is no account {id}.", id=str(account_id)))
        put_in_force(uow, call_id, row.id, account_id, kind, note)


def put_in_force(uow: UnitOfWork, call_id: str, application_id: int, account_id: int, kind: str, note: str) -> None:
    """Store a conflict; a declaration of having none is withdrawn. For other use cases: permission is theirs to ask."""
    if (application_id, account_id) in {(c.application_id, c.account_id) for c in panel.list_conflicts(uow, call_id)}:
        raise Refused(msg("The conflict of interest is recorded already."))
    panel.withdraw_impartiality(uow, application_id, account_id)
    panel.add_conflict(uow, application_id, account_id, kind, note.strip(), uow.actor_id)


def lift_conflict(house: House, actor: Actor, call_id: str, case_number: str, account_id: int, reason: str) -> None:
    """Lift somebody's conflict of interest for a reason. The person then declares anew to have none.

    Refused: one's own, one of an application that the actor is disqualified from, one that is not in force.
    """
    require(actor, can_record_conflict)
    if account_id == actor.id:
        raise Refused(msg("Your own conflict of interest is lifted by another officer."))
    text = checked_reason(reason)
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_record_conflict)
        row = _find(uow, call_id, case_number)
        in_force = {(c.application_id, c.account_id) for c in panel.list_conflicts(uow, call_id)}
        blocked = blocked_applications(uow, call_id, actor)
        if row is None or row.id in blocked or (row.id, account_id) not in in_force:
            raise Refused(msg("No such conflict of interest is in force in application {case}.", case=case_number))
        panel.lift_conflict(uow, row.id, account_id, text)
        panel.withdraw_impartiality(uow, row.id, account_id)


def list_recorded(house: House, actor: Actor, call_id: str) -> list[RecordedConflict]:
    """Every conflict of the call, lifted ones included, without applications the officer is disqualified from.

    By case number, then by person.
    """
    require(actor, can_record_conflict)
    with house.reading() as uow:
        load_call(uow, call_id)
        blocked = blocked_applications(uow, call_id, actor)
        rows = {row.id: row for row in stored_applications.list_applications(uow, call_id) if row.id not in blocked}
        names = {account.id: account.name for account in stored_accounts.list_accounts(uow.connection)}
        found = [
            RecordedConflict(
                case_number=rows[c.application_id].case_number,
                project_name=from_record(dict(rows[c.application_id].content)).project_name,
                account_id=c.account_id,
                person=names[c.account_id],
                kind=c.kind,
                note=c.note,
                own=c.declared_by == c.account_id,
                declared_by=names.get(c.declared_by or 0, ""),
                declared_at=c.declared_at,
                lifted_by=names.get(c.lifted_by or 0, ""),
                lifted_at=c.lifted_at,
                lift_reason=c.lift_reason,
            )
            for c in panel.all_conflicts(uow, call_id)
            if c.application_id in rows
        ]
        return sorted(found, key=lambda row: (row.case_number, row.person, row.account_id))


def list_people(house: House, actor: Actor) -> list[tuple[int, str]]:
    """Whom a conflict can be recorded for: (account id, name) of everybody who takes part in handling."""
    require(actor, can_record_conflict)
    with house.reading() as uow:
        return [(a.id, a.name) for a in people_who_handle(uow)]


def people_who_handle(uow: UnitOfWork) -> list[AccountRow]:
    """Accounts in use with a role in handling applications. For other use cases: permission is theirs to ask."""
    accounts = stored_accounts.list_accounts(uow.connection)
    return [a for a in accounts if not a.disabled and a.roles - {"administrator"}]


def checked_reason(reason: str) -> str:
    """The reason of an override, trimmed; Refused when it is empty or too long."""
    text = reason.strip()
    if is_blank(text) or len(text) > LONGEST_NOTE:
        raise Refused(msg("Give the reason, in 1 to {n} characters.", n=LONGEST_NOTE))
    return text


def check_ground(kind: str, note: str = "") -> None:
    """Refused for a ground that is not one of section 28, or a remark that is too long."""
    if not kind:
        raise Refused(msg("Choose the ground of the conflict of interest."))
    if kind not in CONFLICT_KINDS:
        raise Refused(msg("The ground {value} is not known.", value=kind))
    if len(note) > LONGEST_NOTE:
        raise Refused(msg("The remark is longer than {n} characters.", n=LONGEST_NOTE))


def _find(uow: UnitOfWork, call_id: str, case_number: str) -> StoredApplication | None:
    load_call(uow, call_id)
    rows = stored_applications.list_applications(uow, call_id)
    return next((row for row in rows if row.case_number == case_number), None)
