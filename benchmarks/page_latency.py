"""How long a page takes for one browser while another's calculation of chances runs in the same server, against idle.

A real server on a sample database of its own; the calculation (10,000 draws, 60 projects, 46 side rows) lives in the
server's process as the page's own does. The client speaks as a browser does: the page by HTTP, then its script's run by
WebSocket, until the server says that the run has ended. What the browser itself draws is not measured: it has a machine
of its own. Idle and busy alternate round by round. At the end the calculation is cancelled in the middle.

Run: python -m benchmarks.page_latency
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg

from sample_data.load import PASSWORD, build_sample
from tests.server.web import Visitor, until
from tests.support.server import ROOT, free_port, server_environment, stop

PAGES = ("overview", "ranking", "applications", "allocate")
ROUNDS = 5
VISITS = 8
"""Of each page in each half of a round."""
OFFICER = "essi.esittelija"
GONE_WITHIN = 2.0
PATIENCE = 120.0
_MARK = b"keeper "


def main() -> None:
    """Print the latencies, the ratio of the 95th percentiles and what cancel leaves behind."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'sample.db'}"
        build_sample(url)
        port = free_port()
        command = [sys.executable, "-m", "benchmarks._busy_server", "app.py", "--server.port", str(port)]
        with (Path(folder) / "log").open("wb") as log:
            server = subprocess.Popen(
                command,
                cwd=ROOT,
                env=server_environment(url),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
            try:
                _measure(server, f"http://127.0.0.1:{port}")
            finally:
                stop(server)


def _measure(server: "subprocess.Popen[bytes]", base: str) -> None:
    visitor = Visitor(base)
    _sign_in(visitor)
    for page in PAGES:
        _visit(visitor, page)
    idle: list[float] = []
    busy: list[float] = []
    for _ in range(ROUNDS):
        idle += [_visit(visitor, page) for page in PAGES for _ in range(VISITS)]
        _, pids = _order(server, "start")
        busy += [_visit(visitor, page) for page in PAGES for _ in range(VISITS)]
        seconds, pids = _order(server, "cancel")
        left = _left(pids)
    for name, found in (("idle", idle), ("busy", busy)):
        print(f"{name}: {len(found)} pages, median {statistics.median(found):.3f} s, p95 {_p95(found):.3f} s")
    print(f"p95 while 10,000 draws with 46 side rows run, to idle: {_p95(busy) / _p95(idle):.2f}")
    print(f"cancel: {seconds:.2f} s; after {GONE_WITHIN:g} s {len(left)} processes left of {len(pids)}")


def _sign_in(visitor: Visitor) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            visitor.sign_in(OFFICER, PASSWORD)
            break
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _visit(visitor: Visitor, page: str) -> float:
    """Seconds from asking for the page until its script has ended. SystemExit if it was another page's."""
    started = time.perf_counter()
    answer = visitor.get(f"/{page}")
    if answer.status != 200:
        raise SystemExit(f"/{page}: status {answer.status}")
    with visitor.stream() as stream:
        message = BackMsg()
        message.rerun_script.page_name = page
        stream.send(message.SerializeToString())
        until(stream, "script_finished", PATIENCE)
    return time.perf_counter() - started


def _order(server: "subprocess.Popen[bytes]", word: str) -> tuple[float, list[int]]:
    """Give the server's keeper an order; its seconds and the numbers of its processes."""
    into, out = server.stdin, server.stdout
    assert into is not None
    assert out is not None
    into.write(f"{word}\n".encode())
    into.flush()
    line = _answer(out)
    return float(line[1]), [int(pid) for pid in line[2:]]


def _answer(out: IO[bytes]) -> list[bytes]:
    for line in out:
        if line.startswith(_MARK):
            return line.split()
    raise SystemExit("the server ended")


def _left(pids: list[int]) -> list[int]:
    time.sleep(GONE_WITHIN)
    return [pid for pid in pids if psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE]


def _p95(found: list[float]) -> float:
    return statistics.quantiles(found, n=20)[-1]


if __name__ == "__main__":
    main()
