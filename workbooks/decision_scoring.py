"""The scores as the score sheet lists them, held against the scores of the decision list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from locales import msg
from workbooks.decision_data import DecisionData, DecisionDataError, DecisionRow, ScoreRow


@dataclass(frozen=True, slots=True)
class ListedScore:
    """A line of the score sheet: ``number`` is the application's line on the decision list, ``counted`` tells
    whether its review has a level for every criterion and so counts in the mean.
    """

    number: int
    project: str
    row: ScoreRow
    counted: bool


def listed_rows(data: DecisionData) -> tuple[DecisionRow, ...]:
    """The applications by rank, not scored ones last, then by case number: the order is for reading only."""
    return tuple(sorted(data.rows, key=lambda row: (row.rank is None, row.rank or 0, row.case_number)))


def listed_scores(data: DecisionData, rows: Sequence[DecisionRow]) -> tuple[ListedScore, ...]:
    """The score lines by application, reviewer, and criterion in the order given.

    Raises DecisionDataError for a line of an unknown application, a line given twice, a criterion with two weights,
    and, where there are score lines at all, a score that is not the mean of its reviews' composites.
    """
    numbers = {row.case_number: number for number, row in enumerate(rows, start=1)}
    projects = {row.case_number: row.project for row in rows}
    _check_lines(data.scores, numbers)
    criteria = {score.criterion for score in data.scores}
    given: dict[tuple[str, str], set[str]] = {}
    for score in data.scores:
        if score.level is not None:
            given.setdefault((score.case_number, score.reviewer_key), set()).add(score.criterion)
    lines = [
        ListedScore(
            numbers[score.case_number],
            projects[score.case_number],
            score,
            given.get((score.case_number, score.reviewer_key)) == criteria,
        )
        for score in data.scores
    ]
    lines.sort(key=lambda line: (line.number, line.row.reviewer, line.row.reviewer_key))
    _check_means(rows, lines)
    return tuple(lines)


def _check_lines(scores: Sequence[ScoreRow], numbers: Mapping[str, int]) -> None:
    seen: set[tuple[str, str, str]] = set()
    weights: dict[str, int] = {}
    for score in scores:
        key = (score.case_number, score.reviewer_key, score.criterion)
        if score.case_number not in numbers:
            raise DecisionDataError(
                msg("Case number {case} has scores but is not on the decision list.", case=score.case_number)
            )
        if key in seen:
            raise DecisionDataError(
                msg(
                    "Application {case}: reviewer {reviewer} has two levels for criterion {criterion}.",
                    case=score.case_number,
                    reviewer=score.reviewer,
                    criterion=score.criterion,
                )
            )
        if weights.setdefault(score.criterion, score.weight) != score.weight:
            raise DecisionDataError(
                msg(
                    "Criterion {criterion} has two weights, {one} and {other}; one is accepted.",
                    criterion=score.criterion,
                    one=weights[score.criterion],
                    other=score.weight,
                )
            )
        seen.add(key)


def _check_means(rows: Sequence[DecisionRow], lines: Sequence[ListedScore]) -> None:
    # The sheet recomputes the score; a score that does not follow from its own score sheet must not leave.
    if not lines:
        return
    points: dict[int, int] = {}
    weights: dict[int, int] = {}
    for line in lines:
        if line.counted and line.row.level is not None:
            points[line.number] = points.get(line.number, 0) + line.row.weight * line.row.level
            weights[line.number] = weights.get(line.number, 0) + line.row.weight
    for number, row in enumerate(rows, start=1):
        mean = Fraction(points[number], weights[number]) if weights.get(number) else None
        if row.score_source == "mean" and row.score != mean:
            raise DecisionDataError(
                msg(
                    "Application {case}: score {score} is not the mean of its reviews, {mean}.",
                    case=row.case_number,
                    score=msg("not scored") if row.score is None else row.score,
                    mean=msg("not scored") if mean is None else mean,
                )
            )
