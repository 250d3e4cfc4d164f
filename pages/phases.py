"""Phases: where the call stands, what that opens to whom, and turning to another phase."""

import streamlit as st

from access.permissions import (
    ALWAYS,
    DECIDED,
    OF_A_CALL,
    PHASES,
    ROLES,
    Actor,
    Permission,
    can_change_phase,
    can_see_decision,
    can_set_deadline,
)
from locales import Message
from ui.deadline_form import deadline_form
from ui.look import heading, section
from ui.session import flash, refusals_shown, visit
from ui.tables import Badge, Cell, Column, Link, facts, table
from ui.texts import moment, say, t
from workflow.phases import change_phase, get_stage, steps

here = visit()
heading(
    t("Phases"),
    t("Each phase of the call opens some functions and closes others. What has been decided stays as it is."),
)
stage = get_stage(here.house, here.actor, here.call_id)
facts([(t("Phase"), Badge(say(PHASES[stage.phase]), "good")), (t("Reviews by"), moment(stage.review_deadline))])


def _turn(phase: str) -> None:
    with refusals_shown():
        change_phase(here.house, here.actor, here.call_id, phase, stage.version)
        flash(t("The call is now in the phase {phase}.", phase=PHASES[phase]))
        st.rerun()


before, after = steps(stage.phase)
back, onward = st.columns(2)
if after == DECIDED:
    with onward:
        st.write(t("The call is closed as decided when the decision maker approves the decision."))
        if can_see_decision(here.actor):
            facts([(t("See also"), Link(t("Decision"), "decide", (("call", here.call_id),)))])
elif after is not None and stage.is_open(can_change_phase) and can_change_phase(here.actor):
    with onward:
        if st.button(t("Go on to: {phase}", phase=PHASES[after]), type="primary"):
            _turn(after)
if before is not None and stage.is_open(can_change_phase) and can_change_phase(here.actor):
    with back:
        if st.button(t("Back to: {phase}", phase=PHASES[before])):
            _turn(before)

if stage.is_open(can_set_deadline) and can_set_deadline(here.actor):
    section(t("Deadline of the reviews"))
    deadline_form(here, stage)

section(t("Who may do what, and when"))


def _roles(permission: Permission) -> str:
    having = [say(name) for role, name in ROLES.items() if permission(Actor(0, "", "", frozenset({role})))]
    return ", ".join(having)


def _begin(text: Message) -> str:
    words = say(text)
    return words[:1].upper() + words[1:]


def _phases(permission: Permission) -> list[Cell]:
    return [t("open") if phase in permission.phases else "–" for phase in PHASES]


changing = [permission for permission in OF_A_CALL if permission.phases != ALWAYS]
table(
    t("What changes something, or opens only in certain phases"),
    [Column(t("Right")), Column(t("Roles")), *(Column(say(name)) for name in PHASES.values())],
    [[_begin(permission.text), _roles(permission), *_phases(permission)] for permission in changing],
)
table(
    t("What can be seen in every phase, subject to one's conflicts of interest and unsubmitted reviews"),
    [Column(t("Right")), Column(t("Roles"))],
    [[_begin(permission.text), _roles(permission)] for permission in OF_A_CALL if permission.phases == ALWAYS],
)
