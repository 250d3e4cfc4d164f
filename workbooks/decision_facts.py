"""The sheet Skenaario: every fact of the decision in words, with its key and its exact value."""

from collections.abc import Mapping

from decisions.tables import Row, Tables
from locales import Message, msg, render
from workbooks.book_sheet import StreamedSheet
from workbooks.decision_book import Book
from workbooks.decision_fact_labels import GROUPS, ORDER
from workbooks.decision_fact_words import Said, natural, said
from workbooks.decision_plan import Context, Plan, PlannedColumn

_GROUPS: Mapping[str, int] = {name: at for at, name in enumerate(GROUPS)}


def top(book: Book, sheet: StreamedSheet, _context: Context) -> None:
    """How the sheet is to be read."""
    notes: tuple[Message, ...] = (
        msg("Every parameter, result and other fact of the decision. The other sheets calculate from these cells."),
        msg("The identifier and the exact value are what the hash of the decision covers."),
    )
    for row, note in enumerate(notes, start=2):
        book.text(sheet, row, 0, note, "note")


def _listed(tables: Tables) -> list[Row]:
    return sorted(tables["facts"], key=lambda row: _place(str(row["key"])))


def _place(key: str) -> tuple[int, int, tuple[tuple[int, int, str], ...]]:
    base = key.partition("#")[0]
    head = base.partition(".")[0]
    return _GROUPS.get(head, len(_GROUPS)), ORDER.get(base, len(ORDER)), natural(key)


def _said(context: Context) -> Mapping[str, Said]:
    """Every fact in words, worked out once."""
    return context.once(
        "facts in words",
        lambda: {
            row["key"]: said(row["key"], row["value"], context.words, plain=context.plain)
            for row in context.tables["facts"]
        },
    )


PLAN = Plan(
    "facts",
    msg("The scenario"),
    "facts",
    (
        PlannedColumn("group", msg("Group"), 24, shown=lambda c, row: render(_said(c)[row["key"]].group, c.lang)),
        PlannedColumn("label", msg("Parameter"), 44, shown=lambda c, row: render(_said(c)[row["key"]].label, c.lang)),
        PlannedColumn(
            "shown",
            msg("Value"),
            44,
            "text_right",
            shown=lambda c, row: _said(c)[row["key"]].value,
            styled=lambda c, row: _said(c)[row["key"]].style,
        ),
        PlannedColumn("key", msg("Identifier"), 30),
        PlannedColumn("value", msg("Exact value"), 46),
    ),
    rows=_listed,
)
