"""Migrations: a fresh database has exactly the tables of the schema, whoever starts, and however often."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, insert, inspect, text

from storage.engine import database_url, make_engine
from storage.inspection import tables_that_differ
from storage.migrate import DatabaseUnavailable, config, open_database, upgrade
from storage.replay import contents, typed
from storage.schema import metadata

NOON = datetime(2022, 5, 2, 12, tzinfo=UTC)


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


OLD = "2022-05-02T12:00:00+00:00"
BEFORE_THE_PANEL: dict[str, dict[str, object]] = {
    "accounts": {"id": 1, "username": "arvi", "name": "Arvi", "language": "fi", "disabled": False, "created_at": OLD},
    "account_roles": {"account_id": 1, "role": "reviewer"},
    "calls": {"id": "2022", "definition": "x", "created_at": OLD, "version": 1},
    "applications": {"id": 1, "call_id": "2022", "case_number": "VN/1", "version": 1, "withdrawal_reason": ""},
    "assignments": {"id": 1, "application_id": 1, "reviewer_id": 1, "assigned_at": OLD},
    "conflicts": {
        "id": 1,
        "application_id": 1,
        "account_id": 1,
        "kind": "other",
        "note": "",
        "declared_by": 1,
        "declared_at": OLD,
    },
    "reviews": {
        "id": 1,
        "application_id": 1,
        "reviewer_id": 1,
        "application_version": 1,
        "state": "draft",
        "remark": "",
        "version": 1,
        "saved_at": OLD,
    },
    "review_scores": {"review_id": 1, "criterion_id": "consortium", "level": 3, "reason": ""},
    "scenarios": {
        "id": 1,
        "call_id": "2022",
        "name": "Perus",
        "parameters": {"rule": "milp"},
        "outcome": {"spent": 0},
        "created_by": 1,
        "created_at": OLD,
    },
    "awards": {"scenario_id": 1, "application_id": 1, "funded": True, "granted": 85_000, "code": "funded_full"},
}
"""A row of every table that a later revision adds to, or that refers to one."""


def test_a_database_in_use_before_the_panel_is_migrated_with_its_rows_and_its_log(engine: Engine) -> None:
    made = config()
    with engine.begin() as connection:
        made.attributes["connection"] = connection
        command.upgrade(made, "0001")
    with engine.begin() as connection:
        for name, row in BEFORE_THE_PANEL.items():
            values = typed(metadata.tables[name], row)
            connection.execute(insert(metadata.tables[name]).values(**values).inline())
            keys = {column.name: row[column.name] for column in metadata.tables[name].primary_key}
            entry = {"at": NOON, "actor_name": "x", "unit": "u", "action": "x", "entity": name, "key": keys, "new": row}
            connection.execute(insert(metadata.tables["audit_log"]).values(**entry))
    upgrade(engine)
    found = contents(engine)
    for name, row in BEFORE_THE_PANEL.items():
        (kept,) = found[name]
        assert {key: kept[key] for key in row} == typed(metadata.tables[name], row), name
    assert (found["calls"][0]["phase"], found["calls"][0]["review_deadline"]) == ("review", None)
    assert (found["assignments"][0]["locked"], found["assignments"][0]["abstained_at"]) == (False, None)
    assert (found["conflicts"][0]["lifted_at"], found["conflicts"][0]["lift_reason"]) == (None, "")
    assert (found["reviews"][0]["confidence"], found["reviews"][0]["revealed_version"]) == (None, None)
    assert found["accounts"][0]["municipality_code"] == ""
    later = ("changed_by", "changed_at", "locked_by", "locked_at", "copied_from", "rest", "version")
    assert [found["scenarios"][0][name] for name in later] == [None, None, None, None, "", "kept", 1]
    assert found["scenario_awards_by_hand"] == []
    assert tables_that_differ(engine) == []


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
