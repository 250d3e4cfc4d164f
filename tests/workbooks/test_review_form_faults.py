import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from calls.presets import preset
from locales import render
from tests.workbooks.intake_samples import GOOD, part, rezip
from tests.workbooks.intake_samples import sheet as intake_sheet
from tests.workbooks.review_form_samples import (
    CALL,
    CASES,
    CRITERIA,
    DRAFT,
    ITEMS,
    MADE_AT,
    RETURNED,
    SHEETS,
    UNTOUCHED,
    answers,
    expected,
    fill,
    form,
    loaded,
    saved,
    told,
)
from workbooks.review_form import read_form, write_form
from workbooks.safe_open import FileRefused

LEVEL, REASON = f"level:{CRITERIA[0]}", f"reason:{CRITERIA[0]}"
LEVELS = "One of 1 – not met, 2 – partly met, 3 – met, 4 – met well, 5 – met excellently, or “not scored”."
CONFIDENCES = "One of 1 – low, 2 – moderate, 3 – high, or “not stated”."
TEXT = "Text of at most 5000 characters."
UNKNOWN = "The level is not one of the levels of this criterion."


@pytest.mark.parametrize(
    ("field", "written", "value", "message", "accepted"),
    [
        (LEVEL, 6, "6", UNKNOWN, LEVELS),
        (LEVEL, 0, "0", UNKNOWN, LEVELS),
        (LEVEL, -1, "-1", UNKNOWN, LEVELS),
        (LEVEL, 3.5, "3.5", UNKNOWN, LEVELS),
        (LEVEL, "4 – toteutuu", "4 – toteutuu", UNKNOWN, LEVELS),
        (LEVEL, "hyvä", "hyvä", UNKNOWN, LEVELS),
        (LEVEL, "x" * 90, "x" * 79 + "…", UNKNOWN, LEVELS),
        (LEVEL, "=2+2", "=2+2", "The cell holds a formula; only values are read.", LEVELS),
        (LEVEL, date.fromisoformat("2022-05-02"), "2022-05-02", "The cell holds a date.", LEVELS),
        (LEVEL, True, "TRUE", "The cell holds a truth value.", LEVELS),
        (REASON, "=A1", "=A1", "The cell holds a formula; only values are read.", TEXT),
        (REASON, "y" * 5_001, "y" * 79 + "…", "The text is longer than 5000 characters.", TEXT),
        (REASON, "#N/A", "#N/A", "The cell holds an error value of the spreadsheet.", TEXT),
        ("remark", "z" * 5_001, "z" * 79 + "…", "The text is longer than 5000 characters.", TEXT),
        ("confidence", 4, "4", "The confidence is not one of the choices.", CONFIDENCES),
        ("confidence", "varma", "varma", "The confidence is not one of the choices.", CONFIDENCES),
    ],
)
def test_cell_that_cannot_be_taken_is_reported(
    field: str, written: Any, value: str, message: str, accepted: str
) -> None:
    data = form(RETURNED, UNTOUCHED)
    (returned, other) = read_form(fill(data, {field: written}, sheet=SHEETS[2]), CALL).rows
    assert [told(fault) for fault in returned.faults] == [(SHEETS[2], returned.cells[field], value, message, accepted)]
    assert other.faults == ()


def test_text_of_the_longest_length_is_taken() -> None:
    (row,) = read_form(fill(form(UNTOUCHED), {REASON: "å" * 5_000}), CALL).rows
    assert (len(row.reasons[CRITERIA[0]]), row.faults) == (5_000, ())


def test_faults_stand_in_the_order_of_the_sheet() -> None:
    wrong = {"confidence": 9, "remark": "=1", LEVEL: 9, f"level:{CRITERIA[2]}": "x"}
    (row,) = read_form(fill(form(UNTOUCHED), wrong), CALL).rows
    assert [fault.cell for fault in row.faults] == [
        row.cells[field] for field in (LEVEL, f"level:{CRITERIA[2]}", "remark", "confidence")
    ]


