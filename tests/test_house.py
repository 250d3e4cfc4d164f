"""What holds for the whole project: its files, what it depends on and under which licences, its commands."""

import os
import re
import subprocess
from collections.abc import Iterator
from email.message import Message
from importlib.metadata import metadata
from pathlib import Path
from typing import cast

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
UNTRACKED = {
    ".git",
    ".venv",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".hypothesis",
    "__pycache__",
    "build",
    "data",
}
FOREIGN = {
    "a folder of some machine": r"(?<![\w.~])/(?:work|root|home|Users|opt)/",
    "a notes folder beside the project": r"\.\./shared\b",
    "a package index": r"files\.pythonhosted|registry\.npmjs|--(?:extra-)?index-url[ =]|--find-links[ =]|\bfile:///",
}
HERE_ON_PURPOSE = {"deploy", "tests/test_house.py"}
"""Set-up of a server names that server's folders; this file names what it looks for."""

PERMISSIVE = re.compile(
    r"^(?:MIT|MIT-0|MIT-CMU|0BSD|BSD|BSD-[23]-Clause|Apache-2\.0|PSF-2\.0|PSFL|Zlib|CC0-1\.0|ISC|Unlicense"
    r"|[23]-Clause BSD License|BSD 3-Clause License|Apache License,? (?:Version )?2\.0)$"
)
PERMISSIVE_CLASSIFIERS = {
    "MIT License",
    "BSD License",
    "Apache Software License",
    "Python Software Foundation License",
    "ISC License (ISCL)",
}
EXCEPTIONS = {"certifi": "MPL-2.0"}
"""certifi is a list of certificates that Streamlit's requests brings along; it is used as it is, never changed."""


def project_files(root: Path = ROOT) -> list[Path]:
    """The files of the project: what git tracks or would take; where git cannot tell, all but what is made."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root, capture_output=True
    )
    if listed.returncode == 0:
        return [path for name in listed.stdout.decode().split("\0") if name and (path := root / name).is_file()]
    return list(_walk(root))


def _walk(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(set(folders) - UNTRACKED)
        yield from (Path(folder, name) for name in sorted(files))


def texts(root: Path = ROOT) -> dict[str, str]:
    """The text files of the project by their path; a PDF or a file with a zero byte is none."""
    found = {path.relative_to(root).as_posix(): path.read_bytes() for path in project_files(root)}
    return {
        name: content.decode("utf-8")
        for name, content in found.items()
        if b"\0" not in content and not content.startswith(b"%PDF-")
    }


def foreign(text: str) -> list[str]:
    """What in a text belongs to a machine or a tool instead of the project."""
    return [what for what, sign in FOREIGN.items() if re.search(sign, text)]


def pinned(name: str) -> dict[str, Requirement]:
    """The requirements of a list, by the text of their entry."""
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text("utf-8"))
    return {entry: Requirement(entry.partition(" \\")[0]) for entry in entries if not entry.startswith("#")}


def licence_fault(package: Message) -> str | None:
    """Why a package's licence is not permissive, or None."""
    stated = package.get("License-Expression") or package.get("License") or ""
    terms = re.split(r" (?:AND|OR) ", stated)
    kinds = {
        line.rpartition("::")[2].strip()
        for line in package.get_all("Classifier") or []
        if line.startswith("License :: ") and line != "License :: OSI Approved"
    }
    if kinds <= PERMISSIVE_CLASSIFIERS and (kinds or all(map(PERMISSIVE.match, terms))):
        return None
    return f"{package['Name']}: {stated[:60] or 'no licence stated'} {sorted(kinds)}"


