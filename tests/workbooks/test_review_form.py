from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locales import LANGUAGES, PSEUDO, render
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
)
from workbooks.review_form import FormApplication, FormStamp, read_form, sheet_names, write_form
from workbooks.review_form_look import MOST_LINES, pieces_of
from workbooks.review_form_values import NOT_SCORED, tidy

LEVEL, REASON = f"level:{CRITERIA[0]}", f"reason:{CRITERIA[0]}"
STAMP = FormStamp("2022", "arvioija.a", MADE_AT, dict(zip(CASES, ((1, 0), (2, 3), (1, 7)), strict=True)))


@pytest.mark.parametrize("lang", [*LANGUAGES, PSEUDO])
def test_form_read_back_is_what_was_written(lang: str) -> None:
    data = form(lang=lang)
    assert data == form(lang=lang)
    read = read_form(data, CALL)
    assert read.stamp == STAMP
    assert read.faults == ()
    assert answers(read) == [expected(item) for item in ITEMS]
    assert [row.sheet for row in read.rows] == list(SHEETS)
    fields = {f"{kind}:{key}" for kind in ("level", "reason") for key in CRITERIA} | {"remark", "confidence"}
    assert [set(row.cells) for row in read.rows] == [fields] * 3


def test_form_with_no_applications_is_read() -> None:
    read = read_form(write_form(CALL, "a b", "A", [], "fi", MADE_AT), CALL)
    assert read.stamp == replace(STAMP, reviewer_username="a b", versions={})
    assert read.rows == ()


def test_form_time_is_kept_in_utc() -> None:
    local = datetime.fromisoformat("2022-05-02T12:00:00+03:00")
    read = read_form(write_form(CALL, "a", "A", [UNTOUCHED], "fi", local), CALL)
    assert read.stamp.made_at == local
    assert read.stamp.made_at.tzinfo == UTC


def test_form_without_zone_or_with_a_case_twice_is_not_written() -> None:
    with pytest.raises(ValueError, match="time zone"):
        write_form(CALL, "a", "A", [UNTOUCHED], "fi", MADE_AT.replace(tzinfo=None))
    with pytest.raises(ValueError, match="twice"):
        write_form(CALL, "a", "A", [UNTOUCHED, UNTOUCHED], "fi", MADE_AT)


@pytest.mark.parametrize("lang", [*LANGUAGES, PSEUDO])
def test_form_says_what_the_levels_mean_and_shows_the_texts(lang: str) -> None:
    guide, *sheets, stamp = loaded(form(lang=lang)).worksheets
    told = "\n".join(str(cell.value) for row in guide.iter_rows() for cell in row if cell.value)
    for criterion in CALL.criteria:
        assert render(criterion.name, lang) in told
        for level in criterion.levels:
            assert f"{render(level.label, lang)}" in told
            assert render(level.description, lang) in told
    assert (guide.sheet_state, stamp.sheet_state) == ("visible", "veryHidden")
    for sheet, item in zip(sheets, ITEMS, strict=True):
        assert sheet["A1"].value.startswith(item.case_number)
        assert sheet["A2"].value == item.application.project_name
        assert sheet["A2"].data_type == "s"
        shown = {cell.value for row in sheet.iter_rows(max_col=2) for cell in row}
        assert {item.application.process_change, item.application.dissemination} <= shown
        summary = "".join(str(value) for value in shown if str(value).endswith("teksti."))
        assert summary.count("Pitkä teksti.") >= item.application.summary.count("Pitkä teksti.") // MOST_LINES
    assert "0 %" not in told


def test_only_input_cells_are_open_and_each_has_its_rule() -> None:
    book = loaded(form())
    read = read_form(form(), CALL)
    for row in read.rows:
        sheet = book[row.sheet]
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        open_cells = {c.coordinate for line in sheet.iter_rows() for c in line if not c.protection.locked}
        assert open_cells == set(row.cells.values())
        assert {sheet[cell].number_format for cell in open_cells} == {"@"}
        assert sheet.freeze_panes == "A3"
        assert sheet.column_dimensions["C"].hidden
        rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
        assert set(rules) == open_cells
        assert all(rule.showErrorMessage and rule.error for rule in rules.values())
        source = rules[row.cells[LEVEL]].formula1.removeprefix("=")
        choices = [cell.value for line in sheet[source] for cell in line]
        assert choices[0] == render(NOT_SCORED, "fi")
        assert choices[4].startswith("4 – toteutuu hyvin")
        assert sheet[row.cells[LEVEL]].value in choices


