"""The sheet Vertailu read back: the scenarios and the comparison, and where each of their values stands."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from decisions.tables import Row
from decisions.words import Words
from locales import render
from workbooks.decision_compare import CASE, FIRST, LABEL, NOT_KNOWN, STATED
from workbooks.decision_plan import PLAIN_HEAD, Plan

Cells = Mapping[tuple[int, int], Any]
"""Values of a sheet by row and column (from 0): texts and numbers; an empty cell is not there."""
Place = tuple[int, int]
_LONG = re.compile("-?[0-9]{16,40}")
"""A whole number that a spreadsheet cannot hold exactly stands as text."""


class CellFault(ValueError):
    """The cell in ``row`` and ``col`` (from 0) holds ``value``, which no workbook of ours has there."""

    def __init__(self, row: int, col: int, value: object) -> None:
        super().__init__(f"row {row + 1}, column {col + 1}: {value!r}")
        self.row, self.col, self.value = row, col, value


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rows of the tables ``scenarios`` and ``comparison``; ``places``: where (table, key, field) stands, the key as
    the tuple of the row's key.
    """

    scenarios: tuple[Row, ...]
    comparison: tuple[Row, ...]
    places: Mapping[tuple[str, tuple[str, ...], str], Place]


def read(cells: Cells, words: Words, plan: Plan, *, plain: bool = False) -> Comparison:
    """What the sheet states. ``plan``: of any tables. Raises CellFault for a cell that holds no such value."""
    head = PLAIN_HEAD if plain else plan.head
    last_row, last_col = (max((place[at] for place in cells), default=-1) for at in (0, 1))
    names = {col: str(cells[head, col]) for col in range(FIRST, last_col + 1) if (head, col) in cells}
    places: dict[tuple[str, tuple[str, ...], str], Place] = {}
    labels = {render(label, words.lang): field for field, (label, _, _) in STATED.items()}
    stated: dict[int, dict[str, Any]] = {}
    awards: list[Row] = []
    for row in range(last_row + 1):
        case, label = cells.get((row, CASE)), cells.get((row, LABEL))
        if case is not None and row > head:
            awards += _awards(cells, words, names, row, str(case), places)
        elif case is None and label in labels:
            field = labels[str(label)]
            for col, name in names.items():
                if (row, col) in cells:
                    stated.setdefault(col, {})[field] = _value(cells, words, row, col, field)
                places["scenarios", (name,), field] = (row, col)
    scenarios = tuple({"name": names[col], **found} for col, found in sorted(stated.items()))
    for col, name in names.items():
        places["scenarios", (name,), "name"] = (head, col)
    return Comparison(scenarios, tuple(awards), places)


def _awards(
    cells: Cells, words: Words, names: Mapping[int, str], row: int, case: str, places: dict[Any, Place]
) -> Iterator[Row]:
    for col, name in names.items():
        places["comparison", (name, case), "granted"] = (row, col)
        if (row, col) in cells:
            yield {"scenario": name, "case_number": case, "granted": _euros(cells, words, row, col)}


def _value(cells: Cells, words: Words, row: int, col: int, field: str) -> Any:
    vocabulary, value = STATED[field][2], cells[row, col]
    if not vocabulary:
        return _euros(cells, words, row, col)
    if not isinstance(value, str):
        raise CellFault(row, col, value)
    code = words.code(vocabulary, value)
    if vocabulary != "yes":
        return code
    if code in ("yes", "no"):
        return code == "yes"
    if value == render(NOT_KNOWN, words.lang):
        return None
    raise CellFault(row, col, value)


def _euros(cells: Cells, words: Words, row: int, col: int) -> int | None:
    value = cells[row, col]
    if value == render(NOT_KNOWN, words.lang):
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool) and float(value).is_integer():
        return int(value)
    if isinstance(value, str) and _LONG.fullmatch(value):
        return int(value)
    raise CellFault(row, col, value)
