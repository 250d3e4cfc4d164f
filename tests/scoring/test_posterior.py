"""Draws of the posterior: the moments of a fine grid of dense matrices, whatever the panel; and ranks over the draws."""

from dataclasses import dataclass, fields
from fractions import Fraction

import numpy as np
import pytest
from scipy.special import digamma, logsumexp, polygamma

from scoring.analysis import Analysis
from scoring.components import fit_components
from scoring.effects import predict_effects
from scoring.figures import ApplicationFigures, ReviewerFigures, figures_of_analysis
from scoring.graph import describe_graph
from scoring.posterior import DRAWS, Draws, Prior, draw
from scoring.rank_draws import BANDS, RankSummary, summarise_ranks
from scoring.score_table import Score, ScoreTable, score_table
from tests.scoring.panels import CENTRE, Floats, complete, dense, simulated, simulated_effects, table_of

STANDARD_ERRORS = 5
"""How far a mean over independent draws may be from the truth: beyond 5 once in two million comparisons."""


def panel(name: str) -> ScoreTable:
    """Small panels in which every path of the computation is taken."""
    shape = {"more reviewers": (6, 11), "three reviewers": (9, 3)}.get(name, (10, 5))
    spreads = {"no difference": (0.0, 0.0, 0.8), "strong": (3.0, 1.0, 0.3)}.get(name, (0.8, 0.5, 0.6))
    scores, _ = simulated(np.random.default_rng(9), shape, spreads, reviews=(2, 4))
    sections = {s.application: f"s{int(s.application[1:]) % 2}" for s in scores} if name == "sections" else None
    return score_table(scores, sections, ["unscored"] if name == "unscored" else [])


PANELS = ("plain", "more reviewers", "three reviewers", "no difference", "strong", "sections", "unscored")


def grid_cells(size: int) -> tuple[Floats, Floats, Floats]:
    """Ratios tau^2 / sigma^2 and nu^2 / sigma^2 of a grid over (0, 1)^2 of r / (1 + r), and the log area of each cell."""
    u = (np.arange(size) + 0.5) / size
    a, b = (axis.ravel() for axis in np.meshgrid(u, u, indexing="ij"))
    return (a / (1 - a)) ** 2, (b / (1 - b)) ** 2, -2 * np.log1p(-a) - 2 * np.log1p(-b)


@dataclass(frozen=True)
class Conditional:
    """Of each of c cells: ln|V|, ln|X'V^-1X| and rss (c,); the mean and the variance over sigma^2 of each quality
    (c x I) and of each severity less the mean of all severities (c x J).
    """

    log_v: Floats
    log_x: Floats
    rss: Floats
    quality: tuple[Floats, Floats]
    deviation: tuple[Floats, Floats]


def conditional(table: ScoreTable, p1: Floats, p2: Floats, *, mean: float | None = None) -> Conditional:
    """Cell by cell at the ratios ``p1`` and ``p2``, with matrices of n rows throughout. ``mean``: the mean is known."""
    model = dense(table)
    v = np.eye(len(model.y)) + p1[:, None, None] * (model.z1 @ model.z1.T) + p2[:, None, None] * (model.z2 @ model.z2.T)
    inverse = np.linalg.inv(v)
    of_mean = np.eye(len(table.section_names))[table.sections]
    xvx = model.x.T @ inverse @ model.x
    known = np.linalg.inv(xvx) if mean is None else np.zeros_like(xvx)
    beta = known @ (model.x.T @ inverse @ model.y)[:, :, None] if mean is None else np.full((*xvx.shape[:2], 1), mean)
    left = model.y[:, None] - model.x @ beta

    def of_effects(p: Floats, z: Floats, fixed: Floats, contrast: Floats) -> tuple[Floats, Floats]:
        """Of contrast (fixed beta + u), where u are the effects that z spreads over the scores."""
        reach = p[:, None, None] * (z.T @ inverse)
        slope = contrast @ (fixed - reach @ model.x)
        spread = contrast @ (p[:, None, None] * (np.eye(z.shape[1]) - reach @ z)) @ contrast.T
        variance = np.einsum("cii->ci", spread) + np.einsum("cia,cab,cib->ci", slope, known, slope)
        return (contrast @ (fixed @ beta + reach @ left))[:, :, 0], variance

    reviewers = table.shape[1]
    return Conditional(
        log_v=np.linalg.slogdet(v)[1],
        log_x=np.linalg.slogdet(xvx)[1],
        rss=(left.transpose(0, 2, 1) @ inverse @ left)[:, 0, 0],
        quality=of_effects(p1, model.z1, of_mean, np.eye(table.shape[0])),
        deviation=of_effects(p2, model.z2, np.zeros((reviewers, of_mean.shape[1])), np.eye(reviewers) - 1 / reviewers),
    )


