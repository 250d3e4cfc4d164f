"""Comparison: saved scenarios side by side, and who gains and who loses between two of them."""

import streamlit as st

from ui import notices
from ui.compare_pair import show_pair
from ui.compare_view import show_figures, show_grants, show_parts, show_problems
from ui.look import heading
from ui.session import refusals_shown, visit
from ui.tables import Link, facts
from ui.texts import language, t
from workflow.comparison import MOST_COMPARED, compare_scenarios
from workflow.saved_scenarios import list_scenarios

FIRST = 3
"""So many scenarios are shown at first: their columns fit a laptop beside the baseline's."""

here = visit()
heading(
    t("Compare scenarios"),
    t("Saved scenarios side by side on the ranking as it stands, with rank order as the baseline."),
)
facts([(t("See also"), Link(t("Allocation"), "allocate", (("call", here.call_id),)))])
KEY = f"compared-{here.call_id}-{language()}"


def _remember() -> None:
    """Keep the choice in the address: a reload, a link and another language come back to it."""
    st.query_params["ids"] = ",".join(str(one) for one in st.session_state[KEY])


with refusals_shown():
    names = {one.id: one.name for one in list_scenarios(here.house, here.actor, here.call_id)}
    if not names:
        notices.info(t("No scenario is saved yet. An officer saves them on the page Allocation."))
        st.stop()
    asked = st.query_params.get("ids")
    wanted = list(names)[:FIRST] if asked is None else [one for one in names if str(one) in asked.split(",")]
    chosen = st.multiselect(
        t("Scenarios to compare"),
        list(names),
        default=wanted[:MOST_COMPARED],
        format_func=lambda one: names[one],
        max_selections=MOST_COMPARED,
        placeholder=t("Choose scenarios"),
        key=KEY,
        on_change=_remember,
    )
    comparison = compare_scenarios(here.house, here.actor, here.call_id, chosen)
    show_problems(comparison)
    show_figures(comparison)
    show_grants(comparison, here.call_id)
    show_pair(comparison, here.call_id)
    show_parts(comparison)
