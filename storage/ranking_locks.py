"""Locked ranking rules: at most one for each call, never changed and never taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.schema import ranking_locks
from storage.unit import NotFound, UnitOfWork


@dataclass(frozen=True, slots=True)
class StoredLock:
    """The rules as they were locked (JSON), their SHA-256, by whom and when. ``locked_by`` None: from the terminal."""

    call_id: str
    rules: Mapping[str, Any]
    hash: str
    locked_by: int | None
    locked_at: datetime


def add_lock(uow: UnitOfWork, call_id: str, rules: Mapping[str, Any], digest: str) -> StoredLock:
    """Lock the rules of a call; the database refuses a second lock."""
    row = {
        "call_id": call_id,
        "rules": dict(rules),
        "hash": digest,
        "locked_by": uow.actor_id,
        "locked_at": uow.now(),
    }
    return StoredLock(**uow.insert(ranking_locks, row, action="ranking.lock"))


def find_lock(uow: UnitOfWork, call_id: str) -> StoredLock | None:
    """The lock of a call, None if its rules are not locked."""
    try:
        return StoredLock(**uow.get(ranking_locks, {"call_id": call_id}))
    except NotFound:
        return None
