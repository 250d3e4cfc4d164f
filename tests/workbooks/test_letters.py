"""Letters of a decision: what they say to whom, that data stays text, and bytes that repeat."""

import hashlib
import io
import re
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from decisions.spec import STATUSES
from decisions.tables import Tables, hash_of
from locales import PSEUDO, LocalText, format_money, render
from tests.support.decided import case, decided
from tests.workbooks.letter_samples import changed, read, template, texts
from workbooks.letter_guidance import rectification
from workbooks.letter_template import BLOCKS, LINES
from workbooks.letter_terms import Line
from workbooks.letter_texts import Letters
from workbooks.letter_zip import LIST, file_name, letters_zip
from workbooks.letters import letter

NAME = LocalText("Valtiovarainministeriö", "Finansministeriet", "Ministry of Finance")


def said(tables: Tables, case_number: str) -> list[str]:
    return list(texts(read(letter(tables, case_number, None))))


def first(tables: Tables, status: str, language: str) -> str:
    rows = tables["applications"]
    return next(str(r["case_number"]) for r in rows if (r["status"], r["language"]) == (status, language))


def headings(docx: bytes) -> list[str]:
    return [p.text for p in read(docx).paragraphs if p.style is not None and str(p.style.name).startswith("Heading")]


def decision(tables: Tables, case_number: str) -> str:
    return Letters(tables, "0" * 64).of(case_number).values["decision"]


def test_an_approved_applicant_reads_everything_in_finnish() -> None:
    tables = decided()
    number = first(tables, "approved", "fi")
    assert headings(letter(tables, number, None)) == [
        "Päätös",
        "Päätöksen perustelut",
        "Hyväksyttävät kustannukset ja omarahoitus",
        "Avustuksen ehdot",
        "Päätöksen tekijät",
        "Päätöksen tarkistaminen",
        "Oikaisuvaatimusohje",
    ]
    lines = said(tables, number)
    assert lines[:6] == [
        "Alajärvi (keksitty hakija 1)",
        "Y-tunnus 1234567-1",
        "Avustus kuntien digitalisaation edistämiseen 2020",
        "Keksitty hanke 1",
        "Päätös",
        "Valtiovarainministeriö myöntää hankkeeseen ”Keksitty hanke 1” valtionavustusta enintään 200\xa0000 euroa. "
        "Avustuksen saaja on hankkeen hankehallinnoija Alajärvi (keksitty hakija 1).",
    ]
    assert f"Päätöksen tiiviste (SHA-256): {hash_of(tables)}" in lines
    assert "Keksityt perustelut hakemukselle 1." in lines
    assert any("30 päivän kuluessa päätöksen tiedoksisaannista" in line for line in lines)


def test_a_swedish_applicant_reads_swedish() -> None:
    tables = decided(40)
    assert headings(letter(tables, first(tables, "dismissed", "sv"), None)) == [
        "Beslut",
        "Motivering till beslutet",
        "Beslutet har fattats av",
        "Kontroll av beslutet",
        "Anvisning för begäran om omprövning",
    ]
    approved = said(tables, first(tables, "approved", "sv"))
    assert any(line.startswith("Finansministeriet beviljar projektet ”") for line in approved)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("rejected", "Valtiovarainministeriö hylkää hakemuksen. Hankkeeseen ”Keksitty hanke 1” ei myönnetä valtionavustusta."),
        ("dismissed", "Valtiovarainministeriö jättää hakemuksen tutkimatta."),
        ("withdrawn", "Hakija on peruuttanut hakemuksensa. Asian käsittely raukeaa, eikä avustusta myönnetä."),
        ("possible", "Hakemusta ei ole vielä ratkaistu."),
        ("in_progress", "Hakemusta ei ole vielä ratkaistu."),
        ("not_started", "Hakemusta ei ole vielä ratkaistu."),
    ],
)  # fmt: skip
def test_without_a_grant_there_are_neither_costs_nor_conditions(status: str, sentence: str) -> None:
    tables = changed({case(0): {"status": status, "granted": 0}})
    assert decision(tables, case(0)) == sentence
    letter_blocks = Letters(tables, "").of(case(0)).blocks
    assert {name for name, block in letter_blocks.items() if not block} == {"costs", "conditions"}


