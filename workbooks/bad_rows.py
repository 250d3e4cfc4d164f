"""The rows that could not be taken, in the template's form, each with its faults in words: mend and import again."""

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook

from calls.definition import CallDefinition
from locales import Lang, Message, msg, render
from workbooks.columns import COLUMNS, FAULTS_LABEL
from workbooks.intake import BadRow, Fault, Intake
from workbooks.intake_cells import Cell
from workbooks.intake_write import LONGEST_CELL, Format, Sheet, units, write_text
from workbooks.template import MOMENT_FORMAT, Formats, template_workbook

FAULTS_SHEET = msg("List of faults")
_UNMENDED = "=NA()"
"""Stands for a formula or an error value, so that the cell stays at fault until a person writes a value."""


def bad_rows_workbook(intake: Intake, call: CallDefinition, lang: Lang) -> bytes:
    """The bad rows of ``intake`` with a column of their faults in ``lang``, and a sheet that lists all faults.

    Cells at fault are coloured. A formula is never carried over: its cell shows ``#N/A`` and its text stands
    among the faults. The same intake gives the same bytes.
    """

    def rows(book: Workbook, sheet: Sheet, formats: Formats) -> None:
        marks = _marked(book)
        for index, bad in enumerate(intake.bad_rows, start=1):
            _write_bad(sheet, index, bad, intake.faults_of(bad.row), lang, formats, marks)
        _list_faults(book, book.add_worksheet(render(FAULTS_SHEET, lang)), intake.faults, lang)

    return template_workbook(call, lang, rows, ((FAULTS_LABEL, 70),))


@dataclass(frozen=True, slots=True)
class _Marks:
    """Formats of cells at fault. A date keeps a date's format in every column, so that it stays at fault."""

    text: Format
    number: Format
    day: Format
    moment: Format


def _marked(book: Workbook) -> _Marks:
    shapes = ("@", "General", "d.m.yyyy", MOMENT_FORMAT)
    look = {"valign": "top", "text_wrap": True, "bg_color": "#F8D7DA"}
    return _Marks(*(book.add_format({**look, "num_format": shape}) for shape in shapes))


def _write_bad(
    sheet: Sheet,
    index: int,
    bad: BadRow,
    faults: Sequence[Fault],
    lang: Lang,
    formats: Formats,
    marks: _Marks,
) -> None:
    labels = {fault.field.msgid for fault in faults}
    for place, column in enumerate(COLUMNS):
        wrong = column.label.msgid in labels
        cell = bad.cells.get(column.id)
        if cell is not None:
            _write_cell(sheet, index, place, cell, _form(cell, marks) if wrong else formats.cells[place])
        elif wrong:
            sheet.write_blank(index, place, None, marks.text)
    said = "\n".join(render(_said(fault), lang) for fault in faults)
    while units(said) > LONGEST_CELL:
        said = said[: LONGEST_CELL // 2 - 1] + "…"
    write_text(sheet, index, len(COLUMNS), said, formats.cells[0])


def _form(cell: Cell, marks: _Marks) -> Format:
    if cell.kind == "moment":
        return marks.moment if cell.timed else marks.day
    return marks.text if cell.kind == "text" else marks.number


def _said(fault: Fault) -> Message:
    return msg(
        "{field}: {problem} Value: “{value}”. Accepted: {accepted}",
        field=fault.field,
        problem=fault.problem,
        value=fault.value,
        accepted=fault.accepted,
    )


def _write_cell(sheet: Sheet, row: int, column: int, cell: Cell, form: Format) -> None:
    match cell.kind:
        case "number" if cell.number is not None and abs(cell.number.adjusted()) < 300:
            sheet.write_number(row, column, float(cell.number), form)
        case "moment" if cell.moment is not None and cell.moment.year >= 1900:
            sheet.write_datetime(row, column, cell.moment, form)
        case "bool":
            sheet.write_boolean(row, column, cell.text == "TRUE", form)
        case "formula" | "error" | "moment":
            sheet.write_formula(row, column, _UNMENDED, form, "#N/A")
        case _:
            write_text(sheet, row, column, cell.text, form)


def _list_faults(book: Workbook, sheet: Sheet, faults: Sequence[Fault], lang: Lang) -> None:
    head = book.add_format({"bold": True, "bottom": 1})
    body = book.add_format({"valign": "top", "text_wrap": True})
    titles = (msg("Sheet"), msg("Row"), msg("Column"), msg("Field"), msg("Value"), msg("Fault"), msg("Accepted"))
    for index, (title, width) in enumerate(zip(titles, (18, 8, 8, 30, 40, 50, 60), strict=True)):
        sheet.set_column(index, index, width)
        write_text(sheet, 0, index, render(title, lang), head)
    for row, fault in enumerate(faults, start=1):
        write_text(sheet, row, 0, fault.sheet, body)
        sheet.write_number(row, 1, fault.row, body)
        texts: tuple[Message | str, ...] = (fault.column, fault.field, fault.value, fault.problem, fault.accepted)
        for index, text in enumerate(texts, start=2):
            write_text(sheet, row, index, render(text, lang), body)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
