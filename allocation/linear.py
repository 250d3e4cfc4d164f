"""The linear programme: grants are continuous, the sum of score times euro is the greatest, rounded down at the end.

HiGHS finds the multipliers of the rows. Made exact, they describe the face of all optima: who gets everything,
who nothing, and between whom the published order chooses. The result is proven optimal by exact duality.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.sparse import csc_array

from allocation.left_out import leave_out, settled
from allocation.parts import Note, Row
from allocation.problem import Outcome, Problem, infeasible
from allocation.relaxation import Relaxation, exact_multipliers, solve_vertex
from allocation.types import SolverError
from allocation.verify import lagrangian_bound
from locales import msg

FREE_LIMIT = 200
"""Most projects on the face of optima between which several rows may choose; above it ties are unresolved."""


@dataclass(frozen=True, slots=True)
class _FaceRow:
    """What a row leaves to the projects on the face: ``lower <= sum of shares * amounts <= upper``."""

    shares: Mapping[int, int]
    lower: Fraction | None
    upper: Fraction | None


def linear(problem: Problem) -> Outcome:
    """The optimum of the linear programme, first in the published order, rounded down to the unit.

    ``bound`` is the exact optimum before rounding. What rounding leaves is not spent. Status ``ties_unresolved``
    where equal tie keys leave the choice to ids, and then nobody of those equals is funded; or where the face of
    optima is too large or too ill-formed to be taken apart exactly, and then the grants are one of several optima.
    """
    if not problem.candidates:
        return Outcome(
            "optimal",
            (),
            bound=Fraction(0),
            multipliers=dict.fromkeys((row.key for row in problem.rows), Fraction(0)),
        )
    vertex = solve_vertex(_model(problem))
    if vertex is None:
        return infeasible(problem)
    prices = exact_multipliers(problem, vertex.prices)
    bound = lagrangian_bound(problem, prices)
    amounts, free = _clear_cut(problem, prices)
    rows = _face(problem, prices, amounts, free)
    filled = _fill(problem, [j for j in problem.order() if j in free], rows)
    if filled is not None:
        amounts.update(filled)
        if sum(rate * amounts[j] for j, rate in enumerate(problem.per_unit)) != bound:
            filled = None
    if filled is None:
        amounts = {j: Fraction(amount).limit_denominator(10**6) for j, amount in enumerate(vertex.values)}
    units = tuple(int(amounts[j]) for j in range(len(problem.candidates)))
    groups = _groups(problem, amounts, free, rows) if filled is not None else []
    unresolved = {
        j
        for group in groups
        for equals in problem.equals(group)
        if len(equals) > 1 and _uneven(problem, amounts, equals)
        for j in equals
    }
    units = leave_out(problem, units, unresolved)
    outcome = Outcome(
        "ties_unresolved" if unresolved or filled is None else "optimal",
        units,
        _notes(problem, units, {j for group in groups for j in group}),
        tuple(tuple(group) for group in groups),
        frozenset(unresolved),
        bound,
        {key: float(price / problem.scenario.unit) for key, price in prices.items()},
        prices,
    )
    return settled(problem, outcome)


def _model(problem: Problem) -> Relaxation:
    count = len(problem.candidates)
    places = [place for place, row in enumerate(problem.rows) for _ in row.members]
    members = [j for row in problem.rows for j in row.members]
    shares = [share for row in problem.rows for share in row.per_unit]
    return Relaxation(
        np.array([float(rate) for rate in problem.per_unit]),
        csc_array((np.array(shares, dtype=np.float64), (places, members)), shape=(len(problem.rows), count)),
        np.array([-np.inf if row.lower is None else row.lower for row in problem.rows], dtype=np.float64),
        np.array([np.inf if row.upper is None else row.upper for row in problem.rows], dtype=np.float64),
        np.zeros(count),
        np.array([one.upper for one in problem.candidates], dtype=np.float64),
    )


def _clear_cut(problem: Problem, prices: Mapping[str, Fraction]) -> tuple[dict[int, Fraction], set[int]]:
    """Who gets everything or nothing in every optimum, by the sign of the exact reduced cost; and the others."""
    rates = list(problem.per_unit)
    for row in problem.rows:
        for j, share in zip(row.members, row.per_unit, strict=True):
            rates[j] -= prices[row.key] * share
    amounts = {j: Fraction(one.upper if rates[j] > 0 else 0) for j, one in enumerate(problem.candidates)}
    return amounts, {j for j, rate in enumerate(rates) if rate == 0}


def _face(
    problem: Problem, prices: Mapping[str, Fraction], amounts: Mapping[int, Fraction], free: set[int]
) -> list[_FaceRow]:
    """The rows as they bind the free projects; a row with a multiplier holds with equality on its side."""
    found: list[_FaceRow] = []
    for row in problem.rows:
        shares = {j: share for j, share in zip(row.members, row.per_unit, strict=True) if j in free and share}
        if shares:
            used = _used(row, amounts, free)
            lower = None if row.lower is None else row.lower - used
            upper = None if row.upper is None else row.upper - used
            price = prices[row.key]
            found.append(_FaceRow(shares, upper if price > 0 else lower, lower if price < 0 else upper))
    return found


def _used(row: Row, amounts: Mapping[int, Fraction], free: set[int]) -> Fraction:
    pairs = zip(row.members, row.per_unit, strict=True)
    return sum((share * amounts[j] for j, share in pairs if j not in free), Fraction(0))


def _fill(problem: Problem, order: Sequence[int], rows: Sequence[_FaceRow]) -> dict[int, Fraction] | None:
    """Amounts for the free projects, the greatest possible one after the other; None if not exactly possible."""
    filled = {j: Fraction(problem.candidates[j].upper) for j in order}
    if len(rows) == 1 and all(share > 0 for share in rows[0].shares.values()):
        row = rows[0]
        left = row.upper
        for j in order:
            if left is not None and j in row.shares:
                filled[j] = min(filled[j], max(left, Fraction(0)) / row.shares[j])
                left -= filled[j] * row.shares[j]
    elif rows:
        if len(order) > FREE_LIMIT:
            return None
        filled = _fill_by_solver(problem, order, rows)
    return filled if all(_kept(row, filled) for row in rows) else None


def _kept(row: _FaceRow, filled: Mapping[int, Fraction]) -> bool:
    total = sum(share * filled[j] for j, share in row.shares.items())
    return (row.lower is None or total >= row.lower) and (row.upper is None or total <= row.upper)


def _fill_by_solver(problem: Problem, order: Sequence[int], rows: Sequence[_FaceRow]) -> dict[int, Fraction]:
    """The same where several rows meet: one small programme per project."""
    column = {j: place for place, j in enumerate(order)}
    matrix = np.zeros((len(rows), len(order)))
    for place, row in enumerate(rows):
        for j, share in row.shares.items():
            matrix[place, column[j]] = share
    below = np.array([-np.inf if row.lower is None else float(row.lower) for row in rows])
    above = np.array([np.inf if row.upper is None else float(row.upper) for row in rows])
    lowest, highest = np.zeros(len(order)), np.array([float(problem.candidates[j].upper) for j in order])
    filled: dict[int, Fraction] = {}
    for j in order:
        weights = np.zeros(len(order))
        weights[column[j]] = 1.0
        vertex = solve_vertex(Relaxation(weights, csc_array(matrix), below, above, lowest, highest))
        if vertex is None:
            raise SolverError("the solver lost an optimum that it had found")
        filled[j] = Fraction(vertex.values[column[j]]).limit_denominator(10**6)
        lowest[column[j]] = highest[column[j]] = float(filled[j])
    return filled


def _groups(
    problem: Problem, amounts: Mapping[int, Fraction], free: set[int], rows: Sequence[_FaceRow]
) -> list[list[int]]:
    """Free projects bound by the same rows between which the order mattered."""
    by_rows: dict[tuple[int, ...], list[int]] = {}
    for j in sorted(free):
        by_rows.setdefault(tuple(k for k, row in enumerate(rows) if j in row.shares), []).append(j)
    return [group for group in by_rows.values() if len(group) > 1 and _uneven(problem, amounts, group)]


def _uneven(problem: Problem, amounts: Mapping[int, Fraction], members: Sequence[int]) -> bool:
    full = [amounts[j] == problem.candidates[j].upper for j in members]
    return not (all(full) or all(amounts[j] == 0 for j in members))


def _notes(problem: Problem, units: Sequence[int], decided: set[int]) -> dict[int, Note]:
    notes: dict[int, Note] = {}
    for j, (one, granted) in enumerate(zip(problem.candidates, units, strict=True)):
        if granted == one.upper:
            continue
        if granted > 0:
            notes[j] = (
                "funded_partial",
                msg(
                    "Funded in part with {granted} of {ceiling}: the rest of the appropriation adds more to the total "
                    "elsewhere. Score {score}.",
                    granted=problem.euros(granted),
                    ceiling=problem.euros(one.upper),
                    score=one.score,
                ),
            )
        elif j in decided:
            notes[j] = (
                "not_funded_tie",
                msg(
                    "Not funded: the same total can be reached with this project, but the tie rule puts others first. "
                    "Score {score}.",
                    score=one.score,
                ),
            )
        else:
            notes[j] = (
                "not_funded_budget",
                msg(
                    "Not funded: every euro of the appropriation adds more to the total elsewhere. Score {score}.",
                    score=one.score,
                ),
            )
    return notes
