"""The fixtures every test may ask for, and the order tests run in."""

import os

import pytest
from hypothesis import settings

pytest_plugins = ["tests.support.postgres", "tests.support.browser", "tests.support.worlds", "tests.support.scored"]

# Two shared cores are slow at odd moments; a wall-clock deadline per example would only make tests flicker.
# The gate tries the same examples each time, so that red means a change; "make explore" looks for new ones.
settings.register_profile("gate", deadline=None, print_blob=True, derandomize=True)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))

SLOW = ("postgres", "office", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast tests first, browser tests last: Playwright leaves an event loop running in this thread."""
    items.sort(key=lambda item: max((SLOW.index(m.name) + 1 for m in item.iter_markers() if m.name in SLOW), default=0))
