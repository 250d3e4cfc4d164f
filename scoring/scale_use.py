"""How each reviewer uses the scale: which levels, how spread out, how many applications shared with others."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scoring.calibration import calibrate
from scoring.graph import describe_graph
from scoring.score_table import ScoreTable
from scoring.types import Review


@dataclass(frozen=True, slots=True)
class ScaleUse:
    """``levels``: how often each level of the call was given, over all criteria. ``shared``: reviewed applications that
    somebody else reviewed as well. ``partners``: how many others those are. ``residual_sd``: how far the scores lie
    from what application and reviewer explain, per score that is free to vary; None where that cannot be told.
    """

    reviewer: str
    levels: Mapping[int, int]
    shared: int
    partners: int
    residual_sd: float | None

    def share(self, level: int) -> float | None:
        """The part of all levels given that is ``level``, 0 to 1; None when none was given."""
        given = sum(self.levels.values())
        return self.levels.get(level, 0) / given if given else None


def scale_use(reviews: Sequence[Review], levels: Sequence[int], table: ScoreTable) -> dict[str, ScaleUse]:
    """Reviewer -> use of the scale. ``levels``: those of the call; ``table``: the composites of the same ``reviews``."""
    given: dict[str, dict[int, int]] = defaultdict(lambda: dict.fromkeys(levels, 0))
    of_application: dict[str, set[str]] = defaultdict(set)
    of_reviewer: dict[str, set[str]] = defaultdict(set)
    for review in reviews:
        of_application[review.application].add(review.reviewer)
        of_reviewer[review.reviewer].add(review.application)
        for level in review.levels.values():
            if level is not None:
                given[review.reviewer][level] = given[review.reviewer].get(level, 0) + 1
    spread = residual_spread(table)
    return {
        name: ScaleUse(
            reviewer=name,
            levels=given[name],
            shared=sum(len(of_application[application]) > 1 for application in applications),
            partners=len(set().union(*(of_application[application] for application in applications)) - {name}),
            residual_sd=spread.get(name),
        )
        for name, applications in sorted(of_reviewer.items())
    }


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
