"""Values of parameters on a sheet that lists them: each is written in the form of its kind."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from xlsxwriter.worksheet import Worksheet

from locales import LocalText, Message, Money, msg
from workbooks.decision_book import Book

_EXACT_DIGITS = 10**15
"""A spreadsheet number holds 15 digits exactly; a longer integer (a seed) is written as text."""


@dataclass(frozen=True, slots=True)
class BasisPoints:
    """A share, 8500 = 85 %."""

    value: int


ParameterValue: TypeAlias = (
    "Message | LocalText | str | Money | int | bool | Fraction | Decimal | BasisPoints | datetime | date | None"
)
"""A typed value of a parameter; None is written as not set."""


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
