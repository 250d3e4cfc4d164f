"""Draws around a consensus: their median is the consensus, their spread is that of the reviews, all others stay."""

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.consensus_draws import centre_on_consensus
from scoring.figures import panel_figures
from scoring.posterior import Draws, draw
from scoring.score_table import ScoreTable, score_table
from tests.scoring.panels import simulated

UNSCORED = "b000"
NAMES = tuple(f"a{number:03d}" for number in range(8))
COMPOSITES = st.fractions(1, 6, max_denominator=100)


@lru_cache
def panel() -> tuple[ScoreTable, Draws]:
    """Eight applications with reviews and one without, and draws of them all."""
    scores, _ = simulated(np.random.default_rng(4), (8, 5), (0.7, 0.4, 0.6), levels=True)
    table = score_table(scores, unscored=[UNSCORED])
    return table, draw(table, 11, count=2_000)


@settings(max_examples=25)
@given(st.dictionaries(st.sampled_from((*NAMES, UNSCORED)), COMPOSITES))
def test_the_median_of_the_draws_is_the_consensus(consensus: Mapping[str, Fraction]) -> None:
    table, draws = panel()
    moved = centre_on_consensus(draws, table, consensus)
    assert moved.applications == draws.applications == table.applications
    assert np.ptp(moved.compared.astype(float) - moved.quality) < 1e-5, "ranks are made of the quality"
    for position, name in enumerate(table.applications):
        before, after = draws.quality[:, position].astype(float), moved.quality[:, position].astype(float)
        middle = float(np.median(before))
        wanted = float(consensus.get(name, middle))
        assert float(np.median(after)) == pytest.approx(wanted, abs=1e-5)
        assert np.allclose(after - wanted, before - middle, atol=1e-5)
    assert np.array_equal(moved.between, draws.between)
    assert np.array_equal(moved.severity, draws.severity)


def test_no_consensus_leaves_the_draws_as_they_are() -> None:
    table, draws = panel()
    assert centre_on_consensus(draws, table, {}) is draws


def test_an_application_without_a_review_is_spread_as_applications_are() -> None:
    table, draws = panel()
    moved = centre_on_consensus(draws, table, {UNSCORED: Fraction(4)})
    spread = dict(zip(table.applications, moved.quality.std(axis=0), strict=True))
    assert spread[UNSCORED] > max(spread[name] for name in NAMES)


def test_several_sections_are_refused() -> None:
    scores, _ = simulated(np.random.default_rng(4), (10, 5), (0.7, 0.4, 0.6))
    table = score_table(scores, {score.application: f"s{int(score.application[1:]) % 2}" for score in scores})
    draws = draw(table, 1, count=100)
    with pytest.raises(ValueError, match="sections"):
        centre_on_consensus(draws, table, {"a001": Fraction(3)})


def test_the_expected_rank_follows_the_consensus() -> None:
    table, _ = panel()
    worst = min(NAMES, key=lambda name: table.means[table.applications.index(name)] or 0)
    plain = {one.application: one for one in panel_figures(table, 11, k=3).applications}
    agreed = panel_figures(table, 11, k=3, consensus={worst: Fraction(1000)})
    lifted = {one.application: one for one in agreed.applications}
    assert agreed.consensus == (worst,)
    assert (lifted[worst].expected_rank, lifted[worst].p_top_k) == (1.0, 1.0)
    assert plain[worst].expected_rank == max(one.expected_rank or 0.0 for one in plain.values())
    # Nothing that the reviews say has moved, and everybody else makes room.
    assert (lifted[worst].mean, lifted[worst].calibrated) == (plain[worst].mean, plain[worst].calibrated)
    for name in NAMES:
        if name != worst:
            assert (lifted[name].expected_rank or 0) >= (plain[name].expected_rank or 0)
