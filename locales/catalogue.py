"""The catalogues: ``locales/<language>/<room>.po``, merged per language when first asked for."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

Lang = str
LANGUAGES: tuple[Lang, ...] = ("fi", "sv", "en")
PSEUDO: Lang = "qps"
"""A language for tests: a text that went through the catalogue is marked, so that one that did not shows."""

_ROOT = Path(__file__).parent


@cache
def catalogue(lang: Lang) -> dict[str, tuple[str, ...]]:
    """All texts of one language: source text -> (text,) or (singular, plural)."""
    texts: dict[str, tuple[str, ...]] = {}
    for path in sorted((_ROOT / lang).glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file, locale=lang):
                if not entry.id:
                    continue
                key = entry.id if isinstance(entry.id, str) else entry.id[0]
                string = entry.string or ""
                value = (string,) if isinstance(string, str) else tuple(string)
                if all(value):
                    texts[key] = value
    return texts


def decorate(text: str) -> str:
    """The pseudo-locale's mark around a text."""
    return f"⟦{text}⟧"


def lookup(lang: Lang, singular: str, plural: str | None = None, n: int = 1) -> str:
    """The text of ``singular`` (or ``plural``) in ``lang``; the source text where a catalogue has none."""
    source = singular if plural is None or n == 1 else plural
    if lang == PSEUDO:
        return decorate(source)
    forms = catalogue(lang).get(singular)
    if forms is None:
        return source
    return forms[0] if n == 1 or len(forms) == 1 else forms[1]


def pick_language(*wishes: str | None, default: Lang = "fi", allow: Iterable[Lang] = LANGUAGES) -> Lang:
    """The first of ``wishes`` that is one of ours, else ``default``."""
    allowed = tuple(allow)
    return next((wish for wish in wishes if wish in allowed), default)
