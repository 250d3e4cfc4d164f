"""Broken workbooks: each is refused as a whole in words, or reported row by row with sheet, row, column, value."""

import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest

from locales import LANGUAGES, render
from tests.workbooks.intake_samples import (
    CALL,
    GOOD,
    HEADINGS,
    LETTERS,
    Formula,
    Raw,
    changed,
    csv_text,
    part,
    rezip,
    sheet,
)
from workbooks.intake import Fault, read_applications
from workbooks.safe_open import FileRefused

LOCAL = datetime.fromisoformat
TWO_WAYS = (
    "The amount can be read in two ways: as thousands or as decimals. Write it with a space or without a separator."
)
NO_MONEY = "The text is not an amount in euros."
NO_CODE = "The municipality code is not three digits."
NO_MOMENT = "The text is not a date and time."
NO_ID = "The business ID is not of the right form."

CELLS: list[tuple[str, Any, str, str]] = [
    ("case_number", None, "", "The cell is empty."),
    ("case_number", "   ", "", "The cell is empty."),
    ("case_number", "x" * 101, "x" * 79 + "…", "The text is longer than 100 characters."),
    ("case_number", LOCAL("2022-04-01"), "2022-04-01", "The cell holds a date."),
    ("arrived_at", None, "", "The cell is empty."),
    ("arrived_at", "eilen", "eilen", NO_MOMENT),
    ("arrived_at", "5.10.2020", "5.10.2020", "The time of day is missing."),
    ("arrived_at", LOCAL("2022-04-01"), "2022-04-01", "The time of day is missing."),
    ("arrived_at", "31.2.2020 10.00", "31.2.2020 10.00", "There is no such date or time."),
    ("arrived_at", "5.10.2020 24.01", "5.10.2020 24.01", "There is no such date or time."),
    ("arrived_at", "10/5/2020 4:15 PM", "10/5/2020 4:15 PM", NO_MOMENT),
    ("arrived_at", 44000, "44000", NO_MOMENT),
    ("arrived_at", "5.10.1920 16.15", "5.10.1920 16.15", "The year is not between 2000 and 2099."),
    (
        "arrived_at",
        LOCAL("2022-03-27T03:30"),
        "2022-03-27 03:30:00",
        "The clock was put forward: there was no such time of day.",
    ),
    (
        "arrived_at",
        "31.10.2021 klo 3.30",
        "31.10.2021 klo 3.30",
        "The clock was put back: this time of day came twice. Write the offset, for example 2021-10-31T03:30+03:00.",
    ),
    ("coordinator_name", None, "", "The cell is empty."),
    ("coordinator_name", "x" * 301, "x" * 79 + "…", "The text is longer than 300 characters."),
    ("coordinator_code", "91", "91", NO_CODE),
    ("coordinator_code", "09A", "09A", NO_CODE),
    ("coordinator_code", 1091, "1091", NO_CODE),
    ("coordinator_code", 9.5, "9.5", NO_CODE),
    ("coordinator_business_id", None, "", "The cell is empty."),
    ("coordinator_business_id", "12345678", "12345678", NO_ID),
    ("coordinator_business_id", "FI12345671", "FI12345671", NO_ID),
    ("coordinator_business_id", 12345671, "12345671", NO_ID),
    ("language", None, "", "The cell is empty."),
    ("language", "saame", "saame", "The language of service is neither Finnish nor Swedish."),
    ("partners", None, "", "The cell is empty."),
    ("partners", " ; ; ", " ; ; ", "No partner is named."),
    ("partners", "91 Helsinki", "91 Helsinki", "The municipality code of “91 Helsinki” is not three digits."),
    (
        "partners",
        "Kymppi [005 Alajärvi",
        "Kymppi [005 Alajärvi",
        "The square brackets of “Kymppi [005 Alajärvi” do not match.",
    ),
    ("partners", "[005 Alajärvi]", "[005 Alajärvi]", "“[005 Alajärvi]” has no name before the square bracket."),
    ("project_name", None, "", "The cell is empty."),
    (
        "case_number",
        "VN/\u200b1/2022",
        "VN/\ufffd1/2022",
        "The text holds the control character U+200B as its character number 4.",
    ),
    (
        "case_number",
        "VN/1\u00ad/2022",
        "VN/1\ufffd/2022",
        "The text holds the control character U+00AD as its character number 5.",
    ),
    ("project_name", "a\x0bb", "a␣b", "The text holds the control character U+000B as its character number 2."),
    ("project_name", "a\u202eb", "a\ufffdb", "The text holds the control character U+202E as its character number 2."),
    ("project_name", Formula("=A1&B1"), "=A1&B1", "The cell holds a formula; only values are read."),
    ("project_name", True, "TRUE", "The cell holds a truth value."),
    ("theme", None, "", "The cell is empty."),
    ("summary", "x" * 20_001, "x" * 79 + "…", "The text is longer than 20000 characters."),
    ("consortium", Formula("=1+1"), "=1+1", "The cell holds a formula; only values are read."),
    ("cost_personnel", 1234.5, "1234.5", "The amount has cents."),
    ("cost_personnel", "2500,75", "2500,75", "The amount has cents."),
    ("cost_personnel", "1.234", "1.234", TWO_WAYS),
    ("cost_travel", -1, "-1", "The amount is negative."),
    ("cost_travel", "-5 €", "-5 €", "The amount is negative."),
    ("cost_premises", True, "TRUE", "The cell holds a truth value."),
    ("cost_other", "noin 5 000", "noin 5 000", NO_MONEY),
    ("cost_other", Raw("#REF!"), "=#REF!", "The cell holds a formula; only values are read."),
    ("own_funding", LOCAL("2022-04-01"), "2022-04-01", "The cell holds a date."),
    ("other_public_funding", "ei ole", "ei ole", NO_MONEY),
    ("applied", None, "", "The cell is empty."),
    ("applied", 1e13, "10000000000000", "The amount is too large."),
    ("applied", "=1+1", "=1+1", NO_MONEY),
    ("applied", Formula("=SUM(N2:R2)"), "=SUM(N2:R2)", "The cell holds a formula; only values are read."),
]


