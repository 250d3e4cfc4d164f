"""The look of the review form: formats, and a page of rows whose heights fit their texts."""

from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook

from locales import Lang, LocalText, Message, msg, render
from workbooks.decision_book import clean, wrapped_lines
from workbooks.intake_write import Format, Sheet, write_text

HIGHEST_ROW = 400.0
"""A little under the 409 points that a spreadsheet can show."""
_PAGE_POINTS = 885.0
"""Rows that a printed page holds when the columns fill its width, without the two that are repeated on each page."""
MOST_LINES = 28
"""Lines of one row of a long text: a longer text goes on in the next row, so that it can be read and printed."""

_INK, _GROUND, _LINE, _GREY = "#1F3A5F", "#E9EEF4", "#C3CCD6", "#4A5560"
_INPUT, _FRAME = "#FFFAE3", "#8A7A3A"
_BODY = {"font_size": 10, "text_wrap": True}
_SMALL = {"font_size": 9, "text_wrap": True, "font_color": _GREY}
_FIELD = {"font_size": 10, "text_wrap": True, "bg_color": _INPUT, "border": 1, "border_color": _FRAME,
          "locked": False, "num_format": "@", "align": "left", "indent": 1}  # fmt: skip
_LOOKS: dict[str, dict[str, Any]] = {
    "case": {"font_size": 10, "font_color": _GREY, "valign": "vcenter"},
    "title": {"font_size": 15, "bold": True, "font_color": _INK, "text_wrap": True},
    "section": {"font_size": 12, "bold": True, "font_color": _INK, "bottom": 2, "bottom_color": _INK,
                "valign": "bottom"},
    "body": _BODY,
    "small": _SMALL,
    "label": _BODY | {"font_color": _GREY, "bottom": 1, "bottom_color": _LINE},
    "value": _BODY | {"bottom": 1, "bottom_color": _LINE},
    "label_open": _BODY | {"font_color": _GREY},
    "prose": _BODY,
    "band": _BODY | {"bold": True, "bg_color": _GROUND, "font_color": _INK, "top": 1, "top_color": _INK},
    "question": _BODY | {"bg_color": _GROUND, "top": 1, "top_color": _INK},
    "head": {"font_size": 9, "bold": True, "bg_color": _GROUND, "font_color": _INK, "text_wrap": True,
             "bottom": 1, "bottom_color": _INK},
    "link": _BODY | {"font_color": "#1A4FA0", "underline": 1, "bottom": 1, "bottom_color": _LINE},
    "number": {"font_size": 10, "bottom": 1, "bottom_color": _LINE, "align": "left"},
    "ask": _BODY | {"bold": True},
    "choice": _FIELD | {"bold": True, "valign": "vcenter"},
    "text": _FIELD,
    "sample": _FIELD | {"locked": True, "font_color": _GREY},
    "notice": _BODY | {"bold": True, "left": 5, "left_color": _INK, "align": "left", "indent": 1},
    "key": {"font_size": 8, "font_color": _GREY},
}  # fmt: skip


class Form:
    """A workbook of the form being written in one language."""

    def __init__(self, book: Workbook, lang: Lang) -> None:
        self.book, self.lang = book, lang
        self.formats: dict[str, Format] = {
            name: book.add_format({"font_name": "Arial", "valign": "top"} | look) for name, look in _LOOKS.items()
        }

    def words(self, text: Message | LocalText | str) -> str:
        """``text`` in the language of the form, as a cell can hold it."""
        return clean(render(text, self.lang))

    def page(self, name: str, widths: Sequence[float]) -> "Page":
        """A protected A4 sheet with columns of these widths."""
        sheet = self.book.add_worksheet(name)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.6, right=0.5, top=0.5, bottom=0.6)
        sheet.hide_gridlines(2)
        # Without a password: it keeps from accidents, not from anybody.
        sheet.protect("", {"format_rows": True})
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width, self.formats["body"])
        return Page(self, sheet, tuple(widths))


