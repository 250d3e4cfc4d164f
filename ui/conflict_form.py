"""Conflicts of interest on the screen: one's own, and those an officer records."""

from collections.abc import Mapping, Sequence

import streamlit as st

from locales import Message, msg
from ui import notices
from ui.labels import CONFLICTS
from ui.session import Visit, flash, refusals_shown
from ui.tables import Column, table
from ui.texts import choice, say, t
from workflow.applications import ApplicationDetails
from workflow.conflicts import declare_conflict, list_people, record_conflict

GROUNDS: Mapping[str, Message] = {
    "party_or_relative": msg("The applicant or a partner is you or somebody close to you."),
    "representation": msg(
        "You or somebody close to you assists or represents a party, or somebody whom the decision can be expected to "
        "bring a particular gain or loss."
    ),
    "benefit_or_loss": msg(
        "The decision can be expected to bring you or somebody close to you a particular gain or loss."
    ),
    "employment": msg(
        "You are employed by the applicant or a partner, or have a commission from them that concerns this matter."
    ),
    "board_membership": msg(
        "You or somebody close to you is on the board, the supervisory board or a comparable organ of a party, or is "
        "its managing director."
    ),
    "guidance_supervision": msg(
        "You or somebody close to you is on the governing body of an agency or institution, and the matter concerns "
        "its guidance or supervision."
    ),
    "other": msg(
        "Confidence in your impartiality is endangered, for example because you helped to prepare the application."
    ),
}
"""The grounds in plain words: Administrative Procedure Act (434/2003), section 28, subsection 1."""


def ground_choice(key: str) -> str | None:
    """Choose a ground, each with its plain words; who is close: section 28, subsections 2 and 3."""
    notices.caption(
        t(
            "Close to you are your spouse, child, grandchild, sister, brother, parent, grandparent, whoever else is "
            "especially close, and their spouses. In the first two grounds also your parents' sisters and brothers, "
            "your sisters' and brothers' children, a former spouse and the nearest relatives of your spouse."
        )
    )
    return st.radio(
        t("Ground"),
        list(CONFLICTS),
        index=None,
        format_func=choice(CONFLICTS),
        captions=[say(GROUNDS[kind]) for kind in CONFLICTS],
        key=key,
    )


def own_conflict_form(here: Visit, case: str, leave_for: str, *, unfolded: bool = False) -> None:
    """Declare one's own conflict of interest; the application is then closed, and ``leave_for`` is shown."""
    with st.expander(t("Conflict of interest"), expanded=unfolded):
        st.write(t("If a ground below applies to you, declare it. The application is then closed to you."))
        with st.form("conflict", border=False):
            kind = ground_choice("conflict-ground")
            note = st.text_input(t("More about it"), max_chars=1000)
            if st.form_submit_button(t("Declare the conflict of interest")):
                with refusals_shown():
                    declare_conflict(here.house, here.actor, here.call_id, case, kind or "", note)
                    flash(t("The conflict of interest was declared."))
                    st.query_params.clear()
                    st.switch_page(leave_for)


def others_conflicts(here: Visit, details: ApplicationDetails, *, change: bool) -> None:
    """Who is disqualified from the application, and with ``change`` a form for the officer to record one more."""
    if details.conflicts:
        table(
            t("Disqualified from this application"),
            [Column(t("Name")), Column(t("Ground"))],
            [[name, say(CONFLICTS[kind])] for name, kind in details.conflicts],
        )
    if change:
        record_form(here, {details.view.case_number: details.view.case_number})


def record_form(here: Visit, cases: Mapping[str, str]) -> None:
    """Record somebody's conflict of interest; ``cases``: what each case number is shown as, one or many."""
    people = dict(list_people(here.house, here.actor))
    with (
        st.expander(t("Record somebody's conflict of interest")),
        st.form("record-conflict", border=False),
    ):
        case = next(iter(cases)) if len(cases) == 1 else case_choice(cases, "record-case")
        person = st.selectbox(
            t("Person"), list(people), index=None, format_func=lambda i: people[i], placeholder=t("Choose")
        )
        kind = st.selectbox(
            t("Ground"), list(CONFLICTS), index=None, format_func=choice(CONFLICTS), placeholder=t("Choose")
        )
        note = st.text_input(t("More about it"), max_chars=1000, key="record-note")
        if st.form_submit_button(t("Record the conflict of interest")):
            with refusals_shown():
                record_conflict(here.house, here.actor, here.call_id, case or "", person or 0, kind or "", note)
                flash(t("The conflict of interest was recorded."))
                st.rerun()


def case_choice(cases: Mapping[str, str], key: str) -> str | None:
    """Choose one of ``cases``."""
    return st.selectbox(
        t("Application"),
        list(cases),
        index=None,
        format_func=lambda case: cases[case],
        placeholder=t("Choose"),
        key=key,
    )


def evidence_words(evidence: Sequence[Message]) -> str:
    """Why the system proposes a conflict, in sentences."""
    return " ".join(say(sentence) for sentence in evidence)
