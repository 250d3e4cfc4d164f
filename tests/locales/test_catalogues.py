"""The catalogues hold exactly what the code says, in three languages, and the checker would notice if not."""

from pathlib import Path

import pytest

from locales import LANGUAGES
from tools.texts import faults, missing, said, sync

CODE = 'a = msg("Lost {n} of {total}", n=1, total=2)\nb = msgn("One row", "{n} rows", 2)\n'
WORDS = {
    "fi": ("Kadonnut {n}/{total}", "Yksi rivi", "{n} riviä"),
    "sv": ("{n} av {total} saknas", "En rad", "{n} rader"),
    "en": ("Lost {n} of {total}", "One row", "{n} rows"),
}


def test_catalogues_have_no_fault() -> None:
    assert faults() == []


def test_texts_are_found() -> None:
    assert len(said()) > 100


@pytest.mark.parametrize(
    ("code", "keys"),
    [
        ('msg("A" " text")', [("A text",)]),
        ('msg("Outer {x}", x=msg("inner"))', [("Outer {x}",), ("inner",)]),
        ('msgn("One", "{n}", 3)', [("One", "{n}")]),
        ("f\"<p>{say(msg('Inside'))}</p>\"", [("Inside",)]),
        ("t('Shown'); ui.texts.tn('One', 'Many', n)", [("Shown",), ("One", "Many")]),
        ("t(message); print('Not ours'); message('nor this')", []),
    ],
)
def test_said_finds_texts_however_they_stand(tmp_path: Path, code: str, keys: list[tuple[str, ...]]) -> None:
    _write(tmp_path / "calls/rules.py", code)
    assert list(said(tmp_path)) == keys


def test_said_places_a_text_in_the_room_that_says_it(tmp_path: Path) -> None:
    _write(tmp_path / "calls/rules.py", "\nmsg('Rule')")
    _write(tmp_path / "pages/call.py", "t('Call')")
    _write(tmp_path / "app.py", "msg('Start')")
    found = {use.key[0]: (use.room, use.place) for use in said(tmp_path).values()}
    assert found == {
        "Rule": ("calls", "calls/rules.py:2"),
        "Call": ("ui", "pages/call.py:1"),
        "Start": ("app", "app.py:1"),
    }


def test_sync_writes_what_is_missing_once(tmp_path: Path) -> None:
    _write(tmp_path / "calls/rules.py", CODE)
    assert [(lang, use.key[0]) for lang, use in sync(tmp_path)] == [
        (lang, text) for lang in LANGUAGES for text in ("Lost {n} of {total}", "One row")
    ]
    assert sync(tmp_path) == []
    assert missing("en", tmp_path) == []
    assert len(missing("fi", tmp_path)) == 2


def test_sync_keeps_what_a_translator_wrote(tmp_path: Path) -> None:
    _house(tmp_path)
    before = _po(tmp_path, "fi").read_text("utf-8")
    _write(tmp_path / "calls/more.py", "msg('More')")
    assert [(lang, use.key) for lang, use in sync(tmp_path)] == [(lang, ("More",)) for lang in LANGUAGES]
    assert _po(tmp_path, "fi").read_text("utf-8") == f'{before}\nmsgid "More"\nmsgstr ""\n'


def test_faults_are_none_in_a_house_in_order(tmp_path: Path) -> None:
    _house(tmp_path)
    assert faults(tmp_path) == []


@pytest.mark.parametrize(
    ("lang", "old", "new", "fault"),
    [
        ("fi", "Yksi rivi", "", "no words for 'One row'"),
        ("fi", "{n}/{total}", "{n}", "lacks ['total']"),
        ("fi", "{n}/{total}", "{n}/{total} {muu}", "unknown places ['muu']"),
        ("fi", "{n}/{total}", "{n}/{total", "braces"),
        ("sv", "{n} rader", "rader", "lacks ['n']"),
        ("sv", "saknas", "saknas!", "an exclamation mark"),
        ("sv", "saknas", "saknas.", "does not end as the source does"),
        ("sv", "av {total}", "av  {total}", "two spaces"),
        ("sv", "av {total}", "av {total}%", "per cent sign"),
        ("fi", "Kadonnut", r"\"Kadonnut\"", "straight quotation mark"),
        ("fi", "Kadonnut", "Kadonnut...", "three full stops"),
        ("en", 'msgstr "Lost', 'msgstr "Gone', "en is not the source text"),
        ("fi", 'msgid "Lost', '#, fuzzy\nmsgid "Lost', "fuzzy"),
        ("fi", 'msgid "Lost', '#~ msgid "x"\n#~ msgstr "y"\n\nmsgid "Lost', "obsolete"),
        ("fi", 'msgid "Lost', 'msgid "Old"\nmsgstr "Vanha"\n\nmsgid "Lost', "nothing in the code says this"),
        ("fi", "Language: fi", "Language: sv", "does not say Language: fi"),
    ],
)
def test_faults_name_what_is_wrong(tmp_path: Path, lang: str, old: str, new: str, fault: str) -> None:
    _house(tmp_path)
    path = _po(tmp_path, lang)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    found = faults(tmp_path)
    assert found
    assert all(lang in place for place in found)
    assert any(fault in place for place in found)


def test_faults_name_a_text_that_stands_twice(tmp_path: Path) -> None:
    _house(tmp_path)
    again = '\nmsgid "Lost {n} of {total}"\nmsgstr "{n} kaikista {total}"\n'
    path = _po(tmp_path, "fi")
    path.write_text(path.read_text("utf-8") + again, "utf-8")
    assert faults(tmp_path) == ["fi/calls.po: 'Lost {n} of {total}' stands 2 times"]


def test_faults_name_files_that_disagree(tmp_path: Path) -> None:
    _house(tmp_path)
    path = _po(tmp_path, "fi")
    other = path.read_text("utf-8").replace("Kadonnut", "Hukassa")
    path.with_name("ui.po").write_text(other, "utf-8")
    assert faults(tmp_path) == ["fi/ui.po: 'Lost {n} of {total}': another file has other words for it"]


@pytest.mark.parametrize("code", ['msg(f"Case {case}")', "t('Case ' + case)", "msg(texts[0])", "msgn(one, 'two', 2)"])
def test_faults_name_a_text_put_together_in_code(tmp_path: Path, code: str) -> None:
    _house(tmp_path)
    _write(tmp_path / "pages/call.py", code)
    assert len(faults(tmp_path)) == 1
    assert "pages/call.py:1" in faults(tmp_path)[0]


CATALOGUE = """msgid ""
msgstr ""
"Language: {lang}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Lost {{n}} of {{total}}"
msgstr "{lost}"

msgid "One row"
msgid_plural "{{n}} rows"
msgstr[0] "{one}"
msgstr[1] "{many}"
"""


def _house(root: Path) -> None:
    """Code with two texts, and catalogues in three languages without a fault."""
    _write(root / "calls/rules.py", CODE)
    for lang, (lost, one, many) in WORDS.items():
        _write(_po(root, lang), CATALOGUE.format(lang=lang, lost=lost, one=one, many=many))


def _po(root: Path, lang: str) -> Path:
    return root / "locales" / lang / "calls.po"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
