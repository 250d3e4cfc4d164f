"""Conflicts of interest on the screen: one's own, and those an officer records."""

import streamlit as st

from ui.labels import CONFLICTS
from ui.session import Visit, flash, refusals_shown
from ui.tables import Column, table
from ui.texts import choice, say, t
from workflow.applications import ApplicationDetails
from workflow.conflicts import declare_conflict, list_people, record_conflict


def own_conflict_form(here: Visit, case: str, leave_for: str) -> None:
    """Declare one's own conflict of interest; the application is then closed, and ``leave_for`` is shown."""
    with st.expander(t("Conflict of interest")):
        st.write(t("If a ground below applies to you, declare it. The application is then closed to you."))
        with st.form("conflict", border=False):
            kind = st.radio(t("Ground"), list(CONFLICTS), index=None, format_func=choice(CONFLICTS))
            note = st.text_input(t("More about it"), max_chars=1000)
            if st.form_submit_button(t("Declare the conflict of interest")):
                with refusals_shown():
                    declare_conflict(here.house, here.actor, here.call_id, case, kind or "", note)
                    flash(t("The conflict of interest was declared."))
                    st.query_params.clear()
                    st.switch_page(leave_for)


def others_conflicts(here: Visit, details: ApplicationDetails) -> None:
    """Who is disqualified from the application, and a form for the officer to record one more."""
    if details.conflicts:
        table(
            t("Disqualified from this application"),
            [Column(t("Name")), Column(t("Ground"))],
            [[name, say(CONFLICTS[kind])] for name, kind in details.conflicts],
        )
    people = dict(list_people(here.house, here.actor))
    with st.expander(t("Record somebody's conflict of interest")), st.form("record-conflict", border=False):
        person = st.selectbox(
            t("Person"), list(people), index=None, format_func=lambda i: people[i], placeholder=t("Choose")
        )
        kind = st.selectbox(
            t("Ground"), list(CONFLICTS), index=None, format_func=choice(CONFLICTS), placeholder=t("Choose")
        )
        note = st.text_input(t("More about it"), max_chars=1000)
        if st.form_submit_button(t("Record the conflict of interest")):
            with refusals_shown():
                case = details.view.case_number
                record_conflict(here.house, here.actor, here.call_id, case, person or 0, kind or "", note)
                flash(t("The conflict of interest was recorded."))
                st.rerun()
