"""The clear-cut columns of a large problem: what every answer of a given worth must contain or leave out.

Reduced-cost fixing. By weak duality no answer is worth more than the Lagrangian bound, and an answer in which a
column is k steps away from its better side is worth at most the bound less k times its reduced cost. So all answers
worth at least V lie where each column has taken at most (bound - V) / |reduced cost| steps (Martello and Toth,
Knapsack Problems, 1990, 2.2.3 and 5.1 for the core problem). It holds for any prices: those of the linear
relaxation only make the bound low. Nothing that is as good as V is lost, equal optima included.
"""

from dataclasses import dataclass

import numpy as np

from allocation.relaxation import Relaxation, Vector, solve_vertex
from allocation.types import SolverError

_UNIT = 2.0**-52
_FEW_ROWS = 200
"""Rows up to which a relaxation is solved faster as it is than presolved."""


@dataclass(frozen=True, slots=True)
class Reach:
    """``bound``: no answer is worth more. ``rates``: worth of a step of each column at the prices behind it."""

    bound: float
    rates: Vector
    lowest: Vector
    highest: Vector

    def within(self, room: float) -> tuple[Vector, Vector]:
        """Limits of the columns in all answers worth at least ``bound - room``."""
        width = self.highest - self.lowest
        losses = np.abs(self.rates)
        steps = width.copy()
        np.divide(room * (1 + 8 * _UNIT), losses, out=steps, where=losses > 0)
        steps = np.minimum(np.floor(steps), width)
        rising = self.rates > 0
        return (
            np.where(rising, self.highest - steps, self.lowest),
            np.where(rising, self.highest, self.lowest + steps),
        )

    def nearest(self, columns: int) -> float:
        """The room in which about so many columns are open, not counting those that cost nothing to move."""
        losses = np.abs(self.rates[(self.highest > self.lowest) & (self.rates != 0)])
        return float(np.partition(losses, columns)[columns]) if columns < len(losses) else np.inf


def reach(model: Relaxation) -> Reach | None:
    """The bound of the linear relaxation's prices with its rounding error added; None if there are no prices."""
    try:
        vertex = solve_vertex(model, presolve=len(model.above) > _FEW_ROWS)
    except SolverError:
        vertex = None
    if vertex is None:
        return None
    prices = np.array(vertex.prices)
    limits = np.where(prices > 0, model.above, model.below)
    prices[~np.isfinite(limits)] = 0.0
    limits[~np.isfinite(limits)] = 0.0
    rates = model.weights - model.matrix.T @ prices
    best = np.where(rates > 0, model.highest, model.lowest)
    bound = float(prices @ limits + rates @ best)
    # How far the sums above can be off in doubles, however they were added up.
    size = np.abs(model.weights) + abs(model.matrix).T @ np.abs(prices)
    terms = float(np.abs(prices) @ np.abs(limits) + size @ np.maximum(np.abs(model.lowest), np.abs(model.highest)))
    return Reach(bound + terms * _UNIT * (len(prices) + len(rates) + 8), rates, model.lowest, model.highest)
