"""Pages fit narrow and wide windows, say their language, and hold no text that went past the catalogues."""

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from tests.browser.site import (
    NARROW,
    SEEN_BY,
    WIDE,
    Site,
    Words,
    go,
    signed_in,
    speak,
    told,
    upload,
    visit,
    write,
)
from tests.browser.texts import data_of, texts_of, undecorated
from tests.support.browser import new_context
from tests.support.server import ROOT

pytestmark = pytest.mark.browser

QPS = Words("qps")
FAULTY = ROOT / "sample_data" / "applications-2022-faulty.xlsx"

_OVERFLOW = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
  .filter(box => box && box.scrollWidth > box.clientWidth + 1)
  .map(box => `${box.tagName} ${box.scrollWidth} > ${box.clientWidth}`)"""
_WIDE_TABLES = """() => [...document.querySelectorAll('.ap-scroll')]
  .filter(box => box.scrollWidth > box.clientWidth + 1)
  .map(box => `${box.getAttribute('aria-label')}: ${box.scrollWidth} > ${box.clientWidth}`)"""


@pytest.mark.parametrize("lang", ["fi", "sv"])
@pytest.mark.parametrize("username", ["essi.esittelija", "sam.sample", "ylermi.yllapitaja"])
def test_pages_fit_narrow_and_wide_windows(browser: Browser, sample_site: Site, username: str, lang: str) -> None:
    faults = []
    context, tab = signed_in(browser, sample_site, username, viewport=WIDE)
    speak(tab, sample_site, lang)
    for path in SEEN_BY[username]:
        go(tab, sample_site, path)
        faults += [f"{path} {lang} 1280: {fault}" for fault in tab.evaluate(_WIDE_TABLES)]
        tab.set_viewport_size(NARROW)
        # The charts draw themselves anew; the page is done when its width no longer changes.
        tab.wait_for_function("() => document.documentElement.clientWidth === 320")
        tab.wait_for_timeout(150)
        faults += [f"{path} {lang} 320: {fault}" for fault in tab.evaluate(_OVERFLOW)]
        tab.set_viewport_size(WIDE)
    context.close()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("username", SEEN_BY)
def test_every_text_of_ours_went_through_a_catalogue(browser: Browser, sample_site: Site, username: str) -> None:
    context, tab = signed_in(browser, sample_site, username)
    speak(tab, sample_site, "qps")
    data = data_of(sample_site)
    faults = []
    for path in SEEN_BY[username]:
        go(tab, sample_site, path)
        faults += [f"{path}: {text}" for text in undecorated(texts_of(tab), data)]
    context.close()
    assert not faults, "\n".join(faults)


def test_every_refusal_went_through_a_catalogue(browser: Browser, sample_site: Site) -> None:
    context = new_context(browser)
    tab = context.new_page()
    speak(tab, sample_site, "qps", "/sign-in")
    tab.locator("#username").fill("nobody")
    tab.locator("#password").fill("wrong password")
    tab.locator("button").click()
    expect(tab.locator("#fault")).to_be_visible()
    faults = undecorated(texts_of(tab), ("nobody", "wrong password"))
    context.close()
    context, tab = signed_in(browser, sample_site, "essi.esittelija")
    data = data_of(sample_site)
    speak(tab, sample_site, "qps", "/intake?call=2022")
    upload(tab, "broken.xlsx", b"PK")
    told(tab, "broken.xlsx")
    faults += undecorated(texts_of(tab), ("broken.xlsx", *data))
    visit(tab, sample_site, "/intake?call=2022")
    upload(tab, FAULTY.name, FAULTY.read_bytes())
    faults += undecorated(texts_of(tab), (*cells_of(FAULTY), FAULTY.name, *data))
    visit(tab, sample_site, "/allocate?call=2022")
    write(tab, QPS("Appropriation"), "kymmenen")
    told(tab, QPS("The text is not an amount in euros."))
    faults += undecorated(texts_of(tab), ("kymmenen", *data))
    visit(tab, sample_site, "/application?call=2022&case=none")
    faults += undecorated(texts_of(tab), ("none", *data))
    context.close()
    assert not faults, "\n".join(faults)


def cells_of(file: Path) -> tuple[str, ...]:
    """Every text of a workbook, as a fault repeats the value it is about: control characters are shown as such."""
    values = (value for sheet in load_workbook(file) for row in sheet.values for value in row)
    shown = (str(value).upper() if isinstance(value, bool) else str(value or "") for value in values)
    return tuple(" ".join(re.sub(r"_x[0-9A-F]{4}_", "\ufffd", text).split()) for text in shown if text)
