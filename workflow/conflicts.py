"""Conflicts of interest: declared by the person, or recorded by an officer. From then on the application is closed."""

from access.permissions import Actor, can_assign, can_see_all_applications, can_see_applications, require
from locales import msg
from storage import accounts as stored_accounts
from storage import applications as stored_applications
from storage import reviews as stored
from storage.applications import StoredApplication
from storage.unit import UnitOfWork
from workflow.applications import no_such_application
from workflow.calls import load_call
from workflow.errors import Refused
from workflow.house import House

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


def declare_conflict(house: House, actor: Actor, call_id: str, case_number: str, kind: str, note: str) -> None:
    """Declare the actor's own conflict of interest, be it a reviewer's, a chair's, an officer's or a decision maker's.

    Refused for an application that the actor has nothing to do with, in the same words whether it exists or not.
    """
    require(actor, can_see_applications)
    _check(kind, note)
    with house.writing(actor, call_id) as uow:
        row = _find(uow, call_id, case_number)
        if row is None or not (can_see_all_applications(actor) or _assigned(uow, call_id, row, actor)):
            raise no_such_application(case_number)
        _add(uow, call_id, row, actor.id, kind, note)


def record_conflict(
    house: House, actor: Actor, call_id: str, case_number: str, account_id: int, kind: str, note: str
) -> None:
    """Record somebody's conflict of interest as an officer."""
    require(actor, can_assign)
    _check(kind, note)
    with house.writing(actor, call_id) as uow:
        row = _find(uow, call_id, case_number)
        if row is None:
            raise no_such_application(case_number)
        if account_id not in {account.id for account in stored_accounts.list_accounts(uow.connection)}:
            raise Refused(msg("There is no account {id}.", id=str(account_id)))
        _add(uow, call_id, row, account_id, kind, note)


def list_people(house: House, actor: Actor) -> list[tuple[int, str]]:
    """Whom a conflict can be recorded for: (account id, name) of everybody who takes part in handling."""
    require(actor, can_assign)
    with house.reading() as uow:
        accounts = stored_accounts.list_accounts(uow.connection)
        return [(a.id, a.name) for a in accounts if not a.disabled and a.roles - {"administrator"}]


def _check(kind: str, note: str) -> None:
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


def _assigned(uow: UnitOfWork, call_id: str, row: StoredApplication, actor: Actor) -> bool:
    return (row.id, actor.id) in stored.list_assignments(uow, call_id)


def _add(uow: UnitOfWork, call_id: str, row: StoredApplication, account_id: int, kind: str, note: str) -> None:
    if (row.id, account_id) in {(c.application_id, c.account_id) for c in stored.list_conflicts(uow, call_id)}:
        raise Refused(msg("The conflict of interest is recorded already."))
    stored.add_conflict(uow, row.id, account_id, kind, note.strip(), uow.actor_id)