def test_sheets_reordered_renamed_and_deleted_are_read() -> None:
    book = loaded(form())
    book.move_sheet(SHEETS[2], -3)
    book[SHEETS[1]].title = "Oma nimi"
    book.remove(book[SHEETS[0]])
    book.create_sheet("Muistiinpanot")["A1"].value = "omia"
    read = read_form(saved(book), CALL)
    assert answers(read) == [expected(DRAFT), expected(RETURNED)]
    assert [row.sheet for row in read.rows] == ["Oma nimi", SHEETS[2]]
    assert read.faults == ()


@pytest.mark.parametrize("lost", [0, -1])
def test_one_of_two_stamps_is_enough(lost: int) -> None:
    book = loaded(form())
    book.remove(book.worksheets[lost])
    read = read_form(saved(book), CALL)
    assert read.stamp == read_form(form(), CALL).stamp
    assert answers(read) == [expected(item) for item in ITEMS]


def test_sheet_that_lost_its_keys_is_known_by_its_name() -> None:
    book = loaded(form())
    book[SHEETS[1]].delete_cols(3)
    read = read_form(saved(book), CALL)
    assert answers(read) == [expected(item) for item in ITEMS]
    book.remove(book.worksheets[-1])
    row = read_form(saved(book), CALL).rows[1]
    assert [told(fault)[:4] for fault in row.faults] == [
        (SHEETS[1], "A1", CASES[1], "The cells of the sheet are not those of the call's criteria.")
    ]


def test_keys_that_moved_down_are_followed() -> None:
    book = loaded(form(DRAFT))
    sheet = book[SHEETS[1]]
    sheet.insert_rows(30)
    sheet.insert_cols(1)
    assert answers(read_form(saved(book), CALL)) == [expected(DRAFT)]


@pytest.mark.parametrize("break_it", [lambda s: s.insert_cols(3), lambda s: s.move_range("C1:C60", rows=2)])
def test_cells_no_longer_beside_their_labels_are_faults(break_it: Callable[[Any], None]) -> None:
    book = loaded(form(DRAFT))
    break_it(book[SHEETS[1]])
    (row,) = read_form(saved(book), CALL).rows
    moved = [told(fault) for fault in row.faults]
    assert len(moved) >= 2 * len(CRITERIA)
    assert {problem.partition(",")[0] for _, _, _, problem, _ in moved} >= {"The cell does not stand beside its label"}
    assert {accepted for *_, accepted in moved} >= {"Download a new form and copy your texts to it."}


@pytest.mark.parametrize(("cell", "key"), [("C70", LEVEL), ("C3", "case ESIM/2099/999"), ("C4", "form 0000")])
def test_a_key_named_twice_is_a_fault_at_its_cell(cell: str, key: str) -> None:
    book = loaded(form(DRAFT))
    book[SHEETS[1]][cell].value = key
    (row,) = read_form(saved(book), CALL).rows
    assert (SHEETS[1], cell, key, "Download a new form and copy your texts to it.") in [
        (sheet, where, value, accepted)
        for sheet, where, value, problem, accepted in map(told, row.faults)
        if problem.startswith("The sheet names this field twice, first in C")
    ]


def _changed_stamp(data: bytes, sheets: tuple[int, ...]) -> bytes:
    book = loaded(data)
    for index in sheets:
        sheet = book.worksheets[index]
        place = next(c for row in sheet.iter_rows() for c in row if str(c.value).startswith("avustuspaneeli/"))
        place.value = str(place.value).replace("arvioija.a", "arvioija.b")
    return saved(book)


def test_stamp_changed_in_one_place_is_read_from_the_other() -> None:
    for index in (0, -1):
        assert read_form(_changed_stamp(form(), (index,)), CALL).stamp.reviewer_username == "arvioija.a"


def _refusal(data: bytes, filename: str = "form.xlsx") -> str:
    with pytest.raises(FileRefused) as refused:
        read_form(data, CALL, filename)
    return render(refused.value.message, "en")


