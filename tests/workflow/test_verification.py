import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from decisions.snapshot import Snapshot, to_bytes
from decisions.tables import Private, Tables, hash_of, pseudonymised
from locales import render
from tests.support import office
from tests.support.decided import case, decided
from tests.support.tampering import KINDS, Opened, reforged, tampered
from workbooks import decision_cases
from workbooks.decision_plan import sheet_name
from workbooks.decision_write import decision_workbook
from workflow.verification import MOST_LISTED, Report, verify

NAME = "decision.xlsx"


@pytest.fixture(scope="module")
def tables() -> Tables:
    return decided(6)


@pytest.fixture(scope="module")
def full(tables: Tables) -> bytes:
    return decision_workbook(tables, "fi")


def cells(report: Report) -> list[tuple[str, str]]:
    return [(one.sheet, one.cell) for one in report.findings]


def words(report: Report) -> list[str]:
    return [render(one.message, "en") for one in report.findings]


def place(data: bytes, text: str) -> tuple[str, str]:
    """The last cell with this text: a copy of it may stand on the first sheet."""
    opened = Opened(data)
    found = [one for sheet in opened.sheets for one in opened.cells(sheet) if one.text == text]
    assert found, text
    return found[-1].sheet, found[-1].cell


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("named", [False, True])
def test_a_fresh_workbook_agrees(tables: Tables, lang: str, plain: bool, named: bool) -> None:
    data = decision_workbook(tables if named else pseudonymised(tables), lang, plain=plain)
    snapshot = to_bytes(Snapshot(tables, {}))
    expected = hash_of(tables)
    assert verify(data, NAME, expected.upper() + "\n", snapshot) == Report(True, expected, ())


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", KINDS)
def test_every_tampering_is_found_and_its_cell_named(full: bytes, kind: str, seed: int) -> None:
    data, changed = tampered(full, kind, seed)
    report = verify(data, NAME)
    assert not report.ok
    assert set(changed) <= set(cells(report)), (changed, words(report))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", ["number", "text", "digest", "value by formula"])
def test_tampering_with_the_plain_and_pseudonymised_variant_is_found(tables: Tables, kind: str, seed: int) -> None:
    data, changed = tampered(decision_workbook(pseudonymised(tables), "sv", plain=True), kind, seed)
    assert set(changed) <= set(cells(verify(data, NAME)))


def test_a_euro_moved_from_one_application_to_another_is_found_in_both(tables: Tables, full: bytes) -> None:
    opened, moved = Opened(full), []
    two = [row for row in tables["applications"] if row["status"] == "approved"][:2]
    granted = decision_cases.PLAN.column("granted")
    for row, step in zip(two, (1, -1), strict=True):
        sheet = sheet_name(decision_cases.PLAN.name, "fi")
        line = next(one.row for one in opened.cells(sheet) if one.text == row["case_number"])
        moved.append((sheet, f"{chr(65 + granted)}{line}"))
        found = next(one for one in opened.cells(sheet) if one.cell == moved[-1][1])
        assert found.number == str(row["granted"])
        opened.put_number(found, str(row["granted"] + step))
    report = verify(opened.saved(), NAME, hash_of(tables))
    listed = {(one.sheet, one.cell): one for one in report.findings}
    assert [cells(report)[0], cells(report)[1]] == moved
    assert [listed[at].expected for at in moved] == [str(row["granted"]) for row in two]


