"""CSV in UTF-8, separated by semicolons, commas or tabs; every cell is text."""

import csv
import re
from io import StringIO

from locales import msg
from workbooks.columns import column_of
from workbooks.intake_cells import HEADING_WITHIN, LARGEST_ROWS, WIDEST, Book, Cell, FileRefused, Row, Sheet
from workbooks.intake_limits import too_many_rows, too_wide

_MARKS = ";,\t"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SEP = re.compile(r"sep=([;,\t])\r?\n", re.IGNORECASE)


def open_csv(data: bytes, name: str) -> Book:
    """A book of one sheet, named as the file. Raises FileRefused: encoding, NUL bytes, unmatched quotes."""
    sheet = _sheet(decode_csv(data, name), name)
    return Book((name,), lambda _index: sheet)


def decode_csv(data: bytes, name: str) -> str:
    if data.startswith(_UTF16):
        raise FileRefused(msg("The file {name} is in UTF-16. Save it as CSV in UTF-8.", name=name))
    if b"\0" in data:
        raise FileRefused(msg("The file {name} holds NUL bytes: it is not CSV. Accepted: CSV in UTF-8.", name=name))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileRefused(
            msg("Line {line} of the file {name} is not UTF-8. Save it as CSV in UTF-8.", line=str(line), name=name)
        ) from error


def _sheet(text: str, name: str) -> Sheet:
    declared = _SEP.match(text)
    mark = declared[1] if declared else _mark(text)
    rows: list[Row] = []
    reader = csv.reader(StringIO(text, newline=""), delimiter=mark, strict=True)
    try:
        for number, record in enumerate(reader, start=1):
            if declared and number == 1:
                continue
            cells = {index: Cell("text", value) for index, value in enumerate(record, start=1) if value.strip()}
            if cells and max(cells) > WIDEST:
                return Sheet(name, tuple(rows), too_wide(name))
            if cells:
                rows.append(Row(number, cells))
            if len(rows) > LARGEST_ROWS + HEADING_WITHIN:
                return Sheet(name, tuple(rows), too_many_rows(name))
    except csv.Error as error:
        raise FileRefused(
            msg(
                "Line {line} of the file {name} cannot be read: its quotation marks do not match or a cell is too "
                "long.",
                line=str(reader.line_num),
                name=name,
            )
        ) from error
    return Sheet(name, tuple(rows))


def _mark(text: str) -> str:
    """The separator under which the first lines hold the most known headings."""
    return max(_MARKS, key=lambda mark: _known(text, mark))


def _known(text: str, mark: str) -> int:
    best = 0
    reader = csv.reader(StringIO(text, newline=""), delimiter=mark)
    try:
        for _, record in zip(range(HEADING_WITHIN), reader, strict=False):
            best = max(best, sum(column_of(heading) is not None for heading in record[:WIDEST]))
    except csv.Error:
        return best
    return best
