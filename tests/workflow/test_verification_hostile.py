"""Files made to break the check: each is refused or found at fault in words, within bounds, never with a traceback."""

import io
import json
import re
import time
import zipfile
from typing import Any

import pytest

from decisions.tables import Tables, pseudonymised
from locales import LANGUAGES, render
from tests.support.decided import decided
from tests.support.tampering import Opened
from workbooks import decision_facts
from workbooks.decision_plan import sheet_name
from workbooks.decision_write import decision_workbook
from workflow.verification import Report, verify

SECONDS = 20


@pytest.fixture(scope="module")
def tables() -> Tables:
    return decided(4)


@pytest.fixture(scope="module")
def full(tables: Tables) -> bytes:
    return decision_workbook(tables, "fi")


def checked(data: bytes) -> Report:
    """The report, which is at fault and has words in every language."""
    began = time.process_time()
    report = verify(data, "x.xlsx", "0" * 64, b"no snapshot")
    assert time.process_time() - began < SECONDS
    assert not report.ok
    assert report.findings
    for finding in report.findings:
        for lang in LANGUAGES:
            assert render(finding.message, lang)
    return report


def english(report: Report) -> str:
    return " ".join(render(one.message, "en") for one in report.findings)


def with_fact(full: bytes, key: str, value: str) -> bytes:
    opened, sheet = Opened(full), sheet_name(decision_facts.PLAN.name, "fi")
    of_row = {found.cell: found for found in opened.cells(sheet)}
    row = next(found.row for found in of_row.values() if found.text == key)
    opened.put_text(of_row[f"E{row}"], value)
    return opened.saved()


def with_part(full: bytes, name: str, data: bytes) -> bytes:
    opened = Opened(full)
    opened.parts[name] = data
    return opened.saved()


def changed(full: bytes, name: str, pattern: str, new: str) -> bytes:
    opened = Opened(full)
    text, times = re.subn(pattern, lambda _: new, opened.parts[name].decode(), count=1, flags=re.S)
    assert times
    opened.parts[name] = text.encode()
    return opened.saved()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"):
            archive.writestr(name, "<a/>")
        archive.writestr("xl/workbook.xml", b" " * 100_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [b"", b"PK", b"PK\x03\x04" + b"\0" * 100, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"a;b\n1;2\n", b"\xff" * 1000],
    ids=["empty", "two letters", "torn", "old format", "csv", "noise"],
)
def test_a_file_that_is_no_workbook_is_refused(data: bytes) -> None:
    report = checked(data)
    assert len(report.findings) == 1
    assert report.hash == ""


def test_a_zip_bomb_is_refused() -> None:
    assert "unpacks to more" in english(checked(bomb()))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet6.xml", "xl/sharedStrings.xml", "_rels/.rels"])
def test_entities_damage_and_missing_parts_are_refused(full: bytes, part: str) -> None:
    laughs = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>'
    assert "entities" in english(checked(with_part(full, part, laughs)))
    assert len(checked(with_part(full, part, Opened(full).parts[part][:-20])).findings) >= 1
    opened = Opened(full)
    del opened.parts[part]
    checked(opened.saved())


def test_macros_and_a_workbook_of_something_else_are_refused(full: bytes) -> None:
    assert "macros" in english(checked(with_part(full, "xl/vbaProject.bin", b"x")))
    other = changed(full, "xl/worksheets/sheet6.xml", "<sheetData>.*</sheetData>", "<sheetData/>")
    assert "not a decision workbook" in english(checked(other))


@pytest.mark.parametrize("at", range(10))
def test_a_sheet_that_is_missing_is_named(tables: Tables, full: bytes, at: int) -> None:
    opened = Opened(full)
    name = list(opened.sheets)[at]
    data = changed(full, "xl/workbook.xml", f'<sheet name="{re.escape(name)}"', '<sheet name="Muu"')
    report = checked(data)
    if name == sheet_name(decision_facts.PLAN.name, "fi"):
        assert "not a decision workbook" in english(report)
        return
    assert (name, "The sheet is missing.") in {(one.sheet, render(one.message, "en")) for one in report.findings}
    assert len(report.findings) < 10


