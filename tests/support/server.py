"""A real server for tests: ``streamlit run app.py`` in a process of its own on a free port."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 180.0


class ServerFailed(AssertionError):
    """The server ended or never answered; carries its log."""


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def server_command(port: int, *options: str) -> list[str]:
    """The command that starts the dashboard."""
    return [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), *options]


def server_environment(database_url: str, env: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment with the database and ``env``, without settings a developer may have made."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AVUSTUSPANEELI_", "STREAMLIT_"))}
    return {**kept, "DATABASE_URL": database_url, "PYTHONUNBUFFERED": "1", **(env or {})}


@contextmanager
def running_server(
    database_url: str,
    env: Mapping[str, str] | None = None,
    *,
    port: int | None = None,
    log: Path | None = None,
    options: tuple[str, ...] = (),
) -> Iterator[str]:
    """A server on the database; gives its address (``http://127.0.0.1:<port>``) once it answers.

    ``log`` keeps what it prints; raises ServerFailed, with what it printed, when it does not come up.
    """
    chosen = port or free_port()
    where = log or Path(os.devnull)
    with where.open("wb") as out:
        process = subprocess.Popen(
            server_command(chosen, *options),
            cwd=ROOT,
            env=server_environment(database_url, env),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_it_answers(process, chosen, where)
            yield f"http://127.0.0.1:{chosen}"
        finally:
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the server, by force if it does not end by itself."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise ServerFailed(f"the server ended with {process.returncode}:\n{_read(log)}")
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise ServerFailed(f"the server did not answer within {_PATIENCE:.0f} s:\n{_read(log)}")


def _read(log: Path) -> str:
    return log.read_text(errors="replace") if log.is_file() else "(no log kept)"
