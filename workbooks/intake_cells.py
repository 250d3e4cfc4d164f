"""What a sheet holds once it is read: cells with their kind, so that nothing is guessed later."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from locales import Message

CellKind = Literal["text", "number", "moment", "bool", "error", "formula"]

LARGEST_ROWS = 5_000
"""Rows of applications in one file."""
WIDEST = 200
"""Columns with content in one sheet."""
HEADING_WITHIN = 20
"""The heading is looked for in this many first rows."""
LONGEST_KEPT = 40_000
"""Characters kept of one cell: more than Excel holds, so a longer text is still seen as too long."""


class FileRefused(ValueError):
    """A file that cannot be taken at all; ``message`` says why and what would be accepted."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.msgid)
        self.message = message


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with content. ``text`` is what a person sees, for a formula the formula itself.

    ``number``: exact, only for kind number. ``moment``: naive, as written; ``timed`` tells whether a time of day
    was shown with the date.
    """

    kind: CellKind
    text: str
    number: Decimal | None = None
    moment: datetime | None = None
    timed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row with content: its number in the sheet and its cells by column, both counted from 1."""

    number: int
    cells: Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet. ``over`` is the refusal when the sheet is larger than what is read, else None."""

    name: str
    rows: tuple[Row, ...]
    over: Message | None = None


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook that passed the checks; ``read`` parses one sheet by its position in ``names``."""

    names: tuple[str, ...]
    read: Callable[[int], Sheet]


def filled(cell: Cell) -> bool:
    """Whether a cell holds more than white space."""
    return cell.kind != "text" or bool(cell.text.strip())
