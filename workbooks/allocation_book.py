"""The workbook of a distribution over a list of projects: awards, parameters, rules, and ties or the conflict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from locales import LocalText, Message, Money, msg, render
from workbooks.decision_book import Book, Column, reference
from workbooks.parameter_values import ParameterValue, write_value

_MADE = datetime(2020, 1, 1, tzinfo=UTC)
"""No time of making stands in the file: the same data gives the same bytes."""
_HEAD, _FIRST = 6, 7
_SCORE, _APPLIED, _GRANTED, _FUNDED = 1, 2, 3, 4
_AWARDS = (
    Column(msg("Project id"), 16),
    Column(msg("Score"), 10, "score"),
    Column(msg("Applied for"), 14, "money"),
    Column(msg("Granted"), 14, "money"),
    Column(msg("Funded"), 13),
    Column(msg("Reason"), 80),
)
_PARAMETERS = (Column(msg("Parameter"), 46), Column(msg("Value"), 60, "text_right"))
_RULES = (
    Column(msg("Named rule"), 50),
    Column(msg("What is added up"), 20),
    Column(msg("Sum"), 16, "money"),
    Column(msg("At least"), 16, "money"),
    Column(msg("At most"), 16, "money"),
    Column(msg("At its limit"), 12),
)
_MEASURES = {"grant": msg("euros granted"), "count": msg("projects funded")}
_YES, _NO = msg("yes"), msg("no")


@dataclass(frozen=True, slots=True)
class AwardLine:
    """One project. Money is whole euros; ``score`` None: not scored."""

    id: str
    score: Fraction | None
    applied: int
    granted: int
    funded: bool
    reason: Message


@dataclass(frozen=True, slots=True)
class SumLine:
    """What one rule adds up to, in ``measure``: ``grant``, ``count`` or the name of a column."""

    name: Message | str
    measure: str
    value: int | Fraction
    lower: int | Fraction | None
    upper: int | Fraction | None
    at_limit: bool


@dataclass(frozen=True, slots=True)
class AllocationData:
    """All that the workbook shows; ``conflict`` says which rules collide where there is no distribution."""

    title: str
    status: Message
    appropriation: int
    awards: tuple[AwardLine, ...]
    parameters: tuple[tuple[Message | LocalText, ParameterValue], ...]
    sums: tuple[SumLine, ...] = ()
    ties: tuple[tuple[str, ...], ...] = ()
    conflict: tuple[Message, ...] = ()


def allocation_workbook(data: AllocationData, lang: str) -> bytes:
    """The workbook in ``lang`` as the bytes of an xlsx file; the same data gives the same bytes.

    The sums of the awards are live formulas, written together with the value that Python has for them.
    """
    book = Book(lang)
    awards = book.add_sheet(msg("Awards"))
    scenario = book.add_sheet(msg("Scenario"), landscape=False)
    rules = book.add_sheet(msg("Rules"))
    further = book.add_sheet(msg("Conflict") if data.conflict else msg("Ties"), landscape=False)
    subtitle = data.title or render(data.status, lang)
    _write_awards(book, awards, data, subtitle, reference(scenario, f"$B${_SCENARIO_FIRST + 1}"))
    _write_scenario(book, scenario, data, subtitle)
    _write_rules(book, rules, data.sums, subtitle)
    _write_further(book, further, data, subtitle)
    for sheet in (awards, scenario, rules, further):
        book.footer(sheet, subtitle)
    book.properties(render(msg("Awards"), lang), subtitle, "", _MADE)
    return book.close()


_SCENARIO_FIRST = 4
"""First row of the parameters on their sheet, counted from 0: the appropriation."""


def _write_awards(book: Book, sheet: Worksheet, data: AllocationData, subtitle: str, appropriation: str) -> None:
    book.heading(sheet, msg("Awards"), subtitle)
    last = _FIRST + max(len(data.awards), 1) - 1
    granted = sum(one.granted for one in data.awards)
    # Below the heading, so that they are seen however long the list is.
    sums = (
        (msg("Appropriation"), f"={appropriation}", data.appropriation),
        (msg("Granted in all"), f"=SUM({xl_range_abs(_FIRST, _GRANTED, last, _GRANTED)})", granted),
        (
            msg("Remaining"),
            f"={xl_rowcol_to_cell(2, _GRANTED)}-{xl_rowcol_to_cell(3, _GRANTED)}",
            data.appropriation - granted,
        ),
    )
    for at, (label, formula, value) in enumerate(sums, start=2):
        book.text(sheet, at, 0, label, "plain")
        book.formula(sheet, at, _GRANTED, formula, value, "sum")
    if data.title:
        book.text(sheet, 5, 0, data.status, "note")
    book.head(sheet, _HEAD, _AWARDS, last)
    for at, one in enumerate(data.awards, start=_FIRST):
        book.text(sheet, at, 0, one.id)
        if one.score is None:
            book.text(sheet, at, _SCORE, msg("not scored"), "text_right")
        else:
            book.number(sheet, at, _SCORE, float(one.score), "score")
        book.number(sheet, at, _APPLIED, one.applied, "money")
        book.number(sheet, at, _GRANTED, one.granted, "money")
        book.text(sheet, at, _FUNDED, _YES if one.funded else _NO)
        book.text(sheet, at, _FUNDED + 1, one.reason)
    _write_totals(book, sheet, data.awards, last + 1)
    sheet.freeze_panes(_FIRST, 1)


def _write_totals(book: Book, sheet: Worksheet, awards: Sequence[AwardLine], at: int) -> None:
    book.text(sheet, at, 0, msg("Total"), "total")
    book.text(sheet, at, _SCORE, "", "total")
    for col, value in ((_APPLIED, sum(one.applied for one in awards)), (_GRANTED, sum(one.granted for one in awards))):
        book.formula(sheet, at, col, f"=SUM({xl_range_abs(_FIRST, col, at - 1, col)})", value, "total_money")
    flags = xl_range_abs(_FIRST, _FUNDED, at - 1, _FUNDED)
    yes = render(_YES, book.lang).replace('"', '""')
    book.formula(sheet, at, _FUNDED, f'=COUNTIF({flags},"{yes}")', sum(one.funded for one in awards), "total_count")
    book.text(sheet, at, _FUNDED + 1, "", "total")


def _write_scenario(book: Book, sheet: Worksheet, data: AllocationData, subtitle: str) -> None:
    book.heading(sheet, msg("Scenario"), subtitle)
    lines = ((msg("Appropriation"), Money(data.appropriation)), *data.parameters)
    book.head(sheet, _SCENARIO_FIRST - 1, _PARAMETERS, _SCENARIO_FIRST + len(lines) - 1)
    for at, (label, value) in enumerate(lines, start=_SCENARIO_FIRST):
        book.text(sheet, at, 0, label)
        write_value(book, sheet, at, value)
    sheet.freeze_panes(_SCENARIO_FIRST, 1)


def _write_rules(book: Book, sheet: Worksheet, sums: Sequence[SumLine], subtitle: str) -> None:
    book.heading(sheet, msg("Rules"), subtitle)
    book.head(sheet, 3, _RULES, 3 + max(len(sums), 1))
    for at, one in enumerate(sums, start=4):
        book.text(sheet, at, 0, one.name)
        book.text(sheet, at, 1, _MEASURES.get(one.measure, one.measure))
        for col, value in enumerate((one.value, one.lower, one.upper), start=2):
            _write_amount(book, sheet, at, col, value, one.measure)
        book.text(sheet, at, 5, _YES if one.at_limit else _NO)
    sheet.freeze_panes(4, 1)


def _write_amount(book: Book, sheet: Worksheet, row: int, col: int, value: int | Fraction | None, measure: str) -> None:
    if value is None:
        book.text(sheet, row, col, "–", "text_right")
    elif measure == "grant" and value.denominator == 1:
        book.number(sheet, row, col, int(value), "money")
    else:
        book.number(sheet, row, col, float(value), "integer" if value.denominator == 1 else "score")


def _write_further(book: Book, sheet: Worksheet, data: AllocationData, subtitle: str) -> None:
    """Why there is no distribution, or which awards the tie rule decided."""
    lines: tuple[Message | str, ...]
    if data.conflict:
        title, head, lines = msg("Conflict"), msg("What collides, and what would resolve it"), data.conflict
    else:
        title, head = msg("Ties"), msg("Between these projects the tie rule decided, not the score")
        lines = tuple(", ".join(group) for group in data.ties) or (msg("The tie rule decided no award."),)
    book.heading(sheet, title, subtitle)
    book.head(sheet, 3, (Column(head, 100),), 3 + len(lines))
    for at, line in enumerate(lines, start=4):
        book.text(sheet, at, 0, line)
