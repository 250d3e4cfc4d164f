"""Ranks over the draws of a posterior: expected rank, PCER, intervals, the chance of being among the k best."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scoring.posterior import Draws

BANDS = (50, 60, 70, 80, 90)
"""Per cent of the draws that an interval of ranks may hold: the settings of the band around the line."""
_CHUNK = 2_000_000


@dataclass(frozen=True)
class RankSummary:
    """Of I applications; rank 1 is the best.

    ``expected`` (I,): mean rank over the draws. ``pcer`` (I,): 100 (expected - 1/2) / I, the share of applications
    that are better, in per cent. ``low`` and ``high`` (I,) of a band: between which ranks it holds that share of the
    draws, with equal shares below and above. ``top`` (I,): share of draws in which the application is among the ``k``
    best; None without k.
    Source: Heyard, Ott, Salanti, Egger 2022; PCER from Lockwood, Louis, McCaffrey 2002.
    """

    expected: npt.NDArray[np.float64]
    pcer: npt.NDArray[np.float64]
    low: Mapping[int, npt.NDArray[np.int32]]
    high: Mapping[int, npt.NDArray[np.int32]]
    top: npt.NDArray[np.float64] | None


def ranks_of(compared: npt.NDArray[np.float32]) -> npt.NDArray[np.int32]:
    """Ranks (D x I) of each draw, 1 for the largest."""
    order = np.argsort(-compared, axis=1)
    ranks = np.empty(compared.shape, dtype=np.int32)
    np.put_along_axis(ranks, order, np.arange(1, compared.shape[1] + 1, dtype=np.int32)[None, :], axis=1)
    return ranks


def summarise_ranks(draws: Draws, k: int | None = None) -> RankSummary:
    """The ranks over ``draws``; a quantile is the least rank that holds at least that share of the draws."""
    count, applications = draws.compared.shape
    step = max(_CHUNK // max(applications, 1), 1)
    ranks = np.concatenate([ranks_of(draws.compared[at : at + step]) for at in range(0, count, step)])
    expected = ranks.mean(axis=0)
    top = None if k is None else (ranks <= k).mean(axis=0)
    ranks.sort(axis=0)
    low, high = (
        {band: ranks[max(int(np.ceil((100 + sign * band) / 200 * count)) - 1, 0)] for band in BANDS} for sign in (-1, 1)
    )
    return RankSummary(expected, 100 * (expected - 0.5) / applications, low, high, top)
