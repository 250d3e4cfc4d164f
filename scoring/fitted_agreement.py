"""Agreement as the fitted model sees it, which needs no complete table, with its uncertainty."""

from dataclasses import dataclass

import numpy as np

from scoring.agreement import icc_of_components
from scoring.analysis import Analysis
from scoring.posterior import Draws


@dataclass(frozen=True, slots=True)
class FittedIcc:
    """One coefficient, and the limits between which 90 % of the posterior lies; None without draws."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class FittedAgreement:
    """``single``: of one reviewer's score. ``consistency``: the same if severity did not matter. ``mean``: of the mean of
    ``reviews`` reviewers, the number that a scored application has on average.
    """

    single: FittedIcc
    consistency: FittedIcc
    mean: FittedIcc
    reviews: float


def fitted_agreement(analysis: Analysis) -> FittedAgreement | None:
    """The intraclass correlations of the fitted components; None where an outcome withholds the model's figures."""
    fit, counts = analysis.components, analysis.table.per_application
    if fit is None or analysis.outcome is not None:
        return None
    reviews = float(counts[counts > 0].mean())
    single, consistency = icc_of_components(fit, "agreement"), icc_of_components(fit, "consistency")
    mean = icc_of_components(fit, "agreement", reviews)
    if single is None or consistency is None or mean is None:
        return None
    return FittedAgreement(
        single=_with_limits(single, analysis.draws, 1.0, severity=True),
        consistency=_with_limits(consistency, analysis.draws, 1.0, severity=False),
        mean=_with_limits(mean, analysis.draws, reviews, severity=True),
        reviews=reviews,
    )


def _with_limits(value: float, draws: Draws | None, n: float, *, severity: bool) -> FittedIcc:
    if draws is None:
        return FittedIcc(value, None, None)
    noise = 1 + (draws.severity if severity else 0.0)
    low, high = np.quantile(draws.between / (draws.between + noise / n), (0.05, 0.95))
    # On the boundary the fit is 0, and the posterior reaches down to it without ever being there.
    return FittedIcc(value, min(float(low), value), max(float(high), value))
