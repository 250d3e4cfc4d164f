"""Every text a page shows or speaks, and whether it went through a catalogue (pseudo-locale ⟦…⟧) or is data."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from access.permissions import terminal_actor
from decisions.snapshot import from_bytes
from locales import render
from storage import applications as stored_applications
from storage import attachments as stored_attachments
from storage import calls as stored_calls
from storage import decisions as stored_decisions
from storage import meetings as stored_meetings
from storage import panel as stored_panel
from storage import reviews as stored_reviews
from storage import scenarios as stored_scenarios
from storage.accounts import list_accounts
from storage.decision_files import read_file
from storage.unit import UnitOfWork, reading
from tests.browser.site import Site
from workflow.accounts import municipality_name
from workflow.follow_up import get_follow_up
from workflow.house import House
from workflow.reasons_list import list_reasons
from workflow.saved_scenarios import list_scenarios

# Texts in sight, whatever only assistive technology reads, and what an empty field suggests. Icons are glyph names.
_COLLECT = """() => {
  const found = new Set();
  const add = text => { if (text && text.trim()) found.add(text.replace(/\\s+/g, ' ').trim()); };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const unseen = 'script, style, noscript, [translate=no], [data-testid=stFileUploaderDropzoneInstructions]';
  for (let node; (node = walker.nextNode());) {
    const element = node.parentElement;
    if (element.closest(unseen) || !element.checkVisibility()) continue;
    if (node.previousSibling?.nodeType === Node.TEXT_NODE) continue;
    let text = '';
    for (let part = node; part?.nodeType === Node.TEXT_NODE; part = part.nextSibling) text += part.textContent;
    add(text);
  }
  for (const element of document.querySelectorAll('body *')) {
    if (!element.checkVisibility() || element.closest('[translate=no], [aria-hidden=true]')) continue;
    for (const name of ['aria-label', 'aria-description', 'aria-roledescription', 'placeholder', 'title', 'alt'])
      add(element.getAttribute(name));
    if (element.matches('input:not([type=file], [type=checkbox], [type=radio]), textarea')) add(element.value);
    const after = getComputedStyle(element, '::after').content;
    if (after.startsWith('"')) add(after.slice(1, -1));
  }
  add(document.title);
  return [...found];
}"""
_DECORATED = re.compile(r"⟦[^⟦⟧]*⟧")
_MOMENT = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}( at \d\d:\d\d)?")
_LETTERS = re.compile(r"[^\W\d_]{2,}")

STREAMLIT = (
    re.compile(
        r"Skip to main content|App pages|progress|visualization|group mark container|Open|Close|Clear all|Clear value"
        r"|Upload|file upload|Add files|Copy to clipboard"
    ),
    re.compile(r"Help for .*|Remove .*|Choose date|(day|month|year|tunti|minuutti), .*|(add|close) icon"),
    re.compile(r"\d+ options? available\."),
    re.compile(r"(.+, )?[\d.]+[KM]?B|\w+\.\.\.\w+\.xlsx"),
)
"""Streamlit's and Vega's own words, which no setting changes: names for assistive technology, and a file's size."""

DOCUMENTS = (
    re.compile(r"Täydennyspyyntö Asia ESIM/.*"),
    re.compile(r"⟦definition⟧: # Hakumääritys: .*"),
    re.compile(r"\{\{\w+\}\}"),
)
"""Whole documents in their own language: a letter to an applicant, a call's file in the log; a place in a template."""

LANGUAGE_NAMES = ("Suomi", "Svenska", "English")
"""Each language is called by its own name, whatever is read."""


def texts_of(tab: Page) -> list[str]:
    """Every text of the page, the options of its choices and its help texts included."""
    found = list(map(str, tab.evaluate(_COLLECT)))
    for box in tab.get_by_role("combobox").all():
        box.click()
        with suppress(PlaywrightTimeout):  # a list may be empty
            tab.get_by_role("option").first.wait_for(timeout=1_500)
        found += tab.get_by_role("option").all_inner_texts()
        tab.keyboard.press("Escape")
        expect(tab.get_by_role("listbox")).to_have_count(0)
    for help_text in tab.get_by_test_id("stTooltipHoverTarget").filter(visible=True).all():
        help_text.hover()
        found.append(tab.get_by_test_id("stTooltipContent").first.inner_text())
        tab.mouse.move(0, 0)
        expect(tab.get_by_test_id("stTooltipContent")).to_have_count(0)
    return found


