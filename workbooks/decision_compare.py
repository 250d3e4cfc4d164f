"""The sheet Vertailu: what each scenario gives each application, side by side, with the sums of each."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from xlsxwriter.utility import quote_sheetname, xl_col_to_name, xl_rowcol_to_cell

from decisions.tables import Row, Tables
from locales import Message, msg, render
from workbooks.book_sheet import StreamedSheet
from workbooks.decision_book import Book
from workbooks.decision_cells import Cell, check_cell, check_formula
from workbooks.decision_columns import application_of
from workbooks.decision_plan import Context, Placed, Plan, PlannedColumn

NAME = msg("Comparison")
CASE, LABEL, FIRST = 0, 1, 2
"""Columns: the case number, the applicant or the name of a particular, and the first scenario."""
STATED: Mapping[str, tuple[Message, str, str]] = {
    "decided": (msg("The decided scenario"), "text_right", "yes"),
    "rule": (msg("Rule of distribution"), "text_right", "rule"),
    "status": (msg("Status of the solution"), "text_right", "solution"),
    "appropriation": (msg("Appropriation"), "money", ""),
    "remaining": (msg("Remaining"), "money", ""),
}
"""Particulars of a scenario by field: name, format and vocabulary."""
NOT_KNOWN = msg("not known")
EXACT = 10**15
"""A spreadsheet number holds 15 digits exactly; a longer integer is written as text."""
_TOP = 3
_SUM, _FUNDED, _OTHERS, _CHECK = (_TOP + len(STATED) + at for at in range(4))
_HEAD = _CHECK + 2
"""The row above it stays free for a note."""


def plan(tables: Tables, plain: bool = False) -> Plan:
    """The sheet of these tables. ``plain``: the particulars are rows of the table, as nothing stands above its heading."""
    columns = [
        PlannedColumn("case_number", msg("Case number"), 14),
        PlannedColumn("label", msg("Applicant"), 38, shown=_label),
    ]
    columns += [
        PlannedColumn(column_of(at), name, 19, "money", shown=partial(_shown, at=at), styled=partial(_style, at=at))
        for at, name in enumerate(names(tables))
    ]  # fmt: skip
    return Plan("comparison", NAME, "comparison", tuple(columns), partial(_listed, plain=plain), head=_HEAD)


def names(tables: Tables) -> tuple[str, ...]:
    """The scenarios in the order of their columns."""
    return tuple(
        sorted({*(row["name"] for row in tables["scenarios"]), *(row["scenario"] for row in tables["comparison"])})
    )


def column_of(at: int) -> str:
    """The name of the column of scenario ``at`` (from 0)."""
    return f"scenario {at}"


def decided_at(tables: Tables) -> int | None:
    """Which scenario is the decided one; None if none or several are."""
    found = [row["name"] for row in tables["scenarios"] if row["decided"]]
    return names(tables).index(found[0]) if len(found) == 1 else None


def stated_cell(place: Placed, at: int, field: str) -> str:
    """The cell of a particular of scenario ``at``, as other sheets name it (full variant)."""
    row = _TOP + list(STATED).index(field)
    return f"{quote_sheetname(place.sheet)}!{xl_rowcol_to_cell(row, FIRST + at, row_abs=True, col_abs=True)}"


def top(book: Book, sheet: StreamedSheet, context: Context) -> None:
    """The particulars and sums of each scenario, and a chart of the sums."""
    place = context.layout["comparison"]
    known = names(context.tables)
    for row, (label, _, _) in enumerate(STATED.values(), start=_TOP):
        book.text(sheet, row, LABEL, label, "text")
    for row, label in (
        (_SUM, msg("Granted in all")),
        (_FUNDED, msg("Applications funded")),
        (_OTHERS, msg("Applications with another award than in the decided scenario")),
        (_CHECK, msg("Granted and remaining make the appropriation")),
    ):
        book.text(sheet, row, LABEL, label, "text")
    columns = [_column(context, at) for at in range(len(known))]
    decided = decided_at(context.tables)
    for at in range(len(known)):
        _particulars(book, sheet, context, at)
        _sums(book, sheet, context, columns, at, decided)
    _chart(book, sheet, place, known, [_total(column) for column in columns], decided)


def _column(context: Context, at: int) -> list[int | None]:
    """The awards of a scenario as they stand below its heading."""
    listed = context.once("comparison", lambda: context.layout["comparison"].plan.listed(context.tables))
    return [_given(row, at) for row in listed]


def _given(row: Row, at: int) -> int | None:
    found = row["given"].get(at)
    return found if isinstance(found, int) else None


def _total(column: Sequence[int | None]) -> int:
    return sum(given or 0 for given in column)


def _particulars(book: Book, sheet: StreamedSheet, context: Context, at: int) -> None:
    for row, field in enumerate(STATED, start=_TOP):
        value, style = _stated(context, at, field), STATED[field][1]
        if isinstance(value, str):
            book.text(sheet, row, FIRST + at, value, "text_right")
        elif value is not None:
            book.number(sheet, row, FIRST + at, value, style)


def _sums(
    book: Book, sheet: StreamedSheet, context: Context,
    columns: Sequence[Sequence[int | None]], at: int, decided: int | None,
) -> None:  # fmt: skip
    place, col, own = context.layout["comparison"], FIRST + at, columns[at]
    cells, total = _range(place, at), _total(own)
    book.formula(sheet, _SUM, col, f"=SUM({cells})", total, "sum")
    book.formula(sheet, _FUNDED, col, f'=COUNTIF({cells},">0")', sum(1 for given in own if given), "sum_count")
    if decided is not None:
        others = sum(1 for given, other in zip(own, columns[decided], strict=True) if (given or 0) != (other or 0))
        formula = f"=SUMPRODUCT(1*({cells}<>{_range(place, decided)}))"
        book.formula(sheet, _OTHERS, col, formula, others, "sum_count")
    row = context.once("scenarios", lambda: {one["name"]: one for one in context.tables["scenarios"]}).get(
        names(context.tables)[at]
    )
    if row is None or row["appropriation"] is None or row["remaining"] is None:
        return
    granted, appropriation, remaining = (
        xl_rowcol_to_cell(line, col) for line in (_SUM, *(_TOP + list(STATED).index(f) for f in ("appropriation", "remaining")))
    )  # fmt: skip
    agrees = check_cell(context, total + row["remaining"] == row["appropriation"])
    book.formula(sheet, _CHECK, col, check_formula(context, f"{granted}+{remaining}={appropriation}"), agrees, "check")
    good = check_cell(context, agrees=True)
    book.alarm(sheet, _CHECK, col, f'={xl_rowcol_to_cell(_CHECK, col, row_abs=True)}<>"{good}"')


def _range(place: Placed, at: int) -> str:
    letters = xl_col_to_name(FIRST + at)
    return f"{letters}${place.first + 1}:{letters}${place.last + 1}"


def _chart(
    book: Book, sheet: StreamedSheet, place: Placed, known: Sequence[str], totals: Sequence[int], decided: int | None
) -> None:
    last = FIRST + len(known) - 1
    sheet.print_area(0, 0, place.last, last)
    if not known:
        return
    chart = book.chart("bar")
    chart.add_series(
        {
            "name": render(msg("Granted in all"), book.lang),
            "categories": [place.sheet, place.plan.head, FIRST, place.plan.head, last],
            "values": [place.sheet, _SUM, FIRST, _SUM, last],
            "categories_data": list(known),
            "values_data": list(totals),
            "fill": {"color": "#8A9BB0"},
            "points": [{"fill": {"color": "#1F3A5F"}} if at == decided else None for at in range(len(known))],
            "data_labels": {"value": True, "num_format": "#,##0", "position": "outside_end", "font": {"size": 8}},
            "gap": 60,
        }
    )
    chart.set_title({"name": render(msg("Granted in all by scenario; the decided one is darker"), book.lang),
                     "name_font": {"size": 11, "bold": True}, "overlay": False})  # fmt: skip
    chart.set_legend({"none": True})
    # The sums stand beside the bars; a scale would only say them again.
    chart.set_x_axis({"visible": False, "min": 0, "max": max(*totals, 1) * 1.25, "major_gridlines": {"visible": False}})
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 720, "height": 120 + 40 * len(known)})
    sheet.insert_chart(_TOP, last + 2, chart, {"description": render(msg("Granted in all by scenario"), book.lang)})


def _listed(tables: Tables, *, plain: bool) -> list[Row]:
    """One row per application; in the plain variant the particulars of the scenarios stand before them."""
    number = {name: at for at, name in enumerate(names(tables))}
    given: dict[str, dict[int, Any]] = {row["case_number"]: {} for row in tables["applications"]}
    for row in tables["comparison"]:
        found = given.setdefault(row["case_number"], {})
        found[number[row["scenario"]]] = NOT_KNOWN if row["granted"] is None else row["granted"]
    rows: list[Row] = [{"case_number": "", "particular": field, "given": {}} for field in STATED] if plain else []
    return rows + [{"case_number": case, "particular": "", "given": given[case]} for case in sorted(given)]


def _label(context: Context, row: Row) -> str:
    if row["particular"]:
        return render(STATED[row["particular"]][0], context.lang)
    return str(application_of(context, row).get("applicant", ""))


def _shown(context: Context, row: Row, *, at: int) -> Cell:
    if row["particular"]:
        return _stated(context, at, row["particular"])
    value = row["given"].get(at)
    return render(value, context.lang) if isinstance(value, Message) else _exact(value)


def _style(context: Context, row: Row, *, at: int) -> str:
    marked = context.once("decided", lambda: decided_at(context.tables)) == at
    if isinstance(row["given"].get(at), int):
        return "marked" if marked else "money"
    return "marked_text" if marked else "text_right"


def _stated(context: Context, at: int, field: str) -> str | int | None:
    """A particular of a scenario; None where the scenario is only in the comparison."""
    rows = context.once("scenarios", lambda: {one["name"]: one for one in context.tables["scenarios"]})
    row = rows.get(names(context.tables)[at])
    if row is None:
        return None
    value, vocabulary = row[field], STATED[field][2]
    if vocabulary == "yes":
        return render(NOT_KNOWN, context.lang) if value is None else context.words.of("yes", "yes" if value else "no")
    if vocabulary:
        return context.words.of(vocabulary, value)
    return render(NOT_KNOWN, context.lang) if value is None else _exact(value)


def _exact(value: Any) -> str | int | None:
    """A whole number as a cell can hold it exactly."""
    return str(value) if value is not None and abs(value) >= EXACT else value
