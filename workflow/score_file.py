"""The analysis of a table of scores from a file: public data, another panel, a check by hand. Touches no database."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from locales import Message, msg
from scoring.composite import composite
from scoring.figures import PanelFigures, panel_figures
from scoring.posterior import SNSF_SCALE, Prior
from scoring.score_table import Score, ScoreTable, score_table
from scoring.states import NOTES, OUTCOMES
from workbooks.score_list import ScoreList, ScoreRow, read_scores
from workflow.errors import Refused

STATES: Mapping[str, Message] = {**OUTCOMES, **NOTES}
"""The sentence of every outcome and note by its name."""
MOST_APPLICATIONS = 10_000
MOST_ON_THE_SMALLER_SIDE = 1_000
"""Reviewers or applications, whichever are fewer: the work grows with the cube of their number."""


@dataclass(frozen=True, slots=True)
class FileAnalysis:
    """The figures of the scores of a file. ``incomplete``: reviews that lack a criterion, and so have no composite."""

    figures: PanelFigures
    incomplete: int


def read_score_file(data: bytes, name: str) -> ScoreList:
    """The rows of a file or its faults; raises FileRefused where it is no table of scores at all."""
    return read_scores(data, name)


def analyse_scores(given: ScoreList, k: int | None, seed: int, prior: Prior) -> FileAnalysis:
    """The analysis of the rows of ``given``, which has no faults.

    Raises Refused for more applications or reviewers than the analysis takes, and for the Swiss prior on scores that
    are not on its scale.
    """
    scores, weights, incomplete = _scores(given)
    sections = {row.application: row.section for row in given.rows} if "section" in given.columns else None
    table = score_table(scores, {s.application: sections[s.application] for s in scores} if sections else None)
    _refuse_too_large(table)
    if prior == "snsf":
        _refuse_other_scales(table)
    return FileAnalysis(panel_figures(table, seed, prior, k, weights), incomplete)


def _scores(given: ScoreList) -> tuple[list[Score], list[float] | None, int]:
    """One composite per review; the confidence weights in the order of the table; how many reviews lack a criterion."""
    if "criterion" in given.columns:
        return _composites(given)
    rows = sorted((r for r in given.rows if r.score is not None), key=lambda r: (r.application, r.reviewer))
    scores = [Score(r.reviewer, r.application, r.score) for r in rows if r.score is not None]
    weights = [float(r.weight or 1) for r in rows] if "weight" in given.columns else None
    return scores, weights, len(given.rows) - len(scores)


def _composites(given: ScoreList) -> tuple[list[Score], None, int]:
    """The weighted mean of the criteria, by the one function for it, which takes whole numbers: hence the scaling."""
    criteria = {row.criterion: row.weight or Fraction(1) for row in given.rows}
    common = lcm(*(weight.denominator for weight in criteria.values())) if criteria else 1
    weights = {name: int(weight * common) for name, weight in criteria.items()}
    scale = lcm(*(row.score.denominator for row in given.rows if row.score is not None)) if given.rows else 1
    reviews: dict[tuple[str, str], list[ScoreRow]] = defaultdict(list)
    for row in given.rows:
        reviews[row.reviewer, row.application].append(row)
    scores = []
    for (reviewer, application), rows in reviews.items():
        levels = {row.criterion: None if row.score is None else int(row.score * scale) for row in rows}
        if (value := composite(levels, weights)) is not None:
            scores.append(Score(reviewer, application, value / scale))
    return scores, None, len(reviews) - len(scores)


def _refuse_too_large(table: ScoreTable) -> None:
    if len(table.applications) > MOST_APPLICATIONS or min(table.shape) > MOST_ON_THE_SMALLER_SIDE:
        raise Refused(
            msg(
                "{applications} applications and {reviewers} reviewers are more than are analysed. Accepted: at most "
                "{most} applications, and at most {fewer} of whichever are fewer.",
                applications=table.shape[0],
                reviewers=table.shape[1],
                most=MOST_APPLICATIONS,
                fewer=MOST_ON_THE_SMALLER_SIDE,
            )
        )


def _refuse_other_scales(table: ScoreTable) -> None:
    low, high = SNSF_SCALE
    if table.exact and not low <= min(table.exact) <= max(table.exact) <= high:
        raise Refused(
            msg(
                "The prior snsf fits a scale from {low} to {high} only; the scores go from {least} to {most}.",
                low=str(low),
                high=str(high),
                least=min(table.exact),
                most=max(table.exact),
            )
        )
