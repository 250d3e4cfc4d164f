"""HiGHS 1.12 prints a line of its own to file descriptor 1 in some mixed-integer solves, past every option.

A program whose standard output is JSON must not carry it, and to people it says nothing: the line is left out, and what
else the solver prints goes to standard error. Options that scipy hands on to HiGHS without knowing them raise a warning each time, which is not for people either.
"""

import ctypes
import os
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_inside = 0
_saved = -1
_printed = -1
_OWN = b"HighsMipSolverData::"
"""How the line begins."""
_filters = warnings.catch_warnings()


def _flush() -> None:
    # The solver writes through C's buffer, which would otherwise come out after the descriptor is restored.
    if sys.stdout is not None:
        sys.stdout.flush()
    if os.name == "posix":
        ctypes.CDLL(None).fflush(None)


@contextmanager
def solver_output_to_stderr() -> Iterator[None]:
    """Descriptor 1 leads to a file inside, and what is in it to descriptor 2 afterwards, less the solver's own line.

    Threads may overlap, the last one out restores it.
    """
    global _filters, _inside, _printed, _saved
    with _lock:
        if _inside == 0:
            _flush()
            _saved = os.dup(1)
            _printed = _unnamed_file()
            os.dup2(_printed, 1)
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
                _pass_on(_printed)


def _unnamed_file() -> int:
    with tempfile.TemporaryFile(buffering=0) as file:
        return os.dup(file.fileno())


def _pass_on(file: int) -> None:
    size = os.lseek(file, 0, os.SEEK_END)
    if size:
        os.lseek(file, 0, os.SEEK_SET)
        lines = os.read(file, size).splitlines(keepends=True)
        os.write(2, b"".join(line for line in lines if not line.startswith(_OWN)))
    os.close(file)
