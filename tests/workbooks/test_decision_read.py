"""What was written into a decision workbook is what is read back, in every language and variant."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.facts import fact_rows, facts_of
from decisions.figures import complete
from decisions.tables import Tables, hash_of, make, pseudonymised
from decisions.words import Words, check_codes, check_words
from tests.support.decided import case, decided
from tests.support.tampering import Opened
from workbooks.decision_cells import SEPARATOR
from workbooks.decision_differences import normal_formula
from workbooks.decision_read import read_sheets
from workbooks.decision_sheets import Sheets
from workbooks.decision_write import decision_workbook
from workbooks.read_cells import Failed, Formula, number_of, open_cells


def read(data: bytes) -> Sheets:
    found = read_sheets(open_cells(data, "x.xlsx"))
    assert found is not None
    return found


def rich() -> Tables:
    """Tables with every kind of value: nothing, the largest numbers, several lines, later decisions."""
    tables = decided(12)
    override = {
        "number": 1, "case_number": case(0), "kind": "correction", "before": 5, "after": 10**15 + 1, "reason": "a\nb",
        "price": -3, "broken": "x; y", "by": "B", "at": tables["eligibility"][0]["at"], "decision": 2,
    }  # fmt: skip
    rows = {
        **tables.rows,
        "overrides": [override],
        "scenarios": [
            *tables["scenarios"],
            {"name": "a; ' \" =1+1", "decided": None, "rule": "", "appropriation": None, "remaining": -5},
        ],
        "comparison": [
            *tables["comparison"],
            {"scenario": "only compared", "case_number": case(1), "granted": None},
            {"scenario": "only compared", "case_number": case(2), "granted": 7},
        ],
    }
    facts = {**facts_of(tables["facts"]), "call.lock": {"deep": ["long ä" * 6_000]}, "decision.previous": ""}
    return complete(make({**rows, "facts": list(fact_rows(facts))}, tables.private))


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
@pytest.mark.parametrize("plain", [False, True])
def test_tables_are_read_back_as_they_were_written(lang: str, plain: bool) -> None:
    tables = rich()
    for one in (tables, pseudonymised(tables)):
        found = read(decision_workbook(one, lang, plain=plain))
        assert (found.lang, found.plain, found.faults, found.absent) == (lang, plain, [], set())
        again = found.tables()
        assert hash_of(again) == hash_of(tables)
        assert complete(again) == one
        assert found.stated is not None
        assert found.stated.hash == hash_of(tables)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@settings(max_examples=25, deadline=None)
@given(TEXTS, TEXTS, st.integers(0, 10**12), st.integers(-(10**16), 10**16) | st.none())
def test_any_text_and_number_survives(text: str, other: str, euros: int, known: int | None) -> None:
    tables = decided(2)
    first, *rest = tables["applications"]
    changed = {**first, "project": text, "reasons": other + text, "applied": euros, "own_funding": known}
    tables = complete(make({**tables.rows, "applications": [changed, *rest]}, tables.private))
    found = read(decision_workbook(tables, "fi"))
    assert (found.faults, hash_of(found.tables())) == ([], hash_of(tables))


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_words_of_codes_can_be_told_apart(lang: str) -> None:
    words = Words(facts_of(decided(2)["facts"]), lang)
    for vocabulary in ("status", "basis", "region", "municipality", "rule", "override", "eligibility", "category"):
        for code in words.codes(vocabulary):
            assert words.code(vocabulary, words.of(vocabulary, code)) == code
    for said, code in check_codes(lang).items():
        assert SEPARATOR not in said
        assert check_words(code, lang) == said
    assert all(SEPARATOR not in words.of("region", code) for code in words.codes("region"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SUM(A1:A2)", "sum( A1 : A2 )"),
        ("'Päätökset'!A1", "Päätökset!A1"),
        ("_xlfn.AGGREGATE(1,6,A1)", "AGGREGATE(1,6,A1)"),
        ("IF(TRUE(),1,2)", "IF(TRUE,1,2)"),
        ("'It''s'!A1", "'IT''S'!$A$1".replace("$", "")),
    ],
)
def test_formulas_are_the_same_however_a_program_writes_them(one: str, other: str) -> None:
    assert normal_formula(one) == normal_formula(other)


def test_formulas_that_differ_stay_different() -> None:
    formulas = ['"a b"', '"ab"', '"A B"', "A1", "$A$1", "A1+0", "SUM(A1:A2)", "SUM(A1:A3)", "'a b'!A1"]
    assert len({normal_formula(one) for one in formulas}) == len(formulas)


def test_numbers_are_read_exactly_or_not_at_all() -> None:
    assert [number_of(one) for one in ("12", "-3", "1E3", "0.5", " 7 ")] == [12, -3, 1_000, 0.5, 7]
    assert all(isinstance(number_of(one), Failed) for one in ("", "x", "1e999", "nan", "1" * 500))


def test_formulas_that_several_cells_share_are_those_of_each_cell() -> None:
    opened = Opened(decision_workbook(decided(2), "fi"))
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1+$C$1</f><v>3</v></c><c r="B1" t="b"><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>4</v></c><c r="C2" t="e"><v>#N/A</v></c></row>'
    )
    opened.parts["xl/worksheets/sheet1.xml"] = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    ).encode()
    book = open_cells(opened.saved(), "x.xlsx")
    assert dict(book.rows(book.names[0])) == {
        0: {0: Formula("B1+$C$1", 3), 1: True},
        1: {0: Formula("B2+$C$1", 4), 2: Failed("#N/A")},
    }
