"""Letters of decision: the templates that an officer puts in place of the program's own, and one letter to look at."""

from dataclasses import dataclass
from datetime import datetime

from access.permissions import Actor, can_replace_letter_template, can_see_decision, require
from decisions.snapshot import Snapshot
from decisions.solving import later
from locales import LocalText, Message, msg, render
from storage import accounts as stored_accounts
from storage import letters as stored
from storage.decision_files import FileChanged
from storage.decisions import APPROVED, PROPOSED
from storage.letters import StoredTemplate
from storage.unit import UnitOfWork
from workbooks.attachment import clean_name
from workbooks.letter_default import default_template as own_template
from workbooks.letter_package import LARGEST_FILE as LARGEST_FILE
from workbooks.letter_package import MEGABYTE as MEGABYTE
from workbooks.letter_package import TemplateRefused
from workbooks.letter_template import BLOCKS, LINES, REQUIRED, placeholder, read_template
from workbooks.letter_texts import LANGUAGES as LANGUAGES
from workbooks.letter_zip import file_name
from workbooks.letters import letter
from workflow.applications import no_such_application
from workflow.calls import load_call
from workflow.decision_material import Material, read_material, snapshot_of
from workflow.decision_records import load_decisions, load_frozen
from workflow.errors import Refused
from workflow.house import House
from workflow.scenarios import refuse_partial_view


@dataclass(frozen=True, slots=True)
class LetterTemplate:
    """The template in use for one language; without an uploaded one (``filename`` empty) the program's own is."""

    language: str
    filename: str = ""
    sha256: str = ""
    uploaded_by: str = ""
    uploaded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A placeholder of a template: as it is written, what stands in its place, whether alone in a paragraph, needed."""

    written: str
    meaning: Message | LocalText | str
    alone: bool
    required: bool


PLACEHOLDERS: tuple[Placeholder, ...] = tuple(
    Placeholder(placeholder(name), meaning, name in BLOCKS, name in REQUIRED)
    for name, meaning in (*LINES.items(), *BLOCKS.items())
)
"""Every placeholder that a template may hold."""


def list_templates(house: House, actor: Actor, call_id: str) -> tuple[LetterTemplate, ...]:
    """The template in use for each language of service."""
    require(actor, can_see_decision)
    with house.reading() as uow:
        load_call(uow, call_id)
        found = {one.language: one for one in stored.list_templates(uow, call_id)}
        names = {account.id: account.name for account in stored_accounts.list_accounts(uow.connection)}
    return tuple(
        _shown(found[lang], names.get(found[lang].uploaded_by or 0, "")) if lang in found else LetterTemplate(lang)
        for lang in LANGUAGES
    )


def get_template(house: House, actor: Actor, call_id: str, language: str) -> tuple[str, bytes]:
    """Name and bytes of the template in use. Refused for a language that letters are not written in."""
    require(actor, can_see_decision)
    _known(language)
    with house.reading() as uow:
        load_call(uow, call_id)
        found = stored.find_template(uow, call_id, language)
        if found is not None:
            return found.filename, _content(uow, found)
    return _own(language)


def default_template(house: House, actor: Actor, call_id: str, language: str) -> tuple[str, bytes]:
    """Name and bytes of the program's own template, to be changed. Refused as ``get_template``."""
    require(actor, can_see_decision)
    _known(language)
    with house.reading() as uow:
        load_call(uow, call_id)
    return _own(language)


def replace_template(
    house: House, actor: Actor, call_id: str, language: str, filename: str, data: bytes
) -> LetterTemplate:
    """Take an uploaded template into use for the letters of one language.

    Refused, each reason with its place, when it is no safe Word document, names an unknown placeholder, or lacks one
    that every letter needs (``workbooks.letter_template.read_template``).
    """
    require(actor, can_replace_letter_template)
    _known(language)
    name = clean_name(filename)
    _check(data, name)
    with house.writing(actor, call_id) as uow:
        load_call(uow, call_id)
        return _shown(stored.set_template(uow, call_id, language, name, data), actor.name)


def drop_template(house: House, actor: Actor, call_id: str, language: str) -> None:
    """Take an uploaded template out of use: letters are written on the program's own again. Refused without one."""
    require(actor, can_replace_letter_template)
    _known(language)
    with house.writing(actor, call_id) as uow:
        load_call(uow, call_id)
        if stored.find_template(uow, call_id, language) is None:
            raise Refused(msg("Letters in this language are written on the program's own template already."))
        stored.drop_template(uow, call_id, language)


def preview_letter(
    house: House, actor: Actor, call_id: str, case_number: str, scenario_id: int | None = None
) -> tuple[str, bytes]:
    """Name and bytes of one letter on the template in use.

    Of the newest decision or open proposal that decides on the application; before one, a draft by a saved scenario or the call's own values. Refused for
    those who may not see every score, and when there is no such application.
    """
    require(actor, can_see_decision)
    with house.reading() as uow:
        refuse_partial_view(uow, actor, call_id, saved=True)
        templates = load_templates(uow, call_id)
        found = _newest(uow, call_id, case_number, scenario_id)
    # Solving takes its time, and holds no transaction open.
    snapshot = found if isinstance(found, Snapshot) else snapshot_of(found)
    row = next((one for one in snapshot.tables["applications"] if one["case_number"] == case_number), None)
    if row is None:
        raise no_such_application(case_number)
    language = row["language"] if row["language"] in LANGUAGES else LANGUAGES[0]
    data = letter(snapshot.tables, case_number, templates.get(language))
    return file_name(case_number, language, set()), data


def load_templates(uow: UnitOfWork, call_id: str) -> dict[str, bytes]:
    """The uploaded templates of a call by language, fit to be filled in. For other use cases.

    Refused for a damaged one, and for one that is no template any more (the program has come to ask for other things).
    """
    found = {one.language: (one.filename, _content(uow, one)) for one in stored.list_templates(uow, call_id)}
    for filename, data in found.values():
        _check(data, filename)
    return {language: data for language, (_, data) in found.items()}


def _newest(uow: UnitOfWork, call_id: str, case_number: str, scenario_id: int | None) -> Snapshot | Material:
    standing = [one for one in load_decisions(uow, call_id) if one.state in (APPROVED, PROPOSED)]
    if not standing:
        return read_material(uow, call_id, scenario_id)
    # A later decision tells only those whose application it changes.
    changes = later(load_frozen(uow, call_id, standing[-1].id).tables)
    numbers = {row["decision"] for row in changes if row["case_number"] == case_number}
    found = next((one for one in reversed(standing) if one.number in numbers), standing[0])
    return load_frozen(uow, call_id, found.id)


def _content(uow: UnitOfWork, template: StoredTemplate) -> bytes:
    try:
        return stored.template_content(uow, template)
    except FileChanged as changed:
        raise Refused(
            msg("The template {name} is damaged in the database. Upload it again.", name=template.filename)
        ) from changed


def _check(data: bytes, filename: str) -> None:
    try:
        read_template(data, filename)
    except TemplateRefused as refused:
        raise Refused(*refused.messages) from refused


def _known(language: str) -> None:
    if language not in LANGUAGES:
        raise Refused(
            msg("Letters are written in Finnish (fi) and in Swedish (sv), not in {language}.", language=language[:40])
        )


def _own(language: str) -> tuple[str, bytes]:
    return f"{render(msg('letter-template'), language)}-{language}.docx", own_template(language)


def _shown(found: StoredTemplate, by: str) -> LetterTemplate:
    return LetterTemplate(found.language, found.filename, found.sha256, by, found.uploaded_at)
