"""Import: template out, workbook in, every fault shown, nothing taken before it is confirmed."""

import streamlit as st

from access.permissions import can_import
from ui import notices
from ui.import_view import show_faults, show_plan, show_warnings
from ui.look import heading, section
from ui.phase import closed_notice, is_open
from ui.session import flash, refusals_shown, visit
from ui.texts import language, t, tn
from workflow.intake import FileRefused, execute_import, plan_import, rows_to_mend, template

here = visit()
heading(
    t("Import"),
    t(
        "Applications come in as a workbook or a CSV file. The file is checked first; nothing is taken until you say so."
    ),
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
st.download_button(
    t("Download the template"),
    template(here.house, here.actor, here.call_id, language()),
    file_name=f"{t('application-template')}-{here.call_id}.xlsx",
    mime=XLSX,
    icon=":material/download:",
)
if not is_open(here, can_import):
    closed_notice(here, can_import)
    st.stop()
given = st.file_uploader(
    t("Workbook of applications (.xlsx or .csv, at most 20 MB and 5,000 rows)"),
    type=["xlsx", "csv"],
    max_upload_size=20,
)
if given is None:
    st.stop()
plan = None
try:
    with refusals_shown(), st.spinner(t("Checking the file")):
        plan = plan_import(here.house, here.actor, here.call_id, given.getvalue(), given.name)
except FileRefused as refused:
    notices.error(t("The file was refused, and nothing was taken. {why}", why=refused.message), icon=":material/block:")
if plan is None:
    st.stop()

section(t("What the file holds"))
show_plan(plan)
show_warnings(plan)
if plan.changes_nothing:
    notices.info(
        t("Every row is here already as it stands in the file. Importing changes nothing."), icon=":material/info:"
    )
    st.stop()
accept = False
if plan.count("differs"):
    accept = st.checkbox(t("Take the rows that differ as new versions although no supplement was requested"))
if plan.faults:
    show_faults(plan)
    st.download_button(
        t("Download the faulty rows to mend"),
        rows_to_mend(here.house, here.actor, plan, language()),
        file_name=f"{t('rows-to-mend')}-{here.call_id}.xlsx",
        mime=XLSX,
        icon=":material/build:",
    )
ready = plan.count("new") + plan.count("answer") + (plan.count("differs") if accept else 0)
if not ready:
    notices.info(t("There is nothing to take in the file."))
    st.stop()
label = (
    tn("Take {n} good row", "Take {n} good rows", ready) if plan.faults else tn("Take {n} row", "Take {n} rows", ready)
)
if st.button(label, type="primary", icon=":material/check:"):
    with refusals_shown():
        execute_import(here.house, here.actor, plan, take_good=True, accept_changes=accept)
        flash(tn("{n} application was taken.", "{n} applications were taken.", ready))
        st.rerun()
