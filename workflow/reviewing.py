"""Reviewing: a reviewer's own queue, form, drafts and submission."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from access.permissions import Actor, can_review, require
from calls.application import Application
from calls.application_record import changed_fields, from_record
from calls.definition import CallDefinition
from locales import Message, msg
from scoring.composite import running_total
from scoring.types import RunningTotal
from storage import applications as stored_applications
from storage import reviews as stored
from storage.reviews import StoredReview, StoredScore
from storage.unit import StaleWrite, UnitOfWork
from workflow.calls import load_call
from workflow.errors import Conflicting, Refused
from workflow.house import House

LONGEST_TEXT = 5_000
ReviewState = Literal["not_started", "draft", "submitted", "conflict"]


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One assigned application in a reviewer's queue; a conflict shows nothing but the case number."""

    application_id: int
    case_number: str
    project_name: str
    applicant: str
    state: ReviewState
    scored: int
    of: int
    running: RunningTotal | None
    changed_since: bool
    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewForm:
    """What the form shows: the application, the call's criteria and the reviewer's own review so far."""

    call: CallDefinition
    application_id: int
    application_version: int
    application: Application
    changed: tuple[str, ...]
    review: StoredReview | None

    @property
    def version(self) -> int:
        """The review's version, 0 when nothing is saved."""
        return self.review.version if self.review else 0

    @property
    def submitted(self) -> bool:
        """True when the review is submitted and so closed."""
        return self.review is not None and self.review.state == "submitted"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reviewer has filled in: level and reason per criterion id, and the panel-only remark."""

    levels: Mapping[str, int | None]
    reasons: Mapping[str, str]
    remark: str = ""
    application_version: int | None = None
    """The version of the application that the reviewer has before them; None is the newest."""


def weights(call: CallDefinition) -> dict[str, int]:
    """Weight per criterion id."""
    return {criterion.id: criterion.weight.value for criterion in call.criteria}


def check_review(call: CallDefinition, draft: Draft, *, submitting: bool) -> list[Message]:
    """Every problem of a review: the one validator of browser, workbook and terminal."""
    problems: list[Message] = []
    known = {criterion.id: criterion for criterion in call.criteria}
    for key in sorted((draft.levels.keys() | draft.reasons.keys()) - known.keys()):
        problems.append(msg("The call has no criterion {key}.", key=key))
    for key, criterion in known.items():
        level, reason = draft.levels.get(key), draft.reasons.get(key, "")
        accepted = [rung.value for rung in criterion.levels]
        if level is not None and level not in accepted:
            levels = ", ".join(map(str, accepted))
            problems.append(
                msg(
                    "{criterion}: level {value} is not among {levels}.",
                    criterion=criterion.name,
                    value=level,
                    levels=levels,
                )
            )
        if submitting and level is None:
            problems.append(msg("{criterion}: the level is missing.", criterion=criterion.name))
        if submitting and not reason.strip():
            problems.append(msg("{criterion}: the reason is missing.", criterion=criterion.name))
        if len(reason) > LONGEST_TEXT:
            problems.append(
                msg("{criterion}: the reason is longer than {n} characters.", criterion=criterion.name, n=LONGEST_TEXT)
            )
    if len(draft.remark) > LONGEST_TEXT:
        problems.append(msg("The remark is longer than {n} characters.", n=LONGEST_TEXT))
    return problems


def my_queue(house: House, actor: Actor, call_id: str) -> list[QueueItem]:
    """The actor's assigned applications by case number; withdrawn ones need no review and are left out."""
    require(actor, can_review)
    with house.reading() as uow:
        call = load_call(uow, call_id)
        mine = {a for a, r in stored.list_assignments(uow, call_id) if r == actor.id}
        barred = {c.application_id for c in stored.list_conflicts(uow, call_id) if c.account_id == actor.id}
        own = {review.application_id: review for review in stored.list_reviews(uow, call_id, actor.id)}
        closed = closed_to_review(uow, call_id)
        return [
            _item(call, row, own.get(row.id), row.id in barred)
            for row in stored_applications.list_applications(uow, call_id)
            if row.id in (mine | barred) - closed
        ]


def next_open(house: House, actor: Actor, call_id: str, after: str = "") -> str | None:
    """The case number of the actor's next review that is not submitted, in order after ``after``, then from the start."""
    waiting = [item.case_number for item in my_queue(house, actor, call_id) if item.state in ("not_started", "draft")]
    later = [case for case in waiting if case > after]
    return next((case for case in [*later, *waiting] if case != after), None)


