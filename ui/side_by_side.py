"""Two versions of one review beside each other, field by field, to choose from."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape

import streamlit as st

from ui import notices
from ui.texts import moment, say, t
from workflow.reviewing import Draft, ReviewForm

MINE, STORED = "mine", "stored"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs: ``kind`` level, reason, remark or confidence; both sides as they are shown."""

    kind: str
    criterion_id: str
    label: str
    mine: str
    stored: str

    @property
    def key(self) -> str:
        """Its name among the fields of the form."""
        return f"{self.kind}-{self.criterion_id}"


def differences(form: ReviewForm, mine: Draft) -> list[Difference]:
    """The fields in which ``mine`` differs from what is stored, in the order of the form."""
    found: list[Difference] = []
    for criterion in form.call.criteria:
        score = form.review.scores.get(criterion.id) if form.review else None
        rungs = {rung.value: f"{rung.value} – {say(rung.label)}" for rung in criterion.levels}
        levels = (mine.levels.get(criterion.id), score.level if score else None)
        shown = [t("not scored") if level is None else rungs.get(level, str(level)) for level in levels]
        label = t("Level, {criterion}", criterion=criterion.name)
        found.append(Difference("level", criterion.id, label, *shown))
        label = t("Reason, {criterion}", criterion=criterion.name)
        found.append(
            Difference("reason", criterion.id, label, mine.reasons.get(criterion.id, ""), score.reason if score else "")
        )
    confidences = (mine.confidence, form.review.confidence if form.review else None)
    found.append(Difference("confidence", "", t("Own confidence"), *map(confidence_label, confidences)))
    remark = form.review.remark if form.review else ""
    found.append(Difference("remark", "", t("Remark for the panel only"), mine.remark, remark))
    return [one for one in found if one.mine.strip() != one.stored.strip()]


def confidence_label(value: int | None) -> str:
    """Own confidence in words."""
    labels = {1: t("low"), 2: t("moderate"), 3: t("high")}
    return t("not stated") if value is None else labels.get(value, str(value))


def merged(form: ReviewForm, mine: Draft, stored_fields: set[str]) -> Draft:
    """``mine`` with the fields named in ``stored_fields`` (keys of differences) as they are stored."""
    review = form.review
    scores = review.scores if review else {}
    levels, reasons = dict(mine.levels), dict(mine.reasons)
    for criterion in form.call.criteria:
        score = scores.get(criterion.id)
        if f"level-{criterion.id}" in stored_fields:
            levels[criterion.id] = score.level if score else None
        if f"reason-{criterion.id}" in stored_fields:
            reasons[criterion.id] = score.reason if score else ""
    chosen = replace(mine, levels=levels, reasons=reasons)
    if "remark-" in stored_fields:
        chosen = replace(chosen, remark=review.remark if review else "")
    if "confidence-" in stored_fields:
        chosen = replace(chosen, confidence=review.confidence if review else None)
    return chosen


def side_by_side(
    form: ReviewForm, mine: Callable[[], Draft], *, save: Callable[[Draft], None], take: Callable[[], None]
) -> None:
    """Show what differs and let the person choose field by field; nothing is saved before each is chosen.

    ``mine`` gives what is filled in at that moment, ``save`` gets the choice, ``take`` is called when everything
    stored is taken. All of them may run before the page does.
    """
    found = differences(form, mine())
    prefix = f"choice-{form.application_id}-{form.version}-"
    elsewhere = t("Saved elsewhere {moment}", moment=moment(form.review.saved_at if form.review else None))
    with st.container(border=True, key=f"side-by-side-{form.application_id}"):
        st.html(
            f'<h3 class="ap-choice" id="two-versions" tabindex="-1">{escape(t("Two versions of this review"))}</h3>{_STYLE}'
        )
        notices.warning(
            t(
                "This review was saved in another tab or on another device while you were filling it in here. "
                "Nothing was overwritten. Choose what is kept of each field below."
            )
        )
        for one in found:
            st.html(_both(one, elsewhere))
            st.radio(
                t("Keep: {field}", field=one.label),
                [MINE, STORED],
                index=None,
                format_func={MINE: t("Yours, filled in here"), STORED: elsewhere}.__getitem__,
                key=prefix + one.key,
                horizontal=True,
            )
        if st.session_state.get(prefix + "missing"):
            left = [one.label for one in found if st.session_state.get(prefix + one.key) is None]
            if left:
                notices.error(t("Choose first: {fields}", fields=", ".join(left)))
        with st.container(horizontal=True):
            given = (form, mine, found, prefix, save)
            st.button(t("Save my choice"), key=prefix + "save", type="primary", on_click=_chosen, args=given)
            st.button(t("Take everything that is saved"), key=prefix + "take", on_click=take)


def _chosen(
    form: ReviewForm, mine: Callable[[], Draft], found: list[Difference], prefix: str, save: Callable[[Draft], None]
) -> None:
    choices = {one.key: st.session_state.get(prefix + one.key) for one in found}
    if None in choices.values():
        st.session_state[prefix + "missing"] = True
        return
    save(merged(form, mine(), {name for name, choice in choices.items() if choice == STORED}))


def _both(one: Difference, elsewhere: str) -> str:
    sides = ((t("Yours, filled in here"), one.mine), (elsewhere, one.stored))
    shown = "".join(
        f"<div><dt>{escape(title)}</dt><dd>{escape(text) or escape(t('empty'))}</dd></div>" for title, text in sides
    )
    return f'<h4 class="ap-choice">{escape(one.label)}</h4><dl class="ap-versions">{shown}</dl>'


_STYLE = (
    "<style>.ap-choice{font-size:1rem;font-weight:650;padding:0;margin:.5rem 0 .2rem}"
    ".ap-versions{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(13rem,100%),1fr));gap:.75rem;margin:0!important;padding:0!important}"
    ".ap-versions>div{border:1px solid var(--ap-line);border-radius:.25rem;padding:.5rem .6rem;background:var(--ap-ground)}"
    ".ap-versions dt{color:var(--ap-quiet);font-size:.85rem;font-weight:400}"
    ".ap-versions dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}</style>"
)
