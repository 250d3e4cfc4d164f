"""Scenarios over the ranking of the moment, and the decision workbook whose totals are Python's."""

import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from openpyxl import load_workbook

from allocation import Scenario
from decisions.facts import facts_of
from storage import scenarios as stored
from tests.support.office import recalculate
from tests.support.worlds import CALL, CALL_ID, CASES, World, application
from workflow.conflicts import record_conflict
from workflow.decision_export import export_workbook
from workflow.decision_material import read_material, snapshot_of
from workflow.errors import Conflicting, Refused
from workflow.saved_scenarios import (
    LONGEST_NAME,
    list_scenarios,
    remove_scenario,
    save_scenario,
)
from workflow.scenarios import RULES, default_scenario, gained_and_lost, run_scenario


def tight(rule: str = "milp", **changes: object) -> Scenario:
    """The call's scenario with money for one application and a part of another."""
    return replace(default_scenario(CALL, rule), appropriation=120_000, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_distributes_over_the_ranking_and_accounts_for_every_euro(desk: World, rule: str) -> None:
    run = run_scenario(desk.house, desk["officer"], CALL_ID, tight(rule))
    allocation = run.allocation
    granted = {award.id: award.granted for award in allocation.awards}
    assert granted.keys() == set(CASES), "every eligible application gets an answer"
    assert allocation.spent == sum(granted.values()) == 120_000 - allocation.remaining
    assert granted[CASES[0]] > 0
    assert {award.code for award in allocation.awards if award.id in CASES[2:]} == {"not_scored"}
    gained, lost = gained_and_lost(run.changes)
    assert gained - lost == allocation.spent - run.baseline.spent


def test_without_parameters_the_calls_own_values_hold(desk: World) -> None:
    run = run_scenario(desk.house, desk["chair"], CALL_ID)
    assert (run.scenario.appropriation, run.scenario.threshold, run.scenario.smallest_grant) == (
        10_000_000,
        Fraction(5, 2),
        20_000,
    )
    assert (run.scenario.max_share_bp, run.scenario.seed) == (8_500, 20_220_425)
    assert {a.id: a.granted for a in run.allocation.awards if a.funded} == {CASES[0]: 85_000, CASES[1]: 85_000}


def test_a_saved_scenario_keeps_its_parameters_and_awards(panel: World) -> None:
    saved = save_scenario(panel.house, panel["officer"], CALL_ID, "  Perus ", tight(reserve=1_000))
    run = run_scenario(panel.house, panel["officer"], CALL_ID, tight(reserve=1_000))
    assert (saved.name, saved.created_by, saved.scenario) == ("Perus", "Officer", tight(reserve=1_000))
    assert saved.outcome == {
        "status": "optimal",
        "spent": run.allocation.spent,
        "remaining": run.allocation.remaining,
        "ranking": saved.outcome["ranking"],
    }
    assert list_scenarios(panel.house, panel["decider"], CALL_ID) == [saved]
    ids = {view.id: case for case, view in panel.views().items()}
    with panel.house.reading() as uow:
        awards = stored.list_awards(uow, saved.id)
    assert {ids[a.application_id]: (a.funded, a.granted, a.code) for a in awards} == {
        a.id: (a.funded, a.granted, a.code) for a in run.allocation.awards
    }
    assert list_scenarios(panel.house, panel["decider"], "2020") == []


def test_a_name_is_used_once_per_call(panel: World) -> None:
    save_scenario(panel.house, panel["officer"], CALL_ID, "Perus", tight())
    before = panel.counts()
    with pytest.raises(Conflicting):
        save_scenario(panel.house, panel["colleague"], CALL_ID, " Perus ", tight("lp", smallest_grant=0))
    for name in ("", "  ", "x" * (LONGEST_NAME + 1)):
        with pytest.raises(Refused):
            save_scenario(panel.house, panel["officer"], CALL_ID, name, tight())
    assert panel.counts() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"appropriation": -1},
        {"reserve": 120_001},
        {"smallest_grant": -1},
        {"largest_grant": -1},
        {"rule": "lottery"},
        {"rule": "lp", "smallest_grant": 20_000},
        {"objective": "fame"},
    ],
)
def test_parameters_that_cannot_be_are_refused(desk: World, wrong: dict[str, object]) -> None:
    parameters = replace(tight(), **wrong)  # type: ignore[arg-type]
    before = desk.counts()
    with pytest.raises(Refused):
        run_scenario(desk.house, desk["officer"], CALL_ID, parameters)
    with pytest.raises(Refused):
        save_scenario(desk.house, desk["officer"], CALL_ID, "Perus", parameters)
    assert desk.counts() == before


