"""The line on the scale of expected ranks: its rule by brute force, and that no side says more than the chance does."""

from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.analysis import analyse
from scoring.figures import ApplicationFigures, figures_of_analysis, panel_figures
from scoring.funding_line import FundingLine, Side, funding_line
from scoring.rank_draws import BANDS
from scoring.score_table import Score, score_table
from tests.scoring.panels import complete, simulated, table_of

SIDES: tuple[Side, ...] = get_args(Side)


def ranked(
    name: str,
    expected: float | None,
    spans: tuple[tuple[int, int], ...] = ((1, 1),) * len(BANDS),
    top: float | None = 0.5,
    adjusted: float | None = None,
) -> ApplicationFigures:
    """An application of which only ``adjusted`` (with an sd of 1), its ranks and the chance ``top`` are known."""
    return ApplicationFigures(
        application=name,
        mean=Fraction(3),
        n=1,
        adjusted=adjusted,
        sd=None if adjusted is None else 1.0,
        low=None,
        high=None,
        expected_rank=expected,
        pcer=None,
        ranks={} if expected is None else dict(zip(BANDS, spans, strict=True)),
        p_top_k=None if expected is None else top,
        calibrated=None,
        gain=None,
        p_low=None,
        p_high=None,
    )


@st.composite
def applications(draw: st.DrawFn) -> list[ApplicationFigures]:
    """Any ranks and chances, with nested intervals that widen with the band; some without ranks, some alike."""
    count = draw(st.integers(1, 8))
    # Chances about the thresholds of the bands, and ranks that are often equal.
    chance = st.sampled_from([0.0, 0.05, 0.051, 0.2, 0.25, 0.5, 0.75, 0.8, 0.949, 0.95, 1.0])
    found = []
    for position in range(count):
        expected = draw(st.sampled_from([x / 2 for x in range(2, 2 * count + 1)]))
        low = high = draw(st.integers(1, count))
        spans = []
        for _ in BANDS:
            low, high = max(1, low - draw(st.integers(0, 1))), min(count, high + draw(st.integers(0, 1)))
            spans.append((low, high))
        of_nobody = draw(st.integers(0, 9)) == 0
        adjusted = draw(st.sampled_from([None, 1.0, 1.0 + 1e-14, 2.0, 3.0]))
        found.append(ranked(f"a{position}", None if of_nobody else expected, tuple(spans), draw(chance), adjusted))
    return found


def side_by_the_rule(found: ApplicationFigures, band: int, line: float) -> Side:
    """The lottery group of Heyard, Ott, Salanti and Egger, q25 <= FL <= q75, or ER = FL; outside of it chance tells.

    In hundredths, as the share of draws that a side may err in is half of what the band leaves out.
    """
    low, high = found.ranks[band]
    if low <= line <= high or found.expected_rank == line or found.p_top_k is None:
        return "open"
    wrong = 1 - found.p_top_k if high < line else found.p_top_k
    return "open" if 200 * wrong > 100 - band + 1e-9 else "above" if high < line else "below"


def sides_by_the_rule(found: list[ApplicationFigures], k: int, band: int) -> dict[str, Side]:
    """Every side by itself, and then those that are alike held together, pair by pair."""
    line = sorted(one.expected_rank or 0.0 for one in found)[k - 1]
    alone = {one.application: side_by_the_rule(one, band, line) for one in found}

    def parted(one: ApplicationFigures) -> bool:
        alike = (x for x in found if one.adjusted is not None and x.adjusted == pytest.approx(one.adjusted, abs=1e-12))
        return any(x.sd == one.sd and alone[x.application] != alone[one.application] for x in alike)

    return {one.application: "open" if parted(one) else alone[one.application] for one in found}


@settings(max_examples=80)
@given(applications(), st.integers(-1, 9), st.sampled_from(BANDS))
def test_every_ranked_application_is_on_one_side(found: list[ApplicationFigures], k: int, band: int) -> None:
    with_ranks = [one for one in found if one.expected_rank is not None]
    line = funding_line(found, k, band)
    if not 0 < k < len(with_ranks):
        assert line is None
        return
    assert line is not None
    assert (line.band, line.rank) == (band, sorted(one.expected_rank or 0.0 for one in with_ranks)[k - 1])
    assert line.sides == sides_by_the_rule(with_ranks, k, band)
    assert sum(line.count(side) for side in SIDES) == len(with_ranks)
    assert all(line.sides[one.application] == "open" for one in with_ranks if one.expected_rank == line.rank)


