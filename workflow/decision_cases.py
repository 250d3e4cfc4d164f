"""Which applications a later decision changes, as its frozen file says; kept, since a frozen file never changes."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from decisions.snapshot import SnapshotError, from_bytes
from decisions.solving import later
from decisions.values import CanonicalError
from storage.decision_files import FileChanged, read_file
from storage.unit import UnitOfWork
from workflow.decision_records import FIRST

MOST_KEPT = 1_000
"""Frozen files whose applications are kept."""


def changed_cases(uow: UnitOfWork, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Case numbers that a decision, as the log holds it, changes; none for a first one, and for a damaged file."""
    if row["kind"] == FIRST:
        return ()
    try:
        return _cases(str(row["snapshot"]), int(row["number"]), _Reader(uow))
    except (FileChanged, SnapshotError, CanonicalError):
        return ()


class _Reader:
    """Reads a frozen file; equal to any other, so that what was read is kept whoever asks."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reader)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=MOST_KEPT)
def _cases(sha256: str, number: int, reader: _Reader) -> tuple[str, ...]:
    tables = from_bytes(read_file(reader.uow, sha256))[0].tables
    return tuple(sorted({row["case_number"] for row in later(tables) if row["decision"] == number}))
