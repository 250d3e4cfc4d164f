"""Costs, scenario, comparison, deviations, eligibility and verification: what stands on these sheets, and that it holds."""

import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from decisions.facts import fact_rows, facts_of
from decisions.figures import complete
from decisions.spec import SPECS
from decisions.tables import Private, Tables, hash_of, make, pseudonymised, row_digests, table_digests
from decisions.values import canonical_json, cell_text
from decisions.words import TOTAL, Words
from locales import msg, render
from tests.support.decided import decided
from tests.support.injections import INJECTIONS
from tests.support.office import recalculate_all
from workbooks.decision_cells import AGREES, DIFFERS
from workbooks.decision_fact_labels import ORDER
from workbooks.decision_fact_words import said
from workbooks.decision_plan import HEAD, Plan
from workbooks.decision_plans import parts
from workbooks.decision_read import read_sheets
from workbooks.decision_sheets import Sheets
from workbooks.decision_write import decision_workbook
from workbooks.read_cells import open_cells

RULES: Mapping[str, Any] = {
    "scenario.constraint.0001": {
        "name": "Katto", "sum": "grant", "where": {"theme": ["e_decision_making"], "region": ["01"]}, "max_share": "0.4",
    },
    "scenario.constraint.0002": {"name": "Maakunnat", "sum": "count", "each": "region", "min": 1, "max": 3, "on": False},
    "scenario.exclusive.0001": {"name": "Toinen", "projects": ["ESIM/2020/001", "ESIM/2020/002"], "most": 1},
    "scenario.dependent.0001": {"name": "Yhdessä", "project": "ESIM/2020/003", "needs": ["ESIM/2020/004"]},
    "scenario.force.in.ESIM/2020/007": "Ministerin päätös",
    "scenario.fixed.ESIM/2020/008": 123_456,
    "scenario.tier.0001": {"from": "3.5", "share": "0.8"},
    "call.lock": {"hash": "c" * 64, "by": "Essi Esittelijä", "at": "2020-10-01T06:00:00+00:00"},
    "material.reviews": "b" * 64,
    "result.ties": [["ESIM/2020/001", "ESIM/2020/002"], ["ESIM/2020/003"]],
    "result.gone": [],
    "decision.grounds": "Pitkä perustelu. " * 1_000,
}  # fmt: skip


def with_facts(tables: Tables, facts: Mapping[str, Any]) -> Tables:
    every = {**facts_of(tables["facts"]), **facts}
    return complete(make({**tables.rows, "facts": list(fact_rows(every))}, tables.private))


@cache
def rich() -> Tables:
    """A second decision: an award set by hand, and one withdrawn after the first decision."""
    tables = with_facts(decided(12), RULES)
    applications = [dict(row) for row in tables["applications"]]
    by_hand, withdrawn = applications[3], applications[1]
    common = {"broken": "katto", "by": "Essi", "at": datetime(2020, 12, 1, 8, tzinfo=UTC)}
    overrides = [
        {"number": 1, "case_number": by_hand["case_number"], "kind": "by_hand", "before": 0, "after": by_hand["granted"],
         "reason": "Alueellinen tasapaino", "price": Decimal("3.25"), "decision": 1, **common},
        {"number": 2, "case_number": withdrawn["case_number"], "kind": "withdrawal", "before": withdrawn["granted"],
         "after": 0, "reason": "Hakija perui.", "price": None, "decision": 2, **common},
    ]  # fmt: skip
    withdrawn |= {"previous": withdrawn["granted"], "granted": 0, "status": "withdrawn", "basis": "withdrawn"}
    return complete(make({**tables.rows, "applications": applications, "overrides": overrides}, tables.private))


@cache
def workbook(lang: str, *, plain: bool = False) -> bytes:
    """The workbook of ``rich``."""
    return decision_workbook(rich(), lang, plain=plain)