@settings(max_examples=50)
@given(applications(), st.integers(1, 7))
def test_a_wider_band_leaves_no_fewer_open(found: list[ApplicationFigures], k: int) -> None:
    lines = [line for band in BANDS if (line := funding_line(found, k, band)) is not None]
    for narrow, wide in pairwise(lines):
        assert narrow.rank == wide.rank
        for name, side in narrow.sides.items():
            assert wide.sides[name] in (side, "open")


@settings(max_examples=50)
@given(applications(), st.integers(1, 7), st.randoms(use_true_random=False))
def test_the_order_of_the_applications_changes_nothing(found: list[ApplicationFigures], k: int, random: Random) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert funding_line(shuffled, k, 50) == funding_line(found, k, 50)


@pytest.mark.parametrize("seed", [2, 3])
def test_sides_follow_from_the_draws_by_brute_force(seed: int) -> None:
    scores, _ = simulated(np.random.default_rng(seed), (9, 5), (0.8, 0.5, 0.6), levels=True)
    table = score_table(scores)
    analysis = analyse(table, 7)
    assert analysis.draws is not None
    assert analysis.effects is not None
    places: list[list[int]] = [[] for _ in table.applications]
    for drawn in analysis.draws.compared.tolist():
        for own, value in zip(places, drawn, strict=True):
            own.append(1 + sum(other > value for other in drawn))
    expected = [sum(own) / len(own) for own in places]
    ordered = [sorted(own) for own in places]
    spans = [tuple((least(own, 50 - band / 2), least(own, 50 + band / 2)) for band in BANDS) for own in ordered]
    for k in range(1, 9):
        chances = [sum(place <= k for place in own) / len(own) for own in places]
        by_hand = list(map(ranked, table.applications, expected, spans, chances, analysis.effects.adjusted.tolist()))
        found = figures_of_analysis(analysis, 7, k=k).applications
        for band in BANDS:
            line = funding_line(found, k, band)
            assert line is not None
            assert line.rank == pytest.approx(sorted(expected)[k - 1], abs=1e-12)
            assert line.sides == sides_by_the_rule(by_hand, k, band)


def least(ordered: list[int], per_cent: float) -> int:
    """The least rank at or below which at least this share of the draws lies."""
    return next(rank for place, rank in enumerate(ordered, start=1) if place >= per_cent / 100 * len(ordered))


def test_no_line_where_it_leaves_nobody_out_or_nobody_in() -> None:
    three = [ranked("a", 1.0), ranked("b", 2.0), ranked("c", 3.0)]
    assert [funding_line(three, k, 50) for k in (-1, 0, 3, 4)] == [None] * 4
    assert funding_line([], 1, 50) is None
    assert funding_line([*three[:1], ranked("x", None), ranked("y", None)], 1, 50) is None
    assert funding_line(three, 1, 50) == FundingLine(50, 1.0, {"a": "open", "b": "open", "c": "open"})


def test_an_application_wholly_past_the_line_is_above_or_below() -> None:
    spans = {name: (span,) * len(BANDS) for name, span in (("a", (1, 1)), ("b", (2, 3)), ("c", (2, 3)), ("d", (4, 4)))}
    given_ranks = (("a", 1.0, 1.0), ("b", 2.4, 0.6), ("c", 2.6, 0.4), ("d", 4.0, 0.0))
    line = funding_line([ranked(name, rank, spans[name], top) for name, rank, top in given_ranks], 2, 50)
    assert line is not None
    assert (line.rank, dict(line.sides)) == (2.4, {"a": "above", "b": "open", "c": "open", "d": "below"})
    assert [line.count(side) for side in SIDES] == [1, 2, 1]


@pytest.mark.parametrize("band", BANDS)
def test_the_chance_has_to_agree_with_the_side(band: int) -> None:
    """Half of what the band leaves out may be wrong, and no more; without a chance nothing is sure."""
    spans = ((1, 1),) * len(BANDS), ((9, 9),) * len(BANDS)
    sure = (100 + band) / 200
    tops: list[tuple[float | None, float | None]] = [
        (sure, (100 - band) / 200), (sure - 0.001, (101 - band) / 200), (None, None), (1.0, 0.0), (0.0, 1.0)
    ]  # fmt: skip
    sides = []
    for up, down in tops:
        three = [ranked("up", 1.0, spans[0], up), ranked("line", 5.0), ranked("down", 9.0, spans[1], down)]
        line = funding_line(three, 2, band)
        assert line is not None
        sides.append((line.sides["up"], line.sides["down"]))
    assert sides == [("above", "below"), ("open", "open"), ("open", "open"), ("above", "below"), ("open", "open")]


