"""Others' scores stay hidden from whoever has still to review, whatever other roles they have."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from access.permissions import Actor
from calls.eligibility import Proposal
from locales import render
from tests.support.worlds import CALL, CALL_ID, CASES, World
from workflow.decision_export import export_workbook
from workflow.eligibility import confirm_eligibility, withdraw_application
from workflow.errors import Refused
from workflow.overview import get_headline
from workflow.ranking import get_ranking
from workflow.saved_scenarios import list_scenarios, save_scenario
from workflow.scenarios import default_scenario, run_scenario
from workflow.trail import get_trail

AHEAD = CASES[2:5]
"""What arvi has still to review."""


def both(world: World, *roles: str) -> Actor:
    return replace(world["arvi"], roles=frozenset({"reviewer", *roles}))


def cases_ranked(world: World, actor: Actor) -> set[str]:
    return {r.view.case_number for r in get_ranking(world.house, actor, CALL_ID)}


def allocation(world: World, actor: Actor) -> list[Callable[[], Any]]:
    found: list[Callable[[], Any]] = [
        lambda: run_scenario(world.house, actor, CALL_ID),
        lambda: list_scenarios(world.house, actor, CALL_ID),
    ]
    if "officer" in actor.roles:
        found += [
            lambda: export_workbook(world.house, actor, CALL_ID, "fi"),
            lambda: save_scenario(world.house, actor, CALL_ID, "Toinen", default_scenario(CALL)),
        ]
    return found


@pytest.mark.parametrize("role", ["chair", "officer"])
def test_the_ranking_and_the_allocation_open_with_the_last_own_review(desk: World, role: str) -> None:
    save_scenario(desk.house, desk["officer"], CALL_ID, "Perus", default_scenario(CALL))
    actor = both(desk, role)
    for place, case in enumerate(AHEAD):
        assert cases_ranked(desk, actor) == set(CASES) - set(AHEAD[place:])
        assert get_headline(desk.house, actor, CALL_ID).proposed is None
        for attempt in allocation(desk, actor):
            with pytest.raises(Refused) as refused:
                attempt()
            assert [render(message, "en") for message in refused.value.messages] == [
                "You have reviews to submit in this call. The allocation opens to you after them."
            ]
        desk.review("arvi", case, 3, 3, 3)
    assert cases_ranked(desk, actor) == set(CASES)
    assert get_headline(desk.house, actor, CALL_ID).proposed is not None
    for attempt in allocation(desk, actor):
        assert attempt()


def test_what_needs_no_review_any_more_keeps_nothing_closed(desk: World) -> None:
    actor = both(desk, "chair")
    withdraw_application(desk.house, desk["officer"], CALL_ID, AHEAD[0], "Kirje.")
    outcomes: tuple[Proposal, ...] = ("dismissed", "not_eligible")
    for case, outcome in zip(AHEAD[1:], outcomes, strict=True):
        confirm_eligibility(desk.house, desk["officer"], CALL_ID, case, version=1, outcome=outcome, reason="Peruste.")
    assert run_scenario(desk.house, actor, CALL_ID).allocation.awards


def test_the_log_says_no_levels_of_what_is_still_to_be_reviewed(panel: World) -> None:
    save_scenario(panel.house, panel["officer"], CALL_ID, "Perus", default_scenario(CALL))
    actor = both(panel, "officer")
    for call_id in (CALL_ID, None):
        whole = {e.at: e for e in get_trail(panel.house, panel["officer"], call_id, limit=1_000)}
        seen = {e.at: e for e in get_trail(panel.house, actor, call_id, limit=1_000)}
        of_scenarios = {at for at, e in whole.items() if e.action.startswith("scenario.")}
        drafts = {at for at, e in whole.items() if e.action == "review.save"}
        assert whole.keys() - seen.keys() == of_scenarios | drafts, "daavid's draft of what arvi reviews too"
        assert {e.number for e in seen.values()} == {None}
    for case in AHEAD:
        panel.review("arvi", case, 3, 3, 3)
    assert get_trail(panel.house, actor, CALL_ID) == get_trail(panel.house, panel["officer"], CALL_ID)
