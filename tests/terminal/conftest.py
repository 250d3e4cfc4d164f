"""Databases for the terminal's tests."""

import shutil
from pathlib import Path

import pytest

from tests.terminal.commands import Manage


@pytest.fixture
def manage(tmp_path: Path) -> Manage:
    """manage.py on a database that does not exist yet."""
    return Manage(f"sqlite:///{tmp_path / 'terminal.db'}")


@pytest.fixture
def in_sample(tmp_path: Path, sample_file: Path) -> Manage:
    """manage.py on a copy of the sample database."""
    copy = tmp_path / "sample.db"
    shutil.copy(sample_file, copy)
    return Manage(f"sqlite:///{copy}")


@pytest.fixture
def in_panel(tmp_path: Path, sqlite_templates: dict[str, Path]) -> Manage:
    """manage.py on a small database in review."""
    copy = tmp_path / "panel.db"
    shutil.copy(sqlite_templates["panel"], copy)
    return Manage(f"sqlite:///{copy}")
