"""Conflicts of interest: who declares what, and that nothing of the application is left to see afterwards."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from access.permissions import Forbidden, can_export, can_run_scenarios, can_see_audit
from locales import render
from tests.support.worlds import CALL, CALL_ID, CASES, PEOPLE, World, application
from workflow.abstaining import declare_impartial
from workflow.applications import get_application, list_applications
from workflow.conflicts import declare_conflict, lift_conflict, list_people, list_recorded, record_conflict
from workflow.decision_export import export_workbook
from workflow.errors import Refused
from workflow.overview import get_headline, get_overview
from workflow.ranking import get_ranking
from workflow.review_queue import my_queue
from workflow.reviewing import DeclarationNeeded, open_review
from workflow.saved_scenarios import list_scenarios, remove_scenario, save_scenario
from workflow.scenarios import default_scenario, run_scenario
from workflow.trail import get_trail

CASE = CASES[0]


def declare(world: World, who: str, case: str = CASE) -> None:
    declare_conflict(world.house, world[who], CALL_ID, case, "employment", "Työpaikka.")


def words(attempt: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as refused:
        attempt()
    return [render(message, "en") for message in refused.value.messages]


def check_closed(world: World, who: str, saved: int) -> None:
    """Nothing of the application is in anything that ``who`` can see, and the allocation is closed."""
    house, actor = world.house, world[who]
    assert [view.case_number for view in list_applications(house, actor, CALL_ID)] == list(CASES[1:])
    assert words(lambda: get_application(house, actor, CALL_ID, CASE)) == [
        f"There is no application {CASE} in this call that you can see."
    ]
    assert {r.view.case_number for r in get_ranking(house, actor, CALL_ID)} == set(CASES[1:])
    seen = get_overview(house, actor, CALL_ID)
    assert (seen.applications, seen.applied, seen.applied_eligible) == (5, 5 * 85_000, 5 * 85_000)
    assert (seen.states, seen.themes) == ({"eligible": 5}, {CALL.themes[0].id: (5, 5 * 85_000)})
    assert (seen.reviews_assigned, seen.reviews_submitted) == (15, 2)
    headline = get_headline(house, actor, CALL_ID)
    assert (headline.applied, headline.proposed, headline.remaining) == (5 * 85_000, None, None)
    attempts: list[Callable[[], Any]] = [
        lambda: run_scenario(house, actor, CALL_ID),
        lambda: list_scenarios(house, actor, CALL_ID),
    ]
    if can_run_scenarios(actor):
        attempts.append(lambda: save_scenario(house, actor, CALL_ID, "Toinen", default_scenario(CALL)))
        attempts.append(lambda: remove_scenario(house, actor, CALL_ID, saved))
    if can_export(actor):
        attempts.append(lambda: export_workbook(house, actor, CALL_ID, "fi"))
    for attempt in attempts:
        assert words(attempt) == [
            "You are disqualified from an application of this call, so the allocation is closed to you."
        ]
    if can_see_audit(actor):
        for call_id in (CALL_ID, None):
            entries = get_trail(house, actor, call_id, limit=1_000)
            assert not [e for e in entries if e.action.startswith("scenario.")]
            assert CASE not in str(entries)
            assert "Yhteinen tietopohja 1" not in str(entries)


@pytest.mark.parametrize("who", ["officer", "chair", "decider"])
def test_whoever_sees_all_applications_can_declare_a_conflict_for_any_of_them(desk: World, who: str) -> None:
    saved = save_scenario(desk.house, desk["colleague"], CALL_ID, "Perus", default_scenario(CALL))
    whole = get_trail(desk.house, desk["colleague"], CALL_ID, limit=1_000)
    assert {e.action for e in whole} >= {"scenario.add", "scenario.award"}
    declare(desk, who)
    check_closed(desk, who, saved.id)
    assert list(desk.views("colleague")) == list(CASES), "to others it stays open"
    details = get_application(desk.house, desk["colleague"], CALL_ID, CASE)
    assert details.conflicts == ((desk[who].name, "employment"),)


@pytest.mark.parametrize("who", ["colleague", "chair", "decider"])
def test_a_conflict_that_an_officer_records_closes_as_much(desk: World, who: str) -> None:
    saved = save_scenario(desk.house, desk["officer"], CALL_ID, "Perus", default_scenario(CALL))
    record_conflict(desk.house, desk["officer"], CALL_ID, CASE, desk[who].id, "other", "")
    check_closed(desk, who, saved.id)


def test_a_conflict_can_be_recorded_for_everybody_who_handles_applications(desk: World) -> None:
    people = list_people(desk.house, desk["officer"])
    assert {name for _, name in people} == {name.title() for name in PEOPLE} - {"Admin"}
    for account_id, _ in people:
        record_conflict(desk.house, desk["officer"], CALL_ID, CASE, account_id, "other", "")
    assert desk.counts()["conflicts"] == len(people)
    assert list(desk.views("officer")) == list(CASES[1:]), "an officer's own one too"


def test_a_reviewer_declares_only_for_what_goes_to_review(desk: World) -> None:
    desk.take(application(8))
    before = desk.counts()
    for case in ("VN/8/2022", "VN/404/2022"):
        assert words(partial(declare, desk, "arvi", case)) == [
            f"There is no application {case} in this call that you can see."
        ]
    assert desk.counts() == before
    declare(desk, "arvi", CASES[2])
    states = {item.case_number: item.state for item in my_queue(desk.house, desk["arvi"], CALL_ID)}
    assert states[CASES[2]] == "conflict"


def test_a_submitted_review_of_somebody_disqualified_leaves_ranking_export_and_progress(desk: World) -> None:
    before = {r.view.case_number: r.standing for r in get_ranking(desk.house, desk["chair"], CALL_ID)}[CASE]
    declare(desk, "celia")
    after = {r.view.case_number: r.standing for r in get_ranking(desk.house, desk["chair"], CALL_ID)}[CASE]
    assert (before.reviews, after.reviews) == (3, 2)
    assert before.mean != after.mean
    seen = get_overview(desk.house, desk["officer"], CALL_ID)
    assert (seen.reviews_assigned, seen.reviews_submitted) == (17, 4)
    assert export_workbook(desk.house, desk["officer"], CALL_ID, "fi")


def test_an_equal_that_is_hidden_is_not_named(desk: World) -> None:
    desk.review("daavid", CASES[2], 5, 5, 5)
    desk.review("arvi", CASES[3], 5, 5, 5)
    equals = {r.view.case_number: r.standing.tied_with for r in get_ranking(desk.house, desk["chair"], CALL_ID)}
    assert (equals[CASES[2]], equals[CASES[3]]) == ((CASES[3],), (CASES[2],))
    declare(desk, "chair", CASES[2])
    seen = get_ranking(desk.house, desk["chair"], CALL_ID)
    assert CASES[2] not in str([r.standing for r in seen])
    assert {r.view.case_number: r.standing.rank for r in seen}[CASES[3]] == 1


def test_a_reviewer_with_a_second_role_declares_for_any_application(desk: World) -> None:
    both = replace(desk["arvi"], roles=frozenset({"reviewer", "decision_maker"}))
    declare_conflict(desk.house, both, CALL_ID, CASES[1], "other", "")
    assert CASES[1] not in {view.case_number for view in list_applications(desk.house, both, CALL_ID)}


def mean(world: World) -> tuple[int, Any]:
    standing = {r.view.case_number: r.standing for r in get_ranking(world.house, world["chair"], CALL_ID)}[CASE]
    return standing.reviews, standing.mean


def lift(
    world: World, officer: str, who: str, reason: str = "Määräaikainen työ päättyi 2019.", case: str = CASE
) -> None:
    lift_conflict(world.house, world[officer], CALL_ID, case, world[who].id, reason)


def test_a_conflict_withdraws_the_declaration_of_having_none(desk: World) -> None:
    declare_impartial(desk.house, desk["arvi"], CALL_ID, [CASES[2]])
    assert open_review(desk.house, desk["arvi"], CALL_ID, CASES[2]).writable
    before = desk.counts()["impartiality"]
    record_conflict(desk.house, desk["officer"], CALL_ID, CASES[2], desk["arvi"].id, "other", "")
    assert desk.counts()["impartiality"] == before - 1
    for case in (CASES[2], "VN/404/2022"):
        assert words(partial(declare_impartial, desk.house, desk["arvi"], CALL_ID, [case])) == [
            f"Application {case} is not yours to review."
        ]


def test_after_lifting_the_person_declares_again_and_a_submitted_review_counts_again(desk: World) -> None:
    whole = mean(desk)
    declare(desk, "celia")
    assert mean(desk) != whole
    lift(desk, "officer", "celia")
    assert mean(desk) == whole
    with pytest.raises(DeclarationNeeded):
        open_review(desk.house, desk["celia"], CALL_ID, CASE)
    declare_impartial(desk.house, desk["celia"], CALL_ID, [CASE])
    assert open_review(desk.house, desk["celia"], CALL_ID, CASE).submitted
    entries = get_trail(desk.house, desk["officer"], CALL_ID)
    assert [e.action for e in entries[:4]] == [
        "impartiality.declare",
        "conflict.lift",
        "conflict.declare",
        "impartiality.withdraw",
    ]
    assert ("lift_reason", "", "Määräaikainen työ päättyi 2019.") in entries[1].changes
    declare(desk, "celia")
    assert [c.lifted_at for c in list_recorded(desk.house, desk["officer"], CALL_ID)] == [None]


def test_lifting_needs_a_reason_and_another_officer(desk: World) -> None:
    declare(desk, "officer")
    declare(desk, "arvi")
    for reason in ("", " ", "x" * 5_001):
        assert words(partial(lift, desk, "colleague", "arvi", reason)) == ["Give the reason, in 1 to 5000 characters."]
    for case in (CASE, CASES[1], "VN/404/2022"):
        assert words(partial(lift, desk, "officer", "officer", case=case)) == [
            "Your own conflict of interest is lifted by another officer."
        ]
        assert words(partial(lift, desk, "officer", "arvi", case=case)) == [
            f"No such conflict of interest is in force in application {case}."
        ]
    lift(desk, "colleague", "officer")
    assert list(desk.views("officer")) == list(CASES)


@pytest.mark.parametrize("who", ["arvi", "chair", "decider", "admin"])
def test_only_officers_lift_and_list_conflicts(desk: World, who: str) -> None:
    attempts: list[Callable[[], object]] = [
        lambda: lift_conflict(desk.house, desk[who], "no call", "", desk[who].id, ""),
        lambda: list_recorded(desk.house, desk[who], "no call"),
        lambda: record_conflict(desk.house, desk[who], "no call", "", 0, "", ""),
    ]
    for attempt in attempts:
        with pytest.raises(Forbidden):
            attempt()


def test_a_disqualified_officer_learns_nothing_of_others_conflicts_in_the_application(desk: World) -> None:
    declare(desk, "arvi", CASES[3])
    declare(desk, "officer")
    before = list_recorded(desk.house, desk["officer"], CALL_ID)
    declare(desk, "arvi")
    record_conflict(desk.house, desk["colleague"], CALL_ID, CASE, desk["chair"].id, "other", "")
    lift(desk, "colleague", "chair")
    assert list_recorded(desk.house, desk["officer"], CALL_ID) == before
    assert [(c.case_number, c.person, c.own) for c in before] == [(CASES[3], "Arvi", True)]
    for who in ("arvi", "britta"):
        assert words(
            lambda who=who: record_conflict(desk.house, desk["officer"], CALL_ID, CASE, desk[who].id, "other", "")  # type: ignore[misc]
        ) == [f"There is no application {CASE} in this call that you can see."]


def test_conflicts_are_declared_and_lifted_after_the_decision_too(desk: World) -> None:
    """Later decisions are handled then, and nobody disqualified takes part in them."""
    declare(desk, "arvi")
    desk.turn_to("meeting")
    desk.turn_to("allocation")
    desk.turn_to("decided")
    declare(desk, "chair")
    lift(desk, "officer", "arvi")
    recorded = list_recorded(desk.house, desk["officer"], CALL_ID)
    assert [(c.person, c.lifted_at is None) for c in recorded] == [("Arvi", False), ("Chair", True)]
