"""Parts of the graph: joined where an exchange costs nothing, said where not."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.assignment import assign, describe
from scoring.assignment_grid import grid_of, lots
from scoring.assignment_join import joined, parts_of
from scoring.assignment_types import Assignment, AssignmentProblem, Candidate, Demand


def apart(groups: int, **expertise: dict[str, int]) -> tuple[AssignmentProblem, np.ndarray]:
    """Groups of two applications and two reviewers who share nothing with the others."""
    size = 2 * groups
    demands = tuple(Demand(f"a{i}", 2, f"t{i // 2}", "fi") for i in range(size))
    candidates = tuple(Candidate(f"r{j}", expertise=expertise.get(f"r{j}", {})) for j in range(size))
    return AssignmentProblem(demands, candidates), np.kron(np.eye(groups), np.ones((2, 2))).astype(np.bool_)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 4), st.integers(0, 5))
def test_parts_are_joined_without_anybody_losing(groups: int, seed: int) -> None:
    problem, chosen = apart(groups)
    grid = grid_of(problem)
    result = joined(grid, chosen, grid.fixed, lots(grid, seed))
    assert set(parts_of(result)[0].tolist()) == {0}
    assert (result.sum(axis=0) == chosen.sum(axis=0)).all()
    assert (result.sum(axis=1) == chosen.sum(axis=1)).all()
    assert grid.points[result].sum() >= grid.points[chosen].sum()


def test_parts_stay_apart_when_joining_costs_expertise() -> None:
    problem, chosen = apart(2, r0={"t0": 2}, r1={"t0": 2}, r2={"t1": 2}, r3={"t1": 2})
    grid = grid_of(problem)
    assert (joined(grid, chosen, grid.fixed, lots(grid, 0)) == chosen).all()
    result = assign(problem)
    assert isinstance(result, Assignment)
    assert (result.parts, result.connectivity) == ((("r0", "r1"), ("r2", "r3")), 0.0)
    (note,) = result.notes
    assert note.params["count"] == 2


def test_locked_pairs_are_not_exchanged() -> None:
    problem, chosen = apart(2)
    grid = grid_of(problem)
    assert (joined(grid, chosen, chosen, lots(grid, 0)) == chosen).all()


def test_parts_without_a_circle_cannot_be_joined_and_that_is_said() -> None:
    demands = tuple(Demand(f"a{i}", 1, "t", "fi") for i in range(3))
    problem = AssignmentProblem(demands, tuple(Candidate(f"r{j}") for j in range(3)))
    result = assign(problem)
    assert isinstance(result, Assignment)
    assert (result.components, len(result.notes)) == (3, 1)


def test_connectivity_is_the_second_eigenvalue() -> None:
    demands = (Demand("a", 2, "t", "fi"), Demand("b", 2, "t", "fi"))
    problem = AssignmentProblem(demands, tuple(Candidate(f"r{j}") for j in range(3)))
    path = describe(problem, {("a", "r0"), ("a", "r1"), ("b", "r1"), ("b", "r2")})
    assert path.connectivity == 1.0
    alone = describe(problem, {("a", "r0")})
    assert (alone.components, alone.connectivity) == (1, None)
