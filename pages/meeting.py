"""The panel meeting: the agenda and the meeting, or one application in discussion with its consensus."""

import streamlit as st

from access.permissions import MEETING, PHASES, can_change_phase, can_lead_meeting
from ui import notices
from ui.consensus_form import consensus_form
from ui.look import heading, section
from ui.meeting_form import change_form, start_form
from ui.meeting_view import agenda_part, consensus_table, item_head, meeting_facts, meetings_part, spread_table
from ui.others_reviews import reviews_section
from ui.session import refusals_shown, visit
from ui.tables import Link, facts
from ui.texts import t
from workflow.meeting import get_agenda, list_meetings
from workflow.meeting_consensus import open_item
from workflow.phases import get_stage

here = visit()
case = st.query_params.get("case", "")
stage = get_stage(here.house, here.actor, here.call_id)
meetings = list_meetings(here.house, here.actor, here.call_id)
going_on = next((m for m in meetings if m.ended_at is None), None)
leads = can_lead_meeting(here.actor) and stage.is_open(can_lead_meeting)


def discuss() -> None:
    """One application: its reviews side by side, the spread, and the consensus."""
    with refusals_shown(t("Panel meeting")):
        item = open_item(here.house, here.actor, here.call_id, case)
        application = item.row.view.application
        heading(application.project_name, f"{case} · {application.coordinator.name}", application.language)
        item_head(here, item)
        reviews_section(here, item.call, case)
        spread_table(item)
        if leads and going_on is not None:
            consensus_form(here, item)
            return
        section(t("Consensus of the panel"))
        consensus_table(item.call, item)
        if leads:
            notices.info(t("A consensus is recorded at a meeting. The meeting is begun on the agenda page."))


def lead() -> None:
    """The agenda, the meeting that is going on or the form to begin one, and the minutes."""
    heading(
        t("Panel meeting"),
        t("The applications where discussion matters come first. The panel's consensus stands beside the reviews."),
    )
    if stage.phase != MEETING:
        notices.info(
            t(
                "The call is in the phase {phase}. A meeting is held in the phase {meeting}, to which an officer turns the call.",
                phase=PHASES[stage.phase],
                meeting=PHASES[MEETING],
            )
        )
        if can_change_phase(here.actor):
            facts([(t("Phase"), Link(t("Phases"), "phases", (("call", here.call_id),)))])
    if going_on is not None:
        meeting_facts(going_on)
    elif leads:
        start_form(here, len(meetings) + 1)
    elif stage.phase == MEETING:
        notices.info(t("No meeting is going on. The chair begins one."))
    with refusals_shown():
        agenda = get_agenda(here.house, here.actor, here.call_id)
        titles = [t("Agenda ({n})", n=len(agenda.rows))]
        if going_on is not None and leads:
            titles.append(t("People, notes and end"))
        if meetings:
            titles.append(t("Minutes ({n})", n=len(meetings)))
        parts = dict(zip(titles, st.tabs(titles), strict=True))
        with parts.pop(titles[0]):
            agenda_part(here, agenda)
        if going_on is not None and leads:
            with parts.pop(titles[1]):
                change_form(here, going_on)
        for part in parts.values():
            with part:
                meetings_part(here, meetings)


if case:
    discuss()
else:
    lead()
