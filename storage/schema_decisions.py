"""The tables of decisions: what was frozen, the accepted costs, reasons in words, and the templates of letters."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)

from storage.schema_common import ID, metadata, own_id, ref
from storage.types import Utc


def _one(state: str, *columns: str) -> Index:
    """At most one decision in ``state`` for the values of ``columns``."""
    where = text(f"state = '{state}'")
    return Index(f"uq_decisions_{state}", *columns, unique=True, sqlite_where=where, postgresql_where=where)


decisions = Table(
    "decisions",
    metadata,
    own_id(),
    Column("call_id", Text, ForeignKey("calls.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    ref("previous_id", "decisions.id", nullable=True),
    ref("scenario_id", "scenarios.id", nullable=True),
    Column("grounds", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("snapshot", Text, nullable=False),
    Column("proposal_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("granted", BigInteger, nullable=False),
    Column("proposed_by", ID, ForeignKey("accounts.id")),
    Column("proposed_at", Utc, nullable=False),
    Column("closed_by", ID, ForeignKey("accounts.id")),
    Column("closed_at", Utc),
    Column("note", Text, nullable=False),
    _one("approved", "call_id", "number"),
    _one("proposed", "call_id"),
)
"""``state``: proposed, approved, returned (by the decision maker, ``note`` says why) or cancelled (by the officer).
``snapshot``: SHA-256 of the frozen file. ``hash``: empty until approved. An approved row never changes.
``number``: a proposal has the number that it gets when approved, so several may have had the same one."""

decision_files = Table(
    "decision_files",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
"""Frozen snapshots and templates of letters, deflated (zlib), under the SHA-256 of what they are inflated."""

accepted_costs = Table(
    "accepted_costs",
    metadata,
    ref("application_id", "applications.id"),
    Column("category", Text, nullable=False),
    Column("application_version", Integer, nullable=False),
    Column("accepted", BigInteger, nullable=False),
    Column("comment", Text, nullable=False),
    Column("set_by", ID, ForeignKey("accounts.id")),
    Column("set_at", Utc, nullable=False),
    PrimaryKeyConstraint("application_id", "category"),
)
"""Euros accepted per cost category; in force only for the version that they were examined on."""

ranking_locks = Table(
    "ranking_locks",
    metadata,
    Column("call_id", Text, ForeignKey("calls.id"), primary_key=True),
    Column("rules", JSON, nullable=False),
    Column("hash", Text, nullable=False),
    Column("locked_by", ID, ForeignKey("accounts.id")),
    Column("locked_at", Utc, nullable=False),
)

decision_phrases = Table(
    "decision_phrases",
    metadata,
    Column("call_id", Text, ForeignKey("calls.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("fi", Text, nullable=False),
    Column("sv", Text, nullable=False),
    Column("changed_by", ID, ForeignKey("accounts.id")),
    Column("changed_at", Utc, nullable=False),
    Column("version", Integer, nullable=False),
    PrimaryKeyConstraint("call_id", "key"),
)
"""Phrases of reasons that an official changed; the others are the program's own."""

decision_reasons = Table(
    "decision_reasons",
    metadata,
    Column("application_id", ID, ForeignKey("applications.id"), primary_key=True),
    Column("drafted", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("changed_by", ID, ForeignKey("accounts.id")),
    Column("changed_at", Utc, nullable=False),
    Column("version", Integer, nullable=False),
)
"""Reasons written by hand, with the draft that they were written over."""

letter_templates = Table(
    "letter_templates",
    metadata,
    Column("call_id", Text, ForeignKey("calls.id"), nullable=False),
    Column("language", Text, nullable=False),
    Column("filename", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("uploaded_by", ID, ForeignKey("accounts.id")),
    Column("uploaded_at", Utc, nullable=False),
    PrimaryKeyConstraint("call_id", "language"),
)
