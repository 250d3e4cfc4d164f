"""Nothing typed is lost: two browsers on one review, a server that restarts, a connection that breaks or falls silent."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from storage.engine import Engine, make_engine
from tests.browser.looking import violations
from tests.browser.site import NARROW, Site, Words, actor, button, reaction, settle, sign_in, visit
from tests.support.browser import new_context
from tests.support.cutting_proxy import CuttingProxy, proxy_to
from tests.support.server import free_port, running_server
from tests.support.worlds import CALL_ID, PASSWORD, Clock, World, application
from workflow.abstaining import declare_impartial
from workflow.house import House
from workflow.reviewing import Draft, OwnReview, open_review, save_draft

pytestmark = pytest.mark.browser

FI = Words("fi")
REVIEWER = "arvi"
REASON = "process_change"
OFFLINE = (
    "No connection to the server. You can go on typing: the text is kept in this browser and saved when the "
    "connection is back. The levels and the buttons work again then."
)
WAITING = (
    "The server has not confirmed the saving yet. What you type is kept in this browser. "
    "If this stays, use Save now or load the page again: the text is offered to you."
)
KEPT = "On this device there is text that was not saved"


@dataclass
class Place:
    """A server that can be stopped and started again on one port and one database."""

    url: str
    folder: Path
    port: int
    engine: Engine
    _running: ExitStack = field(default_factory=ExitStack)
    _starts: int = 0

    def start(self) -> None:
        self._starts += 1
        log = self.folder / f"server-{self._starts}.txt"
        self._running.enter_context(running_server(self.url, port=self.port, log=log))

    def stop(self) -> None:
        self._running.close()

    def site(self, base: str = "") -> Site:
        """The server as the helpers of the browser tests know it, seen at ``base``."""
        log = self.folder / f"server-{self._starts}.txt"
        return Site(base or f"http://127.0.0.1:{self.port}", self.url, self.engine, log)

    def review(self, case: str) -> OwnReview | None:
        """The reviewer's review as it is in the database."""
        return open_review(House(self.engine), actor(self.site(), REVIEWER), CALL_ID, case).review

    def reason(self, case: str) -> str:
        """The stored reason of the first criterion."""
        review = self.review(case)
        return review.scores[REASON].reason if review else ""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, sqlite_templates: dict[str, Path]) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("typed")
    shutil.copy(sqlite_templates["people"], folder / "typed.db")
    url = f"sqlite:///{folder / 'typed.db'}"
    made = Place(url, folder, free_port(), make_engine(url))
    made.start()
    yield made
    made.stop()
    made.engine.dispose()


@pytest.fixture(scope="module")
def cases(place: Place) -> Iterator[str]:
    """Cases of the reviewer that nobody has begun, one after another."""
    people = {name: actor(place.site(), name) for name in ("officer", REVIEWER)}
    world = World(House(place.engine), Clock(), people)
    found = [f"VN/{number}/2022" for number in range(1, 7)]
    world.take(*(application(number) for number in range(1, 7)))
    world.confirm(*found)
    for case in found:
        world.assign(case, [REVIEWER])
    declare_impartial(world.house, world[REVIEWER], CALL_ID, found)
    return iter(found)


@dataclass(frozen=True, slots=True)
class Cut:
    """A form whose connection was cut while its reason was being typed, and when a minute will have gone."""

    case: str
    tab: Page
    proxy: CuttingProxy
    until: float
    before: str
    """What was saved when it was cut."""


@pytest.fixture(scope="module")
def cut(browser: Browser, place: Place, cases: Iterator[str]) -> Iterator[Cut]:
    """Begun early, so that other tests pass the minute."""
    case = next(cases)
    with proxy_to(place.port) as proxy:
        tab = open_form(browser, place.site(proxy.base), case)
        write(tab, "Ennen katkoa, ")
        proxy.cut()
        until = time.monotonic() + 60
        before = place.reason(case)
        write(tab, "katkon aikana")
        expect(line(tab)).to_contain_text(FI(OFFLINE))
        yield Cut(case, tab, proxy, until, before)
        tab.context.close()


@pytest.fixture
def proxy(place: Place) -> Iterator[CuttingProxy]:
    with proxy_to(place.port) as made:
        yield made


