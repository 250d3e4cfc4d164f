"""The minutes as a Word document: whole text in three languages, structure, texts that stay texts, bytes that repeat."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TypeAlias

import pytest
from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml.ns import qn
from docx.shared import Length
from docx.table import Table
from docx.text.paragraph import Paragraph
from hypothesis import example, given, settings
from hypothesis import strategies as st

from locales import PSEUDO, LocalText, msg, render
from workbooks.decision_book import clean
from workbooks.minutes import write_minutes
from workbooks.minutes_data import (
    MAX_APPLICATIONS,
    MAX_CRITERIA,
    MAX_ITEMS,
    MAX_PEOPLE,
    MAX_TEXT,
    Absence,
    Attendee,
    ConsensusLevel,
    MinutesApplication,
    MinutesCriterion,
    MinutesData,
    MinutesDataError,
    MinutesItem,
    ReviewerLevels,
)

Block: TypeAlias = tuple[str, str] | list[tuple[str, ...]]
LABELS = {
    1: LocalText("ei toteudu", "uppfylls inte", "not met"),
    3: LocalText("toteutuu", "uppfylls", "met"),
    5: LocalText("toteutuu erinomaisesti", "uppfylls utmärkt", "met excellently"),
}
CRITERIA = (
    MinutesCriterion(
        "change", LocalText("Toimintatapojen muutos", "Förändring av verksamhetssätt", "Process change"), LABELS
    ),
    MinutesCriterion("spread", LocalText("Levittämissuunnitelma", "Spridningsplan", "Dissemination plan"), LABELS),
)
STARTED = datetime(2020, 11, 5, 7, 0, tzinfo=UTC)
NAIVE = datetime.fromisoformat("2020-11-05T09:00")
MEMBER = LocalText("jäsen", "medlem", "member")
OFFICER = LocalText("esittelijä", "föredragande", "presenting officer")
DISPUTED = MinutesItem(
    application=MinutesApplication("VM/12/2020", "Sähköinen päätöksenteko seutukunnassa", "Lahden kaupunki"),
    absent=(Absence("Aino Laine", LocalText("jäsenyys hallituksessa", "medlem i styrelsen", "board membership")),),
    reviews=(
        ReviewerLevels("Bo Nyman", {"change": 5, "spread": 3}, Fraction(22, 5)),
        ReviewerLevels("Eeva Salo", {"change": 1, "spread": None}, None),
    ),
    criterion_means={"change": Fraction(3), "spread": Fraction(3)},
    mean=Fraction(22, 5),
    consensus={
        "change": ConsensusLevel(3, "Muutos on kuvattu, mutta johtaminen jää avoimeksi."),
        "spread": ConsensusLevel(3, "Levittäminen on suunniteltu."),
    },
    score_before=Fraction(22, 5),
    score_after=Fraction(3),
    rank_before=1,
    rank_after=2,
    note="Arvioinnit erosivat toisistaan.\n\nTaso sovittiin yhdessä.",
)
UNREAD = MinutesItem(MinutesApplication("VM/7/2020", "Gemensam e-tjänst", "Mustasaaren kunta"), chair="Bo Nyman")
MEETING = MinutesData(
    call_name=LocalText("Digitalisaatioavustus 2020", "Digitaliseringsunderstöd 2020", "Digitalisation grants 2020"),
    authority=LocalText("Valtiovarainministeriö", "Finansministeriet", "Ministry of Finance"),
    meeting_title=LocalText("Arviointikokous 1/2020", "Bedömningsmöte 1/2020", "Panel meeting 1/2020"),
    started_at=STARTED,
    ended_at=STARTED + timedelta(hours=3, minutes=30),
    chair="Kaisa Virtanen",
    criteria=CRITERIA,
    present=(Attendee("Aino Laine", MEMBER), Attendee("Bo Nyman", MEMBER), Attendee("Ilkka Koski", OFFICER)),
    items=(DISPUTED, UNREAD),
    not_handled=(MinutesApplication("VM/3/2020", "Etäkokoukset", "Kuusamon kaupunki"),),
    remarks="Seuraava kokous pidetään 12.11.2020.",
    place="Snellmaninkatu 1 A, Helsinki",
    secretary="Ilkka Koski",
    case_number="VM/1/2020",
)


def read(docx: bytes) -> DocumentObject:
    return Document(io.BytesIO(docx))


def minutes(data: MinutesData = MEETING, lang: str = "fi") -> DocumentObject:
    return read(write_minutes(data, lang))


def content(document: DocumentObject) -> list[Block]:
    """Paragraphs as (style, text) and tables as rows of texts, in the order of the page; empty lines left out."""
    return [
        cells(block) if isinstance(block, Table) else (style(block), block.text)
        for block in document.iter_inner_content()
        if isinstance(block, Table) or block.text
    ]


def style(paragraph: Paragraph) -> str:
    assert paragraph.style is not None
    return str(paragraph.style.name)


def cells(table: Table) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row.cells) for row in table.rows]


def texts(document: DocumentObject) -> Iterator[str]:
    """Every paragraph of the document, those in tables and in the page header too."""
    for part in (document.element.body, document.sections[0].header._element):
        yield from (Paragraph(element, document).text for element in part.iter(qn("w:p")))


FINNISH: list[Block] = [
    ("Title", "Pöytäkirja"),
    ("Subtitle", "Arviointikokous 1/2020"),
    ("Entry", "Haku\tDigitalisaatioavustus 2020"),
    ("Entry", "Aika\t5.11.2020 klo 9.00–12.30"),
    ("Entry", "Paikka\tSnellmaninkatu 1 A, Helsinki"),
    (
        "Entry",
        "Läsnä\tKaisa Virtanen, puheenjohtaja\nAino Laine, jäsen\nBo Nyman, jäsen\nIlkka Koski, esittelijä",
    ),
    ("Heading 1", "1 § Kokouksen avaaminen"),
    ("Normal", "Puheenjohtaja Kaisa Virtanen avasi kokouksen 5.11.2020 klo 9.00."),
    ("Heading 1", "2 § Käsitellyt hakemukset"),
    ("Normal", "Kokouksessa käsiteltiin 2 hakemusta."),
    [
        ("§", "Asianumero", "Hanke", "Hakija"),
        ("3", "VM/12/2020", "Sähköinen päätöksenteko seutukunnassa", "Lahden kaupunki"),
        ("4", "VM/7/2020", "Gemensam e-tjänst", "Mustasaaren kunta"),
    ],
    ("Heading 1", "3 § VM/12/2020: Sähköinen päätöksenteko seutukunnassa"),
    ("Entry", "Hakija\tLahden kaupunki"),
    ("Entry", "Poistui esteellisenä\tAino Laine: jäsenyys hallituksessa"),
    ("Heading 2", "Arvioijien antamat tasot"),
    [
        ("Arviointikriteeri", "Bo Nyman", "Eeva Salo", "Keskiarvo"),
        ("Toimintatapojen muutos", "5 – toteutuu erinomaisesti", "1 – ei toteudu", "3,00"),
        ("Levittämissuunnitelma", "3 – toteutuu", "ei arviota", "3,00"),
        ("Pisteet", "4,40", "ei arviota", "4,40"),
    ],
    ("Heading 2", "Keskustelu"),
    ("Normal", "Arvioinnit erosivat toisistaan."),
    ("Normal", "Taso sovittiin yhdessä."),
    ("Heading 2", "Arviointiryhmän yhteinen arvio"),
    [
        ("Arviointikriteeri", "Taso", "Perustelut"),
        ("Toimintatapojen muutos", "3 – toteutuu", "Muutos on kuvattu, mutta johtaminen jää avoimeksi."),
        ("Levittämissuunnitelma", "3 – toteutuu", "Levittäminen on suunniteltu."),
    ],
    ("Heading 2", "Pisteet ja sija"),
    [("Vaihe", "Pisteet", "Sija"), ("Ennen käsittelyä", "4,40", "1"), ("Käsittelyn jälkeen", "3,00", "2")],
    ("Heading 1", "4 § VM/7/2020: Gemensam e-tjänst"),
    ("Entry", "Hakija\tMustasaaren kunta"),
    ("Entry", "Poistui esteellisenä\tei ketään"),
    ("Entry", "Puhetta johti\tBo Nyman"),
    ("Heading 2", "Arvioijien antamat tasot"),
    ("Normal", "Hakemuksesta ei ollut lähetettyjä arviointeja."),
    ("Heading 2", "Arviointiryhmän yhteinen arvio"),
    ("Normal", "Yhteistä arviota ei kirjattu."),
    ("Heading 2", "Pisteet ja sija"),
    [
        ("Vaihe", "Pisteet", "Sija"),
        ("Ennen käsittelyä", "ei arviota", "ei sijaa"),
        ("Käsittelyn jälkeen", "ei arviota", "ei sijaa"),
    ],
    ("Heading 1", "5 § Hakemukset, joita ei käsitelty"),
    [("Asianumero", "Hanke", "Hakija"), ("VM/3/2020", "Etäkokoukset", "Kuusamon kaupunki")],
    ("Heading 1", "6 § Muut asiat"),
    ("Normal", "Seuraava kokous pidetään 12.11.2020."),
    ("Heading 1", "7 § Kokouksen päättäminen"),
    ("Normal", "Puheenjohtaja päätti kokouksen 5.11.2020 klo 12.30."),
    ("Normal", "Pöytäkirja on laadittu niistä tiedoista, jotka kokouksessa kirjattiin Avustuspaneeliin."),
    ("Normal", "Pöytäkirjan vakuudeksi"),
    [("Kaisa Virtanen\npuheenjohtaja", "", "Ilkka Koski\nsihteeri")],
]


def test_minutes_are_finnish_from_beginning_to_end() -> None:
    assert content(minutes()) == FINNISH


@pytest.mark.parametrize(
    ("lang", "tag", "headings"),
    [
        (
            "sv",
            "sv-FI",
            [
                "1 § Mötet öppnas",
                "2 § Behandlade ansökningar",
                "3 § VM/12/2020: Sähköinen päätöksenteko seutukunnassa",
                "4 § VM/7/2020: Gemensam e-tjänst",
                "5 § Ansökningar som inte behandlades",
                "6 § Övriga ärenden",
                "7 § Mötet avslutas",
            ],
        ),
        (
            "en",
            "en-GB",
            [
                "§ 1 Opening of the meeting",
                "§ 2 Applications handled",
                "§ 3 VM/12/2020: Sähköinen päätöksenteko seutukunnassa",
                "§ 4 VM/7/2020: Gemensam e-tjänst",
                "§ 5 Applications not handled",
                "§ 6 Other matters",
                "§ 7 Closing of the meeting",
            ],
        ),
    ],
)
def test_minutes_have_the_same_build_in_each_language(lang: str, tag: str, headings: list[str]) -> None:
    document = minutes(lang=lang)
    assert [text for kind, text in paragraphs(document) if kind == "Heading 1"] == headings
    assert build(content(document)) == build(FINNISH)
    assert document.core_properties.language == tag


def paragraphs(document: DocumentObject) -> list[tuple[str, str]]:
    """The paragraphs outside tables."""
    return [block for block in content(document) if isinstance(block, tuple)]


def build(blocks: list[Block]) -> list[str | list[int]]:
    """Styles of the paragraphs and sizes of the tables."""
    return [block[0] if isinstance(block, tuple) else [len(row) for row in block] for block in blocks]


@pytest.mark.parametrize(("lang", "tag"), [("fi", "fi-FI"), ("sv", "sv-FI"), ("en", "en-GB")])
def test_language_is_set_for_readers_and_spelling(lang: str, tag: str) -> None:
    document = minutes(lang=lang)
    (language,) = document.styles.element.xpath("w:docDefaults//w:lang/@w:val")
    assert (language, document.core_properties.language) == (tag, tag)


def test_every_text_of_the_minutes_is_translated() -> None:
    data = replace(MEETING, ended_at=None, items=(), not_handled=(), remarks="")
    for one in (MEETING, data):
        of_data = {*strings(one), ""}
        for text in texts(minutes(one, PSEUDO)):
            lines = [part for line in text.split("\n") for part in line.split("\t")]
            assert all("⟦" in line or line in of_data or is_value(line) for line in lines), text


def strings(data: MinutesData) -> Iterator[str]:
    for application in (*(item.application for item in data.items), *data.not_handled):
        yield from (application.case_number, application.project, application.applicant)
    for item in data.items:
        yield from (review.reviewer for review in item.reviews)
        yield from (agreed.reason for agreed in item.consensus.values())
        yield from item.note.split("\n")
        yield item.chair
    yield from (data.remarks, data.place, data.chair, data.secretary, data.case_number)


def is_value(text: str) -> bool:
    """Numbers, dates and the section sign say the same in every language or are formatted by it."""
    return text == "§" or text[:1].isdigit()


def test_page_is_a4_with_sender_and_page_numbers_in_its_header() -> None:
    document = minutes()
    (section,) = document.sections
    size = [round(Length(length or 0).cm, 1) for length in (section.page_width, section.page_height)]
    assert size == [21.0, 29.7]
    (head,) = section.header.tables
    assert [[cell._tc.xpath("string()") for cell in row.cells] for row in head.rows] == [
        ["Valtiovarainministeriö", "Pöytäkirja", "1 (1)"],
        ["", "5.11.2020", "VM/1/2020"],
    ]
    assert head._tbl.xpath(".//w:fldSimple/@w:instr") == ["PAGE", "NUMPAGES"]


def test_every_table_repeats_its_heading_and_has_a_caption() -> None:
    *tables, signatures = minutes().tables
    assert [table._tbl.xpath("string(w:tblPr/w:tblCaption/@w:val)") for table in tables] == [
        "Käsitellyt hakemukset",
        "Arvioijien antamat tasot",
        "Arviointiryhmän yhteinen arvio",
        "Pisteet ja sija",
        "Pisteet ja sija",
        "Hakemukset, joita ei käsitelty",
    ]
    for table in tables:
        assert [bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in table.rows] == [True] + [False] * (
            len(table.rows) - 1
        )
        assert round(Length(sum(column.width or 0 for column in table.columns)).cm, 1) in (12.0, 17.0)
    assert not signatures._tbl.xpath(".//w:tblHeader")


def test_more_reviewers_than_fit_side_by_side_follow_in_a_second_table() -> None:
    reviews = tuple(ReviewerLevels(f"R{n}", {"change": 3, "spread": 3}, Fraction(3)) for n in range(6))
    item = replace(DISPUTED, reviews=reviews, criterion_means={"change": Fraction(3)}, mean=Fraction(3))
    found = [cells(table) for table in minutes(replace(MEETING, items=(item,))).tables[1:3]]
    first, second = found
    assert first[0] == ("Arviointikriteeri", "R0", "R1", "R2", "R3")
    assert second[0] == ("Arviointikriteeri", "R4", "R5", "Keskiarvo")
    assert [row[-1] for row in second[1:]] == ["3,00", "ei arviota", "3,00"]


def test_a_meeting_that_goes_on_has_draft_minutes() -> None:
    blocks = content(minutes(replace(MEETING, ended_at=None)))
    assert blocks[0] == ("Title", "Pöytäkirjan luonnos")
    assert ("Entry", "Aika\t5.11.2020 klo 9.00–") in blocks
    assert ("Normal", "Kokousta ei ole päätetty. Tämä on pöytäkirjan luonnos.") in blocks


def test_a_meeting_over_midnight_shows_both_days() -> None:
    blocks = content(minutes(replace(MEETING, ended_at=STARTED + timedelta(days=1))))
    assert ("Entry", "Aika\t5.11.2020 klo 9.00 – 6.11.2020 klo 9.00") in blocks


def test_a_meeting_without_applications_says_so() -> None:
    blocks = paragraphs(minutes(replace(MEETING, items=(), not_handled=(), remarks=" \n", place="", secretary="")))
    assert [block for block in blocks if block[0] in ("Heading 1", "Normal")][2:-4] == [
        ("Heading 1", "2 § Käsitellyt hakemukset"),
        ("Normal", "Kokouksessa ei käsitelty hakemuksia."),
        ("Heading 1", "3 § Hakemukset, joita ei käsitelty"),
        ("Normal", "Kaikki asialistalla olleet hakemukset käsiteltiin."),
        ("Heading 1", "4 § Muut asiat"),
        ("Normal", "Muita asioita ei ollut."),
    ]


def test_one_who_left_without_a_ground_is_written_as_disqualified() -> None:
    item = replace(UNREAD, absent=(Absence("Aino Laine"), Absence("Bo Nyman", msg("Chair"))))
    blocks = content(minutes(replace(MEETING, items=(item,))))
    assert ("Entry", "Poistui esteellisenä\tAino Laine: esteellinen\nBo Nyman: Puheenjohtaja") in blocks


def test_chair_and_secretary_are_named_once_among_those_present() -> None:
    everybody = (Attendee("Kaisa Virtanen", msg("Chair")),)
    (present,) = [b for b in content(minutes(replace(MEETING, present=everybody))) if "Läsnä" in str(b)]
    assert present == ("Entry", "Läsnä\tKaisa Virtanen, Puheenjohtaja\nIlkka Koski, sihteeri")


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_same_data_gives_the_same_bytes(lang: str) -> None:
    one = write_minutes(MEETING, lang)
    assert one == write_minutes(replace(MEETING), lang)
    with zipfile.ZipFile(io.BytesIO(one)) as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert file.namelist()[0] == "[Content_Types].xml"
        assert not [name for name in file.namelist() if "thumbnail" in name or "customXml" in name]


def test_properties_come_from_the_data_alone() -> None:
    core = minutes().core_properties
    ended = datetime(2020, 11, 5, 10, 30, tzinfo=UTC)
    assert (core.title, core.subject, core.author, core.last_modified_by) == (
        "Pöytäkirja: Arviointikokous 1/2020",
        "Digitalisaatioavustus 2020",
        "Valtiovarainministeriö",
        "Valtiovarainministeriö",
    )
    assert (core.created, core.modified, core.comments, core.revision) == (ended, ended, "", 1)


def test_long_names_fit_the_properties() -> None:
    assert len(minutes(replace(MEETING, meeting_title="x" * 400)).core_properties.title) == 255


NASTY = "\x00\x01a\x0b\x1f\ud800\uffff <w:p/> &amp; {chair} %s 😀\u202e"


def test_characters_that_xml_cannot_hold_are_replaced() -> None:
    item = replace(
        DISPUTED,
        application=MinutesApplication(NASTY, NASTY, NASTY),
        note=NASTY,
        absent=(Absence(NASTY, NASTY),),
        consensus={key: ConsensusLevel(3, NASTY) for key in ("change", "spread")},
    )
    data = replace(
        MEETING, items=(item,), chair=NASTY, secretary=NASTY, place=NASTY, remarks=NASTY, authority=NASTY,
        meeting_title=NASTY, call_name=NASTY, case_number=NASTY, present=(Attendee(NASTY, NASTY),),
    )  # fmt: skip
    kept = clean(NASTY)
    assert kept.startswith("��a��")
    document = minutes(data)
    assert sum(text.count(kept) for text in texts(document)) == 22
    assert document.core_properties.author == kept


LINES = st.text(st.characters(blacklist_categories=["Cs"]) | st.sampled_from("\t\n\r\x00\x0b{}"), max_size=40)


@given(LINES, LINES)
@example("", "\x1f")
@settings(max_examples=25)
def test_any_text_can_be_written_and_read_back(name: str, note: str) -> None:
    item = replace(DISPUTED, note=note, application=MinutesApplication("VM/1", name, name))
    data = replace(MEETING, items=(item,), not_handled=(), chair=name)
    blocks = paragraphs(minutes(data))
    line = clean(name).replace("\n", "\t")
    shown = next(text for _, text in blocks if "§ VM/1:" in text)
    assert shown.split() == f"3 § VM/1: {line}".split()
    written = [text for _, text in blocks]
    for paragraph in clean(note).split("\n"):
        assert not paragraph.strip() or paragraph in written


def test_large_minutes_are_written() -> None:
    items = tuple(replace(DISPUTED, application=MinutesApplication(f"VM/{n}", "Hanke", "Kunta")) for n in range(60))
    assert len(minutes(replace(MEETING, items=items)).tables) == 1 + 3 * 60 + 2


def levels(**given: int | None) -> MinutesItem:
    return replace(DISPUTED, reviews=(ReviewerLevels("Bo", given, None),))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (replace(MEETING, started_at=NAIVE), "has no time zone"),
        (replace(MEETING, ended_at=NAIVE), "has no time zone"),
        (
            replace(MEETING, ended_at=STARTED - timedelta(hours=1)),
            "ends 5 November 2020 at 08:00, before it begins; accepted: 5 November 2020 at 09:00 or later",
        ),
        (replace(MEETING, items=(DISPUTED, DISPUTED)), "Case number VM/12/2020 is in the minutes twice"),
        (replace(MEETING, not_handled=(UNREAD.application,)), "Case number VM/7/2020 is in the minutes twice"),
        (
            replace(MEETING, items=(levels(size=3),)),
            "VM/12/2020: criterion size is not known; accepted: change, spread",
        ),
        (replace(MEETING, items=(levels(change=2),)), "criterion change: level 2 is not known; accepted: 1, 3, 5"),
        (
            replace(MEETING, items=(replace(DISPUTED, consensus={"change": ConsensusLevel(4, "")}),)),
            "criterion change: level 4 is not known",
        ),
        (
            replace(MEETING, items=(replace(DISPUTED, consensus={"change": ConsensusLevel(3, "")}),)),
            "VM/12/2020: the consensus has no level for spread; every criterion needs one",
        ),
        (
            replace(MEETING, items=(replace(DISPUTED, criterion_means={"size": None}),)),
            "criterion size is not known",
        ),
        (replace(MEETING, remarks="x" * (MAX_TEXT + 1)), f"a text of {MAX_TEXT + 1} characters; at most {MAX_TEXT}"),
        (replace(MEETING, present=(MEETING.present[0],) * (MAX_PEOPLE + 1)), f"{MAX_PEOPLE + 4} people; at most"),
        (replace(MEETING, criteria=(CRITERIA[0],) * (MAX_CRITERIA + 1)), f"{MAX_CRITERIA + 1} criteria; at most"),
        (replace(MEETING, items=(UNREAD,) * (MAX_ITEMS + 1)), f"{MAX_ITEMS + 1} applications handled; at most"),
        (
            replace(MEETING, not_handled=MEETING.not_handled * MAX_APPLICATIONS),
            f"{MAX_APPLICATIONS + 2} applications; at most {MAX_APPLICATIONS} fit",
        ),
    ],
)
def test_minutes_that_contradict_themselves_are_refused(data: MinutesData, words: str) -> None:
    with pytest.raises(MinutesDataError, match=words) as refused:
        write_minutes(data, "fi")
    assert words in render(refused.value.message, "en")