def opened(xlsx: bytes, *, values: bool = True) -> Workbook:
    return load_workbook(io.BytesIO(xlsx), data_only=values)


def back(xlsx: bytes) -> Sheets:
    """The workbook as the verification reads it."""
    found = read_sheets(open_cells(xlsx, "decision.xlsx"))
    assert found is not None
    return found


def plan_of(tables: Tables, name: str, *, plain: bool = False) -> Plan:
    found = parts(facts_of(tables["facts"]), tables, plain=plain)
    return next(part.plan for part in found if part.plan.id == name)


def sheet_of(tables: Tables, book: Workbook, name: str) -> Any:
    ids = [part.plan.id for part in parts(facts_of(tables["facts"]), tables)]
    return book.worksheets[ids.index(name)]


def rows_of(tables: Tables, book: Workbook, name: str) -> list[dict[str, Any]]:
    """The data of a sheet by the ids of its columns."""
    plan, sheet = plan_of(tables, name), sheet_of(tables, book, name)
    ids = [column.id for column in plan.columns]
    return [dict(zip(ids, row, strict=True)) for row in sheet.iter_rows(min_row=plan.head + 2, max_col=len(ids), values_only=True)]  # fmt: skip


def formulas(book: Workbook) -> Iterator[tuple[str, str]]:
    for sheet in book:
        yield from ((sheet.title, c.coordinate) for row in sheet.iter_rows() for c in row if c.data_type == "f")


# Kustannukset


def test_costs_have_a_total_per_application_with_exact_rounding() -> None:
    tables = decided(12)
    found = rows_of(tables, opened(decision_workbook(tables, "en")), "costs")
    totals = [row for row in found if row["category"] == "Total"]
    assert len(found) == len(tables["costs"]) + len(totals)
    for row, application in zip(totals, tables["applications"], strict=True):
        accepted = application["accepted_costs"]
        assert row["counted"] == accepted
        assert row["by_share"] == Fraction(85, 100) * accepted // 1
        assert row["by_share"] <= Fraction(85, 100) * accepted < row["by_share"] + 1
        assert row["granted"] == application["granted"]
        if application["granted"]:
            share = Fraction(accepted - application["granted"], accepted)
            assert row["own_part"] == accepted - application["granted"]
            assert Fraction(round(row["own_share"] * 10_000)) <= share * 10_000 < round(row["own_share"] * 10_000) + 1
        assert row["other_funding"] == ("not stated" if application["other_funding"] is None else 0)


def test_costs_not_examined_count_as_stated() -> None:
    tables = decided(3)
    costs = [{**row, "accepted": None if row["category"] == "travel" else 1_000} for row in tables["costs"]]
    changed = complete(make({**tables.rows, "costs": costs}, tables.private))
    found = rows_of(changed, opened(decision_workbook(changed, "fi")), "costs")
    by_category = {row["category"]: row for row in found[:3]}
    travel = by_category["Matkakustannukset"]
    assert travel["accepted"] is None
    assert travel["counted"] == travel["applied"]
    assert found[3]["counted"] == travel["applied"] + 2_000


AWKWARD = (1, 3, 19, 20, 21, 39, 100, 999_999_999, 20_000_001, 133_334, 7, 0)


@cache
def awkward() -> Tables:
    """Costs of which 0.85 times the amount falls short of a full euro in floats."""
    tables = decided(12)
    costs = [
        {"case_number": row["case_number"], "category": "travel", "applied": amount, "accepted": None, "comment": ""}
        for row, amount in zip(tables["applications"], AWKWARD, strict=True)
    ]
    return complete(make({**tables.rows, "costs": costs}, tables.private))


# Skenaario


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_every_fact_is_shown_with_words_and_its_exact_value(lang: str) -> None:
    tables = rich()
    found = rows_of(tables, opened(workbook(lang)), "facts")
    exact = {row["key"]: canonical_json(row["value"]) for row in tables["facts"]}
    assert {row["key"]: row["value"] for row in found} == exact
    assert [row["key"] for row in found if row["label"] in (None, row["key"])] == []
    assert [row["key"] for row in found if row["shown"] in (None, "")] == []
    groups = [row["group"] for row in found]
    assert len([at for at, group in enumerate(groups) if at == 0 or group != groups[at - 1]]) == len(set(groups))


