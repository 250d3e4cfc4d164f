"""Forms of the assignment: a panel member's particulars, how to distribute, and locked pairs."""

from collections.abc import Sequence

import streamlit as st

from calls.definition import CallDefinition
from ui import notices
from ui.labels import language_name
from ui.session import Visit, flash, refusals_shown
from ui.texts import t
from workflow.assignment import AssignedPair, lock_assignment
from workflow.assignment_plan import Options
from workflow.panel_members import READING, PanelMember, save_member

FEWEST, MOST = 2, 4


def member_form(here: Visit, call: CallDefinition, members: Sequence[PanelMember]) -> None:
    """Set what the assignment goes by for one reviewer."""
    by_id = {member.account_id: member for member in members}
    who = st.selectbox(t("Reviewer"), list(by_id), format_func=lambda i: by_id[i].name, placeholder=t("Choose"))
    if who is None:
        return
    member = by_id[who]
    with st.form(f"member-{who}", border=False):
        takes_part = st.checkbox(t("Takes part in this call"), value=member.takes_part)
        limit = st.text_input(
            t("Largest number of reviews; empty for no limit"),
            value="" if member.largest_load is None else str(member.largest_load),
            max_chars=4,
        )
        languages = st.multiselect(
            t("Reads applications in"),
            list(READING),
            default=[language for language in READING if language in member.languages],
            format_func=language_name,
            placeholder=t("Choose"),
            select_all=False,
        )
        levels = {
            theme.id: st.radio(
                t("Expertise: {theme}", theme=theme.name),
                [0, 1, 2],
                index=member.expertise.get(theme.id, 0),
                format_func=lambda level: {0: t("none"), 1: t("some"), 2: t("good")}[level],
                horizontal=True,
            )
            for theme in call.themes
        }
        if st.form_submit_button(t("Save the particulars")):
            if limit.strip() and not limit.strip().isdecimal():
                notices.error(t("The largest load is a whole number, or empty for no limit. Nothing was saved."))
                return
            with refusals_shown():
                save_member(
                    here.house,
                    here.actor,
                    here.call_id,
                    who,
                    takes_part=takes_part,
                    largest_load=int(limit) if limit.strip() else None,
                    expertise={theme: level for theme, level in levels.items() if level},
                    languages=languages,
                )
                flash(t("The particulars of {name} were saved.", name=member.name))
                st.rerun()


def options_form(call: CallDefinition) -> Options | None:
    """How to distribute; the options once a preview is asked for."""
    usual = call.scoring.reviews_per_application.value
    choices = sorted({*range(FEWEST, MOST + 1), usual})
    with st.form("distribute", border=False):
        reviews = st.radio(
            t("Reviewers per application"), choices, index=choices.index(usual), horizontal=True, format_func=str
        )
        keep = st.radio(
            t("What stays as it is"),
            [True, False],
            format_func=lambda stay: (
                t("Everybody assigned now; only missing reviewers are added")
                if stay
                else t("Only locked pairs and reviews that have been begun")
            ),
        )
        matched = st.radio(
            t("What comes first"),
            [False, True],
            format_func=lambda match: (
                t("Expertise and language, within the largest loads") if match else t("Even loads")
            ),
        )
        language = st.checkbox(t("At least one reviewer reads the application's language"), value=True)
        if st.form_submit_button(t("Preview")):
            return Options(reviews, keep, language, matched)
    return None


def pairs_form(here: Visit, pairs: Sequence[AssignedPair]) -> None:
    """Lock pairs of one application so that a new distribution leaves them, or unlock them."""
    with st.expander(t("Lock or unlock reviewers of an application")):
        cases = list(dict.fromkeys(pair.case_number for pair in pairs))
        case = st.selectbox(t("Application"), cases, placeholder=t("Choose"))
        own = {pair.reviewer_id: pair for pair in pairs if pair.case_number == case}
        with st.form(f"lock-{case}", border=False):
            wanted = st.multiselect(
                t("Locked reviewers"),
                list(own),
                default=[i for i, pair in own.items() if pair.locked],
                format_func=lambda i: own[i].reviewer,
                placeholder=t("Choose"),
                select_all=False,
            )
            if st.form_submit_button(t("Save the locks")):
                with refusals_shown():
                    for reviewer, pair in own.items():
                        if (reviewer in wanted) != pair.locked:
                            lock_assignment(
                                here.house, here.actor, here.call_id, pair.application_id, reviewer, reviewer in wanted
                            )
                    flash(t("The locks were saved."))
                    st.rerun()
