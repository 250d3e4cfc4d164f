"""The officer's form: outcome, reason, and what the outcome needs."""

from datetime import datetime, time, timedelta

import streamlit as st

from calls.definition import CallDefinition
from locales import HELSINKI
from ui.labels import OUTCOMES
from ui.session import Visit, flash, refusals_shown
from ui.tables import Badge, facts
from ui.texts import choice, say, t
from workflow.applications import ApplicationView
from workflow.eligibility import OUTCOMES as RECORDED_OUTCOMES
from workflow.eligibility import confirm_eligibility, draft_request, rests_on_members, withdraw_application

_END_OF_OFFICE_HOURS = time(16, 15)
_USUAL_DAYS = 14


def eligibility_form(here: Visit, call: CallDefinition, view: ApplicationView) -> None:
    """Show the form, with the rules' proposal chosen, and carry it out."""
    facts([(t("The rules propose"), Badge(say(OUTCOMES[view.proposal])))])
    options = list(RECORDED_OUTCOMES)
    outcome = st.radio(
        t("Outcome"),
        options,
        index=options.index(view.proposal),
        format_func=choice(OUTCOMES),
        key=f"outcome-{view.id}-{view.version}",
    )
    deadline, request = None, ""
    if outcome == "supplement_requested":
        today = here.house.clock().astimezone(HELSINKI).date()
        day = st.date_input(t("Deadline"), today + timedelta(days=_USUAL_DAYS), min_value=today, format="DD.MM.YYYY")
        deadline = datetime.combine(day, _END_OF_OFFICE_HOURS, tzinfo=HELSINKI)
        request = st.text_area(
            t("Request to the applicant"),
            draft_request(call, view, deadline),
            height=260,
            key=f"request-{view.id}-{view.version}-{day.isoformat()}",
        )
    members = False
    if outcome == "eligible" and rests_on_members(view):
        members = st.checkbox(t("The stated members of the joint municipal authority take part in the project"))
    reason = st.text_area(t("Reason"), height=100, key=f"reason-{view.id}-{view.version}")
    if st.button(t("Confirm"), type="primary"):
        with refusals_shown():
            confirm_eligibility(
                here.house,
                here.actor,
                here.call_id,
                view.case_number,
                version=view.version,
                outcome=outcome,
                reason=reason,
                members_confirmed=members,
                deadline=deadline,
                request_text=request,
            )
            flash(t("The confirmation was recorded."))
            st.rerun()


def withdrawal_form(here: Visit, view: ApplicationView) -> None:
    """Record that the applicant withdrew the application."""
    with st.expander(t("Withdrawal by the applicant")), st.form("withdraw", border=False):
        reason = st.text_input(t("How and when the applicant withdrew it"), max_chars=5000)
        if st.form_submit_button(t("Record the withdrawal")):
            with refusals_shown():
                withdraw_application(here.house, here.actor, here.call_id, view.case_number, reason)
                flash(t("The withdrawal was recorded."))
                st.rerun()
