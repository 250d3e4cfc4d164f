"""A list of projects: read exactly from CSV and workbooks, written so that it reads back, every fault with its place."""

import io
import zipfile
from fractions import Fraction

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from locales import render
from workbooks.project_list import ProjectList, ProjectRow, read_projects
from workbooks.project_write import write_project_workbook, write_projects


def _workbook(rows: list[list[object]], sheets: list[str] | None = None) -> bytes:
    book = Workbook()
    for name in sheets or []:
        book.create_sheet(name, 0).append(["notes"])
    sheet = book.active if not sheets else book.create_sheet("data")
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _said(found: ProjectList) -> list[str]:
    assert found.rows == ()
    return [render(fault.words(), "en") for fault in found.faults]


ROWS = (
    ProjectRow("01", Fraction(7, 2), 100_000, None, 5_000, None, "a", "06", "Town", {"pop": 1200}, {"pop": ("1200",)}),
    ProjectRow("02", None, 0, 200_000, None, 30_000, labels={"tag": ("x", "y")}),
)


@pytest.mark.parametrize(
    "text",
    [
        "id,score,applied,eligible_costs,min_grant,max_grant,theme,region,applicant,pop,tag\n"
        "01,3.5,100000,,5000,,a,06,Town,1200,\n02,,0,200000,,30000,,,,,x;y\n",
        "\ufeffID;Score ; APPLIED;Eligible_Costs;min_grant;max_grant;Theme;region;applicant;pop;tag\r\n"
        '01;3,5;100 000 €;;5 000,00;;a;06;Town;1200;\r\n\r\n02;NA;0;200 000;;30000.0;;;;;"x; y"\r\n',
        "sep=\t\nid\tscore\tapplied\teligible_costs\tmin_grant\tmax_grant\ttheme\tregion\tapplicant\tpop\ttag\n"
        "01\t7/2\t100000\t\t5000\t\ta\t06\tTown\t1200\t\n02\t\t0\t200000\t\t30000\t\t\t\t\tx;y\n",
    ],
)
def test_a_csv_is_read_however_it_is_written(text: str) -> None:
    found = read_projects(text.encode(), "p.csv")
    assert found == ProjectList(ROWS, ("pop",), ("pop", "tag"))


def test_a_workbook_is_read_from_the_sheet_that_has_the_columns() -> None:
    heading = ["id", "Score", "applied", "eligible_costs", "min_grant", "max_grant", "theme", "region", "applicant"]
    rows: list[list[object]] = [
        [*heading, "pop", "tag"],
        ["01", 3.5, 100000.0, None, 5000, None, "a", "06", "Town", 1200, None],
        [None],
        ["02", None, 0, "200 000", None, 30000, None, None, None, None, "x;y"],
    ]
    found = read_projects(_workbook(rows, ["front"]), "p.xlsx")
    assert found == ProjectList(ROWS, ("pop",), ("pop", "tag"))


def test_scores_are_the_numbers_as_written() -> None:
    scores = ["0.1", "0,3", "1e-3", "10/3", "007", "3.3333333333333335"]
    text = "id;score;applied\n" + "".join(f"{at};{score};1\n" for at, score in enumerate(scores))
    exact = [Fraction(1, 10), Fraction(3, 10), Fraction(1, 1000), Fraction(10, 3), Fraction(7)]
    assert [one.score for one in read_projects(text.encode(), "p.csv").rows] == [*exact, Fraction("3.3333333333333335")]


def test_a_binary_number_is_its_shortest_decimal() -> None:
    source = zipfile.ZipFile(io.BytesIO(_workbook([["id", "score", "applied"], ["A", 3.55, 1]])))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            # As Excel stores it: 17 digits.
            copy.writestr(name, source.read(name).replace(b"<v>3.55</v>", b"<v>3.5499999999999998</v>"))
    assert read_projects(target.getvalue(), "p.xlsx").rows == (ProjectRow("A", Fraction(355, 100), 1),)


def test_a_column_with_one_word_is_of_words() -> None:
    found = read_projects(b"id,score,applied,a,b\n1,1,1,5,-2.5\n2,1,1,x,\n", "p.csv")
    assert (found.numbers, found.labels) == (("b",), ("a", "b"))
    assert [row.numbers for row in found.rows] == [{"b": Fraction(-5, 2)}, {}]
    assert [row.labels for row in found.rows] == [{"a": ("5",), "b": ("-2.5",)}, {"a": ("x",)}]


