"""How much the ranking hangs on one reviewer, one criterion or the weights; worked out without what is hidden."""

from dataclasses import dataclass
from functools import lru_cache

from access.permissions import Actor, can_see_ranking, require
from scoring.errors import ScoringError
from scoring.sensitivity import RankRange, leave_criteria_out, leave_reviewers_out
from scoring.types import RankingScore, Review
from scoring.weight_range import WeightRange, weight_ranges
from workflow.errors import Refused
from workflow.house import House
from workflow.meeting_docket import reach_of
from workflow.panel_statistics import open_docket
from workflow.review_check import weights

MOST_APPLICATIONS = 1_000
"""More are not compared: every application is held against every other, exactly."""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """``reviewers`` and ``criteria``: ranks without each in turn; ``shares``: over which weights the side is kept.

    ``names``: reviewer's key -> name. ``above``: how many applications the appropriation reaches. ``too_many``: nothing was
    worked out, as there are more than ``MOST_APPLICATIONS``.
    """

    reviewers: tuple[RankRange, ...]
    criteria: tuple[RankRange, ...]
    shares: tuple[WeightRange, ...]
    names: dict[str, str]
    above: int
    too_many: bool = False


def get_sensitivity(house: House, actor: Actor, call_id: str) -> Sensitivity:
    """The ranks without each reviewer and each criterion, and the weights over which each application keeps its side.

    Refused for weights and levels that are too fine to be compared exactly.
    """
    require(actor, can_see_ranking)
    with house.reading() as uow:
        docket = open_docket(uow, actor, call_id)
    names = {str(read.reviewer_id): read.reviewer for reads in docket.reads.values() for read in reads}
    above = reach_of(docket, docket.standings())
    if len(docket.views) > MOST_APPLICATIONS:
        return Sensitivity((), (), (), names, above, too_many=True)
    given = tuple((r.application, r.reviewer, tuple(sorted(r.levels.items()))) for r in docket.reviews)
    agreed = tuple((case, tuple(sorted(levels.items()))) for case, levels in sorted(docket.agreed.items()))
    points = tuple(weights(docket.call).items())
    try:
        reviewers, criteria, shares = _sensitivity(
            given, points, tuple(docket.views), agreed, docket.call.scoring.ranking_score.value, above
        )
    except ScoringError as error:
        raise Refused(error.message) from error
    return Sensitivity(reviewers, criteria, shares, names, above)


@lru_cache(maxsize=8)
def _sensitivity(
    given: tuple[tuple[str, str, tuple[tuple[str, int | None], ...]], ...],
    points: tuple[tuple[str, int], ...],
    applications: tuple[str, ...],
    agreed: tuple[tuple[str, tuple[tuple[str, int], ...]], ...],
    source: RankingScore,
    above: int,
) -> tuple[tuple[RankRange, ...], tuple[RankRange, ...], tuple[WeightRange, ...]]:
    """Kept by content: the same reviews are not ranked again for the next reader."""
    reviews = [Review(application, reviewer, dict(levels)) for application, reviewer, levels in given]
    consensus = {case: dict(levels) for case, levels in agreed}
    of = reviews, dict(points), applications
    return (
        leave_reviewers_out(*of, consensus, source),
        leave_criteria_out(*of, consensus, source),
        weight_ranges(*of, above, consensus, source),
    )
