"""The reconciliations of the sheet Tarkistus: differences between the sheets that must be 0, each with its formula."""

from collections.abc import Iterator
from dataclasses import dataclass

from decisions.spec import LATER, SPECS, STATUSES
from decisions.tables import Row, Tables
from decisions.words import TOTAL
from locales import Message, msg
from workbooks.decision_cells import DIFFERS
from workbooks.decision_columns import in_words
from workbooks.decision_compare import column_of, decided_at, names, stated_cell
from workbooks.decision_names import TABLES
from workbooks.decision_overrides import later_difference
from workbooks.decision_plan import Context, Placed


@dataclass(frozen=True, slots=True)
class Difference:
    """``value``: what ``formula`` (beginning with ``=``) comes to; 0 when the sheets agree. ``style`` of the number."""

    id: str
    words: Message
    formula: str
    value: int
    style: str = "integer"


SUMS = ("appropriation", "statuses", "decided", "costs", "accepted", "ceilings")
COUNTS = ("comparison", "costs")
"""Sheets that list every application, as the sheet of the decisions does."""


def difference_ids(tables: Tables) -> tuple[str, ...]:
    """The reconciliations that a decision with these tables has."""
    scenario = decided_at(tables) is not None
    sums = tuple(one for one in SUMS if scenario or one not in ("appropriation", "decided"))
    return (*sums, *(f"applications.{one}" for one in COUNTS), *(f"rows.{one}" for one in SPECS if one != "scenarios"))


def differences(context: Context) -> tuple[Difference, ...]:
    """All of them, in the order of ``difference_ids``."""
    return (*_sums(context), *_applications(context), *_rows(context))


def _sums(context: Context) -> Iterator[Difference]:
    tables = context.tables
    applications, costs = context.layout["applications"], context.layout["costs"]
    granted = f"SUM({applications.range('granted')})"
    total = sum(row["granted"] or 0 for row in tables["applications"])
    at = decided_at(tables)
    if at is not None:
        yield from _of_scenario(context, at, granted, total)
    by_status = "+".join(
        f"SUMIF({applications.range('status')},{in_words(context, context.words.of('status', code))},"
        f"{applications.range('granted')})"
        for code in STATUSES
    )
    known = sum(row["granted"] or 0 for row in tables["applications"] if row["status"] in STATUSES)
    yield Difference(
        "statuses", msg("Granted by status, less granted in all"), f"={by_status}-{granted}", known - total, "money"
    )
    word = in_words(context, context.words.of("category", TOTAL))
    totals = f"SUMIF({costs.range('category')},{word},{costs.range('counted')})"
    # The totals are made from the categories, so what is in both is in all twice.
    yield Difference(
        "costs", msg("Accepted costs by category, less their totals"), f"=SUM({costs.range('counted')})-2*{totals}", 0, "money"
    )  # fmt: skip
    accepted = sum(row["accepted_costs"] or 0 for row in tables["applications"])
    listed = [row for row in _listed(context, costs) if row["category"] == TOTAL]
    yield Difference(
        "accepted",
        msg("Accepted costs on the sheet of costs, less those on the sheet of decisions"),
        f"={totals}-SUM({applications.range('accepted_costs')})",
        sum(row["counted"] for row in listed) - accepted,
        "money",
    )
    yield Difference(
        "ceilings",
        msg("Grants above the largest share of the accepted costs"),
        f"=COUNTIF({costs.range('within')},{in_words(context, DIFFERS)})",
        sum(1 for row in listed if not row["within"]),
    )


def _of_scenario(context: Context, at: int, granted: str, total: int) -> Iterator[Difference]:
    """``at``: the decided scenario. What later decisions changed is taken into account."""
    tables, place, overrides = context.tables, context.layout["comparison"], context.layout["overrides"]
    later = "-".join(
        f"SUMIF({overrides.range('kind')},{in_words(context, context.words.of('override', kind))},"
        f"{overrides.range('difference')})"
        for kind in LATER
    )
    changed = later_difference(tables["overrides"])
    row = next(row for row in tables["scenarios"] if row["name"] == names(tables)[at])
    appropriation, remaining = (f"N({stated_cell(place, at, field)})" for field in ("appropriation", "remaining"))
    yield Difference(
        "appropriation",
        msg("Granted in all and remaining, without what later decisions changed, less the appropriation"),
        f"={granted}-{later}+{remaining}-{appropriation}",
        total - changed + (row["remaining"] or 0) - (row["appropriation"] or 0),
        "money",
    )
    column = sum(one["granted"] or 0 for one in tables["comparison"] if one["scenario"] == row["name"])
    yield Difference(
        "decided",
        msg("Granted in all, without what later decisions changed, less the decided scenario"),
        f"={granted}-{later}-SUM({place.range(column_of(at))})",
        total - changed - column,
        "money",
    )


def _applications(context: Context) -> Iterator[Difference]:
    decisions = context.layout["applications"]
    count = f"COUNTA({decisions.range('case_number')})"
    own = len(context.tables["applications"])
    place, costs = context.layout["comparison"], context.layout["costs"]
    yield Difference(
        "applications.comparison",
        msg("Applications on the sheet {sheet}, less those on the sheet {decisions}", sheet=place.sheet, decisions=decisions.sheet),
        f"=COUNTA({place.range('case_number')})-{count}",
        len(_listed(context, place)) - own,
    )  # fmt: skip
    totals = sum(1 for row in _listed(context, costs) if row["category"] == TOTAL)
    yield Difference(
        "applications.costs",
        msg("Applications on the sheet {sheet}, less those on the sheet {decisions}", sheet=costs.sheet, decisions=decisions.sheet),
        f"={_totals(context)}-{count}",
        totals - own,
    )  # fmt: skip


def _totals(context: Context) -> str:
    word = in_words(context, context.words.of("category", TOTAL))
    return f"COUNTIF({context.layout['costs'].range('category')},{word})"


def _rows(context: Context) -> Iterator[Difference]:
    """Rows of each table on its sheet, less those whose digests are listed."""
    check = context.layout["check"]
    for table in SPECS:
        if table == "scenarios":
            continue
        listed = f"COUNTIF({check.range('what')},{in_words(context, table)})"
        yield Difference(
            f"rows.{table}",
            msg("Rows of the table {table}, less the digests listed here", table=TABLES[table]),
            f"={_count(context, table)}-{listed}",
            0,
        )


def _count(context: Context, table: str) -> str:
    """How many rows of a table stand in the workbook."""
    if table == "reviewers":
        return f'COUNTIF({context.layout["check"].range("what")},"commitment")'
    place = context.layout[table]
    if table == "comparison":
        known = names(context.tables)
        if not known:
            return "0"
        first, last = place.range(column_of(0)), place.range(column_of(len(known) - 1))
        return f"COUNTA({first.partition(':')[0]}:{last.partition(':')[2]})"
    key = SPECS[table].key[0].id
    rows = f"COUNTA({place.range(key)})"
    if table == "costs":
        return f"{rows}-{_totals(context)}"
    sums = sum(1 for row in _listed(context, place) if not place.plan.ours(row))
    return f"{rows}-{sums}" if sums else rows


def _listed(context: Context, place: Placed) -> tuple[Row, ...]:
    return context.once(f"listed {place.plan.id}", lambda: place.plan.listed(context.tables))
