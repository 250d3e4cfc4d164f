"""The sheets of a decision workbook as a person sees them: rows by the ids of their columns."""

import io
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from decisions.facts import facts_of
from decisions.tables import Tables
from workbooks.decision_plan import Placed, placed
from workbooks.decision_plans import parts


def read(xlsx: bytes, *, values: bool = True) -> Workbook:
    """The workbook with its cached values, or with its formulas."""
    return load_workbook(io.BytesIO(xlsx), data_only=values)


def layout(tables: Tables, lang: str, *, plain: bool = False) -> dict[str, Placed]:
    """Where the sheets of ``tables`` stand."""
    facts = facts_of(tables["facts"])
    return {
        part.plan.id: placed(part.plan, tables, lang, plain=plain) for part in parts(facts, tables, plain=plain)
    }  # fmt: skip


def sheet_of(book: Workbook, place: Placed) -> Worksheet:
    """The sheet of a plan."""
    sheet = book[place.sheet]
    assert isinstance(sheet, Worksheet)
    return sheet


def lines(book: Workbook, place: Placed) -> list[dict[str, Any]]:
    """The rows of data of a sheet: column id -> value; an empty text is None, as some programs write it."""
    names = [column.id for column in place.plan.columns]
    rows = sheet_of(book, place).iter_rows(
        min_row=place.first + 1, max_row=place.last + 1, max_col=len(names), values_only=True
    )
    return [dict(zip(names, (None if value == "" else value for value in row), strict=True)) for row in rows]
