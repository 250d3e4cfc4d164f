"""Checks that know nothing of solvers: every row in integers, the objective and a bound in exact fractions."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from allocation.parts import Row
from allocation.problem import Problem
from allocation.types import SolverError


def row_value(row: Row, units: Sequence[int]) -> int:
    """The left-hand side of ``row`` for these grants (units per candidate, 0 = not funded)."""
    return sum(
        once * (units[j] > 0) + each * units[j]
        for j, once, each in zip(row.members, row.per_project, row.per_unit, strict=True)
    )


def broken(problem: Problem, units: Sequence[int]) -> str | None:
    """The key of the first row or bound that these grants break, None if all hold."""
    for candidate, granted in zip(problem.candidates, units, strict=True):
        if granted == 0 and candidate.forced and candidate.lower > 0:
            return f"force_in {candidate.project.id}"
        if granted != 0 and not max(candidate.lower, 1) <= granted <= candidate.upper:
            return f"bounds {candidate.project.id}"
    for row in problem.rows:
        value = row_value(row, units)
        if (row.upper is not None and value > row.upper) or (row.lower is not None and value < row.lower):
            return row.key
    return None


def verify(problem: Problem, units: Sequence[int]) -> None:
    """Raise ``SolverError`` if a row or bound is broken."""
    key = broken(problem, units)
    if key is not None:
        raise SolverError(f"the grants break {key}")


def value(problem: Problem, units: Sequence[int]) -> Fraction:
    """The objective of these grants, exact."""
    return sum(
        (
            once * (granted > 0) + each * granted
            for once, each, granted in zip(problem.per_project, problem.per_unit, units, strict=True)
        ),
        Fraction(0),
    )


def lagrangian_bound(problem: Problem, multipliers: Mapping[str, Fraction]) -> Fraction:
    """An upper bound on the objective, valid for any multipliers (weak duality), in exact fractions.

    L(y) = sum_r y_r * (upper_r if y_r >= 0 else lower_r) + sum_j max(0, (a - A'y)_j + max over g (b - B'y)_j g).

    Parameters: ``multipliers`` by row key, objective per row unit; rows not named count as 0.
    Raises ValueError if a multiplier leans on a side on which its row has no limit.
    """
    once = list(problem.per_project)
    each = list(problem.per_unit)
    bound = Fraction(0)
    for row in problem.rows:
        price = multipliers.get(row.key, Fraction(0))
        if price == 0:
            continue
        limit = row.upper if price > 0 else row.lower
        if limit is None:
            raise ValueError(f"row {row.key} has no limit on the side of its multiplier")
        bound += price * limit
        for j, per_project, per_unit in zip(row.members, row.per_project, row.per_unit, strict=True):
            once[j] -= price * per_project
            each[j] -= price * per_unit
    for candidate, fixed, rate in zip(problem.candidates, once, each, strict=True):
        best = fixed + rate * (candidate.upper if rate > 0 else candidate.lower)
        bound += best if candidate.forced and candidate.lower > 0 else max(best, Fraction(0))
    return bound
