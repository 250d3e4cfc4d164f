"""The problem as arrays in one canonical order (by id), so that the order of the input cannot matter."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.assignment_types import AssignmentProblem, Candidate, Demand, Pair

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
LOT_BITS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """n applications by m reviewers, both sorted by id."""

    demands: tuple[Demand, ...]
    candidates: tuple[Candidate, ...]
    barred: Bools
    """(n, m): conflicts and abstentions."""
    fixed: Bools
    """(n, m): pairs that stay: locked, and the present ones that are kept."""
    free: Bools
    """(n, m): pairs that may be added."""
    level: Ints
    """(n, m): the reviewer's expertise in the application's theme."""
    reads: Bools
    """(n, m): the reviewer reads the application's language."""
    points: Ints
    """(n, m): what the pair earns."""
    rest: Ints
    """(n,): reviews to add."""
    reader: Bools
    """(n,): a reader must still be among those to add."""
    held: Ints
    """(m,): reviews that stay."""
    low: Ints
    """(m,): fewest reviews to add."""
    high: Ints
    """(m,): most reviews to add."""

    @property
    def shape(self) -> tuple[int, int]:
        """n, m."""
        return len(self.demands), len(self.candidates)

    def pairs(self, chosen: Bools) -> tuple[Pair, ...]:
        """The ids of the chosen cells, sorted."""
        rows, columns = np.nonzero(chosen)
        return tuple(
            (self.demands[i].id, self.candidates[j].id) for i, j in zip(rows.tolist(), columns.tolist(), strict=True)
        )

    def cells(self, pairs: Iterable[Pair]) -> Bools:
        """(n, m): the cells of ``pairs``; a pair with an unknown id is left out."""
        return _cells(pairs, self.demands, self.candidates)


def grid_of(problem: AssignmentProblem) -> Grid:
    """The arrays of a checked problem."""
    demands = tuple(sorted(problem.demands, key=lambda demand: demand.id))
    candidates = tuple(sorted(problem.candidates, key=lambda candidate: candidate.id))
    barred = _cells(problem.barred, demands, candidates)
    fixed = _cells(problem.locked, demands, candidates)
    if problem.keep_present:
        fixed |= _cells(problem.present, demands, candidates) & ~barred
    level = _by_key([d.theme for d in demands], [c.expertise for c in candidates])
    reads = _by_key([d.language for d in demands], [dict.fromkeys(c.languages, 1) for c in candidates]) > 0
    asked = _ints(demand.reviews for demand in demands)
    held = fixed.sum(axis=0, dtype=np.int64)
    free = ~barred & ~fixed & (asked > 0)[:, np.newaxis]
    largest = _ints(len(demands) if c.largest_load is None else c.largest_load for c in candidates)
    needs_reader = [problem.require_language and d.reviews > 0 and d.id not in problem.without_reader for d in demands]
    return Grid(
        demands=demands,
        candidates=candidates,
        barred=barred,
        fixed=fixed,
        free=free,
        level=level,
        reads=reads,
        points=problem.weights.expertise * level + problem.weights.language * reads.astype(np.int64),
        rest=np.maximum(asked - fixed.sum(axis=1, dtype=np.int64), 0),
        reader=np.array(needs_reader, dtype=np.bool_) & ~(fixed & reads).any(axis=1),
        held=held,
        low=np.maximum(_ints(c.smallest_load for c in candidates) - held, 0),
        high=np.maximum(largest - held, 0),
    )


def lots(grid: Grid, seed: int) -> Ints:
    """(n, m): a number below 2**LOT_BITS per pair, drawn from the seed and the two ids alone."""
    rows = _drawn([demand.id for demand in grid.demands], f"{seed}:application")
    columns = _drawn([candidate.id for candidate in grid.candidates], f"{seed}:reviewer")
    mixed = rows[:, np.newaxis] ^ columns[np.newaxis, :]
    # The finaliser of splitmix64 (Steele, Lea, Flood 2014): without it, xor alone would leave rows alike.
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(64 - LOT_BITS)).astype(np.int64)


def _drawn(names: list[str], salt: str) -> NDArray[np.uint64]:
    digests = (hashlib.sha256(f"{salt}:{name}".encode()).digest() for name in names)
    return np.array([int.from_bytes(digest[:8]) for digest in digests], dtype=np.uint64)


def _cells(pairs: Iterable[Pair], demands: tuple[Demand, ...], candidates: tuple[Candidate, ...]) -> Bools:
    row = {demand.id: i for i, demand in enumerate(demands)}
    column = {candidate.id: j for j, candidate in enumerate(candidates)}
    cells = np.zeros((len(demands), len(candidates)), dtype=np.bool_)
    known = [(row[a], column[r]) for a, r in pairs if a in row and r in column]
    if known:
        cells[tuple(np.array(known).T)] = True
    return cells


def _by_key(keys: list[str], tables: list[Any]) -> Ints:
    """(n, m): table j's value at key i, 0 where it has none."""
    distinct = sorted(set(keys))
    place = {key: k for k, key in enumerate(distinct)}
    values = np.array([[table.get(key, 0) for key in distinct] for table in tables], dtype=np.int64)
    return values.reshape(len(tables), len(distinct)).T[[place[key] for key in keys]].reshape(len(keys), len(tables))


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)