def data_of(site: Site) -> tuple[str, ...]:
    """What is data and stays as it is: names, case numbers, file names, the texts that people wrote."""
    with reading(site.engine) as uow:
        people = list_accounts(uow.connection)
        found = {text for a in people for text in (a.username, a.name, a.employer)}
        found |= {render(municipality_name(a.municipality_code), "fi") for a in people}
        for call in stored_calls.list_calls(uow):
            found |= {call.id, *_of_applications(uow, call.id), *_of_panel(uow, call.id), *_of_scenarios(uow, call.id)}
            found |= set(_of_decisions(uow, call.id))
        calls = [call.id for call in stored_calls.list_calls(uow)]
    # Reminders and reasons are whole texts in the language of whom they are for.
    for call_id in calls:
        follow_up = get_follow_up(House(site.engine), terminal_actor("test"), call_id)
        found |= {person.reminder for person in follow_up.reviewers} | set(_of_reasons(site, call_id))
    lines = {" ".join(line.split()) for text in found for line in text.splitlines()}
    return tuple(lines - {""})


def _of_applications(uow: UnitOfWork, call_id: str) -> Iterator[str]:
    for row in stored_applications.list_applications(uow, call_id):
        yield from (row.case_number, *_strings(row.content))
        yield from (attachment.filename for attachment in stored_attachments.list_attachments(uow, row.id))
        for decision in stored_applications.list_eligibility(uow, row.id):
            yield from (decision.reason, decision.request_text)


def _of_panel(uow: UnitOfWork, call_id: str) -> Iterator[str]:
    for review in stored_reviews.list_reviews(uow, call_id):
        yield from (review.remark, review.return_reason or "", *(score.reason for score in review.scores.values()))
    for conflict in stored_panel.all_conflicts(uow, call_id):
        yield from (conflict.note, conflict.lift_reason or "")
    yield from (row.abstention_reason or "" for row in stored_panel.assignment_rows(uow, call_id))
    for meeting in stored_meetings.list_meetings(uow, call_id):
        yield from (meeting.title, meeting.place, meeting.notes)
    for agreed in stored_meetings.list_consensus(uow, call_id).values():
        yield from (agreed.note, *(score.reason for score in agreed.scores.values()))


def _of_scenarios(uow: UnitOfWork, call_id: str) -> Iterator[str]:
    for saved in stored_scenarios.list_scenarios(uow, call_id):
        yield saved.name
        yield from (one["name"] for one in saved.parameters.get("constraint", ()))


def _of_decisions(uow: UnitOfWork, call_id: str) -> Iterator[str]:
    for decision in stored_decisions.list_decisions(uow, call_id):
        yield from (decision.hash, decision.hash[:8], decision.proposal_hash)
        snapshot, _ = from_bytes(read_file(uow, decision.snapshot))
        for row in snapshot.tables["applications"]:
            for text in (row["applicant"], row["project"], row["reasons"]):
                yield from str(text).splitlines()


def _of_reasons(site: Site, call_id: str) -> Iterator[str]:
    house, me = House(site.engine), terminal_actor("test")
    for scenario in list_scenarios(house, me, call_id):
        for one in list_reasons(house, me, call_id, scenario.id).applications:
            yield " ".join(sentence.text for sentence in one.sentences)
            for sentence in one.sentences:
                yield from (sentence.text, sentence.text.partition(": ")[2].rstrip("."))
                yield from (value for _, value in sentence.values)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _strings(item)


def undecorated(texts: list[str], data: tuple[str, ...]) -> list[str]:
    """The texts that neither a catalogue nor the data explains."""
    longest_first = tuple(sorted(data, key=len, reverse=True))
    return sorted({text for text in texts if _is_ours(text, longest_first)})


def _is_ours(text: str, data: tuple[str, ...]) -> bool:
    if text in (*LANGUAGE_NAMES, *data) or any(pattern.fullmatch(text) for pattern in (*STREAMLIT, *DOCUMENTS)):
        return False
    rest, before = text, ""
    while rest != before:
        before, rest = rest, _DECORATED.sub("", rest)
    rest = _MOMENT.sub("", rest)
    stem, shortened, _ = rest.strip().partition("…")
    if shortened and any(known.startswith(stem) for known in data):
        return False
    for known in data:
        if not _LETTERS.search(rest):
            return False
        # Short values would take our own words apart.
        rest = rest.replace(known, "") if len(known) > 2 else rest
    return _LETTERS.search(rest) is not None
