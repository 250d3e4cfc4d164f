"""Calls as kept: the definition's text, exactly as given."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.schema import calls, settings
from storage.unit import NotFound, UnitOfWork


@dataclass(frozen=True, slots=True)
class StoredCall:
    """A call's definition file and since when it is here."""

    id: str
    definition: str
    created_at: datetime
    version: int


def add_call(uow: UnitOfWork, call_id: str, definition: str) -> StoredCall:
    """Store a new call."""
    row = {"id": call_id, "definition": definition, "created_at": uow.now(), "version": 1}
    return StoredCall(**uow.insert(calls, row, action="call.add"))


def change_call(uow: UnitOfWork, call_id: str, definition: str, expected_version: int) -> StoredCall:
    """Replace the definition; StaleWrite if somebody changed it meanwhile."""
    row = uow.update(
        calls,
        {"id": call_id},
        {"definition": definition},
        action="call.change",
        expected_version=expected_version,
    )
    return StoredCall(**row)


def find_call(uow: UnitOfWork, call_id: str) -> StoredCall | None:
    """The call, or None."""
    try:
        return StoredCall(**uow.get(calls, {"id": call_id}))
    except NotFound:
        return None


def list_calls(uow: UnitOfWork) -> list[StoredCall]:
    """All calls, the newest id first."""
    rows = uow.connection.execute(select(calls).order_by(calls.c.id.desc())).mappings()
    return [StoredCall(**row) for row in rows]


def setting(uow: UnitOfWork, key: str) -> str | None:
    """A setting of the installation, None if not set."""
    return uow.connection.execute(select(settings.c.value).where(settings.c.key == key)).scalar_one_or_none()


def set_setting(uow: UnitOfWork, key: str, value: str) -> None:
    """Set or change a setting."""
    if setting(uow, key) is None:
        uow.insert(settings, {"key": key, "value": value}, action="setting.set")
    else:
        uow.update(settings, {"key": key}, {"value": value}, action="setting.set")
