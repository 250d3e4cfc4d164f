"""LibreOffice opens and saves the review form: nothing is lost, and the lists of choices still work."""

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from locales import render
from tests.support.office import convert, pictures, print_pdf
from tests.workbooks.review_form_samples import CALL, CRITERIA, ITEMS, RETURNED, SHEETS, answers, expected, fill, form
from workbooks.review_form import read_form
from workbooks.review_form_values import NOT_SCORED

pytestmark = pytest.mark.office


def test_form_saved_by_libreoffice_reads_the_same(tmp_path: Path) -> None:
    made = {lang: form(lang=lang) for lang in ("fi", "sv")}
    filled = fill(made["fi"], {f"level:{CRITERIA[0]}": 3, "remark": "+uusi\n@rivi"})
    again = convert([*made.values(), filled], "xlsx", tmp_path)
    for before, after in zip((*made.values(), filled), again, strict=True):
        first, second = read_form(before, CALL), read_form(after, CALL)
        assert second == first
    assert answers(read_form(again[0], CALL)) == [expected(item) for item in ITEMS]
    (row, *_) = read_form(again[2], CALL).rows
    assert (row.levels[CRITERIA[0]], row.remark) == (3, "+uusi\n@rivi")


def test_lists_locks_and_hidden_parts_survive_libreoffice(tmp_path: Path) -> None:
    (saved,) = convert([form(RETURNED)], "xlsx", tmp_path)
    (row,) = read_form(saved, CALL).rows
    book = load_workbook(io.BytesIO(saved))
    sheet = book[SHEETS[2]]
    rules = {str(cell): rule for rule in sheet.data_validations.dataValidation for cell in str(rule.sqref).split()}
    assert set(rules) == set(row.cells.values())
    for field, cell in row.cells.items():
        listed = field.startswith("level") or field == "confidence"
        assert rules[cell].type == ("list" if listed else "textLength")
        assert rules[cell].showErrorMessage
        assert rules[cell].error
        assert not sheet[cell].protection.locked
    source = rules[row.cells[f"level:{CRITERIA[0]}"]].formula1.removeprefix("=").replace("$", "")
    choices = [cell.value for line in sheet[source] for cell in line]
    assert choices[0] == render(NOT_SCORED, "fi")
    assert len(choices) == 1 + len(CALL.criteria[0].levels)
    assert sheet.protection.sheet
    assert sheet.column_dimensions["C"].hidden
    assert book.worksheets[-1].sheet_state != "visible"


def test_form_prints_on_pages(tmp_path: Path) -> None:
    pages = pictures(print_pdf(form(RETURNED), tmp_path), tmp_path)
    assert len(pages) >= 3
    assert all(page.stat().st_size > 3_000 for page in pages)
