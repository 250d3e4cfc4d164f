"""Letters as LibreOffice opens and prints them, and templates that it saved."""

import subprocess
from pathlib import Path

import pytest

from tests.support.decided import decided
from tests.support.office import SECONDS, convert, pictures
from tests.workbooks.letter_samples import read, texts
from workbooks.letter_default import default_template
from workbooks.letter_template import read_template
from workbooks.letters import letter

pytestmark = pytest.mark.office
TABLES = decided(40)
WANTED = (("approved", "fi"), ("rejected", "fi"), ("approved", "sv"), ("dismissed", "sv"))


def cases() -> list[str]:
    """One application per status and language of ``WANTED``."""
    rows = TABLES["applications"]
    return [next(r["case_number"] for r in rows if (r["status"], r["language"]) == one) for one in WANTED]


def printed(pdf: bytes, tmp_path: Path) -> list[str]:
    """The text of each page."""
    file = tmp_path / "letter.pdf"
    file.write_bytes(pdf)
    run = subprocess.run(["pdftotext", "-layout", str(file), "-"], check=True, capture_output=True, timeout=SECONDS)
    return run.stdout.decode().removesuffix("\f").split("\f")


def test_letters_print_on_pages_with_their_instructions_on_the_last(tmp_path: Path) -> None:
    letters = [letter(TABLES, number, None) for number in cases()]
    pdfs = convert(letters, "pdf", tmp_path, "fi-FI", source="docx")
    for number, (status, language), pdf in zip(cases(), WANTED, pdfs, strict=True):
        pages = printed(pdf, tmp_path)
        assert len(pages) == (3 if status == "approved" else 2)
        for at, page in enumerate(pages, start=1):
            assert number in page
            assert f"{at} ({len(pages)})" in page
        heading = {"fi": "Oikaisuvaatimusohje", "sv": "Anvisning för begäran om omprövning"}[language]
        assert [heading in page for page in pages] == [False] * (len(pages) - 1) + [True]
    assert len(pictures(pdfs[0], tmp_path)) == 3


def test_a_template_saved_by_libreoffice_makes_the_same_letter(tmp_path: Path) -> None:
    number = cases()[0]
    (saved,) = convert([default_template("fi")], "docx", tmp_path, "fi-FI", source="docx")
    read_template(saved, "malli.docx")
    assert list(texts(read(letter(TABLES, number, saved)))) == list(texts(read(letter(TABLES, number, None))))
