"""The analysis of a table of scores from a file: public data, another panel, a check by hand. Touches no database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from locales import Message, msg
from scoring.composite import composite
from scoring.figures import PanelFigures, panel_figures
from scoring.posterior import SNSF_SCALE, Prior
from scoring.score_table import Score, score_table
from scoring.states import NOTES, OUTCOMES
from workbooks.score_cells import ScoreFault
from workbooks.score_list import ScoreList, ScoreRow, read_scores

__all__ = [
    "MOST_APPLICATIONS",
    "MOST_ON_THE_SMALLER_SIDE",
    "STATES",
    "FileAnalysis",
    "ScoreFault",
    "ScoreFile",
    "analyse_scores",
    "read_score_file",
]

STATES: Mapping[str, Message] = {**OUTCOMES, **NOTES}
"""The sentence of every outcome and note by its name."""
MOST_APPLICATIONS = 10_000
MOST_ON_THE_SMALLER_SIDE = 1_000
"""Reviewers or applications, whichever are fewer: the work grows with the cube of their number."""
LEAST_SPREAD = Fraction(1, 10**12)
LEAST_SHARE = Fraction(1, 10**9)
"""What the scores must differ by, and as a share of the largest: less drowns in rounding."""


@dataclass(frozen=True, slots=True)
class ScoreFile:
    """The composites of a file, one per reviewer and application, or its faults.

    ``weights``: confidence of each review, for a file with weights but no criteria. ``sections``: of each application.
    ``unscored`` and ``silent``: applications and reviewers without a single composite. ``notes``: keys of ``STATES``.
    """

    scores: tuple[Score, ...] = ()
    weights: Mapping[tuple[str, str], Fraction] | None = None
    sections: Mapping[str, str] | None = None
    unscored: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    faults: tuple[ScoreFault, ...] = ()


@dataclass(frozen=True, slots=True)
class FileAnalysis:
    """The figures of the scores of ``given``, and what limits them: keys of ``STATES``."""

    given: ScoreFile
    figures: PanelFigures
    warnings: tuple[str, ...]


def read_score_file(data: bytes, name: str, prior: Prior = "flat") -> ScoreFile:
    """The scores of a file, or its faults with line and column: what cannot be read, or is more than is analysed.

    With ``prior`` "snsf" a score that is not on the Swiss scale is a fault.
    """
    rows = read_scores(data, name)
    if rows.faults:
        return ScoreFile(faults=rows.faults)
    if fault := _too_large(rows.rows, prior) or (_other_scale(rows.rows) if prior == "snsf" else None):
        return ScoreFile(faults=(fault,))
    found = _score_file(rows)
    fault = _too_alike(rows.rows, found.scores)
    return ScoreFile(faults=(fault,)) if fault else found


def analyse_scores(given: ScoreFile, k: int | None, seed: int, prior: Prior) -> FileAnalysis:
    """The figures of ``given``, which was read with the same ``prior`` and has no faults."""
    sections = given.sections and {score.application: given.sections[score.application] for score in given.scores}
    table = score_table(given.scores, sections)
    weights = None
    if given.weights is not None:
        names = zip(table.rows, table.columns, strict=True)
        weights = [float(given.weights[table.reviewers[column], table.applications[row]]) for row, column in names]
    figures = panel_figures(table, seed, prior, k, weights)
    outcome = (figures.outcome,) if figures.outcome else ()
    return FileAnalysis(given, figures, (*outcome, *figures.notes, *given.notes))


def _score_file(given: ScoreList) -> ScoreFile:
    weights = None
    if "criterion" in given.columns:
        scores, left_out = _composites(given.rows), "incomplete_reviews"
    else:
        scores = [Score(r.reviewer, r.application, r.score) for r in given.rows if r.score is not None]
        left_out = "empty_scores"
        if "weight" in given.columns:
            weights = {(r.reviewer, r.application): r.weight for r in given.rows if r.weight is not None}
    unscored = {row.application for row in given.rows} - {score.application for score in scores}
    reviews = {(row.reviewer, row.application) for row in given.rows}
    notes = [left_out] if len(scores) < len(reviews) else []
    return ScoreFile(
        scores=tuple(scores),
        weights=weights,
        sections={r.application: r.section for r in given.rows} if "section" in given.columns else None,
        unscored=tuple(sorted(unscored)),
        silent=tuple(sorted({row.reviewer for row in given.rows} - {score.reviewer for score in scores})),
        notes=(*notes, "unscored") if unscored else tuple(notes),
    )


def _composites(rows: Sequence[ScoreRow]) -> list[Score]:
    """The weighted mean of the criteria, by the one function for it, which takes whole numbers: hence the scaling."""
    given = {row.criterion: row.weight or Fraction(1) for row in rows}
    common = lcm(*(weight.denominator for weight in given.values()))
    weights = {name: int(weight * common) for name, weight in given.items()}
    scale = lcm(*(row.score.denominator for row in rows if row.score is not None))
    reviews: dict[tuple[str, str], dict[str, int | None]] = defaultdict(dict)
    for row in rows:
        level = None if row.score is None else int(row.score * scale)
        reviews[row.reviewer, row.application][row.criterion] = level
    found = ((*names, composite(levels, weights)) for names, levels in reviews.items())
    return [Score(reviewer, application, value / scale) for reviewer, application, value in found if value is not None]


def _too_large(rows: Iterable[ScoreRow], prior: Prior) -> ScoreFault | None:
    """The row with which the table becomes larger than what is analysed; snsf never takes the reviewers as the larger side."""
    applications: set[str] = set()
    reviewers: set[str] = set()
    for row in rows:
        column = "reviewer" if row.application in applications else "application"
        applications.add(row.application)
        reviewers.add(row.reviewer)
        sizes = len(applications), len(reviewers)
        matrix = len(reviewers) if prior == "snsf" else min(sizes)
        if max(sizes) > MOST_APPLICATIONS or matrix > MOST_ON_THE_SMALLER_SIDE:
            problem = msg(
                "With this row there are {applications} applications and {reviewers} reviewers. Accepted are at most "
                "{most} of either and at most {fewer} of one of them; with the prior snsf at most {fewer} reviewers.",
                applications=len(applications),
                reviewers=len(reviewers),
                most=MOST_APPLICATIONS,
                fewer=MOST_ON_THE_SMALLER_SIDE,
            )
            return ScoreFault(row.line, column, getattr(row, column), problem)
    return None


def _other_scale(rows: Sequence[ScoreRow]) -> ScoreFault | None:
    """The first score that is not on the scale for which the Swiss prior is made, or a second section."""
    low, high = SNSF_SCALE
    first = next((row.section for row in rows), "")
    for row in rows:
        if row.section != first:
            # Its mean is one for all, so that applications could not be compared with their own section's.
            problem = msg("The prior snsf takes one section. Several are analysed with the prior flat.")
            return ScoreFault(row.line, "section", row.section, problem)
        if row.score is not None and not low <= row.score <= high:
            problem = msg(
                "The prior snsf is made for scores from {low} to {high}. Other scores are analysed with the prior flat.",
                low=low,
                high=high,
            )
            return ScoreFault(row.line, "score", _written(row.score), problem)
    return None


def _too_alike(rows: Iterable[ScoreRow], scores: Iterable[Score]) -> ScoreFault | None:
    """The largest score, where all are so near to each other that their differences would drown in rounding."""
    values = {score.value: score for score in scores}
    if len(values) < 2:
        return None
    least, most = min(values), max(values)
    largest = max(abs(least), abs(most))
    if most - least >= max(LEAST_SPREAD, largest * LEAST_SHARE):
        return None
    of = values[most]
    row = next(row for row in rows if (row.reviewer, row.application) == (of.reviewer, of.application))
    problem = msg(
        "The scores differ by less than a billionth of their size or by less than 0.000000000001. Take off "
        "what they have in common, or write them in another unit."
    )
    return ScoreFault(row.line, "score", _written(most), problem)


def _written(value: Fraction) -> str:
    return f"{float(value):.15g}"
