"""What would get one project funded under the mixed-integer programme, found by values instead of by trial.

With V0 and V1 the greatest totals without and with the project, it is funded for sure if V1 > V0 and not if V1 < V0.
An unfunded project has V0 = V*, whatever becomes of its own score or amount, so only V1 moves. At V1 = V0 the tie
rule decides, and only then is everything solved again.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from allocation.distribute import distribute
from allocation.engine import Answer, Engine
from allocation.problem import Problem, build
from allocation.search import STEP
from allocation.types import Project, Scenario
from allocation.verify import value


@dataclass(frozen=True, slots=True)
class Seen:
    """A mixed-integer problem seen from one unfunded project; ``best`` is V*, the exact optimum without it."""

    projects: Sequence[Project]
    scenario: Scenario
    project: Project
    best: Fraction
    chosen: frozenset[str]
    """Who is funded now."""

    def funded(self, project: Project, scenario: Scenario | None = None) -> bool:
        """Whether the rule, its tie rule included, funds the project when it stands like ``project``."""
        others = [one for one in self.projects if one.id != project.id]
        return distribute([*others, project], scenario or self.scenario).award(project.id).funded

    def problem(self, project: Project, scenario: Scenario | None = None) -> tuple[Problem, int | None]:
        """The problem with ``project`` in its own place, and its index there; None if it cannot be funded at all."""
        others = [one for one in self.projects if one.id != project.id]
        problem = build([*others, project], scenario or self.scenario, whole=True, continuous=False)
        place = {one.project.id: j for j, one in enumerate(problem.candidates)}
        return problem, place.get(project.id)


def optimum(problem: Problem) -> tuple[int, ...] | None:
    """Grants in units that reach the exact optimum, None if no distribution is possible. OutOfTimeError."""
    if not problem.candidates:
        return () if not any(row.lower is not None and row.lower > 0 for row in problem.rows) else None
    engine = engine_of(problem)
    answer = engine.maximise(engine.weights)
    while answer is not None:
        units = answer.units
        if answer.bound < engine.worth(units) + 1:
            return units
        engine.floor = engine.worth(units) + 1
        answer = engine.maximise(engine.weights)
        if answer is None:
            return units
    return None


def fate(problem: Problem, j: int, units: tuple[int, ...]) -> bool | None:
    """Whether every optimum funds candidate ``j``, or none does; None where optima differ. ``units``: one of them."""
    funded = units[j] > 0
    engine = engine_of(problem)
    engine.floor = engine.worth(units)
    engine.fix(j, int(not funded))
    # Mostly refuted at once: nothing of the other kind is worth as much.
    return funded if engine.maximise(engine.weights) is None else None


def reaches(problem: Problem, j: int, least: Fraction, *, strict: bool = False) -> bool:
    """Whether candidate ``j`` can be funded with a total of at least (``strict``: of more than) ``least``."""
    engine = engine_of(_with(problem, j))
    engine.floor = ceil(least * engine.scale) if not strict else floor(least * engine.scale) + 1
    return engine.maximise([0] * engine.columns) is not None


def extra_steps(seen: Seen, first: int) -> int | None:
    """The least number of hundredths, at least ``first``, by which a higher score gets the project funded.

    Newton's method on V1, which is convex in the score; with a grant that cannot vary it is a line, and one
    programme is solved. None if the project cannot be funded at any score.
    """
    at = first
    here = _forced(seen, at)
    if here is None:
        return None
    start, rate = here
    if rate == 0:
        return None
    steady = seen.project.min_grant is None or seen.scenario.objective == "score_of_funded"
    total = start
    if start < seen.best:
        at = first + ceil((seen.best - start) / rate)
        total = start + (at - first) * rate
    while not steady and at > first:
        here = _forced(seen, at)
        if here is None:
            return None
        total, slope = here
        nearer = max(first, at - int((total - seen.best) / slope))
        if nearer == at:
            below = _forced(seen, at - 1)
            if below is None or below[0] < seen.best:
                break
            nearer = at - 1
        at = nearer
    if total > seen.best:
        return at
    return at if seen.funded(raised(seen.project, at)) else at + 1


def raised(project: Project, steps: int) -> Project:
    """The project with a score higher by so many hundredths."""
    return replace(project, score=(project.score or Fraction(0)) + steps * STEP)


def _forced(seen: Seen, steps: int) -> tuple[Fraction, Fraction] | None:
    """V1 with the score raised by ``steps``, and what one step more adds at these grants."""
    problem, j = seen.problem(raised(seen.project, steps))
    if j is None:
        return None
    units = optimum(_with(problem, j))
    if units is None:
        return None
    slope = STEP * (units[j] * seen.scenario.unit if seen.scenario.objective == "score_times_grant" else 1)
    return value(problem, units), slope


def largest_amount(seen: Seen) -> int | None:
    """The largest smaller amount in euros with which an all-or-nothing project is funded; None if none is.

    The funded amounts are no interval, so one programme maximises the amount itself, with V1 >= V* as a row.
    """
    problem, j = seen.problem(seen.project)
    if j is None or seen.project.min_grant is not None:
        # With a minimum of its own the project could be granted less already: asking for less opens nothing.
        return None
    unit = seen.scenario.unit
    least = max(-(-seen.scenario.smallest_grant // unit), 1)
    found = _greatest(problem, j, least, problem.candidates[j].upper - 1, seen.best, strict=False)
    if found is None:
        return None
    amount, better = found

    def funded(units: int) -> bool:
        return seen.funded(replace(seen.project, applied=units * unit))

    if better or funded(amount):
        return amount * unit
    sure = _greatest(problem, j, least, amount - 1, seen.best, strict=True)
    least = least if sure is None else sure[0] + 1
    tied = _first_in_order(seen, problem, j, least, amount - 1)
    if tied is not None and funded(tied):
        return tied * unit
    return None if sure is None else sure[0] * unit


def _first_in_order(seen: Seen, problem: Problem, j: int, least: int, most: int) -> int | None:
    """The greatest grant of ``j`` with which an optimum with it comes before the one chosen now.

    An optimum comes before another if it funds the first project, in the published order, in which they differ.
    """
    if least >= most:
        return most if least == most else None
    engine = engine_of(_with(problem, j, lower=least, upper=most))
    engine.floor = ceil(seen.best * engine.scale)
    column = engine.grant_column[j]
    weights = [0] * engine.columns
    weights[column] = 1
    found = None
    for place in problem.order():
        if problem.candidates[place].project.id in seen.chosen:
            engine.fix(place, 1)
            continue
        lowest, highest = engine.lowest.copy(), engine.highest.copy()
        engine.fix(place, 1)
        answer = engine.maximise(weights)
        if answer is not None:
            found = answer.units[j]
            if found == most:
                break
        engine.lowest, engine.highest = lowest, highest
        if found is not None:
            engine.lowest[column] = found + 1
        if place == j:
            break
        engine.fix(place, 0)
    return found


def _greatest(
    problem: Problem, j: int, least: int, most: int, best: Fraction, *, strict: bool
) -> tuple[int, bool] | None:
    """The greatest grant of ``j`` in units with V1 >= V* (``strict``: >), and whether the answer exceeds V*."""
    found: tuple[int, bool] | None = None
    while least <= most:
        engine = engine_of(_with(problem, j, lower=least, upper=most))
        least_worth = ceil(best * engine.scale)
        engine.floor = least_worth + 1 if strict else least_worth
        weights = [0] * engine.columns
        weights[engine.grant_column.get(j, j)] = 1
        answer: Answer | None = engine.maximise(weights)
        if answer is None:
            return found
        amount = answer.units[j]
        found = amount, engine.worth(answer.units) > least_worth
        if answer.bound < amount + 1:
            return found
        least = amount + 1
    return found


def engine_of(problem: Problem) -> Engine:
    """A solver for ``problem`` with the time its scenario allows, from now on."""
    return Engine(problem, time.monotonic() + problem.scenario.time_limit)


def _with(problem: Problem, j: int, lower: int | None = None, upper: int | None = None) -> Problem:
    """The problem with candidate ``j`` funded for sure, within other bounds if any are given."""
    candidates = list(problem.candidates)
    one = candidates[j]
    candidates[j] = replace(
        one,
        forced=True,
        lower=one.lower if lower is None else lower,
        upper=one.upper if upper is None else upper,
    )
    return replace(problem, candidates=tuple(candidates))
