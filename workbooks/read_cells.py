"""The cells of a workbook with their formulas, row by row: whoever saved it, and however large it says it is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import TypeAlias

from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.formula.translate import Translator, TranslatorError
from xlsxwriter.utility import xl_rowcol_to_cell

from locales import msg
from workbooks.defined_names import LONGEST_FORMULA, defined_names
from workbooks.intake_cells import LONGEST_KEPT, FileRefused
from workbooks.intake_sheet import Damaged, unescape
from workbooks.intake_xlsx import elements, main_part, parse_pieces, refuse_other_formats, relations, strings
from workbooks.safe_open import Parts

LARGEST_UNPACKED = 600 * 1024 * 1024
"""Bytes of all parts of a decision workbook, unpacked."""
LARGEST_ELEMENTS = 12_000_000
"""XML elements of one of its sheets."""
MOST_SHEETS = 60
MOST_SHARED = 30_000_000
"""Characters of formulas that cells share, in one sheet; of more they are not told apart."""
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Failed:
    """An error value (``#REF!``), or a value that cannot be read."""

    text: str


Value: TypeAlias = "str | int | float | bool | Failed"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula without its ``=``, and the value last calculated; None when the program that saved it kept none."""

    text: str
    value: "Value | None"


Cell: TypeAlias = "str | int | float | bool | Failed | Formula"
Cells: TypeAlias = Mapping[int, Cell]
"""The cells of one row that hold anything, by column (from 0)."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that was opened. ``names``: of its sheets; ``defined``: defined names and what they stand for.

    ``filtered``: the sheets of which rows are hidden, among those that were read to their end.
    """

    names: tuple[str, ...]
    defined: Mapping[str, str]
    epoch_1904: bool
    _parts: Parts
    _where: Mapping[str, str]
    _strings: Sequence[str]
    filtered: set[str] = field(default_factory=set)

    def rows(self, sheet: str) -> Iterator[tuple[int, Cells]]:
        """The rows of a sheet that hold anything, each with its number (from 0), read as they are asked for.

        Raises FileRefused for a sheet that is damaged or too large; KeyError if there is none of that name.
        """
        reader = _Rows(self._strings)
        for _ in parse_pieces(
            self._parts, self._where[sheet], reader.start, reader.end, reader.text, most=LARGEST_ELEMENTS
        ):
            yield from reader.take()
        yield from reader.take()
        if reader.hidden:
            self.filtered.add(sheet)


def open_cells(data: bytes, name: str) -> Workbook:
    """The workbook in ``data``. Raises FileRefused in words for a file that is none, damaged or too large."""
    if not data.startswith(b"PK"):
        raise FileRefused(msg("The file {name} is not a workbook (.xlsx).", name=name))
    parts = Parts(data, name, unpacked=LARGEST_UNPACKED)
    refuse_other_formats(parts, name)
    main = main_part(parts)
    related = relations(parts, main)
    where: dict[str, str] = {}
    epoch_1904 = False
    for tag, attributes in elements(parts, main):
        if tag == "workbookPr":
            epoch_1904 = attributes.get("date1904") in ("1", "true")
        if tag == "sheet":
            title = attributes.get("name", "")
            if title in where or len(where) == MOST_SHEETS:
                raise parts.corrupt()
            where[title] = related.get(attributes.get("id", ""), ("", ""))[1]
    shared = next((target for kind, target in related.values() if kind == "sharedStrings"), None)
    return Workbook(
        tuple(where),
        defined_names(parts, main),
        epoch_1904,
        parts,
        where,
        strings(parts, shared) if shared in parts.names else (),
    )


class _Rows:
    """Handlers for the parser of one sheet; ``take`` gives the rows that are complete."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._done: list[tuple[int, Cells]] = []
        self._cells: dict[int, Cell] = {}
        self._row = self._column = -1
        self.hidden = False
        self._end = ""
        self._columns: dict[str, int] = {}
        self._kind = ""
        self._inside = ""
        self._in_cell = self._hint = False
        self._pieces: list[str] = []
        self._value: str | None = None
        self._inline: list[str] = []
        self._formula: str | None = None
        self._group = ""
        self._groups: dict[str, tuple[str, str]] = {}
        self._left = MOST_SHARED

    def take(self) -> list[tuple[int, Cells]]:
        """The rows found since the last time."""
        done, self._done = self._done, []
        return done

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        if tag == "c":
            self._open_cell(attributes)
        elif tag == "row":
            number = _count(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            if not self._row < number < _LAST_ROW:
                raise Damaged(f"row {number}")
            self._row, self._column = number, -1
            self._end = str(number + 1)
            self.hidden = self.hidden or attributes.get("hidden") in ("1", "true")
            self._cells = {}
        elif self._in_cell and tag in ("v", "t", "f"):
            self._inside = "" if self._hint else tag
            self._pieces.clear()
            if tag == "f":
                self._formula = ""
                self._group = attributes.get("si", "") if attributes.get("t") == "shared" else ""
        elif tag == "rPh":
            self._hint = True

    def text(self, piece: str) -> None:
        """Characters of the open element."""
        if self._inside and len(self._pieces) < LONGEST_KEPT:
            self._pieces.append(piece)

    def end(self, tag: str) -> None:
        """An element closes."""
        if tag in ("v", "t", "f") and self._inside == tag:
            found = "".join(self._pieces)
            if tag == "v":
                self._value = found
            elif tag == "t":
                self._inline.append(unescape(found))
            else:
                self._formula = unescape(found)
            self._inside = ""
        elif tag == "c" and self._in_cell:
            self._in_cell = False
            cell = self._cell()
            if cell is not None:
                self._cells[self._column] = cell
        elif tag == "row":
            if self._cells:
                self._done.append((self._row, self._cells))
            self._cells = {}
        elif tag == "rPh":
            self._hint = False

    def _open_cell(self, attributes: Mapping[str, str]) -> None:
        row, column = self._position_of(attributes["r"]) if "r" in attributes else (self._row, self._column + 1)
        if row != self._row or not self._column < column < _LAST_COLUMN:
            raise Damaged(f"cell {attributes.get('r')}")
        self._column = column
        self._kind = attributes.get("t", "n")
        self._value, self._formula, self._group = None, None, ""
        self._inline.clear()
        self._in_cell, self._inside = True, ""

    def _position_of(self, reference: str) -> tuple[int, int]:
        """As ``_position``, looked up for the columns that were met before."""
        letters = reference.removesuffix(self._end)
        column = self._columns.get(letters)
        if column is not None:
            return self._row, column
        place = _position(reference)
        if place[0] == self._row and letters.isalpha():
            self._columns[letters] = place[1]
        return place

    def _cell(self) -> "Cell | None":
        if self._formula is None:
            return self._plain()
        return Formula(self._whole_formula(self._formula)[:LONGEST_FORMULA], self._plain(empty=""))

    def _plain(self, empty: str | None = None) -> "Value | None":
        """``empty``: what an empty text is; beside a formula it is a value, alone it is nothing."""
        if self._kind == "inlineStr":
            return "".join(self._inline)[:LONGEST_KEPT] or empty
        value = self._value
        if self._kind == "str":
            return (unescape(value)[:LONGEST_KEPT] or empty) if value is not None else None
        if value is None or not value.strip():
            return None
        if self._kind == "s":
            index = _count(value)
            if index >= len(self._texts):
                raise Damaged(f"no shared string {index}")
            return self._texts[index] or empty
        if self._kind == "b":
            return value.strip() in ("1", "true")
        return Failed(value[:80]) if self._kind in ("e", "d") else number_of(value)

    def _whole_formula(self, formula: str) -> str:
        """The formula of the cell itself where several cells share one."""
        if not self._group:
            return formula
        here = str(xl_rowcol_to_cell(self._row, self._column))
        if formula:
            self._groups[self._group] = (formula[:LONGEST_FORMULA], here)
            return formula
        shared, origin = self._groups.get(self._group, ("", here))
        self._left -= len(shared)
        if self._left < 0:
            return shared
        try:
            return str(Translator(f"={shared}", origin).translate_formula(here))[1:]
        except (TokenizerError, TranslatorError, ValueError, LookupError):
            return shared


def number_of(text: str) -> int | float | Failed:
    """The number that the text of a cell is."""
    digits = text.strip()
    if _WHOLE.fullmatch(digits):
        return int(digits)
    try:
        number = float(digits) if len(digits) < 400 else float("nan")
    except ValueError:
        return Failed(text[:80])
    if not isfinite(number):
        return Failed(text[:80])
    return int(number) if number.is_integer() and abs(number) < 10**15 else number


def _count(text: str) -> int:
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise Damaged(f"no number: {text[:40]}")
    return int(digits)


def _position(reference: str) -> tuple[int, int]:
    """``C5`` -> (4, 2)."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise Damaged(f"no cell: {reference[:40]}")
    column = 0
    for char in found[1]:
        column = column * 26 + ord(char) - ord("A") + 1
    return int(found[2]) - 1, column - 1
