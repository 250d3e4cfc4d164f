"""Templates of the letters of a call, one per language; their bytes are among the frozen files."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from storage.decision_files import add_file, read_file
from storage.schema_decisions import letter_templates
from storage.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class StoredTemplate:
    """A template as it was uploaded; ``sha256`` of its bytes."""

    call_id: str
    language: str
    filename: str
    sha256: str
    uploaded_by: int | None
    uploaded_at: datetime


def list_templates(uow: UnitOfWork, call_id: str) -> list[StoredTemplate]:
    """The templates of a call by language."""
    query = select(letter_templates).where(letter_templates.c.call_id == call_id).order_by(letter_templates.c.language)
    return [StoredTemplate(**row) for row in uow.connection.execute(query).mappings()]


def find_template(uow: UnitOfWork, call_id: str, language: str) -> StoredTemplate | None:
    """The template of one language, None if none was uploaded."""
    return next((one for one in list_templates(uow, call_id) if one.language == language), None)


def set_template(uow: UnitOfWork, call_id: str, language: str, filename: str, data: bytes) -> StoredTemplate:
    """Take a template into use in place of an earlier one, whose bytes stay, as the log names them."""
    key = {"call_id": call_id, "language": language}
    values = {
        "filename": filename,
        "sha256": add_file(uow, data),
        "uploaded_by": uow.actor_id,
        "uploaded_at": uow.now(),
    }
    if find_template(uow, call_id, language) is None:
        return StoredTemplate(**uow.insert(letter_templates, {**key, **values}, action="letter.template"))
    return StoredTemplate(**uow.update(letter_templates, key, values, action="letter.template"))


def drop_template(uow: UnitOfWork, call_id: str, language: str) -> None:
    """Take a template out of use; NotFound if there is none."""
    uow.delete(letter_templates, {"call_id": call_id, "language": language}, action="letter.template_drop")


def template_content(uow: UnitOfWork, template: StoredTemplate) -> bytes:
    """The bytes of a template. FileChanged: they are not those that were uploaded."""
    return read_file(uow, template.sha256)
