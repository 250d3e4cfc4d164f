"""The sheet Pisteet: every level that each reviewer gave, and what it weighs."""

from typing import Any

from decisions.spec import CONSENSUS
from decisions.tables import Row
from locales import msg
from workbooks.book_sheet import StreamedSheet
from workbooks.decision_book import Book
from workbooks.decision_cells import fact_cell
from workbooks.decision_columns import NOT_SCORED, NUMBER, application_column, field_column, in_words
from workbooks.decision_plan import Context, Plan, PlannedColumn

LIVE_ROWS = 6_000
"""Rows up to which each row looks through all the others; in a larger table that would take minutes."""


def live(context: Context) -> bool:
    """Whether formulas of a row look through all rows of the levels."""
    return len(context.tables["scores"]) <= LIVE_ROWS


def _weight(context: Context, row: Row) -> int:
    return int(context.words.facts[f"criterion.{row['criterion']}"]["weight"])


def _weight_cell(context: Context, row: Row, _at: int) -> str:
    return "=" + fact_cell(context, f"criterion.{row['criterion']}")


def _points(context: Context, row: Row) -> int | None:
    return None if row["level"] is None else _weight(context, row) * int(row["level"])


def _points_formula(context: Context, _row: Row, at: int) -> str:
    level, weight = (_cell(context, name, at) for name in ("level", "weight"))
    return f"=IF(ISNUMBER({level}),{weight}*{level},{in_words(context, NOT_SCORED)})"


def _counted_formula(context: Context, _row: Row, at: int) -> str:
    """A review counts when it has a level for every criterion and its application is in the ranking."""
    if not live(context):
        return ""
    scores, number, reviewer = context.layout["scores"], _cell(context, "number", at), _cell(context, "reviewer", at)
    criteria = sum(key.startswith("criterion.") for key in context.words.facts)
    levels = (
        f"COUNTIFS({scores.range('number')},{number},{scores.range('reviewer')},{reviewer},"
        f'{scores.range("level")},">=0")={criteria}'
    )
    conditions = [levels, f"COUNTIF({context.layout['ranking'].range('number')},{number})>0"]
    if context.words.facts["call.ranking_score"] == "mean":
        conditions.append(f"{reviewer}<>{panel(context)}")
    yes, no = (in_words(context, context.words.of("yes", code)) for code in ("yes", "no"))
    return f"=IF(AND({','.join(conditions)}),{yes},{no})"


def _of_review(context: Context, row: Row) -> float | None:
    """The weighted mean of the review of the row; None when it does not count."""
    if not row["counted"]:
        return None
    found = context.once("composites", lambda: _composites(context))
    return found[row["case_number"], row["reviewer"]]


def _review_formula(context: Context, _row: Row, at: int) -> str:
    if not live(context):
        return ""
    scores = context.layout["scores"]
    of_review = f"{scores.range('number')},{_cell(context, 'number', at)},{scores.range('reviewer')},{_cell(context, 'reviewer', at)}"
    sums = [f"SUMIFS({scores.range(name)},{of_review})" for name in ("points", "weight")]
    yes = in_words(context, context.words.of("yes", "yes"))
    return f'=IF({_cell(context, "counted", at)}={yes},{sums[0]}/{sums[1]},"")'


def panel(context: Context) -> str:
    """The words in the reviewer's column of a row that is the panel's consensus, as a formula has them."""
    return in_words(context, context.words.of("reviewer", CONSENSUS))


def _composites(context: Context) -> dict[tuple[Any, Any], float]:
    sums: dict[tuple[Any, Any], list[int]] = {}
    for row in context.tables["scores"]:
        if row["counted"]:
            weight = _weight(context, row)
            total = sums.setdefault((row["case_number"], row["reviewer"]), [0, 0])
            total[0] += weight * int(row["level"])
            total[1] += weight
    return {key: points / weight for key, (points, weight) in sums.items()}


def _name(context: Context, row: Row) -> str | None:
    reviewer = context.tables.private.get(row["reviewer"])
    return None if reviewer is None else reviewer.name


def _cell(context: Context, name: str, at: int) -> str:
    return context.layout["scores"].cell(name, at)


PLAN = Plan(
    "scores",
    msg("Scores"),
    "scores",
    (
        NUMBER,
        field_column("scores", "case_number", 16),
        application_column("project", 28),
        field_column("scores", "reviewer", 15),
        PlannedColumn("reviewer_name", msg("Reviewer's name"), 20, shown=_name),
        field_column("scores", "criterion", 24),
        PlannedColumn("weight", msg("Weight"), 8, "integer", formula=_weight_cell, shown=_weight),
        field_column("scores", "level", 9, missing=NOT_SCORED),
        PlannedColumn(
            "points",
            msg("Weight times level"),
            10,
            "integer",
            missing=NOT_SCORED,
            formula=_points_formula,
            shown=_points,
        ),
        field_column("scores", "counted", 11, formula=_counted_formula),
        PlannedColumn("of_review", msg("Score of the review"), 10, "score", formula=_review_formula, shown=_of_review),
        field_column("scores", "reason", 60),
    ),
)


def top(book: Book, sheet: StreamedSheet, _context: Context) -> None:
    """What the columns of the sheet say."""
    book.text(
        sheet,
        2,
        0,
        msg("A review counts when it has a level for every criterion. A missing level is not zero."),
        "note",
    )
    book.text(sheet, 3, 0, msg("The weights stand on the sheet of the scenario; the score of a review is the weighted mean of its levels."), "note")  # fmt: skip
