"""Two decision workbooks held cell against cell, value against value and formula against formula."""

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from locales import Message, msg
from workbooks.decision_looks import book_faults, sheet_faults
from workbooks.decision_sheets import Fault, Place
from workbooks.decision_values import text_of
from workbooks.normal_formula import normal_formula
from workbooks.read_cells import Cell, Cells, Formula, Styled, Workbook

NEARLY = 1e-11
"""Relative difference of two numbers that are the same: programs keep 15 digits, and add up in their own order."""
_ROWS = re.compile(r"(?<=[A-Z$])[0-9]+")
Alike: TypeAlias = Callable[[Formula, Formula], bool]
"""Whether two formulas are the same."""
Row: TypeAlias = tuple[int, Cells, Styled]
_EMPTY: tuple[Cells, Styled] = ({}, {})


def differences(
    found: Workbook, expected: Workbook, passed: Callable[[Place], bool], *, moved: bool = False
) -> Iterator[Fault]:
    """Every cell of ``found`` that is not as in ``expected``, sheet by sheet, but those that are ``passed`` over.

    A calculated value that the program that saved the file did not keep is no difference. Of formats only those of numbers are looked at.
    ``moved``: rows are missing or were added, so that formulas are compared without the rows they name.
    """
    alike = _alike_moved if moved else _alike
    yield from _sheets(found, expected)
    yield from book_faults(found, expected)
    for sheet in expected.names:
        if sheet in found.names:
            yield from _rows(sheet, found, expected, passed, alike, formats=not moved)
            yield from sheet_faults(sheet, found.looks[sheet], expected.looks[sheet])
    yield from _defined(found, expected)


def _sheets(found: Workbook, expected: Workbook) -> Iterator[Fault]:
    for name in expected.names:
        if name not in found.names:
            yield Fault(Place(name, 0, 0), msg("The sheet is missing."), "", name)
    for name in found.names:
        if name not in expected.names:
            yield Fault(Place(name, 0, 0), msg("The sheet does not belong to the workbook."), name)
    known = [name for name in found.names if name in expected.names]
    if known != [name for name in expected.names if name in found.names]:
        order = ", ".join(expected.names)
        yield Fault(None, msg("The sheets are in another order."), ", ".join(known), order)


def _rows(
    sheet: str,
    found: Workbook,
    expected: Workbook,
    passed: Callable[[Place], bool],
    alike: Alike,
    *,
    formats: bool,
) -> Iterator[Fault]:
    shown: list[Fault] = []
    for number, (ours, styles), (theirs, wanted) in _side_by_side(
        found.styled_rows(sheet), expected.styled_rows(sheet)
    ):
        for column in sorted({*ours, *theirs}):
            one, other = ours.get(column), theirs.get(column)
            problem, place = _problem(one, other, alike), Place(sheet, number, column)
            if problem is None:
                if formats and column in styles and column in wanted:
                    said, right = found.formats.of(styles[column]), expected.formats.of(wanted[column])
                    if said != right:
                        yield Fault(
                            place, msg("The number format is another: the cell may show something else."), said, right
                        )
            elif not passed(place):
                fault = Fault(place, problem, *_told(one, other, alike))
                if isinstance(one, Formula) and isinstance(other, Formula) and _of_filter(one, other):
                    shown.append(fault)
                else:
                    yield fault
    if not found.looks[sheet].hidden_rows[1]:
        yield from shown


def _of_filter(one: Formula, other: Formula) -> bool:
    """A sum of the rows that a filter shows is another when it hides some."""
    return one.text.startswith("SUBTOTAL(") and _alike(one, other)


def _side_by_side(
    ours: Iterator[Row], theirs: Iterator[Row]
) -> Iterator[tuple[int, tuple[Cells, Styled], tuple[Cells, Styled]]]:
    """Rows of the same number together; a row that only one has beside an empty one."""
    one, other = next(ours, None), next(theirs, None)
    while one is not None or other is not None:
        number = min(row[0] for row in (one, other) if row is not None)
        mine = one[1:] if one is not None and one[0] == number else _EMPTY
        yours = other[1:] if other is not None and other[0] == number else _EMPTY
        yield number, mine, yours
        one = next(ours, None) if one is not None and one[0] == number else one
        other = next(theirs, None) if other is not None and other[0] == number else other


def _problem(found: "Cell | None", expected: "Cell | None", alike: Alike) -> Message | None:
    """What is wrong with a cell, None if nothing is."""
    if isinstance(expected, Formula):
        if not isinstance(found, Formula):
            return msg("A value stands in place of a formula.") if found is not None else msg("The formula is missing.")
        if not alike(found, expected):
            return msg("The formula is another.")
        if found.value is not None and not _same(found.value, expected.value):
            return msg("The calculated value is not what the formula comes to.")
        return None
    if isinstance(found, Formula):
        return msg("A formula stands where there is none.")
    if _same(found, expected):
        return None
    if expected is None:
        return msg("Nothing belongs in this cell.")
    return msg("The cell is empty.") if found is None else msg("The cell does not follow from the tables.")


def _same(found: "Cell | None", expected: "Cell | None") -> bool:
    if found in (None, "") and expected in (None, ""):
        return True
    if isinstance(found, (int, float)) and isinstance(expected, (int, float)):
        if (
            isinstance(found, bool)
            or isinstance(expected, bool)
            or (isinstance(found, int) and isinstance(expected, int))
        ):
            return type(found) is type(expected) and found == expected
        return abs(found - expected) <= NEARLY * max(abs(found), abs(expected))
    return type(found) is type(expected) and found == expected


def _told(found: "Cell | None", expected: "Cell | None", alike: Alike) -> tuple[str, str]:
    """Both cells in words; of two equal formulas their values."""
    if isinstance(found, Formula) and isinstance(expected, Formula) and alike(found, expected):
        return text_of(found.value), text_of(expected.value)
    return text_of(found), text_of(expected)


def _alike(one: Formula, other: Formula) -> bool:
    return one.text == other.text or normal_formula(one.text) == normal_formula(other.text)


def _alike_moved(one: Formula, other: Formula) -> bool:
    return _ROWS.sub("#", normal_formula(one.text)) == _ROWS.sub("#", normal_formula(other.text))


def _defined(found: Workbook, expected: Workbook) -> Iterator[Fault]:
    """Names that formulas may use."""
    for name, cells in expected.defined.items():
        if normal_formula(found.defined.get(name, "")) != normal_formula(cells):
            yield Fault(None, msg("The defined name {name} is another.", name=name), found.defined.get(name, ""), cells)
    for name, cells in found.defined.items():
        if name not in expected.defined:
            yield Fault(None, msg("The defined name {name} does not belong to the workbook.", name=name[:80]), cells)


__all__ = ["NEARLY", "differences", "normal_formula"]
