"""Rebuilding every table from the audit log alone (account secrets, sessions and the bytes of files apart)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, text, update

from storage.decision_files import inflated
from storage.schema import NOT_AUDITED, attachment_contents, audit_log, decision_files, metadata
from storage.types import Utc
from storage.unit import reading


def replay(source: Engine, target: Engine) -> int:
    """Apply the log of ``source`` to the empty, migrated ``target``; returns the number of entries."""
    with reading(source) as unit:
        entries = list(unit.connection.execute(select(audit_log).order_by(audit_log.c.id)).mappings())
    with target.begin() as connection:
        for entry in entries:
            _apply(connection, metadata.tables[entry["entity"]], dict(entry))
            connection.execute(insert(audit_log).values(**entry))
        _copy_files(source, connection)
        if connection.dialect.name == "postgresql":
            _advance_sequences(connection)
    return len(entries)


def _copy_files(source: Engine, connection: Connection) -> None:
    """Files are not in the log, only their SHA-256: they are carried over, each checked against it."""
    with reading(source) as unit:
        for row in unit.connection.execute(select(attachment_contents)).mappings():
            if hashlib.sha256(row["content"]).hexdigest() == row["sha256"]:
                connection.execute(insert(attachment_contents).values(**row))
        for stored in unit.connection.execute(select(decision_files.c.sha256)).scalars().all():
            # One at a time: a snapshot holds a whole call.
            row = (
                unit.connection.execute(select(decision_files).where(decision_files.c.sha256 == stored))
                .mappings()
                .one()
            )
            content = inflated(bytes(row["content"]))
            if content is not None and hashlib.sha256(content).hexdigest() == stored:
                connection.execute(insert(decision_files).values(**row))


def _apply(connection: Connection, table: Table, entry: Mapping[str, Any]) -> None:
    key = typed(table, entry["key"])
    where = [table.c[name] == value for name, value in key.items()]
    if entry["old"] is None:
        connection.execute(insert(table).values(**typed(table, entry["new"])))
    elif entry["new"] is None:
        connection.execute(delete(table).where(*where))
    else:
        connection.execute(update(table).where(*where).values(**typed(table, entry["new"])))


def typed(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A logged row with its moments as moments again."""
    return {
        name: datetime.fromisoformat(value) if value is not None and isinstance(table.c[name].type, Utc) else value
        for name, value in row.items()
    }


def contents(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every rebuildable table's rows in key order: what two databases are compared by."""
    found: dict[str, list[dict[str, Any]]] = {}
    with reading(engine) as unit:
        for table in metadata.sorted_tables:
            if table.name not in NOT_AUDITED:
                rows = unit.connection.execute(select(table).order_by(*table.primary_key.columns)).mappings()
                found[table.name] = [dict(row) for row in rows]
    return found


def is_empty(engine: Engine) -> bool:
    """Whether no table has a row."""
    with reading(engine) as unit:
        return all(unit.connection.execute(select(table).limit(1)).first() is None for table in metadata.sorted_tables)


def _advance_sequences(connection: Connection) -> None:
    for table in metadata.sorted_tables:
        if "id" in table.c and table.c.id.autoincrement is True:
            highest = connection.execute(select(func.max(table.c.id))).scalar()
            if highest is not None:
                connection.execute(
                    text("SELECT setval(pg_get_serial_sequence(:t, 'id'), :n)"),
                    {"t": table.name, "n": highest},
                )
