"""Offline form: download a workbook, fill it in, upload it; it is checked first and saved as drafts."""

import streamlit as st

from ui import notices
from ui.look import heading, section
from ui.offline_form import PLAN, checked_plan, choose_stale, show_download, show_faults, show_notes, show_plan
from ui.session import flash, refusals_shown, visit
from ui.tables import Link, facts
from ui.texts import t, tn
from workflow.errors import Conflicting
from workflow.offline import execute_form, offer_form

ROUND = "offline-round"
here = visit()
heading(
    t("Offline form"),
    t("Review in Excel or LibreOffice. The form is checked before anything is saved, and nothing is submitted by it."),
)
offer = None
with refusals_shown():
    offer = offer_form(here.house, here.actor, here.call_id)
if offer is None:
    st.stop()

section(t("1. Download the form"))
show_download(here, offer)

section(t("2. Fill it in"))
st.markdown(
    t(
        "Each application has a sheet of its own. Choose the levels from the lists, write the reasons, and save the "
        "workbook. The form holds the texts of applications: delete it when you no longer need it."
    )
)

section(t("3. Upload it to be checked"))
# A new key empties the box once its form has been saved.
turn = st.session_state.setdefault(ROUND, 0)
given = st.file_uploader(
    t("Filled-in review form (.xlsx, at most 20 MB)"), type=["xlsx"], max_upload_size=20, key=f"offline-file-{turn}"
)
if given is None:
    st.session_state.pop(PLAN, None)
    facts([(t("Saved drafts"), Link(t("My reviews"), "reviews", (("call", here.call_id),)))])
    st.stop()
plan = checked_plan(here, given.name, given.getvalue(), given.file_id)
if plan is None:
    st.stop()
show_plan(plan, here.call_id)
show_faults(plan)

section(t("4. Save as drafts"))
taken = choose_stale(plan, given.file_id)
ready = len(plan.of("change")) + len(taken)
notices.caption(
    tn("{n} review is saved as a draft.", "{n} reviews are saved as drafts.", ready)
    + " "
    + t("Nothing is submitted: you submit each review on its own page.")
)
if st.button(t("Save the good rows as drafts"), type="primary", icon=":material/save:", disabled=not ready):
    with refusals_shown():
        try:
            done = execute_form(here.house, here.actor, plan, taken)
        except Conflicting:
            # What was shown is no longer so: the next run checks the file anew.
            st.session_state.pop(PLAN, None)
            st.button(t("Check the form again"), icon=":material/refresh:")
            raise
        st.session_state[ROUND] = turn + 1
        saved = tn("{n} review was saved as a draft.", "{n} reviews were saved as drafts.", len(done.saved))
        left = tn("{n} was left as it was.", "{n} were left as they were.", len(done.left)) if done.left else ""
        flash(f"{saved} {left}".strip())
        st.rerun()
show_notes(plan)
