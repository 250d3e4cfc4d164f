"""The sheet Kustannukset: costs applied for and accepted by category, the ceiling of the grant, and own funding."""

from collections.abc import Iterator
from itertools import groupby

from decisions.facts import facts_of, in_order
from decisions.figures import limits_of
from decisions.tables import Row, Tables
from decisions.words import TOTAL
from locales import Message, msg, render
from workbooks.book_sheet import StreamedSheet
from workbooks.decision_book import Book
from workbooks.decision_cells import check_cell, check_formula, fact_cell
from workbooks.decision_columns import NUMBER, application_of
from workbooks.decision_plan import Context, Plan, PlannedColumn

_NAME = msg("Costs")
_BP = 10_000
"""Basis points of the whole."""


def top(book: Book, sheet: StreamedSheet, context: Context) -> None:
    """The rules of rounding in words, and the sums of the sheet."""
    place = context.layout["costs"]
    share = fact_cell(context, "call.largest_share_bp")
    book.text(sheet, 2, 0, _ceiling_rule(context), "note")
    book.text(sheet, 3, 0, _own_rule(), "note")
    total, word = place.range("category"), _quoted_total(context)
    book.text(sheet, 4, 0, msg("Sums of the applications"), "sum_text")
    for name in ("applied", "counted", "by_share", "granted", "own_part"):
        column = place.plan.column(name)
        formula = f"=SUMIF({total},{word},{place.range(name)})"
        book.formula(sheet, 4, column, formula, _sum(context, name), "sum")
    book.define("LargestShare", share)


def _ceiling_rule(context: Context) -> Message:
    bp = limits_of(context.words.facts).largest_share_bp
    return msg(
        "The grant is at most {percent} % of the accepted costs, rounded down to a full euro so that the share is never "
        "exceeded. Costs that nobody has examined count as stated in the application.",
        percent=_percent(bp, context.lang),
    )


def _own_rule() -> Message:
    return msg(
        "Own funding is the accepted costs less the grant; it includes other public funding. Its share of the accepted "
        "costs is rounded down to a hundredth of a per cent."
    )


def _percent(bp: int, lang: str) -> str:
    whole, rest = divmod(bp, 100)
    return f"{whole}{',' if lang in ('fi', 'sv') else '.'}{rest:02}" if rest else str(whole)


def _quoted_total(context: Context) -> str:
    return '"' + context.words.of("category", TOTAL).replace('"', '""') + '"'


def _sum(context: Context, name: str) -> int:
    rows = context.once("listed costs", lambda: context.layout["costs"].plan.listed(context.tables))
    return sum(row[name] or 0 for row in rows if row["category"] == TOTAL)


def _listed(tables: Tables) -> Iterator[Row]:
    """The categories of each application in the order of the call, and below them their total."""
    facts = facts_of(tables["facts"])
    order = {category: at for at, category in enumerate(in_order(facts, "category"))}
    share = limits_of(facts).largest_share_bp
    costs = {case: list(rows) for case, rows in groupby(tables["costs"], key=lambda row: str(row["case_number"]))}
    applications = {str(row["case_number"]): row for row in tables["applications"]}
    for case in sorted(costs.keys() | applications.keys()):
        rows = sorted(
            costs.get(case, ()), key=lambda row: (order.get(row["category"], len(order)), str(row["category"]))
        )
        yield from ({**row, "counted": _counted(row)} for row in rows)
        yield _total(case, rows, applications.get(case, {}), share)


def _counted(row: Row) -> int:
    return int((row["applied"] if row["accepted"] is None else row["accepted"]) or 0)


def _total(case: str, rows: list[Row], application: Row, share: int) -> Row:
    counted = sum(_counted(row) for row in rows)
    by_share = counted * share // _BP
    return {
        "case_number": case,
        "category": TOTAL,
        "applied": sum(row["applied"] or 0 for row in rows),
        "accepted": None,
        "counted": counted,
        "comment": "",
        "by_share": by_share,
        "ceiling": application.get("ceiling"),
        "granted": application.get("granted"),
        "own_part": application.get("own_part"),
        "own_share": application.get("own_share"),
        "other_funding": application.get("other_funding"),
        "within": (application.get("granted") or 0) <= by_share,
        "lines": len(rows),
    }


def _is_total(row: Row) -> bool:
    return bool(row["category"] == TOTAL)


def _ours(row: Row) -> bool:
    return not _is_total(row)


def _above(context: Context, name: str, row: Row, at: int) -> str:
    """The cells of the categories above a total."""
    place = context.layout["costs"]
    return f"{place.cell(name, at - row['lines'])}:{place.cell(name, at - 1)}"


def _applied(context: Context, row: Row, at: int) -> str:
    return f"=SUM({_above(context, 'applied', row, at)})" if _is_total(row) and row["lines"] else ""


