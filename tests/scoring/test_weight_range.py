"""Ranges of a weight, checked by ranking anew with other weights: on a grid, at the ends and on either side of them."""

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.errors import ScoringError
from scoring.ranking import rank
from scoring.types import RankingScore, Review
from scoring.weight_range import WeightRange, weight_ranges

Panel = tuple[list[Review], dict[str, int], list[str], dict[str, dict[str, int]]]
GRID = [Fraction(p, q) for q in (7, 12) for p in range(1, q)] + [Fraction(1, 50), Fraction(49, 50)]
A_LITTLE = Fraction(1, 10**15)
"""Less than any two crossings of a small panel lie apart."""


@st.composite
def panels(draw: st.DrawFn) -> Panel:
    weights = {name: draw(st.integers(1, 6)) for name in draw(st.sampled_from([("c1", "c2"), ("c1", "c2", "c3")]))}
    names = list("ABCDE"[: draw(st.integers(0, 5))])
    level = st.one_of(st.integers(1, 9), st.integers(1, 3), st.integers(1, 9), st.none())
    reviews = [
        Review(name, f"r{number}", {criterion: draw(level) for criterion in weights})
        for name in names
        for number in range(draw(st.integers(1, 3)))
    ]
    consensus = {name: {c: draw(st.integers(1, 5)) for c in weights} for name in names if draw(st.booleans())}
    return reviews, weights, names, consensus


def weights_with(weights: Mapping[str, int], criterion: str, share: Fraction) -> dict[str, int]:
    """Whole weights in which ``criterion`` has ``share`` (between 0 and 1) and the others keep their proportions."""
    rest = sum(weights.values()) - weights[criterion]
    return {
        name: share.numerator * rest if name == criterion else weight * (share.denominator - share.numerator)
        for name, weight in weights.items()
    }


@pytest.mark.parametrize("ranking_score", ["mean", "consensus_else_mean"])
@settings(max_examples=150)
@given(panel=panels(), k=st.integers(1, 4))
def test_weight_ranges_equal_ranking_anew(panel: Panel, k: int, ranking_score: RankingScore) -> None:
    reviews, weights, names, consensus = panel

    @cache
    def above(criterion: str, share: Fraction) -> frozenset[str]:
        standings = rank(
            reviews,
            weights_with(weights, criterion, share),
            names,
            consensus=consensus,
            ranking_score=ranking_score,
        )
        # A shared rank is one more than how many have a higher score.
        return frozenset(s.application for s in standings if s.rank is not None and s.rank <= k)

    found = weight_ranges(reviews, weights, names, k, consensus, ranking_score)
    scored = {
        s.application for s in rank(reviews, weights, names, consensus=consensus, ranking_score=ranking_score) if s.rank
    }
    assert sorted((r.criterion, r.application) for r in found) == [(c, n) for c in weights for n in sorted(scored)]
    for r in found:

        def stays(share: Fraction, r: WeightRange = r) -> bool:
            return (r.application in above(r.criterion, share)) == r.above

        assert r.share == Fraction(weights[r.criterion], sum(weights.values()))
        assert 0 <= r.low <= r.share <= r.high <= 1
        assert r.always == (r.high - r.low == 1)
        inside = [share for share in (*GRID, r.low + A_LITTLE, r.high - A_LITTLE) if r.low < share < r.high]
        assert all(stays(share) for share in (*inside, r.share))
        assert r.low == 0 or not stays(r.low) or not stays(r.low - A_LITTLE)
        assert r.high == 1 or not stays(r.high) or not stays(r.high + A_LITTLE)


AWKWARD = {"c1": 37, "c2": 33, "c3": 30}
AWKWARD_PAIR = {"c1": 37, "c2": 33}


@st.composite
def awkward_panels(draw: st.DrawFn) -> Panel:
    """1 to 10 reviews each, so that means have denominators up to 2520, and weights without a common divisor."""
    names = list("ABCDEFG"[: draw(st.integers(2, 7))])
    level = st.integers(1, 6)
    reviews = [
        Review(name, f"r{number}", {criterion: draw(level) for criterion in AWKWARD})
        for name in names
        for number in range(draw(st.integers(1, 10)))
    ]
    return reviews, AWKWARD, names, {}


