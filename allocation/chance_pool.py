"""The mixed-integer programme with further rows: exact solves of some draws, and the best of what they found for all.

The rows do not depend on the scores, so a distribution that holds in one draw holds in every draw in which all of its
projects reach the threshold. How good the pool is, is audited with exact solves of other draws (see ``chances``).
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

from allocation.chance_each import one_draw
from allocation.chance_spec import Bools, Ints, Spec
from allocation.engine import OPTIONS
from allocation.quiet import solver_output_to_stderr
from allocation.types import SolverError

Floats = NDArray[np.float64]

_SMALL = 400
"""Columns below which the solver is quicker without simplifying the problem first."""
_BATCH = 500
_OPTIONS: Mapping[str, Any] = MappingProxyType({"mip_rel_gap": 0.0, **OPTIONS})

_SCALE = 1000.0
"""The largest weight of the objective as the solver sees it."""
_MARGIN = 1e-4
"""How far below a floor the solver still looks, on that scale: well beyond its tolerances, so that ties are safe."""
_MOST_KNOWN = 3_000


class Programme:
    """The rows of a spec as one matrix, built once; each draw changes the objective and who can be funded.

    Columns: one 0/1 per candidate, then one integer per candidate whose grant can vary.
    """

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        lower, upper = np.array(spec.lower), np.array(spec.upper)
        self.flexible = np.flatnonzero(lower < upper)
        self.size = spec.count + len(self.flexible)
        once, each, below, above = _dense(spec)
        # A grant that cannot vary needs no column of its own: its coefficients are taken at the one amount.
        self.whole = np.where(lower == upper, upper, 0)
        rows = [np.hstack([once + each * self.whole, each[:, self.flexible]])]
        links = np.zeros((2 * len(self.flexible), self.size))
        for k, j in enumerate(self.flexible.tolist()):
            links[2 * k, j], links[2 * k, spec.count + k] = -spec.upper[j], 1
            links[2 * k + 1, j], links[2 * k + 1, spec.count + k] = spec.lower[j], -1
        self.matrix = csc_array(np.vstack([*rows, links]))
        self.below = np.concatenate([below, np.full(len(links), -np.inf)])
        self.above = np.concatenate([above, np.zeros(len(links))])
        self.lowest = np.concatenate([np.array(spec.forced, dtype=float), np.zeros(len(self.flexible))])
        # Typed loosely: the stubs know only what scipy knows itself.
        self.options: Any = {**_OPTIONS, "time_limit": spec.time_limit, "presolve": self.size > _SMALL}
        self.highest = np.concatenate([np.ones(spec.count), upper[self.flexible].astype(float)])

    def solve(self, scores: Ints, reach: Bools, floor: int | None = None) -> Ints | None:
        """Units (n,) of the best distribution of one draw, None if there is none.

        ``floor``: what some distribution that holds is worth; nothing below it is looked for, which halves the time.
        Checked in integers; what does not hold in them is solved once more with the exactness of the rule itself.
        """
        spec, highest = self.spec, self.highest.copy()
        highest[: spec.count][~reach] = 0.0
        highest[spec.count :][~reach[self.flexible]] = 0.0
        weights = column_weights(spec, scores[np.newaxis], self)[0]
        scale = _SCALE / max(float(weights.max(initial=1.0)), 1.0)
        options = self.options if floor is None else self.options | {"objective_bound": _MARGIN - floor * scale}
        with solver_output_to_stderr():
            result = milp(
                -weights * scale,
                integrality=np.ones(self.size, dtype=np.int8),
                bounds=Bounds(self.lowest, highest),
                constraints=LinearConstraint(self.matrix, self.below, self.above),
                options=options,
            )
        if result.x is None and floor is not None and result.status != 1:
            return self.solve(scores, reach)
        if result.status == 2:
            return None
        if result.status == 1:
            raise SolverError("time limit")
        if result.x is not None:
            found = np.rint(result.x).astype(np.int64)
            units = found[: spec.count] * self.whole
            units[self.flexible] = found[spec.count :] * found[self.flexible]
            if holds(spec, units, reach):
                return units
        return one_draw(spec, scores)


def _dense(spec: Spec) -> tuple[Floats, Floats, Floats, Floats]:
    """Coefficients once and per unit (R x n) and the limits (R,)."""
    once = np.zeros((len(spec.rows), spec.count))
    each = np.zeros_like(once)
    for place, row in enumerate(spec.rows):
        once[place, list(row.members)], each[place, list(row.members)] = row.once, row.each
    below = np.array([-np.inf if row.lower is None else row.lower for row in spec.rows], dtype=float)
    above = np.array([np.inf if row.upper is None else row.upper for row in spec.rows], dtype=float)
    return once, each, below, above


def column_weights(spec: Spec, scores: Ints, programme: Programme) -> Floats:
    """The objective of every column in every draw (D x columns)."""
    points = scores.astype(np.float64)
    if spec.objective == "score_of_funded":
        return np.hstack([points, np.zeros((len(points), len(programme.flexible)))])
    return np.hstack([points * programme.whole, points[:, programme.flexible]])


def holds(spec: Spec, units: Ints, reach: Bools) -> bool:
    """Whether the grants keep every row and bound, in integers."""
    lower, upper, forced = np.array(spec.lower), np.array(spec.upper), np.array(spec.forced)
    given = units > 0
    if np.any(given & ((units < lower) | (units > upper) | ~reach)) or np.any(forced & ~given & (lower > 0)):
        return False
    granted = units.tolist()
    for row in spec.rows:
        terms = zip(row.members, row.once, row.each, strict=True)
        total = sum((a + b * granted[j]) for j, a, b in terms if granted[j])
        if (row.upper is not None and total > row.upper) or (row.lower is not None and total < row.lower):
            return False
    return True


class Solver:
    """Solves draw after draw; the best of what earlier ones got is the floor of the next."""

    def __init__(self, spec: Spec) -> None:
        self._programme = Programme(spec)
        self._known: dict[bytes, Ints] = {}

    def solve(self, scores: Ints) -> tuple[Ints, Bools]:
        """The exact optimum of each of these draws (D x n units), and which draws have none (D,)."""
        spec = self._programme.spec
        units = np.zeros(scores.shape, dtype=np.int64)
        impossible = np.zeros(len(scores), dtype=bool)
        reach = spec.reach(scores)
        pool = np.array(list(self._known.values()), dtype=np.int64).reshape(-1, spec.count)
        best, value = best_of(spec, scores, pool)
        for d in range(len(scores)):
            floor = int(value[d]) if best[d] >= 0 else None
            found = self._programme.solve(scores[d], reach[d], floor)
            if found is None:
                impossible[d] = True
                continue
            # Never less than what is known, whatever the solver's tolerances let pass.
            better = floor is None or int((scores[d] * worth(spec, found)).sum()) >= floor
            units[d] = found if better else pool[best[d]]
            if len(self._known) < _MOST_KNOWN:
                self._known.setdefault(found.tobytes(), found)
        return units, impossible


@lru_cache(maxsize=1)
def _solver(spec: Spec) -> Solver:
    return Solver(spec)


def solve(spec: Spec, scores: Ints) -> tuple[Ints, Bools]:
    """The exact optimum of each of these draws (D x n units), and which draws have none (D,)."""
    return _solver(spec).solve(scores)


def worth(spec: Spec, units: Ints) -> Ints:
    """What each candidate's score is counted with, per distribution: times its units, or once if funded."""
    return units if spec.objective == "score_times_grant" else (units > 0).astype(np.int64)


def best_of(spec: Spec, scores: Ints, pool: Ints) -> tuple[Ints, Ints]:
    """For each draw the best distribution of ``pool`` (m x n units) that holds in it, and its exact value.

    -1 where none holds. Sums are exact: scores are in whole steps, and the steps are chosen for it.
    """
    best, value = np.full(len(scores), -1, dtype=np.int64), np.full(len(scores), -1, dtype=np.int64)
    if not len(pool):
        return best, value
    counted, funded = worth(spec, pool).T.astype(np.float64), (pool > 0).T.astype(np.float64)
    for start in range(0, len(scores), _BATCH):
        batch = slice(start, start + _BATCH)
        values = scores[batch].astype(np.float64) @ counted
        values[(~spec.reach(scores[batch])).astype(np.float64) @ funded > 0] = -1.0
        chosen = values.argmax(axis=1)
        found = values[np.arange(len(chosen)), chosen]
        best[batch] = np.where(found >= 0, chosen, -1)
        value[batch] = found
    return best, value


def distinct(parts: Sequence[Ints]) -> Ints:
    """The different distributions among ``parts`` (each k x n units)."""
    found: Ints = np.unique(np.concatenate(parts), axis=0)
    return found
