"""The list of a scenario's constraints: each with its name, a switch, its sentence, and what the rule cannot hold."""

from dataclasses import replace

import streamlit as st

from allocation import Scenario
from ui import notices
from ui.scenario_fields import Fields
from ui.scenario_words import Listed, cannot_hold, listed
from ui.tables import Badge, Cell, Column, Pair, table
from ui.texts import t


def constraint_switches(fields: Fields, draft: Scenario) -> Scenario:
    """Show the constraints with their switches; the scenario with them as they are set now."""
    st.markdown(f"**{t('Constraints')}**")
    items = listed(draft)
    if not items:
        notices.caption(t("There are no constraints. They are added below."))
    states: dict[str, bool] = {}
    for item in items:
        with st.container(gap="small"):
            if item.on is None:
                st.markdown(notices.verbatim(item.name))
            else:
                states[item.key] = fields.switch(notices.verbatim(item.name), item.on, f"on-{item.key}")
            if item.sentence.rstrip(".") != item.name:
                notices.caption(item.sentence)
            refused = cannot_hold(draft, item.kinds) if states.get(item.key, True) else ""
            if refused:
                notices.warning(refused)
    return replace(
        draft,
        constraints=tuple(replace(one, on=states[f"constraint:{one.name}"]) for one in draft.constraints),
        exclusive=tuple(replace(one, on=states[f"exclusive:{one.name}"]) for one in draft.exclusive),
        dependent=tuple(replace(one, on=states[f"dependent:{one.name}"]) for one in draft.dependent),
    )


def constraint_table(scenario: Scenario) -> None:
    """The same for those who only read."""
    items = listed(scenario)
    if not items:
        notices.caption(t("There are no constraints."))
        return
    table(
        t("Constraints"),
        [Column(t("Constraint"), wide=True), Column(t("In use"))],
        [[_named(item), _state(item, scenario)] for item in items],
    )


def _named(item: Listed) -> Cell:
    """The name with its sentence below, where the name does not say the same already."""
    return item.name if item.sentence.rstrip(".") == item.name else Pair(item.name, item.sentence)


def _state(item: Listed, scenario: Scenario) -> Cell:
    if item.on is False:
        return Badge(t("Off"))
    return Badge(t("Not held by the rule"), "warn") if cannot_hold(scenario, item.kinds) else Badge(t("On"), "good")
