"""Upkeep of the catalogues: which source texts the code says, and which of them lack words in a language.

    python -m tools.texts missing   list what lacks a translation, per language and room (exit code 1 if any)
    python -m tools.texts sync      append a skeleton for each missing text to locales/<language>/<room>.po
    python -m tools.texts check     list every fault that tests/locales/test_catalogues.py would report

A text belongs to the room whose code says it; pages and ui share ``ui.po``. A text that stands in some
catalogue file already stays where it is. ``sync`` only appends: what a translator wrote is never rewritten.
"""

import re
import string
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from babel.messages.extract import extract
from babel.messages.pofile import denormalize, normalize, read_po

from locales.catalogue import LANGUAGES

ROOT = Path(__file__).parent.parent
ROOMS = (
    "access",
    "allocation",
    "calls",
    "locales",
    "pages",
    "sample_data",
    "scoring",
    "storage",
    "ui",
    "workbooks",
    "workflow",
)
SCRIPTS = ("app.py", "manage.py")
KEYWORDS: dict[str, tuple[int, ...] | None] = {"msg": None, "msgn": (1, 2), "t": None, "tn": (1, 2)}
SHARED_FILE = {"pages": "ui"}

Key = tuple[str, ...]
"""(text,) or (singular, plural)."""


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


def said(root: Path = ROOT) -> dict[Key, Use]:
    """The source texts in the code, each with the first place that says it."""
    uses: dict[Key, Use] = {}
    for path in code_files(root):
        relative = path.relative_to(root)
        top = relative.parts[0].removesuffix(".py")
        with path.open("rb") as file:
            for line, found, _comments, _context in extract("python", file, KEYWORDS):
                key = (found,) if isinstance(found, str) else tuple(found)
                uses.setdefault(key, Use(key, SHARED_FILE.get(top, top), f"{relative}:{line}"))
    return uses


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
    done = {item.key for item in translations(lang, root) if all(item.forms)}
    return [use for key, use in said(root).items() if key not in done]


def sync(root: Path = ROOT) -> list[tuple[str, Use]]:
    """Append an empty entry for each text that stands in no catalogue file; en is filled with the source."""
    added = []
    for lang in LANGUAGES:
        standing = {item.key for item in translations(lang, root)}
        for use in (use for key, use in said(root).items() if key not in standing):
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
    found = [f"{use.place}: said here plain, elsewhere counted: {use.key[0]!r}" for use in _mixed(uses)]
    for lang in LANGUAGES:
        entries = translations(lang, root)
        lacking = missing(lang, root)
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
                found += [f"{place}: {fault}" for fault in (*place_faults(entry), *style_faults(entry, lang))]
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


def places(text: str) -> set[str]:
    """The ``{named}`` places of a text. Raises ValueError where a brace is not closed."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def place_faults(entry: Translation) -> Iterator[str]:
    """Places that the words lack or have too many of; a singular may say its number in words."""
    if len(entry.forms) != len(entry.key):
        yield f"{len(entry.key)} forms are needed, {len(entry.forms)} given"
        return
    everything = set().union(*map(places, entry.key))
    for i, form in enumerate(entry.forms):
        try:
            have = places(form)
        except ValueError as error:
            yield f"braces: {error}"
            continue
        may_lack = {"n"} if len(entry.key) == 2 and i == 0 else set()
        if lacking := places(entry.key[i]) - have - may_lack:
            yield f"lacks {sorted(lacking)}"
        if unknown := have - everything:
            yield f"has unknown places {sorted(unknown)}"


STYLE = {
    r"!": "an exclamation mark",
    r"\S  +\S": "two spaces",
    r"\.\.\.": "three full stops instead of …",
    r"^[ \t]|[ \t]$": "a space at the beginning or end",
}
NORDIC_STYLE = {
    r'"': "a straight quotation mark (write ”)",
    r"\w'\w": "a straight apostrophe (write ’)",
    r"[\d}]%": "a per cent sign without a space",
    r"[\d}]€": "a euro sign without a space",
    r"“|„": "a foreign quotation mark (write ”)",
}


def style_faults(entry: Translation, lang: str) -> Iterator[str]:
    """Cheap signs of careless writing. What stands in backticks is code and is not looked at."""
    rules = STYLE if lang == "en" else STYLE | NORDIC_STYLE
    for source, form in zip(entry.key, entry.forms, strict=False):
        words = re.sub(r"`[^`]*`", "`x`", form)
        yield from (f"{what}: {form!r}" for sign, what in rules.items() if re.search(sign, words))
        if lang != "en" and form == source and len(re.findall(r"[A-Za-z]{2,}(?![\w]*})", form)) > 2:
            yield "not translated"
        if source.endswith((".", "?", ":")) != form.endswith((".", "?", ":")):
            yield f"does not end as the source does: {form!r}"


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
