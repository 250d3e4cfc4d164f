"""``import``, ``template`` and ``eligibility``."""

import json
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from locales import render
from storage.engine import make_engine
from storage.replay import contents
from tests.terminal.commands import APPLICATIONS, FAULTY, Manage
from workbooks.columns import BY_ID, COLUMNS, letter


def rows(manage: Manage) -> dict[str, int]:
    engine = make_engine(manage.url)
    found = {name: len(table) for name, table in contents(engine).items()}
    engine.dispose()
    return found


def test_the_sample_workbook_gives_49_applications_and_a_second_import_changes_nothing(manage: Manage) -> None:
    first = manage("import", "--call", "2022", APPLICATIONS)
    assert (first.code, first.out.splitlines()) == (
        0,
        ["New 49, answers to requests 0, differing 0, unchanged 0, faulty 0.", "49 applications were taken."],
    )
    before = rows(manage)
    assert before["applications"] == 49
    second = manage("import", "--call", "2022", APPLICATIONS)
    assert (second.code, second.out.splitlines()) == (
        0,
        ["New 0, answers to requests 0, differing 0, unchanged 49, faulty 0.", "Importing changed nothing."],
    )
    assert rows(manage) == before


def test_the_faulty_workbook_shows_every_fault_with_its_place_and_nothing_is_saved(manage: Manage) -> None:
    manage("call", "list")
    before = rows(manage)
    said = manage("import", "--call", "2022", FAULTY)
    assert said.code == 1
    assert rows(manage) == before
    assert said.out.splitlines()[-1].startswith("Nothing was taken.")
    record = manage("import", "--call", "2022", FAULTY, "--json")
    assert record.code == 1
    faults = record.json["faults"]
    assert len(faults) == len([line for line in said.out.splitlines() if line.startswith("Sheet ")])
    book = load_workbook(FAULTY)
    sheet = book[faults[0]["sheet"]]
    columns = {letter(place): column for place, column in enumerate(COLUMNS, start=1)}
    for fault in faults:
        assert fault["sheet"] == sheet.title
        assert 2 <= fault["row"] <= sheet.max_row
        assert fault["column"] in columns
        assert fault["field"]
        assert fault["problem"].endswith(".")
        assert fault["accepted"]
        if fault["value"] and isinstance(sheet[f"{fault['column']}{fault['row']}"].value, str):
            assert sheet[f"{fault['column']}{fault['row']}"].value.strip().startswith(fault["value"][:10].strip())
    # Every column that can be wrong on its own is wrong somewhere.
    wrong = {columns[fault["column"]].id for fault in faults}
    free_texts = {"coordinator_name", "cost_premises", "cost_other"}
    assert wrong | free_texts >= {column.id for column in COLUMNS}
    assert (record.json["taken"], record.json["changed_nothing"]) == (0, True)


def test_the_good_rows_can_be_taken_and_the_bad_ones_mended(manage: Manage, tmp_path: Path) -> None:
    mend = tmp_path / "korjattavat.xlsx"
    said = manage("import", "--call", "2022", FAULTY, "--take-good", "--bad-rows", mend, "--json")
    assert (said.code, said.json["taken"]) == (1, said.json["new"])
    assert said.json["taken"] > 0
    assert rows(manage)["applications"] == said.json["taken"]
    again = manage("import", "--call", "2022", mend, "--json")
    assert (again.code, again.json["faulty"]) == (1, said.json["faulty"])
    _mend(mend)
    mended = manage("import", "--call", "2022", mend, "--json")
    assert (mended.code, mended.json["faults"], mended.json["taken"]) == (0, [], said.json["faulty"])
    assert rows(manage)["applications"] == said.json["taken"] + said.json["faulty"]


def _mend(file: Path) -> None:
    """Put a sound row in the place of every bad one."""
    sound = load_workbook(APPLICATIONS).worksheets[0]
    values = [sound.cell(row=2, column=place).value for place in range(1, len(COLUMNS) + 1)]
    book = load_workbook(file)
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    first = headings.index(render(BY_ID["case_number"].label, "en")) + 1
    for row in range(2, sheet.max_row + 1):
        for place, value in enumerate(values):
            sheet.cell(row=row, column=first + place).value = value
        sheet.cell(row=row, column=first).value = f"ESIM/2022/K{row}"
    book.save(file)


def test_rows_that_differ_are_taken_only_when_accepted(manage: Manage, tmp_path: Path) -> None:
    manage("import", "--call", "2022", APPLICATIONS)
    other = tmp_path / "uudet.xlsx"
    book = load_workbook(APPLICATIONS)
    applied = next(i for i, column in enumerate(COLUMNS, start=1) if column.id == "applied")
    book.worksheets[0].cell(row=2, column=applied).value = 1_000
    case = book.worksheets[0].cell(row=2, column=1).value
    book.save(other)
    held = manage("import", "--call", "2022", other, "--json")
    assert (held.code, held.json["differing"], held.json["changed_nothing"]) == (1, [case], True)
    taken = manage("import", "--call", "2022", other, "--accept-changes", "--json")
    assert (taken.code, taken.json["taken"], taken.json["unchanged"]) == (0, 1, 48)
    assert rows(manage)["application_versions"] == 50


