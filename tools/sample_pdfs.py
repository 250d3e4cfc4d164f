"""Writes the sample attachments: ``python -m tools.sample_pdfs``. The same bytes every time (reportlab, dev only)."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

FOLDER = Path(__file__).parents[1] / "sample_data" / "attachments"


@dataclass(frozen=True, slots=True)
class Document:
    """A document to write: headed paragraphs, and a table (its first row the heading) where there is one."""

    lang: str
    title: str
    notice: str
    page: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    table: tuple[tuple[str, ...], ...] = ()


_NOTICE_FI = "Keksitty esimerkki. Tämä ei ole kenenkään todellinen asiakirja."
_NOTICE_SV = "Påhittat exempel. Detta är ingen verklig handling."

DOCUMENTS: Mapping[str, Document] = {
    "hankesuunnitelma.pdf": Document(
        "fi",
        "Hankesuunnitelma",
        _NOTICE_FI,
        "Sivu {n}",
        (
            (
                "1 Lähtötilanne",
                (
                    "Esimerkkilän ja Mallilan kunnat hoitavat samat työvaiheet kumpikin omalla tavallaan. Tietoja "
                    "kirjataan moneen kertaan, ja asian vaihetta joudutaan kysymään puhelimella.",
                    "Esimerkkilässä asian käsittely kestää keskimäärin 21 päivää ja Mallilassa 34 päivää. Suurin osa "
                    "ajasta kuluu odottamiseen.",
                ),
            ),
            (
                "2 Tavoitteet",
                (
                    "Kunnat sopivat yhteisestä toimintatavasta, jossa tieto kirjataan kerran ja hakija näkee asiansa "
                    "vaiheen itse. Käsittelyaika lyhenee kymmeneen päivään.",
                    "Toimintatapa kuvataan niin, että muut kunnat voivat ottaa sen käyttöön ilman uutta hankintaa.",
                ),
            ),
            (
                "3 Työvaiheet ja aikataulu",
                (
                    "Vaihe 1, kuukaudet 1–4: nykyisten työvaiheiden kuvaaminen ja mittaaminen kummassakin kunnassa.",
                    "Vaihe 2, kuukaudet 5–10: yhteisen toimintatavan suunnittelu ja kokeilu kahdessa yksikössä.",
                    "Vaihe 3, kuukaudet 11–18: käyttöönotto koko kunnassa, henkilöstön perehdytys ja seuranta.",
                    "Vaihe 4, kuukaudet 19–24: arviointi, mallin julkaiseminen ja esittely muille kunnille.",
                ),
            ),
            (
                "4 Organisaatio",
                (
                    "Hankehallinnoijana toimii Esimerkkilän kunta. Ohjausryhmään kuuluu kaksi edustajaa kummastakin "
                    "kunnasta, ja se kokoontuu kahden kuukauden välein.",
                    "Hankkeessa työskentelee projektipäällikkö ja kaksi asiantuntijaa osa-aikaisesti.",
                ),
            ),
            (
                "5 Riskit",
                (
                    "Avainhenkilön vaihtuminen: tehtävät kuvataan ja varahenkilö nimetään heti alussa.",
                    "Käyttöönoton viivästyminen: kokeilu aloitetaan pienestä, ja laajennuksesta päätetään sen jälkeen.",
                ),
            ),
            (
                "6 Tulosten levittäminen",
                (
                    "Toimintamalli, ohjeet ja mittaustulokset julkaistaan avoimesti. Mallista järjestetään kolme "
                    "esittelyä, ja sitä ylläpidetään vähintään kolme vuotta hankkeen päättymisen jälkeen.",
                ),
            ),
        ),
    ),
    "kustannusarvio.pdf": Document(
        "fi",
        "Kustannusarvion erittely",
        _NOTICE_FI,
        "Sivu {n}",
        (
            (
                "Laskentaperusteet",
                (
                    "Luvut ovat kokonaisia euroja ilman arvonlisäveroa. Ne ovat esimerkkilukuja eivätkä vastaa "
                    "minkään hakemuksen kustannuksia.",
                ),
            ),
        ),
        (
            ("Erä", "Peruste", "Euroa"),
            ("Projektipäällikkö", "24 kk, 50 %", "66 000"),
            ("Asiantuntijat", "2 henkilöä, 18 kk, 20 %", "39 600"),
            ("Matkat", "12 matkaa kuntien välillä", "2 400"),
            ("Tilavuokrat", "Kolme esittelytilaisuutta", "1 500"),
            ("Ostopalvelut", "Prosessien mittaaminen ja arviointi", "28 000"),
            ("Muut kulut", "Ohjeiden käännökset", "2 500"),
            ("Yhteensä", "", "140 000"),
        ),
    ),
    "projektplan.pdf": Document(
        "sv",
        "Projektplan",
        _NOTICE_SV,
        "Sida {n}",
        (
            (
                "1 Utgångsläge",
                (
                    "Kommunerna Exempelby och Mallnäs sköter samma arbetsskeden var och en på sitt sätt. Uppgifter "
                    "antecknas flera gånger, och den som väntar på svar måste ringa för att få veta läget.",
                ),
            ),
            (
                "2 Mål",
                (
                    "Kommunerna kommer överens om ett gemensamt verksamhetssätt där en uppgift antecknas en gång och "
                    "sökanden själv ser hur ärendet framskrider. Handläggningstiden förkortas till tio dagar.",
                ),
            ),
            (
                "3 Arbetsskeden och tidtabell",
                (
                    "Skede 1, månaderna 1–4: de nuvarande arbetsskedena beskrivs och mäts i båda kommunerna.",
                    "Skede 2, månaderna 5–10: det gemensamma verksamhetssättet planeras och prövas i två enheter.",
                    "Skede 3, månaderna 11–18: ibruktagande i hela kommunen, introduktion av personalen, uppföljning.",
                    "Skede 4, månaderna 19–24: utvärdering, publicering och presentation för andra kommuner.",
                ),
            ),
            (
                "4 Spridning av resultaten",
                ("Modellen, anvisningarna och mätresultaten publiceras öppet och underhålls i minst tre år.",),
            ),
        ),
    ),
}


def write_pdf(document: Document) -> bytes:
    """The document as PDF. Every page says at its foot that it is invented."""
    styles = getSampleStyleSheet()
    body = ParagraphStyle("body", parent=styles["BodyText"], fontSize=11, leading=16)
    story: list[Flowable] = [Paragraph(document.title, styles["Title"]), Paragraph(document.notice, styles["Italic"])]
    for heading, paragraphs in document.parts:
        story += [Spacer(1, 5 * mm), Paragraph(heading, styles["Heading2"])]
        story += [Paragraph(paragraph, body) for paragraph in paragraphs]
    if document.table:
        story += [Spacer(1, 5 * mm), _table(document.table)]

    def foot(canvas: Canvas, template: SimpleDocTemplate) -> None:
        canvas.setFont("Helvetica-Oblique", 9)
        canvas.drawString(25 * mm, 12 * mm, document.notice)
        canvas.drawRightString(A4[0] - 25 * mm, 12 * mm, document.page.format(n=template.page))

    out = BytesIO()
    # Packed bytes would depend on the machine's zlib.
    template = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=25 * mm,
        rightMargin=25 * mm,
        topMargin=22 * mm,
        bottomMargin=25 * mm,
        title=document.title,
        author=document.notice,
        lang=document.lang,
        invariant=1,
        pageCompression=0,
    )
    template.build(story, onFirstPage=foot, onLaterPages=foot)
    return out.getvalue()


def _table(rows: tuple[tuple[str, ...], ...]) -> Table:
    made = Table([list(row) for row in rows], colWidths=[45 * mm, 80 * mm, 30 * mm], repeatRows=1)
    made.setStyle(
        TableStyle(
            [
                ("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold"),
                ("FONTNAME", (0, -1), (-1, -1), "Helvetica-Bold"),
                ("ALIGN", (-1, 0), (-1, -1), "RIGHT"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, "#b8c1cb"),
            ]
        )
    )
    return made


def main() -> None:
    """Write every document into ``sample_data/attachments``."""
    FOLDER.mkdir(exist_ok=True)
    for name, document in DOCUMENTS.items():
        (FOLDER / name).write_bytes(write_pdf(document))


if __name__ == "__main__":
    main()