def test_facts_have_the_form_of_their_kind() -> None:
    tables = rich()
    sheet = sheet_of(tables, opened(workbook("fi")), "facts")
    plan = plan_of(tables, "facts")
    shown, key = plan.column("shown") + 1, plan.column("key") + 1
    cells = {sheet.cell(row, key).value: sheet.cell(row, shown) for row in range(HEAD + 2, sheet.max_row + 1)}
    assert cells["scenario.appropriation"].value == 10_000_000
    assert "€" in cells["scenario.appropriation"].number_format
    assert (cells["call.largest_share_bp"].value, cells["call.largest_share_bp"].number_format) == (0.85, "0\\ %")
    assert cells["scenario.max_share"].value == 0.85
    assert cells["decision.decided_at"].value == datetime.fromisoformat("2020-12-11T15:00")
    assert cells["criterion.process_change"].value == Words(facts_of(tables["facts"]), "fi").facts["criterion.process_change"]["weight"]  # fmt: skip
    assert cells["scenario.rule"].value == "paremmuusjärjestys: ohitetaan hankkeet, joihin määräraha ei riitä"
    assert cells["decision.stage"].value == "päätös"
    assert cells["scenario.fixed.ESIM/2020/008"].value == 123_456


def test_long_fact_in_parts_says_what_goes_on() -> None:
    tables = rich()
    words = Words(facts_of(tables["facts"]), "en")
    found = [
        said(row["key"], row["value"], words) for row in tables["facts"] if row["key"].startswith("decision.grounds")
    ]
    assert [render(one.label, "en") for one in found] == [
        "Grounds of the decision, part 1",
        "Grounds of the decision, part 2",
    ]
    assert str(found[0].value).startswith("Pitkä perustelu. Pitkä")
    assert str(found[0].value).endswith("[…]")
    assert found[1].value == "the value goes on"


def test_rules_of_the_scenario_are_said_in_words() -> None:
    words = Words(facts_of(rich()["facts"]), "fi")
    found = {key: said(key, RULES[key], words) for key in RULES if key.startswith("scenario.")}
    assert {key.removeprefix("scenario."): (render(one.label, "fi"), one.value) for key, one in found.items()} == {
        "constraint.0001": ("Rajoite: Katto", "myönnetyt eurot, hankehallinnoijan maakunta: Uusimaa, teema: Sähköinen "
                            "päätöksenteko, enintään 40 % määrärahasta"),
        "constraint.0002": ("Rajoite: Maakunnat", "rahoitettavat hankkeet, kukin arvo erikseen: hankehallinnoijan maakunta, "
                            "vähintään 1, enintään 3 (ei käytössä)"),
        "exclusive.0001": ("Rajoite: Toinen", "enintään 1 hankkeista ESIM/2020/001, ESIM/2020/002"),
        "dependent.0001": ("Rajoite: Yhdessä", "ESIM/2020/003 vain, jos rahoitetaan myös ESIM/2020/004"),
        "force.in.ESIM/2020/007": ("Mukaan otettava hanke, ESIM/2020/007", "Ministerin päätös"),
        "fixed.ESIM/2020/008": ("Asetettu käsin, ESIM/2020/008", 123_456),
        "tier.0001": ("Pistemäärä vähintään 3,50", "80 % haetusta avustuksesta"),
    }  # fmt: skip


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
KNOWN = sorted({*ORDER, *RULES, "criterion.impact", "theme.x", "scenario.force.x", "x", "", "theme", "a.b#c"})


