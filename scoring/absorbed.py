"""The likelihood of crossed random effects, with the larger of the two sides absorbed.

    y_ij = mu + theta_i + b_j + e_ij,   theta ~ N(0, tau^2),   b ~ N(0, nu^2),   e ~ N(0, sigma^2)

With p1 = tau^2 / sigma^2 fixed, the applications are swept out of the normal equations, and what is left is one J x J
matrix S; in the basis of its eigenvectors every p2 = nu^2 / sigma^2 costs O(J). All of it is exact at p1 = 0 and
p2 = 0. Where there are more reviewers than applications, the reviewers are swept out instead: the model is symmetric.

Source: Bates, Maechler, Bolker, Walker 2015, "Fitting Linear Mixed-Effects Models Using lme4", J. Stat. Software 67(1),
section 3, for the profiled REML criterion; the absorption is a block elimination of the same equations.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import linalg, sparse

from scoring.score_table import Floats, ScoreTable

_SMALL = 50_000
"""Pairs of application and reviewer up to which the incidence is kept as a dense matrix, for speed."""
_ROUNDING = 1e-13
_LOST = 1e12
"""A logarithm that no other is compared with in earnest: neither a fit nor a draw is found there."""


@dataclass(frozen=True)
class Slice:
    """The equations for one ratio p of the absorbed side; m: effects on the other side, k: columns of X.

    ``shrink`` (absorbed,): p / (1 + p n). ``values`` (m,) and ``vectors`` (m x m): eigenpairs of S. ``turned``
    (m x k+1): what is left of [X y], in that basis. ``outer`` (k+1 x k+1): A'A without the absorbed side.
    ``log_det``: sum of ln(1 + p n).
    """

    ratio: float
    shrink: Floats
    values: Floats
    vectors: Floats
    turned: Floats
    outer: Floats
    log_det: float

    def cross_products(self, ratios: Floats) -> tuple[Floats, Floats]:
        """H (r x k+1 x k+1) and ln|V| (r,) for each ratio of the other side in ``ratios`` (r,)."""
        grown = 1 + ratios[:, None] * self.values
        taken = np.einsum("ma,rm,mb->rab", self.turned, ratios[:, None] / grown, self.turned)
        return self.outer - taken, self.log_det + np.log(grown).sum(axis=1)


@dataclass(frozen=True)
class Equations:
    """The sums over a table that every evaluation starts from; scores are centred and scaled to a spread of 1.

    ``swapped``: the reviewers are the absorbed side. ``incidence`` (absorbed x other), ``counts`` of both sides,
    ``sums`` of A = [X y] over the absorbed side. Of A without the mean of each absorbed effect: its sums over the other
    side, ``other_within``, and its products, ``within``. Kept apart, since at large ratios nothing else is left.
    """

    table: ScoreTable
    swapped: bool
    centre: float
    scale: float
    incidence: sparse.csr_array
    counts: Floats
    other_counts: Floats
    sums: Floats
    other_within: Floats
    within: Floats

    @cached_property
    def small(self) -> Floats | None:
        """The incidence with its zeros, where that is quicker than to look them up."""
        return self.incidence.toarray() if np.prod(self.incidence.shape) <= _SMALL else None

    @property
    def n(self) -> int:
        """How many scores there are."""
        return len(self.table.values)

    @property
    def k(self) -> int:
        """How many means there are: one per section."""
        return len(self.table.section_names)

    def at(self, ratio: float) -> Slice:
        """The equations at the ratio (variance over residual variance) of the absorbed side."""
        shrink = ratio / (1 + ratio * self.counts)
        # 1/n - shrink, the part of an absorbed mean that is not swept out; nothing where nothing is scored.
        kept = 1 / (np.maximum(self.counts, 1.0) * (1 + ratio * self.counts))
        if self.small is None:
            weighted = sparse.diags_array(shrink) @ self.incidence
            shared = (self.incidence.T @ weighted).toarray()
        else:
            weighted = shrink[:, None] * self.small
            shared = self.small.T @ weighted
        inner = np.diag(self.other_counts) - shared
        left = self.other_within + self.incidence.T @ (kept[:, None] * self.sums)
        values, vectors = linalg.eigh(inner, check_finite=False)
        return Slice(
            ratio=ratio,
            shrink=shrink,
            values=np.maximum(values, 0.0),
            vectors=vectors,
            turned=vectors.T @ left,
            outer=self.within + self.sums.T @ (kept[:, None] * self.sums),
            log_det=float(np.log1p(ratio * self.counts).sum()),
        )


def equations(table: ScoreTable, *, may_swap: bool = True) -> Equations:
    """The sums over ``table``, whose scores are not all equal."""
    applications, reviewers = table.shape
    swapped = may_swap and reviewers > applications
    centre = float(table.values.mean())
    scale = float(table.values.std()) or 1.0
    scores = (table.values - centre) / scale
    means = np.zeros((len(scores), len(table.section_names)))
    means[np.arange(len(scores)), table.sections[table.rows]] = 1.0
    design = np.column_stack([means, scores])
    by_application, by_reviewer = table.incidence, table.incidence.T.tocsr()
    rows = sparse.csr_array(
        (np.ones(len(scores)), (table.rows, np.arange(len(scores)))), shape=(applications, len(scores))
    )
    columns = sparse.csr_array(
        (np.ones(len(scores)), (table.columns, np.arange(len(scores)))), shape=(reviewers, len(scores))
    )
    sides = [
        (by_application, table.per_application, rows @ design, table.rows),
        (by_reviewer, table.per_reviewer, columns @ design, table.columns),
    ]
    (incidence, counts, sums, groups), (_, other_counts, _, others) = reversed(sides) if swapped else sides
    residual = design - (sums / np.maximum(counts, 1)[:, None])[groups]
    other_within: Floats = np.stack([np.bincount(others, column, len(other_counts)) for column in residual.T], axis=1)
    return Equations(
        table, swapped, centre, scale, incidence, counts.astype(float), other_counts.astype(float), sums,
        other_within, residual.T @ residual,
    )  # fmt: skip


def profile(slice_: Slice, ratios: Floats, n: int) -> tuple[Floats, Floats, Floats]:
    """ln|V| + ln|H_xx| (r,), the residual sum of squares (r,) and the means beta (r x k) at each ratio.

    Where the two ratios lie so far apart that nothing of H_xx outlives the rounding, the logarithm is ``_LOST``.
    """
    h, log_det = slice_.cross_products(ratios)
    xx, xy, yy = h[:, :-1, :-1], h[:, :-1, -1], h[:, -1, -1]
    k = xx.shape[1]
    least = xx[:, 0, 0] if k == 1 else np.linalg.eigvalsh(xx)[:, 0]
    kept = least > _ROUNDING * np.trace(slice_.outer[:-1, :-1])
    if k == 1:
        only = np.where(kept, least, 1.0)
        beta: Floats = xy / only[:, None]
        log_xx: Floats = np.log(only)
    else:
        xx = np.where(kept[:, None, None], xx, np.eye(k))
        beta = np.asarray(np.linalg.solve(xx, xy[:, :, None])[:, :, 0], dtype=np.float64)
        log_xx = np.linalg.slogdet(xx)[1]
    rss: Floats = np.maximum(yy - np.einsum("rk,rk->r", xy, beta), n * 1e-14)
    logs: Floats = np.where(kept, log_det + log_xx, _LOST)
    return logs, rss, beta


def deviance(slice_: Slice, ratios: Floats, n: int, k: int) -> Floats:
    """-2 ln of the restricted likelihood (r,), maximised over mu and sigma, of scores of spread 1.

    sum ln(1 + p1 n_i) + ln|G| + ln|H_xx| + (n - k) (1 + ln(2 pi rss / (n - k)))
    """
    logs, rss, _ = profile(slice_, ratios, n)
    found: Floats = logs + (n - k) * (1 + np.log(2 * np.pi * rss / (n - k)))
    return found
