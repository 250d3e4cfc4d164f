"""A template filled in: one letter as a Word document. The same letter and template give the same bytes.

The template is taken apart once; for each letter its texts are copied and filled in. What is put in is text, never
markup, and is not looked through for placeholders again.
"""

import io
import zipfile
from copy import deepcopy
from datetime import UTC, datetime
from html import escape

from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from workbooks.letter_blocks import block_elements, text_width
from workbooks.letter_package import RELATIONS, TYPES
from workbooks.letter_template import SLOT, P, T, Template
from workbooks.letter_texts import TAGS, Block, Letter

ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_CORE = "docProps/core.xml"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_PROPERTY_LIMIT = 255
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class Filler:
    """Fills in one template for letters of one language."""

    def __init__(self, template: Template, lang: str) -> None:
        self._template = template
        self._headings = template.headings
        self._width = text_width(template.stories[template.main])
        self._moving = {part for part, root in template.stories.items() if _has_slots(root)}
        self._still = _packed(_settled(template, lang, self._moving))

    def fill(self, letter: Letter) -> bytes:
        """The letter as the bytes of a docx file."""
        archive = io.BytesIO(self._still)
        with zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as target:
            for part, root in self._template.stories.items():
                if part in self._moving:
                    _add(target, part, serialize_part_xml(self._filled(deepcopy(root), letter)))
            _add(target, _CORE, _core(letter))
        return archive.getvalue()

    def _filled(self, root: BaseOxmlElement, letter: Letter) -> BaseOxmlElement:
        for paragraph in [one for one in root.iter(P) if SLOT in one.attrib]:
            self._put_block(paragraph, letter.blocks[paragraph.attrib[SLOT]])
        for text in [one for one in root.iter(T) if SLOT in one.attrib]:
            text.text = letter.values[text.attrib.pop(SLOT)]
            text.set(_XML_SPACE, "preserve")
        return root

    def _put_block(self, paragraph: BaseOxmlElement, block: Block) -> None:
        """What a block says in place of its paragraph; where it says nothing, the heading above it goes too."""
        slot = next(one for one in paragraph.iter(T) if SLOT in one.attrib)
        for element in block_elements(block, paragraph, slot.getparent(), self._width):
            paragraph.addprevious(element)
        above = paragraph.getprevious()
        parent = paragraph.getparent()
        if not block and above is not None and self._is_heading(above):
            parent.remove(above)
        ends_section = next(paragraph.iter(qn("w:sectPr")), None) is not None
        if ends_section or not [one for one in parent.iterchildren(P) if one is not paragraph]:
            # A cell has to hold a paragraph, and a section ends in one.
            slot.getparent().remove(slot)
            del paragraph.attrib[SLOT]
        else:
            parent.remove(paragraph)

    def _is_heading(self, element: BaseOxmlElement) -> bool:
        if element.tag != P:
            return False
        styles = element.xpath("w:pPr/w:pStyle/@w:val")
        return bool(self._headings.intersection(styles) or element.xpath("w:pPr/w:outlineLvl"))


def _has_slots(root: BaseOxmlElement) -> bool:
    return any(SLOT in one.attrib for one in root.iter(T))


def _settled(template: Template, lang: str, moving: set[str]) -> dict[str, bytes]:
    """The parts that are the same in every letter: in the letters' language, without what Word remembers of the file."""
    package = template.package
    parts = {part: data for part, data in package.parts.items() if part not in moving and part != _CORE}
    for part, kind in package.types.items():
        if part not in package.parts:
            continue
        if kind.endswith("wordprocessingml.styles+xml"):
            parts[part] = serialize_part_xml(_in_language(package.xml(part), TAGS[lang]))
        elif kind.endswith("wordprocessingml.settings+xml"):
            parts[part] = serialize_part_xml(_forgetful(package.xml(part), TAGS[lang]))
        elif kind == _CORE_TYPE:
            parts.pop(part, None)
    for part in [one for one in parts if one.endswith(".rels")]:
        parts[part] = serialize_part_xml(_related(package.xml(part), root=part == RELATIONS))
    parts[TYPES] = serialize_part_xml(_typed(package.xml(TYPES)))
    return parts


def _in_language(styles: BaseOxmlElement, tag: str) -> BaseOxmlElement:
    """The language of what says none of its own, for screen readers and spelling."""
    defaults = styles.find(qn("w:docDefaults"))
    if defaults is None:
        defaults = OxmlElement("w:docDefaults")
        styles.insert(0, defaults)
    runs = defaults.find(qn("w:rPrDefault"))
    if runs is None:
        runs = OxmlElement("w:rPrDefault")
        defaults.insert(0, runs)
    properties = runs.find(qn("w:rPr"))
    if properties is None:
        properties = OxmlElement("w:rPr")
        runs.append(properties)
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    language.set(qn("w:val"), tag)
    return styles


def _forgetful(settings: BaseOxmlElement, tag: str) -> BaseOxmlElement:
    for element in list(settings.iter(qn("w:attachedTemplate"), qn("w:trackRevisions"), qn("w:mailMerge"))):
        element.getparent().remove(element)
    for element in settings.iter(qn("w:themeFontLang")):
        element.set(qn("w:val"), tag)
    return settings


def _related(relations: BaseOxmlElement, *, root: bool) -> BaseOxmlElement:
    """Without the template that Word remembers; the package's own relations lead to our properties."""
    for one in list(relations):
        if str(one.get("Type")).endswith(("/attachedTemplate", "/metadata/core-properties")):
            relations.remove(one)
    if root:
        ids = {one.get("Id") for one in relations}
        entry = deepcopy(relations[0])
        entry.attrib.clear()
        entry.set("Id", next(f"rId{n}" for n in range(1, len(ids) + 2) if f"rId{n}" not in ids))
        entry.set("Type", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties")
        entry.set("Target", _CORE)
        relations.append(entry)
    return relations


def _typed(types: BaseOxmlElement) -> BaseOxmlElement:
    overrides = [one for one in types if str(one.tag).endswith("}Override")]
    for one in [one for one in overrides if one.get("ContentType") == _CORE_TYPE]:
        types.remove(one)
    entry = deepcopy(overrides[0])
    entry.attrib.clear()
    entry.set("PartName", f"/{_CORE}")
    entry.set("ContentType", _CORE_TYPE)
    types.append(entry)
    return types


def _core(letter: Letter) -> bytes:
    """The document's properties; the only time in the file is the decision's."""
    title, author = (escape(text[:_PROPERTY_LIMIT], quote=False) for text in (letter.title, letter.author))
    at = _stamp(letter.made_at)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator>"
        f"<cp:lastModifiedBy>{author}</cp:lastModifiedBy><cp:revision>1</cp:revision>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{at}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{at}</dcterms:modified>'
        f"<dc:language>{TAGS[letter.lang]}</dc:language></cp:coreProperties>"
    ).encode()


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _packed(parts: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for part, data in parts.items():
            _add(target, part, data)
    return archive.getvalue()


def _add(target: zipfile.ZipFile, part: str, data: bytes) -> None:
    target.writestr(entry(part), data)


def entry(name: str, *, packed: bool = True) -> zipfile.ZipInfo:
    """An entry of an archive that says nothing of the moment and the machine; ``packed`` False: stored as it is."""
    info = zipfile.ZipInfo(name, ZIP_TIME)
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    info.create_system, info.external_attr = 3, 0o600 << 16
    return info
