"""The forms in which good applications come: Excel, LibreOffice and openpyxl, CSV, other headings, fuzzed cells."""

import time
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from calls.register import register
from locales import HELSINKI, LANGUAGES, PSEUDO, render
from tests.workbooks.intake_samples import CALL, FIRST, GOOD, HEADINGS, changed, csv_text, part, rezip, sheet
from workbooks.columns import COLUMNS, column_of, letter
from workbooks.intake import Intake, read_applications
from workbooks.safe_open import FileRefused
from workbooks.template import MOMENT_FORMAT, write_applications


def with_openpyxl(*rows: list[Any], title: str = "Sheet") -> bytes:
    book = Workbook()
    page = book.worksheets[0]
    page.title = title
    for row in rows:
        page.append(row)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def test_good_row_becomes_the_application() -> None:
    intake = read_applications(sheet(GOOD), "a.xlsx", CALL)
    assert (intake.sheet, intake.faults, intake.bad_rows) == ("Hakemukset", (), ())
    assert intake.applications == (FIRST,)
    assert len(intake.sha256) == 64


def test_workbook_of_openpyxl_is_read_and_its_formula_seen() -> None:
    values = [GOOD[name] for name in HEADINGS]
    formula = [*values[:-1], "=1+1"]
    formula[0] = "VN/2/2022"
    intake = read_applications(with_openpyxl(list(HEADINGS), values, formula), "a.xlsx", CALL)
    assert intake.applications == (FIRST,)
    assert [(f.row, f.column, f.value) for f in intake.faults] == [(3, "U", "=1+1")]


@pytest.mark.parametrize("lang", [*LANGUAGES, PSEUDO])
def test_headings_are_known_in_every_language_in_any_case_order_and_spacing(lang: str) -> None:
    labels = [render(column.label, lang) for column in COLUMNS]
    assert len(set(labels)) == len(labels)
    headings = [f" {label.upper()} ".replace(" ", "\u00a0 ") for label in reversed(labels)]
    row = {heading: GOOD[column.id] for heading, column in zip(headings, reversed(COLUMNS), strict=True)}
    assert read_applications(sheet(row, headings=headings), "a.xlsx", CALL).applications == (FIRST,)


def test_optional_columns_may_be_left_out() -> None:
    headings = [name for name in HEADINGS if name not in ("summary", "cost_premises", "coordinator_code")]
    read = read_applications(sheet(GOOD, headings=headings), "a.xlsx", CALL).applications[0]
    assert (read.summary, read.coordinator.code, read.costs) == ("", None, FIRST.costs)


def test_second_sheet_is_read_when_the_first_has_other_things() -> None:
    intake = read_applications(sheet(GOOD, name="Toinen", before=("Muuta",)), "a.xlsx", CALL)
    assert (intake.sheet, intake.applications) == ("Toinen", (FIRST,))


def test_empty_rows_are_passed_over() -> None:
    intake = read_applications(sheet({}, GOOD, {}, changed(case_number="2"), {"summary": "  "}), "a.xlsx", CALL)
    assert [row.row for row in intake.rows] == [3, 5]


def test_column_of_faults_is_not_read() -> None:
    row = {**GOOD, "faults": "Sarake U: ..."}
    assert read_applications(sheet(row, headings=(*HEADINGS, "faults")), "a.xlsx", CALL).applications == (FIRST,)


@pytest.mark.parametrize(
    "written",
    [
        datetime.fromisoformat("2020-10-05T16:15"),
        "5.10.2020 16.15",
        "5.10.2020 16:15",
        "05.10.2020 klo 16.15",
        "5.10.2020 kl. 16.15",
        "5.10.2020 klo 16.15.00",
        "2020-10-05 16:15",
        "2020-10-05T16:15:00",
        "2020-10-05T16:15+03:00",
        "2020-10-05T13:15Z",
        "2020-10-05T13:15:00.000+0000",
    ],
)
def test_time_of_arrival_is_read_in_the_time_zone_of_the_call(written: object) -> None:
    read = read_applications(sheet(changed(arrived_at=written)), "a.xlsx", CALL)
    assert read.applications[0].arrived_at == datetime(2020, 10, 5, 13, 15, tzinfo=UTC)


