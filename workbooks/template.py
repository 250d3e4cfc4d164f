"""The application workbook: the template to fill in, with instructions, and applications written in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook

from calls.application import COST_CATEGORIES, Application
from calls.definition import CallDefinition
from locales import Lang, Message, msg, render
from workbooks.columns import COLUMNS, Column
from workbooks.intake_partners import partners_text
from workbooks.intake_write import LONGEST_CELL, Format, Sheet, make_workbook, units, write_text
from workbooks.template_guide import THEME_ROW, fill_instructions, theme_choice

LARGEST_ROWS = 5_000
MOMENT_FORMAT = "d.m.yyyy hh:mm:ss"
APPLICATIONS_SHEET = msg("Applications")
INSTRUCTIONS_SHEET = msg("Instructions")


@dataclass(frozen=True, slots=True)
class Formats:
    """Cell formats: one for each column, and those of required and other headings."""

    cells: tuple[Format, ...]
    required: Format
    optional: Format


Rows = Callable[[Workbook, Sheet, Formats], None]
"""Fills the sheet of applications from row index 1."""


def application_template(call: CallDefinition, lang: Lang) -> bytes:
    """The empty template of ``call`` with instructions in ``lang``; the same call gives the same bytes."""
    return template_workbook(call, lang, lambda _book, _sheet, _formats: None)


def write_applications(applications: Sequence[Application], call: CallDefinition, lang: Lang) -> bytes:
    """The template filled with ``applications``, one per row, so that ``read_applications`` gives them back.

    Raises ValueError for an application that a row cannot hold: a partner's name with ``;`` or brackets in it,
    a cost category outside ``COST_CATEGORIES``, a text longer than a cell.
    """

    def rows(_book: Workbook, sheet: Sheet, formats: Formats) -> None:
        for index, application in enumerate(applications, start=1):
            _write_row(sheet, index, application, call, lang, formats)

    return template_workbook(call, lang, rows)


def template_workbook(call: CallDefinition, lang: Lang, rows: Rows, extra: Sequence[tuple[Message, int]] = ()) -> bytes:
    """The template with ``rows`` written in it and ``extra`` headings with widths after the columns."""

    def fill(book: Workbook) -> None:
        name = render(INSTRUCTIONS_SHEET, lang)
        sheet = book.add_worksheet(render(APPLICATIONS_SHEET, lang))
        formats = _formats(book)
        _headings(sheet, lang, formats, extra)
        _choices(sheet, name, call, lang)
        rows(book, sheet, formats)
        fill_instructions(book, book.add_worksheet(name), call, lang)

    title = render(msg("Applications: {call}", call=call.name), lang)
    return make_workbook(title, fill)


def _formats(book: Workbook) -> Formats:
    shapes = {"moment": MOMENT_FORMAT, "money": "#,##0"}
    cells = tuple(
        book.add_format({"num_format": shapes.get(column.kind, "@"), "valign": "top", "text_wrap": column.width > 20})
        for column in COLUMNS
    )
    look = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
    required = book.add_format({**look, "bg_color": "#DCE6F2"})
    return Formats(cells, required, book.add_format({**look, "bg_color": "#F2F2F2"}))


def _headings(sheet: Sheet, lang: Lang, formats: Formats, extra: Sequence[tuple[Message, int]]) -> None:
    for index, column in enumerate(COLUMNS):
        sheet.set_column(index, index, column.width, formats.cells[index])
        heading = formats.required if column.required else formats.optional
        write_text(sheet, 0, index, render(column.label, lang), heading)
        sheet.write_comment(0, index, _note(column, lang), {"author": "", "x_scale": 2.5, "y_scale": 1.6})
    for index, (label, width) in enumerate(extra, start=len(COLUMNS)):
        sheet.set_column(index, index, width, formats.cells[0])
        write_text(sheet, 0, index, render(label, lang), formats.optional)
    sheet.set_row(0, 45)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)


def _note(column: Column, lang: Lang) -> str:
    needed = msg("Required.") if column.required else msg("May be left empty.")
    return f"{render(needed, lang)} {render(column.accepted, lang)}"


def _choices(sheet: Sheet, instructions: str, call: CallDefinition, lang: Lang) -> None:
    """Drop-down lists for language and theme; a warning only, since names and ids are taken as well."""
    columns = {column.id: index for index, column in enumerate(COLUMNS)}
    quoted = instructions.replace("'", "''")
    last = THEME_ROW + len(call.themes)
    lists: dict[str, list[str] | str] = {
        "language": ["fi", "sv"],
        "theme": f"='{quoted}'!$A${THEME_ROW + 1}:$A${last}",
    }
    for column_id, source in lists.items():
        if not source or (column_id == "theme" and not call.themes):
            continue
        sheet.data_validation(
            1,
            columns[column_id],
            LARGEST_ROWS,
            columns[column_id],
            {
                "validate": "list",
                "source": source,
                "error_type": "warning",
                "error_title": render(msg("Not in the list"), lang)[:32],
                "error_message": render(msg("Choose a value from the list."), lang)[:255],
            },
        )


def _write_row(
    sheet: Sheet, row: int, application: Application, call: CallDefinition, lang: Lang, formats: Formats
) -> None:
    for index, (column, value) in enumerate(zip(COLUMNS, _values(application, call, lang), strict=True)):
        if column.id == "arrived_at":
            _write_moment(sheet, row, index, application, call, formats.cells[index])
        elif isinstance(value, int):
            sheet.write_number(row, index, value, formats.cells[index])
        elif isinstance(value, str):
            if units(value) > LONGEST_CELL:
                raise ValueError(f"{column.id} of {application.case_number} is longer than a cell holds")
            write_text(sheet, row, index, value, formats.cells[index])


def _values(application: Application, call: CallDefinition, lang: Lang) -> list[str | int | None]:
    strange = set(application.costs) - set(COST_CATEGORIES)
    if strange:
        raise ValueError(f"{application.case_number} has costs outside the form: {sorted(strange)}")
    coordinator = application.coordinator
    return [
        application.case_number,
        None,
        coordinator.name,
        coordinator.code,
        coordinator.business_id,
        application.language,
        partners_text(application.partners),
        application.project_name,
        theme_choice(call, application.theme, lang),
        application.summary,
        application.process_change,
        application.dissemination,
        application.consortium,
        *(application.costs.get(category) for category in COST_CATEGORIES),
        application.own_funding,
        application.other_public_funding,
        application.applied,
    ]


def _write_moment(
    sheet: Sheet, row: int, index: int, application: Application, call: CallDefinition, form: Format
) -> None:
    """A local date and time, or text with the offset where a local time would not say which moment it is.

    Midnight is text as well: as a date and time it could not be told from a day without time of day.
    """
    local = application.arrived_at.astimezone(ZoneInfo(call.window.time_zone))
    twofold = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    if twofold or local.microsecond or local.time() == time() or not 2000 <= local.year < 2100:
        write_text(sheet, row, index, local.isoformat(), form)
    else:
        sheet.write_datetime(row, index, local.replace(tzinfo=None), form)
