"""``attach``."""

from hashlib import sha256
from pathlib import Path

from tests.support.worlds import CASES
from tests.terminal.commands import Manage

CASE = CASES[0]


def made(folder: Path, name: str, data: bytes | None = None) -> Path:
    file = folder / name
    file.write_bytes(b"%PDF-1.4\n%" + name.encode() + b"\n%%EOF\n" if data is None else data)
    return file


def test_files_are_attached_and_listed(in_panel: Manage, tmp_path: Path) -> None:
    none = in_panel("attach", "--list", "--call", "2022", CASE)
    assert (none.code, none.out) == (0, "The application has no attachments.\n")
    files = [made(tmp_path, "suunnitelma.pdf"), made(tmp_path, "arvio.pdf")]
    said = in_panel("attach", "--call", "2022", CASE, *files)
    assert (said.code, said.out, said.err) == (0, "2 files were attached.\n", "")
    listed = in_panel("attach", "--list", "--call", "2022", CASE)
    digests = [sha256(file.read_bytes()).hexdigest()[:12] for file in files]
    assert (listed.code, [line.split() for line in listed.out.splitlines()]) == (
        0,
        [[digests[0], "32", "B", "suunnitelma.pdf"], [digests[1], "26", "B", "arvio.pdf"]],
    )


def test_a_refused_file_is_named_and_the_good_ones_are_attached(in_panel: Manage, tmp_path: Path) -> None:
    said = in_panel("attach", "--call", "2022", CASE, made(tmp_path, "a.pdf"), made(tmp_path, "b.pdf", b"teksti"))
    assert (said.code, said.out, said.err) == (
        1,
        "1 file was attached.\n",
        "b.pdf is not a PDF file by its content. Save the document as PDF and attach that.\n",
    )


def test_when_nothing_is_attached_the_code_is_2(in_panel: Manage, tmp_path: Path) -> None:
    good = made(tmp_path, "a.pdf")
    missing = tmp_path / "puuttuu.pdf"
    for words, said in (
        (("2022", CASE, missing), f"The file {missing} cannot be read: No such file or directory.\n"),
        (("2022", "VN/404/2022", good), "There is no application VN/404/2022 in this call that you can see.\n"),
        (("1999", CASE, good), "There is no call 1999. The calls here are: 2022, 2020.\n"),
    ):
        answer = in_panel("attach", "--call", *words)
        assert (answer.code, answer.out, answer.err) == (2, "", said)
    nothing = in_panel("attach", "--list", "--call", "2022", "VN/404/2022")
    assert nothing.code == 2
    assert nothing.err == "There is no application VN/404/2022 in this call that you can see.\n"


def test_wrong_use_is_refused(in_panel: Manage, tmp_path: Path) -> None:
    assert in_panel("attach", "--call", "2022", CASE).code == 2
    assert in_panel("attach", "--list", "--call", "2022", CASE, made(tmp_path, "a.pdf")).code == 2
    assert in_panel("attach", CASE, made(tmp_path, "a.pdf")).code == 2
