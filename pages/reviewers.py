"""Reviewers: who gives more or less than the others to the same applications, and how each uses the scale."""

import streamlit as st

from ui import notices
from ui.look import heading, section
from ui.reviewers_view import show_deviations, show_states, show_table, show_use, show_what_it_is_for
from ui.session import visit
from ui.tables import Link, facts
from ui.texts import t
from workflow.panel_reviewers import get_reviewer_statistics
from workflow.ranking import is_partial

here = visit()
heading(
    t("Reviewers"),
    t("Who gives more or less than the others to the same applications, and how each reviewer uses the scale."),
)
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
section(t("Deviation from the others"))
show_deviations(statistics)
show_table(statistics)
show_what_it_is_for()
section(t("Use of the scale"))
show_use(statistics)