def _counted_formula(context: Context, row: Row, at: int) -> str:
    if _is_total(row):
        return f"=SUM({_above(context, 'counted', row, at)})" if row["lines"] else ""
    applied, accepted = (context.layout["costs"].cell(name, at) for name in ("applied", "accepted"))
    return f"=IF(ISNUMBER({accepted}),{accepted},N({applied}))"


def _by_share(context: Context, row: Row, at: int) -> str:
    if not _is_total(row):
        return ""
    # In whole basis points: 0.85 times the costs would fall short of a full euro for some amounts.
    share = f"ROUND({fact_cell(context, 'call.largest_share_bp')}*{_BP},0)"
    return f"=INT({context.layout['costs'].cell('counted', at)}*{share}/{_BP})"


def _ceiling(context: Context, row: Row, at: int) -> str:
    if not _is_total(row) or row["ceiling"] is None:
        return ""
    applied = _of_application(context, "applied", at)
    limits = f"{applied},{context.layout['costs'].cell('by_share', at)}"
    unit = fact_cell(context, "call.unit")
    return f"=INT(MIN({limits})/{unit})*{unit}"


def _granted(context: Context, row: Row, at: int) -> str:
    return f"={_of_application(context, 'granted', at)}" if _is_total(row) and row["granted"] is not None else ""


def _own_part(context: Context, row: Row, at: int) -> str:
    if not _is_total(row):
        return ""
    counted, granted = (context.layout["costs"].cell(name, at) for name in ("counted", "granted"))
    return f'=IF(N({granted})>0,{counted}-{granted},"")'


def _own_share(context: Context, row: Row, at: int) -> str:
    if not _is_total(row):
        return ""
    counted, part = (context.layout["costs"].cell(name, at) for name in ("counted", "own_part"))
    return f'=IF(AND(ISNUMBER({part}),{counted}>0),INT(N({part})*{_BP}/{counted})/{_BP},"")'


def _within(context: Context, row: Row, at: int) -> str:
    if not _is_total(row):
        return ""
    granted, most = (context.layout["costs"].cell(name, at) for name in ("granted", "by_share"))
    return check_formula(context, f"N({granted})<={most}")


def _of_application(context: Context, name: str, at: int) -> str:
    """The application's cell on its own sheet, found by its running number wherever the sheets have been sorted to."""
    place, own = context.layout["applications"], context.layout["costs"]
    return f"INDEX({place.range(name)},MATCH({own.cell('number', at)},{place.range('number')},0))"


def _applicant(context: Context, row: Row) -> str | None:
    """Beside the totals, so that each application is seen as one."""
    return str(application_of(context, row).get("applicant", "")) if _is_total(row) else None


def _other(context: Context, row: Row) -> int | str | None:
    if not _is_total(row):
        return None
    other = row["other_funding"]
    return render(msg("not stated"), context.lang) if other is None else int(other)


PLAN = Plan(
    "costs",
    _NAME,
    "costs",
    (
        NUMBER,
        PlannedColumn("case_number", msg("Case number"), 14),
        PlannedColumn("applicant", msg("Applicant"), 19, shown=_applicant),
        PlannedColumn("category", msg("Cost category"), 22, words="category"),
        PlannedColumn("applied", msg("Costs in the application"), 12, "money", formula=_applied),
        PlannedColumn("accepted", msg("Accepted costs"), 12, "money"),
        PlannedColumn("counted", msg("Counted as accepted"), 12, "money", formula=_counted_formula,
                      shown=lambda _, row: row["counted"]),
        PlannedColumn("comment", msg("Comment on the costs"), 24),
        PlannedColumn("by_share", msg("Ceiling by the share"), 12, "money", formula=_by_share,
                      shown=lambda _, row: row.get("by_share")),
        PlannedColumn("ceiling", msg("Largest possible grant"), 12, "money", formula=_ceiling,
                      shown=lambda _, row: row.get("ceiling")),
        PlannedColumn("granted", msg("Granted"), 12, "money", formula=_granted,
                      shown=lambda _, row: row.get("granted")),
        PlannedColumn("own_part", msg("Own funding"), 15, "money", formula=_own_part,
                      shown=lambda _, row: row.get("own_part")),
        PlannedColumn("own_share", msg("Own funding share"), 16, "percent_exact", formula=_own_share,
                      shown=lambda _, row: None if row.get("own_share") is None else row["own_share"] / _BP),
        PlannedColumn("other_funding", msg("Other public funding"), 12, "money", shown=_other),
        PlannedColumn("within", msg("Within the share"), 13, "checked", formula=_within,
                      shown=lambda context, row: check_cell(context, row["within"]) if _is_total(row) else None),
    ),
    rows=_listed,
    ours=_ours,
)  # fmt: skip