def ends_by_hand(panel: Panel, criterion: str, name: str, k: int) -> tuple[bool, Fraction, Fraction]:
    """The side, and the nearest crossings with anybody at which it changes, or beyond which it does."""
    reviews, weights, names, _ = panel
    rest = {key: weight for key, weight in weights.items() if key != criterion}
    lines = {}
    for one in names:
        own = [review.levels for review in reviews if review.application == one]
        without = [
            Fraction(sum(w * (levels[key] or 0) for key, w in rest.items()), sum(rest.values())) for levels in own
        ]
        lines[one] = (sum(without, Fraction(0)) / len(own), Fraction(sum(x[criterion] or 0 for x in own), len(own)))

    def above(share: Fraction) -> bool:
        score = {one: (1 - share) * without + share * own for one, (without, own) in lines.items()}
        return sum(value > score[name] for value in score.values()) < k

    here = Fraction(weights[criterion], sum(weights.values()))
    gaps = [(a - lines[name][0], b - lines[name][1]) for one, (a, b) in lines.items() if one != name]
    crossings = {a / (a - b) for a, b in gaps if a != b and 0 <= a / (a - b) <= 1} | {here, Fraction(0), Fraction(1)}
    places = sorted(crossings)
    up = [place for place in places if place >= here]
    down = [place for place in reversed(places) if place <= here]

    def end(along: list[Fraction]) -> Fraction:
        """Side by side from ``here``: at a crossing, and between it and the next."""
        for at, beyond in pairwise(along):
            if above(at) != above(here) or above((at + beyond) / 2) != above(here):
                return at
        return along[-1]

    return above(here), end(down), end(up)


@settings(max_examples=60)
@given(panel=awkward_panels(), k=st.integers(1, 6))
def test_weight_ranges_of_awkward_weights_are_exact(panel: Panel, k: int) -> None:
    reviews, weights, names, _ = panel
    found = weight_ranges(reviews, weights, names, k)
    assert len(found) == len(names) * len(weights)
    for r in found:
        assert (r.above, r.low, r.high) == ends_by_hand(panel, r.criterion, r.application, k)


LARGE = 3 * 10**8


@pytest.mark.parametrize(
    ("p", "q"),
    [
        ((1 - LARGE, LARGE), (LARGE - 2, 1 - LARGE)),
        ((LARGE - 1, -LARGE), (2 - LARGE, LARGE - 1)),
        ((LARGE, 1 - LARGE), (1 - LARGE, LARGE - 2)),
    ],
    ids=["down and up", "up and down", "up after down"],
)
def test_weight_ranges_part_crossings_that_are_nearer_than_rounding(p: tuple[int, int], q: tuple[int, int]) -> None:
    """X meets P and Q at shares that quotients in double precision cannot tell apart."""
    places = [Fraction(without, without - own) for own, without in (p, q)]
    assert 0 < abs(places[0] - places[1]) < Fraction(1, 10**17)
    levels = {"X": (0, 0), "P": p, "Q": q}
    reviews = [Review(name, "r", {"c1": c1, "c2": c2}) for name, (c1, c2) in levels.items()]
    for weights in ({"c1": 1, "c2": 9}, {"c1": 9, "c2": 1}):
        panel: Panel = reviews, weights, list(levels), {}
        for k in (1, 2):
            for r in weight_ranges(*panel[:3], k):
                assert (r.above, r.low, r.high) == ends_by_hand(panel, r.criterion, r.application, k)


