"""What stands in each cell of a plan: values of the tables as a workbook shows them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeAlias

from xlsxwriter.utility import quote_sheetname, xl_col_to_name

from decisions.spec import SPECS
from decisions.tables import Row
from decisions.values import Kind, Value, canonical_json
from decisions.words import check_words
from locales import HELSINKI, msg, render
from workbooks.decision_book import quoted
from workbooks.decision_plan import Context, Plan, PlannedColumn

Cell: TypeAlias = "str | int | float | None"
SEPARATOR = "; "
"""Between the words of several codes in one cell."""
CHECKS = "check"
"""The vocabulary of the checks of the eligibility (``rule=outcome``)."""
_EXACT = 10**15
"""A spreadsheet number holds 15 digits exactly; a longer one is written as text."""
_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
_DAY = 86_400
AGREES, DIFFERS = msg("in order"), msg("check this")


def cell_maker(context: Context, plan: Plan, column: PlannedColumn) -> Callable[[Row], Cell]:
    """What gives the value of this column's cell in a row; None: an empty cell.

    A moment is the number of a date in the full variant and ISO 8601 text in the plain one, both Finnish time.
    """
    missing: Cell = render(column.missing, context.lang) or None
    if column.shown is not None:
        shown = column.shown

        def made(row: Row) -> Cell:
            value = shown(context, row)
            if isinstance(value, date):
                return _dated(value, plain=context.plain)
            return missing if value is None else value

        return made
    name, kind = column.id, SPECS[plan.table].field(column.id).kind
    if kind == "record":
        # Nothing and an empty text are two values of a fact.
        return lambda row: canonical_json(row[name])
    of_value = _of_kind(context, kind, column.words)
    if column.style == "basis_points":
        of_value = _share

    def found(row: Row) -> Cell:
        value = row.get(name)
        return missing if value is None or value == "" or value == () else of_value(value)

    return found


def day_number(moment: datetime) -> float:
    """The number by which a spreadsheet knows the Finnish wall time of a moment (its own, when it has no time zone)."""
    passed = _wall_time(moment).replace(tzinfo=UTC) - _EPOCH
    return passed.days + passed.seconds / _DAY


def _wall_time(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(HELSINKI).replace(tzinfo=None)


def _dated(value: date, *, plain: bool) -> Cell:
    if isinstance(value, datetime):
        return _wall_time(value).isoformat() if plain else day_number(value)
    return value.isoformat() if plain else (value - _EPOCH.date()).days


def _share(points: int) -> Cell:
    return points / 10_000


def check_cell(context: Context, agrees: bool) -> str:
    """The words of a check; a column of the style ``checked`` turns red when they say that something differs."""
    return render(AGREES if agrees else DIFFERS, context.lang)


def check_formula(context: Context, condition: str) -> str:
    """The formula of ``check_cell``: whether ``condition`` holds."""
    good, bad = (quoted(render(words, context.lang)) for words in (AGREES, DIFFERS))
    return f"=IF({condition},{good},{bad})"


def fact_cell(context: Context, key: str) -> str:
    """The cell of the scenario's sheet that shows the fact ``key``, as any formula names it; KeyError if none does."""
    return context.once("cells of facts", lambda: _fact_cells(context))[key]


def _fact_cells(context: Context) -> dict[str, str]:
    place = context.layout["facts"]
    letters, sheet = xl_col_to_name(place.plan.column("shown")), quote_sheetname(place.sheet)
    return {
        str(row["key"]): f"{sheet}!${letters}${at + 1}"
        for at, row in enumerate(place.plan.listed(context.tables), start=place.first)
    }


def _of_kind(context: Context, kind: Kind, vocabulary: str) -> Callable[[Value], Cell]:
    words = context.words
    match kind:
        case "text" | "code" if vocabulary:
            return lambda value: words.of(vocabulary, value)
        case "text" | "code":
            return str
        case "codes" if vocabulary == CHECKS:
            return lambda value: SEPARATOR.join(check_words(one, context.lang) for one in value)
        case "codes":
            return lambda value: SEPARATOR.join(words.of(vocabulary, one) if vocabulary else one for one in value)
        case "euros" | "count":
            return lambda value: value if abs(value) < _EXACT else str(value)
        case "fraction" | "decimal":
            return float
        case "moment":
            return lambda value: _dated(value, plain=context.plain)
        case "yes":
            return lambda value: words.of("yes", "yes" if value else "no")
        case _:
            return canonical_json
