"""Engines: SQLite in WAL mode by default, PostgreSQL (pg8000) by ``DATABASE_URL``."""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url

__all__ = ["DEFAULT_URL", "SAMPLE_URL", "Engine", "database_url", "make_engine", "serving_url"]

_DATA = Path(__file__).resolve().parents[1] / "data"
DEFAULT_URL = f"sqlite:///{_DATA / 'avustuspaneeli.db'}"
SAMPLE_URL = f"sqlite:///{_DATA / 'sample.db'}"


def database_url(url: str | None = None) -> URL:
    """``url``, else ``DATABASE_URL``, else the embedded SQLite file; PostgreSQL always through pg8000."""
    parsed = make_url(url or os.environ.get("DATABASE_URL") or DEFAULT_URL)
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+pg8000")
    return parsed


def serving_url() -> str:
    """What the dashboard serves: ``DATABASE_URL``, else the embedded database, else (while there is none) the sample."""
    given = os.environ.get("DATABASE_URL")
    if given:
        return given
    if not (_DATA / "avustuspaneeli.db").exists() and (_DATA / "sample.db").exists():
        return SAMPLE_URL
    return DEFAULT_URL


def make_engine(url: str | None = None) -> Engine:
    """An engine whose write transactions begin at once, so that two writers wait instead of failing."""
    target = database_url(url)
    if target.get_backend_name() == "sqlite":
        if target.database and target.database != ":memory:":
            Path(target.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(target, connect_args={"timeout": 30})
        _set_up_sqlite(engine)
        return engine
    return create_engine(target, pool_pre_ping=True, pool_size=10, max_overflow=20)


# Without recursive triggers REPLACE would delete a row of the append-only log past its trigger.
_PRAGMAS = (
    "busy_timeout=30000",
    "journal_mode=WAL",
    "foreign_keys=ON",
    "synchronous=FULL",
    "recursive_triggers=ON",
)


def _set_up_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def pragmas(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
