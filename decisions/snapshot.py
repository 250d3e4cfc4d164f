"""A decision frozen as one JSON file: its tables, the names behind the pseudonyms, and the material it rests on."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from decisions.facts import facts_of
from decisions.spec import SPECS, Spec
from decisions.tables import FORMAT, Private, Row, Tables, commitment, hash_of, make
from decisions.values import CanonicalError, canonical_json, digest, from_plain, plain
from locales import Message, msg

LARGEST = 64 * 1024 * 1024
"""Bytes of a snapshot."""
LONGEST_SHOWN = 300
"""Characters of a value in a refusal."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """``material``: part -> JSON (call, applications, reviews, ...), whose digests are the facts ``material.PART``."""

    tables: Tables
    material: Mapping[str, Any]

    @property
    def hash(self) -> str:
        """The hash of the decision."""
        return hash_of(self.tables)


class SnapshotError(ValueError):
    """The file is no snapshot; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.msgid)
        self.message = message


def to_bytes(snapshot: Snapshot) -> bytes:
    """The snapshot as canonical JSON in UTF-8: the same snapshot gives the same bytes."""
    return canonical_json(
        {
            "format": FORMAT,
            "hash": snapshot.hash,
            "tables": {
                name: [{field.id: plain(row[field.id], field.kind) for field in spec.stated} for row in snapshot.tables[name]]
                for name, spec in SPECS.items()
            },
            "reviewers": {code: {"name": one.name, "nonce": one.nonce} for code, one in snapshot.tables.private.items()},
            "material": dict(snapshot.material),
        }
    ).encode("utf-8", "surrogatepass")  # fmt: skip


def from_bytes(data: bytes) -> tuple[Snapshot, str]:
    """The snapshot in ``data`` and the hash that it states. Raises SnapshotError; ``faults`` tells of a changed one."""
    if len(data) > LARGEST:
        raise SnapshotError(msg("It holds more than {limit} MB.", limit=LARGEST // 2**20))
    try:
        record = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise SnapshotError(msg("It is not JSON.")) from error
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise SnapshotError(msg("It is no frozen decision of format {format}.", format=FORMAT))
    try:
        # One table after the other, each let go when it is read: a large one is not held three times.
        rows = {name: _read_rows(spec, record["tables"].pop(name)) for name, spec in SPECS.items()}
        private = {str(code): Private(str(one["name"]), str(one["nonce"])) for code, one in record["reviewers"].items()}
        return Snapshot(make(rows, private), dict(record["material"])), str(record["hash"])
    except (CanonicalError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise SnapshotError(msg("A value in it cannot be: {what}.", what=str(error)[:LONGEST_SHOWN])) from error


def _read_rows(spec: Spec, rows: Any) -> Iterator[Row]:
    for row in rows:
        yield {field.id: from_plain(row[field.id], field.kind) for field in spec.stated}


def faults(snapshot: Snapshot, stated: str) -> tuple[str, ...]:
    """What in a snapshot is not as it was hashed: ``hash``, ``reviewers`` (names), or parts of its material. Empty: whole."""
    found = () if snapshot.hash == stated else ("hash",)
    bound = {row["reviewer"]: row["commitment"] for row in snapshot.tables["reviewers"]}
    if bound != {code: commitment(one) for code, one in snapshot.tables.private.items()}:
        found = (*found, "reviewers")
    try:
        facts = facts_of(snapshot.tables["facts"])
    except CanonicalError:
        return (*found, "facts")
    parts = sorted(
        {*snapshot.material, *(key.removeprefix("material.") for key in facts if key.startswith("material."))}
    )
    return (
        *found,
        *(part for part in parts if part not in snapshot.material or digest(snapshot.material[part]) != facts.get(f"material.{part}")),
    )  # fmt: skip
