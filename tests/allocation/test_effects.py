"""What a rule costs is what solving without it gives, whatever was skipped on the way."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from allocation import Change, Constraint, Project, Scenario, compare, distribute
from allocation.effects import effects, money_effects
from allocation.policies import policies, without
from tests.allocation.samples import portfolios

A = Project("A", Fraction(4), 60, theme="x")
B = Project("B", Fraction(3), 50, theme="x")
C = Project("C", Fraction(2), 40, theme="y")
ALL = (A, B, C)
CAP = Constraint("cap on x", where=(("theme", ("x",)),), upper=50)


def test_cap_costs_what_the_others_cannot_make_up() -> None:
    scenario = Scenario(100, "milp", constraints=(CAP, Constraint("wide", upper=1000)))
    found = effects(ALL, scenario, distribute(ALL, scenario))
    assert [(one.policy.key, one.objective, one.projects, one.euros, one.changes) for one in found] == [
        # B and C (230) become A and C (320).
        ("constraint:cap on x", Fraction(90), 0, 10, (Change("A", 0, 60, 60), Change("B", 50, 0, -50))),
        ("constraint:wide", Fraction(0), 0, 0, ()),
    ]
    assert [(one.marginal, one.status) for one in found] == [(None, "optimal")] * 2


def test_linear_programme_has_the_marginal_beside_the_effect() -> None:
    scenario = Scenario(100, "lp", constraints=(CAP,))
    (found,) = effects(ALL, scenario, distribute(ALL, scenario))
    # 50 euros of A for 4 each, 40 of C for 2 each; the cap off: 60 of A, 40 of B.
    assert (found.objective, found.euros, found.marginal) == (Fraction(80), 10, 4.0)


@settings(max_examples=20, deadline=None)
@given(portfolios(most=6), st.integers(0, 25), st.lists(st.integers(0, 15), min_size=3, max_size=3))
def test_effect_is_what_solving_without_the_rule_gives(projects: list[Project], budget: int, caps: list[int]) -> None:
    projects = [replace(one, theme="ab"[place % 2]) for place, one in enumerate(projects)]
    rows = (
        Constraint("a", where=(("theme", ("a",)),), upper=caps[0]),
        Constraint("each", each="theme", upper=caps[1]),
        Constraint("count", measure="count", upper=caps[2] // 4, lower=1 if caps[2] > 10 else None),
    )
    scenario = Scenario(budget, "milp", constraints=rows, smallest_grant=2, threshold=Fraction(3))
    result = distribute(projects, scenario)
    found = {one.policy.key: one for one in effects(projects, scenario, result)}
    if result.status == "infeasible":
        assert found == {}
        return
    assert list(found) == [policy.key for policy in policies(projects, scenario) if policy.key != "appropriation"]
    for key, one in found.items():
        after = distribute(*without(projects, scenario, key))
        assert (one.objective, one.euros, one.changes) == (
            after.objective - result.objective,
            after.spent - result.spent,
            compare(result, after),
        )
        assert one.status == after.status


def test_money_effects_are_those_of_less_and_more() -> None:
    scenario = Scenario(100, "milp")
    less, more = money_effects(ALL, scenario, distribute(ALL, scenario), step=10)
    assert less is not None
    assert more is not None
    assert (less.step, less.objective, less.euros, less.changes) == (
        -10,
        Fraction(-80),
        -40,
        (Change("C", 40, 0, -40),),
    )
    assert (more.step, more.objective, more.projects, more.changes) == (
        10,
        Fraction(70),
        0,
        (Change("B", 0, 50, 50), Change("C", 40, 0, -40)),
    )


def test_less_money_than_there_is_has_no_effect_to_show() -> None:
    scenario = Scenario(100, "milp", reserve=95)
    less, more = money_effects(ALL, scenario, distribute(ALL, scenario), step=10)
    assert (less, more is None) == (None, False)