def _item(
    call: CallDefinition, row: stored_applications.StoredApplication, review: StoredReview | None, barred: bool
) -> QueueItem:
    if barred:
        return QueueItem(row.id, row.case_number, "", "", "conflict", 0, len(call.criteria), None, False, None)
    application = from_record(dict(row.content))
    levels = {key: score.level for key, score in review.scores.items()} if review else {}
    state: ReviewState = "not_started"
    if review is not None:
        state = "submitted" if review.state == "submitted" else "draft"
    return QueueItem(
        application_id=row.id,
        case_number=row.case_number,
        project_name=application.project_name,
        applicant=application.coordinator.name,
        state=state,
        scored=sum(level is not None for level in levels.values()),
        of=len(call.criteria),
        running=running_total(levels, weights(call)),
        changed_since=review is not None and review.application_version < row.version,
        saved_at=review.saved_at if review else None,
    )


def open_review(house: House, actor: Actor, call_id: str, case_number: str) -> ReviewForm:
    """The form for one assigned application; Refused when it is not assigned or a conflict bars it."""
    require(actor, can_review)
    with house.reading() as uow:
        call, row = _assigned(uow, actor, call_id, case_number)
        review = stored.find_review(uow, row.id, actor.id)
        return ReviewForm(
            call=call,
            application_id=row.id,
            application_version=row.version,
            application=from_record(dict(row.content)),
            changed=_changed_since(uow, row, review),
            review=review,
        )


def closed_to_review(uow: UnitOfWork, call_id: str) -> set[int]:
    """Applications withdrawn, not eligible or dismissed: they are reviewed no longer. For other use cases."""
    decisions = stored_applications.newest_eligibility(uow, call_id)
    against = {application for application, d in decisions.items() if d.outcome in ("not_eligible", "dismissed")}
    rows = stored_applications.list_applications(uow, call_id)
    return against | {row.id for row in rows if row.withdrawn_at is not None}


def _changed_since(
    uow: UnitOfWork, row: stored_applications.StoredApplication, review: StoredReview | None
) -> tuple[str, ...]:
    """The fields that differ from what the review was written on; without a review those of the newest version."""
    if review is None:
        return row.changed
    if review.application_version == row.version:
        return ()
    versions = {v["version"]: v["content"] for v in stored_applications.list_versions(uow, row.id)}
    return changed_fields(from_record(versions[review.application_version]), from_record(dict(row.content)))


def _assigned(
    uow: UnitOfWork, actor: Actor, call_id: str, case_number: str
) -> tuple[CallDefinition, stored_applications.StoredApplication]:
    call = load_call(uow, call_id)
    row = next((r for r in stored_applications.list_applications(uow, call_id) if r.case_number == case_number), None)
    assigned = row is not None and (row.id, actor.id) in stored.list_assignments(uow, call_id)
    barred = row is not None and any(
        c.application_id == row.id and c.account_id == actor.id for c in stored.list_conflicts(uow, call_id)
    )
    closed = row is not None and row.id in closed_to_review(uow, call_id)
    if row is None or not assigned or barred or closed:
        raise Refused(msg("Application {case} is not yours to review.", case=case_number))
    return call, row


def save_draft(
    house: House, actor: Actor, call_id: str, case_number: str, draft: Draft, expected_version: int
) -> StoredReview:
    """Save what is filled in so far; incomplete is fine, nonsense is not."""
    return _save(house, actor, call_id, case_number, draft, expected_version, submitting=False)


def submit_review(
    house: House, actor: Actor, call_id: str, case_number: str, draft: Draft, expected_version: int
) -> StoredReview:
    """Save and submit: every criterion needs a level and a reason. A submitted review is closed."""
    return _save(house, actor, call_id, case_number, draft, expected_version, submitting=True)


def _save(
    house: House, actor: Actor, call_id: str, case_number: str, draft: Draft, expected_version: int, *, submitting: bool
) -> StoredReview:
    require(actor, can_review)
    with house.writing(actor, call_id) as uow:
        call, row = _assigned(uow, actor, call_id, case_number)
        present = stored.find_review(uow, row.id, actor.id)
        if present is not None and present.state == "submitted":
            raise Refused(msg("The review of {case} is submitted and can no longer be changed.", case=case_number))
        if problems := check_review(call, draft, submitting=submitting):
            raise Refused(*problems)
        seen = row.version if draft.application_version is None else min(draft.application_version, row.version)
        if submitting and seen < row.version:
            raise Conflicting(msg("Application {case} changed meanwhile. Look at the new version.", case=case_number))
        scores = {
            criterion.id: StoredScore(draft.levels.get(criterion.id), draft.reasons.get(criterion.id, "").strip())
            for criterion in call.criteria
        }
        try:
            return stored.save_review(
                uow,
                row.id,
                actor.id,
                application_version=seen,
                state="submitted" if submitting else "draft",
                scores=scores,
                remark=draft.remark.strip(),
                expected_version=expected_version,
                action="review.submit" if submitting else "review.save",
            )
        except StaleWrite as error:
            raise Conflicting(
                msg(
                    "The review of {case} was saved elsewhere meanwhile. Open it again to see what is there.",
                    case=case_number,
                )
            ) from error
