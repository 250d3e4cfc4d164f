"""Templates of letters: placeholders wherever Word puts them, and files that are not taken."""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress

import pytest
from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from hypothesis import given, settings
from hypothesis import strategies as st

from locales import render
from tests.support.decided import case, decided
from tests.support.injections import LOCAL
from tests.workbooks.letter_samples import NEEDED, changed, read, repacked, template, texts, written
from workbooks.letter_default import default_template
from workbooks.letter_fill import Filler
from workbooks.letter_package import LARGEST_FILE, LARGEST_UNPACKED, MOST_FAULTS, MOST_PARTS, TemplateRefused
from workbooks.letter_template import BLOCKS, LINES, MOST_PLACES, placeholder, read_template
from workbooks.letter_texts import Letters
from workbooks.letters import letter

TABLES = decided(12)
APPROVED, REJECTED = case(0), next(r["case_number"] for r in TABLES["applications"] if r["status"] == "rejected")
VALUES = Letters(TABLES, "0" * 64).of(APPROVED).values
MAIN = "word/document.xml"
SMALL = default_template("fi")


def refused(data: bytes, name: str = "malli.docx") -> list[str]:
    """Why a file is not taken, in English; without the closing list of the placeholders."""
    with pytest.raises(TemplateRefused) as caught:
        read_template(data, name)
    said = [render(message, "en") for message in caught.value.messages]
    return [text for text in said if not text.startswith("The placeholders are: ")]


def filled(document: DocumentObject, case_number: str = APPROVED) -> DocumentObject:
    return read(letter(TABLES, case_number, written(document)))


def with_needed() -> DocumentObject:
    """A document with what every letter needs; more is added to it."""
    return read(template())


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_our_own_template_holds_every_block_and_is_taken(lang: str) -> None:
    data = default_template(lang)
    read_template(data, "malli.docx")
    whole = "\n".join(texts(read(data)))
    # The drafted reasons end with the provisions; a template of the ministry's may list them apart.
    assert [name for name in BLOCKS if placeholder(name) not in whole] == ["provisions"]
    assert default_template(lang) == data


@pytest.mark.parametrize("name", LINES)
def test_each_placeholder_in_a_line_is_filled_in(name: str) -> None:
    document = read(letter(TABLES, APPROVED, template(f"Alku {placeholder(name)}, loppu.")))
    made = Letters(TABLES, "").of(APPROVED).values[name]
    (line,) = [text for text in texts(document) if text.startswith("Alku ")]
    assert line == f"Alku {made}, loppu." or name == "hash"
    assert "{{" not in "".join(texts(document))


@settings(max_examples=40, deadline=None)
@given(cuts=st.sets(st.integers(1, 60), max_size=12))
def test_placeholders_are_found_however_word_cuts_them_into_runs(cuts: set[int]) -> None:
    text = "A{{applicant}}B{{ Business_ID }}{{project}}C {{granted}}."
    document = read(SMALL)
    paragraph = document.add_paragraph()
    ends = [*sorted(cut for cut in cuts if cut < len(text)), len(text)]
    for start, end in zip([0, *ends], ends, strict=False):
        paragraph.add_run(text[start:end]).font.size = Pt(8 + start % 5)
    v = VALUES
    expected = f"A{v['applicant']}B{v['business_id']}{v['project']}C {v['granted']}."
    assert filler(document).endswith(expected)


def filler(document: DocumentObject) -> str:
    """The whole text of a filled-in template."""
    made = Filler(read_template(written(document), "malli.docx"), "fi").fill(Letters(TABLES, "0" * 64).of(APPROVED))
    return "".join(texts(read(made)))


def test_formatting_is_that_of_the_beginning_of_the_placeholder() -> None:
    document = with_needed()
    paragraph = document.add_paragraph("Myönnetty ")
    paragraph.add_run("{{gra").bold = True
    paragraph.add_run("nted}} nyt").italic = True
    runs = filled(document).paragraphs[-1].runs
    assert [(run.text, run.bold, run.italic) for run in runs if run.text] == [
        ("Myönnetty ", None, None),
        (VALUES["granted"], True, None),
        (" nyt", None, True),
    ]


