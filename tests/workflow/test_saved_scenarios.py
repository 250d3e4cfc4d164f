"""Saved scenarios: changed, copied, locked and removed, by one officer at a time."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from access.permissions import Forbidden
from allocation import Constraint, Exclusive, Scenario
from storage import scenarios as stored
from tests.support.worlds import CALL, CALL_ID, CASES, World
from workflow.by_hand import run_saved, set_award
from workflow.comparison import compare_scenarios
from workflow.decision_export import export_workbook
from workflow.eligibility import withdraw_application
from workflow.errors import Conflicting, Refused
from workflow.saved_scenarios import (
    Saved,
    change_scenario,
    copy_scenario,
    get_saved,
    list_scenarios,
    lock_scenario,
    remove_scenario,
    save_scenario,
)
from workflow.scenarios import default_scenario, run_scenario, within_call


def tight(rule: str = "milp", **changes: object) -> Scenario:
    """The call's scenario with money for one application and a part of another."""
    return replace(default_scenario(CALL, rule), appropriation=120_000, **changes)  # type: ignore[arg-type]


def save(world: World, scenario: Scenario | None = None, name: str = "Perus") -> Saved:
    return save_scenario(world.house, world["officer"], CALL_ID, name, scenario or tight())


def awards(world: World, saved: Saved) -> dict[str, int]:
    ids = {view.id: case for case, view in world.views("colleague").items()}
    with world.house.reading() as uow:
        return {ids[a.application_id]: a.granted for a in stored.list_awards(uow, saved.id)}


def test_everything_a_scenario_can_hold_comes_back(desk: World) -> None:
    scenario = tight(
        reserve=5_000,
        objective="score_of_funded",
        criterion_thresholds=((CALL.criteria[0].id, default_scenario(CALL).threshold),),
        constraints=(Constraint("Enintään kaksi", "count", (("partner_region", ("02",)),), upper=2),),
        exclusive=(Exclusive("Vain toinen", (CASES[0], CASES[1])),),
        force_out=frozenset({CASES[2]}),
        reasons={CASES[2]: "Rahoitettu toisaalta."},
    )
    saved = save(desk, scenario)
    assert saved.scenario == scenario
    assert get_saved(desk.house, desk["decider"], CALL_ID, saved.id) == saved
    assert (saved.created_by, saved.changed_by, saved.locked_by, saved.copied_from) == ("Officer", None, None, None)
    assert (saved.by_hand, saved.rest, saved.version, saved.created_at.tzinfo is not None) == ((), "kept", 1, True)


def test_a_scenario_from_before_constraints_is_still_read(desk: World) -> None:
    saved = save(desk)
    with desk.house.engine.begin() as connection:
        old = {
            "rule": "milp",
            "appropriation": 120_000,
            "threshold": "5/2",
            "smallest_grant": 20_000,
            "largest_grant": None,
            "reserve": 0,
            "objective": "score_times_grant",
        }
        connection.execute(
            text("UPDATE scenarios SET parameters = :p, outcome = :o"),
            {"p": json.dumps(old), "o": json.dumps({k: v for k, v in saved.outcome.items() if k != "ranking"})},
        )
    desk.sound = False
    found = run_saved(desk.house, desk["officer"], CALL_ID, saved.id)
    assert (found.saved.scenario, found.ranking_changed) == (saved.scenario, False)
    assert found.run.allocation.awards == run_scenario(desk.house, desk["officer"], CALL_ID, tight()).allocation.awards


def test_a_change_runs_the_scenario_anew_and_counts_up(panel: World) -> None:
    saved = save(panel)
    assert awards(panel, saved)[CASES[1]] == 0
    richer = replace(tight(), appropriation=500_000)
    changed = change_scenario(panel.house, panel["colleague"], CALL_ID, saved.id, richer, expected_version=1)
    assert (changed.name, changed.scenario, changed.version) == ("Perus", richer, 2)
    assert (changed.created_by, changed.changed_by, changed.outcome["spent"]) == ("Officer", "Colleague", 170_000)
    assert changed.changed_at is not None
    assert changed.changed_at > saved.created_at
    assert awards(panel, changed)[CASES[1]] == 85_000
    assert list_scenarios(panel.house, panel["chair"], CALL_ID) == [changed]


