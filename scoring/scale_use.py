"""How each reviewer uses the scale: which levels, how spread out, how many applications shared with others."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.calibration import calibrate
from scoring.graph import describe_graph
from scoring.score_table import ScoreTable
from scoring.types import Review


@dataclass(frozen=True, slots=True)
class ScaleUse:
    """``levels``: how often each level was given, over all criteria; ``lowest`` and ``highest``: what part of them was the
    lowest or the highest of its own criterion, 0 to 1, None when none was given. ``shared``: reviewed applications that
    somebody else reviewed as well. ``partners``: how many others those are. ``residual_sd``: how far the scores lie
    from what application and reviewer explain, per score that is free to vary; None where that cannot be told.
    """

    reviewer: str
    levels: Mapping[int, int]
    lowest: float | None
    highest: float | None
    shared: int
    partners: int
    residual_sd: float | None


def scale_use(reviews: Sequence[Review], levels: Mapping[str, Sequence[int]], table: ScoreTable) -> dict[str, ScaleUse]:
    """Reviewer -> use of the scale. ``levels``: of each criterion; ``table``: the composites of the same ``reviews``."""
    of_application: dict[str, set[str]] = defaultdict(set)
    of_reviewer: dict[str, list[Review]] = defaultdict(list)
    for review in reviews:
        of_application[review.application].add(review.reviewer)
        of_reviewer[review.reviewer].append(review)
    spread = residual_spread(table)
    found = {}
    for name, own in sorted(of_reviewer.items()):
        together = [of_application[review.application] for review in own]
        found[name] = ScaleUse(
            name,
            *_levels_given(own, levels),
            shared=sum(len(people) > 1 for people in together),
            partners=len(set().union(*together) - {name}),
            residual_sd=spread.get(name),
        )
    return found


def _levels_given(
    reviews: Sequence[Review], levels: Mapping[str, Sequence[int]]
) -> tuple[Mapping[int, int], float | None, float | None]:
    """How often each level was given, and what part was the lowest and the highest of its criterion."""
    given = [
        (levels[criterion], level)
        for review in reviews
        for criterion, level in review.levels.items()
        if level is not None and criterion in levels
    ]
    counts = Counter(level for _, level in given)
    every = {level for scale in levels.values() for level in scale} | counts.keys()
    found = {level: counts[level] for level in sorted(every)}
    if not given:
        return found, None, None
    low, high = (sum(level == end(scale) for scale, level in given) / len(given) for end in (min, max))
    return found, low, high


def residual_spread(table: ScoreTable) -> dict[str, float]:
    """Reviewer -> square root of  sum r^2 / sum (1 - h)  over the additive fit's residuals r and leverages h.

    Without reviewers whose scores the fit leaves no freedom, and empty where the panel falls into parts.
    """
    if not len(table.values) or describe_graph(table).components != 1:
        return {}
    fit = calibrate(table)
    size = len(table.reviewers)
    free = np.bincount(table.columns, 1 - fit.leverage, size)
    squares = np.bincount(table.columns, fit.residuals**2, size)
    return {
        name: float(np.sqrt(squares[position] / free[position]))
        for position, name in enumerate(table.reviewers)
        if free[position] > 1e-6
    }
