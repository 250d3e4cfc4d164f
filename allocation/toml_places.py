"""On which line of a TOML text each key and list item stands; tomllib itself does not tell."""

import re
import tomllib
from collections.abc import Mapping

from allocation.scenario_values import Place

_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})|\'\'\'.*?\'\'\'(?:\'{0,2})|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'', re.DOTALL
)
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN = re.compile(r"[^,\]}\n#]*")


def places(text: str) -> Mapping[Place, int]:
    """Line, counted from 1, of every key and list item of ``text``, which tomllib has parsed without a fault.

    What cannot be followed, such as lists nested too deep, is left out with all that comes after it.
    """
    scan = _Scan(text.replace("\r\n", "\n"))
    try:
        scan.document()
    except (RecursionError, ValueError):
        return scan.found
    return scan.found


def line_of(found: Mapping[Place, int], place: Place) -> int | None:
    """The line of ``place``, or of the nearest table or list around it; None if not even that is in the file."""
    for length in range(len(place), 0, -1):
        if place[:length] in found:
            return found[place[:length]]
    return None


class _Scan:
    """One pass over a text that is known to be TOML."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.found: dict[Place, int] = {}
        self.counts: dict[Place, int] = {}

    def document(self) -> None:
        """Every statement of the text."""
        table: Place = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        words = match[0] if match else ""
        self.line += words.count("\n")
        self.at += len(words)
        return words

    def _mark(self, sign: str) -> bool:
        if not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def _header(self) -> Place:
        line = self.line
        listed = self._mark("[[")
        if not listed:
            self._mark("[")
        keys = self._keys()
        self._mark("]]" if listed else "]")
        place: Place = ()
        for position, key in enumerate(keys):
            place = (*place, key)
            self.found.setdefault(place, line)
            if listed and position == len(keys) - 1:
                self.counts[place] = self.counts.get(place, 0) + 1
            if place in self.counts:
                place = (*place, self.counts[place] - 1)
                self.found.setdefault(place, line)
        return place

    def _pair(self, table: Place) -> None:
        line = self.line
        place = table
        for key in self._keys():
            place = (*place, key)
            self.found.setdefault(place, line)
        self._mark("=")
        self._skip(_SPACE)
        self._value(place)

    def _keys(self) -> list[str]:
        keys = []
        while True:
            self._skip(_SPACE)
            if self.text[self.at : self.at + 1] in ('"', "'"):
                quoted = self._skip(_STRING)
                keys.append(str(tomllib.loads(f"k = {quoted}")["k"]))
            else:
                keys.append(self._skip(_BARE))
            self._skip(_SPACE)
            if not self._mark("."):
                return keys

    def _value(self, place: Place) -> None:
        if self.at >= len(self.text):
            raise ValueError(f"no value on line {self.line}")
        if self._mark("["):
            self._items(place)
        elif self._mark("{"):
            self._skip(_SPACE)
            while not self._mark("}"):
                self._pair(place)
                self._skip(_SPACE)
                self._mark(",")
                self._skip(_SPACE)
        elif self.text[self.at : self.at + 1] in ('"', "'"):
            self._skip(_STRING)
        else:
            if not self._skip(_PLAIN):
                raise ValueError(f"no value on line {self.line}")

    def _items(self, place: Place) -> None:
        index = 0
        self._skip(_BLANK)
        while not self._mark("]"):
            self.found[(*place, index)] = self.line
            self._value((*place, index))
            index += 1
            self._skip(_BLANK)
            self._mark(",")
            self._skip(_BLANK)
