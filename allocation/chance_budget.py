"""Whole grants under an appropriation alone, exact in every draw: the mixed-integer programme without further rows.

For all draws at once every choice among the projects nearest the line is tried, the rest as the linear relaxation has
it. A project can differ from the relaxation in a better choice only if its reduced cost is less than what separates
the choice found from the relaxation (Dantzig 1957; Martello and Toth 1990, ch. 2); where that leaves none outside of
those tried, the choice is proven. Else a dynamic programme over the undominated pairs of money and value (Nemhauser
and Ullmann 1969) settles those that are left.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocation.chance_each import one_draw
from allocation.chance_spec import Bools, Ints, Spec

Floats = NDArray[np.float64]

NEAR = 10
"""Projects nearest the line of which every choice is tried."""
_MOST_PAIRS = 200_000
_MOST_OPEN = 60
_BATCH = 250


@dataclass(frozen=True, slots=True)
class _Sorted:
    """The projects of each draw by value per unit, best first (D x n), with the relaxation's line."""

    order: Ints
    cost: Floats
    gain: Floats
    ratio: Floats
    line: Ints
    """(D,) the first project that does not fit."""
    bound: Floats
    """(D,) the greatest value of the relaxation."""


def within_budget(spec: Spec, scores: Ints) -> tuple[Bools, Bools, int]:
    """Who is funded (D x n), the draws in which what is forced in does not fit (D,), and how many needed the programme."""
    forced = np.array(spec.forced, dtype=bool)
    cost = np.array(spec.upper if spec.objective == "score_times_grant" else spec.lower, dtype=np.int64)
    capacity = spec.capacity - int(cost[forced].sum())
    funded = np.broadcast_to(forced, scores.shape).copy()
    if capacity < 0:
        return np.zeros_like(funded), np.ones(len(scores), dtype=bool), 0
    gain = scores * cost if spec.objective == "score_times_grant" else scores.copy()
    gain[~spec.reach(scores) | forced | (cost > capacity)] = 0
    deep = 0
    for start in range(0, len(scores), _BATCH):
        batch = slice(start, start + _BATCH)
        found, unproven = _batch(spec, scores[batch], gain[batch], cost, capacity)
        funded[batch] |= found
        deep += unproven
    return funded, np.zeros(len(scores), dtype=bool), deep


def _batch(spec: Spec, scores: Ints, gain: Ints, cost: Ints, capacity: int) -> tuple[Bools, int]:
    sides = _sort(gain.astype(np.float64), cost.astype(np.float64), capacity)
    taken, value = _try_near(sides, capacity)
    open_ = _open(sides, value)
    tried = _near(sides)
    needed = np.flatnonzero((open_ & ~tried).any(axis=1))
    for d in needed.tolist():
        better = _settle(sides, d, open_[d], float(value[d]), capacity)
        if better is None:
            units = one_draw(spec, scores[d])
            if units is not None:
                taken[d] = (units > 0)[sides.order[d]]
        elif better.any():
            taken[d] = np.where(open_[d], False, np.arange(len(cost)) < sides.line[d])
            taken[d, np.flatnonzero(open_[d])[better]] = True
    found = np.zeros_like(taken)
    np.put_along_axis(found, sides.order, taken & (sides.gain > 0), axis=1)
    return found, len(needed)


def _sort(gain: Floats, cost: Floats, capacity: int) -> _Sorted:
    ratio = gain / np.maximum(cost, 1)
    order = np.argsort(-ratio, axis=1, kind="stable")
    gain, ratio = np.take_along_axis(gain, order, axis=1), np.take_along_axis(ratio, order, axis=1)
    # What cannot be funded costs nothing here, and is worth nothing.
    costs = np.where(gain > 0, cost[order], 0.0)
    spent, worth = np.cumsum(costs, axis=1), np.cumsum(gain, axis=1)
    line = (spent <= capacity).sum(axis=1)
    everyone = np.arange(len(gain))
    last = np.minimum(line, gain.shape[1] - 1)
    beyond = (capacity - (spent - costs)[everyone, last]) * ratio[everyone, last]
    bound = np.where(line < gain.shape[1], (worth - gain)[everyone, last] + beyond, worth[:, -1])
    return _Sorted(order, costs, gain, ratio, line, bound)


