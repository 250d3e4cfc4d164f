"""LibreOffice calculates the decision workbook anew and comes to what Python wrote, also after something is changed."""

import io
import subprocess
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from decisions.facts import fact_rows, facts_of
from decisions.figures import complete
from decisions.spec import SPECS
from decisions.tables import Row, Tables, make, pseudonymised
from locales import PSEUDO, format_money, render
from tests.support.decided import decided
from tests.support.office import pictures, print_pdf, recalculate, recalculate_all
from tests.workbooks.decision_sheets_read import layout, lines, read, sheet_of
from workbooks.decision_plan import Placed
from workbooks.decision_write import decision_workbook

office = pytest.mark.office
TABLES = decided(30)
RANKED = ("rank", "tied", "score", "source", "mean", "median", "reviews", "spread")
MONEY = ("accepted_costs", "ceiling", "own_part", "own_share", "within")
AWKWARD = ("1/2020", "00123", "123", "A*", "AB", "=1", "?", "~", "<>", "5.10.2020", "1e3", "TOSI")
"""Case numbers that a criterion of a sum would take for a date, a number, a pattern or a comparison."""


def same(one: object, other: object) -> bool:
    if isinstance(one, float | int) and isinstance(other, float | int) and not isinstance(one, bool):
        return bool(one == pytest.approx(other, rel=1e-12, abs=1e-12))
    return (one or None) == (other or None)


def differing(xlsx: bytes, recalculated: Workbook) -> tuple[int, list[str]]:
    """How many formulas there are, and the cells whose value is not the cached one or is an error."""
    formulas, cached = read(xlsx, values=False), read(xlsx)
    count, found = 0, []
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                got = recalculated[sheet.title][cell.coordinate]
                count += cell.data_type == "f"
                if got.data_type == "e" or (
                    cell.data_type == "f" and not same(cached[sheet.title][cell.coordinate].value, got.value)
                ):
                    found.append(f"{sheet.title}!{cell.coordinate}: {got.value!r} {cell.value}")
    return count, found


def renamed(tables: Tables, names: Mapping[str, str]) -> Tables:
    """``tables`` with other case numbers."""

    def row_of(row: Row) -> dict[str, Any]:
        return (
            {**row, "case_number": names.get(row["case_number"], row["case_number"])}
            if "case_number" in row
            else {**row}
        )

    return complete(make({name: [row_of(row) for row in tables[name]] for name in SPECS}, tables.private))


def awkward() -> Tables:
    """Twelve applications whose case numbers are easily taken for something else."""
    tables = decided(len(AWKWARD))
    return renamed(tables, dict(zip((row["case_number"] for row in tables["applications"]), AWKWARD, strict=True)))


@office
def test_every_recalculated_formula_equals_its_cached_value(tmp_path: Path) -> None:
    wanted: list[tuple[Tables, str, int]] = [
        (decided(61), "fi", 3_500),
        (decided(49, call_id="2022"), "sv", 2_000),
        (pseudonymised(TABLES), PSEUDO, 1_500),
        (awkward(), "en", 600),
        (complete(make({"facts": TABLES["facts"]})), "en", 100),
    ]
    books = [decision_workbook(tables, lang) for tables, lang, _ in wanted]
    for xlsx, recalculated, (tables, lang, least) in zip(
        books, recalculate_all(books, tmp_path), wanted, strict=True
    ):  # fmt: skip
        count, found = differing(xlsx, recalculated)
        assert found == []
        assert count >= least
        for name in ("applied", "granted"):
            column = [line[name] for line in lines(recalculated, layout(tables, lang)["list"])]
            assert sum(value or 0 for value in column) == sum(row[name] for row in tables["applications"])


Change = tuple[str, str, str, float | str]
"""Sheet, column, case number or key in another column, new value."""


def changed(xlsx: bytes, places: Mapping[str, Placed], changes: Mapping[tuple[str, str, int], float | str]) -> bytes:
    """The workbook with other values in the cells of (sheet, column, line of data from 0)."""
    book = load_workbook(io.BytesIO(xlsx))
    for (sheet, column, line), value in changes.items():
        place = places[sheet]
        sheet_of(book, place)[place.cell(column, place.first + line)].value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def line_of(tables: Tables, place: Placed, holds: Callable[[Row], bool]) -> int:
    return next(at for at, row in enumerate(place.plan.listed(tables)) if holds(row))


