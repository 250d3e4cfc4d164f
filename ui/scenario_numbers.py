"""Scores, shares and numbers of a scenario as people type them, read and written exactly."""

import re
from fractions import Fraction

from locales import Lang, Message, format_number, msg

_SPACES = re.compile(r"[ \t\u00a0\u2007\u2009\u202f]+")
_DECIMAL = re.compile(r"([0-9]{1,15})(?:[.,]([0-9]{1,6}))?")
_GROUPED = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]{1,6})?")
_RATIO = re.compile(r"([0-9]{1,15})/([0-9]{1,15})")
_DECIMALS = 6


class NumberError(ValueError):
    """A text that is no such number; ``message`` repeats it and says what would be read."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.msgid)
        self.message = message


def read_score(text: str) -> Fraction:
    """A score such as ``3,25``, ``3.25`` or ``10/3``. Raises NumberError."""
    found = _number(text)
    if found is None or found > 1000:
        raise NumberError(msg("{value} is not a score. Write a number, for example 3.25.", value=text.strip()))
    return found


def read_share(text: str) -> Fraction:
    """A share between 0 and 1 from per cent: ``12,5`` and ``12,5 %`` are 1/8. Raises NumberError."""
    found = _number(text.strip().removesuffix("%"))
    if found is None or found > 100:
        raise NumberError(
            msg("{value} is not a share. Write per cent from 0 to 100, for example 12.5.", value=text.strip())
        )
    return found / 100


def read_count(text: str) -> int:
    """A whole number such as ``12`` or ``200 000``. Raises NumberError."""
    found = _number(text)
    if found is None or found.denominator != 1:
        raise NumberError(msg("{value} is not a whole number. Write for example 12.", value=text.strip()))
    return int(found)


def read_number(text: str) -> Fraction:
    """A number of any column, 0 or more: ``200 000``, ``1,5``. Raises NumberError."""
    found = _number(text)
    if found is None:
        raise NumberError(msg("{value} is not a number. Write for example 200000 or 1.5.", value=text.strip()))
    return found


def write_number(value: int | Fraction, lang: Lang) -> str:
    """``value`` so that reading it gives the same again: as a decimal number, or a fraction where none is exact."""
    exact = Fraction(value)
    for decimals in range(_DECIMALS + 1):
        if (exact * 10**decimals).denominator == 1:
            written = format_number(exact, lang, decimals)
            # A comma between thousands would be read as a decimal mark.
            return written if lang in ("fi", "sv") else written.replace(",", "")
    return f"{exact.numerator}/{exact.denominator}"


def write_share(share: Fraction, lang: Lang) -> str:
    """A share as per cent, without the sign."""
    return write_number(share * 100, lang)


def _number(text: str) -> Fraction | None:
    plain = _SPACES.sub(" ", text).strip()
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(" ", "")
    if _DECIMAL.fullmatch(plain):
        return Fraction(plain.replace(",", "."))
    if (ratio := _RATIO.fullmatch(plain)) and int(ratio[2]):
        return Fraction(int(ratio[1]), int(ratio[2]))
    return None
