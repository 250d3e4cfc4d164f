"""Published analyses of panels, to the digits they were published with."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from scoring.components import fit_components
from scoring.posterior import Prior, draw
from scoring.rank_draws import summarise_ranks
from scoring.threads import one_thread
from tests.scoring.panels import complete, dense, table_of

# Davies and Goldsmith 1972, as in the R package lme4: diameters of growth inhibition, 24 plates by six samples A to F.
PENICILLIN = (
    "27 23 26 23 23 21/27 23 26 23 23 21/25 21 25 24 24 20/26 23 25 23 23 20/25 22 26 22 23 20/24 22 25 23 22 19/"
    "24 20 23 21 22 19/26 22 26 24 24 21/24 21 24 22 22 20/24 21 24 23 22 19/26 23 26 24 24 21/25 22 26 24 24 20/"
    "26 24 26 24 25 22/26 23 26 23 23 20/26 23 25 24 24 22/25 22 25 23 23 20/25 21 24 23 23 20/25 22 24 23 23 19/"
    "24 21 23 21 21 19/26 23 26 24 24 21/25 21 24 22 22 18/25 22 25 22 22 20/24 21 24 22 24 19/24 21 24 22 21 18"
)
# The mock panel of the R package ERforResearch (Swiss National Science Foundation, MIT): 15 proposals, five assessors.
MOCK_GRADES = "11125/11226/12135/13215/12235/13145/12345/15225/13435/14255/23445/24355/25446/23466/25546"
MOCK_EXPECTED = {
    1: 2.44, 2: 4.06, 3: 4.09, 4: 4.12, 5: 5.08, 6: 6.19, 7: 7.34, 8: 7.26, 10: 9.42, 13: 13.0, 15: 13.7,
}  # fmt: skip
"""Position in the panel -> published expected rank."""


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> Iterator[None]:
    with one_thread():
        yield


def test_penicillin_has_the_published_components() -> None:
    table = table_of(complete(PENICILLIN, " "))
    fit = fit_components(table)
    assert table.shape == (24, 6)
    assert (round(fit.tau, 4), round(fit.nu, 4), round(fit.sigma, 4)) == (0.8467, 1.9316, 0.5499)
    assert fit.reml == pytest.approx(330.8606, abs=1e-3)
    assert fit.means == pytest.approx([22.9722], abs=5e-5)
    assert fit.on_boundary == ()


def test_penicillin_turned_round_has_the_same_components() -> None:
    """Plates as reviewers: there are more of them than samples, and the other side is swept out."""
    table = table_of({(r, a): level for (a, r), level in complete(PENICILLIN, " ").items()})
    fit = fit_components(table)
    assert (round(fit.nu, 4), round(fit.tau, 4), round(fit.sigma, 4)) == (0.8467, 1.9316, 0.5499)
    assert fit.reml == pytest.approx(330.8606, abs=1e-3)


def test_penicillin_by_dense_matrices_has_the_published_criterion() -> None:
    """The yardstick of the other tests is itself held to the published figure."""
    assert dense(table_of(complete(PENICILLIN, " "))).best_reml() == pytest.approx(330.8606, abs=1e-3)


@pytest.mark.parametrize(("prior", "tolerance"), [("snsf", 0.1), ("flat", 0.2)])
@pytest.mark.parametrize("seed", [1, 2])
def test_mock_panel_has_the_published_expected_ranks(prior: Prior, tolerance: float, seed: int) -> None:
    scores = {key: 7 - grade for key, grade in complete(MOCK_GRADES).items()}
    table = table_of(scores)
    expected = summarise_ranks(draw(table, seed, prior)).expected
    assert {at: expected[at - 1] for at in MOCK_EXPECTED} == pytest.approx(MOCK_EXPECTED, abs=tolerance)
    # In a complete panel only the mean score counts: the same for positions 2-4, 7 and 8, and 13 and 14.
    for mean in set(table.means):
        alike = [rank for rank, own in zip(expected, table.means, strict=True) if own == mean]
        assert max(alike) - min(alike) < 0.1
    assert all(later > earlier - 0.1 for earlier, later in pairwise(expected))
