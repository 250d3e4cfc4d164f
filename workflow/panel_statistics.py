"""What the scores of a call can bear: adjusted means, the uncertainty of the ranks, and where one more review matters.

Everything is worked out as if applications that are hidden from the reader were not there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from access.permissions import Actor, can_see_ranking, require
from locales import Message
from scoring.analysis import Analysis, analyse
from scoring.composite import composite
from scoring.figures import ApplicationFigures, PanelFigures, figures_of_analysis, panel_figures
from scoring.funding_line import FundingLine, funding_line
from scoring.rank_draws import BANDS as BANDS
from scoring.score_table import Score, complete_scores, score_table
from scoring.states import NOTES, OUTCOMES
from scoring.threads import one_thread
from scoring.types import Standing
from storage.unit import UnitOfWork
from workflow.calls import load_call
from workflow.house import House
from workflow.meeting_docket import Docket, line_of, load_docket, reach_of
from workflow.review_check import weights
from workflow.visibility import blocked_applications, unsubmitted


@dataclass(frozen=True, slots=True)
class RankingStatistics:
    """The figures beside the ranking. ``standings``: the ranking itself, best first.

    ``line``: the score of the last application the appropriation reaches, None when it funds nothing. ``lines``:
    band -> the funding line on the scale of expected ranks with the sides of the applications; empty when there is none.
    """

    standings: tuple[Standing, ...]
    figures: PanelFigures
    line: Fraction | None
    lines: Mapping[int, FundingLine]

    @property
    def above(self) -> int:
        """To how many applications the appropriation reaches: the k of the figures."""
        return self.figures.k or 0

    @property
    def by_case(self) -> Mapping[str, ApplicationFigures]:
        """Case number -> figures, of the applications that have a score."""
        return {figures.application: figures for figures in self.figures.applications}

    @property
    def where_a_review_matters(self) -> tuple[ApplicationFigures, ...]:
        """The applications by what one more review would tell, most first; equals by case number."""
        known = [found for found in self.figures.applications if found.gain is not None]
        return tuple(sorted(known, key=lambda found: (-(found.gain or 0.0), found.application)))

    @property
    def states(self) -> tuple[Message, ...]:
        """In words, what limits the figures: the outcome that withholds them first."""
        return states_of(self.figures)


def get_ranking_statistics(house: House, actor: Actor, call_id: str) -> RankingStatistics:
    """What the scores of the call can bear, as they stand."""
    require(actor, can_see_ranking)
    with house.reading() as uow:
        docket = open_docket(uow, actor, call_id)
    standings = docket.standings()
    figures = figures_of(docket)
    k = figures.k or 0
    line = line_of(standings, k)
    lines = {band: funding_line(figures.applications, k, band) for band in BANDS}
    return RankingStatistics(
        standings, figures, line, {band: found for band, found in lines.items() if found is not None}
    )


def states_of(figures: PanelFigures) -> tuple[Message, ...]:
    """In words, what limits ``figures``: the outcome that withholds them first."""
    outcome = () if figures.outcome is None else (OUTCOMES[figures.outcome],)
    return (*outcome, *(NOTES[note] for note in figures.notes))


def open_docket(uow: UnitOfWork, actor: Actor, call_id: str) -> Docket:
    """The eligible applications without those that are hidden from the actor. For other use cases."""
    call = load_call(uow, call_id)
    return load_docket(uow, call, blocked_applications(uow, call_id, actor) | unsubmitted(uow, call_id, actor))


def figures_of(docket: Docket) -> PanelFigures:
    """The figures of the composites that rank, with the draws of agreed applications around their consensus.

    Their k is how many applications the appropriation reaches in rank order with the call's values.
    """
    standings = docket.standings()
    k = reach_of(docket, standings)
    decided = {s.application: s.score for s in standings if s.score_source == "consensus" and s.score is not None}
    scores = complete_scores(docket.reviews, weights(docket.call))
    unscored = decided.keys() - {score.application for score in scores}
    seed = docket.call.scoring.lot_seed.value
    with one_thread():
        analysis = _analysis(scores, seed, tuple(sorted(unscored)))
        return figures_of_analysis(analysis, seed, k=k, consensus=decided)


def criterion_figures(docket: Docket, criterion: str) -> PanelFigures:
    """The figures of one criterion's levels, each review that has a level counted."""
    given = ((r, composite({criterion: r.levels.get(criterion)}, {criterion: 1})) for r in docket.reviews)
    scores = tuple(Score(r.reviewer, r.application, level) for r, level in given if level is not None)
    return _criterion_figures(scores, docket.call.scoring.lot_seed.value)


@lru_cache(maxsize=4)
def _analysis(scores: tuple[Score, ...], seed: int, unscored: tuple[str, ...]) -> Analysis:
    """Fit and draws, kept by content: what is shown of them (the line, a consensus) may change without a new fit."""
    return analyse(score_table(scores, unscored=unscored), seed)


@lru_cache(maxsize=64)
def _criterion_figures(scores: tuple[Score, ...], seed: int) -> PanelFigures:
    return panel_figures(score_table(scores), seed)
