from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from decisions.checking import (
    Difference,
    Stated,
    against_commitments,
    against_digests,
    against_expected,
    against_references,
    against_snapshot,
    completed,
)
from decisions.checking_rule import against_rule
from decisions.facts import facts_of
from decisions.spec import SPECS
from decisions.tables import RowDigest, Tables, hash_of, make, row_digests, table_digests
from tests.support.decided import case, decided


def stated(tables: Tables) -> Stated:
    rows = {name: {one.key: one for one in row_digests(tables, name)} for name in SPECS}
    return Stated(rows, table_digests({name: found.values() for name, found in rows.items()}), hash_of(tables))


def changed(tables: Tables, table: str, at: int, **values: Any) -> Tables:
    rows = [{**row, **values} if place == at else row for place, row in enumerate(tables[table])]
    return make({**tables.rows, table: rows}, tables.private)


def places(found: Any) -> list[tuple[str, str, str, str]]:
    return [(one.target, one.table, one.key, one.field) for one in found]


def test_whole_tables_have_no_difference() -> None:
    tables = decided(8)
    assert list(against_digests(tables, stated(tables))) == []
    assert list(against_commitments(tables)) == []
    assert list(against_rule(tables)) == []
    assert list(against_snapshot(tables, tables)) == []
    assert list(against_references(tables, facts_of(tables["facts"]))) == []
    assert completed(tables) == tables
    assert list(against_expected(*[hash_of(tables)] * 3)) == []


def test_every_changed_value_of_a_row_is_named() -> None:
    tables = decided(8)
    other = changed(tables, "applications", 2, granted=1, reasons="other")
    found = list(against_digests(other, stated(tables)))
    assert places(found) == [("value", "applications", case(2), name) for name in ("granted", "reasons")]
    assert [(one.stated, one.expected) for one in against_snapshot(other, tables)] == [
        ("1", str(tables["applications"][2]["granted"])),
        ("other", tables["applications"][2]["reasons"]),
    ]


def test_a_changed_key_is_one_difference_and_a_row_that_is_gone_another() -> None:
    tables = decided(8)
    other = changed(tables, "eligibility", 3, case_number="X")
    assert places(against_digests(other, stated(tables))) == [("value", "eligibility", "X", "case_number")]
    fewer = make({**tables.rows, "costs": tables["costs"][1:]}, tables.private)
    key = f"{tables['costs'][0]['case_number']} · {tables['costs'][0]['category']}"
    assert places(against_digests(fewer, stated(tables))) == [("row", "costs", key, "")]
    assert places(against_digests(tables, stated(fewer))) == [("row", "costs", key, "")]


def swapped(found: Mapping[str, Any], key: str, new: Any) -> dict[str, Any]:
    return {**found, key: new}


def test_one_changed_digest_is_one_difference() -> None:
    tables = decided(8)
    whole = stated(tables)
    first = whole.rows["costs"][next(iter(whole.rows["costs"]))]
    wrong = swapped(whole.rows["costs"], first.key, RowDigest(first.key, first.marks, "0" * 64))
    row = replace(whole, rows=swapped(whole.rows, "costs", wrong))
    assert places(against_digests(tables, row)) == [("row_digest", "costs", first.key, "")]
    table = replace(whole, tables=swapped(whole.tables, "costs", "0" * 64))
    assert places(against_digests(tables, table)) == [("table_digest", "costs", "", "")]
    assert places(against_digests(tables, replace(whole, hash="0" * 64))) == [("hash", "", "", "")]


@pytest.mark.parametrize("at", [0, 1])
def test_another_hash_than_the_published_one_is_a_difference(at: int) -> None:
    own = ["a" * 64, "a" * 64]
    own[at] = "b" * 64
    found = list(against_expected(own[0], own[1], "a" * 64))
    assert [(one.target, one.stated, one.expected) for one in found] == [("hash", "b" * 64, "a" * 64)]


def test_rows_that_name_nothing_known_are_named() -> None:
    tables = changed(changed(changed(decided(8), "scores", 0, reviewer="R99"), "costs", 0, case_number="X"), "scores", 1,
                     criterion="none")  # fmt: skip
    found = places(against_references(tables, facts_of(tables["facts"])))
    assert sorted((table, field) for _, table, _, field in found) == [
        ("costs", "case_number"),
        ("scores", "criterion"),
        ("scores", "reviewer"),
    ]


def test_awards_and_results_that_the_rule_does_not_give_are_named() -> None:
    tables = decided(8)
    funded = next(at for at, row in enumerate(tables["applications"]) if row["granted"])
    given = tables["applications"][funded]["granted"]
    other = changed(tables, "applications", funded, granted=given - 1)
    found = list(against_rule(other))
    assert [(one.table, one.key, one.field, one.stated, one.expected) for one in found] == [
        ("applications", case(funded), "granted", str(given - 1), str(given))
    ]
    at = next(place for place, row in enumerate(tables["facts"]) if row["key"] == "result.spent")
    assert places(against_rule(changed(tables, "facts", at, value=5))) == [("value", "facts", "result.spent", "value")]


def test_what_changes_say_of_before_must_be_what_was_before() -> None:
    tables = decided(8)
    first = next(row for row in tables["applications"] if row["granted"])
    row = {
        "number": 1, "case_number": first["case_number"], "kind": "correction", "before": first["granted"] + 1, "after": 0,
        "decision": 2,
    }  # fmt: skip
    after = {"granted": 0, "status": "rejected", "basis": "correction"}
    rows = [{**one, **after} if one is first else one for one in tables["applications"]]
    other = make({**tables.rows, "applications": rows, "overrides": [row]}, tables.private)
    assert places(against_rule(other)) == [("value", "overrides", "1", "before")]


def test_tables_that_cannot_be_are_one_difference() -> None:
    tables = decided(8)
    at = next(place for place, row in enumerate(tables["facts"]) if row["key"] == "call.unit")
    broken = changed(tables, "facts", at, value=0)
    found = completed(broken)
    assert isinstance(found, Difference)
    assert found.target == "decision"
