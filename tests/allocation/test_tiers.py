"""Tiers: bands of scores with a share of the amount applied for, served from the best one down."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from allocation import Project, Scenario, Tier, distribute
from tests.allocation.constraints import labelled


def projects_of(*given_: tuple[str, int, int]) -> list[Project]:
    """Id, score, amount applied for."""
    return [Project(key, Fraction(score), applied) for key, score, applied in given_]


FOUR = projects_of(("A", 5, 100), ("B", 4, 100), ("C", 3, 100), ("D", 2, 100))


def test_tiers_share_out_from_the_best_and_cut_the_one_that_is_not_covered() -> None:
    steps = (Tier(Fraction(4), Fraction(4, 5)), Tier(Fraction(3), Fraction(1, 2)), Tier(Fraction(2), Fraction(1, 4)))
    projects = projects_of(("A", 5, 105), ("B", 4, 100), ("C", 3, 100), ("D", 3, 60), ("E", 2, 80))
    scenario = Scenario(210, "tiers", tiers=steps, smallest_grant=12)
    result = distribute([*projects, Project("F", Fraction(1), 100)], scenario)
    assert {award.id: (award.granted, award.code) for award in result.awards} == {
        "A": (84, "funded_partial"),
        "B": (80, "funded_partial"),
        "C": (28, "funded_partial"),
        "D": (17, "funded_partial"),
        "E": (0, "stopped_at_cut_off"),
        "F": (0, "below_threshold"),
    }
    assert result.award("C").reason.params["percent"] == Fraction(46 * 100, 80)
    forced = distribute([*projects, Project("F", Fraction(1), 100)], replace(scenario, force_in=frozenset("F")))
    assert (forced.award("F").granted, forced.award("F").code) == (25, "forced_in")
    short = distribute(projects, replace(scenario, appropriation=180))
    assert [short.award(key).code for key in "CDE"] == ["not_funded_budget", "not_funded_budget", "stopped_at_cut_off"]


def test_tiers_leave_out_what_would_be_below_the_smallest_grant() -> None:
    result = distribute(FOUR, Scenario(400, "tiers", tiers=(Tier(Fraction(2), Fraction(1, 3)),), smallest_grant=34))
    assert {award.code for award in result.awards} == {"ceiling_below_smallest"}
    whole = distribute(FOUR, Scenario(400, "tiers", tiers=(Tier(Fraction(2), Fraction(1)),)))
    assert {(award.granted, award.code) for award in whole.awards} == {(100, "funded_full")}


@settings(max_examples=80, deadline=None)
@given(labelled(minimums=True), st.integers(0, 30), st.sampled_from((1, 2)), st.booleans())
def test_tiers_are_served_from_the_best_down_and_treat_a_tier_alike(
    projects: list[Project], budget: int, unit: int, high: bool
) -> None:
    steps = (Tier(Fraction(28, 3), Fraction(1)), Tier(Fraction(14, 3), Fraction(2, 3) if high else Fraction(1, 4)))
    result = distribute(projects, Scenario(budget, "tiers", unit=unit, tiers=steps))
    assert (result.status, result.spent <= budget) == ("optimal", True)
    covered = True
    for above, step in zip((None, *steps), steps, strict=False):
        members = [one for one in projects if one.score is not None and one.score >= step.least]
        members = [one for one in members if above is None or (one.score or 0) < above.least]
        full = {one.id: int(step.share * one.applied) // unit * unit for one in members}
        able = [one for one in members if full[one.id] >= max(one.min_grant or 1, 1)]
        got = {one.id: result.award(one.id).granted for one in members}
        assert covered or not any(got.values())
        assert all(got[one.id] in (0, *range(one.min_grant or 1, full[one.id] + 1)) for one in able)
        assert not any(got[one.id] for one in members if one not in able)
        assert all(got[one.id] for one in able) or not any(got[one.id] for one in able)
        covered = covered and all(got[one.id] == full[one.id] for one in able)
    assert not any(result.award(one.id).granted for one in projects if (one.score or 0) < steps[-1].least)
