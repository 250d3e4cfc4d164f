"""The shipped scenarios: rank order, linear and mixed-integer programme part ways, and the rules that do it have names."""

from itertools import combinations

import pytest

from access.permissions import terminal_actor
from allocation import RULES, compare
from sample_data.load import CALLS, build_sample
from workflow.by_hand import run_saved
from workflow.calls import get_call
from workflow.explanations import scenario_effects
from workflow.house import House, open_house
from workflow.saved_scenarios import list_scenarios
from workflow.scenarios import default_scenario, run_scenario

TERMINAL = terminal_actor("test")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> House:
    url = f"sqlite:///{tmp_path_factory.mktemp('sample')}/sample.db"
    build_sample(url)
    return open_house(url)


def file_rules(house: House, call_id: str) -> dict[str, int]:
    """Scenario id by rule: the shipped ones have a rule each."""
    return {saved.scenario.rule: saved.id for saved in list_scenarios(house, TERMINAL, call_id)}


@pytest.mark.parametrize("call_id", CALLS)
def test_shipped_scenarios_differ_from_each_other_in_three_awards_or_more(sample: House, call_id: str) -> None:
    ids = file_rules(sample, call_id)
    runs = {rule: run_saved(sample, TERMINAL, call_id, ids[rule]).run for rule in ("rank_skip", "lp", "milp", "tiers")}
    for rule, run in runs.items():
        assert run.allocation.status == "optimal", rule
        assert run.allocation.seconds < 1, rule
    for one, other in combinations(("rank_skip", "lp", "milp"), 2):
        assert len(compare(runs[one].allocation, runs[other].allocation)) >= 3, (one, other)


@pytest.mark.parametrize("call_id", CALLS)
def test_binding_constraints_of_shipped_scenarios_are_named(sample: House, call_id: str) -> None:
    shipped = {saved.scenario.rule: saved.scenario for saved in list_scenarios(sample, TERMINAL, call_id)}
    for rule in ("lp", "milp"):
        effects, _ = scenario_effects(sample, TERMINAL, call_id, shipped[rule])
        binding = {
            effect.policy.name for effect in effects if effect.changes and effect.policy.key.startswith("constraint:")
        }
        assert binding, rule
        assert binding <= {constraint.name for constraint in shipped[rule].constraints}


@pytest.mark.parametrize("call_id", CALLS)
def test_every_rule_solves_the_sample_calls(sample: House, call_id: str) -> None:
    call = get_call(sample, TERMINAL, call_id)
    for rule in RULES:
        allocation = run_scenario(sample, TERMINAL, call_id, default_scenario(call, rule)).allocation
        assert allocation.status == "optimal", rule
        assert 0 <= allocation.remaining <= call.money.appropriation.value


@pytest.mark.parametrize("call_id", CALLS)
def test_linear_programme_with_the_appropriation_alone_is_rank_order_with_a_partial_last_grant(
    sample: House, call_id: str
) -> None:
    call = get_call(sample, TERMINAL, call_id)
    linear = run_scenario(sample, TERMINAL, call_id, default_scenario(call, "lp")).allocation
    partial = run_scenario(sample, TERMINAL, call_id, default_scenario(call, "rank_partial")).allocation
    assert compare(linear, partial) == ()
