"""The posterior of a panel's qualities: independent draws from a grid, no Markov chains.

Flat priors on tau, nu, sigma and the means. Over (tau / sigma, nu / sigma) a cell's log weight is

    -1/2 (ln|V| + ln|H_xx|) - (n - k - 3)/2 ln rss,    sigma^2 = (rss / 2) / Gamma((n - k - 3)/2, 1)

and within a cell the means, severities and qualities are jointly Gaussian and drawn as such.

Source: Heyard, Ott, Salanti, Egger 2022, "Rethinking the Funding Line at the Swiss National Science Foundation:
Bayesian Ranking and Lottery", Statistics and Public Policy 9(1), for the model. Their sampler is a Markov chain; the
grid with a conjugate residual gives independent draws of the same posterior.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import logsumexp

from scoring.absorbed import Equations, Slice, equations, profile
from scoring.score_table import Floats, Indices, ScoreTable

Prior = Literal["flat", "snsf"]

DRAWS = 20_000
_FEWEST_DRAWS = 2_000
_MOST_NUMBERS = 6_000_000
"""Draws times applications that are kept: with very many applications fewer draws are taken."""
_COARSE, _FINE = 24, 48
_MOVES = 20
"""How often the grid may be laid anew; a handful is usual."""
_NEGLIGIBLE = 1e-5
"""Share of the mass that may lie outside of the final grid, at each of its four sides."""
SNSF_NU, SNSF_LARGEST, SNSF_SCALE = 0.5, 2.0, (1, 6)


@dataclass(frozen=True)
class Draws:
    """D draws of the qualities of I applications: ``quality`` (D x I) = mean of the section + theta, on the scores' scale.

    ``compared`` (D x I) is what ranks are made of: the quality, but for a constant that keeps single precision from
    running out, or theta where there are several sections.
    ``deviations`` (D x J): severity less the mean severity of all reviewers, which is free of the common mean.
    ``between`` and ``severity`` (D,): tau^2 / sigma^2 and nu^2 / sigma^2.
    """

    applications: tuple[str, ...]
    quality: npt.NDArray[np.float32]
    compared: npt.NDArray[np.float32]
    deviations: npt.NDArray[np.float32]
    between: Floats
    severity: Floats
    seed: int


@dataclass(frozen=True)
class _Cells:
    """Slices of the grid: each with ratios of the other side (c,), log weights (c,) and, where it is given, sigma (c,)."""

    absorbed: Floats
    other: Floats
    log_weights: Floats
    sigma: Floats | None = None


def draw(table: ScoreTable, seed: int, prior: Prior = "flat", count: int | None = None) -> Draws:
    """``count`` independent draws (by default 20,000, fewer with more than 300 applications or reviewers) with a fixed seed.

    ``prior`` "snsf" is that of the Swiss National Science Foundation on its scale from 1 to 6: nu = 0.5, tau and sigma
    uniform up to 2, mu fixed at the mean of the scores. The table must be fit for it, see ``scoring.states``.
    """
    system = equations(table, may_swap=prior == "flat")
    wanted = count or int(np.clip(_MOST_NUMBERS // max(*table.shape, 1), _FEWEST_DRAWS, DRAWS))
    cells = _flat_cells(system) if prior == "flat" else _snsf_cells(system)
    rng = np.random.default_rng(seed)
    weights = np.exp(cells.log_weights - logsumexp(cells.log_weights))
    counts = rng.multinomial(wanted, weights.ravel() / weights.sum()).reshape(weights.shape)
    quality = np.empty((wanted, len(table.applications)), dtype=np.float32)
    compared = np.empty_like(quality)
    deviations = np.empty((wanted, len(table.reviewers)), dtype=np.float32)
    done = 0
    for position, (ratio, times) in enumerate(zip(cells.absorbed, counts, strict=True)):
        if not times.any():
            continue
        means, theta, severity = _draw_slice(system, system.at(ratio), cells.other[position], cells.sigma, times, rng)
        rows = slice(done, done := done + len(theta))
        centred = (theta + means[:, table.sections]) * system.scale
        quality[rows] = centred + system.centre
        deviations[rows] = (severity - severity.mean(axis=1, keepdims=True)) * system.scale
        compared[rows] = centred if system.k == 1 else theta * system.scale
    ratios = _ratios(cells, counts)
    between, of_severity = reversed(ratios) if system.swapped else ratios
    return Draws(table.applications, quality, compared, deviations, between, of_severity, seed)


def _ratios(cells: _Cells, counts: Indices) -> tuple[Floats, Floats]:
    """The ratio of the absorbed and of the other side of every draw (D,), in the order in which slices are drawn."""
    other = np.repeat(np.broadcast_to(cells.other, counts.shape).ravel(), counts.ravel())
    return np.repeat(cells.absorbed, counts.sum(axis=1)), other


def _flat_cells(system: Equations) -> _Cells:
    """The grid, in u = r / (1 + r) so that no ratio is out of reach, laid over where the mass lies."""
    box = np.array([[0.0, 1.0], [0.0, 1.0]])
    for _ in range(_MOVES):
        grid, weights = _weighed(system, box, _COARSE)
        moved = np.array([_support(grid[side], weights.sum(axis=1 - side), box[side]) for side in (0, 1)])
        grown = np.any((moved[:, 0] < box[:, 0]) | (moved[:, 1] > box[:, 1]))
        if not grown and np.all(np.diff(moved) > 0.5 * np.diff(box)):
            break
        box = moved
    axes, log_weights = _log_weights(system, box, _FINE)
    ratios = (axes / (1 - axes)) ** 2
    return _Cells(ratios[0], np.broadcast_to(ratios[1], log_weights.shape), log_weights)


def _weighed(system: Equations, box: Floats, size: int) -> tuple[Floats, Floats]:
    axes, log_weights = _log_weights(system, box, size)
    return axes, np.exp(log_weights - logsumexp(log_weights))


def _log_weights(system: Equations, box: Floats, size: int) -> tuple[Floats, Floats]:
    """Midpoints of the grid over ``box`` (2 x size) and the log weight of each cell (size x size)."""
    steps = (np.arange(size) + 0.5) / size
    axes = box[:, :1] + steps * np.diff(box)
    other = (axes[1] / (1 - axes[1])) ** 2
    log_weights = np.empty((size, size))
    for position, u in enumerate(axes[0]):
        logs, rss, _ = profile(system.at((u / (1 - u)) ** 2), other, system.n)
        log_weights[position] = -0.5 * logs - (system.n - system.k - 3) / 2 * np.log(rss) - 2 * np.log1p(-u)
    return axes, log_weights - 2 * np.log1p(-axes[1])


def _support(axis: Floats, mass: Floats, box: Floats) -> Floats:
    """Where one side of ``box`` should lie: about all mass but a negligible part, with a cell to spare on either side.

    Mass in the cell at an edge says that there is more beyond it, so that edge moves out: while the grid is still too
    coarse for one side, it may be narrowed too much on the other.
    """
    step, width = axis[1] - axis[0], box[1] - box[0]
    below, above = np.cumsum(mass), np.cumsum(mass[::-1])[::-1]
    kept = np.flatnonzero((below > _NEGLIGIBLE) & (above > _NEGLIGIBLE))
    low = box[0] - width / 2 if kept[0] == 0 else axis[kept[0]] - 1.5 * step
    high = box[1] + width / 2 if kept[-1] == len(axis) - 1 else axis[kept[-1]] + 1.5 * step
    within: Floats = np.clip([low, high], 0.0, 1.0)
    return within


def _snsf_cells(system: Equations) -> _Cells:
    """The grid over (tau / sigma, sigma) of the Swiss prior: the residual is part of the grid, as nu is fixed."""
    size = 80
    sigma = (np.arange(size) + 0.5) / size * SNSF_LARGEST / system.scale
    u = (np.arange(size) + 0.5) / size
    ratio = u / (1 - u)
    other = (SNSF_NU / system.scale / sigma) ** 2
    log_weights = np.full((size, size), -np.inf)
    for position, r in enumerate(ratio):
        part = system.at(r**2)
        h, log_det = part.cross_products(other)
        # The mean is fixed at 0, that of the centred scores: what remains is the plain sum of squares.
        logs = -0.5 * log_det - system.n * np.log(sigma) - h[:, -1, -1] / (2 * sigma**2) + np.log(sigma)
        inside = r * sigma * system.scale <= SNSF_LARGEST
        log_weights[position] = np.where(inside, logs - 2 * np.log1p(-u[position]), -np.inf)
    return _Cells(ratio**2, np.broadcast_to(other, log_weights.shape), log_weights, sigma)


def _draw_slice(
    system: Equations, part: Slice, other: Floats, sigma: Floats | None, times: Indices, rng: np.random.Generator
) -> tuple[Floats, Floats, Floats]:
    """Means (d x k), theta (d x I) and severities (d x J) of the draws that fall into one slice, ``times`` (c,) per cell."""
    chosen = np.flatnonzero(times)
    cell = np.repeat(np.arange(len(chosen)), times[chosen])
    ratios = other[chosen]
    d = len(cell)
    if sigma is None:
        _, rss, beta = profile(part, ratios, system.n)
        spread = np.sqrt(rss[cell] / 2 / rng.gamma((system.n - system.k - 3) / 2, size=d))
        root = np.linalg.cholesky(np.linalg.inv(part.cross_products(ratios)[0][:, :-1, :-1]))
        noise = rng.standard_normal((d, system.k))
        means = beta[cell] + spread[:, None] * np.einsum("dab,db->da", root[cell], noise)
    else:
        spread, means = sigma[chosen][cell], np.zeros((d, system.k))
    gain = (ratios[:, None] / (1 + ratios[:, None] * part.values))[cell]
    turned = part.turned[:, -1] - means @ part.turned[:, :-1].T
    turned = gain * turned + spread[:, None] * np.sqrt(gain) * rng.standard_normal(gain.shape)
    effects = turned @ part.vectors.T
    left = system.sums[:, -1] - means @ system.sums[:, :-1].T - (system.incidence @ effects.T).T
    noise = rng.standard_normal(left.shape)
    absorbed = part.shrink * left + spread[:, None] * np.sqrt(part.shrink) * noise
    return (means, effects, absorbed) if system.swapped else (means, absorbed, effects)
