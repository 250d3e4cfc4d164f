"""Attachments in the browser: uploaded by the officer, read in the page by the reviewer, closed to everybody else."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.looking import violations
from tests.browser.site import (
    Site,
    Words,
    actor,
    cells,
    choose,
    pick,
    press,
    reaction,
    serving,
    settle,
    signed_in,
    speak,
    told,
    upload,
    visit,
)
from tests.support.browser import WAIT_MS
from tests.support.worlds import CASES, PASSWORD
from tools.sample_pdfs import FOLDER
from workflow.abstaining import declare_impartial
from workflow.house import House

pytestmark = pytest.mark.browser
FI = Words("fi")
CASE = CASES[1]
PLAN = "hankesuunnitelma.pdf"
SURE = "The file is to be removed. Readers no longer see it; the log keeps that it was here."
CAPTION = FI("Attachments of the application (PDF)")


@pytest.fixture
def panel_site(tmp_path: Path, sqlite_templates: dict[str, Path]) -> Iterator[Site]:
    """A small database in review, served."""
    shutil.copy(sqlite_templates["panel"], tmp_path / "panel.db")
    with serving(f"sqlite:///{tmp_path / 'panel.db'}", tmp_path) as site:
        yield site


def reader_s_frame(tab: Page) -> Frame:
    """The browser's own PDF reader, once it is there."""
    end = time.monotonic() + WAIT_MS / 1000
    while time.monotonic() < end:
        if found := [frame for frame in tab.frames if frame.url.startswith("chrome-extension://")]:
            return found[0]
        tab.wait_for_timeout(100)
    raise AssertionError(f"no PDF reader among {[frame.url for frame in tab.frames]}")


def test_an_attachment_goes_from_the_officer_to_the_reviewer(browser: Browser, panel_site: Site) -> None:
    office, officer = signed_in(browser, panel_site, "officer", PASSWORD)
    speak(officer, panel_site, "fi", f"/application?call=2022&case={CASE}")
    officer.get_by_text(FI("Add attachments"), exact=True).click()
    plan = FOLDER / PLAN
    upload(officer, (PLAN, plan.read_bytes()), ("muistio.docx", b"PK\x03\x04"))
    press(officer, FI("Attach the files"))
    told(officer, FI.count("{n} file was attached.", "{n} files were attached.", 1))
    told(officer, FI("{file} is not named as a PDF file. The name must end with .pdf.", file="muistio.docx"))
    assert [row[:2] for row in cells(officer, CAPTION)] == [[PLAN, FI("{n} kB", n="6")]]

    desk, reviewer = signed_in(browser, panel_site, "daavid", PASSWORD)
    speak(reviewer, panel_site, "fi")
    declare_impartial(House(panel_site.engine), actor(panel_site, "daavid"), "2022", [CASE])
    asked: list[str] = []
    reviewer.on("request", lambda request: asked.append(request.url))
    visit(reviewer, panel_site, f"/review?call=2022&case={CASE}")
    assert reviewer.locator("iframe").count() == 0
    assert not [url for url in asked if "/attachments/" in url]
    with reaction(reviewer):
        reviewer.get_by_text(FI("Show in the page: {file}", file=PLAN), exact=True).click()
    frame = reviewer.locator(f'iframe[title="{PLAN}"]')
    expect(frame).to_be_visible()
    expect(reader_s_frame(reviewer).locator("#pagelength")).to_have_text("2")
    frame.evaluate("found => { found.kept = true; }")
    pick(reviewer, "", 2)
    assert frame.evaluate("found => found.kept"), "the reader began anew when something else on the page changed"
    assert not violations(reviewer, "/review with an attachment")

    link = reviewer.get_by_role("region", name=CAPTION, exact=True).get_by_role("link", name=FI("Download"), exact=True)
    with reviewer.expect_download() as waiting:
        link.click()
    assert waiting.value.suggested_filename == PLAN
    assert Path(waiting.value.path()).read_bytes() == plan.read_bytes()

    address = panel_site.base + str(frame.get_attribute("src")).partition("#")[0]
    other, _ = signed_in(browser, panel_site, "arvi", PASSWORD)
    got = [context.request.get(address, max_redirects=0).status for context in (office, desk, other)]
    other.clear_cookies()
    assert [*got, other.request.get(address, max_redirects=0).status] == [200, 200, 404, 303]

    visit(officer, panel_site, f"/application?call=2022&case={CASE}")
    officer.get_by_text(FI("Remove an attachment"), exact=True).click()
    settle(officer)
    choose(officer, FI("File"), PLAN)
    press(officer, FI("Remove the file"))
    told(officer, FI("Choose the file and confirm that it is to be removed. Nothing was removed."))
    officer.get_by_text(FI(SURE), exact=True).click()
    press(officer, FI("Remove the file"))
    told(officer, FI("The attachment {file} was removed.", file=PLAN))
    assert office.request.get(address).status == 404
    for context in (office, desk, other):
        context.close()
    assert panel_site.tracebacks() == 0
