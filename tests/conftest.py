"""The fixtures every test may ask for, and the order tests run in."""

import pytest
from hypothesis import settings

pytest_plugins = ["tests.support.postgres", "tests.support.browser", "tests.support.worlds"]

# Two shared cores are slow at odd moments; a wall-clock deadline per example would only make tests flicker.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")

SLOW = ("postgres", "office", "browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast tests first, browser tests last: Playwright leaves an event loop running in this thread."""
    items.sort(key=lambda item: max((SLOW.index(m.name) + 1 for m in item.iter_markers() if m.name in SLOW), default=0))
