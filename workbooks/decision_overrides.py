"""The sheet Poikkeamat: awards that are not what the rule gave, and what later decisions changed, each with its reason."""

from decisions.spec import LATER
from decisions.tables import Row
from locales import msg, msgn
from workbooks.book_sheet import StreamedSheet
from workbooks.decision_book import Book
from workbooks.decision_columns import application_column, field_column
from workbooks.decision_plan import Context, Plan, PlannedColumn


def top(book: Book, sheet: StreamedSheet, context: Context) -> None:
    """How many there are, and what they change in all."""
    rows, place = context.tables["overrides"], context.layout["overrides"]
    book.text(sheet, 2, 0, msgn("{n} deviation", "{n} deviations", len(rows)), "sum_text")
    book.text(
        sheet, 3, 0, msg("The price is what the award set by hand takes from the value that the rule reaches."), "note"
    )
    book.text(sheet, 4, 0, msg("Change in all"), "sum_text")
    at = PLAN.column("difference")
    book.formula(sheet, 4, at, f"=SUM({place.range('difference')})", sum(map(difference, rows)), "sum")


def difference(row: Row) -> int:
    """Euros that a deviation adds to the award."""
    return (row["after"] or 0) - (row["before"] or 0)


def later_difference(rows: tuple[Row, ...]) -> int:
    """Euros that later decisions added to the awards of the decided scenario."""
    return sum(difference(row) for row in rows if row["kind"] in LATER)


def _difference(context: Context, _row: Row, at: int) -> str:
    after, before = (context.layout["overrides"].cell(name, at) for name in ("after", "before"))
    return f"=N({after})-N({before})"


PLAN = Plan(
    "overrides",
    msg("Deviations"),
    "overrides",
    (
        field_column("overrides", "number", 6),
        field_column("overrides", "case_number", 14),
        application_column("applicant", 19),
        field_column("overrides", "kind", 17),
        field_column("overrides", "before", 12),
        field_column("overrides", "after", 12),
        PlannedColumn("difference", msg("Change"), 12, "money", formula=_difference, shown=lambda _, row: difference(row)),
        field_column("overrides", "reason", 38),
        field_column("overrides", "price", 12),
        field_column("overrides", "broken", 24),
        field_column("overrides", "by", 15),
        field_column("overrides", "at", 14),
        field_column("overrides", "decision", 9),
    ),
)  # fmt: skip
