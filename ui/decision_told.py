"""What a decision tells: what a later one changes, the frozen reasons of every application, and what was given back."""

from collections.abc import Sequence

import streamlit as st

from decisions.words import STATUS
from ui import notices
from ui.decision_state import MOST_SHOWN, begin
from ui.session import Visit
from ui.tables import Cell, Column, Pair, Quote, prose, table
from ui.texts import language, moment, money, say, t
from workflow.decision_summary import Granted, Summary
from workflow.decisions import Decision


def show_changes(summary: Summary) -> None:
    """What a later decision changes of each application, before and after; of a great many the first."""
    if len(summary.changes) > MOST_SHOWN:
        notices.caption(t("The first {n} are shown. All of them are in the decision workbook.", n=MOST_SHOWN))
    rows: list[list[Cell]] = [
        [
            one.case_number,
            Pair(one.project, one.applicant),
            begin(say(STATUS[one.status_before])),
            begin(say(STATUS[one.status_after])),
            money(one.before),
            money(one.after),
            Quote(one.reason, one.language),
        ]
        for one in summary.changes[:MOST_SHOWN]
    ]
    table(
        t("Applications that the decision changes"),
        [
            Column(t("Case number")),
            Column(t("Project and applicant"), wide=True),
            Column(t("Status before")),
            Column(t("Status after")),
            Column(t("Granted before"), figures=True),
            Column(t("Granted after"), figures=True),
            Column(t("Why"), wide=True),
        ],
        rows,
    )


def show_told(here: Visit, summary: Summary) -> None:
    """The frozen reasons, folded: of the application that the address asks for, or of every one of them."""
    by_case = {one.case_number: one for one in summary.applications}
    asked, key = st.query_params.get("case", ""), f"told-{here.call_id}-{language()}"
    st.session_state[key] = asked if asked in by_case else ""
    with st.expander(t("Reasons of every application ({n})", n=len(by_case)), expanded=asked in by_case):
        chosen = st.selectbox(
            t("Application"),
            ["", *by_case],
            key=key,
            format_func=lambda case: f"{case} {by_case[case].project}" if case else t("All applications"),
            on_change=lambda: st.query_params.update({"case": st.session_state[key]}),
            placeholder=t("Choose"),
        )
        if not chosen and len(by_case) > MOST_SHOWN:
            notices.caption(t("The first {n} are shown. Choose one above to see another.", n=MOST_SHOWN))
        for one in [by_case[chosen]] if chosen else summary.applications[:MOST_SHOWN]:
            show_reasons_of(one)


def show_reasons_of(one: Granted) -> None:
    """The frozen reasons of one application, in the language of its letter, under what was decided on it."""
    status = begin(say(STATUS[one.status]))
    title = f"{one.case_number} · {one.project} · {status} · {money(one.granted)}"
    prose(title, one.reasons, lang=one.language)


def given_back(found: Sequence[Decision]) -> Decision | None:
    """The newest proposal of the call, if it was given back or taken back and nothing came after it."""
    return found[-1] if found and found[-1].state in ("returned", "cancelled") else None


def show_given_back(one: Decision) -> None:
    """Who gave a proposal back or took it back, when and why."""
    if one.state == "returned":
        notices.warning(
            t(
                "{who} gave the proposal of decision {n} back on {moment}: {why}",
                who=one.closed_by,
                n=one.number,
                moment=moment(one.closed_at),
                why=one.note,
            )
        )
        return
    said = t(
        "{who} took the proposal of decision {n} back on {moment}.",
        who=one.closed_by,
        n=one.number,
        moment=moment(one.closed_at),
    )
    notices.info(t("{said} Why: {why}", said=said, why=one.note) if one.note else said)
