"""Scores, shares and numbers of a scenario are read and written exactly."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales import LANGUAGES
from ui.scenario_numbers import (
    NumberError,
    read_count,
    read_number,
    read_score,
    read_share,
    write_number,
    write_share,
)

LANGS = st.sampled_from(LANGUAGES)


@given(st.fractions(min_value=0, max_value=10**12, max_denominator=10**6), LANGS)
def test_number_reads_back_as_written(value: Fraction, lang: str) -> None:
    assert read_number(write_number(value, lang)) == value


@given(st.fractions(min_value=0, max_value=1, max_denominator=10**6), LANGS)
def test_share_reads_back_as_written(share: Fraction, lang: str) -> None:
    assert read_share(write_share(share, lang) + " %") == share


@given(st.integers(min_value=0, max_value=10**12), LANGS)
def test_whole_number_reads_back_as_written(value: int, lang: str) -> None:
    assert read_count(write_number(value, lang)) == value


@pytest.mark.parametrize(
    ("typed", "score"),
    [("3,25", Fraction(13, 4)), ("3.25", Fraction(13, 4)), (" 10/3 ", Fraction(10, 3)), ("0", Fraction(0))],
)
def test_score_as_people_write_it(typed: str, score: Fraction) -> None:
    assert read_score(typed) == score


@pytest.mark.parametrize("typed", ["", "kolme", "-1", "1e3", "1.2.3", "1/0", "1001", "3,1234567", "9" * 40, "٣"])
def test_score_that_is_none_is_refused_with_what_was_typed(typed: str) -> None:
    with pytest.raises(NumberError) as refused:
        read_score(typed)
    assert refused.value.message.params == {"value": typed.strip()}


@pytest.mark.parametrize("typed", ["100,1", "-5 %", "half", "% 5"])
def test_share_outside_0_to_100_is_refused(typed: str) -> None:
    with pytest.raises(NumberError):
        read_share(typed)


@pytest.mark.parametrize("typed", ["1,5", "2/3", "yksi"])
def test_count_that_is_not_whole_is_refused(typed: str) -> None:
    with pytest.raises(NumberError):
        read_count(typed)
