"""Two scenarios: who gains and who loses from one to the other, and which setting causes it."""

from collections.abc import Sequence

import streamlit as st

from allocation.causes import Cause
from locales import Money
from ui import notices
from ui.allocation_words import capital, case_link, difference
from ui.compare_view import option_names
from ui.look import section
from ui.tables import Cell, Column, table
from ui.texts import language, money, say, t
from workflow.comparison import Comparison


def show_pair(comparison: Comparison, call_id: str) -> None:
    """Choose two; see what changes between them."""
    section(t("Who gains and who loses"))
    names = option_names(comparison)
    runnable = [place for place, one in enumerate(comparison.options) if one.run is not None]
    if len(runnable) < 2:
        notices.info(t("Choose at least one saved scenario that can be run to compare two."))
        return
    grants = [[line.grants[place] for line in comparison.lines] for place in runnable]
    other = next((place for place, given in enumerate(grants) if given != grants[0]), 1)
    left, right = st.columns(2)
    i = left.selectbox(
        t("From"),
        runnable,
        index=0,
        format_func=lambda place: names[place],
        key=f"pair-from-{call_id}-{language()}",
        placeholder=t("Choose"),
    )
    j = right.selectbox(
        t("To"),
        runnable,
        index=other,
        format_func=lambda place: names[place],
        key=f"pair-to-{call_id}-{language()}",
        placeholder=t("Choose"),
    )
    if i == j:
        notices.info(t("Choose two different scenarios."))
        return
    pair = comparison.pair(i, j)
    if not pair.gains and not pair.losses:
        st.write(t("Both give the same grants."))
        return
    notices.caption(
        t(
            "From {before} to {after}: {gained} more for some, {lost} less for others.",
            before=names[i],
            after=names[j],
            gained=Money(pair.gained),
            lost=Money(pair.lost),
        )
    )
    _causes(comparison, t("Who gains"), pair.gains, call_id)
    _causes(comparison, t("Who loses"), pair.losses, call_id)


def _causes(comparison: Comparison, caption: str, found: Sequence[Cause], call_id: str) -> None:
    if not found:
        notices.caption(t("{group}: nobody.", group=caption))
        return
    names = {line.case_number: line.project for line in comparison.lines}
    rows: list[list[Cell]] = [
        [
            case_link(call_id, one.change.id),
            names.get(one.change.id, "–"),
            money(one.change.before),
            money(one.change.after),
            difference(one.change.difference),
            "; ".join(capital(say(setting)) for setting in one.settings) or t("Several settings together"),
        ]
        for one in found
    ]
    table(
        caption,
        [
            Column(t("Case number")),
            Column(t("Project")),
            Column(t("Before"), figures=True),
            Column(t("After"), figures=True),
            Column(t("Difference"), figures=True),
            Column(t("Which setting causes it"), wide=True),
        ],
        rows,
    )
