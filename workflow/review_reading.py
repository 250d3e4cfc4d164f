"""Others' reviews: who may read them, how they changed since they were revealed, and returning one for completion."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from access.permissions import Actor, can_return_review, can_see_all_scores, can_see_reviews, require
from calls.definition import CallDefinition
from locales import msg
from scoring.composite import composite
from storage import accounts as stored_accounts
from storage import applications as stored_applications
from storage import panel
from storage import reviews as stored
from storage.applications import StoredApplication
from storage.reviews import StoredReview, StoredScore, StoredVersion
from storage.unit import UnitOfWork
from workflow.applications import no_such_application
from workflow.blank import is_blank
from workflow.calls import load_call
from workflow.errors import Refused
from workflow.house import House
from workflow.phases import require_open
from workflow.review_check import weights
from workflow.visibility import (
    barred_pairs,
    blocked_applications,
    closed_to_review,
    counted_reviews,
    hidden_scores,
)

LONGEST_REASON = 5_000


@dataclass(frozen=True, slots=True)
class ReadReview:
    """A submitted review as others read it. ``at_reveal``: its composite when the panel's reviews first opened to its
    author, None where that was not kept; ``changed`` are the criterion ids whose level differs from that moment."""

    reviewer_id: int
    reviewer: str
    scores: Mapping[str, StoredScore]
    remark: str
    confidence: int | None
    composite: Fraction | None
    at_reveal: Fraction | None
    changed: tuple[str, ...]
    submitted_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class ReviewVersion:
    """A review as it stood after one save, with the criterion ids and fields that differ from the save before."""

    version: int
    state: str
    scores: Mapping[str, StoredScore]
    remark: str
    confidence: int | None
    return_reason: str
    saved_by: str
    saved_at: datetime
    changed: tuple[str, ...]
    revealed: bool
    """With this version others' reviews first opened to the author."""


def read_reviews(house: House, actor: Actor, call_id: str, case_number: str) -> list[ReadReview]:
    """The submitted reviews of an application, by the reviewer's name, without those of disqualified people.

    A reviewer reads them once the own review is submitted. Refused, in the same words, when the application is not
    there, is closed to the actor by a conflict of interest, or the own review is still to be submitted.
    """
    require(actor, can_see_reviews)
    with house.reading() as uow:
        call = load_call(uow, call_id)
        row = _readable(uow, actor, call_id, case_number)
        return load_reviews(uow, call).get(row.id, [])


def load_reviews(uow: UnitOfWork, call: CallDefinition) -> dict[int, list[ReadReview]]:
    """Every counted review of a call by application, each by the reviewer's name. For other use cases."""
    names = {account.id: account.name for account in stored_accounts.list_accounts(uow.connection)}
    revealed = stored.revealed_versions(uow, call.id)
    found: dict[int, list[ReadReview]] = {}
    for review in counted_reviews(uow, call.id, barred_pairs(uow, call.id)):
        name = names.get(review.reviewer_id, str(review.reviewer_id))
        found.setdefault(review.application_id, []).append(_read(call, review, revealed.get(review.id), name))
    return {key: sorted(reviews, key=lambda r: (r.reviewer, r.reviewer_id)) for key, reviews in found.items()}


def _read(call: CallDefinition, review: StoredReview, first: StoredVersion | None, name: str) -> ReadReview:
    levels = {key: score.level for key, score in review.scores.items()}
    before = levels if first is None else {key: score.level for key, score in first.scores.items()}
    return ReadReview(
        reviewer_id=review.reviewer_id,
        reviewer=name,
        scores=review.scores,
        remark=review.remark,
        confidence=review.confidence,
        composite=composite(levels, weights(call)),
        at_reveal=None if first is None else composite(before, weights(call)),
        changed=tuple(c.id for c in call.criteria if levels.get(c.id) != before.get(c.id)),
        submitted_at=review.submitted_at,
        version=review.version,
    )