def within_error(sample: Floats, truth: Floats) -> None:
    """The means of the columns of ``sample`` are ``truth`` but for the chance of so many draws."""
    error = sample.std(axis=0) / np.sqrt(len(sample)) + 1e-9
    assert np.abs((sample.mean(axis=0) - truth) / error).max() < STANDARD_ERRORS


def mixed(weights: Floats, moments: tuple[Floats, Floats], residual: Floats) -> tuple[Floats, Floats]:
    """Mean and variance over the cells, whose mean residual variance is ``residual`` (c,)."""
    means, variances = moments
    mean = weights @ means
    return mean, weights @ (means**2 + variances * residual[:, None]) - mean**2


@pytest.mark.parametrize("name", PANELS)
def test_draws_have_the_moments_of_a_dense_grid(name: str) -> None:
    table = panel(name)
    draws = draw(table, seed=1)
    p1, p2, area = grid_cells(90)
    of = conditional(table, p1, p2)
    free = len(table.values) - len(table.section_names) - 3
    log_weights = area - (of.log_v + of.log_x) / 2 - free / 2 * np.log(of.rss)
    weights = np.exp(log_weights - logsumexp(log_weights))
    # sigma^2 given the cell is rss / 2 over a Gamma variable of shape free / 2, whose inverse has the mean 2 / (free - 2).
    residual = of.rss / (free - 2)
    mean, variance = mixed(weights, of.quality, residual)
    sample = draws.quality.astype(np.float64)
    # With three reviewers the common mean has so long a tail that it has no moments; the differences have.
    within_error(sample - sample.mean(axis=1, keepdims=True), mean - mean.mean())
    if len(table.reviewers) > 3:
        within_error(sample, mean)
        within_error((sample - mean) ** 2, variance)
    mean, variance = mixed(weights, of.deviation, residual)
    sample = draws.deviations.astype(np.float64)
    assert sample.shape == (DRAWS, len(table.reviewers))
    assert np.abs(sample.sum(axis=1)).max() < 1e-4
    within_error(sample, mean)
    within_error((sample - mean) ** 2, variance)
    # Ratios have heavy tails, r / (1 + r) does not.
    for ratio, p in ((draws.between, p1), (draws.severity, p2)):
        bounded, truth = (np.sqrt(x) / (1 + np.sqrt(x)) for x in (ratio, p))
        within_error(bounded[:, None], np.array([weights @ truth]))


@pytest.mark.parametrize("name", ["plain", "more reviewers", "unscored"])
def test_draws_of_the_swiss_prior_have_the_moments_of_a_dense_grid(name: str) -> None:
    """Reviewers' effects with a spread of 0.5, tau and sigma uniform up to 2, mu the mean of the scores."""
    table = panel(name)
    draws = draw(table, seed=1, prior="snsf")
    axis = (np.arange(90) + 0.5) / 45
    tau, sigma = (x.ravel() for x in np.meshgrid(axis, axis, indexing="ij"))
    of = conditional(table, (tau / sigma) ** 2, (0.5 / sigma) ** 2, mean=table.values.mean())
    log_weights = -of.log_v / 2 - len(table.values) * np.log(sigma) - of.rss / (2 * sigma**2)
    weights = np.exp(log_weights - logsumexp(log_weights))
    for drawn, moments in ((draws.quality, of.quality), (draws.deviations, of.deviation)):
        mean, variance = mixed(weights, moments, sigma**2)
        sample = drawn.astype(np.float64)
        within_error(sample, mean)
        within_error((sample - mean) ** 2, variance)


def ranks_of(theta: Floats) -> Floats:
    """Ranks of the true qualities, 1 for the best."""
    ranks: Floats = np.argsort(np.argsort(-theta)) + np.float64(1)
    return ranks


def same(one: Draws | RankSummary, other: Draws | RankSummary) -> bool:
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name))
        if not isinstance(getattr(one, field.name), dict)
        else all(np.array_equal(v, getattr(other, field.name)[k]) for k, v in getattr(one, field.name).items())
        for field in fields(one)
    )


