"""A template of letters: a Word document with placeholders such as {{case_number}}, checked and made ready to fill in.

Word cuts a placeholder into runs as it likes; here each becomes one text of its own, in the formatting of its beginning.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from locales import Message, msg
from workbooks.letter_package import MOST_FAULTS, Package, TemplateRefused, open_package

Place = Literal["line", "block"]
LINES: Mapping[str, Message] = {
    "authority": msg("Authority"),
    "kind": msg("Decision or draft decision"),
    "case_number": msg("Case number"),
    "date": msg("Date of the decision"),
    "call": msg("Name of the call"),
    "applicant": msg("Coordinating applicant"),
    "business_id": msg("Business ID"),
    "project": msg("Name of the project"),
    "decision": msg("The decision in one paragraph"),
    "applied": msg("Amount applied for"),
    "granted": msg("Amount granted"),
    "accepted_costs": msg("Accepted costs together"),
    "own_part": msg("What other funding has to cover"),
    "presenter": msg("Presenting officer"),
    "decision_maker": msg("Decision maker"),
    "hash": msg("SHA-256 hash of the decision"),
    "rectification_title": msg("Heading of the instructions for rectification or appeal"),
}
"""Placeholders that stand anywhere in a text."""
BLOCKS: Mapping[str, Message] = {
    "costs": msg("Accepted costs as a table, and own funding"),
    "conditions": msg("Conditions of the grant"),
    "reasons": msg("Reasons of the decision"),
    "provisions": msg("Provisions applied"),
    "rectification": msg("Instructions for requesting rectification"),
    "verification": msg("The hash, and how to check the decision by it"),
}
"""Placeholders that stand alone in their paragraph and become paragraphs or a table."""
REQUIRED = ("case_number", "decision", "reasons", "rectification")
MOST_PLACES = 200
"""Placeholders in one template."""
SLOT = "slot"
"""The attribute that marks where a placeholder stands."""

P, T = qn("w:p"), qn("w:t")
_BREAKS = tuple(qn(tag) for tag in ("w:tab", "w:br", "w:cr", "w:noBreakHyphen"))
_PLACE = re.compile(r"\{\{([^{}\n]{0,80})\}\}")
_STRAY = re.compile(r"\{\{|\}\}")
_EXCERPT = 60
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(frozen=True, slots=True)
class Template:
    """A document ready to fill in. ``stories``: the parts with placeholders, marked; ``main`` is the text itself.

    ``headings``: ids of the styles of headings. What is read from it is copied before it is changed.
    """

    package: Package
    stories: Mapping[str, BaseOxmlElement]
    main: str
    headings: frozenset[str]


def placeholder(name: str) -> str:
    """A placeholder as it is written in a template."""
    return "{{" + name + "}}"


def read_template(data: bytes, filename: str) -> Template:
    """The template in ``data``.

    Raises TemplateRefused: no safe document (``open_package``), an unknown or misplaced placeholder, each named with its
    place, or a required one that is missing.
    """
    package = open_package(data, filename)
    stories = {part: package.xml(part) for part in package.stories}
    faults: list[Message] = []
    found: list[str] = []
    for part, root in stories.items():
        for paragraph in list(root.iter(P)):
            if len(found) + len(faults) <= MOST_PLACES:
                faults += _mark(paragraph, package.story_kind(part), found)
        faults += islice(_outside_text(root), MOST_FAULTS)
    faults += [
        msg("The template lacks the placeholder {name}, which every letter needs.", name=placeholder(name))
        for name in REQUIRED
        if name not in found
    ]
    if len(found) > MOST_PLACES:
        faults.append(msg("The template has more placeholders than {most}.", most=MOST_PLACES))
    if faults:
        raise TemplateRefused(*_bounded(faults))
    return Template(package, stories, package.main, frozenset(_headings(package)))


def _bounded(faults: list[Message]) -> list[Message]:
    known: list[str] = [placeholder(name) for name in (*LINES, *BLOCKS)]
    shown = list({(fault.msgid, str(fault.params)): fault for fault in faults}.values())
    more = [msg("And {n} faults more.", n=len(shown) - MOST_FAULTS)] if len(shown) > MOST_FAULTS else []
    return [*shown[:MOST_FAULTS], *more, msg("The placeholders are: {names}.", names=", ".join(known))]


@dataclass(frozen=True, slots=True)
class _Piece:
    """A text of a paragraph (None: a tab or break) and where it begins."""

    element: BaseOxmlElement | None
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def _mark(paragraph: BaseOxmlElement, kind: str, found: list[str]) -> Iterator[Message]:
    """Give each placeholder of a paragraph a text of its own; yields what is wrong with them."""
    pieces = _pieces(paragraph)
    whole = "".join(piece.text for piece in pieces)
    if _STRAY.search(whole) is None:
        return
    where = _where(paragraph, kind, whole)
    if _STRAY.search(_PLACE.sub("", whole)):
        yield msg(
            "{place}: a placeholder is not complete. It is written as {example}.", place=where, example="{{hash}}"
        )
    for match in reversed(list(islice(_PLACE.finditer(whole), MOST_PLACES + 1))):
        name = match.group(1).strip().lower()
        if name not in LINES and name not in BLOCKS:
            yield msg("{place}: the placeholder {name} is unknown.", place=where, name=match.group(0))
        elif name in BLOCKS and (kind != "document" or whole.strip() != match.group(0)):
            yield msg("{place}: {name} must stand alone in a paragraph of the text.", place=where, name=match.group(0))
        else:
            found.append(name)
            slot = _cut_out(pieces, match.start(), match.end())
            slot.set(SLOT, name)
            if name in BLOCKS:
                paragraph.set(SLOT, name)


def _pieces(paragraph: BaseOxmlElement) -> list[_Piece]:
    """The texts of a paragraph itself: those of a text box inside it belong to the paragraphs of the box."""
    pieces: list[_Piece] = []
    at = 0
    for element in paragraph.iter(T, *_BREAKS):
        if next(element.iterancestors(P)) is paragraph and element.getparent().tag == qn("w:r"):
            own = element if element.tag == T else None
            text = (element.text or "") if own is not None else "\n"
            pieces.append(_Piece(own, text, at))
            at += len(text)
    return pieces


def _cut_out(pieces: list[_Piece], start: int, end: int) -> BaseOxmlElement:
    """A text of its own for what stands from ``start`` to ``end``; done from the last to the first of a paragraph."""
    touched = [piece for piece in pieces if piece.element is not None and piece.start < end and piece.end > start]
    first, last = touched[0], touched[-1]
    assert first.element is not None
    assert last.element is not None
    # What followed in these texts may have been cut out already: their beginnings are as they were.
    rest = (last.element.text or "")[end - last.start :]
    for piece in touched[1:]:
        if piece.element is not None:
            _write(piece.element, "")
    _write(first.element, first.text[: start - first.start])
    slot = OxmlElement("w:t")
    first.element.addnext(slot)
    if last is not first:
        _write(last.element, rest)
    elif rest:
        after = OxmlElement("w:t")
        _write(after, rest)
        slot.addnext(after)
    return slot


def _write(element: BaseOxmlElement, text: str) -> None:
    element.text = text
    element.set(_XML_SPACE, "preserve")


def _where(paragraph: BaseOxmlElement, kind: str, text: str) -> Message:
    if kind != "document":
        return msg(
            "{story} “{text}”",
            story={
                "header": msg("Page header"),
                "footer": msg("Page footer"),
                "footnotes": msg("Footnote"),
                "endnotes": msg("Endnote"),
            }[kind],
            text=_excerpt(text),
        )
    body = paragraph.getroottree().getroot()
    for row in paragraph.iterancestors(qn("w:tr")):
        tables = list(body.iter(qn("w:tbl")))
        table = next(row.iterancestors(qn("w:tbl")))
        number = next(at for at, one in enumerate(tables, start=1) if one is table)
        line = next(at for at, one in enumerate(table.iter(qn("w:tr")), start=1) if one is row)
        return msg("Table {n}, row {row}, “{text}”", n=number, row=line, text=_excerpt(text))
    number = next(at for at, one in enumerate(body.iter(P), start=1) if one is paragraph)
    return msg("Paragraph {n} “{text}”", n=number, text=_excerpt(text))


def _excerpt(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _EXCERPT else flat[:_EXCERPT] + "…"


def _outside_text(root: BaseOxmlElement) -> Iterator[Message]:
    """Placeholders where none is filled in: drawings, formulas, fields."""
    own = qn("w:t").removesuffix("t")
    for element in root.iter():
        # What Word itself names here holds no text of its own, but the code of a field does.
        foreign = isinstance(element.tag, str) and not element.tag.startswith(own)
        if (foreign or element.tag == qn("w:instrText")) and _PLACE.search(element.text or ""):
            text = _excerpt(element.text or "")
            yield msg("“{text}”: no placeholder is filled in inside a drawing, formula or field.", text=text)


def _headings(package: Package) -> Iterator[str]:
    """Ids of the styles whose paragraphs are headings, by name or by outline level."""
    for part, kind in package.types.items():
        if kind.endswith("wordprocessingml.styles+xml") and part in package.parts:
            for style in package.xml(part).iter(qn("w:style")):
                names = [str(one.get(qn("w:val"))).lower() for one in style.iter(qn("w:name"))]
                if (
                    any(name.startswith("heading") for name in names)
                    or next(style.iter(qn("w:outlineLvl")), None) is not None
                ):
                    yield str(style.get(qn("w:styleId")))
