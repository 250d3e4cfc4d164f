"""The worth of one more review against quadrature, against weighing the draws by imagined scores, and by what it orders."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from scipy.integrate import quad
from scipy.special import ndtr, ndtri

from scoring.components import Components, fit_components
from scoring.extra_review import ExtraReview, value_of_review
from scoring.posterior import Draws, draw
from scoring.rank_draws import summarise_ranks
from scoring.score_table import Floats, Score, ScoreTable, score_table

NOISE = Components(tau=1.0, nu=0.6, sigma=0.8, means=(3.0,), reml=0.0)
"""A review tells the quality with a variance of 1."""


def draws_of(quality: Floats) -> Draws:
    exact = quality.astype(np.float32)
    names = tuple(f"a{i:02}" for i in range(quality.shape[1]))
    nobody = np.zeros((len(exact), 0), dtype=np.float32)
    return Draws(names, exact, exact, nobody, np.ones(len(exact)), np.ones(len(exact)), seed=1)


def gaussian(means: list[float], spreads: list[float], count: int = 4000, seed: int = 1) -> Draws:
    return draws_of(np.random.default_rng(seed).normal(means, spreads, (count, len(means))))


def panel(seed: int) -> ScoreTable:
    """12 applications, each scored by 3 of 5 reviewers, on a scale of tenths."""
    rng = np.random.default_rng(seed)
    quality, severity = rng.normal(3, 0.8, 12), rng.normal(0, 0.4, 5)
    return score_table(
        [
            Score(f"r{j}", f"a{i:02}", Fraction(round(10 * (quality[i] + severity[j] + rng.normal(0, 0.7))), 10))
            for i in range(12)
            for j in rng.permutation(5)[:3]
        ]
    )


def moments(draws: Draws, components: Components, k: int) -> tuple[Floats, Floats]:
    """h and rho of each application; its distance to the line is that to the k-th best of the others."""
    quality = draws.compared.astype(float)
    h, rho = [], []
    for own in range(quality.shape[1]):
        t = quality[:, own]
        d = t - np.sort(np.delete(quality, own, axis=1), axis=1)[:, -k]
        least = 0.5 / len(t)
        h.append(ndtri(np.clip((d > 0).mean(), least, 1 - least)))
        covariance = np.cov(t, d, ddof=0)
        noise = components.nu**2 + components.sigma**2
        rho.append(covariance[0, 1] ** 2 / (covariance[0, 0] + noise) / covariance[1, 1])
    return np.array(h), np.array(rho)


def weighed(draws: Draws, components: Components, k: int, own: int, imagined: int = 400) -> Floats:
    """The chance of being among the k best after each of many imagined scores: the draws weighed by their likelihood."""
    quality = draws.compared.astype(float)
    inside = (quality > quality[:, own : own + 1]).sum(axis=1) < k
    noise = float(np.hypot(components.nu, components.sigma))
    told = np.quantile(quality[:, own], (np.arange(imagined) + 0.5) / imagined)
    shifts = np.random.default_rng(5).permutation(ndtri((np.arange(imagined) + 0.5) / imagined))
    likelihood = np.exp(-0.5 * ((told + noise * shifts)[:, None] - quality[:, own]) ** 2 / noise**2)
    return np.asarray(likelihood @ inside / likelihood.sum(axis=1))


@pytest.mark.parametrize("k", [1, 3, 5])
def test_value_of_review_equals_quadrature(k: int) -> None:
    """p after the review is Phi((h + sqrt(rho) z) / sqrt(1 - rho)) with z standard normal."""
    draws = gaussian([4.0, 3.3, 3.0, 2.9, 2.0, 0.5], [0.3, 0.5, 0.8, 0.2, 0.6, 0.1])
    found = value_of_review(draws, NOISE, k)
    for own, (h, rho) in enumerate(zip(*moments(draws, NOISE, k), strict=True)):

        def after(z: float, h: float = h, rho: float = rho) -> float:
            return float(ndtr((h + np.sqrt(rho) * z) / np.sqrt(1 - rho)))

        def open_after(z: float) -> float:
            return after(z) * (1 - after(z)) * float(stats.norm.pdf(z))

        fall = float(ndtr(h) * ndtr(-h)) - quad(open_after, -9, 9, epsabs=1e-12)[0]
        assert float(found.gain[own]) == pytest.approx(fall, abs=1e-9)
        joint = stats.multivariate_normal([0, 0], [[1, rho], [rho, 1]]).cdf([h, h])
        assert float(found.gain[own]) == pytest.approx(joint - ndtr(h) ** 2, abs=1e-6)
        quartile = float(ndtri(0.75))
        assert (found.low[own], found.high[own]) == pytest.approx((after(-quartile), after(quartile)), abs=1e-9)


@pytest.mark.parametrize(("distance", "spread"), [(0.0, 1.0), (0.5, 0.4), (-0.8, 0.7), (0.3, 1.5)])
def test_value_of_review_between_two_is_that_of_the_normal_posterior(distance: float, spread: float) -> None:
    """With two independent normal qualities the posterior after a score is known, so its quadrature is the answer."""
    other = 0.5
    steps = ndtri((np.arange(300) + 0.5) / 300)
    steps /= steps.std()
    grid = np.array(np.meshgrid(steps, steps)).reshape(2, -1).T
    found = value_of_review(draws_of(np.array([3 + distance, 3.0]) + grid * [spread, other]), NOISE, 1)
    left = spread**2 / (spread**2 + 1)

    def after(score: float) -> float:
        """Of a score, as so many standard deviations from what is expected."""
        mean = distance + spread**2 / np.sqrt(spread**2 + 1) * score
        return float(ndtr(mean / np.sqrt(left + other**2)))

    now = float(ndtr(distance / np.hypot(spread, other)))
    rest = quad(lambda z: after(z) * (1 - after(z)) * stats.norm.pdf(z), -9, 9)[0]
    quartile = float(ndtri(0.75))
    of_first = [float(x[0]) for x in (found.now, found.gain, found.low, found.high)]
    assert of_first == pytest.approx([now, now * (1 - now) - rest, after(-quartile), after(quartile)], abs=3e-3)


@pytest.mark.parametrize("seed", range(3))
def test_value_of_review_is_near_what_imagined_scores_do(seed: int) -> None:
    """On a panel the distance to the line is not quite normal: the approximation must still tell who gains most."""
    table = panel(seed)
    components, draws, k = fit_components(table), draw(table, seed=1, count=4000), 5
    found = value_of_review(draws, components, k)
    after = [weighed(draws, components, k, own) for own in range(12)]
    gains = np.array([p * (1 - p) - (x * (1 - x)).mean() for p, x in zip(found.now, after, strict=True)])
    assert_allclose([x.mean() for x in after], found.now, atol=0.01)
    assert_allclose(found.gain, gains, atol=0.01)
    assert_allclose(found.low, [np.quantile(x, 0.25) for x in after], atol=0.05)
    assert_allclose(found.high, [np.quantile(x, 0.75) for x in after], atol=0.05)
    assert np.corrcoef(found.gain, gains)[0, 1] > 0.98


@pytest.mark.parametrize("k", [1, 4, 11])
@pytest.mark.parametrize("seed", range(3))
def test_value_of_review_is_never_negative_nor_more_than_there_is(seed: int, k: int) -> None:
    table = panel(seed)
    draws = draw(table, seed=seed, count=2000)
    found = value_of_review(draws, fit_components(table), k)
    top = summarise_ranks(draws, k).top
    assert top is not None
    assert found.now.tolist() == top.tolist()
    assert np.all(found.gain >= 0)
    assert np.all(found.gain <= np.clip(found.now * (1 - found.now), 1 / 2000, 1))
    assert np.all((found.low >= 0) & (found.low <= found.high) & (found.high <= 1))
    # Far from the line most scores make even surer what is known, but where it is open they move it either way.
    near = np.abs(found.now - 0.5) < 0.2
    assert np.all((found.low <= found.now)[near] & (found.now <= found.high)[near])


@pytest.mark.parametrize(("k", "certain"), [(0, 0.0), (3, 1.0), (4, 1.0)])
def test_value_of_review_is_nothing_where_the_line_leaves_nobody_in_or_out(k: int, certain: float) -> None:
    found = value_of_review(gaussian([3.0, 2.0, 1.0], [1.0, 1.0, 1.0], 100), NOISE, k)
    expected = ExtraReview(*(np.full(3, x) for x in (certain, 0.0, certain, certain)))
    for name in ("now", "gain", "low", "high"):
        assert getattr(found, name).tolist() == getattr(expected, name).tolist()


def test_value_of_review_of_what_is_decided_is_next_to_nothing() -> None:
    found = value_of_review(gaussian([9.0, 3.0, 3.1, -5.0], [0.1, 0.5, 0.5, 0.1]), NOISE, 2)
    assert (found.now[0], found.now[3]) == (1.0, 0.0)
    assert max(found.gain[0], found.gain[3]) < 1e-3 < 0.01 < min(found.gain[1], found.gain[2])


def test_value_of_review_falls_with_its_noise() -> None:
    draws = gaussian([3.2, 3.0, 2.8], [0.5, 0.5, 0.5])
    gains = [
        value_of_review(draws, Components(1.0, 0.0, sigma, (3.0,), 0.0), 1).gain for sigma in (0.1, 0.5, 2.0, 50.0)
    ]
    assert all(np.all(more > less) for more, less in pairwise(gains))
    assert np.all(gains[-1] < 1e-3)


def even_panel(at_middle: dict[int, int]) -> ScoreTable:
    """13 applications at equal distances from 2 to 4, by four reviewers who differ by turns and are equally severe.

    Those in ``at_middle`` have so many reviews instead, all of them 3.
    """
    rows = []
    for i in range(13):
        for j in range(at_middle.get(i, 4)):
            apart = Fraction((i + j) % 4 * 4 - 6, 10)
            rows.append(Score(f"r{j}", f"a{i:02}", Fraction(3) if i in at_middle else 2 + Fraction(i, 6) + apart))
    return score_table(rows)


def test_value_of_review_is_largest_at_the_line() -> None:
    table = even_panel({})
    gain = value_of_review(draw(table, seed=1, count=8000), fit_components(table), 6).gain
    # The line runs between a07 and a06.
    assert set(np.argsort(-gain)[:2]) == {6, 7}
    assert np.all(np.diff(gain[1:6]) > 0)
    assert np.all(np.diff(gain[8:12]) < 0)
    assert min(gain[6], gain[7]) > 10 * max(gain[0], gain[12])


@pytest.mark.parametrize(("fewer", "more"), [(1, 2), (1, 4), (2, 4)])
def test_value_of_review_is_larger_where_there_are_fewer_reviews(fewer: int, more: int) -> None:
    table = even_panel({5: fewer, 7: more})
    found = value_of_review(draw(table, seed=1, count=8000), fit_components(table), 6)
    assert found.gain[5] > found.gain[7]
