"""Reasons written by hand, and the phrases that an official worded anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select

from storage.schema import applications, decision_phrases, decision_reasons
from storage.unit import NotFound, StaleWrite, UnitOfWork


@dataclass(frozen=True, slots=True)
class StoredPhrase:
    """A phrase as it was worded anew in a call. ``changed_by`` None: from the terminal. ``version`` begins at 1."""

    fi: str
    sv: str
    changed_by: int | None
    changed_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class StoredReasons:
    """Reasons written by hand for an application, and the draft that they were written over."""

    drafted: str
    text: str
    changed_by: int | None
    changed_at: datetime
    version: int


def list_phrases(uow: UnitOfWork, call_id: str) -> dict[str, StoredPhrase]:
    """The phrases of a call that were worded anew, by key."""
    table = decision_phrases
    columns = (table.c.key, table.c.fi, table.c.sv, table.c.changed_by, table.c.changed_at, table.c.version)
    query = select(*columns).where(table.c.call_id == call_id).order_by(table.c.key)
    return {row.key: StoredPhrase(*row[1:]) for row in uow.connection.execute(query)}


def put_phrase(uow: UnitOfWork, call_id: str, key: str, fi: str, sv: str, *, expected_version: int) -> StoredPhrase:
    """Word a phrase anew; ``expected_version`` 0: it is the program's own. StaleWrite if somebody changed it meanwhile."""
    row = _put(uow, decision_phrases, {"call_id": call_id, "key": key}, {"fi": fi, "sv": sv}, "reasons.phrase", expected_version)  # fmt: skip
    return StoredPhrase(row["fi"], row["sv"], row["changed_by"], row["changed_at"], row["version"])


def drop_phrase(uow: UnitOfWork, call_id: str, key: str, *, expected_version: int) -> None:
    """Take the program's own wording again. NotFound if it is in force; StaleWrite if somebody changed it meanwhile."""
    _drop(uow, decision_phrases, {"call_id": call_id, "key": key}, "reasons.phrase", expected_version)


def list_reasons(uow: UnitOfWork, call_id: str) -> dict[int, StoredReasons]:
    """The reasons written by hand in a call, by application id."""
    table = decision_reasons
    columns = (table.c.drafted, table.c.text, table.c.changed_by, table.c.changed_at, table.c.version)
    query = (
        select(table.c.application_id, *columns)
        .join(applications, applications.c.id == table.c.application_id)
        .where(applications.c.call_id == call_id)
        .order_by(table.c.application_id)
    )
    return {row.application_id: StoredReasons(*row[1:]) for row in uow.connection.execute(query)}


def put_reasons(
    uow: UnitOfWork, application_id: int, text: str, drafted: str, *, expected_version: int
) -> StoredReasons:
    """Keep reasons written by hand; ``expected_version`` 0: the draft is in force. StaleWrite as ``put_phrase``."""
    values = {"text": text, "drafted": drafted}
    row = _put(uow, decision_reasons, {"application_id": application_id}, values, "reasons.write", expected_version)
    return StoredReasons(row["drafted"], row["text"], row["changed_by"], row["changed_at"], row["version"])


def drop_reasons(uow: UnitOfWork, application_id: int, *, expected_version: int) -> None:
    """Go back to the draft. NotFound if it is in force; StaleWrite if somebody changed the reasons meanwhile."""
    _drop(uow, decision_reasons, {"application_id": application_id}, "reasons.drop", expected_version)


def _put(
    uow: UnitOfWork, table: Table, key: Mapping[str, Any], values: Mapping[str, Any], action: str, expected: int
) -> Mapping[str, Any]:
    changes = {**values, "changed_by": uow.actor_id, "changed_at": uow.now()}
    try:
        stored = uow.get(table, key)
    except NotFound:
        if expected:
            raise StaleWrite(f"{table.name} {dict(key)} is not there any more") from None
        return uow.insert(table, {**key, **changes, "version": 1}, action=action)
    if stored["version"] != expected:
        raise StaleWrite(f"{table.name} {dict(key)} is at version {stored['version']}")
    return uow.update(table, key, changes, action=action, expected_version=expected)


def _drop(uow: UnitOfWork, table: Table, key: Mapping[str, Any], action: str, expected: int) -> None:
    stored = uow.get(table, key)
    if stored["version"] != expected:
        raise StaleWrite(f"{table.name} {dict(key)} is at version {stored['version']}")
    uow.delete(table, key, action=action)
