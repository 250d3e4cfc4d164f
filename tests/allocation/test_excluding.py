"""The rule that keeps a project out has its name in the reason; switching it off funds the project."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from allocation import Constraint, Project, Scenario, distribute
from allocation.excluding import excluding, with_excluding
from allocation.policies import without
from locales import render
from tests.allocation.samples import portfolios

ONE_EACH = Constraint("one of each theme", "count", each="theme", lower=1)


def test_reason_names_the_floor_that_put_others_first() -> None:
    projects = [
        Project("A", Fraction(5), 100, theme="x"),
        Project("B", Fraction(4), 100, theme="x"),
        Project("C", Fraction(1), 100, theme="y"),
    ]
    scenario = Scenario(200, "milp", objective="score_of_funded", constraints=(ONE_EACH,))
    result = distribute(projects, scenario)
    assert [award.id for award in result.awards if award.funded] == ["A", "C"]
    told = with_excluding(projects, scenario, result)
    assert render(told.award("B").reason, "en").endswith("Without the rule “one of each theme” it would be funded.")
    assert [award.reason for award in told.awards if award.funded] == [
        award.reason for award in result.awards if award.funded
    ]
    alone = replace(scenario, constraints=())
    assert with_excluding(projects, alone, distribute(projects, alone)) == distribute(projects, alone)


@settings(max_examples=30)
@given(portfolios(most=7), st.integers(0, 30), st.integers(1, 3), st.integers(3, 15))
def test_without_a_rule_that_keeps_a_project_out_the_project_is_funded(
    projects: list[Project], budget: int, most: int, cap: int
) -> None:
    themed = [replace(one, theme="xy"[n % 2]) for n, one in enumerate(projects)]
    limits = (Constraint("few", "count", upper=most), Constraint("cap", each="theme", upper=cap))
    scenario = Scenario(budget, "milp", constraints=limits)
    result = distribute(themed, scenario)
    found = excluding(themed, scenario, result)
    for key in {award.id for award in result.awards if not award.funded}:
        for name in ("constraint:few", "constraint:cap"):
            freed = distribute(*without(themed, scenario, name)).award(key).funded
            assert freed == (name in {policy.key for policy in found.get(key, ())})
