"""Proportional cut: everyone above the threshold is funded, all scaled by one factor, none below the smallest."""

from collections.abc import Sequence
from fractions import Fraction

from allocation.impossible import forced_conflict
from allocation.parts import Note
from allocation.problem import Outcome, Problem, infeasible
from locales import msg


def proportional(problem: Problem) -> Outcome:
    """Grants ``max(lower, floor(f * upper))`` with the largest exact factor f <= 1 that fits the appropriation.

    Awards set by hand are given as they are. What rounding down to the unit leaves is not spent. Infeasible if the
    smallest grants alone do not fit.
    """
    candidates = problem.candidates
    needed = sum(one.lower for one in candidates)
    if needed > problem.capacity:
        forced = forced_conflict(problem)
        smallest = msg(
            "The smallest grants of the projects that can be funded need {needed}, but {available} can be distributed.",
            needed=problem.euros(needed),
            available=problem.euros(problem.capacity),
        )
        return infeasible(problem, smallest if forced is None else forced)
    units, factor = fill([(one.lower, one.upper) for one in candidates], problem.capacity)
    notes: dict[int, Note] = {}
    for j, (one, granted) in enumerate(zip(candidates, units, strict=True)):
        if granted < one.upper:
            notes[j] = (
                "funded_partial",
                msg(
                    "Funded in part with {granted} of {ceiling}: all grants are cut in the same proportion, to "
                    "{percent} %, but not below the smallest grant. Score {score}.",
                    granted=problem.euros(granted),
                    ceiling=problem.euros(one.upper),
                    percent=factor * 100,
                    score=one.score,
                ),
            )
    return Outcome("optimal", units, notes)


def fill(bounds: Sequence[tuple[int, int]], capacity: int) -> tuple[tuple[int, ...], Fraction]:
    """``max(lower, floor(f * upper))`` for each (lower, upper), and the largest exact f <= 1 that fits ``capacity``.

    The sum of the lower bounds must fit.
    """
    factor = _factor(bounds, capacity)
    return tuple(max(lower, int(factor * upper)) for lower, upper in bounds), factor


def _factor(bounds: Sequence[tuple[int, int]], capacity: int) -> Fraction:
    """The largest f <= 1 with sum of max(lower, f * upper) <= capacity.

    The sum grows with f and bends where f * upper reaches a lower bound: between two bends it is linear.
    """
    if sum(upper for _, upper in bounds) <= capacity:
        return Fraction(1)
    bends = sorted((Fraction(lower, upper), lower, upper) for lower, upper in bounds)
    at_lower = sum(lower for lower, _ in bounds)
    scaled = 0
    best = Fraction(0)
    for place, (bend, lower, upper) in enumerate(bends):
        at_lower -= lower
        scaled += upper
        factor = Fraction(capacity - at_lower, scaled)
        if factor < bend:
            break
        following = bends[place + 1][0] if place + 1 < len(bends) else Fraction(1)
        best = min(factor, following)
    return best
