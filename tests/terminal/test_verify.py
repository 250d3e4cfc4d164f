"""``manage.py verify``: what it says, its record, and that its exit code is 0 or 1 whatever it is given."""

import json
from pathlib import Path

import pytest

from decisions.snapshot import Snapshot, to_bytes
from decisions.tables import Tables, hash_of
from tests.support.decided import decided
from tests.support.tampering import Opened
from tests.terminal.commands import APPLICATIONS, Manage
from workbooks.decision_write import decision_workbook


@pytest.fixture(scope="module")
def tables() -> Tables:
    return decided(6)


@pytest.fixture(scope="module")
def book(tables: Tables) -> bytes:
    return decision_workbook(tables, "fi")


@pytest.fixture
def manage(tmp_path: Path) -> Manage:
    return Manage(f"sqlite:///{tmp_path}/never-made.db")


@pytest.fixture
def file(book: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "päätös.xlsx"
    path.write_bytes(book)
    return path


@pytest.fixture
def touched(book: bytes, tmp_path: Path) -> Path:
    opened = Opened(book)
    found = next(one for one in opened.cells("Pisteet") if one.text == "Perustelu 2.1.1")
    opened.put_text(found, "Toinen\nperustelu")
    path = tmp_path / "touched.xlsx"
    path.write_bytes(opened.saved())
    return path


def test_a_fresh_workbook_agrees_and_needs_no_database(manage: Manage, file: Path, tables: Tables) -> None:
    said = manage("verify", file)
    agrees = (
        "Everything agrees: values, digests, formulas, number formats, ranks and every euro solved again.\n"
        "Not checked: fonts, colours, column widths and what the charts show; the other scenarios of the comparison; "
        "without the published hash, whether this is the decision that was made.\n"
    )
    assert (said.code, said.out, said.err) == (0, f"{agrees}Hash: {hash_of(tables)}\n", "")
    assert not list(file.parent.glob("*.db*"))
    assert manage("verify", file, "--json").json == {
        "file": str(file),
        "ok": True,
        "hash": hash_of(tables),
        "findings": [],
        "further": 0,
    }


def test_a_changed_cell_is_named_in_one_line_and_in_the_record(
    manage: Manage, touched: Path, tables: Tables, tmp_path: Path
) -> None:
    snapshot, record = tmp_path / "frozen.json", tmp_path / "record.json"
    snapshot.write_bytes(to_bytes(Snapshot(tables, {})))
    said = manage("verify", touched, "--snapshot", snapshot, "--json", record)
    assert (said.code, said.err) == (1, "")
    first = said.out.splitlines()[0]
    assert first.startswith("Sheet Pisteet, cell ")
    assert first.endswith(
        ": The value is not the one that was hashed. Stated: Toinen perustelu; expected: Perustelu 2.1.1."
    )
    written = json.loads(record.read_text("utf-8"))
    assert (written["ok"], written["findings"][0]["sheet"]) == (False, "Pisteet")
    assert {*written["findings"][0]} == {"sheet", "cell", "stated", "expected", "problem"}
    assert written["findings"][0]["cell"] == first.split()[3].rstrip(":")
    assert written["findings"][0]["expected"] == "Perustelu 2.1.1"


def test_the_published_hash_decides(manage: Manage, file: Path, tables: Tables) -> None:
    assert manage("verify", file, "--expect", hash_of(tables)).code == 0
    said = manage("verify", file, "--expect", "0" * 64)
    assert said.code == 1
    assert "The decision is not the one that was published with this hash." in said.out
    assert manage("verify", file, "--expect", "").code == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gone.xlsx", None, "cannot be read"),
        ("empty.xlsx", b"", "is not a workbook"),
        ("notes.txt", b"notes", "is not a workbook"),
        ("torn.xlsx", b"PK\x03\x04torn", "is damaged"),
        ("other.xlsx", APPLICATIONS, "is not a decision workbook of this program"),
    ],
)
def test_a_file_that_cannot_be_checked_is_one_sentence_and_exit_1(
    manage: Manage, tmp_path: Path, name: str, content: bytes | Path | None, words: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content.read_bytes() if isinstance(content, Path) else content)
    said = manage("verify", path)
    assert said.code == 1
    lines = (said.out + said.err).splitlines()
    assert len(lines) == 1
    assert words in lines[0]
    assert name in lines[0]


def test_every_other_fault_of_the_command_line_is_exit_1(manage: Manage, file: Path, tmp_path: Path) -> None:
    assert manage("verify").code == 1
    assert manage("verify", file, "--no-such-option").code == 1
    assert manage("verify", tmp_path).code == 1
    assert manage("verify", file, "--snapshot", tmp_path / "gone.json").code == 1
    assert manage("verify", file, "--json", file).code == 1
    assert manage("verify", file, "--json", tmp_path / "no" / "folder.json").code == 1
    assert manage("verify", file, "--snapshot", file).code == 1
