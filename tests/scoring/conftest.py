"""The statistics are tried as they run: linear algebra on one thread."""

from collections.abc import Iterator

import pytest

from scoring.threads import one_thread


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> Iterator[None]:
    with one_thread():
        yield
