"""From the amounts of the linear programme to grants in full units that keep every rule."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from allocation.face import Filled
from allocation.mixed import mixed
from allocation.parts import Candidate, Row
from allocation.problem import Outcome, Problem, infeasible
from allocation.verify import broken, row_value
from locales import msg


def in_full_units(problem: Problem, amounts: Mapping[int, Fraction], filled: Filled | None) -> Outcome:
    """Grants rounded down, or where that breaks a rule rounded up for as few as possible, first in published order.

    Where no choice of rounding keeps every rule, the best grants in full units; infeasible if there are none.
    Status ``ties_unresolved`` where only ids could choose who is rounded up. Where ``filled`` has open ties already,
    nobody is rounded up: whether the rules hold depends on how the ties are settled.
    """
    down = tuple(int(amounts[j]) for j in range(len(problem.candidates)))
    if broken(problem, down) is None or (filled is not None and filled.open):
        return Outcome("optimal", down)
    split = [j for j in range(len(down)) if amounts[j] != down[j]]
    raised = mixed(_choice(problem, split, down)) if split else infeasible(problem)
    if raised.status in ("optimal", "ties_unresolved"):
        up = {split[k] for k, more in enumerate(raised.units) if more}
        units = tuple(granted + (j in up) for j, granted in enumerate(down))
        return Outcome(raised.status, units, unresolved=frozenset(split[k] for k in raised.unresolved))
    return _best(problem)


def _choice(problem: Problem, split: Sequence[int], down: tuple[int, ...]) -> Problem:
    """Who of ``split`` gets one unit more: as few as possible, with what the rows still ask for and allow."""
    place = {j: k for k, j in enumerate(split)}
    raised = tuple(replace(problem.candidates[j], lower=1, upper=1, forced=False) for j in split)
    return replace(
        problem,
        candidates=raised,
        excluded={},
        excluded_scores={},
        rows=tuple(_rest(row, place, row_value(row, down)) for row in problem.rows),
        per_project=(Fraction(-1),) * len(split),
        per_unit=(Fraction(0),) * len(split),
    )


def _rest(row: Row, place: Mapping[int, int], used: int) -> Row:
    kept = [(place[j], share) for j, share in zip(row.members, row.per_unit, strict=True) if j in place]
    return replace(
        row,
        members=tuple(k for k, _ in kept),
        per_project=(0,) * len(kept),
        per_unit=tuple(share for _, share in kept),
        lower=None if row.lower is None else row.lower - used,
        upper=None if row.upper is None else row.upper - used,
    )


def _best(problem: Problem) -> Outcome:
    """The greatest total of grants in full units, by the mixed-integer programme."""

    def at_least_one(one: Candidate) -> Candidate:
        return replace(one, lower=max(one.lower, 1))

    found = mixed(replace(problem, candidates=tuple(at_least_one(one) for one in problem.candidates)))
    if found.status != "infeasible":
        return found
    return infeasible(
        problem,
        msg(
            "The rules of the scenario can be met only with fractions of the unit {unit}; no grants in full units meet "
            "them all.",
            unit=problem.euros(1),
        ),
    )
