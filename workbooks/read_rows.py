"""The cells of one sheet with their formulas, as they stream by; what is ambiguous in a cell is an error value of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TypeAlias

from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.formula.translate import Translator, TranslatorError
from xlsxwriter.utility import xl_rowcol_to_cell

from workbooks.defined_names import LONGEST_FORMULA
from workbooks.intake_cells import LONGEST_KEPT
from workbooks.intake_sheet import Damaged, unescape
from workbooks.read_sheet_look import SheetLook, not_false

MOST_SHARED = 30_000_000
"""Characters of formulas that cells share, in one sheet; of more they are not told apart."""
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_FLAT = 2.0
"""Points of a row that nobody sees."""
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_NUMBER = re.compile(r"-?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?")
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_SPACE = " \t\r\n"
_PARENTS: Mapping[str, str] = {
    "worksheet": "", "sheetData": "worksheet", "row": "sheetData", "c": "row", "v": "c", "f": "c", "is": "c",
}  # fmt: skip
_KINDS = ("n", "s", "str", "inlineStr", "b", "e", "d")


@dataclass(frozen=True, slots=True)
class Failed:
    """An error value (``#REF!``), or a value that cannot be read."""

    text: str


Value: TypeAlias = "str | int | float | bool | Failed"


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula without its ``=``, and the value last calculated; None when the program that saved it kept none.

    One that fills other cells as well, or is shared in a way no program shares it, begins with ``{``.
    """

    text: str
    value: "Value | None"


Cell: TypeAlias = "str | int | float | bool | Failed | Formula"
Cells: TypeAlias = Mapping[int, Cell]
"""The cells of one row that hold anything, by column (from 0)."""
Styled: TypeAlias = Mapping[int, int]
"""The number of the style of each of them."""


class SheetRows:
    """Handlers for the parser of one sheet; ``take`` gives the rows that are complete, ``look`` how it is shown."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.look = SheetLook()
        self._texts = texts
        self._done: list[tuple[int, Cells, Styled]] = []
        self._cells: dict[int, Cell] = {}
        self._styles: dict[int, int] = {}
        self._row = self._column = -1
        self._unseen = False
        self._end = ""
        self._columns: dict[str, int] = {}
        self._path: list[str] = []
        self._begun = False
        self._kind, self._style = "", 0
        self._wrong = ""
        self._seen: set[str] = set()
        self._inside = ""
        self._in_cell = False
        self._pieces: list[str] = []
        self._value: str | None = None
        self._inline: list[str] = []
        self._formula: str | None = None
        self._spread: Mapping[str, str] = {}
        self._groups: dict[str, tuple[str, str, tuple[int, int, int, int]]] = {}
        self._left = MOST_SHARED

    def take(self) -> list[tuple[int, Cells, Styled]]:
        """The rows found since the last time."""
        done, self._done = self._done, []
        return done

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        parent = self._path[-1] if self._path else ""
        self._path.append(tag)
        if _PARENTS.get(tag, parent) != parent or (not parent and tag != "worksheet"):
            raise Damaged(f"{tag} in {parent}")
        if self._in_cell:
            self._in(tag, parent, attributes)
        elif tag == "c":
            self._open_cell(attributes)
        elif tag == "row":
            self._open_row(attributes)
        elif tag == "sheetData" and self._begun:
            raise Damaged("two tables")
        else:
            self._begun = self._begun or tag == "sheetData"
            self.look.start(tag, parent, attributes)

    def text(self, piece: str) -> None:
        """Characters of the open element."""
        if self._inside and len(self._pieces) < LONGEST_KEPT:
            self._pieces.append(piece)
        elif not self._in_cell:
            self.look.text(piece)

    def foreign(self, tag: str) -> None:
        """An element that is not of the format."""
        name = tag.rpartition(" ")[2][:80]
        if self._in_cell:
            self._wrong = self._wrong or f"<{name}>"
        self.look.foreign(name)

    def end(self, tag: str) -> None:
        """An element closes."""
        self._path.pop()
        if self._inside == tag:
            self._close_text(tag)
        elif tag == "c" and self._in_cell:
            self._in_cell = False
            cell = Failed(self._wrong) if self._wrong else self._cell()
            if cell is not None:
                self._cells[self._column] = cell
                self._styles[self._column] = self._style
        elif tag == "row":
            if self._cells:
                self._done.append((self._row, self._cells, self._styles))
                self.look.row(self._row, max(self._cells), unseen=self._unseen)
            self._cells, self._styles = {}, {}
        elif not self._in_cell:
            self.look.end(tag)

    def _close_text(self, tag: str) -> None:
        found = "".join(self._pieces)
        if tag == "v":
            self._value = found
        elif tag == "t":
            self._inline.append(unescape(found))
        else:
            self._formula = unescape(found)
        self._inside = ""

    def _open_row(self, attributes: Mapping[str, str]) -> None:
        number = _count(attributes.get("r", "")) - 1
        if not self._row < number < _LAST_ROW:
            raise Damaged(f"row {number}")
        self._row, self._column = number, -1
        self._end = str(number + 1)
        height = number_of(attributes.get("ht", "15"))
        self._unseen = not_false(attributes.get("hidden")) or isinstance(height, Failed) or height < _FLAT
        self._cells, self._styles = {}, {}

    def _in(self, tag: str, parent: str, attributes: Mapping[str, str]) -> None:
        """An element opens within a cell; one that would be taken in two ways makes the cell wrong."""
        again = tag in self._seen
        if tag in ("v", "f", "is"):
            wrong = again
        elif tag == "t":
            # A text stands there alone, or in runs, each with one text.
            alone = parent == "is" and not self._seen & {"t", "r"}
            wrong = not (alone or (parent == "r" and self._path[-3] == "is" and "r t" not in self._seen))
        elif tag == "r":
            wrong = parent != "is" or "t" in self._seen
            self._seen.discard("r t")
        else:
            wrong = not (parent == "rPr" or (tag == "rPr" and parent == "r") or tag == "phoneticPr")
        if wrong or self._inside:
            self._wrong = self._wrong or f"<{tag}>"
        self._seen.add(tag if parent != "r" else f"r {tag}")
        if tag in ("v", "t", "f"):
            self._inside = tag
            self._pieces.clear()
        if tag == "f":
            self._formula, self._spread = "", attributes

    def _open_cell(self, attributes: Mapping[str, str]) -> None:
        row, column = self._position_of(attributes.get("r", ""))
        if row != self._row or not self._column < column < _LAST_COLUMN:
            raise Damaged(f"cell {attributes.get('r')}")
        self._column = column
        self._kind = attributes.get("t", "n")
        self._style = _count(attributes.get("s", "0"))
        self._value, self._formula, self._spread = None, None, {}
        self._inline.clear()
        self._seen.clear()
        # What a cell shows by metadata is neither its value nor its formula.
        self._wrong = f"{self._kind[:40]}?" if self._kind not in _KINDS else "vm" if "vm" in attributes else ""
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
        if ("is" in self._seen) != (self._kind == "inlineStr") or (self._kind == "inlineStr" and "v" in self._seen):
            return Failed("<is>") if self._seen else None
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
        if value is None or not value.strip(_SPACE):
            return None
        if self._kind == "s":
            index = _count(value)
            if index >= len(self._texts):
                raise Damaged(f"no shared string {index}")
            return self._texts[index] or empty
        if self._kind == "b":
            known = {"1": True, "true": True, "0": False, "false": False}.get(value.strip(_SPACE))
            return Failed(value[:80]) if known is None else known
        return Failed(value[:80]) if self._kind in ("e", "d") else number_of(value)

    def _whole_formula(self, formula: str) -> str:
        """The formula of the cell itself where several cells share one."""
        kind, group, area = (self._spread.get(name, "") for name in ("t", "si", "ref"))
        if kind in ("", "normal"):
            return formula
        here = str(xl_rowcol_to_cell(self._row, self._column))
        odd = f"{{{kind[:20]} {area[:40]}}} {formula}"
        if kind != "shared":
            return odd
        if formula:
            if group in self._groups:
                return odd
            self._groups[group] = (formula[:LONGEST_FORMULA], here, _area(area))
            return formula
        shared, origin, (top, left, bottom, right) = self._groups.get(group, ("", here, (0, 0, -1, -1)))
        if not (top <= self._row <= bottom and left <= self._column <= right):
            return odd
        self._left -= len(shared)
        if self._left < 0:
            return shared
        try:
            return str(Translator(f"={shared}", origin).translate_formula(here))[1:]
        except (TokenizerError, TranslatorError, ValueError, LookupError):
            return shared


def number_of(text: str) -> int | float | Failed:
    """The number that the text of a cell is, as every program reads it."""
    digits = text.strip(_SPACE)
    if _WHOLE.fullmatch(digits):
        return int(digits)
    number = float(digits) if _NUMBER.fullmatch(digits) else float("nan")
    if not isfinite(number):
        return Failed(text[:80])
    return int(number) if number.is_integer() and abs(number) < 10**15 else number


def _count(text: str) -> int:
    digits = text.strip(_SPACE)
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise Damaged(f"no number: {text[:40]}")
    return int(digits)


def _area(text: str) -> tuple[int, int, int, int]:
    first, _, last = text.partition(":")
    return (*_position(first), *_position(last or first))


def _position(reference: str) -> tuple[int, int]:
    """``C5`` -> (4, 2)."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise Damaged(f"no cell: {reference[:40]}")
    column = 0
    for char in found[1]:
        column = column * 26 + ord(char) - ord("A") + 1
    return int(found[2]) - 1, column - 1


__all__ = ["Cell", "Cells", "Failed", "Formula", "SheetRows", "Styled", "Value", "number_of"]
