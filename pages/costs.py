"""Costs: what is accepted of each application's costs, and the largest grant that leaves."""

import streamlit as st

from access.permissions import can_examine_costs
from ui import notices
from ui.costs_form import costs_form
from ui.costs_view import (
    choose_scenario,
    show_figures,
    show_heads,
    show_lines,
    show_list,
    show_rules,
    show_sums,
)
from ui.look import heading
from ui.phase import closed_notice, is_open
from ui.session import refusals_shown, visit
from ui.texts import t
from workflow.applications import no_such_application
from workflow.costs import list_costs

here = visit()
case = st.query_params.get("case", "")
if not case:
    heading(
        t("Costs"),
        t("What is accepted of the costs of each application. The accepted costs set the largest possible grant."),
    )
with refusals_shown(t("Costs") if case else ""):
    head = st.container()
    left, _ = st.columns(2)
    with left:
        scenario = choose_scenario(here)
    found = list_costs(here.house, here.actor, here.call_id, scenario)
    if found.other_ranking:
        notices.warning(
            t(
                "The ranking or the accepted costs changed after the scenario {scenario} was saved. Its grants are those it was saved with.",
                scenario=found.scenario,
            )
        )
    view = next((one for one in found.views if one.case_number == case), None)
    if case and view is None:
        raise no_such_application(case)
    if not found.views:
        notices.info(t("There are no applications yet. An officer brings them in on the page Import."))
        st.stop()
    if view is None:
        show_sums(found)
        show_list(here, found, scenario)
        show_rules(found.views[0])
        st.stop()
    with head:
        heading(t("Costs of {case}", case=view.case_number), f"{view.applicant} · {view.project}")
        show_heads(here, view, scenario)
    show_lines(view)
    if is_open(here, can_examine_costs) and not view.closed:
        costs_form(here, found, view)
    else:
        show_figures(view, view.figures, found)
        if can_examine_costs(here.actor) and not view.closed:
            closed_notice(here, can_examine_costs)
    show_rules(view)
