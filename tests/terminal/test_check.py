"""``manage.py check``: what it says and its exit codes, on sound, broken and unreadable databases."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.terminal.commands import Manage
from workflow.invariants import INVARIANTS, REPLAY


def raw(manage: Manage, statement: str) -> None:
    """Write past the program and its log."""
    connection = sqlite3.connect(manage.url.removeprefix("sqlite:///"))
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_sound_database_holds_everything(in_panel: Manage) -> None:
    said = in_panel("check")
    assert (said.code, said.err) == (0, "")
    assert said.out == f"{len(INVARIANTS)} invariants were checked; all hold.\n"
    replayed = in_panel("check", "--replay")
    assert (replayed.code, replayed.out) == (0, f"{len(INVARIANTS) + 1} invariants were checked; all hold.\n")


def test_a_broken_invariant_is_named_with_its_sentence_and_place(in_panel: Manage) -> None:
    raw(in_panel, "UPDATE review_scores SET level = 9 WHERE review_id = 1 AND criterion_id = 'consortium'")
    said = in_panel("check")
    assert (said.code, said.err) == (1, "")
    lines = said.out.splitlines()
    assert lines[:2] == [
        "level_on_its_scale: Every level of a review is on the scale of its criterion.",
        "  application VN/1/2022, Arvi; found: consortium = 9",
    ]
    names = [line.partition(":")[0] for line in lines if not line.startswith(" ")][:-1]
    assert names == ["level_on_its_scale", "newest_version_is_the_review", "every_change_is_logged"]
    assert lines[-1] == f"3 invariants of {len(INVARIANTS)} do not hold."


def test_json_has_every_name_and_every_place(in_panel: Manage, tmp_path: Path) -> None:
    sound = in_panel("check", "--replay", "--json")
    assert sound.code == 0
    assert sound.json == {"checked": [*(i.name for i in INVARIANTS), REPLAY.name], "broken": []}
    raw(in_panel, "UPDATE accounts SET employer = 'Muu' WHERE username = 'arvi'")
    file = tmp_path / "broken.json"
    said = in_panel("check", "--json", file)
    assert said.code == 1
    assert json.loads(file.read_text("utf-8"))["broken"] == [
        {
            "name": "every_change_is_logged",
            "text": "Every row is as the last entry of the audit log about it says.",
            "where": "table accounts, id 6",
            "what": "found: employer = Muu",
        }
    ]
    assert "employer = Muu" in said.out


def test_replaying_finds_the_table_that_the_log_does_not_rebuild(in_panel: Manage) -> None:
    raw(in_panel, "UPDATE accounts SET employer = 'Muu' WHERE username = 'arvi'")
    said = in_panel("check", "--replay")
    assert said.code == 1
    assert "  table accounts; differs from what the log rebuilds" in said.out.splitlines()


def test_what_cannot_be_read_is_refused(manage: Manage, in_panel: Manage, tmp_path: Path) -> None:
    for said in (
        manage("check"),
        in_panel("check", "--json", tmp_path / "none" / "x.json"),
        Manage("nonsense")("check"),
    ):
        assert (said.code, said.out) == (2, "")
        assert said.err.strip()
    assert not Path(manage.url.removeprefix("sqlite:///")).exists(), "a check makes no database"
    raw(in_panel, "DROP TABLE awards")
    said = in_panel("check")
    assert (said.code, said.out) == (2, "")
    assert "awards" in said.err


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_a_check_writes_nothing(in_panel: Manage, lang: str) -> None:
    file = Path(in_panel.url.removeprefix("sqlite:///"))
    in_panel("check", lang=lang)
    before = file.read_bytes()
    assert in_panel("check", lang=lang).code == 0
    assert file.read_bytes() == before