def _first_near(sides: _Sorted) -> Ints:
    count = sides.order.shape[1]
    found: Ints = np.clip(sides.line - NEAR // 2, 0, max(count - NEAR, 0))
    return found


def _near(sides: _Sorted) -> Bools:
    """Which places of the order are among those tried (D x n)."""
    places = np.arange(sides.order.shape[1])
    first = _first_near(sides)[:, np.newaxis]
    found: Bools = (places >= first) & (places < first + NEAR)
    return found


def _try_near(sides: _Sorted, capacity: int) -> tuple[Bools, Floats]:
    """The best choice among the projects nearest the line, those before them funded; in sorted places, and its value."""
    draws, count = sides.order.shape
    width, first = min(NEAR, count), _first_near(sides)
    window = first[:, np.newaxis] + np.arange(width)
    cost, gain = np.take_along_axis(sides.cost, window, axis=1), np.take_along_axis(sides.gain, window, axis=1)
    before = np.arange(count) < first[:, np.newaxis]
    choices = (np.arange(2**width)[:, np.newaxis] >> np.arange(width)) & 1
    spent = (sides.cost * before).sum(axis=1)[:, np.newaxis] + cost @ choices.T.astype(np.float64)
    value = (sides.gain * before).sum(axis=1)[:, np.newaxis] + gain @ choices.T.astype(np.float64)
    value[spent > capacity] = -1.0
    best = value.argmax(axis=1)
    taken = before.copy()
    np.put_along_axis(taken, window, choices[best].astype(bool), axis=1)
    return taken, value[np.arange(draws), best]


def _open(sides: _Sorted, value: Floats) -> Bools:
    """Who could differ from the relaxation in a choice that is worth more than ``value`` (D x n)."""
    last = np.minimum(sides.line, sides.order.shape[1] - 1)
    price = np.where(sides.line < sides.order.shape[1], sides.ratio[np.arange(len(last)), last], 0.0)
    loss = np.abs(sides.gain - price[:, np.newaxis] * sides.cost)
    # Values are whole: better means at least one more. The slack is wider than what doubles lose in these sums.
    slack = 1e-12 * sides.bound[:, np.newaxis]
    found: Bools = (sides.bound[:, np.newaxis] - loss + slack >= value[:, np.newaxis] + 1) & (sides.gain > 0)
    return found


def _settle(sides: _Sorted, d: int, open_: Bools, value: float, capacity: int) -> Bools | None:
    """Whom of the open projects a better choice funds, nobody if there is none better; None if there are too many pairs."""
    before = np.arange(len(open_)) < sides.line[d]
    cost, gain = sides.cost[d][open_], sides.gain[d][open_]
    if len(cost) > _MOST_OPEN:
        return None
    settled = before & ~open_
    left = capacity - float(sides.cost[d][settled].sum())
    missing = value - float(sides.gain[d][settled].sum())
    spent, worth = np.zeros(1), np.zeros(1)
    chosen = np.zeros(1, dtype=np.int64)
    ahead_cost = np.concatenate([[0.0], np.cumsum(cost)])
    ahead_gain = np.concatenate([[0.0], np.cumsum(gain)])
    if left < 0:
        return np.zeros(len(cost), dtype=bool)
    for k in range(len(cost)):
        spent = np.concatenate([spent, spent + cost[k]])
        worth = np.concatenate([worth, worth + gain[k]])
        chosen = np.concatenate([chosen, chosen | np.int64(1 << k)])
        room = left - spent
        # The relaxation of what is still to be decided, from each pair on.
        reach = ahead_cost[k + 1] + room
        full = np.searchsorted(ahead_cost, reach, side="right") - 1
        following = np.minimum(full, len(cost) - 1)
        more = np.where(full < len(cost), (reach - ahead_cost[full]) * gain[following] / cost[following], 0.0)
        best = worth + ahead_gain[full] - ahead_gain[k + 1] + more
        kept = (room >= 0) & (best * (1 + 1e-12) >= missing + 1)
        spent, worth, chosen = spent[kept], worth[kept], chosen[kept]
        order = np.lexsort((-worth, spent))
        spent, worth, chosen = spent[order], worth[order], chosen[order]
        highest = np.maximum.accumulate(worth)
        undominated = np.ones(len(worth), dtype=bool)
        undominated[1:] = worth[1:] > highest[:-1]
        spent, worth, chosen = spent[undominated], worth[undominated], chosen[undominated]
        if len(spent) > _MOST_PAIRS:
            return None
    if not len(worth) or worth.max() <= missing:
        return np.zeros(len(cost), dtype=bool)
    best_of = int(chosen[worth.argmax()])
    return np.array([bool(best_of >> k & 1) for k in range(len(cost))])
