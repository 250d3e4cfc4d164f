"""Rows of very large numbers, brought to a size that the solver can work with."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, diags_array

Vector = NDArray[np.float64]

_LARGE = 2.0**36
"""Rows with no larger number than this are solved as they are, exactly."""
_TARGET = 30
"""Larger ones are divided by the power of two that brings their largest number below two to this power."""


def moderate(
    matrix: "csc_array[np.float64]", below: Vector, above: Vector
) -> tuple["csc_array[np.float64]", Vector, Vector]:
    """The same rows, large ones scaled down, and their limits widened by more than the rounding.

    No answer is lost; answers let through wrongly are then told apart in integers.
    """
    rows = abs(matrix).tocsr()
    size = np.maximum.reduceat(np.append(rows.data, 0.0), rows.indptr[:-1]) if rows.shape[0] else np.zeros(0)
    size[np.diff(rows.indptr) == 0] = 0.0
    for limit in (below, above):
        size = np.maximum(size, np.where(np.isfinite(limit), np.abs(limit), 0.0))
    large = size > _LARGE
    if not large.any():
        return matrix, below, above
    factor = np.where(large, 2.0 ** (_TARGET - np.ceil(np.log2(np.where(large, size, 1.0)))), 1.0)
    slack = np.where(large, (np.diff(rows.indptr) + 8) * 2.0 ** (_TARGET - 52), 0.0)
    return csc_array(diags_array(factor) @ matrix), below * factor - slack, above * factor + slack