@given(key=st.sampled_from(KNOWN), value=JSON, lang=st.sampled_from(["fi", "sv", "en"]))
@settings(max_examples=400, deadline=None)
def test_facts_of_any_kind_are_shown(key: str, value: Any, lang: str) -> None:
    words = Words({**rich_facts(), key: value}, lang)
    found = said(key, value, words)
    assert isinstance(found.value, (str, int, float))
    assert render(found.label, lang) is not None


@pytest.mark.parametrize("key", ["scenario.max_share", "scenario.gap", "scenario.threshold", "result.objective"])
def test_number_too_long_to_work_out_is_shown_as_it_is(key: str) -> None:
    words = Words({**rich_facts(), key: "1e999999999"}, "fi")
    assert said(key, "1e999999999", words).value == '"1e999999999"'


def test_moment_without_a_zone_is_shown_as_it_is() -> None:
    key, value = "decision.decided_at", "2020-12-11T10:00:00"
    assert said(key, value, Words({**rich_facts(), key: value}, "fi")).value == f'"{value}"'


@cache
def rich_facts() -> Mapping[str, Any]:
    return facts_of(rich()["facts"])


# Vertailu


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_comparison_reads_back(lang: str, plain: bool) -> None:
    tables = rich()
    odd = [*tables["comparison"], {"scenario": "Vanha", "case_number": "ESIM/2020/001", "granted": None}]
    odd += [{"scenario": "Vertailukohta", "case_number": "MUU/1", "granted": 10**15}]
    tables = complete(make({**tables.rows, "comparison": odd}, tables.private))
    found = back(decision_workbook(tables, lang, plain=plain))
    assert (
        make({name: found.rows[name] for name in ("scenarios", "comparison")}).rows
        == make({name: tables[name] for name in ("scenarios", "comparison")}).rows
    )
    assert found.faults == []


def test_comparison_marks_the_decided_scenario_and_draws_the_sums() -> None:
    tables = decided(6)
    book = opened(decision_workbook(tables, "en"), values=False)
    sheet = sheet_of(tables, book, "comparison")
    head = plan_of(tables, "comparison").head
    assert [sheet.cell(4, col).value for col in (3, 4)] == ["yes", "no"]
    assert [bool(sheet.cell(head + 2, col).font.bold) for col in (3, 4)] == [True, False]
    assert len(sheet._charts) == 1
    sums = opened(decision_workbook(tables, "en"))
    stated = [sheet_of(tables, sums, "comparison").cell(9, col).value for col in (3, 4)]
    assert stated == [sum(row["granted"] for row in tables["applications"]), 0]


def test_comparison_without_scenarios_is_empty() -> None:
    tables = decided(3)
    tables = complete(make({**tables.rows, "scenarios": [], "comparison": []}, tables.private))
    found = back(decision_workbook(tables, "fi"))
    assert (found.rows["scenarios"], found.rows["comparison"]) == ([], [])


# Poikkeamat, Kelpoisuus


def test_deviations_state_reason_price_and_change() -> None:
    tables = rich()
    found = rows_of(tables, opened(workbook("fi")), "overrides")
    first, second = tables["overrides"]
    assert [(row["kind"], row["difference"], row["price"], row["reason"]) for row in found] == [
        ("käsin asetettu avustus", first["after"], 3.25, "Alueellinen tasapaino"),
        ("peruuttaminen päätöksen jälkeen", -second["before"], None, "Hakija perui."),
    ]
    assert found[0]["at"] == datetime.fromisoformat("2020-12-01T10:00")


def test_eligibility_is_said_in_words() -> None:
    tables = decided(12)
    found = rows_of(tables, opened(decision_workbook(tables, "en")), "eligibility")
    assert [found[at]["outcome"] for at in (0, 9)] == ["eligible", "dismissed without examination"]
    assert found[9]["checks"] == "Arrived before the closing: not met"
    assert [found[at]["members_confirmed"] for at in (0, 2)] == ["no", "yes"]


# Tarkistus


