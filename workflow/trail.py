"""The trail: who did what and when."""

from access.permissions import Actor, can_see_audit, require
from storage import reviews as stored_reviews
from storage.audit import AuditEntry, list_audit
from workflow.house import House

LARGEST_PAGE = 1_000


def get_trail(
    house: House, actor: Actor, call_id: str | None, limit: int = 200, before: int | None = None
) -> list[AuditEntry]:
    """The newest entries of the audit log first, without those on applications the actor is disqualified from."""
    require(actor, can_see_audit)
    wanted = max(0, min(limit, LARGEST_PAGE))
    with house.reading() as uow:
        blocked = stored_reviews.conflicted_applications(uow, actor.id)
        closed_reviews = stored_reviews.reviews_of(uow, blocked)
        found: list[AuditEntry] = []
        while len(found) < wanted:
            page = list_audit(uow, call_id, wanted, before)
            found += [entry for entry in page if not _concerns(entry, blocked, closed_reviews)]
            if len(page) < wanted:
                break
            before = page[-1].id
        return found[:wanted]


def _concerns(entry: AuditEntry, applications: set[int], reviews: set[int]) -> bool:
    row = entry.new or entry.old or {}
    if entry.entity == "applications":
        return row.get("id") in applications
    return row.get("application_id") in applications or row.get("review_id") in reviews
