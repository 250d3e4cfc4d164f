"""The best assignment, exactly: linear programmes whose vertices are whole, with a proof in whole numbers.

    minimise   F sum_j load_j^2 - sum_ij points_ij x_ij
    sum_j x_ij = reviews_i ; sum over non-readers of x_ij <= reviews_i - 1 ; low_j <= sum_i x_ij <= high_j ; x in {0, 1}

The rows of the applications nest (non-readers in all), so do those of the reviewers (squares are unit steps of growing
cost). Two nested families make a network matrix, which is totally unimodular (Schrijver 2003, section 13.4): vertices
and basic duals of the relaxation are whole. The least sum of squares also has the least largest and the greatest
smallest load (Frank and Murota 2022, decreasing minimality). An F that outweighs every gain of points puts loads first;
where it would be too large a number for the solver, loads (F = 1, no points) and points are minimised one after the
other, which takes longer.

Between equal optima the lots decide: the face of the optima is cut out by the signs of the reduced costs (complementary
slackness), which keeps the matrix, and the sum of lots is minimised on it. Columns are priced in as they are needed.
Every time the rounded duals must prove the rounded solution in integers; if not, AssertionError.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from scoring.assignment_grid import LOT_BITS, Bools, Grid, Ints

FIRST_COLUMNS = 8
"""Pairs per application to begin with; others come in by their price."""
SPARE_STEPS = 2
LARGEST_COST = 10**9
"""Up to here the duals, which are floats with a tolerance of 1e-7, still round to the right whole numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class _Stage:
    """One linear programme: costs of cells, which cells are open, and how each reviewer's load costs."""

    cost: Ints
    open: Bools
    rest: Ints
    at_most: Ints
    """(n,): most non-readers; -1 where nothing asks."""
    exactly: Bools
    """(n,): ``at_most`` holds with equality (the face needs it)."""
    low: Ints
    high: Ints
    held: Ints
    fairness: int


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    chosen: Bools
    price: Ints
    """(n, m): reduced cost of each cell."""
    review_price: Ints
    """(n,): dual of the reviews to add."""
    load_price: Ints
    """(m,): dual of the load."""
    reader_price: Ints
    """(n,): dual of the non-readers."""


def best(grid: Grid, start: Bools, fairness: int | None, lots: Ints, largest_cost: int = LARGEST_COST) -> Bools:
    """(n, m): the pairs to add. ``start``: any set of pairs that holds every limit; ``fairness`` None: loads first."""
    if not grid.rest.any():
        return np.zeros_like(grid.free)
    weight = _outweighing(grid) if fairness is None else fairness
    apart = fairness is None and weight * 2 * int((grid.held + start.sum(axis=0)).max()) > largest_cost
    stage = _Stage(
        cost=np.zeros_like(grid.points) if apart else -grid.points,
        open=grid.free & (grid.rest > 0)[:, np.newaxis],
        rest=grid.rest,
        at_most=np.where(grid.reader, grid.rest - 1, -1),
        exactly=np.zeros_like(grid.reader),
        low=grid.low,
        high=np.minimum(grid.high, grid.free.sum(axis=0)),
        held=grid.held,
        fairness=1 if apart else weight,
    )
    chosen, sure = start, np.zeros_like(start)
    for cost in (-grid.points, lots) if apart else (lots,):
        answer = _solve(grid, stage, chosen, lots)
        stage, more = _face(grid, stage, answer, cost)
        chosen, sure = answer.chosen & ~more, sure | more
    return _solve(grid, stage, chosen, lots).chosen | sure


def _outweighing(grid: Grid) -> int:
    """A weight of the squares that no gain of points can make up for; a sum of squares changes by 2 at least."""
    most = np.where(grid.free, grid.points, 0).max(axis=1, initial=0)
    return int(most @ grid.rest) // 2 + 1


