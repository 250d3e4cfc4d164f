"""What the fit says of each application and reviewer: Henderson's equations, written out, and what shrinkage is."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from scoring.components import Components, fit_components
from scoring.effects import predict_effects
from scoring.score_table import Score, ScoreTable, score_table
from tests.scoring.panels import dense, simulated

SPREADS = (0.0, 0.5, 2.0)


def random_panel(seed: int) -> ScoreTable:
    """An unbalanced panel, every third with two sections, every other with an application that nobody scored."""
    rng = np.random.default_rng(seed)
    shape = int(rng.integers(4, 15)), int(rng.integers(3, 12))
    spreads = float(rng.choice(SPREADS)), float(rng.choice(SPREADS)), 0.6
    scores, _ = simulated(rng, shape, spreads, reviews=(3, 5))
    unscored = ["a900"] if seed % 2 else []
    names = {s.application for s in scores} | set(unscored)
    sections = {a: f"s{int(a[1:]) % 2}" for a in names} if seed % 3 == 0 else None
    return score_table(scores, sections, unscored)


def test_effects_equal_hendersons_equations_on_random_panels() -> None:
    kinds: Counter[str] = Counter()
    for seed in range(40):
        table = random_panel(seed)
        fit = fit_components(table)
        effects = predict_effects(table, fit)
        estimates, covariance = dense(table).henderson(fit.tau, fit.nu, fit.sigma)
        (i, j), k = table.shape, len(table.section_names)
        # The adjusted score is its section's mean plus theta: its variance needs their covariance.
        of_application = np.hstack([np.eye(k)[table.sections], np.eye(i), np.zeros((i, j))])
        joint = of_application @ covariance @ of_application.T
        for ours, theirs in (
            (effects.adjusted, of_application @ estimates),
            (effects.adjusted_sd, np.sqrt(np.diag(joint))),
            (effects.theta, estimates[k : k + i]),
            (effects.severity, estimates[k + i :]),
            (effects.severity_se, np.sqrt(np.diag(covariance)[k + i :])),
        ):
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9, err_msg=f"panel {seed}")
        kinds["+".join(fit.on_boundary) or "inside"] += 1
        kinds["swapped"] += j > i
        kinds["sections"] += k > 1
    assert min(kinds[kind] for kind in ("inside", "tau", "nu", "swapped", "sections")) >= 4, kinds
    assert kinds["tau+nu"] >= 1


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(("tau", "nu"), [(0.0, 0.0), (0.0, 0.7), (0.7, 0.0), (0.7, 0.4), (30.0, 0.4), (0.4, 30.0)])
def test_effects_at_given_spreads_equal_hendersons_equations(tau: float, nu: float, *, swapped: bool) -> None:
    scores, _ = simulated(np.random.default_rng(4), (12, 5), (0.8, 0.5, 0.6), reviews=(2, 4))
    if swapped:
        scores = [Score(s.application, s.reviewer, s.value) for s in scores]
    table = score_table(scores)
    effects = predict_effects(table, Components(tau, nu, 0.5, (3.0,), 0.0))
    estimates, covariance = dense(table).henderson(tau, nu, 0.5)
    i = table.shape[0]
    assert effects.theta == pytest.approx(estimates[1 : 1 + i], abs=1e-9)
    assert effects.severity == pytest.approx(estimates[1 + i :], abs=1e-9)
    assert effects.severity_se == pytest.approx(np.sqrt(np.diag(covariance)[1 + i :]), abs=1e-9)


def test_adjusted_score_of_a_complete_panel_is_the_mean_drawn_towards_the_middle() -> None:
    """With every review given, severity falls out: each deviation shrinks by tau^2 / (tau^2 + sigma^2 / J)."""
    scores, _ = simulated(np.random.default_rng(1), (9, 4), (0.9, 0.6, 0.5), reviews=(4, 4))
    table = score_table(scores)
    fit = fit_components(table)
    means = np.array([float(m) for m in table.means if m is not None])
    share = fit.tau**2 / (fit.tau**2 + fit.sigma**2 / 4)
    effects = predict_effects(table, fit)
    assert 0 < share < 1
    assert effects.adjusted == pytest.approx(means.mean() + share * (means - means.mean()), abs=1e-9)
    assert effects.theta.sum() == pytest.approx(0, abs=1e-9)
    assert effects.severity.sum() == pytest.approx(0, abs=1e-9)


def test_fewer_reviews_are_drawn_further_to_the_middle_and_less_sure() -> None:
    # Five reviewers give a01..a07 the same as ever; a08 and a09 have a mean of 6, by five reviewers and by one.
    levels = {f"a{i:02d}": 1 + i % 5 for i in range(1, 8)}
    scores = [
        Score(f"r{j}", a, Fraction(x) + Fraction((j * x) % 3 - 1, 4)) for a, x in levels.items() for j in range(5)
    ]
    scores += [Score(f"r{j}", "a08", Fraction(6)) for j in range(5)] + [Score("r2", "a09", Fraction(6))]
    table = score_table(scores)
    effects = predict_effects(table, fit_components(table))
    assert effects.adjusted[8] < effects.adjusted[7] < 6
    assert effects.adjusted_sd[8] > effects.adjusted_sd[7] > 0


def test_without_a_difference_between_applications_all_have_the_mean() -> None:
    scores, _ = simulated(np.random.default_rng(6), (10, 5), (0.0, 0.5, 0.9))
    effects = predict_effects(score_table(scores), Components(0.0, 0.5, 0.9, (3.5,), 0.0))
    assert np.all(effects.theta == 0)
    assert np.ptp(effects.adjusted) == 0
    assert np.ptp(effects.adjusted_sd) < 1e-12


def test_without_a_difference_between_reviewers_nobody_is_severe() -> None:
    scores, _ = simulated(np.random.default_rng(6), (10, 5), (0.5, 0.0, 0.9))
    effects = predict_effects(score_table(scores), Components(0.5, 0.0, 0.9, (3.5,), 0.0))
    assert np.all(effects.severity == 0)
    assert np.all(effects.severity_se == 0)


def test_strict_reviewer_is_seen_through() -> None:
    """Two applications with the same mean: the one that met the strict reviewer is the better one."""
    scores, _ = simulated(np.random.default_rng(2), (30, 6), (0.8, 0.0, 0.3), reviews=(4, 4))
    strict = [Score(s.reviewer, s.application, s.value - 2 * (s.reviewer == "r000")) for s in scores]
    strict += [Score(r, a, Fraction(7, 2)) for a, r in (("x1", "r000"), ("x1", "r001"), ("x2", "r001"), ("x2", "r002"))]
    table = score_table(strict)
    effects = predict_effects(table, fit_components(table))
    assert effects.severity.argmin() == table.reviewers.index("r000")
    x1, x2 = (table.applications.index(name) for name in ("x1", "x2"))
    assert effects.adjusted[x1] > effects.adjusted[x2] + 0.5


def test_application_without_a_score_has_the_mean_and_the_widest_spread() -> None:
    scores, _ = simulated(np.random.default_rng(2), (12, 5), (0.8, 0.4, 0.5))
    table = score_table(scores, unscored=["zz"])
    fit = fit_components(table)
    effects = predict_effects(table, fit)
    assert effects.theta[-1] == 0
    assert effects.adjusted[-1] == pytest.approx(fit.means[0], abs=1e-9)
    assert effects.adjusted_sd[-1] == effects.adjusted_sd.max() > fit.tau
