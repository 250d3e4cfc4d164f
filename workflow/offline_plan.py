"""What uploading an offline review form would do, application by application; nothing is stored here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from access.permissions import Actor
from calls.definition import CallDefinition
from locales import Message, msg
from storage import applications as stored_applications
from storage import panel
from storage import reviews as stored
from storage.applications import StoredApplication
from storage.reviews import StoredReview, StoredScore
from storage.unit import UnitOfWork
from workbooks.review_form import FormFault, FormRow, ReadForm
from workbooks.review_form_values import NO_CONFIDENCE, NOT_SCORED, confidence_words, level_words, tidy
from workflow.review_check import Draft, find_problems
from workflow.visibility import blocked_applications, closed_to_review

Kind = Literal["change", "unchanged", "stale", "faulty", "submitted", "closed", "not_yours"]
KINDS: Mapping[Kind, Message] = {
    "change": msg("To be saved"),
    "unchanged": msg("No change"),
    "stale": msg("Outdated in the form"),
    "faulty": msg("Has faults"),
    "submitted": msg("Already submitted"),
    "closed": msg("Not open to review"),
    "not_yours": msg("Not yours"),
}
"""What becomes of an application's sheet, in words."""
Value = int | str | None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that would change; levels and confidence as numbers, None is not scored or not stated."""

    field: str
    cell: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Note:
    """What a saved draft still lacks before it can be submitted, and the cell where it belongs."""

    sheet: str
    cell: str
    message: Message


@dataclass(frozen=True, slots=True)
class PlannedReview:
    """One sheet of the form and what becomes of it.

    ``stale``: the review was saved elsewhere, or the application changed, after the form was downloaded; it is saved
    only when the reviewer takes the form's content. ``version``: of the review that is here now, 0 for none.
    ``draft``: what would be saved, only for ``change`` and ``stale``. ``why``: in words.
    """

    case_number: str
    sheet: str
    kind: Kind
    version: int = 0
    changes: tuple[FieldChange, ...] = ()
    faults: tuple[FormFault, ...] = ()
    notes: tuple[Note, ...] = ()
    why: tuple[Message, ...] = ()
    draft: Draft | None = None


@dataclass(frozen=True, slots=True)
class FormPlan:
    """What an upload would do. ``absent``: applications of the form whose sheets were deleted; they stay as they are."""

    call: CallDefinition
    filename: str
    form: ReadForm
    rows: tuple[PlannedReview, ...]
    absent: tuple[str, ...]

    def of(self, *kinds: Kind) -> tuple[PlannedReview, ...]:
        """The rows that something of this would become of."""
        return tuple(row for row in self.rows if row.kind in kinds)

    @property
    def faults(self) -> tuple[FormFault, ...]:
        """Every fault of the file, first those of no application of the form."""
        return (*self.form.faults, *(fault for row in self.rows for fault in row.faults))

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the drafts still lack."""
        return tuple(note for row in self.rows for note in row.notes)

    @property
    def clean(self) -> bool:
        """True when nothing of the file would be left out."""
        return not self.form.faults and len(self.of("change", "unchanged")) == len(self.rows)


@dataclass(frozen=True, slots=True)
class Pile:
    """What is assigned to one reviewer and not barred, by case number, with the own reviews by application id."""

    rows: Mapping[str, StoredApplication]
    closed: frozenset[int]
    abstained: frozenset[int]
    declared: frozenset[int]
    reviews: Mapping[int, StoredReview]

    def closed_because(self, row: StoredApplication) -> Message | None:
        """Why an application of the pile is not open to review, None when it is."""
        if row.id in self.closed:
            return msg("Application {case} is reviewed no longer.", case=row.case_number)
        if row.id in self.abstained:
            return msg("You have abstained from reviewing {case}.", case=row.case_number)
        if row.id not in self.declared:
            return msg(
                "Declare first whether you have a conflict of interest in application {case}.", case=row.case_number
            )
        return None


def load_pile(uow: UnitOfWork, actor: Actor, call_id: str) -> Pile:
    """The actor's pile in a call. Permission is the caller's to ask."""
    barred = blocked_applications(uow, call_id, actor)
    mine = {a for a, who in panel.list_assignments(uow, call_id) if who == actor.id} - barred
    return Pile(
        rows={row.case_number: row for row in stored_applications.list_applications(uow, call_id) if row.id in mine},
        closed=frozenset(closed_to_review(uow, call_id)),
        abstained=frozenset(a for a, who in panel.list_abstentions(uow, call_id) if who == actor.id),
        declared=frozenset(a for a, who in panel.list_impartiality(uow, call_id) if who == actor.id),
        reviews={review.application_id: review for review in stored.list_reviews(uow, call_id, actor.id)},
    )


def plan_rows(uow: UnitOfWork, call: CallDefinition, pile: Pile, form: ReadForm) -> tuple[PlannedReview, ...]:
    """What would become of each sheet of the form."""
    return tuple(_planned(uow, call, pile, row) for row in form.rows)