def _face(grid: Grid, stage: _Stage, answer: _Answer, cost: Ints) -> tuple[_Stage, Bools]:
    """What is still open among the optima, with the next cost, and the pairs that all of them have."""
    sure = stage.open & (answer.price < 0)
    taken = sure.sum(axis=0)
    if stage.fairness:
        # A step is in all optima when its cost F (2k - 1) is below the price of the load, in none when above.
        worth = -answer.load_price
        low = np.clip(_steps_below(worth - 1, stage), stage.low, stage.high)
        high = np.clip(_steps_below(worth, stage), stage.low, stage.high)
    else:
        low = np.where(answer.load_price < 0, stage.high, stage.low)
        high = np.where(answer.load_price > 0, stage.low, stage.high)
    face = _Stage(
        cost=cost,
        open=stage.open & (answer.price == 0),
        rest=stage.rest - sure.sum(axis=1),
        at_most=np.where(stage.at_most < 0, -1, stage.at_most - (sure & ~grid.reads).sum(axis=1)),
        exactly=stage.exactly | (answer.reader_price != 0),
        low=low - taken,
        high=high - taken,
        held=stage.held + taken,
        fairness=0,
    )
    return face, sure


def _steps_below(worth: Ints, stage: _Stage) -> Ints:
    """(m,): how many steps to add cost at most ``worth``: F (2k - 1) <= worth, k counted with the held load."""
    return np.asarray(np.maximum((worth // stage.fairness + 1) // 2 - stage.held, 0), dtype=np.int64)


def _solve(grid: Grid, stage: _Stage, start: Bools, lots: Ints) -> _Answer:
    n, m = start.shape
    used = start | _cheapest(stage, lots)
    even = -(-int(stage.rest.sum() + stage.held.sum()) // m) - stage.held
    steps = np.minimum(stage.high, np.maximum(np.maximum(start.sum(axis=0), stage.low), even) + SPARE_STEPS)
    while True:
        chosen, duals = _priced(grid, stage, used, steps)
        review, load, reader = duals[:n], duals[n : n + m], duals[n + m :]
        price = stage.cost - (review[:, np.newaxis] + np.where(grid.reads, 0, reader[:, np.newaxis])) - load
        missing = stage.open & ~used & (price < 0)
        short = (steps < stage.high) & (stage.fairness * (2 * (stage.held + steps) + 1) + load < 0)
        if not missing.any() and not (stage.fairness and short.any()):
            answer = _Answer(chosen, price, review, load, reader)
            _prove(grid, stage, answer)
            return answer
        used |= missing
        steps = np.where(short, np.minimum(stage.high, 2 * steps + 1), steps)


def _cheapest(stage: _Stage, lots: Ints) -> Bools:
    """(n, m): each application's cheapest open cells, lots deciding between equals."""
    n, m = stage.open.shape
    width = min(FIRST_COLUMNS, m)
    if not n or not width:
        return np.zeros((n, m), dtype=np.bool_)
    key = np.where(stage.open, (stage.cost << LOT_BITS) + lots, np.iinfo(np.int64).max)
    found = np.zeros((n, m), dtype=np.bool_)
    np.put_along_axis(found, np.argpartition(key, width - 1, axis=1)[:, :width], True, axis=1)
    return found & stage.open


def _priced(grid: Grid, stage: _Stage, used: Bools, steps: Ints) -> tuple[Bools, Ints]:
    """Solve over the used cells and steps: the chosen cells and the duals (reviews, loads, non-readers), rounded."""
    n, m = used.shape
    rows, columns = np.nonzero(used)
    load, step_cost, least, most = _steps(stage, steps)
    watched = np.flatnonzero(stage.at_most >= 0)
    place = np.full(n, -1)
    place[watched] = n + m + np.arange(watched.size)
    cells = np.arange(rows.size)
    dull = cells[~grid.reads[rows, columns] & (place[rows] >= 0)]
    slack = rows.size + load.size + np.arange(watched.size)
    heads = [rows, n + columns, place[rows[dull]], n + load, place[watched]]
    tails = [cells, cells, dull, rows.size + np.arange(load.size), slack]
    signs = np.repeat([1.0, 1.0, 1.0, -1.0, 1.0], [tail.size for tail in tails])
    shape = (n + m + watched.size, rows.size + load.size + watched.size)
    slack_most = np.where(stage.exactly[watched], 0.0, np.inf)
    between = [
        np.concatenate([np.zeros(rows.size), least, np.zeros(watched.size)]),
        np.concatenate([np.ones(rows.size), most, slack_most]),
    ]
    # scipy's stubs know neither sparse matrices nor an array of bounds; scipy takes both.
    equal: Any = coo_array((signs, (np.concatenate(heads), np.concatenate(tails))), shape=shape).tocsc()
    bounds: Any = np.stack(between, axis=1)
    result = linprog(
        np.concatenate([stage.cost[rows, columns], step_cost, np.zeros(watched.size)]).astype(np.float64),
        A_eq=equal,
        b_eq=np.concatenate([stage.rest, np.zeros(m), stage.at_most[watched]]),
        bounds=bounds,
        method="highs-ds",
    )
    if result.status != 0 or result.x is None:
        raise AssertionError(f"a programme with a known solution was not solved: {result.message}")
    chosen = np.zeros_like(used)
    chosen[rows, columns] = result.x[: rows.size] > 0.5
    duals = np.zeros(2 * n + m, dtype=np.int64)
    rounded = np.rint(result.eqlin.marginals).astype(np.int64)
    duals[: n + m] = rounded[: n + m]
    duals[n + m + watched] = rounded[n + m :]
    return chosen, duals


def _steps(stage: _Stage, steps: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Columns of the loads: reviewer, cost, least and most. Unit steps of growing cost, or one free range."""
    if not stage.fairness:
        return np.arange(steps.size), np.zeros_like(steps), stage.low, stage.high
    load = np.repeat(np.arange(steps.size), steps)
    step = np.arange(load.size) - np.repeat(np.cumsum(steps) - steps, steps) + 1
    cost = stage.fairness * (2 * (stage.held[load] + step) - 1)
    return load, cost, (step <= stage.low[load]).astype(np.int64), np.ones_like(load)


def _prove(grid: Grid, stage: _Stage, answer: _Answer) -> None:
    """Every limit holds, and the dual bound over all cells equals the cost: nothing is better."""
    chosen, load = answer.chosen, answer.chosen.sum(axis=0)
    watched = stage.at_most >= 0
    dull = (chosen & ~grid.reads).sum(axis=1)
    holds = (
        not (chosen & ~stage.open).any()
        and (chosen.sum(axis=1) == stage.rest).all()
        and ((stage.low <= load) & (load <= stage.high)).all()
        and (dull[watched] <= stage.at_most[watched]).all()
        and (dull == stage.at_most)[watched & stage.exactly].all()
        and (answer.reader_price[watched & ~stage.exactly] <= 0).all()
    )
    if stage.fairness:
        ideal = np.clip(_steps_below(-answer.load_price, stage), stage.low, stage.high)
    else:
        ideal = np.where(answer.load_price > 0, stage.low, stage.high)
    bound = (
        int(answer.review_price @ stage.rest)
        + int(answer.reader_price[watched] @ stage.at_most[watched])
        + int(np.minimum(answer.price, 0)[stage.open].sum())
        + _load_cost(stage, ideal)
        + int(answer.load_price @ ideal)
    )
    if not holds or bound != int(stage.cost[chosen].sum()) + _load_cost(stage, load):
        raise AssertionError("the solver's answer is not proved in whole numbers")


def _load_cost(stage: _Stage, load: Ints) -> int:
    return stage.fairness * int(((stage.held + load) ** 2 - stage.held**2).sum())