@office
def test_ranking_and_ceilings_follow_changed_levels_weights_and_costs(tmp_path: Path) -> None:
    places = layout(TABLES, "fi")
    criterion = next(row["key"] for row in TABLES["facts"] if str(row["key"]).startswith("criterion."))
    level = {"case_number": "ESIM/2020/004", "reviewer": "R04"}
    first = next(row for row in TABLES["scores"] if level.items() <= row.items())
    cells: dict[tuple[str, str, int], float | str] = {
        ("facts", "shown", line_of(TABLES, places["facts"], lambda row: row["key"] == criterion)): 7,
        ("scores", "level", line_of(TABLES, places["scores"], lambda row: row is first)): 5
        if first["level"] != 5
        else 1,
        (
            "costs",
            "accepted",
            line_of(TABLES, places["costs"], lambda row: row["case_number"] == "ESIM/2020/007"),
        ): 1_001,
    }
    facts = facts_of(TABLES["facts"])
    facts[criterion] = {**facts[criterion], "weight": 7}
    cost = next(row for row in TABLES["costs"] if row["case_number"] == "ESIM/2020/007")
    listed = next(row for row in places["costs"].plan.listed(TABLES) if row["case_number"] == "ESIM/2020/007")
    rows = {name: [dict(row) for row in TABLES[name]] for name in SPECS} | {
        "facts": [dict(row) for row in fact_rows(facts)]
    }
    for row in rows["scores"]:
        if {name: row[name] for name in ("case_number", "reviewer", "criterion")}.items() <= first.items():
            row["level"] = 5 if first["level"] != 5 else 1
    for row in rows["costs"]:
        if (row["case_number"], row["category"]) == (cost["case_number"], listed["category"]):
            row["accepted"] = 1_001
    expected = complete(make(rows, TABLES.private))
    got = recalculate(changed(decision_workbook(TABLES, "fi"), places, cells), tmp_path)
    fresh = read(decision_workbook(expected, "fi"))
    for sheet, names in (("ranking", RANKED), ("applications", MONEY)):
        after, wanted = (
            {row["case_number"]: [row[name] for name in names] for row in lines(book, place)}
            for book, place in ((got, places[sheet]), (fresh, layout(expected, "fi")[sheet]))
        )
        assert after.keys() == wanted.keys()
        assert [
            (case, after[case], wanted[case])
            for case in wanted
            if not all(same(one, other) for one, other in zip(after[case], wanted[case], strict=True))
        ] == []
    before = {row["case_number"]: row["rank"] for row in TABLES["ranking"]}
    assert before != {row["case_number"]: row["rank"] for row in expected["ranking"]}


@office
def test_check_cell_tells_when_a_euro_has_moved(tmp_path: Path) -> None:
    places, xlsx = layout(TABLES, "en"), decision_workbook(TABLES, "en")
    applications = places["applications"]
    approved = line_of(TABLES, applications, lambda row: row["status"] == "approved")
    rejected = line_of(TABLES, applications, lambda row: row["status"] == "rejected")
    key = line_of(TABLES, places["facts"], lambda row: row["key"] == "scenario.appropriation")
    granted = TABLES["applications"][approved]["granted"]
    tampered: list[dict[tuple[str, str, int], float | str]] = [
        {("applications", "granted", approved): granted + 1},
        {("facts", "shown", key): 1},
        {("applications", "status", approved): "good"},
        {("list", "granted", 0): 5},
        {("applications", "granted", rejected): 10},
    ]
    books = recalculate_all([changed(xlsx, places, one) for one in tampered], tmp_path)
    said = [book[sheet][cell.replace("$", "")].value for book in books for sheet, cell in [_check(xlsx)]]
    assert said == ["The sums do not agree"] * 5
    assert lines(books[4], applications)[rejected]["within"] == "check this"


def _check(xlsx: bytes) -> tuple[str, str]:
    ((sheet, cell),) = read(xlsx).defined_names["SumsAgree"].destinations
    return sheet, cell


@given(
    st.lists(
        st.tuples(st.integers(1, 1_000), st.lists(st.integers(0, 5_000), min_size=1, max_size=50)),
        min_size=2,
        max_size=8,
    )
)
def test_ranks_by_the_formula_are_ranks_of_exact_scores(given_scores: list[tuple[int, list[int]]]) -> None:
    """The formula counts scores larger by more than half a billionth; exact scores of one call never are nearer."""
    total = given_scores[0][0]
    exact = [Fraction(sum(points), len(points) * total) for _, points in given_scores]
    floats = [float(score) for score in exact]
    by_formula = [1 + sum(other > one + 0.0000000005 for other in floats) for one in floats]
    assert by_formula == [1 + sum(other > one for other in exact) for one in exact]


@office
@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_list_prints_its_summary_on_one_page_and_then_the_applications(lang: str, tmp_path: Path) -> None:
    pdf = print_pdf(decision_workbook(TABLES, lang), tmp_path)
    first, second = (page_text(pdf, number, tmp_path) for number in (1, 2))
    place = layout(TABLES, lang)["list"]
    heading = render(place.plan.columns[-1].heading, lang)
    assert first.splitlines()[0].strip() == place.sheet
    assert heading not in first
    totals = [line.split()[1:10] for line in first.splitlines() if line.strip().startswith(("Yhteensä", "Sammanlagt"))]
    applied, granted = (
        format_money(sum(row[name] for row in TABLES["applications"]), "fi") for name in ("applied", "granted")
    )
    assert totals == [["30", *applied.split(), *granted.split()]] * 3
    assert second.split()[0] == render(place.plan.columns[0].heading, lang)
    assert "ESIM/2020/009" in second
    assert all(page.stat().st_size > 1_000 for page in pictures(pdf, tmp_path, dpi=30))


def page_text(pdf: bytes, number: int, tmp_path: Path) -> str:
    """The text of one page (from 1), its no-break spaces as spaces."""
    command = ["pdftotext", "-layout", "-f", str(number), "-l", str(number), "-", "-"]
    text = subprocess.run(command, input=pdf, capture_output=True, check=True, timeout=60, cwd=tmp_path).stdout.decode()
    return text.replace("\u00a0", " ").replace("\u202f", " ")