def test_a_dry_run_takes_nothing(manage: Manage) -> None:
    said = manage("import", "--call", "2022", APPLICATIONS, "--dry-run")
    assert (said.code, said.out.splitlines()[-1]) == (0, "Checked only; nothing was taken.")
    assert rows(manage)["applications"] == 0


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"%PDF-1.7 x", b"\x00" * 100])
def test_a_file_that_is_no_workbook_is_refused(manage: Manage, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "rikki.xlsx"
    file.write_bytes(content)
    said = manage("import", "--call", "2022", file)
    assert (said.code, said.out) == (2, "")
    assert said.err.strip()
    record = manage("import", "--call", "2022", file, "--json")
    assert (record.code, record.json) == (2, {"call": "2022", "file": "rikki.xlsx", "refused": said.err.strip()})
    assert rows(manage)["applications"] == 0


def test_what_cannot_be_read_is_refused(manage: Manage, tmp_path: Path) -> None:
    for file in (tmp_path / "none.xlsx", tmp_path):
        said = manage("import", "--call", "2022", file)
        assert (said.code, said.out) == (2, "")
        assert str(file) in said.err


def test_an_unknown_call_is_refused_and_the_known_ones_are_named(manage: Manage) -> None:
    for command in ("import", "eligibility", "rank", "allocate", "export", "template"):
        words: dict[str, list[object]] = {
            "import": [APPLICATIONS],
            "export": ["--out", "x.xlsx"],
            "template": ["--out", "x.xlsx"],
        }
        said = manage(command, "--call", "1999", *words.get(command, []))
        assert (said.code, said.out) == (2, ""), command
        assert said.err.strip() == "There is no call 1999. The calls here are: 2022, 2020.", command


def test_json_goes_to_a_file_or_to_the_output(manage: Manage, tmp_path: Path) -> None:
    target = tmp_path / "tulos.json"
    said = manage("import", "--call", "2022", APPLICATIONS, "--json", target)
    assert said.code == 0
    assert said.out.splitlines()[-1] == "49 applications were taken."
    assert json.loads(target.read_text("utf-8"))["taken"] == 49
    assert [p.name for p in tmp_path.glob("*.part")] == []


def test_json_directly_before_the_file_never_overwrites_it(manage: Manage, tmp_path: Path) -> None:
    file = tmp_path / "hakemukset.xlsx"
    shutil.copy(APPLICATIONS, file)
    before = file.read_bytes()
    said = manage("import", "--call", "2022", "--json", file)
    assert (said.code, said.json["taken"]) == (0, 49)
    assert file.read_bytes() == before
    for words in (["--json", file, file], [file, "--json", file], [file, "--bad-rows", file]):
        said = manage("import", "--call", "2022", *words)
        assert (said.code, said.out) == (2, "")
        assert str(file) in said.err
        assert file.read_bytes() == before


def test_a_place_that_cannot_be_written_is_refused_before_anything_is_taken(manage: Manage, tmp_path: Path) -> None:
    for option in ("--json", "--bad-rows"):
        for place in (tmp_path / "none" / "x", tmp_path):
            said = manage("import", "--call", "2022", APPLICATIONS, option, place)
            assert (said.code, said.out) == (2, "")
            assert said.err.strip()
    manage("call", "list")
    assert rows(manage)["applications"] == 0


def test_the_template_can_be_written(manage: Manage, tmp_path: Path) -> None:
    target = tmp_path / "pohja.xlsx"
    assert manage("template", "--call", "2022", "--out", target, lang="sv").code == 0
    assert len(load_workbook(target).sheetnames) == 2
    assert manage("template", "--call", "2022", "--out", tmp_path / "none" / "x.xlsx").code == 2


def test_eligibility_lists_findings_and_confirms_the_clear_cases(manage: Manage) -> None:
    manage("import", "--call", "2022", APPLICATIONS)
    record = manage("eligibility", "--call", "2022", "--json")
    assert record.code == 1
    found = record.json["applications"]
    assert len(found) == 49
    clear = [a["case_number"] for a in found if all(f["outcome"] == "met" for f in a["findings"])]
    assert {a["state"] for a in found} == {"unconfirmed"}
    assert manage("eligibility", "--call", "2022", "--confirm-clear", " ").code == 2
    after = manage("eligibility", "--call", "2022", "--confirm-clear", "Edellytykset täyttyvät.", "--json")
    assert after.code == 1
    states = {a["case_number"]: a["state"] for a in after.json["applications"]}
    assert [case for case, state in states.items() if state == "eligible"] == clear
    said = manage("eligibility", "--call", "2022", lang="fi")
    assert all(case in said.out for case in states)