@pytest.mark.parametrize("prior", ["flat", "snsf"])
def test_same_seed_gives_the_same_draws_and_another_seed_others(prior: Prior) -> None:
    table = panel("plain")
    first, again, other = (draw(table, seed, prior, count=500) for seed in (3, 3, 4))
    assert same(first, again)
    assert same(summarise_ranks(first, 3), summarise_ranks(again, 3))
    assert not np.array_equal(first.quality, other.quality)
    assert first.seed == 3


def test_order_of_the_scores_does_not_change_the_draws() -> None:
    scores, _ = simulated(np.random.default_rng(2), (12, 5), (0.8, 0.5, 0.6))
    shuffled = [scores[at] for at in np.random.default_rng(0).permutation(len(scores))]
    sections = {s.application: f"s{int(s.application[1:]) % 2}" for s in scores}
    backwards = dict(reversed(sections.items()))
    assert same(draw(score_table(scores), 1, count=500), draw(score_table(shuffled), 1, count=500))
    assert same(draw(score_table(scores, sections), 1, count=500), draw(score_table(shuffled, backwards), 1, count=500))


@pytest.mark.parametrize("shift", [0, 10**7])
@pytest.mark.parametrize("scale", [Fraction(1, 1000), Fraction(1000)])
def test_neither_the_unit_nor_the_zero_of_the_scores_changes_ranks(scale: Fraction, shift: int) -> None:
    scores, _ = simulated(np.random.default_rng(2), (12, 5), (0.8, 0.5, 0.6))
    moved = [Score(s.reviewer, s.application, s.value * scale + shift) for s in scores]
    here, there = (summarise_ranks(draw(score_table(x), 1, count=4000)).expected for x in (scores, moved))
    assert there == pytest.approx(here, abs=0.02)


def test_quality_is_the_mean_of_its_section_and_ranks_compare_what_is_left() -> None:
    scores, _ = simulated(np.random.default_rng(7), (24, 6), (0.8, 0.3, 0.4))
    sections = {s.application: "odd" if int(s.application[1:]) % 2 else "even" for s in scores}
    apart = [Score(s.reviewer, s.application, s.value + 50 * (sections[s.application] == "odd")) for s in scores]
    near, far = (draw(score_table(x, sections), 1, count=4000) for x in (scores, apart))
    shifts = far.quality.mean(axis=0) - near.quality.mean(axis=0)
    assert shifts == pytest.approx([50 * (sections[a] == "odd") for a in near.applications], abs=0.05)
    assert summarise_ranks(far).expected == pytest.approx(summarise_ranks(near).expected, abs=0.2)
    together = draw(score_table(scores), 1, count=100)
    differences = np.diff(together.compared, axis=1) - np.diff(together.quality, axis=1)
    assert np.abs(differences).max() < 1e-5


@pytest.mark.parametrize("shape", [(25, 8), (8, 25)])
@pytest.mark.parametrize("spreads", [(500.0, 100.0, 1.0), (1.0, 500.0, 0.01), (2e4, 2e4, 1.0)])
def test_draws_of_a_strong_signal_are_those_of_known_effects(
    spreads: tuple[float, float, float], shape: tuple[int, int]
) -> None:
    """With next to no residual the effects are known, and each variance is a sum of squares over a chi-squared."""
    scores, _ = simulated(np.random.default_rng(1), shape, spreads, reviews=(4, 6))
    table = score_table(scores)
    draws = draw(table, 1)
    (i, j), n = table.shape, len(table.values)
    model = dense(table)
    both = np.hstack([model.z1, model.z2])
    effects = np.linalg.lstsq(both, model.y)[0]
    residual = np.sum((model.y - both @ effects) ** 2)
    freedom = n - i - j + 1
    for ratios, side in ((draws.between, effects[:i]), (draws.severity, effects[i:])):
        squares = np.sum((side - side.mean()) ** 2)
        # A flat prior on a standard deviation takes one from m - 1 degrees of freedom.
        logs = np.log(squares / residual) - digamma((len(side) - 2) / 2) + digamma((freedom - 1) / 2)
        spread = polygamma(1, (len(side) - 2) / 2) + polygamma(1, (freedom - 1) / 2)
        drawn = np.log(ratios)
        within_error(drawn[:, None], np.array([logs]))
        assert drawn.var() == pytest.approx(spread, rel=0.05)
    assert summarise_ranks(draws).expected.argsort().tolist() == np.argsort(-effects[:i]).tolist()


