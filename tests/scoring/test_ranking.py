"""Standings: exact ranks, ties as ties, missing is missing, and the order of the input never matters."""

import hashlib
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import ScoringError
from scoring.ranking import lot, rank, tie_keys
from scoring.types import Review, Standing

WEIGHTS = {"change": 5, "spread": 3, "consortium": 2}


def review(application: str, reviewer: str, *levels: int | None) -> Review:
    return Review(application, reviewer, dict(zip(WEIGHTS, levels, strict=True)))


@st.composite
def panels(draw: st.DrawFn) -> tuple[list[Review], list[str]]:
    applications = draw(st.lists(st.text("ABCDEF", min_size=1, max_size=3), unique=True, max_size=8))
    level = st.one_of(st.integers(1, 5), st.none())
    reviews = [
        review(application, f"r{number}", draw(level), draw(level), draw(level))
        for application in applications
        for number in range(draw(st.integers(0, 4)))
    ]
    return reviews, applications


def test_rank_gives_whole_standings() -> None:
    reviews = [
        review("A", "r1", 4, 4, 4),
        review("A", "r2", 2, 2, 2),
        review("A", "r3", 5, None, 1),
        review("B", "r1", 5, 5, 5),
    ]
    assert rank(reviews, WEIGHTS, ["A", "C", "B"]) == (
        Standing(
            "B", 1, Fraction(5), Fraction(5), Fraction(5), None, dict.fromkeys(WEIGHTS, Fraction(5)), rank=1
        ),
        Standing(
            "A", 2, Fraction(3), Fraction(3), Fraction(3), Fraction(2),
            {"change": Fraction(11, 3), "spread": Fraction(3), "consortium": Fraction(7, 3)}, rank=2,
        ),
        Standing("C", 0, None, None, None, None, dict.fromkeys(WEIGHTS), rank=None),
    )  # fmt: skip


def test_rank_shares_places_between_equals() -> None:
    levels = {"A": 3, "B": 4, "C": 4, "D": 5, "E": 2}
    reviews = [review(name, "r1", level, level, level) for name, level in levels.items()]
    standings = rank(reviews, WEIGHTS, list(levels))
    assert [(s.application, s.rank, s.tied_with) for s in standings] == [
        ("D", 1, ()), ("B", 2, ("C",)), ("C", 2, ("B",)), ("A", 4, ()), ("E", 5, ()),
    ]  # fmt: skip


def test_rank_sees_a_tie_that_floats_would_not() -> None:
    thirds = [review("A", f"r{n}", level, level, level) for n, level in enumerate((1, 1, 2))]
    sixths = [review("B", f"r{n}", level, level, level) for n, level in enumerate((1, 1, 2, 1, 1, 2))]
    assert [s.rank for s in rank(thirds + sixths, WEIGHTS, ["A", "B"])] == [1, 1]


def test_rank_leaves_out_reviews_of_applications_not_listed() -> None:
    standings = rank([review("A", "r1", 3, 3, 3), review("B", "r1", 5, 5, 5)], WEIGHTS, ["A"])
    assert [(s.application, s.rank) for s in standings] == [("A", 1)]


def test_rank_of_no_applications_is_empty() -> None:
    assert rank([], WEIGHTS, []) == ()


def test_rank_refuses_two_reviews_by_one_reviewer() -> None:
    with pytest.raises(ScoringError, match="Application A: reviewer r1 has two reviews; one is accepted"):
        rank([review("A", "r1", 3, 3, 3), review("A", "r1", 3, 3, 3)], WEIGHTS, ["A"])


def test_rank_refuses_an_application_listed_twice() -> None:
    with pytest.raises(ScoringError, match="Application A is listed twice"):
        rank([], WEIGHTS, ["A", "B", "A"])


@given(panels(), st.randoms(use_true_random=False))
def test_rank_does_not_depend_on_order(panel: tuple[list[Review], list[str]], shuffler: random.Random) -> None:
    reviews, applications = panel
    shuffled_reviews, shuffled_applications = list(reviews), list(applications)
    shuffler.shuffle(shuffled_reviews)
    shuffler.shuffle(shuffled_applications)
    assert rank(shuffled_reviews, WEIGHTS, shuffled_applications) == rank(reviews, WEIGHTS, applications)


@given(panels())
def test_rank_agrees_with_counting(panel: tuple[list[Review], list[str]]) -> None:
    reviews, applications = panel
    standings = rank(reviews, WEIGHTS, applications)
    assert sorted(s.application for s in standings) == sorted(applications)
    expected: dict[str, Fraction | None] = {}
    for name in applications:
        complete = [r.levels for r in reviews if r.application == name and None not in r.levels.values()]
        points = sum(WEIGHTS[c] * (level or 0) for levels in complete for c, level in levels.items())
        expected[name] = Fraction(points, 10 * len(complete)) if complete else None
    scores = [score for score in expected.values() if score is not None]
    for s in standings:
        score = expected[s.application]
        assert s.score == s.mean == score
        assert s.rank == (None if score is None else 1 + sum(other > score for other in scores))
        assert set(s.tied_with) == {
            name for name, other in expected.items() if name != s.application and other is not None and other == score
        }
    ranks = [s.rank for s in standings]
    assert ranks == sorted(r for r in ranks if r is not None) + [None] * ranks.count(None)


@given(panels(), st.integers(1, 4))
def test_rank_stays_when_every_level_moves_alike(panel: tuple[list[Review], list[str]], step: int) -> None:
    reviews, applications = panel
    moved = [
        Review(r.application, r.reviewer, {c: None if v is None else v + step for c, v in r.levels.items()})
        for r in reviews
    ]
    before, after = (rank(given, WEIGHTS, applications) for given in (reviews, moved))
    assert [(s.application, s.rank, s.spread) for s in before] == [(s.application, s.rank, s.spread) for s in after]


def test_tie_keys_follow_the_rule_of_the_call() -> None:
    (standing,) = rank([review("VM/1", "r1", 4, 3, 2), review("VM/1", "r2", 5, 3, 1)], WEIGHTS, ["VM/1"])
    drawn = int(hashlib.sha256(b"2022:VM/1").hexdigest(), 16)
    assert tie_keys(standing, ["change", "consortium", "lot"], 2022) == (Fraction(9, 2), Fraction(3, 2), drawn)
    assert lot("VM/1", 2022) == drawn


def test_tie_keys_of_an_unscored_application_are_none() -> None:
    (standing,) = rank([review("A", "r1", 4, None, 2)], WEIGHTS, ["A"])
    assert tie_keys(standing, ["change", "lot"], 1) == ()


def test_tie_keys_refuse_an_unknown_word() -> None:
    (standing,) = rank([], WEIGHTS, ["A"])
    with pytest.raises(ScoringError, match="Tie rule: size is not accepted; accepted: change, spread, consortium, lot"):
        tie_keys(standing, ["size"], 1)


@given(st.integers(), st.text("ABC/123", min_size=1), st.text("ABC/123", min_size=1))
def test_lot_separates_any_two_applications(seed: int, one: str, other: str) -> None:
    assert (lot(one, seed) == lot(other, seed)) is (one == other)
