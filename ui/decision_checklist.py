"""What is still missing before a decision can be proposed, each thing with the page where it is done."""

from collections.abc import Mapping, Sequence

import streamlit as st

from locales import Message, msg
from ui import notices
from ui.session import Visit
from ui.tables import Badge, Cell, Column, Link, table
from ui.texts import language, say, t
from workflow.decision_readiness import Requirement
from workflow.saved_scenarios import Saved

REQUIREMENTS: Mapping[str, Message] = {
    "phase": msg("The call is in the phase in which it is decided"),
    "open": msg("No other proposal is waiting"),
    "meeting": msg("No meeting is going on"),
    "applications": msg("Every application has been decided on"),
    "locked": msg("The scenario is locked"),
    "same": msg("The scenario gives what was locked, and is optimal"),
    "rules": msg("The scenario follows the locked ranking rule"),
}
_PAGES: Mapping[str, tuple[str, Message]] = {
    "phase": ("phases", msg("Phases")),
    "meeting": ("meeting", msg("Panel meeting")),
    "applications": ("applications", msg("Applications")),
    "locked": ("allocate", msg("Allocation")),
    "same": ("allocate", msg("Allocation")),
    "rules": ("allocate", msg("Allocation")),
}


def choose_scenario(here: Visit, saved: Sequence[Saved]) -> Saved | None:
    """The saved scenario to decide on; the address keeps it, the one of the top line is offered first."""
    by_id = {str(one.id): one for one in saved}
    if not by_id:
        notices.info(t("No scenario is saved yet. An officer saves and locks one on the page Allocation."))
        return None
    foremost = str(foremost_of(saved).id)
    asked, key = st.query_params.get("scenario", foremost), f"decide-scenario-{here.call_id}-{language()}"
    st.session_state[key] = asked if asked in by_id else foremost
    chosen = st.selectbox(
        t("Scenario to decide on"),
        list(by_id),
        key=key,
        format_func=lambda one: t("{name} (locked)", name=by_id[one].name) if by_id[one].locked else by_id[one].name,
        on_change=lambda: st.query_params.update({"scenario": st.session_state[key]}),
        placeholder=t("Choose"),
    )
    return by_id[chosen]


def foremost_of(saved: Sequence[Saved]) -> Saved:
    """The scenario that the top line of every page names: the one locked last, else the newest."""
    locked = [one for one in saved if one.locked_at is not None]
    return max(locked, key=lambda one: (one.locked_at, one.id)) if locked else max(saved, key=lambda one: one.id)


def show_checklist(here: Visit, found: Sequence[Requirement], scenario: Saved | None) -> None:
    """The checklist; what is missing is said in full."""
    rows: list[list[Cell]] = []
    locked = scenario is not None and scenario.locked
    for one in found:
        said = " ".join(say(fault) for fault in one.faults)
        state = Badge(t("In order"), "good") if one.met else Badge(t("Missing"), "warn")
        if one.code == "same" and not locked:
            state = Badge(t("Seen after the lock"))
        rows.append([say(REQUIREMENTS[one.code]), state, said or "–", _way(here, one, scenario)])
    reasons = Link(t("Reasons"), "reasons", _query(here, scenario))
    rows.append([t("Reasons are given for every application"), Badge(t("Drafted when proposed")), "–", reasons])
    table(
        t("Before the decision is proposed"),
        [Column(t("What is needed"), wide=True), Column(t("State")), Column(t("What is missing"), wide=True), Column(t("See"))],
        rows,
    )  # fmt: skip


def _way(here: Visit, one: Requirement, scenario: Saved | None) -> Cell:
    if one.met or one.code not in _PAGES:
        return "–"
    page, name = _PAGES[one.code]
    return Link(say(name), page, _query(here, scenario if page == "allocate" else None))


def _query(here: Visit, scenario: Saved | None) -> tuple[tuple[str, str], ...]:
    call = ("call", here.call_id)
    return (call,) if scenario is None else (call, ("scenario", str(scenario.id)))
