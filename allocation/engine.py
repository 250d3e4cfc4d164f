"""The mixed-integer programme: built once as a CSC matrix, solved by HiGHS, every answer settled in integers.

Columns: one 0/1 per candidate, then one integer per candidate whose grant can vary (lower < upper). A candidate
whose grant cannot vary needs no second column: its row coefficients are taken at the one grant it can get.
Weights and the value of an answer are exact integers; floats exist only inside the solver.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import lcm
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array, vstack

from allocation.clear_cut import Reach, reach
from allocation.magnitude import moderate
from allocation.matrix import compile_rows
from allocation.problem import Problem
from allocation.quiet import solver_output_to_stderr
from allocation.relaxation import Relaxation
from allocation.types import SolverError
from allocation.verify import broken

OPTIONS: Mapping[str, Any] = MappingProxyType({"mip_heuristic_run_feasibility_jump": False})
"""Feasibility jump takes 10 ms however small the problem is, and finds nothing that these problems hide."""
_EXACT = 2**50
"""Sums of weights below this are exact in a double, with room for the solver's own sums."""
_LARGE = 2_000
"""Columns from which on the clear-cut ones are held before the solver searches."""
_OPEN = 200
"""Columns that are searched first."""
_NARROWED = 200
"""Columns from which on those that cannot matter under a floor are held."""
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
        self.lowest[:count] = [one.forced for one in problem.candidates]
        self.highest = np.ones(self.columns)
        self.highest[count:] = [problem.candidates[j].upper for j in self.flexible]
        self._outer = self.lowest.copy(), self.highest.copy()
        self._matrix, self._below, self._above = compile_rows(problem, self.grant_column, self.columns)
        self._solved = moderate(self._matrix, self._below, self._above)
        self.scale = lcm(*{fraction.denominator for fraction in (*problem.per_project, *problem.per_unit)})
        self.weights = self._columns_of(
            [fraction.numerator * (self.scale // fraction.denominator) for fraction in problem.per_project],
            [fraction.numerator * (self.scale // fraction.denominator) for fraction in problem.per_unit],
        )
        self.floor: int | None = None
        self._known: list[Reach | None] = []
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
        weights = np.array([weight / self.scale for weight in self.weights])
        return Relaxation(weights, self._matrix, self._below, self._above, *self._outer)

    def fix(self, column: int, value: int) -> None:
        """Hold one column at a value from here on."""
        self.lowest[column] = self.highest[column] = value

    def maximise(self, weights: Sequence[int], gap: float = 0.0, time_limit: float | None = None) -> Answer | None:
        """The best answer for integer ``weights`` per column, None if no answer is possible.

        Raises OutOfTimeError, TooCloseError under a floor, SolverError where no answer holds in integers.
        """
        if weights is self.weights and self._is_large() and self.floor is None and not self._ruled_out:
            answer = self._by_clear_cut(gap, time_limit)
            if answer is not None:
                return answer
        lowest, highest = self._limits()
        if (lowest > highest).any():
            return None
        for _ in range(_ATTEMPTS):
            answer = self._solve(weights, gap, lowest, highest, time_limit)
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

    def _is_large(self) -> bool:
        # Where grants can vary but do not count, the solver drops them, and the relaxation with them takes longer.
        return self.columns >= _LARGE and (not self.flexible or any(self.problem.per_unit))

    def _by_clear_cut(self, gap: float, time_limit: float | None) -> Answer | None:
        """The best answer, searched among the columns that are not clear-cut; None where too few of them are."""
        known = self._reach(self.lowest, self.highest)
        if known is None:
            return None
        open_columns, room = _OPEN, 0.0
        units: Units | None = None
        while open_columns < self.columns // 2:
            room = max(room, known.nearest(open_columns))
            try:
                found = self._solve(self.weights, gap, *known.within(room), time_limit)
            except OutOfTimeError as late:
                raise OutOfTimeError(late.units or units, known.bound) from None
            if found is None or not self._holds(found.units):
                return None
            worth = self.worth(found.units)
            if known.bound - worth <= gap * worth:
                return Answer(found.units, known.bound)
            if known.bound - worth <= room:
                return Answer(found.units, max(found.bound, worth))
            units, room, open_columns = found.units, known.bound - worth, 2 * open_columns
        return None

    def _reach(self, lowest: NDArray[np.float64], highest: NDArray[np.float64]) -> Reach | None:
        weights = np.array(self.weights, dtype=np.float64)
        return reach(Relaxation(weights, self._matrix, self._below, self._above, lowest, highest))

    def _limits(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The limits of the columns; under a floor without what no answer worth that much has."""
        if self.floor is None or self.columns < _NARROWED:
            return self.lowest, self.highest
        if not self._known:
            self._known = [self._reach(*self._outer)]
        known = self._known[0]
        if known is None:
            return self.lowest, self.highest
        lowest, highest = known.within(max(known.bound - self.floor, 0.0))
        return np.maximum(lowest, self.lowest), np.minimum(highest, self.highest)

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
        # The type stubs of scipy know only what it does not hand on.
        options: Any = {"mip_rel_gap": gap, "time_limit": left, **OPTIONS}
        with solver_output_to_stderr():
            result = milp(
                -np.array([weight / factor for weight in weights], dtype=np.float64),
                integrality=np.ones(self.columns, dtype=np.int8),
                bounds=Bounds(lowest, highest),
                constraints=self._constraints(),
                options=options,
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
            return LinearConstraint(*self._solved)
        matrix, lower, upper = self._solved
        return LinearConstraint(
            vstack([matrix, csc_array(np.array(rows))], format="csc"),
            np.concatenate([lower, below]),
            np.concatenate([upper, above]),
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
