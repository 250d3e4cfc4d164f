"""Better distributions near those of a pool: one project in or out, up to two for up to two.

What can be exchanged without breaking a row depends on the distribution alone, so it is worked out once for all draws
that have the same one; which exchange pays is then a sum per draw. Grants are all or nothing here.
"""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from allocation.chance_spec import Bools, Ints, Spec

Floats = NDArray[np.float64]

_SLACK = 1e-6
_MOST_EXCHANGES = 2_000_000
"""Exchanges of one kind that are looked at for one distribution; with more projects those are left out."""
_TOGETHER = 200
"""Draws looked at together: the table of exchanges times draws stays small."""


class Neighbours:
    """The rows of a spec, at full grants."""

    def __init__(self, spec: Spec) -> None:
        upper = np.array(spec.upper, dtype=np.float64)
        self.needs = np.zeros((spec.count, len(spec.rows)))
        for place, row in enumerate(spec.rows):
            members = list(row.members)
            self.needs[members, place] = np.array(row.once) + np.array(row.each) * upper[members]
        self.below = np.array([-np.inf if row.lower is None else row.lower for row in spec.rows])
        self.above = np.array([np.inf if row.upper is None else row.upper for row in spec.rows])
        self.gains = upper if spec.objective == "score_times_grant" else np.ones(spec.count)
        self.forced = np.array(spec.forced, dtype=bool)

    def exchanges(self, funded: Bools, worth: Floats, *, wide: bool) -> Ints:
        """What can be exchanged beside ``funded`` (n,): rows of up to four projects each, -1 for none (m x 4).

        ``worth`` (D x n): what each project is worth in the draws; what pays in none of them is left out. ``wide``:
        two for two, else all with fewer.
        """
        inside, outside = np.flatnonzero(funded & ~self.forced), np.flatnonzero(~funded & ~self.forced)
        nobody = np.zeros((1, 0), dtype=np.int64)
        ones, twos, out_ones, out_twos = _sets(outside, 1), _sets(outside, 2), _sets(inside, 1), _sets(inside, 2)
        if wide:
            pairs = [(twos, out_twos)]
        else:
            pairs = [(ones, nobody), (twos, nobody), (ones, out_ones), (twos, out_ones), (ones, out_twos)]
        sums = self.needs[funded].sum(axis=0)
        limits = self.above - sums + _SLACK, self.below - sums - _SLACK
        most, least = worth.max(axis=0), worth.min(axis=0)
        found = [np.zeros((0, 4), dtype=np.int64)]
        for more, less in pairs:
            if len(more) * len(less) <= _MOST_EXCHANGES:
                gains = most[more].sum(axis=1)[:, np.newaxis] > least[less].sum(axis=1)
                found.append(self._fitting(more, less, gains, limits))
        return np.concatenate(found)

    def _fitting(self, more: Ints, less: Ints, gains: Bools, limits: tuple[Floats, Floats]) -> Ints:
        enter, leave = self.needs[more].sum(axis=1), self.needs[less].sum(axis=1)
        room, spare = limits
        # What does not fit even where the most is freed need not be paired.
        possible = (enter - leave.max(axis=0, initial=0.0) <= room).all(axis=1)
        a, b = np.nonzero(gains & possible[:, np.newaxis])
        for place in range(enter.shape[1]):
            change = enter[a, place] - leave[b, place]
            fits = (change <= room[place]) & (change >= spare[place])
            if not fits.all():
                a, b = a[fits], b[fits]
        found = np.full((len(a), 4), -1, dtype=np.int64)
        found[:, : more.shape[1]] = more[a]
        found[:, more.shape[1] : more.shape[1] + less.shape[1]] = less[b]
        return found


def _sets(members: Ints, size: int) -> Ints:
    found: Ints = np.array(list(combinations(members.tolist(), size)), dtype=np.int64).reshape(-1, size)
    return found


def improve(spec: Spec, scores: Ints, pool: Ints, best: Ints, *, wide: bool = False) -> Ints:
    """For draws with the distribution ``best`` (D,) of ``pool``: better ones next to it that hold (k x n units).

    The best one for each draw for which there is one; ``wide``: also two projects for two.
    """
    neighbours = Neighbours(spec)
    found = [np.zeros((0, spec.count), dtype=bool)]
    for place in np.unique(best[best >= 0]).tolist():
        same = np.flatnonzero(best == place)
        for start in range(0, len(same), _TOGETHER):
            found.append(_better(spec, neighbours, scores[same[start : start + _TOGETHER]], pool[place] > 0, wide))
    units: Ints = np.unique(np.concatenate(found), axis=0) * np.array(spec.upper, dtype=np.int64)
    return units


def _better(spec: Spec, neighbours: Neighbours, scores: Ints, funded: Bools, wide: bool) -> Bools:
    # Who does not reach the threshold is worth less than everybody together.
    worth = np.where(spec.reach(scores), scores * neighbours.gains, -(2.0**53))
    exchanges = neighbours.exchanges(funded, worth, wide=wide)
    if not len(exchanges):
        return np.zeros((0, spec.count), dtype=bool)
    # A last column for "nobody".
    signed = np.hstack([np.where(funded, -worth, worth), np.zeros((len(scores), 1))])
    total = signed[:, exchanges[:, 0]]
    for member in (1, 2, 3):
        total += signed[:, exchanges[:, member]]
    chosen = total.argmax(axis=1)
    pays = total[np.arange(len(scores)), chosen] > 0
    better = np.broadcast_to(funded, (int(pays.sum()), spec.count)).copy()
    for d, members in enumerate(exchanges[chosen[pays]]):
        swapped = members[members >= 0]
        better[d, swapped] = ~better[d, swapped]
    return np.unique(better, axis=0)
