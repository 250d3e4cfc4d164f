"""The review form: a labelled level and a reason per criterion, the running total, saved as you go."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import streamlit as st

from calls.definition import Criterion
from scoring.composite import running_total
from ui import notices
from ui.keeping import Field, Form, keeping, offers
from ui.look import section
from ui.review_state import (
    NOT_SCORED,
    closed,
    fill,
    forget,
    held,
    in_conflict,
    key,
    save,
    settle,
    settle_by_taking,
    shown_draft,
)
from ui.session import Visit, flash, refusals_shown
from ui.side_by_side import confidence_label, side_by_side
from ui.texts import moment, number, percent, say, score, t
from workflow.review_check import CONFIDENCES
from workflow.reviewing import ReviewForm, submit_review, weights


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The form as one person has it before them. ``closed``: nothing can be changed any more."""

    here: Visit
    form: ReviewForm
    case: str
    closed: bool

    def saving(self) -> dict[str, Any]:
        """What every widget is given, so that its change is saved."""
        return {"disabled": self.closed, "on_change": save, "args": (self.here, self.form, self.case)}


def review_form(here: Visit, form: ReviewForm, case: str) -> None:
    """Show the form of one application; a review that is submitted, or whose phase is over, is shown closed."""
    sheet = _Sheet(here, form, case, closed(form))
    section(t("Criteria"))
    followed = fill(form)
    conflict = in_conflict(form)
    _said_first(sheet, followed)
    offers()
    if not sheet.closed:
        notices.caption(t("The reasons are meant for the applicant. The remark is read by the panel only."))
    if conflict:
        _choice(sheet)
    whole = sum(weights(form.call).values())
    for criterion in form.call.criteria:
        _criterion(sheet, criterion, whole)
    _confidence(sheet)
    tip = t("Not given to the applicant with the decision. It is an official document all the same.")
    _text(sheet, key("remark", form), t("Remark for the panel only"), tip)
    _total(form)
    if not sheet.closed:
        _buttons(sheet, followed=followed, conflict=conflict)
    keeping(_kept(sheet, conflict=conflict))


def _said_first(sheet: _Sheet, followed: bool) -> None:
    review = sheet.form.review
    if review and review.state == "returned":
        when = moment(review.returned_at)
        text = t("Returned for completion {moment}: {reason}", moment=when, reason=review.return_reason)
        notices.warning(text, icon=":material/assignment_return:")
    if review and sheet.form.submitted:
        notices.success(t("Submitted {moment}. The review is closed.", moment=moment(review.submitted_at)))
    elif sheet.closed:
        notices.info(t("Reviews are not being written in this phase of the call. What is saved is shown."))
    elif followed:
        notices.info(t("The review was saved elsewhere meanwhile. What is saved there is shown here."))


def _choice(sheet: _Sheet) -> None:
    side_by_side(
        sheet.form,
        lambda: shown_draft(sheet.form),
        save=lambda chosen: settle(sheet.here, sheet.form, sheet.case, chosen),
        take=lambda: settle_by_taking(sheet.form),
    )


def _criterion(sheet: _Sheet, criterion: Criterion, whole: int) -> None:
    labels = {rung.value: f"{rung.value} – {say(rung.label)}" for rung in criterion.levels}
    weight = percent(criterion.weight.value, whole)
    st.radio(
        t("{criterion} (weight {weight})", criterion=criterion.name, weight=weight),
        [NOT_SCORED, *labels],
        format_func=lambda level: labels.get(level, t("not scored")),
        captions=["", *(say(rung.description) for rung in criterion.levels)],
        key=key("level", sheet.form, criterion.id),
        help=say(criterion.question),
        **sheet.saving(),
    )
    label = t("Reason, {criterion}", criterion=criterion.name)
    _text(sheet, key("reason", sheet.form, criterion.id), label, t("Meant for the applicant."))


def _text(sheet: _Sheet, name: str, label: str, tip: str) -> None:
    # Without a largest length: Streamlit would drop a paste that is too long without a word. The validator says it.
    st.text_area(label, key=name, help=tip, **sheet.saving())


def _confidence(sheet: _Sheet) -> None:
    st.radio(
        t("Own confidence"),
        [NOT_SCORED, *CONFIDENCES],
        format_func=lambda value: confidence_label(value if isinstance(value, int) else None),
        key=key("confidence", sheet.form),
        horizontal=True,
        help=t("How sure you are of your own review. It does not change the score."),
        **sheet.saving(),
    )


def _total(form: ReviewForm) -> None:
    running = running_total(shown_draft(form).levels, weights(form.call))
    top = max(rung.value for criterion in form.call.criteria for rung in criterion.levels)
    if running.composite is not None:
        st.markdown(f"**{t('Score {score} of {top}', score=score(running.composite), top=str(top))}**")
    elif running.so_far is not None:
        share = percent(running.scored_weight, running.total_weight)
        st.markdown(
            t("So far {score}, over {share} of the weight", score=number(Fraction(running.so_far), 2), share=share)
        )
    else:
        st.markdown(t("Nothing is scored yet."))


def _buttons(sheet: _Sheet, *, followed: bool, conflict: bool) -> None:
    here, form, case = sheet.here, sheet.form, sheet.case
    for fault in held(form).refused:
        notices.error(say(fault), icon=":material/block:")
    with st.container(horizontal=True):
        submitting = st.button(
            t("Submit the review"),
            type="secondary" if conflict else "primary",
            icon=":material/send:",
            disabled=conflict,
        )
        st.button(t("Save now"), key=key("save", form), on_click=save, args=(here, form, case))
    if submitting and not followed:  # what was taken over just now has not been seen yet
        with refusals_shown():
            submit_review(here.house, here.actor, here.call_id, case, shown_draft(form), held(form).version)
            forget(form)
            flash(t("The review of {case} was submitted.", case=case))
            st.rerun()


def _kept(sheet: _Sheet, *, conflict: bool) -> Form:
    """What the script that saves while typing has to know of this form."""
    form, base = sheet.form, held(sheet.form).base
    reasons = [
        Field(
            key("reason", form, criterion.id),
            t("Reason, {criterion}", criterion=criterion.name),
            base.reasons.get(criterion.id, ""),
        )
        for criterion in form.call.criteria
    ]
    unsaved = t("Nothing is saved yet. Every change is saved at once.")
    return Form(
        name=f"{sheet.here.actor.id}.{form.application_id}",
        user=str(sheet.here.actor.id),
        fields=(*reasons, Field(key("remark", form), t("Remark for the panel only"), base.remark)),
        save_button=key("save", form),
        saved=t("Saved {moment}", moment=moment(form.review.saved_at)) if form.review else unsaved,
        closed=sheet.closed,
        conflict=conflict,
        settled=held(form).settled,
    )