@pytest.mark.parametrize("shape", [(25, 8), (8, 25)])
@pytest.mark.parametrize(
    "spreads", [(2e4, 1.0, 1.0), (1.0, 2e4, 1.0), (0.0, 0.0, 1.0), (0.8, 0.5, 0.9), (0.0, 500.0, 1.0)]
)
def test_grid_reaches_as_far_as_the_mass(spreads: tuple[float, float, float], shape: tuple[int, int]) -> None:
    """The last cell of the grid that anything falls into holds next to nothing: the mass is not cut off there."""
    scores, _ = simulated(np.random.default_rng(1), shape, spreads, reviews=(4, 6))
    draws = draw(score_table(scores), 1)
    for ratios in (draws.between, draws.severity):
        values, counts = np.unique(ratios, return_counts=True)
        assert counts[-1] < 0.003 * len(ratios)
        assert len(values) > 10


def test_strong_signal_leaves_no_doubt() -> None:
    scores, theta = simulated(np.random.default_rng(5), (8, 6), (30.0, 0.2, 0.1), reviews=(6, 6))
    summary = summarise_ranks(draw(score_table(scores), 1), k=3)
    ranks = ranks_of(theta)
    assert summary.expected == pytest.approx(ranks, abs=1e-3)
    assert all(np.array_equal(summary.low[band], ranks) and np.array_equal(summary.high[band], ranks) for band in BANDS)
    assert summary.top == pytest.approx((ranks <= 3).astype(float), abs=1e-3)


def test_no_signal_leaves_the_ranks_open() -> None:
    """All applications are alike: everyone's expected rank is near the middle, and the band is most of the field."""
    scores, _ = simulated(np.random.default_rng(3), (20, 6), (0.0, 0.4, 1.0), reviews=(6, 6))
    summary = summarise_ranks(draw(score_table(scores), 1))
    assert np.abs(summary.expected - 10.5).max() < 5
    assert np.median(summary.high[90] - summary.low[90]) > 13


def test_draws_are_as_many_as_asked_and_fewer_with_many_applications() -> None:
    few = panel("plain")
    assert draw(few, 1).quality.shape == (DRAWS, 10)
    assert draw(few, 1, count=17).compared.shape == (17, 10)
    assert draw(few, 1, count=17).deviations.shape == (17, 5)
    scores, _ = simulated(np.random.default_rng(1), (800, 12), (0.8, 0.5, 0.6), reviews=(3, 3))
    draws = draw(score_table(scores), 1)
    assert draws.quality.shape == draws.compared.shape == (7_500, 800)
    assert len(draws.between) == len(draws.severity) == 7_500
    unscored = [f"u{i}" for i in range(3_990)]
    assert draw(score_table(scores[:30], unscored=unscored), 1).quality.shape == (2_000, 4_000)


@pytest.mark.parametrize("name", PANELS)
def test_rank_summary_holds_together(name: str) -> None:
    draws = draw(panel(name), 1, count=3000)
    count = len(draws.applications)
    summaries = [summarise_ranks(draws, k) for k in range(count + 1)]
    for k, summary in enumerate(summaries):
        assert summary.top is not None
        assert summary.top.sum() == pytest.approx(k)
        assert same(
            RankSummary(summary.expected, summary.pcer, summary.low, summary.high, None), summarise_ranks(draws)
        )
    tops = np.array([summary.top for summary in summaries])
    assert np.all(np.diff(tops, axis=0) >= 0)
    summary = summaries[0]
    assert summary.expected.sum() == pytest.approx(count * (count + 1) / 2)
    # The expected rank is 1 plus the chances of being worse than the k best, over all k.
    assert summary.expected == pytest.approx((1 - tops[:-1]).sum(axis=0))
    assert summary.pcer == pytest.approx(100 * (summary.expected - 0.5) / count)
    lows, highs = (np.array([side[band] for band in BANDS]) for side in (summary.low, summary.high))
    assert np.all(np.diff(lows, axis=0) <= 0)
    assert np.all(np.diff(highs, axis=0) >= 0)
    assert lows.min() >= 1
    assert highs.max() <= count
    assert np.all(lows <= highs)
    for band, low, high in zip(BANDS, lows, highs, strict=True):
        ranks = np.arange(count)
        inside = np.array([tops[h, i] - tops[lo - 1, i] for i, lo, h in zip(ranks, low, high, strict=True)])
        assert np.all(inside >= band / 100 - 1e-9)


