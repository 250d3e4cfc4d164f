"""Workbooks for the tests of intake: a good row, made wrong in one place at a time, and damaged files."""

import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from calls.application import Application, Coordinator, Municipality, Partner
from calls.presets import preset
from workbooks.columns import COLUMNS

CALL = preset("2022")
THEME = CALL.themes[0]
FIRST = Application(
    case_number="VN/101/2022",
    arrived_at=datetime(2022, 4, 20, 9, 30, tzinfo=UTC),
    coordinator=Coordinator("Lahti", "1234567-1", "398"),
    language="fi",
    partners=(
        Partner("municipality", "Lahti", "398"),
        Partner(
            "joint_authority",
            "Esimerkkikuntayhtymä",
            None,
            (Municipality("005", "Alajärvi"), Municipality(None, "Alavus")),
        ),
    ),
    project_name="Keksitty hanke",
    theme=THEME.id,
    summary="Tiivistelmä",
    process_change="Muutos",
    dissemination="Levitys",
    consortium="Yhteistyö",
    costs={"personnel": 100_000, "travel": 0, "other": 2_500},
    own_funding=20_000,
    other_public_funding=0,
    applied=80_000,
)
GOOD: Mapping[str, Any] = {
    "case_number": "VN/101/2022",
    "arrived_at": "20.4.2022 klo 12.30",
    "coordinator_name": "Lahti",
    "coordinator_code": "398",
    "coordinator_business_id": "1234567-1",
    "language": "fi",
    "partners": "398 Lahti; Esimerkkikuntayhtymä [005 Alajärvi, Alavus]",
    "project_name": "Keksitty hanke",
    "theme": THEME.id,
    "summary": "Tiivistelmä",
    "process_change": "Muutos",
    "dissemination": "Levitys",
    "consortium": "Yhteistyö",
    "cost_personnel": 100_000,
    "cost_travel": "0 €",
    "cost_premises": None,
    "cost_bought_services": None,
    "cost_other": "2 500,00",
    "own_funding": 20_000,
    "other_public_funding": 0,
    "applied": "80 000 €",
}
HEADINGS = tuple(column.id for column in COLUMNS)
LETTERS = dict(zip(HEADINGS, "ABCDEFGHIJKLMNOPQRSTU", strict=True))


class Formula(str):
    """A cell that holds a formula."""


class Raw(str):
    """A cell that holds an error value."""


def sheet(
    *rows: Mapping[str, Any], headings: Sequence[str] = HEADINGS, name: str = "Hakemukset", before: Sequence[str] = ()
) -> bytes:
    """A workbook with these rows under these headings; sheets named in ``before`` come first."""
    target = BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    moment = book.add_format({"num_format": "d.m.yyyy hh:mm"})
    day = book.add_format({"num_format": "d.m.yyyy"})
    for other in before:
        book.add_worksheet(other).write_string(0, 0, "something else")
    page = book.add_worksheet(name)
    for column, heading in enumerate(headings):
        page.write_string(0, column, heading)
    for line, row in enumerate(rows, start=1):
        for column, heading in enumerate(headings):
            value = row.get(heading)
            if isinstance(value, Formula):
                page.write_formula(line, column, value, None, 5)
            elif isinstance(value, Raw):
                page.write_formula(line, column, f"={value}", None, str(value))
            elif isinstance(value, datetime):
                page.write_datetime(line, column, value, moment if value.hour else day)
            elif isinstance(value, bool):
                page.write_boolean(line, column, value)
            elif isinstance(value, (int, float)):
                page.write_number(line, column, value)
            elif value is not None:
                page.write_string(line, column, value)
    book.close()
    return target.getvalue()


def changed(**cells: Any) -> dict[str, Any]:
    """The good row with some cells changed."""
    return {**GOOD, **cells}


def rezip(data: bytes, change: Mapping[str, bytes | None], *, order: Sequence[str] = ()) -> bytes:
    """The archive with parts replaced (None: left out); parts it had not are added."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in source.namelist():
            content = change.get(name, source.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in change.items():
            if content is not None and name not in source.namelist():
                new.writestr(name, content)
    return target.getvalue()


def part(data: bytes, name: str) -> bytes:
    """One part of the archive."""
    with zipfile.ZipFile(BytesIO(data)) as source:
        return source.read(name)


def csv_text(*rows: Mapping[str, Any], mark: str = ";", headings: Sequence[str] = HEADINGS) -> str:
    """CSV of these rows; cells with marks in them are quoted."""
    lines = [list(headings)]
    lines += [["" if row.get(name) is None else str(row[name]) for name in headings] for row in rows]
    return "".join(
        mark.join(f'"{cell}"' if set(cell) & set(";,\t\n") else cell for cell in line) + "\r\n" for line in lines
    )
