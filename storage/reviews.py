"""Assignments, conflicts of interest, reviews and their levels."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.schema import applications, assignments, conflicts, review_scores, reviews
from storage.unit import StaleWrite, UnitOfWork


@dataclass(frozen=True, slots=True)
class StoredScore:
    """A criterion's level (None: not scored) and the reason meant for the applicant."""

    level: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class StoredReview:
    """One person's review of one application; ``remark`` is for the panel only."""

    id: int
    application_id: int
    reviewer_id: int
    application_version: int
    state: str
    remark: str
    version: int
    saved_at: datetime
    submitted_at: datetime | None
    scores: Mapping[str, StoredScore]


@dataclass(frozen=True, slots=True)
class StoredConflict:
    """A declared conflict of interest."""

    id: int
    application_id: int
    account_id: int
    kind: str
    note: str
    declared_by: int | None
    declared_at: datetime


def add_assignment(uow: UnitOfWork, application_id: int, reviewer_id: int) -> None:
    """Assign a reviewer to an application."""
    uow.insert(
        assignments,
        {"application_id": application_id, "reviewer_id": reviewer_id, "assigned_at": uow.now()},
        action="assignment.add",
    )


def remove_assignment(uow: UnitOfWork, application_id: int, reviewer_id: int) -> None:
    """Take an assignment back; NotFound if there is none."""
    key = {"application_id": application_id, "reviewer_id": reviewer_id}
    uow.delete(assignments, key, action="assignment.remove")


def list_assignments(uow: UnitOfWork, call_id: str) -> set[tuple[int, int]]:
    """(application id, reviewer id) of a call."""
    query = (
        select(assignments.c.application_id, assignments.c.reviewer_id)
        .join(applications, applications.c.id == assignments.c.application_id)
        .where(applications.c.call_id == call_id)
    )
    return {(row[0], row[1]) for row in uow.connection.execute(query)}


def add_conflict(
    uow: UnitOfWork, application_id: int, account_id: int, kind: str, note: str, declared_by: int | None
) -> StoredConflict:
    """Record a conflict of interest."""
    row = uow.insert(
        conflicts,
        {
            "application_id": application_id,
            "account_id": account_id,
            "kind": kind,
            "note": note,
            "declared_by": declared_by,
            "declared_at": uow.now(),
        },
        action="conflict.declare",
    )
    return StoredConflict(**row)


def list_conflicts(uow: UnitOfWork, call_id: str) -> list[StoredConflict]:
    """All conflicts of a call."""
    query = (
        select(conflicts)
        .join(applications, applications.c.id == conflicts.c.application_id)
        .where(applications.c.call_id == call_id)
        .order_by(conflicts.c.id)
    )
    return [StoredConflict(**row) for row in uow.connection.execute(query).mappings()]


def conflicted_applications(uow: UnitOfWork, account_id: int) -> set[int]:
    """The applications of every call that an account is disqualified from."""
    query = select(conflicts.c.application_id).where(conflicts.c.account_id == account_id)
    return set(uow.connection.execute(query).scalars())


def reviewed_applications(uow: UnitOfWork) -> dict[int, int]:
    """The application of every review, by the review's id."""
    return {
        row.id: row.application_id for row in uow.connection.execute(select(reviews.c.id, reviews.c.application_id))
    }


def list_reviews(uow: UnitOfWork, call_id: str, reviewer_id: int | None = None) -> list[StoredReview]:
    """Reviews of a call (of one reviewer), with their levels."""
    query = (
        select(reviews)
        .join(applications, applications.c.id == reviews.c.application_id)
        .where(applications.c.call_id == call_id)
        .order_by(reviews.c.id)
    )
    if reviewer_id is not None:
        query = query.where(reviews.c.reviewer_id == reviewer_id)
    return _with_scores(uow, uow.connection.execute(query).mappings())


def find_review(uow: UnitOfWork, application_id: int, reviewer_id: int) -> StoredReview | None:
    """One person's review of one application, or None."""
    query = select(reviews).where(reviews.c.application_id == application_id, reviews.c.reviewer_id == reviewer_id)
    found = _with_scores(uow, uow.connection.execute(query).mappings())
    return found[0] if found else None


def _with_scores(uow: UnitOfWork, rows: Iterable[Any]) -> list[StoredReview]:
    found = [dict(row) for row in rows]
    scores: dict[int, dict[str, StoredScore]] = {row["id"]: {} for row in found}
    if found:
        first, last = min(scores), max(scores)
        query = select(review_scores).where(review_scores.c.review_id.between(first, last))
        for score in uow.connection.execute(query).mappings():
            if score["review_id"] in scores:
                scores[score["review_id"]][score["criterion_id"]] = StoredScore(score["level"], score["reason"])
    return [StoredReview(**row, scores=scores[row["id"]]) for row in found]


def save_review(
    uow: UnitOfWork,
    application_id: int,
    reviewer_id: int,
    *,
    application_version: int,
    state: str,
    scores: Mapping[str, StoredScore],
    remark: str,
    expected_version: int,
    action: str,
) -> StoredReview:
    """Create (``expected_version`` 0) or change a review; StaleWrite if a newer version is stored."""
    now = uow.now()
    values = {
        "application_version": application_version,
        "state": state,
        "remark": remark,
        "saved_at": now,
        "submitted_at": now if state == "submitted" else None,
    }
    key = {"application_id": application_id, "reviewer_id": reviewer_id}
    if expected_version == 0:
        if find_review(uow, application_id, reviewer_id) is not None:
            raise StaleWrite("a review was begun elsewhere meanwhile")
        row = uow.insert(reviews, {**key, **values, "version": 1}, action=action)
    else:
        row = uow.update(reviews, key, values, action=action, expected_version=expected_version)
    _save_scores(uow, row["id"], scores, action)
    stored = find_review(uow, application_id, reviewer_id)
    if stored is None:
        raise RuntimeError("a review that was just saved is not there")
    return stored


def _save_scores(uow: UnitOfWork, review_id: int, scores: Mapping[str, StoredScore], action: str) -> None:
    query = select(review_scores).where(review_scores.c.review_id == review_id)
    existing = {row["criterion_id"]: row for row in uow.connection.execute(query).mappings()}
    for criterion_id, score in scores.items():
        key = {"review_id": review_id, "criterion_id": criterion_id}
        values = {"level": score.level, "reason": score.reason}
        if criterion_id not in existing:
            uow.insert(review_scores, {**key, **values}, action=action)
        else:
            uow.update(review_scores, key, values, action=action)
