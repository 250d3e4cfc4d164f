"""The tables of the panel's work: assignments, conflicts of interest, reviews, attachments, meetings, consensus."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from storage.schema_common import ID, added_text, metadata, own_id, ref
from storage.types import Utc

assignments = Table(
    "assignments",
    metadata,
    own_id(),
    ref("application_id", "applications.id"),
    ref("reviewer_id", "accounts.id"),
    Column("assigned_at", Utc, nullable=False),
    Column("locked", Boolean, nullable=False, server_default=false()),
    Column("abstained_at", Utc),
    added_text("abstention_reason"),
    UniqueConstraint("application_id", "reviewer_id"),
)

panel_members = Table(
    "panel_members",
    metadata,
    Column("call_id", Text, ForeignKey("calls.id"), nullable=False, index=True),
    ref("account_id", "accounts.id"),
    Column("takes_part", Boolean, nullable=False),
    Column("largest_load", Integer),
    Column("expertise", JSON, nullable=False),
    Column("languages", JSON, nullable=False),
    PrimaryKeyConstraint("call_id", "account_id"),
)

conflicts = Table(
    "conflicts",
    metadata,
    own_id(),
    ref("application_id", "applications.id"),
    ref("account_id", "accounts.id"),
    Column("kind", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("declared_by", ID, ForeignKey("accounts.id")),
    Column("declared_at", Utc, nullable=False),
    Column("lifted_at", Utc),
    Column("lifted_by", ID),
    added_text("lift_reason"),
    UniqueConstraint("application_id", "account_id"),
)

impartiality = Table(
    "impartiality",
    metadata,
    own_id(),
    ref("application_id", "applications.id"),
    ref("account_id", "accounts.id"),
    Column("declared_at", Utc, nullable=False),
    UniqueConstraint("application_id", "account_id"),
)

reviews = Table(
    "reviews",
    metadata,
    own_id(),
    ref("application_id", "applications.id"),
    ref("reviewer_id", "accounts.id"),
    Column("application_version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("remark", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("saved_at", Utc, nullable=False),
    Column("submitted_at", Utc),
    Column("confidence", Integer),
    added_text("return_reason"),
    Column("returned_by", ID),
    Column("returned_at", Utc),
    Column("revealed_version", Integer),
    UniqueConstraint("application_id", "reviewer_id"),
)

review_scores = Table(
    "review_scores",
    metadata,
    ref("review_id", "reviews.id"),
    Column("criterion_id", Text, nullable=False),
    Column("level", Integer),
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("review_id", "criterion_id"),
)

review_versions = Table(
    "review_versions",
    metadata,
    ref("review_id", "reviews.id"),
    Column("version", Integer, nullable=False),
    Column("content", JSON, nullable=False),
    Column("saved_by", ID),
    Column("saved_at", Utc, nullable=False),
    PrimaryKeyConstraint("review_id", "version"),
)

attachments = Table(
    "attachments",
    metadata,
    own_id(),
    ref("application_id", "applications.id"),
    Column("filename", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("added_by", ID, ForeignKey("accounts.id")),
    Column("added_at", Utc, nullable=False),
)

attachment_contents = Table(
    "attachment_contents",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

meetings = Table(
    "meetings",
    metadata,
    own_id(),
    Column("call_id", Text, ForeignKey("calls.id"), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("started_at", Utc, nullable=False),
    Column("ended_at", Utc),
    Column("led_by", ID, ForeignKey("accounts.id")),
    Column("present", JSON, nullable=False),
    Column("notes", Text, nullable=False),
    Column("record", JSON(none_as_null=True)),
    Column("version", Integer, nullable=False),
)

consensus = Table(
    "consensus",
    metadata,
    own_id(),
    Column("application_id", ID, ForeignKey("applications.id"), nullable=False, unique=True),
    ref("meeting_id", "meetings.id"),
    Column("note", Text, nullable=False),
    Column("left_room", JSON, nullable=False),
    Column("effect", JSON, nullable=False),
    Column("recorded_by", ID, ForeignKey("accounts.id")),
    Column("recorded_at", Utc, nullable=False),
    Column("version", Integer, nullable=False),
)

consensus_scores = Table(
    "consensus_scores",
    metadata,
    ref("consensus_id", "consensus.id"),
    Column("criterion_id", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("consensus_id", "criterion_id"),
)