def test_time_in_the_date_system_of_1904_is_read() -> None:
    styled_row = changed(case_number="2", arrived_at=datetime.fromisoformat("2022-04-01T10:00"))
    data = sheet(changed(arrived_at=44109.677083333336 - 1462), styled_row)
    page = part(data, "xl/worksheets/sheet1.xml").decode()
    styled = page.replace('<c r="B2">', '<c r="B2" s="1">')
    book = part(data, "xl/workbook.xml").decode().replace("<workbookPr ", '<workbookPr date1904="1" ')
    data = rezip(data, {"xl/worksheets/sheet1.xml": styled.encode(), "xl/workbook.xml": book.encode()})
    assert read_applications(data, "a.xlsx", CALL).applications[0].arrived_at == datetime(
        2020, 10, 5, 13, 15, tzinfo=UTC
    )


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def test_cells_without_places_and_strings_in_place_are_read() -> None:
    cells = "".join(
        f'<c t="inlineStr"><is><t>{"" if GOOD[name] is None else GOOD[name]}</t></is></c>' for name in HEADINGS
    )
    heads = "".join(
        f'<c t="inlineStr"><is><r><t>{name[:2]}</t></r><r><t>{name[2:]}</t></r></is></c>' for name in HEADINGS
    )
    page = f"<worksheet {MAIN}><sheetData><row>{heads}</row><row>{cells}</row></sheetData></worksheet>"
    data = rezip(sheet(GOOD), {"xl/worksheets/sheet1.xml": page.encode()})
    assert read_applications(data, "a.xlsx", CALL).applications == (FIRST,)


def test_cells_that_an_array_formula_fills_are_formulas() -> None:
    data = sheet(GOOD, changed(case_number="2"))
    page = part(data, "xl/worksheets/sheet1.xml").decode()
    spread = page.replace('<c r="N2"><v>', '<c r="N2"><f t="array" ref="N2:N3">{1;2}</f><v>')
    intake = read_applications(rezip(data, {"xl/worksheets/sheet1.xml": spread.encode()}), "a.xlsx", CALL)
    assert [(fault.row, fault.column) for fault in intake.faults] == [(2, "N"), (3, "N")]


def test_error_value_typed_as_such_is_reported() -> None:
    data = sheet(GOOD)
    page = part(data, "xl/worksheets/sheet1.xml").decode()
    wrong = page.replace('<c r="N2"><v>100000</v>', '<c r="N2" t="e"><v>#REF!</v>')
    intake = read_applications(rezip(data, {"xl/worksheets/sheet1.xml": wrong.encode()}), "a.xlsx", CALL)
    assert [(fault.column, fault.value, render(fault.problem, "en")) for fault in intake.faults] == [
        ("N", "#REF!", "The cell holds an error value of the spreadsheet.")
    ]


def arrived(value: datetime | date | str) -> Intake:
    """The template with one application in it, whose time of arrival was typed over."""
    book = load_workbook(BytesIO(write_applications([FIRST], CALL, "fi")))
    book.worksheets[0]["B2"].value = value
    book.worksheets[0]["B2"].number_format = MOMENT_FORMAT
    target = BytesIO()
    book.save(target)
    return read_applications(target.getvalue(), "a.xlsx", CALL)


@pytest.mark.parametrize("value", [date(2022, 4, 25), datetime.fromisoformat("2022-04-25T00:00")])
def test_day_in_the_arrival_column_of_the_template_lacks_its_time_of_day(value: date) -> None:
    (fault,) = arrived(value).faults
    assert render(fault.problem, "en") == "The time of day is missing."
    assert render(fault.accepted, "en").endswith("Midnight is written as text, for example 2020-10-05T00:00.")


@pytest.mark.parametrize("value", ["2022-04-25T00:00", "25.4.2022 0.00", "25.4.2022 klo 00.00"])
def test_midnight_written_as_text_is_midnight(value: str) -> None:
    assert arrived(value).applications[0].arrived_at == datetime(2022, 4, 24, 21, 0, tzinfo=UTC)


@pytest.mark.parametrize("value", ["2022-04-25T00:00:01", "2022-04-24T23:59:59", "2022-04-25T00:01"])
def test_moment_beside_midnight_is_taken_as_it_stands(value: str) -> None:
    local = datetime.fromisoformat(value)
    assert arrived(local).applications[0].arrived_at.astimezone(HELSINKI).replace(tzinfo=None) == local


def test_code_typed_as_a_number_gets_its_zeros_back() -> None:
    read = read_applications(sheet(changed(coordinator_code=91)), "a.xlsx", CALL).applications[0]
    assert read.coordinator.code == "091"


