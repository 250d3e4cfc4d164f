"""The facts of a decision as rows of key and value; a long value is cut into several rows.

Keys in use (values are JSON, names are ``{"fi", "sv", "en"}``, moments ISO 8601 in UTC):

``call.``: id, name, authority, decree, register_year, theme_word, appropriation, unit, largest_share_bp, smallest_grant,
largest_grant, ranking_score, tie_rule, lot_seed, closes, lock (of the ranking rule: hash, by, at; null if it was not locked).
``criterion.ID``: order, name, weight, levels (value, label). ``theme.ID`` and ``category.ID``: order, name.
``scenario.``: name, rest, and each key of a scenario's record; the items of a list are ``scenario.constraint.0001`` ...,
the entries of ``force`` and ``fixed`` are ``scenario.force.in.CASE`` ... Floats are texts.
``result.``: status, objective, bound, gap (fractions as texts or null).
``ranking.``: k, band, draws, seed, outcome. ``decision.``: stage, number, kind, previous (hash), grounds, made_at,
presenter, proposed_at, decision_maker, decided_at, proposal_hash; of a later decision also first (number of the first
one). ``material.PART``: SHA-256. ``program.version``.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from decisions.tables import Row
from decisions.values import CanonicalError, canonical_json

LONGEST = 15_000
"""Characters of JSON in one row: with every character of two UTF-16 units it still fits a cell."""
_PART = "#"


def fact_rows(facts: Mapping[str, Any]) -> Iterator[Row]:
    """``facts`` as rows of the table ``facts``. Raises CanonicalError for a value that has no canonical form."""
    for key, value in facts.items():
        written = canonical_json(value)
        if len(written) <= LONGEST:
            yield {"key": key, "value": value}
            continue
        for number, start in enumerate(range(0, len(written), LONGEST), start=1):
            yield {"key": f"{key}{_PART}{number:04}", "value": written[start : start + LONGEST]}


def facts_of(rows: Iterable[Row]) -> dict[str, Any]:
    """The facts of the rows of ``fact_rows``. Raises CanonicalError when the parts of a value do not make one."""
    facts: dict[str, Any] = {}
    parts: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: str(row["key"])):
        key, _, part = str(row["key"]).partition(_PART)
        if part:
            parts.setdefault(key, []).append(str(row["value"]))
        else:
            facts[key] = row["value"]
    for key, pieces in parts.items():
        try:
            facts[key] = json.loads("".join(pieces))
        except ValueError as error:
            raise CanonicalError(f"{key}: {error}") from error
    return facts


def under(facts: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """The facts whose key begins with ``prefix.``, by the rest of their key."""
    start = prefix + "."
    return {key.removeprefix(start): value for key, value in facts.items() if key.startswith(start)}


def in_order(facts: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """As ``under``, in the order that each value states (criteria, themes, categories)."""
    found = under(facts, prefix)
    return {key: found[key] for key in sorted(found, key=lambda key: (found[key]["order"], key))}
