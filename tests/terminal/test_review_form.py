"""``review-form export|check|apply``."""

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from calls.definition import CallDefinition
from locales import render
from storage.audit import list_audit
from storage.engine import make_engine
from storage.replay import contents
from storage.unit import reading
from tests.support.worlds import CALL, CASES, CRITERIA
from tests.terminal.commands import Answer, Manage
from workbooks.review_form import read_form

FIRST = CRITERIA[0]
ARVI = ("--call", "2022", "--reviewer", "arvi")


def fill(file: Path, values: Mapping[str, Mapping[str, Any]], call: CallDefinition = CALL) -> None:
    rows = {row.case_number: row for row in read_form(file.read_bytes(), call).rows}
    book = load_workbook(BytesIO(file.read_bytes()))
    for case, fields in values.items():
        for field, value in fields.items():
            book[rows[case].sheet][rows[case].cells[field]].value = value
    book.save(file)


def tables(manage: Manage) -> dict[str, Any]:
    engine = make_engine(manage.url)
    found = contents(engine)
    engine.dispose()
    return found


@pytest.fixture
def form(in_panel: Manage, tmp_path: Path) -> Path:
    """The form of daavid, who has a draft of the third application."""
    file = tmp_path / "lomake.xlsx"
    done = daavid(in_panel, "export", "--out", file)
    assert (done.code, done.err) == (0, "")
    return file


def daavid(manage: Manage, command: str, *words: object) -> Answer:
    return manage("review-form", command, *words, "--call", "2022", "--reviewer", "daavid")


def test_form_goes_out_and_untouched_back_without_a_change(in_panel: Manage, form: Path) -> None:
    rows = read_form(form.read_bytes(), CALL).rows
    assert CASES[2] in [row.case_number for row in rows]
    before = tables(in_panel)
    for command in ("check", "apply"):
        said = daavid(in_panel, command, form)
        assert (said.code, said.err) == (0, "")
        assert [line.split(": ")[1] for line in said.out.splitlines()[:-1]] == ["No change."] * len(rows)
    assert tables(in_panel) == before


def test_check_shows_changes_and_saves_nothing(in_panel: Manage, form: Path) -> None:
    fill(form, {CASES[2]: {f"level:{FIRST}": 3, f"reason:{FIRST}": "Uusi perustelu."}})
    before = tables(in_panel)
    said = daavid(in_panel, "check", form)
    assert said.code == 0
    assert "→ 3 – " in said.out
    assert "→ Uusi perustelu." in said.out
    assert said.out.splitlines()[-1] == "Checked only; nothing was saved."
    record = daavid(in_panel, "check", form, "--json").json
    (row,) = [row for row in record["rows"] if row["case_number"] == CASES[2]]
    assert (row["outcome"], row["why"]) == ("change", [])
    assert [(c["field"], c["before"], c["after"]) for c in row["changes"]] == [
        (f"level:{FIRST}", 5, 3),
        (f"reason:{FIRST}", "Perustelu 5.", "Uusi perustelu."),
    ]
    assert (record["call"], record["reviewer"], record["saved"], record["faults"]) == ("2022", "daavid", [], [])
    assert tables(in_panel) == before


def test_apply_saves_drafts_and_the_log_names_both(in_panel: Manage, form: Path) -> None:
    fill(form, {CASES[2]: {f"level:{FIRST}": 3}})
    said = daavid(in_panel, "apply", form)
    assert (said.code, said.out.splitlines()[-1]) == (0, "1 review was saved as a draft.")
    (review,) = [row for row in tables(in_panel)["reviews"] if row["version"] == 2]
    assert review["state"] == "draft"
    engine = make_engine(in_panel.url)
    with reading(engine) as uow:
        newest = list_audit(uow, "2022", 20, None)
    engine.dispose()
    entries = [entry for entry in newest if entry.unit == newest[0].unit]
    assert {entry.entity for entry in entries} == {"reviews", "review_scores", "review_versions"}
    for entry in entries:
        assert entry.actor_id == review["reviewer_id"]
        assert entry.actor_name.startswith("Daavid, manage.py (")


