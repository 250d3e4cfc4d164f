"""Whether a municipality's stated name is that of its code: names come inflected, in two languages, with a title.

The rule, for a code that is in the register:

* A name that is exactly some municipality's, with or without words such as *kaupunki*, *kunta*, *stad* or *kommun*,
  belongs to that municipality and to no other.
* Else one word of the name must begin as a word of the register's Finnish or Swedish name does: with three letters
  in common, or the whole of a shorter name. Three is what gradation leaves of the shortest (Turku – Turun, Lahti –
  Lahden, Hanko – Hangon). No other municipality may share a longer beginning with that word (Kemijärven is Kemijärvi,
  not Kemi).
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from os.path import commonprefix

from calls.register import Register, RegisterEntry

_SHARED = 3
_TITLES = frozenset(
    "kaupunki kaupungin kunta kunnan stad staden stads kommun kommunen kommuns city town municipality of".split()
)
_INFLECTED_WITHIN = {"uuden": "uusi", "ison": "iso"}
"""Beginnings that change with the ending: Uudenkaupungin, Isonkyrön."""


def is_name_of(name: str, entry: RegisterEntry, register: Register) -> bool:
    """Whether ``name`` can mean ``entry``, see above. An empty name says nothing and so contradicts nothing."""
    words = _words(name)
    if not words:
        return True
    for text in (name, " ".join(word for word in _plain(name).split() if word not in _TITLES)):
        exact = register.by_name(text)
        if exact is not None:
            return exact.code == entry.code
    own = _starts((entry,))
    return any(_begins(word, own) and _shared(word, own) >= _longest(word, register) for word in words)


def _begins(word: str, starts: Iterable[str]) -> bool:
    return any(len(commonprefix((word, start))) >= min(_SHARED, len(start)) for start in starts)


def _shared(word: str, starts: Iterable[str]) -> int:
    return max(len(commonprefix((word, start))) for start in starts)


@lru_cache(maxsize=4096)
def _longest_in(word: str, starts: frozenset[str]) -> int:
    return _shared(word, starts)


def _longest(word: str, register: Register) -> int:
    return _longest_in(word, _all_starts(register.year, register.entries))


@lru_cache(maxsize=8)
def _all_starts(_year: int, entries: tuple[RegisterEntry, ...]) -> frozenset[str]:
    return _starts(entries)


def _starts(entries: Iterable[RegisterEntry]) -> frozenset[str]:
    return frozenset(word for entry in entries for name in (entry.name_fi, entry.name_sv) for word in _words(name))


def _words(name: str) -> tuple[str, ...]:
    found = [word for word in re.findall(r"[\w:]+", _plain(name)) if word not in _TITLES]
    return tuple(_uninflected(word) for word in found)


def _uninflected(word: str) -> str:
    for start, base in _INFLECTED_WITHIN.items():
        if word.startswith(start) and len(word) > len(start):
            return base + word.removeprefix(start)
    return word


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
