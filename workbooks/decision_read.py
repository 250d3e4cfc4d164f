"""The decision workbook read back into its tables, by the plans by which its sheets were written."""

from collections.abc import Iterator, Mapping
from itertools import takewhile

from decisions.facts import facts_of
from decisions.spec import SPECS, Spec
from decisions.tables import Row, Tables, key_text
from decisions.values import CanonicalError, Value, normal
from decisions.words import TOTAL, Words
from locales import LANGUAGES, msg, render
from workbooks import decision_facts
from workbooks.decision_plan import PLAIN_HEAD, Plan, sheet_name
from workbooks.decision_plans import plans
from workbooks.decision_read_others import read_comparison, read_statements
from workbooks.decision_sheets import Fault, Place, Sheets, check_facts
from workbooks.decision_values import Read, Unreadable, reader_of, record_of, text_of
from workbooks.read_cells import Cell, Cells, Formula, Workbook

_ELSEWHERE = ("facts", "comparison", "reviewers")
"""Tables that are read before the others, or by ways of their own."""


def read_sheets(book: Workbook) -> Sheets | None:
    """What ``book`` states, with every fault; None when it is no decision workbook. Raises FileRefused as ``rows``."""
    sheets = _begun(book)
    if sheets is None:
        return None
    _read_facts(book, sheets)
    if sheets.facts is None:
        return sheets
    words = Words(sheets.facts, sheets.lang)
    read = {"facts"}
    for plan in plans(sheets.facts):
        if plan.id in SPECS and plan.id not in _ELSEWHERE:
            read.add(plan.id)
            _read_plan(book, sheets, plan, _readers(plan, words, plain=sheets.plain))
    read_comparison(book, sheets, words)
    read_statements(book, sheets)
    sheets.absent |= SPECS.keys() - read - {"comparison", "scenarios", "reviewers"}
    return sheets


def out_of_order(sheets: Sheets, tables: Tables) -> Iterator[Fault]:
    """Of each sheet the first row that does not stand where it does when ``tables`` (complete) are written."""
    for plan in plans(sheets.facts or {}):
        if plan.id not in SPECS or plan.id in _ELSEWHERE[1:] or plan.id in sheets.absent:
            continue
        spec, first = SPECS[plan.id], head_of(plan, sheets) + 1
        for number, row in enumerate(plan.listed(tables), start=first):
            key = key_text(spec, row)
            stands = sheets.places.rows.get((spec.id, key)) if row.get("category") != TOTAL else None
            if stands is not None and stands[1] != number:
                place = Place(stands[0], min(stands[1], number), 0)
                yield Fault(place, msg("From here on the rows are not where they belong."), "", key)
                break


def head_of(plan: Plan, sheets: Sheets) -> int:
    """The row of the heading."""
    return PLAIN_HEAD if sheets.plain else plan.head


def _begun(book: Workbook) -> Sheets | None:
    """Language and variant, told by the heading of the sheet of the facts, of which most must be as it was."""
    plan = decision_facts.PLAN
    best, found = 0, None
    for lang in LANGUAGES:
        name = sheet_name(plan.name, lang)
        if name not in book.names:
            continue
        first = dict(takewhile(lambda row: row[0] <= plan.head, book.rows(name)))
        for plain in (False, True):
            heading = first.get(PLAIN_HEAD if plain else plan.head, {})
            alike = sum(heading.get(at) == render(one.heading, lang) for at, one in enumerate(plan.columns))
            if alike > best:
                best, found = alike, Sheets(lang, plain)
    return found


def _read_facts(book: Workbook, sheets: Sheets) -> None:
    plan = decision_facts.PLAN
    _read_plan(book, sheets, plan, {"key": _key, "value": _record})
    try:
        facts = facts_of(sheets.rows["facts"])
        check_facts(facts)
    except CanonicalError as error:
        sheets.fault(None, msg("What the workbook states cannot be: {why}", why=str(error)))
        return
    sheets.facts = facts


def _key(cell: "Cell | None") -> Value:
    if not isinstance(cell, str):
        raise Unreadable(msg("text"))
    return cell


def _record(cell: "Cell | None") -> Value:
    if not isinstance(cell, str):
        raise Unreadable(msg("text"))
    return record_of(cell)


def _readers(plan: Plan, words: Words, *, plain: bool) -> dict[str, Read]:
    """What reads each stated field of a table."""
    stated = {field.id: field.kind for field in SPECS[plan.table].stated}
    return {
        column.id: reader_of(column, stated[column.id], words, plain=plain)
        for column in plan.columns
        if column.id in stated and column.shown is None
    }


def _read_plan(book: Workbook, sheets: Sheets, plan: Plan, readers: Mapping[str, Read]) -> None:
    spec, name = SPECS[plan.table], sheet_name(plan.name, sheets.lang)
    sheets.rows[spec.id] = []
    if name not in book.names:
        sheets.absent.add(spec.id)
        sheets.missing(name)
        return
    columns = {field: plan.column(field) for field in readers}
    sheets.places.columns |= {(spec.id, field): at for field, at in columns.items()}
    for number, cells in book.rows(name):
        if number <= head_of(plan, sheets):
            continue
        made, faults = _row(spec, name, number, cells, columns, readers)
        # A sum between the rows of the table has a word in place of a category.
        if made is None or made.get("category") == TOTAL:
            continue
        for fault in faults:
            sheets.fault(fault.place, fault.problem, fault.stated, fault.expected)
        _keep(sheets, spec, made, Place(name, number, columns[spec.key[0].id]))


def _row(
    spec: Spec, sheet: str, number: int, cells: Cells, columns: Mapping[str, int], readers: Mapping[str, Read]
) -> tuple[dict[str, Value] | None, list[Fault]]:
    """The values of a row, None if there is nothing in any of its columns; a value that cannot be read is missing."""
    if not any(at in cells for at in columns.values()):
        return None, []
    faults: list[Fault] = []
    made: dict[str, Value] = {field.id: normal(None, field.kind) for field in spec.stated}
    for field, read in readers.items():
        cell = cells.get(columns[field])
        try:
            made[field] = read(cell)
        except Unreadable as error:
            place = Place(sheet, number, columns[field])
            faults.append(Fault(place, msg("The cell cannot be read."), text_of(cell), error.accepted))
            made[field] = _calculated(cell, read, made[field])
    return made, faults


def _calculated(cell: "Cell | None", read: Read, otherwise: Value) -> Value:
    """What a formula in place of a value comes to, so that only the formula is at fault."""
    if isinstance(cell, Formula):
        try:
            return read(cell.value)
        except Unreadable:
            return otherwise
    return otherwise


def _keep(sheets: Sheets, spec: Spec, made: Row, place: Place) -> None:
    """Add a row unless its key is missing or was there before."""
    key = key_text(spec, made)
    empty = next((field.id for field in spec.key if made[field.id] in (None, "")), None)
    if empty is not None:
        column = sheets.places.columns.get((spec.id, empty), place.column)
        sheets.fault(place._replace(column=column), msg("The row has no identifier."), key)
    elif (spec.id, key) in sheets.places.rows:
        sheets.fault(place, msg("The row is there twice."), key)
    else:
        sheets.places.rows[spec.id, key] = (place.sheet, place.row)
        sheets.add(spec.id, made)
