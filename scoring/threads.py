"""Linear algebra on one thread: in matrices of a panel's size more threads only wait for each other."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from threadpoolctl import ThreadpoolController


class _Shared:
    """The limit as long as anybody needs it: it holds for the whole process, so the last one out lifts it."""

    def __init__(self) -> None:
        # Looking up the loaded libraries takes longer than a small fit, so it is done once.
        self.controller = ThreadpoolController()
        self.lock = threading.Lock()
        self.inside = 0

    def enter(self) -> None:
        with self.lock:
            if self.inside == 0:
                self.limiter = self.controller.limit(limits=1, user_api="blas")
            self.inside += 1

    def leave(self) -> None:
        with self.lock:
            self.inside -= 1
            if self.inside == 0:
                self.limiter.restore_original_limits()


@cache
def _shared() -> _Shared:
    return _Shared()


@contextmanager
def one_thread() -> Iterator[None]:
    """BLAS uses one thread inside, also where several threads of the process are inside at once."""
    shared = _shared()
    shared.enter()
    try:
        yield
    finally:
        shared.leave()
