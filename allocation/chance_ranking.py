"""Rank order, proportional cut and tiers over many draws at once, in whole numbers; no solver.

Draw by draw the same as ``rank``, ``proportional`` and ``tiers``; of what neither score nor tie keys separate, the
first in the order of ids is served first here.
"""

import numpy as np

from allocation.chance_spec import Bools, Ints, Spec

_ROOM = np.int64(2**62)
"""What a row without an upper limit has left: more than anybody needs."""


def by_rank(spec: Spec, scores: Ints) -> tuple[Ints, Bools]:
    """Units per draw and candidate (D x n), and in which draws what is forced in does not fit (D,)."""
    draws, count = scores.shape
    units = np.zeros((draws, count), dtype=np.int64)
    once, each, upper_limits = _coefficients(spec)
    upper, forced = np.array(spec.upper, dtype=np.int64), np.array(spec.forced, dtype=bool)
    needs = once + each * upper[:, np.newaxis]
    taken = needs[forced].sum(axis=0)
    if not _feasible(spec, taken):
        return units, np.ones(draws, dtype=bool)
    units[:, forced] = upper[forced]
    left = np.broadcast_to(np.where(upper_limits == _ROOM, _ROOM, upper_limits - taken), (draws, len(taken))).copy()
    reach = spec.reach(scores) & ~forced
    order = _order(spec, scores, reach)
    going = np.ones(draws, dtype=bool)
    everyone = np.arange(draws)
    for position in range(count):
        j = order[:, position]
        turn = reach[everyone, j] & going
        if not turn.any():
            break
        need = needs[j]
        fits = turn & (need <= np.maximum(left, 0)).all(axis=1)
        units[fits, j[fits]] = upper[j[fits]]
        left[fits] -= need[fits]
        if spec.miss != "skip":
            missed = np.flatnonzero(turn & ~fits)
            if spec.miss == "partial":
                units[missed, j[missed]] = _part(spec, once[j[missed]], each[j[missed]], left[missed], j[missed])
            going[missed] = False
    return units, np.zeros(draws, dtype=bool)


def _coefficients(spec: Spec) -> tuple[Ints, Ints, Ints]:
    """Per candidate and row what it takes once and per unit (n x R), and the upper limits (R,)."""
    once = np.zeros((spec.count, len(spec.rows)), dtype=np.int64)
    each = np.zeros_like(once)
    for place, row in enumerate(spec.rows):
        once[list(row.members), place], each[list(row.members), place] = row.once, row.each
    limits = np.array([_ROOM if row.upper is None else row.upper for row in spec.rows], dtype=np.int64)
    return np.where(limits == _ROOM, 0, once), np.where(limits == _ROOM, 0, each), limits


def _feasible(spec: Spec, taken: Ints) -> bool:
    return all(row.upper is None or used <= row.upper for row, used in zip(spec.rows, taken.tolist(), strict=True))


def _order(spec: Spec, scores: Ints, reach: Bools) -> Ints:
    """The published order of each draw, those that cannot be funded last (D x n)."""
    place = np.array(spec.place, dtype=np.int64)
    if spec.rule == "lp" and spec.objective == "score_of_funded":
        # By score per unit: fractions, compared as doubles; drawn scores do not come closer than those tell apart.
        by_place = np.argsort(place)
        keys = np.where(reach, scores / np.array(spec.upper, dtype=float), -1.0)[:, by_place]
        return by_place[np.argsort(-keys, axis=1, kind="stable")]
    keys = np.where(reach, scores * spec.count + (spec.count - 1 - place), -1)
    order: Ints = np.argsort(-keys, axis=1, kind="stable")
    return order


def _part(spec: Spec, once: Ints, each: Ints, left: Ints, j: Ints) -> Ints:
    """The most units the rows still hold for candidate ``j`` of each of these draws; 0 if below its smallest grant."""
    highest, lowest = np.array(spec.upper, dtype=np.int64)[j], np.array(spec.lower, dtype=np.int64)[j]
    room = left - once
    steps = np.where(each == 0, 1, np.abs(each))
    highest = np.minimum(highest, np.where(each > 0, room // steps, _ROOM).min(axis=1))
    lowest = np.maximum(lowest, np.where(each < 0, -(room // steps), -_ROOM).max(axis=1))
    closed = ((each == 0) & (once > np.maximum(left, 0))).any(axis=1)
    return np.where((highest >= lowest) & ~closed, np.maximum(highest, 0), 0)


def by_bands(spec: Spec, scores: Ints) -> tuple[Ints, Bools]:
    """Who gets anything (1 or 0 in place of units, D x n) by proportional cut or tiers, and the draws without a result."""
    return _by_tiers(spec, scores) if spec.rule == "tiers" else _by_cut(spec, scores)


def _by_cut(spec: Spec, scores: Ints) -> tuple[Ints, Bools]:
    reach = spec.reach(scores)
    impossible = reach @ np.array(spec.lower, dtype=np.int64) > spec.capacity
    return (reach & ~impossible[:, np.newaxis]).astype(np.int64), impossible


def _by_tiers(spec: Spec, scores: Ints) -> tuple[Ints, Bools]:
    forced, lower = np.array(spec.forced, dtype=bool), np.array(spec.lower, dtype=np.int64)
    reach = spec.reach(scores) & ~forced
    lowest = len(spec.tiers) - 1
    place = np.full(scores.shape, lowest, dtype=np.int64)
    for step in range(lowest, -1, -1):
        place = np.where(scores >= spec.tiers[step][0], step, place)
    reach &= scores >= spec.tiers[lowest][0]
    given = np.array([full for _, full in spec.tiers], dtype=np.int64)
    full = np.take_along_axis(given, place, axis=0)
    reach &= full >= lower
    left = spec.capacity - (full * forced).sum(axis=1)
    impossible = left < 0
    funded = np.broadcast_to(forced, scores.shape) & ~impossible[:, np.newaxis]
    going = ~impossible
    for step in range(lowest + 1):
        members = reach & (place == step)
        served = going & (members @ lower <= left)
        funded |= members & served[:, np.newaxis]
        total = (members * full).sum(axis=1)
        # A tier that is cut, or not served at all, is the last one.
        going = served & (total <= left)
        left = np.where(going, left - total, left)
    return funded.astype(np.int64), impossible
