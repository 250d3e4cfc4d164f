"""Linear relaxations: a vertex by HiGHS, and multipliers made exact so that anyone can recompute the bound."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csc_array, csr_array, vstack

from allocation.problem import Problem
from allocation.types import SolverError
from allocation.verify import lagrangian_bound

Matrix = csc_array
Vector = NDArray[np.float64]


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


def solve_vertex(model: Relaxation) -> Vertex | None:
    """The optimal vertex HiGHS finds, None if there is no solution."""
    capped, floored = np.isfinite(model.above), np.isfinite(model.below)
    # Weights near 1 keep the solver's absolute tolerances meaningful.
    unit = float(np.abs(model.weights).max(initial=0.0)) or 1.0
    rows = csr_array(model.matrix)
    # linprog takes sparse matrices; its type stubs do not know it.
    sparse: Any = vstack([rows[capped], -rows[floored]], format="csc")
    result = linprog(
        -model.weights / unit,
        A_ub=sparse,
        b_ub=np.concatenate([model.above[capped], -model.below[floored]]),
        bounds=list(zip(model.lowest.tolist(), model.highest.tolist(), strict=True)),
        method="highs-ds",
    )
    if result.status == 2:
        return None
    if result.status != 0:
        raise SolverError(f"HiGHS: {result.message}")
    marginals = np.asarray(result.ineqlin.marginals) * unit
    prices = np.zeros(len(model.above))
    prices[capped] -= marginals[: int(capped.sum())]
    prices[floored] += marginals[int(capped.sum()) :]
    return Vertex(np.asarray(result.x).tolist(), prices.tolist())


def row_multipliers(problem: Problem, model: Relaxation) -> dict[str, Fraction]:
    """Multipliers of the named rows for ``verify.lagrangian_bound``; empty if the relaxation has no solution."""
    vertex = solve_vertex(model)
    return {} if vertex is None else exact_multipliers(problem, vertex.prices)


def exact_multipliers(problem: Problem, prices: Sequence[float]) -> dict[str, Fraction]:
    """The exact fractions the solver's row prices stand for.

    A price is mostly one project's objective per unit: of those as near as a double can tell, the one with the
    best bound. Else it is taken as it is. Any choice gives a valid bound; a good one makes it tight.
    """
    found: dict[str, Fraction] = {}
    for row, price in zip(problem.rows, prices, strict=False):
        near = {
            rate
            for rate in problem.per_unit
            if abs(float(rate) - price) <= 1e-9 * max(abs(price), float(rate))
        }
        choices = sorted(near) or [Fraction(price).limit_denominator(10**12)]
        choices = [choice for choice in choices if (row.upper if choice >= 0 else row.lower) is not None]
        bounds = {choice: lagrangian_bound(problem, {**found, row.key: choice}) for choice in choices}
        found[row.key] = min(bounds, key=bounds.__getitem__, default=Fraction(0))
    return found
