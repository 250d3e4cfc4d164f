"""The sheet Tarkistus: the hash, the digests of every table and row, who is behind the codes, and whether sums agree."""

from collections.abc import Iterator, Mapping

from decisions.spec import SPECS
from decisions.tables import FORMAT, Row, RowDigest, Tables, hash_of_digests, row_digests, table_digests
from locales import Message, msg, render
from workbooks.book_sheet import StreamedSheet
from workbooks.decision_book import Book
from workbooks.decision_cells import Cell, check_cell, check_formula
from workbooks.decision_columns import in_words
from workbooks.decision_names import TABLES
from workbooks.decision_plan import Context, Plan, PlannedColumn
from workbooks.decision_sums import Difference, difference_ids, differences

NAME = msg("Verification")
HASH, TABLE, VERSION, COMMITMENT, REVIEWER, SUM = "hash", "table", "version", "commitment", "reviewer", "sum"
"""What a row tells, in its second column; a row with the id of a table there has the digest of one of its rows."""
_WORDS: Mapping[str, Message] = {
    HASH: msg("Hash of the decision (SHA-256)"),
    COMMITMENT: msg("Commitment to the name of a reviewer"),
    REVIEWER: msg("Name of a reviewer, with the secret number of the commitment"),
}
_VERSIONS: Mapping[str, Message] = {
    "program": msg("Version of the program"),
    "format": msg("Version of the canonical form"),
}


def plan(tables: Tables) -> Plan:
    """The sheet of these tables; their digests are worked out once, here."""
    listed = tuple(_listed(tables))
    return Plan("check", NAME, "facts", _COLUMNS, rows=lambda _tables: listed)


def top(book: Book, sheet: StreamedSheet, context: Context) -> None:
    """The hash, how the file is checked, and whether every sum agrees."""
    place = context.layout["check"]
    rows = context.once("listed check", lambda: place.plan.listed(context.tables))
    book.text(sheet, 2, 0, _WORDS[HASH], "plain")
    book.formula(sheet, 2, 1, f"={place.cell('value', place.first)}", rows[0]["value"], "sum_text")
    how = msg(
        "The file is checked by the command {command}, with the hash published in the decision.", command=_COMMAND
    )
    book.text(sheet, 3, 0, how, "note")
    sums = [at for at, row in enumerate(rows, start=place.first) if row["what"] == SUM]
    cells = f"{place.cell('value', sums[0])}:{place.cell('value', sums[-1])}"
    agrees = all(one.value == 0 for one in differences(context))
    good = in_words(context, check_cell(context, True))
    book.text(sheet, 4, 0, msg("All sums and numbers"), "plain")
    condition = f"COUNTIF({cells},{good})={len(sums)}"
    book.formula(sheet, 4, 1, check_formula(context, condition), check_cell(context, agrees), "check")
    book.alarm(sheet, 4, 1, f"=$B$5<>{good}")


_COMMAND = "python manage.py verify decision.xlsx --expect HASH"


def _listed(tables: Tables) -> Iterator[Row]:
    digests = {name: row_digests(tables, name) for name in SPECS}
    of_tables = table_digests(digests)
    facts = {row["key"]: row["value"] for row in tables["facts"]}
    yield _row(HASH, value=hash_of_digests(of_tables))
    yield _row(VERSION, "program", value=str(facts.get("program.version", "")))
    yield _row(VERSION, "format", value=str(FORMAT))
    yield from (_row(TABLE, name, value=digest) for name, digest in of_tables.items())
    yield from (_row(COMMITMENT, row["reviewer"], value=row["commitment"]) for row in tables["reviewers"])
    for code, one in sorted(tables.private.items()):
        yield _row(REVIEWER, code, one.nonce, one.name)
    yield from (_row(SUM, name) for name in difference_ids(tables))
    for name, found in digests.items():
        yield from (_of_row(name, one) for one in found)


def _row(what: str, which: str = "", marks: str = "", value: str = "") -> Row:
    return {"what": what, "which": which, "marks": marks, "value": value}


def _of_row(table: str, one: RowDigest) -> Row:
    return {"what": table, "which": one.key, "marks": one.marks, "value": one.digest}


def _difference(context: Context, row: Row) -> Difference:
    return context.once("differences", lambda: {one.id: one for one in differences(context)})[row["which"]]


def _words(context: Context, row: Row) -> Cell:
    return render(_said(context, row), context.lang)


def _said(context: Context, row: Row) -> Message:
    match row["what"]:
        case "sum":
            return _difference(context, row).words
        case "version":
            return _VERSIONS[row["which"]]
        case "table":
            return msg("Digest of the table {table}", table=TABLES[row["which"]])
        case known if known in _WORDS:
            return _WORDS[known]
    return TABLES[row["what"]]


def _marks(context: Context, row: Row) -> Cell:
    return _difference(context, row).value if row["what"] == SUM else row["marks"] or None


def _marks_formula(context: Context, row: Row, _at: int) -> str:
    return _difference(context, row).formula if row["what"] == SUM else ""


def _marks_style(context: Context, row: Row) -> str:
    return _difference(context, row).style if row["what"] == SUM else "code"


def _value(context: Context, row: Row) -> Cell:
    return check_cell(context, _difference(context, row).value == 0) if row["what"] == SUM else row["value"] or None


def _value_formula(context: Context, row: Row, at: int) -> str:
    return check_formula(context, f"{context.layout['check'].cell('marks', at)}=0") if row["what"] == SUM else ""


def _value_style(_context: Context, row: Row) -> str:
    return {SUM: "checked", REVIEWER: "text"}.get(row["what"], "code")


_COLUMNS = (
    PlannedColumn("words", msg("What is checked"), 46, shown=_words),
    PlannedColumn("what", msg("Kind"), 12, shown=lambda _, row: row["what"]),
    PlannedColumn("which", msg("Which"), 32, shown=lambda _, row: row["which"] or None),
    PlannedColumn("marks", msg("Marks of the values, or difference"), 40, "code", formula=_marks_formula, shown=_marks, styled=_marks_style),
    PlannedColumn("value", msg("Digest, or outcome"), 74, "checked", formula=_value_formula, shown=_value, styled=_value_style),
)  # fmt: skip
