"""Read back what does not stand in one row each: the comparison of scenarios, and what a workbook states of itself."""

from collections.abc import Mapping

from decisions.checking import Stated
from decisions.spec import SPECS
from decisions.tables import Private, RowDigest, key_text, make
from decisions.values import Kind, Value
from decisions.words import Words
from locales import msg, render
from workbooks import decision_check
from workbooks.decision_compare import CASE, FIRST, LABEL, NAME, NOT_KNOWN, STATED, plan
from workbooks.decision_plan import PLAIN_HEAD, PlannedColumn, sheet_name
from workbooks.decision_sheets import Place, Sheets
from workbooks.decision_values import Read, Unreadable, reader_of, text_of
from workbooks.read_cells import Cell, Cells, Workbook

MOST_SCENARIOS = 500
WHAT, WHICH, MARKS, VALUE = 1, 2, 3, 4
"""Columns of the sheet of checks."""
_KINDS = ("hash", "table", "commitment", "reviewer")


def read_comparison(book: Workbook, sheets: Sheets, words: Words) -> None:
    """The tables ``scenarios`` and ``comparison`` from their sheet, a column for each scenario."""
    sheet = sheet_name(NAME, sheets.lang)
    sheets.rows |= {"scenarios": [], "comparison": []}
    if sheet not in book.names:
        sheets.absent |= {"scenarios", "comparison"}
        sheets.missing(sheet)
        return
    head = PLAIN_HEAD if sheets.plain else plan(make({})).head
    particulars: dict[str, tuple[int, Cells]] = {}
    labels = {render(label, sheets.lang): field for field, (label, _, _) in STATED.items()}
    names: dict[int, str] = {}
    for number, cells in book.rows(sheet):
        if number == head:
            names = _names(sheets, sheet, number, cells)
        elif CASE not in cells:
            if (field := labels.get(str(cells.get(LABEL)))) is not None:
                particulars.setdefault(field, (number, cells))
        elif number > head:
            _awards(sheets, sheet, number, cells, names, words)
    for at, name in names.items():
        _scenario(sheets, sheet, at, name, particulars, words)


def _names(sheets: Sheets, sheet: str, number: int, cells: Cells) -> dict[int, str]:
    """Scenarios by column; of two with one name the first."""
    found: dict[int, str] = {}
    for at, cell in sorted(cells.items()):
        if at < FIRST:
            continue
        name = text_of(cell)
        if name in found.values() or len(found) == MOST_SCENARIOS:
            sheets.fault(Place(sheet, number, at), msg("The scenario is there twice."), name)
        else:
            found[at] = name
    return found


def _awards(sheets: Sheets, sheet: str, number: int, cells: Cells, names: Mapping[int, str], words: Words) -> None:
    case = text_of(cells[CASE])
    read = _reader("granted", "euros", "", words)
    for at, name in names.items():
        place = Place(sheet, number, at)
        if at not in cells:
            # Perhaps nothing belongs there; if an amount does, this is its cell.
            row = {"scenario": name, "case_number": case}
            sheets.places.cells.setdefault(("comparison", key_text(SPECS["comparison"], row), ""), place)
            continue
        row = {"scenario": name, "case_number": case, "granted": _value(sheets, place, cells[at], read)}
        key = key_text(SPECS["comparison"], row)
        if ("comparison", key, "granted") in sheets.places.cells:
            sheets.fault(place, msg("The row is there twice."), key)
            continue
        sheets.places.cells["comparison", key, "granted"] = place
        sheets.places.rows["comparison", key] = (sheet, number)
        sheets.add("comparison", row)


def _scenario(
    sheets: Sheets, sheet: str, at: int, name: str, particulars: Mapping[str, tuple[int, Cells]], words: Words
) -> None:
    """The particulars of a scenario; one without any is only in the comparison."""
    if not any(at in cells for _, cells in particulars.values()):
        return
    row: dict[str, Value] = {"name": name}
    for field, (number, cells) in particulars.items():
        kind, place = SPECS["scenarios"].field(field).kind, Place(sheet, number, at)
        row[field] = _value(sheets, place, cells.get(at), _reader(field, kind, STATED[field][2], words))
        sheets.places.cells["scenarios", name, field] = place
    sheets.add("scenarios", row)


def _reader(field: str, kind: Kind, vocabulary: str, words: Words) -> Read:
    column = PlannedColumn(field, "", 0, words="" if kind == "yes" else vocabulary, missing=NOT_KNOWN)
    return reader_of(column, kind, words, plain=False)


def _value(sheets: Sheets, place: Place, cell: "Cell | None", read: Read) -> Value:
    try:
        return read(cell)
    except Unreadable as error:
        sheets.fault(place, msg("The cell cannot be read."), text_of(cell), error.accepted)
        return None


def read_statements(book: Workbook, sheets: Sheets) -> None:
    """What the workbook states of itself: hash, digests, commitments, and the names in the full variant."""
    sheet = sheet_name(decision_check.NAME, sheets.lang)
    sheets.rows["reviewers"] = []
    if sheet not in book.names:
        sheets.absent |= {"reviewers"}
        sheets.missing(sheet)
        return
    rows: dict[str, dict[str, RowDigest]] = {name: {} for name in SPECS}
    tables: dict[str, str] = {}
    hash_, places = "", sheets.places.digests
    for number, cells in book.rows(sheet):
        what, which, marks, value = (text_of(cells.get(at)) for at in (WHAT, WHICH, MARKS, VALUE))
        key = ("" if what == "hash" else what, which)
        place = Place(sheet, number, VALUE)
        if what not in _KINDS and what not in SPECS:
            continue
        if key in places:
            sheets.fault(place, msg("The row is there twice."), f"{what} {which}".strip())
            continue
        sheets.counted()
        places[key] = place
        match what:
            case "hash":
                hash_ = value
            case "table":
                tables[which] = value
            case "commitment":
                sheets.add("reviewers", {"reviewer": which, "commitment": value})
                sheets.places.rows["reviewers", which] = (sheet, number)
            case "reviewer":
                sheets.private[which] = Private(value, marks)
            case _:
                rows[what][which] = RowDigest(which, marks, value)
    sheets.places.columns["reviewers", "commitment"] = VALUE
    sheets.stated = Stated(rows, tables, hash_)
