"""A Word document that a stranger made, opened as a template: bounded in size, without anything that runs or fetches."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from pathlib import PurePath

from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from locales import Message, msg
from workbooks.intake_cells import FileRefused
from workbooks.safe_open import Parts

MEGABYTE = 1024 * 1024
LARGEST_FILE = 5 * MEGABYTE
"""Bytes of a template."""
LARGEST_UNPACKED = 30 * MEGABYTE
"""Bytes of all its parts, unpacked."""
MOST_PARTS = 300
MOST_FAULTS = 20
LONGEST_NAME = 120

TYPES, RELATIONS = "[Content_Types].xml", "_rels/.rels"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_STORY = re.compile(r"wordprocessingml\.(header|footer|footnotes|endnotes)\+xml$")
_RUNS = re.compile(r"vba|macroEnabled|activeX|oleObject", re.IGNORECASE)
_FORBIDDEN = ("oleobject", "package", "afchunk", "subdocument", "vbaproject", "control", "frame", "mailmergesource")
"""Ends of the types of relationships that bring in other documents or programs."""
_ODD_NAME = re.compile(r"^/|\\|(^|/)\.\.?(/|$)|[\x00-\x1f]")
_ADDRESS = re.compile(r"(https?://|mailto:)[^\s]+$", re.IGNORECASE)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FETCHING = re.compile(
    r"\s*(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|LINK|IMPORT|DATABASE|MACROBUTTON|EMBED|RD)\b", re.IGNORECASE
)
_UNSETTLED = {"ins", "del", "moveFrom", "moveTo", "commentReference"}
"""What is still open in a document: tracked changes and comments."""
_OBJECTS = {"object", "altChunk", "subDoc", "control"}


class TemplateRefused(Exception):
    """The file is no template of letters; ``messages`` say why and what would be accepted."""

    def __init__(self, *messages: Message) -> None:
        super().__init__("; ".join(message.msgid for message in messages))
        self.messages = messages


class _DocumentParts(Parts):
    """The parts of a document; refusals speak of a document."""

    def __init__(self, data: bytes, name: str) -> None:
        super().__init__(data, name)
        self._left = LARGEST_UNPACKED

    def bomb(self) -> FileRefused:
        return FileRefused(
            msg(
                "The document {name} unpacks to more than {size} MB or {parts} parts. Take out large pictures.",
                name=self.name,
                size=LARGEST_UNPACKED // MEGABYTE,
                parts=MOST_PARTS,
            )
        )

    def corrupt(self) -> FileRefused:
        return FileRefused(
            msg("The document {name} is damaged. Open it in Word, save it again and upload that.", name=self.name)
        )

    def missing(self, part: str) -> FileRefused:
        return FileRefused(_no_document(self.name, part))


class Package:
    """The parts of a checked document by name, in the order of the file."""

    def __init__(self, parts: dict[str, bytes], types: Mapping[str, str], name: str) -> None:
        self.parts = parts
        self.types = types
        self.name = name

    @property
    def main(self) -> str:
        """The name of the part that holds the text."""
        return next(part for part, kind in self.types.items() if kind == _MAIN)

    @property
    def stories(self) -> tuple[str, ...]:
        """The parts that hold text: the main one first, then headers, footers and notes."""
        others = tuple(part for part, kind in self.types.items() if part in self.parts and _STORY.search(kind))
        return (self.main, *others)

    def story_kind(self, part: str) -> str:
        """``document``, ``header``, ``footer``, ``footnotes`` or ``endnotes``."""
        found = _STORY.search(self.types[part])
        return found.group(1) if found else "document"

    def xml(self, part: str) -> BaseOxmlElement:
        """The root of a part. Raises TemplateRefused for one that is not XML or declares entities."""
        return _xml(self.parts[part], self.name)


def open_package(data: bytes, filename: str) -> Package:
    """The document in ``data``. Raises TemplateRefused: too large, no .docx, damaged, with macros, links or objects."""
    name = PurePath(filename.replace("\\", "/")).name[:LONGEST_NAME] or "?"
    _check_outside(data, name)
    try:
        parts = _read(data, name)
    except FileRefused as refused:
        raise TemplateRefused(refused.message) from refused
    package = Package(parts, _types(parts, name), name)
    for part in parts:
        if part.endswith((".xml", ".rels")):
            # What is damaged anywhere would only be found in the letters.
            package.xml(part)
    if _MAIN not in package.types.values() or package.main not in parts:
        raise TemplateRefused(_no_document(name, "document"))
    faults: list[Message] = []
    for fault in islice(chain(_relation_faults(package), _content_faults(package)), MOST_FAULTS):
        if fault not in faults:
            faults.append(fault)
    if faults:
        raise TemplateRefused(*faults)
    return package


def _check_outside(data: bytes, name: str) -> None:
    if not data:
        raise TemplateRefused(msg("The file {name} is empty.", name=name))
    if len(data) > LARGEST_FILE:
        raise TemplateRefused(
            msg("The file {name} is larger than {size} megabytes.", name=name, size=str(LARGEST_FILE // MEGABYTE))
        )
    if data.startswith(_OLE):
        raise TemplateRefused(
            msg(
                "The document {name} is protected with a password or in the old format of Word (.doc). Save it as a Word "
                "document (.docx) without a password.",
                name=name,
            )
        )
    if not data.startswith(b"PK") or not name.lower().endswith(".docx"):
        raise TemplateRefused(msg("The file {name} is not a Word document. Accepted: .docx.", name=name))


def _no_document(name: str, part: str) -> Message:
    return msg(
        "The file {name} is not a Word document: its part {part} is missing. Save it as a Word document (.docx), not as "
        "a template, with macros or in the strict format.",
        name=name,
        part=part,
    )


def _read(data: bytes, name: str) -> dict[str, bytes]:
    archive = _DocumentParts(data, name)
    if len(archive.names) > MOST_PARTS:
        raise archive.bomb()
    if any(_ODD_NAME.search(part) for part in archive.names):
        raise archive.corrupt()
    wanted = sorted(part for part in archive.names if not part.endswith("/"))
    for needed in (TYPES, RELATIONS):
        if needed not in archive.names:
            raise archive.missing(needed)
    return {part: b"".join(archive.read(part)) for part in (TYPES, *(p for p in wanted if p != TYPES))}


def _types(parts: Mapping[str, bytes], name: str) -> dict[str, str]:
    """The content type of each part that has one of its own."""
    return {
        str(one.get("PartName", "")).lstrip("/"): str(one.get("ContentType", ""))
        for one in _xml(parts[TYPES], name)
        if isinstance(one.tag, str) and one.tag.endswith("}Override")
    }


def _xml(data: bytes, name: str) -> BaseOxmlElement:
    try:
        root = parse_xml(data)
    except (SyntaxError, ValueError) as error:
        # lxml's errors are syntax errors.
        raise TemplateRefused(
            msg("The document {name} is damaged. Open it in Word, save it again and upload that.", name=name)
        ) from error
    if root.getroottree().docinfo.doctype:
        raise TemplateRefused(
            msg("The document {name} is damaged. Open it in Word, save it again and upload that.", name=name)
        )
    return root


def _relation_faults(package: Package) -> Iterator[Message]:
    for part in package.parts:
        if part.endswith(".rels"):
            for one in package.xml(part):
                yield from _one_relation(one, package.name)


def _one_relation(one: BaseOxmlElement, name: str) -> Iterator[Message]:
    kind, target = str(one.get("Type", "")).rsplit("/", 1)[-1].lower(), str(one.get("Target", ""))
    if kind in _FORBIDDEN:
        yield msg("The document {name} holds an embedded object or another document. Take it out.", name=name)
    elif one.get("TargetMode") == "External" and not _may_lead_out(kind, target):
        yield msg(
            "The document {name} refers to a file outside itself: {target}. Insert pictures into the document; links may "
            "lead to web and e-mail addresses.",
            name=name,
            target=target[:100],
        )


def _may_lead_out(kind: str, target: str) -> bool:
    """The template that Word remembers is forgotten when letters are made."""
    return kind == "attachedtemplate" or (kind == "hyperlink" and _ADDRESS.match(target) is not None)


def _content_faults(package: Package) -> Iterator[Message]:
    if any(_RUNS.search(kind) for kind in package.types.values()) or any("vbaProject" in p for p in package.parts):
        yield msg(
            "The document {name} holds macros or controls. Save it as a Word document (.docx).", name=package.name
        )
    for part in package.stories:
        root = package.xml(part)
        tags = {element.tag.removeprefix(_W) for element in root.iter() if isinstance(element.tag, str)}
        if tags & _UNSETTLED:
            yield msg(
                "The document {name} has tracked changes or comments. Accept or remove them first.", name=package.name
            )
        if tags & _OBJECTS:
            yield msg(
                "The document {name} holds an embedded object or another document. Take it out.", name=package.name
            )
        if any(_FETCHING.match(field) for field in _fields(root)):
            yield msg(
                "The document {name} has a field that fetches or runs something. Take the field out.", name=package.name
            )


def _fields(root: BaseOxmlElement) -> Iterator[str]:
    """The instruction of each field; Word may cut one into pieces."""
    open_fields: list[str] = []
    for element in root.iter(f"{_W}fldSimple", f"{_W}fldChar", f"{_W}instrText"):
        if element.tag == f"{_W}fldSimple":
            yield str(element.get(f"{_W}instr", ""))
        elif element.tag == f"{_W}instrText":
            open_fields[-1:] = [(open_fields[-1] if open_fields else "") + (element.text or "")]
        elif element.get(f"{_W}fldCharType") == "begin":
            open_fields.append("")
        elif element.get(f"{_W}fldCharType") == "end" and open_fields:
            yield open_fields.pop()
    yield from open_fields
