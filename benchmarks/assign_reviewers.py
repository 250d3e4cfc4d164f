"""Assigning reviewers: ours beside a min-cost flow in OR-Tools and one plain milp of scipy, in one run.

All three minimise the same sum (squared loads first, then points for expertise and language) under the same conflicts,
load limits and readers. Ours also proves the optimum in whole numbers, draws between equal optima by the seed and
reports. Run: python -m benchmarks.assign_reviewers. OR-Tools is left out when it is not installed.
"""

import importlib
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from scoring.assignment import assign, describe
from scoring.assignment_grid import Bools, Grid, grid_of
from scoring.assignment_types import Assignment, AssignmentProblem, Candidate, Demand

SIZES = ((49, 9, 3), (500, 60, 3), (2_000, 200, 3))
ROUNDS = 3
THEMES = 8
LARGEST_PLAIN = 100_000
"""Cells up to which the plain milp is run; above, it takes minutes."""


def main() -> None:
    """Print a line per size and method: median seconds, ratio to ours (median of the rounds), and the result."""
    print(
        f"{'size':>12}  {'method':<14} {'s':>7} {'ratio':>6} {'spread':>6} {'squares':>8} {'points':>7}  expertise 0/1/2"
    )
    for size in SIZES:
        problem = sample(*size)
        grid = grid_of(problem)
        methods: dict[str, Callable[[], Assignment]] = {"ours": partial(ours, problem)}
        if flow := _ortools():
            methods["OR-Tools flow"] = partial(min_cost_flow, problem, grid, flow)
        if grid.free.size <= LARGEST_PLAIN:
            methods["plain milp"] = partial(plain, problem, grid)
        seconds: dict[str, list[float]] = {name: [] for name in methods}
        for _ in range(ROUNDS):
            for name, method in methods.items():
                start = time.perf_counter()
                result = method()
                seconds[name].append(time.perf_counter() - start)
                if len(seconds[name]) == ROUNDS:
                    ratio = statistics.median(a / b for a, b in zip(seconds[name], seconds["ours"], strict=True))
                    _show(size, name, statistics.median(seconds[name]), ratio, result)


def sample(n: int, m: int, reviews: int) -> AssignmentProblem:
    """A call: 8 themes, every tenth application in Swedish; a third of the reviewers read it; 3 % conflicts."""
    draw = np.random.default_rng(2022)
    themes = [f"theme-{k}" for k in range(THEMES)]
    demands = tuple(
        Demand(f"a{i:04}", reviews, themes[int(draw.integers(THEMES))], "sv" if draw.random() < 0.1 else "fi")
        for i in range(n)
    )
    candidates = tuple(
        Candidate(
            f"r{j:03}",
            largest_load=-(-n * reviews // m) + 3,
            expertise={theme: int(draw.choice(3, p=[0.5, 0.3, 0.2])) for theme in themes},
            languages=frozenset({"fi", "sv"} if draw.random() < 0.35 else {"fi"}),
        )
        for j in range(m)
    )
    barred = frozenset((d.id, c.id) for d in demands for c in candidates if draw.random() < 0.03)
    return AssignmentProblem(demands, candidates, barred, require_language=True)


def ours(problem: AssignmentProblem) -> Assignment:
    """The project's own solver, its proof and its report included."""
    result = assign(problem)
    if not isinstance(result, Assignment):
        raise SystemExit("the sample is impossible")
    return result


def min_cost_flow(problem: AssignmentProblem, grid: Grid, flow: Any) -> Assignment:
    """Source -> application -> reviewer -> sink; loads as unit arcs of growing cost; non-readers pass a node."""
    n, m = grid.shape
    rows, columns = np.nonzero(grid.free)
    through = grid.reader[rows] & ~grid.reads[rows, columns]
    load = np.repeat(np.arange(m), grid.high)
    step = np.concatenate([np.arange(1, high + 1) for high in grid.high])
    source, sink = 2 * n + m, 2 * n + m + 1
    side = np.flatnonzero(grid.reader)
    heads = np.concatenate([rows + n * through, side, np.full(n, source), 2 * n + load])
    tails = np.concatenate([2 * n + columns, n + side, np.arange(n), np.full(load.size, sink)])
    sizes = np.concatenate([np.ones(rows.size), grid.rest[side] - 1, grid.rest, np.ones(load.size)]).astype(np.int64)
    nothing = np.zeros(side.size + n, dtype=np.int64)
    costs = np.concatenate([-grid.points[rows, columns], nothing, _weight(grid) * (2 * step - 1)])
    solver = flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(heads, tails, sizes, costs)
    solver.set_nodes_supplies(np.array([source, sink]), np.array([1, -1]) * int(grid.rest.sum()))
    if solver.solve() != solver.OPTIMAL:
        raise SystemExit("the flow was not solved")
    chosen = np.zeros(grid.shape, dtype=np.bool_)
    chosen[rows, columns] = solver.flows(arcs[: rows.size]) > 0
    return describe(problem, grid.pairs(chosen))


def plain(problem: AssignmentProblem, grid: Grid) -> Assignment:
    """One call of milp over the sparse incidence matrix, squares as unit columns of growing cost."""
    n, m = grid.shape
    rows, columns = np.nonzero(grid.free)
    load = np.repeat(np.arange(m), grid.high)
    step = np.concatenate([np.arange(1, high + 1) for high in grid.high])
    cells, steps = np.arange(rows.size), rows.size + np.arange(load.size)
    reads = grid.reads[rows, columns] & grid.reader[rows]
    heads = np.concatenate([rows, n + columns, n + m + rows[reads], n + load])
    signs = np.concatenate([np.ones(2 * rows.size + int(reads.sum())), -np.ones(load.size)])
    matrix = coo_array(
        (signs, (heads, np.concatenate([cells, cells, cells[reads], steps]))), shape=(2 * n + m, rows.size + load.size)
    )
    low = np.concatenate([grid.rest, np.zeros(m), grid.reader])
    high = np.concatenate([grid.rest, np.zeros(m), np.full(n, np.inf)])
    result = milp(
        np.concatenate([-grid.points[rows, columns], _weight(grid) * (2 * step - 1)]).astype(np.float64),
        constraints=LinearConstraint(matrix.tocsc(), low, high),
        integrality=np.ones(matrix.shape[1], dtype=np.int64),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0},
    )
    if result.x is None:
        raise SystemExit("the milp was not solved")
    chosen: Bools = np.zeros(grid.shape, dtype=np.bool_)
    chosen[rows, columns] = result.x[: rows.size] > 0.5
    return describe(problem, grid.pairs(chosen))


def _weight(grid: Grid) -> int:
    return int(grid.points.max(axis=1) @ grid.rest) + 1


def _ortools() -> Any:
    try:
        return importlib.import_module("ortools.graph.python.min_cost_flow")
    except ImportError:
        return None


def _show(size: tuple[int, int, int], name: str, seconds: float, ratio: float, result: Assignment) -> None:
    if result.broken:
        raise SystemExit(f"{name}: a rule is broken")
    text = " x ".join(str(part) for part in size)
    levels = "/".join(str(count) for count in result.expertise)
    print(
        f"{text:>12}  {name:<14} {seconds:7.2f} {ratio:6.2f} {result.spread:6} {result.squares:8} {result.points:7}  {levels}"
    )


if __name__ == "__main__":
    main()
