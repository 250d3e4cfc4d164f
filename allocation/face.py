"""The face of all optima of the linear programme: who is on it, what the rows leave to them, who comes first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from scipy.sparse import csc_array

from allocation.exact import solve
from allocation.parts import Row
from allocation.problem import Problem
from allocation.relaxation import Relaxation, Vertex, exact_multipliers, solve_vertex
from allocation.types import SolverError

FREE_LIMIT = 200
"""Most projects on the face of optima between which several rows may choose; above it ties are unresolved."""
_NEAR = 1e-7
_CLOSE = 1e-5
"""Shares of the greatest amount within which a float counts as at its limit."""


@dataclass(frozen=True, slots=True)
class FaceRow:
    """What a row leaves to the projects on the face: ``lower <= sum of shares * amounts <= upper``."""

    shares: Mapping[int, int]
    lower: Fraction | None
    upper: Fraction | None


def exact_prices(problem: Problem, vertex: Vertex) -> dict[str, Fraction]:
    """The exact multipliers of the rows: rows with a price make every project on the face worth exactly its price.

    Where the floats do not show which projects these are, the simplest fractions that give a good bound.
    """
    rows = problem.rows
    sizes = [max((abs(share) for share in row.per_unit), default=1) or 1 for row in rows]
    scale = max((float(rate) for rate in problem.per_unit), default=0.0) or 1.0
    priced = {
        k for k, (price, size) in enumerate(zip(vertex.prices, sizes, strict=True)) if abs(price) * size > _NEAR * scale
    }
    shares: list[dict[int, int]] = [{} for _ in problem.candidates]
    for k in priced:
        for j, share in zip(rows[k].members, rows[k].per_unit, strict=True):
            shares[j][k] = share
    near: list[tuple[bool, float, int]] = []
    for j, one in enumerate(problem.candidates):
        parts = [vertex.prices[k] * share for k, share in shares[j].items()]
        rate = float(problem.per_unit[j])
        distance = abs(rate - sum(parts)) / (abs(rate) + sum(map(abs, parts)) or 1.0)
        inside = one.lower + _NEAR * one.upper < vertex.values[j] < one.upper * (1 - _NEAR)
        if parts and distance < _CLOSE:
            near.append((not inside, distance, j))
    found = solve(((shares[j], problem.per_unit[j]) for _, _, j in sorted(near)), priced)
    if found is None or any((rows[k].upper if price > 0 else rows[k].lower) is None for k, price in found.items()):
        return exact_multipliers(problem, vertex.prices)
    return {row.key: found.get(k, Fraction(0)) for k, row in enumerate(rows)}


def clear_cut(problem: Problem, prices: Mapping[str, Fraction]) -> tuple[dict[int, Fraction], set[int]]:
    """Who gets most or least in every optimum, by the sign of the exact reduced cost; and the others."""
    rates = reduced(problem, prices)
    amounts = {j: Fraction(one.upper if rates[j] > 0 else one.lower) for j, one in enumerate(problem.candidates)}
    return amounts, {j for j, one in enumerate(problem.candidates) if rates[j] == 0 and one.lower < one.upper}


def reduced(problem: Problem, prices: Mapping[str, Fraction]) -> list[Fraction]:
    """What one unit more is worth for each candidate beyond the prices of its rows."""
    rates = list(problem.per_unit)
    for row in problem.rows:
        price = prices.get(row.key)
        if price:
            for j, share in zip(row.members, row.per_unit, strict=True):
                rates[j] -= price * share
    return rates


def face(
    problem: Problem, prices: Mapping[str, Fraction], amounts: Mapping[int, Fraction], free: set[int]
) -> list[FaceRow]:
    """The rows as they bind the free projects; a row with a multiplier holds with equality on its side."""
    found: list[FaceRow] = []
    for row in problem.rows:
        shares = {j: share for j, share in zip(row.members, row.per_unit, strict=True) if j in free and share}
        if shares:
            used = _used(row, amounts, free)
            lower = None if row.lower is None else row.lower - used
            upper = None if row.upper is None else row.upper - used
            price = prices[row.key]
            found.append(FaceRow(shares, upper if price > 0 else lower, lower if price < 0 else upper))
    return found


def _used(row: Row, amounts: Mapping[int, Fraction], free: set[int]) -> Fraction:
    pairs = zip(row.members, row.per_unit, strict=True)
    return sum((share * amounts[j] for j, share in pairs if j not in free), Fraction(0))


@dataclass(slots=True)
class Filled:
    """Amounts of the free projects. ``open``: those between which neither score nor tie keys choose."""

    amounts: dict[int, Fraction] = field(default_factory=dict)
    open: set[int] = field(default_factory=set)


def fill(problem: Problem, free: set[int], rows: Sequence[FaceRow]) -> Filled | None:
    """The most for one group of equals after the other in the published order; None if not exactly possible.

    Equals get the most each of them could get if they can get it together. If not, they get the most they can get
    together, and those whose amount is not settled by that stay open: nothing that follows depends on their ids.
    """
    upper = {j: problem.candidates[j].upper for j in sorted(free)}
    rows, filled = list(rows), Filled()
    groups_ = problem.equals(sorted(free))
    for place, equals in enumerate(groups_):
        binding = _binding(rows, filled.amounts, upper)
        if not filled.open and (not binding or (len(binding) == 1 and min(binding[0].shares.values()) > 0)):
            _pour(filled, groups_[place:], upper, binding)
            break
        if len(free) > FREE_LIMIT or not _fill_equals(filled, equals, upper, rows):
            return None
    for j in sorted(filled.open - filled.amounts.keys()):
        vertex = _extreme(filled.amounts, upper, rows, {j: 1})
        if vertex is None:
            return None
        filled.amounts[j] = vertex[j]
    return filled if all(_kept(row, filled.amounts) for row in rows) else None


def _fill_equals(filled: Filled, equals: Sequence[int], upper: Mapping[int, int], rows: list[FaceRow]) -> bool:
    """Settle or leave open one group of equals; False if that is not exactly possible."""
    together = _extreme(filled.amounts, upper, rows, dict.fromkeys(equals, 1))
    if together is None:
        return False
    if len(equals) == 1:
        filled.amounts[equals[0]] = together[equals[0]]
        return True
    total = sum((together[j] for j in equals), Fraction(0))
    tops = {j: _extreme(filled.amounts, upper, rows, {j: 1}) for j in equals}
    if total == sum((top[j] for j, top in tops.items() if top is not None), Fraction(0)):
        filled.amounts |= {j: together[j] for j in equals}
        return True
    rows.append(FaceRow(dict.fromkeys(equals, 1), total, total))
    for j in equals:
        most = _extreme(filled.amounts, upper, rows, {j: 1})
        least = _extreme(filled.amounts, upper, rows, {j: -1})
        if most is None or least is None:
            return False
        if most[j] == least[j]:
            filled.amounts[j] = most[j]
        else:
            filled.open.add(j)
    return True


def _binding(rows: Sequence[FaceRow], amounts: Mapping[int, Fraction], upper: Mapping[int, int]) -> list[FaceRow]:
    return [left for left in (_left(row, amounts, upper) for row in rows) if left is not None]


def _left(row: FaceRow, filled: Mapping[int, Fraction], upper: Mapping[int, int]) -> FaceRow | None:
    """What ``row`` asks of the projects not yet filled; None if they cannot but keep it."""
    used = sum((share * filled[j] for j, share in row.shares.items() if j in filled), Fraction(0))
    shares = {j: share for j, share in row.shares.items() if j not in filled}
    least = sum(share * upper[j] for j, share in shares.items() if share < 0)
    most = sum(share * upper[j] for j, share in shares.items() if share > 0)
    lower = None if row.lower is None or row.lower - used <= least else row.lower - used
    above = None if row.upper is None or row.upper - used >= most else row.upper - used
    return None if not shares or (lower is None and above is None) else FaceRow(shares, lower, above)


def _pour(filled: Filled, groups_: Sequence[Sequence[int]], upper: Mapping[int, int], rows: Sequence[FaceRow]) -> None:
    """Under at most one row, and that without negative shares: what is left, from the first group on."""
    row = rows[0] if rows else FaceRow({}, None, None)
    left = row.upper
    for equals in groups_:
        bound = [j for j in equals if j in row.shares]
        if left is not None and 0 < left < sum(row.shares[j] * upper[j] for j in bound) and len(bound) > 1:
            filled.open |= set(bound)
        for j in equals:
            filled.amounts[j] = Fraction(upper[j])
            if left is not None and j in row.shares:
                filled.amounts[j] = min(filled.amounts[j], max(left, Fraction(0)) / row.shares[j])
                left -= filled.amounts[j] * row.shares[j]


def _kept(row: FaceRow, filled: Mapping[int, Fraction]) -> bool:
    total = sum(share * filled[j] for j, share in row.shares.items())
    return (row.lower is None or total >= row.lower) and (row.upper is None or total <= row.upper)


def _extreme(
    amounts: Mapping[int, Fraction], upper: Mapping[int, int], rows: Sequence[FaceRow], weights: Mapping[int, int]
) -> dict[int, Fraction] | None:
    """The vertex of the amounts not yet known that is greatest by ``weights``; None if it cannot be made exact."""
    order = [j for j in upper if j not in amounts]
    column = {j: place for place, j in enumerate(order)}
    binding = _binding(rows, amounts, upper)
    matrix = np.zeros((len(binding), len(order)))
    for place, row in enumerate(binding):
        for j, share in row.shares.items():
            matrix[place, column[j]] = share
    worth = np.zeros(len(order))
    for j, weight in weights.items():
        worth[column[j]] = weight
    model = Relaxation(
        worth,
        csc_array(matrix),
        np.array([-np.inf if row.lower is None else float(row.lower) for row in binding]),
        np.array([np.inf if row.upper is None else float(row.upper) for row in binding]),
        np.zeros(len(order)),
        np.array([float(upper[j]) for j in order]),
    )
    try:
        vertex = solve_vertex(model)
    except SolverError:
        return None
    return None if vertex is None else _exact(upper, binding, dict(zip(order, vertex.values, strict=True)))


def _exact(
    upper: Mapping[int, int], rows: Sequence[FaceRow], values: Mapping[int, float]
) -> dict[int, Fraction] | None:
    """The vertex that ``values`` stand for: the amounts inside their limits follow from the rows that bind."""
    filled = {j: Fraction(0) for j, value in values.items() if value <= _CLOSE * upper[j]}
    filled |= {j: Fraction(upper[j]) for j, value in values.items() if value >= upper[j] * (1 - _CLOSE)}
    inside = values.keys() - filled.keys()
    equations = []
    for row in rows:
        total = sum(share * values[j] for j, share in row.shares.items())
        size = sum(abs(share) * upper[j] for j, share in row.shares.items())
        known = sum((share * filled[j] for j, share in row.shares.items() if j in filled), Fraction(0))
        terms = {j: share for j, share in row.shares.items() if j in inside}
        for limit in (row.lower, row.upper):
            if limit is not None and abs(total - float(limit)) <= _CLOSE * size:
                equations.append((terms, limit - known))
    found = solve(equations, inside)
    if found is None or any(not 0 <= amount <= upper[j] for j, amount in found.items()):
        return None
    return filled | found


def groups(problem: Problem, filled: Filled, rows: Sequence[FaceRow]) -> list[list[int]]:
    """Free projects held by the same rows of the optimum between which the order mattered."""
    by_rows: dict[tuple[int, ...], list[int]] = {}
    exact = [row for row in rows if row.lower is not None and row.lower == row.upper]
    for j in sorted(filled.amounts):
        by_rows.setdefault(tuple(k for k, row in enumerate(exact) if j in row.shares), []).append(j)
    found = [group for group in by_rows.values() if len(group) > 1 and _uneven(problem, filled.amounts, group)]
    known = {j for group in found for j in group}
    return found + [equals for equals in problem.equals(sorted(filled.open)) if not known & set(equals)]


def _uneven(problem: Problem, amounts: Mapping[int, Fraction], members: Sequence[int]) -> bool:
    """Whether the members neither all have the most they could get nor all nothing."""
    full = [amounts[j] == problem.candidates[j].upper for j in members]
    return not (all(full) or all(amounts[j] == 0 for j in members))
