"""The sheet Päätökset: everything about each application, its costs and own funding worked out, and what holds."""

from decisions.tables import Row
from decisions.words import TOTAL
from locales import msg
from workbooks.book_sheet import StreamedSheet
from workbooks.decision_book import Book
from workbooks.decision_cells import check_cell, check_formula, fact_cell
from workbooks.decision_columns import NUMBER, field_column, in_words
from workbooks.decision_plan import Context, Plan, PlannedColumn

_SUMS = ("applied", "accepted_costs", "granted", "own_part")
_BP = 10_000


def _cell(context: Context, name: str, at: int) -> str:
    return context.layout["applications"].cell(name, at)


def _accepted(context: Context, _row: Row, at: int) -> str:
    costs, total = context.layout["costs"], in_words(context, context.words.of("category", TOTAL))
    return (
        f"=SUMIFS({costs.range('counted')},{costs.range('number')},{_cell(context, 'number', at)},"
        f'{costs.range("category")},"<>"&{total})'
    )


def _ceiling(context: Context, _row: Row, at: int) -> str:
    """The share is taken in whole basis points: 0.85 as a program holds it is a little more or less."""
    applied, accepted = _cell(context, "applied", at), _cell(context, "accepted_costs", at)
    share, unit = (fact_cell(context, f"call.{name}") for name in ("largest_share_bp", "unit"))
    most = f"MIN({applied},INT({accepted}*ROUND({share}*{_BP},0)/{_BP}))"
    return f'=IF(ISNUMBER({applied}),INT({most}/{unit})*{unit},"")'


def _own_part(context: Context, _row: Row, at: int) -> str:
    granted = _cell(context, "granted", at)
    return f'=IF(N({granted})>0,{_cell(context, "accepted_costs", at)}-{granted},"")'


def _own_share(context: Context, _row: Row, at: int) -> str:
    part, accepted = _cell(context, "own_part", at), _cell(context, "accepted_costs", at)
    return f'=IF(AND(ISNUMBER({part}),{accepted}>0),INT({part}*{_BP}/{accepted})/{_BP},"")'


def _holds(row: Row) -> bool:
    granted = row["granted"] or 0
    return granted <= (row["ceiling"] or 0) and (granted == 0 or row["status"] in ("approved", "possible"))


def _check(context: Context, _row: Row, at: int) -> str:
    granted, ceiling, status = (_cell(context, name, at) for name in ("granted", "ceiling", "status"))
    words = [f"{status}={in_words(context, context.words.of('status', code))}" for code in ("approved", "possible")]
    condition = f"AND(N({granted})<=N({ceiling}),OR(N({granted})=0,{','.join(words)}))"
    return check_formula(context, condition)


PLAN = Plan(
    "applications",
    msg("Decisions"),
    "applications",
    (
        NUMBER,
        field_column("applications", "case_number", 16),
        field_column("applications", "applicant", 24),
        field_column("applications", "business_id", 11),
        field_column("applications", "municipality", 14),
        field_column("applications", "region", 16),
        field_column("applications", "theme", 22),
        field_column("applications", "project", 28),
        field_column("applications", "language", 12),
        field_column("applications", "arrived_at", 14),
        field_column("applications", "status", 14),
        field_column("applications", "basis", 20),
        field_column("applications", "applied", 12),
        field_column("applications", "accepted_costs", 12, formula=_accepted),
        field_column("applications", "ceiling", 12, formula=_ceiling),
        field_column("applications", "granted", 12),
        PlannedColumn(
            "within",
            msg("At most the largest possible grant, and only when approved"),
            14,
            "checked",
            formula=_check,
            shown=lambda context, row: check_cell(context, _holds(row)),
        ),
        field_column("applications", "own_funding", 12),
        field_column("applications", "other_funding", 12),
        field_column("applications", "own_part", 14, formula=_own_part),
        field_column("applications", "own_share", 14, "basis_points", formula=_own_share),
        field_column("applications", "previous", 12),
        field_column("applications", "by_hand", 11),
        field_column("applications", "reasons", 70),
    ),
)


def top(book: Book, sheet: StreamedSheet, context: Context) -> None:
    """Sums of the whole sheet and of the rows that a filter leaves, and their defined names."""
    place, rows = context.layout["applications"], context.tables["applications"]
    book.text(sheet, 2, 0, msg("Sums of the applications"), "sum_text")
    book.text(sheet, 3, 0, msg("Sums of the rows that the filter shows"), "sum_text")
    for name in _SUMS:
        col, value = PLAN.column(name), sum(row[name] or 0 for row in rows)
        cells = f"{place.cell(name, place.first)}:{place.cell(name, place.last)}"
        book.formula(sheet, 2, col, f"=SUM({cells})", value, "sum")
        book.formula(sheet, 3, col, f"=SUBTOTAL(109,{cells})", value, "sum")
    wrong = f"COUNTIF({place.range('within')},{in_words(context, check_cell(context, False))})=0"
    at = PLAN.column("within")
    book.formula(sheet, 2, at, check_formula(context, wrong), check_cell(context, all(map(_holds, rows))), "check")
    book.alarms(sheet, 2, 2, at, check_cell(context, False))
