"""Linear relaxations: a vertex by HiGHS, and multipliers made exact so that anyone can recompute the bound."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csc_array, csr_array, diags_array, vstack

from allocation.parts import Row
from allocation.problem import Problem
from allocation.types import SolverError
from allocation.verify import lagrangian_bound

Matrix = csc_array
Vector = NDArray[np.float64]
_METHODS: tuple[Literal["highs-ds", "highs-ipm"], ...] = ("highs-ds", "highs-ipm")
_NEAR = 1e-6
"""Relative distance within which a project's objective per unit may be what a price stands for."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """maximise ``weights @ v``, ``below <= matrix @ v <= above``, ``lowest <= v <= highest``; named rows first."""

    weights: Vector
    matrix: Matrix
    below: Vector
    above: Vector
    lowest: Vector
    highest: Vector


@dataclass(frozen=True, slots=True)
class Vertex:
    """An optimal vertex, in floats."""

    values: list[float]
    prices: list[float]
    """Per row: what one unit more on its binding side adds to the objective."""


def solve_vertex(model: Relaxation, *, presolve: bool = True) -> Vertex | None:
    """The optimal vertex HiGHS finds, None if there is no solution. Raises SolverError if it finds neither.

    Columns are scaled to their upper limits, rows and weights to a largest coefficient of 1: the solver's
    tolerances are absolute, and euros beside 0/1 columns have made it give up.
    """
    width = np.where(model.highest > 0, model.highest, 1.0)
    weights = model.weights * width
    unit = _largest(np.abs(weights))
    rows = csr_array(model.matrix * width[np.newaxis, :])
    size = np.array([_largest(np.abs(rows.data[a:b])) for a, b in pairwise(rows.indptr.tolist())])
    rows = csr_array(diags_array(1 / size) @ rows)
    above, below = model.above / size, model.below / size
    capped, floored = np.isfinite(above), np.isfinite(below)
    # linprog takes sparse matrices; its type stubs do not know it.
    sparse: Any = vstack([rows[capped], -rows[floored]], format="csc")
    limits = list(zip((model.lowest / width).tolist(), (model.highest / width).tolist(), strict=True))
    said = ""
    for method in _METHODS:
        result = linprog(
            -weights / unit,
            A_ub=sparse,
            b_ub=np.concatenate([above[capped], -below[floored]]),
            bounds=limits,
            method=method,
            options={"presolve": presolve},
        )
        if result.status == 0:
            marginals = np.asarray(result.ineqlin.marginals) * unit
            prices = np.zeros(len(above))
            prices[capped] -= marginals[: int(capped.sum())]
            prices[floored] += marginals[int(capped.sum()) :]
            return Vertex((np.asarray(result.x) * width).tolist(), (prices / size).tolist())
        if result.status == 2:
            return None
        said = str(result.message)
    raise SolverError(f"HiGHS: {said}")


def _largest(sizes: Vector) -> float:
    return float(sizes.max(initial=0.0)) or 1.0


def row_multipliers(problem: Problem, model: Relaxation) -> dict[str, Fraction]:
    """Multipliers of the named rows for ``verify.lagrangian_bound``; empty if the relaxation gave none."""
    try:
        vertex = solve_vertex(model)
    except SolverError:
        # The optimum stands without them; only the bound that others can recompute is missing.
        return {}
    return {} if vertex is None else exact_multipliers(problem, vertex.prices)


def exact_multipliers(problem: Problem, prices: Sequence[float]) -> dict[str, Fraction]:
    """The exact fractions the solver's row prices stand for.

    A price is mostly one project's objective per unit: of those that are near, and the simplest fraction that a
    double cannot tell from the price, the one with the best bound. Any choice gives a valid bound.
    """
    found = {row.key: _allowed(row, _simplest(price)) for row, price in zip(problem.rows, prices, strict=False)}
    rates = set(problem.per_unit)
    for row, price in zip(problem.rows, prices, strict=False):
        near = [rate for rate in rates if abs(float(rate) - price) <= _NEAR * max(abs(price), float(rate))]
        choices = {_allowed(row, choice) for choice in (found[row.key], *near)}
        if len(choices) == 1:
            continue
        bounds = {choice: lagrangian_bound(problem, {**found, row.key: choice}) for choice in sorted(choices)}
        found[row.key] = min(bounds, key=bounds.__getitem__)
    return found


def _allowed(row: Row, price: Fraction) -> Fraction:
    """A multiplier may lean only on a side on which the row has a limit."""
    return price if (row.upper if price >= 0 else row.lower) is not None else Fraction(0)


def _simplest(price: float) -> Fraction:
    exact = Fraction(price)
    for most in (10**3, 10**6, 10**9):
        simple = exact.limit_denominator(most)
        if abs(simple - exact) <= abs(exact) * Fraction(1, 10**13):
            return simple
    return exact.limit_denominator(10**12)
