"""The rooms of the house and the arrows between them: who may import whom, and how long a file may be."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Room:
    """What the files of one room may import besides the standard library and their own room."""

    rooms: frozenset[str]
    packages: frozenset[str]


def room(rooms: str = "", packages: str = "") -> Room:
    return Room(frozenset(rooms.split()), frozenset(packages.split()))


ROOMS = {
    "app": room("access storage ui workflow locales", "streamlit starlette pandas scipy altair"),
    "manage": room("terminal locales", "click"),
    "terminal": room("sample_data workflow access calls scoring locales", "click"),
    "pages": room("ui workflow access locales", "streamlit"),
    "ui": room("workflow access calls decisions scoring allocation locales", "streamlit altair pandas"),
    "workflow": room("access allocation calls decisions scoring storage workbooks locales"),
    # The gate stands before Streamlit's own addresses, so it has to know Streamlit's server.
    "access": room("locales", "argon2 starlette streamlit uvicorn"),
    "storage": room("access allocation calls scoring locales", "alembic sqlalchemy"),
    "workbooks": room("calls decisions locales", "defusedxml docx openpyxl pydantic xlsxwriter"),
    # What a decision is rests on what was scored and distributed; it knows neither screen nor database.
    "decisions": room("allocation calls scoring locales"),
    "calls": room("locales", "pydantic"),
    "scoring": room("locales", "numpy scipy threadpoolctl"),
    "allocation": room("locales", "numpy scipy"),
    "sample_data": room("workflow access storage calls workbooks locales", "openpyxl xlsxwriter"),
    "locales": room("", "babel"),
}
LONGEST = {"pages": 150}
LONGEST_ELSEWHERE = 300
NOT_BUILT_BY_HAND = "versions"
"""Folder of alembic's migrations: as long as the schema asks."""


def files_of(name: str, root: Path = ROOT) -> list[Path]:
    """The Python files of a room; app and manage are a single file each."""
    found = [root / f"{name}.py"] if (root / f"{name}.py").exists() else []
    return found + sorted((root / name).rglob("*.py"))


def imported(path: Path) -> Iterator[tuple[str, int]]:
    """Each top-level name a file imports, wherever in the file and however, with its line."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from ((alias.name.partition(".")[0], node.lineno) for alias in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0], node.lineno
            case ast.Call(
                func=ast.Name(id="import_module" | "__import__") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(module)), *_],
            ):
                yield module.partition(".")[0], node.lineno


def crossed(root: Path = ROOT) -> list[str]:
    """Every import that goes against the arrows."""
    return [
        f"{path.relative_to(root)}:{line} imports {name}"
        for own, may in ROOMS.items()
        for path in files_of(own, root)
        for name, line in imported(path)
        if name != own and name not in may.rooms | may.packages and name not in sys.stdlib_module_names
    ]


def too_long(root: Path = ROOT) -> list[str]:
    """Every file that has outgrown its room."""
    lengths = {
        path: len(path.read_text("utf-8").splitlines())
        for own in (*ROOMS, "tools", "benchmarks")
        for path in files_of(own, root)
        if NOT_BUILT_BY_HAND not in path.parts
    }
    return [
        f"{path.relative_to(root)}: {length} lines"
        for path, length in lengths.items()
        if length > LONGEST.get(path.relative_to(root).parts[0], LONGEST_ELSEWHERE)
    ]


def test_imports_follow_the_arrows() -> None:
    assert crossed() == []


def test_files_are_short() -> None:
    assert too_long() == []


def test_every_folder_with_code_is_a_room() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/*.py") if not path.parent.name.startswith(".")}
    assert folders - set(ROOMS) <= {"tests", "tools", "benchmarks"}
    scripts = {path.stem for path in ROOT.glob("*.py")}
    assert scripts <= set(ROOMS)


def test_arrows_have_no_circle() -> None:
    open_rooms = {name: set(may.rooms) for name, may in ROOMS.items()}
    while open_rooms:
        done = {name for name, needs in open_rooms.items() if not needs & set(open_rooms)}
        assert done, f"a circle among {sorted(open_rooms)}"
        open_rooms = {name: needs for name, needs in open_rooms.items() if name not in done}


@pytest.mark.parametrize("pure", ["calls", "scoring", "allocation", "workbooks", "locales"])
def test_pure_rooms_know_neither_screen_nor_database(pure: str) -> None:
    assert not ROOMS[pure].packages & {"streamlit", "sqlalchemy", "alembic", "pandas"}
    assert not ROOMS[pure].rooms & {"storage", "access", "workflow", "ui"}


def test_only_storage_knows_sql() -> None:
    assert [name for name, may in ROOMS.items() if "sqlalchemy" in may.packages] == ["storage"]


@pytest.mark.parametrize(
    ("file", "code", "name"),
    [
        ("pages/ranking.py", "from scoring.ranking import rank", "scoring"),
        ("pages/ranking.py", "import pandas as pd", "pandas"),
        ("pages/ranking.py", "def show():\n    from storage import unit_of_work", "storage"),
        ("allocation/model.py", "import scoring.types", "scoring"),
        ("allocation/model.py", "import numpy, pandas", "pandas"),
        ("scoring/deep/mean.py", "from allocation.types import Scenario", "allocation"),
        ("workflow/intake.py", "from sqlalchemy import select", "sqlalchemy"),
        ("access/routes.py", "import sqlalchemy.orm", "sqlalchemy"),
        ("app.py", "if True:\n    import sqlalchemy", "sqlalchemy"),
        ("calls/rules.py", "import importlib\nimportlib.import_module('streamlit.web')", "streamlit"),
        ("calls/rules.py", "streamlit = __import__('streamlit')", "streamlit"),
        ("locales/words.py", "from ui import texts", "ui"),
    ],
)
def test_an_import_against_the_arrows_is_found(tmp_path: Path, file: str, code: str, name: str) -> None:
    _write(tmp_path / file, code)
    line = len(code.splitlines())
    assert crossed(tmp_path) == [f"{file}:{line} imports {name}"]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("pages/ranking.py", "import streamlit as st\nfrom ui import t\nfrom workflow import scenarios"),
        ("scoring/mean.py", "from fractions import Fraction\nfrom scoring.types import Standing\nimport numpy"),
        ("scoring/mean.py", "from . import types"),
        ("workflow/scenarios.py", "import allocation\nimport scoring\nimport storage"),
    ],
)
def test_an_import_along_the_arrows_passes(tmp_path: Path, file: str, code: str) -> None:
    _write(tmp_path / file, code)
    assert crossed(tmp_path) == []


def test_a_file_too_long_is_found(tmp_path: Path) -> None:
    _write(tmp_path / "pages/long.py", "\n" * 151)
    _write(tmp_path / "pages/short.py", "\n" * 150)
    _write(tmp_path / "calls/long.py", "\n" * 301)
    _write(tmp_path / "storage/migrations/versions/one.py", "\n" * 999)
    assert too_long(tmp_path) == ["pages/long.py: 151 lines", "calls/long.py: 301 lines"]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
