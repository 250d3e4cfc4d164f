"""Migrations: a fresh database has exactly the tables of the schema, whoever starts, and however often."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from storage.engine import database_url, make_engine
from storage.migrate import DatabaseUnavailable, open_database, upgrade
from storage.schema import metadata


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    yield made
    made.dispose()


def test_a_fresh_upgrade_equals_the_schema(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert set(inspect(engine).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_upgrading_again_changes_nothing_and_keeps_what_is_there(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO settings VALUES ('colour', 'blue')"))
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT key, value FROM settings")).all() == [("colour", "blue")]
        assert len(connection.execute(text("SELECT * FROM alembic_version")).all()) == 1


def test_starts_at_once_make_one_schema(database_url: str) -> None:
    ready = threading.Barrier(4)
    failures: list[BaseException] = []

    def start() -> None:
        engine = make_engine(database_url)
        try:
            ready.wait(10)
            upgrade(engine)
        except BaseException as error:
            failures.append(error)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    engine = make_engine(database_url)
    with engine.connect() as connection:
        assert len(connection.execute(text("SELECT * FROM alembic_version")).all()) == 1
    engine.dispose()


def test_a_database_of_a_newer_program_is_refused(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    with pytest.raises(DatabaseUnavailable, match="from_the_future"):
        open_database(engine.url.render_as_string(hide_password=False))


def test_an_address_without_a_database_is_refused_in_words(tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database at all" * 100)
    folder = tmp_path / "folder"
    folder.mkdir()
    for url in (
        "nonsense",
        "mysql://localhost/x",
        "nosuchthing://localhost/x",
        "postgresql://localhost:port/x",
        "postgresql://nobody:secret@127.0.0.1:1/x",
        f"sqlite:///{broken}",
        f"sqlite:///{folder}",
        f"sqlite:///{broken}/below.db",
    ):
        with pytest.raises(DatabaseUnavailable) as refused:
            open_database(url)
        assert refused.value.why, url
        assert "secret" not in refused.value.why
    assert broken.read_bytes() == b"no database at all" * 100


def test_sqlite_writes_ahead_waits_and_checks_references(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        }
    engine.dispose()
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30_000, "synchronous": 2}


def test_postgres_goes_through_the_permissive_driver() -> None:
    for given in ("postgres://u:p@h/x", "postgresql://u:p@h/x", "postgresql+pg8000://u:p@h/x"):
        assert database_url(given).render_as_string(hide_password=False) == "postgresql+pg8000://u:p@h/x"
