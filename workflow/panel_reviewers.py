"""How reviewers score and how far they agree. Reviewers are named, so that the chair knows whom to talk with."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from access.permissions import Actor, can_see_ranking, can_see_reviewer_statistics, require
from locales import Message
from scoring.figures import PanelFigures, ReviewerFigures
from scoring.scale_use import ScaleUse, scale_use
from scoring.score_table import complete_scores, score_table
from workflow.house import House
from workflow.meeting_docket import Docket
from workflow.panel_statistics import criterion_figures, figures_of, open_docket, states_of
from workflow.review_check import weights


@dataclass(frozen=True, slots=True)
class ReviewerRow:
    """One reviewer with at least one counted review. ``mean``: of the own composites, None without a complete review.

    ``figures``: None without a complete review.
    """

    reviewer_id: int
    reviewer: str
    reviews: int
    mean: Fraction | None
    figures: ReviewerFigures | None
    use: ScaleUse


@dataclass(frozen=True, slots=True)
class ReviewerStatistics:
    """``levels``: the call's, lowest first; ``figures``: of the whole panel, its outcome and F test among them."""

    levels: tuple[int, ...]
    rows: tuple[ReviewerRow, ...]
    figures: PanelFigures

    @property
    def states(self) -> tuple[Message, ...]:
        """In words, what limits the figures."""
        return states_of(self.figures)


@dataclass(frozen=True, slots=True)
class PanelAgreement:
    """``whole``: of the composites; ``criteria``: criterion id -> figures of its levels alone."""

    whole: PanelFigures
    criteria: Mapping[str, PanelFigures]


def get_reviewer_statistics(house: House, actor: Actor, call_id: str) -> ReviewerStatistics:
    """Severity, use of the scale and shared applications of each reviewer, by name."""
    require(actor, can_see_reviewer_statistics)
    with house.reading() as uow:
        docket = open_docket(uow, actor, call_id)
    figures = figures_of(docket)
    scales = {criterion.id: tuple(rung.value for rung in criterion.levels) for criterion in docket.call.criteria}
    levels = tuple(sorted({level for scale in scales.values() for level in scale}))
    return ReviewerStatistics(levels, _rows(docket, figures, scales), figures)


def get_agreement(house: House, actor: Actor, call_id: str) -> PanelAgreement:
    """How far reviewers agree on the composite and on each criterion."""
    require(actor, can_see_ranking)
    with house.reading() as uow:
        docket = open_docket(uow, actor, call_id)
    return PanelAgreement(
        whole=figures_of(docket),
        criteria={criterion.id: criterion_figures(docket, criterion.id) for criterion in docket.call.criteria},
    )


def _rows(docket: Docket, figures: PanelFigures, scales: Mapping[str, tuple[int, ...]]) -> tuple[ReviewerRow, ...]:
    names: dict[int, str] = {}
    composites: dict[int, list[Fraction]] = {}
    reviews: dict[int, int] = {}
    for reads in docket.reads.values():
        for read in reads:
            names[read.reviewer_id] = read.reviewer
            reviews[read.reviewer_id] = reviews.get(read.reviewer_id, 0) + 1
            given = composites.setdefault(read.reviewer_id, [])
            if read.composite is not None:
                given.append(read.composite)
    use = scale_use(docket.reviews, scales, score_table(complete_scores(docket.reviews, weights(docket.call))))
    of_reviewer = {found.reviewer: found for found in figures.reviewers}
    return tuple(
        ReviewerRow(
            reviewer_id=key,
            reviewer=name,
            reviews=reviews[key],
            mean=Fraction(sum(composites[key]), len(composites[key])) if composites[key] else None,
            figures=of_reviewer.get(str(key)),
            use=use[str(key)],
        )
        for key, name in sorted(names.items(), key=lambda item: (item[1], item[0]))
    )
