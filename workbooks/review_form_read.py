"""Reading a filled-in review form: sheets are recognised by what stands in them, not by their names or order."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from calls.definition import CallDefinition
from locales import Message, msg
from workbooks.columns import letter
from workbooks.intake_cells import Cell, Sheet
from workbooks.review_form_place import NEW_FORM, key_column, misplaced, named_twice
from workbooks.review_form_stamp import CASE_KEY, FORM_KEY, MARK, Found, find_stamp
from workbooks.review_form_types import FormFault, FormRow, ReadForm
from workbooks.review_form_values import Wrong, is_field, read_confidence, read_level, read_text, shortened
from workbooks.safe_open import open_workbook

T = TypeVar("T")
_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")


@dataclass(frozen=True, slots=True)
class _Keys:
    """What a sheet says of itself: the check of its form, its case number, and where its fields stand."""

    check: str
    case: str
    cells: Mapping[str, str]


def read_form(data: bytes, call: CallDefinition, filename: str = "form.xlsx") -> ReadForm:
    """What a filled-in form says. ``call``: whose criteria and levels are accepted; ``filename`` is for messages.

    Raises FileRefused: no workbook, damaged, too large, with macros, not a review form, stamp missing or damaged.
    """
    book = open_workbook(data, filename)
    sheets = {name: book.read(index) for index, name in enumerate(book.names)}
    found = find_stamp(sheets)
    if found.stamp.call_id != call.id:
        return ReadForm(found.stamp, ())
    rows: dict[str, FormRow] = {}
    faults: list[FormFault] = []
    for sheet in sheets.values():
        keys = _keys_of(sheet, found)
        if keys is None:
            continue
        if keys.check != found.check or keys.case not in found.stamp.versions:
            faults.append(_about(sheet, keys.case, msg("The sheet is from another form.")))
        elif keys.case in rows:
            twice = msg("The application stands on two sheets, {first} and here.", first=rows[keys.case].sheet)
            kept = msg("One sheet for each application. Delete the one that is not valid.")
            fault = FormFault(sheet.name, "A1", keys.case, twice, kept)
            rows[keys.case] = replace(rows[keys.case], faults=(*rows[keys.case].faults, fault))
        else:
            rows[keys.case] = _row(sheet, keys, found, call)
    return ReadForm(found.stamp, tuple(rows[case] for case in found.stamp.versions if case in rows), tuple(faults))


def _keys_of(sheet: Sheet, found: Found) -> _Keys | None:
    """The keys in the hidden column; for a sheet that lost them, by its name, what the stamp says."""
    own = _own_keys(sheet)
    if own is not None:
        return own
    case = next((case for case, name in found.sheets.items() if name == sheet.name), None)
    if case is None or any(cell.text.startswith(MARK) for row in sheet.rows for cell in row.cells.values()):
        return None
    return _Keys(found.check, case, found.cells.get(case, {}))


def _own_keys(sheet: Sheet) -> _Keys | None:
    place = key_column(sheet)
    if place is None:
        return None
    keys = [(row.number, row.cells[place].text) for row in sheet.rows if place in row.cells]
    check = next(key.removeprefix(FORM_KEY) for _, key in keys if key.startswith(FORM_KEY))
    case = next((key.removeprefix(CASE_KEY) for _, key in keys if key.startswith(CASE_KEY)), None)
    if case is None:
        return None
    cells = {key: f"{letter(place - 1)}{number}" for number, key in keys if is_field(key)}
    return _Keys(check, case, cells)


def _row(sheet: Sheet, keys: _Keys, found: Found, call: CallDefinition) -> FormRow:
    application, review = found.stamp.versions[keys.case]
    fields = _Fields(sheet, keys.cells)
    levels = {
        criterion.id: fields.take(f"level:{criterion.id}", partial(read_level, criterion=criterion), None)
        for criterion in call.criteria
    }
    reasons = {criterion.id: fields.take(f"reason:{criterion.id}", read_text, "") for criterion in call.criteria}
    remark = fields.take("remark", read_text, "")
    confidence = fields.take("confidence", read_confidence, None)
    return FormRow(
        case_number=keys.case,
        sheet=sheet.name,
        application_version=application,
        review_version=review,
        levels=levels,
        reasons=reasons,
        remark=remark,
        confidence=confidence,
        cells=keys.cells,
        faults=fields.faults(keys.case, call),
    )


class _Fields:
    """The input cells of a sheet; what cannot be taken is noted."""

    def __init__(self, sheet: Sheet, cells: Mapping[str, str]) -> None:
        self._sheet, self._cells = sheet, cells
        self._rows = {row.number: row.cells for row in sheet.rows}
        self._faults: list[tuple[tuple[int, int], FormFault]] = []

    def take(self, field: str, read: Callable[[Cell | None], T], otherwise: T) -> T:
        """The value of a field; ``otherwise`` when its cell is at fault or not there."""
        place = _position(self._cells.get(field, ""))
        if place is None:
            return otherwise
        cell = self._rows.get(place[0], {}).get(place[1])
        try:
            return read(cell)
        except Wrong as wrong:
            shown = shortened(cell.text if cell is not None else "")
            fault = FormFault(self._sheet.name, self._cells[field], shown, wrong.message, wrong.accepted)
            self._faults.append((place, fault))
            return otherwise

    def faults(self, case: str, call: CallDefinition) -> tuple[FormFault, ...]:
        """What is wrong, from the top of the sheet down; first what concerns the whole sheet."""
        about: list[FormFault] = []
        if self._sheet.over is not None:
            about.append(_about(self._sheet, case, self._sheet.over))
        wanted = {f"{kind}:{criterion.id}" for criterion in call.criteria for kind in ("level", "reason")}
        if {*wanted, "remark", "confidence"} != set(self._cells):
            about.append(_about(self._sheet, case, msg("The cells of the sheet are not those of the call's criteria.")))
        places = {field: (at, *place) for field, at in self._cells.items() if (place := _position(at))}
        about += named_twice(self._sheet)
        if self._sheet.over is None:  # else the rest of the sheet was not read
            about += misplaced(self._sheet, places)
        return (*about, *(fault for _, fault in sorted(self._faults, key=lambda pair: pair[0])))


def _about(sheet: Sheet, case: str, message: Message) -> FormFault:
    return FormFault(sheet.name, "A1", shortened(case), message, NEW_FORM)


def _position(address: str) -> tuple[int, int] | None:
    """``B31`` -> (31, 2)."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return None
    column = 0
    for char in found[1]:
        column = column * 26 + ord(char) - ord("A") + 1
    return int(found[2]), column
