"""Linear algebra on one thread: in matrices of a panel's size more threads only wait for each other."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from threadpoolctl import OpenBLASController, ThreadpoolController


class _Shared:
    """The limit as long as anybody needs it: it holds for the whole process, so the last one out lifts it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.inside = 0

    @cached_property
    def controller(self) -> ThreadpoolController:
        """Looking up the loaded libraries takes longer than a small fit, so it is done once, inside the lock."""
        return ThreadpoolController()

    def enter(self) -> None:
        with self.lock:
            if self.inside == 0:
                with _anybody():
                    self.limiter = self.controller.limit(limits=1, user_api="blas")
            self.inside += 1

    def leave(self) -> None:
        with self.lock:
            self.inside -= 1
            if self.inside == 0:
                with _anybody():
                    self.limiter.restore_original_limits()


@contextmanager
def _anybody() -> Iterator[None]:
    """Lets this thread set the limit, and any other after it.

    OpenBLAS listens only to the first thread that set one, as long as that thread lives; the last one out is another.
    """
    OpenBLASController.clear_controlling_thread(force=True)
    yield
    OpenBLASController.clear_controlling_thread(force=True)


_SHARED = _Shared()


@contextmanager
def one_thread() -> Iterator[None]:
    """BLAS uses one thread inside, also where several threads of the process are inside at once."""
    _SHARED.enter()
    try:
        yield
    finally:
        _SHARED.leave()
