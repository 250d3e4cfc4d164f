"""The efficient portfolios of two goals: the greatest objective and the least money."""

from collections.abc import Sequence
from dataclasses import replace

from allocation.distribute import distribute
from allocation.rows import limits
from allocation.types import Allocation, Constraint, Project, Scenario

MOST = 1000
"""More distributions than this are not computed."""


def efficient_portfolios(projects: Sequence[Project], scenario: Scenario) -> tuple[Allocation, ...]:
    """The distributions that no other one equals in the objective with less money, cheapest first.

    Epsilon-constraint: solved with what can be distributed, then again and again with one unit less than the last
    answer spent. Shares stay those of the full appropriation. Of several with the same objective and the same sum the
    tie rule's is given. Raises as ``distribute``, and ValueError above 1,000 solves.
    """
    held = tuple(_in_euros(one, scenario.appropriation) for one in scenario.constraints)
    found: list[Allocation] = []
    available = scenario.appropriation - scenario.reserve
    for _ in range(MOST):
        step = replace(scenario, appropriation=scenario.reserve + available, constraints=held)
        result = distribute(projects, step)
        if result.status == "infeasible":
            return tuple(reversed(found))
        if found and found[-1].objective <= result.objective:
            found.pop()
        found.append(result)
        available = result.spent - scenario.unit
        if available < 0:
            return tuple(reversed(found))
    raise ValueError(f"more than {MOST} distributions would have to be computed")


def _in_euros(constraint: Constraint, appropriation: int) -> Constraint:
    lower, upper = limits(constraint, appropriation)
    return replace(constraint, lower=lower, upper=upper, lower_share=None, upper_share=None)
