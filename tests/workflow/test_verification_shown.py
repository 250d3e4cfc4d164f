"""Workbooks of which spreadsheet programs show something else than what a careless reader would read."""

import re
from collections.abc import Callable

import pytest

from decisions.facts import fact_rows, facts_of
from decisions.figures import complete
from decisions.tables import Tables, make
from locales import render
from tests.support.decided import decided
from tests.support.tampering import Opened
from workbooks.decision_write import decision_workbook
from workbooks.read_formats import normal_format
from workflow.verification import verify

NAME = "decision.xlsx"
S2, BOOK, STYLES, RELS = "xl/worksheets/sheet2.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"
FOREIGN = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:x="urn:x" '
    'xmlns:s="http://purl.oclc.org/ooxml/spreadsheetml/main" mc:Ignorable="x" '
)
CELL = r'(<c r="P8"[^>]*>)<v>([0-9]+)</v></c>'
SHEETS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FIRST = f'Type="{SHEETS}/officeDocument"'


@pytest.fixture(scope="module")
def full() -> bytes:
    return decision_workbook(decided(4), "fi")


def put(pattern: str, new: str, part: str = S2, root: str = "worksheet") -> Callable[[Opened], None]:
    def change(opened: Opened) -> None:
        text, times = re.subn(pattern, new, opened.parts[part].decode(), count=1, flags=re.S)
        assert times == 1, pattern
        opened.parts[part] = re.sub(f"<{root} ", f"<{root} {FOREIGN}", text, count=1).encode()

    return change


def added(path: str, data: str) -> Callable[[Opened], None]:
    return lambda opened: opened.parts.__setitem__(path, data.encode())


def cell(inside: str) -> Callable[[Opened], None]:
    return put(CELL, rf"\1{inside}</c>")


def in_book(pattern: str, new: str) -> Callable[[Opened], None]:
    return put(pattern, new, BOOK, "workbook")


COMMENTS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{SHEETS}/comments" Target="../comments1.xml"/></Relationships>'
)
TRICKS: dict[str, Callable[[Opened], None]] = {
    "another value for spreadsheets": cell(r"<v>850000</v><x:v>\2</x:v>"),
    "a value of the strict form": cell(r"<v>850000</v><s:v>\2</s:v>"),
    "two values": cell(r"<v>850000</v><v>\2</v>"),
    "a text beside the value": cell(r"<is><t>850000</t></is><v>\2</v>"),
    "a number that only some read": cell(r"<v>1_\2</v>"),
    "a choice": cell(r"<mc:AlternateContent><mc:Fallback><v>5</v></mc:Fallback></mc:AlternateContent><v>\2</v>"),
    "a value by metadata": put(r'<c r="P8"', '<c vm="1" r="P8"'),
    "no place": put(r'<c r="P8"', "<c"),
    "a cell twice": put(CELL, r"\g<0>\g<0>"),
    "array": put(r'(<c r="O8"[^>]*>)<f>', r'\1<f t="array" ref="O8:P8">'),
    "data table": put(r'(<c r="O8"[^>]*>)<f>', r'\1<f t="dataTable" ref="P8:P9" r1="A1">'),
    "shared by nobody": put(r'(<c r="O8"[^>]*>)<f>.*?</f>', r'\1<f t="shared" si="7"/>'),
    "a choice beside the table": put("</sheetData>", "</sheetData><mc:AlternateContent/>"),
    "two tables": put("</sheetData>", "</sheetData><sheetData/>"),
    "another sheet": put("<worksheet (.*)</worksheet>", r"<chartsheet \1</chartsheet>", root="chartsheet"),
    "rows that are flat by default": put(
        '<sheetFormatPr defaultRowHeight="15"/>', '<sheetFormatPr defaultRowHeight="0.5" customHeight="1"/>'
    ),
    "columns that are nothing by default": put("<sheetFormatPr ", '<sheetFormatPr defaultColWidth="0" '),
    "rows scrolled away for good": put("<sheetView ", '<sheetView topLeftCell="A9" '),
    "no footer": put("<oddFooter>.*?</oddFooter>", ""),
    "hidden row": put('<row r="8"', '<row r="8" hidden="true"'),
    "flat row": put('<row r="8"[^>]*', '<row r="8" ht="0.5" customHeight="1"'),
    "hidden column": put('<col min="3"', '<col hidden="1" min="3"'),
    "zeros away": put("<sheetView ", '<sheetView showZeros="0" '),
    "merged": put("</sheetData>", '</sheetData><mergeCells><mergeCell ref="O8:P8"/></mergeCells>'),
    "conditional formats away": put("<conditionalFormatting.*</conditionalFormatting>", ""),
    "a footer": put("<oddFooter>", "<oddFooter>&amp;C0 €"),
    "a picture behind": put("</worksheet>", '<picture r:id="r1"/></worksheet>'),
    "comments": added("xl/worksheets/_rels/sheet2.xml.rels", COMMENTS),
    "hidden sheet": in_book('sheetId="8"', 'sheetId="8" state="veryHidden"'),
    "another part": in_book('sheetId="2" r:id="rId2"', 'sheetId="2" r:id="rId3" id="rId2" x:id="rId2"'),
    "one part twice": in_book('sheetId="3" r:id="rId3"', 'sheetId="3" r:id="rId2"'),
    "one name twice": in_book('name="Pisteet"', 'name="JÄRJESTYS"'),
    "precision": in_book("<calcPr ", '<calcPr fullPrecision="0" '),
    "days from 1904": in_book("<workbookPr ", '<workbookPr date1904="on" '),
    "a name more": in_book("</definedNames>", '<definedName name="SUMIFS">1</definedName></definedNames>'),
    "a name of one sheet": in_book(
        "</definedNames>", '<definedName name="granted" localSheetId="0">1</definedName></definedNames>'
    ),
    "an area that is printed": in_book(
        "</definedNames>",
        '<definedName name="_xlnm.Print_Area" localSheetId="1">Päätökset!$A$1:$X$9</definedName></definedNames>',
    ),
    "a type of no relation": put(FIRST, 'Type="urn:x/officeDocument"', "_rels/.rels", "Relationships"),
    "a relation twice": put("</Relationships>", r'<Relationship Id="rId2"/></Relationships>', RELS, "Relationships"),
    "a number format": put(r'formatCode="#,##0[^"]*"', 'formatCode="&quot;850 000&quot;"', STYLES, "styleSheet"),
    "nothing shown": put(r'formatCode="#,##0[^"]*"', 'formatCode=";;;"', STYLES, "styleSheet"),
    "phonetic text": put("<si>", "<si><rPh/>", "xl/sharedStrings.xml", "sst"),
    "a text beside runs": put("<si><t", "<si><r><t>x</t></r><t", "xl/sharedStrings.xml", "sst"),
}
HARMLESS = ("a type of no relation",)
"""The part of the workbook is then found by its usual name, as it is."""