def test_stamp_damaged_or_gone_is_refused() -> None:
    damaged = "The stamp of the form has been changed or is missing"
    assert _refusal(_changed_stamp(form(), (0, -1))).startswith(damaged)
    book = loaded(form())
    for index in (0, -1):
        for line in book.worksheets[index].iter_rows():
            for cell in line:
                if cell.value == 3:
                    cell.value = 4
    assert _refusal(saved(book)).startswith(damaged)
    book = loaded(form())
    book.remove(book.worksheets[-1])
    book.remove(book.worksheets[0])
    assert _refusal(saved(book)).startswith(damaged)


def test_workbook_of_another_kind_is_refused() -> None:
    assert _refusal(intake_sheet(GOOD)).startswith("The workbook is not a review form.")


def test_sheets_of_other_forms_and_twice_are_reported() -> None:
    book = loaded(form(UNTOUCHED))
    copy = book.copy_worksheet(book[SHEETS[0]])
    copy.title = "Kopio"
    other = loaded(write_form(CALL, "arvioija.b", "B", [DRAFT], "fi", MADE_AT))[SHEETS[1]]
    strange = book.create_sheet("Vieras")
    for line in other.iter_rows():
        for cell in line:
            if type(cell).__name__ == "Cell":
                strange[cell.coordinate].value = cell.value
                strange[cell.coordinate].data_type = cell.data_type
    read = read_form(saved(book), CALL)
    new = "Download a new form and copy your texts to it."
    assert [told(fault) for fault in read.faults] == [
        ("Vieras", "A1", CASES[1], "The sheet is from another form.", new)
    ]
    twice = f"The application stands on two sheets, {SHEETS[0]} and here."
    kept = "One sheet for each application. Delete the one that is not valid."
    assert [told(fault) for fault in read.rows[0].faults] == [("Kopio", "A1", CASES[0], twice, kept)]


def test_two_forms_in_one_workbook_are_refused() -> None:
    book = loaded(form(UNTOUCHED))
    stamp = loaded(write_form(CALL, "arvioija.b", "B", [DRAFT], "fi", MADE_AT)).worksheets[-1]
    strange = book.create_sheet("toinen")
    for row in stamp.iter_rows(values_only=True):
        strange.append(row)
    assert _refusal(saved(book)).startswith("The workbook holds sheets of several review forms.")


def test_stamp_of_another_call_is_handed_on_without_rows() -> None:
    read = read_form(form(), preset("2020"))
    assert (read.stamp.call_id, read.rows, read.faults) == ("2022", (), ())


def test_criteria_changed_after_the_download_are_reported() -> None:
    first = CALL.criteria[0].model_copy(update={"id": "other"})
    call = CALL.model_copy(update={"criteria": (first, *CALL.criteria[1:])})
    (row,) = read_form(form(UNTOUCHED), call).rows
    assert [told(fault)[3] for fault in row.faults] == ["The cells of the sheet are not those of the call's criteria."]
    assert row.levels["other"] is None


def test_broken_and_foreign_files_are_refused() -> None:
    data = form(UNTOUCHED)
    assert "is empty" in _refusal(b"")
    assert "is not a workbook" in _refusal(b"a;b\n1;2")
    assert "is not a workbook" in _refusal(b"%PDF-1.7")
    assert "is damaged" in _refusal(data[:2_000])
    assert "old format" in _refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert "OpenDocument" in _refusal(rezip(data, {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}))
    assert "holds macros" in _refusal(rezip(data, {"xl/vbaProject.bin": b"x"}), "form.xlsm")
    sheet = part(data, "xl/worksheets/sheet2.xml")
    assert "unpacks to more" in _refusal(rezip(data, {"xl/worksheets/sheet2.xml": sheet + b" " * 30_000_000}))
    entity = re.sub(rb"(<\?xml[^>]*>)", rb'\1<!DOCTYPE x [<!ENTITY a "b">]>', sheet)
    assert "XML entities" in _refusal(rezip(data, {"xl/worksheets/sheet2.xml": entity}))


def test_sheet_with_too_much_in_it_is_at_fault() -> None:
    book = loaded(form(UNTOUCHED))
    book[SHEETS[0]].cell(1, 300).value = "kaukana"
    (row,) = read_form(saved(book), CALL).rows
    assert [told(fault)[0:3] for fault in row.faults] == [(SHEETS[0], "A1", CASES[0])]
