"""Variance components: the same optimum as dense matrices give, at the boundary too, and nothing but the scores matters."""

from collections import Counter
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.components import Components, fit_components
from scoring.score_table import Score, ScoreTable, score_table
from tests.scoring.panels import dense, simulated

PANELS = 200
SPREADS = (0.0, 0.3, 0.8, 3.0)


def random_panel(seed: int) -> ScoreTable:
    """An unbalanced panel of 4-15 applications and 3-8 reviewers that bears a fit; every fifth has two sections."""
    rng = np.random.default_rng(seed)
    while True:
        shape = int(rng.integers(4, 16)), int(rng.integers(3, 9))
        spreads = float(rng.choice(SPREADS)), float(rng.choice(SPREADS)), float(rng.choice((0.3, 0.9)))
        scores, _ = simulated(rng, shape, spreads, reviews=(2, 5), levels=bool(seed % 2))
        sections = {s.application: f"s{int(s.application[1:]) % 2}" for s in scores} if seed % 5 == 0 else None
        table = score_table(scores, sections)
        if dense(table).bears_a_fit():
            return table


def kind(table: ScoreTable, fit: Components) -> str:
    return f"{'+'.join(fit.on_boundary) or 'inside'}{', swapped' if table.shape[1] > table.shape[0] else ''}"


SWAPPED = {
    0: {"inside", "tau+nu"},
    1: {"inside", "tau", "nu", "tau+nu"},
    2: {"inside", "tau"},
    3: {"inside", "tau"},
}
"""Quarter of the panels -> kinds of optimum that are met there with more reviewers than applications."""


@pytest.mark.parametrize("quarter", SWAPPED)
def test_fit_equals_dense_matrices_on_random_panels(quarter: int) -> None:
    kinds: Counter[str] = Counter()
    differences = []
    for seed in range(quarter, PANELS, len(SWAPPED)):
        table = random_panel(seed)
        fit = fit_components(table)
        differences.append(fit.reml - dense(table).best_reml())
        kinds[kind(table, fit)] += 1
    assert len(differences) == PANELS / len(SWAPPED)
    assert np.abs(differences).max() < 1e-6
    seen = {name: sum(count for k, count in kinds.items() if k.startswith(name)) for name in ("inside", "tau+nu")}
    seen |= {name: sum(count for k, count in kinds.items() if name in k) for name in ("tau", "nu", "swapped")}
    # The comparison is worth nothing where no panel is: each kind of optimum has to be among each quarter.
    assert all(seen[name] >= least for name, least in {"inside": 20, "tau": 5, "nu": 5, "tau+nu": 2}.items()), seen
    assert seen["swapped"] >= 3
    assert {f"{name}, swapped" for name in SWAPPED[quarter]} <= set(kinds)


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_fit_is_reached_by_its_own_figures(seed: int) -> None:
    """The deviance that is reported is that of the spreads that are reported, and so are the means."""
    table = random_panel(seed)
    fit = fit_components(table)
    model = dense(table)
    value, slope = model.reml(np.array([fit.tau, fit.nu]) / fit.sigma)
    estimates, _ = model.henderson(fit.tau, fit.nu, fit.sigma)
    assert value == pytest.approx(fit.reml, abs=1e-8)
    assert np.abs(slope).max() < 1e-3
    assert estimates[: len(fit.means)] == pytest.approx(fit.means, abs=1e-9)


def test_fit_of_more_reviewers_than_applications_is_that_of_the_mirrored_panel() -> None:
    scores, _ = simulated(np.random.default_rng(5), (6, 14), (0.8, 0.5, 0.6), reviews=(4, 8))
    fit = fit_components(score_table(scores))
    mirrored = fit_components(score_table([Score(s.application, s.reviewer, s.value) for s in scores]))
    assert (fit.tau, fit.nu, fit.sigma, fit.reml) == pytest.approx(
        (mirrored.nu, mirrored.tau, mirrored.sigma, mirrored.reml), rel=1e-6
    )


