"""The bytes of a CSV file as records with the line on which each begins; every fault has a line and a column."""

import csv
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from locales import Message, msg
from workbooks.intake_cells import WIDEST, FileRefused
from workbooks.intake_csv import decode_csv

LONGEST_SHOWN = 200
"""Characters of a value that are told."""
_MARKS = ",;\t"
_SEP = re.compile(r"sep=([;,\t])(?:\r\n?|\n)", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class ScoreFault:
    """What is wrong in one place: ``line`` as an editor counts, ``column`` by its heading, and the value there.

    A column without a heading goes by its number, counted from 1.
    """

    line: int
    column: str
    value: str
    problem: Message


class Unusable(ValueError):
    """Faults after which nothing can be read."""

    def __init__(self, *faults: ScoreFault) -> None:
        super().__init__(len(faults))
        self.faults = faults


def csv_records(data: bytes, name: str, known: Collection[str]) -> Iterator[tuple[int, list[str]]]:
    """Every record that is not blank, its cells without blanks around them, with the line on which it begins.

    Separated by what a first line ``sep=;`` says, else by the comma, semicolon or tab under which the heading has
    most columns of ``known``. Raises Unusable for what is no CSV in UTF-8; ``name`` is for its words.
    """
    text = _text(data, name, known)
    declared = _SEP.match(text)
    mark = declared[1] if declared else _mark(text, known)
    records = _records(text, mark)
    if declared:
        next(records, None)
    yield from records


def _text(data: bytes, name: str, known: Collection[str]) -> str:
    try:
        return decode_csv(data, name)
    except FileRefused as refused:
        at, problem = max(data.find(b"\0"), 0), refused.message
        if isinstance(refused.__cause__, UnicodeDecodeError):
            at, problem = refused.__cause__.start, msg("This is not UTF-8. Save the file as CSV in UTF-8.")
        before = data[:at].decode("utf-8-sig", "replace")
        ends = [match.end() for match in _LINE_END.finditer(before)]
        mark = _mark(before, known)
        number = len(_cells(before[ends[-1] if ends else 0 :], mark))
        column = _called(before, mark, number)
        raise Unusable(ScoreFault(len(ends) + 1, column, f"0x{data[at]:02X}", problem)) from refused


_LONGEST_HEADING = 20
"""Lines that a heading with line breaks in it may take."""


def _mark(text: str, known: Collection[str]) -> str:
    """The separator under which the heading holds most of the ``known``, then most cells."""
    heading = _heading(text)
    cells = {mark: [cell.strip().casefold() for cell in _cells(heading, mark)] for mark in _MARKS}
    return max(_MARKS, key=lambda mark: (len(set(known).intersection(cells[mark])), len(cells[mark])))


def _heading(text: str) -> str:
    """The first line that is not blank, with what follows while a quotation is open in it."""
    lines = StringIO(text, newline="")
    first = next((line for line in lines if line.strip()), "")
    found = first
    for line in islice(lines, _LONGEST_HEADING):
        if found.count('"') % 2 == 0:
            return found
        found += line
    return found if found.count('"') % 2 == 0 else first


def _cells(line: str, mark: str) -> list[str]:
    """The cells of one line as far as it can be taken apart; at least one."""
    with suppress(csv.Error):
        return next(csv.reader([line], delimiter=mark), []) or [""]
    return [""]


def _called(text: str, mark: str, number: int) -> str:
    """What column ``number`` is called in the heading of ``text``, or the number itself."""
    heading = _heading(text)
    cells = _cells(heading, mark) if heading.endswith(("\r", "\n")) else []
    return (cells[number - 1].strip()[:LONGEST_SHOWN] if number <= len(cells) else "") or str(number)


def _records(text: str, mark: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=mark, strict=True)
    line = 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                yield line, [cell.strip() for cell in record]
            line = reader.line_num + 1
    except csv.Error as error:
        number, value = _torn(next(islice(StringIO(text, newline=""), line - 1, None), ""), mark)
        problem = msg(
            "The cell cannot be read: its quotation marks do not match or it is too long. A quotation mark inside a "
            "quoted cell is written twice."
        )
        raise Unusable(ScoreFault(line, _called(text, mark, number), value, problem)) from error


def _torn(line: str, mark: str) -> tuple[int, str]:
    """Which cell of ``line`` cannot be taken apart, counted from 1, and how it begins."""
    parts = line.split(mark, WIDEST)
    whole, after = 0, 0
    for count in range(1, len(parts)):
        with suppress(csv.Error):
            whole = len(next(csv.reader([mark.join(parts[:count])], delimiter=mark, strict=True)))
            after = count
    return whole + 1, mark.join(parts[after:]).strip()[:LONGEST_SHOWN]