class Page:
    """A sheet filled from the top; ``row`` is the next free row, from 0."""

    def __init__(self, form: Form, sheet: Sheet, widths: tuple[float, ...]) -> None:
        self.form, self.sheet, self.widths = form, sheet, widths
        self.row = 0
        self._heights: list[float] = []
        self._breaks: list[int] = []

    def across(self, text: Message | LocalText | str, style: str, *, above: float = 0) -> int:
        """A text over all columns; returns its row."""
        words = self.form.words(text)
        form = self.form.formats[style]
        self.sheet.merge_range(self.row, 0, self.row, len(self.widths) - 1, "", form)
        write_text(self.sheet, self.row, 0, words, form)
        return self._next(self._points(words, sum(self.widths), style) + above)

    def cells(self, *cells: tuple[Message | LocalText | str, str], least: float = 0) -> int:
        """A row of texts, each with its style, one for each column from the first; returns its row."""
        points = least
        for column, (text, style) in enumerate(cells):
            words = self.form.words(text)
            write_text(self.sheet, self.row, column, words, self.form.formats[style])
            points = max(points, self._points(words, self.widths[column], style))
        return self._next(points)

    def prose(self, label: Message, text: str) -> None:
        """A long text beside its label, in as many rows as it needs."""
        pieces = pieces_of(self.form.words(text), self.widths[1]) or ["–"]
        for index, piece in enumerate(pieces):
            self.cells((label if index == 0 else "", "label_open"), (piece, "prose"))
        self.gap(6)

    def gap(self, points: float) -> None:
        """An empty row."""
        self._next(points)

    def new_page(self) -> None:
        """Print what follows on a new page."""
        self._breaks.append(self.row)

    def keep(self, first: int) -> None:
        """Print the rows from ``first`` on together: on a new page when this one has no room for them."""
        start = self._breaks[-1] if self._breaks else 0
        if first > start and sum(self._heights[start:]) > _PAGE_POINTS:
            self._breaks.append(first)

    def finish(self, left: str) -> None:
        """Print area and page footer: ``left`` is data."""
        self.sheet.print_area(0, 0, self.row - 1, len(self.widths) - 1)
        self.sheet.set_h_pagebreaks(self._breaks)
        page = render(msg("Page {page} of {pages}", page="&P", pages="&N"), self.form.lang)
        self.sheet.set_footer(f"&L&8{clean(left)[:100].replace('&', '&&')}&R&8{page}")

    def _next(self, points: float) -> int:
        self._heights.append(min(points, HIGHEST_ROW))
        self.sheet.set_row(self.row, self._heights[-1])
        self.row += 1
        return self.row - 1

    def _points(self, words: str, width: float, style: str) -> float:
        size = float(_LOOKS[style]["font_size"])
        if not _LOOKS[style].get("text_wrap"):
            return size * 1.7
        # wrapped_lines counts 9-point letters with room to spare; bold ones are wider.
        scale = 9.9 / size * (0.9 if _LOOKS[style].get("bold") else 1)
        return wrapped_lines(words, width * scale) * size * 1.3 + 5


def pieces_of(text: str, width: float) -> list[str]:
    """``text`` in pieces of at most MOST_LINES lines, cut between paragraphs, sentences or words where it can be."""
    room = int(width * 0.99) * (MOST_LINES - 2)
    pieces: list[str] = []
    held = ""
    for paragraph in text.strip("\n").split("\n"):
        joined = f"{held}\n{paragraph}" if held else paragraph
        if wrapped_lines(joined, width * 0.99) <= MOST_LINES:
            held = joined
            continue
        pieces += [held] if held else []
        while wrapped_lines(paragraph, width * 0.99) > MOST_LINES:
            sentence, word = (paragraph.rfind(end, room // 2, room) for end in (". ", " "))
            cut = sentence + 1 if sentence > 0 else word if word > 0 else room
            pieces.append(paragraph[:cut].rstrip())
            paragraph = paragraph[cut:].lstrip()
        held = paragraph
    return [*pieces, held] if held else pieces
