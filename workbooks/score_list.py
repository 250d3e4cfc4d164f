"""A long table of scores as CSV: one row per reviewer, application and, where there are several, criterion."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from io import StringIO

from locales import Message, Param, msg
from workbooks.intake_cells import FileRefused
from workbooks.intake_csv import decode_csv

COLUMNS = ("reviewer", "application", "score", "criterion", "weight", "section")
NEEDED = COLUMNS[:3]
LARGEST_FILE = 32 * 1024 * 1024
LARGEST_ROWS = 200_000
LONGEST_NAME = 200
MOST_FAULTS = 100
"""Faults that are told; a file with more is refused all the same."""
_NUMBER = re.compile(r"[+-]?[0-9]{1,12}(?:[.,][0-9]{1,20})?(?:[eE][+-]?[0-9]{1,2})?")
_NO_SCORE = ("", "na")
_MARKS = ",;\t"


@dataclass(frozen=True, slots=True)
class ScoreFault:
    """What is wrong in one place: ``line`` as an editor counts, ``column`` by its heading, and the value there."""

    line: int
    column: str
    value: str
    problem: Message


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One row; ``score`` None: nothing is scored. What the file has no column for is "" or None."""

    line: int
    reviewer: str
    application: str
    criterion: str
    score: Fraction | None
    weight: Fraction | None
    section: str


@dataclass(frozen=True, slots=True)
class ScoreList:
    """The rows of a file, or its faults: with a fault there are no rows. ``columns``: those that the file has."""

    columns: tuple[str, ...]
    rows: tuple[ScoreRow, ...] = ()
    faults: tuple[ScoreFault, ...] = ()


