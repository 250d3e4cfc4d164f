"""Reviewers: who gives the same applications more or less than the reviewers on average, and use of the scale."""

import streamlit as st

from ui import notices
from ui.look import heading, section
from ui.reviewers_view import show_deviations, show_states, show_table, show_use, show_what_it_is_for
from ui.session import visit
from ui.tables import Link, facts
from ui.texts import t
from workflow.calls import get_call
from workflow.panel_reviewers import get_reviewer_statistics
from workflow.ranking import is_partial

here = visit()
heading(
    t("Reviewers"),
    t("Who gives the same applications more or less than the reviewers on average, and how each uses the scale."),
)
call = get_call(here.house, here.actor, here.call_id)
statistics = get_reviewer_statistics(here.house, here.actor, here.call_id)
way = (("call", here.call_id),)
facts(
    [
        (t("Back"), Link(t("Ranking"), "ranking", way)),
        (t("See also"), Link(t("Agreement"), "agreement", way)),
    ]
)
if is_partial(here.house, here.actor, here.call_id):
    notices.info(
        t(
            "Applications with a conflict of interest of yours, or a review you have still to submit, are left out. The figures are those of the others."
        )
    )
show_states(statistics)
if not statistics.rows:
    st.stop()
section(t("Deviation from the reviewers on average"))
show_deviations(statistics)
show_table(call, statistics)
show_what_it_is_for()
section(t("Use of the scale"))
show_use(statistics)
