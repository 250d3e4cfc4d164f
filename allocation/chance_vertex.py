"""The linear programme with further rows: one vertex per draw, rounded down to the unit."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

from allocation.chance_each import one_draw
from allocation.chance_spec import Bools, Ints, Spec
from allocation.quiet import solver_output_to_stderr

Floats = NDArray[np.float64]

_NEAR = 1e-6
"""Units by which the solver may fall short of a whole one."""


def vertices(spec: Spec, scores: Ints) -> tuple[Ints, Bools]:
    """Units per draw and candidate (D x n), and which draws have no distribution (D,).

    Where rounding down breaks a floor, the rule itself decides.
    """
    matrix = np.zeros((len(spec.rows), spec.count))
    for place, row in enumerate(spec.rows):
        matrix[place, list(row.members)] = row.each
    below = np.array([-np.inf if row.lower is None else row.lower for row in spec.rows], dtype=float)
    above = np.array([np.inf if row.upper is None else row.upper for row in spec.rows], dtype=float)
    upper = np.array(spec.upper, dtype=float)
    # Columns in shares of the largest grant and rows of a largest coefficient of 1: the tolerances are absolute.
    shares = matrix * upper
    size = np.maximum(np.abs(shares).max(axis=1, initial=0.0), 1.0)
    rows = LinearConstraint(csc_array(shares / size[:, np.newaxis]), below / size, above / size)
    lowest = np.array(spec.lower, dtype=float) / np.maximum(upper, 1.0)
    units = np.zeros(scores.shape, dtype=np.int64)
    impossible = np.zeros(len(scores), dtype=bool)
    weights = scores * (upper if spec.objective == "score_times_grant" else 1.0)
    for d, reach in enumerate(spec.reach(scores)):
        with solver_output_to_stderr():
            result = milp(
                -weights[d] / max(float(weights[d].max(initial=1.0)), 1.0),
                bounds=Bounds(lowest, reach.astype(float)),
                constraints=rows,
            )
        found = None
        if result.x is not None and result.status == 0:
            found = np.floor(result.x * upper + _NEAR).astype(np.int64)
        if found is None or not _holds(matrix, below, above, found):
            found = one_draw(spec, scores[d])
        if found is None:
            impossible[d] = True
        else:
            units[d] = found
    return units, impossible


def _holds(matrix: Floats, below: Floats, above: Floats, units: Ints) -> bool:
    sums = matrix @ units
    return bool(np.all((sums >= below) & (sums <= above)))
