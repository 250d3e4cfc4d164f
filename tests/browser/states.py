"""The states of the pages that are looked at: an address, and what is opened on the page there, by a role that sees it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.site import CLOSING_CALL, DECIDED_CALL, Site, Words, actor, button, go, reaction, settle
from workbooks.review_form import read_form
from workflow.calls import get_call
from workflow.house import House
from workflow.offline import download_form

Step = Callable[[Page, Words], None]
"""Opens something more on a page that is there already; nothing is saved by it."""
OWN = ("/sign-out", "/password")
REASON = "Perusteltu työkirjassa."


@dataclass(frozen=True, slots=True)
class State:
    """An address, and what is opened there one after another, by name: each is a state of its own."""

    path: str
    steps: tuple[tuple[str, Step], ...] = ()


def tab_named(source: str, **values: str) -> Step:
    """The tab of this name."""

    def step(tab: Page, words: Words) -> None:
        chosen = tab.get_by_role("tab", name=words(source, **values), exact=True)
        chosen.click()
        expect(chosen).to_have_attribute("aria-selected", "true")
        settle(tab)

    return step


def unfolded(*sources: str, **values: str) -> Step:
    """The folded parts of these names."""

    def step(tab: Page, words: Words) -> None:
        for source in sources:
            tab.locator("summary").filter(has_text=words(source, **values)).first.click()
        settle(tab)

    return step


def pressed(source: str) -> Step:
    """The button of this name, one that saves nothing."""

    def step(tab: Page, words: Words) -> None:
        with reaction(tab):
            button(tab, words(source)).click()

    return step


def clicked(source: str, **values: str) -> Step:
    """Whatever bears this text."""

    def step(tab: Page, words: Words) -> None:
        with reaction(tab):
            tab.get_by_text(words(source, **values), exact=True).first.click()

    return step


def every_criterion(position: int) -> Step:
    """The level at ``position`` in each group of levels, so that the effect of a consensus is shown."""

    def step(tab: Page, words: Words) -> None:
        groups = tab.get_by_test_id("stMain").get_by_role("radiogroup")
        for number in range(groups.count()):
            with reaction(tab):
                groups.nth(number).get_by_test_id("stRadioOption").nth(position).click()
        expect(tab.locator(".ap-figures")).to_be_visible()

    return step


def everything_unfolded(tab: Page, words: Words) -> None:
    """Whatever is folded on the page."""
    folded = tab.get_by_test_id("stMain").locator("details:not([open]) > summary")
    for _ in range(folded.count()):
        folded.first.click()
    expect(folded).to_have_count(0)
    settle(tab)


def states(site: Site, tab: Page, words: Words, state: State) -> Iterator[str]:
    """Come to the address and open one thing after another; gives each state's name while it is shown."""
    go(tab, site, state.path)
    yield state.path
    for name, step in state.steps:
        step(tab, words)
        yield f"{state.path} {name}"