def english(fault: Fault) -> tuple[str, int, str, str, str]:
    return (fault.sheet, fault.row, fault.column, fault.value, render(fault.problem, "en"))


@pytest.mark.parametrize(("column", "value", "shown", "problem"), CELLS)
def test_row_with_one_bad_cell_is_reported_and_the_others_are_read(
    column: str, value: object, shown: str, problem: str
) -> None:
    good = [changed(case_number="VN/1/2022"), changed(case_number="VN/2/2022")]
    data = sheet(good[0], changed(**{column: value}), good[1])
    intake = read_applications(data, "a.xlsx", CALL)
    assert [english(fault) for fault in intake.faults] == [("Hakemukset", 3, LETTERS[column], shown, problem)]
    assert [row.row for row in intake.rows] == [2, 4]
    assert [bad.row for bad in intake.bad_rows] == [3]
    for lang in LANGUAGES:
        assert render(intake.faults[0].message, lang)


def test_row_with_many_bad_cells_lists_them_all() -> None:
    data = sheet(changed(case_number=None, language="x", applied="-1", cost_personnel="abc"))
    intake = read_applications(data, "a.xlsx", CALL)
    assert [(fault.column, render(fault.problem, "en")) for fault in intake.faults] == [
        ("A", "The cell is empty."),
        ("F", "The language of service is neither Finnish nor Swedish."),
        ("N", NO_MONEY),
        ("U", "The amount is negative."),
    ]
    assert intake.rows == ()


def test_row_without_any_cost_is_reported_once() -> None:
    none = {name: None for name in HEADINGS if name.startswith("cost_")}
    intake = read_applications(sheet(changed(**none)), "a.xlsx", CALL)
    assert [english(fault) for fault in intake.faults] == [("Hakemukset", 2, "N", "", "No cost is stated.")]


def test_case_number_that_is_there_twice_makes_both_rows_bad() -> None:
    rows = [GOOD, changed(case_number="VN/2/2022"), changed(case_number="vn/101/2022 ")]
    intake = read_applications(sheet(*rows), "a.xlsx", CALL)
    assert [english(fault) for fault in intake.faults] == [
        ("Hakemukset", 2, "A", "VN/101/2022", "The same case number is also on row 4."),
        ("Hakemukset", 4, "A", "vn/101/2022 ", "The same case number is also on row 2."),
    ]
    assert [row.row for row in intake.rows] == [3]


