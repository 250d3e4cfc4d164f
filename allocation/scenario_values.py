"""Single values of a scenario's record or file: each is read exactly or becomes a fault with its place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from allocation.checks import MAX_EUROS
from allocation.types import ScenarioError
from locales import Message, Money, msg

Place = tuple[str | int, ...]
"""Keys, and positions in lists counted from 0."""

LONGEST_TEXT = 1_000
MOST_PROBLEMS = 100
_LONGEST_SHOWN = 60
_EXACT = re.compile(r"[+-]?[0-9]{1,30}(?:[.,][0-9]{1,30}|/[0-9]{1,30})?")
_DIGITS = 40

NUMBER = msg("a number, for example 3 or 3.25, or exactly {example}", example='"10/3"')
WHOLE = msg("a whole number, at least 0")
SHARE = msg("a share from 0 to 1, for example 0.25, or exactly {example}", example='"1/3"')
TEXT = msg("a text in quotation marks, from 1 to {most} characters", most=str(LONGEST_TEXT))
SWITCH = msg("true or false")
IDS = msg("a list of project ids, for example {example}", example='["A", "B"]')
EUROS = msg("whole euros from {least} to {most}", least=Money(0), most=Money(MAX_EUROS))


class ScenarioFileError(ScenarioError):
    """A scenario's record or file that cannot be used; ``problems``: every fault, in the order of the file."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at one place, and what is accepted there."""

    kind: Literal["value", "unknown", "missing"]
    place: Place
    value: object
    accepted: Message | str

    def words(self, line: int | None = None) -> Message:
        """The fault as said to people, with the line of the file if there is one."""
        key = dotted(self.place)
        if self.kind == "missing":
            said = msg("{key} is missing. Accepted: {accepted}.", key=key, accepted=self.accepted)
        elif self.kind == "unknown":
            said = msg(
                "{key}: the key is not known (value {value}). Accepted here: {accepted}.",
                key=key,
                value=shown(self.value),
                accepted=self.accepted,
            )
        else:
            said = msg(
                "{key}: {value} is not accepted. Accepted: {accepted}.",
                key=key,
                value=shown(self.value),
                accepted=self.accepted,
            )
        return said if line is None else msg("Line {line}: {fault}", line=str(line), fault=said)


@dataclass(slots=True)
class Faults:
    """The faults found so far; every reader adds to it and goes on with a stand-in value."""

    found: list[Fault] = field(default_factory=list)

    def wrong(self, place: Place, value: object, accepted: Message) -> None:
        """A value that is not accepted, or that is not there."""
        self.found.append(Fault("missing" if value is None else "value", place, value, accepted))

    def missing(self, place: Place, accepted: Message) -> None:
        """A key that is needed and is not there."""
        self.found.append(Fault("missing", place, None, accepted))

    def refuse_unknown(self, place: Place, table: Mapping[Any, object], known: tuple[str, ...]) -> None:
        """A fault for every key of ``table`` that is not ``known``."""
        for key, value in table.items():
            if key not in known:
                self.found.append(Fault("unknown", (*place, str(key)), value, ", ".join(known)))


def dotted(place: Place) -> str:
    """``("constraint", 0, "where", "a b")`` as ``constraint[1].where."a b"``: numbers from 1, as people count."""
    key = ""
    for part in place:
        if isinstance(part, int):
            key += f"[{part + 1}]"
        else:
            key += "." + (part if re.fullmatch(r"[A-Za-z0-9_-]{1,60}", part) else shown(part))
    return key.removeprefix(".")


def shown(value: object, depth: int = 0) -> str:
    """A value as it stood in the file, shortened to 60 characters."""
    if isinstance(value, dict):
        text = "{ " + ", ".join(str(key)[:_LONGEST_SHOWN] for key in list(value)[:5]) + " }" if value else "{ }"
    elif isinstance(value, (list, tuple)):
        inner = "…" if depth > 2 else ", ".join(shown(item, depth + 1) for item in value[:5])
        text = "[" + inner + (", …]" if len(value) > 5 else "]")
    elif isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, str):
        text = '"' + "".join(sign if sign.isprintable() else " " for sign in value[: _LONGEST_SHOWN + 1]) + '"'
    elif isinstance(value, int) and value.bit_length() > 4_000:
        text = f"{str(value >> (value.bit_length() - 64))[:10]}…"
    elif isinstance(value, Fraction) and Fraction(decimal := Decimal(value.numerator) / value.denominator) == value:
        text = f"{decimal:f}"
    else:
        text = str(value)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def exact(value: object) -> Fraction | None:
    """The number that ``value`` is, or None: a whole number, a decimal, or a text such as "3.25" or "10/3"."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Fraction(value) if value.bit_length() <= 4 * _DIGITS else None
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        # A far exponent would unpack to millions of digits.
        if not value.is_finite() or len(value.as_tuple().digits) > _DIGITS or abs(value.adjusted()) > _DIGITS:
            return None
        return Fraction(value)
    if isinstance(value, str) and _EXACT.fullmatch(value):
        top, _, bottom = value.replace(",", ".").partition("/")
        if bottom and not int(bottom):
            return None
        return Fraction(top) / int(bottom) if bottom else Fraction(top)
    return None


def simple(number: int | Fraction) -> int | Fraction:
    """A whole number as an int."""
    return int(number) if number.denominator == 1 else number


def number(faults: Faults, place: Place, value: object, accepted: Message = NUMBER) -> Fraction | None:
    """Any exact number."""
    found = exact(value)
    if found is None:
        faults.wrong(place, value, accepted)
    return found


def whole(
    faults: Faults, place: Place, value: object, accepted: Message = WHOLE, least: int = 0, most: int = MAX_EUROS
) -> int:
    """A whole number from ``least`` to ``most``; 5000.0 and 5e3 are whole as well."""
    found = None if isinstance(value, str) else exact(value)
    if found is None or found.denominator != 1 or not least <= found <= most:
        faults.wrong(place, value, accepted)
        return least
    return int(found)


def euros(faults: Faults, place: Place, value: object, least: int = 0) -> int:
    """Whole euros."""
    accepted = (
        EUROS if least == 0 else msg("whole euros from {least} to {most}", least=Money(least), most=Money(MAX_EUROS))
    )
    return whole(faults, place, value, accepted, least)


def share(faults: Faults, place: Place, value: object) -> Fraction | None:
    """A share from 0 to 1."""
    found = exact(value)
    if found is None or not 0 <= found <= 1:
        faults.wrong(place, value, SHARE)
        return None
    return found


def switch(faults: Faults, place: Place, value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        faults.wrong(place, value, SWITCH)
        return True
    return value


def text(faults: Faults, place: Place, value: object, accepted: Message = TEXT) -> str:
    """A text that is not empty; a whole number stands for its digits, as ids and codes are often numbers."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() < 64:
        return str(value)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
        faults.wrong(place, value, accepted)
        return ""
    return value


def texts(faults: Faults, place: Place, value: object, accepted: Message = IDS, least: int = 0) -> tuple[str, ...]:
    """A list of texts; no text twice."""
    if not isinstance(value, (list, tuple)) or len(value) < least:
        faults.wrong(place, value, accepted)
        return ()
    found = [text(faults, (*place, at), item, accepted) for at, item in enumerate(value)]
    return tuple(dict.fromkeys(one for one in found if one))


def table(faults: Faults, place: Place, value: object, accepted: Message) -> Mapping[str, object] | None:
    """A table of keys and values."""
    if not isinstance(value, dict):
        faults.wrong(place, value, accepted)
        return None
    return value
