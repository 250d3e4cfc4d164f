"""What is done with a decision: proposing, approving, giving back and taking back, each by the role it belongs to."""

import streamlit as st

from access.permissions import can_approve_decision, can_propose_decision
from ui import notices
from ui.decision_state import name_of
from ui.look import section
from ui.phase import is_open
from ui.session import Visit, flash, refusals_shown
from ui.texts import say, t
from workflow.decisions import (
    LONGEST_GROUNDS,
    LONGEST_NOTE,
    Decision,
    approve_decision,
    cancel_decision,
    propose_decision,
    return_decision,
)
from workflow.saved_scenarios import Saved


def propose_form(here: Visit, scenario: Saved | None, grounds_before: str = "") -> None:
    """Propose the first decision; the officer's primary action. ``grounds_before``: those of a proposal given back."""
    if not can_propose_decision(here.actor):
        notices.info(t("An officer proposes the decision. After that the decision maker approves it or gives it back."))
        return
    if scenario is None or not is_open(here, can_propose_decision):
        return
    with st.form(f"propose-{here.call_id}", border=False):
        grounds = st.text_area(
            t("Grounds of the decision as a whole (optional)"),
            grounds_before,
            max_chars=LONGEST_GROUNDS,
            help=t("They are frozen with the decision and stand on the decision list."),
        )
        notices.caption(
            t(
                "Everything that the decision rests on is frozen, and its hash is counted. Another person approves it: whoever "
                "proposes a decision does not approve it."
            )
        )
        if st.form_submit_button(t("Propose the decision"), type="primary", icon=":material/send:"):
            with refusals_shown(), st.spinner(t("Freezing the decision")):
                made = propose_decision(here.house, here.actor, here.call_id, scenario.id, grounds)
                flash(t("Decision {n} was proposed. The decision maker approves it or gives it back.", n=made.number))
                st.rerun()


def proposal_part(here: Visit, proposal: Decision) -> None:
    """What the visitor can do with an open proposal."""
    if proposal.obstacles:
        notices.warning(" ".join(say(one) for one in proposal.obstacles))
    if can_approve_decision(here.actor):
        if proposal.proposed_by_id == here.actor.id:
            notices.info(t("You proposed this decision, so another person approves it."))
        elif not proposal.obstacles:
            _approval(here, proposal)
        _giving_back(here, proposal)
    if can_propose_decision(here.actor):
        _taking_back(here, proposal)
    elif not can_approve_decision(here.actor):
        notices.info(t("The proposal is waiting for the decision maker."))


def _approval(here: Visit, proposal: Decision) -> None:
    section(t("Approve"))
    sure = st.checkbox(
        t("I have read the proposal, and I understand that an approved decision is never changed."),
        key=f"sure-{proposal.id}",
    )
    seen = f"seen-{proposal.id}"
    if st.button(
        t("Approve the decision"),
        type="primary",
        icon=":material/gavel:",
        on_click=_note,
        args=(seen, proposal.proposal_hash),
    ):
        # Only what was on the screen when the button was pressed is approved.
        digits = str(st.session_state.pop(seen, ""))
        if not sure:
            notices.error(t("Confirm first that you have read the proposal. It is not approved yet."))
            return
        with refusals_shown(), st.spinner(t("Freezing the decision")):
            approve_decision(here.house, here.actor, here.call_id, proposal.id, digits)
            flash(t("{decision} was approved.", decision=name_of(proposal)))
            st.rerun()


def _giving_back(here: Visit, proposal: Decision) -> None:
    # The expander's state is kept by the session: a refusal inside it stays in sight.
    with (
        st.expander(t("Give the proposal back to the officer"), key=f"return-open-{proposal.id}", on_change="rerun"),
        st.form(f"return-{proposal.id}", border=False),
    ):
        reason = st.text_area(t("What is to be mended"), max_chars=LONGEST_NOTE)
        if st.form_submit_button(t("Give back")):
            with refusals_shown():
                return_decision(here.house, here.actor, here.call_id, proposal.id, reason)
                flash(t("The proposal of decision {n} was given back.", n=proposal.number))
                st.rerun()


def _taking_back(here: Visit, proposal: Decision) -> None:
    with st.expander(t("Take the proposal back")), st.form(f"cancel-{proposal.id}", border=False):
        reason = st.text_area(t("Why it is taken back (optional)"), max_chars=LONGEST_NOTE)
        if st.form_submit_button(t("Take back")):
            with refusals_shown():
                cancel_decision(here.house, here.actor, here.call_id, proposal.id, reason)
                flash(t("The proposal of decision {n} was taken back.", n=proposal.number))
                st.rerun()


def _note(key: str, digits: str) -> None:
    """Called with the hash that was on the screen when the button was pressed."""
    st.session_state[key] = digits