def test_faults_leave_their_row_and_give_exit_one(in_panel: Manage, form: Path, tmp_path: Path) -> None:
    other = next(row.case_number for row in read_form(form.read_bytes(), CALL).rows if row.case_number != CASES[2])
    fill(form, {CASES[2]: {f"level:{FIRST}": "9"}, other: {f"level:{FIRST}": 4}})
    cell = read_form(form.read_bytes(), CALL).rows[0].cells[f"level:{FIRST}"]
    said = daavid(in_panel, "check", form)
    assert said.code == 1
    (line,) = [line for line in said.out.splitlines() if line.startswith("Sheet ")]
    assert f"cell {cell}: 9 – The level is not one of the levels of this criterion. One of " in line
    assert any(line.startswith("Before submitting, sheet ") for line in said.out.splitlines())
    out = tmp_path / "tulos.json"
    done = daavid(in_panel, "apply", form, "--json", out)
    assert done.code == 1
    record = json.loads(out.read_text())
    assert record["saved"] == [other]
    assert [(fault["cell"], fault["value"]) for fault in record["faults"]] == [(cell, "9")]
    assert record["missing"]


def test_outdated_row_is_saved_only_by_name(in_panel: Manage, form: Path, tmp_path: Path) -> None:
    newer = tmp_path / "uudempi.xlsx"
    newer.write_bytes(form.read_bytes())
    fill(newer, {CASES[2]: {f"level:{FIRST}": 2}})
    assert daavid(in_panel, "apply", newer).code == 0
    fill(form, {CASES[2]: {f"level:{FIRST}": 1}})
    left = daavid(in_panel, "apply", form)
    assert (left.code, left.out.splitlines()[-1]) == (1, "0 reviews were saved as drafts.")
    assert "saved elsewhere after the form was downloaded" in left.out
    unknown = daavid(in_panel, "apply", form, "--take-outdated", "VN/9/2022")
    assert (unknown.code, unknown.err) == (2, "Not outdated in the form: VN/9/2022. Nothing was saved.\n")
    assert daavid(in_panel, "apply", form, "--take-outdated", CASES[2]).code == 0
    versions = [row["version"] for row in tables(in_panel)["reviews"]]
    assert versions.count(3) == 1


@pytest.mark.parametrize(
    ("username", "words"),
    [
        ("nobody", "There is no account with the user name nobody."),
        ("officer", "The account officer is not a reviewer's."),
        ("celia", "The account celia is disabled."),
    ],
)
def test_only_an_enabled_reviewer_can_be_named(in_panel: Manage, form: Path, username: str, words: str) -> None:
    in_panel("users", "disable", "celia")
    before = tables(in_panel)
    for given in (("export", "--out", form.with_name("x.xlsx")), ("check", form), ("apply", form)):
        said = in_panel("review-form", *given, "--call", "2022", "--reviewer", username)
        assert (said.code, said.out, said.err) == (2, "", words + "\n")
    assert tables(in_panel) == before
    assert not form.with_name("x.xlsx").exists()


def test_wrong_person_call_and_file_are_refused(in_panel: Manage, form: Path, tmp_path: Path) -> None:
    for command in ("check", "apply"):
        other = in_panel("review-form", command, form, *ARVI)
        assert (other.code, other.out) == (2, "")
        assert "The form was made for daavid, but the reviewer here is arvi." in other.err
        call = in_panel("review-form", command, form, "--call", "2020", "--reviewer", "daavid")
        assert (call.code, "The form is of the call 2022, but this is the call 2020." in call.err) == (2, True)
        text = tmp_path / "teksti.xlsx"
        text.write_text("ei lomake")
        broken = daavid(in_panel, command, text, "--json")
        assert (broken.code, broken.json["refused"]) == (2, broken.err.strip())
        missing = daavid(in_panel, command, tmp_path / "ei-ole.xlsx")
        assert (missing.code, "cannot be read" in missing.err) == (2, True)
        assert daavid(in_panel, command).code == 2


def test_json_option_before_the_file_does_not_overwrite_it(in_panel: Manage, form: Path) -> None:
    data = form.read_bytes()
    assert daavid(in_panel, "check", "--json", form).json["file"] == form.name
    assert daavid(in_panel, "check", form, "--json", form.with_name("toinen.xlsx")).code == 2
    assert form.read_bytes() == data


def test_export_is_in_the_chosen_language(in_panel: Manage, tmp_path: Path) -> None:
    out = tmp_path / "blankett.xlsx"
    said = in_panel("review-form", "export", "--out", out, "--call", "2022", "--reviewer", "daavid", lang="sv")
    assert said.code == 0
    title = load_workbook(out).worksheets[0].cell(2, 1).value
    assert title == render(CALL.name, "sv")
