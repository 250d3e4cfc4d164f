"""The results of a scenario on the page Allocation: key figures first, then one tab for each question."""

import streamlit as st

from allocation import Scenario
from calls.definition import CallDefinition
from ui import notices
from ui.allocation_awards import show_awards
from ui.allocation_chances import known_chances, settle_chances, show_chances
from ui.allocation_head import show_head
from ui.allocation_price import show_price
from ui.allocation_why import show_why
from ui.session import Visit
from ui.texts import language, t
from workflow.by_hand import SavedRun
from workflow.scenarios import Run


def show_results(here: Visit, call: CallDefinition, scenario: Scenario, run: Run, saved: SavedRun | None) -> None:
    """What the scenario gives, why, at what price and how surely.

    ``saved``: given when a saved scenario without unsaved changes is on the table; only then can awards be changed by
    hand.
    """
    settle_chances(here, run)
    if not run.projects:
        notices.info(t("No application is confirmed eligible yet. An officer confirms them on the page Applications."))
        return
    show_head(run, saved)
    asked = _explained(scenario, run, saved)
    if run.allocation.status == "infeasible":
        return
    parts = {
        "awards": t("Who gets what"),
        "why": t("Why"),
        "price": t("What the rules cost"),
        "chances": t("Probabilities"),
    }
    if saved is not None and saved.deviations and saved.saved.rest == "kept":
        notices.info(
            t(
                "Awards are set by hand and the others kept: the tabs on reasons, costs and probabilities speak of what the rule alone gives."
            ),
            icon=":material/edit:",
        )
    names = list(parts.values())
    key = f"allocation-part-{call.id}-{language()}"

    def remember() -> None:
        """Keep the part in the address: a reload, a link and another language come back to it."""
        st.query_params["part"] = list(parts)[names.index(st.session_state[key])]

    first = parts.get(st.query_params.get("part", ""), names[0])
    awards, why, price, chances = st.tabs(names, default=first, key=key, on_change=remember)
    # Only what is open is worked out.
    if awards.open:
        with awards:
            show_awards(run, call.id, known_chances(here, run))
    if why.open:
        with why:
            show_why(here, call, asked, run, saved)
    if price.open:
        with price:
            show_price(here, asked, run)
    if chances.open:
        with chances:
            show_chances(here, asked, run)


def _explained(scenario: Scenario, run: Run, saved: SavedRun | None) -> Scenario:
    """What is asked about: with the awards set by hand where the rest was distributed anew around them, else the rule."""
    if saved is None:
        return scenario
    return (run if saved.saved.rest == "reoptimised" else saved.by_rule).scenario
