"""Agreement against independent arithmetic: least squares, every pair in turn, the fitted components."""

from collections.abc import Sequence
from dataclasses import astuple
from fractions import Fraction
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats

from scoring.agreement import IccForms, icc_forms, icc_of_components, kendall_w, mean_squares
from scoring.components import Components, fit_components
from scoring.krippendorff import Metric, interval_alpha, krippendorff_alpha
from scoring.score_table import Floats, Score, ScoreTable, score_table

METRICS: tuple[Metric, ...] = ("nominal", "ordinal", "interval", "ratio")
FORMS = ("icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k")
TABLES = arrays.arrays(
    np.float64,
    st.tuples(st.integers(2, 6), st.integers(2, 5)),
    elements=st.integers(1, 5).map(float),
)
GAPS = arrays.arrays(
    np.float64,
    st.tuples(st.integers(1, 7), st.integers(1, 5)),
    elements=st.one_of(st.integers(0, 5).map(float), st.just(float("nan"))),
)


def scores_of(table: Floats) -> ScoreTable:
    return score_table(
        [
            Score(f"r{column}", f"a{row:02}", Fraction(float(table[row, column])))
            for row, column in np.argwhere(~np.isnan(table))
        ]
    )


def residual(table: Floats, *factors: int) -> float:
    """What a least-squares fit of the mean and ``factors`` (0: rows, 1: columns) leaves over."""
    places = np.indices(table.shape).reshape(2, -1)
    design = [np.ones((table.size, 1))] + [np.eye(table.shape[f])[places[f]] for f in factors]
    x, y = np.hstack(design), table.ravel()
    return float(((y - x @ np.linalg.lstsq(x, y)[0]) ** 2).sum())


def limits(found: IccForms) -> dict[str, tuple[float | None, float | None, float | None]]:
    return {name: (icc.low, icc.value, icc.high) for name in FORMS for icc in [getattr(found, name)]}


def naive_alpha(table: Floats, metric: Metric) -> float | None:
    """Observed over expected disagreement, pair by pair of the scores that have another one beside them."""
    units = [[x for x in row if not np.isnan(x)] for row in table]
    units = [unit for unit in units if len(unit) > 1]
    pooled = sorted(x for unit in units for x in unit)

    def distance(one: float, other: float) -> float:
        if metric == "nominal":
            return float(one != other)
        if metric == "interval":
            return (one - other) ** 2
        if metric == "ratio":
            return ((one - other) / (one + other)) ** 2 if one + other else 0.0
        low, high = sorted((one, other))
        between = sum(low <= x <= high for x in pooled) - (pooled.count(low) + pooled.count(high)) / 2
        return between**2 if low != high else 0.0

    n = len(pooled)
    if n == 0:
        return None
    observed = sum(sum(distance(*pair) for pair in permutations(unit, 2)) / (len(unit) - 1) for unit in units) / n
    expected = sum(distance(*pair) for pair in permutations(pooled, 2)) / (n * (n - 1))
    return 1 - observed / expected if expected else None


@given(TABLES)
def test_mean_squares_are_what_nested_least_squares_leave(table: Floats) -> None:
    n, k = table.shape
    both, rows, columns, none = (residual(table, *f) for f in ((0, 1), (0,), (1,), ()))
    found = mean_squares(table)
    assert astuple(found) == pytest.approx(
        (n, k, (none - rows) / (n - 1), rows / (n * (k - 1)), (none - columns) / (k - 1), both / ((n - 1) * (k - 1))),
        abs=1e-9,
    )


@given(TABLES)
def test_icc_forms_are_shares_of_the_variance_components(table: Floats) -> None:
    """Each form as a share of the moment estimates of variance, which McGraw and Wong define the forms by."""
    sq = mean_squares(table)
    n, k = table.shape
    assume(sq.mse > 0 and sq.msb > 0)
    found = icc_forms(table)
    assert found is not None
    one_way, two_way, judges = (sq.msb - sq.msw) / k, (sq.msb - sq.mse) / k, (sq.msj - sq.mse) / n
    shares = {
        "icc1": (one_way, sq.msw),
        "icc2": (two_way, sq.mse + judges),
        "icc3": (two_way, sq.mse),
        "icc1k": (one_way, sq.msw / k),
        "icc2k": (two_way, (sq.mse + judges) / k),
        "icc3k": (two_way, sq.mse / k),
    }
    for name, (signal, noise) in shares.items():
        value = getattr(found, name).value
        if signal + noise > 1e-9:
            assert value == pytest.approx(signal / (signal + noise), rel=1e-9, abs=1e-9)
        else:
            assert value is None or abs(value) > 1e6


