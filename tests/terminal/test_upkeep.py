"""``users``, ``call``, ``sample`` and ``replay``; languages; what happens when the database cannot be used."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from access.service import SignedIn
from calls.presets import preset_text
from storage.engine import make_engine
from storage.replay import contents
from storage.unit import reading
from tests.terminal.commands import APPLICATIONS, Manage
from workflow.accounts import SignIn

ROOT = Path(__file__).resolve().parents[2]


def signs_in(manage: Manage, username: str, password: str) -> bool:
    engine = make_engine(manage.url)
    try:
        return isinstance(SignIn(engine).sign_in(username, password, "x"), SignedIn)
    finally:
        engine.dispose()


def test_an_account_from_first_to_last(manage: Manage) -> None:
    said = manage("users", "add", "Eeva", "--name", "Eeva Esimerkki", "--role", "reviewer", "--role", "administrator")
    assert said.code == 0
    password = said.out.split()[-1]
    assert signs_in(manage, "eeva", password)
    given = manage(
        "users", "add", "bo", "--name", "Bo", "--role", "administrator", "--language", "sv", "--password-stdin",
        stdin="viisi sanaa peräkkäin\n",
    )  # fmt: skip
    assert given.code == 0
    assert "viisi" not in given.out
    assert signs_in(manage, "bo", "viisi sanaa peräkkäin")
    new = manage("users", "reset", "eeva").out.split()[-1]
    assert not signs_in(manage, "eeva", password)
    assert signs_in(manage, "eeva", new)
    assert manage("users", "disable", "eeva").code == 0
    assert not signs_in(manage, "eeva", new)
    assert manage("users", "enable", "eeva").code == 0
    assert signs_in(manage, "eeva", new)
    assert manage("users", "roles", "eeva", "--role", "officer").code == 0
    assert manage("users", "list", "--json").json == [
        {"username": "bo", "name": "Bo", "roles": ["administrator"], "language": "sv", "disabled": False},
        {"username": "eeva", "name": "Eeva Esimerkki", "roles": ["officer"], "language": "fi", "disabled": False},
    ]
    shown = manage("users", "list", lang="fi").out.splitlines()
    assert [line.split()[0] for line in shown] == ["bo", "eeva"]


@pytest.mark.parametrize(
    "words",
    [
        ["add", "bo", "--name", "Bo", "--role", "reviewer"],
        ["add", "a b", "--name", "Bo", "--role", "reviewer"],
        ["add", "x", "--name", " ", "--role", "reviewer"],
        ["add", "x", "--name", "X", "--role", "king"],
        ["add", "x", "--name", "X"],
        ["add", "x", "--name", "X", "--role", "reviewer", "--language", "de"],
        ["add", "x", "--name", "X", "--role", "reviewer", "--password-stdin"],
        ["add", "x\udcff", "--name", "X", "--role", "reviewer"],
        ["add", "x", "--name", "X\udcff", "--role", "reviewer"],
        ["disable", "nobody"],
        ["disable", "\udcff"],
        ["disable", "bo"],
        ["enable", "nobody"],
        ["reset", "nobody"],
        ["roles", "nobody", "--role", "reviewer"],
        ["roles", "bo", "--role", "reviewer"],
        ["list", "--json", "none/x.json"],
    ],
)
def test_what_cannot_be_done_to_an_account_is_refused_in_words(manage: Manage, words: list[str]) -> None:
    manage("users", "add", "bo", "--name", "Bo", "--role", "administrator")
    before = manage("users", "list").out
    said = manage("users", *words, stdin="lyhyt\n")
    assert (said.code, said.out) == (2, "")
    assert said.err.strip()
    assert manage("users", "list").out == before


def test_a_third_call_is_added_from_its_file(manage: Manage, tmp_path: Path) -> None:
    file = tmp_path / "2024.toml"
    text = preset_text("2022").replace('id = "2022"', 'id = "2024"', 1)
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert manage("call", "add", file).code == 0
    listed = manage("call", "list", lang="sv").out.splitlines()
    assert [line.split()[0] for line in listed] == ["2024", "2022", "2020"]
    again = manage("call", "add", file)
    assert (again.code, again.out) == (2, "")
    assert "2024" in again.err


def test_a_broken_call_file_names_the_key(manage: Manage, tmp_path: Path) -> None:
    file = tmp_path / "broken.toml"
    text = preset_text("2022").replace('id = "2022"', 'id = "2024"', 1)
    text = text.replace("value = 8500\n", "value = 85000\n", 1)
    for content, named in (
        (text.encode(), "money.largest_share_bp"),
        (b"id = ", "Line 1"),
        (b"", "id"),
        ('id = "ä"'.encode("latin-1"), "UTF-8"),
    ):
        file.write_bytes(content)
        said = manage("call", "add", file)
        assert (said.code, said.out) == (2, "")
        assert named in said.err
    assert manage("call", "add", tmp_path / "none.toml").code == 2
    assert len(manage("call", "list").out.splitlines()) == 2


def test_replay_rebuilds_into_an_empty_database_only(manage: Manage, tmp_path: Path) -> None:
    manage("import", "--call", "2022", APPLICATIONS)
    target = f"sqlite:///{tmp_path / 'rebuilt.db'}"
    said = manage("replay", target)
    assert said.code == 0
    assert said.out.endswith("entries replayed; every table is the same.\n")
    engines = [make_engine(manage.url), make_engine(target)]
    assert contents(engines[0]) == contents(engines[1])
    for engine in engines:
        engine.dispose()
    for place in (target, manage.url, "nonsense"):
        refused = manage("replay", place)
        assert (refused.code, refused.out) == (2, "")
        assert refused.err.strip()


def test_the_sample_is_never_built_over_other_data(manage: Manage) -> None:
    manage("import", "--call", "2022", APPLICATIONS)
    engine = make_engine(manage.url)
    before = contents(engine)
    said = manage("sample")
    assert said.code == 2
    assert said.err.strip() == "There is other data in this database already. Give the address of a new one."
    assert contents(engine) == before
    engine.dispose()


def test_the_sample_is_left_where_it_is_complete(in_sample: Manage) -> None:
    engine = make_engine(in_sample.url)
    with reading(engine) as uow:
        before = uow.connection.exec_driver_sql("SELECT max(id) FROM audit_log").scalar()
    said = in_sample("sample", "--if-missing", lang="fi")
    assert said.code == 0
    assert "essi.esittelija" in said.out
    with reading(engine) as uow:
        assert uow.connection.exec_driver_sql("SELECT max(id) FROM audit_log").scalar() == before
    engine.dispose()


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_words_are_in_the_language_asked_for(manage: Manage, lang: str) -> None:
    said = manage("import", "--call", "2022", APPLICATIONS, lang=lang)
    expected = {"fi": "49 hakemusta", "sv": "49 ansökningar", "en": "49 applications"}
    assert said.out.splitlines()[-1].startswith(expected[lang])
    refused = manage("rank", "--call", "1999", lang=lang)
    assert (
        refused.err.strip()
        == {
            "fi": "Hakua 1999 ei ole. Haut: 2022, 2020.",
            "sv": refused.err.strip(),
            "en": "There is no call 1999. The calls here are: 2022, 2020.",
        }[lang]
    )


def test_a_database_that_cannot_be_used_is_refused_in_words(tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database" * 100)
    for url in ("nonsense", "mysql://localhost/x", f"sqlite:///{broken}", f"sqlite:///{tmp_path}"):
        for words in (["call", "list"], ["rank", "--call", "2022"], ["users", "list"], ["sample"]):
            said = Manage(url)(*words)
            assert (said.code, said.out.count("Who can sign in")) == (2, 0), (url, words)
            assert said.err.strip()


def run(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "manage.py"), *map(str, words)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AVUSTUSPANEELI_")}
    return subprocess.run(
        command, cwd=ROOT, env={**kept, **environment}, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_real_process_gives_the_same_exit_codes_and_words(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a folder with spaces' / 'real.db'}"
    taken = run("import", "--call", "2022", "sample_data/applications-2022.xlsx", DATABASE_URL=url)
    assert (taken.returncode, taken.stderr) == (0, "")
    assert taken.stdout.splitlines()[-1] == "49 hakemusta on tuotu."
    unknown = run("rank", "--call", "1999", DATABASE_URL=url, AVUSTUSPANEELI_LANG="en")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert unknown.stderr == "There is no call 1999. The calls here are: 2022, 2020.\n"
    device = run("--database", url, "users", "list", "--json", os.devnull)
    assert (device.returncode, device.stdout, device.stderr) == (0, "", "")
    assert not Path(os.devnull).is_file(), "a device is written to, not replaced"
