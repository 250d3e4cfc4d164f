"""What is wrong with a page as it stands: accessibility by axe, and what does not fit the window."""

from contextlib import suppress

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.site import NARROW, WIDE, stretch
from tests.support.browser import CHECKED

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
}
_OVERFLOW = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
  .filter(box => box && box.scrollWidth > box.clientWidth + 1)
  .map(box => `${box.tagName} ${box.scrollWidth} > ${box.clientWidth}`)"""
_WIDE_TABLES = """() => [...document.querySelectorAll('.ap-scroll')]
  .filter(box => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
  .map(box => `${box.getAttribute('aria-label')}: ${box.scrollWidth} > ${box.clientWidth}`)"""


def violations(tab: Page, state: str) -> list[str]:
    """What axe finds on the page as it stands, as "state: rule: element"; counts the state."""
    CHECKED.append(state)
    # What lies outside the window counts as "cannot tell", not as a violation.
    before = tab.viewport_size or WIDE
    stretch(tab)
    found = Axe().run(tab, options=RULES).response["violations"]
    tab.set_viewport_size(before)
    # A chart that cannot be drawn is an accessible box with an English error in it.
    broken = tab.locator("[data-testid=stException], [data-testid=stVegaLiteChart] [role=alert]").all_inner_texts()
    return [f"{state}: {rule['id']}: {node['html'][:400]}" for rule in found for node in rule["nodes"]] + [
        f"{state}: {text[:400]}" for text in broken
    ]


def misfits(tab: Page, state: str) -> list[str]:
    """The tables that a window of 1280 px does not hold, and whether one of 320 px has to be scrolled sideways."""
    found = [f"{state} 1280: {table}" for table in tab.evaluate(_WIDE_TABLES)]
    tab.set_viewport_size(NARROW)
    tab.wait_for_function("() => document.documentElement.clientWidth === 320")
    # The charts draw themselves anew, which takes a moment; what does not fit then never will.
    with suppress(PlaywrightTimeout):
        tab.wait_for_function(f"() => ({_OVERFLOW})().length === 0", timeout=5_000)
    found += [f"{state} 320: {box}" for box in tab.evaluate(_OVERFLOW)]
    tab.set_viewport_size(WIDE)
    tab.wait_for_function(f"() => document.documentElement.clientWidth === {WIDE['width']}")
    return found
