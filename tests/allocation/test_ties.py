"""Equal scores at the end of the money: separated by the tie keys and said, or not separated and said."""

from fractions import Fraction

import pytest

from allocation import Allocation, Objective, Project, RuleName, Scenario, distribute

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
def test_optimum_that_only_ids_would_separate_is_unresolved(rule: RuleName, objective: Objective) -> None:
    result = distribute(equals(100, 100, keys=False), Scenario(100, rule, objective=objective))
    assert (result.status, result.ties) == ("ties_unresolved", (("P1", "P2"),))
    assert [award.code for award in result.awards] == ["funded_full", "tie_unresolved"]


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
    unique = [Project(f"P{n:03}", Fraction(1000 - n), 1, tie_keys=(n,)) for n in range(201)]
    assert distribute(unique, Scenario(50, "milp")).status == "optimal"
    tied = [Project(f"P{n:03}", THREE, 1, tie_keys=(n,)) for n in range(201)]
    assert distribute(tied, Scenario(50, "milp")).status == "ties_unresolved"
