"""Named rules over several projects: every rule of distribution keeps, in integers, what it declares."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation import (
    Allocation,
    Constraint,
    Dependent,
    Exclusive,
    Project,
    RuleName,
    Scenario,
    ScenarioError,
    Tier,
    distribute,
)
from locales import Money, msg
from tests.allocation.constraints import best, faults, labelled, scenarios
from tests.allocation.samples import RULE_NAMES

RANK_AND_MIXED: tuple[RuleName, ...] = ("rank_skip", "milp")
OPTIMA: tuple[RuleName, ...] = ("lp", "milp")
WITHOUT_FLOORS: tuple[RuleName, ...] = ("rank_skip", "proportional")


def grants(result: Allocation) -> dict[str, int]:
    return {award.id: award.granted for award in result.awards}


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(RULE_NAMES))
def test_every_rule_keeps_every_constraint_that_it_declares(data: st.DataObject, rule: RuleName) -> None:
    projects = data.draw(labelled(minimums=rule != "lp"))
    scenario = data.draw(scenarios(projects, rule))
    result = distribute(projects, scenario)
    if result.status == "infeasible":
        assert result.conflict
        return
    assert faults(projects, scenario, grants(result)) == []
    assert result.status == "optimal"
    assert result.bound is None or result.bound >= result.objective
    assert result.certified_bound is None or result.certified_bound >= result.objective


@settings(max_examples=100, deadline=None)
@given(st.data(), st.booleans())
def test_mixed_integer_with_constraints_equals_trying_every_grant(data: st.DataObject, minimums: bool) -> None:
    projects = data.draw(labelled(most=4 if minimums else 8, minimums=minimums))
    scenario = data.draw(scenarios(projects, "milp"))
    result, expected = distribute(projects, scenario), best(projects, scenario)
    if expected is None:
        assert result.status == "infeasible"
        return
    assert (result.status, result.objective, grants(result)) == ("optimal", *expected)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_linear_programme_reaches_at_least_the_best_grants_in_full_units(data: st.DataObject) -> None:
    """In full units nothing exceeds the bound, and the programme is infeasible only where no such grants exist."""
    projects = data.draw(labelled(most=4))
    scenario = data.draw(scenarios(projects, "lp"))
    result = distribute(projects, scenario)
    split = [replace(one, min_grant=1) for one in projects]
    expected = best(split, replace(scenario, objective="score_times_grant"))
    if expected is None:
        assert result.status == "infeasible"
    else:
        assert result.status == "optimal"
        assert scenario.objective == "score_of_funded" or (result.bound or 0) >= expected[0]


@settings(max_examples=80, deadline=None)
@given(st.data(), st.sampled_from(("rank_strict", "rank_skip", "rank_partial", "lp", "milp")), st.booleans())
def test_order_of_projects_and_constraints_changes_nothing(data: st.DataObject, rule: RuleName, lots: bool) -> None:
    projects = data.draw(labelled())
    scenario = data.draw(scenarios(projects, rule))
    if not lots:
        projects = [replace(one, tie_keys=()) for one in projects]
    names = data.draw(st.permutations([one.id for one in projects]))
    new = dict(zip((one.id for one in projects), names, strict=True))
    renamed = [replace(one, id=new[one.id]) for one in data.draw(st.permutations(projects))]
    other = replace(
        scenario,
        constraints=tuple(data.draw(st.permutations(scenario.constraints))),
        exclusive=tuple(replace(one, members=tuple(new[k] for k in one.members[::-1])) for one in scenario.exclusive),
        dependent=tuple(
            replace(one, project=new[one.project], needs=tuple(new[k] for k in one.needs[::-1]))
            for one in scenario.dependent
        ),
        fixed={new[key]: euros for key, euros in scenario.fixed.items()},
    )
    before, after = distribute(projects, scenario), distribute(renamed, other)
    assert (before.status, before.bound) == (after.status, after.bound)
    said = {new[award.id]: (award.granted, award.code) for award in before.awards}
    assert said == {award.id: (award.granted, award.code) for award in after.awards}


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(("lp", "milp")), st.integers(0, 10))
def test_more_money_never_lowers_the_optimum_under_constraints(data: st.DataObject, rule: RuleName, more: int) -> None:
    projects = data.draw(labelled())
    scenario = data.draw(scenarios(projects, rule))
    # A share of the appropriation grows with it; that is no rule that money alone should keep.
    scenario = replace(
        scenario, constraints=tuple(replace(one, upper_share=None, upper=9) for one in scenario.constraints)
    )
    less = distribute(projects, scenario)
    richer = distribute(projects, replace(scenario, appropriation=scenario.appropriation + more))
    if less.bound is not None:
        assert richer.bound is not None
        assert richer.bound >= less.bound


def projects_of(*given_: tuple[str, int, int, str]) -> list[Project]:
    """Id, score, amount applied for, theme."""
    return [Project(key, Fraction(score), applied, theme=theme) for key, score, applied, theme in given_]


FOUR = projects_of(("A", 5, 100, "x"), ("B", 4, 100, "x"), ("C", 3, 100, "y"), ("D", 2, 100, "y"))
X_CAP = Constraint("x at most 150", where=(("theme", ("x",)),), upper=150)
Y_FLOOR = Constraint("y at least 150", where=(("theme", ("y",)),), lower=150)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("rank_strict", {"A": 100, "B": "not_funded_rule", "C": "stopped_at_cut_off", "D": "stopped_at_cut_off"}),
        ("rank_skip", {"A": 100, "B": "not_funded_rule", "C": 100, "D": "not_funded_budget"}),
        ("rank_partial", {"A": 100, "B": 50, "C": "stopped_at_cut_off", "D": "stopped_at_cut_off"}),
        ("lp", {"A": 100, "B": 50, "C": 70, "D": "not_funded_budget"}),
        ("milp", {"A": 100, "B": "not_funded_rule", "C": 100, "D": "not_funded_budget"}),
    ],
)
def test_cap_of_a_theme_is_kept_and_named(rule: RuleName, expected: dict[str, int | str]) -> None:
    result = distribute(FOUR, Scenario(220, rule, constraints=(X_CAP,)))
    assert {award.id: award.granted or award.code for award in result.awards} == expected
    assert "x at most 150" in str(result.award("B").reason.params)


def test_rank_order_says_what_the_rule_had_left_in_its_own_measure() -> None:
    people = replace(X_CAP, name="people at most 7", measure="people", upper=7)
    counted = [replace(one, columns={"people": 4 + n}) for n, one in enumerate(FOUR)]
    scenario = Scenario(400, "rank_skip", constraints=(people,), names={"people": msg("the appropriation")})
    reason = distribute(counted, scenario).award("B").reason
    assert reason.params == {
        "rule": "people at most 7",
        "left": 3,
        "column": msg("the appropriation"),
        "needed": 5,
        "score": Fraction(4),
    }
    one = Exclusive("A or B", ("A", "B"))
    assert distribute(FOUR, Scenario(400, "rank_strict", exclusive=(one,))).award("B").reason.params == {
        "rule": "A or B",
        "most": 1,
        "score": Fraction(4),
    }


def test_rule_that_the_forced_projects_break_is_infeasible_and_named() -> None:
    for rule in RANK_AND_MIXED:
        result = distribute(FOUR, Scenario(400, rule, constraints=(X_CAP,), force_in=frozenset("AB")))
        assert result.status == "infeasible"
        assert [fault.params for fault in result.conflict] == [
            {"rule": "x at most 150", "limit": Money(150), "least": Money(200)}
        ]


def test_equals_that_meet_the_end_of_a_rule_are_a_tie_but_others_of_their_score_are_not() -> None:
    """B1 and B2 share a theme with room for one of them; C of the same score has nothing to do with it."""
    projects = projects_of(("B1", 3, 100, "x"), ("B2", 3, 100, "x"), ("C", 3, 100, "y"), ("D", 2, 50, "x"))
    for rule in RANK_AND_MIXED:
        result = distribute(projects, Scenario(300, rule, constraints=(X_CAP,)))
        assert (result.status, result.award("C").granted) == ("ties_unresolved", 100)
        assert [result.award(key).code for key in ("B1", "B2")] == ["tie_unresolved"] * 2
    keyed = [replace(one, tie_keys=(n,)) for n, one in enumerate(projects)]
    result = distribute(keyed, Scenario(300, "rank_skip", constraints=(X_CAP,)))
    assert grants(result) == {"B1": 0, "B2": 100, "C": 100, "D": 50}
    assert result.ties == (("B1", "B2"),)


def test_linear_programme_rounds_up_where_a_floor_asks_for_it() -> None:
    """Half a unit each of B and C meets the floor; in full units one of them gets one more, the better first."""
    projects = [replace(one, columns={"w": 2 if one.theme == "y" else 0}) for one in FOUR]
    floor = Constraint("w at least 300", "w", lower=300, by_grant=True)
    result = distribute(projects, Scenario(220, "lp", unit=20, constraints=(floor,)))
    assert grants(result) == {"A": 60, "B": 0, "C": 100, "D": 60}
    assert result.status == "optimal"
    assert result.sums[1].value == 320


def test_linear_programme_that_no_full_units_can_meet_says_so() -> None:
    exact = Constraint("w is 100", "w", lower=100, upper=100, by_grant=True)
    projects = [Project("A", Fraction(3), 500, columns={"w": 2}), Project("B", Fraction(2), 500, columns={"w": 4})]
    result = distribute(projects, Scenario(400, "lp", unit=30, constraints=(exact,)))
    assert result.status == "infeasible"
    assert result.conflict[0].params == {"unit": Money(30)}


@pytest.mark.parametrize("rule", [*RULE_NAMES, "tiers"])
def test_award_set_by_hand_is_kept_by_every_rule_with_its_reason(rule: RuleName) -> None:
    steps = (Tier(Fraction(4), Fraction(1)),) if rule == "tiers" else ()
    scenario = Scenario(
        200,
        rule,
        tiers=steps,
        threshold=Fraction(3, 2),
        largest_grant=None if rule == "lp" else 50,
        fixed={"D": 70, "A": 0},
        reasons={"D": "Decided on 3 May", "A": "Withdrawn"},
    )
    result = distribute(FOUR, scenario)
    assert [(result.award(key).granted, result.award(key).code) for key in "AD"] == [
        (0, "set_by_hand"),
        (70, "set_by_hand"),
    ]
    assert [result.award(key).reason.params["recorded"] for key in "AD"] == ["Withdrawn", "Decided on 3 May"]
    beyond = distribute(FOUR, replace(scenario, appropriation=60))
    assert beyond.conflict == (
        msg(
            "The awards set by hand need {needed}, but {available} can be distributed.",
            needed=Money(70),
            available=Money(60),
        ),
    )


def test_no_single_rule_fails_but_two_do_together() -> None:
    x_floor = replace(X_CAP, name="x at least 150", upper=None, lower=150)
    for rule in OPTIMA:
        result = distribute(FOUR, Scenario(220, rule, constraints=(Y_FLOOR, x_floor)))
        assert result.status == "infeasible"
        floors = [msg("“{name}”", name=name) for name in ("x at least 150", "y at least 150")]
        rules = [msg("the appropriation"), *floors]
        assert [fault.params for fault in result.conflict] == [{"rules": rules}]
        alone = distribute(FOUR, Scenario(400, rule, constraints=(replace(Y_FLOOR, lower=250),)))
        assert [fault.params for fault in alone.conflict] == [
            {"rule": "y at least 150", "most": Money(200), "limit": Money(250)}
        ]


def test_sums_say_what_every_rule_adds_up_to() -> None:
    each = Constraint("theme", "count", each="theme", lower=1, upper=2)
    result = distribute(FOUR, Scenario(250, "milp", constraints=(X_CAP, each)))
    assert [(one.key, one.policy, one.value, one.lower, one.upper) for one in result.sums] == [
        ("appropriation", "appropriation", 200, None, 250),
        ("constraint:x at most 150", "constraint:x at most 150", 100, None, 150),
        ("constraint:theme:x", "constraint:theme", 1, 1, 2),
        ("constraint:theme:y", "constraint:theme", 1, 1, 2),
    ]


def test_rule_that_cannot_hold_a_constraint_is_refused_naming_both() -> None:
    depends = Dependent("B needs A", "B", ("A",))
    for rule in WITHOUT_FLOORS:
        with pytest.raises(ScenarioError) as caught:
            distribute(FOUR, Scenario(220, rule, constraints=(Y_FLOOR,), dependent=(depends,)))
        assert len(caught.value.problems) == 2


def test_columns_of_very_large_numbers_are_kept_exactly() -> None:
    """Numbers beyond what a double tells apart: the sum may be one too large for the second, not for the third."""
    large = 10**14
    numbers: list[int | Fraction] = [large + Fraction(1, 999_999_937), large, large]
    projects = [Project(f"P{n}", Fraction(9 - n), 10, columns={"w": w}, tie_keys=(n,)) for n, w in enumerate(numbers)]
    cap = Constraint("w at most twice", "w", upper=2 * large)
    for rule, funded in zip(RANK_AND_MIXED, (["P0"], ["P1", "P2"]), strict=True):
        result = distribute(projects, Scenario(30, rule, constraints=(cap,), objective="score_of_funded"))
        assert (result.status, [award.id for award in result.awards if award.funded]) == ("optimal", funded)