PDF = "hankesuunnitelma.pdf"
SEEN_BY: dict[str, tuple[State, ...]] = {
    "essi.esittelija": (
        State("/"),
        State("/call"),
        State("/phases"),
        State("/applications"),
        State("/application"),
        State(
            "/application?call=2022&case=ESIM/2022/042",
            (
                (
                    "unfolded",
                    unfolded("Add attachments", "Remove an attachment", "Record somebody's conflict of interest"),
                ),
            ),
        ),
        State("/application?call=2022&case=ESIM/2022/020"),
        State("/follow_up"),
        State("/intake"),
        State(
            "/assignment",
            (
                (
                    "unfolded",
                    unfolded("Change a panel member's particulars", "Lock or unlock reviewers of an application"),
                ),
                ("preview", pressed("Preview")),
            ),
        ),
        State(
            "/conflicts",
            (
                ("proposals", tab_named("Proposals")),
                ("in force", tab_named("In force")),
                ("lift", unfolded("Lift a conflict of interest", "Record somebody's conflict of interest")),
            ),
        ),
        State("/meeting"),
        State("/ranking"),
        State("/ranking?part=certainty"),
        State("/ranking?part=dependence", (("unfolded", everything_unfolded),)),
        State("/ranking?part=one-more"),
        State("/reviewers"),
        State("/agreement"),
        State("/allocate"),
        State(
            "/allocate?call=2020&scenario=3",
            (
                ("constraints", unfolded("Add or change a constraint")),
                ("files", unfolded("Files")),
                ("lock", unfolded("Lock or remove")),
            ),
        ),
        State("/allocate?call=2020&scenario=4&part=why"),
        State("/allocate?call=2020&scenario=2&part=price"),
        State("/allocate?call=2020&scenario=3&part=chances"),
        State("/compare?call=2020"),
        State("/costs"),
        State("/costs?call=2020&case=ESIM/2020/031"),
        State("/reasons?call=2020"),
        State("/reasons?call=2020&case=ESIM/2020/031"),
        State("/decide?call=2022", (("awards", everything_unfolded),)),
        State(f"/decide?call={CLOSING_CALL}", (("unfolded", everything_unfolded),)),
        State(f"/decide?call={DECIDED_CALL}&part=later"),
        State("/decide?call=2020&part=files"),
        State("/decide?call=2022&part=letters", (("unfolded", everything_unfolded),)),
        State("/export"),
        State("/trail"),
        *map(State, OWN),
    ),
    "sam.sample": (
        State("/reviews"),
        State("/review?call=2022&case=ESIM/2022/040", (("abstain", unfolded("Abstain for another reason")),)),
        State(
            "/review?call=2022&case=ESIM/2022/012",
            (("attachment", clicked("Show in the page: {file}", file=PDF)),),
        ),
        State("/review?call=2022&case=ESIM/2022/001"),
        State("/conflicts", (("declare", unfolded("Declare a conflict of interest")),)),
        State("/offline"),
    ),
    "arvi.arvioija": (
        State(
            "/review?call=2022&case=ESIM/2022/002",
            (("versions", unfolded("Versions of the review, {name} ({n})", name="Arvi Arvioija", n="2")),),
        ),
    ),
    "pauli.puheenjohtaja": (
        State("/follow_up?call=2022"),
        State(
            "/application?call=2022&case=ESIM/2022/001",
            (("return", unfolded("Return a review for completion")),),
        ),
        State("/phases?call=2022"),
        State(
            "/meeting?call=2020",
            (
                ("people", tab_named("People, notes and end")),
                ("minutes", tab_named("Minutes ({n})", n="2")),
            ),
        ),
        State("/meeting?call=2020&case=ESIM/2020/031", (("effect", every_criterion(4)),)),
        State("/meeting?call=2020&case=ESIM/2020/035"),
        State("/ranking?call=2020&part=certainty"),
        State("/ranking?call=2020&part=one-more"),
        State("/reviewers?call=2020"),
        State("/agreement?call=2020"),
    ),
    "paula.paattaja": (
        State("/"),
        State("/application?call=2022&case=ESIM/2022/042"),
        State("/ranking?part=one-more"),
        State("/agreement"),
        State("/allocate?call=2022&scenario=7&part=why"),
        State(f"/phases?call={CLOSING_CALL}"),
        State(f"/decide?call={CLOSING_CALL}", (("unfolded", everything_unfolded),)),
        State(f"/decide?call={DECIDED_CALL}"),
        State(f"/decide?call={DECIDED_CALL}&part=files"),
        State("/meeting?call=2020&case=ESIM/2020/035"),
    ),
    "ylermi.yllapitaja": (State("/accounts"),),
}
"""A request for supplement, a rejection, an undeclared application, a draft, a returned and a closed review, the
reviews of others, a meeting that is going on and a consensus that is recorded are among them."""


def filled_form(site: Site, username: str = "sam.sample") -> bytes:
    """A reviewer's offline form of 2022 with one change and one level that does not exist."""
    me = actor(site, username)
    _, data = download_form(House(site.engine), me, "2022", "fi")
    call = get_call(House(site.engine), me, "2022")
    good, bad, *_ = read_form(data, call).rows
    criterion = call.criteria[0].id
    book = load_workbook(BytesIO(data))
    book[good.sheet][good.cells[f"reason:{criterion}"]].value = REASON
    book[bad.sheet][bad.cells[f"level:{criterion}"]].value = "9"
    target = BytesIO()
    book.save(target)
    return target.getvalue()
