"""One review: the application on one side, the criteria on the other, saved as you go."""

import streamlit as st

from access.permissions import can_declare_conflict
from ui import notices
from ui.application_view import show_application
from ui.attachments import show_attachments
from ui.conflict_form import own_conflict_form
from ui.declaration import abstain_form, show_declaration
from ui.look import heading
from ui.others_reviews import history, reviews_section
from ui.phase import is_open
from ui.review_form import review_form
from ui.session import refusals_shown, visit
from ui.tables import Cell, Link, facts
from ui.texts import t
from workflow.review_queue import next_open
from workflow.reviewing import DeclarationNeeded, open_review

here = visit()
case = st.query_params.get("case", "")
if not case:
    case = next_open(here.house, here.actor, here.call_id) or ""
    if not case:
        heading(t("Review"))
        notices.info(t("You have no reviews left in this call."))
        st.stop()
with refusals_shown(t("Review")):
    try:
        form = open_review(here.house, here.actor, here.call_id, case)
    except DeclarationNeeded as needed:
        show_declaration(here, needed)
        st.stop()
    heading(form.application.project_name, f"{case} · {form.application.coordinator.name}", form.application.language)
    ways: list[tuple[str, Cell]] = [(t("Back"), Link(t("My reviews"), "reviews", (("call", here.call_id),)))]
    if following := next_open(here.house, here.actor, here.call_id, case):
        ways.append((t("Next"), Link(following, "review", (("call", here.call_id), ("case", following)))))
    facts(ways)
    text, criteria = st.columns([3, 2], gap="large")
    with text:
        show_application(form.call, form.application, form.changed)
        show_attachments(here, case)
    with criteria:
        review_form(here, form, case)
        if form.writable and not form.submitted:
            abstain_form(here, case)
        if is_open(here, can_declare_conflict):
            own_conflict_form(here, case, "reviews.py")
    history(here, form.call, case, here.actor.id, here.actor.name)
    if form.submitted:
        reviews_section(here, form.call, case)