HEAD = "id,score,applied,min_grant,max_grant,pop\n"
BROKEN = [
    ("", ["The file p.csv is empty."]),
    (
        "a;b\n1;2\n",
        ["Row 1, column id: – – There is no such column; the columns found are a, b. Needed: id, score, app"],
    ),
    ("id,score,applied\n", ["Row 1, column id: – – There are no projects under the heading."]),
    ("id,score,applied,ID\nA,1,1,A\n", ["Row 1, column ID: ID – The heading stands twice"]),
    ("id,score,applied,x,X\nA,1,1,A,B\n", ["Row 1, column X: X – The heading stands twice"]),
    (HEAD + "A,good,1,,,\n", ["Row 2, column score: good – A score is a number of at least 0"]),
    (HEAD + "A,-1,1,,,\n", ["Row 2, column score: -1 – A score"]),
    (HEAD + "A,nan,1,,,\n", ["Row 2, column score: nan – A score"]),
    (HEAD + "A,1/0,1,,,\n", ["Row 2, column score: 1/0 – A score"]),
    (HEAD + "A,1,,,,\n", ["Row 2, column applied: – – The cell is empty."]),
    (HEAD + "A,1,100.5,,,\n", ["Row 2, column applied: 100.5 – The amount has cents. Accepted: Whole euros"]),
    (HEAD + "A,1,-5,,,\n", ["Row 2, column applied: -5 – The amount is negative."]),
    (HEAD + "A,1,1.234,,,\n", ["Row 2, column applied: 1.234 – The amount can be read in two ways"]),
    (HEAD + "A,1,lots,,,\n", ["Row 2, column applied: lots – The text is not an amount"]),
    (HEAD + "A,1,9999999999999,,,\n", ["Row 2, column applied: 9999999999999 – The amount is larger"]),
    (HEAD + "A,1,100,200,,\n", ["Row 2, column min_grant: 200 – At most €100, which is applied, is accepted."]),
    (HEAD + "A,1,100,50,40,\n", ["Row 2, column min_grant: 50 – At most €40, which is max_grant, is accepted."]),
    (HEAD + "A,1,100,,x,\n", ["Row 2, column max_grant: x – The text is not an amount"]),
    (HEAD + "A,1,1,,,\n\nA,2,2,,,\n", ["Row 4, column id: A – The same id stands on row 2 already."]),
    (HEAD + ",1,1,,,\n", ["Row 2, column id: – – The cell is empty."]),
    (HEAD + "x" * 201 + ",1,1,,,\n", ["Row 2, column id: xxx"]),
    (HEAD + "A,1,1,,,5,6\n", ["Row 2, column 7: 6 – The cell stands under no heading."]),
    (HEAD + "A,1,1\n", ["Row 2, column min_grant: – – The row ends before this column."]),
    (HEAD + 'A,1,1,,,"5\n', ["Row 2, column pop: "]),
    (HEAD + "A,x,y,,,\nB,1,z,,,\n", ["Row 2, column score: x", "Row 2, column applied: y", "Row 3, column applied: z"]),
]


@pytest.mark.parametrize(("text", "words"), BROKEN)
def test_every_fault_of_a_csv_is_told_with_its_place(text: str, words: list[str]) -> None:
    said = _said(read_projects(text.encode(), "p.csv"))
    assert len(said) >= len(words)
    for start in words:
        assert any(one.startswith(start) for one in said), said


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"id,score,applied\n\xe4,1,1\n", "Row 2, column id: 0xE4 – This is not UTF-8."),
        ("id,score,applied\n".encode("utf-16"), "UTF-16"),
        (b"id,score,applied\nA,1,\x001\n", "NUL"),
        (b"PK\x03\x04broken", "The workbook p.csv is damaged."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "in the old format of Excel"),
        (b"id,score,applied\n" + b"A,1,1\n" * 6_000_000, "larger than 32 megabytes"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, word: str) -> None:
    (said,) = _said(read_projects(data, "p.csv"))
    assert word in said


def test_a_hundred_faults_are_told_and_a_hundred_thousand_rows_read() -> None:
    assert len(_said(read_projects(b"id,score,applied\n" + b"A,x,1\n" * 500, "p.csv"))) == 100
    rows = "".join(f"{at},1,1\n" for at in range(100_001))
    (said,) = _said(read_projects(f"id,score,applied\n{rows}".encode(), "p.csv"))
    assert said.startswith("Row 100002, column id: – – The file has more than 100000 rows")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["A", 1, 100.5], "Sheet Sheet, row 2, column applied: 100.5 – The amount has cents."),
        (["A", "=1+1", 5], "Sheet Sheet, row 2, column score: =1+1 – The cell holds a formula without a value."),
        (["=A1", 1, 5], "Sheet Sheet, row 2, column id: =A1 – The cell holds a formula without a value."),
        (["A", "#N/A", 5], "Sheet Sheet, row 2, column score: #N/A – "),
        (["A", True, 5], "Sheet Sheet, row 2, column score: TRUE – A score is"),
        (["A", 1, 5, None, "over"], "Sheet Sheet, row 2, column 5: over – The cell stands under no heading."),
    ],
)
def test_every_fault_of_a_workbook_is_told_with_its_place(row: list[object], words: str) -> None:
    (said,) = _said(read_projects(_workbook([["id", "score", "applied"], row]), "p.xlsx"))
    assert said.startswith(words)


