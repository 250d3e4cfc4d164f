"""Variance components of a panel by restricted maximum likelihood (REML), the boundary included."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from scoring.absorbed import Equations, deviance, equations, profile
from scoring.score_table import Floats, Indices, ScoreTable

_COARSE = np.concatenate([[0.0], np.geomspace(1e-3, 1e6, 73)])
"""Standard deviations over the residual's that the search starts from; 0 is the boundary itself."""
_COARSE_OUTER = np.concatenate([[0.0], np.geomspace(1e-2, 1e6, 33)])
_STEPS = np.linspace(0.0, 1.0, 33)
_ROUNDS = 6
"""Each round narrows a hollow to a sixteenth: at the end to a ten-millionth of itself, far below what is seen in -2 ln L."""
_NEAR = 1e-7
_LEVEL = 1e-9
"""Deviances closer than this are equal: then the boundary is taken, the simpler account of the same scores."""


@dataclass(frozen=True, slots=True)
class Components:
    """Standard deviations on the scores' scale: ``tau`` between applications, ``nu`` between reviewers, ``sigma`` residual.

    ``means``: one per section. ``reml``: -2 ln restricted likelihood at the optimum.
    """

    tau: float
    nu: float
    sigma: float
    means: tuple[float, ...]
    reml: float

    @property
    def on_boundary(self) -> tuple[str, ...]:
        """Which of "tau" and "nu" are 0."""
        return tuple(name for name in ("tau", "nu") if getattr(self, name) == 0.0)


def fit_components(table: ScoreTable) -> Components:
    """The REML fit of crossed random effects: I + J + 1 unknowns, O(min(I, J)^3) per evaluation.

    The likelihood may have more than one hill, so both directions are looked over before each is refined. ``table``
    must have scores that are not all equal and an additive fit that is not perfect, see ``scoring.states``.
    """
    system = equations(table)
    outer = _minimum(lambda r: _inner(system, r)[0], _COARSE_OUTER)
    value, inner = _inner(system, outer)
    _, rss, beta = profile(system.at(outer**2), np.array([inner**2]), system.n)
    sigma = float(np.sqrt(rss[0] / (system.n - system.k))) * system.scale
    nu, tau = (outer, inner) if system.swapped else (inner, outer)
    return Components(
        tau=tau * sigma,
        nu=nu * sigma,
        sigma=sigma,
        means=tuple(float(b) * system.scale + system.centre for b in beta[0]),
        reml=value + 2 * (system.n - system.k) * float(np.log(system.scale)),
    )


def _inner(system: Equations, outer: float) -> tuple[float, float]:
    """The least deviance over the other side's ratio, and where it is."""
    part = system.at(outer**2)

    def value(ratios: Floats) -> Floats:
        return deviance(part, ratios**2, system.n, system.k)

    known = value(_COARSE)
    low, high = (_COARSE[ends] for ends in _hollows(known))
    for _ in range(_ROUNDS):
        points = low[:, None] + (high - low)[:, None] * _STEPS
        values = value(points.ravel()).reshape(points.shape)
        least = values.argmin(axis=1)
        rows = np.arange(len(points))
        low, high = points[rows, np.maximum(least - 1, 0)], points[rows, np.minimum(least + 1, len(_STEPS) - 1)]
    best = int(values.min(axis=1).argmin())
    found, place = float(values[best].min()), float(points[best, least[best]])
    return (found, place) if found < known[0] - _LEVEL else (float(known[0]), 0.0)


def _hollows(values: Floats) -> tuple[Indices, Indices]:
    """The grid points on either side of each of the three deepest hollows of ``values``."""
    padded = np.concatenate([[np.inf], values, [np.inf]])
    places = np.flatnonzero((padded[1:-1] <= padded[:-2]) & (padded[1:-1] <= padded[2:]))
    deepest = places[np.argsort(values[places])][:3]
    return np.maximum(deepest - 1, 0), np.minimum(deepest + 1, len(values) - 1)


def _minimum(function: Callable[[float], float], grid: Floats) -> float:
    """Where ``function`` is least over [0, last of ``grid``], refined in every hollow of the grid; 0 wins a tie."""
    values = np.array([function(x) for x in grid])
    found = [(values[0] - _LEVEL, 0.0)]
    for low, high in zip(*(grid[ends] for ends in _hollows(values)), strict=True):
        refined = minimize_scalar(function, bounds=(low, high), method="bounded", options={"xatol": _NEAR * high})
        found.append((float(refined.fun), float(refined.x)))
    return min(found)[1]
