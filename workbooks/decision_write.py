"""The decision workbook as bytes: a pure function of complete tables, the language, and whether it is plain."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from xlsxwriter.utility import xl_col_to_name

from decisions.facts import facts_of
from decisions.tables import Row, Tables
from decisions.words import Words
from locales import LocalText, format_moment, msg, render
from workbooks.book_looks import WRAPPED
from workbooks.book_sheet import StreamedSheet, formula_cell, number_cell, text_cell
from workbooks.decision_book import Book, Column, characters, row_height, wrapped_lines
from workbooks.decision_cells import DIFFERS, Cell, cell_maker
from workbooks.decision_first_page import moment
from workbooks.decision_plan import PLAIN_HEAD, Context, Placed, PlannedColumn, placed
from workbooks.decision_plans import Part, parts
from workbooks.text_width import lines_in

_WIDE = 60
"""Width of a column of long texts."""
_CLOSE = 23 / 24
_MOST_FROZEN = 8
"""Rows above a table that stay in sight."""
"""Height of one of many lines of a text against that of a row with one line."""
_MANY = 1_000_000
"""More characters than any cell has."""


def decision_workbook(tables: Tables, lang: str, *, plain: bool = False) -> bytes:
    """The workbook of complete ``tables`` in ``lang`` as the bytes of an xlsx file; the same tables, the same bytes.

    Names of reviewers are in it when ``tables.private`` has them. ``plain``: one table per sheet with its heading on
    the first row, without formats, formulas and sums. Raises CanonicalError for facts that do not make a decision.
    """
    facts = facts_of(tables["facts"])
    listed = parts(facts, tables, plain=plain)
    layout = {part.plan.id: placed(part.plan, tables, lang, plain=plain) for part in listed}
    context = Context(tables, Words(facts, lang), layout, plain)
    book = Book(lang)
    sheets = [
        (part, book.add_plain_sheet(part.plan.name) if plain else book.add_sheet(part.plan.name, landscape=part.landscape))
        for part in listed
    ]  # fmt: skip
    for part, sheet in sheets:
        _write_part(book, sheet, context, part)
    _properties(book, context)
    return book.close()


def _write_part(book: Book, sheet: StreamedSheet, context: Context, part: Part) -> None:
    plan, place = part.plan, context.layout[part.plan.id]
    if context.plain:
        for col, column in enumerate(plan.columns):
            sheet.write_string(PLAIN_HEAD, col, render(column.heading, context.lang))
    else:
        book.heading(sheet, plan.name, call_name(context))
        columns = [Column(column.heading, column.width, column.style) for column in plan.columns]
        book.head(sheet, plan.head, columns, place.last)
        # What stands above the table stays in sight only while it leaves room for the table.
        sheet.freeze_panes(plan.head + 1 if plan.head <= _MOST_FROZEN else 0, part.frozen)
        if part.pages > 1:
            sheet.fit_to_pages(part.pages, 0)
            sheet.repeat_columns(0, part.frozen - 1)
        book.footer(sheet, f"{render(call_name(context), context.lang)} · {_stage(context)}")
        for col, column in enumerate(plan.columns):
            if column.style == "checked":
                book.alarms(sheet, place.first, place.last, col, render(DIFFERS, context.lang))
        if part.top is not None:
            part.top(book, sheet, context)
    sheet.stream(place.last, len(plan.columns) - 1, _rows(book, context, place))


def call_name(context: Context) -> LocalText:
    """The name of the call."""
    name = context.words.facts["call.name"]
    return LocalText(str(name["fi"]), str(name["sv"]), str(name["en"]))


def _stage(context: Context) -> str:
    stage = context.words.of("stage", str(context.words.facts["decision.stage"]))
    return f"{stage} {context.words.facts['decision.number']}, {format_moment(_made_at(context), context.lang)}"


def _made_at(context: Context) -> datetime:
    """The moment of what the workbook holds: of the decision, the proposal, or the newest entry of the log."""
    facts = context.words.facts
    return moment(
        str(facts.get("decision.decided_at") or facts.get("decision.proposed_at") or facts["decision.made_at"])
    )


def _properties(book: Book, context: Context) -> None:
    name = render(call_name(context), context.lang)
    authority = context.words.facts["call.authority"]
    book.properties(
        render(msg("Decision list: {call}", call=name), context.lang),
        name,
        render(LocalText(*(str(authority[one]) for one in ("fi", "sv", "en"))), context.lang),
        _made_at(context).astimezone(UTC),
    )


def _rows(book: Book, context: Context, place: Placed) -> Iterator[str]:
    """The rows of data of a sheet, made when they are written."""
    plan = place.plan
    highest: list[float] = [1]
    ours, sums = (
        [_markup(book, context, place, at, highest, ours=ours) for at in range(len(plan.columns))]
        for ours in (True, False)
    )

    def written() -> Iterator[str]:
        for at, row in enumerate(plan.listed(context.tables), start=place.first):
            highest[0] = 1
            cells = "".join([markup(row, at) for markup in (ours if plan.ours(row) else sums)])
            height = f' ht="{row_height(highest[0]):g}" customHeight="1"' if highest[0] > 1 else ""
            yield f'<row r="{at + 1}"{height}>{cells}</row>'

    return written()


def _markup(
    book: Book, context: Context, place: Placed, number: int, highest: list[float], *, ours: bool
) -> Callable[[Row, int], str]:
    """What gives the markup of a cell of a row that stands on a row of the sheet (from 0).

    It raises ``highest`` to the lines that a text takes.
    """
    column, plain = place.plan.columns[number], context.plain
    start, value_of = f'<c r="{xl_col_to_name(number)}', cell_maker(context, place.plan, column)
    formula = None if plain else column.formula
    attribute = _attributes(book, context, column, ours=ours)
    room = _MANY if plain else characters(column.width)
    count = _in_wide if column.width >= _WIDE else wrapped_lines

    def markup(row: Row, at: int) -> str:
        value = value_of(row)
        opening = f'{start}{at + 1}"{attribute(row, value)}'
        if formula is not None and (live := formula(context, row, at)):
            return opening + formula_cell(live, "" if value is None else value)
        if value is None:
            return "" if plain else opening + "/>"
        if isinstance(value, str):
            if len(value) > room or "\n" in value:
                highest[0] = max(highest[0], 1 if plain else count(value, column.width))
            return opening + text_cell(value)
        return opening + number_cell(value)

    return markup


def _in_wide(text: str, width: float) -> float:
    """Lines of a long text, closer than the rough count: it would leave much of a printed page empty."""
    lines = lines_in(text, width)
    return max(lines * _CLOSE, 1 + (lines > 1))


def _attributes(book: Book, context: Context, column: PlannedColumn, *, ours: bool) -> Callable[[Row, Cell], str]:
    """What gives the attribute of the format of a cell: words in a column of numbers stand where the numbers do."""
    if context.plain:
        return lambda _row, _value: ""
    numbers: dict[str, str] = {}

    def of(style: str) -> str:
        if style not in numbers:
            numbers[style] = f' s="{book.look(style, of_sum=not ours)._get_xf_index()}"'
        return numbers[style]

    normal = of(column.style)
    in_words = of("text_right") if book.right(column.style) and column.style not in WRAPPED else normal
    if (styled := column.styled) is not None:
        return lambda row, _value: of(styled(context, row))
    return lambda _row, value: in_words if isinstance(value, str) else normal