def test_costs_stand_in_a_table_with_its_heading_and_sums() -> None:
    tables = changed({case(1): {"status": "approved", "granted": 100_000}})
    document = read(letter(tables, case(1), None))
    (table,) = document.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["Kustannuslaji", "Ilmoitettu", "Hyväksytty", "Huomautus"]
    assert [row[0] for row in rows[1:]] == ["Henkilöstökustannukset", "Matkakustannukset", "Ostopalvelut", "Yhteensä"]
    applied = [row["applied"] for row in tables["costs"] if row["case_number"] == case(1)]
    assert rows[-1][1:3] == [format_money(sum(applied), "fi")] * 2
    assert [bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in table.rows] == [True, False, False, False, False]
    assert table._tbl.xpath("string(w:tblPr/w:tblCaption/@w:val)") == "Hyväksyttävät kustannukset ja omarahoitus"


def test_conditions_are_those_of_the_call_and_of_the_acts() -> None:
    condition = {"order": 9, "name": {"fi": "Tulokset julkaistaan.", "sv": "-", "en": "-"}, "description": None}
    tables = changed(facts={"condition.results": condition})
    assert conditions(tables) == [
        ("Hankehallinnoija ja sopimus", "Kuntien"),
        ("Laitehankinnat", "Laitteiden"),
        ("Käyttöaika", "Hanke"),
        ("", "Tulokset"),
        ("Avustuksen enimmäismäärä", "Avustus"),
        ("Arvonlisävero", "Arvonlisäveroa"),
        ("Avustuksen käyttö", "Avustusta"),
        ("Muu julkinen rahoitus", "Avustus"),
        ("Tietojen antaminen", "Avustuksen"),
        ("Avustuksen palauttaminen", "Virheellisesti,"),
    ]


def test_an_agreement_is_a_condition_where_the_call_does_not_say_so() -> None:
    found = conditions(changed(without="condition."))
    assert found[:3] == [
        ("Avustuksen enimmäismäärä", "Avustus"),
        ("Arvonlisävero", "Arvonlisäveroa"),
        ("Sopimus muiden osallistujien kanssa", "Hankehallinnoija"),
    ]


def conditions(tables: Tables) -> list[tuple[str, str]]:
    """What each condition is about, and its first word."""
    block = Letters(tables, "").of(case(0)).blocks["conditions"]
    return [(line.lead, line.text.split()[0]) for line in block if isinstance(line, Line)]


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (None, "Hakemuksessa ei ole ilmoitettu, onko hankkeella muuta julkista rahoitusta."),
        (0, "Hakemuksen mukaan hankkeella ei ole muuta julkista rahoitusta."),
        (12_000, "Hakemuksen mukaan hankkeella on muuta julkista rahoitusta 12\xa0000 euroa."),
    ],
)
def test_other_public_funding_that_is_not_stated_is_not_zero(other: int | None, sentence: str) -> None:
    assert sentence in said(changed({case(0): {"other_funding": other}}), case(0))


def test_a_draft_calls_itself_a_draft_and_names_nobody() -> None:
    tables = decided(stage="draft")
    made = Letters(tables, hash_of(tables)).of(case(0))
    assert made.values["kind"] == "Päätösluonnos"
    assert (made.values["presenter"], made.values["decision_maker"]) == ("–", "–")
    assert [line.text for line in made.blocks["verification"] if isinstance(line, Line)] == [
        f"Luonnoksen tiiviste (SHA-256): {hash_of(tables)}",
        "Luonnos ei ole päätös. Päätökselle lasketaan oma tiiviste.",
    ]


LATER = {"decision.number": 2, "decision.kind": "correction", "decision.previous": "a" * 64}


def override(case_number: str, number: int = 2) -> dict[str, Any]:
    return {
        "number": number, "case_number": case_number, "kind": "correction", "before": 1, "after": 2, "reason": "Syy.",
        "by": "Essi", "at": datetime(2021, 1, 1, tzinfo=UTC), "decision": 2,
    }  # fmt: skip


def test_a_later_decision_says_what_it_replaces() -> None:
    tables = changed({case(0): {"granted": 150_000, "previous": 200_000}}, LATER, (override(case(0)),))
    assert decision(tables, case(0)) == (
        "Tämä päätös korvaa asiassa aiemmin tehdyn päätöksen. Valtiovarainministeriö myöntää hankkeeseen ”Keksitty hanke "
        "1” valtionavustusta enintään 150\xa0000 euroa. Avustuksen saaja on hankkeen hankehallinnoija Alajärvi (keksitty "
        "hakija 1). Aiemmalla päätöksellä myönnetty määrä oli 200\xa0000 euroa."
    )


