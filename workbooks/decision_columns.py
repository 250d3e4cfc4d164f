"""Columns and look-ups that several sheets of the decision workbook share."""

from collections.abc import Mapping

from decisions.spec import SPECS
from decisions.tables import Row
from locales import msg, render
from workbooks.decision_book import quoted
from workbooks.decision_names import field_name, vocabulary
from workbooks.decision_plan import Context, Formula, PlannedColumn, Text

NOT_SCORED, NO_RANK = msg("not scored"), msg("no rank")
_WILD = ("~", "*", "?")


def number_of(context: Context, row: Row) -> int | None:
    """The running number (from 1) of the application of a row, by which sheets add up each other's rows.

    A number is found alike by every program; a case number as a criterion could be taken for a date or a pattern.
    """
    return context.once("numbers", lambda: _numbers(context)).get(str(row["case_number"]))


NUMBER = PlannedColumn("number", msg("No."), 6, "integer", shown=number_of)


def application_of(context: Context, row: Row) -> Row:
    """The row of the table ``applications`` with the case number of ``row``; empty if there is none."""
    return context.once("applications", lambda: _by_case(context, "applications")).get(str(row["case_number"]), {})


def ranking_of(context: Context, row: Row) -> Row:
    """As ``application_of``, of the table ``ranking``."""
    return context.once("ranking", lambda: _by_case(context, "ranking")).get(str(row["case_number"]), {})


def field_column(
    table: str, name: str, width: float, style: str = "", *, missing: Text = "", formula: Formula | None = None
) -> PlannedColumn:
    """The column of a field with its name, vocabulary and the format of its kind."""
    style = style or _STYLES.get(SPECS[table].field(name).kind, "text")
    return PlannedColumn(name, field_name(table, name), width, style, vocabulary(table, name), missing, formula)


def application_column(name: str, width: float) -> PlannedColumn:
    """A text of the application on a sheet of another table."""
    return PlannedColumn(
        f"application_{name}",
        field_name("applications", name),
        width,
        shown=lambda context, row: application_of(context, row).get(name),
    )


def in_words(context: Context, text: Text) -> str:
    """Words as a formula has them: in quotation marks, in the language of the workbook."""
    return quoted(render(text, context.lang))


def text_key(cell: str, text: str) -> str:
    """The text of ``cell`` as MATCH looks it up exactly: ``text`` may hold what would be a pattern."""
    if not any(mark in text for mark in _WILD):
        return cell
    for mark in _WILD:
        cell = f'SUBSTITUTE({cell},"{mark}","~{mark}")'
    return cell


_STYLES: Mapping[str, str] = {
    "euros": "money",
    "count": "integer",
    "fraction": "score",
    "decimal": "score",
    "moment": "moment",
}


def _numbers(context: Context) -> dict[str, int]:
    return {str(row["case_number"]): at for at, row in enumerate(context.tables["applications"], start=1)}


def _by_case(context: Context, table: str) -> dict[str, Row]:
    return {str(row["case_number"]): row for row in context.tables[table]}
