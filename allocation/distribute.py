"""The one way in: projects and a scenario go in, checked and explained awards come out."""

import time
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from allocation.checks import asked, check
from allocation.impossible import inside_out
from allocation.kinds import KIND_LABELS
from allocation.problem import Problem, build
from allocation.reasons import awards
from allocation.rows import kinds_of
from allocation.rules import RULES, Rule
from allocation.types import Allocation, Award, Change, Project, Scenario, ScenarioError, Sum
from allocation.verify import lagrangian_bound, row_value, value, verify
from locales import Message, msg


def distribute(projects: Sequence[Project], scenario: Scenario) -> Allocation:
    """Distribute the appropriation over ``projects`` by the scenario's rule.

    The result depends neither on the order of ``projects`` nor on the machine; only a time limit can make it
    differ, and then the status says so. Every row is checked again in integers after solving.

    Raises ScenarioError (the scenario or a project cannot be used, or the rule cannot hold a constraint asked
    for) and SolverError (the solver gave no answer that holds).
    """
    started = time.perf_counter()
    rule = _rule(scenario)
    check(projects, scenario)
    _require(rule, projects, scenario)
    problem = build(projects, scenario, whole=rule.whole, continuous=rule.continuous)
    ordered = _in_key_order(problem)
    conflict = problem.conflict or inside_out(ordered)
    if conflict:
        return _nothing(projects, scenario, conflict, started)
    outcome = rule.solve(ordered)
    if outcome.status == "infeasible":
        return _nothing(projects, scenario, outcome.conflict, started)
    verify(problem, outcome.units)
    objective = value(problem, outcome.units)
    spent = sum(outcome.units) * scenario.unit
    certified = lagrangian_bound(problem, outcome.multipliers) if outcome.multipliers else None
    bound = outcome.bound
    return Allocation(
        status=outcome.status,
        awards=awards(problem, outcome),
        spent=spent,
        remaining=scenario.appropriation - spent,
        objective=objective,
        bound=bound,
        gap=None if bound is None else (bound - objective) / bound if bound else Fraction(0),
        ties=tuple(sorted(problem.ids(group) for group in outcome.ties)),
        seconds=time.perf_counter() - started,
        duals=outcome.duals,
        rule=scenario.rule,
        multipliers=outcome.multipliers,
        certified_bound=certified,
        sums=_sums(problem, outcome.units),
    )


def _in_key_order(problem: Problem) -> Problem:
    """The appropriation, then the rows by their keys: what a rule finds and says must not follow the scenario's order."""
    return replace(problem, rows=tuple(sorted(problem.rows, key=lambda row: (row.policy != "appropriation", row.key))))


def _sums(problem: Problem, units: Sequence[int]) -> tuple[Sum, ...]:
    """What each row adds up to in its own measure."""
    found = []
    for row in problem.rows:
        if row.policy == "rank_order" or "dependent" in row.kinds:
            continue
        amount = row_value(row, units) * row.scale
        lower, upper = row.limits
        reached = int(amount) if amount.denominator == 1 else amount
        found.append(Sum(row.key, row.name, row.policy, row.measure, reached, lower, upper))
    return tuple(found)


def baseline(projects: Sequence[Project], scenario: Scenario) -> Allocation:
    """The greedy baseline: the same scenario by rank order that skips what does not fit.

    What rank order cannot hold (floors, dependencies, the order itself) or does not know (tiers) is left out of it.
    """
    capped = (replace(one, lower=None, lower_share=None) for one in scenario.constraints)
    return distribute(
        projects,
        replace(
            scenario,
            rule="rank_skip",
            constraints=tuple(one for one in capped if kinds_of(one)),
            dependent=(),
            rank_order=None,
            tiers=(),
        ),
    )


def compare(before: Allocation, after: Allocation) -> tuple[Change, ...]:
    """Whose grant differs, largest gain first, then by id. ValueError if they are not about the same projects."""
    old = {award.id: award.granted for award in before.awards}
    new = {award.id: award.granted for award in after.awards}
    if old.keys() != new.keys():
        raise ValueError(f"not the same projects: {sorted(old.keys() ^ new.keys())}")
    changes = [Change(key, old[key], new[key], new[key] - old[key]) for key in old if old[key] != new[key]]
    return tuple(sorted(changes, key=lambda change: (-change.difference, change.id)))


def _rule(scenario: Scenario) -> Rule:
    rule = RULES.get(scenario.rule)
    if rule is None:
        raise ScenarioError(
            (
                msg(
                    "{key}: {value} is not accepted; {accepted} are.",
                    key="rule",
                    value=str(scenario.rule),
                    accepted=", ".join(RULES),
                ),
            )
        )
    return rule


def _require(rule: Rule, projects: Sequence[Project], scenario: Scenario) -> None:
    missing = sorted(asked(projects, scenario) - rule.enforces)
    if missing:
        raise ScenarioError(
            tuple(
                msg(
                    "The rule {rule} cannot hold this constraint: {constraint}.",
                    rule=rule.label,
                    constraint=KIND_LABELS[kind],
                )
                for kind in missing
            )
        )


def _nothing(
    projects: Sequence[Project], scenario: Scenario, conflict: tuple[Message, ...], started: float
) -> Allocation:
    """The infeasible result: nobody gets anything, and the conflict is said."""
    reason = msg("No grants: the rules of the scenario cannot all be met.")
    return Allocation(
        status="infeasible",
        awards=tuple(
            Award(project.id, False, 0, "infeasible", reason, project.score)
            for project in sorted(projects, key=lambda one: one.id)
        ),
        spent=0,
        remaining=scenario.appropriation,
        objective=Fraction(0),
        bound=None,
        gap=None,
        ties=(),
        seconds=time.perf_counter() - started,
        rule=scenario.rule,
        conflict=conflict,
    )
