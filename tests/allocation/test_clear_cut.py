"""What is held as clear-cut loses no answer of the worth asked for, and large problems reach the plain optimum."""

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

from allocation import Constraint, Project, Scenario
from allocation.clear_cut import reach
from allocation.engine import Engine
from allocation.problem import build
from allocation.relaxation import Relaxation

FAR = 1e9
"""Monotonic seconds that no test sees."""
small = st.integers(-6, 9)


@st.composite
def models(draw: st.DrawFn) -> Relaxation:
    """Up to six integer columns of up to four steps and up to three rows, with limits on either side or both."""
    columns, rows = draw(st.integers(1, 6)), draw(st.integers(1, 3))
    weights, matrix = (
        [draw(small) for _ in range(columns)],
        [[draw(small) for _ in range(columns)] for _ in range(rows)],
    )
    above = [draw(st.integers(0, 20)) for _ in range(rows)]
    below = [draw(st.sampled_from((-np.inf, -3.0, 0.0))) for _ in range(rows)]
    highest = [draw(st.integers(0, 3)) for _ in range(columns)]
    return Relaxation(
        np.array(weights, dtype=float),
        csc_array(np.array(matrix, dtype=float)),
        np.array(below),
        np.array(above, dtype=float),
        np.zeros(columns),
        np.array(highest, dtype=float),
    )


@given(models(), st.integers(0, 12))
def test_no_answer_worth_as_much_is_outside_the_limits(model: Relaxation, short: int) -> None:
    known = reach(model)
    assert known is not None, "nothing funded is always possible"
    dense = model.matrix.toarray()
    for steps in product(*(range(int(high) + 1) for high in model.highest)):
        answer = np.array(steps, dtype=float)
        sums = dense @ answer
        if (sums > model.above).any() or (sums < model.below).any():
            continue
        worth = float(model.weights @ answer)
        assert worth <= known.bound
        if worth >= known.bound - short:
            lowest, highest = known.within(float(short))
            assert (lowest <= answer).all()
            assert (answer <= highest).all()


@pytest.mark.parametrize("minimum", [None, 40])
def test_large_problem_reaches_the_optimum_of_one_plain_solve(minimum: int | None) -> None:
    rng = np.random.default_rng(7)
    scores, applied = rng.integers(1, 900, 2_100), rng.integers(40, 400, 2_100)
    projects = [
        Project(f"{i:04}", Fraction(int(score), 9), int(asked), min_grant=minimum, theme=str(i % 4))
        for i, (score, asked) in enumerate(zip(scores, applied, strict=True))
    ]
    caps = (Constraint("theme", each="theme", upper=30_000),)
    problem = build(projects, Scenario(100_000, "milp", constraints=caps), whole=True, continuous=False)
    engine = Engine(problem, FAR)
    answer = engine.maximise(engine.weights)
    assert answer is not None
    model = engine.relaxation()
    plain = milp(
        -model.weights * 9,
        integrality=np.ones(len(model.weights), dtype=np.int8),
        bounds=Bounds(model.lowest, model.highest),
        constraints=LinearConstraint(model.matrix, model.below, model.above),
        options={"mip_rel_gap": 0},
    )
    assert plain.fun is not None
    assert [engine.worth(answer.units), round(answer.bound)] == [round(-plain.fun)] * 2
