"""Over which weights does an application keep its side of the line? Exact: the crossings of straight lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from locales import msg
from scoring.composite import check_weights, composite, consensus_composite
from scoring.errors import ScoringError
from scoring.sensitivity import Consensus
from scoring.types import RankingScore, Review

_LARGEST = 2**58
"""What whole numbers of 64 bits hold with room for the differences of four."""
_ROUNDING = 1e-14
"""Relative distance below which two quotients may be the same number, or in the wrong order."""


@dataclass(frozen=True, slots=True)
class WeightRange:
    """One application and one criterion. ``share``: the criterion's part of all weight as the call has it, 0 to 1.

    While it stays between ``low`` and ``high``, the other weights in their proportions, the application stays
    ``above`` the line or below it; 0 and 1 are the ends of what is possible.
    """

    application: str
    criterion: str
    above: bool
    share: Fraction
    low: Fraction
    high: Fraction

    @property
    def always(self) -> bool:
        """No weight of this criterion moves the application over the line."""
        return self.low == 0 and self.high == 1


@dataclass(frozen=True, slots=True)
class _Lines:
    """Scores as the share t of one criterion goes from 0 to 1: ``without`` + t (``own`` - ``without``), in whole steps.

    ``without`` and ``own`` (I,): in units of which every score is a whole number.
    """

    names: tuple[str, ...]
    without: npt.NDArray[np.int64]
    own: npt.NDArray[np.int64]

    @property
    def turned(self) -> "_Lines":
        """The same with the share counted from the other end."""
        return _Lines(self.names, self.own, self.without)


def weight_ranges(
    reviews: Sequence[Review],
    weights: Mapping[str, int],
    applications: Sequence[str],
    k: int,
    consensus: Consensus = MappingProxyType({}),
    ranking_score: RankingScore = "mean",
) -> tuple[WeightRange, ...]:
    """Per scored application and criterion: over which share of the weight it stays among the ``k`` best, or not.

    Above the line: fewer than ``k`` applications have a higher score, so that equals at the line are all above.
    Empty with a single criterion, which has all the weight. Raises ScoringError as ``composite``, and for a
    consensus that is not whole.
    """
    check_weights(weights)
    if len(weights) < 2:
        return ()
    total = sum(weights.values())
    found: list[WeightRange] = []
    for criterion, weight in weights.items():
        lines = _lines(reviews, weights, applications, criterion, consensus if ranking_score != "mean" else {})
        share = Fraction(weight, total)
        for position, name in enumerate(lines.names):
            above, high = _reach(lines, position, share, k)
            _, down = _reach(lines.turned, position, 1 - share, k)
            found.append(WeightRange(name, criterion, above, share, 1 - down, high))
    return tuple(found)


def _reach(lines: _Lines, position: int, start: Fraction, k: int) -> tuple[bool, Fraction]:
    """Whether one application is above at ``start``, and how far the share can grow until that changes; 1 if never."""
    slope = (lines.own - lines.own[position]) - (lines.without - lines.without[position])
    gap = start.denominator * (lines.without - lines.without[position]) + start.numerator * slope
    higher = int(np.count_nonzero(gap > 0))
    above = higher < k
    # Where another one crosses: at start + distance, in lowest terms, so that crossings at one place are known as such.
    crosses = np.flatnonzero(((gap < 0) & (slope > 0)) | ((gap > 0) & (slope < 0)) | ((gap == 0) & (slope > 0)))
    terms = np.abs(np.stack([gap[crosses], start.denominator * slope[crosses]]))
    distances, place_of = np.unique(terms // np.gcd(*terms), axis=1, return_inverse=True)
    order = _ascending(distances)
    place_of = np.argsort(order)[place_of]
    places = distances[:, order]
    up = np.bincount(place_of, slope[crosses] > 0, places.shape[1])
    down = np.bincount(place_of, slope[crosses] < 0, places.shape[1])
    after = higher + np.cumsum(up - down)
    # At the crossing itself the two are equal; only beyond it is the other one higher.
    changed = np.flatnonzero(((after - up < k) != above) | ((after < k) != above))
    if not changed.size:
        return above, Fraction(1)
    part, whole = (int(term) for term in places[:, changed[0]])
    return above, min(start + Fraction(part, whole), Fraction(1))


def _ascending(terms: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
    """The order of different fractions, numerators over denominators (2 x n)."""
    rough = terms[0] / terms[1]
    order = np.argsort(rough)
    # A quotient is rounded: those that it hardly parts, or turns round, are put in order exactly.
    if np.any(np.diff(rough[order]) <= _ROUNDING * rough[order][1:]):
        exact = [Fraction(int(part), int(whole)) for part, whole in terms.T]
        return np.array(sorted(range(len(exact)), key=exact.__getitem__), dtype=np.intp)
    return order


def _lines(
    reviews: Sequence[Review],
    weights: Mapping[str, int],
    applications: Sequence[str],
    criterion: str,
    consensus: Consensus,
) -> _Lines:
    rest = {name: weight for name, weight in weights.items() if name != criterion}
    given: dict[str, list[Mapping[str, int | None]]] = {name: [] for name in applications}
    for review in reviews:
        if review.application in given and composite(review.levels, weights) is not None:
            given[review.application].append(review.levels)
    for name, levels in consensus.items():
        if name in given:
            consensus_composite(name, levels, weights)  # refuses one that is not whole
            given[name] = [levels]
    without, own = (
        {name: _mean_composite(levels, part) for name, levels in given.items() if levels}
        for part in (rest, {criterion: 1})
    )
    unit = lcm(*(value.denominator for value in (*without.values(), *own.values())))
    steps = [[int(value * unit) for value in scores.values()] for scores in (without, own)]
    largest = max((abs(step) for part in steps for step in part), default=0)
    if largest * sum(weights.values()) > _LARGEST:
        raise ScoringError(msg("The weights and levels are too fine to be compared exactly."))
    return _Lines(tuple(without), *(np.array(part, dtype=np.int64) for part in steps))


def _mean_composite(given: Sequence[Mapping[str, int | None]], weights: Mapping[str, int]) -> Fraction:
    values = [value for levels in given if (value := composite(levels, weights)) is not None]
    return Fraction(sum(values), len(values))