@pytest.mark.parametrize(
    "row",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="99999999"/>',
        '<row r="5000"><c r="A4999"><v>1</v></c></row>',
        '<row r="5000"><c r="ZZZZ5000"><v>1</v></c></row>',
        '<row r="5000"><c r="A5000" t="s"><v>999999</v></c></row>',
        '<row r="5000"><c r="A5000"><v>1e999</v></c><c r="B5000"><v>x</v></c><c r="C5000" t="e"><v>#REF!</v></c></row>',
        '<row r="5000"><c r="B5000" t="b"><v>1</v></c><c r="D5000"><f t="shared" si="9"/></c></row>',
        '<row r="5000"><c r="B5000"><f>' + "A1+" * 50_000 + "1</f></c></row>",
        '<row r="5000"><c r="B5000" t="str"><v>' + "x" * 200_000 + "</v></c></row>",
    ],
)
def test_strange_rows_are_found(full: bytes, row: str) -> None:
    for sheet in (4, 6, 10):
        checked(changed(full, f"xl/worksheets/sheet{sheet}.xml", "</sheetData>", row + "</sheetData>"))


def test_many_rows_of_nothing_are_counted_not_listed(full: bytes) -> None:
    rows = "".join(
        f'<row r="{row}"><c r="B{row}" t="inlineStr"><is><t>x{row}</t></is></c></row>' for row in range(5_000, 7_000)
    )
    report = checked(changed(full, "xl/worksheets/sheet2.xml", "</sheetData>", rows + "</sheetData>"))
    assert len(report.findings) == 200
    assert report.further > 1_000


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("call.register_year", "1"),
        ("call.register_year", '"2020"'),
        ("call.register_year", "9" * 5_000),
        ("call.unit", "0"),
        ("call.unit", "1.5"),
        ("call.unit", "NaN"),
        ("call.unit", "{"),
        ("call.unit", "[" * 20_000),
        ("call.largest_share_bp", "-1"),
        ("call.largest_grant", '"much"'),
        ("call.name", "null"),
        ("call.name", '{"fi":1}'),
        ("call.tie_rule", '"lot"'),
        ("call.tie_rule", '["no such criterion"]'),
        ("call.lot_seed", '{"a":[1,2]}'),
        ("criterion.process_change", "7"),
        ("criterion.process_change", '{"order":[],"weight":1,"name":{}}'),
        ("criterion.process_change", '{"order":0,"weight":99999999999999999999,"name":{"fi":"a","sv":"b","en":"c"}}'),
        ("decision.made_at", '"yesterday"'),
        ("decision.stage", "[]"),
        ("decision.number", '{"a":1}'),
        ("scenario.rule", '"lottery"'),
        ("scenario.rule", '{"a":1}'),
        ("scenario.threshold", '"1/0"'),
        ("scenario.threshold", '{"no such column":1}'),
        ("scenario.time_limit", '"1e99"'),
        ("scenario.gap", '"2"'),
        ("scenario.unit", "0"),
        ("scenario.appropriation", "99999999999999999999"),
        ("scenario.smallest_grant", "100000000000"),
        ("scenario.rest", "17"),
        ("program.version", '{"a":"\\u001b[31m"}'),
        ("result.status", "[[[[1]]]]"),
    ],
)
def test_facts_that_cannot_be_are_found(full: bytes, key: str, value: str) -> None:
    report = checked(with_fact(full, key, value))
    assert "\x1b" not in repr(report)
    json.dumps([str(one) for one in report.findings])


def test_a_scenario_that_cannot_be_met_is_found(tables: Tables, full: bytes) -> None:
    value = json.dumps({"name": "x", "sum": "count", "min": 100_000})
    data = with_fact(with_fact(full, "scenario.rule", '"milp"'), "scenario.rest", value)
    checked(data)


def test_steering_characters_of_a_file_do_not_reach_the_report(tables: Tables) -> None:
    opened = Opened(decision_workbook(pseudonymised(tables), "en"))
    found: Any = next(one for sheet in opened.sheets for one in opened.cells(sheet) if one.text == "Keksitty hanke 3")
    opened.put(found, ' t="inlineStr"><is><t>a_x001B_[2Jb</t></is>')
    report = checked(opened.saved())
    assert "\x1b" not in repr([one.stated for one in report.findings])
