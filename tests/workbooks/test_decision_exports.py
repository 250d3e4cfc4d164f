"""The tables of a decision as JSON and CSV: exact, in the reader's words, and never a formula."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.figures import complete
from decisions.spec import SPECS
from decisions.tables import Tables, hash_of, make, pseudonymised
from decisions.values import cell_text, from_plain
from tests.support.decided import decided
from tests.support.injections import INJECTIONS
from tests.support.office import open_csv
from workbooks.decision_exports import README, defused, tables_csv, tables_json
from workbooks.decision_names import field_name

STARTS = "=+-@\t\r\n|%＝＋－＠"


def changed(tables: Tables, **rows: Any) -> Tables:
    return complete(make({**tables.rows, **rows}, tables.private))


def lines(archive: bytes, table: str) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return list(csv.reader(io.StringIO(opened.read(f"{table}.csv").decode("utf-8-sig"), newline=""), delimiter=";"))


def injected() -> Tables:
    """Every injection as the name of a project, as a reason, and as a comment on costs."""
    tables = decided(len(INJECTIONS))
    applications = [
        {**row, "project": text, "applicant": text}
        for row, text in zip(tables["applications"], INJECTIONS, strict=True)
    ]
    costs = [{**row, "comment": INJECTIONS[at % len(INJECTIONS)]} for at, row in enumerate(tables["costs"])]
    return changed(tables, applications=applications, costs=costs)


def test_json_holds_every_value_and_the_hash() -> None:
    tables = decided(12)
    record = json.loads(tables_json(tables))
    assert record["hash"] == hash_of(tables)
    read = {
        name: [{field.id: from_plain(row[field.id], field.kind) for field in spec.fields} for row in record["tables"][name]]
        for name, spec in SPECS.items()
    }  # fmt: skip
    assert read == {name: [dict(row) for row in tables[name]] for name in SPECS}
    assert set(record["reviewers"]) == set(tables.private)


def test_json_and_csv_without_names_say_none() -> None:
    tables = pseudonymised(decided(12))
    names = [one.name for one in decided(12).private.values()]
    json_text = tables_json(tables).decode()
    cells = [cell for row in lines(tables_csv(tables, "fi"), "reviewers") for cell in row]
    assert json.loads(json_text)["reviewers"] == {}
    assert not [name for name in names if name in json_text or name in cells]


def test_json_with_half_a_character_is_read() -> None:
    tables = decided(2)
    facts = [row for row in tables["facts"] if row["key"] != "decision.grounds"]
    broken = changed(tables, facts=[*facts, {"key": "decision.grounds", "value": "a\udc80b"}])
    found = json.loads(tables_json(broken).decode("utf-8"))
    assert {row["key"]: row["value"] for row in found["tables"]["facts"]}["decision.grounds"] == "a\udc80b"


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_csv_has_one_file_per_table_with_its_columns(lang: str) -> None:
    tables = decided(12)
    archive = tables_csv(tables, lang)
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.namelist() == [*(f"{name}.csv" for name in SPECS), README]
        assert {entry.date_time for entry in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert all(opened.read(name).startswith(b"\xef\xbb\xbf") for name in opened.namelist())
        assert hash_of(tables) in opened.read(README).decode("utf-8-sig")
    for name, spec in SPECS.items():
        found = lines(archive, name)
        further = 2 if name == "reviewers" else 0
        assert [len(row) for row in found] == [len(spec.fields) + further] * (len(tables[name]) + 1)
    assert tables_csv(tables, lang) == archive


def test_csv_says_values_in_finnish() -> None:
    tables = decided(2)
    overrides = [
        {
            "number": 1, "case_number": tables["applications"][0]["case_number"], "kind": "by_hand", "before": 5, "after": 0,
            "reason": "Syy", "price": Decimal("-3.25"), "broken": "", "by": "Essi", "decision": 1,
            "at": datetime(2020, 12, 1, 8, tzinfo=UTC),
        }
    ]  # fmt: skip
    archive = tables_csv(changed(tables, overrides=overrides), "fi")
    assert lines(archive, "overrides")[1] == [
        "1", "ESIM/2020/001", "käsin asetettu avustus", "5", "0", "Syy", "-3,25", "", "Essi", "2020-12-01 10:00:00", "1",
    ]  # fmt: skip
    application = dict(zip(lines(archive, "applications")[0], lines(archive, "applications")[1], strict=True))
    assert {key: application[key] for key in ("Asianumero", "Asiointikieli", "Haettu", "Saapunut")} == {
        "Asianumero": "ESIM/2020/001", "Asiointikieli": "suomi", "Haettu": "200000", "Saapunut": "2020-09-22 13:00:00",
    }  # fmt: skip
    assert application["Muu julkinen rahoitus"] == ""


def test_csv_writes_shares_as_per_cent_and_decimals_in_the_language() -> None:
    tables = decided(2)
    own = Fraction(tables["applications"][0]["own_share"], 100)
    for lang, mark in (("fi", ","), ("en", ".")):
        found = lines(tables_csv(tables, lang), "applications")
        written = found[1][[field.id for field in SPECS["applications"].fields].index("own_share")]
        assert Fraction(written.replace(mark, ".")) == own
    assert field_name("applications", "own_share").msgid == "Own funding share"


def test_csv_cells_of_injections_are_text_and_read_back() -> None:
    archive = tables_csv(injected(), "fi")
    found = [row[6] for row in lines(archive, "applications")[1:]]
    assert all(cell[0] not in STARTS for cell in found)
    begun = {text: cell for text, cell in zip(map(cell_text, INJECTIONS), found, strict=True) if cell.startswith("'")}
    # Only what could end a cell has an apostrophe inside as well.
    assert all(cell[1:].replace("'", "") == text.replace("'", "") for text, cell in begun.items())


@given(text=st.text(st.sampled_from([*STARTS, *" ;,\"'\n\tax1(|"]), max_size=12))
@settings(max_examples=300, deadline=None)
def test_defused_text_never_begins_as_a_formula_wherever_it_is_parted(text: str) -> None:
    written = defused(text)
    assert written[:1] not in {*STARTS} - {""} or written == ""
    assert written.replace("'", "") == text.replace("'", "")
    if text[:1].isalpha() and not any(char in text for char in ";,\t\n\r"):
        assert written == text


def test_prose_is_left_alone() -> None:
    for text in ("Hanke A-B, 50 % (vaihe 2)", "Kohdat:\n- ensin\n- sitten (myöhemmin)", "a = b", "x; +5 €", "–5"):
        assert defused(text) == text


def formulas(data: bytes, tmp_path: Path, separator: str) -> list[str]:
    book = open_csv(data, tmp_path, separator)
    return [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def cells(data: bytes, tmp_path: Path) -> Iterator[str]:
    book = open_csv(data, tmp_path)
    yield from (str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if isinstance(c.value, str))


@pytest.mark.office
def test_injections_stay_text_in_libreoffice(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(tables_csv(injected(), "fi"))) as opened:
        data = opened.read("applications.csv")
    undone = "".join(f'"x";"{text.replace(chr(34), 2 * chr(34))}"\r\n' for text in ("=1+1", "x;=1+1")).encode()
    assert formulas(undone, tmp_path, ";") == ["=1+1"]
    assert formulas(data, tmp_path, ";") == []
    # A program that parts cells at commas finds no formula either.
    assert formulas(data, tmp_path, ",") == []
    shown = set(cells(data, tmp_path))
    assert {defused(cell_text(text)) for text in INJECTIONS} <= shown
