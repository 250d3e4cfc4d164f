"""axe finds no violation of WCAG 2.1 A and AA on any page, in any language, empty, or showing an error."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from sample_data.load import PASSWORD
from tests.browser.site import (
    CHECKED,
    EMPTY_CALL,
    LANGUAGES,
    NARROW,
    SEEN_BY,
    WIDE,
    Site,
    Words,
    button,
    go,
    settle,
    signed_in,
    speak,
    stretch,
    upload,
    visit,
)
from tests.support.browser import new_context

pytestmark = pytest.mark.browser
FI = Words("fi")

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
}
IN_THE_DARK = {
    "essi.esittelija": ("/", "/call", "/application?call=2022&case=ESIM/2022/042", "/intake", "/allocate", "/export"),
    "sam.sample": SEEN_BY["sam.sample"],
}
"""Pages that between them have every kind of element, in the colours of a dark screen."""

EMPTY = {
    "essi.esittelija": ("/", "/applications", "/intake", "/ranking", "/allocate", "/export", "/trail"),
    "sam.sample": ("/", "/reviews", "/review"),
}
"""The pages of the call that has no applications."""

SAMPLES = Path(__file__).parents[2] / "sample_data"


def violations(tab: Page, state: str) -> list[str]:
    """What axe finds on the page as it stands, as "state: rule: element"; counts the state."""
    CHECKED.append(state)
    # What lies outside the window counts as "cannot tell", not as a violation.
    before = tab.viewport_size or WIDE
    stretch(tab)
    found = Axe().run(tab, options=RULES).response["violations"]
    tab.set_viewport_size(before)
    return [f"{state}: {rule['id']}: {node['html'][:400]}" for rule in found for node in rule["nodes"]]


@contextmanager
def somebody(browser: Browser, site: Site, username: str, lang: str = "fi", **wishes: object) -> Iterator[Page]:
    """A tab of somebody signed in who reads ``lang``."""
    context, tab = signed_in(browser, site, username, PASSWORD, **wishes)
    speak(tab, site, lang)
    yield tab
    context.close()


@pytest.mark.parametrize(
    ("username", "lang"),
    # The decision maker sees the officer's pages without their forms: once is enough.
    [(name, lang) for name in SEEN_BY for lang in LANGUAGES if name != "paula.paattaja" or lang == "sv"],
)
def test_every_page_is_accessible(browser: Browser, sample_site: Site, username: str, lang: str) -> None:
    faults = []
    with somebody(browser, sample_site, username, lang) as tab:
        for path in SEEN_BY[username]:
            go(tab, sample_site, path)
            assert tab.locator("html").get_attribute("lang") == lang
            faults += violations(tab, f"{path} {username} {lang}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("username", IN_THE_DARK)
def test_pages_in_dark_colours_are_accessible(browser: Browser, sample_site: Site, username: str) -> None:
    faults = []
    with somebody(browser, sample_site, username, color_scheme="dark") as tab:
        for path in IN_THE_DARK[username]:
            go(tab, sample_site, path)
            faults += violations(tab, f"{path} {username} dark")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("username", EMPTY)
def test_pages_without_applications_are_accessible(browser: Browser, sample_site: Site, username: str) -> None:
    faults = []
    with somebody(browser, sample_site, username) as tab:
        for path in EMPTY[username]:
            visit(tab, sample_site, f"{path}?call={EMPTY_CALL}")
            faults += violations(tab, f"{path} empty")
    assert not faults, "\n".join(faults)


def test_the_menu_of_a_narrow_window_is_accessible(browser: Browser, sample_site: Site) -> None:
    with somebody(browser, sample_site, "essi.esittelija", viewport=NARROW) as tab:
        tab.get_by_test_id("stExpandSidebarButton").click()
        expect(tab.get_by_test_id("stSidebarNav")).to_be_visible()
        faults = violations(tab, "/ narrow, menu open")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sign_in_page_is_accessible(browser: Browser, sample_site: Site, lang: str) -> None:
    context = new_context(browser)
    tab = context.new_page()
    speak(tab, sample_site, lang, "/sign-in")
    faults = violations(tab, f"/sign-in {lang}")
    tab.locator("#username").fill("nobody")
    tab.locator("#password").fill("wrong password")
    tab.locator("button").click()
    expect(tab.locator("#fault")).to_be_visible()
    faults += violations(tab, f"/sign-in wrong password {lang}")
    context.close()
    assert not faults, "\n".join(faults)


def test_refused_files_are_accessible(browser: Browser, sample_site: Site) -> None:
    with somebody(browser, sample_site, "essi.esittelija") as tab:
        visit(tab, sample_site, "/intake?call=2022")
        upload(tab, "broken.xlsx", b"not a workbook")
        expect(tab.get_by_role("alert")).to_be_visible()
        faults = violations(tab, "/intake refused file")
        visit(tab, sample_site, "/intake?call=2022")
        upload(tab, "faulty.xlsx", (SAMPLES / "applications-2022-faulty.xlsx").read_bytes())
        expect(tab.locator(".ap-table")).to_be_visible()
        faults += violations(tab, "/intake faulty rows")
        visit(tab, sample_site, "/call")
        upload(tab, "call.toml", b"id = ")
        button(tab, FI("Add the call")).click()
        expect(tab.get_by_role("alert").first).to_be_visible()
        settle(tab)
        faults += violations(tab, "/call refused file")
    assert not faults, "\n".join(faults)


def test_refused_entries_are_accessible(browser: Browser, sample_site: Site) -> None:
    with somebody(browser, sample_site, "essi.esittelija") as tab:
        visit(tab, sample_site, "/allocate?call=2022")
        amount = tab.get_by_label(FI("Appropriation"), exact=True)
        amount.fill("kymmenen miljoonaa")
        amount.press("Enter")
        expect(tab.get_by_role("alert")).to_be_visible()
        settle(tab)
        faults = violations(tab, "/allocate no amount")
        visit(tab, sample_site, "/application?call=2022&case=ESIM/2022/042")
        button(tab, FI("Confirm")).click()
        expect(tab.get_by_role("alert").first).to_be_visible()
        settle(tab)
        faults += violations(tab, "/application no reason")
        visit(tab, sample_site, "/application?call=2022&case=none")
        faults += violations(tab, "/application unknown case")
        visit(tab, sample_site, "/reviews")
        faults += violations(tab, "/reviews not allowed")
    assert not faults, "\n".join(faults)


def test_refused_reviews_and_accounts_are_accessible(browser: Browser, sample_site: Site) -> None:
    with somebody(browser, sample_site, "sam.sample") as tab:
        visit(tab, sample_site, "/review?call=2022&case=ESIM/2022/008")
        tab.get_by_text(FI("Conflict of interest"), exact=True).click()
        button(tab, FI("Submit the review")).click()
        expect(tab.get_by_role("alert").first).to_be_visible()
        settle(tab)
        faults = violations(tab, "/review incomplete")
    with somebody(browser, sample_site, "ylermi.yllapitaja") as tab:
        visit(tab, sample_site, "/accounts")
        button(tab, FI("Add the account")).click()
        expect(tab.get_by_role("alert").first).to_be_visible()
        settle(tab)
        faults += violations(tab, "/accounts no name")
        tab.goto(sample_site.base + "/password")
        tab.locator("#current").fill("wrong password")
        for field in ("#new", "#again"):
            tab.locator(field).fill("a password of some length")
        tab.locator("button").click()
        expect(tab.locator("#fault")).to_be_visible()
        faults += violations(tab, "/password wrong password")
    assert not faults, "\n".join(faults)
