"""Refusals of sheets that are larger than what is read."""

from locales import Message, msg
from workbooks.intake_cells import LARGEST_ROWS, WIDEST


def too_many_rows(sheet: str) -> Message:
    """More rows than are taken at once."""
    return msg(
        "The sheet {sheet} has more than {rows} rows. Divide it into several files.",
        sheet=sheet,
        rows=str(LARGEST_ROWS),
    )


def too_wide(sheet: str) -> Message:
    """Content further right than any form reaches."""
    return msg(
        "The sheet {sheet} has content beyond column {columns}. Copy the applications to the template.",
        sheet=sheet,
        columns=str(WIDEST),
    )


def too_far(sheet: str) -> Message:
    """More cells or rows, mostly empty, than are looked through."""
    return msg(
        "The sheet {sheet} has too many cells to be looked through. Copy the applications to the template.",
        sheet=sheet,
    )
