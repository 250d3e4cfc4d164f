"""Ranks with one reviewer or one criterion left out, against ranking anew by plain arithmetic."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import ScoringError
from scoring.sensitivity import RankRange, leave_criteria_out, leave_reviewers_out
from scoring.types import RankingScore, Review

WEIGHTS = {"change": 5, "spread": 3, "consortium": 2}
Consensus = Mapping[str, Mapping[str, int]]
Panel = tuple[list[Review], dict[str, int], list[str], dict[str, dict[str, int]]]


def review(application: str, reviewer: str, *levels: int | None) -> Review:
    return Review(application, reviewer, dict(zip(WEIGHTS, levels, strict=True)))


@st.composite
def panels(draw: st.DrawFn) -> Panel:
    weights = {
        name: draw(st.integers(1, 5)) for name in draw(st.sampled_from([("c1",), ("c1", "c2"), ("c1", "c2", "c3")]))
    }
    names = draw(st.lists(st.sampled_from("ABCDEF"), unique=True, max_size=6))
    level = st.one_of(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.none())
    reviews = [
        Review(name, f"r{number}", {criterion: draw(level) for criterion in weights})
        for name in names
        for number in sorted(draw(st.sets(st.integers(0, 3), max_size=4)))
    ]
    consensus = {name: {c: draw(st.integers(1, 4)) for c in weights} for name in names if draw(st.booleans())}
    return reviews, weights, names, consensus


def places(
    reviews: Sequence[Review], weights: Mapping[str, int], names: Sequence[str], decided: Consensus
) -> dict[str, int]:
    """The rank of every application with a score: one more than how many have a higher one."""
    scores: dict[str, Fraction] = {}
    for name in names:
        given = [r.levels for r in reviews if r.application == name] if name not in decided else [decided[name]]
        sums = [sum(w * (levels[c] or 0) for c, w in weights.items()) for levels in given]
        if sums:
            scores[name] = Fraction(sum(sums), sum(weights.values()) * len(sums))
    return {name: 1 + sum(other > score for other in scores.values()) for name, score in scores.items()}


def ranges(whole: Mapping[str, int], without: Mapping[str, Mapping[str, int]]) -> tuple[RankRange, ...]:
    found = []
    for name, rank in sorted(whole.items(), key=lambda item: (item[1], item[0])):
        ranks = {left_out: given.get(name) for left_out, given in without.items()}
        known = [rank, *(r for r in ranks.values() if r is not None)]
        found.append(
            RankRange(
                application=name,
                rank=rank,
                best=min(known),
                worst=max(known),
                best_without=tuple(n for n, r in ranks.items() if r is not None and r == min(known) != rank),
                worst_without=tuple(n for n, r in ranks.items() if r is not None and r == max(known) != rank),
                unranked_without=tuple(n for n, r in ranks.items() if r is None),
            )
        )
    return tuple(found)


@pytest.mark.parametrize("ranking_score", ["mean", "consensus_else_mean"])
@given(panel=panels())
def test_leave_reviewers_out_equals_ranking_anew(panel: Panel, ranking_score: RankingScore) -> None:
    reviews, weights, names, consensus = panel
    decided = consensus if ranking_score != "mean" else {}
    complete = [r for r in reviews if None not in r.levels.values()]
    without = {
        left_out: places([r for r in complete if r.reviewer != left_out], weights, names, decided)
        for left_out in sorted({r.reviewer for r in reviews})
    }
    assert leave_reviewers_out(reviews, weights, names, consensus, ranking_score) == ranges(
        places(complete, weights, names, decided), without
    )


@pytest.mark.parametrize("ranking_score", ["mean", "consensus_else_mean"])
@given(panel=panels())
def test_leave_criteria_out_equals_ranking_anew(panel: Panel, ranking_score: RankingScore) -> None:
    reviews, weights, names, consensus = panel
    decided = consensus if ranking_score != "mean" else {}
    complete = [r for r in reviews if None not in r.levels.values()]
    found = leave_criteria_out(reviews, weights, names, consensus, ranking_score)
    if len(weights) == 1:
        assert found == ()
        return
    without = {
        left_out: places(complete, {c: w for c, w in weights.items() if c != left_out}, names, decided)
        for left_out in weights
    }
    assert found == ranges(places(complete, weights, names, decided), without)


def test_leave_reviewers_out_names_who_moves_an_application() -> None:
    reviews = [
        review("A", "strict", 2, 2, 2), review("A", "mild", 5, 5, 5), review("B", "mild", 4, 4, 4),
        review("C", "strict", 3, 3, 3), review("C", "mild", 3, 3, 3),
    ]  # fmt: skip
    assert leave_reviewers_out(reviews, WEIGHTS, ["A", "B", "C", "D"]) == (
        RankRange("B", 1, 1, 2, (), ("strict",), ("mild",)),
        RankRange("A", 2, 1, 2, ("strict",), (), ()),
        RankRange("C", 3, 1, 3, ("mild",), (), ()),
    )


def test_leave_reviewers_out_leaves_a_consensus_as_it_is() -> None:
    reviews = [review("A", "r1", 1, 1, 1), review("B", "r1", 3, 3, 3), review("B", "r2", 3, 3, 3)]
    consensus = {"A": dict.fromkeys(WEIGHTS, 4)}
    assert leave_reviewers_out(reviews, WEIGHTS, ["A", "B"], consensus, "consensus_else_mean") == (
        RankRange("A", 1, 1, 1, (), (), ()),
        RankRange("B", 2, 2, 2, (), (), ()),
    )
    assert leave_reviewers_out(reviews, WEIGHTS, ["A", "B"], consensus, "mean") == (
        RankRange("B", 1, 1, 1, (), (), ()),
        RankRange("A", 2, 2, 2, (), (), ("r1",)),
    )


def test_leave_criteria_out_makes_ties_and_breaks_them() -> None:
    reviews = [review("A", "r1", 5, 2, 3), review("B", "r1", 4, 3, 4), review("C", "r1", 4, 3, 1)]
    # 3.7, 3.7 and 3.1. Without change B leads A, without spread A leads B; without consortium B and C are equal.
    assert leave_criteria_out(reviews, WEIGHTS, ["A", "B", "C"]) == (
        RankRange("A", 1, 1, 2, (), ("change",), ()),
        RankRange("B", 1, 1, 2, (), ("spread", "consortium"), ()),
        RankRange("C", 3, 2, 3, ("consortium",), (), ()),
    )


def test_leave_criteria_out_counts_no_review_that_lacks_a_criterion() -> None:
    reviews = [review("A", "r1", 3, 3, 3), review("A", "r2", 5, 5, None), review("B", "r1", 4, 4, 4)]
    assert [(r.application, r.rank, r.best, r.worst) for r in leave_criteria_out(reviews, WEIGHTS, ["A", "B"])] == [
        ("B", 1, 1, 1),
        ("A", 2, 2, 2),
    ]


def test_leaving_out_of_nothing_is_nothing() -> None:
    assert leave_reviewers_out([], WEIGHTS, ["A", "B"]) == ()
    assert leave_criteria_out([], WEIGHTS, ["A", "B"]) == ()
    assert leave_criteria_out([], WEIGHTS, []) == ()


@pytest.mark.parametrize("function", [leave_reviewers_out, leave_criteria_out])
def test_leaving_out_refuses_what_a_ranking_refuses(function: object) -> None:
    assert callable(function)
    twice = [review("A", "r1", 3, 3, 3), review("A", "r1", 3, 3, 3)]
    for arguments, words in (
        (([], {}, []), "There are no weights"),
        ((twice, WEIGHTS, ["A"]), "reviewer r1 has two reviews"),
        (([], WEIGHTS, ["A", "A"]), "Application A is listed twice"),
        (([], WEIGHTS, ["A"], {"A": {"change": 3}}), "Application A, consensus: no level for spread, consortium"),
    ):
        with pytest.raises(ScoringError, match=words):
            function(*arguments)
