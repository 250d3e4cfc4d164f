"""The trail: who did what and when, with the values before and after."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from access.permissions import Actor, can_see_all_scores, can_see_audit, require
from storage import accounts as stored_accounts
from storage import applications as stored_applications
from storage import calls as stored_calls
from storage import reviews as stored_reviews
from storage.audit import AuditEntry, list_audit
from storage.unit import UnitOfWork
from workflow.house import House
from workflow.ranking import unsubmitted

LARGEST_PAGE = 1_000
_LONGEST_VALUE = 120
_QUIET = frozenset(
    [
        "id",
        "version",
        "application_id",
        "review_id",
        "call_id",
        "scenario_id",
        "import_id",
        "sha256",
        "imported_by",
        "decided_by",
        "declared_by",
        "created_by",
        "saved_at",
        "created_at",
        "submitted_at",
        "imported_at",
        "decided_at",
        "assigned_at",
        "declared_at",
    ]
)
"""Fields that say nothing beyond the entry itself."""


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One entry as shown: ``changes`` are (field, before, after), shortened; ``case_number`` where it has one."""

    id: int
    at: datetime
    who: str
    action: str
    case_number: str
    changes: tuple[tuple[str, str, str], ...]


def get_trail(
    house: House, actor: Actor, call_id: str | None, limit: int = 200, before: int | None = None
) -> list[TrailEntry]:
    """The newest entries of the audit log first, without those of applications the actor is disqualified from.

    What reviews say is left out for those who may not see scores, or have still to review the application
    themselves: that a review was saved is all that they see. So it is with scenarios.
    """
    require(actor, can_see_audit)
    with house.reading() as uow:
        cases = _cases(uow, call_id)
        barred = stored_reviews.conflicted_applications(uow, actor.id)
        reviewed = stored_reviews.reviewed_applications(uow)
        calls = [call.id for call in stored_calls.list_calls(uow)] if call_id is None else [call_id]
        ahead = {call: unsubmitted(uow, call, actor) for call in calls}
        names = {account.id: account.name for account in stored_accounts.list_accounts(uow.connection)}
        wanted = max(0, min(limit, LARGEST_PAGE))
        found: list[TrailEntry] = []
        # What is hidden must not end the list: the page is filled from further back.
        while len(found) < wanted and (page := list_audit(uow, call_id, wanted, before)):
            for entry in page:
                application = _application_of(entry, reviewed)
                if application not in barred and not (barred and entry.entity in _ALLOCATION):
                    shown = _shown(entry, cases.get(application or 0, ""), names)
                    to_review = ahead.get(entry.call_id or "", set())
                    told = _open_to(actor, entry, application, to_review)
                    found.append(shown if told else replace(shown, changes=()))
            before = page[-1].id
        return found[:wanted]


_ALLOCATION = ("scenarios", "awards")
"""What compares all applications, and so would tell of one that is hidden."""


def _open_to(actor: Actor, entry: AuditEntry, application: int | None, to_review: Collection[int]) -> bool:
    if entry.entity in _ALLOCATION:
        return can_see_all_scores(actor) and not to_review
    if entry.entity in ("reviews", "review_scores"):
        return can_see_all_scores(actor) and application not in to_review
    return True


def _cases(uow: UnitOfWork, call_id: str | None) -> dict[int, str]:
    return {a.id: a.case_number for a in stored_applications.list_applications(uow, call_id)} if call_id else {}


def _application_of(entry: AuditEntry, reviewed: Mapping[int, int]) -> int | None:
    row: Mapping[str, Any] = {**(entry.old or {}), **(entry.new or {})}
    if entry.entity == "applications":
        return int(row["id"])
    if "application_id" in row:
        return int(row["application_id"])
    return reviewed.get(int(row["review_id"])) if "review_id" in row else None


def _shown(entry: AuditEntry, case_number: str, names: Mapping[int, str]) -> TrailEntry:
    old, new = entry.old or {}, entry.new or {}
    fields = [name for name in {**old, **new} if name not in _QUIET and old.get(name) != new.get(name)]
    changes = tuple(
        (name, _text(name, old.get(name), names), _text(name, new.get(name), names))
        for name in fields
        if old.get(name) or new.get(name) not in (None, "")
    )
    return TrailEntry(entry.id, entry.at, entry.actor_name, entry.action, case_number, changes)


def _text(field: str, value: object, names: Mapping[int, str]) -> str:
    if field in ("reviewer_id", "account_id") and isinstance(value, int):
        value = names.get(value, value)
    text = "" if value is None else str(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