def test_a_line_far_from_the_middle_leaves_open_what_the_interval_alone_would_decide() -> None:
    """Expected ranks are drawn to the middle: at k = 6 of 60 the line lies where the chance of some is next to even."""
    scores, _ = simulated(np.random.default_rng(1), (60, 10), (0.8, 0.5, 0.6))
    found = panel_figures(score_table(scores), 1, k=6).applications
    even = next(one for one in found if one.application == "a015")
    line = funding_line(found, 6, 50)
    assert line is not None
    assert even.p_top_k == pytest.approx(0.52, abs=0.02)
    assert even.ranks[50][1] < line.rank, "the interval alone would say above"
    assert line.sides["a015"] == "open"
    for band in BANDS:
        line = funding_line(found, 6, band)
        assert line is not None
        for one in found:
            least_chance = {"above": (100 + band) / 200, "open": 0.0, "below": 0.0}[line.sides[one.application]]
            most_chance = {"above": 1.0, "open": 1.0, "below": (100 - band) / 200}[line.sides[one.application]]
            assert one.p_top_k is not None
            assert least_chance <= one.p_top_k <= most_chance


def test_the_same_scores_by_the_same_reviewers_are_on_one_side() -> None:
    """Six of a kind at the edge of being sure: the draws give each another chance, the panel does not."""
    twins = {(f"t{number}", f"r{j}"): level for number in range(6) for j, level in enumerate((2, 2, 3, 2), start=1)}
    table = table_of({**complete("5545/5544/4554/3443/3334/2122/1213/2111"), **twins})
    analysis = analyse(table, 1)
    parted = 0
    for k in range(1, 14):
        found = figures_of_analysis(analysis, 1, k=k).applications
        for band in BANDS:
            line = funding_line(found, k, band)
            assert line is not None
            of_twins = [one for one in found if one.application.startswith("t")]
            together = {line.sides[one.application] for one in of_twins}
            by_draws = {side_by_the_rule(one, band, line.rank) for one in of_twins}
            assert together == by_draws if len(by_draws) == 1 else together == {"open"}
            parted += len(by_draws) > 1
    assert parted, "the draws part some of them, or nothing is tried here"


def test_where_the_fit_finds_no_difference_nobody_is_set_apart() -> None:
    scores, _ = simulated(np.random.default_rng(1), (9, 5), (0.8, 0.5, 0.6), levels=True)
    found = panel_figures(score_table(scores), 7, k=4)
    assert "tau_zero" in found.notes
    line = funding_line(found.applications, 4, 50)
    assert line is not None
    assert set(line.sides.values()) == {"open"}
    assert {side_by_the_rule(one, 50, line.rank) for one in found.applications} == {"open", "below"}


@pytest.mark.parametrize(("factor", "shift"), [(Fraction(1, 10**9), 0), (Fraction(10**6), 0), (Fraction(1), 10**5)])
def test_neither_the_unit_nor_the_zero_of_the_scores_changes_who_is_alike(factor: Fraction, shift: int) -> None:
    scores, _ = simulated(np.random.default_rng(1), (12, 5), (1.5, 0.5, 0.4), levels=True)
    sides = []
    for found in (scores, [Score(s.reviewer, s.application, s.value * factor + shift) for s in scores]):
        line = funding_line(panel_figures(score_table(found), 1, k=5).applications, 5, 70)
        assert line is not None
        sides.append(line.sides)
    assert sides[0] == sides[1]
    assert set(sides[0].values()) == set(SIDES)


def test_applications_with_the_same_consensus_and_no_review_are_on_one_side() -> None:
    """Nothing but chance in the draws parts them, whatever the seed."""
    scores, _ = simulated(np.random.default_rng(9), (12, 4), (0.8, 0.0, 0.7))
    table = score_table(scores, unscored=["z1", "z2"])
    consensus = {"z1": Fraction(11, 2), "z2": Fraction(11, 2)}
    for seed in range(6):
        figures = panel_figures(table, seed, k=5, consensus=consensus)
        for band in BANDS:
            line = funding_line(figures.applications, 5, band)
            assert line is not None
            assert line.sides["z1"] == line.sides["z2"]
