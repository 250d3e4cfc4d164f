import json
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from allocation import Constraint, Dependent, Exclusive, Scenario, ScenarioError, Tier, distribute
from allocation.by_hand import replace_awards
from allocation.scenario_record import to_record
from decisions.facts import fact_rows, facts_of
from decisions.solving import MOST_SECONDS, granted_again, projects_of, scenario_facts, scenario_of, solve_again
from decisions.tables import Tables, make
from decisions.values import CanonicalError, canonical_json
from tests.support.decided import case, decided

EVERYTHING = Scenario(
    appropriation=3_000_000,
    rule="milp",
    reserve=50_000,
    unit=100,
    objective="score_of_funded",
    threshold=Fraction(7, 3),
    max_share_bp=8_500,
    smallest_grant=10_000,
    largest_grant=400_000,
    force_in=frozenset({"a.b#c%23", "VN/1"}),
    force_out=frozenset({"VN/2", "VN/in.out"}),
    time_limit=0.25,
    gap=1e-05,
    seed=2**62,
    criterion_thresholds=(("process_change", Fraction(2)),),
    constraints=tuple(
        Constraint(f"Rule {k}", "count", (("theme", ("x", "y")),), lower=k, upper_share=Fraction(1, 3), on=k != 3)
        for k in range(12)
    ),
    exclusive=(Exclusive("Pair", ("VN/1", "VN/3")),),
    dependent=(Dependent("Needs", "VN/4", ("VN/5", "VN/6"), on=False),),
    rank_order="",
    fixed={"VN/7": 0, "VN/8": 5_000},
    tiers=(Tier(Fraction(4), Fraction(1)), Tier(Fraction(5, 2), Fraction(1, 2))),
    reasons={"VN/1": "why", "a.b#c%23": "", "VN/2": "also", "VN/7": "none"},
    tie_rule=("process_change", "lot"),
)


def told(tables: Tables, **changes: Any) -> Tables:
    """``tables`` with other facts; None takes one away. ``__`` in a name stands for a dot."""
    facts = facts_of(tables["facts"]) | {key.replace("__", "."): value for key, value in changes.items()}
    return make({**tables.rows, "facts": fact_rows(facts)}, tables.private)


def override(number: int, k: int, kind: str, after: int, decision: int = 1) -> Mapping[str, Any]:
    return {"number": number, "case_number": case(k), "kind": kind, "after": after, "decision": decision}


def with_overrides(tables: Tables, *rows: Mapping[str, Any]) -> Tables:
    return make({**tables.rows, "overrides": rows}, tables.private)


def stands(tables: Tables) -> dict[str, int]:
    return {row["case_number"]: row["granted"] for row in tables["applications"]}


def test_the_facts_of_a_scenario_make_the_same_scenario() -> None:
    facts = json.loads(canonical_json({**scenario_facts(EVERYTHING), "scenario.name": "n", "scenario.rest": "kept"}))
    again = scenario_of(facts_of(fact_rows(facts)))
    assert to_record(again) == to_record(EVERYTHING)
    assert replace(again, reasons={}) == replace(EVERYTHING, reasons={})
    assert len([key for key in facts if key.startswith("scenario.constraint.")]) == 12


def test_the_distribution_is_solved_again_to_the_euro() -> None:
    tables = decided(60)
    again = solve_again(tables)
    assert dict(again.granted) == stands(tables)
    assert again.decided.spent == sum(stands(tables).values())


def test_awards_set_by_hand_with_the_rest_kept() -> None:
    tables = decided(60)
    given = stands(tables)
    funded = next(k for k in range(60) if given[case(k)])
    changed = with_overrides(tables, override(1, funded, "by_hand", 1_000))
    again = solve_again(changed)
    assert again.granted == {**given, case(funded): 1_000}
    assert again.by_rule.award(case(funded)).granted == given[case(funded)]
    projects, scenario = projects_of(changed), scenario_of(facts_of(tables["facts"]))
    by_rule = distribute(projects, scenario)
    assert again.decided.awards == replace_awards(projects, scenario, by_rule, {case(funded): 1_000}).awards


def test_awards_set_by_hand_with_the_rest_distributed_anew() -> None:
    tables = told(decided(60), scenario__rest="reoptimised", **{f"scenario.force.in.{case(4)}": "why"})
    given = granted_again(tables)
    first = next(k for k in range(60) if k != 4 and given[case(k)])
    changed = with_overrides(tables, override(1, first, "by_hand", 0), override(2, 4, "by_hand", 2_000))
    scenario = scenario_of(facts_of(tables["facts"]))
    fixed = replace(scenario, fixed={case(first): 0, case(4): 2_000}, force_in=frozenset())
    expected = {award.id: award.granted for award in distribute(projects_of(tables), fixed).awards}
    again = granted_again(changed)
    assert {key: again[key] for key in expected} == expected
    assert expected != {key: given[key] for key in expected}


def test_later_decisions_come_last_and_in_their_order() -> None:
    tables = decided(12)
    given = stands(tables)
    changed = with_overrides(
        tables,
        override(1, 3, "correction", 7_000, decision=3),
        override(2, 3, "withdrawal", 0, decision=2),
        override(3, 9, "rectification", 5_000, decision=2),
        override(4, 1, "forced_in", 1, decision=1),
    )
    assert granted_again(changed) == {**given, case(3): 7_000, case(9): 5_000}


@pytest.mark.parametrize(
    "changes",
    [
        {"scenario__rule": "lottery"},
        {"scenario__rule": None},
        {"scenario__rule": ["milp"]},
        {"scenario__appropriation": "much"},
        {"scenario__appropriation": -1},
        {"scenario__gap": "nan"},
        {"scenario__time_limit": "1e999"},
        {"scenario__unknown": 1},
        {"scenario__constraint__x": {"sum": {}}},
        {"scenario__constraint__0001": []},
        {"scenario__force__sideways__A": ""},
        {"scenario__force__in__A": "not there"},
        {"scenario__force": "in"},
        {"scenario__fixed__A": "x"},
        {"scenario__tier__0001": 7, "scenario__rule": "tiers"},
        {"scenario__smallest_grant": 10**13},
        {"scenario__constraint__0001": {"name": "n", "sum": "no such column", "max": 1}},
    ],
)
def test_a_scenario_that_cannot_be_is_refused_in_words(changes: Mapping[str, Any]) -> None:
    with pytest.raises(ScenarioError) as refused:
        granted_again(told(decided(12), **changes))
    assert refused.value.problems


def test_more_rules_than_people_make_are_not_solved() -> None:
    many = {f"scenario.constraint.{k:04}": {"name": f"n{k}", "max": 10**9} for k in range(9_000)}
    with pytest.raises(ScenarioError, match="more than can be solved"):
        granted_again(told(decided(700), **many))


def test_time_is_bounded_whatever_the_record_says() -> None:
    again = solve_again(told(decided(12), scenario__time_limit="86400.0"))
    assert again.scenario.time_limit == MOST_SECONDS


@pytest.mark.parametrize(
    ("key", "value"), [("scenario.rest", "dropped"), ("call.tie_rule", "lot"), ("call.lot_seed", None)]
)
def test_facts_that_are_not_of_their_kind_are_refused(key: str, value: object) -> None:
    tables = told(with_overrides(decided(12), override(1, 3, "by_hand", 0)), **{key: value})
    with pytest.raises(CanonicalError, match=key):
        granted_again(tables)


def test_a_ranked_application_that_is_not_there_is_refused() -> None:
    tables = decided(12)
    with pytest.raises(CanonicalError, match="ranking"):
        granted_again(make({**tables.rows, "applications": tables["applications"][1:]}))
