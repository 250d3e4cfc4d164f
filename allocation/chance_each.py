"""One draw at a time, by the rules themselves: for what has no quicker exact way."""

import time
from fractions import Fraction
from itertools import groupby, pairwise

import numpy as np

from allocation.chance_spec import Bools, Ints, Spec, SpecRow
from allocation.engine import Engine
from allocation.parts import Candidate, Row
from allocation.problem import Problem
from allocation.rules import RULES
from allocation.types import Project, Scenario, SolverError


def each(spec: Spec, scores: Ints) -> tuple[Ints, Bools]:
    """Units per draw and candidate (D x n), and in which draws the rules cannot all be met (D,)."""
    units = np.zeros(scores.shape, dtype=np.int64)
    impossible = np.zeros(len(scores), dtype=bool)
    for d, row in enumerate(scores):
        found = one_draw(spec, row)
        if found is None:
            impossible[d] = True
        else:
            units[d] = found
    return units, impossible


def one_draw(spec: Spec, scores: Ints) -> Ints | None:
    """The units of one draw, None if its rules cannot all be met. Raises SolverError where there is no proof."""
    problem, kept = problem_of(spec, scores)
    units = np.zeros(spec.count, dtype=np.int64)
    if spec.rule == "milp" and kept:
        # Which of several optima the tie rule takes does not matter here: with drawn scores there are none.
        engine = Engine(problem, time.monotonic() + spec.time_limit)
        answer = engine.maximise(engine.weights)
        if answer is None:
            return None
        units[kept] = answer.units
        return units
    outcome = RULES[spec.rule].solve(problem)
    if outcome.status == "infeasible":
        return None
    if outcome.status == "time_limit":
        raise SolverError("time limit")
    units[kept] = outcome.units
    return units


def problem_of(spec: Spec, scores: Ints) -> tuple[Problem, list[int]]:
    """The problem of one draw (scores (n,) in steps) for the rules themselves, and which candidates it has."""
    kept = [int(j) for j in np.flatnonzero(spec.reach(scores[np.newaxis])[0])]
    at = {j: k for k, j in enumerate(kept)}
    points = [Fraction(int(scores[j]), spec.steps) for j in kept]
    candidates = tuple(
        Candidate(
            Project(f"{j:06}", score, spec.upper[j] * spec.unit, tie_keys=(-spec.place[j],)),
            score,
            spec.lower[j],
            spec.upper[j],
            spec.forced[j],
            None,
        )
        for j, score in zip(kept, points, strict=True)
    )
    rows = []
    for number, row in enumerate((*spec.rows, *_order_rows(spec, scores, at))):
        inside = [(at[j], j, a, b) for j, a, b in zip(row.members, row.once, row.each, strict=True) if j in at]
        times = [int(scores[j]) if row.scored else 1 for _, j, _, _ in inside]
        rows.append(
            Row(
                "appropriation" if number == 0 else f"row:{number}",
                f"row:{number}",
                frozenset(),
                tuple(k for k, _, _, _ in inside),
                tuple(a * s for (_, _, a, _), s in zip(inside, times, strict=True)),
                tuple(b * s for (_, _, _, b), s in zip(inside, times, strict=True)),
                row.lower,
                row.upper,
                policy="appropriation" if number == 0 else f"row:{number}",
            )
        )
    scenario = Scenario(
        spec.capacity * spec.unit,
        spec.rule,
        unit=spec.unit,
        objective=spec.objective,
        time_limit=spec.time_limit,
    )
    once, each = _objective(spec, candidates)
    return Problem(scenario, candidates, {}, {}, tuple(rows), once, each, ()), kept


def _objective(spec: Spec, candidates: tuple[Candidate, ...]) -> tuple[tuple[Fraction, ...], tuple[Fraction, ...]]:
    zeros = (Fraction(0),) * len(candidates)
    if spec.objective == "score_times_grant":
        return zeros, tuple(one.score * spec.unit for one in candidates)
    if spec.rule == "lp":
        return zeros, tuple(one.score / one.upper for one in candidates)
    return tuple(one.score for one in candidates), zeros


def _order_rows(spec: Spec, scores: Ints, at: dict[int, int]) -> list[SpecRow]:
    """For each project of a pool, all of the next higher score are funded."""
    found = []
    for pool in spec.pools:
        members = sorted((j for j in pool if j in at), key=lambda j: -scores[j])
        levels = [list(group) for _, group in groupby(members, key=lambda j: scores[j])]
        for above, below in pairwise(levels):
            ones = (-1,) * len(above)
            found += [SpecRow((j, *above), (len(above), *ones), (0,) * (len(above) + 1), None, 0) for j in below]
    return found