@pytest.mark.parametrize(
    ("headings", "faults"),
    [
        (
            (*HEADINGS, "Lisätieto"),
            [("V", "Lisätieto", "The heading is unknown.")],
        ),
        (
            tuple("apllied" if name == "applied" else name for name in HEADINGS),
            [("U", "apllied", "The heading is unknown."), ("", "", "The column is missing.")],
        ),
        (
            (*HEADINGS, "applied"),
            [("V", "applied", "The column is there twice.")],
        ),
        (
            tuple(name for name in HEADINGS if name not in ("case_number", "theme")),
            [("", "", "The column is missing."), ("", "", "The column is missing.")],
        ),
        (
            tuple(name for name in HEADINGS if not name.startswith("cost_")),
            [("", "", "The column is missing.")],
        ),
        (
            tuple("" if name == "summary" else name for name in HEADINGS),
            [("J", "text", "The column has content but no heading.")],
        ),
    ],
)
def test_headings_that_are_wrong_are_named_and_no_row_is_read(
    headings: tuple[str, ...], faults: list[tuple[str, str, str]]
) -> None:
    intake = read_applications(sheet({**GOOD, "": "text"}, headings=headings), "a.xlsx", CALL)
    assert [(f.column, f.value, render(f.problem, "en")) for f in intake.faults] == faults
    assert {f.row for f in intake.faults} == {1}
    assert (intake.rows, intake.bad_rows, intake.heading_faults) == ((), (), True)


def with_sheet(before: str, after: str) -> bytes:
    data = sheet(GOOD)
    name = "xl/worksheets/sheet1.xml"
    text = part(data, name).decode()
    assert before in text
    return rezip(data, {name: text.replace(before, after, 1).encode()})


def big(part_name: str, size: int) -> bytes:
    return rezip(sheet(GOOD), {part_name: b"<sst>" + b" " * size + b"</sst>"})


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b"<sst><si><t>&b;</t></si></sst>"
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
TYPES = "[Content_Types].xml"


