"""Applications: the list with filters, confirming the clear ones together, assigning reviewers evenly."""

import streamlit as st

from access.permissions import can_assign, can_confirm_eligibility
from ui import notices
from ui.labels import language_name, state_badge
from ui.look import heading, section
from ui.phase import is_open
from ui.session import flash, refusals_shown, visit
from ui.tables import Column, Link, facts, table
from ui.texts import choice, money, say, t, tn
from workflow.applications import list_applications
from workflow.assignment import list_reviewers
from workflow.calls import get_call
from workflow.eligibility import clear_cases, confirm_clear_cases
from workflow.labels import STATES

MOST_ROWS = 300
here = visit()
heading(t("Applications"), t("Every application with what the rules find in it and what has been confirmed."))
call = get_call(here.house, here.actor, here.call_id)
views = list_applications(here.house, here.actor, here.call_id)
if not views:
    notices.info(t("There are no applications yet. An officer brings them in on the page Import."))
    st.stop()

search, state, theme, language = st.columns([2, 1, 1, 1])
words = search.text_input(t("Search"), placeholder=t("Case number, applicant or project"))
states = state.multiselect(
    t("State"), sorted({v.state for v in views}), format_func=choice(STATES), placeholder=t("All"), select_all=False
)
names = {v.application.theme: v.application.theme for v in views} | {i.id: say(i.name) for i in call.themes}
themes = theme.multiselect(
    t("Theme"),
    sorted({v.application.theme for v in views}),
    format_func=lambda key: names[key],
    placeholder=t("All"),
    select_all=False,
)
languages = language.multiselect(
    t("Language of service"), ["fi", "sv"], format_func=language_name, placeholder=t("All"), select_all=False
)
shown = [
    v
    for v in views
    if words.casefold() in f"{v.case_number} {v.application.coordinator.name} {v.application.project_name}".casefold()
    and (not states or v.state in states)
    and (not themes or v.application.theme in themes)
    and (not languages or v.application.language in languages)
]
table(
    tn("{n} application", "{n} applications", len(shown)),
    [
        Column(t("Case number")),
        Column(t("Coordinating applicant")),
        Column(t("Project")),
        Column(t("Theme")),
        Column(t("Language")),
        Column(t("Applied for"), figures=True),
        Column(t("To look at"), figures=True),
        Column(t("State")),
    ],
    [
        [
            Link(v.case_number, "application", (("call", here.call_id), ("case", v.case_number))),
            v.application.coordinator.name,
            v.application.project_name,
            names[v.application.theme],
            language_name(v.application.language),
            money(v.application.applied),
            str(sum(f.outcome != "met" for f in v.findings)),
            state_badge(v.state),
        ]
        for v in shown[:MOST_ROWS]
    ],
)
if len(shown) > MOST_ROWS:
    notices.caption(t("The first {n} are shown. Narrow the list with the search.", n=MOST_ROWS))

clear = clear_cases(views)
if clear and is_open(here, can_confirm_eligibility):
    section(t("Confirm the clear ones"))
    st.write(
        tn(
            "{n} application waits in which every rule is met.",
            "{n} applications wait in which every rule is met.",
            len(clear),
        )
    )
    with st.form("clear", border=False):
        reason = st.text_input(t("Reason"), value=t("All the conditions of the call are met."), max_chars=5000)
        if st.form_submit_button(t("Confirm as eligible"), type="primary"):
            with refusals_shown():
                cases = [v.case_number for v in clear]
                done = confirm_clear_cases(here.house, here.actor, here.call_id, cases, reason)
                flash(
                    tn(
                        "{n} application was confirmed as eligible.",
                        "{n} applications were confirmed as eligible.",
                        done,
                    )
                )
                st.rerun()

if can_assign(here.actor):
    section(t("Reviewers"))
    table(
        t("Reviewers and their load in this call"),
        [Column(t("Reviewer")), Column(t("Assigned"), figures=True), Column(t("Reviews submitted"), figures=True)],
        [[r.name, str(r.assigned), str(r.submitted)] for r in list_reviewers(here.house, here.actor, here.call_id)],
    )
    facts([(t("Assignment"), Link(t("Assignment"), "assignment", (("call", here.call_id),)))])
