"""A long table of scores as CSV: one row per reviewer, application and, where there are several, criterion."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from locales import Message, Param, msg
from workbooks.score_cells import LONGEST_SHOWN, ScoreFault, Unusable, csv_records

COLUMNS = ("reviewer", "application", "score", "criterion", "weight", "section")
NEEDED = COLUMNS[:3]
LARGEST_FILE = 32 * 1024 * 1024
LARGEST_ROWS = 200_000
LONGEST_NAME = 200
MOST_FAULTS = 100
"""Faults that are told; a file with more is refused all the same."""
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,15}(?:[.,][0-9]{0,20})?|[.,][0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?")
_NO_SCORE = ("", "na")
_NUMBERS: Mapping[str, tuple[Fraction, Fraction, Message]] = {
    "score": (
        Fraction(-(10**12)),
        Fraction(10**12),
        msg(
            "A score is a number from -1e12 to 1e12, for example 4 or 3.5. Where there is no score, the cell is empty "
            "or NA."
        ),
    ),
    "weight": (
        Fraction(1, 10**6),
        Fraction(10**6),
        msg("A weight is a number from 0.000001 to 1000000, for example 40."),
    ),
}
"""The least and the largest number of a column, and what is accepted in words."""


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


def read_scores(data: bytes, name: str) -> ScoreList:
    """The rows of a CSV file in UTF-8, separated by commas, semicolons or tabs, with a heading of ``COLUMNS``.

    Bounded: 32 MB, 200,000 rows. Whatever the bytes, the answer is rows or faults; ``name`` is for their words.
    """
    try:
        if len(data) > LARGEST_FILE:
            line = data.count(b"\n", 0, LARGEST_FILE) + 1
            problem = msg("The file {name} is larger than {size} megabytes.", name=name, size=str(LARGEST_FILE >> 20))
            raise Unusable(ScoreFault(line, NEEDED[0], "", problem))
        records = csv_records(data, name, COLUMNS)
        line, heading = next(records, (1, []))
        return _Reading(heading, _columns(heading, line, name)).of(records)
    except Unusable as unusable:
        return ScoreList((), (), unusable.faults)


def _columns(heading: list[str], line: int, name: str) -> dict[str, int]:
    """Which column of the file holds what; headings that are not known are left aside. Raises Unusable."""
    if not heading:
        empty = msg("The file {name} is empty. Needed is a heading with {needed}.", name=name, needed=list(NEEDED))
        raise Unusable(ScoreFault(line, NEEDED[0], "", empty))
    found: dict[str, int] = {}
    for position, cell in enumerate(heading):
        key = cell.casefold()
        if key in found:
            raise Unusable(ScoreFault(line, cell, cell, msg("The heading stands twice; once is accepted.")))
        if key in COLUMNS:
            found[key] = position
    shown: list[Param] = [cell[:LONGEST_SHOWN] or "–" for cell in heading[: len(COLUMNS)]]
    problem = msg(
        "There is no such column; the file begins with {found}. Needed: {needed}. Accepted as well: {more}. Commas, "
        "semicolons or tabs separate the columns.",
        found=shown,
        needed=list(NEEDED),
        more=list(COLUMNS[3:]),
    )
    if missing := [ScoreFault(line, key, "", problem) for key in NEEDED if key not in found]:
        raise Unusable(*missing)
    return found


@lru_cache(maxsize=1024)
def _number(column: str, text: str) -> Fraction | None:
    """The number that ``text`` is; remembered, as the same few scores come again and again."""
    low, high, _ = _NUMBERS[column]
    value = Fraction(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
    return value if value is not None and low <= value <= high else None


class _Reading:
    """One pass over the rows, with what each row is compared to: the same pair, criterion or section before it."""

    def __init__(self, heading: list[str], columns: dict[str, int]) -> None:
        self.heading = heading
        self.columns = columns
        self.faults: list[ScoreFault] = []
        self.rows: list[ScoreRow] = []
        self.lines: dict[tuple[str, str, str], int] = {}
        self.weights: dict[str, tuple[Fraction, int]] = {}
        self.sections: dict[str, tuple[str, int]] = {}

    def of(self, records: Iterator[tuple[int, list[str]]]) -> ScoreList:
        try:
            for number, (line, cells) in enumerate(records, start=1):
                if number > LARGEST_ROWS:
                    limit = msg("The file has more than {n} rows; that many are accepted.", n=LARGEST_ROWS)
                    self._fault(line, NEEDED[0], self._cell(cells, NEEDED[0]), limit)
                    break
                self._row(line, cells)
                if len(self.faults) >= MOST_FAULTS:
                    break
        except Unusable as unusable:
            # What is wrong before that place is worth telling as well.
            self.faults += unusable.faults
        columns = tuple(key for key in COLUMNS if key in self.columns)
        return ScoreList(columns, () if self.faults else tuple(self.rows), tuple(self.faults[:MOST_FAULTS]))

    def _cell(self, cells: list[str], column: str) -> str:
        position = self.columns.get(column)
        return cells[position] if position is not None and position < len(cells) else ""

    def _row(self, line: int, cells: list[str]) -> None:
        before = len(self.faults)
        if len(cells) != len(self.heading) and not self._fits(line, cells):
            return
        reviewer, application = (self._name(line, cells, column) for column in ("reviewer", "application"))
        criterion = self._name(line, cells, "criterion") if "criterion" in self.columns else ""
        section = self._name(line, cells, "section") if "section" in self.columns else ""
        score = self._score(line, cells)
        weight = self._number(line, "weight", self._cell(cells, "weight")) if "weight" in self.columns else None
        if len(self.faults) > before:
            return
        row = ScoreRow(line, reviewer, application, criterion, score, weight, section)
        self._compare(row, self._cell(cells, "weight"))
        if len(self.faults) == before:
            self.rows.append(row)

    def _fault(self, line: int, column: str, value: str, problem: Message) -> None:
        self.faults.append(ScoreFault(line, column, value[:LONGEST_SHOWN], problem))

    def _fits(self, line: int, cells: list[str]) -> bool:
        """A row with a cell too many or too few may have its values under the wrong headings."""
        width = len(self.heading)
        more = next((position for position, cell in enumerate(cells) if position >= width and cell), None)
        if more is not None:
            problem = msg(
                "The row has more cells than the heading, {n}. A cell that holds the separator, such as a decimal "
                "comma, must stand in quotation marks.",
                n=width,
            )
            self._fault(line, str(more + 1), cells[more], problem)
            return False
        for column in sorted(self.columns, key=self.columns.__getitem__):
            if self.columns[column] >= len(cells):
                self._fault(line, column, "", msg("The row ends before this column. Every row needs all its cells."))
                return False
        return True

    def _name(self, line: int, cells: list[str], column: str) -> str:
        name = self._cell(cells, column).replace("\u00a0", " ")
        if not name:
            self._fault(line, column, name, msg("The cell is empty. A name or a number is accepted."))
        elif len(name) > LONGEST_NAME or not name.isprintable():
            accepted = msg(
                "At most {n} characters without line breaks and control characters are accepted.", n=LONGEST_NAME
            )
            self._fault(line, column, name, accepted)
        return name

    def _score(self, line: int, cells: list[str]) -> Fraction | None:
        text = self._cell(cells, "score")
        if text.casefold() in _NO_SCORE:
            return None
        return self._number(line, "score", text)

    def _number(self, line: int, column: str, text: str) -> Fraction | None:
        value = _number(column, text)
        if value is None:
            self._fault(line, column, text, _NUMBERS[column][2])
        return value

    def _compare(self, row: ScoreRow, weight: str) -> None:
        first = self.lines.setdefault((row.reviewer, row.application, row.criterion), row.line)
        if first != row.line:
            problem = msg(
                "Reviewer {reviewer} has scored application {application} on line {line} already. One score of it by "
                "each reviewer is accepted, or one per criterion with a column criterion.",
                reviewer=row.reviewer,
                application=row.application,
                line=str(first),
            )
            self._fault(row.line, "reviewer", row.reviewer, problem)
        if row.weight is not None and "criterion" in self.columns:
            known, where = self.weights.setdefault(row.criterion, (row.weight, row.line))
            if known != row.weight:
                problem = msg(
                    "Line {line} gives another weight of the same criterion; one is accepted.", line=str(where)
                )
                self._fault(row.line, "weight", weight, problem)
        section, where = self.sections.setdefault(row.application, (row.section, row.line))
        if section != row.section:
            problem = msg(
                "Line {line} gives another section of the same application; one is accepted.", line=str(where)
            )
            self._fault(row.line, "section", row.section, problem)
