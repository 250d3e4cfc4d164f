"""How much the ranking hangs on one reviewer or one criterion: the ranks without each. Exact, Fractions throughout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from scoring.composite import composite
from scoring.ranking import rank
from scoring.types import RankingScore, Review, Standing

Consensus = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class RankRange:
    """The rank of an application with everything, and its best and worst rank with one thing left out.

    ``best_without`` and ``worst_without``: all whose absence gives that rank; empty where leaving any one out changes
    nothing for the better or the worse. ``unranked_without``: those without whom it has no score at all.
    """

    application: str
    rank: int
    best: int
    worst: int
    best_without: tuple[str, ...]
    worst_without: tuple[str, ...]
    unranked_without: tuple[str, ...]


def leave_reviewers_out(
    reviews: Sequence[Review],
    weights: Mapping[str, int],
    applications: Sequence[str],
    consensus: Consensus = MappingProxyType({}),
    ranking_score: RankingScore = "mean",
) -> tuple[RankRange, ...]:
    """The ranks without each reviewer in turn, of the applications that have one, best first; as ``rank`` does it.

    A consensus stays as it is: it is the panel's, not one reviewer's. Raises ScoringError as ``rank``.
    """
    whole = rank(reviews, weights, applications, consensus=consensus, ranking_score=ranking_score)
    return _ranges(
        whole,
        {
            name: rank(
                [review for review in reviews if review.reviewer != name],
                weights,
                applications,
                consensus=consensus,
                ranking_score=ranking_score,
            )
            for name in sorted({review.reviewer for review in reviews})
        },
    )


def leave_criteria_out(
    reviews: Sequence[Review],
    weights: Mapping[str, int],
    applications: Sequence[str],
    consensus: Consensus = MappingProxyType({}),
    ranking_score: RankingScore = "mean",
) -> tuple[RankRange, ...]:
    """The ranks without each criterion in turn, the other weights as they are; empty with a single criterion.

    The same reviews count as in the ranking: one that lacks a criterion does not become complete by leaving it out.
    Raises ScoringError as ``rank``.
    """
    complete = [review for review in reviews if composite(review.levels, weights) is not None]
    whole = rank(complete, weights, applications, consensus=consensus, ranking_score=ranking_score)
    if len(weights) < 2:
        return ()
    return _ranges(
        whole,
        {
            left_out: rank(
                complete,
                {name: weight for name, weight in weights.items() if name != left_out},
                applications,
                consensus={a: {c: v for c, v in given.items() if c != left_out} for a, given in consensus.items()},
                ranking_score=ranking_score,
            )
            for left_out in weights
        },
    )


def _ranges(whole: Sequence[Standing], variants: Mapping[str, Sequence[Standing]]) -> tuple[RankRange, ...]:
    without: dict[str, dict[str, int | None]] = {standing.application: {} for standing in whole}
    for name, standings in variants.items():
        for standing in standings:
            without[standing.application][name] = standing.rank
    return tuple(_range(s.application, s.rank, without[s.application]) for s in whole if s.rank is not None)


def _range(application: str, whole: int, without: Mapping[str, int | None]) -> RankRange:
    ranks = {name: found for name, found in without.items() if found is not None}
    best, worst = min([whole, *ranks.values()]), max([whole, *ranks.values()])
    return RankRange(
        application=application,
        rank=whole,
        best=best,
        worst=worst,
        best_without=tuple(name for name, found in ranks.items() if found == best < whole),
        worst_without=tuple(name for name, found in ranks.items() if found == worst > whole),
        unranked_without=tuple(name for name, found in without.items() if found is None),
    )
