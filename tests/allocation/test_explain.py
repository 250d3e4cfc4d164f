"""One award explained: the rule that decides, the price of the other way, whom it would displace, in words."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation import Change, Constraint, Exclusive, Objective, Project, RuleName, Scenario, compare, distribute
from allocation.explain import Explanation, explain
from allocation.flips import flips
from locales import render
from tests.allocation.samples import portfolios, worth

A = Project("A", Fraction(4), 60, theme="x", tie_keys=(3,), columns={"need": 1})
B = Project("B", Fraction(3), 50, theme="x", tie_keys=(2,), columns={"need": 3})
C = Project("C", Fraction(2), 40, theme="y", tie_keys=(1,), columns={"need": 3})
ALL = (A, B, C)


def why(scenario: Scenario, key: str, projects: Sequence[Project] = ALL) -> Explanation:
    return explain(projects, scenario, distribute(projects, scenario), key)


def said(explanation: Explanation) -> list[str]:
    return [render(sentence, "en") for sentence in explanation.words]


def total(projects: Sequence[Project], budget: int, objective: str, wanted: str, funded: bool) -> Fraction | None:
    """The greatest total with, or without, one project, by trying every set."""
    scored = [one for one in projects if one.score is not None]
    sets = (
        [one for one, taken in zip(scored, mask, strict=True) if taken]
        for mask in product((False, True), repeat=len(scored))
    )
    totals = [
        sum((worth(one, objective) for one in some), Fraction(0))
        for some in sets
        if sum(one.applied for one in some) <= budget and (wanted in [one.id for one in some]) is funded
    ]
    return max(totals, default=None)


@settings(max_examples=30, deadline=None)
@given(portfolios(most=6), st.integers(0, 25), st.sampled_from(("score_of_funded", "score_times_grant")))
def test_regret_is_the_best_total_less_the_best_the_other_way(
    projects: list[Project], budget: int, objective: Objective
) -> None:
    scenario = Scenario(budget, "milp", objective=objective)
    result = distribute(projects, scenario)
    for award in result.awards:
        found = explain(projects, scenario, result, award.id)
        other = total(projects, budget, objective, award.id, not award.funded)
        if award.score is None or other is None:
            assert found.regret is None
            continue
        assert found.regret == result.objective - other
        own = [change for change in found.displaced if change.id == award.id]
        assert [change.after > change.before for change in own] == [not award.funded]


def test_unfunded_project_is_explained_in_full() -> None:
    scenario = Scenario(100, "milp")
    found = why(scenario, "B")
    assert replace(found, words=()) == Explanation(
        distribute(ALL, scenario).award("B"),
        None,
        # A and C reach 320, B and C 230.
        Fraction(90),
        (Change("B", 0, 50, 50), Change("A", 60, 0, -60)),
        Fraction(9, 5),
        40,
        1000,
        1000,
    )
    assert said(found)[1:] == [
        "With a score of 4.80 (1.80 higher) it would be funded.",
        "Had it applied for €40, it would be funded.",
        "If the appropriation were €1,000 larger, it would be funded (sought in steps of €1,000).",
        "Forcing the project in would lessen the total by 90.00.",
        "Less would then go to: A.",
    ]


def test_funded_project_is_explained_by_what_would_be_lost_without_it() -> None:
    found = why(Scenario(100, "milp"), "A")
    assert (found.regret, found.displaced) == (Fraction(90), (Change("B", 0, 50, 50), Change("A", 60, 0, -60)))
    assert (found.extra_score, found.smaller_amount, found.extra_appropriation) == (None, None, None)
    assert said(found)[1:] == ["Without the project the total would be 90.00 smaller.", "More would then go to: B."]


CAP = Constraint("cap on x", where=(("theme", ("x",)),), upper=55)


@pytest.mark.parametrize(
    ("changes", "key", "excluded_by"),
    [
        ({"threshold": Fraction(5, 2)}, "C", "threshold"),
        ({"criterion_thresholds": (("need", Fraction(2)),)}, "A", "criterion_threshold:need"),
        ({"force_out": frozenset("A")}, "A", "force_out:A"),
        ({"fixed": {"A": 0}}, "A", "fixed:A"),
        ({"smallest_grant": 45}, "C", "smallest_grant"),
        ({"largest_grant": 45}, "A", "largest_grant"),
        ({"constraints": (CAP,)}, "A", "constraint:cap on x"),
        ({"constraints": (replace(CAP, on=False),)}, "B", None),
        ({"exclusive": (Exclusive("either", ("A", "B")),), "appropriation": 110}, "B", "exclusive:either"),
        ({"force_in": frozenset("B"), "appropriation": 60}, "A", "force_in:B"),
        ({}, "B", None),
    ],
)
def test_the_rule_that_excludes_a_project_is_named(
    changes: dict[str, object], key: str, excluded_by: str | None
) -> None:
    scenario = replace(Scenario(100, "milp"), **changes)  # type: ignore[arg-type]
    projects = [replace(A, min_grant=50), B, C] if "largest_grant" in changes else list(ALL)
    found = why(scenario, key, projects)
    assert not found.award.funded
    assert (found.excluded_by and found.excluded_by.key) == excluded_by


@pytest.mark.parametrize("rule", ["rank_skip", "rank_strict", "rank_partial"])
def test_rank_order_is_told_what_its_own_rule_excludes(rule: RuleName) -> None:
    found = why(Scenario(200, rule, constraints=(CAP,)), "A")
    assert found.excluded_by is not None
    assert found.excluded_by.key == "constraint:cap on x"


def test_cut_project_is_told_what_would_give_it_all() -> None:
    found = why(Scenario(100, "rank_partial"), "B")
    assert (found.award.granted, found.extra_score, found.smaller_amount) == (40, Fraction(101, 100), None)
    assert said(found)[1:3] == [
        "With a score of 4.01 (1.01 higher) it would not be cut.",
        "If the appropriation were €1,000 larger, it would not be cut (sought in steps of €1,000).",
    ]


def test_rule_that_cannot_force_in_knows_no_regret() -> None:
    found = why(Scenario(60, "lp"), "C")
    assert (found.regret, found.displaced) == (None, ())
    assert found.extra_score is not None


def test_what_nothing_alone_changes_is_said() -> None:
    found = why(Scenario(30, "milp", constraints=(replace(CAP, upper=0),), smallest_grant=10), "A")
    assert said(found)[-1] == "Neither a higher score, a smaller amount nor a larger appropriation alone would fund it."


def test_going_under_the_threshold_raises_the_total_in_words() -> None:
    found = why(Scenario(100, "milp", threshold=Fraction(5, 2)), "C")
    # Only A is funded (240); forced in beside A, C adds 80.
    assert (found.regret, said(found)[-1]) == (Fraction(-80), "Forcing the project in would raise the total by 80.00.")


def test_no_solution_explains_itself_only() -> None:
    scenario = Scenario(100, "milp", force_in=frozenset("AB"))
    result = distribute(ALL, scenario)
    found = explain(ALL, scenario, result, "C")
    assert found == Explanation(result.award("C"), words=(result.award("C").reason, *result.conflict))


def test_every_number_agrees_with_its_own_search() -> None:
    scenario = Scenario(100, "rank_skip")
    result = distribute(ALL, scenario)
    found, searched = explain(ALL, scenario, result, "B"), flips(ALL, scenario, result, "B")
    assert (found.extra_score, found.smaller_amount, found.extra_appropriation) == (
        searched.extra_score,
        searched.smaller_amount,
        searched.extra_appropriation,
    )
    forced = distribute(ALL, replace(scenario, force_in=frozenset("B")))
    assert (found.regret, found.displaced) == (result.objective - forced.objective, compare(result, forced))