def test_fit_of_sections_does_not_see_how_far_apart_they_are() -> None:
    scores, _ = simulated(np.random.default_rng(8), (20, 6), (0.8, 0.5, 0.6))
    sections = {s.application: "odd" if int(s.application[1:]) % 2 else "even" for s in scores}
    apart = [Score(s.reviewer, s.application, s.value + 100 * (sections[s.application] == "odd")) for s in scores]
    near, far = fit_components(score_table(scores, sections)), fit_components(score_table(apart, sections))
    assert (far.tau, far.nu, far.sigma) == pytest.approx((near.tau, near.nu, near.sigma), rel=1e-4)
    assert np.subtract(far.means, near.means) == pytest.approx([0, 100], abs=1e-4)


@pytest.mark.parametrize("shape", [(12, 6), (6, 12)])
@pytest.mark.parametrize(("tau", "nu"), [(2e3, 1e3), (5e4, 1.0), (1.0, 5e4)])
def test_fit_finds_spreads_that_dwarf_the_residual(tau: float, nu: float, shape: tuple[int, int]) -> None:
    """A long table may hold any numbers: a residual of a fifty-thousandth of the differences is still found."""
    scores, _ = simulated(np.random.default_rng(3), shape, (tau, nu, 1.0), reviews=(4, 6))
    fit = fit_components(score_table(scores))
    assert 0.7 < fit.sigma < 1.4
    assert 0.4 * tau < fit.tau < 2.5 * tau
    assert 0.4 * nu < fit.nu < 2.5 * nu


@st.composite
def fittable(draw: st.DrawFn) -> list[Score]:
    """A panel in which nobody has the same scores throughout and chance is left over."""
    seed = draw(st.integers(0, 10**6))
    rng = np.random.default_rng(seed)
    shape = draw(st.integers(4, 12)), draw(st.integers(3, 6))
    spreads = draw(st.sampled_from(SPREADS)), draw(st.sampled_from(SPREADS)), 0.6
    return simulated(rng, shape, spreads, reviews=(3, 5), levels=draw(st.booleans()))[0]


@settings(max_examples=12)
@given(fittable(), st.randoms(use_true_random=False))
def test_order_of_the_scores_changes_nothing(scores: list[Score], random: Random) -> None:
    shuffled = list(scores)
    random.shuffle(shuffled)
    assert fit_components(score_table(shuffled)) == fit_components(score_table(scores))


@settings(max_examples=12)
@given(fittable())
def test_names_change_nothing(scores: list[Score]) -> None:
    renamed = [Score(s.reviewer[::-1], f"z{s.application[::-1]}", s.value) for s in scores]
    here, there = fit_components(score_table(scores)), fit_components(score_table(renamed))
    assert there.reml == pytest.approx(here.reml, abs=1e-8)
    assert there.on_boundary == here.on_boundary
    assert (there.tau, there.nu, there.sigma) == pytest.approx((here.tau, here.nu, here.sigma), rel=1e-3, abs=1e-3)


@settings(max_examples=12)
@given(
    fittable(),
    st.integers(-1000, 1000),
    st.sampled_from((Fraction(1, 100), Fraction(1, 3), Fraction(7), Fraction(100))),
)
def test_shift_moves_the_mean_and_scale_multiplies_the_spreads(
    scores: list[Score], shift: int, scale: Fraction
) -> None:
    here = fit_components(score_table(scores))
    moved = [Score(s.reviewer, s.application, s.value * scale + shift) for s in scores]
    there = fit_components(score_table(moved))
    factor = float(scale)
    assert there.reml == pytest.approx(here.reml + 2 * (len(scores) - 1) * np.log(factor), abs=1e-6)
    assert there.means[0] == pytest.approx(here.means[0] * factor + shift, abs=1e-3 * factor)
    expected = (here.tau * factor, here.nu * factor, here.sigma * factor)
    assert (there.tau, there.nu, there.sigma) == pytest.approx(expected, rel=1e-3, abs=1e-3 * factor)
