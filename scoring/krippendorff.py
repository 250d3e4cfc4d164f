"""Krippendorff's alpha: agreement with any number of reviewers, missing scores allowed."""

from typing import Literal

import numpy as np

from scoring.score_table import Floats, ScoreTable

Metric = Literal["nominal", "ordinal", "interval", "ratio"]
_MOST_VALUES = 2_000


def krippendorff_alpha(table: Floats, metric: Metric) -> float | None:
    """Alpha of ``table`` (units x observers), NaN where a score is missing; None when nothing can be compared or varies.

        alpha = 1 - (n - 1) sum_cd o_cd delta_cd^2 / sum_cd n_c n_d delta_cd^2

    over the coincidences o_cd of values within units that have at least two scores. Raises ValueError for more than
    2,000 different values. Source: Krippendorff 2004, "Content Analysis", chapter 11.
    """
    paired = table[(~np.isnan(table)).sum(axis=1) >= 2]
    if not paired.size:
        return None
    values, places = np.unique(paired[~np.isnan(paired)], return_inverse=True)
    if len(values) > _MOST_VALUES:
        raise ValueError(f"{len(values)} different values; at most {_MOST_VALUES} are accepted")
    units = np.repeat(np.arange(len(paired)), (~np.isnan(paired)).sum(axis=1))
    counts = np.zeros((len(paired), len(values)))
    np.add.at(counts, (units, places), 1.0)
    per_unit = counts.sum(axis=1)
    weighted = counts / (per_unit - 1)[:, None]
    together = weighted.T @ counts - np.diag(weighted.sum(axis=0))
    totals = counts.sum(axis=0)
    distance = _distances(values, totals, metric)
    expected = float(totals @ distance @ totals)
    return 1 - (float(totals.sum()) - 1) * float((together * distance).sum()) / expected if expected > 0 else None


def _distances(values: Floats, totals: Floats, metric: Metric) -> Floats:
    """delta^2 (v x v) between the values in ascending order."""
    one, other = values[:, None], values[None, :]
    if metric == "nominal":
        unequal: Floats = (one != other).astype(np.float64)
        return unequal
    if metric == "interval":
        apart: Floats = (one - other) ** 2
        return apart
    if metric == "ratio":
        both = one + other
        relative: Floats = np.divide(one - other, both, out=np.zeros_like(both), where=both != 0) ** 2
        return relative
    # Between two ranks lie all values between them, and half of their own.
    middle = np.cumsum(totals) - totals / 2
    return (middle[:, None] - middle[None, :]) ** 2


def interval_alpha(table: ScoreTable) -> float | None:
    """Alpha for interval data from sums alone, so that the number of different values does not matter; as above.

    Within a unit of m scores sum_{i != j} (x_i - x_j)^2 = 2 (m sum x^2 - (sum x)^2).
    """
    many = table.per_application[table.rows] >= 2
    if not many.any():
        return None
    values = table.values[many] - table.values[many].mean()
    size = len(table.applications)
    counts = np.bincount(table.rows[many], minlength=size)
    apart = counts * np.bincount(table.rows[many], values**2, size) - np.bincount(table.rows[many], values, size) ** 2
    used = counts > 1
    n = len(values)
    observed = float((apart[used] / (counts[used] - 1)).sum()) / n
    expected = float(n * values @ values - values.sum() ** 2) / (n * (n - 1))
    return 1 - observed / expected if expected > 0 else None
