"""A Word document with the look of an authority's paper: A4, page header with page numbers, headings, tables.

Written with python-docx, whose template is Word's own; what is not ours in it (thumbnail, unused styles) is taken out.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Length, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from locales import LocalText, Message, msg, render
from workbooks.decision_book import clean

Text: TypeAlias = Message | LocalText | str

WIDTH = Cm(17)
"""Between the margins of A4."""
_FONT, _GROUND, _BLACK = "Arial", "E9EEF4", RGBColor(0, 0, 0)
_TAGS = {"fi": "fi-FI", "sv": "sv-FI"}
_ENTRY, _CELL = "Entry", "TableText"
"""Styles of our own; the name is the id too."""
_FOREIGN = ("/thumbnail", "/stylesWithEffects", "/customXml")
_PROPERTY_LIMIT = 255
_LONG_CELL = 1_000
"""Characters from which a row may break over pages: a row that is kept whole leaves a gap as long as itself."""
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: heading, width in centimetres, whether numbers stand in it."""

    heading: Text
    width: float
    right: bool = False


class Paper:
    """The document being written in one language; ``close`` gives its bytes. Texts are cleaned on the way in."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self._document = Document()
        self._strip()
        self._set_language()
        self._set_page()
        self._set_styles()

    def head(self, sender: Text, kind: Text, day: str, number: str) -> None:
        """The page header: sender, what the paper is, its day and number, and the page."""
        header = self._document.sections[0].header
        table = header.add_table(2, 3, WIDTH)
        # A header has to end in a paragraph, and the one that stands there comes first.
        end = header.paragraphs[0]
        end._p.addprevious(table._tbl)
        _set_widths(table, (Cm(8.2), Cm(4.8), Cm(4.0)))
        first, second = (row.cells for row in table.rows)
        self._fill(first[0], sender, bold=True)
        self._fill(first[1], kind, bold=True)
        self._fill(first[2], "", right=True)
        self._fill(second[1], day)
        self._fill(second[2], number, right=True)
        self._fill(second[0], "")
        self._page_number(first[2].paragraphs[0])

    def title(self, title: Text, subtitle: Text) -> None:
        """The title of the paper and the matter under it."""
        self._add("Title", title)
        self._add("Subtitle", subtitle)

    def heading(self, text: Text, level: int = 1) -> None:
        """A heading of the document's structure."""
        self._add(f"Heading{level}", text)

    def entry(self, label: Text, *values: Text) -> None:
        """A label at the margin and its values beside it, one a line."""
        paragraph = self._add(_ENTRY)
        paragraph.add_run(self._line(label)).bold = True
        paragraph.add_run("\t" + "\n".join(map(self._line, values)))

    def text(self, text: Text) -> None:
        """A text, one paragraph per line of it."""
        for line in clean(render(text, self.lang)).split("\n"):
            if line.strip():
                self._document.add_paragraph(line)

    def table(self, caption: Text, columns: Sequence[Column], rows: Sequence[Sequence[Text]]) -> None:
        """A table whose heading row is repeated on each page; ``caption`` is read by screen readers."""
        table = self._document.add_table(len(rows) + 1, len(columns), "Table Grid")
        _set_widths(table, [Cm(column.width) for column in columns])
        _describe(table, self._line(caption))
        head, *body = table.rows
        _mark(head, "w:cantSplit", "w:tblHeader")
        for cell, column in zip(head.cells, columns, strict=True):
            self._fill(cell, column.heading, right=column.right, bold=True)
            _shade(cell)
        for row, texts in zip(body, rows, strict=True):
            if max(len(render(text, self.lang)) for text in texts) < _LONG_CELL:
                _mark(row, "w:cantSplit")
            for cell, text, column in zip(row.cells, texts, columns, strict=True):
                self._fill(cell, text, right=column.right)
        # Between two tables there has to be a paragraph, or they become one.
        self._add(_CELL)

    def signatures(self, intro: Text, people: Sequence[tuple[Text, Text]]) -> None:
        """Lines to sign on, side by side, with name and role under each; kept on one page."""
        paragraph = self._document.add_paragraph(self._line(intro))
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.space_before = Pt(18)
        paragraph.paragraph_format.space_after = Pt(40)
        gap = Cm(1)
        width = Length((WIDTH - gap * (len(people) - 1)) // len(people))
        table = self._document.add_table(1, len(people) * 2 - 1)
        _set_widths(table, [gap if at % 2 else width for at in range(len(people) * 2 - 1)])
        (row,) = table.rows
        _mark(row, "w:cantSplit")
        for cell, (name, role) in zip(row.cells[::2], people, strict=True):
            _line_above(cell)
            self._fill(cell, name)
            cell.add_paragraph(self._line(role))._p.style = _CELL
        self._add(_CELL)

    def properties(self, title: str, subject: str, author: str, made_at: datetime) -> None:
        """Document properties; ``made_at`` (UTC) is the only time in the file, so that it is reproducible."""
        core = self._document.core_properties
        core.title, core.subject, core.author = (clean(text)[:_PROPERTY_LIMIT] for text in (title, subject, author))
        core.last_modified_by, core.comments, core.keywords = core.author, "", ""
        core.created = core.modified = made_at
        core.language, core.revision = self._tag, 1

    def close(self) -> bytes:
        """The document; the same content gives the same bytes."""
        written, settled = io.BytesIO(), io.BytesIO()
        self._document.save(written)
        with zipfile.ZipFile(written) as source, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                info = zipfile.ZipInfo(name, _ZIP_TIME)
                info.compress_type = zipfile.ZIP_DEFLATED
                target.writestr(info, source.read(name))
        return settled.getvalue()

    def _add(self, style: str, text: Text = "") -> Paragraph:
        """A paragraph of the style with the id ``style``. By id, as python-docx looks through all styles for a name."""
        paragraph = self._document.add_paragraph(self._line(text))
        paragraph._p.style = style
        return paragraph

    @property
    def _tag(self) -> str:
        return _TAGS.get(self.lang, "en-GB")

    def _line(self, text: Text) -> str:
        """``text`` on one line: a line end or tab in a name must not move what stands beside it."""
        return re.sub(r"[\t\n]+", " ", clean(render(text, self.lang)))

    def _fill(self, cell: _Cell, text: Text, *, right: bool = False, bold: bool = False) -> None:
        first, *others = clean(render(text, self.lang)).replace("\t", " ").split("\n")
        paragraphs = [cell.paragraphs[0], *(cell.add_paragraph() for line in others if line.strip())]
        for paragraph, line in zip(paragraphs, [first, *filter(str.strip, others)], strict=True):
            paragraph._p.style = _CELL
            if right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            run = paragraph.add_run(line)
            if bold:
                run.bold = True

    def _page_number(self, paragraph: Paragraph) -> None:
        pattern = render(msg("{page} of {pages}", page="\x01", pages="\x02"), self.lang)
        for part in re.split("([\x01\x02])", pattern):
            if part in ("\x01", "\x02"):
                field = OxmlElement("w:fldSimple", {qn("w:instr"): "PAGE" if part == "\x01" else "NUMPAGES"})
                paragraph.add_run("1")
                field.append(paragraph.runs[-1]._r)
                paragraph._p.append(field)
            elif part:
                paragraph.add_run(part)

    def _strip(self) -> None:
        part = self._document.part
        for rels in (part.package.rels, part.rels):
            for key in [key for key, rel in rels.items() if rel.reltype.endswith(_FOREIGN)]:
                del rels[key]
        for style in [s for s in self._document.styles if s.type == WD_STYLE_TYPE.TABLE]:
            if style.name not in ("Normal Table", "Table Grid"):
                style.delete()

    def _set_language(self) -> None:
        for lang in self._document.styles.element.xpath("w:docDefaults//w:lang"):
            lang.set(qn("w:val"), self._tag)
        settings = self._document.settings.element
        for lang in settings.xpath("w:themeFontLang"):
            lang.set(qn("w:val"), self._tag)
        for setting in settings.xpath("w:compat/w:compatSetting[@w:name='compatibilityMode']"):
            setting.set(qn("w:val"), "15")

    def _set_page(self) -> None:
        (section,) = self._document.sections
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = section.bottom_margin = Cm(2)
        section.top_margin, section.header_distance, section.footer_distance = Cm(3), Cm(1), Cm(1)

    def _set_styles(self) -> None:
        styles = self._document.styles
        for name in (_ENTRY, _CELL):
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
        for name, size, bold, before, after in (
            ("Normal", 10.5, False, 0, 6),
            ("Title", 16, True, 6, 2),
            ("Subtitle", 12, False, 0, 14),
            ("Heading 1", 12, True, 18, 6),
            ("Heading 2", 10.5, True, 10, 4),
            (_ENTRY, 10.5, False, 0, 6),
            (_CELL, 9, False, 2, 2),
        ):
            style = styles[name]
            assert isinstance(style, ParagraphStyle)
            _set_style(style, size, bold=bold, before=before, after=after)
        entry = styles[_ENTRY]
        assert isinstance(entry, ParagraphStyle)
        entry.paragraph_format.left_indent, entry.paragraph_format.first_line_indent = Cm(4.6), Cm(-4.6)
        entry.paragraph_format.tab_stops.add_tab_stop(Cm(4.6))


def _set_style(style: ParagraphStyle, size: float, *, bold: bool, before: float, after: float) -> None:
    font, paragraph = style.font, style.paragraph_format
    font.name, font.size, font.bold, font.italic = _FONT, Pt(size), bold, False
    font.color.rgb = _BLACK
    paragraph.space_before, paragraph.space_after, paragraph.line_spacing = Pt(before), Pt(after), 1.1
    fonts = style.element.rPr.rFonts
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        # A theme's font would win over the one named.
        del fonts.attrib[name]
    for border in style.element.xpath("w:pPr/w:pBdr") + style.element.xpath("w:rPr/w:spacing"):
        border.getparent().remove(border)


def _set_widths(table: Table, widths: Sequence[Length]) -> None:
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width


def _describe(table: Table, caption: str) -> None:
    table._tbl.tblPr.append(OxmlElement("w:tblCaption", {qn("w:val"): caption}))


def _mark(row: _Row, *names: str) -> None:
    for name in names:
        row._tr.get_or_add_trPr().append(OxmlElement(name))


def _shade(cell: _Cell) -> None:
    shade = {qn("w:val"): "clear", qn("w:color"): "auto", qn("w:fill"): _GROUND}
    cell._tc.get_or_add_tcPr().append(OxmlElement("w:shd", shade))


def _line_above(cell: _Cell) -> None:
    borders = OxmlElement("w:tcBorders")
    line = {qn("w:val"): "single", qn("w:sz"): "4", qn("w:space"): "0", qn("w:color"): "auto"}
    borders.append(OxmlElement("w:top", line))
    cell._tc.get_or_add_tcPr().append(borders)
