from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from locales import LANGUAGES, PSEUDO, render
from tests.workbooks.intake_samples import CALL, FIRST, GOOD, HEADINGS, LETTERS, Formula, changed, sheet
from workbooks.bad_rows import bad_rows_workbook
from workbooks.columns import COLUMNS, FAULTS_LABEL
from workbooks.intake import read_applications
from workbooks.safe_open import FileRefused
from workbooks.template import application_template, write_applications


@pytest.mark.parametrize("lang", [*LANGUAGES, PSEUDO])
def test_template_has_headings_lists_and_instructions(lang: str) -> None:
    book = load_workbook(BytesIO(application_template(CALL, lang)))
    page, guide = book.worksheets
    assert [cell.value for cell in page[1]] == [render(column.label, lang) for column in COLUMNS]
    assert all(cell.comment is not None for cell in page[1])
    assert page.freeze_panes == "B2"
    lists = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    themes = f"'{guide.title}'!$A$4:$A${3 + len(CALL.themes)}"
    assert lists == {"F2:F5001": '"fi,sv"', "I2:I5001": themes}
    told = {str(cell.value) for row in guide.iter_rows() for cell in row if cell.value}
    assert {render(column.accepted, lang) for column in COLUMNS} <= told
    assert {f"{theme.id} – {render(theme.name, lang)}" for theme in CALL.themes} <= told


def test_template_is_the_same_bytes_each_time() -> None:
    assert application_template(CALL, "fi") == application_template(CALL, "fi")
    assert write_applications([FIRST], CALL, "sv") == write_applications([FIRST], CALL, "sv")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_template_that_is_empty_is_refused_as_empty(lang: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_applications(application_template(CALL, lang), "a.xlsx", CALL)
    assert "has no applications under its headings" in render(refused.value.message, "en")


def test_instructions_filled_in_by_hand_as_a_choice_are_read() -> None:
    theme = CALL.themes[0]
    data = sheet(changed(theme=f"{theme.id} – {theme.name.sv}"))
    assert read_applications(data, "a.xlsx", CALL).applications == (FIRST,)


WRONG = [
    changed(case_number="1", summary=Formula("=WEBSERVICE(A1)"), arrived_at="eilen"),
    changed(case_number="2", project_name="a\x0bb", cost_personnel=0.5),
    changed(case_number="3", summary="x" * 32_000, language=None),
    changed(case_number="4", own_funding=True),
]


@pytest.mark.parametrize("lang", [*LANGUAGES, PSEUDO])
def test_bad_rows_not_mended_are_at_the_same_faults_again(lang: str) -> None:
    first = read_applications(sheet(changed(case_number="0"), *WRONG), "a.xlsx", CALL)
    data = bad_rows_workbook(first, CALL, lang)
    assert data == bad_rows_workbook(first, CALL, lang)
    again = read_applications(data, "b.xlsx", CALL)
    assert again.rows == ()
    assert [(f.row - 1, f.column) for f in again.faults] == [(f.row - 2, f.column) for f in first.faults]


def test_bad_rows_say_their_faults_and_can_be_mended() -> None:
    first = read_applications(sheet(*WRONG), "a.xlsx", CALL)
    book = load_workbook(BytesIO(bad_rows_workbook(first, CALL, "fi")))
    page = book.worksheets[0]
    assert page["V1"].value == render(FAULTS_LABEL, "fi")
    for fault in first.faults:
        assert render(fault.problem, "fi") in page[f"V{fault.row}"].value
    assert book.worksheets[1].max_row == 1 + len(first.faults)
    mend = {name: value for name, value in GOOD.items() if name != "case_number"}
    for row in range(2, 6):
        for name in HEADINGS:
            if name in mend:
                page[f"{LETTERS[name]}{row}"].value = mend[name]
    target = BytesIO()
    book.save(target)
    mended = read_applications(target.getvalue(), "b.xlsx", CALL)
    assert mended.faults == ()
    assert [application.case_number for application in mended.applications] == ["1", "2", "3", "4"]


def test_bad_rows_with_dates_in_the_wrong_place_stay_at_fault() -> None:
    day, moment = datetime.fromisoformat("2022-04-01"), datetime.fromisoformat("2022-04-01T10:00")
    wrong = [
        changed(case_number="1", arrived_at=day),
        changed(case_number="2", applied=day),
        changed(case_number="3", applied=moment),
        changed(case_number=day),
        changed(case_number="5", partners=moment),
    ]
    first = read_applications(sheet(*wrong), "a.xlsx", CALL)
    again = read_applications(bad_rows_workbook(first, CALL, "fi"), "b.xlsx", CALL)
    assert [(f.row, f.column, f.value) for f in again.faults] == [(f.row, f.column, f.value) for f in first.faults]


def test_bad_rows_of_wrong_headings_list_the_faults() -> None:
    first = read_applications(sheet(GOOD, headings=(*HEADINGS[1:], "outo")), "a.xlsx", CALL)
    book = load_workbook(BytesIO(bad_rows_workbook(first, CALL, "fi")))
    assert [row[2].value for row in book.worksheets[1].iter_rows(min_row=2)] == ["U", None]