@given(TABLES)
def test_icc_limits_hold_the_value_and_are_numbers_or_nothing(table: Floats) -> None:
    found = icc_forms(table)
    assert (found is None) == (np.ptp(table) == 0)
    for low, value, high in limits(found).values() if found else ():
        assert all(x is None or np.isfinite(x) for x in (low, value, high))
        assert value is None or value <= 1
        if low is not None and value is not None and high is not None:
            assert low - 1e-9 * abs(low) <= value <= high + 1e-9 * abs(high)


@given(TABLES, st.floats(-1e3, 1e3), st.floats(1e-3, 1e3))
def test_icc_forms_do_not_depend_on_the_scale(table: Floats, shift: float, factor: float) -> None:
    here, there = icc_forms(table), icc_forms(shift + factor * table)
    assert (here is None) == (there is None)
    if here is not None and there is not None:
        for name in ("icc1", "icc2", "icc3"):
            assert getattr(there, name).value == pytest.approx(getattr(here, name).value, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("level", [3.0, 0.1, 1 / 3, 1e9 + 0.1])
def test_icc_forms_of_equal_scores_are_none(level: float) -> None:
    assert icc_forms(np.full((7, 3), level)) is None


@pytest.mark.parametrize(
    ("table", "values"),
    [
        # The applications' means are equal: the mean of all judges tells nothing.
        ([[1, 2], [2, 1]], {"icc1": -1, "icc2": None, "icc3": -1, "icc1k": None, "icc2k": None, "icc3k": None}),
        ([[1, 2, 4], [2, 4, 1], [4, 1, 2]],
         {"icc1": -0.5, "icc2": -1, "icc3": -0.5, "icc1k": None, "icc2k": None, "icc3k": None}),
        ([[1, 2, 3], [1, 2, 3]],
         {"icc1": -0.5, "icc2": 0, "icc3": None, "icc1k": None, "icc2k": 0, "icc3k": None}),
        ([[1, 1], [2, 2]], dict.fromkeys(FORMS, 1)),
        # Judges differ by a constant: consistent without a remainder, yet not in agreement.
        ([[1, 2], [2, 3], [5, 6]],
         {"icc1": 49 / 55, "icc2": 26 / 29, "icc3": 1, "icc1k": 49 / 52, "icc2k": 52 / 55, "icc3k": 1}),
    ],
)  # fmt: skip
def test_icc_forms_of_tables_without_one_of_the_squares(
    table: Sequence[Sequence[int]], values: dict[str, float | None]
) -> None:
    found = icc_forms(np.array(table, dtype=float))
    assert found is not None
    assert {name: getattr(found, name).value for name in FORMS} == {
        name: value if value is None else pytest.approx(value) for name, value in values.items()
    }


def test_icc_without_residual_has_no_limits() -> None:
    found = icc_forms(np.array([[0.1, 0.3], [0.2, 0.4], [0.5, 0.7]]))
    assert found is not None
    assert [limits(found)[name][::2] for name in ("icc2", "icc3", "icc2k", "icc3k")] == [(None, None)] * 4
    assert found.icc1.low is not None


@pytest.mark.parametrize("n", [1, 2, 2.5])
def test_icc_of_components_is_the_share_of_the_applications(n: float) -> None:
    components = Components(tau=0.8, nu=0.5, sigma=0.9, means=(3.0,), reml=0.0)
    assert icc_of_components(components, "agreement", n) == pytest.approx(0.64 / (0.64 + (0.25 + 0.81) / n))
    assert icc_of_components(components, "consistency", n) == pytest.approx(0.64 / (0.64 + 0.81 / n))


def test_icc_of_components_at_the_boundary() -> None:
    nothing = Components(tau=0.0, nu=0.0, sigma=0.0, means=(3.0,), reml=0.0)
    assert icc_of_components(nothing, "agreement") is None
    only_severity = Components(tau=0.0, nu=1.0, sigma=0.0, means=(3.0,), reml=0.0)
    assert icc_of_components(only_severity, "agreement") == 0.0
    assert icc_of_components(only_severity, "consistency") is None
    same_for_all = Components(tau=1.0, nu=1.0, sigma=0.0, means=(3.0,), reml=0.0)
    assert (icc_of_components(same_for_all, "agreement"), icc_of_components(same_for_all, "consistency")) == (0.5, 1.0)


@pytest.mark.parametrize("seed", range(6))
def test_icc_of_components_of_a_complete_table_equals_the_forms(seed: int) -> None:
    """In balanced data REML is the analysis of variance, as long as that leaves no component negative."""
    rng = np.random.default_rng(seed)
    n, k = ((12, 4), (4, 12), (8, 8))[seed % 3]
    table = rng.normal(0, 1.5, (n, 1)) + rng.normal(0, 1, k) + rng.normal(0, 0.7, (n, k))
    sq, forms = mean_squares(table), icc_forms(table)
    assert forms is not None
    assert min(sq.msb, sq.msj) > sq.mse
    fitted = fit_components(scores_of(table))
    assert [icc.value for icc in (forms.icc2, forms.icc2k, forms.icc3, forms.icc3k)] == [
        pytest.approx(icc_of_components(fitted, "agreement"), abs=1e-5),
        pytest.approx(icc_of_components(fitted, "agreement", k), abs=1e-5),
        pytest.approx(icc_of_components(fitted, "consistency"), abs=1e-5),
        pytest.approx(icc_of_components(fitted, "consistency", k), abs=1e-5),
    ]


@pytest.mark.parametrize("metric", METRICS)
@given(table=GAPS)
def test_alpha_equals_every_pair_in_turn(metric: Metric, table: Floats) -> None:
    expected = naive_alpha(table, metric)
    found = krippendorff_alpha(table, metric)
    assert found == (expected if expected is None else pytest.approx(expected, abs=1e-9))


@given(GAPS)
def test_interval_alpha_equals_every_pair_in_turn(table: Floats) -> None:
    expected = naive_alpha(table, "interval")
    assert interval_alpha(scores_of(table)) == (expected if expected is None else pytest.approx(expected, abs=1e-9))


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize(
    "table",
    [
        np.empty((0, 0)),
        np.full((3, 2), np.nan),
        np.array([[1.0, np.nan], [np.nan, 2.0]]),
        np.full((7, 3), 0.1),
        np.array([[0.1, 0.1, 0.1], [0.7, np.nan, np.nan]]),
    ],
    ids=["empty", "all missing", "nobody shares", "all equal", "equal where shared"],
)
def test_alpha_is_none_where_nothing_varies_or_is_shared(table: Floats, metric: Metric) -> None:
    assert krippendorff_alpha(table, metric) is None
    assert interval_alpha(scores_of(table)) is None


@pytest.mark.parametrize("metric", METRICS)
def test_alpha_of_perfect_agreement_is_one(metric: Metric) -> None:
    assert krippendorff_alpha(np.array([[1.0, 1, 1], [2, 2, np.nan], [4, np.nan, 4]]), metric) == 1.0


def test_alpha_refuses_too_many_values() -> None:
    with pytest.raises(ValueError, match="2002 different values; at most 2000 are accepted"):
        krippendorff_alpha(np.arange(2002.0).reshape(-1, 2), "nominal")


@given(TABLES)
def test_kendall_w_equals_the_mean_rank_correlation(table: Floats) -> None:
    """W = (1 + (J - 1) r) / J with the mean Spearman correlation r where nobody ties; 0 to 1 always; Friedman's test."""
    found = kendall_w(table)
    ranks = stats.rankdata(table, axis=0)
    flat = np.ptp(table, axis=0) == 0
    assert (found is None) == flat.all()
    if found is None:
        return
    assert 0 <= found <= 1 + 1e-12
    n, k = table.shape
    if all(len(set(column)) == n for column in table.T):
        mean = np.mean([np.corrcoef(ranks[:, a], ranks[:, b])[0, 1] for a, b in combinations(range(k), 2)])
        assert found == pytest.approx((1 + (k - 1) * mean) / k, abs=1e-9)
    if n > 2:
        friedman = float(stats.friedmanchisquare(*table).statistic)
        assert k * (n - 1) * found == pytest.approx(friedman, abs=1e-9)


def test_kendall_w_of_the_same_and_of_opposite_orders() -> None:
    order = np.arange(5.0)
    assert kendall_w(np.column_stack([order, 10 * order, order**3])) == 1.0
    assert kendall_w(np.column_stack([order, -order])) == 0.0
    assert kendall_w(np.full((5, 3), 0.1)) is None
    assert kendall_w(np.ones((1, 3))) is None