def test_files_speak_of_the_project_alone() -> None:
    found = {
        name: what
        for name, text in texts().items()
        if not any(name.startswith(place) for place in HERE_ON_PURPOSE) and (what := foreign(text))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("cd /root/project", ["a folder of some machine"]),
        ("cp x /home/me/", ["a folder of some machine"]),
        ("see ../shared/notes.md", ["a notes folder beside the project"]),
        ("--find-links /tmp/wheels", ["a package index"]),
        ("https://example.fi/root/page and pages/home/x and ~/root/", []),
    ],
)
def test_foreign_words_are_found(text: str, what: list[str]) -> None:
    assert foreign(text) == what


def test_text_files_end_with_a_line_end() -> None:
    assert [name for name, text in texts().items() if text and not text.endswith("\n")] == []


def test_names_of_files_work_on_every_system() -> None:
    assert [name for name in texts() if not re.fullmatch(r"[A-Za-z0-9_./@-]+", name)] == []


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_requirements_are_pinned_with_hashes(name: str) -> None:
    entries = pinned(f"{name}.txt")
    loose = [entry for entry, wish in entries.items() if "==" not in str(wish) or "--hash=sha256:" not in entry]
    assert loose == []
    wanted = [line for line in (ROOT / f"{name}.in").read_text("utf-8").splitlines() if line[:1].isalpha()]
    assert {Requirement(line).name.lower() for line in wanted} <= {wish.name.lower() for wish in entries.values()}


def test_pins_agree_between_running_and_testing() -> None:
    running, testing = (
        {wish.name: {str(other) for other in wishes if other.name == wish.name} for wish in wishes}
        for wishes in (pinned("requirements.txt").values(), pinned("requirements-dev.txt").values())
    )
    shared = running.keys() & testing.keys()
    assert {name: testing[name] for name in shared} == {name: running[name] for name in shared}


def test_licences_of_what_runs_are_permissive() -> None:
    here = [wish for wish in pinned("requirements.txt").values() if not wish.marker or wish.marker.evaluate()]
    faults = {wish.name: licence_fault(cast(Message, metadata(wish.name))) for wish in here}
    assert {name: fault for name, fault in faults.items() if fault and name not in EXCEPTIONS} == {}
    assert all(EXCEPTIONS[name] in str(faults[name]) for name in EXCEPTIONS)


@pytest.mark.parametrize(
    ("stated", "classifier"),
    [
        ("GPL-3.0-only", None),
        ("LGPL-2.1-or-later", None),
        ("MIT AND GPL-2.0", None),
        ("", "License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)"),
        ("MIT", "License :: OSI Approved :: GNU General Public License (GPL)"),
        ("", None),
    ],
)
def test_a_licence_with_conditions_is_found(stated: str, classifier: str | None) -> None:
    assert licence_fault(_package(stated, classifier)) is not None


@pytest.mark.parametrize(
    ("stated", "classifier"),
    [
        ("MIT", None),
        ("Apache-2.0 OR BSD-2-Clause", None),
        ("Copyright (c) 2001 Somebody, a whole licence text", "License :: OSI Approved :: BSD License"),
    ],
)
def test_a_permissive_licence_passes(stated: str, classifier: str | None) -> None:
    assert licence_fault(_package(stated, classifier)) is None


def test_every_command_of_make_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    commands = re.search(r"^\.PHONY:(.*)$", makefile, re.MULTILINE)
    assert commands is not None
    explained = set(re.findall(r"@echo 'make (\S+)", makefile))
    assert set(commands[1].split()) - {"help"} == explained


@pytest.mark.parametrize("script", ["tools/environment.sh", "tools/system.sh", "tools/run.sh", ".ci/run"])
def test_shell_scripts_can_be_read(script: str) -> None:
    shell = "bash" if script.startswith(".ci") else "sh"
    assert subprocess.run([shell, "-n", ROOT / script], capture_output=True).returncode == 0


def test_ci_can_be_started() -> None:
    assert os.access(ROOT / ".ci/run", os.X_OK)


def _package(stated: str, classifier: str | None) -> Message:
    package = Message()
    package["Name"] = "package"
    package["License"] = stated
    if classifier:
        package["Classifier"] = classifier
    return package
