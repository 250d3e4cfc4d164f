"""Reading a whole database as it is, for whoever checks it: every table once, the log, and the digests of files."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from sqlalchemy import Column, Engine, Table, select
from sqlalchemy.exc import SQLAlchemyError

from storage.decision_files import list_digests
from storage.migrate import DatabaseUnavailable, open_database
from storage.replay import contents, replay
from storage.schema import NOT_AUDITED, attachment_contents, audit_log, decision_files, metadata
from storage.unit import UnitOfWork, plain

Row = Mapping[str, Any]
Key = tuple[tuple[str, Any], ...]
"""A row's primary key as (column, value) in the order of the names."""

AUDITED = tuple(table.name for table in metadata.sorted_tables if table.name not in NOT_AUDITED)
"""The tables that the log rebuilds."""


class Reference(NamedTuple):
    """A column whose values are keys of another table; None points nowhere."""

    table: str
    column: str
    target: str
    target_column: str


REFERENCES = tuple(
    Reference(table.name, key.parent.name, key.column.table.name, key.column.name)
    for table in metadata.sorted_tables
    for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
)


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything in a database. ``files``, ``frozen``: SHA-256 as stored -> (SHA-256 of the bytes, their number).

    ``files`` are attachments, ``frozen`` snapshots of decisions and templates of letters.
    """

    tables: Mapping[str, Sequence[Row]]
    log: Sequence[Row]
    """The audit log, the oldest entry first."""
    files: Mapping[str, tuple[str, int]]
    frozen: Mapping[str, tuple[str, int]]


def read_contents(uow: UnitOfWork) -> Contents:
    """Every table, read once each; secrets' hashes and sessions' tokens stay out. Raises DatabaseUnavailable."""
    try:
        read = {
            table.name: _rows(uow, table, *table.primary_key.columns)
            for table in metadata.sorted_tables
            if table not in (attachment_contents, decision_files, audit_log)
        }
        return Contents(read, _rows(uow, audit_log, audit_log.c.id), dict(_files(uow)), dict(list_digests(uow)))
    except SQLAlchemyError as error:
        raise DatabaseUnavailable(str(getattr(error, "orig", None) or error)) from error
    except (ValueError, TypeError) as error:
        # A moment or a JSON text that is none.
        raise DatabaseUnavailable(str(error)) from error


SECRET = frozenset({"password_hash", "id_hash", "csrf"})
"""Columns that nobody needs in order to check a database."""


def _rows(uow: UnitOfWork, table: Table, *order: Column[Any]) -> list[Row]:
    columns = [column for column in table.columns if column.name not in SECRET]
    names = [column.name for column in columns]
    return [dict(zip(names, row, strict=True)) for row in uow.connection.execute(select(*columns).order_by(*order))]


def _files(uow: UnitOfWork) -> Iterator[tuple[str, tuple[str, int]]]:
    table = attachment_contents
    for stored in uow.connection.execute(select(table.c.sha256)).scalars().all():
        # One at a time: together they may not fit in memory.
        content = uow.connection.execute(select(table.c.content).where(table.c.sha256 == stored)).scalar_one()
        yield stored, (hashlib.sha256(content).hexdigest(), len(content))


def key_of(table: str, row: Row) -> Key:
    """The primary key of a row of ``table``."""
    return as_key({column.name: row[column.name] for column in metadata.tables[table].primary_key.columns})


def as_key(values: Row) -> Key:
    """A logged key in the form of ``key_of``."""
    return tuple(sorted(values.items()))


def as_logged(row: Row) -> dict[str, Any]:
    """A row as the log would hold it."""
    return plain(row)


def completed(table: str, logged: Row) -> dict[str, Any]:
    """A logged row with the defaults of the columns that did not exist yet when it was written."""
    return {**_DEFAULTS[table], **logged}


def _default(column: Column[Any]) -> Any:
    given = column.server_default
    if given is None:
        return None
    words = str(getattr(given, "arg", "")).strip()
    if words.isdecimal():
        return int(words)
    return words == "true" if words in ("true", "false") else words.strip("'")


_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    name: {c.name: _default(c) for c in metadata.tables[name].columns if c.nullable or c.server_default is not None}
    for name in AUDITED
}


def tables_that_differ(source: Engine) -> list[str]:
    """Replay the whole log into an empty database of its own: the tables that come out otherwise than they are.

    A log that cannot be replayed at all gives the driver's words in parentheses.
    """
    with TemporaryDirectory() as folder:
        target = open_database(f"sqlite:///{Path(folder) / 'replayed.db'}")
        try:
            replay(source, target)
            here, there = contents(source), contents(target)
        except SQLAlchemyError as error:
            return [f"({getattr(error, 'orig', None) or error})"]
        except (KeyError, TypeError, ValueError) as error:
            return [f"({error!r})"]
        finally:
            target.dispose()
        return [name for name in here if here[name] != there[name]]