def test_weight_ranges_refuse_what_64_bits_do_not_hold() -> None:
    most = 2**58 // 10
    fits, beyond = ([Review(n, "r", {"c1": level, "c2": 1}) for n in "AB"] for level in (most, most + 1))
    assert all(r.always for r in weight_ranges(fits, {"c1": 1, "c2": 9}, ["A", "B"], 1))
    with pytest.raises(ScoringError, match="too fine to be compared exactly"):
        weight_ranges(beyond, {"c1": 1, "c2": 9}, ["A", "B"], 1)
    # Prime numbers of reviews have no small unit in common.
    primes = (101, 103, 107, 109, 113, 127, 131, 137)
    reviews = [Review(f"a{n}", f"r{j}", {"c1": 1 + j % 5, "c2": 1 + (j == 0)}) for n in primes for j in range(n)]
    with pytest.raises(ScoringError, match="too fine to be compared exactly"):
        weight_ranges(reviews, AWKWARD_PAIR, [f"a{n}" for n in primes], 1)


def test_weight_ranges_at_the_largest_numbers_are_exact() -> None:
    most = 2**58 // 10
    levels = {"A": (most, -most), "B": (-most, most), "C": (most - 1, 2 - most), "D": (1, 1 - most)}
    reviews = [Review(name, "r", {"c1": c1, "c2": c2}) for name, (c1, c2) in levels.items()]
    panel: Panel = reviews, {"c1": 3, "c2": 7}, list(levels), {}
    for k in (1, 2, 3):
        for r in weight_ranges(*panel[:3], k):
            assert (r.above, r.low, r.high) == ends_by_hand(panel, r.criterion, r.application, k)


def test_weight_ranges_of_two_that_cross_at_the_middle() -> None:
    reviews = [Review("A", "r", {"c1": 5, "c2": 1}), Review("B", "r", {"c1": 1, "c2": 5})]
    assert weight_ranges(reviews, {"c1": 3, "c2": 1}, ["A", "B"], 1) == (
        WeightRange("A", "c1", True, Fraction(3, 4), Fraction(1, 2), Fraction(1)),
        WeightRange("B", "c1", False, Fraction(3, 4), Fraction(1, 2), Fraction(1)),
        WeightRange("A", "c2", True, Fraction(1, 4), Fraction(0), Fraction(1, 2)),
        WeightRange("B", "c2", False, Fraction(1, 4), Fraction(0), Fraction(1, 2)),
    )


def test_weight_ranges_of_equals_at_the_line_are_all_above_and_part_at_once() -> None:
    reviews = [Review("A", "r", {"c1": 5, "c2": 1}), Review("B", "r", {"c1": 1, "c2": 5})]
    assert weight_ranges(reviews, {"c1": 1, "c2": 1}, ["A", "B"], 1)[:2] == (
        WeightRange("A", "c1", True, Fraction(1, 2), Fraction(1, 2), Fraction(1)),
        WeightRange("B", "c1", True, Fraction(1, 2), Fraction(0), Fraction(1, 2)),
    )
    always_equal = [Review(name, "r", {"c1": 3, "c2": 4}) for name in "AB"]
    assert all(r.above and r.always for r in weight_ranges(always_equal, {"c1": 1, "c2": 1}, ["A", "B"], 1))


def test_weight_ranges_end_where_the_side_changes_for_a_single_weight() -> None:
    """P comes down through X just where Q goes up through it: there all three are equal, and X is above the line."""
    levels = {"P": (1, 5), "Q": (5, 1), "X": (3, 3)}
    reviews = [Review(name, "r", {"c1": c1, "c2": c2}) for name, (c1, c2) in levels.items()]
    assert weight_ranges(reviews, {"c1": 1, "c2": 3}, ["P", "Q", "X"], 1)[:3] == (
        WeightRange("P", "c1", True, Fraction(1, 4), Fraction(0), Fraction(1, 2)),
        WeightRange("Q", "c1", False, Fraction(1, 4), Fraction(0), Fraction(1, 2)),
        WeightRange("X", "c1", False, Fraction(1, 4), Fraction(0), Fraction(1, 2)),
    )


