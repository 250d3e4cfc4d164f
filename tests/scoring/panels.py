"""Panels for the tests of the statistics, and the same models written out with dense matrices: slow, short, independent."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from scoring.score_table import Score, ScoreTable, score_table

Floats = npt.NDArray[np.float64]
TWO_PI = 2 * np.pi
CENTRE = 3.5
"""The mean of what is simulated."""


def table_of(values: Mapping[tuple[str, str], int | Fraction], sections: Mapping[str, str] | None = None) -> ScoreTable:
    """The table of (application, reviewer) -> score."""
    return score_table([Score(reviewer, a, Fraction(value)) for (a, reviewer), value in values.items()], sections)


def complete(rows: str, separator: str = "") -> dict[tuple[str, str], int]:
    """A complete panel from rows of levels: "123/321", or "12 7/9 3" with a separator."""
    return {
        (f"a{i:02d}", f"r{j}"): int(level)
        for i, row in enumerate(rows.split("/"), start=1)
        for j, level in enumerate(row.split(separator) if separator else row, start=1)
    }


def simulated(
    rng: np.random.Generator,
    shape: tuple[int, int],
    spreads: tuple[float, float, float],
    *,
    reviews: tuple[int, int] = (2, 4),
    levels: bool = False,
) -> tuple[list[Score], Floats]:
    """Scores of I applications, each by a few of J reviewers, with known (tau, nu, sigma); and the true qualities (I,).

    ``levels``: rounded to quarters of a level from 1 to 6, as composites are.
    """
    return simulated_effects(rng, shape, spreads, reviews=reviews, levels=levels)[:2]


def simulated_effects(
    rng: np.random.Generator,
    shape: tuple[int, int],
    spreads: tuple[float, float, float],
    *,
    reviews: tuple[int, int] = (2, 4),
    levels: bool = False,
) -> tuple[list[Score], Floats, Floats]:
    """As ``simulated``, and the true severities (J,) of the reviewers r000, r001, ..."""
    applications, reviewers = shape
    tau, nu, sigma = spreads
    theta, severity = rng.normal(0, tau, applications), rng.normal(0, nu, reviewers)
    scores = []
    for i in range(applications):
        count = min(int(rng.integers(reviews[0], reviews[1] + 1)), reviewers)
        for j in rng.choice(reviewers, count, replace=False):
            value = CENTRE + theta[i] + severity[j] + rng.normal(0, sigma)
            exact = Fraction(round(4 * min(max(value, 1), 6)), 4) if levels else Fraction(round(value * 10**6), 10**6)
            scores.append(Score(f"r{j:03d}", f"a{i:03d}", exact))
    return scores, theta, severity


@dataclass(frozen=True)
class Dense:
    """y = X beta + Z1 theta + Z2 b + e with matrices of n rows."""

    y: Floats
    x: Floats
    z1: Floats
    z2: Floats

    def bears_a_fit(self) -> bool:
        """Whether anything is left over when every application and every reviewer has a figure of its own."""
        both = np.hstack([self.z1, self.z2])
        left = self.y - both @ np.linalg.lstsq(both, self.y)[0]
        return len(self.y) > np.linalg.matrix_rank(both) and bool(np.abs(left).max() > 1e-3)

    def reml(self, roots: Floats) -> tuple[float, Floats]:
        """-2 ln restricted likelihood at (tau, nu) / sigma = ``roots``, sigma profiled out, and its gradient."""
        n, k = self.x.shape
        v = np.eye(n) + roots[0] ** 2 * self.z1 @ self.z1.T + roots[1] ** 2 * self.z2 @ self.z2.T
        inverse = np.linalg.inv(v)
        xvx = self.x.T @ inverse @ self.x
        projection = inverse - inverse @ self.x @ np.linalg.solve(xvx, self.x.T @ inverse)
        py = projection @ self.y
        rss = float(self.y @ py)
        value = (
            np.linalg.slogdet(v)[1]
            + np.linalg.slogdet(xvx)[1]
            + (n - k) * (1 + np.log(TWO_PI * max(rss, 1e-300) / (n - k)))
        )
        by_ratio = [
            np.einsum("ij,ij->", projection @ z, z) - (n - k) * ((z.T @ py) ** 2).sum() / rss
            for z in (self.z1, self.z2)
        ]
        return float(value), 2 * roots * np.array(by_ratio)

    def best_reml(self) -> float:
        """The least of ``reml`` inside and on every boundary of the quarter plane, each from several starts.

        Inside, the search is over the logarithms of the roots: by a root itself the gradient is 0 at 0, optimum or not.
        """
        found = [self.reml(np.zeros(2))[0]]
        for free in ([0, 1], [0], [1]):
            for start in ((-1.0, -1.0), (1.0, 1.0), (-2.0, 1.0), (1.0, -2.0))[: 2 * len(free)]:
                best = minimize(
                    self._by_logs,
                    np.array(start)[free],
                    args=(free,),
                    jac=True,
                    method="L-BFGS-B",
                    bounds=[(-7, 7)] * len(free),
                    options={"ftol": 1e-13, "gtol": 1e-7, "maxiter": 100},
                )
                found.append(float(best.fun))
        return min(found)

    def _by_logs(self, logs: Floats, free: list[int]) -> tuple[float, Floats]:
        """``reml`` by the logarithms of the roots in ``free``; the other is 0."""
        roots = np.zeros(2)
        roots[free] = np.exp(logs)
        value, slope = self.reml(roots)
        by_logs: Floats = (slope * roots)[free]
        return value, by_logs

    def henderson(self, tau: float, nu: float, sigma: float) -> tuple[Floats, Floats]:
        """The estimates of (beta, theta, b) and their joint covariance: D C^-1 D W'y and sigma^2 D C^-1 D."""
        k, i, j = self.x.shape[1], self.z1.shape[1], self.z2.shape[1]
        w = np.hstack([self.x, self.z1, self.z2])
        d = np.diag(np.concatenate([np.ones(k), np.full(i, tau / sigma), np.full(j, nu / sigma)]))
        c = d @ w.T @ w @ d + np.diag(np.concatenate([np.zeros(k), np.ones(i + j)]))
        solved = d @ np.linalg.inv(c) @ d
        return solved @ w.T @ self.y, sigma**2 * solved


def dense(table: ScoreTable) -> Dense:
    """The matrices of ``table``."""
    i, j = table.shape
    k = len(table.section_names)
    return Dense(table.values, np.eye(k)[table.sections[table.rows]], np.eye(i)[table.rows], np.eye(j)[table.columns])
