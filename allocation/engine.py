"""The mixed-integer programme: built once as a CSC matrix, solved by HiGHS, every answer settled in integers.

Columns: one 0/1 per candidate, then one integer per candidate whose grant can vary (lower < upper). A candidate
whose grant cannot vary needs no second column: its row coefficients are taken at the one grant it can get.
Weights and the value of an answer are exact integers; floats exist only inside the solver.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array, vstack

from allocation.problem import Problem
from allocation.quiet import solver_output_to_stderr
from allocation.relaxation import Relaxation
from allocation.types import SolverError
from allocation.verify import broken

_EXACT = 2**50
"""Sums of weights below this are exact in a double, with room for the solver's own sums."""
_ATTEMPTS = 100
"""How often an answer that does not hold in integers may be cut off before the solver is given up."""

Units = tuple[int, ...]


class TooCloseError(SolverError):
    """Answers differ by less than the solver can tell apart, and there are too many of them to rule out."""


class OutOfTimeError(Exception):
    """The time limit came before an answer was proven; ``units`` is the best one known, if any."""

    def __init__(self, units: Units | None = None, bound: float | None = None) -> None:
        super().__init__("time limit")
        self.units = units
        self.bound = bound


@dataclass(frozen=True, slots=True)
class Answer:
    """Grants in units per candidate, checked in integers, and the solver's bound in scaled objective."""

    units: Units
    bound: float


class Engine:
    """One problem, solved again and again under growing knowledge: fixed columns, a floor, patterns ruled out."""

    def __init__(self, problem: Problem, deadline: float) -> None:
        self.problem = problem
        self.deadline = deadline
        count = len(problem.candidates)
        self.flexible = [j for j, one in enumerate(problem.candidates) if one.lower < one.upper]
        self.grant_column = {j: count + k for k, j in enumerate(self.flexible)}
        self.columns = count + len(self.flexible)
        self.lowest = np.zeros(self.columns)
        self.highest = np.ones(self.columns)
        for j, one in enumerate(problem.candidates):
            self.lowest[j] = float(one.forced)
            if j in self.grant_column:
                self.highest[self.grant_column[j]] = one.upper
        self._outer = self.lowest.copy(), self.highest.copy()
        self._matrix, self._below, self._above = _compile(problem, self.grant_column, self.columns)
        fractions = [*problem.per_project, *problem.per_unit]
        self.scale = lcm(*(fraction.denominator for fraction in fractions)) if fractions else 1
        self.weights = self._columns_of(
            [int(fraction * self.scale) for fraction in problem.per_project],
            [int(fraction * self.scale) for fraction in problem.per_unit],
        )
        self.floor: int | None = None
        self._ruled_out: list[tuple[Units, int | None]] = []

    def _columns_of(self, per_project: Sequence[int], per_unit: Sequence[int]) -> list[int]:
        weights = [0] * self.columns
        for j, one in enumerate(self.problem.candidates):
            weights[j] = per_project[j]
            if j in self.grant_column:
                weights[self.grant_column[j]] = per_unit[j]
            else:
                weights[j] += per_unit[j] * one.upper
        return weights

    def worth(self, units: Units) -> int:
        """The scaled objective of these grants, exact."""
        total = 0
        for j, granted in enumerate(units):
            if granted:
                total += self.weights[j]
                if j in self.grant_column:
                    total += self.weights[self.grant_column[j]] * granted
        return total

    def relaxation(self) -> Relaxation:
        """The linear relaxation: rows of the problem first, no floor, nothing fixed or ruled out."""
        weights = np.array([float(Fraction(weight, self.scale)) for weight in self.weights])
        return Relaxation(weights, self._matrix, self._below, self._above, *self._outer)

    def fix(self, column: int, value: int) -> None:
        """Hold one column at a value from here on."""
        self.lowest[column] = self.highest[column] = value

    def maximise(self, weights: Sequence[int], gap: float = 0.0, time_limit: float | None = None) -> Answer | None:
        """The best answer for integer ``weights`` per column, None if no answer is possible.

        Raises OutOfTimeError, TooCloseError under a floor, SolverError where no answer holds in integers.
        """
        for _ in range(_ATTEMPTS):
            answer = self._solve(weights, gap, self.lowest, self.highest, time_limit)
            if answer is None or self._holds(answer.units):
                return answer
            settled = self._settle(weights, answer.units) if self.flexible else None
            if settled is not None:
                return Answer(settled, answer.bound)
            # Ruled out for good if a row is broken, and only under this floor if it is worth too little.
            hopeless = broken(self.problem, answer.units) is not None and not self.flexible
            self._ruled_out.append((answer.units, None if hopeless else self.floor))
        if self.floor is not None:
            raise TooCloseError("too many answers within the solver's precision")
        raise SolverError("no answer of the solver holds in integers")

    def _holds(self, units: Units) -> bool:
        return broken(self.problem, units) is None and (self.floor is None or self.worth(units) >= self.floor)

    def _settle(self, weights: Sequence[int], units: Units) -> Units | None:
        """Grants for the same funded projects that hold in integers; None if it is proven that none do."""
        lowest, highest = self.lowest.copy(), self.highest.copy()
        for j, granted in enumerate(units):
            lowest[j] = highest[j] = float(granted > 0)
        answer = self._solve(weights, 0.0, lowest, highest, None)
        if answer is not None and self._holds(answer.units):
            return answer.units
        richest = self._solve(self.weights, 0.0, lowest, highest, None)
        if richest is not None and self._holds(richest.units):
            raise SolverError("the solver's grants do not hold in integers")
        return None

    def _solve(
        self,
        weights: Sequence[int],
        gap: float,
        lowest: NDArray[np.float64],
        highest: NDArray[np.float64],
        time_limit: float | None,
    ) -> Answer | None:
        left = self.deadline - time.monotonic()
        if time_limit is not None:
            left = min(left, time_limit)
        if left <= 0:
            raise OutOfTimeError
        factor, _ = _float_scale(weights, highest)
        with solver_output_to_stderr():
            result = milp(
                -np.array([weight / factor for weight in weights], dtype=np.float64),
                integrality=np.ones(self.columns, dtype=np.int8),
                bounds=Bounds(lowest, highest),
                constraints=self._constraints(),
                options={"mip_rel_gap": gap, "time_limit": left},
            )
        if result.status == 2:
            return None
        units = None if result.x is None else self._units(result.x)
        bound = None if result.mip_dual_bound is None else -float(result.mip_dual_bound) * factor
        if result.status == 1:
            raise OutOfTimeError(units if units is not None and self._holds(units) else None, bound)
        if units is None or bound is None:
            raise SolverError(f"HiGHS: {result.message}")
        return Answer(units, bound)

    def _units(self, solution: NDArray[np.float64]) -> Units:
        rounded = np.rint(solution).astype(np.int64).tolist()
        return tuple(
            (rounded[self.grant_column[j]] if j in self.grant_column else one.upper) if rounded[j] else 0
            for j, one in enumerate(self.problem.candidates)
        )

    def _constraints(self) -> LinearConstraint:
        """The problem's rows, the floor under the objective, and one row per pattern ruled out."""
        rows: list[list[float]] = []
        below: list[float] = []
        above: list[float] = []
        if self.floor is not None:
            factor, slack = _float_scale(self.weights, self.highest)
            rows.append([weight / factor for weight in self.weights])
            below.append(self.floor / factor - slack)
            above.append(np.inf)
        for units, floor in self._ruled_out:
            if floor is not None and (self.floor is None or self.floor < floor):
                continue
            row = [0.0] * self.columns
            row[: len(units)] = [1.0 if granted else -1.0 for granted in units]
            rows.append(row)
            below.append(-np.inf)
            above.append(sum(granted > 0 for granted in units) - 1.0)
        if not rows:
            return LinearConstraint(self._matrix, self._below, self._above)
        return LinearConstraint(
            vstack([self._matrix, csc_array(np.array(rows))], format="csc"),
            np.concatenate([self._below, below]),
            np.concatenate([self._above, above]),
        )


