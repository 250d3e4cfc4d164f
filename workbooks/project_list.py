"""A list of projects as CSV or a workbook: id, score, applied and whatever else a scenario may name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from locales import Message, Money, Param, msg
from locales.parse import MoneyError
from workbooks.intake_cells import Cell, Row
from workbooks.project_cells import (
    LONGEST_SHOWN,
    MOST_ROWS,
    ListFault,
    Refusal,
    Table,
    euros,
    exact,
    first_beyond,
    open_table,
    plain,
    split,
    unread,
)

NEEDED = ("id", "score", "applied")
MONEY = ("eligible_costs", "min_grant", "max_grant")
TEXTS = ("theme", "region", "applicant")
KNOWN = (*NEEDED, *MONEY, *TEXTS)
LONGEST_NAME = 200
MOST_FAULTS = 100
"""Faults that are told; a file with more is refused all the same."""
_NOT_SCORED = ("", "na", "–", "-")


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One project. Money is whole euros, ``score`` None: not scored; what is not stated is None or "".

    ``numbers``: the further columns that hold numbers only. ``labels``: the values of every further column as words.
    """

    id: str
    score: Fraction | None
    applied: int
    eligible_costs: int | None = None
    min_grant: int | None = None
    max_grant: int | None = None
    theme: str = ""
    region: str = ""
    applicant: str = ""
    numbers: Mapping[str, int | Fraction] = field(default_factory=dict)
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProjectList:
    """The projects of a file, or its faults: with a fault there are no rows.

    ``numbers`` and ``labels``: names of the further columns; one with numbers only is among both.
    """

    rows: tuple[ProjectRow, ...] = ()
    numbers: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    faults: tuple[ListFault, ...] = ()


def read_projects(data: bytes, name: str) -> ProjectList:
    """The projects of a CSV file (UTF-8; comma, semicolon or tab) or of the first sheet with the needed columns.

    Bounded: 32 MB of CSV, 20 MB of workbook, 100,000 rows. Whatever the bytes, the answer is projects or faults;
    ``name`` tells CSV from workbook and is for their words.
    """
    try:
        table = open_table(data, name, NEEDED, KNOWN)
        return _Reading(table, _columns(table)).of()
    except Refusal as refusal:
        return ProjectList(faults=refusal.faults)


def _columns(table: Table) -> dict[int, str]:
    """Position -> name of the column; known names in lower case. Raises Refusal."""
    found: dict[int, str] = {}
    faults = []
    for at, cell in sorted(table.heading.cells.items()):
        words = plain(cell)
        if not words:
            continue
        key = words.casefold() if words.casefold() in KNOWN else words
        if key.casefold() in {other.casefold() for other in found.values()}:
            twice = msg("The heading stands twice; once is accepted.")
            faults.append(_fault(table, table.heading.number, words, words, twice))
        elif len(key) > LONGEST_NAME or not key.isprintable():
            faults.append(_fault(table, table.heading.number, words, words, _NAME))
        found[at] = key
    shown: list[Param] = [key[:LONGEST_SHOWN] for key in list(found.values())[:12]]
    missing = msg(
        "There is no such column; the columns found are {found}. Needed: {needed}. Accepted as well: {more}, and "
        "columns of your own.",
        found=shown or "–",
        needed=list(NEEDED),
        more=[*MONEY, *TEXTS],
    )
    absent = [key for key in NEEDED if key not in found.values()]
    faults += [_fault(table, table.heading.number, key, "", missing) for key in absent]
    if faults:
        raise Refusal(*faults[:MOST_FAULTS])
    return found


_NAME = msg("At most {n} characters without line breaks and control characters are accepted.", n=LONGEST_NAME)


def _fault(table: Table, row: int, column: str, value: str, problem: Message) -> ListFault:
    return ListFault(table.sheet, row, column[:LONGEST_SHOWN], value[:LONGEST_SHOWN], problem)


