"""Assignment: conflicts are respected, loads are even, a refusal changes nothing."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import panel as stored
from tests.support.worlds import CALL_ID, CASES, REVIEWERS, World, application
from workflow.accounts import disable_account
from workflow.assignment import ReviewerLoad, assign_reviewers, list_reviewers
from workflow.assignment_plan import assign_evenly
from workflow.conflicts import record_conflict
from workflow.errors import Refused


def pairs(world: World) -> set[tuple[str, str]]:
    names = {actor.id: name for name, actor in world.people.items()}
    cases = {view.id: case for case, view in world.views("colleague").items()}
    with world.house.reading() as uow:
        return {(cases[a], names[r]) for a, r in stored.list_assignments(uow, CALL_ID)}


def conflict(world: World, case: str, who: str) -> None:
    record_conflict(world.house, world["colleague"], CALL_ID, case, world[who].id, "employment", "")


def ready(world: World, number: int) -> None:
    applications = [application(n) for n in range(1, number + 1)]
    world.take(*applications)
    world.confirm(*(a.case_number for a in applications))


def test_reviewers_are_listed_with_their_load(desk: World) -> None:
    assert list_reviewers(desk.house, desk["officer"], CALL_ID) == [
        ReviewerLoad(desk["arvi"].id, "Arvi", 4, 1),
        ReviewerLoad(desk["britta"].id, "Britta", 5, 2),
        ReviewerLoad(desk["celia"].id, "Celia", 5, 2),
        ReviewerLoad(desk["daavid"].id, "Daavid", 4, 0),
    ]
    disable_account(desk.house.engine, desk["admin"], "daavid")
    gone = list_reviewers(desk.house, desk["officer"], CALL_ID)[-1]
    assert gone == ReviewerLoad(desk["daavid"].id, "Daavid", 4, 0, active=False)


def test_even_assignment_fills_every_eligible_application(world: World) -> None:
    ready(world, 8)
    world.take(application(9))
    assert assign_evenly(world.house, world["officer"], CALL_ID) == 24
    assigned = pairs(world)
    assert Counter(case for case, _ in assigned) == dict.fromkeys((f"VN/{n}/2022" for n in range(1, 9)), 3)
    assert Counter(name for _, name in assigned) == dict.fromkeys(REVIEWERS, 6)
    assert assign_evenly(world.house, world["officer"], CALL_ID) == 0
    assert pairs(world) == assigned


def test_even_assignment_keeps_what_is_assigned(desk: World) -> None:
    before = pairs(desk)
    desk.take(application(7))
    desk.confirm("VN/7/2022")
    assert assign_evenly(desk.house, desk["officer"], CALL_ID) == 3
    assert before < pairs(desk)
    loads = Counter(name for _, name in pairs(desk))
    assert max(loads.values()) - min(loads.values()) <= 1


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(barred=st.sets(st.tuples(st.sampled_from(CASES), st.sampled_from(REVIEWERS)), max_size=6))
def test_even_assignment_never_gives_an_application_to_somebody_disqualified(
    desk_factory: "Factory", barred: set[tuple[str, str]]
) -> None:
    world = desk_factory()
    for case, name in barred:
        conflict(world, case, name)
    worst = max(Counter(case for case, _ in barred).values(), default=0)
    if worst > len(REVIEWERS) - 3:
        with pytest.raises(Refused):
            assign_evenly(world.house, world["officer"], CALL_ID)
        assert pairs(world) == set()
        return
    assert assign_evenly(world.house, world["officer"], CALL_ID) == 18
    assert pairs(world) & barred == set()
    loads = Counter(name for _, name in pairs(world))
    assert max(loads.values()) - min(loads.values()) <= 1 + len(barred)


class Factory:
    """Worlds with six eligible applications and no assignments, each a copy of the first."""

    def __init__(self, world: World) -> None:
        ready(world, 6)
        self.world = world

    def __call__(self) -> World:
        with self.world.house.writing(None) as uow:
            for application_id, reviewer in stored.list_assignments(uow, CALL_ID):
                stored.remove_assignment(uow, application_id, reviewer)
            for found in stored.list_conflicts(uow, CALL_ID):
                stored.lift_conflict(uow, found.application_id, found.account_id, "Alusta.")
        return self.world


@pytest.fixture
def desk_factory(small: World) -> Factory:
    return Factory(small)


def test_a_set_of_reviewers_replaces_those_who_have_not_begun(panel: World) -> None:
    case = CASES[5]
    assert {name for c, name in pairs(panel) if c == case} == {"britta", "celia", "daavid"}
    panel.assign(case, ["arvi", "britta"])
    assert {name for c, name in pairs(panel) if c == case} == {"arvi", "britta"}
    panel.assign(case, [])
    assert {name for c, name in pairs(panel) if c == case} == set()


def test_assignments_that_may_not_be_are_refused_and_change_nothing(desk: World) -> None:
    desk.take(application(7))
    conflict(desk, CASES[5], "arvi")
    disable_account(desk.house.engine, desk["admin"], "daavid")
    views = desk.views()
    before = desk.counts()
    attempts = {
        "not eligible": (views["VN/7/2022"].id, ["arvi"]),
        "no such application": (404, ["arvi"]),
        "an officer": (views[CASES[5]].id, ["officer"]),
        "disabled": (views[CASES[4]].id, ["arvi", "britta", "celia", "daavid"]),
        "disqualified": (views[CASES[5]].id, ["arvi", "britta", "celia"]),
        "begun": (views[CASES[0]].id, ["arvi", "britta"]),
    }
    for application_id, names in attempts.values():
        with pytest.raises(Refused):
            assign_reviewers(desk.house, desk["officer"], CALL_ID, application_id, [desk[n].id for n in names])
    assert desk.counts() == before


def test_somebody_disabled_is_named_and_counts_only_with_a_submitted_review(desk: World) -> None:
    disable_account(desk.house.engine, desk["admin"], "daavid")
    daavid = desk["daavid"].id
    views = desk.views()
    with pytest.raises(Refused) as refused:
        assign_reviewers(desk.house, desk["officer"], CALL_ID, views[CASES[4]].id, [desk["arvi"].id, daavid])
    assert refused.value.messages[0].params == {"ids": "Daavid"}
    before = desk.counts()
    present = [desk[name].id for name in ("britta", "celia", "daavid")]
    assign_reviewers(desk.house, desk["officer"], CALL_ID, views[CASES[1]].id, present)
    assert desk.counts() == before, "the unchanged set is no fault"
    assert assign_evenly(desk.house, desk["officer"], CALL_ID) == 4
    assert Counter(case for case, name in pairs(desk) if name != "daavid") == dict.fromkeys(CASES, 3)
    assert ("arvi", 6) in Counter(name for _, name in pairs(desk)).items()


def test_a_submitted_review_of_somebody_disabled_counts(desk: World) -> None:
    desk.review("daavid", CASES[1], 3, 3, 3)
    disable_account(desk.house.engine, desk["admin"], "daavid")
    assert assign_evenly(desk.house, desk["officer"], CALL_ID) == 3
    assert (CASES[1], "arvi") not in pairs(desk)
    desk.assign(CASES[5], ["britta", "celia"])
    assert (CASES[5], "daavid") not in pairs(desk), "who has not begun can be taken back"


def test_a_disqualified_officer_assigns_nobody_to_the_application(desk: World) -> None:
    desk.take(application(7), application(8))
    desk.confirm("VN/7/2022", "VN/8/2022")
    conflict(desk, "VN/7/2022", "officer")
    other = desk.views("colleague")["VN/7/2022"].id
    with pytest.raises(Refused):
        assign_reviewers(desk.house, desk["officer"], CALL_ID, other, [desk["arvi"].id])
    assert assign_evenly(desk.house, desk["officer"], CALL_ID) == 3
    assert "VN/7/2022" not in {case for case, _ in pairs(desk)}
    assert assign_evenly(desk.house, desk["colleague"], CALL_ID) == 3


def test_a_conflict_is_recorded_once_on_a_known_ground_for_a_known_account(desk: World) -> None:
    conflict(desk, CASES[0], "chair")
    before = desk.counts()
    chair = desk["chair"].id
    for case, account, kind, note in (
        (CASES[0], chair, "employment", ""),
        ("VN/404/2022", chair, "employment", ""),
        (CASES[1], 404, "employment", ""),
        (CASES[1], chair, "dislike", ""),
        (CASES[1], chair, "other", "x" * 5_001),
    ):
        with pytest.raises(Refused):
            record_conflict(desk.house, desk["officer"], CALL_ID, case, account, kind, note)
    assert desk.counts() == before
