"""The trail: who did what and when, with the values before and after."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from access.permissions import Actor, can_see_all_scores, can_see_audit, require
from storage import accounts as stored_accounts
from storage import applications as stored_applications
from storage import calls as stored_calls
from storage import meetings, panel
from storage import reviews as stored_reviews
from storage.audit import AuditEntry, list_audit
from storage.unit import UnitOfWork
from workflow.decision_cases import changed_cases
from workflow.decision_records import some_of
from workflow.house import House
from workflow.visibility import unread

LARGEST_PAGE = 1_000
_LONGEST_VALUE = 120
_PEOPLE = frozenset(
    [
        "reviewer_id",
        "account_id",
        "lifted_by",
        "returned_by",
        "led_by",
        "recorded_by",
        "locked_by",
        "proposed_by",
        "closed_by",
        "present",
        "left_room",
    ]
)
_QUIET = frozenset(
    [
        # The effect of a consensus tells of all applications.
        "effect",
        # So do what the minutes tell, and the notes of a meeting.
        "record",
        "notes",
        "id",
        "version",
        "application_id",
        "review_id",
        "meeting_id",
        "consensus_id",
        "added_by",
        "added_at",
        "call_id",
        "scenario_id",
        "code",
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
        "changed_by",
        "changed_at",
        "set_by",
        "set_at",
        # The hashes of a decision say more than the digest of its file.
        "snapshot",
        "previous_id",
        "uploaded_by",
        "uploaded_at",
        "proposed_at",
        "closed_at",
    ]
)
"""Fields that say nothing beyond the entry itself."""


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One entry as shown: ``changes`` are (field, before, after), shortened; ``case_number`` where it has one.

    ``number`` is the entry's in the log; None for whom something is hidden, since gaps would tell how much.
    """

    number: int | None
    at: datetime
    who: str
    action: str
    case_number: str
    changes: tuple[tuple[str, str, str], ...]


def get_trail(house: House, actor: Actor, call_id: str | None, limit: int = 200, skip: int = 0) -> list[TrailEntry]:
    """The newest ``limit`` entries of the audit log after the first ``skip``, newest first.

    Left out is what concerns applications the actor is disqualified from, and the reviews, consensus and scenarios of
    applications whose scores are hidden from the actor: not even their number is told. Somebody who may not see
    scores at all (an administrator) sees that a review was saved, not what it says.
    """
    require(actor, can_see_audit)
    with house.reading() as uow:
        cases = _cases(uow, call_id)
        barred = panel.conflicted_applications(uow, actor.id)
        owners = _Owners(stored_reviews.reviewed_applications(uow), meetings.consensus_applications(uow))
        calls = [call.id for call in stored_calls.list_calls(uow)] if call_id is None else [call_id]
        ahead = {call: unread(uow, call, actor) for call in calls}
        names = {account.id: account.name for account in stored_accounts.list_accounts(uow.connection)}
        partial = bool(barred) or any(ahead.values())
        wanted = max(0, min(limit, LARGEST_PAGE))
        found: list[TrailEntry] = []
        before: int | None = None
        # What is hidden must not end the list: the page is filled from further back.
        while len(found) < skip + wanted and (page := list_audit(uow, call_id, LARGEST_PAGE, before)):
            for entry in page:
                application = owners.application_of(entry)
                to_review = ahead.get(entry.call_id or "", set())
                if entry.entity in _COPIES or application in barred or _hidden(actor, entry, application, to_review):
                    continue
                if entry.entity in _WHOLE and barred:
                    continue
                told = entry.entity not in _SCORES or can_see_all_scores(actor)
                shown = _shown(entry, cases.get(application or 0, ""), names)
                if told and entry.entity == "decisions":
                    shown = _of_decision(uow, entry, shown)
                shown = shown if told else replace(shown, changes=())
                found.append(replace(shown, number=None) if partial else shown)
            before = page[-1].id
        return found[skip : skip + wanted]


