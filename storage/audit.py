"""Reading the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from storage.schema import audit_log
from storage.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change: who, when, what, old and new."""

    id: int
    at: datetime
    actor_id: int | None
    actor_name: str
    unit: str
    action: str
    call_id: str | None
    entity: str
    key: Mapping[str, Any]
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None


def list_audit(
    uow: UnitOfWork, call_id: str | None = None, limit: int = 200, before: int | None = None
) -> list[AuditEntry]:
    """The newest entries first, at most ``limit``, older than entry ``before``."""
    query = select(audit_log).order_by(audit_log.c.id.desc()).limit(limit)
    if call_id is not None:
        query = query.where(audit_log.c.call_id == call_id)
    if before is not None:
        query = query.where(audit_log.c.id < before)
    return [AuditEntry(**row) for row in uow.connection.execute(query).mappings()]


def last_change(uow: UnitOfWork) -> int:
    """The id of the newest entry, 0 in an empty log: what cached results are keyed by."""
    return int(uow.connection.execute(select(func.max(audit_log.c.id))).scalar() or 0)
