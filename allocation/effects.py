"""What each rule of a scenario costs, and what more or less money would do: solved again, not read off a price."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

from allocation.distribute import compare, distribute
from allocation.engine import OutOfTimeError
from allocation.flips_mixed import engine_of
from allocation.parts import Row
from allocation.policies import Input, Policy, policies, without
from allocation.problem import Problem, build
from allocation.rules import RULES
from allocation.types import Allocation, Change, Project, Scenario, ScenarioError, SolverError, Status

_FEW = 3
"""Up to so many rows of one rule it pays to ask first whether breaking one of them could be worth anything."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What switching one rule off changes: how much larger the objective, the number of projects, the euros would be.

    ``marginal``: under the linear programme, what one euro (or unit of the row's measure) more at the rule's limit
    would add to the objective, summed over its rows; None under other rules. It holds for small changes only.
    ``status`` is that of the allocation without the rule; if it is ``infeasible``, nothing else is said.
    """

    policy: Policy
    objective: Fraction
    projects: int
    euros: int
    marginal: float | None
    status: Status
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class MoneyEffect:
    """What ``step`` euros more (or, negative, less) of the appropriation change."""

    step: int
    objective: Fraction
    projects: int
    euros: int
    status: Status
    changes: tuple[Change, ...]


def effects(projects: Sequence[Project], scenario: Scenario, allocation: Allocation) -> tuple[Effect, ...]:
    """The effect of every rule that is switched on, in their order; () for an allocation without solution.

    The appropriation is not switched off: see ``money_effects``. Rules whose removal the rule of distribution refuses
    are left out.
    """
    if allocation.status == "infeasible":
        return ()
    idle = _Idle(projects, scenario, allocation)
    found = []
    for policy in policies(projects, scenario):
        if policy.kind == "appropriation":
            continue
        marginal = _marginal(allocation, policy) if scenario.rule == "lp" else None
        if idle.surely(policy):
            found.append(Effect(policy, Fraction(0), 0, 0, marginal, allocation.status, ()))
            continue
        after = _solved(without(projects, scenario, policy.key))
        if after is not None:
            found.append(
                Effect(policy, *_difference(allocation, after), marginal, after.status, _moved(allocation, after))
            )
    return tuple(found)


def money_effects(
    projects: Sequence[Project], scenario: Scenario, allocation: Allocation, step: int = 100_000
) -> tuple[MoneyEffect | None, MoneyEffect | None]:
    """What ``step`` euros less and more would do; None where so much less is not there (or nothing was allocated)."""
    if allocation.status == "infeasible":
        return None, None
    found: list[MoneyEffect | None] = []
    for change in (-step, step):
        after = None
        if scenario.appropriation + change >= scenario.reserve:
            after = _solved((tuple(projects), replace(scenario, appropriation=scenario.appropriation + change)))
        if after is None:
            found.append(None)
        else:
            found.append(MoneyEffect(change, *_difference(allocation, after), after.status, _moved(allocation, after)))
    return found[0], found[1]


def _solved(changed: Input) -> Allocation | None:
    try:
        return distribute(*changed)
    except (ScenarioError, SolverError):
        return None


def _difference(before: Allocation, after: Allocation) -> tuple[Fraction, int, int]:
    """Objective, number of projects and euros, after less before."""
    if after.status == "infeasible":
        return Fraction(0), 0, 0
    return after.objective - before.objective, _funded(after) - _funded(before), after.spent - before.spent


def _moved(before: Allocation, after: Allocation) -> tuple[Change, ...]:
    return () if after.status == "infeasible" else compare(before, after)


def _funded(allocation: Allocation) -> int:
    return sum(award.funded for award in allocation.awards)


def _marginal(allocation: Allocation, policy: Policy) -> float | None:
    prices = [allocation.duals.get(one.key, 0.0) for one in allocation.sums if one.policy == policy.key]
    return sum(prices) if prices else None


class _Idle:
    """Which rules surely change nothing, by one programme that is mostly refuted at once.

    If no distribution that breaks a row, and keeps all other rules, reaches the optimum, then the optima with and
    without the row are the same, and so is what the tie rule makes of them.
    """

    def __init__(self, projects: Sequence[Project], scenario: Scenario, allocation: Allocation) -> None:
        self.allocation = allocation
        self.problem: Problem | None = None
        if scenario.rule == "milp" and allocation.status == "optimal" and scenario.gap == 0:
            rule = RULES[scenario.rule]
            self.problem = build(projects, scenario, whole=rule.whole, continuous=rule.continuous)

    def surely(self, policy: Policy) -> bool:
        """False where it is not known."""
        if self.problem is None or not self.problem.candidates:
            return False
        rows = [row for row in self.problem.rows if row.policy == policy.key]
        if not 0 < len(rows) <= _FEW:
            return False
        others = tuple(row for row in self.problem.rows if row.policy != policy.key)
        try:
            return not any(
                self._reachable(replace(self.problem, rows=(*others, broken)))
                for row in rows
                for broken in _broken(row)
            )
        except (OutOfTimeError, SolverError):
            return False

    def _reachable(self, problem: Problem) -> bool:
        engine = engine_of(problem)
        engine.floor = ceil(self.allocation.objective * engine.scale)
        return engine.maximise(engine.weights) is not None


def _broken(row: Row) -> list[Row]:
    """The row turned round: what breaks its upper limit, and what breaks its lower one."""
    found = []
    if row.upper is not None:
        found.append(replace(row, lower=row.upper + 1, upper=None))
    if row.lower is not None:
        found.append(replace(row, lower=None, upper=row.lower - 1))
    return found
