"""The log: who did what and when, old and new."""

import json

import streamlit as st

from ui.look import heading
from ui.session import visit
from ui.tables import Column, table
from ui.texts import moment, t
from workflow.trail import get_trail

here = visit()
heading(t("Log"), t("Every change with who made it, when, and what was before. Entries cannot be changed or removed."))
entries = get_trail(here.house, here.actor, here.call_id, before=st.session_state.get("trail-before"))


def _short(row: object) -> str:
    text = "" if row is None else json.dumps(row, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 160 else text[:157] + "…"


table(
    t("Changes, the newest first"),
    [
        Column(t("Number"), figures=True),
        Column(t("When")),
        Column(t("Who")),
        Column(t("Action")),
        Column(t("Before")),
        Column(t("After")),
    ],
    [[str(e.id), moment(e.at), e.actor_name, e.action, _short(e.old), _short(e.new)] for e in entries],
)
if entries and st.button(t("Show older entries")):
    st.session_state["trail-before"] = entries[-1].id
    st.rerun()
if st.session_state.get("trail-before") and st.button(t("Show the newest entries")):
    del st.session_state["trail-before"]
    st.rerun()
