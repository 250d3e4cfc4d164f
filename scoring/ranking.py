"""From reviews to standings: exact means, shared ranks, and the keys that separate equals where they must be."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from statistics import median

from locales import msg
from scoring.composite import check_weights, composite
from scoring.errors import ScoringError
from scoring.types import Review, Standing

LOT = "lot"
"""The word of a tie rule that stands for the recorded lot."""


def rank(reviews: Sequence[Review], weights: Mapping[str, int], applications: Sequence[str]) -> tuple[Standing, ...]:
    """Standings of ``applications`` in standard competition ranking (1, 2, 2, 4) on exact mean composites.

    ``weights``: criterion id -> whole points. A review of an application that is not among ``applications`` takes
    no part (it may have been dismissed or withdrawn after it was reviewed). An application without a complete
    review is not scored: rank None, at the end, never 0. The order of the input never matters; the output is
    ordered by rank, then by application id, and the second is for display only: it separates nobody.
    Raises ScoringError when an application is listed twice, when one reviewer has two reviews of one application,
    and as ``composite`` does.
    """
    check_weights(weights)
    _refuse_repeated(applications)
    of_application = _by_application(reviews)
    unranked = [_standing(name, of_application.get(name, ()), weights) for name in applications]
    scored = [standing for standing in unranked if standing.score is not None]
    scored.sort(key=lambda s: (-_score(s), s.application))
    not_scored = sorted((s for s in unranked if s.score is None), key=lambda s: s.application)
    return (*_with_ranks(scored), *not_scored)


def tie_keys(standing: Standing, tie_rule: Sequence[str], lot_seed: int) -> tuple[Fraction | int, ...]:
    """Keys that order applications of equal score; larger is better, compared from the first to the last.

    ``tie_rule``: the call's, criterion ids and ``lot``. A criterion gives its mean level, ``lot`` gives ``lot()``.
    An application that is not scored is never funded and has no keys: (). Raises ScoringError for a word of the
    rule that is neither a criterion of the standing nor ``lot``.
    """
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
        key = lot(standing.application, lot_seed) if word == LOT else standing.criterion_means[word]
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
