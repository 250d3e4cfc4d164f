"""A real Chromium for tests, driven by Playwright.

The browser is the system's own: ``$CHROMIUM``, or the first of the usual names that is installed, or the one that
``playwright install chromium`` fetched. A machine without any fails loudly; nothing is skipped.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WAIT_MS = 60_000
"""Only failures take so long; two shared cores are slow at odd moments."""
CHECKED: list[str] = []
"""The states of the pages that axe has looked at in this process."""
_COUNTED: list[int] = []
"""How many each worker of pytest-xdist has looked at."""


def chromium_path(playwright: Playwright) -> str:
    """The program to start. Raises RuntimeError that says what to install where there is none."""
    wanted = os.environ.get("CHROMIUM")
    if wanted and not shutil.which(wanted):
        raise RuntimeError(f"CHROMIUM={wanted} is no program; leave it unset or give the path of a Chromium")
    found = wanted or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and Path(playwright.chromium.executable_path).exists():
        found = playwright.chromium.executable_path
    if found is None:
        raise RuntimeError(
            "no Chromium on this machine: apt-get install chromium, or .venv/bin/playwright install chromium, "
            "or set CHROMIUM to its path"
        )
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The session's Chromium, headless."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(playwright), args=ARGUMENTS)
        yield chromium
        chromium.close()


# Streamlit's request to run the page begins with this byte: field 11, rerun_script, of its BackMsg.
_COUNT_ASKED = """(() => {
  window.asked = window.answered = 0;
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', () => { window.answered += 1; });
    }
    send(data) {
      if (ArrayBuffer.isView(data) && data[0] === 0x5A) {
        window.asked += 1;
        window.answered = 0;
      }
      super.send(data);
    }
  };
})()"""


def new_context(browser: Browser, **wishes: object) -> BrowserContext:
    """A browser of somebody else: no cookies, Finnish, Helsinki time. ``wishes`` go to Playwright's new_context."""
    settings: dict[str, object] = {
        "locale": "fi-FI",
        "timezone_id": "Europe/Helsinki",
        "viewport": {"width": 1280, "height": 900},
        "reduced_motion": "reduce",
        "accept_downloads": True,
    }
    context = browser.new_context(**{**settings, **wishes})  # type: ignore[arg-type]
    context.set_default_timeout(WAIT_MS)
    context.add_init_script(_COUNT_ASKED)
    return context


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser context, closed after the test."""
    fresh = new_context(browser)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty tab in a fresh context."""
    return context.new_page()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of pytest-xdist tells how many states of the pages axe has looked at."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["axe"] = len(CHECKED)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker is done. One that broke down has told nothing."""
    _COUNTED.append(getattr(node, "workeroutput", {}).get("axe", 0))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many states of the pages axe has looked at, over all workers."""
    if count := len(CHECKED) + sum(_COUNTED):
        terminalreporter.write_line(f"axe: {count} states of the pages checked, WCAG 2.1 A and AA")
