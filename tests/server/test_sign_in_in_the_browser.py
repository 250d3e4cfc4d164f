"""The sign-in, sign-out and password pages in a real browser: the way back, accessibility, narrow screens."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from access.permissions import terminal_actor
from storage.engine import make_engine
from tests.support.browser import new_context
from tests.support.server import running_server
from workflow.accounts import add_account, enable_account, reset_password

pytestmark = pytest.mark.browser
TERMINAL = terminal_actor("test")
PASSWORD = "viisi sanaa peräkkäin"
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Engine]]:
    url = f"sqlite:///{tmp_path_factory.mktemp('site') / 'panel.db'}"
    with running_server(url) as base:
        engine = make_engine(url)
        add_account(engine, TERMINAL, username="virve", name="Virve Virkamies", roles=["officer"], password=PASSWORD)
        yield base, engine
        engine.dispose()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    context = new_context(browser)
    yield context.new_page()
    context.close()


def sign_in(tab: Page, password: str = PASSWORD) -> None:
    tab.get_by_label("Käyttäjätunnus", exact=True).fill("virve")
    tab.get_by_label("Salasana", exact=True).fill(password)
    tab.get_by_role("button", name="Kirjaudu sisään", exact=True).click()


def faults_on(tab: Page) -> list[str]:
    """What axe finds, and whether the page scrolls sideways at 320 px."""
    found = [
        f"{tab.url}: {v['id']} {v['nodes'][0]['html']}" for v in Axe().run(tab, options=WCAG).response["violations"]
    ]
    size = tab.viewport_size
    tab.set_viewport_size({"width": 320, "height": 640})
    tab.wait_for_function("() => document.documentElement.clientWidth === 320")
    if tab.evaluate("document.documentElement.scrollWidth") > 320:
        found.append(f"{tab.url}: wider than 320 px")
    assert size is not None
    tab.set_viewport_size(size)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_our_own_pages_are_accessible(browser: Browser, site: tuple[str, Engine], lang: str, scheme: str) -> None:
    base, _ = site
    context = new_context(browser, color_scheme=scheme)
    tab = context.new_page()
    tab.goto(f"{base}/language/{lang}?next=/sign-in")
    faults = faults_on(tab)
    assert tab.locator("html").get_attribute("lang") == lang
    tab.locator("#username").fill("nobody")
    tab.locator("#password").fill("wrong password")
    tab.locator("button").click()
    expect(tab.locator("#fault")).to_be_visible()
    faults += faults_on(tab)
    tab.locator("#username").fill("virve")
    tab.locator("#password").fill(PASSWORD)
    with tab.expect_navigation():
        tab.locator("button").click()
    for path in ("/sign-out", "/password"):
        tab.goto(base + path)
        faults += faults_on(tab)
    assert tab.locator("html").get_attribute("lang") == lang
    tab.locator("#current").fill("wrong password")
    for field in ("#new", "#again"):
        tab.locator(field).fill("lösenord")
        tab.locator(field).evaluate("field => field.removeAttribute('minlength')")
    tab.locator("button").click()
    expect(tab.locator("#fault")).to_be_visible()
    faults += faults_on(tab)
    context.close()
    assert faults == []


def test_a_page_whose_session_has_ended_leads_to_signing_in_and_back(tab: Page, site: tuple[str, Engine]) -> None:
    base, engine = site
    tab.goto(f"{base}/applications?call=2022")
    sign_in(tab)
    expect(tab).to_have_url(f"{base}/applications?call=2022")
    expect(tab.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    _, password = reset_password(engine, TERMINAL, "virve")
    tab.locator("body").press("r")
    tab.wait_for_url("**/sign-in")
    sign_in(tab, password)
    expect(tab).to_have_url(f"{base}/applications?call=2022")
    enable_account(engine, TERMINAL, "virve")


def test_nothing_breaks_the_content_policy(tab: Page, site: tuple[str, Engine]) -> None:
    base, engine = site
    _, password = reset_password(engine, TERMINAL, "virve")
    said: list[str] = []
    tab.on("console", lambda line: said.append(line.text))
    tab.goto(base)
    sign_in(tab, password)
    expect(tab.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    assert [line for line in said if "Content Security Policy" in line] == []
