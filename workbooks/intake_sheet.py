"""One worksheet part, read as it streams by: only cells with content are kept, and only so many."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from locales import Message
from workbooks.intake_cells import HEADING_WITHIN, LARGEST_ROWS, LONGEST_KEPT, WIDEST, Cell, Row, Sheet, filled
from workbooks.intake_limits import too_far, too_many_rows, too_wide
from workbooks.intake_styles import Styles

LARGEST_CELLS = 2_000_000
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Damaged(ValueError):
    """The part breaks the rules of the format."""


def unescape(text: str) -> str:
    """``_x000D_`` -> the character it stands for; halves of surrogate pairs stay as written."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(
        lambda found: found[0] if 0xD800 <= int(found[1], 16) <= 0xDFFF else chr(int(found[1], 16)), text
    )


class SheetReader:
    """Handlers for the parser of one worksheet; ``sheet`` gives what was found.

    ``most_rows``: the most that are read. ``values``: a formula is read as the value last calculated, if it has one.
    """

    def __init__(
        self,
        name: str,
        strings: Sequence[str],
        styles: Styles,
        *,
        most_rows: int = LARGEST_ROWS,
        values: bool = False,
    ) -> None:
        self._name, self._strings, self._styles = name, strings, styles
        self._most_rows, self._values = most_rows, values
        self._rows: list[Row] = []
        self._cells: dict[int, Cell] = {}
        self._row = self._column = self._seen = 0
        self._over: Message | None = None
        self._areas: list[tuple[int, int, int, int]] = []
        self._inside: str | None = None
        self._hint = self._in_cell = False
        self._pieces: list[str] = []
        self._kind, self._style = "n", 0
        self._value = self._inline = ""
        self._formula: str | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        if self._over is not None:
            return
        if tag == "c":
            self._open_cell(attributes)
        elif tag == "row":
            self._open_row(attributes)
        elif self._in_cell and tag in ("v", "t", "f"):
            self._inside = None if self._hint else tag
            self._pieces.clear()
            if tag == "f":
                self._formula = ""
                if not self._values:
                    self._spread(attributes)
        elif tag == "rPh":
            self._hint = True

    def text(self, piece: str) -> None:
        """Characters of the open element."""
        if self._inside is not None and len(self._pieces) < LONGEST_KEPT:
            self._pieces.append(piece)

    def end(self, tag: str) -> None:
        """An element closes."""
        if self._over is not None:
            return
        if tag in ("v", "t", "f") and self._inside == tag:
            self._take("".join(self._pieces))
        elif tag == "c" and self._in_cell:
            self._in_cell = False
            cell = self._cell()
            if cell is not None and filled(cell):
                if self._column > WIDEST:
                    self._over = too_wide(self._name)
                self._cells[self._column] = cell
        elif tag == "row":
            self._close_row()
        elif tag == "rPh":
            self._hint = False

    def sheet(self) -> Sheet:
        """The rows with content; cells that an array formula fills are formulas as well."""
        rows = [self._spread_over(row) for row in self._rows] if self._areas else self._rows
        return Sheet(self._name, tuple(rows), self._over)

    def _open_row(self, attributes: Mapping[str, str]) -> None:
        number = _count(attributes["r"]) if "r" in attributes else self._row + 1
        if not self._row < number <= _LAST_ROW:
            raise Damaged(f"row {number} after row {self._row}")
        self._row, self._column = number, 0
        self._cells = {}

    def _close_row(self) -> None:
        if self._cells:
            self._rows.append(Row(self._row, self._cells))
            self._cells = {}
        if len(self._rows) > self._most_rows + HEADING_WITHIN:
            self._over = too_many_rows(self._name)

    def _open_cell(self, attributes: Mapping[str, str]) -> None:
        self._seen += 1
        if self._seen > LARGEST_CELLS:
            self._over = too_far(self._name)
        row, column = _position(attributes["r"]) if "r" in attributes else (self._row, self._column + 1)
        if row != self._row or not self._column < column <= _LAST_COLUMN:
            raise Damaged(f"cell {attributes.get('r')} in row {self._row}")
        self._column = column
        self._kind = attributes.get("t", "n")
        self._style = _count(attributes.get("s", "0"))
        self._value = self._inline = ""
        self._formula = None
        self._in_cell, self._inside = True, None

    def _take(self, text: str) -> None:
        if self._inside == "v":
            self._value = text
        elif self._inside == "t":
            self._inline += unescape(text)
        else:
            self._formula = text
        self._inside = None

    def _spread(self, attributes: Mapping[str, str]) -> None:
        """Remember the area of a formula that fills several cells: the others carry only a value."""
        if attributes.get("t") in ("array", "dataTable") and "ref" in attributes:
            first, _, last = attributes["ref"].partition(":")
            self._areas.append((*_position(first), *_position(last or first)))
            if len(self._areas) > LARGEST_ROWS:
                self._over = too_far(self._name)

    def _spread_over(self, row: Row) -> Row:
        areas = [(a, b) for top, a, bottom, b in self._areas if top <= row.number <= bottom]
        if not areas:
            return row
        cells = {
            column: Cell("formula", cell.text) if any(a <= column <= b for a, b in areas) else cell
            for column, cell in row.cells.items()
        }
        return Row(row.number, cells)

    def _cell(self) -> Cell | None:
        if self._formula is not None and not (self._values and self._value):
            return Cell("formula", f"={self._formula}"[:LONGEST_KEPT])
        if self._kind == "inlineStr":
            return Cell("text", self._inline[:LONGEST_KEPT])
        if not self._value:
            return None
        if self._kind == "s":
            index = _count(self._value)
            if index >= len(self._strings):
                raise Damaged(f"no shared string {index}")
            return Cell("text", self._strings[index])
        if self._kind == "str":
            return Cell("text", unescape(self._value)[:LONGEST_KEPT])
        if self._kind == "b":
            return Cell("bool", "TRUE" if self._value.strip() in ("1", "true") else "FALSE")
        if self._kind == "e":
            return Cell("error", self._value[:80])
        if self._kind == "d":
            return Cell("text", self._value[:80])
        return self._number()

    def _number(self) -> Cell:
        try:
            number = Decimal(self._value.strip())
        except InvalidOperation:
            raise Damaged(f"no number: {self._value[:40]}") from None
        if not number.is_finite() or abs(number.adjusted()) > 400 or len(self._value) > 400:
            raise Damaged(f"no number: {self._value[:40]}")
        if self._styles.is_date(self._style):
            moment = self._styles.moment(number)
            if moment is not None:
                timed = self._styles.is_timed(self._style)
                shown = moment.isoformat(" ", "auto") if timed else moment.date().isoformat()
                return Cell("moment", shown, moment=moment, timed=timed)
        return Cell("number", _plain(number), number)


def _plain(number: Decimal) -> str:
    whole = number == number.to_integral_value() and number.adjusted() < 30
    return str(int(number)) if whole else str(number)


def _count(text: str) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise Damaged(f"no number: {text[:40]}")
    return int(digits)


def _position(reference: str) -> tuple[int, int]:
    """``C5`` -> (5, 3)."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise Damaged(f"no cell: {reference[:40]}")
    column = 0
    for char in found[1]:
        column = column * 26 + ord(char) - ord("A") + 1
    return int(found[2]), column
