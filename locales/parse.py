"""Money as people and spreadsheets write it, read into whole euros; whatever could be read two ways is refused."""

import re

from locales.formats import Money
from locales.message import Message, msg

LARGEST_EUROS = 10**12
"""Amounts above this are refused as slips."""

ACCEPTED_EUROS = msg(
    "Whole euros from 0 to {largest}, for example {example}. No cents other than 00, no negative amounts.",
    largest=Money(LARGEST_EUROS),
    example=Money(1_234_567),
)

_LONGEST = 60
_SPACES = re.compile(r"[ \t\u00a0\u2007\u2009\u202f]+")
_UNIT = re.compile(r"^(?:€|eur)\s?|\s?(?:€|eur|euro|euroa|euros)$", re.IGNORECASE)
_DIGITS = r"(?:0|[1-9][0-9]*)"
_WHOLE = (
    rf"{_DIGITS}",
    r"[1-9][0-9]{0,2}(?: [0-9]{3})+",
    r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+",
    r"[1-9][0-9]{0,2}(?:,[0-9]{3})+",
)
_PATTERNS = tuple(re.compile(rf"({whole})(?:[.,]([0-9]{{1,2}})|,[-–])?") for whole in _WHOLE)


class MoneyError(ValueError):
    """A text that is no whole sum of euros: ``message`` says why, ``accepted`` what would be taken."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.msgid)
        self.message = message
        self.accepted = ACCEPTED_EUROS


def parse_euros(text: str) -> int:
    """Whole euros from ``1 234 567 €``, ``1.234.567``, ``€1,234,567``, ``1234567``, ``1 234 567,00 €``.

    Thousands may be separated by spaces of any kind, points or commas, in one way throughout; cents may be
    written only as 00 and with the other mark. One point or comma followed by exactly three digits (``1.234``)
    could be a thousand or a decimal number, so it is refused; with the euro sign in front and a comma
    (``€1,234``), or with cents behind (``1.234,00``), there is one reading only.
    Raises MoneyError.
    """
    plain = _SPACES.sub(" ", text).strip()
    if not plain:
        raise MoneyError(msg("The amount is empty."))
    if len(plain) > _LONGEST:
        raise MoneyError(msg("The text is too long for an amount."))
    number = _UNIT.sub("", plain, count=1).strip()
    if number[:1] in ("-", "−", "–") and number[1:].lstrip("€ ")[:1].isdigit():
        raise MoneyError(msg("The amount is negative."))
    return _bounded(*_split(number, english=plain.startswith("€")))


def _split(number: str, *, english: bool) -> tuple[str, str]:
    """The digits before and after the decimal mark."""
    for pattern in _PATTERNS:
        found = pattern.fullmatch(number)
        if found is None:
            continue
        whole, cents = found[1], found[2] or ""
        mark = number[len(whole) : len(whole) + 1]
        if mark and mark in whole:
            break
        if re.fullmatch(r"[0-9]+[.,][0-9]{3}", number) and not (english and "," in number):
            raise MoneyError(
                msg(
                    "The amount can be read in two ways: as thousands or as decimals. "
                    "Write it with a space or without a separator."
                )
            )
        return re.sub(r"[^0-9]", "", whole), cents
    raise MoneyError(msg("The text is not an amount in euros."))


def _bounded(whole: str, cents: str) -> int:
    if cents.strip("0"):
        raise MoneyError(msg("The amount has cents."))
    euros = int(whole)
    if euros > LARGEST_EUROS:
        raise MoneyError(msg("The amount is larger than {largest}.", largest=Money(LARGEST_EUROS)))
    return euros
