"""The sheet Päätöslista: on its first page what was decided in all, below it every application with its reasons."""

from collections.abc import Iterable, Mapping
from typing import Any

from calls.register import register
from decisions.facts import in_order
from decisions.spec import STATUSES
from decisions.tables import Row, Tables
from locales import msg
from workbooks.decision_columns import NO_RANK, field_column, in_words, ranking_of, text_key
from workbooks.decision_names import field_name
from workbooks.decision_plan import Context, Plan, PlannedColumn

_BLOCKS_HEAD = 9
"""The row of the first block of sums (from 0)."""
_SPARE = 4
"""Rows for codes that the call does not name (a region of another year, say)."""


def _row_of(context: Context, row: Row, at: int) -> str:
    """The row of the application among the data of Päätökset, as a formula finds it."""
    key = text_key(context.layout["list"].cell("case_number", at), str(row["case_number"]))
    return f"MATCH({key},{context.layout['applications'].range('case_number')},0)"


def _rank(context: Context, row: Row, at: int) -> str:
    ranking = context.layout["ranking"]
    key = text_key(context.layout["list"].cell("case_number", at), str(row["case_number"]))
    found = f"INDEX({ranking.range('rank')},MATCH({key},{ranking.range('case_number')},0))"
    return f"=IFERROR({found},{in_words(context, NO_RANK)})"


def _same(name: str) -> PlannedColumn:
    """A column that shows what stands in the same column of Päätökset."""

    def formula(context: Context, row: Row, at: int) -> str:
        if row[name] in (None, ""):
            return ""
        return f"=INDEX({context.layout['applications'].range(name)},{_row_of(context, row, at)})"

    return field_column("applications", name, 13, formula=formula)


def in_list_order(tables: Tables) -> Iterable[Row]:
    """Approved applications first; then by rank; those without a rank last, by case number."""
    ranks = {row["case_number"]: row["rank"] for row in tables["ranking"]}

    def place(row: Row) -> tuple[bool, bool, int, str]:
        rank = ranks.get(row["case_number"])
        return row["status"] != "approved", rank is None, rank or 0, row["case_number"]

    return sorted(tables["applications"], key=place)


_COLUMNS = (
    PlannedColumn(
        "rank",
        field_name("ranking", "rank"),
        8,
        "integer",
        missing=NO_RANK,
        formula=_rank,
        shown=lambda context, row: ranking_of(context, row).get("rank"),
    ),
    field_column("applications", "case_number", 15),
    field_column("applications", "applicant", 21),
    _same("status"),
    _same("applied"),
    _same("granted"),
    field_column("applications", "project", 24),
    field_column("applications", "reasons", 100),
)


def plan(facts: Mapping[str, Any]) -> Plan:
    """The list; its heading stands below the first page, whose length the call's themes and regions decide."""
    regions = {entry.region_code for entry in register(int(facts["call.register_year"])).entries}
    lines = len(STATUSES) + len(in_order(facts, "theme")) + len(regions) + _SPARE
    # Each of three blocks has a heading, a sum and an empty row.
    head = _BLOCKS_HEAD + lines + 9
    return Plan("list", msg("Decision list"), "applications", _COLUMNS, in_list_order, head=head)
