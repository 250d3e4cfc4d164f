"""Costs: what is accepted of them, by whom, and that the grant follows."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.permissions import Forbidden
from calls.application_record import to_record
from decisions.figures import Limits, largest_possible, own_share
from locales import render
from storage.applications import add_version, list_applications
from storage.replay import contents
from tests.support.worlds import CALL, CALL_ID, CASES, World, application, workbook
from workflow.applications import ApplicationView
from workflow.by_hand import run_saved
from workflow.conflicts import record_conflict
from workflow.costs import LONGEST_COMMENT, MOST_EUROS, CostView, ExaminedCosts, examine_costs, list_costs
from workflow.eligibility import confirm_eligibility, withdraw_application
from workflow.errors import Conflicting, Refused
from workflow.intake import execute_import, plan_import
from workflow.invariants import check_database
from workflow.saved_scenarios import lock_scenario, save_scenario
from workflow.scenario_store import ranking_digest
from workflow.scenarios import default_scenario, load_ground, run_scenario

STATED = {"personnel": 80_000, "travel": 0, "premises": 0, "bought_services": 20_000, "other": 0}
CUT = {**STATED, "personnel": 60_000}
WHY = {"personnel": "Palkkakustannukset ylittävät tavanomaisen tason."}
"""Accepted: 80,000 of 100,000 euros, so at most 68,000 of the 85,000 applied for."""


def examine(
    world: World,
    accepted: Mapping[str, int] = CUT,
    comments: Mapping[str, str] = WHY,
    *,
    case: str = CASES[0],
    who: str = "officer",
    **seen: Any,
) -> None:
    view = world.views("colleague")[case]
    known = {"version": view.version, "expected": view.recorded_costs, **seen}
    examine_costs(world.house, world[who], CALL_ID, case, accepted, comments, **known)


def costs(world: World, case: str = CASES[0], scenario_id: int | None = None) -> CostView:
    found = list_costs(world.house, world["colleague"], CALL_ID, scenario_id)
    return next(view for view in found.views if view.case_number == case)


def refused(act: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as caught:
        act()
    return [render(message, "en").replace("\u00a0", " ") for message in caught.value.messages]


def test_costs_that_nobody_examined_are_accepted_as_stated(desk: World) -> None:
    view: ApplicationView = desk.views()[CASES[0]]
    assert (view.recorded_costs, view.examined, view.accepted_costs, view.costs_outdated) == (
        None,
        None,
        100_000,
        False,
    )
    found = costs(desk)
    assert [(line.category, line.applied, line.accepted, line.comment) for line in found.lines] == [
        (category, euros, euros, "") for category, euros in STATED.items()
    ]
    assert [line.name for line in found.lines] == [item.name for item in CALL.cost_categories]
    assert (found.stated, found.figures.accepted, found.figures.ceiling, found.figures.over) == (
        100_000,
        100_000,
        85_000,
        0,
    )
    assert (found.granted, found.figures.own_part, found.figures.own_share) == (None, None, None)
    assert (found.examined, found.examined_by, found.examined_at, found.outdated, found.cut) == (
        False, "", None, False, False,
    )  # fmt: skip


def test_what_was_accepted_is_kept_with_who_and_when(panel: World) -> None:
    examine(panel, comments={**WHY, "travel": "  "})
    found = costs(panel)
    assert {line.category: line.accepted for line in found.lines} == CUT
    assert {line.category: line.comment for line in found.lines if line.comment} == WHY
    assert [line.cut for line in found.lines] == [20_000, 0, 0, 0, 0]
    assert (found.examined, found.examined_by, found.outdated, found.cut) == (True, "Officer", False, True)
    assert found.examined_at is not None
    assert found.recorded == ExaminedCosts(1, CUT, WHY, panel["officer"].id, found.examined_at)
    assert (found.figures.accepted, found.figures.ceiling, found.figures.over) == (80_000, 68_000, 3_000)
    assert panel.views()[CASES[0]].accepted_costs == 80_000
    assert costs(panel, CASES[1]).examined is False


def test_costs_accepted_as_stated_are_examined_without_a_comment(desk: World) -> None:
    examine(desk, STATED, {})
    found = costs(desk)
    assert found.recorded is not None
    assert (found.examined, found.cut, found.recorded.comments) == (True, False, {})


def test_more_than_stated_is_accepted_with_a_comment(desk: World) -> None:
    moved = {**STATED, "personnel": 70_000, "travel": 10_000}
    assert refused(lambda: examine(desk, moved, {"personnel": "Siirretty matkakuluihin."})) == [
        "Travel: €10,000 differs from the stated €0. Write a comment for the applicant."
    ]
    examine(desk, moved, {"personnel": "Siirretty matkakuluihin.", "travel": "Siirretty henkilöstökuluista."})
    assert (costs(desk).figures.accepted, costs(desk).figures.ceiling) == (100_000, 85_000)


def test_the_grant_and_the_digest_of_saved_scenarios_follow_accepted_costs(panel: World) -> None:
    saved = save_scenario(panel.house, panel["officer"], CALL_ID, "Perus", default_scenario(CALL))
    before = run_scenario(panel.house, panel["officer"], CALL_ID)
    assert (before.allocation.award(CASES[0]).granted, costs(panel, scenario_id=saved.id).granted) == (85_000, 85_000)
    assert run_saved(panel.house, panel["officer"], CALL_ID, saved.id).ranking_changed is False
    examine(panel)
    after = run_scenario(panel.house, panel["officer"], CALL_ID)
    project = next(one for one in after.projects if one.id == CASES[0])
    assert (project.eligible_costs, after.allocation.award(CASES[0]).granted) == (80_000, 68_000)
    assert after.allocation.award(CASES[1]).granted == before.allocation.award(CASES[1]).granted
    assert ranking_digest(before) != ranking_digest(after)
    assert run_saved(panel.house, panel["officer"], CALL_ID, saved.id).ranking_changed is True
    assert list_costs(panel.house, panel["chair"], CALL_ID, saved.id).other_ranking is True
    with pytest.raises(Refused):
        lock_scenario(panel.house, panel["officer"], CALL_ID, saved.id)


def test_own_part_and_own_share_stand_at_the_grant_of_a_scenario(desk: World) -> None:
    examine(desk)
    saved = save_scenario(desk.house, desk["officer"], CALL_ID, "Perus", default_scenario(CALL))
    found = list_costs(desk.house, desk["decider"], CALL_ID, saved.id)
    assert (found.scenario, found.other_ranking) == ("Perus", False)
    view = next(one for one in found.views if one.case_number == CASES[0])
    assert (view.granted, view.figures.own_part, view.figures.own_share) == (68_000, 12_000, 1_500)
    assert view.figures_with(90_000).own_share == 2_444, "22,000 / 90,000 is 24.44 per cent and a bit"
    unscored = next(one for one in found.views if one.case_number == CASES[3])
    assert (unscored.granted, unscored.figures.own_part, unscored.figures.own_share) == (0, None, None)
    assert refused(lambda: list_costs(desk.house, desk["decider"], CALL_ID, 404)) == [
        "The scenario is not here any more."
    ]


def test_funding_over_the_accepted_costs_is_found(world: World) -> None:
    world.take(application(1, other_public_funding=4_000), application(2, own_funding=0))
    assert [costs(world, case).figures.over for case in CASES[:2]] == [4_000, 0]
    assert costs(world).figures_with(80_000).over == 68_000 + 15_000 + 4_000 - 80_000


@pytest.mark.parametrize(
    ("changes", "comments", "fault"),
    [
        ({"personnel": -1}, {}, "Personnel: -1 is not accepted; whole euros from 0 to €1,000,000,000,000 are."),
        ({"personnel": MOST_EUROS + 1}, {}, "is not accepted"),
        ({"personnel": True}, {}, "Personnel: True is not accepted"),
        ({"personnel": 80_000.0}, {}, "Personnel: 80000.0 is not accepted"),
        ({"personnel": 79_999}, {"personnel": " \u200b "}, "Personnel: €79,999 differs from the stated €80,000."),
        ({"equipment": 1}, {}, "The application has no cost category equipment."),
        ({}, {"equipment": "Laitteet."}, "The application has no cost category equipment."),
        ({"personnel": 80_001}, {"personnel": "Siirretty."}, "Accepted in all €100,001, stated in all €100,000."),
        ({"personnel": None}, {}, "Personnel: the accepted amount is missing. State it, 0 included."),
        ({}, {"travel": "x" * (LONGEST_COMMENT + 1)}, "Travel: the comment is too long: at most 2000 characters."),
    ],
)
def test_amounts_that_cannot_stand_are_refused(
    desk: World, changes: dict[str, Any], comments: dict[str, str], fault: str
) -> None:
    before = contents(desk.house.engine)
    said = refused(lambda: examine(desk, {**STATED, **changes}, comments))
    assert len(said) == 1
    assert fault in said[0]
    assert contents(desk.house.engine) == before


def test_every_problem_is_said_at_once(desk: World) -> None:
    assert len(refused(lambda: examine(desk, {"personnel": -1, "extra": 2}, {}))) == 6


def test_a_foreign_category_is_examined_too(world: World) -> None:
    world.take(application(1))
    with world.house.writing(None, CALL_ID) as uow:
        row = list_applications(uow, CALL_ID)[0]
        record = to_record(application(1, costs={"personnel": 90_000, "equipment": 10_000}))
        add_version(uow, row, record, ("costs.equipment",), world.clock(), None)
    found = costs(world)
    assert [(line.category, line.applied, line.accepted) for line in found.lines] == [
        ("personnel", 90_000, 90_000),
        *((item.id, None, 0) for item in CALL.cost_categories[1:]),
        ("equipment", 10_000, 10_000),
    ]
    only = {**{item.id: 0 for item in CALL.cost_categories}, "personnel": 90_000, "equipment": 0}
    examine(world, only, {"equipment": "Laitehankinnat eivät ole hyväksyttäviä kustannuksia."})
    assert (costs(world).figures.accepted, costs(world).figures.ceiling) == (90_000, 76_500)


def test_a_new_version_ends_the_examination_but_shows_it(panel: World) -> None:
    examine(panel)
    changed = workbook(application(1, costs={**STATED, "travel": 1_000}, own_funding=16_000))
    plan = plan_import(panel.house, panel["officer"], CALL_ID, changed, "hakemukset.xlsx")
    execute_import(panel.house, panel["officer"], plan, accept_changes=True)
    found, view = costs(panel), panel.views()[CASES[0]]
    assert (view.accepted_costs, view.examined, view.costs_outdated) == (101_000, None, True)
    assert (found.outdated, found.examined, found.examined_by, found.figures.accepted) == (
        True,
        False,
        "Officer",
        101_000,
    )
    assert [(line.earlier, line.earlier_comment) for line in found.lines[:2]] == [(60_000, WHY["personnel"]), (0, "")]
    with pytest.raises(Conflicting):
        examine(panel, version=1)
    examine(panel, {**CUT, "travel": 1_000})
    assert (costs(panel).examined, costs(panel).lines[0].earlier, costs(panel).version) == (True, None, 2)


def test_of_two_who_examine_the_second_is_told(panel: World) -> None:
    nobody = panel.views()[CASES[0]].recorded_costs
    examine(panel, who="colleague")
    with pytest.raises(Conflicting):
        examine(panel, STATED, {}, expected=nobody)
    first = costs(panel).recorded
    assert first is not None
    assert first.by == panel["colleague"].id
    examine(panel, STATED, {}, expected=first)
    assert (costs(panel).examined_by, costs(panel).figures.accepted) == ("Officer", 100_000)
    with pytest.raises(Conflicting):
        examine(panel, expected=first)


def test_costs_of_the_withdrawn_and_the_dismissed_are_not_examined(panel: World) -> None:
    withdraw_application(panel.house, panel["officer"], CALL_ID, CASES[0], "Sähköposti 2.5.2022.")
    confirm_eligibility(
        panel.house, panel["officer"], CALL_ID, CASES[1], version=1, outcome="dismissed", reason="Saapui myöhässä."
    )
    for case in CASES[:2]:
        assert "is withdrawn or dismissed" in refused(partial(examine, panel, case=case))[0]
        assert costs(panel, case).closed is True


def test_costs_stay_closed_to_others_to_the_disqualified_and_once_decided(panel: World) -> None:
    for who in ("chair", "decider", "admin", "arvi"):
        with pytest.raises(Forbidden):
            examine(panel, who=who)
    record_conflict(
        panel.house, panel["colleague"], CALL_ID, CASES[0], panel["officer"].id, "party_or_relative", "Hakijan sisar."
    )
    assert CASES[0] not in {view.case_number for view in list_costs(panel.house, panel["officer"], CALL_ID).views}
    assert "that you can see" in refused(lambda: examine(panel))[0]
    for phase in ("preparation", "intake", "meeting", "allocation"):
        panel.turn_to(phase)
        examine(panel, case=CASES[1])
    with panel.house.reading() as uow:
        assert len(load_ground(uow, CALL_ID).projects) == 6


def test_decided_costs_are_not_examined(desk: World) -> None:
    desk.turn_to("allocation")
    desk.turn_to("decided")
    assert "which does not allow this" in refused(lambda: examine(desk))[0]


def test_what_is_wrong_in_the_database_is_found(desk: World) -> None:
    examine(desk)
    desk.sound = False
    with desk.house.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE accepted_costs SET comment = '' WHERE category = 'personnel'")
        connection.exec_driver_sql("UPDATE accepted_costs SET accepted = -5 WHERE category = 'other'")
        connection.exec_driver_sql("UPDATE accepted_costs SET application_version = 7 WHERE category = 'travel'")
        connection.exec_driver_sql("UPDATE accepted_costs SET category = 'boats' WHERE category = 'premises'")
    names = {broken.name for broken in check_database(desk.house)}
    assert {"accepted_costs_of_a_category", "accepted_costs_with_a_comment", "costs_examined_together"} <= names


@given(
    st.integers(0, MOST_EUROS),
    st.integers(0, MOST_EUROS),
    st.integers(1, 10_000),
    st.sampled_from((1, 100, 1_000)),
)
def test_the_ceiling_never_goes_over_a_limit(applied: int, accepted: int, share: int, unit: int) -> None:
    ceiling = largest_possible(applied, accepted, Limits(share, unit))
    assert ceiling is not None
    assert ceiling * 10_000 <= share * accepted
    assert 0 <= ceiling <= applied
    assert ceiling % unit == 0
    more = ceiling + unit
    assert more * 10_000 > share * accepted or more > applied


@given(st.integers(1, MOST_EUROS), st.integers(1, MOST_EUROS))
def test_the_own_share_is_rounded_down_to_a_hundredth_of_a_per_cent(accepted: int, granted: int) -> None:
    share = own_share(accepted, granted)
    assert share is not None
    assert share * accepted <= (accepted - granted) * 10_000 < (share + 1) * accepted
