"""The linear programme: grants are continuous, the sum of score times euro is the greatest, rounded down at the end.

HiGHS finds a vertex and its multipliers. Both are made exact fractions and proven optimal by duality; where the
optimum is not unique, the published order chooses on the face of optima that the multipliers describe.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csc_array, csr_array, vstack

from allocation.problem import Note, Outcome, Problem, infeasible
from allocation.types import SolverError
from allocation.verify import lagrangian_bound
from locales import msg

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
class _Vertex:
    values: list[float]
    prices: list[float]
    """Per row: what one unit more on its binding side adds to the objective."""


def _vertex(model: Relaxation) -> _Vertex | None:
    """The optimal vertex HiGHS finds, None if there is no solution."""
    capped, floored = np.isfinite(model.above), np.isfinite(model.below)
    # Weights near 1 keep the solver's absolute tolerances meaningful.
    unit = float(np.abs(model.weights).max(initial=0.0)) or 1.0
    rows = csr_array(model.matrix)
    result = linprog(
        -model.weights / unit,
        A_ub=vstack([rows[capped], -rows[floored]], format="csc"),
        b_ub=np.concatenate([model.above[capped], -model.below[floored]]),
        bounds=np.column_stack([model.lowest, model.highest]),
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
    return _Vertex(np.asarray(result.x).tolist(), prices.tolist())


def row_multipliers(problem: Problem, model: Relaxation) -> dict[str, Fraction]:
    """Multipliers of the named rows for ``verify.lagrangian_bound``; empty if the relaxation has no solution."""
    vertex = _vertex(model)
    return {} if vertex is None else _multipliers(problem, vertex.prices)


def _multipliers(problem: Problem, prices: Sequence[float]) -> dict[str, Fraction]:
    found: dict[str, Fraction] = {}
    for row, price in zip(problem.rows, prices, strict=False):
        exact = _near(problem, price)
        if (exact > 0 and row.upper is None) or (exact < 0 and row.lower is None):
            exact = Fraction(0)
        found[row.key] = exact
    return found


def _near(problem: Problem, price: float) -> Fraction:
    """The exact fraction a solver's multiplier stands for.

    A multiplier is mostly one project's objective per unit: the nearest of these if it is as near as a double
    can tell, else a plain fraction. Any choice gives a valid bound; a good one makes it tight.
    """
    for rate in problem.per_unit:
        if abs(float(rate) - price) <= 1e-9 * max(abs(price), float(rate)):
            return rate
    return Fraction(price).limit_denominator(10**12)