@pytest.mark.parametrize("name", TRICKS)
def test_what_would_be_shown_otherwise_is_found(full: bytes, name: str) -> None:
    opened = Opened(full)
    TRICKS[name](opened)
    report = verify(opened.saved(), NAME)
    assert report.findings or name in HARMLESS
    assert all(render(one.message, "en") for one in report.findings)


def test_what_excel_adds_is_no_difference(full: bytes) -> None:
    opened = Opened(full)
    put('<row r="8"', '<row x:dyDescent="0.2" r="8"')(opened)
    in_book(
        "<workbookPr ",
        '<mc:AlternateContent><mc:Choice Requires="x"><x:path/></mc:Choice></mc:AlternateContent><workbookPr ',
    )(opened)
    assert verify(opened.saved(), NAME).findings == ()


def test_formats_are_the_same_however_a_program_writes_them() -> None:
    assert normal_format('#,##0\\ "€"') == normal_format('#,##0" €"') == normal_format("#,##0 [$€-40B]") == "#,##0 €"
    assert normal_format("d.m.yyyy\\ h\\.mm") == normal_format("d\\.m\\.yyyy\\ h\\.mm;@")
    assert normal_format('"850"') != normal_format("850")


def changed(table: str, at: int, **values: object) -> Tables:
    tables = decided(12)
    rows = [{**row, **values} if number == at else row for number, row in enumerate(tables[table])]
    return complete(make({**tables.rows, table: rows}, tables.private))


CONTRADICTIONS = {
    "status": lambda: changed("applications", 0, status="rejected"),
    "basis": lambda: changed("applications", 0, basis="not_funded_budget"),
    "outcome": lambda: changed("eligibility", 0, outcome="not_eligible"),
    "dismissed": lambda: changed("applications", 9, status="withdrawn"),
    "decided": lambda: changed("scenarios", 0, remaining=1),
    "rule": lambda: changed("scenarios", 0, rule="milp"),
    "baseline": lambda: changed("comparison", 11, granted=5_000),
    "remaining": lambda: changed("scenarios", 1, remaining=1),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_tables_that_contradict_each_other_are_found(name: str) -> None:
    assert verify(decision_workbook(CONTRADICTIONS[name](), "en"), NAME).findings


def test_a_result_that_is_left_out_is_found() -> None:
    tables = decided(4)
    facts = {key: value for key, value in facts_of(tables["facts"]).items() if key != "result.spent"}
    made = complete(make({**tables.rows, "facts": list(fact_rows(facts))}, tables.private))
    said = [render(one.message, "en") for one in verify(decision_workbook(made, "en"), NAME).findings]
    assert "The fact result.spent is missing." in said
