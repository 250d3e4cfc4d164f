"""LibreOffice calculates the decision workbook anew and comes to what Python wrote."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.support.decisions import APPROPRIATION, decision
from tests.support.office import pictures, print_pdf, recalculate, recalculate_all
from workbooks.decision import decision_workbook
from workbooks.decision_data import DecisionData

pytestmark = pytest.mark.office


def formulas(xlsx: bytes) -> Iterator[tuple[str, str]]:
    for sheet in load_workbook(io.BytesIO(xlsx)):
        yield from ((sheet.title, c.coordinate) for row in sheet.iter_rows() for c in row if c.data_type == "f")


def errors(book: Workbook) -> list[str]:
    return [c.coordinate for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "e"]


def tampered(xlsx: bytes, sheet: int, cell: str, value: float | str) -> bytes:
    book = load_workbook(io.BytesIO(xlsx))
    book.worksheets[sheet][cell].value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def empty() -> DecisionData:
    return replace(decision(), rows=(), scores=(), parameters=(), remaining=APPROPRIATION)


@pytest.mark.parametrize(
    ("lang", "data"), [("fi", decision()), ("sv", decision(61, 2020)), ("qps", decision()), ("en", empty())]
)
def test_recalculated_formulas_equal_cached_values(lang: str, data: DecisionData, tmp_path: Path) -> None:
    xlsx = decision_workbook(data, lang)
    cached, recalculated = load_workbook(io.BytesIO(xlsx), data_only=True), recalculate(xlsx, tmp_path)
    places = list(formulas(xlsx))
    assert len(places) >= 15 + len(data.rows) + len(data.scores)
    for sheet, cell in places:
        expected, got = cached[sheet][cell].value, recalculated[sheet][cell].value
        # Money and words must be equal; a mean may differ in the last digit that a program writes.
        assert got == (pytest.approx(expected, rel=1e-12) if isinstance(expected, float) else expected), cell
    assert errors(recalculated) == []
    sums = [recalculated.worksheets[0][cell].value for cell in ("K3", "J4", "K4", "K5")]
    assert sums == [data.appropriation, data.applied, data.granted, data.remaining]


def test_check_cell_tells_when_a_euro_has_moved(tmp_path: Path) -> None:
    xlsx = decision_workbook(decision(), "fi")
    granted = load_workbook(io.BytesIO(xlsx)).worksheets[0]["K7"].value
    changes: list[tuple[int, str, float | str]] = [
        (0, "K7", granted + 1),
        (2, "B9", 1),
        (2, "B6", APPROPRIATION + 1),
        (0, "L7", "hyvä"),
    ]
    books = recalculate_all([tampered(xlsx, *change) for change in changes], tmp_path)
    assert [book.worksheets[0]["L5"].value for book in books] == ["Summat eivät täsmää"] * 4


def test_score_follows_a_changed_level(tmp_path: Path) -> None:
    xlsx = decision_workbook(decision(), "fi")
    before = load_workbook(io.BytesIO(xlsx), data_only=True)
    level = before.worksheets[1]["G5"].value
    after = recalculate(tampered(xlsx, 1, "G5", level - 1), tmp_path)
    # One level of weight 50 of 100, in one of three reviews.
    moved = before.worksheets[0]["I7"].value - after.worksheets[0]["I7"].value
    assert moved == pytest.approx(50 / 100 / 3)


def test_injection_strings_stay_text_in_libreoffice(tmp_path: Path) -> None:
    texts = [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        '=HYPERLINK("http://x")',
        "<r><t>x</t></r>",
        "_x0041_",
        "00123",
        "a\x01b",
    ]
    data = decision(len(texts))
    data = replace(data, rows=tuple(replace(r, project=t) for r, t in zip(data.rows, texts, strict=True)))
    book = recalculate(decision_workbook(data, "fi"), tmp_path)
    shown = {book.worksheets[0].cell(row, 7).value for row in range(7, 7 + len(texts))}
    assert {str(text).replace("_x005F_", "_") for text in shown} == {*texts[:-1], "a\ufffdb"}


def test_decision_list_prints_on_pages(tmp_path: Path) -> None:
    pages = pictures(print_pdf(decision_workbook(decision(9), "fi"), tmp_path), tmp_path)
    assert len(pages) >= 3
    assert all(page.stat().st_size > 5_000 for page in pages)
