"""Parts of a panel against a plain walk, and how well it is knit against the dense normalised Laplacian."""

from collections.abc import Set
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.graph import Graph, describe_graph
from scoring.score_table import Score, ScoreTable, score_table

Pairs = set[tuple[int, int]]
PAIRS = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 4)), max_size=20)
UNSCORED = st.sets(st.sampled_from(["a00", "a3x", "z"]))


def table_of(pairs: Pairs, unscored: Set[str] = frozenset()) -> ScoreTable:
    return score_table([Score(f"r{j}", f"a{i}", Fraction(3)) for i, j in pairs], unscored=sorted(unscored))


def second_eigenvalue(table: ScoreTable) -> float:
    """Of I - D^-1/2 A D^-1/2 over the applications with a score and the reviewers."""
    block = table.incidence.toarray()[table.per_application > 0]
    n, k = block.shape
    adjacent = np.block([[np.zeros((n, n)), block], [block.T, np.zeros((k, k))]])
    root = np.diag(adjacent.sum(axis=0) ** -0.5)
    return float(np.linalg.eigvalsh(np.eye(n + k) - root @ adjacent @ root)[1])


def reached(pairs: Pairs, start: int) -> set[int]:
    """The applications that share reviewers with ``start``, and so on."""
    found, size = {start}, 0
    while len(found) > size:
        size = len(found)
        reviewers = {j for i, j in pairs if i in found}
        found |= {i for i, j in pairs if j in reviewers}
    return found


@given(PAIRS, UNSCORED)
def test_describe_graph_equals_walk_and_dense_eigenvalue(pairs: Pairs, unscored: set[str]) -> None:
    table = table_of(pairs, unscored)
    found = describe_graph(table)
    parts = {frozenset(reached(pairs, i)) for i, _ in pairs}
    assert found.components == len(parts)
    if not parts:
        assert found.mu2 is None
    elif len(parts) > 1:
        assert found.mu2 == 0
    else:
        assert found.mu2 == pytest.approx(second_eigenvalue(table), abs=1e-6)
    of = dict(zip(table.applications, found.part_of, strict=True))
    together = {frozenset(name for name in of if of[name] == part) for part in of.values()}
    assert together == {frozenset(f"a{i}" for i in part) for part in parts} | {frozenset({name}) for name in unscored}
    assert set(of.values()) == set(range(len(together)))


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        (set(), Graph(0, None, ())),
        ({(0, 0)}, Graph(1, 2.0, (0,))),
        ({(0, 0), (0, 1), (0, 2)}, Graph(1, 1.0, (0,))),
        ({(0, 0), (1, 0), (2, 0)}, Graph(1, 1.0, (0, 0, 0))),
        ({(i, j) for i in range(4) for j in range(3)}, Graph(1, 1.0, (0, 0, 0, 0))),
        ({(0, 0), (1, 0), (1, 1)}, Graph(1, 0.5, (0, 0))),
        ({(0, 0), (1, 1), (2, 0)}, Graph(2, 0.0, (0, 1, 0))),
    ],
    ids=["empty", "one score", "one application", "one reviewer", "complete", "path of four", "two parts"],
)
def test_describe_graph_of_known_graphs(pairs: Pairs, expected: Graph) -> None:
    found = describe_graph(table_of(pairs))
    assert (found.components, found.part_of) == (expected.components, expected.part_of)
    assert found.mu2 == (expected.mu2 if expected.mu2 is None else pytest.approx(expected.mu2, abs=1e-6))


def test_describe_graph_counts_no_application_without_a_score() -> None:
    assert describe_graph(table_of(set(), {"a", "b"})) == Graph(0, None, (0, 1))
    assert describe_graph(table_of({(0, 0)}, {"z"})) == Graph(1, 2.0, (0, 1))


def test_describe_graph_is_knit_better_by_more_scores_across() -> None:
    halves = {(i, j) for i in range(6) for j in range(4) if (i < 3) == (j < 2)}
    found = [describe_graph(table_of(halves | {(i, 2) for i in range(more)})).mu2 for more in range(4)]
    assert found[0] == 0
    assert all(a is not None and b is not None and a < b for a, b in pairwise(found))
