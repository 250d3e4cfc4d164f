"""The rows of the problem as one sparse matrix over the columns of the mixed-integer programme."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array

from allocation.problem import Problem


def compile_rows(
    problem: Problem, grant_column: dict[int, int], columns: int
) -> tuple["csc_array[np.float64]", NDArray[np.float64], NDArray[np.float64]]:
    """The rows of the problem, then ``lower x <= g <= upper x`` for each grant that can vary."""
    count = len(problem.candidates)
    lower = np.array([one.lower for one in problem.candidates], dtype=np.float64)
    upper = np.array([one.upper for one in problem.candidates], dtype=np.float64)
    grant = np.full(count, -1)
    grant[list(grant_column)] = list(grant_column.values())
    member = _joined([row.members for row in problem.rows], np.int64)
    once = _joined([row.per_project for row in problem.rows], np.float64)
    each = _joined([row.per_unit for row in problem.rows], np.float64)
    place = np.repeat(np.arange(len(problem.rows)), [len(row.members) for row in problem.rows])
    varies = grant[member] >= 0
    once = once + np.where(varies, 0.0, each * upper[member])
    flexible = np.flatnonzero(grant >= 0)
    above = len(problem.rows) + 2 * np.arange(len(flexible))
    one = np.ones(len(flexible))
    data = np.concatenate([once, each[varies], -upper[flexible], one, lower[flexible], -one])
    column = np.concatenate([member, grant[member[varies]], flexible, grant[flexible], flexible, grant[flexible]])
    row = np.concatenate([place, place[varies], above, above, above + 1, above + 1])
    used = data != 0
    shape = len(problem.rows) + 2 * len(flexible), columns
    matrix = coo_array((data[used], (row[used], column[used])), shape=shape).tocsc()
    linked = np.full(2 * len(flexible), -np.inf), np.zeros(2 * len(flexible))
    return (
        matrix,
        np.concatenate([[-np.inf if row.lower is None else float(row.lower) for row in problem.rows], linked[0]]),
        np.concatenate([[np.inf if row.upper is None else float(row.upper) for row in problem.rows], linked[1]]),
    )


def _joined(parts: Sequence[Sequence[int]], kind: type[np.generic]) -> NDArray[Any]:
    return np.fromiter(chain.from_iterable(parts), dtype=kind, count=sum(map(len, parts)))
