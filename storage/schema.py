"""The tables. Money is whole euros, moments are UTC, levels are integers and NULL means not scored."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from storage.types import Utc

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
_ID = BigInteger().with_variant(Integer(), "sqlite")


def _id() -> Column[int]:
    return Column("id", _ID, primary_key=True, autoincrement=True)


def _ref(name: str, target: str, nullable: bool = False) -> Column[int]:
    return Column(name, _ID, ForeignKey(target), nullable=nullable, index=True)


settings = Table("settings", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

accounts = Table(
    "accounts",
    metadata,
    _id(),
    Column("username", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", Utc, nullable=False),
)

account_roles = Table(
    "account_roles",
    metadata,
    _ref("account_id", "accounts.id"),
    Column("role", Text, nullable=False),
    PrimaryKeyConstraint("account_id", "role"),
)

account_secrets = Table(
    "account_secrets",
    metadata,
    Column("account_id", _ID, ForeignKey("accounts.id"), primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("locked_until", Utc),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id_hash", Text, primary_key=True),
    _ref("account_id", "accounts.id"),
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
)

imports = Table(
    "imports",
    metadata,
    _id(),
    Column("call_id", Text, ForeignKey("calls.id"), nullable=False, index=True),
    Column("filename", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("new", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("faulty", Integer, nullable=False),
    Column("imported_by", _ID, ForeignKey("accounts.id")),
    Column("imported_at", Utc, nullable=False),
)

applications = Table(
    "applications",
    metadata,
    _id(),
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
    _ref("application_id", "applications.id"),
    Column("version", Integer, nullable=False),
    Column("content", JSON, nullable=False),
    Column("changed", JSON, nullable=False),
    Column("arrived_at", Utc, nullable=False),
    _ref("import_id", "imports.id", nullable=True),
    Column("created_at", Utc, nullable=False),
    PrimaryKeyConstraint("application_id", "version"),
)

eligibility = Table(
    "eligibility",
    metadata,
    _id(),
    _ref("application_id", "applications.id"),
    Column("application_version", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("members_confirmed", Boolean, nullable=False),
    Column("deadline", Utc),
    Column("request_text", Text, nullable=False),
    Column("decided_by", _ID, ForeignKey("accounts.id")),
    Column("decided_at", Utc, nullable=False),
)

assignments = Table(
    "assignments",
    metadata,
    _id(),
    _ref("application_id", "applications.id"),
    _ref("reviewer_id", "accounts.id"),
    Column("assigned_at", Utc, nullable=False),
    UniqueConstraint("application_id", "reviewer_id"),
)

conflicts = Table(
    "conflicts",
    metadata,
    _id(),
    _ref("application_id", "applications.id"),
    _ref("account_id", "accounts.id"),
    Column("kind", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("declared_by", _ID, ForeignKey("accounts.id")),
    Column("declared_at", Utc, nullable=False),
    UniqueConstraint("application_id", "account_id"),
)

reviews = Table(
    "reviews",
    metadata,
    _id(),
    _ref("application_id", "applications.id"),
    _ref("reviewer_id", "accounts.id"),
    Column("application_version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("remark", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("saved_at", Utc, nullable=False),
    Column("submitted_at", Utc),
    UniqueConstraint("application_id", "reviewer_id"),
)

review_scores = Table(
    "review_scores",
    metadata,
    _ref("review_id", "reviews.id"),
    Column("criterion_id", Text, nullable=False),
    Column("level", Integer),
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("review_id", "criterion_id"),
)

scenarios = Table(
    "scenarios",
    metadata,
    _id(),
    Column("call_id", Text, ForeignKey("calls.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("parameters", JSON, nullable=False),
    Column("outcome", JSON, nullable=False),
    Column("created_by", _ID, ForeignKey("accounts.id")),
    Column("created_at", Utc, nullable=False),
    UniqueConstraint("call_id", "name"),
)

awards = Table(
    "awards",
    metadata,
    _ref("scenario_id", "scenarios.id"),
    _ref("application_id", "applications.id"),
    Column("funded", Boolean, nullable=False),
    Column("granted", BigInteger, nullable=False),
    Column("code", Text, nullable=False),
    PrimaryKeyConstraint("scenario_id", "application_id"),
)

audit_log = Table(
    "audit_log",
    metadata,
    _id(),
    Column("at", Utc, nullable=False),
    Column("actor_id", _ID),
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

NOT_AUDITED = frozenset({"account_secrets", "sessions", "audit_log"})
"""Tables that the audit log does not rebuild: secrets, sessions and the log itself."""
