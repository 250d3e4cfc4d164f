"""What the fitted model says of each application and each reviewer: best linear unbiased predictions (BLUPs).

With W = [X Z1 Z2] and D = diag(1, tau/sigma, nu/sigma), C = D W'W D + diag(0, I, I): the estimates are D C^-1 D W'y and
their joint covariance is sigma^2 D C^-1 D. C is reduced to the smaller side, so that no matrix of I + J rows is needed.

Source: Henderson 1975, "Best Linear Unbiased Estimation and Prediction under a Selection Model", Biometrics 31.
"""

from dataclasses import dataclass

import numpy as np

from scoring.absorbed import Slice, equations
from scoring.components import Components
from scoring.score_table import Floats, ScoreTable


@dataclass(frozen=True)
class Effects:
    """``adjusted`` (I,) = mean + theta and its ``adjusted_sd``; ``theta`` (I,); ``severity`` (J,) = b and its ``severity_se``.

    All on the scores' scale; a reviewer with a positive ``severity`` gives more than others do to the same applications.
    The spreads hold the uncertainty of the mean, but not that of tau, nu and sigma: ranks take theirs from the posterior.
    """

    adjusted: Floats
    adjusted_sd: Floats
    theta: Floats
    severity: Floats
    severity_se: Floats


def predict_effects(table: ScoreTable, components: Components) -> Effects:
    """BLUPs and their standard errors at the fitted ``components``; O(min(I, J)^3 + I min(I, J)) work."""
    system = equations(table)
    outer, inner = components.tau / components.sigma, components.nu / components.sigma
    if system.swapped:
        outer, inner = inner, outer
    part = system.at(outer**2)
    fixed, of_fixed = _fixed(part, inner**2)
    gain = inner**2 / (1 + inner**2 * part.values)
    # The effects of the side that is left, given the means: b = U gain (q_y - q_X mu), and its variance at fixed mu.
    slope = part.vectors @ (gain[:, None] * part.turned[:, :-1])
    other = part.vectors @ (gain * part.turned[:, -1]) - slope @ fixed
    within = (part.vectors * gain) @ part.vectors.T
    other_variance = np.diag(within) + np.einsum("ma,ab,mb->m", slope, of_fixed, slope)
    absorbed = part.shrink * (system.sums[:, -1] - system.sums[:, :-1] @ fixed - system.incidence @ other)
    # d absorbed / d means, the means' own way through the other side included.
    passed = -part.shrink[:, None] * (system.sums[:, :-1] - system.incidence @ slope)
    reached = system.incidence @ within
    around = part.shrink + part.shrink**2 * np.asarray(system.incidence.multiply(reached).sum(axis=1)).ravel()
    absorbed_variance = around + np.einsum("ia,ab,ib->i", passed, of_fixed, passed)
    theta, theta_by_mean, theta_variance = (
        (other, -slope, np.diag(within)) if system.swapped else (absorbed, passed, around)
    )
    along = theta_by_mean + np.eye(system.k)[table.sections]
    adjusted_variance = theta_variance + np.einsum("ia,ab,ib->i", along, of_fixed, along)
    severity, severity_variance = (absorbed, absorbed_variance) if system.swapped else (other, other_variance)
    return Effects(
        adjusted=(fixed[table.sections] + theta) * system.scale + system.centre,
        adjusted_sd=np.sqrt(np.maximum(adjusted_variance, 0.0)) * components.sigma,
        theta=theta * system.scale,
        severity=severity * system.scale,
        severity_se=np.sqrt(np.maximum(severity_variance, 0.0)) * components.sigma,
    )


def _fixed(part: Slice, ratio: float) -> tuple[Floats, Floats]:
    """The means (k,) and their covariance (k x k) in units of sigma^2."""
    h = part.cross_products(np.array([ratio]))[0][0]
    return np.linalg.solve(h[:-1, :-1], h[:-1, -1]), np.linalg.inv(h[:-1, :-1])
