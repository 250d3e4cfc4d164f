"""One sample database and one server for all browser tests that only look, or that change what nobody else reads."""

from collections.abc import Iterator

import pytest

from calls.presets import preset_text
from sample_data.load import build_sample
from tests.browser.site import CHECKED, EMPTY_CALL, Site, actor, serving
from workflow.calls import add_call
from workflow.house import House


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample database and a third call without applications, served with the pseudo-locale allowed."""
    folder = tmp_path_factory.mktemp("sample")
    url = f"sqlite:///{folder / 'sample.db'}"
    build_sample(url)
    with serving(url, folder, {"AVUSTUSPANEELI_PSEUDO": "1"}) as site:
        text = preset_text("2022").replace('id = "2022"', f'id = "{EMPTY_CALL}"', 1)
        add_call(House(site.engine), actor(site, "essi.esittelija"), text)
        yield site


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many states of the pages axe has looked at."""
    if CHECKED:
        terminalreporter.write_line(f"axe: {len(CHECKED)} states of the pages checked, WCAG 2.1 A and AA")
