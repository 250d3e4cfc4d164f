"""How far reviewers agree: intraclass correlations of complete tables and of fitted components, and Kendall's W."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from scoring.components import Components
from scoring.score_table import Floats

_TAIL = 0.975
"""Limits are at 95 %, both sides."""
_NOTHING = 1e-12
"""Share of the squares that counts as nothing, as the rounding of the scores may leave it behind."""


@dataclass(frozen=True, slots=True)
class Icc:
    """One coefficient with its 95 % limits; None where the mean squares or the F distribution give none."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """Of a complete table of ``targets`` x ``judges``: between targets, within targets, between judges, residual."""

    targets: int
    judges: int
    msb: float
    msw: float
    msj: float
    mse: float


@dataclass(frozen=True, slots=True)
class IccForms:
    """The six forms. ``icc1``: each target has judges of its own; ``icc2``: judges drawn at random, agreement;
    ``icc3``: these very judges, consistency. Those ending in k are of the mean of all judges.
    """

    squares: MeanSquares
    icc1: Icc
    icc2: Icc
    icc3: Icc
    icc1k: Icc
    icc2k: Icc
    icc3k: Icc


def mean_squares(table: Floats) -> MeanSquares:
    """The analysis of variance of ``table`` (I x J, both at least 2, without gaps)."""
    targets, judges = table.shape
    centred = table - table.mean() if np.ptp(table) > 0 else np.zeros_like(table)
    rows, columns = centred.mean(axis=1), centred.mean(axis=0)
    least = _NOTHING * float((centred**2).sum())

    def mean_square(total: float, df: int) -> float:
        return total / df if total > least else 0.0

    return MeanSquares(
        targets=targets,
        judges=judges,
        msb=mean_square(judges * float(rows @ rows), targets - 1),
        msw=mean_square(float(((centred - rows[:, None]) ** 2).sum()), targets * (judges - 1)),
        msj=mean_square(targets * float(columns @ columns), judges - 1),
        mse=mean_square(float(((centred - rows[:, None] - columns) ** 2).sum()), (targets - 1) * (judges - 1)),
    )


def icc_forms(table: Floats) -> IccForms | None:
    """The six intraclass correlations of a complete ``table`` (I x J, both at least 2); None when all scores are equal.

    Source: Shrout and Fleiss 1979, "Intraclass Correlations: Uses in Assessing Rater Reliability", Psychological
    Bulletin 86(2), with their limits (Satterthwaite's approximation for the second form).
    """
    sq = mean_squares(table)
    n, k = sq.targets, sq.judges
    if sq.msb + sq.msw <= 0:
        return None
    one = _by_f(sq.msb, sq.msw, n - 1, n * (k - 1), k)
    three = _by_f(sq.msb, sq.mse, n - 1, (n - 1) * (k - 1), k)
    two = _agreement(sq)
    return IccForms(
        squares=sq,
        icc1=one,
        icc2=two,
        icc3=three,
        icc1k=_stepped(one, sq.msb - sq.msw, sq.msb, k),
        icc2k=_stepped(two, sq.msb - sq.mse, sq.msb + (sq.msj - sq.mse) / n, k),
        icc3k=_stepped(three, sq.msb - sq.mse, sq.msb, k),
    )


def _by_f(signal: float, noise: float, df1: int, df2: int, k: int) -> Icc:
    value = _ratio(signal - noise, signal + (k - 1) * noise)
    if noise <= 0 or signal <= 0:
        return Icc(value, None, None)
    f = signal / noise
    low, high = f / stats.f.ppf(_TAIL, df1, df2), f * stats.f.ppf(_TAIL, df2, df1)
    return Icc(value, *(float((bound - 1) / (bound + k - 1)) for bound in (low, high)))


def _agreement(sq: MeanSquares) -> Icc:
    n, k = sq.targets, sq.judges
    value = _ratio(sq.msb - sq.mse, sq.msb + (k - 1) * sq.mse + k * (sq.msj - sq.mse) / n)
    if sq.mse <= 0 or value is None:
        return Icc(value, None, None)
    rest = n * (1 + (k - 1) * value) - k * value
    scaled = k * value * sq.msj / sq.mse
    parts = (n - 1) * scaled**2 + rest**2
    df = (k - 1) * (n - 1) * (scaled + rest) ** 2 / parts if parts > _NOTHING else 0.0
    # Fewer than the least of its parts: a negative part has broken the approximation.
    if df < 1:
        return Icc(value, None, None)
    down, up = stats.f.ppf(_TAIL, n - 1, df), stats.f.ppf(_TAIL, df, n - 1)
    noise = k * sq.msj + (k * n - k - n) * sq.mse
    low = n * (sq.msb - down * sq.mse) / (down * noise + n * sq.msb)
    high = n * (up * sq.msb - sq.mse) / (noise + n * up * sq.msb)
    return Icc(value, float(low), float(high))


def _stepped(single: Icc, signal: float, total: float, k: int) -> Icc:
    """The form for the mean of k: its limits follow from those of the single one (Spearman-Brown)."""
    low, high = (None if x is None else _ratio(k * x, 1 + (k - 1) * x) for x in (single.low, single.high))
    return Icc(_ratio(signal, total), low, high)


def _ratio(part: float, whole: float) -> float | None:
    """``part`` of ``whole``; None of nothing, and of less than nothing."""
    return part / whole if whole > _NOTHING * abs(part) else None


def icc_of_components(components: Components, kind: Literal["agreement", "consistency"], n: float = 1) -> float | None:
    """The intraclass correlation of the mean of ``n`` reviewers, from the fit; None when nothing varies at all.

        agreement: tau^2 / (tau^2 + (nu^2 + sigma^2) / n)      consistency: tau^2 / (tau^2 + sigma^2 / n)

    It needs no complete table. Source: McGraw and Wong 1996, "Forming Inferences About Some Intraclass Correlation
    Coefficients", Psychological Methods 1(1).
    """
    noise = components.sigma**2 + (components.nu**2 if kind == "agreement" else 0.0)
    total = components.tau**2 + noise / n
    return components.tau**2 / total if total > 0 else None


def kendall_w(table: Floats) -> float | None:
    """Kendall's coefficient of concordance of a complete ``table`` (I x J), corrected for ties; None without ranks.

        W = 12 S / (J^2 (I^3 - I) - J sum T_j),   T_j = sum over the ties of reviewer j of t^3 - t

    Source: Kendall and Gibbons 1990, "Rank Correlation Methods", chapter 6.
    """
    targets, judges = table.shape
    ranks = stats.rankdata(table, axis=0)
    sums = ranks.sum(axis=1)
    ties = sum(float((counts**3 - counts).sum()) for counts in (np.unique(c, return_counts=True)[1] for c in table.T))
    most = judges**2 * (targets**3 - targets) - judges * ties
    return float(12 * ((sums - sums.mean()) ** 2).sum() / most) if most > 0 else None
