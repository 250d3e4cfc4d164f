"""How the panel hangs together: the graph of applications and reviewers, joined where one scored the other."""

from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse
from scipy.sparse import csgraph

from scoring.score_table import ScoreTable

_ROUNDING = 1e-13


@dataclass(frozen=True, slots=True)
class Graph:
    """``components``: parts that share neither application nor reviewer. ``mu2``: second-smallest eigenvalue of the
    normalised Laplacian, 0 for a graph in parts, larger the better it is knit; None without a score.
    ``part_of`` (I,): the part of each application, counted from 0; one without a score is there by itself, uncounted.
    """

    components: int
    mu2: float | None
    part_of: tuple[int, ...]


def describe_graph(table: ScoreTable) -> Graph:
    """The graph of the scores of ``table``; O(min(I, J)^3).

    The normalised Laplacian of a bipartite graph has the eigenvalues 1 - s and 1 + s of the singular values s of
    diag(n_i)^-1/2 N diag(n_j)^-1/2, and 1 for what one side has more than the other. Source: MacKay, Kenna, Low,
    Parker 2017, "Calibration with confidence", Royal Society Open Science 4:160760, for its use; Chung 1997, "Spectral
    Graph Theory", chapter 1, for the eigenvalues.
    """
    applications = len(table.applications)
    used = table.per_application > 0
    size = sum(table.shape)
    joined = (np.ones(len(table.values)), (table.rows, applications + table.columns))
    count, labels = csgraph.connected_components(sparse.coo_array(joined, shape=(size, size)), directed=False)
    # An application without a score is no part of the panel's graph.
    components = int(count - np.count_nonzero(~used))
    return Graph(
        components,
        _mu2(table) if components == 1 else (0.0 if components else None),
        tuple(int(x) for x in labels[:applications]),
    )


def _mu2(table: ScoreTable) -> float | None:
    used = np.flatnonzero(table.per_application > 0)
    incidence = table.incidence[used]
    scaled = (
        sparse.diags_array(table.per_application[used] ** -0.5)
        @ incidence
        @ sparse.diags_array(table.per_reviewer**-0.5)
    )
    small = (scaled.T @ scaled if scaled.shape[0] >= scaled.shape[1] else scaled @ scaled.T).toarray()
    size = len(small)
    if size == 1:
        return 2.0 if scaled.shape == (1, 1) else 1.0
    second = float(linalg.eigvalsh(small, subset_by_index=(size - 2, size - 2))[0])
    # The root of what rounding leaves of an eigenvalue 0 would be seen in the eighth digit.
    return max(1 - second**0.5, 0.0) if second > _ROUNDING else 1.0
