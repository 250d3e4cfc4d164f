"""Consensus: ranks where the call says so, leaves the reviews as they are, and shows what it does to the rank."""

import random
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.composite import composite
from scoring.errors import ScoringError
from scoring.ranking import criterion_spread, lot, rank, tie_keys, what_if
from scoring.types import LevelSpread, RankingScore, Review, Standing

WEIGHTS = {"change": 5, "spread": 3, "consortium": 2}
Levels = Mapping[str, int]
Panel = tuple[list[Review], list[str], dict[str, Levels]]


def levels(change: int, spread: int, consortium: int) -> dict[str, int]:
    return {"change": change, "spread": spread, "consortium": consortium}


def review(application: str, reviewer: str, *given: int | None) -> Review:
    return Review(application, reviewer, dict(zip(WEIGHTS, given, strict=True)))


LEVELS = st.builds(levels, st.integers(1, 5), st.integers(1, 5), st.integers(1, 5))


@st.composite
def panels(draw: st.DrawFn) -> Panel:
    names = draw(st.lists(st.sampled_from("ABCDEFGH"), unique=True, max_size=8))
    level = st.one_of(st.integers(1, 5), st.none())
    reviews = [
        review(name, f"r{n}", draw(level), draw(level), draw(level)) for name in names for n in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    return reviews, names, {name: draw(LEVELS) for name in names if draw(st.booleans())}


def test_consensus_ranks_and_leaves_the_reviews_as_they_are() -> None:
    reviews = [review("A", "r1", 1, 2, 3), review("A", "r2", 3, 4, None), review("B", "r1", 3, 3, 3)]
    given = rank(
        reviews, WEIGHTS, ["A", "B", "C"], consensus={"A": levels(4, 4, 3)}, ranking_score="consensus_else_mean"
    )
    of_reviews = {"change": Fraction(2), "spread": Fraction(3), "consortium": Fraction(3)}
    assert given == (
        Standing(
            "A", 1, Fraction(19, 5), Fraction(17, 10), Fraction(17, 10), None, of_reviews, rank=1,
            consensus=Fraction(19, 5), consensus_levels=levels(4, 4, 3), score_source="consensus",
        ),
        Standing("B", 1, Fraction(3), Fraction(3), Fraction(3), None, dict.fromkeys(WEIGHTS, Fraction(3)), rank=2),
        Standing("C", 0, None, None, None, None, dict.fromkeys(WEIGHTS), rank=None),
    )  # fmt: skip


def test_consensus_is_shown_but_does_not_rank_where_the_mean_ranks() -> None:
    (standing,) = rank([review("A", "r1", 1, 1, 1)], WEIGHTS, ["A"], consensus={"A": levels(5, 5, 5)})
    assert (standing.score, standing.consensus, standing.score_source) == (Fraction(1), Fraction(5), "mean")
    assert tie_keys(standing, ["change"], 1) == (1,)


def test_consensus_ranks_an_application_without_reviews() -> None:
    (standing,) = rank([], WEIGHTS, ["A"], consensus={"A": levels(2, 3, 4)}, ranking_score="consensus_else_mean")
    assert (standing.rank, standing.score, standing.mean, standing.reviews) == (1, Fraction(27, 10), None, 0)
    assert tie_keys(standing, ["consortium", "change", "lot"], 7) == (4, 2, lot("A", 7))


def test_tie_keys_use_consensus_levels_only_where_the_score_is_the_consensus() -> None:
    reviews = [review("A", "r1", 4, 2, 2), review("B", "r1", 3, 3, 4)]
    by_case = {
        s.application: tie_keys(s, ["change"], 1)
        for s in rank(
            reviews, WEIGHTS, ["A", "B"], consensus={"A": levels(2, 5, 5)}, ranking_score="consensus_else_mean"
        )
    }
    assert by_case == {"A": (2,), "B": (3,)}


@pytest.mark.parametrize("ranking_score", ["mean", "consensus_else_mean"])
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"change": 3, "spread": 3}, "Application A, consensus: no level for consortium; every criterion needs one"),
        ({}, "Application A, consensus: no level for change, spread, consortium"),
        ({**levels(3, 3, 3), "size": 1}, "Application A, consensus: criterion size is not known; accepted: change, "),
        ({**levels(3, 3, 3), "change": 3.5}, "Level of criterion change: 3.5 is not accepted"),
    ],
)
def test_consensus_that_is_not_whole_is_refused(given: Levels, words: str, ranking_score: RankingScore) -> None:
    with pytest.raises(ScoringError, match=words):
        rank([], WEIGHTS, ["A"], consensus={"A": given}, ranking_score=ranking_score)


def test_consensus_of_an_application_not_listed_takes_no_part() -> None:
    consensus = {"B": {"change": 1}}
    assert rank([], WEIGHTS, ["A"], consensus=consensus, ranking_score="consensus_else_mean") == rank(
        [], WEIGHTS, ["A"]
    )


@given(panels())
def test_consensus_ranks_as_one_review_with_its_levels_would(panel: Panel) -> None:
    reviews, names, consensus = panel
    instead = [r for r in reviews if r.application not in consensus]
    instead += [Review(name, "panel", given) for name, given in consensus.items()]
    found = rank(reviews, WEIGHTS, names, consensus=consensus, ranking_score="consensus_else_mean")
    expected = rank(instead, WEIGHTS, names)
    rule = [*WEIGHTS, "lot"]
    assert [(s.application, s.score, s.rank, s.tied_with, tie_keys(s, rule, 3)) for s in found] == [
        (s.application, s.score, s.rank, s.tied_with, tie_keys(s, rule, 3)) for s in expected
    ]