def _readable(uow: UnitOfWork, actor: Actor, call_id: str, case_number: str) -> StoredApplication:
    """The application whose reviews are open to the actor; Refused otherwise."""
    rows = stored_applications.list_applications(uow, call_id)
    row = next((r for r in rows if r.case_number == case_number), None)
    involved = can_see_all_scores(actor) or (
        row is not None and (row.id, actor.id) in panel.list_assignments(uow, call_id)
    )
    if row is None or not involved or row.id in blocked_applications(uow, call_id, actor):
        raise no_such_application(case_number)
    if row.id in hidden_scores(uow, call_id, actor):
        raise Refused(msg("Others' reviews of {case} open to you once your own is submitted.", case=case_number))
    return row


def review_history(house: House, actor: Actor, call_id: str, case_number: str, reviewer_id: int) -> list[ReviewVersion]:
    """The versions of one review, the newest first: all of one's own; another's submitted ones, where it can be read."""
    require(actor, can_see_reviews)
    with house.reading() as uow:
        load_call(uow, call_id)
        if reviewer_id == actor.id:
            row = _own_application(uow, actor, call_id, case_number)
        else:
            row = _readable(uow, actor, call_id, case_number)
        review = stored.find_review(uow, row.id, reviewer_id)
        if review is None or (row.id, reviewer_id) in barred_pairs(uow, call_id):
            return []
        names = {account.id: account.name for account in stored_accounts.list_accounts(uow.connection)}
        versions = stored.list_review_versions(uow, review.id)
        if reviewer_id != actor.id:
            # Drafts are their author's, also while a review is being completed.
            versions = [v for v in versions if v.state == "submitted"]
        befores: list[StoredVersion | None] = [None, *versions[:-1]]
        shown = [
            _history(version, before, names, review.revealed_version)
            for version, before in zip(versions, befores, strict=False)
        ]
        return shown[::-1]


def _own_application(uow: UnitOfWork, actor: Actor, call_id: str, case_number: str) -> StoredApplication:
    rows = stored_applications.list_applications(uow, call_id)
    row = next((r for r in rows if r.case_number == case_number), None)
    mine = row is not None and (row.id, actor.id) in panel.list_assignments(uow, call_id)
    if row is None or not mine or row.id in blocked_applications(uow, call_id, actor):
        raise no_such_application(case_number)
    return row


def _history(
    version: StoredVersion, before: StoredVersion | None, names: Mapping[int, str], revealed: int | None
) -> ReviewVersion:
    changed: list[str] = []
    if before is not None:
        keys = [*version.scores, *(key for key in before.scores if key not in version.scores)]
        changed = [key for key in keys if version.scores.get(key) != before.scores.get(key)]
        changed += [f for f in ("remark", "confidence", "state") if getattr(version, f) != getattr(before, f)]
    return ReviewVersion(
        version=version.version,
        state=version.state,
        scores=version.scores,
        remark=version.remark,
        confidence=version.confidence,
        return_reason=version.return_reason,
        saved_by=names.get(version.saved_by or 0, ""),
        saved_at=version.saved_at,
        changed=tuple(changed),
        revealed=version.version == revealed,
    )


def return_review(house: House, actor: Actor, call_id: str, case_number: str, reviewer_id: int, reason: str) -> None:
    """Reopen a submitted review for completion, with a reason that its author sees. It counts again once resubmitted."""
    require(actor, can_return_review)
    text = reason.strip()
    if is_blank(text) or len(text) > LONGEST_REASON:
        raise Refused(msg("Say what is to be completed, in 1 to {n} characters.", n=LONGEST_REASON))
    with house.writing(actor, call_id) as uow:
        load_call(uow, call_id)
        require_open(uow, call_id, can_return_review)
        row = _readable(uow, actor, call_id, case_number)
        if reviewer_id == actor.id:
            raise Refused(msg("Your own review is returned to you by somebody else."))
        review = stored.find_review(uow, row.id, reviewer_id)
        barred = (row.id, reviewer_id) in barred_pairs(uow, call_id) or row.id in closed_to_review(uow, call_id)
        if review is None or review.state != "submitted" or barred:
            raise Refused(msg("There is no submitted review of {case} to return.", case=case_number))
        stored.return_review(uow, row.id, reviewer_id, text)
