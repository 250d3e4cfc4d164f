"""What was read of a decision workbook: rows of its tables, where each value stands, and what could not be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from xlsxwriter.utility import xl_rowcol_to_cell

from calls.register import register_years
from decisions.checking import Stated
from decisions.facts import in_order
from decisions.tables import Private, Row, Tables, make
from decisions.values import CanonicalError
from locales import Lang, Message, msg
from workbooks.intake_cells import FileRefused

MOST_ITEMS = 100
"""Criteria, themes or categories of a call."""
MOST_ROWS = 500_000
"""Rows and digests of all tables together."""
MOST_FAULTS = 2_000
"""Faults that are kept; of more there is only the number."""
_NAMES = ("fi", "sv", "en")


class Place(NamedTuple):
    """A cell: its sheet, and row and column from 0."""

    sheet: str
    row: int
    column: int

    @property
    def cell(self) -> str:
        """The cell as people name it: ``B7``."""
        return str(xl_rowcol_to_cell(self.row, self.column))


@dataclass(frozen=True, slots=True)
class Fault:
    """A place that is not as it must be for the tables to be read. ``place`` None: nowhere in particular."""

    place: Place | None
    problem: Message
    stated: str = ""
    expected: Message | str = ""


@dataclass(slots=True)
class Places:
    """Where things stand. ``rows`` and ``digests`` by table and key, ``columns`` by table and field.

    ``cells``: of values that have no row of their own, by table, key and field. ``digests`` also has ``table`` with the
    name of each table, ``reviewer`` and ``commitment`` with each code, and ``hash`` with nothing.
    """

    rows: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    columns: dict[tuple[str, str], int] = field(default_factory=dict)
    cells: dict[tuple[str, str, str], Place] = field(default_factory=dict)
    digests: dict[tuple[str, str], Place] = field(default_factory=dict)

    def value(self, table: str, key: str, name: str) -> Place | None:
        """Where a value stands, or the first cell of its row; None if it stands nowhere."""
        if (table, key, name) in self.cells:
            return self.cells[table, key, name]
        found = self.rows.get((table, key))
        return None if found is None else Place(*found, self.columns.get((table, name), 0))


@dataclass(slots=True)
class Sheets:
    """What was read. ``absent``: tables that no sheet holds; ``facts`` None: nothing further could be read.

    ``further``: faults beyond those that are kept. ``count``: rows so far.
    """

    lang: Lang
    plain: bool
    rows: dict[str, list[Row]] = field(default_factory=dict)
    private: dict[str, Private] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    places: Places = field(default_factory=Places)
    absent: set[str] = field(default_factory=set)
    facts: Mapping[str, Any] | None = None
    stated: Stated | None = None
    further: int = 0
    count: int = 0

    def fault(self, place: Place | None, problem: Message, stated: str = "", expected: Message | str = "") -> None:
        """Keep a fault, or count it."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(place, problem, stated, expected))
        else:
            self.further += 1

    def missing(self, sheet: str) -> None:
        """Keep that a sheet is not there."""
        self.fault(Place(sheet, 0, 0), msg("The sheet is missing."), "", sheet)

    def add(self, table: str, row: Row) -> None:
        """Keep a row. Raises FileRefused for more than a decision has."""
        self.counted()
        self.rows[table].append(row)

    def counted(self) -> None:
        """Count a row or a digest. Raises FileRefused for more than a decision has."""
        self.count += 1
        if self.count > MOST_ROWS:
            raise FileRefused(
                msg("The workbook has more than {n} rows; that is more than what is checked.", n=MOST_ROWS)
            )

    def tables(self) -> Tables:
        """The tables without what is worked out. Raises CanonicalError when they cannot be."""
        return make(self.rows, self.private)


def check_facts(facts: Mapping[str, Any]) -> None:
    """Raise CanonicalError, with the key, for facts without which a workbook has no words for its codes."""
    year = facts.get("call.register_year")
    if type(year) is not int or year not in register_years():
        raise CanonicalError("call.register_year")
    _named("call.name", facts.get("call.name"))
    for prefix in ("criterion", "theme", "category"):
        try:
            found = in_order(facts, prefix)
        except (KeyError, TypeError) as error:
            raise CanonicalError(prefix) from error
        if len(found) > MOST_ITEMS:
            raise CanonicalError(prefix)
        for key, value in found.items():
            _named(f"{prefix}.{key}", value.get("name") if isinstance(value, dict) else None)


def _named(key: str, name: object) -> None:
    if not isinstance(name, dict) or not all(isinstance(name.get(lang), str) for lang in _NAMES):
        raise CanonicalError(key)
