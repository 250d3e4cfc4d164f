"""What a decision workbook shows beside its cells, held against the one written anew: what is hidden, added or gone."""

import re
from collections.abc import Iterator, Mapping

from locales import msg
from workbooks.decision_sheets import Fault, Place
from workbooks.normal_formula import normal_formula
from workbooks.read_cells import Workbook
from workbooks.read_sheet_look import SheetLook

_HARMLESS = frozenset((
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "autoFilter", "sortState", "conditionalFormatting", "printOptions", "pageMargins", "pageSetup", "headerFooter",
    "rowBreaks", "colBreaks", "ignoredErrors", "phoneticPr", "drawing", "extLst", "mergeCells",
))  # fmt: skip
"""Parts of a sheet that put nothing over its cells, or are looked at by themselves."""
_CODES = re.compile(r'&"[^"]*"|&[0-9]+|&K[0-9A-F]{6}|&[BIUESXY]|\s')


def book_faults(found: Workbook, expected: Workbook) -> Iterator[Fault]:
    """Hidden sheets, settings of the workbook, and parts that are neither cells nor the charts."""
    look = found.look
    if look.epoch_1904:
        yield Fault(None, msg("The workbook counts days from 1904, so that every date is another."))
    for name in look.hidden:
        yield Fault(Place(name, 0, 0), msg("The sheet is hidden."))
    if "fullPrecision" in look.switches:
        yield Fault(None, msg("The workbook calculates with values as they are shown, not as they are."))
    if "visibility" in look.switches:
        yield Fault(None, msg("The window of the workbook is hidden."))
    for what in look.strangers:
        yield Fault(None, msg("The workbook holds a part that does not belong there: {what}.", what=what))
    if look.charts > expected.look.charts:
        yield Fault(
            None,
            msg("The workbook has more charts than it was made with."),
            str(look.charts),
            str(expected.look.charts),
        )
    for code in found.formats.conditional:
        yield Fault(None, msg("A conditional format shows numbers in another form."), code)


def sheet_faults(sheet: str, found: SheetLook, expected: SheetLook) -> Iterator[Fault]:
    """What is hidden on a sheet, what lies over its cells, and other conditional formats and headers."""
    first, count = found.hidden_rows
    if count:
        problem = msg("Rows are hidden, {n} in all. Show them all and check again.", n=count)
        yield Fault(Place(sheet, first, 0), problem)
    if (column := found.first_hidden_column) is not None:
        yield Fault(Place(sheet, 0, column), msg("Columns are hidden. Show them all and check again."))
    for switch in sorted(found.odd - expected.odd):
        problem = msg("Sheet {sheet}: a setting changes what its cells show: {what}.", sheet=sheet, what=switch)
        yield Fault(None, problem)
    for name in sorted((found.elements - expected.elements - _HARMLESS) | found.strangers):
        problem = msg("Sheet {sheet} holds something that does not belong there: {what}.", sheet=sheet, what=name)
        yield Fault(None, problem)
    if found.merged != expected.merged:
        told, right = ("; ".join(sorted(one.merged)) for one in (found, expected))
        yield Fault(None, msg("Sheet {sheet}: other cells are merged.", sheet=sheet), told, right)
    ours, theirs = (_conditions(one) for one in (found, expected))
    if ours != theirs:
        told, right = ("; ".join(sorted(one - other)) for one, other in ((ours, theirs), (theirs, ours)))
        yield Fault(None, msg("Sheet {sheet}: the conditional formats are others.", sheet=sheet), told, right)
    if (wrong := _headers(found.headers, expected.headers)) is not None:
        yield Fault(None, msg("Sheet {sheet}: a header or footer of its pages is another.", sheet=sheet), *wrong)


def _conditions(look: SheetLook) -> set[str]:
    return {
        " ".join((kind, operator, *(normal_formula(one) for one in formulas), cell)).strip()
        for (kind, operator, formulas), cells in look.conditions.items()
        for cell in cells
    }


def _headers(found: Mapping[str, str], expected: Mapping[str, str]) -> tuple[str, str] | None:
    """The first header or footer that does not say what it should, and what it should."""
    for name in (*found, *expected):
        said, right = found.get(name, ""), expected.get(name, "")
        if _CODES.sub("", said) != _CODES.sub("", right):
            return said, right
    return None


__all__ = ["book_faults", "sheet_faults"]
