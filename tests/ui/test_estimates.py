"""Estimated figures as they are written: nothing that is not exactly so is shown as none, all or certain."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.estimates import coefficient, p_value, signed, whole_shares


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.446, "+0,45"), (-0.397, "−0,40"), (0.0, "0,00"), (0.004, "0,00"), (-0.004, "0,00"), (12.0, "+12,00")],
)
def test_a_deviation_has_its_sign_unless_it_rounds_to_none(value: float, shown: str) -> None:
    assert signed(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0,00"),
        (0.001, "<\u00a00,01"),
        (0.005, "0,01"),
        (0.734, "0,73"),
        (0.996, ">\u00a00,99"),
        (1.0, "1,00"),
        (-0.1, "−0,10"),
    ],
)
def test_a_coefficient_is_never_rounded_to_none_or_all(value: float, shown: str) -> None:
    assert coefficient(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(5.4e-9, "p < 0,001"), (0.0, "p < 0,001"), (0.0314, "p = 0,031"), (0.5, "p = 0,500"), (1.0, "p > 0,999")],
)
def test_a_probability_is_never_none_or_certain(value: float, shown: str) -> None:
    assert p_value(value).replace("\u00a0", " ") == shown


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ((1.0, 1.0, 1.0), ["34 %", "33 %", "33 %"]),
        ((51.2, 2.3, 46.5), ["51 %", "2 %", "47 %"]),
        ((1.0, 0.0, 0.0), ["100 %", "0 %", "0 %"]),
        ((1.0, 0.0, 1e-9), ["yli 99 %", "0 %", "alle 1 %"]),
        ((0.0, 0.0, 0.0), ["–", "–", "–"]),
    ],
)
def test_shares_are_whole_and_say_what_is_less_or_more(parts: tuple[float, ...], shown: list[str]) -> None:
    assert [share.replace("\u00a0", " ") for share in whole_shares(parts)] == shown


@given(st.lists(st.floats(min_value=0, max_value=1e6), min_size=1, max_size=5).filter(any))
def test_shares_add_up_to_a_hundred(parts: list[float]) -> None:
    shares = whole_shares(parts)
    over, under = "yli 99\u00a0%", "alle 1\u00a0%"
    known = [100 if share == over else 0 if share == under else int(share[:-2]) for share in shares]
    assert sum(known) == 100
    assert all(re.fullmatch(rf"\d+\u00a0%|{over}|{under}", share) for share in shares)
    assert all((share != "0\u00a0%") == (part > 0) for share, part in zip(shares, parts, strict=True))
