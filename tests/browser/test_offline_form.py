"""The offline form's whole way: downloaded by a click, filled in, saved again by LibreOffice, uploaded, saved as drafts."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from locales import render
from tests.browser.site import (
    Site,
    Words,
    actor,
    button,
    cells,
    download,
    figure,
    press,
    reaction,
    serving,
    signed_in,
    told,
    turn_to,
    upload,
)
from tests.support.office import convert
from tests.support.worlds import CALL, CALL_ID, CASES, CRITERIA, PASSWORD, draft
from workbooks.review_form import read_form
from workflow.abstaining import declare_impartial
from workflow.house import House
from workflow.offline import KINDS
from workflow.reviewing import open_review, save_draft

pytestmark = [pytest.mark.browser, pytest.mark.office]

FI = Words("fi")
GOOD, STALE, FAULTY = CASES[2:5]
FIRST = CRITERIA[0]
CHANGE, OLD, WRONG = (render(KINDS[kind], "fi") for kind in ("change", "stale", "faulty"))


@pytest.fixture
def panel_site(tmp_path: Path, sqlite_templates: dict[str, Path]) -> Iterator[Site]:
    """Six applications in review; arvi has declared to have no conflict of interest in the three that are left."""
    file = tmp_path / "panel.db"
    shutil.copy(sqlite_templates["panel"], file)
    with serving(f"sqlite:///{file}", tmp_path) as site:
        declare_impartial(House(site.engine), actor(site, "arvi"), CALL_ID, (GOOD, STALE, FAULTY))
        yield site


def filled_in(data: bytes, tmp_path: Path) -> bytes:
    """One good sheet, one that will be outdated and one with an unknown level; saved by LibreOffice."""
    rows = {row.case_number: row for row in read_form(data, CALL).rows}
    book = load_workbook(io.BytesIO(data))
    for case, level in ((GOOD, 4), (STALE, 5), (FAULTY, "9")):
        sheet, where = book[rows[case].sheet], rows[case].cells
        sheet[where[f"level:{FIRST}"]].value = level
        sheet[where[f"reason:{FIRST}"]].value = "Perusteltu <b>työkirjassa</b>."
    target = io.BytesIO()
    book.save(target)
    (saved,) = convert([target.getvalue()], "xlsx", tmp_path)
    read = {row.case_number: row for row in read_form(saved, CALL).rows}
    assert (read[GOOD].levels[FIRST], bool(read[FAULTY].faults)) == (4, True)
    return saved


def test_form_goes_out_and_comes_back_as_drafts(browser: Browser, panel_site: Site, tmp_path: Path) -> None:
    site, house, arvi = panel_site, House(panel_site.engine), actor(panel_site, "arvi")
    context, tab = signed_in(browser, site, "arvi", PASSWORD)
    turn_to(tab, FI("Offline form"))
    asked = FI.count("Download the form of {n} application", "Download the form of {n} applications", 3)
    form = filled_in(download(tab, asked), tmp_path)
    save_draft(house, arvi, CALL_ID, STALE, draft(1, None, None), 0)

    upload(tab, ("rikki.xlsx", b"PK but no workbook"))
    told(tab, "rikki.xlsx")
    upload(tab, ("lomake.xlsx", form))
    shown = cells(tab, FI("Applications of the form"))
    assert [(row[0], row[2]) for row in shown] == [(GOOD, CHANGE), (STALE, OLD), (FAULTY, WRONG)]
    (fault,) = cells(tab, FI.count("{n} fault", "{n} faults", 1))
    assert fault[2] == "9"
    assert all(fault)
    changes = cells(tab, FI.count("{n} change", "{n} changes", 4))
    assert [row[0] for row in changes] == [GOOD, GOOD, STALE, STALE]
    assert changes[1][3:] == ["–", "Perusteltu <b>työkirjassa</b>."]
    assert open_review(house, arvi, CALL_ID, GOOD).review is None

    # Somebody else, that is the reviewer on another device, is quicker: nothing is saved until it was checked again.
    save_draft(house, arvi, CALL_ID, FAULTY, draft(2, None, None), 0)
    press(tab, FI("Save the good rows as drafts"))
    told(tab, FI("The reviews changed after the form was checked. Check the form again."))
    assert open_review(house, arvi, CALL_ID, GOOD).review is None
    press(tab, FI("Check the form again"))
    with reaction(tab):
        tab.get_by_text(FI("{case}: save the content of the form", case=STALE)).click()
    expect(
        tab.get_by_text(FI.count("{n} review is saved as a draft.", "{n} reviews are saved as drafts.", 2))
    ).to_be_visible()
    press(tab, FI("Save the good rows as drafts"))
    told(tab, FI.count("{n} review was saved as a draft.", "{n} reviews were saved as drafts.", 2))
    expect(button(tab, FI("Save the good rows as drafts"))).to_have_count(0)

    turn_to(tab, FI("My reviews"))
    assert figure(tab, FI("Reviews submitted")) == "1"
    saved = {case: open_review(house, arvi, CALL_ID, case).review for case in (GOOD, STALE, FAULTY)}
    found = {case: (r.state, r.version, r.scores[FIRST].level) for case, r in saved.items() if r is not None}
    assert found == {GOOD: ("draft", 1, 4), STALE: ("draft", 2, 5), FAULTY: ("draft", 1, 2)}
    queue = {row[0]: row for row in cells(tab, FI("Assigned applications"))}
    assert all(FI("Draft") in queue[case] for case in (GOOD, STALE, FAULTY))
    context.close()
    assert site.tracebacks() == 0
