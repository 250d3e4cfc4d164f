"""Where would one more review matter most? How much it would narrow the chance of being above the line."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri, owens_t

from scoring.components import Components
from scoring.posterior import Draws
from scoring.score_table import Floats

_QUARTILE = float(ndtri(0.75))
_BLOCK = 1_000_000


@dataclass(frozen=True)
class ExtraReview:
    """Of each application (I,): ``now``, the chance of being among the k best; ``gain``, by how much the expected
    p (1 - p) falls with one more review; ``low`` and ``high``, between which the chance would then lie half of the time.
    """

    now: Floats
    gain: Floats
    low: Floats
    high: Floats


def value_of_review(draws: Draws, components: Components, k: int) -> ExtraReview:
    """What a review by one more reviewer, of average severity as far as is known, would tell of each application.

    The distance d to the line and the quality t are taken as jointly Gaussian with the moments of the draws; a review
    is worth t plus noise of variance nu^2 + sigma^2. With rho the share of the variance of d that it would explain and
    p = Phi(h), the expected fall of p (1 - p) is Phi_2(h, h; rho) - Phi(h)^2, by Owen's T function. Source: pre-posterior
    analysis, Raiffa and Schlaifer 1961, "Applied Statistical Decision Theory", chapter 5; Owen 1956, Ann. Math. Stat. 27.
    Zero for everybody when the line leaves nobody out or nobody in.
    """
    count, applications = draws.compared.shape
    if not 0 < k < applications:
        certain = np.full(applications, float(k > 0))
        return ExtraReview(certain, np.zeros(applications), certain, certain)
    now, rho = _moments(draws.compared, k, components.nu**2 + components.sigma**2)
    # Half a draw is never certain: so many draws cannot tell more.
    h = ndtri(np.clip(now, 0.5 / count, 1 - 0.5 / count))
    gain = ndtr(h) - 2 * owens_t(h, np.sqrt((1 - rho) / (1 + rho))) - ndtr(h) ** 2
    low, high = (ndtr((h + sign * _QUARTILE * np.sqrt(rho)) / np.sqrt(1 - rho)) for sign in (-1, 1))
    return ExtraReview(now, np.maximum(gain, 0.0), low, high)


def _moments(compared: npt.NDArray[np.float32], k: int, noise: float) -> tuple[Floats, Floats]:
    """The chance of being among the ``k`` best (I,), and what part of the distance to the line a review explains (I,)."""
    count, applications = compared.shape
    edges = np.empty((2, count))
    for rows in _blocks(count, applications):
        best = -np.partition(-compared[rows], (k - 1, k), axis=1)
        edges[:, rows] = best[:, k - 1], best[:, k]
    last_in, first_out = edges[:, :, None]
    now, rho = np.empty(applications), np.empty(applications)
    for columns in _blocks(applications, count):
        quality = compared[:, columns].astype(np.float64)
        distance = quality - np.where(quality >= last_in, first_out, last_in)
        now[columns] = (distance > 0).mean(axis=0)
        t, d = quality - quality.mean(axis=0), distance - distance.mean(axis=0)
        shared, of_t, of_d = (t * d).mean(axis=0), (t * t).mean(axis=0), (d * d).mean(axis=0)
        rho[columns] = np.clip(shared**2 / ((of_t + noise) * of_d), 0.0, 1 - 1e-9)
    return now, rho


def _blocks(size: int, other: int) -> list[slice]:
    """Slices over ``size``, each of which holds at most ``_BLOCK`` numbers."""
    step = max(_BLOCK // other, 1)
    return [slice(at, at + step) for at in range(0, size, step)]
