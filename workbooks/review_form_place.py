"""Whether the input cells of a review form are still where they were made: beside their labels, each named once."""

from collections.abc import Iterator, Mapping

from locales import LANGUAGES, PSEUDO, Message, msg, render
from workbooks.columns import letter
from workbooks.intake_cells import Sheet
from workbooks.review_form_stamp import CASE_KEY, FORM_KEY
from workbooks.review_form_types import FormFault
from workbooks.review_form_values import LABELS, is_field, shortened

NEW_FORM = msg("Download a new form and copy your texts to it.")


def key_column(sheet: Sheet) -> int | None:
    """The column that names the form, the case and the fields, counted from 1; None where there is none."""
    return next(
        (
            column
            for row in sheet.rows[:5]
            for column, cell in row.cells.items()
            if cell.kind == "text" and cell.text.startswith(FORM_KEY)
        ),
        None,
    )


def named_twice(sheet: Sheet) -> Iterator[FormFault]:
    """The second and later cells that name the same form, case or field: nobody could tell which one counts."""
    place = key_column(sheet)
    seen: dict[str, str] = {}
    if place is None:
        return
    for row in sheet.rows:
        key = row.cells[place].text if place in row.cells else ""
        kind = next((start for start in (FORM_KEY, CASE_KEY) if key.startswith(start)), key)
        here = f"{letter(place)}{row.number}"
        if kind in seen:
            twice = msg("The sheet names this field twice, first in {cell}.", cell=seen[kind])
            yield FormFault(sheet.name, here, shortened(key), twice, NEW_FORM)
        elif kind in (FORM_KEY, CASE_KEY) or is_field(key):
            seen[kind] = here


def misplaced(sheet: Sheet, cells: Mapping[str, tuple[str, int, int]]) -> Iterator[FormFault]:
    """Input cells that no longer stand beside their own label, after columns or keys were moved by hand.

    ``cells``: field -> address, row and column of its input cell. Raises nothing; gives a fault for each.
    """
    rows = {row.number: row.cells for row in sheet.rows}
    for field, (address, row, column) in cells.items():
        found = rows.get(row, {}).get(column - 1)
        words = "" if found is None else _folded(found.text)
        label = LABELS[field.partition(":")[0]]
        if words not in {_folded(render(label, lang)) for lang in (*LANGUAGES, PSEUDO)}:
            moved = msg("The cell does not stand beside its label, {label}: columns or rows were moved.", label=label)
            yield FormFault(sheet.name, address, shortened(found.text if found else ""), moved, NEW_FORM)


def _folded(text: str | Message) -> str:
    return " ".join(str(text).split()).casefold()
