"""Writing cells so that they read back the same: what looks like a formula stays text, bytes are deterministic."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from typing import Any

from xlsxwriter import Workbook

Sheet = Any
Format = Any
"""XlsxWriter ships no types."""

LONGEST_CELL = 32_767
"""Excel's limit, in UTF-16 units."""

_CREATED = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_ESCAPE = re.compile(r"(?=_x[0-9A-Fa-f]{4}_)")


def make_workbook(title: str, fill: Callable[[Workbook], None]) -> bytes:
    """The bytes of the workbook that ``fill`` fills; the same content gives the same bytes."""
    target = BytesIO()
    book = Workbook(
        target,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"title": title, "created": _CREATED})
    fill(book)
    book.close()
    return target.getvalue()


def write_text(sheet: Sheet, row: int, column: int, text: str, form: Format | None = None) -> None:
    """Write ``text`` as text, row and column counted from 0; longer texts than Excel holds are cut."""
    if not text:
        sheet.write_blank(row, column, None, form)
        return
    if units(text) > LONGEST_CELL:
        text = text.encode("utf-16-le")[: 2 * LONGEST_CELL].decode("utf-16-le", "ignore")
    pieces = _pieces(text)
    if len(pieces) == 1:
        sheet.write_string(row, column, text, form)
        return
    sheet.write_rich_string(row, column, *pieces, *([form] if form is not None else []))


def units(text: str) -> int:
    """The length of ``text`` as Excel counts it, in UTF-16 units."""
    return len(text) + sum(char > "\uffff" for char in text)


def _pieces(text: str) -> list[str]:
    """Where XlsxWriter would misread a text, three or more pieces of it that it writes faithfully.

    It takes ``<r>...</r>`` for mark-up, and of two overlapping ``_x0041_x0042_`` it escapes only the first.
    """
    starts = [found.start() for found in _ESCAPE.finditer(text)]
    if any(later - earlier == 6 for earlier, later in pairwise(starts)):
        cuts = [0, *(start + 1 for start in starts), len(text)]
        return [text[a:b] for a, b in pairwise(cuts) if a < b]
    if text.startswith("<r>") and text.endswith("</r>"):
        return [text[:1], text[1:2], text[2:]]
    return [text]