def test_who_gives_up_a_grant_is_told_that_it_lapses() -> None:
    given = {"status": "withdrawn", "granted": 0, "previous": 200_000}
    tables = changed({case(0): given}, LATER | {"decision.kind": "withdrawal"}, (override(case(0)),))
    assert decision(tables, case(0)) == (
        "Tämä päätös korvaa asiassa aiemmin tehdyn päätöksen. Hakija on luopunut sille myönnetystä 200\xa0000 euron "
        "avustuksesta. Avustus raukeaa."
    )


def test_a_decision_on_a_request_for_rectification_is_appealed_against() -> None:
    tables = changed({}, LATER | {"decision.kind": "rectification"}, (override(case(0)),))
    assert "Valitusosoitus" in headings(letter(tables, case(0), None))
    assert any("valittamalla hallinto-oikeuteen" in line for line in said(tables, case(0)))
    assert not any("saa vaatia siihen oikaisua" in line for line in said(tables, case(0)))


def test_instructions_name_authority_time_content_and_enclosures() -> None:
    facts = {"call.authority": {"fi": NAME.fi, "sv": NAME.sv, "en": NAME.en}}
    for lang in ("fi", "sv", "en", PSEUDO):
        lines = rectification(facts, "VM/1/2020", lang)
        assert all(line.lead and line.text for line in lines)
        whole = " ".join(line.text for line in lines)
        assert "30" in whole
        assert "VM/1/2020" in whole
        assert NAME.get(lang) in whole


HOSTILE = '<w:t>&amp;]]>{{hash}}</w:t>"\x00\x0b\ud800 =HYPERLINK("x")'


def test_data_is_neither_markup_nor_searched_for_placeholders() -> None:
    tables = changed({case(0): {"applicant": HOSTILE, "project": "{{reasons}}", "reasons": "{{hash}}\n<b>&x;"}})
    document = read(letter(tables, case(0), None))
    lines = list(texts(document))
    assert lines[0] == '<w:t>&amp;]]>{{hash}}</w:t>"\ufffd\ufffd\ufffd =HYPERLINK("x")'
    assert lines[3] == "{{reasons}}"
    assert lines[lines.index("Päätöksen perustelut") + 1 :][:2] == ["{{hash}}", "<b>&x;"]


@settings(max_examples=25, deadline=None)
@given(name=st.text(max_size=60), reasons=st.text(max_size=60))
def test_any_text_makes_a_letter_that_opens(name: str, reasons: str) -> None:
    tables = changed({case(0): {"applicant": name, "reasons": reasons}}, n=2)
    document = read(letter(tables, case(0), None))
    shown = Letters(tables, "").of(case(0))
    said_of_it = [line.text for line in shown.blocks["reasons"] if isinstance(line, Line)]
    lines = list(texts(document))
    begin = lines.index("Päätöksen perustelut", 4) + 1
    assert lines[0] == shown.values["applicant"]
    assert lines[begin : begin + len(said_of_it)] == said_of_it


@pytest.mark.parametrize(("language", "tag", "title"), [("fi", "fi-FI", "Päätös"), ("sv", "sv-FI", "Beslut")])
@pytest.mark.parametrize("own", [True, False])
def test_document_says_its_language_title_and_the_moment_of_the_decision(
    language: str, tag: str, title: str, own: bool
) -> None:
    tables = decided()
    number = first(tables, "approved", language)
    document = read(letter(tables, number, None if own else template()))
    core = document.core_properties
    assert (core.language, core.title) == (tag, f"{title} {number}")
    assert core.created == core.modified == datetime(2020, 12, 11, 13, 0, tzinfo=UTC)
    assert document.styles.element.xpath("w:docDefaults//w:lang/@w:val") == [tag]


def test_every_placeholder_has_its_text() -> None:
    made = Letters(decided(), "0" * 64).of(case(0))
    assert set(made.values) == set(LINES)
    assert set(made.blocks) == set(BLOCKS)


