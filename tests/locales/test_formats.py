"""Money, numbers, days and moments as they are written in each language."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales import LANGUAGES, PSEUDO, format_date, format_moment, format_money, format_number
from locales.parse import parse_euros

NBSP = "\u00a0"
WRITTEN = (*LANGUAGES, PSEUDO)


@pytest.mark.parametrize(
    ("euros", "fi", "en"),
    [
        (0, "0_€", "€0"),
        (999, "999_€", "€999"),
        (1_000, "1_000_€", "€1,000"),
        (10_000_000, "10_000_000_€", "€10,000,000"),
        (-5, "−5_€", "-€5"),
        (-1_234_567, "−1_234_567_€", "-€1,234,567"),
        (10**30, "1" + "_000" * 10 + "_€", "€1" + ",000" * 10),
    ],
)
def test_format_money_in_each_language(euros: int, fi: str, en: str) -> None:
    finnish = fi.replace("_", NBSP)
    assert [format_money(euros, lang) for lang in WRITTEN] == [finnish, finnish, en, en]


@given(euros=st.integers(-(10**15), 10**15), lang=st.sampled_from(WRITTEN))
def test_format_money_keeps_every_digit_and_never_breaks_a_line(euros: int, lang: str) -> None:
    written = format_money(euros, lang)
    assert int(re.sub(r"\D", "", written)) == abs(euros)
    assert written.count("−") + written.count("-") == (euros < 0)
    assert " " not in written


@given(euros=st.integers(0, 10**12), lang=st.sampled_from(WRITTEN))
def test_format_money_is_read_back(euros: int, lang: str) -> None:
    assert parse_euros(format_money(euros, lang)) == euros


@pytest.mark.parametrize(
    ("value", "decimals", "fi", "en"),
    [
        (1234, None, "1_234", "1,234"),
        (1234, 1, "1_234,0", "1,234.0"),
        (Decimal("0.5"), 0, "1", "1"),
        (Decimal("2.5"), 0, "3", "3"),
        (Decimal("-2.5"), 0, "−3", "-3"),
        (Decimal("3.666"), None, "3,67", "3.67"),
        (Decimal("-0.004"), None, "0,00", "0.00"),
        (Decimal("1e30"), 0, "1" + "_000" * 10, "1" + ",000" * 10),
        (Fraction(11, 3), None, "3,67", "3.67"),
        (Fraction(11, 3), 4, "3,6667", "3.6667"),
        (Fraction(1, 200), None, "0,01", "0.01"),
        (Fraction(10**30 - 1, 2 * 10**30), 0, "0", "0"),
        (0.145, None, "0,15", "0.15"),
    ],
)
def test_format_number_rounds_half_away_from_zero(
    value: int | float | Decimal | Fraction, decimals: int | None, fi: str, en: str
) -> None:
    finnish = fi.replace("_", NBSP)
    assert [format_number(value, lang, decimals) for lang in WRITTEN] == [finnish, finnish, en, en]


@given(value=st.fractions(), decimals=st.integers(0, 6), lang=st.sampled_from(LANGUAGES))
def test_format_number_is_within_half_a_unit(value: Fraction, decimals: int, lang: str) -> None:
    written = format_number(value, lang, decimals)
    separators = {NBSP: "", ",": "." if lang != "en" else "", "−": "-"}
    read = Fraction("".join(separators.get(character, character) for character in written))
    assert abs(read - value) <= Fraction(1, 2 * 10**decimals)
    assert (written[0] in "-−") == (read < 0)


@pytest.mark.parametrize("value", [float("nan"), float("-inf"), Decimal("NaN"), Decimal("Infinity")])
def test_format_number_refuses_what_is_no_number(value: float | Decimal) -> None:
    with pytest.raises(ValueError, match="cannot be shown as a number"):
        format_number(value, "fi")


def test_format_date_in_each_language() -> None:
    days = [format_date(date(2020, 10, 5), lang) for lang in WRITTEN]
    assert days == ["5.10.2020", "5.10.2020", "5 October 2020", "5 October 2020"]


@pytest.mark.parametrize(
    ("moment", "fi"),
    [
        (datetime(2020, 10, 5, 13, 15, tzinfo=UTC), "5.10.2020 klo 16.15"),
        (datetime(2020, 1, 5, 13, 5, tzinfo=UTC), "5.1.2020 klo 15.05"),
        (datetime(2020, 12, 31, 22, 0, tzinfo=UTC), "1.1.2021 klo 0.00"),
        # Clocks go forward at 3.00 (there is no 3.30 that night) and back at 4.00 (3.30 comes twice).
        (datetime(2022, 3, 27, 0, 59, tzinfo=UTC), "27.3.2022 klo 2.59"),
        (datetime(2022, 3, 27, 1, 0, tzinfo=UTC), "27.3.2022 klo 4.00"),
        (datetime(2022, 10, 30, 0, 30, tzinfo=UTC), "30.10.2022 klo 3.30"),
        (datetime(2022, 10, 30, 1, 30, tzinfo=UTC), "30.10.2022 klo 3.30"),
        (datetime(2022, 10, 30, 2, 0, tzinfo=UTC), "30.10.2022 klo 4.00"),
    ],
)
def test_format_moment_is_helsinki_time(moment: datetime, fi: str) -> None:
    assert format_moment(moment, "fi") == fi


def test_format_moment_in_each_language() -> None:
    closing = datetime(2020, 10, 5, 13, 15, tzinfo=UTC)
    assert [format_moment(closing, lang) for lang in WRITTEN] == [
        "5.10.2020 klo 16.15",
        "5.10.2020 kl. 16.15",
        "5 October 2020 at 16:15",
        "5 October 2020 at 16:15",
    ]


def test_format_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without time zone"):
        format_moment(datetime(2020, 10, 5, 16, 15), "fi")  # noqa: DTZ001
