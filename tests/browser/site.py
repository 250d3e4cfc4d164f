"""A running product and the people who use it: how the browser tests sign in, wait and read."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, BrowserContext, FilePayload, Locator, Page, StorageState, ViewportSize, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from access.permissions import Actor
from locales import msg, msgn, render
from locales.catalogue import catalogue
from sample_data.load import PASSWORD
from storage import accounts as stored_accounts
from storage.engine import Engine, make_engine
from storage.unit import reading
from tests.support.browser import WAIT_MS, new_context
from tests.support.server import running_server

# Two shared cores are slow at odd moments.
expect.set_options(timeout=WAIT_MS)

LANGUAGES = ("fi", "sv", "en")
EMPTY_CALL = "2019"
"""A third call, without applications; older, so that pages asked for without a call show the one of 2022."""
CLOSING_CALL = "2018"
"""A fourth one, without applications, whose decision waits for the decision maker."""
DECIDED_CALL = "2017"
"""A fifth one, without applications, that has been decided."""

TALLEST = 6000
NARROW: ViewportSize = {"width": 320, "height": 640}
WIDE: ViewportSize = {"width": 1280, "height": 900}


@dataclass(frozen=True, slots=True)
class Site:
    """A server at ``base`` on the database ``url``, which the test reads and writes through ``engine`` as well."""

    base: str
    url: str
    engine: Engine
    log: Path

    def tracebacks(self) -> int:
        """How many tracebacks the server has printed so far."""
        return self.log.read_text(errors="replace").count("Traceback")


@contextmanager
def serving(url: str, folder: Path, env: Mapping[str, str] | None = None) -> Iterator[Site]:
    """A server on ``url``; what it prints goes to a file in ``folder``, without which its pages would hide faults."""
    log = folder / "server.txt"
    with running_server(url, env, log=log) as base:
        engine = make_engine(url)
        yield Site(base, url, engine, log)
        engine.dispose()


@dataclass(frozen=True, slots=True)
class Words:
    """The product's words in one language, by their English source; a source that it does not have is a fault."""

    lang: str

    def __call__(self, source: str, /, **values: str) -> str:
        assert source in catalogue("fi"), f"the product does not say {source!r}"
        return render(msg(source, **values), self.lang)

    def count(self, singular: str, plural: str, n: int) -> str:
        """A text that counts."""
        assert singular in catalogue("fi"), f"the product does not say {singular!r}"
        return render(msgn(singular, plural, n), self.lang)


def sign_in(tab: Page, site: Site, username: str, password: str = PASSWORD, path: str = "/") -> None:
    """Sign in by the form, beginning from ``path``, and wait until its page is whole."""
    tab.goto(site.base + path)
    tab.locator("#username").fill(username)
    tab.locator("#password").fill(password)
    tab.locator("button[type=submit]").click()
    settle(tab)


_COOKIES: dict[tuple[str, str], StorageState] = {}


def signed_in(
    browser: Browser, site: Site, username: str, password: str = PASSWORD, path: str = "/", **wishes: object
) -> tuple[BrowserContext, Page]:
    """Somebody's own browser with a tab on ``path``; ``wishes`` as for ``new_context``.

    The first time at a site they sign in by the form; later browsers begin with the cookies that were given then.
    """
    if cookies := _COOKIES.get((site.url, username)):
        context = new_context(browser, storage_state=cookies, **wishes)
        tab = context.new_page()
        visit(tab, site, path)
        return context, tab
    context = new_context(browser, **wishes)
    tab = context.new_page()
    sign_in(tab, site, username, password, path)
    _COOKIES[site.url, username] = context.storage_state()
    return context, tab


def settle(tab: Page) -> None:
    """Wait until the page has run, and every change asked for has arrived."""
    app = tab.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning")
    expect(tab.locator(".ap-masthead")).to_be_visible()
    expect(app).to_have_attribute("data-test-connection-state", "CONNECTED")
    tab.wait_for_function(_STILL)


# A page is whole when the server is done and nothing of the last run is still drawn or shown as stale.
_STILL = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app && app.dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]');
}"""


_WATCH = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  window.asked = window.runs = 0;
  new MutationObserver(changes => { window.runs += changes.length; })
    .observe(app, {attributes: true, attributeFilter: ['data-test-script-state']});
}"""
_ASKED = "() => window.runs === undefined || window.runs > 0 || window.asked > 0"
_ANSWERED = "() => window.runs === undefined || window.runs > 0 || window.asked === 0 || window.answered > 0"
_RUN = "() => window.runs === undefined || window.runs > 0 || window.asked === 0"


@contextmanager
def reaction(tab: Page) -> Iterator[None]:
    """Wait for what is done inside to have had its effect: the browser asks for a run, the server has run."""
    tab.evaluate(_WATCH)
    yield
    # Choosing what is chosen already, or filling in a field of a form, asks for nothing: then nothing runs.
    with suppress(PlaywrightTimeout):
        tab.wait_for_function(_ASKED, timeout=1_500)
    tab.wait_for_function(_ANSWERED)
    # A run that begins and ends between two frames is never seen to run.
    with suppress(PlaywrightTimeout):
        tab.wait_for_function(_RUN, timeout=1_000)
    settle(tab)


