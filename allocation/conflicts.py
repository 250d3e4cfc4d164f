"""A scenario without solution: a minimal set of named rules that collide, and the least that would resolve it."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from allocation.distribute import distribute
from allocation.engine import Engine
from allocation.parts import Row
from allocation.policies import Input, Policy, policies, without
from allocation.problem import build
from allocation.rules import RULES
from allocation.types import Project, Scenario
from allocation.ways import Feasible, Way, ways
from locales import Message


@dataclass(frozen=True, slots=True)
class Collision:
    """``rules`` cannot all be met, and any one of them switched off, the others of the set can.

    ``ways``: for each rule of the set that can be relaxed alone, the least relaxation. ``words``: what the rule of
    distribution said of the conflict. ``rules`` empty: no named rules collide (the scenario has a solution, or an
    open tie keeps it from one).
    """

    rules: tuple[Policy, ...]
    ways: tuple[Way, ...]
    words: tuple[Message, ...] = ()


def collide(projects: Sequence[Project], scenario: Scenario) -> Collision:
    """Why ``scenario`` has no solution over ``projects``, and what would give it one.

    The time limit of the scenario holds for the search as a whole; ``ways`` that were not found by then are left out.
    Raises ScenarioError for a scenario that cannot be used at all, OutOfTimeError where not even ``rules`` were found.
    """
    allocation = distribute(projects, scenario)
    if allocation.status != "infeasible":
        return Collision((), ())
    whole: Input = (tuple(projects), scenario)
    able = partial(feasible, deadline=time.monotonic() + scenario.time_limit)
    if able(*whole):
        return Collision((), (), allocation.conflict)
    rules = _minimal(whole, able)
    return Collision(rules, ways(whole, only(whole, rules), rules, able), allocation.conflict)


def feasible(projects: Sequence[Project], scenario: Scenario, deadline: float) -> bool:
    """Whether any distribution holds every rule of a scenario that was checked before; cheaper than the best one."""
    rule = RULES[scenario.rule]
    problem = build(projects, scenario, whole=rule.whole, continuous=rule.continuous)
    if problem.conflict:
        return False
    if scenario.rule != "milp":
        return rule.solve is not None and rule.solve(problem).status != "infeasible"
    if not problem.candidates:
        return all(_empty_holds(row) for row in problem.rows)
    engine = Engine(problem, deadline)
    return engine.maximise([0] * engine.columns) is not None


def _empty_holds(row: Row) -> bool:
    return (row.lower is None or row.lower <= 0) and (row.upper is None or row.upper >= 0)


def _minimal(whole: Input, able: Feasible) -> tuple[Policy, ...]:
    """Deletion filter: switch off one rule after the other for good unless the rest can then be met.

    Repeated until nothing more can go: some rules (a threshold under a rank order) also keep others possible, and
    what was needed at first may not be at the end.
    """
    kept = list(policies(*whole))
    while True:
        start = len(kept)
        for policy in list(kept):
            fewer = [one for one in kept if one != policy]
            if not able(*only(whole, fewer)):
                kept = fewer
        if len(kept) == start:
            return tuple(kept)


def only(whole: Input, kept: Iterable[Policy]) -> Input:
    """The input with every named rule switched off but those of ``kept``."""
    keys = {policy.key for policy in kept}
    projects, scenario = whole
    for policy in policies(projects, scenario):
        if policy.key not in keys:
            projects, scenario = without(projects, scenario, policy.key)
    return projects, scenario
