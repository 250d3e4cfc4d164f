"""How often intervals of ranks hold the true rank: our posterior beside the plug-in shortcut, on the same panels.

200 simulated panels of 55 applications and 8 reviewers, two to four reviews each, per setting; fixed seeds, flat prior.
The shortcut (empirical Bayes) takes the fitted tau, nu and sigma for the truth. The standard error is over the panels.
Ends with exit code 1 when the 90 % intervals of ours cover less than LEAST or more than MOST. Run:
python -m benchmarks.coverage
"""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np

from benchmarks._panels import simulated_panel
from scoring.components import fit_components
from scoring.posterior import Draws, draw
from scoring.rank_draws import summarise_ranks
from scoring.score_table import Indices, ScoreTable, score_table
from scoring.threads import one_thread

SETTINGS = ((0.8, 0.5, 0.9), (0.8, 0.0, 0.9), (0.4, 0.5, 0.9))
"""True (tau, nu, sigma)."""
PANELS, APPLICATIONS, REVIEWERS, DRAWS = 200, 55, 8, 4_000
BANDS = (90, 50)
LEAST, MOST = 0.88, 0.95
PROCESSES = 2


def main() -> None:
    """Print a line per setting and method: the share of true ranks inside 90 and 50 % intervals, and their width."""
    print(f"{PANELS} panels of {APPLICATIONS} x {REVIEWERS}, 2 to 4 reviews each, {DRAWS:,} draws")
    print(
        f"{'tau, nu, sigma':<15}  {'method':<8} {'90 %':>5} {'s.e.':>6} {'ranks':>6} {'50 %':>6} {'s.e.':>6} {'ranks':>6}"
    )
    outside = []
    with ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn")) as pool:
        for truth in SETTINGS:
            found = np.array(list(pool.map(partial(_panel, truth), range(PANELS), chunksize=10)))
            for position, method in enumerate(("ours", "plug-in")):
                shares, widths = found[:, position, :, 0], found[:, position, :, 1].mean(axis=0)
                covered, error = shares.mean(axis=0), shares.std(axis=0, ddof=1) / np.sqrt(PANELS)
                figures = "  ".join(
                    f"{c:.3f} {e:6.4f} {w:6.1f}" for c, e, w in zip(covered, error, widths, strict=True)
                )
                print(f"{', '.join(map(str, truth)):<15}  {method:<8} {figures}", flush=True)
                if method == "ours" and not LEAST <= covered[0] <= MOST:
                    outside.append(f"{truth}: {covered[0]:.3f}")
    if outside:
        sys.exit(f"90 % intervals must cover {LEAST} to {MOST} of the true ranks, but cover {'; '.join(outside)}")


def plug_in_draws(table: ScoreTable, seed: int, count: int) -> Draws:
    """Draws of the qualities as if the REML fit were the truth; ties at tau = 0 are broken by lot.

    Henderson's equations, with D = diag(1, tau/sigma, nu/sigma): C = D W'W D + diag(0, I, I), estimate D C^-1 D W'y,
    covariance sigma^2 D C^-1 D.
    """
    fit = fit_components(table)
    n, (applications, reviewers) = len(table.values), table.shape
    places = np.arange(n)
    design = np.zeros((n, 1 + applications + reviewers))
    design[:, 0] = 1.0
    design[places, 1 + table.rows] = fit.tau / fit.sigma
    design[places, 1 + applications + table.columns] = fit.nu / fit.sigma
    inverse = np.linalg.inv(design.T @ design + np.diag([0.0] + [1.0] * (applications + reviewers)))
    estimate = inverse @ (design.T @ table.values)
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal((count, len(estimate))) @ np.linalg.cholesky(inverse).T
    scaled = estimate + fit.sigma * noise
    theta = fit.tau / fit.sigma * scaled[:, 1 : 1 + applications]
    quality = (scaled[:, :1] + theta + 1e-5 * rng.standard_normal(theta.shape)).astype(np.float32)
    ratios = np.array([fit.tau, fit.nu]) ** 2 / fit.sigma**2
    no_reviewers = np.empty((count, 0), dtype=np.float32)
    between, severity = np.full(count, ratios[0]), np.full(count, ratios[1])
    return Draws(table.applications, quality, quality, no_reviewers, between, severity, seed)


def _panel(truth: tuple[float, float, float], seed: int) -> list[list[tuple[float, float]]]:
    """Of one panel, by method and band: the share of true ranks inside the intervals, and the mean width in ranks."""
    rng = np.random.default_rng(seed)
    reviews = int(rng.integers(2, 5, APPLICATIONS).sum())
    scores, quality = simulated_panel(rng, APPLICATIONS, REVIEWERS, reviews, *truth)
    ranks: Indices = 1 + np.greater.outer(quality, quality).sum(axis=0)
    table = score_table(scores)
    with one_thread():
        return [_covered(draws, ranks) for draws in (draw(table, seed, count=DRAWS), plug_in_draws(table, seed, DRAWS))]


def _covered(draws: Draws, ranks: Indices) -> list[tuple[float, float]]:
    summary = summarise_ranks(draws)
    found = []
    for band in BANDS:
        low, high = summary.low[band], summary.high[band]
        found.append((float(np.mean((low <= ranks) & (ranks <= high))), float(np.mean(high - low + 1))))
    return found


if __name__ == "__main__":
    main()