def test_a_row_that_was_deleted_is_named(full: bytes) -> None:
    opened = Opened(full)
    sheet, cell = place(full, "Perustelu 2.1.1")
    opened.drop_row(sheet, int(cell.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")))
    report = verify(opened.saved(), NAME)
    missing = next(one for one in report.findings if f": {case(1)} · R" in str(one.expected))
    assert render(missing.message, "en") == "The row is missing: its digest is here."
    assert f"{sheet} A" in " ".join(f"{one.sheet} {one.cell}" for one in report.findings[:3])


def test_an_amount_that_was_deleted_from_the_comparison_is_named(full: bytes) -> None:
    book = load_workbook(io.BytesIO(full))
    sheet = book["Vertailu"]
    cell = next(one for row in sheet.iter_rows(min_row=15) for one in row[2:] if isinstance(one.value, int))
    cell.value = None
    report = verify(saved(book), NAME)
    assert ("Vertailu", cell.coordinate) in {(one.sheet, one.cell) for one in report.findings}


def test_a_row_that_was_added_is_named(tables: Tables, full: bytes) -> None:
    more = reforged(tables, costs=[*tables["costs"], cost(case(0), "other", 500)])
    other, opened = Opened(decision_workbook(more, "fi")), Opened(full)
    sheet, cell = place(other.saved(), "Lisätty kulu")
    opened.parts[opened.sheets[sheet]] = other.parts[other.sheets[sheet]]
    report = verify(opened.saved(), NAME)
    row = cell.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert report.findings[0].sheet == sheet
    assert report.findings[0].cell.endswith(row)
    assert words(report)[0] == "The row has no digest: it was added."


def cost(number: str, category: str, euros: int) -> dict[str, Any]:
    return {"case_number": number, "category": category, "applied": euros, "accepted": None, "comment": "Lisätty kulu"}


def test_another_name_behind_a_code_is_found(tables: Tables) -> None:
    code, one = next(iter(tables.private.items()))
    for private in (Private("Somebody Else", one.nonce), Private(one.name, "0" * 31 + "9")):
        data = decision_workbook(Tables(tables.rows, {**tables.private, code: private}), "en")
        report = verify(data, NAME, hash_of(tables))
        assert words(report) == ["The name is not the one that the code of the reviewer stands for."]
    fewer = {key: value for key, value in tables.private.items() if key != code}
    report = verify(decision_workbook(Tables(tables.rows, fewer), "en"), NAME)
    assert words(report) == ["The name of the reviewer is missing."]


def level_changed(tables: Tables) -> Tables:
    first = next(at for at, row in enumerate(tables["scores"]) if row["level"] == 3)
    rows = [{**row, "level": 5} if at == first else row for at, row in enumerate(tables["scores"])]
    return reforged(tables, scores=rows)


def of_application(k: int, **values: Any) -> Callable[[Tables], Tables]:
    def changed(tables: Tables) -> Tables:
        rows = [{**row, **values} if row["case_number"] == case(k) else row for row in tables["applications"]]
        return reforged(tables, applications=rows)

    return changed


def with_fact(key: str, value: Any) -> Callable[[Tables], Tables]:
    return lambda tables: reforged(tables, facts={key: value})


def by_hand(tables: Tables) -> Tables:
    first = next(row for row in tables["applications"] if row["granted"])
    row = {
        "number": 1, "case_number": first["case_number"], "kind": "by_hand", "before": first["granted"], "after": 1_000,
        "reason": "x", "price": None, "broken": "", "by": "", "at": None, "decision": 1,
    }  # fmt: skip
    return reforged(tables, overrides=[row])


def without(table: str) -> Callable[[Tables], Tables]:
    return lambda tables: reforged(tables, facts=None, **{table: tables[table][1:]})


def confirmed_by(name: str) -> Callable[[Tables], Tables]:
    def changed(tables: Tables) -> Tables:
        first, *others = tables["eligibility"]
        return reforged(tables, facts=None, eligibility=[{**first, "by": name}, *others])

    return changed


def test_an_eligible_application_without_its_confirmation_is_named(tables: Tables) -> None:
    report = verify(decision_workbook(without("eligibility")(tables), "fi"), NAME)
    assert words(report) == ["Eligible applications are in the ranking, and no others."]
    assert report.findings[0].stated == case(0)


FORGERIES: Mapping[str, tuple[Callable[[Tables], Tables], str]] = {
    "a level": (level_changed, "3"),
    "a sum": (of_application(0, applied=199_999), "200000"),
    "a reason": (of_application(1, reasons="Muut perustelut"), "Keksityt perustelut hakemukselle 2."),
    "an applicant": (of_application(2, applicant="Muu hakija"), "keksitty hakija 3"),
    "the appropriation": (with_fact("scenario.appropriation", 1_000_000), ""),
    "the threshold": (with_fact("scenario.threshold", "4"), "2"),
    "the lot": (with_fact("call.lot_seed", 7), ""),
    "an award by hand": (by_hand, ""),
    "who confirmed": (confirmed_by("Joku Muu"), "Essi Esittelijä"),
    "a cost": (without("costs"), case(0)),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_consistent_in_itself_is_found_by_hash_and_snapshot(tables: Tables, name: str) -> None:
    forge, old = FORGERIES[name]
    forged = forge(tables)
    assert hash_of(forged) != hash_of(tables)
    data = decision_workbook(forged, "sv")
    assert verify(data, NAME) == Report(True, hash_of(forged), ())
    expected = verify(data, NAME, hash_of(tables))
    assert words(expected) == ["The decision is not the one that was published with this hash."]
    assert (expected.findings[0].stated, expected.findings[0].expected) == (hash_of(forged), hash_of(tables))
    known = verify(data, NAME, None, to_bytes(Snapshot(tables, {})))
    assert not known.ok
    assert old in " ".join(str(one.expected) for one in known.findings)


def test_the_snapshot_names_the_old_value_of_a_changed_cell(tables: Tables, full: bytes) -> None:
    opened = Opened(full)
    at = place(full, "Perustelu 3.2.1")
    opened.put_text(next(one for one in opened.cells(at[0]) if one.cell == at[1]), "Toinen perustelu")
    report = verify(opened.saved(), NAME, None, to_bytes(Snapshot(tables, {})))
    first = report.findings[0]
    assert (first.sheet, first.cell, first.stated, first.expected) == (*at, "Toinen perustelu", "Perustelu 3.2.1")


def test_a_snapshot_that_is_broken_changed_or_of_another_decision_is_said(tables: Tables, full: bytes) -> None:
    whole = to_bytes(Snapshot(tables, {"call": [1]}))
    assert words(verify(full, NAME, None, b"{}")) == [
        "The file of the snapshot cannot be read: It is no frozen decision of format 1."
    ]
    assert words(verify(full, NAME, None, b"{")) == ["The file of the snapshot cannot be read: It is not JSON."]
    assert words(verify(full, NAME, None, whole)) == ["The file of the snapshot has been changed: the call"]
    another = to_bytes(Snapshot(decided(7), {}))
    assert not verify(full, NAME, None, another).ok


@pytest.mark.parametrize("value", ["", "abc", "g" * 64, "0" * 63])
def test_a_hash_that_is_none_is_said(full: bytes, value: str) -> None:
    assert words(verify(full, NAME, value)) == [f"{value} is not a hash; 64 hexadecimal digits are."]


def test_an_untouched_workbook_saved_by_openpyxl_agrees_and_a_touched_one_does_not(full: bytes) -> None:
    book = load_workbook(io.BytesIO(full))
    assert verify(saved(book), NAME).ok
    sheet, cell = place(full, "Keksitty hanke 4")
    book[sheet][cell] = "Toinen hanke"
    report = verify(saved(book), NAME)
    assert (sheet, cell) in cells(report)


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_rows_that_a_filter_hides_are_named_and_their_sums_are_not(tables: Tables, full: bytes) -> None:
    opened, sheet = Opened(full), sheet_name(decision_cases.PLAN.name, "fi")
    sums = next(one for one in opened.cells(sheet) if (one.formula or ("", ""))[0].startswith("SUBTOTAL("))
    formula, value = sums.formula or ("", "")
    opened.put(sums, f"><f>{formula}</f><v>{int(value) - 1}</v>")
    assert cells(verify(opened.saved(), NAME)) == [(sheet, sums.cell)]
    name = opened.sheets[sheet]
    opened.parts[name] = opened.parts[name].replace(b'<row r="8"', b'<row r="8" hidden="1"')
    assert cells(verify(opened.saved(), NAME)) == [(sheet, "A8")]


@pytest.mark.office
def test_an_untouched_workbook_saved_by_libreoffice_agrees_and_a_touched_one_does_not(
    tables: Tables, full: bytes, tmp_path: Path
) -> None:
    opened = Opened(full)
    at = place(full, "Perustelu 1.1.1")
    opened.put_text(next(one for one in opened.cells(at[0]) if one.cell == at[1]), "Toinen perustelu")
    plain = decision_workbook(pseudonymised(tables), "sv", plain=True)
    whole, touched, bare = office.convert([full, opened.saved(), plain], "xlsx", tmp_path)
    assert verify(whole, NAME, hash_of(tables)) == Report(True, hash_of(tables), ())
    assert verify(bare, NAME, hash_of(tables)) == Report(True, hash_of(tables), ())
    assert at in cells(verify(touched, NAME))


def test_no_more_findings_are_listed_than_people_read(tables: Tables, full: bytes) -> None:
    other = Opened(decision_workbook(level_changed(tables), "fi"))
    opened = Opened(full)
    for sheet in ("xl/worksheets/sheet9.xml", "xl/worksheets/sheet4.xml", "xl/worksheets/sheet1.xml"):
        opened.parts[sheet] = other.parts[sheet].replace(b"Keksitty", b"Toinen").replace(b"Perustelu", b"Syy")
    report = verify(opened.saved(), NAME)
    assert len(report.findings) <= MOST_LISTED
    assert report.further == 0 or len(report.findings) == MOST_LISTED


def test_another_version_of_the_program_is_said_when_something_differs(tables: Tables) -> None:
    made = reforged(tables, facts={"program.version": "0.0.1"})
    data = decision_workbook(made, "fi")
    assert verify(data, NAME).ok
    changed, _ = tampered(data, "text", 1)
    assert words(verify(changed, NAME))[0].startswith("The workbook was made by version 0.0.1")
