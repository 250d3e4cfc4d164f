"""Where the commands write: what cannot be written is refused before anything is saved."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from storage.engine import make_engine
from storage.replay import contents
from tests.terminal.commands import APPLICATIONS, FAULTY, SAMPLES, Manage

ROOT = Path(__file__).resolve().parents[2]
OTHER_CALL = SAMPLES / "applications-2020.xlsx"


def applications(manage: Manage) -> int:
    engine = make_engine(manage.url)
    found = len(contents(engine)["applications"])
    engine.dispose()
    return found


@pytest.mark.parametrize(
    "words",
    [
        [APPLICATIONS, "--json", "/proc/out.json"],
        [APPLICATIONS, "--json", "/proc/version"],
        [FAULTY, "--take-good", "--bad-rows", "/proc/x.xlsx"],
        [FAULTY, "--take-good", "--bad-rows", "/proc/version"],
    ],
)
def test_a_place_that_takes_no_files_is_refused_before_the_import(manage: Manage, words: list[object]) -> None:
    manage("call", "list")
    said = manage("import", "--call", "2022", *words)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"The file {words[-1]} cannot be written: ")
    assert applications(manage) == 0


def test_json_before_a_workbook_is_no_place_to_write_to(manage: Manage, tmp_path: Path) -> None:
    for name in ("uusi.xlsx", "UUSI.XLSX", "uusi.csv"):
        said = manage("import", "--call", "2022", "--json", tmp_path / name, APPLICATIONS)
        assert (said.code, said.out) == (2, "")
        assert "Usage:" in said.err
        assert name in said.err
    assert list(tmp_path.glob("*[xX][lL][sS][xX]")) == list(tmp_path.glob("*.csv")) == []
    manage("call", "list")
    assert applications(manage) == 0


def test_a_link_is_written_through_and_stays(in_panel: Manage, tmp_path: Path) -> None:
    target, link, dangling = tmp_path / "tulos.json", tmp_path / "linkki", tmp_path / "toinen"
    target.write_text("vanha", "utf-8")
    link.symlink_to(target)
    dangling.symlink_to(tmp_path / "uusi.json")
    for place in (link, dangling):
        assert in_panel("rank", "--call", "2022", "--json", place).code == 1
        assert place.is_symlink()
        assert len(json.loads(place.read_text("utf-8"))["applications"]) == 6


@pytest.mark.parametrize("end", ["", "-wal"])
def test_the_open_database_is_never_written_over(in_panel: Manage, end: str) -> None:
    database = Path(in_panel.url.removeprefix("sqlite:///"))
    place = database.with_name(database.name + end)
    place.touch()
    for words in (["check", "--json", place], ["export", "--call", "2022", "--out", place]):
        answer = in_panel(*words)
        assert (answer.code, "is the database" in answer.err) == (2, True)
    assert in_panel("check").code == 0


@pytest.mark.parametrize("words", [["rank"], ["rank", "--json", "-"], ["allocate", "--json", "/dev/stdout"]])
def test_a_full_output_ends_with_one_line(in_panel: Manage, words: list[str]) -> None:
    command = [sys.executable, str(ROOT / "manage.py"), "--database", in_panel.url, *words, "--call", "2022"]
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            command,
            cwd=ROOT,
            env=dict(os.environ),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode in (1, 2)
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_the_file_of_another_call_is_asked_about(manage: Manage) -> None:
    said = manage("import", "--call", "2022", OTHER_CALL, "--dry-run")
    asked = "61 applications arrived outside the window of this call. Is the file of this call?"
    assert (said.code, asked in said.out.splitlines()) == (0, True)
    for call, file, late in (("2020", OTHER_CALL, 1), ("2022", APPLICATIONS, 0)):
        own = manage("import", "--call", call, file, "--dry-run", "--json")
        assert own.json["outside_window"] == late, call


def test_rules_that_cannot_all_be_met_give_no_workbook(in_panel: Manage, tmp_path: Path) -> None:
    tight = ("--call", "2022", "--rule", "proportional", "--appropriation", "30000")
    shown = in_panel("allocate", *tight, "--json")
    assert (shown.code, shown.json["status"], shown.json["spent"]) == (1, "infeasible", 0)
    said = in_panel("export", *tight, "--out", tmp_path / "paatos.xlsx", "--json")
    assert (said.code, said.out) == (2, "")
    assert said.err.splitlines()[0] == "There is no distribution to export."
    assert not (tmp_path / "paatos.xlsx").exists()