@pytest.mark.parametrize("best", [20, 99, 1000])
def test_weight_ranges_reach_almost_all_of_the_weight(best: int) -> None:
    reviews = [Review("A", "r", {"c1": 1, "c2": best}), Review("B", "r", {"c1": 2, "c2": 1})]
    end = Fraction(best - 1, best)
    assert [(r.low, r.high) for r in weight_ranges(reviews, {"c1": 1, "c2": 1}, ["A", "B"], 1)] == [
        (0, end), (0, end), (1 - end, 1), (1 - end, 1),
    ]  # fmt: skip


def test_weight_ranges_hold_what_no_weight_can_change() -> None:
    reviews = [Review(name, "r", {"c1": level, "c2": level}) for name, level in {"A": 5, "B": 3}.items()]
    found = weight_ranges(reviews, {"c1": 1, "c2": 4}, ["A", "B"], 1)
    assert [(r.application, r.above, r.always) for r in found] == [("A", True, True), ("B", False, True)] * 2


def test_weight_ranges_use_a_consensus_where_it_ranks() -> None:
    reviews = [Review(name, "r", {"c1": level, "c2": level}) for name, level in {"A": 5, "B": 3}.items()]
    consensus = {"A": {"c1": 1, "c2": 5}}
    by_mean = weight_ranges(reviews, {"c1": 1, "c2": 1}, ["A", "B"], 1, consensus)
    assert by_mean == weight_ranges(reviews, {"c1": 1, "c2": 1}, ["A", "B"], 1)
    assert weight_ranges(reviews, {"c1": 1, "c2": 3}, ["A", "B"], 1, consensus, "consensus_else_mean")[:2] == (
        WeightRange("A", "c1", True, Fraction(1, 4), Fraction(0), Fraction(1, 2)),
        WeightRange("B", "c1", False, Fraction(1, 4), Fraction(0), Fraction(1, 2)),
    )


def test_weight_ranges_of_a_single_criterion_are_empty() -> None:
    assert weight_ranges([Review("A", "r", {"c1": 5})], {"c1": 3}, ["A"], 1) == ()


@pytest.mark.parametrize(("k", "above"), [(0, False), (2, True), (3, True)])
def test_weight_ranges_where_the_line_leaves_nobody_in_or_out(k: int, above: bool) -> None:
    reviews = [Review("A", "r", {"c1": 5, "c2": 1}), Review("B", "r", {"c1": 1, "c2": 5})]
    found = weight_ranges(reviews, {"c1": 3, "c2": 1}, ["A", "B", "C"], k)
    assert [(r.application, r.above, r.always) for r in found] == [("A", above, True), ("B", above, True)] * 2


def test_weight_ranges_count_only_whole_reviews_of_listed_applications() -> None:
    whole = [Review("A", "r1", {"c1": 2, "c2": 2}), Review("B", "r1", {"c1": 1, "c2": 3})]
    more = [Review("A", "r2", {"c1": 5, "c2": None}), Review("C", "r1", {"c1": 5, "c2": 5})]
    assert weight_ranges(whole + more, {"c1": 1, "c2": 2}, ["A", "B"], 1, {"C": {"c1": 1}}, "consensus_else_mean") == (
        weight_ranges(whole, {"c1": 1, "c2": 2}, ["A", "B"], 1)
    )


@pytest.mark.parametrize(
    ("weights", "consensus", "words"),
    [
        ({}, {}, "There are no weights"),
        ({"c1": 1, "c2": 0}, {}, "Weight of criterion c2: 0 is not accepted"),
        ({"c1": 1, "c2": 1}, {"A": {"c1": 1}}, "Application A, consensus: no level for c2"),
        ({"c1": 1, "c2": 1}, {"A": {"c1": 1, "c2": 1, "c3": 1}}, "Application A, consensus: criterion c3 is not known"),
    ],
)
def test_weight_ranges_refuse(weights: dict[str, int], consensus: dict[str, dict[str, int]], words: str) -> None:
    with pytest.raises(ScoringError, match=words):
        weight_ranges([], weights, ["A"], 1, consensus, "consensus_else_mean")