def test_of_two_who_change_one_scenario_the_second_is_told(panel: World) -> None:
    saved = save(panel)
    change_scenario(panel.house, panel["officer"], CALL_ID, saved.id, tight(reserve=1_000), expected_version=1)
    before = panel.counts()
    attempts: tuple[Callable[[], object], ...] = (
        lambda: change_scenario(
            panel.house, panel["colleague"], CALL_ID, saved.id, tight(reserve=2_000), expected_version=1
        ),
        lambda: lock_scenario(panel.house, panel["colleague"], CALL_ID, saved.id, expected_version=1),
        lambda: set_award(
            panel.house, panel["colleague"], CALL_ID, saved.id, CASES[0], 50_000, "Syy.", expected_version=1
        ),
    )
    for attempt in attempts:
        with pytest.raises(Conflicting):
            attempt()
    assert panel.counts() == before
    assert get_saved(panel.house, panel["officer"], CALL_ID, saved.id).scenario == tight(reserve=1_000)


def test_changes_at_the_same_moment_leave_one_and_refuse_the_other(panel: World) -> None:
    saved = save(panel)
    ready = threading.Barrier(2)
    answers: list[object] = []

    def change(who: str, reserve: int) -> None:
        ready.wait(10)
        try:
            scenario = tight(reserve=reserve)
            answers.append(
                change_scenario(panel.house, panel[who], CALL_ID, saved.id, scenario, expected_version=saved.version)
            )
        except Conflicting as told:
            answers.append(told)

    threads = [threading.Thread(target=change, args=given) for given in (("officer", 1_000), ("colleague", 2_000))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    [kept] = [one for one in answers if isinstance(one, Saved)]
    assert len(answers) == 2
    assert get_saved(panel.house, panel["officer"], CALL_ID, saved.id) == kept


def test_a_copy_has_its_own_name_and_says_of_what(desk: World) -> None:
    saved = save(desk)
    set_award(desk.house, desk["officer"], CALL_ID, saved.id, CASES[1], 30_000, "Alkaa syksyllä.")
    copy = copy_scenario(desk.house, desk["colleague"], CALL_ID, saved.id, " Toinen ")
    assert (copy.name, copy.copied_from, copy.created_by, copy.version) == ("Toinen", "Perus", "Colleague", 1)
    assert copy.scenario == saved.scenario
    assert [(one.case_number, one.granted, one.reason, one.by) for one in copy.by_hand] == [
        (CASES[1], 30_000, "Alkaa syksyllä.", "Colleague")
    ]
    assert awards(desk, copy) == awards(desk, saved)
    with pytest.raises(Conflicting):
        copy_scenario(desk.house, desk["officer"], CALL_ID, saved.id, "Toinen")
    for name in ("", " ", "x" * 101):
        with pytest.raises(Refused):
            copy_scenario(desk.house, desk["officer"], CALL_ID, saved.id, name)


def test_a_locked_scenario_is_neither_changed_nor_removed_but_copied(panel: World) -> None:
    saved = save(panel)
    locked = lock_scenario(panel.house, panel["officer"], CALL_ID, saved.id)
    assert (locked.locked, locked.locked_by, locked.version) == (True, "Officer", 2)
    assert locked.locked_at is not None
    before = panel.counts()
    for attempt in (
        lambda: change_scenario(panel.house, panel["officer"], CALL_ID, saved.id, tight(reserve=1)),
        lambda: set_award(panel.house, panel["officer"], CALL_ID, saved.id, CASES[0], 0, "Syy."),
        lambda: lock_scenario(panel.house, panel["officer"], CALL_ID, saved.id),
        lambda: remove_scenario(panel.house, panel["officer"], CALL_ID, saved.id),
    ):
        with pytest.raises(Refused, match="locked"):
            attempt()
    assert panel.counts() == before
    copy = copy_scenario(panel.house, panel["officer"], CALL_ID, saved.id, "Jatko")
    assert not copy.locked
    assert change_scenario(panel.house, panel["officer"], CALL_ID, copy.id, tight(reserve=1)).version == 2


@pytest.mark.parametrize(
    "wrong",
    [
        # Both are forced in, which the money does not reach to.
        {"force_in": frozenset(CASES[:2]), "reasons": dict.fromkeys(CASES[:2], "Syy.")},
        {"gap": 0.01},
    ],
    ids=["infeasible", "gap"],
)
def test_what_is_not_final_cannot_be_locked(desk: World, wrong: dict[str, object]) -> None:
    saved = save(desk, tight(**wrong))  # type: ignore[arg-type]
    before = desk.counts()
    with pytest.raises(Refused, match="cannot be locked"):
        lock_scenario(desk.house, desk["officer"], CALL_ID, saved.id)
    assert desk.counts() == before


def test_a_scenario_of_an_earlier_ranking_is_locked_only_after_it_is_run_again(desk: World) -> None:
    saved = save(desk)
    withdraw_application(desk.house, desk["officer"], CALL_ID, CASES[0], "Kirje.")
    assert run_saved(desk.house, desk["officer"], CALL_ID, saved.id).ranking_changed
    with pytest.raises(Refused, match="the ranking changed"):
        lock_scenario(desk.house, desk["officer"], CALL_ID, saved.id)
    changed = change_scenario(desk.house, desk["officer"], CALL_ID, saved.id, saved.scenario)
    assert awards(desk, changed) == {CASES[1]: 85_000, CASES[2]: 0, CASES[3]: 0, CASES[4]: 0, CASES[5]: 0}
    assert not run_saved(desk.house, desk["officer"], CALL_ID, saved.id).ranking_changed
    assert lock_scenario(desk.house, desk["officer"], CALL_ID, saved.id).locked


def test_what_a_scenario_forces_or_fixes_needs_a_reason(desk: World) -> None:
    for scenario in (
        tight(force_in=frozenset({CASES[1]})),
        tight(force_out=frozenset({CASES[1]}), reasons={CASES[1]: " "}),
        tight(fixed={CASES[1]: 30_000}),
        tight(fixed={CASES[1]: 30_000}, reasons={CASES[1]: "x" * 2_001}),
    ):
        with pytest.raises(Refused, match="reason"):
            save(desk, scenario)
    saved = save(desk, tight(fixed={CASES[1]: 30_000}, reasons={CASES[1]: "Alkaa syksyllä."}))
    assert (saved.scenario.fixed, saved.scenario.reasons, saved.rest) == ({}, {}, "reoptimised")
    assert [(one.case_number, one.granted, one.reason) for one in saved.by_hand] == [
        (CASES[1], 30_000, "Alkaa syksyllä.")
    ]
    assert awards(desk, saved)[CASES[1]] == 30_000


def test_what_the_call_decides_is_no_choice_of_the_scenario(desk: World) -> None:
    run = run_scenario(desk.house, desk["officer"], CALL_ID, tight(seed=7, tie_rule=("x",), max_share_bp=None))
    assert run.scenario == tight()
    for wrong in (tight(max_share_bp=9_000), tight(unit=0)):
        with pytest.raises(Refused):
            run_scenario(desk.house, desk["officer"], CALL_ID, wrong)
    money = CALL.money.model_copy(update={"unit": CALL.money.unit.model_copy(update={"value": 100})})
    coarse = CALL.model_copy(update={"money": money})
    assert within_call(coarse, tight(unit=1_000)).unit == 1_000
    with pytest.raises(Refused, match="full units"):
        within_call(coarse, tight(unit=10))
    assert run_scenario(desk.house, desk["officer"], CALL_ID, tight(max_share_bp=5_000)).allocation.spent == 100_000


def test_only_officers_save_and_nobody_finds_what_is_not_there(desk: World) -> None:
    saved = save(desk)
    for actor in (desk["chair"], desk["decider"]):
        with pytest.raises(Forbidden):
            change_scenario(desk.house, actor, CALL_ID, saved.id, tight())
        with pytest.raises(Forbidden):
            copy_scenario(desk.house, actor, CALL_ID, saved.id, "Kopio")
        with pytest.raises(Forbidden):
            lock_scenario(desk.house, actor, CALL_ID, saved.id)
    for nothing in (0, -1, 404, 10**30):
        with pytest.raises(Refused):
            get_saved(desk.house, desk["officer"], CALL_ID, nothing)
        with pytest.raises(Refused):
            lock_scenario(desk.house, desk["officer"], "2020", saved.id)


def test_a_decided_call_leaves_its_scenarios_as_they_are(desk: World) -> None:
    saved = save(desk)
    desk.turn_to("allocation")
    desk.turn_to("decided")
    for attempt in (
        lambda: change_scenario(desk.house, desk["officer"], CALL_ID, saved.id, tight(reserve=1)),
        lambda: copy_scenario(desk.house, desk["officer"], CALL_ID, saved.id, "Kopio"),
        lambda: lock_scenario(desk.house, desk["officer"], CALL_ID, saved.id),
        lambda: set_award(desk.house, desk["officer"], CALL_ID, saved.id, CASES[0], 0, "Syy."),
        lambda: remove_scenario(desk.house, desk["officer"], CALL_ID, saved.id),
    ):
        with pytest.raises(Refused, match="phase"):
            attempt()
    assert list_scenarios(desk.house, desk["officer"], CALL_ID)[:-1] == [saved], "beside the one that was decided on"


@pytest.mark.parametrize(
    "record", [{"rule": "dice"}, {}, {"rule": ["milp"]}, {"rule": "milp", "reserve": "paljon"}, []]
)
def test_one_record_that_cannot_be_read_harms_no_other(desk: World, record: object) -> None:
    sound, bad = save(desk), save(desk, name="Rikki")
    desk.sound = False
    with desk.house.engine.begin() as connection:
        connection.execute(
            text("UPDATE scenarios SET parameters = :p WHERE id = :id"), {"p": json.dumps(record), "id": bad.id}
        )
    first, second = list_scenarios(desk.house, desk["officer"], CALL_ID)
    assert first == sound
    assert (second.name, bool(second.problems)) == ("Rikki", True)
    assert run_saved(desk.house, desk["officer"], CALL_ID, sound.id).saved == sound
    assert change_scenario(desk.house, desk["officer"], CALL_ID, sound.id, tight(reserve=1)).version == 2
    for attempt in (
        lambda: run_saved(desk.house, desk["officer"], CALL_ID, bad.id),
        lambda: copy_scenario(desk.house, desk["officer"], CALL_ID, bad.id, "Kopio"),
        lambda: change_scenario(desk.house, desk["officer"], CALL_ID, bad.id, tight()),
        lambda: lock_scenario(desk.house, desk["officer"], CALL_ID, bad.id),
        lambda: export_workbook(desk.house, desk["decider"], CALL_ID, "fi", scenario_id=bad.id),
    ):
        with pytest.raises(Refused, match="cannot be read"):
            attempt()
    compared = compare_scenarios(desk.house, desk["officer"], CALL_ID, [sound.id, bad.id])
    assert [option.run is None for option in compared.options] == [False, False, True]
    remove_scenario(desk.house, desk["officer"], CALL_ID, bad.id)
    assert [one.id for one in list_scenarios(desk.house, desk["officer"], CALL_ID)] == [sound.id]


def test_a_scenario_that_somebody_changed_meanwhile_is_not_removed(desk: World) -> None:
    saved = save(desk)
    change_scenario(desk.house, desk["colleague"], CALL_ID, saved.id, tight(reserve=1))
    with pytest.raises(Conflicting):
        remove_scenario(desk.house, desk["officer"], CALL_ID, saved.id, expected_version=saved.version)
    remove_scenario(desk.house, desk["officer"], CALL_ID, saved.id, expected_version=saved.version + 1)
    assert list_scenarios(desk.house, desk["officer"], CALL_ID) == []
