"""Reading a long table of scores: every accepted dialect exactly, everything else as faults with their place."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from locales import render
from workbooks.score_list import (
    COLUMNS,
    LARGEST_FILE,
    LARGEST_ROWS,
    LONGEST_NAME,
    MOST_FAULTS,
    ScoreList,
    ScoreRow,
    read_scores,
)

HEADING = "reviewer,application,score\n"
LINE_END = re.compile(r"\r\n?|\n")


def read(text: str | bytes) -> ScoreList:
    return read_scores(text if isinstance(text, bytes) else text.encode(), "reviews.csv")


def places(text: str | bytes) -> list[tuple[int, str, str]]:
    """Line, column and value of every fault."""
    found = read(text)
    assert found.rows == ()
    return [(fault.line, fault.column, fault.value) for fault in found.faults]


# --- every dialect -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dialect:
    """How a table is written: what two programs would do differently."""

    mark: str
    line_end: str
    byte_order_mark: bool
    declared: bool
    quoted: bool
    decimal: str
    blanks: str

    def line(self, cells: list[str]) -> str:
        return self.mark.join(map(self._cell, cells)) + self.line_end

    def _cell(self, text: str) -> str:
        if self.quoted or any(sign in text for sign in f'{self.mark}"\r\n'):
            return '"' + text.replace('"', '""') + '"'
        return self.blanks + text + self.blanks

    def encode(self, text: str) -> bytes:
        declared = f"sep={self.mark}{self.line_end}" if self.declared else ""
        return (declared + text).encode("utf-8-sig" if self.byte_order_mark else "utf-8")


@dataclass(frozen=True)
class Written:
    """A file and the rows that it must give."""

    dialect: Dialect
    heading: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[ScoreRow, tuple[str, ...]], ...]

    def bytes(self) -> bytes:
        text = self.dialect.line(list(self.heading)) + "".join(self.dialect.line(list(cells)) for _, cells in self.rows)
        return self.dialect.encode(text)

    def expected(self) -> tuple[ScoreRow, ...]:
        """The rows, each with the line on which it begins."""
        line = 1 + self.dialect.declared + len(LINE_END.findall(self.dialect.line(list(self.heading))))
        found = []
        for row, cells in self.rows:
            found.append(replace(row, line=line))
            line += len(LINE_END.findall(self.dialect.line(list(cells))))
        return tuple(found)


dialects = st.builds(
    Dialect,
    mark=st.sampled_from(",;\t"),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    byte_order_mark=st.booleans(),
    declared=st.booleans(),
    quoted=st.booleans(),
    decimal=st.sampled_from(".,"),
    blanks=st.sampled_from(["", "  "]),
)
names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6).filter(
    lambda name: name.isprintable() and name == name.strip()
)
numbers = st.builds(lambda whole, places: Fraction(whole, 10**places), st.integers(-(10**9), 10**9), st.integers(0, 12))
weights = st.builds(Fraction, st.integers(1, 1000), st.sampled_from([1, 10, 1000]))


def in_digits(value: Fraction, decimal: str) -> str:
    """``value``, which has at most 12 decimals, written out."""
    sign, units = "-" if value < 0 else "", abs(value) * 10**12
    assert units.denominator == 1
    whole, rest = divmod(int(units), 10**12)
    return f"{sign}{whole}" + (f"{decimal}{rest:012d}".rstrip("0") if rest else "")


@st.composite
def tables(draw: st.DrawFn) -> Written:
    """A table with any of the columns in any order, with others among them that mean nothing to the reader."""
    dialect = draw(dialects)
    columns = ("reviewer", "application", "score", *draw(st.sets(st.sampled_from(COLUMNS[3:]))))
    others = tuple(draw(st.lists(st.sampled_from(["", "note", "Nimi, sukunimi", "a;b\tc", "two\nlines"]), max_size=3)))
    heading = draw(st.permutations([*columns, *others]))
    upper = draw(st.booleans())
    criteria = draw(st.lists(names, min_size=1, max_size=3, unique=True)) if "criterion" in columns else [""]
    keys = st.tuples(names, names, st.sampled_from(criteria))
    of_criterion, of_application = ({criterion: draw(weights) for criterion in criteria}, dict[str, str]())
    rows = []
    for reviewer, application, criterion in draw(st.lists(keys, max_size=6, unique=True)):
        section = of_application.setdefault(application, draw(names) if "section" in columns else "")
        weight = None
        if "weight" in columns:
            weight = of_criterion[criterion] if "criterion" in columns else draw(weights)
        row = ScoreRow(0, reviewer, application, criterion, draw(st.none() | numbers), weight, section)
        said = {
            "reviewer": reviewer,
            "application": application,
            "criterion": criterion,
            "section": section,
            "score": draw(st.sampled_from(["", "NA", "na"]))
            if row.score is None
            else in_digits(row.score, dialect.decimal),
            "weight": "" if weight is None else in_digits(weight, dialect.decimal),
        }
        cells = [
            said[column] if column in said else draw(st.sampled_from(["", "x", "two\nlines"])) for column in heading
        ]
        rows.append((row, tuple(cells)))
    shown = tuple(cell.upper() if upper else cell for cell in heading)
    return Written(dialect, shown, tuple(column for column in COLUMNS if column in columns), tuple(rows))


@given(tables())
def test_a_table_in_any_dialect_is_read_back_exactly(written: Written) -> None:
    assert read(written.bytes()) == ScoreList(written.columns, written.expected())


@given(tables(), st.data())
def test_a_fault_names_its_line_whatever_line_breaks_stand_in_quotes_before_it(
    written: Written, data: st.DataObject
) -> None:
    if not written.rows:
        return
    at = data.draw(st.integers(0, len(written.rows) - 1))
    row, cells = written.rows[at]
    position = [cell.casefold() for cell in written.heading].index("score")
    broken = (row, (*cells[:position], "good", *cells[position + 1 :]))
    rows = (*written.rows[:at], broken, *written.rows[at + 1 :])
    assert places(replace(written, rows=rows).bytes()) == [(written.expected()[at].line, "score", "good")]


@given(tables(), st.lists(st.tuples(st.integers(0, 300), st.binary(max_size=3), st.integers(0, 3)), max_size=4))
def test_a_damaged_table_gives_rows_or_faults_in_the_file(
    written: Written, damage: list[tuple[int, bytes, int]]
) -> None:
    data = written.bytes()
    for at, put, lost in damage:
        data = data[:at] + put + data[at + lost :]
    holds_rows_or_faults(data)


@settings(max_examples=300)
@given(st.binary() | st.text(st.sampled_from('",;\t\r\n a1.\0é')).map(lambda text: (HEADING + text).encode()))
def test_any_bytes_give_rows_or_faults_in_the_file(data: bytes) -> None:
    holds_rows_or_faults(data)


def holds_rows_or_faults(data: bytes) -> None:
    found = read(data)
    assert not (found.rows and found.faults)
    assert len(found.faults) <= MOST_FAULTS
    for fault in found.faults:
        assert 1 <= fault.line <= len(LINE_END.findall(data.decode("latin-1"))) + 1
        assert fault.column
        assert len(fault.value) <= LONGEST_NAME
        assert render(fault.problem, "en")


# --- what is accepted --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("4", 4),
        ("+4", 4),
        ("-3.5", Fraction(-7, 2)),
        (".5", Fraction(1, 2)),
        ("4.", 4),
        ("0.1", Fraction(1, 10)),
        ("0.30000000000000004", Fraction(30000000000000004, 10**17)),
        ("3.123456789012", Fraction(3123456789012, 10**12)),
        ("1e12", 10**12),
        ("-1000000000000", -(10**12)),
        ("2.5E-3", Fraction(1, 400)),
        ('"3,5"', Fraction(7, 2)),
        ("", None),
        ("NA", None),
        (" na ", None),
    ],
)
def test_a_score_is_read_as_the_number_that_is_written(written: str, value: Fraction | None) -> None:
    assert [row.score for row in read(f"{HEADING}r,a,{written}\n").rows] == [value]


def test_a_table_of_r_with_row_numbers_is_read() -> None:
    text = '"","application","reviewer","score"\n"1","1","A",NA\n"2","1","B",3\n'
    assert read(text).rows == (
        ScoreRow(2, "A", "1", "", None, None, ""),
        ScoreRow(3, "B", "1", "", Fraction(3), None, ""),
    )


def test_names_are_told_apart_by_case_and_not_by_the_blanks_around_them() -> None:
    rows = read(HEADING + "r,a,1\nR,a,2\nr,A,3\n").rows
    assert [(row.reviewer, row.application) for row in rows] == [("r", "a"), ("R", "a"), ("r", "A")]
    assert places(HEADING + "r,a,1\n r , a ,2\n") == [(3, "reviewer", "r")]
    assert read(HEADING + "Aino\u00a0Aalto,a,1\n").rows[0].reviewer == "Aino Aalto"


def test_a_heading_without_rows_is_a_table_without_rows() -> None:
    assert read(HEADING) == ScoreList(("reviewer", "application", "score"))


# --- what is refused, and where ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["good", "NaN", "nan", "inf", "-inf", "1e999", "1e13", "--1", "1 000", "0x10", "½", "٣", "4 %", ".", "-", "=1+1"],
)
def test_a_score_that_is_no_number_is_refused_with_its_place(text: str) -> None:
    assert places(f"{HEADING}r,a,1\nr,b,{text}\n") == [(3, "score", text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [(1, "reviewer", "")], id="nothing"),
        pytest.param("\n \n", [(1, "reviewer", "")], id="blank lines"),
        pytest.param(b"\xef\xbb\xbf", [(1, "reviewer", "")], id="a byte order mark"),
        pytest.param("\nreviewer,score\nr,1\n", [(2, "application", "")], id="a column missing"),
        pytest.param(
            "reviewer|application|score\n",
            [(1, "reviewer", ""), (1, "application", ""), (1, "score", "")],
            id="another separator",
        ),
        pytest.param("reviewer,application,score,Score\n", [(1, "Score", "Score")], id="a heading twice"),
        pytest.param(HEADING + "r,a\n", [(2, "score", "")], id="a cell too few"),
        pytest.param(HEADING + "r,a,3,5\n", [(2, "4", "5")], id="a decimal comma between commas"),
        pytest.param("reviewer,application,score\n1,r,a,3\n", [(2, "4", "3")], id="row names without a heading"),
        pytest.param(HEADING + ",a,3\n", [(2, "reviewer", "")], id="no reviewer"),
        pytest.param(HEADING + "r, ,3\n", [(2, "application", "")], id="no application"),
        pytest.param(HEADING + '"r\n1",a,3\n', [(2, "reviewer", "r\n1")], id="a line break in a name"),
        pytest.param(HEADING + "r\x1b[2J,a,3\n", [(2, "reviewer", "r\x1b[2J")], id="a command to the terminal"),
        pytest.param(f"{HEADING}r,{'a' * 201},3\n", [(2, "application", "a" * 200)], id="a long name"),
        pytest.param(f"{HEADING}r,{'a' * 200_000},3\n", [(2, "application", "a" * 200)], id="a very long cell"),
        pytest.param(HEADING + 'r,a,1\n"r,b,3\nr,c,4\n', [(3, "reviewer", '"r,b,3')], id="a quotation mark left open"),
        pytest.param(HEADING + 'r,"a"b,3\n', [(2, "application", '"a"b,3')], id="text after a quotation mark"),
        pytest.param(HEADING + "r,a,x\n" + 'r,"b', [(2, "score", "x"), (3, "application", '"b')], id="two kinds"),
        pytest.param(HEADING.encode() + b"r,\xe4,3\n", [(2, "application", "0xE4")], id="Latin-1"),
        pytest.param(HEADING.encode("utf-16"), [(1, "1", "0x00")], id="UTF-16"),
        pytest.param(HEADING + "r,a\0,3\n", [(2, "application", "0x00")], id="a NUL byte"),
        pytest.param(HEADING + "r,a,1\nr,b,2\nr,a,3\n", [(4, "reviewer", "r")], id="a review twice"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str | bytes, expected: list[tuple[int, str, str]]) -> None:
    assert places(text) == expected


@pytest.mark.parametrize(
    ("columns", "rows", "expected"),
    [
        ("weight", ["r,a,3,0"], [(2, "weight", "0")]),
        ("weight", ["r,a,3,-1", "r,b,3,", "r,c,3,1e7"], [(2, "weight", "-1"), (3, "weight", ""), (4, "weight", "1e7")]),
        ("criterion", ["r,a,3,"], [(2, "criterion", "")]),
        ("criterion", ["r,a,3,c", "r,a,4,c"], [(3, "reviewer", "r")]),
        ("criterion,weight", ["r,a,3,c,1", "r,a,3,d,2", "r,b,3,c,1.5"], [(4, "weight", "1.5")]),
        ("section", ["r,a,3,x", "q,a,3,y"], [(3, "section", "y")]),
    ],
)
def test_weights_criteria_and_sections_that_contradict_are_refused(
    columns: str, rows: list[str], expected: list[tuple[int, str, str]]
) -> None:
    assert places("\n".join([f"reviewer,application,score,{columns}", *rows])) == expected


def test_a_review_given_twice_is_told_with_the_line_of_the_first() -> None:
    fault = read(HEADING + "Aino,a,1\nAino,b,2\nAino,a,3\n").faults[0]
    assert render(fault.problem, "en").startswith("Reviewer Aino has scored application a on line 2 already.")


def test_a_score_refused_says_what_is_accepted() -> None:
    fault = read(HEADING + "r,a,good\n").faults[0]
    assert render(fault.problem, "en") == (
        "A score is a number from -1e12 to 1e12, for example 4 or 3.5. Where there is no score, the cell is empty or NA."
    )


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (lambda: HEADING.encode() + b"r,a,1\n" * (LARGEST_FILE // 6), (LARGEST_FILE - len(HEADING)) // 6 + 2),
        (lambda: HEADING.encode() + b"".join(b"r,%d,1\n" % n for n in range(LARGEST_ROWS + 5)), LARGEST_ROWS + 2),
    ],
)
def test_a_file_that_is_too_large_is_refused_where_it_becomes_so(data: Callable[[], bytes], line: int) -> None:
    assert [place[:2] for place in places(data())] == [(line, "reviewer")]


def test_faults_beyond_a_hundred_are_not_told() -> None:
    assert len(places(HEADING + "r,a,x\n" * 1000)) == MOST_FAULTS
