"""A scenario run with awards set by hand: only these changed, or the rest distributed anew around them."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from allocation import Allocation, Change, Scenario, ScenarioError, compare
from allocation.by_hand import Breach, breaches, check_awards, replace_awards, worth
from workflow.errors import Refused
from workflow.scenarios import Ground, Run, run_on

Rest = Literal["kept", "reoptimised"]
"""What becomes of the other awards when some are set by hand."""


def run_with_hands(
    ground: Ground, scenario: Scenario, hands: Mapping[str, int], rest: Rest, reasons: Mapping[str, str] | None = None
) -> tuple[Run, Run]:
    """The run with the awards ``hands`` (euros by case number), and the one by the rule alone. For other use cases.

    ``reasons`` go into the scenario of the first. Refused when an award cannot be or a rule cannot hold them.
    """
    plain = replace(scenario, fixed={})
    by_rule = run_on(ground, plain)
    if not hands:
        return by_rule, by_rule
    try:
        check_awards(ground.projects, by_rule.scenario, hands)
        # What is set by hand goes over what the scenario forces.
        fixed = replace(
            by_rule.scenario,
            fixed=dict(sorted(hands.items())),
            force_in=by_rule.scenario.force_in - hands.keys(),
            force_out=by_rule.scenario.force_out - hands.keys(),
            reasons={**by_rule.scenario.reasons, **(reasons or {})},
        )
        if rest == "reoptimised":
            run = run_on(ground, fixed)
            return replace(run, baseline=by_rule.baseline, changes=_changes(by_rule, run.allocation)), by_rule
        if by_rule.allocation.status == "infeasible":
            return replace(by_rule, scenario=fixed), by_rule
        allocation = replace_awards(ground.projects, by_rule.scenario, by_rule.allocation, hands)
    except ScenarioError as error:
        raise Refused(*error.problems) from error
    return replace(by_rule, scenario=fixed, allocation=allocation, changes=_changes(by_rule, allocation)), by_rule


def objective_of(by_rule: Run, allocation: Allocation) -> Fraction:
    """The scenario's objective of an allocation, measured alike whether awards were set by hand or not."""
    return worth(by_rule.projects, by_rule.scenario, _granted(allocation))


def broken_rules(by_rule: Run, run: Run) -> tuple[Breach, ...]:
    """The named rules that ``run`` breaks."""
    return breaches(by_rule.projects, by_rule.scenario, _granted(run.allocation))


def _changes(by_rule: Run, allocation: Allocation) -> tuple[Change, ...]:
    return compare(by_rule.baseline, allocation)


def _granted(allocation: Allocation) -> dict[str, int]:
    return {award.id: award.granted for award in allocation.awards}
