"""Who reviews what: panel members, assignments with locks and abstentions, conflicts of interest, impartiality."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.schema import applications, assignments, conflicts, impartiality, panel_members
from storage.unit import NotFound, UnitOfWork

Pair = tuple[int, int]
"""(application id, account id)."""


@dataclass(frozen=True, slots=True)
class StoredAssignment:
    """A reviewer asked to review an application. ``locked``: a new distribution leaves it; ``abstained_at``: gave it back."""

    id: int
    application_id: int
    reviewer_id: int
    assigned_at: datetime
    locked: bool
    abstained_at: datetime | None
    abstention_reason: str


@dataclass(frozen=True, slots=True)
class StoredConflict:
    """A conflict of interest, declared or recorded. A lifted one bars nobody any more."""

    id: int
    application_id: int
    account_id: int
    kind: str
    note: str
    declared_by: int | None
    declared_at: datetime
    lifted_at: datetime | None
    lifted_by: int | None
    lift_reason: str


@dataclass(frozen=True, slots=True)
class StoredMember:
    """What is known of a reviewer in one call. ``largest_load`` None: no limit; ``expertise``: theme id -> 1 or 2."""

    call_id: str
    account_id: int
    takes_part: bool
    largest_load: int | None
    expertise: Mapping[str, int]
    languages: Sequence[str]


def add_assignment(uow: UnitOfWork, application_id: int, reviewer_id: int) -> None:
    """Assign a reviewer to an application."""
    uow.insert(
        assignments,
        {
            "application_id": application_id,
            "reviewer_id": reviewer_id,
            "assigned_at": uow.now(),
            "locked": False,
            "abstention_reason": "",
        },
        action="assignment.add",
    )


def remove_assignment(uow: UnitOfWork, application_id: int, reviewer_id: int) -> None:
    """Take an assignment back; NotFound if there is none."""
    key = {"application_id": application_id, "reviewer_id": reviewer_id}
    uow.delete(assignments, key, action="assignment.remove")


def lock_assignment(uow: UnitOfWork, application_id: int, reviewer_id: int, locked: bool) -> None:
    """Keep a pair through new distributions, or let it go; NotFound if there is none."""
    key = {"application_id": application_id, "reviewer_id": reviewer_id}
    action = "assignment.lock" if locked else "assignment.unlock"
    uow.update(assignments, key, {"locked": locked}, action=action)


def set_abstention(uow: UnitOfWork, application_id: int, reviewer_id: int, reason: str | None) -> None:
    """Note that a reviewer abstains for ``reason``, or (None) no longer does; NotFound without the assignment."""
    key = {"application_id": application_id, "reviewer_id": reviewer_id}
    values = {"abstained_at": None if reason is None else uow.now(), "abstention_reason": reason or ""}
    uow.update(assignments, key, values, action="assignment.abstain" if reason is not None else "assignment.resume")


def assignment_rows(uow: UnitOfWork, call_id: str) -> list[StoredAssignment]:
    """All assignments of a call with their locks and abstentions."""
    query = (
        select(assignments)
        .join(applications, applications.c.id == assignments.c.application_id)
        .where(applications.c.call_id == call_id)
        .order_by(assignments.c.id)
    )
    return [StoredAssignment(**row) for row in uow.connection.execute(query).mappings()]


def list_assignments(uow: UnitOfWork, call_id: str) -> set[Pair]:
    """(application id, reviewer id) of a call, abstentions included."""
    return {(row.application_id, row.reviewer_id) for row in assignment_rows(uow, call_id)}


def list_abstentions(uow: UnitOfWork, call_id: str) -> set[Pair]:
    """(application id, reviewer id) of those who abstain."""
    rows = assignment_rows(uow, call_id)
    return {(row.application_id, row.reviewer_id) for row in rows if row.abstained_at is not None}


def add_conflict(
    uow: UnitOfWork, application_id: int, account_id: int, kind: str, note: str, declared_by: int | None
) -> StoredConflict:
    """Record a conflict of interest; one that was lifted stands again."""
    key = {"application_id": application_id, "account_id": account_id}
    values = {
        "kind": kind,
        "note": note,
        "declared_by": declared_by,
        "declared_at": uow.now(),
        "lifted_at": None,
        "lifted_by": None,
        "lift_reason": "",
    }
    try:
        uow.get(conflicts, key)
    except NotFound:
        return StoredConflict(**uow.insert(conflicts, {**key, **values}, action="conflict.declare"))
    return StoredConflict(**uow.update(conflicts, key, values, action="conflict.declare"))


def lift_conflict(uow: UnitOfWork, application_id: int, account_id: int, reason: str) -> StoredConflict:
    """Lift a conflict for a recorded reason; NotFound if there is none."""
    key = {"application_id": application_id, "account_id": account_id}
    values = {"lifted_at": uow.now(), "lifted_by": uow.actor_id, "lift_reason": reason}
    return StoredConflict(**uow.update(conflicts, key, values, action="conflict.lift"))


def all_conflicts(uow: UnitOfWork, call_id: str) -> list[StoredConflict]:
    """All conflicts of a call, lifted ones included."""
    query = (
        select(conflicts)
        .join(applications, applications.c.id == conflicts.c.application_id)
        .where(applications.c.call_id == call_id)
        .order_by(conflicts.c.id)
    )
    return [StoredConflict(**row) for row in uow.connection.execute(query).mappings()]


def list_conflicts(uow: UnitOfWork, call_id: str) -> list[StoredConflict]:
    """The conflicts of a call that bar somebody."""
    return [conflict for conflict in all_conflicts(uow, call_id) if conflict.lifted_at is None]


def conflicted_applications(uow: UnitOfWork, account_id: int) -> set[int]:
    """The applications of every call that an account is disqualified from."""
    query = select(conflicts.c.application_id).where(
        conflicts.c.account_id == account_id, conflicts.c.lifted_at.is_(None)
    )
    return set(uow.connection.execute(query).scalars())


def add_impartiality(uow: UnitOfWork, application_id: int, account_id: int) -> None:
    """Record that somebody declares to have no conflict of interest in an application."""
    row = {"application_id": application_id, "account_id": account_id, "declared_at": uow.now()}
    uow.insert(impartiality, row, action="impartiality.declare")


def withdraw_impartiality(uow: UnitOfWork, application_id: int, account_id: int) -> None:
    """Take the declaration back, as when a conflict is declared after it; nothing happens without one."""
    key = {"application_id": application_id, "account_id": account_id}
    if (application_id, account_id) in _impartial(uow, application_id):
        uow.delete(impartiality, key, action="impartiality.withdraw")


def _impartial(uow: UnitOfWork, application_id: int) -> set[Pair]:
    query = select(impartiality).where(impartiality.c.application_id == application_id)
    return {(row["application_id"], row["account_id"]) for row in uow.connection.execute(query).mappings()}


def list_impartiality(uow: UnitOfWork, call_id: str) -> dict[Pair, datetime]:
    """Who has declared to have no conflict in which application of a call, and when."""
    query = (
        select(impartiality.c.application_id, impartiality.c.account_id, impartiality.c.declared_at)
        .join(applications, applications.c.id == impartiality.c.application_id)
        .where(applications.c.call_id == call_id)
    )
    return {(row[0], row[1]): row[2] for row in uow.connection.execute(query)}


def save_member(uow: UnitOfWork, member: StoredMember) -> None:
    """Set what is known of a reviewer in a call."""
    key = {"call_id": member.call_id, "account_id": member.account_id}
    values = {
        "takes_part": member.takes_part,
        "largest_load": member.largest_load,
        "expertise": dict(sorted(member.expertise.items())),
        "languages": sorted(member.languages),
    }
    try:
        uow.get(panel_members, key)
    except NotFound:
        uow.insert(panel_members, {**key, **values}, action="panel.member")
    else:
        uow.update(panel_members, key, values, action="panel.member")


def list_members(uow: UnitOfWork, call_id: str) -> dict[int, StoredMember]:
    """What is known of the reviewers of a call, by account; nobody is listed of whom nothing was set."""
    query = select(panel_members).where(panel_members.c.call_id == call_id)
    return {row["account_id"]: StoredMember(**row) for row in uow.connection.execute(query).mappings()}
