"""The officer's form of the costs: what is accepted of each category, and the comment meant for the applicant."""

from dataclasses import dataclass

import streamlit as st

from locales import Money
from locales.parse import MoneyError, parse_euros
from ui import notices
from ui.costs_view import show_figures
from ui.look import section
from ui.session import Visit, flash, refusals_shown
from ui.texts import language, money, say, t
from workflow.costs import LONGEST_COMMENT, CostLine, CostList, CostView, ExaminedCosts, examine_costs


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was on the screen when the form was opened: nothing saved since is overwritten unseen."""

    version: int
    recorded: ExaminedCosts | None


def costs_form(here: Visit, found: CostList, view: CostView) -> None:
    """The form with its figures beside it, counted from what is typed; and carrying it out."""
    seen = _seen(here, view)
    section(t("Examine the costs"))
    notices.caption(
        t(
            "An accepted amount that differs from the stated one needs a comment. The comment is an official document and goes to the applicant."
        )
    )
    if (seen.version, seen.recorded) != (view.version, view.recorded):
        notices.warning(
            t(
                "The application or the examination of its costs changed after you opened this form. The table above shows what is stored now."
            )
        )
        if st.button(t("Begin again from what is stored")):
            _forget(here, view)
            st.rerun()
    fields, side = st.columns([3, 2], gap="large")
    with fields:
        typed = {line.category: _field(here, view, line) for line in view.lines}
    accepted = {category: euros for category, (euros, _) in typed.items() if euros is not None}
    with side:
        if len(accepted) == len(typed):
            show_figures(view, view.figures_with(sum(accepted.values())), found)
        else:
            notices.info(t("The figures are counted when every amount can be read."))
    if st.button(t("Record the accepted costs"), type="primary", key=_key(here, view, "save")):
        if len(accepted) < len(typed):
            notices.error(t("Nothing was recorded. Correct the amounts first."))
            return
        comments = {category: comment for category, (_, comment) in typed.items()}
        with refusals_shown():
            examine_costs(
                here.house,
                here.actor,
                here.call_id,
                view.case_number,
                accepted,
                comments,
                version=seen.version,
                expected=seen.recorded,
            )
            _forget(here, view)
            flash(t("The accepted costs of {case} were recorded.", case=view.case_number))
            st.rerun()


def _field(here: Visit, view: CostView, line: CostLine) -> tuple[int | None, str]:
    """The amount and the comment typed for one category; None for an amount that cannot be read."""
    name = say(line.name)
    left, right = st.columns([1, 2])
    # Amounts are shown as the language writes them, so each language has a field of its own.
    text = left.text_input(
        t("{category}: accepted", category=name),
        money(line.accepted),
        max_chars=40,
        key=_key(here, view, f"euros-{line.category}-{language()}"),
    )
    comment = right.text_area(
        t("{category}: comment to the applicant", category=name),
        line.comment,
        max_chars=LONGEST_COMMENT,
        height=68,
        key=_key(here, view, f"comment-{line.category}"),
    )
    try:
        euros = parse_euros(text)
    except MoneyError as error:
        notices.error(f"{name}: {say(error.message)} {say(error.accepted)}")
        return None, comment
    if euros != (line.applied or 0) and not comment.strip():
        notices.caption(
            t("{category}: stated {stated}. A comment is needed.", category=name, stated=Money(line.applied or 0))
        )
    return euros, comment


def _seen(here: Visit, view: CostView) -> _Seen:
    """What the open form rests on: of this run, unless something was on the screen already."""
    place = _place(here, view)
    # Streamlit forgets the fields of a page that is left: then the form begins anew.
    opened = any(str(key).startswith(f"{place}-euros-") for key in st.session_state)
    if place not in st.session_state or not opened:
        st.session_state[place] = _Seen(view.version, view.recorded)
    seen = st.session_state[place]
    return seen if isinstance(seen, _Seen) else _Seen(view.version, view.recorded)


def _forget(here: Visit, view: CostView) -> None:
    """Begin the form anew with what is stored: new fields, with values of their own."""
    place = _place(here, view)
    st.session_state.pop(place, None)
    st.session_state[f"{place}-turn"] = st.session_state.get(f"{place}-turn", 0) + 1


def _place(here: Visit, view: CostView) -> str:
    return f"costs-{here.call_id}-{view.case_number}"


def _key(here: Visit, view: CostView, name: str) -> str:
    place = _place(here, view)
    return f"{place}-{name}-{st.session_state.get(f'{place}-turn', 0)}"
