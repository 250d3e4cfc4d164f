"""Figures of a distribution as they are written: nothing that is not quite so is shown as none or certain."""

from fractions import Fraction

import pytest

from allocation import Change, Scenario
from locales import LocalText
from ui.allocation_price import who
from ui.allocation_words import difference, measured, probability, share, signed, value_name

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, f"0,0{NBSP}%"),
        (0.0001, f"alle 0,1{NBSP}%"),
        (0.5, f"50,0{NBSP}%"),
        (0.8766, f"87,7{NBSP}%"),
        (0.99999, f"yli 99,9{NBSP}%"),
        (1.0, f"100,0{NBSP}%"),
    ],
)
def test_a_probability_is_only_certain_when_it_is(value: float, shown: str) -> None:
    assert probability(value).replace(" ", NBSP) == shown.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("euros", "shown"),
    [(1_500, f"+1{NBSP}500{NBSP}€"), (0, f"0{NBSP}€"), (-1_500, f"−1{NBSP}500{NBSP}€")],
)
def test_a_difference_has_its_sign(euros: int, shown: str) -> None:
    assert difference(euros) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Fraction(5, 2), "+3"), (Fraction(1, 3), "0"), (Fraction(-1, 3), "0"), (-2, "−2")],
)
def test_a_number_that_rounds_to_none_has_no_sign(value: Fraction | int, shown: str) -> None:
    assert signed(value) == shown


@pytest.mark.parametrize(
    ("measure", "value", "shown"),
    [
        ("grant", 2_000, f"2{NBSP}000{NBSP}€"),
        ("count", 12, "12"),
        ("population", Fraction(5, 2), "2,50"),
        ("count", None, "–"),
    ],
)
def test_a_sum_is_written_in_its_own_measure(measure: str, value: int | Fraction | None, shown: str) -> None:
    assert measured(measure, value) == shown


def test_a_share_of_nothing_is_a_dash() -> None:
    assert [share(1, 0), share(Fraction(1, 4), 1), share(999_999, 1_000_000)] == [
        "–",
        f"25{NBSP}%",
        f"yli 99,9{NBSP}%",
    ]


def test_a_value_of_a_label_has_its_name_or_stands_as_it_is() -> None:
    scenario = Scenario(1, "lp", names={"region=01": LocalText(fi="Uusimaa", sv="Nyland", en="Uusimaa")})
    assert [value_name(scenario, "region", key) for key in ("01", "02")] == ["Uusimaa", "02"]


def test_who_changes_names_the_largest_and_counts_the_rest() -> None:
    changes = [Change(f"p{n}", 0, 100 * n, 100 * n) for n in range(1, 8)]
    shown = who(changes)
    assert [f"p{n}{NBSP}" in shown for n in range(1, 8)] == [False, False, True, True, True, True, True]
    assert "2" in shown.split("€")[-1]
    assert who(changes[:2]) == f"p2{NBSP}+200{NBSP}€; p1{NBSP}+100{NBSP}€"
