"""Sessions in the browser: language, deep links, signing out, the wrong role, and two tabs on one review."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.site import (
    Site,
    Words,
    actor,
    button,
    press,
    reaction,
    settle,
    sign_in,
    speak,
    stretch,
    told,
    turn_to,
    visit,
)
from tests.support.browser import new_context
from workflow.house import House
from workflow.review_queue import my_queue

pytestmark = pytest.mark.browser

FI, SV = Words("fi"), Words("sv")
OFFICER, REVIEWER, CHAIR = "essi.esittelija", "malla.mallikas", "pauli.puheenjohtaja"

OFFICE = (
    *("applications", "follow_up", "intake", "assignment", "meeting", "ranking", "allocate"),
    *("costs", "reasons", "decide", "export"),
)
"""Pages that neither a reviewer nor the administrator sees anything of."""


@pytest.fixture
def somebody(browser: Browser) -> Iterator[BrowserContext]:
    """A browser without cookies."""
    context = new_context(browser)
    yield context
    context.close()


def test_the_language_and_the_call_last(somebody: BrowserContext, browser: Browser, sample_site: Site) -> None:
    tab = somebody.new_page()
    sign_in(tab, sample_site, CHAIR)
    speak(tab, sample_site, "fi", "/applications?call=2020")
    tab.get_by_role("link", name="Svenska", exact=True).click()
    expect(tab.get_by_role("heading", level=1)).to_have_text(SV("Applications"))
    expect(tab).to_have_url(f"{sample_site.base}/applications?call=2020")
    settle(tab)
    turn_to(tab, SV("Ranking"))
    tab.reload()
    settle(tab)
    expect(tab.get_by_role("heading", level=1)).to_have_text(SV("Ranking"))
    expect(tab.get_by_role("link", name=SV("Call {call}", call="2020"))).to_have_attribute("aria-current", "true")
    expect(tab.locator("html")).to_have_attribute("lang", "sv")
    elsewhere = new_context(browser)
    there = elsewhere.new_page()
    sign_in(there, sample_site, CHAIR, path="/ranking")
    expect(there.get_by_role("heading", level=1)).to_have_text(SV("Ranking"))
    expect(there.locator("html")).to_have_attribute("lang", "sv")
    elsewhere.close()


def test_signing_out_ends_every_tab(somebody: BrowserContext, sample_site: Site) -> None:
    tab, other = somebody.new_page(), somebody.new_page()
    sign_in(tab, sample_site, OFFICER)
    speak(tab, sample_site, "fi")
    visit(other, sample_site, "/applications?call=2022")
    tab.get_by_role("link", name=FI("Sign out"), exact=True).click()
    button(tab, FI("Sign out")).click()
    expect(tab.get_by_text(FI("You have signed out."))).to_be_visible()
    other.get_by_label(FI("Search"), exact=True).fill("Varkaus")
    other.keyboard.press("Enter")
    other.wait_for_url("**/sign-in*")
    tab.goto(f"{sample_site.base}/ranking")
    expect(tab).to_have_url(f"{sample_site.base}/sign-in?next=/ranking")
    assert tab.locator("table").count() == 0


def test_a_deep_link_is_reached_after_signing_in(somebody: BrowserContext, sample_site: Site) -> None:
    tab = somebody.new_page()
    path = "/application?call=2020&case=ESIM/2020/002"
    sign_in(tab, sample_site, OFFICER, path=path)
    expect(tab).to_have_url(sample_site.base + path)
    expect(tab.locator(".ap-lead").first).to_contain_text("ESIM/2020/002")


@pytest.mark.parametrize(
    ("username", "pages"),
    [
        (REVIEWER, (*OFFICE, "application?case=ESIM/2022/001", "meeting?case=ESIM/2022/001", "trail")),
        (OFFICER, ("reviews", "review?case=ESIM/2022/001", "offline", "accounts")),
        ("ylermi.yllapitaja", (*OFFICE, "reviews", "offline", "conflicts")),
    ],
)
def test_another_role_s_page_shows_nothing(
    somebody: BrowserContext, sample_site: Site, username: str, pages: tuple[str, ...]
) -> None:
    tab = somebody.new_page()
    sign_in(tab, sample_site, username)
    speak(tab, sample_site, "fi")
    for page in pages:
        visit(tab, sample_site, f"/{page}")
        told(tab, FI("Your role does not allow this: {what}.", what="").split(":")[0])
        main = tab.get_by_test_id("stMain")
        assert main.locator("table, input, textarea, button").count() == 0, page


def test_two_tabs_cannot_overwrite_each_other(somebody: BrowserContext, sample_site: Site) -> None:
    first, second = somebody.new_page(), somebody.new_page()
    sign_in(first, sample_site, REVIEWER)
    speak(first, sample_site, "fi")
    queue = my_queue(House(sample_site.engine), actor(sample_site, REVIEWER), "2022")
    case = next(item.case_number for item in queue if item.state == "not_started")
    path = f"/review?call=2022&case={case}"
    visit(first, sample_site, path)
    press(first, FI("I have no conflict of interest"))
    for tab in (first, second):
        visit(tab, sample_site, path)
        stretch(tab)
    choose(first, 3)
    expect(first.get_by_role("status").filter(has_text=FI("Saved {moment}", moment=""))).to_be_visible()
    choose(second, 1)
    expect(second.locator('[class*="st-key-side-by-side"]')).to_be_visible()
    expect(button(second, FI("Submit the review"))).to_be_disabled()
    second.reload()
    settle(second)
    assert chosen(second) == 3


def choose(tab: Page, position: int) -> None:
    """Give the first criterion a level."""
    with reaction(tab):
        tab.get_by_role("radiogroup").first.get_by_test_id("stRadioOption").nth(position).click()


def chosen(tab: Page) -> int:
    """The level of the first criterion as the form shows it."""
    options = tab.get_by_role("radiogroup").first.get_by_role("radio")
    return next(number for number in range(options.count()) if options.nth(number).is_checked())
