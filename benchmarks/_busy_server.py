"""The dashboard with a calculation of chances inside its own process, begun and cancelled by lines on standard input.

Run by page_latency: python -m benchmarks._busy_server <streamlit's arguments>. ``start`` begins the calculation (again
and again until it is cancelled), ``cancel`` ends it; each is answered by one line, the processes' numbers and seconds.
"""

import sys
import threading
import time

import numpy as np
from streamlit.web import cli

from allocation.chances import ChanceRun, begin
from benchmarks._instances import capped_call

DRAWS = 10_000
SPREAD = 0.15
"""Standard deviation of a drawn score about the project's own."""


def calculation() -> ChanceRun:
    """10,000 draws of 60 projects under 46 side rows, begun."""
    projects, scenario = capped_call()
    own = np.array([float(project.score or 0) for project in projects])
    draws = own + np.random.default_rng(1).normal(0, SPREAD, size=(DRAWS, len(own)))
    return begin(projects, scenario, [project.id for project in projects], draws)


class Keeper:
    """Keeps one calculation going."""

    def __init__(self) -> None:
        self._run: ChanceRun | None = None
        self._wanted = threading.Event()
        self._begun = threading.Event()

    def keep(self) -> None:
        """Begin whenever one is wanted and none is under way; polls as a screen does."""
        while True:
            self._wanted.wait()
            self._run = calculation()
            self._begun.set()
            while self._wanted.is_set() and not self._run.finished:
                self._run.progress()
                time.sleep(0.5)
            if self._run.finished and self._wanted.is_set():
                self._run.result()

    def obey(self) -> None:
        """Lines from standard input until it is closed."""
        for line in sys.stdin:
            if line.strip() == "start":
                self._begun.clear()
                self._wanted.set()
                self._begun.wait()
                self._say(0.0)
            elif line.strip() == "cancel" and self._run is not None:
                self._wanted.clear()
                started = time.perf_counter()
                self._run.cancel()
                self._say(time.perf_counter() - started)

    def _say(self, seconds: float) -> None:
        pids = () if self._run is None else self._run.pids
        print("keeper", seconds, *pids, flush=True)


if __name__ == "__main__":
    keeper = Keeper()
    threading.Thread(target=keeper.keep, daemon=True).start()
    threading.Thread(target=keeper.obey, daemon=True).start()
    sys.argv = ["streamlit", "run", *sys.argv[1:]]
    cli.main()
