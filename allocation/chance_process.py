"""Worker processes for draws: started, asked, ended. Works from any thread and any directory."""

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from allocation.chance_frames import Arrays, receive, send

_ROOT = Path(__file__).resolve().parent.parent
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_GRACE = 1.0
"""Seconds a process has to end when asked to, before it is made to."""

Arrived = dict[str, NDArray[Any]]
Task = tuple[str, Arrays]


class WorkerError(RuntimeError):
    """A worker process failed or ended before its work was done; the text says how."""


class Workers:
    """``count`` processes that know one problem. ``end`` ends them, at any time and from any thread."""

    def __init__(self, count: int, spec: str) -> None:
        self._spec = spec
        self._lock = threading.Lock()
        self._ended = False
        self._processes: list[subprocess.Popen[bytes]] = []
        for _ in range(count):
            self._processes.append(_start())

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes' numbers."""
        return tuple(process.pid for process in self._processes)

    def introduce(self) -> None:
        """Tell every process the problem, before the first task."""
        for process in self._processes:
            self._send(process, self._spec, {})

    def run(self, tasks: Sequence[Task], done: Callable[[int, Arrived], None]) -> None:
        """Have the tasks worked on; ``done(number, answer)`` is called in this thread, in the order of arrival.

        Raises WorkerError.
        """
        waiting: queue.SimpleQueue[tuple[int, Task]] = queue.SimpleQueue()
        arrived: queue.SimpleQueue[tuple[int, Arrived] | WorkerError] = queue.SimpleQueue()
        for numbered in enumerate(tasks):
            waiting.put(numbered)
        for process in self._processes[: len(tasks)]:
            threading.Thread(target=self._serve, args=(process, waiting, arrived), daemon=True).start()
        for _ in tasks:
            found = arrived.get()
            if isinstance(found, WorkerError):
                raise found
            done(*found)

    def _serve(
        self,
        process: "subprocess.Popen[bytes]",
        waiting: "queue.SimpleQueue[tuple[int, Task]]",
        arrived: "queue.SimpleQueue[tuple[int, Arrived] | WorkerError]",
    ) -> None:
        while True:
            try:
                number, (name, arrays) = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                self._send(process, name, arrays)
                assert process.stdout is not None
                answer = receive(process.stdout)
                if answer is None:
                    raise WorkerError("a worker process ended before its work was done")
                text, found = answer
                if "error" in found:
                    raise WorkerError(text)
            except (WorkerError, OSError, ValueError) as error:
                arrived.put(error if isinstance(error, WorkerError) else WorkerError(str(error)))
                return
            arrived.put((number, found))

    def _send(self, process: "subprocess.Popen[bytes]", text: str, arrays: Arrays) -> None:
        assert process.stdin is not None
        try:
            send(process.stdin, text, arrays)
        except (OSError, ValueError) as error:
            raise WorkerError("a worker process ended before its work was done") from error

    def end(self) -> None:
        """End all processes and wait until they are gone. Harmless when they are already."""
        with self._lock:
            if self._ended:
                return
            self._ended = True
            for process in self._processes:
                process.terminate()
            for process in self._processes:
                try:
                    process.wait(_GRACE)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            for process in self._processes:
                for pipe in (process.stdin, process.stdout):
                    if pipe is not None:
                        _close(pipe)


def _close(pipe: Any) -> None:
    # A pipe whose reader is gone may still hold what was meant for it.
    try:
        pipe.close()
    except OSError:
        return


def _start() -> "subprocess.Popen[bytes]":
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    own = {"PYTHONPATH": path, **dict.fromkeys(_ONE_THREAD, "1")}
    return subprocess.Popen(
        [sys.executable, "-m", "allocation.chance_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={**os.environ, **own},
    )