def _planned(uow: UnitOfWork, call: CallDefinition, pile: Pile, row: FormRow) -> PlannedReview:
    application = pile.rows.get(row.case_number)
    if application is None:
        # The same words for what is unknown, another's or barred: the form tells nothing of it.
        why = msg("Application {case} is not yours to review.", case=row.case_number)
        return PlannedReview(row.case_number, row.sheet, "not_yours", why=(why,))
    if (reason := pile.closed_because(application)) is not None:
        return PlannedReview(row.case_number, row.sheet, "closed", why=(reason,))
    present = pile.reviews.get(application.id)
    version = present.version if present else 0
    before, after = _content_of(call, present), _content(call, row)
    changes = tuple(
        FieldChange(field, row.cells.get(field, ""), _plain(value), after[field])
        for field, value in before.items()
        if _plain(value) != after[field]
    )
    if present is not None and present.state == "submitted" and (changes or row.faults):
        why = msg("The review of {case} is submitted and can no longer be changed.", case=row.case_number)
        return PlannedReview(row.case_number, row.sheet, "submitted", version, why=(why,))
    if row.faults:
        return PlannedReview(row.case_number, row.sheet, "faulty", version, faults=row.faults)
    if not changes:
        return PlannedReview(row.case_number, row.sheet, "unchanged", version)
    if present is not None and _untouched(uow, call, present, row, after):
        why = msg("The sheet was left as it was downloaded. What you saved later stays.")
        return PlannedReview(row.case_number, row.sheet, "unchanged", version, why=(why,))
    draft = _draft(call, row, {**before, **{change.field: change.after for change in changes}}, application.version)
    late = _late(row, present, application.version)
    kind: Kind = "stale" if late else "change"
    notes = _notes(call, row, draft)
    return PlannedReview(row.case_number, row.sheet, kind, version, changes, (), notes, late, draft)


def _content_of(call: CallDefinition, review: StoredReview | stored.StoredVersion | None) -> dict[str, Value]:
    """A stored review, field by field; without one every field is empty."""
    nothing = StoredScore(None, "")
    found: dict[str, Value] = {}
    for criterion in call.criteria:
        score = review.scores.get(criterion.id, nothing) if review else nothing
        found |= {f"level:{criterion.id}": score.level, f"reason:{criterion.id}": score.reason}
    return found | {"remark": review.remark if review else "", "confidence": review.confidence if review else None}


def _content(call: CallDefinition, row: FormRow) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for criterion in call.criteria:
        found |= {
            f"level:{criterion.id}": row.levels.get(criterion.id),
            f"reason:{criterion.id}": row.reasons.get(criterion.id, ""),
        }
    return found | {"remark": row.remark, "confidence": row.confidence}


def _plain(value: Value) -> Value:
    """A stored value as a form gives it back."""
    return tidy(value) if isinstance(value, str) else value


def _untouched(
    uow: UnitOfWork, call: CallDefinition, present: StoredReview, row: FormRow, after: Mapping[str, Value]
) -> bool:
    """Whether the form says what the review said when the form was downloaded, though more was saved since."""
    if row.review_version == present.version:
        return False
    versions = {version.version: version for version in stored.list_review_versions(uow, present.id)}
    if row.review_version and row.review_version not in versions:
        return False
    was = _content_of(call, versions.get(row.review_version))
    return {field: _plain(value) for field, value in was.items()} == after


def _late(row: FormRow, present: StoredReview | None, newest: int) -> tuple[Message, ...]:
    """What changed after the form was downloaded."""
    found: list[Message] = []
    if present is not None and present.version != row.review_version:
        found.append(
            msg("The review was saved elsewhere after the form was downloaded, {moment}.", moment=present.saved_at)
        )
    if present is None and row.review_version:
        found.append(msg("The form shows a saved review that is not here."))
    if row.application_version != newest:
        found.append(
            msg(
                "The form shows version {shown} of the application; the newest is version {newest}.",
                shown=row.application_version,
                newest=newest,
            )
        )
    return tuple(found)


def _draft(call: CallDefinition, row: FormRow, content: Mapping[str, Value], newest: int) -> Draft:
    """The review to be saved: on the version of the application that the form shows."""
    texts = {field: value for field, value in content.items() if isinstance(value, str)}
    numbers = {field: value for field, value in content.items() if isinstance(value, int)}
    return Draft(
        levels={criterion.id: numbers.get(f"level:{criterion.id}") for criterion in call.criteria},
        reasons={criterion.id: texts.get(f"reason:{criterion.id}", "") for criterion in call.criteria},
        remark=texts.get("remark", ""),
        application_version=max(1, min(row.application_version, newest)),
        confidence=numbers.get("confidence"),
    )


def _notes(call: CallDefinition, row: FormRow, draft: Draft) -> tuple[Note, ...]:
    problems = find_problems(call, draft, submitting=True)
    return tuple(Note(row.sheet, row.cells.get(problem.field, ""), problem.message) for problem in problems)


def field_words(call: CallDefinition, field: str) -> Message:
    """What a field of a form is called."""
    kind, _, key = field.partition(":")
    if kind == "level":
        return msg("{criterion}: level", criterion=call.criterion(key).name)
    if kind == "reason":
        return msg("{criterion}: reason", criterion=call.criterion(key).name)
    return msg("Own confidence") if field == "confidence" else msg("Remark for the panel only")


def value_words(call: CallDefinition, field: str, value: Value) -> Message | str:
    """A value as the form shows it; an empty text is a dash."""
    if field == "confidence":
        return confidence_words(value) if isinstance(value, int) else NO_CONFIDENCE
    if field.startswith("level:"):
        levels = {level.value: level_words(level) for level in call.criterion(field.partition(":")[2]).levels}
        return NOT_SCORED if value is None else levels.get(int(value), str(value))
    return str(value) if value else "–"