@pytest.mark.parametrize("plain", [False, True])
def test_verification_sheet_states_hash_digests_and_names(plain: bool) -> None:
    tables = rich()
    found = back(workbook("sv", plain=plain))
    assert found.stated is not None
    assert found.stated.hash == hash_of(tables)
    digests = {name: row_digests(tables, name) for name in SPECS}
    assert found.stated.rows == {name: {one.key: one for one in rows} for name, rows in digests.items()}
    assert found.stated.tables == table_digests(digests)
    assert found.private == tables.private
    assert hash_of(found.tables()) == hash_of(tables)


def test_verification_sheet_without_names_has_the_same_hash() -> None:
    tables = rich()
    xlsx = decision_workbook(pseudonymised(tables), "fi")
    found = back(xlsx)
    assert found.stated is not None
    assert (found.stated.hash, found.private) == (hash_of(tables), {})
    texts = {str(c.value) for sheet in opened(xlsx) for row in sheet.iter_rows() for c in row}
    assert not {one.name for one in tables.private.values()} & texts


@pytest.mark.parametrize("lang", ["fi", "en"])
def test_sums_agree_and_tell_when_the_tables_do_not(lang: str) -> None:
    good, bad = render(AGREES, lang), render(DIFFERS, lang)
    tables = rich()
    assert {row["value"] for row in sums(tables, lang)} == {good}
    applications = [dict(row) for row in tables["applications"]]
    applications[0]["granted"] += 1
    changed = complete(make({**tables.rows, "applications": applications}, tables.private))
    wrong = {row["which"]: row["marks"] for row in sums(changed, lang) if row["value"] == bad}
    assert wrong == {"appropriation": 1, "decided": 1}


def sums(tables: Tables, lang: str) -> list[dict[str, Any]]:
    return [row for row in rows_of(tables, opened(decision_workbook(tables, lang)), "check") if row["what"] == "sum"]


# LibreOffice


@cache
def injected() -> Tables:
    """Every injection in every text that people write, the names of scenarios and reviewers among them."""
    n = len(INJECTIONS)
    tables = decided(n)
    texts = [cell_text(text) for text in INJECTIONS]
    names = {"Jako": texts[0], "Vertailukohta": texts[9]}
    rows: dict[str, Any] = {
        **tables.rows,
        "applications": [
            {**row, "applicant": text, "project": text, "reasons": text, "business_id": text}
            for row, text in zip(tables["applications"], texts, strict=True)
        ],
        "costs": [{**row, "comment": texts[at % n]} for at, row in enumerate(tables["costs"])],
        "scores": [{**row, "reason": texts[at % n]} for at, row in enumerate(tables["scores"])],
        "eligibility": [
            {**row, "reason": text, "by": text} for row, text in zip(tables["eligibility"], texts, strict=True)
        ],
        "scenarios": [{**row, "name": names[row["name"]]} for row in tables["scenarios"]],
        "comparison": [{**row, "scenario": names[row["scenario"]]} for row in tables["comparison"]],
        "overrides": [
            {"number": at, "case_number": "ESIM/2020/001", "kind": "by_hand", "before": 0, "after": 0, "reason": text,
             "price": None, "broken": text, "by": text, "at": datetime(2020, 12, 1, tzinfo=UTC), "decision": 1}
            for at, text in enumerate(texts)
        ],
    }  # fmt: skip
    private = {
        code: Private(text, one.nonce) for (code, one), text in zip(tables.private.items(), texts[9:], strict=False)
    }
    return with_facts(make(rows, private), {"decision.grounds": texts[9], "scenario.name": texts[0]})


def empty() -> Tables:
    nothing: dict[str, Any] = {name: [] for name in ("scenarios", "comparison", "costs", "overrides", "eligibility")}
    return complete(make({**decided(2).rows, **nothing}))


