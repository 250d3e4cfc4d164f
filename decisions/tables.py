"""The tables of one decision with their digests and the hash over all of them."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from decisions.spec import SPECS, Spec
from decisions.values import (
    CanonicalError,
    Value,
    canonical_json,
    cell_text,
    digest,
    digest_of_text,
    mark,
    normal,
    plain,
    record_of,
)

FORMAT = 1
"""Version of the canonical form; another form has another number and another hash."""
Row = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class RowDigest:
    """Of one row: its key as text, the marks of its stated values one after the other, and its SHA-256."""

    key: str
    marks: str
    digest: str


@dataclass(frozen=True, slots=True)
class Private:
    """What only the full variant holds: per reviewer the name and the secret number of the commitment."""

    name: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Tables:
    """Rows by table id, each a mapping of field id to value, in the order of the keys.

    ``private``: reviewer's code -> name; empty in the pseudonymised variant. Made by ``make``.
    """

    rows: Mapping[str, tuple[Row, ...]]
    private: Mapping[str, Private]
    _digests: dict[str, tuple[RowDigest, ...]] = dataclasses.field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Worked out once: of thousands of applications they take seconds."""

    def __getitem__(self, table: str) -> tuple[Row, ...]:
        """The rows of a table; KeyError if there is no such table."""
        return self.rows[table]


def make(rows: Mapping[str, Iterable[Row]], private: Mapping[str, Private] | None = None) -> Tables:
    """Tables in normal form: every table of ``SPECS``, values normal, rows in key order; derived values may be missing.

    Raises CanonicalError for a value that is not of its field's kind, an unknown field or table, or a repeated key.
    """
    if unknown := set(rows) - set(SPECS):
        raise CanonicalError(f"unknown tables: {sorted(unknown)}")
    return Tables({name: _normal_rows(spec, rows.get(name, ())) for name, spec in SPECS.items()}, dict(private or {}))


def key_text(spec: Spec, row: Row) -> str:
    """The key of a row as one text, its parts separated by `` · ``."""
    return " · ".join(str(row[field.id]) for field in spec.key)


def row_digest(spec: Spec, row: Row) -> RowDigest:
    """Marks and digest of the stated values of one row."""
    written = {field.id: canonical_json(plain(row[field.id], field.kind)) for field in spec.stated}
    marks = "".join(mark(name, text) for name, text in written.items())
    return RowDigest(key_text(spec, row), marks, digest_of_text(f"[{canonical_json(spec.id)},{record_of(written)}]"))


def row_digests(tables: Tables, table: str) -> tuple[RowDigest, ...]:
    """The digests of the rows of one table in key order."""
    if table not in tables._digests:
        spec = SPECS[table]
        tables._digests[table] = tuple(row_digest(spec, row) for row in tables[table])
    return tables._digests[table]


def table_digests(rows: Mapping[str, Iterable[RowDigest]]) -> dict[str, str]:
    """The digest of each table from those of its rows."""
    return {name: digest([name, [row.digest for row in rows[name]]]) for name in SPECS}


def hash_of_digests(tables: Mapping[str, str]) -> str:
    """The hash of the decision from the digests of its tables: what is published with it."""
    return digest({"format": FORMAT, "tables": {name: tables[name] for name in SPECS}})


def hash_of(tables: Tables) -> str:
    """The hash of the decision: SHA-256, 64 hexadecimal digits. Names of reviewers are in it by commitment only."""
    return hash_of_digests(table_digests({name: row_digests(tables, name) for name in SPECS}))


def commitment(reviewer: Private) -> str:
    """What binds a reviewer's code to the name without telling it: nobody can guess ``nonce``."""
    return digest([reviewer.nonce, cell_text(reviewer.name)])


def pseudonymised(tables: Tables) -> Tables:
    """The same tables without the names; the hash is the same."""
    return Tables(tables.rows, {})


def _normal_rows(spec: Spec, rows: Iterable[Row]) -> tuple[Row, ...]:
    found: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        made = dict(_normal_values(spec, row))
        key = tuple(made[field.id] for field in spec.key)
        if key in found:
            raise CanonicalError(f"{spec.id}: {key} twice")
        found[key] = made
    return tuple(found[key] for key in sorted(found))


def _normal_values(spec: Spec, row: Row) -> Iterator[tuple[str, Value]]:
    names = {field.id for field in spec.fields}
    if unknown := set(row) - names:
        raise CanonicalError(f"{spec.id}: unknown {sorted(unknown)}")
    for field in spec.fields:
        try:
            yield field.id, normal(row.get(field.id), field.kind)
        except CanonicalError as error:
            raise CanonicalError(f"{spec.id}.{field.id}: {error}") from error