def zip_of(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", method) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return target.getvalue()


def repeated_part() -> bytes:
    target = BytesIO(sheet(GOOD))
    with zipfile.ZipFile(target, "a") as new, pytest.warns(UserWarning, match="Duplicate name"):
        new.writestr("xl/workbook.xml", b"<workbook/>")
    return target.getvalue()


def lying_size() -> bytes:
    """The central directory says that the shared strings are tiny; they are not."""
    data = bytearray(big("xl/sharedStrings.xml", 30 * 1024 * 1024))
    place = data.rindex(b"xl/sharedStrings.xml") - 46 + 24
    data[place : place + 4] = (100).to_bytes(4, "little")
    return bytes(data)


FILES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "empty": (lambda: b"", "a.xlsx", "is empty"),
    "too_large": (lambda: b"PK" + bytes(20 * 1024 * 1024), "a.xlsx", "larger than 20 megabytes"),
    "pdf": (lambda: b"%PDF-1.7 ...", "a.xlsx", "is not a workbook"),
    "text_named_xlsx": (lambda: b"hello", "a.xlsx", "is not a workbook"),
    "html_named_xls": (lambda: b"<html><table></table></html>", "a.xls", "is not a workbook"),
    "old_xls": (lambda: OLE + "Workbook".encode("utf-16-le"), "a.xls", "old format"),
    "encrypted": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "protected with a password"),
    "only_pk": (lambda: b"PK\x03\x04", "a.xlsx", "is damaged"),
    "cut_zip": (lambda: sheet(GOOD)[:-200], "a.xlsx", "is damaged"),
    "flipped_bytes": (lambda: sheet(GOOD)[:2000] + bytes(300) + sheet(GOOD)[2300:], "a.xlsx", "is damaged"),
    "zip_of_text": (lambda: zip_of({"a.txt": b"hello"}), "a.xlsx", "its part [Content_Types].xml is missing"),
    "no_root_relations": (
        lambda: rezip(sheet(GOOD), {"_rels/.rels": None}),
        "a.xlsx",
        "its part _rels/.rels is missing",
    ),
    "no_workbook": (lambda: rezip(sheet(GOOD), {"xl/workbook.xml": None}), "a.xlsx", "xl/workbook.xml is missing"),
    "no_relations": (
        lambda: rezip(sheet(GOOD), {"xl/_rels/workbook.xml.rels": None}),
        "a.xlsx",
        "xl/_rels/workbook.xml.rels is missing",
    ),
    "no_sheet_part": (
        lambda: rezip(sheet(GOOD), {"xl/worksheets/sheet1.xml": None}),
        "a.xlsx",
        "xl/worksheets/sheet1.xml is missing",
    ),
    "no_shared_strings": (lambda: rezip(sheet(GOOD), {"xl/sharedStrings.xml": None}), "a.xlsx", "is damaged"),
    "no_sheets": (
        lambda: rezip(sheet(GOOD), {"xl/workbook.xml": b"<workbook><sheets/></workbook>"}),
        "a.xlsx",
        "has no sheet",
    ),
    "sheet_outside": (
        lambda: rezip(
            sheet(GOOD),
            {
                "xl/_rels/workbook.xml.rels": part(sheet(GOOD), "xl/_rels/workbook.xml.rels").replace(
                    b'Target="worksheets/sheet1.xml"', b'Target="http://example.org/s.xml" TargetMode="External"'
                )
            },
        ),
        "a.xlsx",
        "has no sheet",
    ),
    "sheet_above_root": (
        lambda: rezip(
            sheet(GOOD),
            {
                "xl/_rels/workbook.xml.rels": part(sheet(GOOD), "xl/_rels/workbook.xml.rels").replace(
                    b'Target="worksheets/sheet1.xml"', b'Target="../../../etc/passwd"'
                )
            },
        ),
        "a.xlsx",
        "its part etc/passwd is missing",
    ),
    "xml_cut": (lambda: with_sheet("</sheetData>", ""), "a.xlsx", "is damaged"),
    "xml_not_xml": (lambda: rezip(sheet(GOOD), {"xl/workbook.xml": b"{}"}), "a.xlsx", "is damaged"),
    "xml_bad_encoding": (
        lambda: rezip(sheet(GOOD), {"xl/sharedStrings.xml": b"<sst><si><t>\xff\xfe\xfa</t></si></sst>"}),
        "a.xlsx",
        "is damaged",
    ),
    "xml_unknown_encoding": (
        lambda: rezip(sheet(GOOD), {"xl/sharedStrings.xml": b'<?xml version="1.0" encoding="klingon"?><sst/>'}),
        "a.xlsx",
        "is damaged",
    ),
    "entities": (lambda: rezip(sheet(GOOD), {"xl/sharedStrings.xml": ENTITIES}), "a.xlsx", "declares XML entities"),
    "entities_in_styles": (lambda: rezip(sheet(GOOD), {"xl/styles.xml": ENTITIES}), "a.xlsx", "declares XML entities"),
    "external_dtd": (
        lambda: rezip(sheet(GOOD), {"xl/workbook.xml": b'<!DOCTYPE x SYSTEM "http://example.org/x.dtd"><x/>'}),
        "a.xlsx",
        "declares XML entities",
    ),
    "zip_bomb": (lambda: big("xl/sharedStrings.xml", 200 * 1024 * 1024), "a.xlsx", "unpacks to more"),
    "zip_bomb_by_ratio": (lambda: big("xl/styles.xml", 30 * 1024 * 1024), "a.xlsx", "unpacks to more"),
    "zip_bomb_in_elements": (
        lambda: rezip(sheet(GOOD), {"xl/worksheets/sheet1.xml": b"<worksheet>" + b"<a/>" * 3_010_000}),
        "a.xlsx",
        "unpacks",
    ),
    "zip_with_lying_size": (lambda: lying_size(), "a.xlsx", "is damaged"),
    "zip_many_parts": (lambda: zip_of({f"p{n}": b"" for n in range(2_001)}), "a.xlsx", "unpacks to more"),
    "zip_repeated_part": (lambda: repeated_part(), "a.xlsx", "is damaged"),
    "zip_lzma": (lambda: zip_of({TYPES: part(sheet(GOOD), TYPES)}, zipfile.ZIP_LZMA), "a.xlsx", "is damaged"),
    "macros": (
        lambda: rezip(
            sheet(GOOD),
            {
                TYPES: part(sheet(GOOD), TYPES).replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                )
            },
        ),
        "a.xlsm",
        "holds macros",
    ),
    "macros_hidden": (lambda: rezip(sheet(GOOD), {"xl/vbaProject.bin": b"x"}), "a.xlsx", "holds macros"),
    "binary": (lambda: rezip(sheet(GOOD), {"xl/workbook.bin": b"x"}), "a.xlsb", "in binary form"),
    "open_document": (
        lambda: zip_of({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
        "a.ods",
        "OpenDocument",
    ),
    "row_twice": (lambda: with_sheet('<row r="2"', '<row r="1"'), "a.xlsx", "is damaged"),
    "row_beyond_sheet": (lambda: with_sheet('<row r="2"', '<row r="99999999"'), "a.xlsx", "is damaged"),
    "cell_in_wrong_row": (lambda: with_sheet('r="B2"', 'r="B7"'), "a.xlsx", "is damaged"),
    "cell_beyond_sheet": (lambda: with_sheet('r="U2"', 'r="ZZZ2"'), "a.xlsx", "is damaged"),
    "cell_without_place": (lambda: with_sheet('r="U2"', 'r="?"'), "a.xlsx", "is damaged"),
    "cell_far_right": (lambda: with_sheet('r="U2"', 'r="XFD2"'), "a.xlsx", "has content beyond column 200"),
    "no_such_string": (lambda: with_sheet("<v>0</v>", "<v>99999</v>"), "a.xlsx", "is damaged"),
    "string_index_text": (lambda: with_sheet("<v>0</v>", "<v>-1</v>"), "a.xlsx", "is damaged"),
    "number_not_number": (lambda: with_sheet("<v>100000</v>", "<v>NaN</v>"), "a.xlsx", "is damaged"),
    "number_huge": (lambda: with_sheet("<v>100000</v>", "<v>1e999999999</v>"), "a.xlsx", "is damaged"),
    "no_headings": (lambda: sheet({"a": "b"}, headings=("a",)), "a.xlsx", "Sheets found: Hakemukset."),
    "no_headings_in_any": (
        lambda: sheet({"a": "b"}, headings=("a",), before=("Yksi", "Kaksi")),
        "a.xlsx",
        "Sheets found: Yksi, Kaksi, Hakemukset.",
    ),
    "only_headings": (lambda: sheet(), "a.xlsx", "has no applications under its headings"),
    "too_many_rows": (
        lambda: sheet(*({"case_number": str(n)} for n in range(5_001))),
        "a.xlsx",
        "has more than 5000 rows",
    ),
    "far_too_many_rows": (
        lambda: sheet(*({"case_number": str(n)} for n in range(6_000))),
        "a.xlsx",
        "has more than 5000 rows",
    ),
    "csv_latin1": (lambda: csv_text(GOOD).encode("cp1252"), "a.csv", "Line 2 of the file a.csv is not UTF-8"),
    "csv_utf16": (lambda: csv_text(GOOD).encode("utf-16"), "a.csv", "is in UTF-16"),
    "csv_nul": (lambda: csv_text(GOOD).encode().replace(b"Muutos", b"Mu\0os"), "a.csv", "holds NUL bytes"),
    "csv_binary": (lambda: bytes(range(1, 256)) * 4, "a.csv", "is not UTF-8"),
    "csv_open_quote": (lambda: csv_text(GOOD).encode() + b'"open', "a.csv", "its quotation marks do not match"),
    "csv_long_cell": (lambda: (csv_text(changed(summary="x" * 200_000))).encode(), "a.csv", "a cell is too long"),
    "csv_too_many_rows": (lambda: csv_text(*[GOOD] * 5_001).encode(), "a.csv", "has more than 5000 rows"),
    "csv_wide": (lambda: csv_text(GOOD).encode() + b";" * 300 + b"x\r\n", "a.csv", "content beyond column 200"),
    "csv_without_headings": (lambda: b"a;b\r\n1;2\r\n", "a.csv", "Sheets found: a.csv."),
    "csv_blank": (lambda: b"\r\n\r\n", "a.csv", "Sheets found: a.csv."),
}


@pytest.mark.parametrize("kind", FILES)
def test_file_that_cannot_be_taken_is_refused_in_words(kind: str) -> None:
    make, name, words = FILES[kind]
    data = make()
    with pytest.raises(FileRefused) as refused:
        read_applications(data, name, CALL)
    assert words in render(refused.value.message, "en")
    for lang in ("fi", "sv"):
        assert name in render(refused.value.message, lang) or "Hakemukset" in render(refused.value.message, lang)


def test_broken_files_and_cells_are_many() -> None:
    assert len(FILES) + len(CELLS) > 100
