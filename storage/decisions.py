"""Decisions of a call: each proposed with what it rests on frozen, then approved, returned or cancelled, for good."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from storage.schema import applications, audit_log, awards, awards_by_hand, impartiality, scenarios
from storage.schema_decisions import decisions, letter_templates
from storage.unit import UnitOfWork

PROPOSED = "proposed"
APPROVED = "approved"
RETURNED = "returned"
CANCELLED = "cancelled"
STATES = (PROPOSED, APPROVED, RETURNED, CANCELLED)
_ACTIONS = {APPROVED: "decision.approve", RETURNED: "decision.return", CANCELLED: "decision.cancel"}


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """A decision, or the proposal of one. ``snapshot``: SHA-256 of its frozen file.

    ``hash``: empty until it is approved; ``closed_by`` and ``closed_at`` None until it is approved, returned or cancelled.
    """

    id: int
    call_id: str
    number: int
    kind: str
    previous_id: int | None
    scenario_id: int | None
    grounds: str
    state: str
    snapshot: str
    proposal_hash: str
    hash: str
    granted: int
    proposed_by: int | None
    proposed_at: datetime
    closed_by: int | None
    closed_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class NewDecision:
    """What is written of a new proposal; ``proposed_at`` is the moment that its frozen file states."""

    call_id: str
    number: int
    kind: str
    previous_id: int | None
    scenario_id: int | None
    grounds: str
    snapshot: str
    proposal_hash: str
    granted: int
    proposed_at: datetime


def add_decision(uow: UnitOfWork, new: NewDecision) -> StoredDecision:
    """Store a proposal."""
    row = {
        "call_id": new.call_id,
        "number": new.number,
        "kind": new.kind,
        "previous_id": new.previous_id,
        "scenario_id": new.scenario_id,
        "grounds": new.grounds,
        "state": PROPOSED,
        "snapshot": new.snapshot,
        "proposal_hash": new.proposal_hash,
        "hash": "",
        "granted": new.granted,
        "proposed_by": uow.actor_id,
        "proposed_at": new.proposed_at,
        "note": "",
    }
    return StoredDecision(**uow.insert(decisions, row, action="decision.propose"))


def approve_decision(
    uow: UnitOfWork, decision_id: int, *, snapshot: str, published: str, granted: int, at: datetime
) -> StoredDecision:
    """Make a proposal a decision: the file frozen with the decision maker in it, and the hash that is published."""
    changes: dict[str, str | int] = {"snapshot": snapshot, "hash": published, "granted": granted}
    return _close(uow, decision_id, APPROVED, at, changes)


def close_decision(uow: UnitOfWork, decision_id: int, state: str, note: str, at: datetime) -> StoredDecision:
    """Return (``RETURNED``) or cancel (``CANCELLED``) a proposal; ``note`` says why."""
    return _close(uow, decision_id, state, at, {"note": note})


def _close(
    uow: UnitOfWork, decision_id: int, state: str, at: datetime, changes: dict[str, str | int]
) -> StoredDecision:
    values = {**changes, "state": state, "closed_by": uow.actor_id, "closed_at": at}
    return StoredDecision(**uow.update(decisions, {"id": decision_id}, values, action=_ACTIONS[state]))


def list_decisions(uow: UnitOfWork, call_id: str) -> list[StoredDecision]:
    """The decisions and proposals of a call as they were proposed, so by their number as well."""
    query = select(decisions).where(decisions.c.call_id == call_id).order_by(decisions.c.id)
    return [StoredDecision(**row) for row in uow.connection.execute(query).mappings()]


def find_decision(uow: UnitOfWork, call_id: str, decision_id: int) -> StoredDecision | None:
    """One decision of a call, None if the call has no such decision."""
    if not 0 < decision_id < 2**63:
        return None
    query = select(decisions).where(decisions.c.call_id == call_id, decisions.c.id == decision_id)
    row = uow.connection.execute(query).mappings().one_or_none()
    return None if row is None else StoredDecision(**row)


def last_entry(uow: UnitOfWork, call_id: str) -> int:
    """The id of the newest entry of the audit log about a call, 0 without one: the state that a proposal is made of."""
    query = select(func.max(audit_log.c.id)).where(audit_log.c.call_id == call_id)
    return int(uow.connection.execute(query).scalar() or 0)


_NOT_IN_IT = tuple(
    table.name for table in (decisions, letter_templates, scenarios, awards, awards_by_hand, impartiality)
)
"""What a proposal does not rest on: a locked scenario stays as it is, whatever becomes of the others."""


def changes_since(uow: UnitOfWork, decision: StoredDecision) -> list[tuple[str, int | None]]:
    """What changed in the call after the proposal, as its frozen file does not know of it.

    Each as the action of the log and the application it is about (None: of none alone), once, in their order.
    """
    of_call = audit_log.c.call_id == decision.call_id
    own = and_(audit_log.c.action == "decision.propose", audit_log.c.key["id"].as_integer() == decision.id)
    begun = uow.connection.execute(select(func.max(audit_log.c.id)).where(of_call, own)).scalar()
    later = and_(of_call, audit_log.c.id > (begun or 0), audit_log.c.entity.not_in(_NOT_IN_IT))
    columns = (audit_log.c.action, audit_log.c.entity, audit_log.c.old, audit_log.c.new)
    rows = uow.connection.execute(select(*columns).where(later).order_by(audit_log.c.id))
    return list(dict.fromkeys((row.action, _application_in(row.entity, row.new or row.old)) for row in rows))


def _application_in(entity: str, row: dict[str, Any]) -> int | None:
    value = row.get("id" if entity == applications.name else "application_id")
    return value if isinstance(value, int) else None
