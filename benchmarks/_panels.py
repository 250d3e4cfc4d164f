"""Simulated panels whose true qualities are known, for the benchmarks of the statistics."""

from fractions import Fraction

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from scoring.score_table import Floats, Indices, Score

FEWEST, MOST = 2, 4
"""Reviews of one application."""
_EXACT = 10**6


def simulated_panel(
    rng: np.random.Generator, applications: int, reviewers: int, reviews: int, tau: float, nu: float, sigma: float
) -> tuple[list[Score], Floats]:
    """``reviews`` scores about 3, two to four per application, and the true qualities in the order of names.

    The reviewers' loads differ by one at most, and the scores connect all reviewers and applications. Raises
    ValueError for sizes that have no such panel.
    """
    possible = FEWEST * applications <= reviews <= MOST * applications
    if not possible or reviewers < MOST or reviews < applications + reviewers - 1:
        raise ValueError(f"no connected panel of {applications} x {reviewers} has {reviews} reviews, 2 to 4 each")
    while True:
        rows, columns = _pairs(rng, _counts(rng, applications, reviews), reviewers)
        if _connected(rows, columns, applications, reviewers):
            break
    quality: Floats = 3 + rng.normal(0, tau, applications)
    severity = rng.normal(0, nu, reviewers)
    values = quality[rows] + severity[columns] + rng.normal(0, sigma, reviews)
    scores = [
        Score(f"r{j:04}", f"a{i:05}", Fraction(round(float(value) * _EXACT), _EXACT))
        for i, j, value in zip(rows, columns, values, strict=True)
    ]
    return scores, quality


def _counts(rng: np.random.Generator, applications: int, reviews: int) -> Indices:
    """Reviews of each application: two, and the rest dealt out at random, two more at most."""
    places = np.repeat(np.arange(applications), MOST - FEWEST)
    more = rng.choice(places, reviews - FEWEST * applications, replace=False)
    return FEWEST + np.bincount(more, minlength=applications)


def _pairs(rng: np.random.Generator, counts: Indices, reviewers: int) -> tuple[Indices, Indices]:
    """Row and column of each review: every application in turn goes to those who have least, ties by lot."""
    loads = np.zeros(reviewers, dtype=np.intp)
    columns = []
    for count in counts:
        chosen = np.lexsort((rng.random(reviewers), loads))[:count]
        loads[chosen] += 1
        columns.append(chosen)
    return np.repeat(np.arange(len(counts)), counts), np.concatenate(columns)


def _connected(rows: Indices, columns: Indices, applications: int, reviewers: int) -> bool:
    size = applications + reviewers
    edges = sparse.coo_array((np.ones(len(rows)), (rows, applications + columns)), shape=(size, size))
    return connected_components(edges, directed=False)[0] == 1
