"""Additive calibration: every score as the worth of the application plus the reviewer's offset.

    s_ij = v_i + b_j + eta_ij / sqrt(c_ij),   sum of b = 0,

solved by weighted least squares. Shown in the terminal and used to see whether reviewers differ at all; the screens show
the mixed model. Source: MacKay, Kenna, Low, Parker 2017, "Calibration with confidence", Royal Society Open Science
4:160760, after Fisher's analysis of incomplete blocks.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse, stats

from locales import msg
from scoring.errors import ScoringError
from scoring.graph import describe_graph
from scoring.score_table import Floats, ScoreTable
from scoring.states import OUTCOMES

_NOTHING = 1e-12
"""Share of the squares that counts as nothing left over."""


@dataclass(frozen=True)
class FTest:
    """Whether reviewers differ more than the residual explains: ``f`` on (``df1``, ``df2``), and its ``p``."""

    f: float
    df1: int
    df2: int
    p: float


@dataclass(frozen=True)
class Calibration:
    """``worth`` (I,) = v and ``offset`` (J,) = b on the scores' scale; ``offset_se`` (J,), NaN without residual freedom.

    The worth of an application without a score is NaN, and it counts for nothing in ``df``.
    ``residuals`` and ``leverage`` (n,), in the order of the table's scores; ``rss``: weighted sum of squares.
    """

    worth: Floats
    offset: Floats
    offset_se: Floats
    residuals: Floats
    leverage: Floats
    rss: float
    df: int


def additive_residual(table: ScoreTable) -> tuple[float, float]:
    """The sum of squares that no application's worth and no reviewer's offset explains, and that about the mean.

    Also for a panel that falls into parts, where the fit has more than one solution but one residual. Needs a score.
    """
    swapped = table.shape[1] > table.shape[0]
    rows, columns = (table.columns, table.rows) if swapped else (table.rows, table.columns)
    incidence = table.incidence.T.tocsr() if swapped else table.incidence
    centred = table.values - table.values.mean()
    share = sparse.diags_array(1 / np.maximum(incidence.sum(axis=1), 1.0)) @ incidence
    row_mean = np.bincount(rows, centred, incidence.shape[0]) / np.maximum(incidence.sum(axis=1), 1.0)
    reduced = np.diag(incidence.sum(axis=0)) - (incidence.T @ share).toarray()
    right = np.bincount(columns, centred, incidence.shape[1]) - incidence.T @ row_mean
    effects = linalg.lstsq(reduced, right)[0]
    residuals = centred - (row_mean - share @ effects)[rows] - effects[columns]
    return float(residuals @ residuals), float(centred @ centred)


def calibrate(table: ScoreTable, confidence: Floats | None = None) -> Calibration:
    """The additive fit; ``confidence`` (n,): weights c of the scores, positive, in the table's order; None: all 1.

    Raises ScoringError when the table is empty, when applications and reviewers fall into parts that cannot be
    compared, or when a weight is not positive.
    """
    weights = np.ones(len(table.values)) if confidence is None else np.asarray(confidence, dtype=float)
    if len(weights) != len(table.values) or not np.all(np.isfinite(weights) & (weights > 0)):
        raise ScoringError(msg("Confidence weights: one positive number per score is accepted."))
    if not len(weights):
        raise ScoringError(OUTCOMES["no_scores"])
    if describe_graph(table).components != 1:
        raise ScoringError(msg("Reviewers and applications fall into parts that cannot be calibrated together."))
    scored = table.per_application > 0
    # Weights near 1 keep the common shift, which is pinned with weight 1, among its equals.
    size = float(weights.mean())
    fit = _fit(_without_unscored(table, scored), weights / size)
    worth = np.full(len(scored), np.nan)
    worth[scored] = fit.worth
    return replace(fit, worth=worth, rss=fit.rss * size)


def _without_unscored(table: ScoreTable, scored: npt.NDArray[np.bool_]) -> ScoreTable:
    if scored.all():
        return table
    names = tuple(name for name, kept in zip(table.applications, scored, strict=True) if kept)
    rows = np.cumsum(scored)[table.rows] - 1
    return replace(table, applications=names, rows=rows, sections=table.sections[scored])


def _fit(table: ScoreTable, weights: Floats) -> Calibration:
    """The fit of a connected table whose every application has a score; the mean of ``weights`` is 1."""
    swapped = table.shape[1] > table.shape[0]
    rows, columns = (table.columns, table.rows) if swapped else (table.rows, table.columns)
    shape = (max(table.shape), min(table.shape))
    joint = sparse.csr_array((weights, (rows, columns)), shape=shape)
    per_row = np.bincount(rows, weights, shape[0])
    per_column = np.bincount(columns, weights, shape[1])
    row_mean = np.bincount(rows, weights * table.values, shape[0]) / per_row
    share = sparse.csr_array((weights / per_row[rows], (rows, columns)), shape=shape)
    reduced = np.diag(per_column) - (joint.T @ share).toarray()
    # The reduced matrix knows nothing of a common shift; the added block pins it, and leaves the offsets at sum 0.
    inverse = linalg.inv(reduced + 1 / shape[1]) - 1 / shape[1]
    effects = inverse @ (np.bincount(columns, weights * table.values, shape[1]) - joint.T @ row_mean)
    rest = row_mean - share @ effects
    residuals = table.values - rest[rows] - effects[columns]
    through = np.asarray(share @ inverse)[rows, columns]
    around = np.bincount(rows, weights * through, shape[0]) / per_row
    leverage = weights * (1 / per_row[rows] + inverse[columns, columns] - 2 * through + around[rows])
    rss = float(weights @ residuals**2)
    df = len(table.values) - sum(table.shape) + 1
    variance = rss / df if df > 0 else np.nan
    if swapped:
        shift = rest.mean()
        # Variance of b_j - mean of b, where b = reviewer's mean - share of the worths.
        turned = share.toarray() - share.toarray().mean(axis=0)
        own = 1 / per_row
        spread = (
            own - 2 * own / shape[0] + own.sum() / shape[0] ** 2 + np.einsum("jm,mn,jn->j", turned, inverse, turned)
        )
        worth, offset = effects + shift, rest - shift
    else:
        worth, offset, spread = rest, effects, np.diag(inverse)
    return Calibration(worth, offset, np.sqrt(variance * np.maximum(spread, 0.0)), residuals, leverage, rss, df)


def compare_reviewers(table: ScoreTable) -> FTest | None:
    """The F test for reviewers; None where there is no residual to compare with, or a single reviewer.

    F = ((RSS without reviewers - RSS) / (J - 1)) / (RSS / (n - I - J + 1))
    """
    fit = calibrate(table)
    reviewers = len(table.reviewers)
    # From the first score, so that nothing at all is left of scores that are equal.
    total = float(((table.values - table.values[0]) ** 2).sum())
    means = np.bincount(table.rows, table.values, len(table.applications)) / table.per_application.clip(1)
    centred = table.values - means[table.rows]
    without = float(centred @ centred)
    if reviewers < 2 or fit.df <= 0 or total == 0 or fit.rss <= _NOTHING * total:
        return None
    f = ((without - fit.rss) / (reviewers - 1)) / (fit.rss / fit.df)
    return FTest(float(f), reviewers - 1, fit.df, float(stats.f.sf(f, reviewers - 1, fit.df)))
