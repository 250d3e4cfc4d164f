"""How a sheet is shown beside its cells: what is hidden, what lies over it, its conditional formats and headers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

MOST_NAMES = 50
"""Names of elements, conditions and the like that are kept of each kind."""
LONGEST = 2_000
_NARROW = 0.5
"""Width of a column that nobody sees."""
_LEAST = 2.0
"""Height of rows and width of columns, where a sheet sets none, that can still be read."""
_HEADERS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
Condition: TypeAlias = tuple[str, str, tuple[str, ...]]
"""A rule of a conditional format: its type, its operator and its formulas."""


def not_false(text: str | None) -> bool:
    """Whether a flag that is off by default may be on, by whatever word."""
    return text is not None and text.strip() not in ("0", "false")


def not_true(text: str | None) -> bool:
    """Whether a flag that is on by default may be off."""
    return text is not None and text.strip() not in ("1", "true")


def _flat(text: str | None) -> bool:
    """Whether a size that is stated, and need not be, is as good as nothing."""
    if text is None:
        return False
    try:
        return not float(text) >= _LEAST
    except ValueError:
        return True


@dataclass(slots=True)
class SheetLook:
    """What was found in one sheet that was read to its end.

    ``hidden_rows``: the first (from 0) and how many, of those that hold anything. ``hidden_columns``: their first, from
    0. ``odd``: switches of the whole sheet that change what is shown. ``conditions``: the cells of each rule.
    """

    hidden_rows: tuple[int, int] = (0, 0)
    hidden_columns: list[int] = field(default_factory=list)
    elements: set[str] = field(default_factory=set)
    strangers: set[str] = field(default_factory=set)
    odd: set[str] = field(default_factory=set)
    merged: set[str] = field(default_factory=set)
    conditions: dict[Condition, set[str]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    _widest: int = 0
    _top: str = "A1"
    _cells: tuple[str, ...] = ()
    _rule: tuple[str, str] = ("", "")
    _formulas: list[str] = field(default_factory=list)
    _pieces: list[str] | None = None

    def start(self, tag: str, parent: str, attributes: Mapping[str, str]) -> None:
        """An element opens that is no row or cell."""
        if parent == "worksheet" and len(self.elements) < MOST_NAMES:
            self.elements.add(tag[:80])
        match tag:
            case "col":
                self._column(attributes)
            case "sheetFormatPr":
                self._switch("zeroHeight", on=not_false(attributes.get("zeroHeight")))
                for size in ("defaultRowHeight", "defaultColWidth"):
                    self._switch(size, on=_flat(attributes.get(size)))
            case "sheetView":
                self._switch("showFormulas", on=not_false(attributes.get("showFormulas")))
                self._switch("showZeros", on=not_true(attributes.get("showZeros")))
                self._top = attributes.get("topLeftCell", "A1")
            case "pane":
                # Rows that are scrolled away above a frozen pane cannot be scrolled back.
                self._switch("topLeftCell", on=self._top.replace("$", "").upper() != "A1")
            case "mergeCell" if len(self.merged) < LONGEST:
                self.merged.add(attributes.get("ref", ""))
            case "conditionalFormatting":
                self._cells = tuple(attributes.get("sqref", "")[:LONGEST].split())
            case "cfRule":
                self._rule = (attributes.get("type", ""), attributes.get("operator", ""))
                self._formulas = []
            case "formula":
                self._pieces = []
            case _ if tag in _HEADERS:
                self._pieces = []

    def text(self, piece: str) -> None:
        """Characters outside cells."""
        if self._pieces is not None and len(self._pieces) < LONGEST:
            self._pieces.append(piece)

    def end(self, tag: str) -> None:
        """An element closes that is no row or cell."""
        if tag == "cfRule" and len(self.conditions) < LONGEST:
            self.conditions.setdefault((*self._rule, tuple(self._formulas)), set()).update(self._cells)
        elif self._pieces is not None and (tag == "formula" or tag in _HEADERS):
            said, self._pieces = "".join(self._pieces)[:LONGEST], None
            if tag == "formula":
                self._formulas.append(said)
            else:
                self.headers[tag] = said

    def foreign(self, name: str) -> None:
        """An element that is not of the format."""
        if len(self.strangers) < MOST_NAMES:
            self.strangers.add(name)

    def row(self, number: int, last: int, *, unseen: bool) -> None:
        """A row that holds anything, up to the column ``last``."""
        self._widest = max(self._widest, last)
        if unseen:
            first, count = self.hidden_rows
            self.hidden_rows = (first if count else number, count + 1)

    @property
    def first_hidden_column(self) -> int | None:
        """The first column with cells that is hidden."""
        return min((at for at in self.hidden_columns if at <= self._widest), default=None)

    def _column(self, attributes: Mapping[str, str]) -> None:
        try:
            narrow = float(attributes.get("width", "9")) < _NARROW
            first = int(attributes.get("min", "1")) - 1
        except ValueError:
            narrow, first = True, 0
        if (narrow or not_false(attributes.get("hidden"))) and len(self.hidden_columns) < LONGEST:
            self.hidden_columns.append(first)

    def _switch(self, name: str, *, on: bool) -> None:
        if on:
            self.odd.add(name)
