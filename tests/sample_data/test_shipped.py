"""The shipped scenarios: rank order, linear and mixed-integer programme part ways, and the rules that do it have names."""

from itertools import combinations

import pytest

from allocation import RULES, compare
from sample_data.load import CALLS
from tests.support.worlds import TERMINAL, World
from workflow.by_hand import run_saved
from workflow.calls import get_call
from workflow.explanations import scenario_effects
from workflow.saved_scenarios import list_scenarios
from workflow.scenarios import default_scenario, run_scenario


def file_rules(world: World, call_id: str) -> dict[str, int]:
    """Scenario id by rule: the shipped ones have a rule each."""
    return {saved.scenario.rule: saved.id for saved in list_scenarios(world.house, TERMINAL, call_id)}


@pytest.mark.parametrize("call_id", CALLS)
def test_shipped_scenarios_differ_from_each_other_in_three_awards_or_more(sample: World, call_id: str) -> None:
    ids = file_rules(sample, call_id)
    runs = {
        rule: run_saved(sample.house, TERMINAL, call_id, ids[rule]).run for rule in ("rank_skip", "lp", "milp", "tiers")
    }
    for rule, run in runs.items():
        assert run.allocation.status == "optimal", rule
        assert run.allocation.seconds < 1, rule
    for one, other in combinations(("rank_skip", "lp", "milp"), 2):
        assert len(compare(runs[one].allocation, runs[other].allocation)) >= 3, (one, other)


@pytest.mark.parametrize("call_id", CALLS)
def test_binding_constraints_of_shipped_scenarios_are_named(sample: World, call_id: str) -> None:
    shipped = {saved.scenario.rule: saved.scenario for saved in list_scenarios(sample.house, TERMINAL, call_id)}
    for rule in ("lp", "milp"):
        effects, _ = scenario_effects(sample.house, TERMINAL, call_id, shipped[rule])
        binding = {
            effect.policy.name for effect in effects if effect.changes and effect.policy.key.startswith("constraint:")
        }
        assert binding, rule
        assert binding <= {constraint.name for constraint in shipped[rule].constraints}


@pytest.mark.parametrize("call_id", CALLS)
def test_every_rule_solves_the_sample_calls(sample: World, call_id: str) -> None:
    call = get_call(sample.house, TERMINAL, call_id)
    for rule in RULES:
        allocation = run_scenario(sample.house, TERMINAL, call_id, default_scenario(call, rule)).allocation
        assert allocation.status == "optimal", rule
        assert 0 <= allocation.remaining <= call.money.appropriation.value


@pytest.mark.parametrize("call_id", CALLS)
def test_linear_programme_with_the_appropriation_alone_is_rank_order_with_a_partial_last_grant(
    sample: World, call_id: str
) -> None:
    call = get_call(sample.house, TERMINAL, call_id)
    linear = run_scenario(sample.house, TERMINAL, call_id, default_scenario(call, "lp")).allocation
    partial = run_scenario(sample.house, TERMINAL, call_id, default_scenario(call, "rank_partial")).allocation
    assert compare(linear, partial) == ()