def visit(tab: Page, site: Site, path: str) -> None:
    """Open an address by a new page load."""
    tab.goto(site.base + path)
    settle(tab)


def go(tab: Page, site: Site, path: str) -> None:
    """Open a page of Streamlit's or one of our own."""
    tab.goto(site.base + path)
    if not path.startswith(("/sign-", "/password")):
        settle(tab)


def speak(tab: Page, site: Site, lang: str, path: str = "/") -> None:
    """Switch the language by its address, as the links in the masthead do, and come to ``path``."""
    tab.goto(f"{site.base}/language/{lang}?next={quote(path, safe='/')}")
    if not path.startswith(("/sign-", "/password")):
        settle(tab)


def stretch(tab: Page) -> None:
    """Make the window as tall as the page, so that nothing of it lies outside."""
    width = (tab.viewport_size or WIDE)["width"]
    tall = int(tab.evaluate("(document.querySelector('[data-testid=stMain]') ?? document.body).scrollHeight"))
    tab.set_viewport_size({"width": width, "height": min(max(tall + 60, 640), TALLEST)})


def button(tab: Page, name: str) -> Locator:
    """The button with exactly these words."""
    return tab.get_by_role("button", name=name, exact=True)


def upload(tab: Page, *files: tuple[str, bytes]) -> None:
    """Give the page files and wait until they have been read."""
    given: list[FilePayload] = [{"name": name, "mimeType": "", "buffer": data} for name, data in files]
    with reaction(tab):
        tab.locator("input[type=file]").set_input_files(given)
        # The name that is seen may be shortened; the button says it whole, and "Cancel upload of ..." before it is there.
        for name, _ in files:
            expect(button(tab, f"Remove {name}")).to_be_visible()


def turn_to(tab: Page, title: str) -> None:
    """Click a page's name in the navigation and wait until that page is there."""
    tab.get_by_test_id("stHeader").get_by_role("link", name=title, exact=True).click()
    expect(tab.get_by_role("heading", level=1)).to_have_text(title)
    settle(tab)


def follow(tab: Page, name: str) -> None:
    """Click a link of our own, which loads a new page, and wait until that page is whole."""
    with tab.expect_navigation():
        tab.get_by_role("link", name=name, exact=True).click()
    settle(tab)


def press(tab: Page, name: str) -> None:
    """Click a button and wait for what it does."""
    with reaction(tab):
        button(tab, name).click()


def pick(tab: Page, group: str, position: int) -> None:
    """Choose an option, counted from 0, of the group of radio buttons whose name begins with ``group``."""
    found = tab.get_by_role("radiogroup", name=re.compile(f"^{re.escape(group)}"))
    with reaction(tab):
        found.get_by_test_id("stRadioOption").nth(position).click()


def choose(tab: Page, label: str, option: str) -> None:
    """Choose an option of the drop-down list with this label in a form, where nothing runs before it is sent.

    A list that the page draws anew while it opens closes again, on slow machines; a person opens it once more.
    """
    box = tab.get_by_role("combobox", name=label, exact=True)
    found = tab.get_by_role("option", name=option, exact=True)
    for timeout in (2_000, 5_000, WAIT_MS):
        box.fill("")
        box.fill(option)
        with suppress(PlaywrightTimeout):
            found.click(timeout=timeout)
            break
    expect(box).to_have_value(option)


def told(tab: Page, text: str) -> None:
    """Wait until a notice of the page, good or bad, contains ``text``."""
    expect(tab.get_by_test_id("stAlert").filter(has_text=text).first).to_be_visible()
    settle(tab)


def write(tab: Page, label: str, text: str) -> None:
    """Write into a field and leave it, which is when it is sent."""
    field = tab.get_by_label(label, exact=True)
    with reaction(tab):
        field.fill(text)
        field.blur()


def figure(tab: Page, name: str) -> str:
    """The key figure of this name, without its note."""
    box = tab.locator(".ap-figures > div").filter(has=tab.get_by_text(name, exact=True))
    return str(box.locator("dd").evaluate("found => found.firstChild.textContent"))


def cells(tab: Page, caption: str) -> list[list[str]]:
    """The body of the table with this caption, row by row."""
    table = tab.get_by_role("region", name=caption, exact=True).locator("tbody")
    rows = table.evaluate("body => [...body.rows].map(row => [...row.cells].map(cell => cell.textContent.trim()))")
    return [list(map(str, row)) for row in rows]


def download(tab: Page, name: str) -> bytes:
    """What the button of this name gives."""
    with reaction(tab), tab.expect_download() as waiting:
        button(tab, name).click()
    return Path(waiting.value.path()).read_bytes()


def actor(site: Site, username: str) -> Actor:
    """The person as the workflow knows them."""
    with reading(site.engine) as uow:
        account = stored_accounts.account_by_username(uow.connection, username)
    return Actor(account.id, account.username, account.name, account.roles, account.language)