def open_form(browser: Browser, site: Site, case: str, **wishes: object) -> Page:
    """The form in a browser of its own."""
    tab = new_context(browser, **wishes).new_page()
    sign_in(tab, site, REVIEWER, PASSWORD)
    visit(tab, site, f"/review?call={CALL_ID}&case={case}")
    return tab


def reason_in(tab: Page) -> Locator:
    """The text area of the first criterion's reason."""
    return tab.locator(f'[class*="st-key-review-reason-"][class*="-{REASON}"] textarea')


def write(tab: Page, text: str) -> None:
    """Type at the end of the reason, without leaving it."""
    area = reason_in(tab)
    if not area.evaluate("area => area === document.activeElement"):
        area.focus()
        tab.keyboard.press("Control+End")
    tab.keyboard.type(text, delay=20)


def line(tab: Page) -> Locator:
    """The line that says whether everything is saved."""
    return tab.locator("[data-keeping-lines]")


def saved(tab: Page) -> None:
    """Wait until the page says that everything is saved."""
    expect(line(tab).get_by_role("status")).to_contain_text(FI("Saved {moment}", moment=""))
    expect(line(tab).locator("[data-keeping-typing]")).to_be_empty()


# What the line says for a moment only; read afterwards, since the test may look away when it is said.
_LISTEN = """line => {
  window.said = [];
  new MutationObserver(() => window.said.push(line.textContent))
    .observe(line, {childList: true, characterData: true, subtree: true});
}"""


def kept(tab: Page) -> int:
    """How many texts this browser keeps."""
    return int(tab.evaluate("Object.keys(localStorage).filter(name => name.startsWith('avustuspaneeli.kept.')).length"))


def eventually(what: Callable[[], object], expected: object, seconds: float = 120) -> None:
    """Wait until ``what`` gives ``expected``."""
    end = time.monotonic() + seconds
    while (found := what()) != expected:
        assert time.monotonic() < end, f"still {found!r} and not {expected!r}"
        time.sleep(0.2)


def test_typing_is_saved_and_a_restart_of_the_server_loses_nothing(
    browser: Browser, place: Place, cases: Iterator[str]
) -> None:
    case = next(cases)
    tab = open_form(browser, place.site(), case)
    levels = tab.locator(f'[class*="st-key-review-level-"][class*="-{REASON}"]')
    levels.get_by_test_id("stRadioOption").nth(4).click()
    line(tab).evaluate(_LISTEN)
    write(tab, "Tallennettu alku")
    tab.keyboard.press("ArrowLeft")
    saved(tab)
    said = tab.evaluate("window.said")
    assert any(FI("What you typed last is not saved yet.") in words for words in said), said
    assert (place.reason(case), kept(tab)) == ("Tallennettu alku", 0)
    expect(reason_in(tab)).to_be_focused()
    assert reason_in(tab).evaluate("area => area.selectionStart") == len("Tallennettu alku") - 1
    tab.keyboard.press("ArrowRight")
    write(tab, ", tallentamaton")
    place.stop()
    expect(line(tab)).to_contain_text(FI(OFFLINE))
    write(tab, " ja yhteydettä kirjoitettu loppu.")
    # Streamlit greys out what cannot be used meanwhile, its navigation too.
    assert [found for found in violations(tab, "review, no connection") if "color-contrast" not in found] == []
    place.start()
    eventually(lambda: place.reason(case), "Tallennettu alku, tallentamaton ja yhteydettä kirjoitettu loppu.")
    saved(tab)
    expect(reason_in(tab)).to_be_focused()
    expect(levels.get_by_role("radio").nth(4)).to_be_checked()
    review = place.review(case)
    assert review is not None
    assert review.scores[REASON].level == 4
    tab.context.close()


