"""Which files are taken as attachments, and in what words the others are refused."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales import Message, render
from sample_data.attachments import sample_attachments
from sample_data.generator import applications
from tools.sample_pdfs import DOCUMENTS, FOLDER, write_pdf
from workbooks.attachment import (
    LARGEST_FILE,
    LARGEST_TOTAL,
    LONGEST_NAME,
    MEGABYTE,
    MOST_FILES,
    check_pdf,
    check_room,
    clean_name,
)

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"


def words(faults: tuple[Message, ...]) -> list[str]:
    return [render(fault, "en") for fault in faults]


def sized(size: int) -> bytes:
    """A PDF of exactly this many bytes."""
    return PDF[:9] + b" " * (size - len(PDF)) + PDF[9:]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (PDF, "suunnitelma.pdf"),
        (PDF, "SUUNNITELMA.PDF"),
        (PDF, "Hanke – äö, å (2).Pdf"),
        (b"X-Mail: 1\r\n" + PDF, "a.pdf"),
        (PDF + b"\r\n\0\0\0", "a.pdf"),
        (PDF.replace(b"endobj", b"endobj stream\n(/Encrypt 5 0 R)\nendstream"), "a.pdf"),
        (PDF.replace(b"/Root", b"/EncryptMetadata false /Root"), "a.pdf"),
        (sized(LARGEST_FILE), "a.pdf"),
        (PDF, "a" * (LONGEST_NAME - 4) + ".pdf"),
    ],
)
def test_a_pdf_file_is_taken(data: bytes, name: str) -> None:
    assert check_pdf(data, name) == ()


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "a.pdf", ["a.pdf is empty. Attach a PDF file with content."]),
        (
            b"PK\x03\x04" + PDF[9:],
            "a.pdf",
            ["a.pdf is not a PDF file by its content. Save the document as PDF and attach that."],
        ),
        (
            b" " * 2000 + PDF,
            "a.pdf",
            ["a.pdf is not a PDF file by its content. Save the document as PDF and attach that."],
        ),
        (PDF[:-6], "a.pdf", ["a.pdf is cut short: the end of the PDF file is missing. Fetch or save it again."]),
        (
            PDF.replace(b"/Root", b"/Encrypt 5 0 R /Root"),
            "a.pdf",
            ["a.pdf is encrypted or protected by a password. Save it as PDF without protection and attach that."],
        ),
        (
            PDF.replace(b"/Root", b"/Encrypt<< /V 2 >> /Root"),
            "a.pdf",
            ["a.pdf is encrypted or protected by a password. Save it as PDF without protection and attach that."],
        ),
        (PDF, "a.docx", ["a.docx is not named as a PDF file. The name must end with .pdf."]),
        (PDF, ".pdf", [".pdf is not named as a PDF file. The name must end with .pdf."]),
        (PDF, "x/\x00", ["– is not named as a PDF file. The name must end with .pdf."]),
        (
            PDF,
            "b" * LONGEST_NAME + ".pdf",
            [f"The file name {'b' * 60}… has 124 characters. A name may have at most 120."],
        ),
        (
            sized(LARGEST_FILE + 1),
            "C:\\kansio\\iso.pdf",
            ["iso.pdf is 10.01 MB. An attachment may be at most 10 MB."],
        ),
        (
            b"<html>" * (2 * MEGABYTE),
            "sivu.html",
            [
                "sivu.html is not named as a PDF file. The name must end with .pdf.",
                "sivu.html is 12.00 MB. An attachment may be at most 10 MB.",
                "sivu.html is not a PDF file by its content. Save the document as PDF and attach that.",
            ],
        ),
    ],
)
def test_another_file_is_refused_in_words(data: bytes, name: str, said: list[str]) -> None:
    assert words(check_pdf(data, name)) == said


def test_an_encryption_added_by_a_later_version_of_the_file_is_found() -> None:
    later = b"trailer\n<< /Root 1 0 R /Encrypt 7 0 R >>\nstartxref\n9\n%%EOF\n"
    between = b"2 0 obj\n<< /Length 3 >>\nstream\nabc\nendstream\nendobj\n"
    assert len(check_pdf(PDF + between + later, "a.pdf")) == 1


def test_a_file_made_to_be_slow_is_checked_fast() -> None:
    begun = time.perf_counter()
    for part in (b"stream\n", b"stream endstream ", b"/Encrypt 1 ", b"/Encrypt" + b" " * 999, b"/Encrypt" + b"1" * 999):
        check_pdf(PDF[:9] + part * (9 * MEGABYTE // len(part)) + PDF[9:], "a.pdf")
    assert time.perf_counter() - begun < 10


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("/etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\liite.pdf", "liite.pdf"),
        ("  väli\tlyönti\n .pdf ", "väli lyönti .pdf"),
        ("lasku\u202efdp.exe.pdf", "laskufdp.exe.pdf"),
        ("a\u0308.pdf", "ä.pdf"),
        ("huono\udcff.pdf", "huono.pdf"),
        ("", ""),
    ],
)
def test_a_name_is_cleaned(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


@given(st.text(st.characters(), max_size=200))
def test_a_cleaned_name_holds_no_path_and_stays_as_it_is(name: str) -> None:
    kept = clean_name(name)
    assert clean_name(kept) == kept
    assert kept == kept.strip()
    assert kept.isprintable()
    assert not {"/", "\\"} & set(kept)


@given(st.binary(max_size=300), st.text(max_size=130))
def test_any_bytes_are_answered_in_words(data: bytes, name: str) -> None:
    for language in ("fi", "sv", "en"):
        assert all(render(fault, language) for fault in check_pdf(data, name))


def test_what_does_not_fit_is_refused() -> None:
    assert check_room([], LARGEST_FILE, "a.pdf") == ()
    assert check_room([LARGEST_FILE] * 4, LARGEST_FILE, "a.pdf") == ()
    assert check_room([1] * (MOST_FILES - 1), 1, "a.pdf") == ()
    assert words(check_room([LARGEST_TOTAL], 1, "a.pdf")) == [
        "a.pdf was not attached: the attachments would be 50.01 MB together. At most 50 MB is accepted."
    ]
    assert words(check_room([1] * MOST_FILES, 1, "a.pdf")) == [
        "a.pdf was not attached: the application has 20 attachments, which is the most it may have."
    ]


def test_the_sample_documents_are_what_the_script_writes() -> None:
    assert {path.name: path.read_bytes() for path in sorted(Path(FOLDER).iterdir())} == {
        name: write_pdf(document) for name, document in sorted(DOCUMENTS.items())
    }


@pytest.mark.parametrize("call_id", ["2020", "2022"])
def test_the_sample_attachments_are_taken_and_belong_to_applications_in_their_language(call_id: str) -> None:
    made = sample_attachments(call_id)
    languages = {a.case_number: a.language for a in applications(call_id)}
    assert len({case for case, _, _ in made}) == 10
    assert {(name, languages[case]) for case, name, _ in made} == {(n, d.lang) for n, d in DOCUMENTS.items()}
    assert [check_pdf(data, name) for _, name, data in made] == [()] * len(made)


def test_an_unknown_call_has_no_sample_attachments() -> None:
    assert sample_attachments("1999") == []