class _Unreadable(ValueError):
    """What csv cannot take apart; ``line``: where the record begins."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def read_scores(data: bytes, name: str) -> ScoreList:
    """The rows of a CSV file in UTF-8, separated by commas, semicolons or tabs, with a heading of ``COLUMNS``.

    Bounded: 32 MB, 200,000 rows. Raises FileRefused, in words, where the file is no such table at all.
    """
    if len(data) > LARGEST_FILE:
        raise FileRefused(msg("The file {name} is larger than {n} MB.", name=name, n=LARGEST_FILE >> 20))
    text = decode_csv(data, name)
    mark = max(_MARKS, key=text.partition("\n")[0].count)
    try:
        records = _records(text, mark)
        line, heading = next(records, (0, []))
        columns = _columns(heading, line, name)
        return _Reading(columns).of(records)
    except _Unreadable as error:
        raise FileRefused(
            msg(
                "Line {line} of the file {name} cannot be read: its quotation marks do not match or a cell is too "
                "long.",
                line=str(error.line),
                name=name,
            )
        ) from error


def _records(text: str, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Every record that is not blank, with the line on which it begins. Raises _Unreadable."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=mark, strict=True)
    line = 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                yield line, [cell.strip() for cell in record]
            line = reader.line_num + 1
    except csv.Error as error:
        raise _Unreadable(line) from error


def _columns(heading: list[str], line: int, name: str) -> dict[str, int]:
    """Which column of the file holds what; headings that are not known are left aside."""
    if not heading:
        raise FileRefused(msg("The file {name} is empty.", name=name))
    found: dict[str, int] = {}
    for position, cell in enumerate(heading):
        key = cell.casefold()
        if key in found:
            raise FileRefused(
                msg("Line {line}, column {column}: the heading stands twice.", line=str(line), column=cell)
            )
        if key in COLUMNS:
            found[key] = position
    missing: list[Param] = [key for key in NEEDED if key not in found]
    if missing:
        raise FileRefused(
            msg(
                "Line {line} of the file {name}: there is no column {missing}. Needed: {needed}. Accepted as well: "
                "{more}.",
                line=str(line),
                name=name,
                missing=missing,
                needed=list(NEEDED),
                more=list(COLUMNS[3:]),
            )
        )
    return found


class _Reading:
    """One pass over the rows, with what each row is compared to: the same pair, criterion or section before it."""

    def __init__(self, columns: dict[str, int]) -> None:
        self.columns = columns
        self.faults: list[ScoreFault] = []
        self.rows: list[ScoreRow] = []
        self.lines: dict[tuple[str, str, str], int] = {}
        self.weights: dict[str, tuple[Fraction, int]] = {}
        self.sections: dict[str, tuple[str, int]] = {}

    def of(self, records: Iterator[tuple[int, list[str]]]) -> ScoreList:
        for number, (line, cells) in enumerate(records, start=1):
            if number > LARGEST_ROWS:
                limit = msg("The file has more than {n} rows; that many are accepted.", n=LARGEST_ROWS)
                self.faults.append(ScoreFault(line, "reviewer", self._cell(cells, "reviewer"), limit))
                break
            self._row(line, cells)
            if len(self.faults) >= MOST_FAULTS:
                break
        columns = tuple(key for key in COLUMNS if key in self.columns)
        return ScoreList(columns, () if self.faults else tuple(self.rows), tuple(self.faults[:MOST_FAULTS]))

    def _cell(self, cells: list[str], column: str) -> str:
        position = self.columns.get(column)
        return cells[position] if position is not None and position < len(cells) else ""

    def _row(self, line: int, cells: list[str]) -> None:
        before = len(self.faults)
        reviewer, application = (self._name(line, cells, column) for column in ("reviewer", "application"))
        criterion = self._name(line, cells, "criterion") if "criterion" in self.columns else ""
        section = self._name(line, cells, "section") if "section" in self.columns else ""
        score = self._score(line, cells)
        weight = self._weight(line, cells) if "weight" in self.columns else None
        if len(self.faults) > before:
            return
        self._compare(line, cells, reviewer, application, criterion, weight, section)
        if len(self.faults) == before:
            self.rows.append(ScoreRow(line, reviewer, application, criterion, score, weight, section))

    def _fault(self, line: int, column: str, value: str, problem: Message) -> None:
        self.faults.append(ScoreFault(line, column, value[:LONGEST_NAME], problem))

    def _name(self, line: int, cells: list[str], column: str) -> str:
        name = self._cell(cells, column)
        if not name:
            self._fault(line, column, name, msg("The cell is empty. A name or a number is accepted."))
        elif len(name) > LONGEST_NAME or not name.isprintable():
            self._fault(line, column, name, msg("At most {n} printable characters are accepted.", n=LONGEST_NAME))
        return name

    def _score(self, line: int, cells: list[str]) -> Fraction | None:
        text = self._cell(cells, "score")
        if text.casefold() in _NO_SCORE:
            return None
        return self._number(line, "score", text, msg("A score is a number, for example 4 or 3.5, or an empty cell."))

    def _weight(self, line: int, cells: list[str]) -> Fraction | None:
        text = self._cell(cells, "weight")
        accepted = msg("A weight is a number larger than 0, for example 40.")
        weight = self._number(line, "weight", text, accepted)
        if weight is not None and weight <= 0:
            self._fault(line, "weight", text, accepted)
        return weight

    def _number(self, line: int, column: str, text: str, accepted: Message) -> Fraction | None:
        if _NUMBER.fullmatch(text):
            return Fraction(text.replace(",", "."))
        self._fault(line, column, text, accepted)
        return None

    def _compare(
        self,
        line: int,
        cells: list[str],
        reviewer: str,
        application: str,
        criterion: str,
        weight: Fraction | None,
        section: str,
    ) -> None:
        first = self.lines.setdefault((reviewer, application, criterion), line)
        if first != line:
            problem = msg(
                "Reviewer {reviewer} has scored application {application} on line {line} already. One score of it by "
                "each reviewer is accepted, or one per criterion with a column criterion.",
                reviewer=reviewer,
                application=application,
                line=str(first),
            )
            self._fault(line, "reviewer", reviewer, problem)
        if weight is not None and "criterion" in self.columns:
            known, where = self.weights.setdefault(criterion, (weight, line))
            if known != weight:
                problem = msg("Line {line} gives another weight of the same criterion.", line=str(where))
                self._fault(line, "weight", self._cell(cells, "weight"), problem)
        known_section, where = self.sections.setdefault(application, (section, line))
        if known_section != section:
            problem = msg("Line {line} gives another section of the same application.", line=str(where))
            self._fault(line, "section", section, problem)