@pytest.mark.usefixtures("cut")
def test_two_browsers_choose_between_their_versions(browser: Browser, place: Place, cases: Iterator[str]) -> None:
    case = next(cases)
    first = open_form(browser, place.site(), case)
    second = open_form(browser, place.site(), case, viewport=NARROW)
    write(first, "Ensimmäisen selaimen perustelu.")
    saved(first)
    write(second, "Toisen selaimen perustelu.")
    choice = second.locator('[class*="st-key-side-by-side"]')
    expect(choice).to_contain_text("Ensimmäisen selaimen perustelu.")
    expect(choice).to_contain_text("Toisen selaimen perustelu.")
    settle(second)
    write(second, " Jatkuu.")
    expect(choice).to_contain_text("Toisen selaimen perustelu. Jatkuu.")
    settle(second)
    assert violations(second, "review, two versions, 320 px") == []
    assert second.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    button(second, FI("Save my choice")).click()
    expect(choice).to_contain_text(FI("Choose first: {fields}", fields=""))
    assert place.reason(case) == "Ensimmäisen selaimen perustelu."
    settle(second)
    mine = second.get_by_role("radio", name=FI("Yours, filled in here"), exact=True)
    with reaction(second):
        mine.press("Space")
    expect(mine).to_be_checked()
    button(second, FI("Save my choice")).press("Enter")
    eventually(lambda: place.reason(case), "Toisen selaimen perustelu. Jatkuu.")
    saved(second)
    expect(choice).to_have_count(0)
    write(first, " Lisäys.")
    there = first.locator('[class*="st-key-side-by-side"]')
    expect(there).to_contain_text("Toisen selaimen perustelu. Jatkuu.")
    button(first, FI("Take everything that is saved")).click()
    expect(reason_in(first)).to_have_value("Toisen selaimen perustelu. Jatkuu.")
    expect(there).to_have_count(0)
    saved(first)
    assert (kept(first), kept(second)) == (0, 0)
    assert place.reason(case) == "Toisen selaimen perustelu. Jatkuu."
    for tab in (first, second):
        tab.context.close()


@pytest.mark.usefixtures("cut")
def test_what_is_typed_while_the_connection_is_silent_is_stored(
    browser: Browser, place: Place, proxy: CuttingProxy, cases: Iterator[str]
) -> None:
    case = next(cases)
    tab = open_form(browser, place.site(proxy.base), case)
    write(tab, "Ennen hiljaisuutta, ")
    proxy.silence()
    write(tab, "sen aikana")
    expect(line(tab)).to_contain_text(FI(WAITING))
    assert not place.reason(case).endswith("sen aikana")
    proxy.restore()
    eventually(lambda: place.reason(case), "Ennen hiljaisuutta, sen aikana")
    saved(tab)
    tab.context.close()


@pytest.mark.usefixtures("cut")
def test_what_was_never_saved_is_offered_on_the_same_device(
    browser: Browser, place: Place, proxy: CuttingProxy, cases: Iterator[str]
) -> None:
    case = next(cases)
    path = f"/review?call={CALL_ID}&case={case}"
    left = open_form(browser, place.site(proxy.base), case)
    context = left.context
    proxy.cut()
    expect(line(left)).to_contain_text(FI(OFFLINE))
    write(left, "Jäi tallentamatta.")
    left.close()
    me = actor(place.site(), REVIEWER)
    save_draft(House(place.engine), me, CALL_ID, case, Draft({}, {REASON: "Tallennettu toisaalla."}), 0)
    proxy.restore()
    tab = context.new_page()
    visit(tab, place.site(proxy.base), path)
    offer = tab.get_by_role("region", name=FI(KEPT), exact=True)
    expect(offer).to_contain_text("Jäi tallentamatta.")
    expect(offer).to_contain_text(FI("The saved text has changed since. Putting this back replaces it."))
    expect(reason_in(tab)).to_have_value("Tallennettu toisaalla.")
    assert violations(tab, "review, text kept on this device") == []
    offer.get_by_role("button", name=FI("Put it back")).press("Enter")
    expect(offer).to_have_count(0)
    eventually(lambda: place.reason(case), "Jäi tallentamatta.")
    saved(tab)
    proxy.cut()
    expect(line(tab)).to_contain_text(FI(OFFLINE))
    write(tab, " Toinen yritys.")
    tab.close()
    proxy.restore()
    out = context.new_page()
    out.goto(f"{proxy.base}/sign-out")
    assert kept(out) == 1
    button(out, FI("Sign out")).click()
    expect(out.get_by_text(FI("You have signed out."))).to_be_visible()
    assert kept(out) == 0
    context.close()


def test_what_is_typed_over_a_connection_cut_for_a_minute_is_stored(place: Place, cut: Cut) -> None:
    write(cut.tab, " ja yhä")
    time.sleep(max(0.0, cut.until - time.monotonic()))
    assert place.reason(cut.case) == cut.before
    cut.proxy.restore()
    eventually(lambda: place.reason(cut.case), "Ennen katkoa, katkon aikana ja yhä")
    saved(cut.tab)
    assert kept(cut.tab) == 0
