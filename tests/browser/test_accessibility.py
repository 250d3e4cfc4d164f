"""axe finds no violation of WCAG 2.1 A and AA on any page, in any language, empty, or showing an error; pages fit."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sample_data.load import PASSWORD
from tests.browser.looking import misfits, violations
from tests.browser.site import (
    CLOSING_CALL,
    DECIDED_CALL,
    EMPTY_CALL,
    LANGUAGES,
    NARROW,
    Site,
    Words,
    button,
    press,
    settle,
    signed_in,
    speak,
    told,
    upload,
    visit,
)
from tests.browser.states import SEEN_BY, filled_form, states
from tests.support.browser import new_context

pytestmark = pytest.mark.browser
FI = Words("fi")

IN_THE_DARK = {
    "essi.esittelija": (
        "/",
        "/call",
        "/application?call=2022&case=ESIM/2022/042",
        "/intake",
        "/conflicts",
        "/ranking?part=certainty",
        "/ranking?part=one-more",
        "/reviewers",
        "/agreement",
        "/allocate",
        f"/decide?call={CLOSING_CALL}",
        f"/decide?call={DECIDED_CALL}",
        "/export",
    ),
    "sam.sample": ("/reviews", *(f"/review?call=2022&case=ESIM/2022/0{number}" for number in ("40", "12", "01"))),
    "pauli.puheenjohtaja": ("/meeting?call=2020", "/meeting?call=2020&case=ESIM/2020/031"),
}
"""Pages that between them have every kind of element, in the colours of a dark screen."""

EMPTY = {
    "essi.esittelija": (
        "/",
        "/phases",
        "/applications",
        "/follow_up",
        "/intake",
        "/assignment",
        "/conflicts",
        "/meeting",
        "/ranking",
        "/reviewers",
        "/agreement",
        "/allocate",
        "/costs",
        "/reasons",
        "/decide",
        "/export",
        "/trail",
    ),
    "sam.sample": ("/", "/reviews", "/review", "/offline", "/conflicts"),
}
"""The pages of the call that has no applications."""

SAMPLES = Path(__file__).parents[2] / "sample_data"


@contextmanager
def somebody(browser: Browser, site: Site, username: str, lang: str = "fi", **wishes: object) -> Iterator[Page]:
    """A tab of somebody signed in who reads ``lang``."""
    context, tab = signed_in(browser, site, username, PASSWORD, f"/language/{lang}?next=/", **wishes)
    yield tab
    context.close()


@pytest.mark.parametrize(
    ("username", "lang"),
    # The decision maker sees others' pages without their forms: once is enough.
    [(name, lang) for name in SEEN_BY for lang in LANGUAGES if name != "paula.paattaja" or lang == "sv"],
)
def test_every_page_is_accessible_and_fits(browser: Browser, sample_site: Site, username: str, lang: str) -> None:
    faults = []
    with somebody(browser, sample_site, username, lang) as tab:
        for state in SEEN_BY[username]:
            for name in states(sample_site, tab, Words(lang), state):
                assert tab.locator("html").get_attribute("lang") == lang
                faults += violations(tab, f"{name} {username} {lang}")
                faults += misfits(tab, f"{name} {username} {lang}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("username", IN_THE_DARK)
def test_pages_in_dark_colours_are_accessible(browser: Browser, sample_site: Site, username: str) -> None:
    faults = []
    with somebody(browser, sample_site, username, color_scheme="dark") as tab:
        for path in IN_THE_DARK[username]:
            visit(tab, sample_site, path)
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
        upload(tab, ("broken.xlsx", b"not a workbook"))
        told(tab, "broken.xlsx")
        faults = violations(tab, "/intake refused file")
        visit(tab, sample_site, "/intake?call=2022")
        upload(tab, ("faulty.xlsx", (SAMPLES / "applications-2022-faulty.xlsx").read_bytes()))
        expect(tab.locator(".ap-table")).to_be_visible()
        settle(tab)
        faults += violations(tab, "/intake faulty rows")
        visit(tab, sample_site, "/call")
        upload(tab, ("call.toml", b"id = "))
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
        press(tab, FI("Declare the conflict of interest"))
        expect(tab.get_by_role("alert").first).to_be_visible()
        settle(tab)
        faults = violations(tab, "/review no ground")
        press(tab, FI("I have no conflict of interest"))
        told(tab, FI("You have declared that you have no conflict of interest in {case}.", case="ESIM/2022/008"))
        press(tab, FI("Submit the review"))
        expect(tab.get_by_role("alert").nth(1)).to_be_visible()
        settle(tab)
        faults += violations(tab, "/review incomplete")
        visit(tab, sample_site, "/offline?call=2022")
        upload(tab, ("broken.xlsx", b"not a workbook"))
        told(tab, "broken.xlsx")
        faults += violations(tab, "/offline refused file")
        upload(tab, ("form.xlsx", filled_form(sample_site)))
        expect(button(tab, FI("Save the good rows as drafts"))).to_be_visible()
        settle(tab)
        faults += violations(tab, "/offline changes and faults") + misfits(tab, "/offline changes and faults")
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