@given(panels())
def test_consensus_changes_nothing_of_the_reviews(panel: Panel) -> None:
    reviews, names, consensus = panel
    plain = {s.application: s for s in rank(reviews, WEIGHTS, names)}
    for ranking_score in ("mean", "consensus_else_mean"):
        for s in rank(reviews, WEIGHTS, names, consensus=consensus, ranking_score=ranking_score):
            before = plain[s.application]
            bare = replace(s, consensus=None, consensus_levels={}, score_source="mean")
            assert bare == replace(before, score=s.score, rank=s.rank, tied_with=s.tied_with)
            assert s.consensus_levels == consensus.get(s.application, {})
            assert s.consensus == (composite(consensus[s.application], WEIGHTS) if s.application in consensus else None)
            assert ranking_score != "mean" or (s.score, s.rank) == (before.score, before.rank)


@given(panels(), st.randoms(use_true_random=False))
def test_rank_with_consensus_does_not_depend_on_order(panel: Panel, shuffler: random.Random) -> None:
    reviews, names, consensus = panel
    mixed_reviews, mixed_names = shuffler.sample(reviews, len(reviews)), shuffler.sample(names, len(names))
    mixed = {name: consensus[name] for name in mixed_names if name in consensus}
    assert rank(mixed_reviews, WEIGHTS, mixed_names, consensus=mixed, ranking_score="consensus_else_mean") == rank(
        reviews, WEIGHTS, names, consensus=consensus, ranking_score="consensus_else_mean"
    )


def test_what_if_shows_the_rank_before_and_after() -> None:
    reviews = [review(name, "r1", level, level, level) for name, level in {"A": 5, "B": 3, "C": 2}.items()]
    before, after = what_if(reviews, WEIGHTS, ["A", "B", "C"], {}, "C", levels(4, 4, 4), "consensus_else_mean")
    assert [(s.application, s.rank, s.score, s.consensus) for s in (before, after)] == [
        ("C", 3, Fraction(2), None),
        ("C", 2, Fraction(4), Fraction(4)),
    ]


def test_what_if_replaces_and_takes_back_a_consensus() -> None:
    reviews = [review("A", "r1", 5, 5, 5)]
    recorded = {"A": levels(2, 2, 2)}
    for proposed, score in ((levels(3, 3, 3), Fraction(3)), (None, Fraction(5))):
        before, after = what_if(reviews, WEIGHTS, ["A"], recorded, "A", proposed, "consensus_else_mean")
        assert (before.score, after.score) == (Fraction(2), score)
    assert recorded == {"A": levels(2, 2, 2)}


def test_what_if_refuses_an_application_that_is_not_ranked() -> None:
    with pytest.raises(ScoringError, match="Application Z is not among the applications that are ranked"):
        what_if([], WEIGHTS, ["A"], {}, "Z", levels(1, 1, 1), "mean")


@given(panels(), LEVELS, st.sampled_from(["mean", "consensus_else_mean"]))
def test_what_if_is_the_ranking_with_and_without(panel: Panel, proposed: Levels, ranking_score: RankingScore) -> None:
    reviews, names, consensus = panel
    for name in names:
        found = what_if(reviews, WEIGHTS, names, consensus, name, proposed, ranking_score)
        expected = tuple(
            {s.application: s for s in rank(reviews, WEIGHTS, names, consensus=recorded, ranking_score=ranking_score)}[
                name
            ]
            for recorded in (consensus, {**consensus, name: proposed})
        )
        assert found == expected
        ranks = [s.rank for s in found]
        assert ranking_score != "mean" or ranks[0] == ranks[1]


def test_criterion_spread_counts_every_level_given() -> None:
    reviews = [review("A", "r1", 4, 2, None), review("A", "r2", 1, None, None), review("A", "r3", 3, 2, 5)]
    assert criterion_spread(reviews) == {"change": (1, 4, 3), "spread": (2, 2, 0), "consortium": None}


def test_criterion_spread_of_nothing_is_empty() -> None:
    assert criterion_spread([]) == {}


@pytest.mark.parametrize(
    ("reviews", "words"),
    [
        ([review("A", "r1", 1, 1, 1), review("B", "r1", 1, 1, 1)], "Spread: reviews of A, B; those of one"),
        ([review("A", "r1", 1, 1, 1), review("A", "r1", 1, 1, 1)], "reviewer r1 has two reviews"),
        ([Review("A", "r1", {"change": True})], "Level of criterion change: True is not accepted"),
    ],
)
def test_criterion_spread_refuses(reviews: list[Review], words: str) -> None:
    with pytest.raises(ScoringError, match=words):
        criterion_spread(reviews)


@given(st.lists(st.lists(st.one_of(st.integers(1, 5), st.none()), min_size=3, max_size=3), max_size=5))
def test_criterion_spread_is_the_largest_distance_of_two(rows: list[list[int | None]]) -> None:
    found = criterion_spread([review("A", f"r{n}", *row) for n, row in enumerate(rows)])
    for index, criterion in enumerate(WEIGHTS if rows else ()):
        column = sorted(level for row in rows if (level := row[index]) is not None)
        steps = sum(higher - lower for lower, higher in pairwise(column))
        assert found[criterion] == (LevelSpread(column[0], column[-1], steps) if len(column) > 1 else None)
