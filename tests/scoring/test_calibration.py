"""The additive fit against a dense least-squares fit with the sum of offsets at 0, weights or none, either way round."""

from dataclasses import astuple, dataclass
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from scoring.calibration import additive_residual, calibrate, compare_reviewers
from scoring.errors import ScoringError
from scoring.graph import describe_graph
from scoring.score_table import Floats, Score, ScoreTable, score_table

SHAPES = [(20, 6), (6, 20), (9, 9), (2, 2), (1, 5), (5, 1)]


def panel(shape: tuple[int, int], seed: int, share: float = 0.5) -> ScoreTable:
    """A random connected panel with gaps: a path through all applications and reviewers, and some scores beside it."""
    rng = np.random.default_rng(seed)
    n, k = shape
    there = rng.random(shape) < share
    for step in range(n + k):
        there[(step + 1) // 2 % n, step // 2 % k] = True
    there[:, 0] |= ~there.any(axis=1)
    there[0] |= ~there.any(axis=0)
    values = 3 + rng.normal(0, 0.8, (n, 1)) + rng.normal(0, 0.5, k) + rng.normal(0, 0.9, shape)
    # Names in another order than rows and columns, as they would be in a call.
    names = rng.permutation(n), rng.permutation(k)
    table = score_table(
        [
            Score(f"r{names[1][j]:03}", f"a{names[0][i]:03}", Fraction(round(values[i, j] * 1000), 1000))
            for i, j in np.argwhere(there)
        ]
    )
    assert describe_graph(table).components == 1
    return table


def score(reviewer: str, application: str, value: int) -> Score:
    return Score(reviewer, application, Fraction(value))


@dataclass
class Dense:
    worth: Floats
    offset: Floats
    offset_se: Floats
    residuals: Floats
    leverage: Floats
    rss: float
    df: int


def dense(table: ScoreTable, weights: Floats) -> Dense:
    """Weighted two-way least squares by the textbook, all but the last reviewer free, the last minus their sum."""
    n, (applications, reviewers) = len(table.values), table.shape
    contrast = np.vstack([np.eye(reviewers - 1), -np.ones((1, reviewers - 1))])
    design = np.hstack([np.eye(applications)[table.rows], contrast[table.columns]])
    root = np.sqrt(weights)
    found: Floats = np.linalg.lstsq(root[:, None] * design, root * table.values)[0].astype(np.float64)
    residuals = table.values - design @ found
    spread = np.linalg.inv(design.T @ (weights[:, None] * design))
    rss, df = float(weights @ residuals**2), n - applications - reviewers + 1
    offsets = contrast @ spread[applications:, applications:] @ contrast.T
    return Dense(
        worth=found[:applications],
        offset=contrast @ found[applications:],
        offset_se=np.sqrt((rss / df if df > 0 else np.nan) * np.diag(offsets)),
        residuals=residuals,
        leverage=np.diag(design @ spread @ (design.T * weights)),
        rss=rss,
        df=df,
    )


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shape", SHAPES)
def test_calibrate_equals_dense_least_squares(shape: tuple[int, int], seed: int, weighted: bool) -> None:
    table = panel(shape, seed)
    weights = np.random.default_rng(seed).uniform(0.2, 3, len(table.values)) if weighted else np.ones(len(table.values))
    found, expected = calibrate(table, weights if weighted else None), dense(table, weights)
    for name in ("worth", "offset", "offset_se", "residuals", "leverage", "rss", "df"):
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), atol=1e-9, err_msg=name)
    assert float(found.offset.sum()) == pytest.approx(0, abs=1e-9)
    assert float(found.leverage.sum()) == pytest.approx(sum(table.shape) - 1, abs=1e-9)


@pytest.mark.parametrize("factor", [1e-12, 1e12])
def test_calibrate_knows_only_the_proportions_of_the_weights(factor: float) -> None:
    table = panel((8, 5), 1)
    weights = np.random.default_rng(2).uniform(0.5, 2, len(table.values))
    here, there = calibrate(table, weights), calibrate(table, weights * factor)
    for name in ("worth", "offset", "offset_se", "residuals", "leverage"):
        np.testing.assert_allclose(getattr(there, name), getattr(here, name), atol=1e-9, err_msg=name)
    assert there.rss == pytest.approx(here.rss * factor, rel=1e-9)


def test_calibrate_finds_offsets_that_explain_everything() -> None:
    worth, offset = (1, 4, 2), (-1, 0, 1)
    found = calibrate(
        score_table([score(f"r{j}", f"a{i}", worth[i] + offset[j]) for i in range(3) for j in range(3) if i + j != 2])
    )
    np.testing.assert_allclose(found.worth, worth, atol=1e-12)
    np.testing.assert_allclose(found.offset, offset, atol=1e-12)
    assert found.rss == pytest.approx(0, abs=1e-20)


def test_calibrate_of_a_tree_has_no_freedom_and_no_standard_errors() -> None:
    found = calibrate(score_table([score("r1", "a1", 3), score("r1", "a2", 5), score("r2", "a2", 4)]))
    assert found.df == 0
    np.testing.assert_allclose(found.offset, [0.5, -0.5], atol=1e-12)
    assert np.isnan(found.offset_se).all()
    assert found.leverage == pytest.approx(1)


