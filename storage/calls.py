"""Calls as kept: the definition's text, exactly as given."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.schema import calls, settings
from storage.unit import NotFound, UnitOfWork, storable


@dataclass(frozen=True, slots=True)
class StoredCall:
    """A call's definition file, since when it is here, its phase and until when reviews are awaited."""

    id: str
    definition: str
    created_at: datetime
    version: int
    phase: str
    review_deadline: datetime | None


def add_call(uow: UnitOfWork, call_id: str, definition: str) -> StoredCall:
    """Store a new call, in preparation."""
    row = {
        "id": call_id,
        "definition": definition,
        "created_at": uow.now(),
        "version": 1,
        "phase": "preparation",
    }
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


def change_phase(uow: UnitOfWork, call_id: str, phase: str, expected_version: int) -> StoredCall:
    """Turn to another phase; StaleWrite if somebody changed the call meanwhile."""
    changes = {"phase": phase}
    return StoredCall(
        **uow.update(calls, {"id": call_id}, changes, action="call.phase", expected_version=expected_version)
    )


def set_review_deadline(uow: UnitOfWork, call_id: str, deadline: datetime | None, expected_version: int) -> StoredCall:
    """Say until when reviews are awaited; StaleWrite if somebody changed the call meanwhile."""
    changes = {"review_deadline": deadline}
    return StoredCall(
        **uow.update(calls, {"id": call_id}, changes, action="call.deadline", expected_version=expected_version)
    )


def find_call(uow: UnitOfWork, call_id: str) -> StoredCall | None:
    """The call, or None."""
    if storable(call_id) != call_id:
        return None
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
