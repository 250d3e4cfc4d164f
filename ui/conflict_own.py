"""One's own declarations: the parties of every application, and whether one has a conflict of interest in it."""

import streamlit as st

from locales import Message, msg
from ui import notices
from ui.conflict_form import case_choice, evidence_words, ground_choice
from ui.session import Visit, flash, refusals_shown
from ui.tables import Badge, Cell, Column, Link, Pair, table
from ui.texts import choice, say, t, tn
from workflow.abstaining import declare_impartial
from workflow.conflicts import declare_conflict
from workflow.declarations import Declaration

_MOST_ROWS = 300
_STATES: dict[str, Message] = {
    "open": msg("Nothing declared"),
    "impartial": msg("No conflict of interest"),
    "conflict": msg("Conflict of interest"),
}


def own_part(here: Visit, rows: list[Declaration], writable: bool) -> None:
    """The parties of every application with the own state, and the two ways to declare."""
    search, state = st.columns([2, 1])
    words = search.text_input(t("Search"), placeholder=t("Case number, applicant, partner or project"))
    states = state.multiselect(
        t("State"), list(_STATES), format_func=choice(_STATES), placeholder=t("All"), select_all=False
    )
    shown = [
        row
        for row in rows
        if words.casefold()
        in f"{row.case_number} {row.applicant} {' '.join(row.partners)} {row.project_name}".casefold()
        and (not states or row.state in states)
    ]
    table(
        tn("{n} application", "{n} applications", len(shown)),
        [
            Column(t("Case number")),
            Column(t("Coordinating applicant")),
            Column(t("Partners"), wide=True),
            Column(t("Project"), wide=True),
            Column(t("Your declaration")),
        ],
        [_cells(here, row) for row in shown[:_MOST_ROWS]],
    )
    if len(shown) > _MOST_ROWS:
        notices.caption(t("The first {n} are shown. Narrow the list with the search.", n=_MOST_ROWS))
    if writable:
        _declare(here, rows)
        _no_conflict(here, rows)


def _state(row: Declaration) -> Cell:
    if row.state == "open" and row.evidence:
        return Pair(t("To consider"), evidence_words(row.evidence))
    if row.state == "open" and row.assigned:
        return Badge(t("To be declared"), "warn")
    return Badge(say(_STATES[row.state]), "good" if row.state == "impartial" else "calm")


def _case(here: Visit, row: Declaration) -> Cell:
    way = (("call", here.call_id), ("case", row.case_number))
    return Link(row.case_number, "review", way) if row.assigned else row.case_number


def _cells(here: Visit, row: Declaration) -> list[Cell]:
    if row.state == "conflict":
        return [row.case_number, "–", "–", "–", _state(row)]
    return [_case(here, row), row.applicant, ", ".join(row.partners) or "–", row.project_name, _state(row)]


def _declare(here: Visit, rows: list[Declaration]) -> None:
    cases = {
        r.case_number: f"{r.case_number} · {r.applicant} · {r.project_name}" for r in rows if r.state != "conflict"
    }
    if not cases:
        return
    with (
        st.expander(t("Declare a conflict of interest")),
        st.form("declare", border=False, clear_on_submit=False),
    ):
        case = case_choice(cases, "declare-case")
        kind = ground_choice("declare-ground")
        note = st.text_input(t("More about it"), max_chars=1000)
        if st.form_submit_button(t("Declare the conflict of interest")):
            with refusals_shown():
                if case is None:
                    notices.error(t("Choose the application."))
                    return
                declare_conflict(here.house, here.actor, here.call_id, case, kind or "", note)
                flash(t("The conflict of interest was declared."))
                st.rerun()


def _no_conflict(here: Visit, rows: list[Declaration]) -> None:
    waiting = [r.case_number for r in rows if r.assigned and r.state == "open" and not r.evidence]
    if not waiting:
        return
    st.write(
        tn(
            "{n} application assigned to you waits for your declaration.",
            "{n} applications assigned to you wait for your declaration.",
            len(waiting),
        )
    )
    if st.button(t("I have no conflict of interest in the others assigned to me"), type="primary"):
        with refusals_shown():
            done = declare_impartial(here.house, here.actor, here.call_id, waiting)
            flash(tn("Declared for {n} application.", "Declared for {n} applications.", done))
            st.rerun()