def test_blocks_take_the_formatting_of_their_paragraph() -> None:
    document = Document()
    for text in (*NEEDED[:2], *NEEDED[3:]):
        document.add_paragraph(text)
    document.add_paragraph(style="List Bullet").add_run("{{reasons}}").italic = True
    made = filled(document).paragraphs[-2:]
    assert [(p.text, style_of(p), [run.italic for run in p.runs]) for p in made] == [
        ("Keksityt perustelut hakemukselle 1.", "List Bullet", [True]),
        ("Toinen kappale.", "List Bullet", [True]),
    ]


def style_of(paragraph: Paragraph) -> str:
    assert paragraph.style is not None
    return str(paragraph.style.name)


def test_placeholders_in_tables_headers_footers_and_text_boxes_are_filled_in() -> None:
    document = with_needed()
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "{{project}}", "{{conditions}}"
    section = document.sections[0]
    section.header.paragraphs[0].text = "{{case_number}} {{kind}}"
    section.footer.paragraphs[0].text = "{{authority}}"
    box = (
        f"<w:pict {nsdecls('w')} xmlns:v='urn:schemas-microsoft-com:vml'><v:shape><v:textbox><w:txbxContent><w:p><w:r>"
        "<w:t>Laatikko {{date}}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
    )
    document.add_paragraph("Ympärillä ").add_run()._r.append(parse_xml(box))
    made = filled(document)
    assert made.sections[0].header.paragraphs[0].text == f"{APPROVED} Päätös"
    assert made.sections[0].footer.paragraphs[0].text == "Valtiovarainministeriö"
    assert made.tables[-1].cell(0, 0).text == VALUES["project"]
    assert len(made.tables[-1].cell(0, 1).paragraphs) == 9
    assert "Laatikko 11.12.2020" in texts(made)


def test_a_heading_over_a_block_that_says_nothing_goes_with_it() -> None:
    document = with_needed()
    document.add_heading("Ehdot ja {{case_number}}")
    document.add_paragraph("{{conditions}}")
    document.add_paragraph("Ei otsikko")
    document.add_paragraph("{{costs}}")
    document.add_paragraph("Loppu")
    assert [p.text for p in filled(document, REJECTED).paragraphs][-2:] == ["Ei otsikko", "Loppu"]
    assert f"Ehdot ja {APPROVED}" in texts(filled(document, APPROVED))


def test_a_cell_keeps_a_paragraph_and_a_section_its_end() -> None:
    document = with_needed()
    document.add_table(1, 1).cell(0, 0).text = "{{conditions}}"
    paragraph = document.add_paragraph("{{costs}}")
    ending = OxmlElement("w:sectPr")
    paragraph._p.get_or_add_pPr().append(ending)
    for number in (APPROVED, REJECTED):
        made = filled(document, number)
        assert len(made.sections) == 2
        assert all(cell.findall(qn("w:p")) for cell in made.element.body.iter(qn("w:tc")))


def test_no_mark_of_ours_is_left_in_a_letter() -> None:
    for number in (APPROVED, REJECTED):
        for name, data in parts(letter(TABLES, number, None)).items():
            assert b"slot=" not in data, name
            assert b"{{" not in data, name


