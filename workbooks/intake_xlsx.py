"""The cells of an .xlsx workbook, parsed part by part; a document type declaration (entities) is refused at sight."""

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol
from xml.parsers.expat import ExpatError, ParserCreate

from locales import msg
from workbooks.intake_cells import LARGEST_ROWS, LONGEST_KEPT, Book, FileRefused, Sheet
from workbooks.intake_sheet import Damaged, SheetReader, unescape
from workbooks.intake_styles import read_styles
from workbooks.package_names import Names, relation_kind

LARGEST_ELEMENTS = 3_000_000
"""XML elements of one part."""
_MACROS = "macroEnabled"


class Parts(Protocol):
    """The parts of the archive, read within limits; ``corrupt`` and the like make the refusals."""

    name: str
    names: frozenset[str]

    def read(self, part: str) -> Iterator[bytes]:
        """The bytes of one part in pieces."""

    def corrupt(self) -> FileRefused:
        """Damaged."""

    def bomb(self) -> FileRefused:
        """Unpacks to too much."""

    def missing(self, part: str) -> FileRefused:
        """A part is missing."""


def open_parts(parts: Parts, name: str, *, most_rows: int = LARGEST_ROWS, values: bool = False) -> Book:
    """The book made of ``parts``; sheets are parsed when asked for. Raises FileRefused.

    ``most_rows`` and ``values``: see ``SheetReader``.
    """
    refuse_other_formats(parts, name)
    main = main_part(parts)
    related = relations(parts, main)
    found = []
    epoch_1904 = False
    for tag, attributes in elements(parts, main):
        if tag == "workbookPr":
            epoch_1904 = attributes.get("date1904") in ("1", "true")
        if tag == "sheet":
            kind, target = related.get(attributes.get("r:id", ""), ("", ""))
            if kind == "worksheet":
                found.append((attributes.get("name", "?"), target))
    if not found:
        raise FileRefused(msg("The workbook {name} has no sheet.", name=name))
    shared = next((target for kind, target in related.values() if kind == "sharedStrings"), None)
    look = next((target for kind, target in related.values() if kind == "styles"), None)
    texts: list[str] | None = None
    styles = read_styles(elements(parts, look) if look in parts.names else (), epoch_1904=epoch_1904)

    def read(index: int) -> Sheet:
        nonlocal texts
        if texts is None:
            texts = strings(parts, shared) if shared in parts.names else []
        sheet, part = found[index]
        reader = SheetReader(sheet, texts, styles, most_rows=most_rows, values=values)
        parse(parts, part, reader.start, reader.end, reader.text)
        return reader.sheet()

    return Book(tuple(sheet for sheet, _ in found), read)


def elements(parts: Parts, part: str | None) -> Iterable[tuple[str, Mapping[str, str]]]:
    """Local names and attributes of all elements of a small part, in document order."""
    found: list[tuple[str, Mapping[str, str]]] = []
    if part is not None:
        parse(parts, part, lambda tag, attributes: found.append((tag, attributes)))
    return found


def parse(
    parts: Parts,
    part: str,
    start: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
    *,
    foreign: Callable[[str], None] | None = None,
) -> None:
    """Run the handlers over one part, with local names. Raises FileRefused."""
    for _ in parse_pieces(parts, part, start, end, text, foreign=foreign):
        pass


def parse_pieces(
    parts: Parts,
    part: str,
    start: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
    *,
    most: int = LARGEST_ELEMENTS,
    foreign: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """As ``parse``, stopping after each piece, so that what was found so far can be taken; at most ``most`` elements.

    Elements of other namespaces than the format's own are left out with all that is in them, as spreadsheet programs do;
    ``foreign`` is told each of them, with its namespace.
    """
    left = most
    names = Names()

    def opened(tag: str, attributes: dict[str, str]) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise parts.bomb()
        if names.process_content in attributes:
            raise Damaged("elements of other namespaces are to be looked into")
        name = names.opens(tag)
        if name is not None:
            start(name, names.attributes(attributes) if attributes else attributes)
        elif foreign is not None:
            foreign(tag)

    def declared(*_: object) -> None:
        raise FileRefused(
            msg("The workbook {name} declares XML entities, which a workbook never does.", name=parts.name)
        )

    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = opened

    def ended(tag: str) -> None:
        name = names.closes(tag)
        if name is not None and end is not None:
            end(name)

    def said(piece: str) -> None:
        if not names.outside and text is not None:
            text(piece)

    parser.EndElementHandler = ended
    if text is not None:
        parser.CharacterDataHandler = said
    try:
        for piece in parts.read(part):
            parser.Parse(piece, False)
            yield
        parser.Parse(b"", True)
    except (ExpatError, Damaged, LookupError, UnicodeError) as error:
        raise parts.corrupt() from error


def refuse_other_formats(parts: Parts, name: str) -> None:
    """Refuse OpenDocument, binary workbooks, and macros."""
    if "mimetype" in parts.names or "META-INF/manifest.xml" in parts.names:
        raise FileRefused(
            msg("The file {name} is an OpenDocument file. Save it as an Excel workbook (.xlsx).", name=name)
        )
    if "xl/workbook.bin" in parts.names:
        raise FileRefused(
            msg("The workbook {name} is in binary form (.xlsb). Save it as an Excel workbook (.xlsx).", name=name)
        )
    types = [attributes.get("ContentType", "") for _, attributes in elements(parts, "[Content_Types].xml")]
    if any(_MACROS in kind or "vbaProject" in kind for kind in types) or "xl/vbaProject.bin" in parts.names:
        raise FileRefused(
            msg("The workbook {name} holds macros. Save it as an Excel workbook without macros (.xlsx).", name=name)
        )


def main_part(parts: Parts) -> str:
    """The part of the workbook itself. Raises FileRefused when there is none."""
    main = next(
        (target for kind, target in relations(parts, "").values() if kind == "officeDocument"), "xl/workbook.xml"
    )
    if main not in parts.names:
        raise parts.missing(main)
    return main


def relations(parts: Parts, part: str) -> dict[str, tuple[str, str]]:
    """Relation id -> (last word of its type, part it leads to); relations out of the file are left out."""
    folder, _, base = part.rpartition("/")
    source = posixpath.join(folder, "_rels", f"{base}.rels")
    if source not in parts.names:
        raise parts.missing(source)
    found = {}
    for tag, attributes in elements(parts, source):
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
            if attributes.get("Id", "") in found:
                raise parts.corrupt()
            found[attributes.get("Id", "")] = (relation_kind(attributes.get("Type", "")), target.lstrip("/"))
    return found


def strings(parts: Parts, part: str | None) -> list[str]:
    """The shared strings: runs of rich text joined, phonetic hints left out."""
    found: list[str] = []
    pieces: list[str] = []
    state = {"text": False, "hint": False}
    run: list[str] = []

    def start(tag: str, _attributes: Mapping[str, str]) -> None:
        if tag == "si":
            pieces.clear()
        elif tag == "rPh":
            state["hint"] = True
        elif tag == "t":
            state["text"] = not state["hint"]
            run.clear()

    def end(tag: str) -> None:
        if tag == "si":
            found.append("".join(pieces)[:LONGEST_KEPT])
        elif tag == "rPh":
            state["hint"] = False
        elif tag == "t" and state["text"]:
            pieces.append(unescape("".join(run)))
            state["text"] = False

    def text(piece: str) -> None:
        if state["text"]:
            run.append(piece)

    if part is not None:
        parse(parts, part, start, end, text)
    return found
