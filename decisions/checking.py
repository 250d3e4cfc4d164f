"""What does not agree in the tables of a decision: with their digests, with the names, with the rule, with a snapshot."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from decisions.facts import under
from decisions.figures import complete
from decisions.spec import CONSENSUS, SPECS, Spec
from decisions.tables import (
    Row,
    RowDigest,
    Tables,
    commitment,
    hash_of_digests,
    key_text,
    row_digest,
    table_digests,
)
from decisions.values import MARK, CanonicalError, Value, canonical_json, plain
from locales import Message, msg
from scoring.errors import ScoringError

MOST_PAIRS = 250_000
"""Rows added times rows missing: of more it is not told which were renamed."""
Target: TypeAlias = Literal["value", "row", "row_digest", "table_digest", "hash", "name", "decision"]
"""Where something differs: a value or a whole row of a table, a digest, a name, or nowhere in particular."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a workbook states of its own tables: the digests by table and key, and the hash."""

    rows: Mapping[str, Mapping[str, RowDigest]]
    tables: Mapping[str, str]
    hash: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that does not agree. ``stated`` and ``expected``: None where it is not known what they would be."""

    target: Target
    problem: Message
    table: str = ""
    key: str = ""
    field: str = ""
    stated: str | None = None
    expected: str | None = None


def against_digests(tables: Tables, stated: Stated) -> Iterator[Difference]:
    """Rows against their digests, these against those of the tables, these against the hash.

    A digest agrees with what stands under it as it is stated or as it is worked out, so that one changed digit is one
    difference.
    """
    real: dict[str, list[RowDigest]] = {}
    for name, spec in SPECS.items():
        rows = {key_text(spec, row): row for row in tables[name]}
        digests = {key: row_digest(spec, row) for key, row in rows.items()}
        real[name] = list(digests.values())
        yield from _rows(spec, rows, digests, stated.rows.get(name, {}))
    of_rows = table_digests(real)
    of_stated = table_digests({name: stated.rows.get(name, {}).values() for name in SPECS})
    for name in SPECS:
        if stated.tables.get(name) not in (of_rows[name], of_stated[name]):
            problem = msg("The digest of the table is not that of its rows.")
            yield Difference("table_digest", problem, name, stated=stated.tables.get(name), expected=of_rows[name])
    found = hash_of_digests({name: stated.tables.get(name, "") for name in SPECS})
    if stated.hash not in (found, hash_of_digests(of_rows)):
        yield Difference("hash", msg("The hash is not that of the tables."), stated=stated.hash, expected=found)


def against_expected(real: str, stated: str, expected: str) -> Iterator[Difference]:
    """The published hash against that of the tables, and against what the workbook says of itself."""
    if real != expected or stated != expected:
        problem = msg("The decision is not the one that was published with this hash.")
        yield Difference("hash", problem, stated=stated if stated != expected else real, expected=expected)


def against_snapshot(tables: Tables, old: Tables) -> Iterator[Difference]:
    """Every stated value that is another than in the frozen tables, with the old value."""
    for name, spec in SPECS.items():
        now, before = ({key_text(spec, row): row for row in one[name]} for one in (tables, old))
        for key, row in before.items():
            if key not in now:
                yield Difference("row", msg("The row of the snapshot is missing."), name, key, expected=key)
                continue
            for field in spec.stated:
                if now[key][field.id] != row[field.id]:
                    yield Difference(
                        "value",
                        msg("The value is not that of the snapshot."),
                        name,
                        key,
                        field.id,
                        shown(now[key][field.id], field.kind),
                        shown(row[field.id], field.kind),
                    )
        for key in now.keys() - before.keys():
            yield Difference("row", msg("The row is not in the snapshot."), name, key, stated=key)


def against_commitments(tables: Tables) -> Iterator[Difference]:
    """The names of the reviewers against what binds their codes to them; nothing where there are no names."""
    if not tables.private:
        return
    bound = {row["reviewer"]: row["commitment"] for row in tables["reviewers"]}
    for code, reviewer in tables.private.items():
        found = commitment(reviewer)
        if bound.get(code) != found:
            problem = msg("The name is not the one that the code of the reviewer stands for.")
            yield Difference("name", problem, "reviewers", code, stated=reviewer.name)
    for code in sorted(bound.keys() - tables.private.keys()):
        yield Difference("name", msg("The name of the reviewer is missing."), "reviewers", code)


def against_references(tables: Tables, facts: Mapping[str, Any]) -> Iterator[Difference]:
    """Rows that name an application, a criterion or a reviewer that is nowhere."""
    cases = {row["case_number"] for row in tables["applications"]}
    known = {
        "criterion": set(under(facts, "criterion")),
        "reviewer": {row["reviewer"] for row in tables["reviewers"]} | {CONSENSUS},
    }
    for name in ("ranking", "scores", "costs", "comparison", "overrides", "eligibility"):
        for row in tables[name]:
            if row["case_number"] not in cases:
                problem = msg("The application of this row is not among the applications.")
                yield _unknown(name, row, "case_number", problem)
    for row in tables["scores"]:
        if row["criterion"] not in known["criterion"]:
            yield _unknown("scores", row, "criterion", msg("The criterion is not one of the call."))
        if row["reviewer"] not in known["reviewer"]:
            yield _unknown("scores", row, "reviewer", msg("The reviewer is not among the reviewers."))


def _unknown(table: str, row: Row, field: str, problem: Message) -> Difference:
    return Difference("value", problem, table, key_text(SPECS[table], row), field, str(row[field]))


def completed(tables: Tables) -> Tables | Difference:
    """``tables`` with what follows from them, or why nothing can."""
    try:
        return complete(tables)
    except CanonicalError as error:
        return impossible(str(error))
    except ScoringError as error:
        return impossible(error.message)


def shown(value: Value, kind: Any) -> str:
    """A value as a report shows it: as the canonical form writes it, without quotation marks."""
    written = plain(value, kind)
    return written if isinstance(written, str) else canonical_json(written)


def _rows(
    spec: Spec, rows: Mapping[str, Row], digests: Mapping[str, RowDigest], stated: Mapping[str, RowDigest]
) -> Iterator[Difference]:
    added = {key: found for key, found in digests.items() if key not in stated}
    missing = {key: one for key, one in stated.items() if key not in rows}
    renamed = _renamed(added, missing)
    for key, row in rows.items():
        if key not in added:
            yield from _fields(spec, row, digests[key], stated[key])
        elif key in renamed:
            yield from _fields(spec, row, digests[key], missing.pop(renamed[key]))
        else:
            yield Difference("row", msg("The row has no digest: it was added."), spec.id, key, stated=key)
    for key in missing:
        yield Difference("row", msg("The row is missing: its digest is here."), spec.id, key, expected=key)


def _renamed(added: Mapping[str, RowDigest], missing: Mapping[str, RowDigest]) -> dict[str, str]:
    """Rows of which only the key was changed: most marks are those of a row that is missing."""
    if len(added) * len(missing) > MOST_PAIRS:
        return {}
    found: dict[str, str] = {}
    for key, one in added.items():
        left = {other: _alike(one.marks, row.marks) for other, row in missing.items() if other not in found.values()}
        best = max(left, key=lambda other: left[other], default=None)
        if best is not None and 2 * left[best] >= len(one.marks) // MARK:
            found[key] = best
    return found


def _alike(one: str, other: str) -> int:
    return sum(one[at : at + MARK] == other[at : at + MARK] for at in range(0, len(one), MARK))


def _fields(spec: Spec, row: Row, found: RowDigest, stated: RowDigest) -> Iterator[Difference]:
    """Which values of a row are not the ones that were hashed; the row's digest when its marks do not tell."""
    if found.digest == stated.digest:
        return
    changed = [
        field
        for at, field in enumerate(spec.stated)
        if found.marks[at * MARK : (at + 1) * MARK] != stated.marks[at * MARK : (at + 1) * MARK]
    ]
    for field in changed:
        problem = msg("The value is not the one that was hashed.")
        right = stated.key if spec.key == (field,) else None
        yield Difference("value", problem, spec.id, found.key, field.id, shown(row[field.id], field.kind), right)
    if not changed:
        problem = msg("The digest is not that of the row.")
        yield Difference("row_digest", problem, spec.id, found.key, stated=stated.digest, expected=found.digest)


def impossible(why: Message | str) -> Difference:
    """The difference of tables that cannot be as they are stated."""
    return Difference("decision", msg("What the workbook states cannot be: {why}", why=why))
