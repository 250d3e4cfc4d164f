"""Over which weights does an application keep its side of the line? Exact: the crossings of straight lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from types import MappingProxyType

from scoring.composite import check_weights, composite, consensus_composite
from scoring.sensitivity import Consensus
from scoring.types import RankingScore, Review


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
class _Line:
    """A score as the share t of one criterion goes from 0 to 1: ``without`` + t (``own`` - ``without``)."""

    without: Fraction
    own: Fraction

    def at(self, share: Fraction) -> Fraction:
        return self.without + share * (self.own - self.without)


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
    for criterion in weights:
        lines = _lines(reviews, weights, applications, criterion, consensus if ranking_score != "mean" else {})
        share = Fraction(weights[criterion], total)
        for name, line in lines.items():
            others = [other for key, other in lines.items() if key != name]
            above = sum(other.at(share) > line.at(share) for other in others) < k
            high = _reach(line, others, share, k, above)
            # Downwards is upwards with the line turned round.
            turned = [_Line(other.own, other.without) for other in others]
            low = 1 - _reach(_Line(line.own, line.without), turned, 1 - share, k, above)
            found.append(WeightRange(name, criterion, above, share, low, high))
    return tuple(found)


def _reach(line: _Line, others: Sequence[_Line], start: Fraction, k: int, above: bool) -> Fraction:
    """How far the share can grow from ``start`` until the side changes; 1 when it never does."""
    higher = 0
    crossings: list[tuple[Fraction, int]] = []
    place: Fraction
    for other in others:
        gap = other.at(start) - line.at(start)
        slope = (other.own - other.without) - (line.own - line.without)
        higher += gap > 0
        if gap == 0 and slope > 0:
            crossings.append((start, 1))
        elif gap * slope < 0 and (place := start - gap / slope) <= 1:
            crossings.append((place, 1 if slope > 0 else -1))
    for place, group in groupby(sorted(crossings), key=lambda crossing: crossing[0]):
        steps = [step for _, step in group]
        # At the crossing itself the two are equal; only beyond it is the other one higher.
        at = higher - steps.count(-1)
        higher = at + steps.count(1)
        if (at < k) != above or (higher < k) != above:
            return place
    return Fraction(1)


def _lines(
    reviews: Sequence[Review],
    weights: Mapping[str, int],
    applications: Sequence[str],
    criterion: str,
    consensus: Consensus,
) -> dict[str, _Line]:
    rest = {name: weight for name, weight in weights.items() if name != criterion}
    given: dict[str, list[Mapping[str, int | None]]] = {name: [] for name in applications}
    for review in reviews:
        if review.application in given and composite(review.levels, weights) is not None:
            given[review.application].append(review.levels)
    for name, levels in consensus.items():
        if name in given:
            consensus_composite(name, levels, weights)  # refuses one that is not whole
            given[name] = [levels]
    return {
        name: _Line(_mean_composite(levels, rest), _mean_composite(levels, {criterion: 1}))
        for name, levels in given.items()
        if levels
    }


def _mean_composite(given: Sequence[Mapping[str, int | None]], weights: Mapping[str, int]) -> Fraction:
    values = [value for levels in given if (value := composite(levels, weights)) is not None]
    return Fraction(sum(values), len(values))
