"""Scenarios that cannot be used are refused with every fault; ones without solution say what collides."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from allocation import (
    Allocation,
    Award,
    Change,
    Project,
    RuleName,
    Scenario,
    ScenarioError,
    baseline,
    compare,
    distribute,
)
from locales import Money, msg, render

A = Project("A", Fraction(4), 100, eligible_costs=200)
B = Project("B", Fraction(3), 100, eligible_costs=200)
USABLE = Scenario(150, "milp")


def faults(projects: list[Project], scenario: Scenario) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        distribute(projects, scenario)
    for fault in caught.value.problems:
        assert "{" not in render(fault, "fi")
    return [fault.msgid for fault in caught.value.problems]


WHOLE_EUROS = "{key}: {value} is not accepted; whole euros from {least} to {most} are."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"appropriation": -1}, [WHOLE_EUROS]),
        ({"appropriation": 100.5}, [WHOLE_EUROS]),
        ({"appropriation": True}, [WHOLE_EUROS]),
        ({"unit": 0}, [WHOLE_EUROS]),
        ({"smallest_grant": 10**13}, [WHOLE_EUROS]),
        ({"reserve": 151}, ["The reserve {reserve} is larger than the appropriation {appropriation}."]),
        (
            {"smallest_grant": 20, "largest_grant": 10},
            ["The largest grant {largest} is below the smallest grant {smallest}."],
        ),
        ({"force_in": frozenset("X")}, ["Forced in or out, but not among the projects: {ids}."]),
        (
            {"force_in": frozenset("A"), "force_out": frozenset("A")},
            ["Forced in and forced out at the same time: {ids}."],
        ),
        (
            {"max_share_bp": 10_001},
            ["{key}: {value} is not accepted; whole basis points from 1 to 10000 are (8500 is 85 %)."],
        ),
        ({"rule": "tiers"}, ["{key}: the rule {rule} needs at least one tier."]),
        ({"rule": "lottery"}, ["{key}: {value} is not accepted; {accepted} are."]),
        ({"objective": "luck"}, ["{key}: {value} is not accepted; {accepted} are."]),
        (
            {"time_limit": float("nan")},
            ["{key}: {value} is not accepted; seconds above 0 and at most {most} are."],
        ),
        ({"time_limit": 1e12}, ["{key}: {value} is not accepted; seconds above 0 and at most {most} are."]),
        ({"time_limit": 86_400.5}, ["{key}: {value} is not accepted; seconds above 0 and at most {most} are."]),
        ({"gap": 1.0}, ["{key}: {value} is not accepted; a share from 0 to below 1 is."]),
    ],
)
def test_unusable_scenario_is_refused_with_its_fault(change: dict[str, Any], said: list[str]) -> None:
    assert faults([A, B], replace(USABLE, **change)) == said


@pytest.mark.parametrize(
    ("projects", "change", "said"),
    [
        ([A, A], {}, "The same project id stands more than once: {ids}."),
        ([replace(A, applied=-5)], {}, "Project {id}: {fault}"),
        ([replace(A, score=Fraction(-1))], {}, "Project {id}: the score {score} is below 0."),
        (
            [A, replace(B, eligible_costs=None)],
            {"max_share_bp": 8500},
            "The largest share of the eligible costs cannot be computed: eligible costs are missing for {ids}.",
        ),
        (
            [A, replace(B, tie_keys=(1,))],
            {},
            "The tie rule gives some projects more values to compare than others; all need as many.",
        ),
        ([replace(A, score=None)], {"force_in": frozenset("A")}, "Forced in, but not scored: {ids}."),
    ],
)
def test_unusable_project_is_refused_with_its_fault(projects: list[Project], change: dict[str, Any], said: str) -> None:
    assert faults(projects, replace(USABLE, **change)) == [said]


def test_all_faults_are_said_at_once() -> None:
    assert len(faults([A, A], Scenario(-1, "milp", unit=0, gap=2.0))) == 4


@pytest.mark.parametrize("rule", ["rank_strict", "rank_skip", "rank_partial", "milp"])
def test_projects_forced_in_beyond_the_money_are_infeasible_and_said(rule: RuleName) -> None:
    result = distribute([A, B], replace(USABLE, rule=rule, force_in=frozenset("AB")))
    assert result.status == "infeasible"
    assert (result.spent, result.remaining, int(result.objective)) == (0, 150, 0)
    assert [(award.granted, award.code) for award in result.awards] == [(0, "infeasible")] * 2
    assert result.conflict == (
        msg(
            "The projects forced in need {needed}, but {available} can be distributed.",
            needed=Money(200),
            available=Money(150),
        ),
    )


def test_project_forced_in_that_cannot_get_the_smallest_grant_is_infeasible() -> None:
    result = distribute([A, B], replace(USABLE, smallest_grant=120, force_in=frozenset("A")))
    assert [fault.params for fault in result.conflict] == [{"id": "A", "ceiling": Money(100), "smallest": Money(120)}]


def test_project_forced_in_goes_over_score_and_threshold() -> None:
    scenario = replace(USABLE, force_in=frozenset("B"), threshold=Fraction(7, 2))
    rules: tuple[RuleName, ...] = ("rank_strict", "milp")
    for rule in rules:
        result = distribute([A, B], replace(scenario, rule=rule))
        assert [(award.granted, award.code) for award in result.awards] == [
            (0, "not_funded_budget"),
            (100, "forced_in"),
        ]


def test_time_limit_that_has_passed_says_so() -> None:
    result = distribute([A, B], replace(USABLE, time_limit=1e-9))
    assert result.status == "time_limit"
    assert result.spent == 100


def test_comparison_with_the_baseline_says_who_gains_and_loses() -> None:
    projects = [Project("A", Fraction(5), 100), Project("B", Fraction(4), 75), Project("C", Fraction(4), 75)]
    scenario = Scenario(150, "milp", objective="score_of_funded")
    greedy, best = baseline(projects, scenario), distribute(projects, scenario)
    assert greedy.rule == "rank_skip"
    assert (int(greedy.objective), int(best.objective)) == (5, 8)
    assert compare(greedy, best) == (
        Change("B", 0, 75, 75),
        Change("C", 0, 75, 75),
        Change("A", 100, 0, -100),
    )
    assert compare(best, best) == ()


def test_comparison_of_different_projects_is_refused() -> None:
    with pytest.raises(ValueError, match="not the same projects"):
        compare(distribute([A], USABLE), distribute([B], USABLE))


def test_award_of_an_unknown_project_is_an_error() -> None:
    result: Allocation = distribute([A], USABLE)
    assert isinstance(result.award("A"), Award)
    with pytest.raises(KeyError):
        result.award("X")