_ALLOCATION = ("scenarios", "awards", "scenario_awards_by_hand", "decisions")
"""What compares all applications, and so would tell of one that is hidden."""
_WHOLE = ("imports", *_ALLOCATION)
_SCORES = ("reviews", "review_scores", "consensus", "consensus_scores", "decision_reasons", *_ALLOCATION)
_COPIES = ("review_versions",)
"""What only repeats the entries beside it."""


def _hidden(actor: Actor, entry: AuditEntry, application: int | None, to_review: Collection[int]) -> bool:
    if entry.entity in _ALLOCATION:
        return bool(to_review)
    own = entry.actor_id == actor.id and entry.entity in ("reviews", "review_scores")
    return entry.entity in _SCORES and application in to_review and not own


def _cases(uow: UnitOfWork, call_id: str | None) -> dict[int, str]:
    return {a.id: a.case_number for a in stored_applications.list_applications(uow, call_id)} if call_id else {}


@dataclass(frozen=True, slots=True)
class _Owners:
    """The application of each review and of each consensus."""

    reviews: Mapping[int, int]
    consensus: Mapping[int, int]

    def application_of(self, entry: AuditEntry) -> int | None:
        row: Mapping[str, Any] = {**(entry.old or {}), **(entry.new or {})}
        if entry.entity == "applications":
            return int(row["id"])
        if "application_id" in row:
            return int(row["application_id"])
        if "review_id" in row:
            return self.reviews.get(int(row["review_id"]))
        return self.consensus.get(int(row["consensus_id"])) if "consensus_id" in row else None


_OF_SCENARIO = (
    *("rule", "objective", "appropriation", "reserve", "threshold", "smallest_grant", "largest_grant", "constraint"),
    *("status", "spent", "remaining"),
)
"""What is shown of the parameters and the outcome of a scenario; the log keeps all of it."""


def _unfolded(row: Mapping[str, Any]) -> dict[str, Any]:
    """``row`` with the figures of a scenario as fields of their own, constraints by their names."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        if name in ("parameters", "outcome") and isinstance(value, Mapping):
            found |= {key: value[key] for key in _OF_SCENARIO if value.get(key) not in (None, 0)}
        else:
            found[name] = value
    if isinstance(found.get("constraint"), list):
        found["constraint"] = "; ".join(str(one.get("name", "")) for one in found["constraint"])
    return found


def _shown(entry: AuditEntry, case_number: str, names: Mapping[int, str]) -> TrailEntry:
    old, new = _unfolded(entry.old or {}), _unfolded(entry.new or {})
    if entry.entity == "decisions":
        # A ground of disqualification is a kind as well.
        old, new = ({"decision_kind" if name == "kind" else name: row[name] for name in row} for row in (old, new))
    fields = [name for name in {**old, **new} if name not in _QUIET and old.get(name) != new.get(name)]
    changes = tuple(
        (name, _text(name, old.get(name), names), _text(name, new.get(name), names))
        for name in fields
        if old.get(name) or new.get(name) not in (None, "")
    )
    return TrailEntry(entry.id, entry.at, entry.actor_name, entry.action, case_number, changes)


def _of_decision(uow: UnitOfWork, entry: AuditEntry, shown: TrailEntry) -> TrailEntry:
    """The entry with which decision it is about, also where that did not change, and whose applications it changes."""
    row = entry.new or entry.old or {}
    named = {"number": str(row["number"]), "decision_kind": str(row["kind"])}
    cases = changed_cases(uow, row)
    named |= {"applications": ", ".join(map(str, some_of(cases)))} if cases else {}
    rest = tuple(change for change in shown.changes if change[0] not in named)
    return replace(shown, changes=(*((name, "", value) for name, value in named.items()), *rest))


def _text(field: str, value: object, names: Mapping[int, str]) -> str:
    if field in _PEOPLE and isinstance(value, int):
        value = names.get(value, value)
    if field in _PEOPLE and isinstance(value, list):
        value = ", ".join(names.get(person, str(person)) for person in value)
    text = "" if value is None else str(value)
    if field == "constraint":
        # Names of rules, not free text: each is short.
        return text
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
