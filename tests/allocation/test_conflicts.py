"""Scenarios without solution: a minimal set of named rules, and the least by which one of them has to give."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation import Constraint, Dependent, Exclusive, Project, RuleName, Scenario, distribute
from allocation.conflicts import Collision, collide, only
from allocation.ways import Way
from locales import render
from tests.allocation.samples import portfolios

A = Project("A", Fraction(4), 60, eligible_costs=100, theme="x", region="1", columns={"people": 7, "need": 2})
B = Project("B", Fraction(3), 50, eligible_costs=100, theme="x", region="2", columns={"people": 5, "need": 4})
C = Project("C", Fraction(2), 40, eligible_costs=100, theme="y", region="2", columns={"people": 3, "need": 5})
ALL = (A, B, C)
MAY_FAIL: tuple[RuleName, ...] = ("milp", "lp", "rank_skip")


def solved(projects: Sequence[Project], scenario: Scenario) -> bool:
    return distribute(projects, scenario).status != "infeasible"


def check(projects: Sequence[Project], scenario: Scenario) -> Collision:
    """The set collides, without any one of it the others do not, and every way leads out."""
    found = collide(projects, scenario)
    if not found.rules:
        return found
    whole = (tuple(projects), scenario)
    assert not solved(*only(whole, found.rules))
    for policy in found.rules:
        assert solved(*only(whole, [one for one in found.rules if one != policy])), policy.key
    for way in found.ways:
        assert way.policy in found.rules
        assert "{" not in render(way.words, "en")
        assert solved(projects, way.scenario) is way.enough, way.policy.key
    return found


@pytest.mark.parametrize(
    ("changes", "rules", "said"),
    [
        (
            {"force_in": frozenset("AB")},
            ["appropriation", "force_in:A", "force_in:B"],
            [("Raise the appropriation by €10 to €110.", 10), ("Switch off: project A forced in.", None)],
        ),
        (
            {"reserve": 45, "force_in": frozenset("A")},
            ["appropriation", "reserve", "force_in:A"],
            [("Raise the appropriation by €5 to €105.", 5), ("Lower the reserve by €5 to €40.", 5)],
        ),
        (
            {"constraints": (Constraint("x", where=(("theme", ("x",)),), lower=70),)},
            ["appropriation", "constraint:x"],
            [
                ("Raise the appropriation by €10 to €110.", 10),
                ("Lower the floor of “x” by €10 to €60.", 10),
            ],
        ),
        (
            {"constraints": (Constraint("y", where=(("theme", ("y",)),), lower_share=Fraction(1, 2)),)},
            ["constraint:y"],
            [("Lower the floor of “y” by €10 to €40.", 10)],
        ),
        (
            {"constraints": (Constraint("few", measure="count", upper=1),), "force_in": frozenset("BC")},
            ["force_in:B", "force_in:C", "constraint:few"],
            [("Switch off: project B forced in.", None), ("Switch off: project C forced in.", None)],
        ),
        (
            {"constraints": (Constraint("people", measure="people", lower=13),)},
            ["appropriation", "constraint:people"],
            [
                ("Raise the appropriation by €50 to €150.", 50),
                ("Lower the floor of “people” by 3 to 10.", None),
            ],
        ),
        (
            {"threshold": Fraction(7, 2), "constraints": (Constraint("two", measure="count", lower=2),)},
            ["threshold", "constraint:two"],
            # B, at 3, does not fit beside A; C, at 2, does.
            [("Lower the score threshold to 2.00.", None), ("Lower the floor of “two” by 1 to 1.", None)],
        ),
        (
            {
                "criterion_thresholds": (("need", Fraction(3)),),
                "constraints": (Constraint("x", measure="count", where=(("region", ("1",)),), lower=1),),
            },
            ["criterion_threshold:need", "constraint:x"],
            [
                ("Lower the threshold 3.00 of need to 2.00.", None),
                ("Lower the floor of “x” by 1 to 0.", None),
            ],
        ),
        (
            {"smallest_grant": 55, "force_in": frozenset("B")},
            ["smallest_grant", "force_in:B"],
            [("Lower the smallest grant by €5 to €50.", 5), ("Switch off: project B forced in.", None)],
        ),
        (
            {"largest_grant": 30, "constraints": (Constraint("y", where=(("theme", ("y",)),), lower=35),)},
            ["largest_grant", "constraint:y"],
            # All or nothing: at 35 the grant of C is just enough.
            [("Raise the largest grant by €5 to €35.", 5), ("Lower the floor of “y” by €5 to €30.", 5)],
        ),
        (
            {"max_share_bp": 3000, "constraints": (Constraint("y", where=(("theme", ("y",)),), lower=35),)},
            ["max_share", "constraint:y"],
            [
                ("Raise the largest share of the eligible costs to 35 %.", None),
                ("Lower the floor of “y” by €5 to €30.", 5),
            ],
        ),
        (
            {"exclusive": (Exclusive("twins", ("A", "C")),), "force_in": frozenset("AC")},
            ["force_in:A", "force_in:C", "exclusive:twins"],
            [("Switch off: project A forced in.", None), ("Switch off: project C forced in.", None)],
        ),
        (
            {"dependent": (Dependent("needs", "A", ("B",)),), "force_in": frozenset("A")},
            ["appropriation", "force_in:A", "dependent:needs"],
            [("Raise the appropriation by €10 to €110.", 10), ("Switch off: project A forced in.", None)],
        ),
    ],
)
def test_conflict_names_the_rules_and_the_least_that_resolves_it(
    changes: dict[str, object], rules: list[str], said: list[tuple[str, int | None]]
) -> None:
    found = check(ALL, replace(Scenario(100, "milp"), **changes))  # type: ignore[arg-type]
    assert [policy.key for policy in found.rules] == rules
    assert [(render(way.words, "en"), way.euros) for way in found.ways][: len(said)] == said
    assert all(way.enough for way in found.ways)


def test_scenario_with_a_solution_has_no_conflict() -> None:
    assert collide(ALL, Scenario(100, "milp")) == Collision((), ())


def test_two_conflicts_at_once_are_resolved_one_after_the_other() -> None:
    rows = (
        Constraint("x", where=(("theme", ("x",)),), lower=500),
        Constraint("y", where=(("theme", ("y",)),), lower=400),
    )
    first = check(ALL, Scenario(100, "milp", constraints=rows))
    assert [(way.policy.key, way.enough) for way in first.ways] == [("constraint:y", False)]
    second = check(ALL, first.ways[0].scenario)
    assert [policy.key for policy in second.rules] != [policy.key for policy in first.rules]


def test_floor_for_each_value_gives_way_for_all_values() -> None:
    rows = (Constraint("regions", each="region", lower=50),)
    found = check(ALL, Scenario(100, "milp", constraints=rows))
    assert [render(way.words, "en") for way in found.ways][-1] == "Lower the floor of “regions” by €10 to €40."


@pytest.mark.parametrize("rule", ["rank_skip", "rank_partial", "proportional"])
def test_every_rule_that_can_fail_says_why(rule: RuleName) -> None:
    found = check(ALL, Scenario(100, rule, smallest_grant=30, force_in=frozenset("A"), reserve=50))
    assert {"appropriation", "reserve"} <= {policy.key for policy in found.rules}
    assert found.ways[0].policy.key == "appropriation"


def test_linear_programme_relaxes_its_floors_in_euros() -> None:
    rows = (
        Constraint("x", where=(("theme", ("x",)),), lower=70),
        Constraint("region", where=(("region", ("1",)),), upper=15),
    )
    found = check(ALL, Scenario(100, "lp", constraints=rows))
    assert [(way.policy.key, way.euros) for way in found.ways] == [("constraint:x", 5), ("constraint:region", 5)]


def one_less(scenario: Scenario, way: Way) -> Scenario | None:
    """The scenario of the way with one unit less of the relaxation; None for a rule given up."""
    key = way.policy.key
    if key == "appropriation":
        return replace(way.scenario, appropriation=way.scenario.appropriation - scenario.unit)
    if way.amount is None or not key.startswith("constraint:"):
        return None
    step = scenario.unit
    changed = []
    for old, new in zip(scenario.constraints, way.scenario.constraints, strict=True):
        if new.lower != old.lower and new.lower is not None:
            new = replace(new, lower=new.lower + step)
        if new.upper != old.upper and new.upper is not None:
            new = replace(new, upper=new.upper - step)
        changed.append(new)
    return replace(way.scenario, constraints=tuple(changed))


def holds(rule: RuleName, side: str) -> bool:
    return rule != "rank_skip" or side == "upper"


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_random_conflicts_are_minimal_and_their_relaxations_least(data: st.DataObject) -> None:
    unit = data.draw(st.sampled_from((1, 2)))
    projects = [
        replace(one, theme="ab"[place % 2], applied=one.applied * unit)
        for place, one in enumerate(data.draw(portfolios(most=6)))
    ]
    rule = data.draw(st.sampled_from(MAY_FAIL))
    rows = tuple(
        Constraint(
            f"{theme} {side}",
            where=(("theme", (theme,)),) if theme != "all" else (),
            lower=unit * data.draw(st.integers(0, 25)) if side == "lower" else None,
            upper=unit * data.draw(st.integers(0, 25)) if side == "upper" else None,
        )
        for theme, side in data.draw(
            st.lists(
                st.sampled_from([(t, s) for t in ("a", "b", "all") for s in ("lower", "upper") if holds(rule, s)]),
                min_size=1,
                max_size=4,
                unique=True,
            )
        )
    )
    forced: frozenset[str] = (
        frozenset() if rule == "lp" else frozenset(one.id for one in projects[:2] if one.score is not None)
    )
    threshold = data.draw(st.none() | st.just(Fraction(7)))
    budget = unit * data.draw(st.integers(0, 30))
    scenario = Scenario(budget, rule, constraints=rows, force_in=forced, threshold=threshold, unit=unit)
    if solved(projects, scenario):
        return
    for way in check(projects, scenario).ways:
        less = one_less(scenario, way)
        if less is not None and way.enough:
            assert not solved(projects, less), way.policy.key


def test_what_is_said_of_a_conflict_does_not_follow_the_order_of_the_rules() -> None:
    projects = [Project("A", Fraction(3), 5_000, theme="a"), Project("B", Fraction(2), 5_000, theme="b")]
    # Between these limits lies no full unit.
    first, second = (Constraint(name, "grant", (("theme", (name,)),), 1_100, 1_200) for name in ("a", "b"))
    said = [
        distribute(projects, Scenario(9_000, "milp", unit=1_000, constraints=both)).conflict
        for both in ((first, second), (second, first))
    ]
    assert len(said[0]) == 2
    assert said[0] == said[1]
