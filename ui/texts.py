"""Words, numbers and moments in the reader's language."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from datetime import datetime
from fractions import Fraction
from typing import Any

from locales import (
    Lang,
    LocalText,
    Message,
    Param,
    format_moment,
    format_money,
    format_number,
    msg,
    msgn,
    render,
)

_language: ContextVar[Lang] = ContextVar("language", default="fi")


def set_language(lang: Lang) -> None:
    """The language of this run."""
    _language.set(lang)


def language() -> Lang:
    """The language of this run."""
    return _language.get()


def t(msgid: str, /, **params: Param) -> str:
    """The text in the reader's language; ``msgid`` is the English source."""
    return render(msg(msgid, **params), language())


def tn(singular: str, plural: str, n: int, /, **params: Param) -> str:
    """A text that counts."""
    return render(msgn(singular, plural, n, **params), language())


def say(text: Message | LocalText | str) -> str:
    """The words of a message, a call's text, or data as it is."""
    return render(text, language())


def money(euros: int | None) -> str:
    """Whole euros, or a dash where there is no figure."""
    return "–" if euros is None else format_money(euros, language())


def score(value: Fraction | None) -> str:
    """A score with two decimals; a missing one is said, never 0."""
    return t("not scored") if value is None else format_number(value, language(), 2)


def number(value: int | Fraction, decimals: int | None = None) -> str:
    """A number with the language's separators."""
    return format_number(value, language(), decimals)


def percent(part: int, whole: int) -> str:
    """A share in per cent, with a decimal where it is not whole; a dash without a whole.

    What is not quite everything is never shown as 100 % or less than it is, nor what is something as 0 % or more.
    """
    if whole == 0:
        return "–"
    share = Fraction(100 * part, whole)
    if 0 < share < Fraction(1, 10):
        return t("under {share}", share=in_percent(number(Fraction(1, 10), 1)))
    if Fraction(999, 10) < share < 100:
        return t("over {share}", share=in_percent(number(Fraction(999, 10), 1)))
    return in_percent(format_number(share, language(), 0 if share.denominator == 1 else 1))


def in_percent(shown: str) -> str:
    """A written number in per cent; English has no space before the sign."""
    return f"{shown}%" if language() == "en" else f"{shown}\u00a0%"


def moment(when: datetime | None) -> str:
    """A moment in Helsinki time, or a dash."""
    return "–" if when is None else format_moment(when, language())


def choice(texts: Mapping[Any, Message]) -> Callable[[str], str]:
    """A ``format_func`` for a widget whose options are the keys of ``texts``."""
    return lambda key: say(texts[key]) if key in texts else key