class _Reading:
    """One pass over the rows; whether a further column is of numbers is known only at the end."""

    def __init__(self, table: Table, columns: Mapping[int, str]) -> None:
        self.table = table
        self.columns = columns
        self.at = {key: position for position, key in columns.items()}
        self.further = tuple(key for key in columns.values() if key not in KNOWN)
        self.numeric = dict.fromkeys(self.further, True)
        self.lines: dict[str, int] = {}
        self.faults: list[ListFault] = []
        self.rows: list[ProjectRow] = []

    def of(self) -> ProjectList:
        row = self.table.heading
        try:
            for row in self.table.rows:
                if len(self.rows) >= MOST_ROWS:
                    self._fault(
                        row, "id", "", msg("The file has more than {n} rows; that many are accepted.", n=MOST_ROWS)
                    )
                    break
                self._row(row)
                if len(self.faults) >= MOST_FAULTS:
                    break
        except Refusal as refusal:
            # What is wrong before that place is worth telling as well.
            self.faults += refusal.faults
        if not self.rows and not self.faults:
            self._fault(row, "id", "", msg("There are no projects under the heading. At least one row is accepted."))
        if self.faults:
            return ProjectList(faults=tuple(self.faults[:MOST_FAULTS]))
        numbers = tuple(key for key in self.further if self.numeric[key])
        rows = self.rows if len(numbers) == len(self.further) else [self._only(one, numbers) for one in self.rows]
        return ProjectList(tuple(rows), numbers, self.further)

    def _only(self, one: ProjectRow, numbers: Sequence[str]) -> ProjectRow:
        kept = {key: one.numbers[key] for key in numbers if key in one.numbers}
        return ProjectRow(
            one.id, one.score, one.applied, one.eligible_costs, one.min_grant, one.max_grant, one.theme, one.region,
            one.applicant, kept, one.labels,
        )  # fmt: skip

    def _fault(self, row: Row, column: str, value: str, problem: Message) -> None:
        self.faults.append(_fault(self.table, row.number, column, value, problem))

    def _cell(self, row: Row, column: str) -> Cell | None:
        position = self.at.get(column)
        cell = None if position is None else row.cells.get(position)
        if (problem := unread(cell)) is not None and cell is not None:
            self._fault(row, column, cell.text, problem)
            return None
        return cell

    def _row(self, row: Row) -> None:
        before = len(self.faults)
        if not self._fits(row):
            return
        texts = {key: self._text(row, key) for key in ("id", *TEXTS)}
        score = self._score(row)
        applied = self._euros(row, "applied")
        money = {key: self._euros(row, key) for key in MONEY}
        numbers, labels = self._further(row)
        if len(self.faults) == before and not texts["id"]:
            self._fault(row, "id", "", msg("The cell is empty. A name or a number is accepted."))
        first = self.lines.setdefault(texts["id"], row.number)
        if first != row.number and texts["id"]:
            twice = msg("The same id stands on row {row} already. Each project has one row.", row=str(first))
            self._fault(row, "id", texts["id"], twice)
        if applied is not None:
            self._amounts(row, applied, money)
        if len(self.faults) == before and applied is not None:
            costs, least, most = (money[key] for key in MONEY)
            key, theme, region, applicant = (texts[name] for name in ("id", *TEXTS))
            self.rows.append(
                ProjectRow(key, score, applied, costs, least, most, theme, region, applicant, numbers, labels)
            )

    def _fits(self, row: Row) -> bool:
        """Cells beyond the heading, or too few of them, may stand under the wrong headings."""
        beyond = first_beyond(row, self.columns)
        if beyond is not None:
            problem = msg(
                "The cell stands under no heading. In CSV a cell that holds the separator, such as a decimal comma, "
                "must stand in quotation marks."
            )
            self._fault(row, str(beyond), plain(row.cells[beyond]), problem)
            return False
        last = max(self.columns)
        if self.table.whole and last not in row.cells:
            at = next(position for position in sorted(self.columns) if position not in row.cells)
            short = msg("The row ends before this column. Every row needs all its cells.")
            self._fault(row, self.columns[at], "", short)
            return False
        return True

    def _text(self, row: Row, column: str) -> str:
        text = plain(self._cell(row, column)).replace("\u00a0", " ")
        if len(text) > LONGEST_NAME or not text.isprintable():
            self._fault(row, column, text, _NAME)
        return text

    def _score(self, row: Row) -> Fraction | None:
        cell = self._cell(row, "score")
        if cell is None or plain(cell).casefold() in _NOT_SCORED:
            return None
        score = exact(cell)
        if score is None or not 0 <= score <= 10**12:
            problem = msg("A score is a number of at least 0, for example 3.25 or 7/2. Empty: not scored.")
            self._fault(row, "score", plain(cell), problem)
        return score

    def _euros(self, row: Row, column: str) -> int | None:
        cell = self._cell(row, column)
        words = plain(cell)
        if cell is None or not words:
            if column == "applied" and unread(row.cells.get(self.at[column])) is None:
                self._fault(row, column, "", msg("The cell is empty. Whole euros are accepted, for example 250000."))
            return None
        try:
            if cell.kind not in ("text", "number"):
                raise MoneyError(msg("The text is not an amount in euros."))
            return euros(cell)
        except MoneyError as error:
            problem = msg("{fault} Accepted: {accepted}", fault=error.message, accepted=error.accepted)
            self._fault(row, column, words, problem)
            return None

    def _amounts(self, row: Row, applied: int, money: Mapping[str, int | None]) -> None:
        """A smallest grant that the project cannot get is a slip."""
        least = money["min_grant"]
        for key, most in (("applied", applied), ("max_grant", money["max_grant"])):
            if least is not None and most is not None and least > most:
                problem = msg("At most {most}, which is {column}, is accepted.", most=Money(most), column=key)
                self._fault(row, "min_grant", str(least), problem)
                return

    def _further(self, row: Row) -> tuple[dict[str, int | Fraction], dict[str, tuple[str, ...]]]:
        numbers: dict[str, int | Fraction] = {}
        labels: dict[str, tuple[str, ...]] = {}
        for key in self.further:
            cell = self._cell(row, key)
            words = plain(cell)
            if cell is None or not words:
                continue
            labels[key] = split(words)
            if self.numeric[key]:
                number = exact(cell)
                if number is None:
                    self.numeric[key] = False
                else:
                    numbers[key] = int(number) if number.denominator == 1 else number
        return numbers, labels
