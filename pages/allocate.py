"""Allocation: choose a rule and its limits; see who gets what, what remains, and what the rule changes."""

import streamlit as st

from access.permissions import can_run_scenarios
from ui import notices
from ui.allocation_view import show_awards, show_changes, show_outcome
from ui.look import heading, section
from ui.phase import is_open
from ui.scenario_form import parameters_form
from ui.session import flash, refusals_shown, visit
from ui.tables import Column, table
from ui.texts import moment, money, say, t
from workflow.calls import get_call
from workflow.labels import RULES
from workflow.scenarios import list_scenarios, run_scenario, save_scenario

here = visit()
heading(
    t("Allocation"),
    t(
        "Distribute the appropriation over the ranking. Every result is checked again in whole euros after it is solved."
    ),
)
call = get_call(here.house, here.actor, here.call_id)
form, result = st.columns([1, 3], gap="large")
with form:
    parameters = parameters_form(call)
if parameters is None:
    st.stop()
with refusals_shown():
    run = run_scenario(here.house, here.actor, here.call_id, parameters)
    if not run.projects:
        notices.info(t("No application is confirmed eligible yet. An officer confirms them on the page Applications."))
        st.stop()
    with result:
        show_outcome(run)
    section(t("Who gets what"))
    show_awards(run, here.call_id)
    section(t("Compared with rank order"))
    show_changes(run)
    if is_open(here, can_run_scenarios):
        section(t("Keep this scenario"))
        with st.form("keep", border=False):
            name = st.text_input(t("Name of the scenario"), max_chars=100)
            if st.form_submit_button(t("Save the scenario")):
                with refusals_shown():
                    save_scenario(here.house, here.actor, here.call_id, name, parameters)
                    flash(t("The scenario {name} was saved.", name=name.strip()))
                    st.rerun()
    saved = list_scenarios(here.house, here.actor, here.call_id)
    if saved:
        section(t("Saved scenarios"))
        table(
            t("Saved scenarios"),
            [
                Column(t("Name")),
                Column(t("Rule")),
                Column(t("Proposed"), figures=True),
                Column(t("Remaining"), figures=True),
                Column(t("Saved")),
            ],
            [
                [
                    s.name,
                    say(RULES[s.parameters["rule"]]),
                    money(s.outcome["spent"]),
                    money(s.outcome["remaining"]),
                    moment(s.created_at),
                ]
                for s in saved
            ],
        )
