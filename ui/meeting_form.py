"""The chair's forms of a meeting: beginning it, who is present and its notes, ending it."""

import streamlit as st

from ui import notices
from ui.look import section
from ui.session import Visit, flash, refusals_shown
from ui.texts import t
from workflow.meeting import (
    LONGEST_TITLE,
    Meeting,
    change_meeting,
    end_meeting,
    list_attendees,
    start_meeting,
)


def start_form(here: Visit, number: int) -> None:
    """Begin meeting ``number`` of the call; the panel is chosen as present beforehand."""
    section(t("Begin a meeting"))
    people = {person.id: person for person in list_attendees(here.house, here.actor, here.call_id)}
    with st.form("start-meeting"):
        left, right = st.columns(2)
        title = left.text_input(
            t("Name of the meeting"),
            t("Panel meeting {n}/{call}", n=number, call=here.call_id),
            max_chars=LONGEST_TITLE,
        )
        place = right.text_input(t("Place"), max_chars=LONGEST_TITLE)
        present = st.multiselect(
            t("Present"),
            list(people),
            [person.id for person in people.values() if person.sits],
            format_func=lambda i: people[i].name,
            placeholder=t("Choose"),
            select_all=False,
        )
        if st.form_submit_button(t("Begin the meeting"), type="primary", icon=":material/groups:"):
            with refusals_shown():
                start_meeting(here.house, here.actor, here.call_id, title, place, present)
                flash(t("The meeting has begun."))
                st.rerun()


def change_form(here: Visit, meeting: Meeting) -> None:
    """Who is present, the place and the notes of the meeting that is going on; or its end, which saves them too."""
    section(t("People and notes of the meeting"))
    people = {person.id: person.name for person in list_attendees(here.house, here.actor, here.call_id)}
    people = {**meeting.present, **people}
    # A key of its own per version: after a save the fields hold what is stored.
    with st.form(f"meeting-{meeting.id}-{meeting.version}"):
        present = st.multiselect(
            t("Present"),
            sorted(people, key=lambda i: people[i]),
            list(meeting.present),
            format_func=lambda i: people[i],
            placeholder=t("Choose"),
            select_all=False,
        )
        place = st.text_input(t("Place"), meeting.place, max_chars=LONGEST_TITLE)
        notes, more_notes = _notes(meeting)
        sure = st.checkbox(t("Everything is recorded. An ended meeting is not opened again."))
        save, end = st.columns(2)
        saved = save.form_submit_button(t("Save"))
        ended = end.form_submit_button(t("End the meeting"))
        if ended and not sure:
            notices.error(t("Confirm first that everything is recorded. The meeting goes on."))
        elif saved or ended:
            with refusals_shown():
                changed = change_meeting(
                    here.house,
                    here.actor,
                    here.call_id,
                    meeting.id,
                    place=place,
                    present=present,
                    notes=notes,
                    more_notes=more_notes,
                    expected_version=meeting.version,
                )
                if ended:
                    # The notes of the form go with it: nothing typed is left behind.
                    end_meeting(here.house, here.actor, here.call_id, meeting.id, changed.version)
                flash(
                    t("The meeting was ended. Its minutes can be downloaded below.")
                    if ended
                    else t("The meeting was saved.")
                )
                st.rerun()


def _notes(meeting: Meeting) -> tuple[str | None, str]:
    """The notes as they are to be, or None and what is to be added where those that are there are hidden."""
    about = t("They go into everybody's minutes. What concerns one application is written with its consensus.")
    if meeting.notes is not None:
        return st.text_area(t("Notes of the meeting as a whole"), meeting.notes, help=about), ""
    hidden = t("Notes that are here already are not shown, as an application of the call is hidden from you.")
    return None, st.text_area(t("Add to the notes of the meeting as a whole"), help=f"{about} {hidden}")
