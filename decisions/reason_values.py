"""Values in the sentences of the reasons: what they are, and how each is written in the applicant's language."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import TypeAlias

from decisions.phrases import Language
from locales import Money, format_moment, format_money, format_number

MOST_PLACES = 6
"""Decimals of a score beside a limit that it must not seem to reach."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share in basis points, written in per cent."""

    basis_points: int | Fraction


@dataclass(frozen=True, slots=True)
class Score:
    """A score or a level with so many decimals."""

    value: Fraction | int
    places: int = 2


Value: TypeAlias = str | int | Share | Score | datetime
"""What stands in a sentence; Money is written as money, other whole numbers with thousands."""


def in_words(value: Value, lang: Language) -> str:
    """A value as it is written in a language."""
    match value:
        case Money():
            return format_money(value, lang)
        case int():
            return format_number(value, lang)
        case Score():
            return format_number(value.value, lang, value.places)
        case Share():
            percent = Fraction(value.basis_points) / 100
            return f"{format_number(percent, lang, _needed(percent, 0, 2))}\u00a0%"
        case datetime():
            return format_moment(value, lang)
    return value


def apart(value: Fraction | None, *limits: Fraction | None) -> int:
    """Decimals (2 to 6) with which ``value`` does not seem equal to a limit that it is not equal to."""
    given = [limit for limit in limits if limit is not None]
    least = max(
        (_needed(limit, 2, MOST_PLACES) for limit in given if 10**MOST_PLACES % limit.denominator == 0), default=2
    )
    if value is None:
        return least
    for places in range(least, MOST_PLACES):
        if all(value == limit or _units(value, places) != _units(limit, places) for limit in given):
            return places
    return MOST_PLACES


def _needed(value: Fraction, least: int, most: int) -> int:
    return next((places for places in range(least, most) if (value * 10**places).denominator == 1), most)


def _units(value: Fraction, places: int) -> int:
    return int(value * 10**places + Fraction(1, 2))
