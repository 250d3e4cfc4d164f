"""Everybody's conflicts of interest, for the officer: proposals to decide, those in force, those lifted."""

from collections.abc import Sequence

import streamlit as st

from ui import notices
from ui.conflict_form import evidence_words
from ui.labels import CONFLICTS
from ui.session import Visit, flash, refusals_shown
from ui.tables import Cell, Column, Pair, table
from ui.texts import choice, moment, say, t
from workflow.conflict_proposals import ConflictProposal, accept_proposal, dismiss_proposal
from workflow.conflicts import RecordedConflict, lift_conflict


def proposals_part(here: Visit, proposals: Sequence[ConflictProposal], writable: bool) -> None:
    """What the system proposes, and the form that accepts or dismisses one."""
    st.write(
        t(
            "The system proposes a conflict of interest when a person's municipality or employer is among the parties "
            "of an application. Nobody is assigned an application for review before the proposal is decided."
        )
    )
    if not proposals:
        notices.info(t("No proposals wait for a decision."))
        return
    table(
        t("Proposals"),
        [Column(t("Person")), Column(t("Case number")), Column(t("Project"), wide=True), Column(t("Why"), wide=True)],
        [[_who(p), p.case_number, p.project_name, evidence_words(p.evidence)] for p in proposals],
    )
    if not writable:
        return
    with st.form("proposal", border=False):
        chosen = st.selectbox(
            t("Proposal"),
            list(range(len(proposals))),
            index=None,
            format_func=lambda i: f"{proposals[i].person} · {proposals[i].case_number}",
            placeholder=t("Choose"),
        )
        kind = st.selectbox(
            t("Ground"),
            list(CONFLICTS),
            index=list(CONFLICTS).index("employment"),
            format_func=choice(CONFLICTS),
            placeholder=t("Choose"),
        )
        reason = st.text_input(t("Reason, when you dismiss the proposal"), max_chars=1000)
        accept, dismiss = st.columns(2)
        accepted = accept.form_submit_button(t("Record as a conflict of interest"), type="primary")
        dismissed = dismiss.form_submit_button(t("Dismiss the proposal"))
    if not (accepted or dismissed):
        return
    with refusals_shown():
        if chosen is None:
            notices.error(t("Choose the proposal."))
            return
        p = proposals[chosen]
        if accepted:
            accept_proposal(here.house, here.actor, here.call_id, p.case_number, p.account_id, kind)
            flash(t("The conflict of interest was recorded."))
        else:
            dismiss_proposal(here.house, here.actor, here.call_id, p.case_number, p.account_id, reason)
            flash(t("The proposal was dismissed."))
        st.rerun()


def _who(proposal: ConflictProposal) -> Cell:
    if proposal.declared_impartial:
        return Pair(proposal.person, t("has declared to have no conflict of interest"))
    return Pair(proposal.person, t("assigned to review")) if proposal.assigned else proposal.person


def in_force_part(here: Visit, conflicts: Sequence[RecordedConflict], writable: bool) -> None:
    """The conflicts in force, and the form that lifts one."""
    table(
        t("Conflicts of interest in force"),
        [
            Column(t("Person")),
            Column(t("Case number")),
            Column(t("Ground"), wide=True),
            Column(t("Declared by")),
            Column(t("When")),
        ],
        [[c.person, c.case_number, _ground(c), _by(c), moment(c.declared_at)] for c in conflicts],
    )
    others = [c for c in conflicts if c.account_id != here.actor.id]
    if not others or not writable:
        return
    with (
        st.expander(t("Lift a conflict of interest")),
        st.form("lift", border=False),
    ):
        st.write(t("The person can then take part again, after declaring to have no conflict of interest."))
        chosen = st.selectbox(
            t("Conflict of interest"),
            list(range(len(others))),
            index=None,
            format_func=lambda i: f"{others[i].person} · {others[i].case_number}",
            placeholder=t("Choose"),
        )
        reason = st.text_input(t("Reason for lifting it"), max_chars=1000)
        if st.form_submit_button(t("Lift the conflict of interest")):
            with refusals_shown():
                if chosen is None:
                    notices.error(t("Choose the conflict of interest."))
                    return
                c = others[chosen]
                lift_conflict(here.house, here.actor, here.call_id, c.case_number, c.account_id, reason)
                flash(t("The conflict of interest was lifted."))
                st.rerun()


def lifted_part(conflicts: Sequence[RecordedConflict]) -> None:
    """Conflicts that were lifted and proposals that were dismissed, with the reasons."""
    table(
        t("Lifted and dismissed"),
        [
            Column(t("Person")),
            Column(t("Case number")),
            Column(t("Ground"), wide=True),
            Column(t("Declared by")),
            Column(t("Lifted by")),
            Column(t("Reason for lifting it"), wide=True),
        ],
        [
            [
                c.person,
                c.case_number,
                _ground(c),
                Pair(_by(c), moment(c.declared_at)),
                Pair(c.lifted_by or "–", moment(c.lifted_at)),
                c.lift_reason,
            ]
            for c in conflicts
        ],
    )


def _ground(conflict: RecordedConflict) -> Cell:
    words = say(CONFLICTS[conflict.kind])
    return Pair(words, conflict.note) if conflict.note else words


def _by(conflict: RecordedConflict) -> str:
    if conflict.own:
        return t("the person")
    return conflict.declared_by or t("the system")
