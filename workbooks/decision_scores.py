"""The sheet Pisteet: each level that each reviewer gave, and the formulas that make scores of them."""

from collections.abc import Sequence

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from locales import msg, render
from workbooks.decision_book import Book, Column, Text, quoted, reference
from workbooks.decision_data import DecisionData
from workbooks.decision_scoring import ListedScore

NAME = msg("Scores")
_YES, _NO = msg("yes"), msg("no")
_HEAD, _FIRST = 3, 4
_NUMBER, _WEIGHT, _LEVEL, _POINTS, _COUNTED = 0, 5, 6, 7, 8
_COLUMNS = (
    Column(msg("No."), 6, "integer"),
    Column(msg("Case number"), 14),
    Column(msg("Project"), 28),
    Column(msg("Reviewer"), 20),
    Column(msg("Criterion"), 22),
    Column(msg("Weight"), 8, "integer"),
    Column(msg("Level"), 9, "integer"),
    Column(msg("Weight times level"), 10, "integer"),
    Column(msg("Counted in the mean"), 11),
    Column(msg("Reasons"), 62),
)


def write_scores(book: Book, sheet: Worksheet, data: DecisionData, lines: Sequence[ListedScore]) -> None:
    """Write the sheet, one line per application, reviewer and criterion."""
    book.heading(sheet, NAME, data.call_name)
    book.head(sheet, _HEAD, _COLUMNS, _last(lines))
    for at, line in enumerate(lines, start=_FIRST):
        _write_line(book, sheet, at, line)
    sheet.freeze_panes(_FIRST, 2)


def score_formula(book: Book, sheet: Worksheet, lines: Sequence[ListedScore], number_cell: str) -> str:
    """The formula of the score of the application whose number stands in ``number_cell``.

    The mean of the composites is sum(weight * level) / sum(weight) over the complete reviews, because every
    complete review has the same sum of weights. Found by number, so that both sheets may be sorted.
    """
    cells = {
        col: reference(sheet, xl_range_abs(_FIRST, col, _last(lines), col))
        for col in (_NUMBER, _WEIGHT, _POINTS, _COUNTED)
    }
    counted, none = (quoted(render(text, book.lang)) for text in (_YES, msg("not scored")))
    condition = f"{cells[_NUMBER]},{number_cell},{cells[_COUNTED]},{counted}"
    weights, points = (f"SUMIFS({cells[col]},{condition})" for col in (_WEIGHT, _POINTS))
    return f"=IF({weights}=0,{none},{points}/{weights})"


def _last(lines: Sequence[ListedScore]) -> int:
    return _FIRST + max(len(lines), 1) - 1


def _write_line(book: Book, sheet: Worksheet, at: int, line: ListedScore) -> None:
    row = line.row
    book.number(sheet, at, _NUMBER, line.number, "integer")
    texts: tuple[Text, ...] = (row.case_number, line.project, row.reviewer, row.criterion_name)
    for col, text in enumerate(texts, start=1):
        book.text(sheet, at, col, text)
    book.number(sheet, at, _WEIGHT, row.weight, "integer")
    missing = msg("not scored")
    points: float | str
    if row.level is None:
        book.text(sheet, at, _LEVEL, missing, "text_right")
        points = render(missing, book.lang)
    else:
        book.number(sheet, at, _LEVEL, row.level, "integer")
        points = row.weight * row.level
    weight, level = (xl_rowcol_to_cell(at, col) for col in (_WEIGHT, _LEVEL))
    otherwise = quoted(render(missing, book.lang))
    formula = f"=IF(ISNUMBER({level}),{weight}*{level},{otherwise})"
    book.formula(sheet, at, _POINTS, formula, points, "integer")
    book.text(sheet, at, _COUNTED, _YES if line.counted else _NO)
    book.text(sheet, at, 9, row.reason)
