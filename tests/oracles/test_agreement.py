"""Published examples of agreement: intraclass correlations, Krippendorff's alpha, Kendall's W."""

from fractions import Fraction

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import brentq

from scoring.agreement import Icc, icc_forms, kendall_w, mean_squares
from scoring.krippendorff import Metric, interval_alpha, krippendorff_alpha
from scoring.score_table import Floats, Score, score_table

# Shrout and Fleiss 1979, "Intraclass Correlations: Uses in Assessing Rater Reliability": 6 targets, 4 judges.
SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float
)
# Krippendorff, "Computing Krippendorff's Alpha-Reliability": 4 observers, 12 units, dots are missing.
OBSERVERS = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
KRIPPENDORFF = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}
# Zar, "Biostatistical Analysis": wing, tail and bill lengths of 12 birds, as ranks with ties.
BIRDS = np.array(
    [
        [10.4, 10.8, 11.1, 10.2, 10.3, 10.2, 10.7, 10.5, 10.8, 11.2, 10.6, 11.4],
        [7.4, 7.6, 7.9, 7.2, 7.4, 7.1, 7.4, 7.2, 7.8, 7.7, 7.8, 8.3],
        [17, 17, 20, 14.5, 15.5, 13, 19.5, 16, 21, 20, 18, 22],
    ]
).T
# Siegel and Castellan 1988, "Nonparametric Statistics for the Behavioral Sciences": 8 reasons ranked by 3 groups.
REASONS = np.array([[5, 6, 7, 1, 2, 4, 3, 8], [1, 7, 6, 2, 3, 5, 4, 8], [4, 5, 1, 3, 2, 7, 6, 8]], dtype=float).T


def units_by_observers() -> Floats:
    return np.array([[np.nan if sign == "." else float(sign) for sign in row] for row in OBSERVERS]).T


def forms_of(table: Floats) -> dict[str, Icc]:
    found = icc_forms(table)
    assert found is not None
    return {name: getattr(found, name) for name in ("icc1", "icc2", "icc3", "icc1k", "icc2k", "icc3k")}


def test_mean_squares_of_shrout_and_fleiss() -> None:
    found = mean_squares(SHROUT_FLEISS)
    assert (found.targets, found.judges) == (6, 4)
    assert [round(x, 4) for x in (found.msb, found.msw, found.msj, found.mse)] == [11.2417, 6.2639, 32.4861, 1.0194]


def test_icc_forms_of_shrout_and_fleiss() -> None:
    found = {name: icc.value for name, icc in forms_of(SHROUT_FLEISS).items()}
    published = {"icc1": 0.1657, "icc2": 0.2898, "icc3": 0.7148, "icc1k": 0.4428, "icc2k": 0.6201, "icc3k": 0.9093}
    assert found == pytest.approx(published, abs=5e-5)


def test_icc_limits_of_shrout_and_fleiss() -> None:
    # As the R package psych gives them.
    assert {n: (icc.low, icc.high) for n, icc in forms_of(SHROUT_FLEISS).items()} == {
        "icc1": pytest.approx((-0.133, 0.723), abs=5e-4),
        "icc2": pytest.approx((0.019, 0.761), abs=5e-4),
        "icc3": pytest.approx((0.342, 0.946), abs=5e-4),
        "icc1k": pytest.approx((-0.884, 0.912), abs=5e-4),
        "icc2k": pytest.approx((0.071, 0.927), abs=5e-4),
        "icc3k": pytest.approx((0.676, 0.986), abs=5e-4),
    }


@pytest.mark.parametrize(("form", "noise", "df2"), [("icc1", 6.26388888889, 18), ("icc3", 1.01944444444, 15)])
def test_icc_limits_are_where_the_f_ratio_has_its_tails(form: str, noise: float, df2: int) -> None:
    """MSB / noise over 1 + k rho / (1 - rho) is F distributed: its tails, found by search."""
    ratio, k = mean_squares(SHROUT_FLEISS).msb / noise, 4

    def beyond(rho: float, tail: float) -> float:
        return float(stats.f.cdf(ratio / (1 + k * rho / (1 - rho)), 5, df2)) - tail

    found = forms_of(SHROUT_FLEISS)[form]
    assert (found.low, found.high) == pytest.approx(
        [brentq(beyond, -0.33, 0.999, args=(tail,), xtol=1e-13) for tail in (0.975, 0.025)], abs=1e-8
    )


def test_icc_limits_of_agreement_equal_the_other_published_formula() -> None:
    """McGraw and Wong 1996, for ICC(A,1): their degrees of freedom are written another way."""
    sq = mean_squares(SHROUT_FLEISS)
    n, k, rho = 6, 4, forms_of(SHROUT_FLEISS)["icc2"]
    assert rho.value is not None
    a, b = k * rho.value / (n * (1 - rho.value)), 1 + k * rho.value * (n - 1) / (n * (1 - rho.value))
    df = (a * sq.msj + b * sq.mse) ** 2 / ((a * sq.msj) ** 2 / (k - 1) + (b * sq.mse) ** 2 / ((n - 1) * (k - 1)))
    down, up = float(stats.f.isf(0.025, n - 1, df)), float(stats.f.isf(0.025, df, n - 1))
    noise = k * sq.msj + (k * n - k - n) * sq.mse
    low = n * (sq.msb - down * sq.mse) / (down * noise + n * sq.msb)
    high = n * (up * sq.msb - sq.mse) / (noise + n * up * sq.msb)
    assert (rho.low, rho.high) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize("metric", KRIPPENDORFF)
def test_alpha_of_krippendorff(metric: Metric) -> None:
    found = krippendorff_alpha(units_by_observers(), metric)
    assert found is not None
    assert round(found, 3) == KRIPPENDORFF[metric]


def test_interval_alpha_of_krippendorff() -> None:
    table = units_by_observers()
    scores = [
        Score(f"r{column}", f"u{row:02}", Fraction(int(table[row, column])))
        for row, column in np.argwhere(~np.isnan(table))
    ]
    assert interval_alpha(score_table(scores)) == pytest.approx(krippendorff_alpha(table, "interval"), abs=1e-12)


@pytest.mark.parametrize(("table", "published", "digits"), [(BIRDS, 0.9241, 4), (REASONS, 0.656, 3)])
def test_kendall_w_of_textbooks(table: Floats, published: float, digits: int) -> None:
    found = kendall_w(table)
    assert found is not None
    assert round(found, digits) == published
    # Friedman's statistic, which scipy corrects for ties, is J (I - 1) W.
    friedman = float(stats.friedmanchisquare(*table).statistic)
    assert friedman == pytest.approx(table.shape[1] * (table.shape[0] - 1) * found, rel=1e-12)
