"""From reviews to standings: exact means, shared ranks, and the keys that separate equals where they must be."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from statistics import median

from locales import msg
from scoring.composite import check_weights, composite, consensus_composite
from scoring.errors import ScoringError
from scoring.types import LevelSpread, RankingScore, Review, Standing

LOT = "lot"
"""The word of a tie rule that stands for the recorded lot."""


def rank(
    reviews: Sequence[Review],
    weights: Mapping[str, int],
    applications: Sequence[str],
    *,
    consensus: Mapping[str, Mapping[str, int]] = {},
    ranking_score: RankingScore = "mean",
) -> tuple[Standing, ...]:
    """Standings of ``applications`` in standard competition ranking (1, 2, 2, 4) on exact scores.

    ``weights``: criterion id -> whole points. ``consensus``: application -> the panel's level per criterion. The
    score is the mean composite of the reviews; with ``consensus_else_mean`` it is the composite of the consensus
    where there is one, reviews or none. Mean, median, spread and criterion means are always those of the reviews.
    A review or a consensus of an application that is not among ``applications`` takes no part (it may have been
    dismissed or withdrawn after it was reviewed). An application without a score has rank None, at the end, never
    0. The order of the input never matters; the output is ordered by rank, then by application id, and the second
    is for display only: it separates nobody.
    Raises ScoringError when an application is listed twice, when one reviewer has two reviews of one application,
    when a consensus lacks a criterion or has one without weight, and as ``composite`` does.
    """
    check_weights(weights)
    _refuse_repeated(applications)
    of_application = _by_application(reviews)
    unranked = [
        _with_consensus(_standing(name, of_application.get(name, ()), weights), consensus, weights, ranking_score)
        for name in applications
    ]
    scored = [standing for standing in unranked if standing.score is not None]
    scored.sort(key=lambda s: (-_score(s), s.application))
    not_scored = sorted((s for s in unranked if s.score is None), key=lambda s: s.application)
    return (*_with_ranks(scored), *not_scored)


def what_if(
    reviews: Sequence[Review],
    weights: Mapping[str, int],
    applications: Sequence[str],
    consensus: Mapping[str, Mapping[str, int]],
    application: str,
    levels: Mapping[str, int] | None,
    ranking_score: RankingScore,
) -> tuple[Standing, Standing]:
    """Standing of ``application`` before and after ``levels`` become its consensus; nothing is changed.

    ``consensus`` is what is recorded so far, that of ``application`` included: it is replaced. ``levels`` None: what
    taking it back would do. Raises ScoringError when ``application`` is not among ``applications``, and as ``rank``.
    """
    if application not in applications:
        raise ScoringError(
            msg("Application {application} is not among the applications that are ranked.", application=application)
        )
    others = {name: given for name, given in consensus.items() if name != application}
    proposed = others if levels is None else {**others, application: levels}
    before, after = (
        next(
            standing
            for standing in rank(reviews, weights, applications, consensus=recorded, ranking_score=ranking_score)
            if standing.application == application
        )
        for recorded in (consensus, proposed)
    )
    return before, after


def criterion_spread(reviews: Sequence[Review]) -> Mapping[str, LevelSpread | None]:
    """Lowest and highest level and their distance, per criterion that the reviews of one application name.

    Every review that has a level counts, incomplete reviews included, as in the criterion means; None with fewer
    than two levels, as one level agrees with nobody. Raises ScoringError for reviews of two applications, two
    reviews by one reviewer, or a level that is no whole number.
    """
    names = sorted({review.application for review in reviews})
    if len(names) > 1:
        raise ScoringError(msg("Spread: reviews of {applications}; those of one are accepted.", applications=[*names]))
    levels: dict[str, list[int]] = {}
    for review in _by_application(reviews).get(names[0], ()) if names else ():
        for criterion, level in review.levels.items():
            given = levels.setdefault(criterion, [])
            # A one-criterion composite is the level itself, checked to be a whole number.
            if composite({criterion: level}, {criterion: 1}) is not None and level is not None:
                given.append(level)
    return {
        criterion: LevelSpread(min(given), max(given), max(given) - min(given)) if len(given) > 1 else None
        for criterion, given in levels.items()
    }


def tie_keys(standing: Standing, tie_rule: Sequence[str], lot_seed: int) -> tuple[Fraction | int, ...]:
    """Keys that order applications of equal score; larger is better, compared from the first to the last.

    ``tie_rule``: the call's, criterion ids and ``lot``. A criterion gives its consensus level where the score is the
    consensus, else its mean level, so that the keys come from what the score came from; ``lot`` gives ``lot()``.
    An application that is not scored is never funded and has no keys: (). Raises ScoringError for a word of the
    rule that is neither a criterion of the standing nor ``lot``.
    """
    levels: Mapping[str, Fraction | int | None] = standing.criterion_means
    if standing.score_source == "consensus":
        levels = standing.consensus_levels
    keys: list[Fraction | int] = []
    for word in tie_rule:
        if word != LOT and word not in standing.criterion_means:
            raise ScoringError(
                msg(
                    "Tie rule: {value} is not accepted; accepted: {accepted}.",
                    value=word,
                    accepted=[*standing.criterion_means, LOT],
                )
            )
        key = lot(standing.application, lot_seed) if word == LOT else levels[word]
        if key is not None:
            keys.append(key)
    return tuple(keys) if standing.score is not None else ()


def lot(application: str, seed: int) -> int:
    """The recorded lot: SHA-256 of ``seed:application`` (UTF-8) as an integer below 2**256; larger wins.

    With the seed published before the scores are known, anyone can draw it again.
    """
    return int.from_bytes(hashlib.sha256(f"{seed}:{application}".encode()).digest())


def _refuse_repeated(applications: Sequence[str]) -> None:
    seen: set[str] = set()
    for name in applications:
        if name in seen:
            raise ScoringError(
                msg("Application {application} is listed twice; it can be ranked once.", application=name)
            )
        seen.add(name)


def _by_application(reviews: Sequence[Review]) -> Mapping[str, tuple[Review, ...]]:
    found: dict[str, dict[str, Review]] = defaultdict(dict)
    for review in reviews:
        if review.reviewer in found[review.application]:
            raise ScoringError(
                msg(
                    "Application {application}: reviewer {reviewer} has two reviews; one is accepted.",
                    application=review.application,
                    reviewer=review.reviewer,
                )
            )
        found[review.application][review.reviewer] = review
    return {application: tuple(by_reviewer.values()) for application, by_reviewer in found.items()}


def _standing(application: str, reviews: Sequence[Review], weights: Mapping[str, int]) -> Standing:
    composites = [value for review in reviews if (value := composite(review.levels, weights)) is not None]
    mean = _mean(composites)
    return Standing(
        application=application,
        reviews=len(composites),
        score=mean,
        mean=mean,
        median=median(composites) if composites else None,
        spread=max(composites) - min(composites) if len(composites) > 1 else None,
        criterion_means={
            criterion: _mean([level for r in reviews if (level := r.levels.get(criterion)) is not None])
            for criterion in weights
        },
        rank=None,
    )


def _with_consensus(
    standing: Standing,
    consensus: Mapping[str, Mapping[str, int]],
    weights: Mapping[str, int],
    ranking_score: RankingScore,
) -> Standing:
    levels = consensus.get(standing.application)
    if levels is None:
        return standing
    value = consensus_composite(standing.application, levels, weights)
    recorded = replace(standing, consensus=value, consensus_levels=dict(levels))
    return replace(recorded, score=value, score_source="consensus") if ranking_score != "mean" else recorded


def _mean(values: Sequence[Fraction | int]) -> Fraction | None:
    return Fraction(sum(values), len(values)) if values else None


def _score(standing: Standing) -> Fraction:
    if standing.score is None:
        raise AssertionError("only scored applications have a place")
    return standing.score


def _with_ranks(scored: Sequence[Standing]) -> list[Standing]:
    placed: list[Standing] = []
    for _, group in groupby(scored, key=_score):
        equals = list(group)
        place = len(placed) + 1
        names = tuple(standing.application for standing in equals)
        placed += [
            replace(s, rank=place, tied_with=tuple(name for name in names if name != s.application)) for s in equals
        ]
    return placed
