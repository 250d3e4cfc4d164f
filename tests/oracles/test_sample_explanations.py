"""Both sample calls: for every unfunded project, solving again at the claim flips it, and one unit less does not."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest

from allocation import Allocation, Project, RuleName, Scenario, distribute
from allocation.flips import Flips, flips
from allocation.flips_mixed import reaches
from allocation.problem import build
from benchmarks.distribute_sample_calls import sample

CENT = Fraction(1, 100)
RULES: tuple[RuleName, ...] = ("milp", "rank_skip", "rank_strict", "rank_partial", "lp")


@cache
def run(call_id: str, rule: RuleName) -> tuple[list[Project], Scenario, Allocation]:
    projects, own = sample(call_id)
    scenario = replace(own, rule=rule, smallest_grant=0 if rule == "lp" else own.smallest_grant)
    return projects, scenario, distribute(projects, scenario)


def funded(projects: Sequence[Project], scenario: Scenario, result: Allocation, key: str) -> bool:
    """Solved again. Without the project V* stays what it was; the tie rule is asked only if V* is just reached with it."""
    if scenario.rule == "milp":
        problem = build(projects, scenario, whole=True, continuous=False)
        place = next((j for j, one in enumerate(problem.candidates) if one.project.id == key), None)
        if place is None or not reaches(problem, place, result.objective):
            return False
        if reaches(problem, place, result.objective, strict=True):
            return True
    return distribute(projects, scenario).award(key).funded


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("call_id", ["2020", "2022"])
def test_every_claim_about_an_unfunded_project_holds_at_both_ends(call_id: str, rule: RuleName) -> None:
    projects, scenario, result = run(call_id, rule)
    unfunded = [award for award in result.awards if not award.funded]
    assert len(unfunded) > 15
    for award in unfunded:
        key, found = award.id, flips(projects, scenario, result, award.id, money=False)
        others = [one for one in projects if one.id != key]
        own = next(one for one in projects if one.id == key)
        assert found.extra_score is not None, key
        score = (own.score or 0) + found.extra_score
        assert funded([*others, replace(own, score=score)], scenario, result, key)
        assert not funded([*others, replace(own, score=score - CENT)], scenario, result, key)
        if found.smaller_amount is not None:
            amount = found.smaller_amount
            assert funded([*others, replace(own, applied=amount)], scenario, result, key)
            assert not funded([*others, replace(own, applied=amount + scenario.unit)], scenario, result, key)


def test_mixed_integer_claims_hold_with_the_tie_rule_too() -> None:
    projects, scenario, result = run("2022", "milp")
    for key in [award.id for award in result.awards if not award.funded][:3]:
        claim: Flips = flips(projects, scenario, result, key)
        assert claim.extra_appropriation is not None
        for euros, expected in (
            (claim.extra_appropriation, True),
            (claim.extra_appropriation - claim.appropriation_step, False),
        ):
            richer = replace(scenario, appropriation=scenario.appropriation + euros)
            assert distribute(projects, richer).award(key).funded is expected
