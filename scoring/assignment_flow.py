"""Whether an assignment exists at all: one maximum flow in whole numbers, and the cut that proves when not.

Source -> application (reviews to add) -> reviewer (1 per free pair) -> sink (room). An application that still needs
a reader of its language sends all but one of its reviews through a node of its own to those who do not read it.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

from scoring.assignment_grid import Bools, Grid, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Shortage:
    """Applications and reviewers whose limits collide, as positions: ``needed`` units, room for ``places``."""

    applications: tuple[int, ...]
    reviewers: tuple[int, ...]
    needed: int
    places: int


@dataclass(frozen=True, slots=True, eq=False)
class _Network:
    arcs: csr_array
    """Capacities; nodes: applications, their nodes for non-readers, reviewers, two gates, source, sink."""
    n: int
    m: int

    @property
    def source(self) -> int:
        return 2 * self.n + self.m + 2

    @property
    def sink(self) -> int:
        return self.source + 1


def complete(grid: Grid) -> Bools | None:
    """(n, m): pairs to add so that every limit holds, one of many; None when there are none."""
    need, low = int(grid.rest.sum()), int(grid.low.sum())
    if low > need or (grid.reader & (grid.rest == 0)).any():
        return None
    # Reviews up to the smallest loads pass one gate, the others the second; both gates full means both limits hold.
    network = _network(grid, grid.rest, grid.low, grid.high - grid.low, (low, need - low))
    flow = maximum_flow(network.arcs, network.source, network.sink)
    return _added(network, flow.flow) if flow.flow_value == need else None


def shortages(grid: Grid) -> tuple[Shortage, ...]:
    """Where too few reviewers are to be had (smallest loads not looked at); each part stands for itself."""
    stuck = np.flatnonzero(grid.reader & (grid.rest == 0))
    if stuck.size:
        return tuple(Shortage((int(i),), (), 1, 0) for i in stuck)
    network = _network(grid, grid.rest, grid.high, np.zeros_like(grid.high), (int(grid.high.sum()), 0))
    flow = maximum_flow(network.arcs, network.source, network.sink).flow
    if flow[[network.source], :].sum() == grid.rest.sum():
        return ()
    n, m = grid.shape
    reached = np.zeros(network.sink + 1, dtype=np.bool_)
    residual = _residual(network, flow)
    reached[breadth_first_order(residual, network.source, return_predecessors=False)] = True
    apart = _parts(network, reached)
    sent = np.asarray(flow[[network.source], :].toarray()).ravel()[:n]
    found = []
    for part in sorted(set(apart[:n][reached[:n]].tolist())):
        rows = np.flatnonzero((apart[:n] == part) & reached[:n])
        columns = np.flatnonzero((apart[2 * n : 2 * n + m] == part) & reached[2 * n : 2 * n + m])
        need, places = int(grid.rest[rows].sum()), int(sent[rows].sum())
        if places < need:
            found.append(Shortage(tuple(rows.tolist()), tuple(columns.tolist()), need, places))
    return tuple(found)


def idle(grid: Grid) -> Shortage | None:
    """Where there are too few reviews for the smallest loads; None when there are enough."""
    network = _network(grid, grid.rest, grid.low, np.zeros_like(grid.low), (int(grid.low.sum()), 0))
    flow = maximum_flow(network.arcs, network.source, network.sink).flow
    n, m = grid.shape
    gate = 2 * n + m
    got = -np.asarray(flow[[gate], :].toarray()).ravel()[2 * n : gate]
    if (got == grid.low).all():
        return None
    # Backwards from those who lack: every reviewer and application that could still help them, but has no more.
    back = csr_array(_residual(network, flow).T)
    reached = np.zeros(network.sink + 1, dtype=np.bool_)
    for j in np.flatnonzero(got < grid.low):
        reached[breadth_first_order(back, 2 * n + int(j), return_predecessors=False)] = True
    columns = np.flatnonzero(reached[2 * n : gate])
    return Shortage(
        applications=tuple(np.flatnonzero(reached[:n]).tolist()),
        reviewers=tuple(columns.tolist()),
        needed=int(grid.low[columns].sum()),
        places=int(got[columns].sum()),
    )


def lacking(grid: Grid) -> Ints:
    """(n,): reviews each application lacks in a largest possible filling."""
    stuck = (grid.reader & (grid.rest == 0)).astype(np.int64)
    network = _network(grid, grid.rest, grid.high, np.zeros_like(grid.high), (int(grid.high.sum()), 0))
    flow = maximum_flow(network.arcs, network.source, network.sink).flow
    sent = np.asarray(flow[[network.source], :].toarray()).ravel()[: grid.shape[0]]
    return np.asarray(grid.rest - sent + stuck, dtype=np.int64)


def unread(grid: Grid) -> Ints:
    """Positions of applications left without a reader when as many as possible get one."""
    readers = replace(
        grid,
        free=grid.free & grid.reads,
        rest=np.minimum(grid.rest, 1) * grid.reader,
        reader=np.zeros_like(grid.reader),
    )
    return np.flatnonzero((lacking(readers) > 0) | (grid.reader & (grid.rest == 0)))


def _network(grid: Grid, supply: Ints, first: Ints, second: Ints, gates: tuple[int, int]) -> _Network:
    n, m = grid.shape
    split = grid.reader & (supply > 0)
    rows, columns = np.nonzero(grid.free & (supply > 0)[:, np.newaxis])
    source, gate = 2 * n + m + 2, 2 * n + m
    through = split[rows] & ~grid.reads[rows, columns]
    side = np.flatnonzero(split)
    all_m = 2 * n + np.arange(m)
    heads = [rows + n * through, side, np.full(n, source), all_m, all_m, np.array([gate, gate + 1])]
    tails = [2 * n + columns, n + side, np.arange(n), np.full(m, gate), np.full(m, gate + 1), np.full(2, source + 1)]
    sizes = [np.ones(rows.size, dtype=np.int64), supply[side] - 1, supply, first, second, np.array(gates)]
    data = np.minimum(np.concatenate(sizes), np.iinfo(np.int32).max).astype(np.int32)
    arcs = coo_array((data, (np.concatenate(heads), np.concatenate(tails))), shape=(source + 2, source + 2))
    return _Network(csr_array(arcs), n, m)


def _added(network: _Network, flow: csr_array) -> Bools:
    n, m = network.n, network.m
    block = flow[: 2 * n, 2 * n : 2 * n + m].toarray() > 0
    return np.asarray(block[:n] | block[n:], dtype=np.bool_)


def _residual(network: _Network, flow: csr_array) -> csr_array:
    left = csr_array(network.arcs - flow)
    left.eliminate_zeros()
    return left


def _parts(network: _Network, reached: Bools) -> Ints:
    inside = np.flatnonzero(reached[: 2 * network.n + network.m])
    label = np.full(reached.size, -1, dtype=np.int64)
    label[inside] = connected_components(network.arcs[inside][:, inside], directed=False)[1]
    return label
