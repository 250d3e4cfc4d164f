"""The review form: a labelled level and a reason per criterion, the running total, saved at every change."""

from fractions import Fraction

import streamlit as st

from calls.definition import Criterion
from locales import Message
from scoring.composite import running_total
from ui import notices
from ui.look import section
from ui.session import Visit, flash, refusals_shown
from ui.texts import moment, number, percent, say, score, t
from workflow.errors import Refused
from workflow.reviewing import Draft, ReviewForm, save_draft, submit_review, weights

NOT_SCORED = "not_scored"
"""The first choice of every scale. It is a choice of its own, so that a level can be taken back; it is never 0."""


def _key(kind: str, form: ReviewForm, criterion_id: str = "") -> str:
    return f"review-{kind}-{form.application_id}-{criterion_id}"


def _fill(form: ReviewForm) -> None:
    """Put the stored review into the widgets, unless they hold it already.

    Streamlit drops the state of widgets that a run did not draw: after a visit to another page they are filled anew.
    """
    if all(key in st.session_state for key in _keys(form)):
        return
    st.session_state[_key("version", form)] = form.version
    st.session_state[_key("remark", form)] = form.review.remark if form.review else ""
    for criterion in form.call.criteria:
        stored = form.review.scores.get(criterion.id) if form.review else None
        st.session_state[_key("level", form, criterion.id)] = _choice(stored.level if stored else None)
        st.session_state[_key("reason", form, criterion.id)] = stored.reason if stored else ""


def _keys(form: ReviewForm) -> list[str]:
    parts = [(kind, criterion.id) for criterion in form.call.criteria for kind in ("level", "reason")]
    return [_key(kind, form, part) for kind, part in [("version", ""), ("remark", ""), *parts]]


def _choice(level: int | None) -> int | str:
    return NOT_SCORED if level is None else level


def _level(choice: object) -> int | None:
    return choice if isinstance(choice, int) else None


def _forget(form: ReviewForm) -> None:
    prefix = tuple(
        f"review-{kind}-{form.application_id}-" for kind in ("version", "remark", "level", "reason", "fault")
    )
    for key in [key for key in st.session_state if str(key).startswith(prefix)]:
        del st.session_state[key]


def _draft(form: ReviewForm) -> Draft:
    state = st.session_state
    return Draft(
        levels={c.id: _level(state.get(_key("level", form, c.id))) for c in form.call.criteria},
        reasons={c.id: state.get(_key("reason", form, c.id)) or "" for c in form.call.criteria},
        remark=state.get(_key("remark", form)) or "",
        application_version=form.application_version,
    )


def _save(here: Visit, form: ReviewForm, case: str) -> None:
    """Called at every change of a level or a text."""
    fault = _key("fault", form)
    if not all(key in st.session_state for key in _keys(form)):
        return  # nothing is saved from widgets that are not there
    try:
        saved = save_draft(
            here.house, here.actor, here.call_id, case, _draft(form), st.session_state[_key("version", form)]
        )
    except Refused as refused:
        st.session_state[fault] = refused.messages
    else:
        st.session_state[_key("version", form)] = saved.version
        st.session_state.pop(fault, None)


def review_form(here: Visit, form: ReviewForm, case: str) -> None:
    """Show the form of one application; a submitted review is shown closed."""
    section(t("Criteria"))
    _fill(form)
    whole = sum(weights(form.call).values())
    for criterion in form.call.criteria:
        _criterion(here, form, case, criterion, whole)
    st.text_area(
        t("Remark for the panel only"),
        key=_key("remark", form),
        max_chars=5000,
        disabled=form.submitted,
        help=t("Not given to the applicant with the decision. It is an official document all the same."),
        on_change=_save,
        args=(here, form, case),
    )
    _total(form)
    faults: list[Message] = st.session_state.get(_key("fault", form), [])
    for fault in faults:
        notices.error(say(fault), icon=":material/block:")
    if faults and st.button(t("Show what is saved"), on_click=_forget, args=(form,)):
        st.rerun()
    if form.submitted:
        notices.success(
            t(
                "Submitted {moment}. The review is closed.",
                moment=moment(form.review.submitted_at if form.review else None),
            )
        )
        return
    notices.caption(
        t("Saved {moment}", moment=moment(form.review.saved_at))
        if form.review
        else t("Nothing is saved yet. Every change is saved at once.")
    )
    if st.button(t("Submit the review"), type="primary", icon=":material/send:"):
        with refusals_shown():
            submit_review(
                here.house, here.actor, here.call_id, case, _draft(form), st.session_state[_key("version", form)]
            )
            _forget(form)
            flash(t("The review of {case} was submitted.", case=case))
            st.rerun()


def _criterion(here: Visit, form: ReviewForm, case: str, criterion: Criterion, whole: int) -> None:
    labels = {rung.value: f"{rung.value} – {say(rung.label)}" for rung in criterion.levels}
    weight = percent(criterion.weight.value, whole)
    st.radio(
        t("{criterion} (weight {weight})", criterion=criterion.name, weight=weight),
        [NOT_SCORED, *labels],
        format_func=lambda level: labels.get(level, t("not scored")),
        captions=["", *(say(rung.description) for rung in criterion.levels)],
        key=_key("level", form, criterion.id),
        help=say(criterion.question),
        disabled=form.submitted,
        on_change=_save,
        args=(here, form, case),
    )
    st.text_area(
        t("Reason, {criterion}", criterion=criterion.name),
        key=_key("reason", form, criterion.id),
        max_chars=5000,
        disabled=form.submitted,
        help=t("Meant for the applicant."),
        on_change=_save,
        args=(here, form, case),
    )


def _total(form: ReviewForm) -> None:
    running = running_total(_draft(form).levels, weights(form.call))
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
