"""One review: the application on one side, the criteria on the other, saved as you go."""

import streamlit as st

from ui.application_view import show_application
from ui.look import heading
from ui.review_form import conflict_form, review_form
from ui.session import refusals_shown, visit
from ui.tables import Link, facts
from ui.texts import t
from workflow.reviewing import my_queue, open_review

here = visit()
case = st.query_params.get("case", "")
if not case:
    waiting = [i for i in my_queue(here.house, here.actor, here.call_id) if i.state in ("not_started", "draft")]
    if not waiting:
        heading(t("Review"))
        st.info(t("You have no reviews left in this call."))
        st.stop()
    case = waiting[0].case_number
with refusals_shown():
    form = open_review(here.house, here.actor, here.call_id, case)
    heading(form.application.project_name, f"{case} · {form.application.coordinator.name}", form.application.language)
    facts([(t("Back"), Link(t("My reviews"), "reviews", (("call", here.call_id),)))])
    text, criteria = st.columns([3, 2], gap="large")
    with text:
        show_application(form.call, form.application, form.changed)
    with criteria:
        review_form(here, form, case)
        if not form.submitted:
            conflict_form(here, case)
