"""Later decisions: what changes after the first one, collected application by application and proposed as one."""

from collections.abc import Mapping, Sequence

import streamlit as st

from access.permissions import can_propose_decision
from decisions.phrases import LONGEST_REASONS
from decisions.spec import DECIDED, LATER
from decisions.words import KIND, STATUS
from locales.parse import MoneyError, parse_euros
from ui import notices
from ui.decision_state import begin, copy_hash, name_of, show_decisions
from ui.decision_told import given_back, show_changes, show_given_back
from ui.look import section
from ui.session import Visit, flash, refusals_shown
from ui.tables import Column, table
from ui.texts import language, money, say, t
from workflow.decision_summary import Granted, get_summary
from workflow.decisions import LONGEST_GROUNDS, Decision
from workflow.further_causes import why_nothing_further
from workflow.labels import DECISION_STATES
from workflow.later_decisions import LONGEST_REASON, LaterChange, propose_change, suggest_further_round
from workflow.later_lines import check_change, lines_given_back


def later_part(here: Visit, found: Sequence[Decision]) -> None:
    """The chain of decisions with the hash of the one in force, and the form of a new one."""
    section(t("Decisions of the call"))
    if found:
        show_decisions(found)
        _earlier(here, found)
    in_force = next((one for one in reversed(found) if one.state == "approved"), None)
    if in_force is None:
        notices.info(t("No decision is in force yet. What changes after it is decided here."))
        return
    copy_hash(in_force)
    if not can_propose_decision(here.actor):
        return
    waiting = next((one for one in found if one.state == "proposed"), None)
    if waiting is not None:
        notices.info(
            t(
                "{decision} is waiting for the decision maker. The next one is proposed after it.",
                decision=name_of(waiting),
            )
        )
        return
    summary = get_summary(here.house, here.actor, here.call_id, in_force.id)
    section(t("Propose a later decision"))
    back = given_back(found)
    if back is not None and back.kind in LATER:
        show_given_back(back)
    _form(here, {one.case_number: one for one in summary.applications}, back)


def _earlier(here: Visit, found: Sequence[Decision]) -> None:
    """What a later decision changes, of the one chosen; the newest first."""
    by_id = {one.id: one for one in reversed(found) if one.kind in LATER}
    if not by_id:
        return
    section(t("What later decisions change"))
    chosen = st.selectbox(
        t("Later decision"),
        list(by_id),
        key=f"later-shown-{here.call_id}-{len(found)}-{language()}",
        format_func=lambda one: f"{name_of(by_id[one])} ({say(DECISION_STATES[by_id[one].state])})",
    )
    show_changes(get_summary(here.house, here.actor, here.call_id, chosen))


def _form(here: Visit, applications: Mapping[str, Granted], back: Decision | None) -> None:
    kind = st.radio(
        t("Kind of the decision"),
        LATER,
        format_func=lambda one: begin(say(KIND[one])),
        key=f"later-kind-{here.call_id}-{language()}",
    )
    place = _place(here, kind)
    changes: tuple[LaterChange, ...] = st.session_state.get(place, ())
    if kind == "further_round":
        _suggestion(here, place)
    if back is not None and back.kind == kind and not changes:
        _taking_up(here, place, back)
    _adding(here, kind, changes, applications)
    if not changes:
        return
    _collected(changes, applications)
    _removing(place, changes)
    before = back.grounds if back is not None and back.kind == kind else ""
    with st.form(f"propose-{place}", border=False):
        grounds = st.text_area(t("Grounds of the decision as a whole (optional)"), before, max_chars=LONGEST_GROUNDS)
        row = st.container(horizontal=True)
        proposed = row.form_submit_button(t("Propose the later decision"), type="primary", icon=":material/send:")
        emptied = row.form_submit_button(t("Clear the list"))
    if emptied:
        st.session_state.pop(place, None)
        st.rerun()
    if proposed:
        with refusals_shown():
            made = propose_change(here.house, here.actor, here.call_id, kind, changes, grounds)
            st.session_state.pop(place, None)
            flash(t("Decision {n} was proposed. The decision maker approves it or gives it back.", n=made.number))
            st.rerun()


def _place(here: Visit, kind: str) -> str:
    """Where the session keeps the lines of a later decision of this kind."""
    return f"later-{here.call_id}-{kind}"


