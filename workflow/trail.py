"""The trail: who did what and when."""

from access.permissions import Actor, can_see_audit, require
from storage.audit import AuditEntry, list_audit
from workflow.house import House


def get_trail(
    house: House, actor: Actor, call_id: str | None, limit: int = 200, before: int | None = None
) -> list[AuditEntry]:
    """The newest entries of the audit log first."""
    require(actor, can_see_audit)
    with house.reading() as uow:
        return list_audit(uow, call_id, limit, before)