def test_rank_summary_of_known_draws() -> None:
    """Four draws of three applications: a quantile is the least rank that holds its share."""
    quality = np.array([[3, 2, 1], [3, 1, 2], [2, 3, 1], [3, 2, 1]], dtype=np.float32)
    nobody = np.zeros((4, 0), dtype=np.float32)
    summary = summarise_ranks(Draws(("a", "b", "c"), quality, quality, nobody, np.zeros(4), np.zeros(4), 0), k=1)
    assert summary.expected.tolist() == [1.25, 2.0, 2.75]
    assert summary.pcer == pytest.approx([25, 50, 75])
    assert (summary.low[50].tolist(), summary.high[50].tolist()) == ([1, 1, 2], [1, 2, 3])
    assert (summary.low[90].tolist(), summary.high[90].tolist()) == ([1, 1, 2], [2, 3, 3])
    assert summary.top is not None
    assert summary.top.tolist() == [0.75, 0.25, 0.0]


def test_exchangeable_applications_have_the_same_expected_rank() -> None:
    """Two applications with the same scores by the same reviewers differ by nothing but the chance of the draws."""
    summary = summarise_ranks(draw(table_of(complete("1234/2245/5544/3443/3443/1122")), 1))
    assert summary.expected[3] == pytest.approx(summary.expected[4], abs=0.06)


@pytest.mark.parametrize("spreads", [(0.8, 0.5, 0.9), (0.8, 0.0, 0.9), (0.4, 0.5, 0.9)])
def test_rank_intervals_hold_the_truth_as_often_as_they_say(spreads: tuple[float, float, float]) -> None:
    """The share of true ranks inside their 90 % intervals, of 25 panels of 55 x 8 with 2-4 reviews each.

    Ranks of one panel stand or fall together, so the panel is the unit: its share varies by 0.05 from panel to panel,
    the mean of 25 therefore by 0.01. Over many panels it is 0.91 to 0.93: four errors from there are 0.87 and 0.97, and
    the plug-in shortcut, at 0.85 where the signal is weak, falls outside.
    """
    shares = []
    for seed in range(25):
        scores, theta = simulated(np.random.default_rng(seed), (55, 8), spreads)
        summary = summarise_ranks(draw(score_table(scores), seed, count=2000))
        ranks = ranks_of(theta)
        shares.append(np.mean((summary.low[90] <= ranks) & (ranks <= summary.high[90])))
    assert 0.87 < np.mean(shares) < 0.97


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """The share of true deviations and true qualities inside their 90 % intervals, of 40 panels of 12 x 6.

    A panel's deviations sum to 0 and share their spread, its qualities share the reviewers: the share of one panel varies
    by 0.16 or less, the mean of 40 therefore by 0.025. Over many panels it is 0.88 and 0.92: 0.84 and 0.96 are near two
    errors from either. Intervals at the fitted components alone hold 0.78 and 0.85 of many, and here less than 0.84.
    """
    of_deviations, of_qualities, plug_in = [], [], []
    for seed in range(40):
        scores, theta, severity = simulated_effects(np.random.default_rng(seed), (12, 6), (0.8, 0.5, 0.9))
        table = score_table(scores)
        components, draws = fit_components(table), draw(table, seed, count=2000)
        effects = predict_effects(table, components)
        found = figures_of_analysis(Analysis(table, describe_graph(table), None, (), components, effects, draws), seed)
        deviation, quality = severity - severity.mean(), CENTRE + theta
        of_deviations += [inside(one, x) for one, x in zip(found.reviewers, deviation, strict=True)]
        of_qualities += [inside(one, x) for one, x in zip(found.applications, quality, strict=True)]
        plug_in += (np.abs(effects.adjusted - quality) <= 1.645 * effects.adjusted_sd).tolist()
    assert len(of_deviations) == 40 * 6
    assert 0.84 < np.mean(of_deviations) < 0.96
    assert np.mean(plug_in) < 0.84 < np.mean(of_qualities) < 0.96


def inside(found: ApplicationFigures | ReviewerFigures, truth: float) -> bool:
    assert found.low is not None
    assert found.high is not None
    return bool(found.low <= truth <= found.high)
