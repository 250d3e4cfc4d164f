"""A workbook with the look of the house: formats, page set-up, and cells that cannot be taken for formulas."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import TemporaryDirectory
from typing import TypeAlias

import xlsxwriter
from xlsxwriter.chart import Chart
from xlsxwriter.format import Format
from xlsxwriter.utility import quote_sheetname
from xlsxwriter.worksheet import Worksheet

from locales import HELSINKI, LocalText, Message, msg, render
from workbooks.book_looks import ALARM, WRAPPED, looks
from workbooks.book_looks import of_sum as sum_look
from workbooks.book_sheet import StreamedSheet

Text: TypeAlias = Message | LocalText | str

CELL_LIMIT = 32_767
"""Characters (UTF-16 units) that a cell of an xlsx file can hold."""

_LINE_POINTS = 12.0
"""Height of a line of 9-point text, points."""
_HIGHEST_ROW = 409
"""The highest row a spreadsheet can show, points."""
_CHARACTERS = 1.1
"""Characters of 9-point text per unit of column width, in a wide typeface so that no reader's font cuts words."""

_NOT_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: heading, width in characters of the standard font, name of the format of its cells."""

    heading: Text
    width: float
    style: str = "text"


def clean(text: str) -> str:
    """``text`` as an xlsx cell can hold it: line ends as \\n, characters XML cannot hold as U+FFFD."""
    return _NOT_XML.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def quoted(text: str) -> str:
    """``text`` as a string inside a formula."""
    return '"' + clean(text).replace('"', '""') + '"'


def characters(width: float) -> int:
    """How many characters of 9-point text fit a line of a column of ``width``."""
    return max(int((width - 1) * _CHARACTERS), 1)


def wrapped_lines(text: str, width: float) -> int:
    """How many lines ``text`` takes in a column of ``width``, breaking at spaces and inside longer words."""
    room = characters(width)
    lines = 0
    for paragraph in text.split("\n") if "\n" in text else (text,):
        lines += 1
        start, end = 0, len(paragraph)
        while end - start > room:
            space = paragraph.rfind(" ", start, start + room + 1)
            start = space + 1 if space > start else start + room
            lines += 1
    return lines


def row_height(lines: float) -> float:
    """Points of a row whose highest cell has so many lines of text."""
    return min(_LINE_POINTS * lines + 3, _HIGHEST_ROW)


class Book:
    """An xlsx workbook being written in one language; ``close`` gives its bytes."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._bytes = io.BytesIO()
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._book = xlsxwriter.Workbook(self._bytes, options)
        self._formats: dict[tuple[str, bool], Format] = {}
        self._widths: dict[Worksheet, list[float]] = {}
        self._heights: dict[tuple[Worksheet, int], float] = {}
        self._looks = looks(lang)

    def words(self, text: Text) -> str:
        """``text`` in the language of the workbook, as a cell can hold it."""
        return clean(render(text, self.lang))

    def properties(self, title: str, subject: str, author: str, made_at: datetime) -> None:
        """Document properties; ``made_at`` (UTC) is the only time in the file, so that it is reproducible."""
        self._book.set_properties(
            {"title": clean(title), "subject": clean(subject), "author": clean(author), "created": made_at}
        )

    def add_plain_sheet(self, name: Message) -> StreamedSheet:
        """A sheet without any set-up."""
        sheet: StreamedSheet = self._book.add_worksheet(render(name, self.lang)[:31], StreamedSheet)
        return sheet

    def add_sheet(self, name: Message, *, landscape: bool = True) -> StreamedSheet:
        """A sheet in A4, one page wide, with the house's margins."""
        sheet = self.add_plain_sheet(name)
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.hide_gridlines(2)
        return sheet

    def heading(self, sheet: Worksheet, title: Text, subtitle: Text) -> None:
        """The first two rows: the title of the sheet, and what it is about."""
        self.text(sheet, 0, 0, title, "title")
        self.text(sheet, 1, 0, subtitle, "subtitle")
        sheet.set_row(0, 24)
        sheet.set_row(1, 17)

    def footer(self, sheet: Worksheet, left: str) -> None:
        """Page footer: ``left`` (data) and the page number."""
        page = render(msg("Page {page} of {pages}", page="&P", pages="&N"), self.lang)
        sheet.set_footer(f"&L&8{clean(left)[:100].replace('&', '&&')}&R&8{page}")

    def text(self, sheet: Worksheet, row: int, col: int, text: Text, style: str = "text") -> None:
        """Write a text cell: always text, whatever it begins with, and never more than a cell can hold."""
        words = self.words(text)
        self._note_height(sheet, row, col, words, style)
        if not words:
            sheet.write_blank(row, col, None, self.look(style))
        elif words.startswith("<r>") and words.endswith("</r>"):
            # XlsxWriter takes such a string for ready-made markup; in pieces it is text.
            sheet.write_rich_string(row, col, words[:1], words[1:2], words[2:], self.look(style))
        else:
            sheet.write_string(row, col, self._fitting(words), self.look(style))

    def number(self, sheet: Worksheet, row: int, col: int, value: float, style: str) -> None:
        """Write a number cell."""
        sheet.write_number(row, col, value, self.look(style))

    def moment(self, sheet: Worksheet, row: int, col: int, moment: datetime, style: str = "moment") -> None:
        """Write an aware moment as a date cell in Helsinki time."""
        sheet.write_datetime(row, col, moment.astimezone(HELSINKI).replace(tzinfo=None), self.look(style))

    def day(self, sheet: Worksheet, row: int, col: int, day: date, style: str = "day") -> None:
        """Write a day as a date cell."""
        sheet.write_datetime(row, col, day, self.look(style))

    def alarm(self, sheet: Worksheet, row: int, col: int, condition: str) -> None:
        """Turn the cell red while ``condition`` (a formula) holds; its words say the same without colour."""
        look = self._book.add_format(ALARM)
        sheet.conditional_format(row, col, row, col, {"type": "formula", "criteria": condition, "format": look})

    def alarms(self, sheet: Worksheet, first: int, last: int, col: int, words: str) -> None:
        """Turn the cells of a column red while they say ``words``."""
        rule = {"type": "cell", "criteria": "==", "value": quoted(words), "format": self._book.add_format(ALARM)}
        sheet.conditional_format(first, col, last, col, rule)

    def define(self, name: str, cells: str) -> None:
        """A defined name of the workbook for ``cells`` (``Sheet!$A$1``)."""
        self._book.define_name(name, "=" + cells)

    def chart(self, kind: str, subtype: str = "") -> Chart:
        """A chart to be put on a sheet; without a style of the program's own."""
        return self._book.add_chart({"type": kind, "subtype": subtype} if subtype else {"type": kind})

    def look(self, style: str, *, of_sum: bool = False) -> Format:
        """The format of this name; ``of_sum``: as it is in a row that sums up others."""
        if (style, of_sum) not in self._formats:
            wanted = sum_look(self._looks[style]) if of_sum else self._looks[style]
            self._formats[style, of_sum] = self._book.add_format({"font_name": "Arial", "valign": "top"} | wanted)
        return self._formats[style, of_sum]

    def right(self, style: str) -> bool:
        """Whether cells of this format stand on the right of their column."""
        return self._looks[style].get("align") == "right"

    def formula(self, sheet: Worksheet, row: int, col: int, formula: str, value: float | str, style: str) -> None:
        """Write a formula together with the value that Python has for it."""
        sheet.write_formula(row, col, formula, self.look(style), value)

    def head(self, sheet: Worksheet, row: int, columns: Sequence[Column], last_row: int) -> None:
        """Widths, header row, filter down to ``last_row``, and the header repeated on every printed page.

        A filter and no Excel table: a table refuses two columns of one name, and LibreOffice gives up its references.
        """
        self._widths[sheet] = [column.width for column in columns]
        for col, column in enumerate(columns):
            sheet.set_column(col, col, column.width)
            self.text(sheet, row, col, column.heading, "head_right" if self.right(column.style) else "head")
        sheet.autofilter(row, 0, last_row, len(columns) - 1)
        sheet.repeat_rows(row)

    def close(self) -> bytes:
        """The finished file. Row heights are set here: not every program finds them by itself for wrapped text."""
        for (sheet, row), points in self._heights.items():
            sheet.set_row(row, min(points, _HIGHEST_ROW))
        # A large workbook takes shape in files: in memory it would take several times its size.
        with TemporaryDirectory() as folder:
            self._book.tmpdir = folder
            try:
                self._book.close()
            finally:
                # A sheet that could not be written to its end is left open.
                for sheet in self._book.worksheets():
                    if sheet.fh is not None and not sheet.fh.closed:
                        sheet.fh.close()
        return self._bytes.getvalue()

    def _note_height(self, sheet: Worksheet, row: int, col: int, words: str, style: str) -> None:
        if style in WRAPPED and sheet in self._widths:
            points = _LINE_POINTS * wrapped_lines(words, self._widths[sheet][col])
            points += 8 if style.startswith("head") else 3
            self._heights[sheet, row] = max(points, self._heights.get((sheet, row), 0))

    def _fitting(self, words: str) -> str:
        if len(words.encode("utf-16-le")) // 2 <= CELL_LIMIT:
            return words
        note = render(msg("[The text is longer than a cell can hold and is cut here.]"), self.lang)
        return f"{_cut(words, CELL_LIMIT - len(note) - 1)}\n{note}"


def reference(sheet: Worksheet, cells: str) -> str:
    """``cells`` of ``sheet`` as another sheet's formula names them."""
    return f"{quote_sheetname(sheet.get_name())}!{cells}"


def _cut(words: str, units: int) -> str:
    return words.encode("utf-16-le")[: 2 * units].decode("utf-16-le", errors="ignore")
