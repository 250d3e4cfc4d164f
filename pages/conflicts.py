"""Conflicts of interest: one's own before the texts open; for an officer also everybody's and the proposals."""

import streamlit as st

from access.permissions import can_declare_conflict, can_record_conflict
from ui import notices
from ui.conflict_form import record_form
from ui.conflict_office import in_force_part, lifted_part, proposals_part
from ui.conflict_own import own_part
from ui.look import heading
from ui.session import refusals_shown, visit
from ui.texts import t
from workflow.accounts import own_affiliation
from workflow.conflict_proposals import list_proposals
from workflow.conflicts import list_recorded
from workflow.declarations import list_to_declare
from workflow.phases import get_stage

here = visit()
heading(
    t("Conflicts of interest"),
    t("Look at the parties and declare your conflicts of interest. A conflict closes the application to you."),
)
with refusals_shown():
    stage = get_stage(here.house, here.actor, here.call_id)
    municipality, employer = own_affiliation(here.house.engine, here.actor)
    notices.caption(
        t(
            "Recorded about you: municipality {municipality}, employer {employer}. Ask the administrator to correct errors.",
            municipality=municipality or "–",
            employer=employer or "–",
        )
    )
    own = list_to_declare(here.house, here.actor, here.call_id)
    writable = stage.is_open(can_declare_conflict)
    if not can_record_conflict(here.actor):
        own_part(here, own, writable)
    else:
        proposals = list_proposals(here.house, here.actor, here.call_id)
        recorded = list_recorded(here.house, here.actor, here.call_id)
        in_force = [c for c in recorded if c.lifted_at is None]
        lifted = [c for c in recorded if c.lifted_at is not None]
        notices.caption(
            t(
                "Proposals to decide: {proposals}. In force: {in_force}. Lifted or dismissed: {lifted}.",
                proposals=len(proposals),
                in_force=len(in_force),
                lifted=len(lifted),
            )
        )
        # Figures in the tabs' own labels would send the reader back to the first tab whenever one changes.
        mine, proposed, now, past = st.tabs([t("My own"), t("Proposals"), t("In force"), t("Lifted")])
        with proposed:
            proposals_part(here, proposals, writable)
        with now:
            in_force_part(here, in_force, writable)
            if writable:
                record_form(here, {r.case_number: r.case_number for r in own if r.state != "conflict"})
        with mine:
            own_part(here, own, writable)
        with past:
            lifted_part(lifted)
