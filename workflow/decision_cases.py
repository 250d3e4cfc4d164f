"""Which applications a later decision changes, as its frozen file says; kept, since a frozen file never changes."""

from collections.abc import Mapping
from typing import Any

from decisions.snapshot import SnapshotError, from_bytes
from decisions.solving import later
from decisions.values import CanonicalError
from storage.decision_files import FileChanged, read_file
from storage.unit import UnitOfWork
from workflow.decision_records import FIRST

MOST_KEPT = 1_000
"""Frozen files whose applications are kept."""
_kept: dict[str, tuple[str, ...]] = {}


def changed_cases(uow: UnitOfWork, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Case numbers that a decision, as the log holds it, changes; none for a first one, and for a damaged file."""
    if row["kind"] == FIRST:
        return ()
    sha256 = str(row["snapshot"])
    if (found := _kept.get(sha256)) is not None:
        return found
    try:
        tables = from_bytes(read_file(uow, sha256))[0].tables
    except (FileChanged, SnapshotError, CanonicalError):
        return ()
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    changed = sorted({change["case_number"] for change in later(tables) if change["decision"] == row["number"]})
    return _kept.setdefault(sha256, tuple(changed))