@pytest.mark.parametrize(
    ("written", "language"),
    [("FI", "fi"), ("Suomi", "fi"), ("finska", "fi"), ("Finnish", "fi"), ("ruotsi", "sv"), ("SVENSKA", "sv")],
)
def test_language_is_known_in_words(written: str, language: str) -> None:
    assert read_applications(sheet(changed(language=written)), "a.xlsx", CALL).applications[0].language == language


def test_register_completes_the_code_of_the_coordinator() -> None:
    data = sheet(changed(coordinator_code=None))
    assert read_applications(data, "a.xlsx", CALL).applications[0].coordinator.code is None
    assert read_applications(data, "a.xlsx", CALL, register(2022)).applications[0].coordinator.code == "398"


@pytest.mark.parametrize("mark", [";", ",", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("lang", ["", *LANGUAGES])
def test_csv_with_any_separator_is_read(mark: str, start: str, lang: str) -> None:
    labels = {column.id: render(column.label, lang) if lang else column.id for column in COLUMNS}
    row = {labels[name]: value for name, value in GOOD.items()}
    data = (start + csv_text(row, mark=mark, headings=tuple(labels.values()))).encode()
    assert read_applications(data, "a.csv", CALL).applications == (FIRST,)


def test_csv_with_a_declared_separator_and_lines_in_cells_is_read() -> None:
    data = ("sep=,\r\n" + csv_text(changed(summary="yksi,\n=kaksi"), changed(case_number=""), mark=",")).encode()
    intake = read_applications(data, "a.csv", CALL)
    assert intake.applications[0].summary == "yksi,\n=kaksi"
    assert [(fault.sheet, fault.row, fault.column) for fault in intake.faults] == [("a.csv", 4, "A")]


def test_columns_have_the_letters_of_a_spreadsheet() -> None:
    assert [letter(column) for column in (0, 1, 26, 27, 702, 703)] == ["", "A", "Z", "AA", "ZZ", "AAA"]
    assert column_of("tuntematon") is None


def said(data: bytes, name: str) -> str:
    """What a person reads of a file, taken or refused."""
    try:
        intake = read_applications(data, name, CALL)
    except FileRefused as refused:
        return render(refused.message, "sv")
    return " ".join([intake.sha256, *(render(fault.message, "sv") for fault in intake.faults)])


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.datetimes(datetime.fromisoformat("1900-03-01"), datetime.fromisoformat("2200-01-01")),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.sampled_from(
        ["5.10.2020 16.15", "fi", "091 Helsinki; [", "1 000 €", "1234567-8", "_xD800_", "[;];[", "2020-10-25 03:30"]
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(HEADINGS, VALUES)), min_size=1, max_size=3))
def test_any_content_of_cells_is_read_or_reported(rows: list[dict[str, Any]]) -> None:
    try:
        intake = read_applications(sheet(*rows), "a.xlsx", CALL)
    except FileRefused:
        assert not any(str(value or "").strip() for row in rows for value in row.values())
        return
    assert {row.row for row in intake.rows}.isdisjoint(fault.row for fault in intake.faults)
    assert all(len(fault.value) <= 80 and render(fault.message, "fi") for fault in intake.faults)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 6_000), st.sampled_from(["a.xlsx", "a.csv"]), st.booleans())
def test_any_bytes_are_read_or_refused(noise: bytes, place: int, name: str, whole: bool) -> None:
    good = sheet(GOOD) if name == "a.xlsx" else csv_text(GOOD).encode()
    data = noise if whole else good[:place] + noise + good[place + len(noise) :]
    assert said(data, name)


PARTS = [
    "xl/workbook.xml",
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/_rels/workbook.xml.rels",
]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PARTS), st.integers(0, 5_000), st.text('<>/"= 0123456789-rstvcf&;', max_size=6))
def test_any_change_inside_a_part_is_read_or_refused(name: str, place: int, noise: str) -> None:
    data = sheet(GOOD)
    text = part(data, name).decode()
    place %= len(text)
    broken = text[:place] + noise + text[place + len(noise) :]
    assert said(rezip(data, {name: broken.encode()}), "a.xlsx")


def test_five_thousand_rows_are_read_in_seconds() -> None:
    text = "Kuvaus siitä, miten muutos toteutetaan. " * 10
    rows = [
        changed(case_number=f"VN/{number}/2022", summary=f"{number} {text}", process_change=f"{text} {number}")
        for number in range(5_000)
    ]
    data = sheet(*rows)
    start = time.process_time()
    intake = read_applications(data, "a.xlsx", CALL)
    assert (len(intake.rows), intake.faults) == (5_000, ())
    assert time.process_time() - start < 15
