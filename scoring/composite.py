"""The composite of one review: the weighted mean of its levels, on the levels' own scale.

    composite = sum(weight * level) / sum(weight)

Every place that shows or uses a composite calls this file, so that there is one sum.
"""

from collections.abc import Mapping
from fractions import Fraction

from locales import msg
from scoring.errors import ScoringError
from scoring.types import RunningTotal


def composite(levels: Mapping[str, int | None], weights: Mapping[str, int]) -> Fraction | None:
    """Weighted mean of ``levels`` on their own scale; None when any criterion of ``weights`` has no level.

    ``weights``: criterion id -> whole points, at least 1 each. A level of a criterion that has no weight is not
    counted, so that a ranking can be made without one criterion. Raises ScoringError for weights or levels that
    are no whole numbers, or when there is no weight at all.
    """
    return running_total(levels, weights).composite


def running_total(levels: Mapping[str, int | None], weights: Mapping[str, int]) -> RunningTotal:
    """What is scored so far and how much weight is missing. Raises ScoringError as ``composite`` does."""
    check_weights(weights)
    given = {criterion: _whole(criterion, levels.get(criterion)) for criterion in weights}
    scored = {criterion: level for criterion, level in given.items() if level is not None}
    return RunningTotal(
        scored_weight=sum(weights[criterion] for criterion in scored),
        total_weight=sum(weights.values()),
        points=sum(weights[criterion] * level for criterion, level in scored.items()),
        missing=tuple(criterion for criterion, level in given.items() if level is None),
    )


def consensus_composite(application: str, levels: Mapping[str, int], weights: Mapping[str, int]) -> Fraction:
    """The composite of a consensus, which has a level for every criterion of ``weights`` and for no other.

    Raises ScoringError for a criterion that is missing or unknown, and as ``composite`` does.
    """
    unknown = sorted(levels.keys() - weights.keys())
    if unknown:
        raise ScoringError(
            msg(
                "Application {application}, consensus: criterion {value} is not known; accepted: {accepted}.",
                application=application,
                value=unknown[0],
                accepted=list(weights),
            )
        )
    total = running_total(levels, weights)
    if total.composite is None:
        raise ScoringError(
            msg(
                "Application {application}, consensus: no level for {missing}; every criterion needs one.",
                application=application,
                missing=list(total.missing),
            )
        )
    return total.composite


def check_weights(weights: Mapping[str, int]) -> None:
    """Raise ScoringError unless there is a weight and every weight is a whole number of at least 1."""
    if not weights:
        raise ScoringError(msg("There are no weights; at least one criterion with a weight is needed."))
    for criterion, weight in weights.items():
        if type(weight) is not int or weight < 1:
            raise ScoringError(
                msg(
                    "Weight of criterion {criterion}: {value} is not accepted; a whole number of at least 1 is.",
                    criterion=criterion,
                    value=str(weight),
                )
            )


def _whole(criterion: str, level: int | None) -> int | None:
    # bool is an int in Python, and a float level would end as a float that is compared.
    if level is not None and type(level) is not int:
        raise ScoringError(
            msg(
                "Level of criterion {criterion}: {value} is not accepted; a whole number is, or nothing.",
                criterion=criterion,
                value=str(level),
            )
        )
    return level
