"""The scenario on the table: as it is kept, as it is being edited, and the names of the fields that edit it."""

from dataclasses import dataclass, replace
from typing import cast

import streamlit as st

from allocation import RULES, Scenario
from ui.session import Visit
from ui.texts import language
from workflow.saved_scenarios import Saved

MOST_LEFT = 500
"""Unsaved changes that the server keeps for all its visitors together."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One scenario being edited; ``name`` tells it from others, ``edition`` counts how often all fields began anew.

    ``owner``: the account of who edits it. ``version``: of the saved scenario when the editing began; saving over a later one is refused.
    """

    name: str
    owner: int
    kept: Scenario
    draft: Scenario
    version: int = 0
    edition: int = 0

    @property
    def changed(self) -> bool:
        """Whether there is something to save."""
        return _content(self.draft) != _content(self.kept)

    @property
    def scenario(self) -> Scenario:
        """What is run and saved: the draft without the limits that its rule cannot hold."""
        return fitted(self.draft)

    def key(self, field: str) -> str:
        """The key of a field's widget: amounts are typed in the way of the language, so each has its own."""
        return f"desk-{self.name}-{self.edition}-{language()}-{field}"


def desk_for(here: Visit, saved: Saved | None, own: Scenario) -> Desk:
    """What lies on the table for a saved scenario, or for the call's own values.

    Changes that are not saved outlast other pages and new page loads, and what somebody else saves meanwhile.
    """
    name = f"{here.call_id}-{'own' if saved is None else saved.id}"
    kept = own if saved is None else replace(saved.scenario, names={**own.names, **saved.scenario.names})
    version = 0 if saved is None else saved.version
    desk = cast("Desk | None", st.session_state.get(_place(name))) or _left().get((here.actor.id, name))
    if desk is None:
        return _remember(Desk(name, here.actor.id, kept, kept, version))
    if desk.changed:
        return desk
    if desk.kept != kept:
        return _remember(Desk(name, here.actor.id, kept, kept, version, desk.edition + 1))
    return _remember(replace(desk, version=version))


def note(desk: Desk, draft: Scenario) -> Desk:
    """Remember what the fields say now."""
    return _remember(replace(desk, draft=draft))


def put_on_table(desk: Desk, scenario: Scenario) -> Desk:
    """Put other values on the table: every field begins anew with them."""
    return _remember(replace(desk, draft=scenario, edition=desk.edition + 1))


def fitted(scenario: Scenario) -> Scenario:
    """``scenario`` without the simple limits that its rule cannot hold; the form says which."""
    enforced = RULES[scenario.rule].enforces
    return replace(
        scenario,
        reserve=scenario.reserve if "reserve" in enforced else 0,
        smallest_grant=scenario.smallest_grant if "smallest_grant" in enforced else 0,
        largest_grant=scenario.largest_grant if "largest_grant" in enforced else None,
        threshold=scenario.threshold if "threshold" in enforced else None,
        criterion_thresholds=scenario.criterion_thresholds if "criterion_threshold" in enforced else (),
        tiers=scenario.tiers if scenario.rule == "tiers" else (),
    )


def _content(scenario: Scenario) -> Scenario:
    # How things are called on the screen is not part of what is kept.
    return replace(fitted(scenario), names={})


def _remember(desk: Desk) -> Desk:
    st.session_state[_place(desk.name)] = desk
    left, key = _left(), (desk.owner, desk.name)
    left.pop(key, None)
    if desk.changed:
        left[key] = desk
    while len(left) > MOST_LEFT:
        left.pop(next(iter(left)), None)
    return desk


@st.cache_resource(show_spinner=False)
def _left() -> dict[tuple[int, str], Desk]:
    """Unsaved changes by account and desk, the latest last: a link, a reload or another language is a new session."""
    return {}


def _place(name: str) -> str:
    return f"scenario-desk-{name}"
