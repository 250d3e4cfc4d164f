"""How figures are written on the screens."""

import pytest

from ui.texts import percent, set_language


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (0, 10, "0"),
        (10, 10, "100"),
        (1, 3, "33,3"),
        (9_999_600, 10_000_000, "yli 99,9"),
        (9_999_999, 10_000_000, "yli 99,9"),
        (1, 10_000_000, "alle 0,1"),
        (1, 1000, "0,1"),
        (999, 1000, "99,9"),
        (11, 10, "110"),
        (1001, 1000, "100,1"),
    ],
)
def test_a_share_is_never_rounded_to_all_or_nothing(part: int, whole: int, shown: str) -> None:
    assert percent(part, whole) == f"{shown}\u00a0%"


def test_english_has_no_space_before_the_sign() -> None:
    set_language("en")
    assert percent(3, 4) == "75%"
    set_language("fi")


def test_a_share_of_nothing_is_a_dash() -> None:
    assert percent(1, 0) == "–"
