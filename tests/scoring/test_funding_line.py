"""The line on the scale of expected ranks: the rule of the Swiss foundation, by brute force, and its sides."""

from fractions import Fraction
from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.analysis import analyse
from scoring.figures import ApplicationFigures, panel_figures
from scoring.funding_line import FundingLine, Side, funding_line
from scoring.rank_draws import BANDS
from scoring.score_table import score_table
from tests.scoring.panels import simulated

SIDES: tuple[Side, ...] = get_args(Side)


def ranked(
    name: str, expected: float | None, spans: tuple[tuple[int, int], ...] = ((1, 1),) * len(BANDS)
) -> ApplicationFigures:
    """An application of which only the ranks are known."""
    ranks = {} if expected is None else dict(zip(BANDS, spans, strict=True))
    nothing = (None,) * 4
    return ApplicationFigures(name, Fraction(3), 1, None, None, expected, None, ranks, None, *nothing)


@st.composite
def applications(draw: st.DrawFn) -> list[ApplicationFigures]:
    """Any expected ranks with nested intervals that widen with the band, and some applications without ranks."""
    count = draw(st.integers(1, 8))
    found = []
    for position in range(count):
        expected = draw(st.sampled_from([x / 2 for x in range(2, 2 * count + 1)]))
        low = high = draw(st.integers(1, count))
        spans = []
        for _ in BANDS:
            low, high = max(1, low - draw(st.integers(0, 1))), min(count, high + draw(st.integers(0, 1)))
            spans.append((low, high))
        found.append(ranked(f"a{position}", None if draw(st.integers(0, 9)) == 0 else expected, tuple(spans)))
    return found


def side_by_the_rule(low: int, high: int, expected: float, line: float) -> str:
    """The lottery group of Heyard, Ott, Salanti and Egger: q25 <= FL <= q75, or ER = FL; the interval tells the rest."""
    if low <= line <= high or expected == line:
        return "open"
    return "above" if high < line else "below"


@settings(max_examples=50)
@given(applications(), st.integers(-1, 9), st.sampled_from(BANDS))
def test_every_ranked_application_is_on_one_side(found: list[ApplicationFigures], k: int, band: int) -> None:
    with_ranks = [one for one in found if one.expected_rank is not None]
    line = funding_line(found, k, band)
    if not 0 < k < len(with_ranks):
        assert line is None
        return
    assert line is not None
    assert (line.band, line.rank) == (band, sorted(one.expected_rank or 0.0 for one in with_ranks)[k - 1])
    assert line.sides == {
        one.application: side_by_the_rule(*one.ranks[band], one.expected_rank or 0.0, line.rank) for one in with_ranks
    }
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
def test_the_order_of_the_applications_changes_nothing(found: list[ApplicationFigures], k: int, random: object) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert funding_line(shuffled, k, 50) == funding_line(found, k, 50)


@pytest.mark.parametrize("seed", [1, 2])
def test_sides_follow_from_the_draws_by_brute_force(seed: int) -> None:
    scores, _ = simulated(np.random.default_rng(seed), (9, 5), (0.8, 0.5, 0.6), levels=True)
    table = score_table(scores)
    draws = analyse(table, 7).draws
    assert draws is not None
    places: list[list[int]] = [[] for _ in table.applications]
    for drawn in draws.compared.tolist():
        for own, value in zip(places, drawn, strict=True):
            own.append(1 + sum(other > value for other in drawn))
    expected = [sum(own) / len(own) for own in places]
    ordered = [sorted(own) for own in places]
    spans = {band: [(least(own, 50 - band / 2), least(own, 50 + band / 2)) for own in ordered] for band in BANDS}
    figures = panel_figures(table, 7, k=4)
    for k in range(1, 9):
        for band in BANDS:
            rank = sorted(expected)[k - 1]
            line = funding_line(figures.applications, k, band)
            assert line is not None
            assert line.rank == pytest.approx(rank, abs=1e-12)
            assert line.sides == {
                name: side_by_the_rule(*span, own, rank)
                for name, span, own in zip(table.applications, spans[band], expected, strict=True)
            }


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
    four = [ranked(name, rank, spans[name]) for name, rank in (("a", 1.0), ("b", 2.4), ("c", 2.6), ("d", 4.0))]
    line = funding_line(four, 2, 50)
    assert line is not None
    assert (line.rank, dict(line.sides)) == (2.4, {"a": "above", "b": "open", "c": "open", "d": "below"})
    assert [line.count(side) for side in SIDES] == [1, 2, 1]
