"""Finding the sheet and row of headings, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass

from calls.application_record import field_label
from locales import Message, msg
from workbooks.columns import BY_ID, COLUMNS, FAULTS, column_of
from workbooks.intake_cells import HEADING_WITHIN, Book, FileRefused, Row, Sheet, filled

ENOUGH = 5
"""A row with this many known headings is the row of headings."""

HeadingFault = tuple[int, Message, str, Message, Message]
"""Column counted from 1 (0: missing), its label, the heading found, the problem, what is accepted."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The row of headings: where each column id stands (counted from 1), and the faults found."""

    row: int
    columns: Mapping[str, int]
    faults: tuple[HeadingFault, ...]


def find_heading(book: Book, filename: str) -> tuple[Sheet, Heading]:
    """The first sheet, hidden or not, with a row of headings. Raises FileRefused, naming the sheets there are."""
    for index in range(len(book.names)):
        sheet = book.read(index)
        found = max(sheet.rows[:HEADING_WITHIN], key=_known, default=None)
        if found is None or _known(found) < ENOUGH:
            continue
        if sheet.over is not None:
            raise FileRefused(sheet.over)
        return sheet, _heading(sheet, found)
    raise FileRefused(
        msg(
            "No sheet of the file {name} has the headings of applications. Sheets found: {sheets}. Accepted: the "
            "template of the call.",
            name=filename,
            sheets=[name[:31] for name in book.names[:10]],
        )
    )


def _known(row: Row) -> int:
    return len({column_of(cell.text) for cell in row.cells.values() if cell.kind == "text"} - {None})


def _heading(sheet: Sheet, row: Row) -> Heading:
    columns: dict[str, int] = {}
    faults: list[HeadingFault] = []
    for index, cell in sorted(row.cells.items()):
        column_id = column_of(cell.text) if cell.kind == "text" else None
        if column_id is None:
            faults.append((index, _HEADING, cell.text, msg("The heading is unknown."), _KNOWN))
        elif column_id in columns:
            faults.append((index, _HEADING, cell.text, msg("The column is there twice."), _ONCE))
        else:
            columns[column_id] = index
    faults += _without_heading(sheet, row)
    missing = [column for column in COLUMNS if column.required and column.id not in columns]
    faults += [(0, column.label, "", msg("The column is missing."), _EVERY) for column in missing]
    if not any(column.cost and column.id in columns for column in COLUMNS):
        faults.append((0, field_label("costs"), "", msg("The column is missing."), _EVERY))
    columns.pop(FAULTS, None)
    return Heading(row.number, {column_id: columns[column_id] for column_id in BY_ID if column_id in columns},
                   tuple(faults))  # fmt: skip


def _without_heading(sheet: Sheet, heading: Row) -> list[HeadingFault]:
    """The first content of each column that has no heading."""
    first: dict[int, str] = {}
    for row in sheet.rows:
        if row.number > heading.number:
            for index, cell in row.cells.items():
                if index not in heading.cells and filled(cell):
                    first.setdefault(index, cell.text)
    return [
        (index, _HEADING, text, msg("The column has content but no heading."), _KNOWN)
        for index, text in sorted(first.items())
    ]


_HEADING = msg("Heading")
_KNOWN = msg("The headings of the template in Finnish, Swedish or English. Remove other columns.")
_ONCE = msg("Each column once.")
_EVERY = msg("Every required column of the template, and at least one column of costs.")
