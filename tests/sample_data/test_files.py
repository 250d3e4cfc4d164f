"""The committed workbooks: as the generator makes them, and read back by the intake."""

import ast
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from calls.presets import preset
from calls.register import register
from sample_data.cells import WrongCell, spoil
from sample_data.faulty import good_rows
from sample_data.generator import applications
from sample_data.make import FOLDER, workbooks, write
from workbooks.intake import Intake, read_applications

ROOT = Path(__file__).parents[2]
NAMES = ("applications-2020.xlsx", "applications-2022.xlsx", "applications-2022-faulty.xlsx")


def _parts(data: bytes) -> dict[str, bytes]:
    """What the archive holds: the same on every machine, while packed bytes depend on its zlib."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _read(name: str, call_id: str) -> Intake:
    data = (FOLDER / name).read_bytes()
    return read_applications(data, name, preset(call_id), register(int(call_id)))


def test_committed_files_are_what_the_generator_makes() -> None:
    made = workbooks()
    assert tuple(made) == NAMES
    for name, content in made.items():
        assert _parts((FOLDER / name).read_bytes()) == _parts(content), f"run python -m sample_data.make for {name}"


def test_files_made_twice_have_the_same_bytes(tmp_path: Path) -> None:
    written = write(tmp_path)
    assert {path.name: path.read_bytes() for path in written} == dict(workbooks())


@pytest.mark.parametrize(("call_id", "count"), [("2020", 61), ("2022", 49)])
def test_applications_import_without_faults(call_id: str, count: int) -> None:
    intake = _read(f"applications-{call_id}.xlsx", call_id)
    assert intake.faults == ()
    assert len(intake.rows) == count
    assert intake.applications == applications(call_id)


SPEAKING = {"CellProblem", "PartnersError", "MoneyError", "report", "_formed"}
"""What in the intake reports a fault of a cell."""


def _row_faults() -> set[str]:
    """The texts of all faults that a row can have, collected from the source of the intake."""
    found: set[str] = set()
    for file in (
        "workbooks/intake_fields.py",
        "workbooks/intake_partners.py",
        "workbooks/intake.py",
        "locales/parse.py",
    ):
        for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in SPEAKING:
                found |= {text for argument in node.args for text in _messages(argument)}
    return found


def _messages(argument: ast.expr) -> set[str]:
    found = set()
    for node in ast.walk(argument):
        if (
            isinstance(node, ast.Call)
            and _name(node.func) in {"msg", "msgn"}
            and isinstance(node.args[0], ast.Constant)
        ):
            found.add(str(node.args[0].value))
    return found


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


UNREACHABLE = {"The amount is empty."}
"""A cell of spaces counts as empty before it is read as an amount."""


def test_faulty_workbook_shows_every_kind_of_fault() -> None:
    intake = _read("applications-2022-faulty.xlsx", "2022")
    shown = {fault.problem.msgid for fault in intake.faults}
    assert len(shown) > 25
    assert _row_faults() - UNREACHABLE == shown
    assert all(fault.sheet and fault.row > 1 and fault.column for fault in intake.faults)


def test_faulty_workbook_has_good_rows_between() -> None:
    intake = _read("applications-2022-faulty.xlsx", "2022")
    good, bad = [row.row for row in intake.rows], [row.row for row in intake.bad_rows]
    assert len(good) == good_rows() >= 7
    assert len(bad) >= 28
    assert min(good) < min(bad) < max(good)
    known = {(a.coordinator, a.project_name) for a in applications("2022")}
    assert not known & {(a.coordinator, a.project_name) for a in intake.applications}


def test_spoil_unknown_cell_is_refused() -> None:
    data = (FOLDER / "applications-2022.xlsx").read_bytes()
    with pytest.raises(ValueError, match="A999"):
        spoil(data, {"A999": WrongCell("empty")})
