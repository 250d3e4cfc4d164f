"""Allocation: the workbench of scenarios. Which one is on the table, what it asks for, and what it gives."""

import streamlit as st

from access.permissions import can_run_scenarios
from ui import notices
from ui.allocation_results import show_results
from ui.look import heading, section
from ui.phase import closed_notice, is_open
from ui.scenario_collision import show_applied, show_collision
from ui.scenario_editor import edit_constraints
from ui.scenario_files import scenario_files
from ui.scenario_form import scenario_form
from ui.scenario_saved import choose_scenario, keep_forms, show_state
from ui.scenario_shown import fixed_facts, show_scenario
from ui.scenario_state import desk_for
from ui.session import refusals_shown, visit
from ui.texts import t
from workflow.by_hand import SavedRun, run_saved
from workflow.calls import get_call
from workflow.saved_scenarios import list_scenarios
from workflow.scenarios import default_scenario, run_scenario

here = visit()
heading(
    t("Allocation"),
    t(
        "Distribute the appropriation over the ranking. Every result is checked again in whole euros after it is solved."
    ),
)
with refusals_shown():
    call = get_call(here.house, here.actor, here.call_id)
    offered = list_scenarios(here.house, here.actor, here.call_id)
    officer = is_open(here, can_run_scenarios)
    which, state = st.columns([2, 3], gap="large")
    with which:
        saved = choose_scenario(here, offered)
    keeping = st.container()
    desk = desk_for(here, saved, default_scenario(call))
    editable = officer and (saved is None or saved.locked_at is None)
    readable = True
    section(t("Rule and limits"))
    if editable:
        desk, readable = scenario_form(call, desk)
        edit_constraints(desk, lambda: run_scenario(here.house, here.actor, here.call_id))
    else:
        show_scenario(desk.scenario)
    fixed_facts(call, desk.scenario)
    scenario_files(here, call, desk.scenario, saved.name if saved else "", officer)
    with state:
        show_state(here, desk, saved)
    kept: SavedRun | None = None
    if saved is not None and not desk.changed:
        with refusals_shown():
            kept = run_saved(here.house, here.actor, here.call_id, saved.id)
    with keeping:
        if officer:
            keep_forms(here, desk, saved, readable, outdated=kept is not None and kept.ranking_changed)
        elif can_run_scenarios(here.actor):
            closed_notice(here, can_run_scenarios)
    if not readable or (saved is not None and not desk.changed and kept is None):
        st.stop()

    section(t("Result"))
    show_applied()
    with refusals_shown():
        run = kept.run if kept else run_scenario(here.house, here.actor, here.call_id, desk.scenario)
        if saved is not None and saved.by_hand and kept is None:
            notices.info(t("Awards set by hand are not counted before the changes are saved or discarded."))
        show_results(here, call, run.scenario, run, kept)
        if run.allocation.status == "infeasible":
            show_collision(here, desk, run.scenario, editable)
