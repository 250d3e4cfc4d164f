"""A server nobody has signed in to gives nothing but the sign-in page, and runs no page."""

import subprocess
import time
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

import pytest

from storage.calls import set_setting
from storage.engine import make_engine
from storage.migrate import upgrade
from storage.unit import writing
from tests.server.watch import PageWatch
from tests.server.web import Visitor
from tests.support.server import ROOT, free_port, running_server, server_command, server_environment, stop

NAMES = sorted(path.stem for path in (ROOT / "pages").glob("*.py"))
PAGES = ["/", *(f"/{name}" for name in NAMES), "/allocate", "/hakemus?id=9", "/pages/_router.py", "/app", "/pages"]
MACHINE = [
    ("GET", "/_stcore/host-config"),
    ("GET", "/_stcore/metrics"),
    ("GET", "/_stcore/script-health-check"),
    ("GET", "/_stcore/agent/openapi.json"),
    ("POST", "/_stcore/agent/interact"),
    ("POST", "/_stcore/agent/mcp"),
    ("GET", "/_stcore/stream"),
    ("PUT", "/_stcore/upload_file/a/b"),
    ("POST", "/_stcore/upload_file/a/b"),
    ("GET", "/media/0123456789.xlsx"),
    ("GET", "/component/any/index.html"),
    ("GET", "/static/js/index.js"),
    ("GET", "/static/../index.html"),
    ("GET", "/app/static/x"),
    ("GET", "/auth/login"),
    ("GET", "/oauth2callback"),
]
ODD = ["/%61llocation", "/language/..%2fallocation", "/sign-in/..%2f", "/_stcore/health/..%2f..%2f", "//allocation"]


def test_a_cold_server_gives_strangers_only_the_sign_in_page(tmp_path: Path) -> None:
    watch = PageWatch(tmp_path)
    log = tmp_path / "log.txt"
    with running_server(f"sqlite:///{tmp_path / 'empty.db'}", watch.environment, log=log) as base:
        stranger = Visitor(base)
        pages = {path: stranger.get(path) for path in PAGES}
        machine = {(method, path): stranger.ask(method, path) for method, path in MACHINE}
        odd = {path: stranger.get(path) for path in ODD}
        forged = Visitor(base, {"avustuspaneeli_session": "x" * 43, "_streamlit_user": "x"})
        streams = [stranger.stream_status(), stranger.stream_status(origin="http://evil.example")]
        streams.append(forged.stream_status(origin="http://evil.example"))
        forged_page = forged.get("/allocation")
        health = stranger.get("/_stcore/health")
    assert len(NAMES) > 5
    assert {path: answer.status for path, answer in pages.items()} == dict.fromkeys(PAGES, 303)
    assert {str(answer.location).split("?")[0] for answer in pages.values()} == {"/sign-in"}
    assert {request: answer.status for request, answer in machine.items()} == dict.fromkeys(MACHINE, 403)
    assert {answer.status for answer in odd.values()} <= {303, 400, 403}
    everything = [*pages.values(), *machine.values(), *odd.values(), forged_page]
    assert all("<html" not in answer.body for answer in everything)
    assert streams == [403, 403, 403]
    assert (health.status, health.body) == (200, "ok")
    assert watch.ran() == []
    assert "Traceback" not in log.read_text()


@pytest.mark.parametrize("program", ["streamlit", "uvicorn"])
def test_the_sample_database_refuses_to_listen_to_other_machines(tmp_path: Path, program: str) -> None:
    url = f"sqlite:///{tmp_path / 'sample.db'}"
    engine = make_engine(url)
    upgrade(engine)
    with writing(engine) as uow:
        set_setting(uow, "sample_data", "1")
    engine.dispose()
    port = free_port()
    command = server_command(port, "--server.address", "0.0.0.0")
    if program == "uvicorn":
        command = [command[0], "-m", "uvicorn", "app:app", "--host", "0.0.0.0", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=server_environment(url), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        said = process.communicate(timeout=180)[0].decode()
    finally:
        stop(process)
    assert process.returncode not in (0, None)
    assert "is served on 127.0.0.1 only, not on 0.0.0.0" in said
    assert "Traceback" not in said


def test_answers_on_a_kept_connection_do_not_wait(tmp_path: Path) -> None:
    with running_server(f"sqlite:///{tmp_path / 'empty.db'}") as base:
        host = base.removeprefix("http://")
        kept = HTTPConnection(host, timeout=60)
        took: dict[str, list[float]] = {"kept": [], "fresh": []}
        for _ in range(21):
            fresh = HTTPConnection(host, timeout=60)
            for name, connection in (("kept", kept), ("fresh", fresh)):
                began = time.perf_counter()
                connection.request("GET", "/sign-in")
                connection.getresponse().read()
                took[name].append(time.perf_counter() - began)
            fresh.close()
        kept.close()
    assert median(took["kept"]) < median(took["fresh"]) + 0.030, "40 ms and more is the wait for a delayed receipt"
