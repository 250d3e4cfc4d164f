"""Reasons: of every application as they stand, one application's sentences with their facts, and the phrases."""

import streamlit as st

from access.permissions import can_write_reasons
from ui import notices
from ui.look import heading
from ui.phase import closed_notice, is_open
from ui.reasons_form import reasons_form
from ui.reasons_frozen import show_frozen, show_where_frozen
from ui.reasons_phrases import PART, show_phrase, show_phrases
from ui.reasons_view import choose_scenario, show_heads, show_list, show_reasons
from ui.session import refusals_shown, visit
from ui.texts import t
from workflow.calls import get_call
from workflow.reasons import list_phrases
from workflow.reasons_list import list_reasons

here = visit()
case, phrase = st.query_params.get("case", ""), st.query_params.get("phrase", "")
if show_frozen(here, case):
    st.stop()
writable = is_open(here, can_write_reasons)
if not case and not phrase:
    heading(
        t("Reasons"),
        t(
            "The reasons for the decision on each application, in its language of service. Each sentence rests on a fact."
        ),
    )
with refusals_shown(t("Reasons") if case or phrase else ""):
    head = st.container()
    left, _ = st.columns(2)
    with left:
        scenario = choose_scenario(here)
    found = list_reasons(here.house, here.actor, here.call_id, scenario)
    stored = list_phrases(here.house, here.actor, here.call_id)
    show_where_frozen(here)
    if can_write_reasons(here.actor) and not writable:
        closed_notice(here, can_write_reasons)
    if case:
        one = next((one for one in found.applications if one.case_number == case), None)
        if one is None:
            with head:
                heading(t("Reasons"))
            notices.error(t("There is no application {case} in this call that you can see.", case=case))
            st.stop()
        with head:
            heading(t("Reasons of {case}", case=case), f"{one.applicant} · {one.project}")
            show_heads(here, one, scenario)
        show_reasons(get_call(here.house, here.actor, here.call_id), found, one)
        if writable:
            reasons_form(here, one)
    elif phrase:
        with head:
            heading(t("Phrase of the reasons"), t("The wording in this call, in both languages of service."))
        show_phrase(here, found, phrase, stored.get(phrase), scenario, writable)
    else:
        names = [t("Applications"), t("Phrases")]
        first = names[st.query_params.get("part") == PART]
        applications, phrases = st.tabs(names, default=first)
        with applications:
            show_list(here, found, scenario)
        with phrases:
            show_phrases(here, found, stored, scenario)
