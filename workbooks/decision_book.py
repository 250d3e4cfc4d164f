"""A workbook with the look of the house: formats, page set-up, and cells that cannot be taken for formulas."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import quote_sheetname
from xlsxwriter.worksheet import Worksheet

from locales import HELSINKI, LocalText, Message, msg, render

Text: TypeAlias = Message | LocalText | str

CELL_LIMIT = 32_767
"""Characters (UTF-16 units) that a cell of an xlsx file can hold."""

_WRAPPED = frozenset({"text", "text_right", "head", "head_right"})
_LINE_POINTS = 12.0
"""Height of a line of 9-point text, points."""
_HIGHEST_ROW = 409
"""The highest row a spreadsheet can show, points."""
_CHARACTERS = 1.1
"""Characters of 9-point text per unit of column width, in a wide typeface so that no reader's font cuts words."""

_NOT_XML = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INK, _GROUND, _LINE = "#1F3A5F", "#E9EEF4", "#C3CCD6"


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


def wrapped_lines(text: str, width: float) -> int:
    """How many lines ``text`` takes in a column of ``width``, breaking at spaces and inside longer words."""
    room = max(int((width - 1) * _CHARACTERS), 1)
    lines = 0
    for paragraph in text.split("\n"):
        used = 0
        lines += 1
        for word in paragraph.split(" "):
            if used and used + 1 + len(word) > room:
                lines += 1
                used = 0
            used += len(word) + (1 if used else 0)
            lines += (used - 1) // room if used > room else 0
            used = (used - 1) % room + 1 if used > room else used
    return lines


class Book:
    """An xlsx workbook being written in one language; ``close`` gives its bytes."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._bytes = io.BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(self._bytes, options)
        self._formats: dict[str, Format] = {}
        self._widths: dict[Worksheet, list[float]] = {}
        self._heights: dict[tuple[Worksheet, int], float] = {}
        looks = _looks(lang)
        self._right = frozenset(name for name, look in looks.items() if look.get("align") == "right")
        for name, look in looks.items():
            self._formats[name] = self._book.add_format({"font_name": "Arial", "valign": "top"} | look)

    def properties(self, title: str, subject: str, author: str, made_at: datetime) -> None:
        """Document properties; ``made_at`` (UTC) is the only time in the file, so that it is reproducible."""
        self._book.set_properties(
            {"title": clean(title), "subject": clean(subject), "author": clean(author), "created": made_at}
        )

    def add_sheet(self, name: Message, *, landscape: bool = True) -> Worksheet:
        """A sheet in A4, one page wide, with the house's margins."""
        sheet = self._book.add_worksheet(render(name, self.lang)[:31])
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
        words = clean(render(text, self.lang))
        self._note_height(sheet, row, col, words, style)
        if not words:
            sheet.write_blank(row, col, None, self._formats[style])
        elif words.startswith("<r>") and words.endswith("</r>"):
            # XlsxWriter takes such a string for ready-made markup; in pieces it is text.
            sheet.write_rich_string(row, col, words[:1], words[1:2], words[2:], self._formats[style])
        else:
            sheet.write_string(row, col, self._fitting(words), self._formats[style])

    def number(self, sheet: Worksheet, row: int, col: int, value: float, style: str) -> None:
        """Write a number cell."""
        sheet.write_number(row, col, value, self._formats[style])

    def moment(self, sheet: Worksheet, row: int, col: int, moment: datetime, style: str = "moment") -> None:
        """Write an aware moment as a date cell in Helsinki time."""
        sheet.write_datetime(row, col, moment.astimezone(HELSINKI).replace(tzinfo=None), self._formats[style])

    def day(self, sheet: Worksheet, row: int, col: int, day: date, style: str = "day") -> None:
        """Write a day as a date cell."""
        sheet.write_datetime(row, col, day, self._formats[style])

    def alarm(self, sheet: Worksheet, row: int, col: int, condition: str) -> None:
        """Turn the cell red while ``condition`` (a formula) holds; its words say the same without colour."""
        look = self._book.add_format({"bg_color": "#B3261E", "font_color": "#FFFFFF", "bold": True})
        sheet.conditional_format(row, col, row, col, {"type": "formula", "criteria": condition, "format": look})

    def formula(self, sheet: Worksheet, row: int, col: int, formula: str, value: float | str, style: str) -> None:
        """Write a formula together with the value that Python has for it."""
        sheet.write_formula(row, col, formula, self._formats[style], value)

    def head(self, sheet: Worksheet, row: int, columns: Sequence[Column], last_row: int) -> None:
        """Widths, header row, filter down to ``last_row``, and the header repeated on every printed page."""
        self._widths[sheet] = [column.width for column in columns]
        for col, column in enumerate(columns):
            sheet.set_column(col, col, column.width)
            self.text(sheet, row, col, column.heading, "head_right" if column.style in self._right else "head")
        sheet.autofilter(row, 0, last_row, len(columns) - 1)
        sheet.repeat_rows(row)

    def close(self) -> bytes:
        """The finished file. Row heights are set here: not every program finds them by itself for wrapped text."""
        for (sheet, row), points in self._heights.items():
            sheet.set_row(row, min(points, _HIGHEST_ROW))
        self._book.close()
        return self._bytes.getvalue()

    def _note_height(self, sheet: Worksheet, row: int, col: int, words: str, style: str) -> None:
        if style in _WRAPPED and sheet in self._widths:
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


def _looks(lang: str) -> dict[str, dict[str, Any]]:
    euros = '#,##0\\ "€"' if lang in ("fi", "sv") else '"€"#,##0'
    moment = "d.m.yyyy\\ h\\.mm" if lang in ("fi", "sv") else "d\\ mmmm\\ yyyy\\ hh:mm"
    day = "d.m.yyyy" if lang in ("fi", "sv") else "d\\ mmmm\\ yyyy"
    shared = clean(render(msg("tied"), lang)).replace('"', "")
    cell = {"font_size": 9, "bottom": 1, "bottom_color": _LINE, "text_wrap": True}
    left = {"align": "left", "indent": 1}
    right = cell | {"align": "right"}
    plain = {"font_size": 9}
    head = {
        "font_size": 9, "bold": True, "bg_color": _GROUND, "font_color": _INK, "text_wrap": True,
        "valign": "vcenter", "top": 1, "bottom": 1, "top_color": _INK, "bottom_color": _INK,
    }  # fmt: skip
    total = {"font_size": 9, "bold": True, "top": 1, "top_color": _INK}
    return {
        "title": {"font_size": 16, "bold": True, "font_color": _INK},
        "subtitle": {"font_size": 11},
        "plain": plain,
        "note": {"font_size": 9, "font_color": "#4A5560"},
        "label": plain | {"align": "right"},
        "sum": plain | {"bold": True, "align": "right", "num_format": euros},
        "check": plain | left | {"bold": True, "font_color": "#1E5B34"},
        "head": head | left,
        "head_right": head | {"align": "right"},
        "text": cell | left,
        "text_right": right,
        "integer": right | {"num_format": "0"},
        "shared": right | {"num_format": f'0\\ "{shared}"'},
        "score": right | {"num_format": "0.00"},
        "money": right | {"num_format": euros},
        "percent": right | {"num_format": "0\\ %"},
        "percent_exact": right | {"num_format": "0.00\\ %"},
        "moment": right | {"num_format": moment},
        "day": right | {"num_format": day},
        "total": total | left,
        "total_count": total | {"align": "right", "num_format": "0"},
        "total_money": total | {"align": "right", "num_format": euros},
    }