@pytest.mark.parametrize("shape", [(7, 4), (4, 7)])
def test_calibrate_passes_over_applications_without_a_score(shape: tuple[int, int]) -> None:
    table = panel(shape, 3)
    scores = [
        Score(table.reviewers[j], table.applications[i], value)
        for i, j, value in zip(table.rows, table.columns, table.exact, strict=True)
    ]
    wider = score_table(scores, unscored=["a0015", "b", "A"])
    here, there = calibrate(table), calibrate(wider)
    worth = dict(zip(wider.applications, there.worth, strict=True))
    assert [name for name, value in worth.items() if np.isnan(value)] == ["A", "a0015", "b"]
    np.testing.assert_allclose([worth[name] for name in table.applications], here.worth, atol=1e-12)
    for name in ("offset", "offset_se", "residuals", "leverage", "rss", "df"):
        np.testing.assert_allclose(getattr(there, name), getattr(here, name), atol=1e-12, err_msg=name)
    assert compare_reviewers(wider) == compare_reviewers(table)
    assert additive_residual(wider) == pytest.approx(additive_residual(table), abs=1e-9)


@pytest.mark.parametrize("scores", [[], [score("r1", "a1", 3), score("r2", "a2", 3)]], ids=["empty", "in parts"])
def test_calibrate_refuses_what_cannot_be_compared(scores: list[Score]) -> None:
    words = "fall into parts that cannot be calibrated together" if scores else "There are no complete reviews yet"
    with pytest.raises(ScoringError, match=words):
        calibrate(score_table(scores))
    with pytest.raises(ScoringError, match=words):
        compare_reviewers(score_table(scores))


@pytest.mark.parametrize("weights", [[1.0], [1.0, 0.0], [1.0, -1.0], [1.0, np.nan], [1.0, np.inf], [1.0, 1.0, 1.0]])
def test_calibrate_refuses_weights_that_are_none(weights: list[float]) -> None:
    table = score_table([score("r1", "a1", 3), score("r2", "a1", 4)])
    with pytest.raises(ScoringError, match="one positive number per score is accepted"):
        calibrate(table, np.array(weights))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("shape", [(20, 6), (6, 20), (9, 9)])
def test_compare_reviewers_equals_the_nested_comparison(shape: tuple[int, int], seed: int) -> None:
    table = panel(shape, seed)
    full = dense(table, np.ones(len(table.values)))
    means = np.eye(table.shape[0])[table.rows]
    rest = table.values - means @ np.linalg.lstsq(means, table.values)[0]
    df1 = table.shape[1] - 1
    f = (float(rest @ rest) - full.rss) / df1 / (full.rss / full.df)
    found = compare_reviewers(table)
    assert found is not None
    assert (found.f, found.p) == pytest.approx((f, 1 - stats.f.cdf(f, df1, full.df)), abs=1e-9)
    assert (found.df1, found.df2) == (df1, full.df)


def test_compare_reviewers_of_a_complete_table_is_the_two_way_analysis_of_variance() -> None:
    """Shrout and Fleiss 1979: MSJ 32.4861 over MSE 1.0194 on 3 and 15."""
    rows = ("9 2 5 8", "6 1 3 2", "8 4 6 8", "7 1 2 6", "10 5 6 9", "6 2 4 7")
    table = score_table(
        [score(f"r{j}", f"a{i}", int(value)) for i, row in enumerate(rows) for j, value in enumerate(row.split())]
    )
    f = 32.486111111111 / 1.019444444444
    found = compare_reviewers(table)
    assert found is not None
    assert astuple(found) == pytest.approx((f, 3, 15, stats.f.sf(f, 3, 15)))


@pytest.mark.parametrize(
    "scores",
    [
        [score("r1", "a1", 3), score("r1", "a2", 4)],
        [score("r1", "a1", 3), score("r2", "a1", 4)],
        [score(f"r{j}", f"a{i}", i + j) for i in range(3) for j in range(3)],
        [Score(f"r{j}", f"a{i}", Fraction(1, 10)) for i in range(3) for j in range(3)],
        [Score(f"r{j}", f"a{i}", Fraction(i, 10)) for i in range(3) for j in range(3)],
        [Score(f"r{j}", f"a{i}", Fraction(i + j, 10**10)) for i in range(3) for j in range(3)],
        [Score(f"r{j}", f"a{i}", Fraction((i + j) * 10**12, 3)) for i in range(3) for j in range(3)],
    ],
    ids=["one reviewer", "no freedom", "nothing left over", "all equal", "reviewers agree", "tiny", "huge"],
)
def test_compare_reviewers_is_none_without_a_residual(scores: list[Score]) -> None:
    assert compare_reviewers(score_table(scores)) is None


@pytest.mark.parametrize("factor", [Fraction(1, 10**9), Fraction(1, 3), Fraction(10**9)])
def test_compare_reviewers_does_not_depend_on_the_unit(factor: Fraction) -> None:
    for shape in ((20, 6), (6, 20)):
        table = panel(shape, 1)
        scaled = [
            Score(table.reviewers[j], table.applications[i], value * factor)
            for i, j, value in zip(table.rows, table.columns, table.exact, strict=True)
        ]
        here, there = compare_reviewers(table), compare_reviewers(score_table(scaled))
        assert here is not None
        assert there is not None
        assert astuple(there) == pytest.approx(astuple(here), rel=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_additive_residual_equals_least_squares_also_in_parts(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = ((15, 6), (6, 15))[seed % 2]
    there = rng.random(shape) < (0.15, 0.3, 0.8)[seed % 3]
    table = score_table([score(f"r{j:02}", f"a{i:02}", int(rng.integers(1, 7))) for i, j in np.argwhere(there)])
    design = np.hstack(
        [np.eye(size)[places] for size, places in zip(table.shape, (table.rows, table.columns), strict=True)]
    )
    rest = table.values - design @ np.linalg.lstsq(design, table.values)[0]
    around = table.values - table.values.mean()
    assert additive_residual(table) == pytest.approx((rest @ rest, around @ around), abs=1e-9)
