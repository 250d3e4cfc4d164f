"""Units of work: every change and its audit entry are written together or not at all."""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, and_, insert, select, update
from sqlalchemy import delete as sql_delete
from sqlalchemy.sql.elements import ColumnElement

from storage.schema import NOT_AUDITED, audit_log

Row = Mapping[str, Any]
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
ONE_WRITER = 893201902
"""The advisory lock that PostgreSQL's writers take in turn."""


class StaleWrite(Exception):
    """Somebody saved a newer version first; nothing was written."""


class NotFound(Exception):
    """No row has this key."""


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


@dataclass
class UnitOfWork:
    """One transaction in somebody's name. Use ``writing`` or ``reading`` to get one."""

    connection: Connection
    actor_id: int | None = None
    actor_name: str = "system"
    clock: Callable[[], datetime] = utc_now
    call_id: str | None = None
    unit: str = field(default_factory=lambda: uuid.uuid4().hex)

    def now(self) -> datetime:
        """The present moment of this unit's clock (UTC)."""
        return self.clock()

    def insert(self, table: Table, row: Row, *, action: str) -> dict[str, Any]:
        """Insert ``row``; returns it as stored (with its id)."""
        values = {name: storable(value) for name, value in row.items()}
        stored = dict(self.connection.execute(insert(table).values(**values).returning(table)).mappings().one())
        self._log(table, action, _key_of(table, stored), None, stored)
        return stored

    def update(
        self, table: Table, key: Row, changes: Row, *, action: str, expected_version: int | None = None
    ) -> dict[str, Any]:
        """Change the row with ``key``; a table with ``version`` counts it up.

        Raises NotFound, or StaleWrite when ``expected_version`` is no longer the stored one.
        """
        old = self.get(table, key)
        new_values = {name: storable(value) for name, value in changes.items()}
        where = _matches(table, key)
        if expected_version is not None:
            where = and_(where, table.c.version == expected_version)
            new_values["version"] = expected_version + 1
        stored = (
            self.connection.execute(update(table).where(where).values(**new_values).returning(table))
            .mappings()
            .one_or_none()
        )
        if stored is None:
            raise StaleWrite(f"{table.name} {dict(key)} is at version {old.get('version')}")
        if dict(stored) != old:
            self._log(table, action, _key_of(table, dict(stored)), old, dict(stored))
        return dict(stored)

    def delete(self, table: Table, key: Row, *, action: str) -> None:
        """Delete the row with ``key``; NotFound if there is none."""
        old = self.get(table, key)
        self.connection.execute(sql_delete(table).where(_matches(table, key)))
        self._log(table, action, _key_of(table, old), old, None)

    def get(self, table: Table, key: Row) -> dict[str, Any]:
        """The row with ``key``; NotFound if there is none."""
        row = self.connection.execute(select(table).where(_matches(table, key))).mappings().one_or_none()
        if row is None:
            raise NotFound(f"{table.name} {dict(key)}")
        return dict(row)

    def _log(self, table: Table, action: str, key: Row, old: Row | None, new: Row | None) -> None:
        if table.name in NOT_AUDITED:
            raise ValueError(f"{table.name} is not written through the audit log")
        self.connection.execute(
            insert(audit_log).values(
                at=self.now(),
                actor_id=self.actor_id,
                actor_name=self.actor_name,
                unit=self.unit,
                action=action,
                call_id=self.call_id,
                entity=table.name,
                key=plain(key),
                old=None if old is None else plain(old),
                new=None if new is None else plain(new),
            )
        )


def storable(value: Any) -> Any:
    """A value that every database and file can hold: NUL and halves of characters become U+FFFD, also inside JSON."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {storable(key): storable(item) for key, item in value.items()}
    return [storable(item) for item in value] if isinstance(value, (list, tuple)) else value


def plain(row: Row) -> dict[str, Any]:
    """A row as JSON can hold it; moments as ISO 8601 in UTC."""
    return {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value for name, value in row.items()
    }


def _matches(table: Table, key: Row) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in key.items()))


def _key_of(table: Table, row: Row) -> dict[str, Any]:
    return {column.name: row[column.name] for column in table.primary_key.columns}


@contextmanager
def writing(
    engine: Engine,
    actor_id: int | None = None,
    actor_name: str = "system",
    *,
    call_id: str | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Iterator[UnitOfWork]:
    """A write transaction: committed at the end, rolled back whole on any exception. One at a time per database."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # As on SQLite: what a use case checked still holds when it writes, and the log's order is that of commits.
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_WRITER})")
        yield UnitOfWork(connection, actor_id, actor_name, clock, call_id)


@contextmanager
def reading(engine: Engine, *, clock: Callable[[], datetime] = utc_now) -> Iterator[UnitOfWork]:
    """A consistent read; whatever is written in it is rolled back."""
    with engine.connect().execution_options(reading=True) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield UnitOfWork(connection, clock=clock)
        connection.rollback()
