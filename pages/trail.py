"""The log: who did what and when, before and after."""

import streamlit as st

from ui.labels import log_value
from ui.look import heading
from ui.session import visit
from ui.tables import Column, Link, table
from ui.texts import moment, say, t
from workflow.calls import get_call
from workflow.labels import ACTIONS, FIELDS
from workflow.trail import TrailEntry, get_trail

PAGE = 200
here = visit()
heading(t("Log"), t("Every change with who made it, when, and what was before. Entries cannot be changed or removed."))
skipped = st.session_state.get("trail-skip", 0)
entries = get_trail(here.house, here.actor, here.call_id, PAGE, skipped)
criteria = {c.id: c.name for c in get_call(here.house, here.actor, here.call_id).criteria} if here.call_id else {}


def _changes(entry: TrailEntry) -> str:
    parts = [
        (say(FIELDS[field]) if field in FIELDS else field, *(log_value(field, value, criteria) for value in (old, new)))
        for field, old, new in entry.changes
    ]
    return "; ".join(f"{field}: {old} → {new}" if old else f"{field}: {new}" for field, old, new in parts)


def _case(entry: TrailEntry) -> Link | str:
    if not entry.case_number:
        return "–"
    return Link(entry.case_number, "application", (("call", here.call_id), ("case", entry.case_number)))


table(
    t("Changes, the newest first"),
    [
        Column(t("Number"), figures=True),
        Column(t("When")),
        Column(t("Who")),
        Column(t("Action")),
        Column(t("Case number")),
        Column(t("What changed"), wide=True),
    ],
    [
        [
            "–" if e.number is None else str(e.number),
            moment(e.at),
            e.who,
            say(ACTIONS[e.action]) if e.action in ACTIONS else e.action,
            _case(e),
            _changes(e),
        ]
        for e in entries
    ],
)
older, newest = st.columns(2)
if entries and older.button(t("Show older entries")):
    st.session_state["trail-skip"] = skipped + len(entries)
    st.rerun()
if skipped and newest.button(t("Show the newest entries")):
    del st.session_state["trail-skip"]
    st.rerun()
