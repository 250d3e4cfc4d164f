"""Linear algebra on one thread: in matrices of a panel's size more threads only wait for each other."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from threadpoolctl import ThreadpoolController


@cache
def _controller() -> ThreadpoolController:
    # Looking up the loaded libraries takes longer than a small fit, so it is done once.
    return ThreadpoolController()


@contextmanager
def one_thread() -> Iterator[None]:
    """BLAS uses one thread inside."""
    with _controller().limit(limits=1, user_api="blas"):
        yield
