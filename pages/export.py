"""Export: the decision workbook of a scenario."""

import streamlit as st

from ui import notices
from ui.labels import language_name
from ui.look import heading
from ui.session import refusals_shown, visit
from ui.texts import language, say, t
from workflow.by_hand import run_saved
from workflow.calls import get_call
from workflow.decision import export_decision
from workflow.labels import RULES
from workflow.saved_scenarios import list_scenarios
from workflow.scenarios import RULES as RULE_NAMES
from workflow.scenarios import default_scenario

here = visit()
heading(t("Export"), t("The decision workbook: decision list, scores, and every parameter of the scenario."))
with refusals_shown():
    call = get_call(here.house, here.actor, here.call_id)
    saved = {s.name: s.id for s in list_scenarios(here.house, here.actor, here.call_id)}
    offered = {say(RULES[rule]): default_scenario(call, rule) for rule in RULE_NAMES}
    if not saved:
        notices.info(t("No scenario is saved yet. The rules below use the call's own values."))
    name = st.selectbox(
        t("Scenario"),
        [*saved, *(rule for rule in offered if rule not in saved)],
        help=t("Saved scenarios first, then each rule with the call's own values."),
        placeholder=t("Choose"),
    )
    lang = st.radio(
        t("Language of the workbook"),
        ["fi", "sv", "en"],
        index=["fi", "sv", "en"].index(language()) if language() in ("fi", "sv", "en") else 0,
        format_func=language_name,
        horizontal=True,
    )
    data = export_decision(
        here.house, here.actor, here.call_id, lang, offered.get(name), name, scenario_id=saved.get(name)
    )
    if name in saved and run_saved(here.house, here.actor, here.call_id, saved[name]).ranking_changed:
        notices.warning(
            t(
                "The ranking has changed since the scenario was saved. The workbook shows the awards on the ranking of the "
                "moment and says so."
            )
        )
    st.download_button(
        t("Download the decision workbook"),
        data,
        file_name=f"{t('decision-list')}-{call.id}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        type="primary",
        icon=":material/download:",
    )