def parts(docx: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_faults_of_placeholders_are_named_with_their_place() -> None:
    document = with_needed()
    document.add_paragraph("Summa {{amount}} ja {{granted}")
    document.add_table(2, 1).cell(1, 0).text = "Ehdot: {{conditions}}"
    document.sections[0].header.paragraphs[0].text = "{{reasons}}"
    document.sections[0].footer.paragraphs[0].text = "{{sivu}}"
    assert refused(written(document)) == [
        "Paragraph 5 “Summa {{amount}} ja {{granted}”: a placeholder is not complete. It is written as {{hash}}.",
        "Paragraph 5 “Summa {{amount}} ja {{granted}”: the placeholder {{amount}} is unknown.",
        "Table 1, row 2, “Ehdot: {{conditions}}”: {{conditions}} must stand alone in a paragraph of the text.",
        "Page footer “{{sivu}}”: the placeholder {{sivu}} is unknown.",
        "Page header “{{reasons}}”: {{reasons}} must stand alone in a paragraph of the text.",
    ]


@pytest.mark.parametrize("name", NEEDED)
def test_a_template_needs_what_every_letter_needs(name: str) -> None:
    document = Document()
    for text in set(NEEDED) - {name}:
        document.add_paragraph(text)
    assert refused(written(document)) == [f"The template lacks the placeholder {name}, which every letter needs."]


def test_faults_are_bounded() -> None:
    assert len(refused(template(*(f"{{{{x{n}}}}}" for n in range(100))))) == MOST_FAULTS + 1
    assert refused(template(" ".join(["{{hash}}"] * 100_000))) == [
        f"The template has more placeholders than {MOST_PLACES}."
    ]


def test_a_placeholder_in_a_drawing_is_refused() -> None:
    document = with_needed()
    drawing = (
        f"<w:drawing {nsdecls('w')} xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'>"
        "<a:t>{{hash}}</a:t></w:drawing>"
    )
    document.add_paragraph().add_run()._r.append(parse_xml(drawing))
    assert refused(written(document)) == ["“{{hash}}”: no placeholder is filled in inside a drawing, formula or field."]


def add_relation(kind: str, target: str, mode: str = "External") -> Callable[[dict[str, bytes]], None]:
    def change(found: dict[str, bytes]) -> None:
        entry = (
            f'<Relationship Id="rId900" Type="http://x/{kind}" Target="{target}" TargetMode="{mode}"/></Relationships>'
        )
        name = "word/_rels/document.xml.rels"
        found[name] = found[name].replace(b"</Relationships>", entry.encode())

    return change


def in_body(markup: str) -> Callable[[dict[str, bytes]], None]:
    def change(found: dict[str, bytes]) -> None:
        found[MAIN] = found[MAIN].replace(b"<w:body>", b"<w:body>" + markup.encode())

    return change


def put(name: str, old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(found: dict[str, bytes]) -> None:
        assert old in found[name]
        found[name] = found[name].replace(old, new)

    return change


FIELD = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{}</w:instrText></w:r><w:r><w:instrText>{}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
OBJECT = "The document malli.docx holds an embedded object or another document. Take it out."
OUTSIDE = "The document malli.docx refers to a file outside itself: {}. Insert pictures into the document; links may lead to web and e-mail addresses."
FETCHES = "The document malli.docx has a field that fetches or runs something. Take the field out."
OPEN = "The document malli.docx has tracked changes or comments. Accept or remove them first."
DAMAGED = "The document malli.docx is damaged. Open it in Word, save it again and upload that."


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (add_relation("image", "http://x/y.png"), OUTSIDE.format("http://x/y.png")),
        (add_relation("hyperlink", f"{LOCAL}etc/passwd"), OUTSIDE.format(f"{LOCAL}etc/passwd")),
        (add_relation("hyperlink", "javascript:alert(1)"), OUTSIDE.format("javascript:alert(1)")),
        (add_relation("oleObject", "embeddings/a.bin", "Internal"), OBJECT),
        (add_relation("aFChunk", "a.html", "Internal"), OBJECT),
        (in_body('<w:altChunk w:id="x"/>'), OBJECT),
        (in_body("<w:p><w:r><w:object/></w:r></w:p>"), OBJECT),
        (in_body(FIELD.format("DDEA", 'UTO c:\\cmd "/k calc"')), FETCHES),
        (in_body('<w:p><w:fldSimple w:instr=" INCLUDETEXT x.docx"/></w:p>'), FETCHES),
        (in_body('<w:p><w:ins w:id="1"><w:r><w:t>x</w:t></w:r></w:ins></w:p>'), OPEN),
        (in_body('<w:p><w:r><w:commentReference w:id="1"/></w:r></w:p>'), OPEN),
        (lambda found: found.update({"word/vbaProject.bin": b"x"}),
         "The document malli.docx holds macros or controls. Save it as a Word document (.docx)."),
        (lambda found: found.update({MAIN: b"<no xml"}), DAMAGED),
        (lambda found: found.update({"word/styles.xml": b"<w:styles>"}), DAMAGED),
        (lambda found: found.update({"../x": b""}), DAMAGED),
        (put(MAIN, b"<w:document", b'<!DOCTYPE a [<!ENTITY b "c">]><w:document'), DAMAGED),
        (put("[Content_Types].xml", b"wordprocessingml.document.main", b"wordprocessingml.template.main"),
         "The file malli.docx is not a Word document: its part document is missing. Save it as a Word document (.docx), "
         "not as a template, with macros or in the strict format."),
        (lambda found: found.pop("_rels/.rels"),
         "The file malli.docx is not a Word document: its part _rels/.rels is missing. Save it as a Word document "
         "(.docx), not as a template, with macros or in the strict format."),
        (lambda found: found.update({f"word/p{n}.xml": b"" for n in range(MOST_PARTS)}),
         f"The document malli.docx unpacks to more than {LARGEST_UNPACKED // 1024**2} MB or {MOST_PARTS} parts. Take out "
         "large pictures."),
        (lambda found: found.update({"word/media/a.png": bytes(LARGEST_UNPACKED)}),
         f"The document malli.docx unpacks to more than {LARGEST_UNPACKED // 1024**2} MB or {MOST_PARTS} parts. Take out "
         "large pictures."),
    ],
)  # fmt: skip
def test_what_runs_fetches_or_does_not_fit_is_refused(change: Callable[[dict[str, bytes]], None], why: str) -> None:
    assert refused(repacked(template(), change)) == [why]


