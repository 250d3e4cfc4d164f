"""No text of the pages went past the catalogues: in the pseudo-locale every one of them is marked."""

import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect

from tests.browser.site import (
    Site,
    Words,
    button,
    settle,
    signed_in,
    speak,
    told,
    upload,
    visit,
    write,
)
from tests.browser.states import REASON, SEEN_BY, filled_form, states
from tests.browser.texts import data_of, texts_of, undecorated
from tests.support.browser import new_context
from tests.support.server import ROOT

pytestmark = pytest.mark.browser

QPS = Words("qps")
FAULTY = ROOT / "sample_data" / "applications-2022-faulty.xlsx"


@pytest.mark.parametrize("username", SEEN_BY)
def test_every_text_of_ours_went_through_a_catalogue(browser: Browser, sample_site: Site, username: str) -> None:
    context, tab = signed_in(browser, sample_site, username)
    speak(tab, sample_site, "qps")
    data = data_of(sample_site)
    faults = []
    for state in SEEN_BY[username]:
        for name in states(sample_site, tab, QPS, state):
            faults += [f"{name}: {text}" for text in undecorated(texts_of(tab), data)]
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
    upload(tab, ("broken.xlsx", b"PK"))
    told(tab, "broken.xlsx")
    faults += undecorated(texts_of(tab), ("broken.xlsx", *data))
    visit(tab, sample_site, "/intake?call=2022")
    upload(tab, (FAULTY.name, FAULTY.read_bytes()))
    faults += undecorated(texts_of(tab), (*cells_of(FAULTY), FAULTY.name, *data))
    visit(tab, sample_site, "/allocate?call=2022")
    write(tab, QPS("Appropriation"), "kymmenen")
    told(tab, QPS("The text is not an amount in euros."))
    faults += undecorated(texts_of(tab), ("kymmenen", *data))
    visit(tab, sample_site, "/application?call=2022&case=none")
    faults += undecorated(texts_of(tab), ("none", *data))
    context.close()
    context, tab = signed_in(browser, sample_site, "sam.sample")
    speak(tab, sample_site, "qps", "/offline?call=2022")
    upload(tab, ("form.xlsx", filled_form(sample_site)))
    expect(button(tab, QPS("Save the good rows as drafts"))).to_be_visible()
    settle(tab)
    faults += undecorated(texts_of(tab), ("form.xlsx", REASON, *(text.replace("/", "-") for text in data), *data))
    context.close()
    assert not faults, "\n".join(faults)


def cells_of(file: Path) -> tuple[str, ...]:
    """Every text of a workbook, as a fault repeats the value it is about: control characters are shown as such."""
    values = (value for sheet in load_workbook(file) for row in sheet.values for value in row)
    shown = (str(value).upper() if isinstance(value, bool) else str(value or "") for value in values)
    return tuple(" ".join(re.sub(r"_x[0-9A-F]{4}_", "\ufffd", text).split()) for text in shown if text)
