"""Attachments of applications: officers add and remove them; whoever may read the application reads them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256 as digest_of

from access.permissions import (
    Actor,
    Forbidden,
    can_attach,
    can_see_all_applications,
    can_see_applications,
    require,
)
from locales import msg
from storage import applications as stored_applications
from storage import attachments as stored
from storage.applications import StoredApplication
from storage.attachments import StoredAttachment
from storage.unit import UnitOfWork
from workbooks.attachment import LARGEST_FILE as LARGEST_FILE
from workbooks.attachment import LARGEST_TOTAL as LARGEST_TOTAL
from workbooks.attachment import MEDIA_TYPE, check_pdf, check_room, clean_name, shorten
from workbooks.attachment import MEGABYTE as MEGABYTE
from workbooks.attachment import MOST_FILES as MOST_FILES
from workflow.applications import no_such_application
from workflow.calls import load_call
from workflow.errors import Refused
from workflow.house import House
from workflow.phases import require_open
from workflow.reviewing import open_review
from workflow.visibility import blocked_applications


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of an application; ``size`` in bytes, ``sha256`` in hexadecimal, by which it is asked for."""

    filename: str
    size: int
    sha256: str
    added_at: datetime


def add_attachment(
    house: House, actor: Actor, call_id: str, case_number: str, filename: str, data: bytes
) -> Attachment:
    """Attach a PDF file; its name is kept without folders and control characters.

    Refused, each message naming the file, when it is not taken (see ``check_pdf`` and ``check_room``), when the
    application has it already, and when there is no such application for the actor or the phase closes attaching.
    """
    require(actor, can_attach)
    faults = check_pdf(data, filename)
    with house.writing(actor, call_id) as uow:
        row = _handled(uow, actor, call_id, case_number)
        require_open(uow, call_id, can_attach)
        if faults:
            raise Refused(*faults)
        present = stored.list_attachments(uow, row.id)
        name = clean_name(filename)
        _refuse_double(present, name, data)
        if full := check_room([item.size for item in present], len(data), name):
            raise Refused(*full)
        return _shown(stored.add_attachment(uow, row.id, name, MEDIA_TYPE, data))


def _refuse_double(present: Sequence[StoredAttachment], name: str, data: bytes) -> None:
    digest = digest_of(data).hexdigest()
    if same := next((item for item in present if item.sha256 == digest), None):
        text = msg("{file} is attached already, as {name}.", file=shorten(name), name=same.filename)
        raise Refused(text)
    if any(item.filename.casefold() == name.casefold() for item in present):
        text = msg("There is another attachment named {file}. Rename the file, or remove the other.", file=name)
        raise Refused(text)


def remove_attachment(house: House, actor: Actor, call_id: str, case_number: str, sha256: str) -> Attachment:
    """Take a file off its application. Refused when there is none for the actor, or the phase closes it."""
    require(actor, can_attach)
    with house.writing(actor, call_id) as uow:
        row = _handled(uow, actor, call_id, case_number)
        found = next((item for item in stored.list_attachments(uow, row.id) if item.sha256 == sha256), None)
        if found is None:
            raise _no_such_attachment()
        require_open(uow, call_id, can_attach)
        stored.remove_attachment(uow, found.id)
        return _shown(found)


def list_attachments(house: House, actor: Actor, call_id: str, case_number: str) -> list[Attachment]:
    """The files of an application, the oldest first.

    A reviewer sees them as ``open_review`` opens the application: assigned, not disqualified, not abstaining, after
    the declaration, in an open phase; refused in the same words otherwise.
    """
    require(actor, can_see_applications)
    if not can_see_all_applications(actor):
        open_review(house, actor, call_id, case_number)
    with house.reading() as uow:
        row = _handled(uow, actor, call_id, case_number)
        return [_shown(item) for item in stored.list_attachments(uow, row.id)]


def open_attachment(house: House, actor: Actor, call_id: str, sha256: str) -> tuple[str, bytes]:
    """The name and the bytes of a file; Refused, in the same words, when there is none or it is not for the actor."""
    require(actor, can_see_applications)
    if re.fullmatch("[0-9a-f]{64}", sha256) is None:
        raise _no_such_attachment()
    with house.reading() as uow:
        load_call(uow, call_id)
        blocked = blocked_applications(uow, call_id, actor)
        cases = {row.id: row.case_number for row in stored_applications.list_applications(uow, call_id)}
        found = [f for f in stored.find_attachments(uow, call_id, sha256) if f.application_id not in blocked]
    open_to = next((f for f in found if _may_read(house, actor, call_id, cases[f.application_id])), None)
    if open_to is None:
        raise _no_such_attachment()
    with house.reading() as uow:
        return open_to.filename, stored.attachment_content(uow, sha256)


def _may_read(house: House, actor: Actor, call_id: str, case_number: str) -> bool:
    if can_see_all_applications(actor):
        return True
    try:
        open_review(house, actor, call_id, case_number)
    except Refused:
        return False
    return True


def _handled(uow: UnitOfWork, actor: Actor, call_id: str, case_number: str) -> StoredApplication:
    load_call(uow, call_id)
    blocked = blocked_applications(uow, call_id, actor)
    rows = stored_applications.list_applications(uow, call_id)
    row = next((r for r in rows if r.case_number == case_number and r.id not in blocked), None)
    if row is None:
        raise no_such_application(case_number)
    return row


def _no_such_attachment() -> Refused:
    return Refused(msg("There is no such attachment in this call that you can see."))


def _shown(found: StoredAttachment) -> Attachment:
    return Attachment(found.filename, found.size, found.sha256, found.added_at)


@dataclass(frozen=True, slots=True)
class Documents:
    """The attachments as the web edge asks for them."""

    house: House

    def attachment(self, actor: Actor, call_id: str, sha256: str) -> tuple[str, bytes] | None:
        """The name and the bytes of the file with this digest; None when it is not there or not for the actor."""
        try:
            return open_attachment(self.house, actor, call_id, sha256)
        except (Refused, Forbidden):
            return None
