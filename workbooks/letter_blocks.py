"""The paragraphs and tables that stand in place of a block, in the formatting of the paragraph that they replace."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import TypeAlias

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from decisions.values import cell_text
from workbooks.letter_costs import CostTable
from workbooks.letter_texts import Block

Faces: TypeAlias = Mapping[bool, BaseOxmlElement]
_SHARES = (33, 20, 17, 30)
"""Per cent of the width that the columns of costs take."""
_FIGURES = (1, 2)
_GROUND = "E9EEF4"
_A4 = 9638
"""Twentieths of a point between margins of 2 cm."""
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def block_elements(
    block: Block, paragraph: BaseOxmlElement, run: BaseOxmlElement, width: int
) -> Iterator[BaseOxmlElement]:
    """The elements of ``block``; ``paragraph`` and ``run``: where its placeholder stands; ``width`` of the text."""
    form, faces = _form(paragraph), _faces(run.find(qn("w:rPr")))
    for piece in block:
        if isinstance(piece, CostTable):
            yield _table(piece, faces, width)
            yield _element("w:p", _element("w:pPr", _spacing(0)))
            continue
        made = OxmlElement("w:p")
        if form is not None:
            made.append(deepcopy(form))
        if piece.lead:
            made.append(_run(f"{piece.lead}. ", faces[True]))
        made.append(_run(piece.text, faces[False]))
        yield made


def text_width(root: BaseOxmlElement) -> int:
    """The width between the margins of the last section, in twentieths of a point."""
    sections = root.xpath("w:body/w:sectPr")
    if not sections:
        return _A4
    found = [sections[-1].xpath(path) for path in ("w:pgSz/@w:w", "w:pgMar/@w:left", "w:pgMar/@w:right")]
    try:
        page, left, right = (round(float(values[0])) for values in found)
    except (IndexError, ValueError):
        return _A4
    return page - left - right if 2_000 < page - left - right < 40_000 else _A4


def _form(paragraph: BaseOxmlElement) -> BaseOxmlElement | None:
    """The properties of a paragraph without a section's end, which may come only once."""
    form = paragraph.find(qn("w:pPr"))
    if form is None:
        return None
    made: BaseOxmlElement = deepcopy(form)
    for section in made.findall(qn("w:sectPr")):
        made.remove(section)
    return made


def _faces(properties: BaseOxmlElement | None) -> Faces:
    """The formatting of a run as it is, and in bold."""
    face = OxmlElement("w:rPr") if properties is None else deepcopy(properties)
    strong = deepcopy(face)
    for old in strong.findall(qn("w:b")):
        strong.remove(old)
    # By the schema only the style and the fonts of a run stand before it.
    before = [at for at, one in enumerate(strong, start=1) if one.tag in (qn("w:rStyle"), qn("w:rFonts"))]
    strong.insert(max(before, default=0), OxmlElement("w:b"))
    return {False: face, True: strong}


def _table(table: CostTable, faces: Faces, width: int) -> BaseOxmlElement:
    widths = [width * share // 100 for share in _SHARES]
    grid = _element("w:tblGrid", *(_element("w:gridCol", w=str(one)) for one in widths))
    last = len(table.rows) - 1
    return _element(
        "w:tbl",
        _table_form(table.caption),
        grid,
        _row(table.head, widths, faces, head=True),
        *(_row(row, widths, faces, bold=at == last) for at, row in enumerate(table.rows)),
    )


def _table_form(caption: str) -> BaseOxmlElement:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = [_element(f"w:{side}", val="single", sz="4", space="0", color="auto") for side in sides]
    return _element(
        "w:tblPr",
        _element("w:tblW", w="5000", type="pct"),
        _element("w:tblBorders", *borders),
        _element("w:tblLayout", type="fixed"),
        _element("w:tblLook", val="0420", firstRow="1", lastRow="0", firstColumn="0", lastColumn="0", noHBand="0", noVBand="1"),
        _element("w:tblCaption", val=caption),
    )  # fmt: skip


def _row(
    texts: Sequence[str], widths: Sequence[int], faces: Faces, *, head: bool = False, bold: bool = False
) -> BaseOxmlElement:
    marks = [_element("w:cantSplit"), *([_element("w:tblHeader")] if head else [])]
    cells = []
    for at, (text, width) in enumerate(zip(texts, widths, strict=True)):
        shade = [_element("w:shd", val="clear", color="auto", fill=_GROUND)] if head else []
        form = [_spacing(40), *([_element("w:jc", val="right")] if at in _FIGURES else [])]
        cells.append(
            _element(
                "w:tc",
                _element("w:tcPr", _element("w:tcW", w=str(width), type="dxa"), *shade),
                _element("w:p", _element("w:pPr", *form), _run(text, faces[head or bold])),
            )
        )
    return _element("w:tr", _element("w:trPr", *marks), *cells)


def _spacing(space: int) -> BaseOxmlElement:
    return _element("w:spacing", before=str(space), after=str(space))


def _run(text: str, face: BaseOxmlElement) -> BaseOxmlElement:
    run = OxmlElement("w:r")
    run.append(deepcopy(face))
    written = OxmlElement("w:t")
    written.text = cell_text(text).replace("\n", " ")
    written.set(_XML_SPACE, "preserve")
    run.append(written)
    return run


def _element(tag: str, /, *children: BaseOxmlElement, **attributes: str) -> BaseOxmlElement:
    made = OxmlElement(tag, {qn(f"w:{name}"): value for name, value in attributes.items()})
    made.extend(children)
    return made