def test_links_to_the_web_and_the_template_that_word_remembers_are_taken() -> None:
    def change(found: dict[str, bytes]) -> None:
        add_relation("hyperlink", "https://vm.fi")(found)
        found["word/_rels/settings.xml.rels"] = (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
            b' Type="http://x/attachedTemplate" Target="file:'
            + b"/" * 3
            + b'c:/vm.dotx" TargetMode="External"/></Relationships>'
        )

    made = parts(letter(TABLES, APPROVED, repacked(template(), change)))
    assert b"vm.dotx" not in made["word/_rels/settings.xml.rels"]
    assert b"https://vm.fi" in made["word/_rels/document.xml.rels"]


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"", "malli.docx", "The file malli.docx is empty."),
        (bytes(LARGEST_FILE + 1), "malli.docx", "The file malli.docx is larger than 5 megabytes."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "C:\\a\\malli.docx",
         "The document malli.docx is protected with a password or in the old format of Word (.doc). Save it as a Word "
         "document (.docx) without a password."),
        (b"{\\rtf1}", "malli.docx", "The file malli.docx is not a Word document. Accepted: .docx."),
        (template(), "malli.docm", "The file malli.docm is not a Word document. Accepted: .docx."),
        (template()[:300], "malli.docx", DAMAGED),
    ],
)  # fmt: skip
def test_a_file_that_is_no_document_is_refused(data: bytes, name: str, why: str) -> None:
    assert refused(data, name) == [why]


@settings(max_examples=60, deadline=None)
@given(place=st.floats(0, 1), byte=st.integers(0, 255))
def test_a_damaged_file_is_refused_or_read(place: float, byte: int) -> None:
    data = bytearray(SMALL)
    data[int(place * (len(data) - 1))] = byte
    with suppress(TemplateRefused):
        assert read_template(bytes(data), "malli.docx").stories


def test_two_hundred_letters_on_one_template_are_independent() -> None:
    tables = changed(n=2)
    fill = Filler(read_template(template(), "malli.docx"), "fi")
    letters = Letters(tables, "0" * 64)
    first = [fill.fill(letters.of(case(k))) for k in (0, 1)]
    assert [fill.fill(letters.of(case(k))) for k in (1, 0) * 100] == [first[1], first[0]] * 100
