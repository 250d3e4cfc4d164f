"""HiGHS 1.12 prints a line of its own to file descriptor 1 in some mixed-integer solves, past every option.

A program whose standard output is JSON must not carry it, so what the solver prints goes to standard error. Options
that scipy hands on to HiGHS without knowing them raise a warning each time, which is not for people either.
"""

import ctypes
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_inside = 0
_saved = -1
_filters = warnings.catch_warnings()


def _flush() -> None:
    # The solver writes through C's buffer, which would otherwise come out after the descriptor is restored.
    if sys.stdout is not None:
        sys.stdout.flush()
    if os.name == "posix":
        ctypes.CDLL(None).fflush(None)


@contextmanager
def solver_output_to_stderr() -> Iterator[None]:
    """Descriptor 1 leads to descriptor 2 inside; threads may overlap, the last one out restores it."""
    global _filters, _inside, _saved
    with _lock:
        if _inside == 0:
            _flush()
            _saved = os.dup(1)
            os.dup2(2, 1)
            _filters = warnings.catch_warnings()
            _filters.__enter__()
            warnings.filterwarnings("ignore", "Unrecognized options", RuntimeWarning)
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0:
                _filters.__exit__(None, None, None)
                _flush()
                os.dup2(_saved, 1)
                os.close(_saved)
