"""The deadline of the reviews: a day and a time of day in Finland."""

from datetime import UTC, datetime, time

import streamlit as st

from locales import HELSINKI
from ui.session import Visit, flash, refusals_shown
from ui.texts import t
from workflow.phases import Stage, set_review_deadline

END_OF_OFFICE = time(16, 15)


def deadline_form(here: Visit, stage: Stage) -> None:
    """Set until when reviews are awaited, or take the deadline away."""
    present = stage.review_deadline.astimezone(HELSINKI) if stage.review_deadline else None
    with st.form("deadline", border=False):
        day_field, time_field = st.columns(2)
        day = day_field.date_input(t("Day"), value=present.date() if present else None, format="DD.MM.YYYY")
        hour = time_field.time_input(t("Time, Finland"), value=present.time() if present else END_OF_OFFICE)
        if st.form_submit_button(t("Save the deadline")):
            chosen = None if day is None else datetime.combine(day, hour, HELSINKI).astimezone(UTC)
            with refusals_shown():
                set_review_deadline(here.house, here.actor, here.call_id, chosen, stage.version)
                flash(t("The deadline was saved.") if chosen else t("The reviews have no deadline now."))
                st.rerun()
