"""Reviewing: a reviewer's own form, drafts and submission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from access.permissions import Actor, can_open_texts, can_review, require
from calls.application import Application
from calls.application_record import changed_fields, from_record
from calls.definition import CallDefinition
from locales import msg
from storage import applications as stored_applications
from storage import panel
from storage import reviews as stored
from storage.applications import StoredApplication
from storage.reviews import StoredReview, StoredScore
from storage.unit import StaleWrite, UnitOfWork
from workflow.calls import load_call
from workflow.errors import Conflicting, Refused
from workflow.house import House
from workflow.phases import load_stage, require_open
from workflow.review_check import Draft as Draft
from workflow.review_check import check_review as check_review
from workflow.review_check import weights as weights
from workflow.visibility import closed_to_review


@dataclass(frozen=True, slots=True)
class OwnReview:
    """The actor's own review as it is stored. ``return_reason`` says what is to be completed."""

    state: str
    version: int
    application_version: int
    scores: Mapping[str, StoredScore]
    remark: str
    confidence: int | None
    saved_at: datetime
    submitted_at: datetime | None
    return_reason: str
    returned_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewForm:
    """What the form shows: the application, the call's criteria and the reviewer's own review so far."""

    call: CallDefinition
    application_id: int
    application_version: int
    application: Application
    changed: tuple[str, ...]
    review: OwnReview | None
    writable: bool = True
    """False in a phase that is closed to reviewing."""

    @property
    def version(self) -> int:
        """The review's version, 0 when nothing is saved."""
        return self.review.version if self.review else 0

    @property
    def submitted(self) -> bool:
        """True when the review is submitted and so closed."""
        return self.review is not None and self.review.state == "submitted"


class DeclarationNeeded(Refused):
    """Before the texts open, the reviewer declares whether there is a conflict of interest."""

    def __init__(self, case_number: str, project_name: str, applicant: str, partners: Sequence[str]) -> None:
        super().__init__(
            msg("Declare first whether you have a conflict of interest in application {case}.", case=case_number)
        )
        self.case_number = case_number
        self.project_name = project_name
        self.applicant = applicant
        self.partners = tuple(partners)


def open_review(house: House, actor: Actor, call_id: str, case_number: str) -> ReviewForm:
    """The form for one assigned application.

    Refused when it is not assigned, a conflict bars it, the actor abstains, or the phase keeps the texts closed;
    DeclarationNeeded before the actor has declared to have no conflict of interest.
    """
    require(actor, can_open_texts)
    with house.reading() as uow:
        call, row = _assigned(uow, actor, call_id, case_number)
        require_open(uow, call_id, can_open_texts)
        _require_declared(uow, actor, call_id, row)
        review = stored.find_review(uow, row.id, actor.id)
        return ReviewForm(
            call=call,
            application_id=row.id,
            application_version=row.version,
            application=from_record(dict(row.content)),
            changed=_changed_since(uow, row, review),
            review=None if review is None else _own(review),
            writable=load_stage(uow, call_id).is_open(can_review),
        )


def _own(review: StoredReview) -> OwnReview:
    return OwnReview(
        state=review.state,
        version=review.version,
        application_version=review.application_version,
        scores=review.scores,
        remark=review.remark,
        confidence=review.confidence,
        saved_at=review.saved_at,
        submitted_at=review.submitted_at,
        return_reason=review.return_reason,
        returned_at=review.returned_at,
    )


def _changed_since(uow: UnitOfWork, row: StoredApplication, review: StoredReview | None) -> tuple[str, ...]:
    """The fields that differ from what the review was written on; without a review those of the newest version."""
    if review is None:
        return row.changed
    if review.application_version == row.version:
        return ()
    versions = {v["version"]: v["content"] for v in stored_applications.list_versions(uow, row.id)}
    return changed_fields(from_record(versions[review.application_version]), from_record(dict(row.content)))


def _assigned(
    uow: UnitOfWork, actor: Actor, call_id: str, case_number: str
) -> tuple[CallDefinition, StoredApplication]:
    call = load_call(uow, call_id)
    row = next((r for r in stored_applications.list_applications(uow, call_id) if r.case_number == case_number), None)
    assigned = row is not None and (row.id, actor.id) in panel.list_assignments(uow, call_id)
    barred = row is not None and any(
        c.application_id == row.id and c.account_id == actor.id for c in panel.list_conflicts(uow, call_id)
    )
    closed = row is not None and row.id in closed_to_review(uow, call_id)
    if row is None or not assigned or barred or closed:
        raise Refused(msg("Application {case} is not yours to review.", case=case_number))
    return call, row


def _require_declared(uow: UnitOfWork, actor: Actor, call_id: str, row: StoredApplication) -> None:
    if (row.id, actor.id) in panel.list_abstentions(uow, call_id):
        raise Refused(msg("You have abstained from reviewing {case}.", case=row.case_number))
    if (row.id, actor.id) not in panel.list_impartiality(uow, call_id):
        application = from_record(dict(row.content))
        partners = [partner.name for partner in application.partners]
        raise DeclarationNeeded(row.case_number, application.project_name, application.coordinator.name, partners)


def save_draft(
    house: House, actor: Actor, call_id: str, case_number: str, draft: Draft, expected_version: int
) -> OwnReview:
    """Save what is filled in so far; incomplete is fine, nonsense is not. A returned review stays one."""
    return _save(house, actor, call_id, case_number, draft, expected_version, submitting=False)


def submit_review(
    house: House, actor: Actor, call_id: str, case_number: str, draft: Draft, expected_version: int
) -> OwnReview:
    """Save and submit: every criterion needs a level and a reason. A submitted review is closed."""
    return _save(house, actor, call_id, case_number, draft, expected_version, submitting=True)


def _save(
    house: House, actor: Actor, call_id: str, case_number: str, draft: Draft, expected_version: int, *, submitting: bool
) -> OwnReview:
    require(actor, can_review)
    with house.writing(actor, call_id) as uow:
        return store_draft(uow, actor, call_id, case_number, draft, expected_version, submitting=submitting)


def store_draft(
    uow: UnitOfWork,
    actor: Actor,
    call_id: str,
    case_number: str,
    draft: Draft,
    expected_version: int,
    *,
    submitting: bool = False,
) -> OwnReview:
    """Check and save one review inside a unit of work. For other use cases: permission is theirs to ask."""
    call, row = _assigned(uow, actor, call_id, case_number)
    require_open(uow, call_id, can_review)
    _require_declared(uow, actor, call_id, row)
    present = stored.find_review(uow, row.id, actor.id)
    if present is not None and present.state == "submitted":
        raise Refused(msg("The review of {case} is submitted and can no longer be changed.", case=case_number))
    if problems := check_review(call, draft, submitting=submitting):
        raise Refused(*problems)
    seen = row.version if draft.application_version is None else min(max(draft.application_version, 1), row.version)
    if submitting and seen < row.version:
        raise Conflicting(msg("Application {case} changed meanwhile. Look at the new version.", case=case_number))
    kept = "returned" if present is not None and present.state == "returned" else "draft"
    try:
        saved = stored.save_review(
            uow,
            row.id,
            actor.id,
            application_version=seen,
            state="submitted" if submitting else kept,
            scores={
                criterion.id: StoredScore(draft.levels.get(criterion.id), draft.reasons.get(criterion.id, "").strip())
                for criterion in call.criteria
            },
            remark=draft.remark.strip(),
            confidence=draft.confidence,
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
    return _own(saved)
