"""The table in a CSV file or workbook, its cells still unread, and the reading of a single cell."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import PurePath

from locales import Message, msg
from locales.parse import MoneyError, parse_euros
from workbooks.intake_cells import WIDEST, Cell, FileRefused, Row, Sheet
from workbooks.safe_open import open_workbook
from workbooks.score_cells import Unusable, csv_records

LARGEST_FILE = 32 * 1024 * 1024
MOST_ROWS = 100_000
LONGEST_SHOWN = 200
_PACKED = (b"PK", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,15}|[0-9]{1,3}(?: [0-9]{3}){1,4})(?:[.,][0-9]{1,20})?(?:[eE][+-]?[0-9]{1,2})?"
    r"|[+-]?[0-9]{1,30}/[0-9]{1,30}"
)
_SPACES = re.compile(r"[\u00a0\u2007\u2009\u202f]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class ListFault:
    """What is wrong in one place of a file. ``sheet`` is "" for CSV; ``row`` as the program shows it, from 1.

    ``column``: its heading, or its number where it has none.
    """

    sheet: str
    row: int
    column: str
    value: str
    problem: Message

    def words(self) -> Message:
        """The fault with its place; what concerns the file as a whole has none."""
        if not self.column:
            return self.problem
        place = {"row": str(self.row), "column": self.column or "–", "value": self.value or "–"}
        if self.sheet:
            return msg(
                "Sheet {sheet}, row {row}, column {column}: {value} – {problem}",
                sheet=self.sheet,
                problem=self.problem,
                **place,
            )
        return msg("Row {row}, column {column}: {value} – {problem}", problem=self.problem, **place)


class Refusal(ValueError):
    """Faults after which nothing can be read."""

    def __init__(self, *faults: ListFault) -> None:
        super().__init__(len(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Table:
    """A heading and the rows under it; ``whole``: every row must have a cell for each heading (CSV)."""

    sheet: str
    heading: Row
    rows: Iterator[Row]
    whole: bool


def open_table(data: bytes, name: str, needed: Collection[str], known: Collection[str]) -> Table:
    """The table with the ``needed`` columns, else the first there is. Raises Refusal; ``name`` is for its words."""
    if len(data) > LARGEST_FILE:
        size = msg("The file {name} is larger than {size} megabytes.", name=name, size=str(LARGEST_FILE >> 20))
        raise Refusal(ListFault("", 1, "", "", size))
    if data.startswith(_PACKED) or PurePath(name).suffix.lower() in _WORKBOOKS:
        return _of_workbook(data, name, needed)
    try:
        records = csv_records(data, name, known)
        first = next(records, None)
    except Unusable as unusable:
        raise Refusal(*_placed(unusable)) from unusable
    if first is None:
        raise Refusal(ListFault("", 1, "", "", msg("The file {name} is empty.", name=name)))
    return Table("", _record(first), _records(records), whole=True)


def _of_workbook(data: bytes, name: str, needed: Collection[str]) -> Table:
    found: list[Sheet] = []
    try:
        book = open_workbook(data, name, most_rows=MOST_ROWS, values=True)
        for index in range(len(book.names)):
            sheet = book.read(index)
            if sheet.rows and _has(sheet.rows[0], needed):
                found = [sheet]
                break
            if sheet.rows and not found:
                found = [sheet]
    except FileRefused as refused:
        raise Refusal(ListFault("", 1, "", "", refused.message)) from refused
    if not found:
        raise Refusal(ListFault("", 1, "", "", msg("The file {name} is empty.", name=name)))
    sheet = found[0]
    if sheet.over is not None:
        over = msg(
            "The sheet {sheet} has more than {rows} rows or {columns} columns; that many are read.",
            sheet=sheet.name,
            rows=str(MOST_ROWS),
            columns=str(WIDEST),
        )
        raise Refusal(ListFault(sheet.name, sheet.rows[-1].number, "", "", over))
    return Table(sheet.name, sheet.rows[0], iter(sheet.rows[1:]), whole=False)


def _has(row: Row, needed: Collection[str]) -> bool:
    return set(needed) <= {cell.text.strip().casefold() for cell in row.cells.values()}


def _placed(unusable: Unusable) -> Iterator[ListFault]:
    return (ListFault("", one.line, one.column, one.value, one.problem) for one in unusable.faults)


def _record(record: tuple[int, Sequence[str]]) -> Row:
    line, cells = record
    # A text that a spreadsheet would take for a formula is written with an apostrophe before it.
    return Row(
        line,
        {at: Cell("text", text[1:] if _GUARDED.match(text) else text) for at, text in enumerate(cells, start=1)},
    )


def _records(records: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
    try:
        yield from map(_record, records)
    except Unusable as unusable:
        raise Refusal(*_placed(unusable)) from unusable


def first_beyond(row: Row, columns: Mapping[int, str]) -> int | None:
    """The first cell with content that stands under no heading."""
    return next((at for at, cell in sorted(row.cells.items()) if at not in columns and cell.text.strip()), None)


def plain(cell: Cell | None) -> str:
    """The words of a cell, without blanks around them."""
    return "" if cell is None else cell.text.strip()


def unread(cell: Cell | None) -> Message | None:
    """Why nothing can be read from the cell: an error, or a formula without a value."""
    if cell is not None and cell.kind == "error":
        return msg("The cell holds an error value. A value is accepted.")
    if cell is not None and cell.kind == "formula":
        return msg("The cell holds a formula without a value. Calculate and save the workbook, or write the value.")
    return None


def euros(cell: Cell) -> int:
    """Whole euros, at least 0. Raises MoneyError."""
    if cell.kind == "number" and cell.number is not None:
        if cell.number != cell.number.to_integral_value():
            raise MoneyError(msg("The amount has cents."))
        return parse_euros(str(int(cell.number)) if abs(cell.number.adjusted()) < 20 else cell.text)
    return parse_euros(plain(cell))


def exact(cell: Cell) -> Fraction | None:
    """The number in a cell, exactly as written; of a binary number its shortest decimal. None: there is none."""
    if cell.kind == "number" and cell.number is not None:
        if abs(cell.number.adjusted()) > 30:
            return None
        # 17 digits, as spreadsheets store them, tell the same double as its shortest decimal.
        return _fraction(repr(float(cell.number)))
    return _fraction(plain(cell)) if cell.kind == "text" else None


@lru_cache(maxsize=4096)
def _fraction(text: str) -> Fraction | None:
    written = _SPACES.sub(" ", text)
    if not _NUMBER.fullmatch(written):
        return None
    written = written.replace(" ", "").replace(",", ".")
    top, _, bottom = written.partition("/")
    if bottom and not int(bottom):
        return None
    return Fraction(top) / int(bottom) if bottom else Fraction(top)


def split(text: str) -> tuple[str, ...]:
    """The values of a cell that may hold several, separated by semicolons."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))


__all__ = [
    "ListFault",
    "Refusal",
    "Table",
    "euros",
    "exact",
    "first_beyond",
    "open_table",
    "plain",
    "split",
    "unread",
]
