"""Which named rule keeps a project out: without it, solved again, the project would be funded."""

import time
from collections.abc import Sequence
from dataclasses import replace

from allocation.distribute import distribute
from allocation.kinds import Kind
from allocation.policies import Policy, policies, without
from allocation.types import Allocation, Award, Code, Project, Scenario, ScenarioError, SolverError
from locales import Param, msg

_LARGEST = 200
"""Most projects for which rules are switched off one by one."""
_SECONDS = 10.0
"""No further rule is tried after so long."""
_SINGLE: frozenset[Kind] = frozenset(
    {
        "appropriation",
        "reserve",
        "max_share",
        "largest_grant",
        "smallest_grant",
        "project_minimum",
        "threshold",
        "criterion_threshold",
        "force_out",
    }
)
"""Rules that say themselves whom they keep out, or that concern the money of all."""
_BY_OTHERS: frozenset[Code] = frozenset(
    {"not_funded_budget", "not_funded_effect", "not_funded_rule", "not_funded_tie", "stopped_at_cut_off"}
)


def excluding(projects: Sequence[Project], scenario: Scenario, allocation: Allocation) -> dict[str, tuple[Policy, ...]]:
    """Per project that is not funded, the rules without any one of which it would be; only where there are some.

    Nothing is looked for in a result that is not optimal, above 200 projects, or after 10 seconds.
    """
    found: dict[str, tuple[Policy, ...]] = {}
    waiting = {award.id for award in allocation.awards if not award.funded and award.code in _BY_OTHERS}
    if allocation.status != "optimal" or len(projects) > _LARGEST or not waiting:
        return found
    end = time.monotonic() + _SECONDS
    for policy in policies(projects, scenario):
        left = end - time.monotonic()
        if policy.kind in _SINGLE or left <= 0:
            continue
        fewer, freed = without(projects, scenario, policy.key)
        try:
            after = distribute(fewer, replace(freed, time_limit=min(freed.time_limit, left)))
        except (ScenarioError, SolverError):
            continue
        if after.status == "optimal":
            for award in after.awards:
                if award.funded and award.id in waiting:
                    found[award.id] = (*found.get(award.id, ()), policy)
    return found


def with_excluding(projects: Sequence[Project], scenario: Scenario, allocation: Allocation) -> Allocation:
    """``allocation`` with the rules that keep a project out named in its reason."""
    found = excluding(projects, scenario, allocation)
    return replace(allocation, awards=tuple(_named(award, found.get(award.id, ())) for award in allocation.awards))


def _named(award: Award, rules: Sequence[Policy]) -> Award:
    if not rules:
        return award
    names: list[Param] = [rule.name for rule in rules]
    if len(names) == 1:
        said = msg("{reason} Without the rule “{rule}” it would be funded.", reason=award.reason, rule=names[0])
    else:
        said = msg(
            "{reason} Without any one of the rules {rules} it would be funded.", reason=award.reason, rules=names
        )
    return replace(award, reason=said)
