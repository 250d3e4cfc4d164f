"""Writing a list of projects that reads back the same: scores exact, texts never formulas, the same bytes always."""

import csv
import re
from collections.abc import Sequence
from fractions import Fraction
from io import StringIO

from workbooks.intake_write import make_workbook, write_text
from workbooks.project_list import KNOWN, ProjectRow

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_SHEET = "projects"


def write_projects(rows: Sequence[ProjectRow]) -> bytes:
    """``rows`` as CSV in UTF-8 with semicolons. A score that no decimal tells exactly is a fraction, 7/3."""
    target = StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    heading, table = _table(rows)
    writer.writerow(heading)
    writer.writerows([_guarded(cell) if isinstance(cell, str) else _number(cell) for cell in row] for row in table)
    return target.getvalue().encode("utf-8-sig")


def write_project_workbook(rows: Sequence[ProjectRow]) -> bytes:
    """``rows`` as a workbook of one sheet. Numbers that a cell cannot hold exactly are texts."""
    heading, table = _table(rows)

    def fill(book: object) -> None:
        sheet = book.add_worksheet(_SHEET)  # type: ignore[attr-defined]
        for column, words in enumerate(heading):
            write_text(sheet, 0, column, words)
        for at, row in enumerate(table, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    write_text(sheet, at, column, cell)
                elif cell is not None and _holds(cell):
                    sheet.write_number(at, column, float(cell))
                else:
                    write_text(sheet, at, column, _number(cell))

    return make_workbook(_SHEET, fill)


def _table(rows: Sequence[ProjectRow]) -> tuple[list[str], list[list[str | int | Fraction | None]]]:
    """The heading, and the cells: texts, numbers, or None for what is not stated."""
    numbers = sorted({key for row in rows for key in row.numbers})
    labels = sorted({key for row in rows for key in row.labels} - set(numbers))
    return [*KNOWN, *numbers, *labels], [
        [
            *(getattr(row, key) for key in KNOWN),
            *(row.numbers.get(key) for key in numbers),
            *("; ".join(row.labels.get(key, ())) for key in labels),
        ]
        for row in rows
    ]


def _number(number: int | Fraction | None) -> str:
    """A decimal where it is exact, else a fraction; "" for None."""
    if number is None or number.denominator == 1:
        return "" if number is None else str(int(number))
    for places in range(1, 16):
        if 10**places % number.denominator == 0:
            digits = str(abs(int(number * 10**places))).rjust(places + 1, "0")
            return f"{'-' if number < 0 else ''}{digits[:-places]}.{digits[-places:]}"
    return str(number)


def _holds(number: int | Fraction) -> bool:
    """Whether a cell's double is read back as the same number: at most 15 digits."""
    written = _number(number)
    return "/" not in written and len(written.strip("-").replace(".", "")) <= 15


def _guarded(text: str) -> str:
    """A text that a spreadsheet would take for a formula, with an apostrophe before it."""
    return f"'{text}" if _FORMULA.match(text) else text
