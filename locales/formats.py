"""How money, numbers and moments are written in each language (Babel's CLDR data)."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
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
    """1234567 -> ``1 234 567 €`` (fi, sv: no-break space), ``€1,234,567`` (en)."""
    digits = format_decimal(int(euros), "#,##0", locale=_cldr(lang))
    return f"{digits}\u00a0€" if lang in ("fi", "sv") else (f"-€{digits[1:]}" if euros < 0 else f"€{digits}")


def format_number(value: int | float | Decimal | Fraction, lang: Lang, decimals: int | None = None) -> str:
    """A number with the language's separators; ``decimals`` rounds half up, None keeps an int as it is."""
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    places = decimals if decimals is not None else (0 if isinstance(value, int) else 2)
    quantum = Decimal(1).scaleb(-places)
    rounded = Decimal(str(value)).quantize(quantum, rounding=ROUND_HALF_UP)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(rounded, pattern, locale=_cldr(lang))


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
