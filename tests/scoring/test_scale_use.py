"""Use of the scale per reviewer: the same as counting by hand, and as least squares written out with matrices."""

from collections import Counter
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.graph import describe_graph
from scoring.scale_use import ScaleUse, residual_spread, scale_use
from scoring.score_table import ScoreTable, complete_scores, score_table
from scoring.types import Review
from tests.scoring.panels import complete, simulated, table_of

LEVELS = {"x": (1, 2, 3, 4, 5), "y": (0, 1, 2, 3)}
EVERY = (0, 1, 2, 3, 4, 5)
WEIGHTS = {"x": 2, "y": 1}


@st.composite
def reviews(draw: st.DrawFn) -> list[Review]:
    """Up to 20 reviews with levels missing here and there."""
    pairs = draw(st.sets(st.tuples(st.integers(0, 4), st.integers(0, 3)), min_size=1))
    levels = {criterion: st.sampled_from((None, *scale)) for criterion, scale in LEVELS.items()}
    return [Review(f"a{i}", f"r{j}", {c: draw(level) for c, level in levels.items()}) for i, j in sorted(pairs)]


def by_hand(given_reviews: list[Review], name: str) -> tuple[dict[int, int], int, int]:
    """Levels, shared applications and partners of one reviewer."""
    own = [review for review in given_reviews if review.reviewer == name]
    levels = Counter(level for review in own for level in review.levels.values() if level is not None)
    others = [r for r in given_reviews if r.reviewer != name and r.application in {o.application for o in own}]
    return (
        {level: levels[level] for level in EVERY},
        len({r.application for r in others}),
        len({r.reviewer for r in others}),
    )


def share_by_hand(given_reviews: list[Review], name: str, ends: dict[str, int]) -> float | None:
    """Of all levels of one reviewer, what part is the end of its criterion."""
    own = [r.levels for r in given_reviews if r.reviewer == name]
    given = [(criterion, level) for levels in own for criterion, level in levels.items() if level is not None]
    return sum(ends[criterion] == level for criterion, level in given) / len(given) if given else None


def spread_by_matrices(table: ScoreTable) -> dict[str, float]:
    """Residuals and leverages of the additive fit from the whole hat matrix."""
    design = np.hstack([np.eye(table.shape[0])[table.rows], np.eye(table.shape[1])[table.columns]])
    hat = design @ np.linalg.pinv(design)
    residuals, free = table.values - hat @ table.values, 1 - np.diag(hat)
    found = {}
    for position, name in enumerate(table.reviewers):
        own = table.columns == position
        if free[own].sum() > 1e-6:
            found[name] = float(np.sqrt((residuals[own] ** 2).sum() / free[own].sum()))
    return found


@settings(max_examples=50)
@given(reviews(), st.randoms(use_true_random=False))
def test_scale_use_is_what_counting_gives(found: list[Review], random: Random) -> None:
    table = score_table(complete_scores(found, WEIGHTS))
    shuffled = list(found)
    random.shuffle(shuffled)
    use = scale_use(shuffled, LEVELS, table)
    assert list(use) == sorted({review.reviewer for review in found})
    spread = residual_spread(table)
    for name, one in use.items():
        levels, shared, partners = by_hand(found, name)
        lowest, highest = share_by_hand(found, name, {"x": 1, "y": 0}), share_by_hand(found, name, {"x": 5, "y": 3})
        assert one == ScaleUse(name, levels, lowest, highest, shared, partners, spread.get(name))
        assert list(one.levels) == list(EVERY)


@settings(max_examples=50)
@given(reviews())
def test_residual_spread_is_that_of_the_hat_matrix(found: list[Review]) -> None:
    table = score_table(complete_scores(found, WEIGHTS))
    spread = residual_spread(table)
    if not len(table.values) or describe_graph(table).components != 1:
        assert spread == {}
        return
    assert spread == pytest.approx(spread_by_matrices(table), abs=1e-7)


@pytest.mark.parametrize("shape", [(12, 5), (4, 9)])
def test_residual_spread_of_larger_panels(shape: tuple[int, int]) -> None:
    scores, _ = simulated(np.random.default_rng(2), shape, (0.8, 0.5, 0.9), reviews=(3, 4))
    table = score_table(scores, unscored=["z"])
    assert residual_spread(table) == pytest.approx(spread_by_matrices(table), rel=1e-9)


def test_the_ends_are_those_of_each_criterion() -> None:
    """A 3 is the highest of one criterion and in the middle of the other; a 1 is the lowest of the other alone."""
    use = scale_use([Review("a", "r", {"x": 3, "y": 3}), Review("b", "r", {"x": 1, "y": 1})], LEVELS, table_of({}))
    assert (use["r"].lowest, use["r"].highest) == (0.25, 0.25)
    nothing = scale_use([Review("a", "r", {"x": None})], LEVELS, table_of({}))["r"]
    assert nothing == ScaleUse("r", dict.fromkeys(EVERY, 0), None, None, 0, 0, None)


def test_a_level_that_the_call_does_not_have_is_still_shown_and_a_criterion_is_not() -> None:
    use = scale_use([Review("a", "r", {"x": 7, "z": 9})], LEVELS, table_of({("a", "r"): 7}))
    assert use["r"].levels == {**dict.fromkeys(EVERY, 0), 7: 1}
    assert (use["r"].lowest, use["r"].highest, use["r"].residual_sd) == (0.0, 0.0, None)


def test_scores_without_a_remainder_are_spread_by_nothing() -> None:
    table = table_of(complete("123/234/345"))
    assert residual_spread(table) == pytest.approx({"r1": 0, "r2": 0, "r3": 0}, abs=1e-9)


def test_a_panel_in_parts_has_no_spread() -> None:
    parts = {("a", "r"): 1, ("a", "s"): 2, ("b", "t"): 3, ("b", "u"): 5}
    assert residual_spread(table_of({key: Fraction(value) for key, value in parts.items()})) == {}