def test_a_formula_counts_by_the_value_last_calculated() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("data")
    sheet.write_row(0, 0, ["id", "score", "applied"])
    sheet.write_string(1, 0, "A")
    sheet.write_formula(1, 1, "=7/2", None, 3.5)
    sheet.write_formula(1, 2, "=SUM(1,2)", None, 3)
    book.close()
    assert read_projects(target.getvalue(), "p.xlsx").rows == (ProjectRow("A", Fraction(7, 2), 3),)


def test_workbooks_that_are_no_plain_workbook_are_refused() -> None:
    good = _workbook([["id", "score", "applied"], ["A", 1, 1]])
    source = zipfile.ZipFile(io.BytesIO(good))
    macros = io.BytesIO()
    with zipfile.ZipFile(macros, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
        target.writestr("xl/vbaProject.bin", b"x")
    for data, word in (
        (macros.getvalue(), "holds macros"),
        (good[:-40], "damaged"),
        (b"id,score,applied\nA,1,1\n", "not a workbook"),
        (b"", "empty"),
        (_workbook([]), "empty"),
    ):
        (said,) = _said(read_projects(data, "p.xlsx"))
        assert word in said


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Zs", "Co", "Cn"]), max_size=6
)
CELLS = WORDS | st.sampled_from(["=1+1", "+3", "-x", "@a", "'=a", "01", '"', ";", "3/4"])
EUROS = st.none() | st.integers(0, 10**9)


@st.composite
def lists(draw: st.DrawFn) -> list[ProjectRow]:
    ids = draw(st.lists(CELLS.filter(bool), min_size=1, max_size=5, unique=True))
    found = []
    for key in ids:
        score = draw(
            st.none() | st.fractions(0, 100, max_denominator=10**4) | st.decimals(0, 9, places=3).map(Fraction)
        )
        applied = draw(st.integers(0, 10**9))
        number = draw(st.none() | st.integers(-(10**15), 10**15) | st.fractions(max_denominator=999))
        if number is not None and number.denominator == 1:
            number = int(number)
        found.append(
            ProjectRow(
                key,
                score,
                applied,
                draw(EUROS),
                None,
                draw(EUROS),
                draw(CELLS),
                draw(CELLS),
                draw(CELLS),
                {} if number is None else {"=n": number},
                {"tag": ("word", "=x")},
            )
        )
    return found


@settings(max_examples=60)
@given(lists())
def test_a_written_list_reads_back(rows: list[ProjectRow]) -> None:
    for data, name in ((write_projects(rows), "p.csv"), (write_project_workbook(rows), "p.xlsx")):
        found = read_projects(data, name)
        assert found.faults == ()
        assert [(*_plain(one), one.labels["tag"]) for one in found.rows] == [
            (*_plain(one), one.labels["tag"]) for one in rows
        ]
    assert write_projects(rows) == write_projects(rows)


def _plain(row: ProjectRow) -> tuple[object, ...]:
    return (
        row.id, row.score, row.applied, row.eligible_costs, row.max_grant, row.theme, row.region, row.applicant,
        row.numbers,
    )  # fmt: skip


def test_no_cell_of_a_written_list_is_a_formula() -> None:
    rows = [ProjectRow("=1+1", Fraction(1, 3), 5, theme="@x", region="-2", applicant="+3")]
    assert write_projects(rows).decode("utf-8-sig").splitlines()[1] == "'=1+1;1/3;5;;;;'@x;'-2;'+3"
    sheet = load_workbook(io.BytesIO(write_project_workbook(rows))).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


@settings(max_examples=60)
@given(st.binary(max_size=80) | st.text(max_size=60).map(lambda text: f"id;score;applied;x\n{text}".encode()))
def test_no_bytes_raise_anything(data: bytes) -> None:
    for name in ("p.csv", "p.xlsx"):
        found = read_projects(data, name)
        assert bool(found.rows) != bool(found.faults)
        assert all(render(fault.words(), "fi") for fault in found.faults)


@settings(max_examples=60)
@given(st.data())
def test_a_broken_workbook_is_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray(write_project_workbook(ROWS))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    found = read_projects(bytes(whole), "p.xlsx")
    assert bool(found.rows) != bool(found.faults)
