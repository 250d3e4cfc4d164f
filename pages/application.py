"""One application: its whole text, the findings, the officer's confirmation, its reviewers."""

import streamlit as st

from access.permissions import (
    can_assign,
    can_attach,
    can_confirm_eligibility,
    can_declare_conflict,
    can_record_conflict,
    can_see_all_scores,
)
from ui import notices
from ui.application_view import show_application, show_decisions, show_findings, show_versions
from ui.attachments import show_attachments
from ui.conflict_form import others_conflicts, own_conflict_form
from ui.decision_now import decided_facts
from ui.eligibility_form import eligibility_form, withdrawal_form
from ui.labels import state_badge
from ui.look import heading, section
from ui.others_reviews import reviews_section
from ui.phase import is_open
from ui.session import flash, refusals_shown, visit
from ui.tables import Cell, Link, facts
from ui.texts import moment, money, t
from workflow.applications import get_application
from workflow.assignment import assign_reviewers, list_reviewers
from workflow.calls import get_call

here = visit()
case = st.query_params.get("case", "")
if not case:
    heading(t("Application"))
    notices.info(t("Choose an application from the list."))
    facts([(t("List"), Link(t("Applications"), "applications", (("call", here.call_id),)))])
    st.stop()
call = get_call(here.house, here.actor, here.call_id)
with refusals_shown(t("Application")):
    details = get_application(here.house, here.actor, here.call_id, case)
    view = details.view
    heading(
        view.application.project_name,
        f"{view.case_number} · {view.application.coordinator.name}",
        view.application.language,
    )
    costs = Link(money(view.accepted_costs), "costs", (("call", here.call_id), ("case", case)))
    stands: list[tuple[str, Cell]] = [
        (t("State"), state_badge(view.state)),
        (t("Version"), str(view.version)),
        (t("Accepted costs"), costs),
    ]
    facts([*decided_facts(here, case), *stands])
    text, handling = st.columns([5, 4], gap="large")
    with text:
        show_application(call, view.application, view.changed)
        show_attachments(here, case, change=is_open(here, can_attach))
    with handling:
        section(t("Findings"))
        show_findings(view)
        if is_open(here, can_confirm_eligibility) and view.state != "withdrawn":
            section(t("Confirmation"))
            eligibility_form(here, call, view)
            withdrawal_form(here, view)
        if view.withdrawn_at is not None:
            facts([(t("Withdrawn"), moment(view.withdrawn_at)), (t("Reason"), view.withdrawal_reason)])
        show_versions(details)
        show_decisions(details)
        if is_open(here, can_assign) and (view.eligible or details.reviewers):
            section(t("Reviewers"))
            loads = {r.id: r for r in list_reviewers(here.house, here.actor, here.call_id)}
            loads_text = {
                i: t("{name} ({n} assigned)", name=r.name, n=r.assigned)
                if r.active
                else t("{name} (cannot sign in)", name=r.name)
                for i, r in loads.items()
            }
            now = [i for i, _ in details.reviewers if i in loads]
            with st.form("reviewers", border=False):
                wanted = st.multiselect(
                    t("Reviewers of this application"),
                    list(loads),
                    default=now,
                    format_func=lambda i: loads_text[i],
                    placeholder=t("Choose"),
                    select_all=False,
                )
                if st.form_submit_button(t("Save the reviewers")):
                    with refusals_shown():
                        assign_reviewers(here.house, here.actor, here.call_id, view.id, wanted)
                        flash(t("The reviewers were saved."))
                        st.rerun()
        section(t("Conflicts of interest"))
        if can_record_conflict(here.actor):
            others_conflicts(here, details, change=is_open(here, can_record_conflict))
        if is_open(here, can_declare_conflict):
            own_conflict_form(here, case, "applications.py")
    if can_see_all_scores(here.actor) and view.eligible:
        reviews_section(here, call, case)
