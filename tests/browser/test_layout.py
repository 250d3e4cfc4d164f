"""Pages fit narrow and wide windows, say their language, and hold no text that went past the catalogues."""

import pytest
from playwright.sync_api import Browser

from tests.browser.site import LANGUAGES, NARROW, SEEN_BY, WIDE, Site, go, signed_in, speak
from tests.browser.texts import data_of, texts_of, undecorated

pytestmark = pytest.mark.browser

_OVERFLOW = """() => [document.documentElement, document.querySelector('[data-testid=stMain]')]
  .filter(box => box && box.scrollWidth > box.clientWidth + 1)
  .map(box => `${box.tagName} ${box.scrollWidth} > ${box.clientWidth}`)"""
_WIDE_TABLES = """() => [...document.querySelectorAll('.ap-scroll')]
  .filter(box => box.scrollWidth > box.clientWidth + 1)
  .map(box => `${box.getAttribute('aria-label')}: ${box.scrollWidth} > ${box.clientWidth}`)"""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("username", SEEN_BY)
def test_pages_fit_narrow_and_wide_windows(browser: Browser, sample_site: Site, username: str, lang: str) -> None:
    faults = []
    context, tab = signed_in(browser, sample_site, username, viewport=WIDE)
    speak(tab, sample_site, lang)
    for path in SEEN_BY[username]:
        go(tab, sample_site, path)
        faults += [f"{path} {lang} 1280: {fault}" for fault in tab.evaluate(_WIDE_TABLES)]
        tab.set_viewport_size(NARROW)
        # The charts draw themselves anew; the page is done when its width no longer changes.
        tab.wait_for_function("document.documentElement.clientWidth === 320")
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
