"""Equal scores at the end of the money: separated by the tie keys and said, or not separated and said."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation import Allocation, Constraint, Objective, Project, RuleName, Scenario, distribute
from tests.allocation.samples import RULE_NAMES, funded_without_ids, portfolios

THREE = Fraction(3)


def equals(*amounts: int, keys: bool) -> list[Project]:
    return [Project(f"P{n}", THREE, amount, tie_keys=(n,) if keys else ()) for n, amount in enumerate(amounts, start=1)]


def granted(result: Allocation) -> list[int]:
    return [award.granted for award in result.awards]


@pytest.mark.parametrize(
    ("rule", "grants"),
    [
        ("rank_strict", [0, 0, 100]),
        ("rank_skip", [0, 0, 100]),
        ("rank_partial", [0, 50, 100]),
        ("lp", [0, 50, 100]),
        ("milp", [0, 0, 100]),
    ],
)
def test_tie_keys_separate_equal_scores_and_the_group_is_recorded(rule: RuleName, grants: list[int]) -> None:
    result = distribute(equals(100, 100, 100, keys=True), Scenario(150, rule))
    assert (result.status, granted(result), result.ties) == ("optimal", grants, (("P1", "P2", "P3"),))
    assert all("tie rule decided" in award.reason.msgid for award in result.awards)


@pytest.mark.parametrize("rule", ["rank_strict", "rank_skip", "rank_partial"])
def test_nobody_of_a_group_is_funded_when_the_tie_keys_are_equal_too(rule: RuleName) -> None:
    best = Project("A", Fraction(4), 50)
    result = distribute([best, *equals(100, 100, keys=False)], Scenario(150, rule))
    assert (result.status, granted(result)) == ("ties_unresolved", [50, 0, 0])
    assert [award.code for award in result.awards] == ["funded_full", "tie_unresolved", "tie_unresolved"]
    assert result.ties == (("P1", "P2"),)


@pytest.mark.parametrize("rule", ["lp", "milp"])
@pytest.mark.parametrize("objective", ["score_of_funded", "score_times_grant"])
def test_optimum_that_only_ids_would_separate_funds_nobody_of_the_group(rule: RuleName, objective: Objective) -> None:
    result = distribute(equals(100, 100, keys=False), Scenario(100, rule, objective=objective))
    assert (result.status, result.ties) == ("ties_unresolved", (("P1", "P2"),))
    assert [(award.code, award.granted) for award in result.awards] == [("tie_unresolved", 0)] * 2
    assert (result.spent, result.remaining, int(result.objective)) == (0, 100, 0)
    assert result.bound == (300 if objective == "score_times_grant" else 3)


@pytest.mark.parametrize("rule", ["lp", "milp"])
def test_open_tie_leaves_the_better_and_the_separated_alone(rule: RuleName) -> None:
    """A is above the tie, B1 and B2 are cut by the end of the money, C is below them."""
    projects = [
        Project("A", Fraction(4), 50),
        Project("B1", THREE, 100),
        Project("B2", THREE, 100),
        Project("C", Fraction(1), 100),
    ]
    result = distribute(projects, Scenario(150, rule))
    assert (result.status, granted(result)) == ("ties_unresolved", [50, 0, 0, 0])
    assert [award.code for award in result.awards] == [
        "funded_full",
        "tie_unresolved",
        "tie_unresolved",
        "not_funded_budget",
    ]


def test_equals_that_are_funded_together_in_one_optimum_are_no_open_tie() -> None:
    """Both Bs or the C: the published order takes the Bs, whatever their ids."""
    projects = [Project("B1", THREE, 50), Project("B2", THREE, 50), Project("C", Fraction(1), 300)]
    result = distribute([*projects, Project("D", THREE, 300)], Scenario(100, "milp"))
    assert (result.status, granted(result)) == ("optimal", [50, 50, 0, 0])


def test_bounded_grants_that_only_ids_would_separate_are_not_given() -> None:
    projects = [Project("A", Fraction(4), 50), *(Project(f"P{n}", THREE, 100, min_grant=10) for n in range(2))]
    result = distribute(projects, Scenario(200, "milp"))
    assert (result.status, granted(result)) == ("ties_unresolved", [50, 0, 0])
    forced = distribute(projects, Scenario(200, "milp", force_in=frozenset({"P1"})))
    assert (forced.status, granted(forced)) == ("ties_unresolved", [50, 0, 10])
    assert [award.code for award in forced.awards] == ["funded_full", "tie_unresolved", "forced_in"]


def test_rule_that_cannot_hold_without_the_left_out_is_said() -> None:
    one = Constraint("at least one", "count", lower=1)
    result = distribute(equals(100, 100, keys=False), Scenario(100, "milp", constraints=(one,)))
    assert (result.status, result.spent) == ("infeasible", 0)
    assert result.conflict[0].params == {"others": ["P1", "P2"]}


@settings(max_examples=150, deadline=None)
@given(portfolios(most=7, lots=False), st.sampled_from(("score_of_funded", "score_times_grant")), st.integers(0, 30))
def test_open_ties_of_whole_grants_equal_trying_every_set(
    projects: list[Project], objective: Objective, budget: int
) -> None:
    funded, open_ = funded_without_ids(projects, budget, objective)
    result = distribute(projects, Scenario(budget, "milp", objective=objective))
    assert {award.id for award in result.awards if award.funded} == funded
    assert {award.id for award in result.awards if award.code == "tie_unresolved"} == open_
    assert result.status == ("ties_unresolved" if open_ else "optimal")


@settings(max_examples=200, deadline=None)
@given(
    st.data(),
    st.sampled_from(RULE_NAMES),
    st.sampled_from(("score_of_funded", "score_times_grant")),
    st.integers(0, 30),
)
def test_renaming_the_projects_changes_no_grant_and_no_reason_code(
    data: st.DataObject, rule: RuleName, objective: Objective, budget: int
) -> None:
    projects = data.draw(portfolios(lots=False, minimums=rule != "lp"))
    names = data.draw(st.permutations([one.id for one in projects]))
    renamed = [replace(one, id=name) for one, name in zip(projects, names, strict=True)]
    scenario = Scenario(budget, rule, objective=objective)
    before, after = distribute(projects, scenario), distribute(renamed, scenario)
    assert (before.status, before.spent, before.bound) == (after.status, after.spent, after.bound)
    for one, name in zip(projects, names, strict=True):
        old, new = before.award(one.id), after.award(name)
        assert (old.granted, old.code) == (new.granted, new.code)


@pytest.mark.parametrize("rule", ["rank_strict", "rank_skip", "rank_partial", "lp", "milp"])
def test_equal_projects_that_all_fit_are_no_tie(rule: RuleName) -> None:
    result = distribute(equals(100, 100, keys=False), Scenario(200, rule))
    assert (result.status, granted(result), result.ties) == ("optimal", [100, 100], ())


def test_skipping_is_no_tie_when_only_one_of_the_equals_fits() -> None:
    result = distribute(equals(300, 100, keys=False), Scenario(150, "rank_skip"))
    assert (result.status, granted(result), result.ties) == ("optimal", [0, 100], ())


def test_strict_order_is_a_tie_when_the_larger_of_the_equals_would_stop_it() -> None:
    result = distribute(equals(100, 300, keys=True), Scenario(150, "rank_strict"))
    assert (granted(result), result.ties) == ([0, 0], (("P1", "P2"),))
    assert [award.code for award in result.awards] == ["stopped_at_cut_off", "not_funded_budget"]


def test_independent_swaps_are_separate_groups() -> None:
    """Two pairs of equals, one of each pair fits: two decisions, not one."""
    projects = [
        Project("A1", Fraction(5), 60, tie_keys=(1,)),
        Project("A2", Fraction(5), 60, tie_keys=(2,)),
        Project("B1", Fraction(7), 90, tie_keys=(1,)),
        Project("B2", Fraction(7), 90, tie_keys=(2,)),
    ]
    result = distribute(projects, Scenario(150, "milp", objective="score_of_funded"))
    assert result.ties == (("A1", "A2"), ("B1", "B2"))
    assert [award.id for award in result.awards if award.funded] == ["A2", "B2"]
    assert result.award("A1").code == "not_funded_tie"


def test_bounded_grants_go_to_the_first_in_the_published_order() -> None:
    projects = [Project(f"P{n}", THREE, 100, min_grant=10, tie_keys=(n,)) for n in range(4)]
    result = distribute(projects, Scenario(250, "milp", objective="score_of_funded"))
    assert (result.status, granted(result)) == ("optimal", [10, 40, 100, 100])
    assert result.ties == (("P0", "P1", "P2", "P3"),)


def test_more_projects_than_ties_are_resolved_for_says_so_only_where_another_optimum_exists() -> None:
    unique = [Project(f"P{n:03}", Fraction(1000 - n), 1, tie_keys=(n,)) for n in range(1_001)]
    assert distribute(unique, Scenario(50, "milp")).status == "optimal"
    tied = [Project(f"P{n:03}", THREE, 1, tie_keys=(n,)) for n in range(1_001)]
    assert distribute(tied, Scenario(50, "milp")).status == "ties_unresolved"
