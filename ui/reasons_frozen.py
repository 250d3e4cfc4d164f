"""The reasons once they are frozen: those of the decision in force, read only; and where they are while drafts are shown."""

import streamlit as st

from decisions.words import STATUS
from ui import notices
from ui.decision_now import standing
from ui.decision_state import begin, name_of
from ui.decision_told import show_reasons_of
from ui.labels import language_name
from ui.look import heading
from ui.session import Visit, refusals_shown
from ui.tables import Cell, Column, Link, facts, table
from ui.texts import money, say, t
from workflow.decision_summary import Summary, get_summary
from workflow.decisions import Decision


def show_frozen(here: Visit, case: str) -> bool:
    """The reasons of the decision in force; False, and nothing shown, before there is one and when drafts are asked for."""
    in_force = standing(here).in_force
    if in_force is None or st.query_params.get("stage") == "draft" or "phrase" in st.query_params:
        return False
    with refusals_shown(t("Reasons")):
        summary = get_summary(here.house, here.actor, here.call_id, in_force.id)
        lead = t("The reasons of the decision in force. They are frozen and are not changed here.")
        heading(t("Reasons of {case}", case=case) if case else t("Reasons"), lead)
        drafts = (("call", here.call_id), ("stage", "draft"), *((("case", case),) if case else ()))
        rows: list[tuple[str, Cell]] = [
            (t("Decision"), _to_decision(here, in_force)),
            (t("Drafts"), Link(t("Today's drafts and phrases"), "reasons", drafts)),
        ]
        if case:
            _one(here, summary, case, rows)
        else:
            facts(rows)
            _list(here, summary)
    return True


def show_where_frozen(here: Visit) -> None:
    """Above the drafts: that a proposal or a decision holds reasons of its own, and where they are read."""
    current = standing(here).current
    if current is None:
        return
    if current.state == "proposed":
        notices.info(
            t("Decision {n} is proposed and frozen. What you change here does not enter it.", n=current.number)
        )
    else:
        notices.info(t("These are today's drafts. The reasons of the decision in force are frozen."))
    facts([(t("Frozen reasons"), _to_decision(here, current))])


def _to_decision(here: Visit, one: Decision) -> Link:
    return Link(name_of(one), "decide", (("call", here.call_id), ("part", "decision")))


def _one(here: Visit, summary: Summary, case: str, rows: list[tuple[str, Cell]]) -> None:
    one = next((one for one in summary.applications if one.case_number == case), None)
    if one is None:
        notices.error(t("There is no application {case} in this call that you can see.", case=case))
        return
    facts(
        [
            (t("Status of the application"), begin(say(STATUS[one.status]))),
            (t("Granted"), money(one.granted)),
            (t("Language of service"), language_name(one.language)),
            (t("Application"), Link(case, "application", (("call", here.call_id), ("case", case)))),
            *rows,
            (t("List"), Link(t("Reasons"), "reasons", (("call", here.call_id),))),
        ]
    )
    show_reasons_of(one)


def _list(here: Visit, summary: Summary) -> None:
    rows: list[list[Cell]] = [
        [
            Link(one.case_number, "reasons", (("call", here.call_id), ("case", one.case_number))),
            one.applicant,
            one.project,
            begin(say(STATUS[one.status])),
            money(one.granted),
            language_name(one.language),
        ]
        for one in summary.applications
    ]
    table(
        t("Reasons of the applications"),
        [
            Column(t("Case number")),
            Column(t("Applicant")),
            Column(t("Project"), wide=True),
            Column(t("Status of the application")),
            Column(t("Granted"), figures=True),
            Column(t("Language of service")),
        ],
        rows,
    )
