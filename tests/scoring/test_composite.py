"""Composites and running totals: exact, on the levels' scale, and silent about what is missing."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.composite import composite, running_total
from scoring.errors import ScoringError
from scoring.types import RunningTotal

WEIGHTS = {"change": 50, "dissemination": 30, "consortium": 20}


def test_composite_is_weighted_mean() -> None:
    assert composite({"change": 4, "dissemination": 3, "consortium": 5}, WEIGHTS) == Fraction(39, 10)


@pytest.mark.parametrize("levels", [{}, {"change": 4}, {"change": 4, "dissemination": None, "consortium": 5}])
def test_composite_is_none_when_a_criterion_is_missing(levels: dict[str, int | None]) -> None:
    assert composite(levels, WEIGHTS) is None


def test_composite_does_not_count_a_criterion_without_weight() -> None:
    assert composite({"change": 2, "other": 5}, {"change": 7}) == 2


def test_running_total_says_what_is_missing() -> None:
    total = running_total({"change": 4, "consortium": 1}, WEIGHTS)
    assert total == RunningTotal(scored_weight=70, total_weight=100, points=220, missing=("dissemination",))
    assert (total.missing_weight, total.so_far, total.composite) == (30, Fraction(22, 7), None)


def test_running_total_of_nothing_is_none_not_zero() -> None:
    total = running_total({}, WEIGHTS)
    assert (total.so_far, total.composite, total.missing) == (None, None, tuple(WEIGHTS))


@pytest.mark.parametrize("weights", [{}, {"a": 0}, {"a": -1}, {"a": 1.5}, {"a": True}])
def test_composite_refuses_weights_that_are_no_whole_points(weights: dict[str, int]) -> None:
    with pytest.raises(ScoringError):
        composite({"a": 3}, weights)


@pytest.mark.parametrize("level", [3.0, "3", True])
def test_composite_refuses_a_level_that_is_no_whole_number(level: int) -> None:
    with pytest.raises(ScoringError, match=r"Level of criterion a: .* whole number"):
        composite({"a": level}, {"a": 1})


@given(st.dictionaries(st.text("abcdef", min_size=1), st.tuples(st.integers(1, 1000), st.integers(1, 5)), min_size=1))
def test_composite_stays_on_the_scale_and_equals_the_running_total(data: dict[str, tuple[int, int]]) -> None:
    weights = {key: weight for key, (weight, _) in data.items()}
    levels = {key: level for key, (_, level) in data.items()}
    value = composite(levels, weights)
    assert value is not None
    assert min(levels.values()) <= value <= max(levels.values())
    assert value == running_total(levels, weights).so_far
    doubled = {key: weight * 2 for key, weight in weights.items()}
    assert value == composite(levels, doubled)
