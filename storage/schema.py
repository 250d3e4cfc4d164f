"""The tables. Money is whole euros, moments are UTC, levels are integers and NULL means not scored."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.schema_common import ID, added_text, own_id, ref
from storage.schema_common import metadata as metadata
from storage.schema_decisions import accepted_costs as accepted_costs
from storage.schema_decisions import decision_files as decision_files
from storage.schema_decisions import decision_phrases as decision_phrases
from storage.schema_decisions import decision_reasons as decision_reasons
from storage.schema_decisions import decisions as decisions
from storage.schema_decisions import letter_templates as letter_templates
from storage.schema_decisions import ranking_locks as ranking_locks
from storage.schema_panel import assignments as assignments
from storage.schema_panel import attachment_contents as attachment_contents
from storage.schema_panel import attachments as attachments
from storage.schema_panel import conflicts as conflicts
from storage.schema_panel import consensus as consensus
from storage.schema_panel import consensus_scores as consensus_scores
from storage.schema_panel import impartiality as impartiality
from storage.schema_panel import meetings as meetings
from storage.schema_panel import panel_members as panel_members
from storage.schema_panel import review_scores as review_scores
from storage.schema_panel import review_versions as review_versions
from storage.schema_panel import reviews as reviews
from storage.types import Utc

settings = Table("settings", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

accounts = Table(
    "accounts",
    metadata,
    own_id(),
    Column("username", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", Utc, nullable=False),
    added_text("municipality_code"),
    added_text("employer"),
)

account_roles = Table(
    "account_roles",
    metadata,
    ref("account_id", "accounts.id"),
    Column("role", Text, nullable=False),
    PrimaryKeyConstraint("account_id", "role"),
)

account_secrets = Table(
    "account_secrets",
    metadata,
    Column("account_id", ID, ForeignKey("accounts.id"), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("locked_until", Utc),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id_hash", Text, primary_key=True),
    ref("account_id", "accounts.id"),
    Column("csrf", Text, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("last_seen_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
)

calls = Table(
    "calls",
    metadata,
    Column("id", Text, primary_key=True),
    Column("definition", Text, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("version", Integer, nullable=False),
    added_text("phase", "review"),
    Column("review_deadline", Utc),
)

imports = Table(
    "imports",
    metadata,
    own_id(),
    Column("call_id", Text, ForeignKey("calls.id"), nullable=False, index=True),
    Column("filename", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("new", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("faulty", Integer, nullable=False),
    Column("imported_by", ID, ForeignKey("accounts.id")),
    Column("imported_at", Utc, nullable=False),
)

applications = Table(
    "applications",
    metadata,
    own_id(),
    Column("call_id", Text, ForeignKey("calls.id"), nullable=False),
    Column("case_number", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("withdrawn_at", Utc),
    Column("withdrawal_reason", Text, nullable=False),
    UniqueConstraint("call_id", "case_number"),
)

application_versions = Table(
    "application_versions",
    metadata,
    ref("application_id", "applications.id"),
    Column("version", Integer, nullable=False),
    Column("content", JSON, nullable=False),
    Column("changed", JSON, nullable=False),
    Column("arrived_at", Utc, nullable=False),
    ref("import_id", "imports.id", nullable=True),
    Column("created_at", Utc, nullable=False),
    PrimaryKeyConstraint("application_id", "version"),
)

eligibility = Table(
    "eligibility",
    metadata,
    own_id(),
    ref("application_id", "applications.id"),
    Column("application_version", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("members_confirmed", Boolean, nullable=False),
    Column("deadline", Utc),
    Column("request_text", Text, nullable=False),
    Column("decided_by", ID, ForeignKey("accounts.id")),
    Column("decided_at", Utc, nullable=False),
)

scenarios = Table(
    "scenarios",
    metadata,
    own_id(),
    Column("call_id", Text, ForeignKey("calls.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("parameters", JSON, nullable=False),
    Column("outcome", JSON, nullable=False),
    Column("created_by", ID, ForeignKey("accounts.id")),
    Column("created_at", Utc, nullable=False),
    Column("changed_by", ID),
    Column("changed_at", Utc),
    Column("locked_by", ID),
    Column("locked_at", Utc),
    added_text("copied_from"),
    added_text("rest", "kept"),
    Column("version", Integer, nullable=False, server_default=text("1")),
    UniqueConstraint("call_id", "name"),
)

awards = Table(
    "awards",
    metadata,
    ref("scenario_id", "scenarios.id"),
    ref("application_id", "applications.id"),
    Column("funded", Boolean, nullable=False),
    Column("granted", BigInteger, nullable=False),
    Column("code", Text, nullable=False),
    PrimaryKeyConstraint("scenario_id", "application_id"),
)

awards_by_hand = Table(
    "scenario_awards_by_hand",
    metadata,
    ref("scenario_id", "scenarios.id"),
    ref("application_id", "applications.id"),
    Column("granted", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("set_by", ID, ForeignKey("accounts.id")),
    Column("set_at", Utc, nullable=False),
    PrimaryKeyConstraint("scenario_id", "application_id"),
)

audit_log = Table(
    "audit_log",
    metadata,
    own_id(),
    Column("at", Utc, nullable=False),
    Column("actor_id", ID),
    Column("actor_name", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("call_id", Text),
    Column("entity", Text, nullable=False),
    Column("key", JSON, nullable=False),
    Column("old", JSON(none_as_null=True)),
    Column("new", JSON(none_as_null=True)),
    Index("ix_audit_log_call_id_at", "call_id", "at"),
)

NOT_AUDITED = frozenset({"account_secrets", "sessions", "audit_log", "attachment_contents", "decision_files"})
"""Tables that the audit log does not rebuild: secrets, sessions, the log itself, and files, of which it keeps the
SHA-256."""
