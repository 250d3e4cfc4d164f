"""The sheet Skenaario: every parameter of the distribution, and the sums as the allocation stated them."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from locales import LocalText, Message, Money, msg
from workbooks.decision_book import Book, Column, reference
from workbooks.decision_data import BasisPoints, DecisionData, ParameterValue

NAME = msg("Scenario")
_HEAD, _FIRST = 4, 5
_COLUMNS = (Column(msg("Parameter"), 46), Column(msg("Value"), 46, "text_right"))
_APPROPRIATION, _REMAINING = 0, 3
_EXACT_DIGITS = 10**15
"""A spreadsheet number holds 15 digits exactly; a longer integer (a seed) is written as text."""


def write_scenario(book: Book, sheet: Worksheet, data: DecisionData) -> None:
    """Write the sheet: the four sums as numbers of the allocation, then ``data.parameters`` in their order."""
    book.heading(sheet, NAME, data.call_name)
    book.text(sheet, 2, 0, data.scenario_name, "plain")
    sums: tuple[tuple[Message | LocalText, ParameterValue], ...] = (
        (msg("Appropriation"), Money(data.appropriation)),
        (msg("Applied for in all"), Money(data.applied)),
        (msg("Granted in all"), Money(data.granted)),
        (msg("Remaining"), Money(data.remaining)),
        (msg("Call identifier"), data.call_id),
        (msg("List made (Finnish time)"), data.made_at),
    )
    lines = (*sums, *data.parameters)
    book.head(sheet, _HEAD, _COLUMNS, _FIRST + len(lines) - 1)
    for at, (label, value) in enumerate(lines, start=_FIRST):
        book.text(sheet, at, 0, label)
        write_value(book, sheet, at, value)
    sheet.freeze_panes(_FIRST, 1)


def scenario_cells(sheet: Worksheet) -> Mapping[str, str]:
    """Where the allocation's own sums stand, as other sheets name them: ``appropriation`` and ``remaining``."""
    places = {"appropriation": _APPROPRIATION, "remaining": _REMAINING}
    return {
        name: reference(sheet, xl_rowcol_to_cell(_FIRST + line, 1, row_abs=True, col_abs=True))
        for name, line in places.items()
    }


def write_value(book: Book, sheet: Worksheet, at: int, value: ParameterValue) -> None:
    """Write a parameter's value into the second column, in the form of its kind."""
    match value:
        case None:
            book.text(sheet, at, 1, msg("not set"), "text_right")
        case bool():
            book.text(sheet, at, 1, msg("yes") if value else msg("no"), "text_right")
        case Money():
            book.number(sheet, at, 1, value, "money")
        case int() if abs(value) < _EXACT_DIGITS:
            book.number(sheet, at, 1, value, "integer")
        case int():
            book.text(sheet, at, 1, str(value), "text_right")
        case BasisPoints(value=points):
            book.number(sheet, at, 1, points / 10_000, "percent_exact" if points % 100 else "percent")
        case Fraction() | Decimal():
            book.number(sheet, at, 1, float(value), "score")
        case datetime():
            book.moment(sheet, at, 1, value)
        case date():
            book.day(sheet, at, 1, value)
        case str() | Message() | LocalText():
            book.text(sheet, at, 1, value, "text_right")