def test_a_removed_scenario_is_gone_with_its_awards(panel: World) -> None:
    before = panel.counts()
    saved = save_scenario(panel.house, panel["officer"], CALL_ID, "Perus", tight())
    remove_scenario(panel.house, panel["officer"], CALL_ID, saved.id)
    after = panel.counts()
    assert {**after, "audit_log": 0} == {**before, "audit_log": 0}
    with pytest.raises(Refused):
        remove_scenario(panel.house, panel["officer"], CALL_ID, saved.id)


def test_somebody_disqualified_takes_no_part_in_the_allocation(desk: World) -> None:
    saved = save_scenario(desk.house, desk["colleague"], CALL_ID, "Perus", tight())
    record_conflict(desk.house, desk["colleague"], CALL_ID, CASES[0], desk["officer"].id, "other", "")
    before = desk.counts()
    for attempt in (
        lambda: run_scenario(desk.house, desk["officer"], CALL_ID, tight()),
        lambda: save_scenario(desk.house, desk["officer"], CALL_ID, "Toinen", tight()),
        lambda: list_scenarios(desk.house, desk["officer"], CALL_ID),
        lambda: remove_scenario(desk.house, desk["officer"], CALL_ID, saved.id),
        lambda: export_workbook(desk.house, desk["officer"], CALL_ID, "fi"),
    ):
        with pytest.raises(Refused):
            attempt()
    assert desk.counts() == before


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_the_workbook_is_the_same_whenever_it_is_made(desk: World, lang: str) -> None:
    moment = desk.clock.moment
    first = export_workbook(desk.house, desk["decider"], CALL_ID, lang, scenario=tight(), name="Perus")
    desk.clock.moment = moment
    assert export_workbook(desk.house, desk["decider"], CALL_ID, lang, scenario=tight(), name="Perus") == first
    assert len(load_workbook(io.BytesIO(first)).sheetnames) >= 3


def test_every_application_is_in_the_decision_with_its_status(desk: World) -> None:
    desk.take(*(application(number) for number in (7, 8)))
    with desk.house.reading() as uow:
        material = read_material(uow, CALL_ID, None, tight(), "Perus")
    tables = snapshot_of(material).tables
    rows = {row["case_number"]: (row["status"], row["granted"]) for row in tables["applications"]}
    ranks = {row["case_number"]: (row["rank"], row["score"]) for row in tables["ranking"]}
    assert (*rows[CASES[0]], *ranks[CASES[0]]) == ("approved", 85_000, 1, Fraction(2 * (440 + 370) + 2 * (390), 600))
    assert (*rows[CASES[1]], ranks[CASES[1]][0]) == ("rejected", 0, 2)
    assert (*rows[CASES[2]], *ranks[CASES[2]]) == ("in_progress", None, None, None)
    assert rows["VN/7/2022"] == ("not_started", None)
    assert "VN/7/2022" not in ranks
    assert len(tables["scores"]) == 5 * 3
    facts = facts_of(tables["facts"])
    assert (facts["scenario.appropriation"], facts["result.spent"], facts["result.remaining"]) == (
        120_000,
        85_000,
        35_000,
    )


@pytest.mark.office
def test_the_totals_of_the_workbook_are_pythons(sample: World, tmp_path: Path) -> None:
    decider = sample["paula.paattaja"]
    run = run_scenario(sample.house, decider, "2022")
    book = recalculate(export_workbook(sample.house, decider, "2022", "fi"), tmp_path)
    values = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
    for total in (run.scenario.appropriation, run.allocation.spent, run.allocation.remaining):
        assert total in values
    grants = {award.id: award.granted for award in run.allocation.awards if award.granted}
    for row in book.worksheets[0].iter_rows(values_only=True):
        for case in grants.keys() & {value for value in row if isinstance(value, str)}:
            assert grants.pop(case) in row
    assert grants == {}
