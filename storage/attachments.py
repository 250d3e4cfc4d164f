"""Attachments of applications: what they are called, and their bytes by their SHA-256."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from storage.schema import applications, attachment_contents, attachments
from storage.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class StoredAttachment:
    """A file that belongs to an application; ``size`` in bytes."""

    id: int
    application_id: int
    filename: str
    media_type: str
    size: int
    sha256: str
    added_by: int | None
    added_at: datetime


def add_attachment(
    uow: UnitOfWork, application_id: int, filename: str, media_type: str, content: bytes
) -> StoredAttachment:
    """Store a file; equal bytes are kept once."""
    digest = hashlib.sha256(content).hexdigest()
    table = attachment_contents
    if uow.connection.execute(select(table.c.sha256).where(table.c.sha256 == digest)).first() is None:
        uow.connection.execute(insert(table).values(sha256=digest, content=content))
    row = {
        "application_id": application_id,
        "filename": filename,
        "media_type": media_type,
        "size": len(content),
        "sha256": digest,
        "added_by": uow.actor_id,
        "added_at": uow.now(),
    }
    return StoredAttachment(**uow.insert(attachments, row, action="attachment.add"))


def remove_attachment(uow: UnitOfWork, attachment_id: int) -> None:
    """Take a file off its application; its bytes stay, as the log names them. NotFound if there is none."""
    uow.delete(attachments, {"id": attachment_id}, action="attachment.remove")


def list_attachments(uow: UnitOfWork, application_id: int) -> list[StoredAttachment]:
    """The files of an application, the oldest first."""
    query = select(attachments).where(attachments.c.application_id == application_id).order_by(attachments.c.id)
    return [StoredAttachment(**row) for row in uow.connection.execute(query).mappings()]


def find_attachments(uow: UnitOfWork, call_id: str, sha256: str) -> list[StoredAttachment]:
    """The files with this SHA-256 of all the applications of a call, the oldest first."""
    query = (
        select(attachments)
        .join(applications, applications.c.id == attachments.c.application_id)
        .where(applications.c.call_id == call_id, attachments.c.sha256 == sha256)
        .order_by(attachments.c.id)
    )
    return [StoredAttachment(**row) for row in uow.connection.execute(query).mappings()]


def attachment_content(uow: UnitOfWork, sha256: str) -> bytes:
    """The bytes with this SHA-256."""
    table = attachment_contents
    return bytes(uow.connection.execute(select(table.c.content).where(table.c.sha256 == sha256)).scalar_one())
