"""Messages: a source text with named values, rendered where the reader's language is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from locales.catalogue import PSEUDO, Lang, decorate, lookup
from locales.formats import Money, format_date, format_moment, format_money, format_number


@dataclass(frozen=True, slots=True)
class LocalText:
    """A text given in all three languages by the call (data, not catalogue)."""

    fi: str
    sv: str
    en: str

    def get(self, lang: Lang) -> str:
        """The text in ``lang``."""
        if lang == PSEUDO:
            return decorate(self.en)
        return {"fi": self.fi, "sv": self.sv, "en": self.en}[lang]


@dataclass(frozen=True, slots=True)
class Message:
    """A text to be said: ``render`` turns it into words of one language."""

    msgid: str
    params: Mapping[str, "Param"] = field(default_factory=dict)
    plural: str | None = None
    n: int = 1


Param: TypeAlias = str | int | Money | Decimal | Fraction | date | datetime | Message | LocalText | list["Param"]


def msg(msgid: str, /, **params: Param) -> Message:
    """A message; ``msgid`` is the English source text with ``{named}`` places."""
    return Message(msgid, params)


def msgn(singular: str, plural: str, n: int, /, **params: Param) -> Message:
    """A message that counts; ``{n}`` is the number."""
    return Message(singular, {"n": n, **params}, plural, n)


def render(text: "Message | LocalText | str", lang: Lang) -> str:
    """The words of ``text`` in ``lang``. A plain string is data (a name, a value) and stays as it is."""
    if isinstance(text, str):
        return text
    if isinstance(text, LocalText):
        return text.get(lang)
    pattern = lookup(lang, text.msgid, text.plural, text.n)
    if not text.params:
        return pattern
    return pattern.format(**{name: _word(value, lang) for name, value in text.params.items()})


def _word(value: Param, lang: Lang) -> str:
    if isinstance(value, (Message, LocalText, str)):
        return render(value, lang)
    if isinstance(value, Money):
        return format_money(value, lang)
    if isinstance(value, datetime):
        return format_moment(value, lang)
    if isinstance(value, date):
        return format_date(value, lang)
    if isinstance(value, (Decimal, Fraction)):
        return format_number(value, lang, 2)
    if isinstance(value, list):
        return ", ".join(_word(item, lang) for item in value)
    return str(value)
