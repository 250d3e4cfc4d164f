"""Upkeep of the catalogues: which source texts the code says, and which of them lack words in a language.

    python -m tools.texts missing   list what lacks a translation, per language and room (exit code 1 if any)
    python -m tools.texts sync      append a skeleton for each missing text to locales/<language>/<room>.po
    python -m tools.texts check     list every fault that tests/locales/test_catalogues.py would report

A text belongs to the room whose code says it; pages and ui share ``ui.po``. A text that stands in some
catalogue file already stays where it is. ``sync`` only appends: what a translator wrote is never rewritten.
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from babel.messages.pofile import denormalize, normalize, read_po

from locales.catalogue import LANGUAGES
from tools.wording import Key, place_faults, style_faults

ROOT = Path(__file__).parent.parent
ROOMS = (
    "decisions",
    "access",
    "allocation",
    "calls",
    "locales",
    "pages",
    "sample_data",
    "scoring",
    "storage",
    "terminal",
    "ui",
    "workbooks",
    "workflow",
)
SCRIPTS = ("app.py", "manage.py")
KEYWORDS = {"msg": 1, "msgn": 2, "t": 1, "tn": 2}
"""The functions that say texts, and how many texts they begin with. ``t`` also takes a ready message."""
HANDED_ON = {"msgid", "singular", "plural"}
"""Parameters by which one of these functions passes its text to another."""
SHARED_FILE = {"pages": "ui"}


@dataclass(frozen=True, slots=True)
class Use:
    """A source text and the first place in the code that says it."""

    key: Key
    room: str
    place: str


@dataclass(frozen=True, slots=True)
class Translation:
    """One entry of one catalogue file."""

    key: Key
    forms: tuple[str, ...]
    fuzzy: bool
    file: Path


def code_files(root: Path = ROOT) -> list[Path]:
    """Every Python file whose texts a person may see."""
    files = [root / name for name in SCRIPTS if (root / name).is_file()]
    return files + [path for room in ROOMS for path in sorted((root / room).rglob("*.py"))]


def calls_that_say(path: Path) -> Iterator[tuple[ast.Call, str, int]]:
    """Each call of a keyword in a file, with the keyword and how many texts it takes.

    Read from the syntax tree: Babel's own extractor reads tokens and misses what stands inside an f-string.
    """
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id=name) | ast.Attribute(attr=name) if name in KEYWORDS:
                    yield node, name, KEYWORDS[name]


def said(root: Path = ROOT) -> dict[Key, Use]:
    """The source texts in the code, each with the first place that says it."""
    uses: dict[Key, Use] = {}
    for path in code_files(root):
        relative = path.relative_to(root)
        top = relative.parts[0].removesuffix(".py")
        for call, _, count in calls_that_say(path):
            texts = [arg.value for arg in call.args[:count] if isinstance(arg, ast.Constant)]
            key = tuple(text for text in texts if isinstance(text, str))
            if len(key) == count:
                uses.setdefault(key, Use(key, SHARED_FILE.get(top, top), f"{relative}:{call.lineno}"))
    return uses


def unreadable(root: Path = ROOT) -> list[str]:
    """Places where a text is put together instead of written out, so that no catalogue can hold it."""
    return [
        f"{path.relative_to(root)}:{call.lineno}: {name}() needs its text written out as a literal"
        for path in code_files(root)
        for call, name, count in calls_that_say(path)
        for arg in call.args[:count]
        if isinstance(arg, ast.JoinedStr | ast.BinOp)
        or (name.startswith("msg") and not isinstance(arg, ast.Constant) and not _hands_on(arg))
    ]


def _hands_on(arg: ast.expr) -> bool:
    """Whether the text is what a keyword function was given itself (t and tn call msg and msgn so)."""
    return isinstance(arg, ast.Name) and arg.id in HANDED_ON


def translations(lang: str, root: Path = ROOT) -> list[Translation]:
    """The entries of all catalogue files of ``lang``."""
    return [item for path in catalogue_files(lang, root) for item in _read(path, lang)]


def catalogue_files(lang: str, root: Path = ROOT) -> list[Path]:
    """The ``.po`` files of ``lang``."""
    return sorted((root / "locales" / lang).glob("*.po"))


def _read(path: Path, lang: str) -> Iterator[Translation]:
    with path.open("rb") as file:
        for entry in read_po(file, locale=lang, abort_invalid=True):
            if entry.id:
                yield Translation(_tuple(entry.id), _tuple(entry.string or ""), entry.fuzzy, path)


def _tuple(value: "str | tuple[str, ...] | list[str]") -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def missing(lang: str, root: Path = ROOT) -> list[Use]:
    """The texts that no catalogue of ``lang`` has words for."""
    return _lacking(said(root), translations(lang, root))


def _lacking(uses: dict[Key, Use], entries: list[Translation]) -> list[Use]:
    done = {item.key for item in entries if all(item.forms)}
    return [use for key, use in uses.items() if key not in done]


def sync(root: Path = ROOT) -> list[tuple[str, Use]]:
    """Append an empty entry for each text that stands in no catalogue file; en is filled with the source."""
    added = []
    uses = said(root)
    for lang in LANGUAGES:
        standing = {item.key for item in translations(lang, root)}
        for use in (use for key, use in uses.items() if key not in standing):
            path = root / "locales" / lang / f"{use.room}.po"
            path.parent.mkdir(parents=True, exist_ok=True)
            text = path.read_text("utf-8").rstrip("\n") if path.exists() else _header(lang)
            path.write_text(f"{text}\n\n{_skeleton(use, filled=lang == 'en')}", "utf-8")
            added.append((lang, use))
    return added


def _header(lang: str) -> str:
    return "\n".join(
        (
            'msgid ""',
            'msgstr ""',
            f'"Language: {lang}\\n"',
            '"MIME-Version: 1.0\\n"',
            '"Content-Type: text/plain; charset=utf-8\\n"',
            '"Content-Transfer-Encoding: 8bit\\n"',
            '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"',
        )
    )


def _skeleton(use: Use, *, filled: bool) -> str:
    words = use.key if filled else ("",) * len(use.key)
    if len(use.key) == 1:
        return f"msgid {normalize(use.key[0])}\nmsgstr {normalize(words[0])}\n"
    lines = [f"msgid {normalize(use.key[0])}", f"msgid_plural {normalize(use.key[1])}"]
    return "\n".join(lines + [f"msgstr[{i}] {normalize(word)}" for i, word in enumerate(words)]) + "\n"


def faults(root: Path = ROOT) -> list[str]:
    """Everything wrong with the catalogues, in words; an empty list when all is well."""
    uses = said(root)
    found = unreadable(root)
    found += [f"{use.place}: said here plain, elsewhere counted: {use.key[0]!r}" for use in _mixed(uses)]
    for lang in LANGUAGES:
        entries = translations(lang, root)
        lacking = _lacking(uses, entries)
        found += [f"{lang}/{use.room}.po: no words for {use.key[0]!r} ({use.place})" for use in lacking]
        found += _file_faults(lang, root)
        words: dict[str, tuple[str, ...]] = {}
        for entry in entries:
            place = f"{lang}/{entry.file.name}: {entry.key[0]!r}"
            if entry.key not in uses:
                found.append(f"{place}: nothing in the code says this")
            if entry.fuzzy:
                found.append(f"{place}: fuzzy")
            if words.setdefault(entry.key[0], entry.forms) != entry.forms:
                found.append(f"{place}: another file has other words for it")
            if lang == "en" and entry.forms != entry.key:
                found.append(f"{place}: en is not the source text")
            if all(entry.forms):
                wrong = (*place_faults(entry.key, entry.forms), *style_faults(entry.key, entry.forms, lang))
                found += [f"{place}: {fault}" for fault in wrong]
    return found


def _mixed(uses: dict[Key, Use]) -> list[Use]:
    """Texts said both counted and plain: a catalogue could hold only one of them."""
    counted = {key[0] for key in uses if len(key) == 2}
    return [use for key, use in uses.items() if len(key) == 1 and key[0] in counted]


def _file_faults(lang: str, root: Path) -> Iterator[str]:
    for path in catalogue_files(lang, root):
        text = path.read_text("utf-8")
        ids = re.findall(r'^msgid ((?:"(?:[^"\\]|\\.)*"\s*)+)', text, re.MULTILINE)
        for key, times in Counter(denormalize(raw.strip()) for raw in ids).items():
            if times > 1:
                yield f"{lang}/{path.name}: {key!r} stands {times} times"
        if re.search(r"^#~", text, re.MULTILINE):
            yield f"{lang}/{path.name}: has obsolete entries (#~)"
        if f"Language: {lang}\\n" not in text:
            yield f"{lang}/{path.name}: the header does not say Language: {lang}"


@click.group()
def main() -> None:
    """Upkeep of the catalogues in locales/."""


@main.command("missing")
def missing_command() -> None:
    """List the texts that lack words, per language and room."""
    lacking = [(lang, use.room, use) for lang in LANGUAGES for use in missing(lang)]
    for lang, room, use in sorted(lacking, key=lambda item: (item[0], item[1])):
        click.echo(f"{lang} {room}: {use.key[0]!r} ({use.place})")
    click.echo(f"{len(lacking)} missing of {len(said())} texts in {len(LANGUAGES)} languages")
    sys.exit(1 if lacking else 0)


@main.command("sync")
def sync_command() -> None:
    """Append skeletons for the texts that no catalogue has."""
    added = sync()
    for (lang, room), count in Counter((lang, use.room) for lang, use in added).items():
        click.echo(f"locales/{lang}/{room}.po: {count} added")
    click.echo(f"{len(added)} entries added")


@main.command("check")
def check_command() -> None:
    """List every fault in the catalogues."""
    found = faults()
    for fault in found:
        click.echo(fault)
    click.echo(f"{len(found)} faults")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
