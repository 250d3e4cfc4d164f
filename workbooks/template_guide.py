"""The sheet of instructions: themes, what each column takes, how partners are written, limits, an example."""

from xlsxwriter import Workbook

from calls.definition import CallDefinition
from locales import Lang, Message, msg, render
from workbooks.columns import COLUMNS, LONGEST_TEXT
from workbooks.intake_write import Sheet, write_text

THEME_ROW = 3
"""Row index of the first theme: the drop-down list of the applications refers to it."""

LINE = 15
"""Points of one line of text."""


def theme_choice(call: CallDefinition, theme: str, lang: Lang) -> str:
    """How a theme is written in a cell: id and name; a text that is none of the call's themes as it is."""
    known = call.theme(theme)
    return theme if known is None else f"{known.id} – {render(known.name, lang)}"


def fill_instructions(book: Workbook, sheet: Sheet, call: CallDefinition, lang: Lang) -> None:
    """Write the instructions in ``lang`` on ``sheet``."""
    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bottom": 1, "valign": "top", "text_wrap": True})
    body = book.add_format({"valign": "top", "text_wrap": True})
    for column, width in enumerate((46, 12, 80, 28)):
        sheet.set_column(column, column, width, body)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1)
    write_text(sheet, 0, 0, render(call.name, lang), title)
    write_text(sheet, 2, 0, render(msg("Themes of the call"), lang), head)
    for offset, theme in enumerate(call.themes):
        write_text(sheet, THEME_ROW + offset, 0, theme_choice(call, theme.id, lang), body)
    row = THEME_ROW + len(call.themes) + 1
    row = _table(sheet, row, lang, head, body)
    for text in _advice():
        sheet.merge_range(row, 0, row, 3, "", body)
        write_text(sheet, row, 0, render(text, lang), body)
        sheet.set_row(row, 2 * LINE)
        row += 1


def _table(sheet: Sheet, row: int, lang: Lang, head: object, body: object) -> int:
    """One line for each column; returns the row after an empty one."""
    titles = (msg("Column"), msg("Required"), msg("What is accepted"), msg("Example"))
    for index, text in enumerate(titles):
        write_text(sheet, row, index, render(text, lang), head)
    for column in COLUMNS:
        row += 1
        write_text(sheet, row, 0, render(column.label, lang), body)
        write_text(sheet, row, 1, render(msg("yes") if column.required else msg("no"), lang), body)
        accepted = render(column.accepted, lang)
        sheet.set_row(row, LINE * -(-len(accepted) // 75))
        write_text(sheet, row, 2, accepted, body)
        write_text(sheet, row, 3, column.example, body)
    return row + 2


def _advice() -> tuple[Message, ...]:
    return (
        msg(
            "One application on each row of the first sheet. The headings stay as they are, in any order; they are "
            "recognised in Finnish, Swedish and English. An unknown heading is refused."
        ),
        msg(
            "At least one cost is stated. An empty amount means that it was not stated; 0 means that there is none. "
            "Value added tax is not an eligible cost and is left out."
        ),
        msg(
            "The coordinating applicant is named also among the partners. When a joint municipal authority takes part, "
            "the municipalities behind it are named in square brackets after its name."
        ),
        msg(
            "Values only: a cell with a formula is refused. Formatting and comments are not read; hidden rows and "
            "columns are."
        ),
        msg(
            "Limits: {rows} rows, {size} megabytes, {characters} characters in a text.",
            rows="5000",
            size="20",
            characters=str(LONGEST_TEXT),
        ),
        msg("The file is saved as an Excel workbook (.xlsx) or as CSV in UTF-8 with a semicolon, comma or tab."),
    )
