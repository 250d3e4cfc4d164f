"""A review form of three applications, and ways to fill it in as a spreadsheet program would."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook

from calls.presets import preset
from locales import Message, render
from tests.workbooks.intake_samples import FIRST
from workbooks.review_form import FormApplication, FormFault, ReadForm, read_form, write_form

CALL = preset("2022")
CRITERIA = tuple(criterion.id for criterion in CALL.criteria)
MADE_AT = datetime(2022, 5, 2, 9, 0, 0, 125, tzinfo=UTC)
CASES = ("VN/101/2022", "VN/102/2022", "VN/103/2022")
SHEETS = ("VN-101-2022", "VN-102-2022", "VN-103-2022")
UNTOUCHED = FormApplication(CASES[0], FIRST, 1)
DRAFT = FormApplication(
    CASES[1],
    replace(FIRST, case_number=CASES[1], project_name="=1+1", summary="@a\n" + "Pitkä teksti. " * 1_400),
    2,
    3,
    {CRITERIA[0]: 4, CRITERIA[1]: None, CRITERIA[2]: 1},
    {CRITERIA[0]: "=SUM(A1) on\nteksti", CRITERIA[2]: "- ei\t\U0001f600 ”åäö”"},
    "+huomautus",
    2,
    "draft",
)
RETURNED = FormApplication(
    CASES[2], replace(FIRST, case_number=CASES[2]), 1, 7, dict.fromkeys(CRITERIA, 5), {}, "", 3, "returned"
)
ITEMS = (UNTOUCHED, DRAFT, RETURNED)


def form(*items: FormApplication, lang: str = "fi") -> bytes:
    """The form of these applications, all three if none is named."""
    return write_form(CALL, "arvioija.a", "Aino Arvioija", items or ITEMS, lang, MADE_AT)


def loaded(data: bytes) -> Workbook:
    return load_workbook(BytesIO(data))


def saved(book: Workbook) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def cell_of(field: str) -> str:
    """Where a field of the first application stands."""
    return read_form(form(UNTOUCHED), CALL).rows[0].cells[field]


def fill(data: bytes, values: Mapping[str, Any], sheet: str = SHEETS[0]) -> bytes:
    """The form with the fields of one sheet set, loaded and saved by openpyxl."""
    cells = next(row.cells for row in read_form(data, CALL).rows if row.sheet == sheet)
    book = loaded(data)
    for field, value in values.items():
        book[sheet][cells[field]].value = value
    return saved(book)


def answers(read: ReadForm) -> list[tuple[Any, ...]]:
    """What each row says, without where it stands."""
    return [
        (r.case_number, r.application_version, r.review_version, r.levels, r.reasons, r.remark, r.confidence, r.faults)
        for r in read.rows
    ]


def expected(item: FormApplication) -> tuple[Any, ...]:
    """What a form says of an application that was left as it was written."""
    levels = {key: item.levels.get(key) for key in CRITERIA}
    reasons = {key: item.reasons.get(key, "") for key in CRITERIA}
    versions = (item.application_version, item.review_version)
    return (item.case_number, *versions, levels, reasons, item.remark, item.confidence, ())


def told(fault: FormFault) -> tuple[str, str, str, str, str]:
    """A fault in English."""
    accepted = render(fault.accepted, "en") if isinstance(fault.accepted, Message) else fault.accepted
    return fault.sheet, fault.cell, fault.value, render(fault.message, "en"), accepted