def test_a_case_that_is_not_there_has_no_letter() -> None:
    with pytest.raises(KeyError):
        letter(decided(), "VM/404/2020", None)


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: archive.read(name) for name in archive.namelist()}


def listed(data: bytes) -> list[tuple[Any, ...]]:
    return list(sheet(data).iter_rows(values_only=True))


def sheet(data: bytes) -> Worksheet:
    (found,) = load_workbook(io.BytesIO(unzipped(data)[render(LIST, "fi")])).worksheets
    return found


def test_archive_holds_every_letter_and_a_list_of_them() -> None:
    tables = decided(12)
    data = letters_zip(tables, {})
    files = unzipped(data)
    head, *rows = listed(data)
    folder = render(LIST, "fi").partition("/")[0]
    assert head == (
        "Asianumero", "Hakija", "Asiointikieli", "Hakemuksen tila", "Myönnetty avustus", "Kirjeen tiedosto",
        "Tiedoston SHA-256",
    )  # fmt: skip
    assert [row[0] for row in rows] == [case(k) for k in range(12)]
    for row, application in zip(rows, tables["applications"], strict=True):
        content = files[f"{folder}/{row[5]}"]
        assert row[6] == hashlib.sha256(content).hexdigest()
        assert row[4] == application["granted"]
        assert row[5] == f"{row[0].replace('/', '-')}.{application['language']}.docx"
        assert content == letter(tables, row[0], None)


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_names_in_the_archive_are_of_the_language_of_the_list_and_safe(lang: str) -> None:
    names = list(unzipped(letters_zip(decided(3), {}, lang)))
    assert names[-1] == render(LIST, lang)
    assert all(re.fullmatch(r"[a-z]+/[A-Za-z0-9._-]+", name) for name in names)
    assert len({name.partition("/")[0] for name in names}) == 1


def test_archive_is_the_same_to_the_byte() -> None:
    assert letters_zip(decided(5), {"sv": template()}) == letters_zip(decided(5), {"sv": template()})


def test_an_undecided_application_is_listed_without_a_letter() -> None:
    tables = changed({case(1): {"status": "possible", "granted": None}}, n=2)
    data = letters_zip(tables, {})
    assert [row[4:] for row in listed(data)[2:]] == [(None, None, None)]
    assert len(unzipped(data)) == 2


def test_a_later_decision_has_letters_for_what_it_changes() -> None:
    data = letters_zip(changed({}, LATER, (override(case(3)),)), {})
    assert [row[0] for row in listed(data)[1:]] == [case(3)]


def test_templates_are_used_by_language() -> None:
    tables = decided(4)
    files = unzipped(letters_zip(tables, {"sv": template("Egen mall")}))
    used = {name: "Egen mall" in texts(read(data)) for name, data in files.items() if name != render(LIST, "fi")}
    assert used == {name: name.endswith(".sv.docx") for name in used}
    assert len(used) == 4


def test_texts_of_the_list_are_no_formulas() -> None:
    tables = changed({case(0): {"applicant": '=HYPERLINK("http://x")'}}, n=1)
    cell = sheet(letters_zip(tables, {}))["B2"]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://x")')


@pytest.mark.parametrize(
    ("case_number", "name"),
    [
        ("VM/1/2020", "VM-1-2020.fi.docx"),
        ("../../etc", "etc.fi.docx"),
        ("CON", "_CON.fi.docx"),
        ("§ä/\x00", "letter.fi.docx"),
        ("A" * 500, "A" * 80 + ".fi.docx"),
    ],
)
def test_file_names_are_safe(case_number: str, name: str) -> None:
    assert file_name(case_number, "fi", set()) == name


def test_file_names_that_would_be_the_same_are_told_apart() -> None:
    taken: set[str] = set()
    names = [file_name(one, "fi", taken) for one in ("VN/1/2022", "VN-1-2022", "vn 1 2022", "VN/1/2022_2")]
    assert names == ["VN-1-2022.fi.docx", "VN-1-2022_2.fi.docx", "vn-1-2022_3.fi.docx", "VN-1-2022_2_2.fi.docx"]


def test_every_status_has_a_letter() -> None:
    for status in STATUSES:
        document = read(letter(changed({case(0): {"status": status}}, n=1), case(0), None))
        assert document.element.body.find(qn("w:p")) is not None