CHANGES = (
    ("applications", "granted", 0, 200_001, {"appropriation", "decided"}),
    ("comparison", "scenario 0", 0, 200_001, {"decided"}),
    ("costs", "counted", 3, 200_001, {"costs"}),
    ("applications", "status", 0, "x", {"statuses"}),
    ("eligibility", "case_number", 0, None, {"rows.eligibility"}),
)
"""Sheet, column, row of data, new value, and the reconciliations that no longer agree."""


def changed(name: str, column: str, row: int, value: object) -> bytes:
    """The workbook with one cell changed."""
    book, plan = opened(workbook("fi"), values=False), plan_of(rich(), name)
    sheet_of(rich(), book, name).cell(plan.head + 2 + row, plan.column(column) + 1).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[bytes, Workbook]]:
    """Workbooks as written and as LibreOffice calculates them, in one start of it; the changed ones last."""
    written = [
        workbook("fi"),
        decision_workbook(empty(), "en"),
        decision_workbook(awkward(), "en"),
        decision_workbook(injected(), "fi"),
        *(changed(*change[:4]) for change in CHANGES),
    ]
    return list(zip(written, recalculate_all(written, tmp_path_factory.mktemp("office")), strict=True))


@pytest.mark.office
def test_formulas_recalculated_equal_what_was_written(recalculated: list[tuple[bytes, Workbook]]) -> None:
    for xlsx, again in recalculated[:4]:
        cached = opened(xlsx)
        places = list(formulas(opened(xlsx, values=False)))
        assert len(places) > 50
        for sheet, cell in places:
            expected, got = cached[sheet][cell].value, again[sheet][cell].value
            same = got == pytest.approx(expected, rel=1e-12) if isinstance(expected, float) else got == expected
            assert same, (sheet, cell, expected, got)


@pytest.mark.office
def test_ceiling_by_the_share_is_exact_where_floats_are_not(recalculated: list[tuple[bytes, Workbook]]) -> None:
    totals = [row for row in rows_of(awkward(), recalculated[2][1], "costs") if row["category"] == "Total"]
    assert [row["by_share"] for row in totals] == [85 * amount // 100 for amount in AWKWARD]


@pytest.mark.office
@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_checks_turn_when_a_cell_is_changed(number: int, recalculated: list[tuple[bytes, Workbook]]) -> None:
    book, bad = recalculated[4 + number][1], render(DIFFERS, "fi")
    found = {row["which"] for row in rows_of(rich(), book, "check") if row["what"] == "sum" and row["value"] == bad}
    assert found >= CHANGES[number][4]
    assert sheet_of(rich(), book, "check")["B5"].value == bad


@pytest.mark.office
def test_injections_stay_text_in_the_workbook_and_in_libreoffice(recalculated: list[tuple[bytes, Workbook]]) -> None:
    xlsx, again = recalculated[3]
    columns = {"overrides": "reason", "costs": "comment", "eligibility": "by", "applications": "project"}
    for name, column in columns.items():
        for book in (opened(xlsx), again):
            shown = {row[column] for row in rows_of(injected(), book, name)} - {None}
            assert shown == {cell_text(text) for text in INJECTIONS}, name


def test_injections_make_no_formula() -> None:
    tables = injected()
    quiet = {
        **tables.rows,
        "overrides": [{**row, "reason": "", "broken": "", "by": ""} for row in tables["overrides"]],
        "costs": [{**row, "comment": ""} for row in tables["costs"]],
        "applications": [{**row, "project": "", "reasons": "", "applicant": ""} for row in tables["applications"]],
    }
    harmless = complete(make(quiet, decided(len(INJECTIONS)).private))
    live, expected = (list(formulas(opened(decision_workbook(one, "fi"), values=False))) for one in (tables, harmless))
    assert live == expected


def test_total_rows_are_not_rows_of_the_table() -> None:
    plan = plan_of(decided(2), "costs")
    assert [plan.ours({"category": code}) for code in ("travel", TOTAL)] == [True, False]
    assert render(msg("Total"), "en") == "Total"
