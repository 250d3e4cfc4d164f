"""How money, numbers and moments are written in each language (Babel's CLDR data)."""

from datetime import date, datetime
from decimal import Decimal, localcontext
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel.dates import format_date as babel_date
from babel.numbers import format_decimal

from locales.catalogue import PSEUDO, Lang

HELSINKI = ZoneInfo("Europe/Helsinki")


class Money(int):
    """Whole euros in a message, so that it is written as money in the reader's language."""


def _cldr(lang: Lang) -> str:
    return {"en": "en_GB", PSEUDO: "en_GB"}.get(lang, lang)


def format_money(euros: int, lang: Lang) -> str:
    """1234567 -> ``1 234 567 €`` (fi, sv: no-break spaces, a true minus sign), ``€1,234,567`` (en)."""
    if lang in ("fi", "sv"):
        return f"{_written(Decimal(euros), '#,##0', lang)}\u00a0€"
    sign = "-" if euros < 0 else ""
    return f"{sign}€{_written(Decimal(abs(euros)), '#,##0', lang)}"


def format_number(value: int | float | Decimal | Fraction, lang: Lang, decimals: int | None = None) -> str:
    """A number with the language's separators; ``decimals`` rounds half up, None keeps an int as it is.

    Rounded exactly and away from zero at the half; a result of zero has no sign. A float is rounded as it is
    written (0.145 is 0,15). Raises ValueError for a float or Decimal that is not finite.
    """
    places = decimals if decimals is not None else (0 if isinstance(value, int) else 2)
    if isinstance(value, float):
        value = Decimal(str(value))
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError(f"{value} cannot be shown as a number")
    exact = Fraction(value)
    units = int(abs(exact) * 10**places + Fraction(1, 2))
    rounded = Decimal((int(exact < 0 < units), tuple(map(int, str(units))), -places))
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return _written(rounded, pattern, lang)


def _written(number: Decimal, pattern: str, lang: Lang) -> str:
    # Babel quantizes within the context's precision: 28 digits would refuse a larger number.
    with localcontext(prec=len(number.as_tuple().digits) + 8):
        written = format_decimal(number, pattern, locale=_cldr(lang))
    # A pattern of our own makes Babel write a hyphen, where a line could break; CLDR has − for fi and sv.
    return written.replace("-", "−") if lang in ("fi", "sv") else written


def format_date(day: date, lang: Lang) -> str:
    """5.10.2020 (fi, sv) or 5 October 2020 (en)."""
    if lang in ("fi", "sv"):
        return f"{day.day}.{day.month}.{day.year}"
    return str(babel_date(day, "d MMMM y", locale=_cldr(lang)))


def format_moment(moment: datetime, lang: Lang) -> str:
    """An aware moment in Helsinki time: 5.10.2020 klo 16.15, 5.10.2020 kl. 16.15, 5 October 2020 at 16:15."""
    if moment.tzinfo is None:
        raise ValueError("a moment without time zone cannot be shown")
    local = moment.astimezone(HELSINKI)
    day = format_date(local.date(), lang)
    if lang == "fi":
        return f"{day} klo {local.hour}.{local.minute:02}"
    if lang == "sv":
        return f"{day} kl. {local.hour}.{local.minute:02}"
    return f"{day} at {local:%H:%M}"
