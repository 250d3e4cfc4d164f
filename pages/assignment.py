"""Assignment: the panel, a preview of the exact distribution of reviews, and the pairs as they are."""

import streamlit as st

from access.permissions import can_assign
from ui.assignment_form import member_form, options_form, pairs_form
from ui.assignment_view import show_assignment, show_impossible, show_members
from ui.look import heading, section
from ui.phase import closed_notice, is_open
from ui.session import flash, refusals_shown, visit
from ui.tables import Column, Link, facts, table
from ui.texts import t
from workflow.assignment import list_pairs
from workflow.assignment_plan import Options, execute_assignment, plan_assignment
from workflow.calls import get_call
from workflow.panel_members import list_members

PREVIEW, SHOWN = "assignment-options", "assignment-shown"
here = visit()
heading(
    t("Assignment"),
    t(
        "Who reviews what: loads, expertise, languages and conflicts of interest. Nothing is saved before you have seen it."
    ),
)
call = get_call(here.house, here.actor, here.call_id)
members = list_members(here.house, here.actor, here.call_id)

section(t("Panel"))
show_members(call, members)
open_now = is_open(here, can_assign)
if open_now:
    with st.expander(t("Change a panel member's particulars")):
        member_form(here, call, members)

section(t("Distribution"))
if not open_now:
    closed_notice(here, can_assign)
chosen = options_form(call) if open_now else None
if chosen is not None:
    st.session_state[PREVIEW] = (here.call_id, chosen)
kept = st.session_state.get(PREVIEW)
options: Options | None = kept[1] if kept and kept[0] == here.call_id else None
if options is not None and open_now:
    with refusals_shown(), st.spinner(t("The distribution is being solved.")):
        plan = plan_assignment(here.house, here.actor, here.call_id, options)
        if (more := show_impossible(plan)) is not None:
            st.session_state[PREVIEW] = (here.call_id, more)
            st.rerun()
        shown = st.session_state.get(SHOWN)
        # What is saved is the plan that was on the screen when the button was pressed, or nothing.
        st.session_state[SHOWN] = plan
        if show_assignment(call, plan) and st.button(
            t("Save this assignment"), type="primary", icon=":material/check:"
        ):
            added, removed = execute_assignment(here.house, here.actor, shown or plan)
            del st.session_state[PREVIEW], st.session_state[SHOWN]
            flash(t("Saved: {added} assignments added, {removed} taken back.", added=added, removed=removed))
            st.rerun()

section(t("Assigned now"))
pairs = list_pairs(here.house, here.actor, here.call_id)
cases = sorted({pair.case_number for pair in pairs})


def _marks(case: str) -> str:
    parts = []
    for pair in (p for p in pairs if p.case_number == case):
        marks = [
            *([t("conflict of interest")] if pair.conflicted else []),
            *([t("abstained: {reason}", reason=pair.abstention)] if pair.abstention else []),
            *([t("review begun")] if pair.begun else []),
            *([t("locked")] if pair.locked else []),
        ]
        parts.append(f"{pair.reviewer} ({', '.join(marks)})" if marks else pair.reviewer)
    return "; ".join(parts)


table(
    t("Reviewers by application"),
    [Column(t("Case number")), Column(t("Reviewers"), wide=True)],
    [[Link(case, "application", (("call", here.call_id), ("case", case))), _marks(case)] for case in cases],
)
if pairs and open_now:
    pairs_form(here, pairs)
    facts(
        [
            (
                t("By hand"),
                Link(
                    t("Reviewers are changed one application at a time on its page"),
                    "applications",
                    (("call", here.call_id),),
                ),
            )
        ]
    )