def test_returned_review_is_told_apart() -> None:
    shown = [loaded(form(item))[SHEETS[n]]["A3"].value for n, item in enumerate(ITEMS)]
    assert len(set(shown)) == 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_form_filled_by_openpyxl_is_read(lang: str) -> None:
    criterion = CALL.criteria[0]
    label = next(level.label for level in criterion.levels if level.value == 4)
    levels: list[tuple[Any, int | None]] = [(4, 4), ("4", 4), (" 4 ", 4), (4.0, 4), (None, None), ("  ", None)]
    levels += [(f"4 – {render(label, other)}", 4) for other in LANGUAGES]
    levels += [(f"4 - {render(label, other).upper()}", 4) for other in LANGUAGES]
    levels += [(f"4\u2014{render(label, other)}", 4) for other in LANGUAGES]
    levels += [(render(label, other), 4) for other in LANGUAGES]
    levels += [(render(NOT_SCORED, other), None) for other in LANGUAGES]
    data = form(RETURNED, lang=lang)
    for written, level in levels:
        (row,) = read_form(fill(data, {LEVEL: written}, sheet=SHEETS[2]), CALL).rows
        assert (row.levels[CRITERIA[0]], row.faults) == (level, ()), written
    filled = {LEVEL: 2, REASON: "Perustelu\r\nkaksi", "remark": 17, "confidence": "1"}
    (row,) = read_form(fill(data, filled, sheet=SHEETS[2]), CALL).rows
    assert row.levels == {**dict.fromkeys(CRITERIA, 5), CRITERIA[0]: 2}
    assert row.reasons == {**dict.fromkeys(CRITERIA, ""), CRITERIA[0]: "Perustelu\nkaksi"}
    assert (row.remark, row.confidence, row.faults) == ("17", 1, ())


TEXTS = st.text(st.characters(codec="utf-8") | st.sampled_from("=+-@\n\r\t\x00\x0b\x1f\u2028\ufffe_x0041_<r>"))


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.sampled_from(["", "=", "+", "-", "@", "'", "<r>", "_x0041_x0042_"]), st.sampled_from(LANGUAGES))
def test_texts_of_any_kind_come_back(text: str, start: str, lang: str) -> None:
    words = start + text
    item = replace(UNTOUCHED, reasons={CRITERIA[0]: words}, remark=words)
    (row,) = read_form(form(item, lang=lang), CALL).rows
    assert (row.reasons[CRITERIA[0]], row.remark, row.faults) == (tidy(words), tidy(words), ())
    assert tidy(tidy(words)) == tidy(words)


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.sampled_from(CRITERIA), st.none() | st.integers(1, 5)), st.none() | st.integers(1, 3))
def test_levels_and_confidence_come_back(levels: dict[str, int | None], confidence: int | None) -> None:
    item = replace(UNTOUCHED, levels=levels, confidence=confidence)
    assert answers(read_form(form(item), CALL)) == [expected(item)]


@pytest.mark.parametrize(
    ("cases", "names"),
    [
        (["VN/1/2022"], ["VN-1-2022"]),
        (["a/b", "a\\b", "A?B"], ["a-b", "a-b (2)", "A-B (3)"]),
        (["'x'", "[*]", ":", "", "\u200b"], ["x", "-", "- (2)", "- (3)", "- (4)"]),
        (["x" * 40, "x" * 41], ["x" * 31, "x" * 27 + " (2)"]),
        (["\U0001f600" * 20], ["\U0001f600" * 15]),
        (["Stamp", "history", "Ohjeet"], ["Stamp (2)", "history (2)", "Ohjeet (2)"]),
        (["a" * 30 + "'b"], ["a" * 30]),
    ],
)
def test_sheet_names_are_valid_and_unlike(cases: list[str], names: list[str]) -> None:
    assert sheet_names(cases, ("stamp", "History", "Ohjeet")) == names


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=45), unique=True, max_size=5))
def test_awkward_case_numbers_are_told_apart(cases: list[str]) -> None:
    items = [replace(DRAFT, case_number=case, remark=str(n)) for n, case in enumerate(filter(str.strip, cases))]
    read = read_form(form(*items), CALL) if items else None
    if read is not None:
        assert [(row.case_number, row.remark) for row in read.rows] == [(i.case_number, i.remark) for i in items]


@settings(max_examples=50, deadline=None)
@given(st.text("ab c.\n", max_size=9_000))
def test_long_texts_are_cut_without_loss(text: str) -> None:
    pieces = pieces_of(text, 90)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(len(piece) <= 90 * MOST_LINES for piece in pieces)


def test_level_that_the_call_no_longer_has_is_shown_and_at_fault() -> None:
    item = FormApplication(CASES[0], UNTOUCHED.application, 1, 1, {CRITERIA[0]: 9})
    (row,) = read_form(form(item), CALL).rows
    assert [(fault.cell, fault.value) for fault in row.faults] == [(row.cells[LEVEL], "9")]
