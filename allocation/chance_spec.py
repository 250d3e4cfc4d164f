"""What the worker processes know of a problem: plain numbers, as JSON, with the drawn scores left out.

Only numbers travel between the processes; nothing that comes through a pipe is ever unpickled.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from allocation.problem import Problem, build
from allocation.rules import RULES
from allocation.types import Constraint, Objective, Project, RuleName, Scenario

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Way = Literal["ranking", "bands", "line", "pool", "vertex", "each"]

STEPS = 1_000_000
"""Into so many steps a drawn score is rounded per point, so that all sums are whole numbers."""
EXACT = 2**52
"""Whole numbers below this are exact in a double."""


@dataclass(frozen=True, slots=True)
class SpecRow:
    """``lower <= sum over members (once * funded + each * units) <= upper``; ``scored``: times the drawn score."""

    members: tuple[int, ...]
    once: tuple[int, ...]
    each: tuple[int, ...]
    lower: int | None
    upper: int | None
    scored: bool = False


@dataclass(frozen=True, slots=True)
class Spec:
    """One problem without its scores; candidates in the order of their ids, amounts in units.

    ``steps``: per point of score. ``threshold`` in steps. ``place``: the published order of equal scores, 0 the first.
    ``pools``: whose rank order is respected. ``tiers``: least score in steps, and per candidate what the tier gives.
    """

    rule: RuleName
    objective: Objective
    unit: int
    capacity: int
    steps: int
    threshold: int | None
    lower: tuple[int, ...]
    upper: tuple[int, ...]
    forced: tuple[bool, ...]
    place: tuple[int, ...]
    rows: tuple[SpecRow, ...]
    pools: tuple[tuple[int, ...], ...]
    tiers: tuple[tuple[int, tuple[int, ...]], ...]
    time_limit: float

    @property
    def count(self) -> int:
        """How many candidates there are."""
        return len(self.upper)

    @property
    def miss(self) -> str:
        """For rank order: what happens at the first project that does not fit."""
        return {"rank_strict": "stop", "rank_skip": "skip"}.get(self.rule, "partial")

    @property
    def way(self) -> Way:
        """How the draws are distributed exactly."""
        scored = bool(self.pools) or any(row.scored for row in self.rows)
        if self.rule in ("proportional", "tiers"):
            return "bands"
        if scored:
            return "each"
        if self.rule.startswith("rank_"):
            return "ranking"
        if self.rule == "lp":
            return "ranking" if len(self.rows) == 1 else "vertex"
        whole = self.objective == "score_of_funded" or self.lower == self.upper
        return "line" if len(self.rows) == 1 and whole else "pool"

    def reach(self, scores: Ints) -> Bools:
        """Who can be funded in which draw: those who reach the threshold, and whoever is forced in."""
        found = np.ones(scores.shape, dtype=bool) if self.threshold is None else scores >= self.threshold
        reached: Bools = found | np.array(self.forced, dtype=bool)
        return reached


def describe(projects: Sequence[Project], scenario: Scenario, largest: float) -> tuple[Spec, Problem]:
    """The spec of a checked scenario, and the problem it is made of; ``largest``: the greatest score of any draw.

    Every scored project is a candidate here, since each draw has thresholds of its own.
    """
    rule = RULES[scenario.rule]
    fixed = tuple(one for one in scenario.constraints if one.measure != "score")
    bare = replace(
        scenario,
        threshold=None,
        rank_order=None,
        constraints=fixed,
        criterion_thresholds=tuple(pair for pair in scenario.criterion_thresholds if pair[0] != "score"),
    )
    problem = build(projects, bare, whole=rule.whole, continuous=rule.continuous)
    upper = tuple(one.upper for one in problem.candidates)
    steps = _steps(upper, scenario, largest)
    by_score = _scored_rows(projects, scenario, problem, steps)
    least = [scenario.threshold] if scenario.threshold is not None else []
    least += [value for column, value in scenario.criterion_thresholds if column == "score"]
    order = sorted(range(len(upper)), key=lambda j: ([-key for key in problem.candidates[j].project.tie_keys], j))
    place = dict(zip(order, range(len(order)), strict=True))
    rows = tuple(SpecRow(row.members, row.per_project, row.per_unit, row.lower, row.upper) for row in problem.rows)
    return (
        Spec(
            rule=scenario.rule,
            objective=scenario.objective,
            unit=scenario.unit,
            capacity=problem.capacity,
            steps=steps,
            threshold=ceil(max(least) * steps) if least else None,
            lower=tuple(one.lower for one in problem.candidates),
            upper=upper,
            forced=tuple(one.forced for one in problem.candidates),
            place=tuple(place[j] for j in range(len(upper))),
            rows=rows + by_score,
            pools=_pools(problem, scenario),
            tiers=tuple((ceil(tier.least * steps), _given(problem, tier.share)) for tier in scenario.tiers),
            time_limit=scenario.time_limit,
        ),
        problem,
    )


def _steps(upper: Sequence[int], scenario: Scenario, largest: float) -> int:
    """As many steps per point as leave every sum exact in a double."""
    most = sum(upper) if scenario.objective == "score_times_grant" else len(upper)
    return max(min(STEPS, int(EXACT / max(most * max(largest, 1.0), 1.0))), 1)


def _given(problem: Problem, share: Fraction) -> tuple[int, ...]:
    """What a tier gives each candidate; what is forced in gets at least its smallest grant."""
    found = []
    for one in problem.candidates:
        units = min(one.upper, int(share * one.project.applied) // problem.scenario.unit)
        found.append(max(units, one.lower) if one.forced else units)
    return tuple(found)


def _pools(problem: Problem, scenario: Scenario) -> tuple[tuple[int, ...], ...]:
    # Rank order itself keeps the order in strict and partial; only the mixed-integer programme needs rows for it.
    if scenario.rank_order is None or scenario.rule != "milp":
        return ()
    free = [j for j, one in enumerate(problem.candidates) if not one.forced]
    label = scenario.rank_order
    if not label:
        return (tuple(free),)
    words = {j: problem.candidates[j].project.words(label) for j in free}
    return tuple(
        tuple(j for j in free if word in words[j]) for word in sorted({word for own in words.values() for word in own})
    )


def _scored_rows(projects: Sequence[Project], scenario: Scenario, problem: Problem, steps: int) -> tuple[SpecRow, ...]:
    """Rows on the sum of the scores themselves: their coefficients are drawn, so only their shape is known here."""
    sums: list[Constraint] = [one for one in scenario.constraints if one.measure == "score" and one.on]
    # As counts the rows have the right members; limits are taken in steps of the score.
    counted = (replace(one, measure="grant" if one.by_grant else "count") for one in sums)
    bare = replace(problem.scenario, constraints=tuple(counted), exclusive=(), dependent=())
    rule = RULES[scenario.rule]
    shaped = build(projects, bare, whole=rule.whole, continuous=rule.continuous).rows[1:]
    found = []
    for row in shaped:
        lower, upper = row.limits
        found.append(
            SpecRow(
                row.members,
                row.per_project,
                tuple(each * scenario.unit for each in row.per_unit),
                None if lower is None else ceil(lower * steps),
                None if upper is None else int(Fraction(upper) * steps // 1),
                scored=True,
            )
        )
    return tuple(found)


def to_json(spec: Spec) -> str:
    """``spec`` as text."""
    return json.dumps(asdict(spec))


def from_json(text: str) -> Spec:
    """The inverse of ``to_json``."""
    record: dict[str, Any] = json.loads(text)
    rows = tuple(SpecRow(**{key: _tuple(value) for key, value in row.items()}) for row in record.pop("rows"))
    return Spec(rows=rows, **{key: _tuple(value) for key, value in record.items()})


def _tuple(value: Any) -> Any:
    return tuple(_tuple(one) for one in value) if isinstance(value, list) else value
