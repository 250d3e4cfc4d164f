"""How the sheets of the decision workbook are laid out: where each value of the tables stands, for writing and reading.

A plan is one table of one sheet: rows of data below a heading, a column per field or shown value. The top of the sheet
(title, sums, checks) stands above the heading, so that nothing stands below the data.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias, TypeVar

from xlsxwriter.utility import quote_sheetname, xl_col_to_name

from decisions.tables import Row, Tables
from decisions.words import Words
from locales import LocalText, Message, render

Text: TypeAlias = Message | LocalText | str
HEAD = 5
"""The row of the heading (from 0); the data begins below it."""
PLAIN_HEAD = 0
"""The same in the plain variant."""
SheetId: TypeAlias = str
"""Name of a plan; the sheet on which a table is read has the name of the table."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Context:
    """What every sheet is made from. ``layout``: where the data of each sheet stands. ``plain``: without formatting."""

    tables: Tables
    words: Words
    layout: "Layout"
    plain: bool = False
    _made: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def lang(self) -> str:
        """The language of the workbook."""
        return self.words.lang

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What ``make`` gives, made once per workbook under this name (sums and look-ups over whole tables)."""
        if name not in self._made:
            self._made[name] = make()
        made: T = self._made[name]
        return made


Formula: TypeAlias = Callable[[Context, Row, int], str]
"""The formula of a cell: of the row of data, which stands on the row of the sheet (from 0); it begins with ``=``.
Empty: the cell of this row is its value."""
Shown: TypeAlias = Callable[[Context, Row], "str | int | float | date | None"]
"""The value of a cell that is not a field; a moment is aware."""


def _every(_row: Row) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class PlannedColumn:
    """A column of a plan.

    ``id``: a field of the table, or a name of its own with ``shown``. ``style``: name of a format; ``styled``: the same
    by row. ``words``: the vocabulary of a code. ``missing``: what stands in place of None. ``formula``: live; its
    cached value is the field's or ``shown``'s.
    """

    id: str
    heading: Text
    width: float
    style: str = "text"
    words: str = ""
    missing: Text = ""
    formula: Formula | None = None
    shown: Shown | None = None
    styled: Callable[[Context, Row], str] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The table of one sheet. ``rows``: the rows in the order in which they stand (default: that of the table).

    ``ours``: whether a row is one of the table's (sums between the rows are not). ``head``: row of the heading.
    """

    id: SheetId
    name: Message
    table: str
    columns: tuple[PlannedColumn, ...]
    rows: Callable[[Tables], Iterable[Row]] | None = None
    ours: Callable[[Row], bool] = _every
    head: int = HEAD

    def column(self, name: str) -> int:
        """The number (from 0) of a column; KeyError if the plan has none of that name."""
        for at, column in enumerate(self.columns):
            if column.id == name:
                return at
        raise KeyError(name)

    def listed(self, tables: Tables) -> tuple[Row, ...]:
        """The rows in the order in which they stand on the sheet."""
        return tuple(tables[self.table] if self.rows is None else self.rows(tables))


@dataclass(frozen=True, slots=True)
class Placed:
    """A plan in a workbook: the name of its sheet in the workbook's language, and its first and last row (from 0)."""

    plan: Plan
    sheet: str
    first: int
    last: int

    _letters: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def cell(self, name: str, row: int, *, elsewhere: bool = False) -> str:
        """The cell of a column on a row of the sheet; ``elsewhere``: as another sheet's formula names it."""
        cell = f"{self._letters_of(name)}{row + 1}"
        return f"{quote_sheetname(self.sheet)}!{cell}" if elsewhere else cell

    def range(self, name: str) -> str:
        """All cells of a column, as a formula on any sheet names them."""
        letters = self._letters_of(name)
        return f"{quote_sheetname(self.sheet)}!${letters}${self.first + 1}:${letters}${self.last + 1}"

    def _letters_of(self, name: str) -> str:
        """The letters of a column, found once: formulas name cells hundreds of thousands of times."""
        if name not in self._letters:
            self._letters[name] = xl_col_to_name(self.plan.column(name))
        return self._letters[name]


Layout: TypeAlias = Mapping[SheetId, Placed]


def sheet_name(name: Message, lang: str) -> str:
    """The name of a sheet as a workbook can hold it."""
    return render(name, lang)[:31]


def placed(plan: Plan, tables: Tables, lang: str, *, plain: bool = False) -> Placed:
    """Where ``plan`` stands; an empty table still takes one row, which formulas may name."""
    first = (PLAIN_HEAD if plain else plan.head) + 1
    return Placed(plan, sheet_name(plan.name, lang), first, first + max(len(plan.listed(tables)), 1) - 1)
