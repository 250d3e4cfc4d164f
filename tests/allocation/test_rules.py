"""What every rule keeps whatever it is given: bounds, budget, threshold, the order of the rows."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation import (
    Objective,
    Project,
    RuleName,
    Scenario,
    ScenarioError,
    baseline,
    compare,
    distribute,
)
from allocation.problem import build
from allocation.rules import RULES
from allocation.verify import lagrangian_bound
from tests.allocation.samples import RULE_NAMES, best_grants, knapsack, portfolios

OBJECTIVES: tuple[Objective, ...] = ("score_of_funded", "score_times_grant")
rules = st.sampled_from(RULE_NAMES)
objectives = st.sampled_from(OBJECTIVES)
budgets = st.integers(0, 40)


@settings(max_examples=150, deadline=None)
@given(
    portfolios(minimums=True),
    rules,
    objectives,
    budgets,
    st.sampled_from((1, 2, 3)),
    st.none() | st.integers(1, 9),
)
def test_every_rule_keeps_money_bounds_and_threshold(
    projects: list[Project], rule: RuleName, objective: Objective, budget: int, unit: int, largest: int | None
) -> None:
    if rule == "lp":
        projects = [replace(one, min_grant=None) for one in projects]
    scenario = Scenario(
        budget,
        rule,
        unit=unit,
        objective=objective,
        largest_grant=largest,
        threshold=Fraction(14, 3),
        reserve=budget // 5,
    )
    result = distribute(projects, scenario)
    if result.status == "infeasible":
        assert (rule, result.spent, bool(result.conflict)) == ("proportional", 0, True)
        return
    given_ = {one.id: one for one in projects}
    assert [award.id for award in result.awards] == sorted(given_)
    assert result.spent == sum(award.granted for award in result.awards) <= budget - budget // 5
    assert result.remaining == budget - result.spent
    for award in result.awards:
        one = given_[award.id]
        assert award.funded == (award.granted > 0)
        if award.funded:
            assert one.score is not None
            assert one.score >= Fraction(14, 3)
            assert award.granted % unit == 0
            assert award.granted <= min(one.applied, largest or one.applied)
            assert award.granted >= (one.min_grant or 1) or rule == "lp"
    assert result.bound is None or result.bound >= result.objective
    assert result.certified_bound is None or result.certified_bound >= result.objective


@settings(max_examples=120, deadline=None)
@given(st.data(), portfolios(lots=False), rules, objectives, budgets)
def test_result_does_not_depend_on_the_order_of_the_rows(
    data: st.DataObject, projects: list[Project], rule: RuleName, objective: Objective, budget: int
) -> None:
    scenario = Scenario(budget, rule, objective=objective)
    shuffled = data.draw(st.permutations(projects))
    assert distribute(shuffled, scenario) == distribute(projects, scenario)


@settings(max_examples=120, deadline=None)
@given(portfolios(most=10), objectives, budgets)
def test_mixed_integer_equals_trying_every_set(projects: list[Project], objective: Objective, budget: int) -> None:
    result = distribute(projects, Scenario(budget, "milp", objective=objective))
    weights = [int((one.score or 0) * 3) * (one.applied if objective == "score_times_grant" else 1) for one in projects]
    best, funded = knapsack(projects, budget, weights)
    assert result.status == "optimal"
    assert (result.objective, {award.id for award in result.awards if award.funded}) == (
        Fraction(best, 3),
        funded,
    )
    assert result.bound == result.objective
    assert result.gap == 0


@settings(max_examples=60, deadline=None)
@given(portfolios(most=4, minimums=True), objectives, st.integers(0, 25))
def test_mixed_integer_with_bounded_grants_equals_trying_every_grant(
    projects: list[Project], objective: Objective, budget: int
) -> None:
    result = distribute(projects, Scenario(budget, "milp", objective=objective))
    best, grants = best_grants(projects, budget, objective)
    assert result.status == "optimal"
    assert result.objective == best
    assert {award.id: award.granted for award in result.awards if award.score is not None} == grants


@settings(max_examples=80, deadline=None)
@given(portfolios(most=12), budgets)
def test_linear_programme_with_a_budget_alone_is_rank_order_with_a_partial_last_grant(
    projects: list[Project], budget: int
) -> None:
    linear = distribute(projects, Scenario(budget, "lp"))
    ranked = distribute(projects, Scenario(budget, "rank_partial"))
    assert compare(ranked, linear) == ()
    assert linear.objective == linear.bound == linear.certified_bound == ranked.objective


@settings(max_examples=60, deadline=None)
@given(portfolios(), st.sampled_from(("lp", "milp")), objectives, st.integers(0, 30), st.integers(0, 10))
def test_more_money_never_lowers_the_optimum(
    projects: list[Project], rule: RuleName, objective: Objective, budget: int, more: int
) -> None:
    less = distribute(projects, Scenario(budget, rule, objective=objective))
    richer = distribute(projects, Scenario(budget + more, rule, objective=objective))
    assert richer.bound is not None
    assert less.bound is not None
    assert richer.bound >= less.bound
    assert less.bound >= baseline(projects, Scenario(budget, rule, objective=objective)).objective


@settings(max_examples=60, deadline=None)
@given(portfolios(minimums=True), objectives, budgets, st.fractions(0, 20, max_denominator=50))
def test_any_multiplier_gives_a_valid_bound(
    projects: list[Project], objective: Objective, budget: int, price: Fraction
) -> None:
    scenario = Scenario(budget, "milp", objective=objective)
    problem = build(projects, scenario, whole=RULES["milp"].whole, continuous=False)
    assert lagrangian_bound(problem, {"appropriation": price}) >= distribute(projects, scenario).objective


def test_one_project_more_is_funded_when_its_score_rises_in_fine_steps() -> None:
    fine = Fraction(1, 10**15)
    projects = [Project(f"P{n}", 3 + n * fine, 100, tie_keys=(-n,)) for n in range(8)]
    for rule in RULE_NAMES[:5]:
        for objective in OBJECTIVES:
            result = distribute(projects, Scenario(300, rule, objective=objective))
            assert [award.id for award in result.awards if award.funded] == ["P5", "P6", "P7"], (
                rule,
                objective,
            )


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_no_projects_and_no_money_are_normal(rule: RuleName) -> None:
    assert distribute([], Scenario(0, rule)).awards == ()
    nothing = distribute([Project("A", Fraction(1), 5)], Scenario(4, "milp"))
    assert (nothing.spent, nothing.remaining, nothing.awards[0].code) == (0, 4, "not_funded_budget")


def test_linear_programme_keeps_to_itself_what_rounding_to_the_unit_leaves() -> None:
    projects = [Project("A", Fraction(4), 1500), Project("B", Fraction(3), 9000)]
    result = distribute(projects, Scenario(4250, "lp", unit=1000))
    assert [award.granted for award in result.awards] == [1000, 3000]
    assert (result.spent, result.remaining) == (4000, 250)
    assert result.duals == {"appropriation": 3.0}


def test_linear_programme_refuses_what_it_cannot_hold_naming_both() -> None:
    projects = [Project("A", Fraction(4), 1500, min_grant=500)]
    with pytest.raises(ScenarioError) as caught:
        distribute(projects, Scenario(4000, "lp", smallest_grant=100, force_in=frozenset({"A"})))
    said = [(fault.msgid, fault.params["rule"], fault.params["constraint"]) for fault in caught.value.problems]
    text = "The rule {rule} cannot hold this constraint: {constraint}."
    label = RULES["lp"].label
    assert {(msgid, rule == label) for msgid, rule, _ in said} == {(text, True)}
    assert len(said) == 3