def _float_scale(weights: Iterable[int], highest: NDArray[np.float64]) -> tuple[int, float]:
    """What to divide integer weights by for the solver, and the slack a floor needs for it.

    Exact weights: one, and half a step. Weights too fine for a double: a power of two, and a slack wider than
    the rounding; answers let through wrongly are then told apart in integers.
    """
    total = sum(abs(weight) * int(high) for weight, high in zip(weights, highest, strict=True))
    if total < _EXACT:
        return 1, 0.5
    return 1 << (total.bit_length() - 50), 4.0


def _compile(
    problem: Problem, grant_column: dict[int, int], columns: int
) -> tuple["csc_array[np.float64]", NDArray[np.float64], NDArray[np.float64]]:
    """The rows of the problem, then ``lower x <= g <= upper x`` for each grant that can vary."""
    entries: list[tuple[int, int, int]] = []
    below: list[float] = []
    above: list[float] = []
    for row in problem.rows:
        place = len(below)
        for j, once, each in zip(row.members, row.per_project, row.per_unit, strict=True):
            if j in grant_column:
                entries += [(j, place, once), (grant_column[j], place, each)]
            else:
                entries.append((j, place, once + each * problem.candidates[j].upper))
        below.append(-np.inf if row.lower is None else row.lower)
        above.append(np.inf if row.upper is None else row.upper)
    for j, column in grant_column.items():
        place, one = len(below), problem.candidates[j]
        entries += [
            (j, place, -one.upper),
            (column, place, 1),
            (j, place + 1, one.lower),
            (column, place + 1, -1),
        ]
        below += [-np.inf, -np.inf]
        above += [0.0, 0.0]
    entries = sorted(entry for entry in entries if entry[2])
    starts = np.searchsorted([entry[0] for entry in entries], np.arange(columns + 1))
    matrix = csc_array(
        (
            np.array([entry[2] for entry in entries], dtype=np.float64),
            np.array([entry[1] for entry in entries], dtype=np.int32),
            starts.astype(np.int32),
        ),
        shape=(len(below), columns),
    )
    return matrix, np.array(below), np.array(above)
