"""Parts of the graph of applications and reviewers, and exchanges that join them without anybody losing.

Two pairs (a, r), (b, s) of different parts become (a, s), (b, r): loads and reviews stay, the points stay or grow.
The parts become one when one of the pairs lay on a circle; a part without circles cannot give.
"""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from scoring.assignment_grid import Bools, Grid, Ints


def parts_of(chosen: Bools) -> tuple[Ints, Ints]:
    """(n,) and (m,): the part of each application and reviewer, -1 without pairs."""
    n, m = chosen.shape
    rows, columns = np.nonzero(chosen)
    graph = coo_array((np.ones(rows.size), (rows, n + columns)), shape=(n + m, n + m))
    label = connected_components(graph.tocsr(), directed=False)[1].astype(np.int64)
    alone = ~np.concatenate([chosen.any(axis=1), chosen.any(axis=0)])
    label[alone] = -1
    return label[:n], label[n:]


def joined(grid: Grid, chosen: Bools, keep: Bools, lots: Ints) -> Bools:
    """``chosen`` with as many parts joined as exchanges of two pairs can; pairs of ``keep`` stay.

    Each application keeps as many readers of its language as it has. The lots decide between exchanges.
    """
    chosen = chosen.copy()
    while (swap := _joining_swap(grid, chosen, keep, lots)) is not None:
        a, r, b, s = swap
        chosen[[a, b], [r, s]] = False
        chosen[[a, b], [s, r]] = True
    return chosen


def connectivity(chosen: Bools) -> float | None:
    """mu2 of the reviewers' graph (edge: number of shared applications), rounded to 6 decimals; None below two."""
    taking = chosen[:, chosen.any(axis=0)].astype(np.float64)
    if taking.shape[1] < 2:
        return None
    if len(set(parts_of(chosen)[1].tolist()) - {-1}) > 1:
        return 0.0
    shared = taking.T @ taking
    np.fill_diagonal(shared, 0)
    laplacian = np.diag(shared.sum(axis=0)) - shared
    return round(float(np.linalg.eigvalsh(laplacian)[1]), 6)


def _joining_swap(grid: Grid, chosen: Bools, keep: Bools, lots: Ints) -> tuple[int, int, int, int] | None:
    row_part, _ = parts_of(chosen)
    if row_part.max(initial=-1) <= 0 and len(set(row_part.tolist()) - {-1}) < 2:
        return None
    rows, columns = np.nonzero(chosen & ~keep)
    order = np.argsort(lots[rows, columns], kind="stable")
    rows, columns = rows[order], columns[order]
    part = row_part[rows]
    circled = ~_bridges(chosen)[rows, columns]
    own, reads, free = grid.points, grid.reads, grid.free
    for k in np.flatnonzero(circled):
        a, r = int(rows[k]), int(columns[k])
        b, s = rows, columns
        fits = (
            (part != part[k])
            & free[a, s]
            & free[b, r]
            & (own[a, s] + own[b, r] >= own[a, r] + own[b, s])
            & (reads[a, s] | ~reads[a, r])
            & (reads[b, r] | ~reads[b, s])
        )
        if fits.any():
            first = int(np.argmax(fits))
            return a, r, int(rows[first]), int(columns[first])
    return None


def _bridges(chosen: Bools) -> Bools:
    """(n, m): pairs without which their part falls apart (Tarjan 1974, on a stack)."""
    n, m = chosen.shape
    near = [[n + int(j) for j in np.flatnonzero(line)] for line in chosen]
    near += [[int(i) for i in np.flatnonzero(line)] for line in chosen.T]
    seen, lowest = [0] * (n + m), [0] * (n + m)
    found = np.zeros_like(chosen)
    clock = 0
    for root in range(n + m):
        if seen[root]:
            continue
        clock += 1
        seen[root] = lowest[root] = clock
        stack = [(root, -1, iter(near[root]))]
        while stack:
            node, parent, rest = stack[-1]
            following = next((other for other in rest if other != parent), None)
            if following is None:
                stack.pop()
                if stack:
                    above = stack[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
                    if lowest[node] > seen[above]:
                        found[min(node, above), max(node, above) - n] = True
            elif seen[following]:
                lowest[node] = min(lowest[node], seen[following])
            else:
                clock += 1
                seen[following] = lowest[following] = clock
                stack.append((following, node, iter(near[following])))
    return found
