"""A reviewer's own queue, and what comes next."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from access.permissions import Actor, can_review, require
from calls.application_record import from_record
from calls.definition import CallDefinition
from scoring.composite import running_total
from scoring.types import RunningTotal
from storage import applications as stored_applications
from storage import panel
from storage import reviews as stored
from storage.applications import StoredApplication
from storage.reviews import StoredReview
from workflow.calls import load_call
from workflow.house import House
from workflow.review_check import weights
from workflow.visibility import closed_to_review

ReviewState = Literal["not_started", "draft", "returned", "submitted", "conflict", "abstained"]
TO_DO: frozenset[ReviewState] = frozenset({"not_started", "draft", "returned"})
"""The states that still need something from the reviewer."""


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One assigned application in a reviewer's queue; a conflict shows nothing but the case number.

    ``declared``: the reviewer has declared to have no conflict of interest, so the texts are open.
    """

    case_number: str
    project_name: str
    applicant: str
    partners: tuple[str, ...]
    state: ReviewState
    declared: bool
    scored: int
    of: int
    running: RunningTotal | None
    changed_since: bool
    saved_at: datetime | None


def my_queue(house: House, actor: Actor, call_id: str) -> list[QueueItem]:
    """The actor's assigned applications by case number; withdrawn ones need no review and are left out."""
    require(actor, can_review)
    with house.reading() as uow:
        call = load_call(uow, call_id)
        own_rows = {a.application_id: a for a in panel.assignment_rows(uow, call_id) if a.reviewer_id == actor.id}
        barred = {c.application_id for c in panel.list_conflicts(uow, call_id) if c.account_id == actor.id}
        own = {review.application_id: review for review in stored.list_reviews(uow, call_id, actor.id)}
        declared = {a for a, who in panel.list_impartiality(uow, call_id) if who == actor.id}
        closed = closed_to_review(uow, call_id)
        return [
            _conflict_item(call, row.case_number)
            if row.id in barred
            else _item(call, row, own.get(row.id), own_rows[row.id].abstained_at is not None, row.id in declared)
            for row in stored_applications.list_applications(uow, call_id)
            if row.id in (own_rows.keys() - closed) | barred
        ]


def next_open(house: House, actor: Actor, call_id: str, after: str = "") -> str | None:
    """The case number of the actor's next review: returned ones first, then the least reviewed, never ``after``.

    "Least reviewed" counts the actor's own criteria, since how far others are is hidden until the own review is in.
    Equals come in an order of the actor's own, so that a panel does not begin with the same application.
    """
    waiting = [i for i in my_queue(house, actor, call_id) if i.state in TO_DO and i.case_number != after]

    def place(item: QueueItem) -> tuple[bool, int, bytes]:
        own_order = hashlib.sha256(f"{actor.username}:{item.case_number}".encode()).digest()
        return item.state != "returned", item.scored, own_order

    return min(waiting, key=place).case_number if waiting else None


def _conflict_item(call: CallDefinition, case_number: str) -> QueueItem:
    return QueueItem(case_number, "", "", (), "conflict", True, 0, len(call.criteria), None, False, None)


def _item(
    call: CallDefinition, row: StoredApplication, review: StoredReview | None, abstained: bool, declared: bool
) -> QueueItem:
    application = from_record(dict(row.content))
    levels = {key: score.level for key, score in review.scores.items()} if review else {}
    return QueueItem(
        case_number=row.case_number,
        project_name=application.project_name,
        applicant=application.coordinator.name,
        partners=tuple(partner.name for partner in application.partners),
        state="abstained" if abstained else _state(review),
        declared=declared,
        scored=sum(level is not None for level in levels.values()),
        of=len(call.criteria),
        running=running_total(levels, weights(call)),
        changed_since=review is not None and review.application_version < row.version,
        saved_at=review.saved_at if review else None,
    )


def _state(review: StoredReview | None) -> ReviewState:
    if review is None:
        return "not_started"
    states: dict[str, ReviewState] = {"submitted": "submitted", "returned": "returned"}
    return states.get(review.state, "draft")
