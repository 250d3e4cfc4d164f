"""Reviews, their levels, and every version of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.schema import applications, review_scores, review_versions, reviews
from storage.unit import StaleWrite, UnitOfWork


@dataclass(frozen=True, slots=True)
class StoredScore:
    """A criterion's level (None: not scored) and the reason meant for the applicant."""

    level: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class StoredReview:
    """One person's review of one application; ``remark`` is for the panel only.

    ``state``: draft, submitted or returned. ``confidence``: 1 low to 3 high, None not stated. ``revealed_version``:
    the version with which others' reviews first opened, None before.
    """

    id: int
    application_id: int
    reviewer_id: int
    application_version: int
    state: str
    remark: str
    version: int
    saved_at: datetime
    submitted_at: datetime | None
    confidence: int | None
    return_reason: str
    returned_by: int | None
    returned_at: datetime | None
    revealed_version: int | None
    scores: Mapping[str, StoredScore]


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A review as it stood after one save."""

    review_id: int
    version: int
    state: str
    application_version: int
    scores: Mapping[str, StoredScore]
    remark: str
    confidence: int | None
    return_reason: str
    saved_by: int | None
    saved_at: datetime


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
    confidence: int | None,
    expected_version: int,
    action: str,
) -> StoredReview:
    """Create (``expected_version`` 0) or change a review; StaleWrite if a newer version is stored."""
    now = uow.now()
    present = find_review(uow, application_id, reviewer_id)
    version = expected_version + 1
    values = {
        "application_version": application_version,
        "state": state,
        "remark": remark,
        "confidence": confidence,
        "saved_at": now,
        "submitted_at": now if state == "submitted" else None,
    }
    if state == "submitted" and (present is None or present.revealed_version is None):
        values["revealed_version"] = version
    key = {"application_id": application_id, "reviewer_id": reviewer_id}
    if expected_version == 0:
        if present is not None:
            raise StaleWrite("a review was begun elsewhere meanwhile")
        row = uow.insert(reviews, {**key, **values, "version": 1, "return_reason": ""}, action=action)
    else:
        row = uow.update(reviews, key, values, action=action, expected_version=expected_version)
    _save_scores(uow, row["id"], scores, action)
    return _keep_version(uow, application_id, reviewer_id, action)


def return_review(uow: UnitOfWork, application_id: int, reviewer_id: int, reason: str) -> StoredReview:
    """Reopen a submitted review for completion; NotFound if there is none."""
    key = {"application_id": application_id, "reviewer_id": reviewer_id}
    old = uow.get(reviews, key)
    values = {
        "state": "returned",
        "return_reason": reason,
        "returned_by": uow.actor_id,
        "returned_at": uow.now(),
        "submitted_at": None,
    }
    uow.update(reviews, key, values, action="review.return", expected_version=old["version"])
    return _keep_version(uow, application_id, reviewer_id, "review.return")


def _keep_version(uow: UnitOfWork, application_id: int, reviewer_id: int, action: str) -> StoredReview:
    stored = find_review(uow, application_id, reviewer_id)
    if stored is None:
        raise RuntimeError("a review that was just saved is not there")
    content = {
        "state": stored.state,
        "application_version": stored.application_version,
        "scores": {key: [score.level, score.reason] for key, score in sorted(stored.scores.items())},
        "remark": stored.remark,
        "confidence": stored.confidence,
        "return_reason": stored.return_reason,
    }
    row = {
        "review_id": stored.id,
        "version": stored.version,
        "content": content,
        "saved_by": uow.actor_id,
        "saved_at": uow.now(),
    }
    uow.insert(review_versions, row, action=action)
    return stored


def list_review_versions(uow: UnitOfWork, review_id: int) -> list[StoredVersion]:
    """Every version of a review, the oldest first."""
    query = select(review_versions).where(review_versions.c.review_id == review_id).order_by(review_versions.c.version)
    return [_version(row) for row in uow.connection.execute(query).mappings()]


def revealed_versions(uow: UnitOfWork, call_id: str) -> dict[int, StoredVersion]:
    """The version of each review of a call with which others' reviews first opened, by the review's id."""
    query = (
        select(review_versions)
        .join(reviews, reviews.c.id == review_versions.c.review_id)
        .join(applications, applications.c.id == reviews.c.application_id)
        .where(applications.c.call_id == call_id, review_versions.c.version == reviews.c.revealed_version)
    )
    return {row["review_id"]: _version(row) for row in uow.connection.execute(query).mappings()}


def _version(row: Mapping[Any, Any]) -> StoredVersion:
    content = row["content"]
    return StoredVersion(
        review_id=row["review_id"],
        version=row["version"],
        state=content["state"],
        application_version=content["application_version"],
        scores={key: StoredScore(level, reason) for key, (level, reason) in content["scores"].items()},
        remark=content["remark"],
        confidence=content["confidence"],
        return_reason=content["return_reason"],
        saved_by=row["saved_by"],
        saved_at=row["saved_at"],
    )


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