def _taking_up(here: Visit, place: str, back: Decision) -> None:
    """Begin with the lines of the proposal that was given back or taken back."""
    if st.button(t("Take the lines of that proposal"), icon=":material/replay:"):
        with refusals_shown():
            st.session_state[place] = lines_given_back(here.house, here.actor, here.call_id, back.id)
            st.rerun()


def _suggestion(here: Visit, place: str) -> None:
    notices.caption(
        t(
            "The remainder can be distributed by the rule of the decided scenario, the awards in force fixed. Applications that "
            "were withdrawn or corrected to nothing are left out."
        )
    )
    if st.button(t("Suggest by the rule"), icon=":material/calculate:"):
        with refusals_shown(), st.spinner(t("Distributing the remainder")):
            found = suggest_further_round(here.house, here.actor, here.call_id)
            if found:
                st.session_state[place] = found
                st.rerun()
            why = why_nothing_further(here.house, here.actor, here.call_id)
            notices.info(" ".join([t("By the rule nothing more can be granted from the remainder."), *map(say, why)]))


def _adding(here: Visit, kind: str, changes: Sequence[LaterChange], applications: Mapping[str, Granted]) -> None:
    place = _place(here, kind)
    offered = [case for case, one in applications.items() if _concerns(kind, one)]
    taken = {change.case_number for change in changes}
    # A key of its own for each: after one is added the fields are empty again.
    with st.form(f"add-{place}-{len(changes)}"):
        case = st.selectbox(
            t("Application"),
            [case for case in offered if case not in taken],
            index=None,
            format_func=lambda one: f"{one} {applications[one].project}",
            placeholder=t("Choose"),
        )
        status, typed = "withdrawn", "0"
        if kind in ("correction", "rectification"):
            status = st.radio(
                t("Status after the decision"),
                [one for one in DECIDED if one != "withdrawn"],
                format_func=lambda one: begin(say(STATUS[one])),
                horizontal=True,
            )
        if kind != "withdrawal":
            typed = st.text_input(
                t("Granted after the decision, euros"), help=t("0 for all but approved applications.")
            )
        if kind == "further_round":
            status = "approved"
        reason = st.text_area(t("Why, as told to the applicant in its language of service"), max_chars=LONGEST_REASON)
        text = st.text_area(
            t("Full reasons written by hand (optional)"),
            max_chars=LONGEST_REASONS,
            help=t("Told to the applicant in place of the draft. Empty: the reasons are drafted."),
        )
        if st.form_submit_button(t("Add to the list")):
            if (added := _typed(case, status, typed, (reason, text))) is None:
                return
            with refusals_shown():
                check_change(here.house, here.actor, here.call_id, kind, changes, added)
                st.session_state[place] = (*changes, added)
                st.rerun()


def _concerns(kind: str, one: Granted) -> bool:
    if kind == "withdrawal":
        return one.status == "approved"
    return kind != "further_round" or one.further


def _typed(case: str | None, status: str, typed: str, told: tuple[str, str]) -> LaterChange | None:
    """The change as it was typed; None when there is none, and it was said why."""
    if case is None:
        notices.error(t("Choose the application first."))
        return None
    try:
        return LaterChange(case, status, parse_euros(typed), *told)
    except MoneyError as error:
        notices.error(say(error.message))
        return None


def _removing(place: str, changes: Sequence[LaterChange]) -> None:
    """Take one line off the list again."""
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    case = left.selectbox(
        t("Line to remove"),
        [change.case_number for change in changes],
        key=f"remove-{place}-{len(changes)}",
        placeholder=t("Choose"),
    )
    if right.button(t("Remove from the list"), key=f"remove-button-{place}"):
        st.session_state[place] = tuple(change for change in changes if change.case_number != case)
        st.rerun()


def _collected(changes: Sequence[LaterChange], applications: Mapping[str, Granted]) -> None:
    table(
        t("What the decision changes"),
        [
            Column(t("Case number")),
            Column(t("Project"), wide=True),
            Column(t("Status before")),
            Column(t("Granted before"), figures=True),
            Column(t("Status after")),
            Column(t("Granted after"), figures=True),
            Column(t("Why"), wide=True),
        ],
        [
            [
                change.case_number,
                applications[change.case_number].project,
                begin(say(STATUS[applications[change.case_number].status])),
                money(applications[change.case_number].granted),
                begin(say(STATUS[change.status])),
                money(change.granted),
                change.reason,
            ]
            for change in changes
            if change.case_number in applications
        ],
    )
