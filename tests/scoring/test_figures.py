"""The figures of a panel as a whole: what its parts say, what is withheld, and what must not change them."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.analysis import analyse
from scoring.calibration import calibrate, compare_reviewers
from scoring.errors import ScoringError
from scoring.extra_review import value_of_review
from scoring.figures import ApplicationFigures, PanelFigures, panel_figures
from scoring.fitted_agreement import fitted_agreement
from scoring.rank_draws import BANDS, summarise_ranks
from scoring.score_table import Score, score_table
from scoring.states import NOTES, OUTCOMES
from tests.scoring.panels import complete, simulated, table_of

SEED = 7


def panel(seed: int = 3, shape: tuple[int, int] = (10, 5)) -> list[Score]:
    return simulated(np.random.default_rng(seed), shape, (0.8, 0.5, 0.7), levels=True)[0]


def by_name(found: PanelFigures) -> dict[str, ApplicationFigures]:
    return {one.application: one for one in found.applications}


def test_figures_are_those_of_the_parts() -> None:
    table = score_table(panel())
    found, analysis = panel_figures(table, SEED, k=4), analyse(table, SEED)
    draws, effects, components = analysis.draws, analysis.effects, analysis.components
    assert draws is not None
    assert effects is not None
    assert components is not None
    ranks, extra, fit = summarise_ranks(draws, 4), value_of_review(draws, components, 4), calibrate(table)
    assert ranks.top is not None
    for row, one in enumerate(found.applications):
        own = [score.value for score in panel() if score.application == one.application]
        assert (one.mean, one.n) == (sum(own, Fraction(0)) / len(own), len(own))
        assert (one.adjusted, one.sd) == (effects.adjusted[row], effects.adjusted_sd[row])
        assert (one.expected_rank, one.pcer, one.p_top_k) == (ranks.expected[row], ranks.pcer[row], ranks.top[row])
        assert one.ranks == {band: (ranks.low[band][row], ranks.high[band][row]) for band in BANDS}
        assert (one.gain, one.p_low, one.p_high) == (extra.gain[row], extra.low[row], extra.high[row])
        assert one.calibrated == fit.worth[row]
    for column, reviewer in enumerate(found.reviewers):
        assert reviewer.n == sum(score.reviewer == reviewer.reviewer for score in panel())
        assert (reviewer.severity, reviewer.se) == (effects.severity[column], effects.severity_se[column])
        assert (reviewer.offset, reviewer.offset_se) == (fit.offset[column], fit.offset_se[column])
    assert (found.outcome, found.notes, found.components) == (None, analysis.notes, components)
    assert (found.k, found.seed, found.prior, found.draws, found.scores) == (4, SEED, "flat", 20_000, len(panel()))
    assert found.reviewers_differ == compare_reviewers(table)
    assert found.agreement.fitted == fitted_agreement(analysis)
    assert (found.agreement.forms, found.agreement.kendall_w, found.consensus) == (None, None, ())
    assert "not_complete" in found.notes


@settings(max_examples=6)
@given(st.integers(0, 10**6), st.integers(0, 12), st.tuples(st.integers(4, 12), st.integers(3, 7)))
def test_figures_of_ranks_add_up(seed: int, k: int, shape: tuple[int, int]) -> None:
    found = panel_figures(score_table(panel(seed, shape)), SEED, k=k)
    if found.outcome is not None:
        assert {one.expected_rank for one in found.applications} == {None}
        return
    many = len(found.applications)
    expected = [one.expected_rank or 0.0 for one in found.applications]
    assert sum(expected) == pytest.approx(many * (many + 1) / 2)
    assert sum(one.p_top_k or 0.0 for one in found.applications) == pytest.approx(min(k, many))
    for one in found.applications:
        assert one.expected_rank is not None
        assert one.pcer == pytest.approx(100 * (one.expected_rank - 0.5) / many)
        spans = [one.ranks[band] for band in BANDS]
        assert all(1 <= low <= high <= many for low, high in spans)
        assert spans == sorted(spans, key=lambda span: span[1] - span[0]), "a wider band holds no fewer ranks"
        assert one.gain is not None
        assert 0 <= one.gain <= 0.25
        assert one.p_low is not None
        assert one.p_high is not None
        assert 0 <= one.p_low <= one.p_high <= 1


def test_figures_do_not_depend_on_the_order_of_the_scores() -> None:
    assert panel_figures(score_table(panel()[::-1]), SEED, k=4) == panel_figures(score_table(panel()), SEED, k=4)


def test_the_seed_decides_the_draws_and_nothing_else() -> None:
    table = score_table(panel())
    one, again, other = (panel_figures(table, seed, k=4) for seed in (SEED, SEED, SEED + 1))
    assert one == again
    assert [a.expected_rank for a in one.applications] != [a.expected_rank for a in other.applications]
    for mine, theirs in zip(one.applications, other.applications, strict=True):
        assert (mine.mean, mine.adjusted, mine.sd, mine.calibrated) == (
            theirs.mean,
            theirs.adjusted,
            theirs.sd,
            theirs.calibrated,
        )
        assert mine.expected_rank == pytest.approx(theirs.expected_rank, abs=0.1)
    assert (one.components, one.reviewers) == (other.components, other.reviewers)


def test_without_k_no_chance_is_told() -> None:
    found = panel_figures(score_table(panel()), SEED)
    assert {(a.p_top_k, a.gain, a.p_low, a.p_high) for a in found.applications} == {(None,) * 4}
    assert all(a.expected_rank is not None for a in found.applications)


def test_a_complete_table_has_the_forms_and_kendalls_w() -> None:
    found = panel_figures(table_of(complete("1123/2124/3345/4434/5535")), SEED)
    assert found.agreement.forms is not None
    assert found.agreement.kendall_w is not None
    assert "not_complete" not in found.notes


def test_confidence_weighs_in_the_additive_fit_alone() -> None:
    table = score_table(panel())
    even = panel_figures(table, SEED, k=4)
    weighed = panel_figures(table, SEED, k=4, confidence=[1 + position % 3 for position in range(len(table.values))])
    assert [a.calibrated for a in even.applications] != [a.calibrated for a in weighed.applications]
    assert [a.expected_rank for a in even.applications] == [a.expected_rank for a in weighed.applications]
    assert (even.components, even.agreement) == (weighed.components, weighed.agreement)
    with pytest.raises(ScoringError):
        panel_figures(table, SEED, confidence=[1.0])


def test_an_application_with_a_consensus_alone_takes_part() -> None:
    table = score_table(panel(), unscored=["z"])
    one = by_name(panel_figures(table, SEED, k=4, consensus={"z": Fraction(6)}))["z"]
    assert (one.mean, one.n, one.calibrated) == (None, 0, None)
    assert one.expected_rank is not None
    assert one.expected_rank < 3
    assert set(one.ranks) == set(BANDS)


WITHHELD: dict[str, dict[tuple[str, str], int]] = {
    "no_scores": {},
    "one_application": {("a", "r"): 3, ("a", "s"): 4},
    "one_reviewer": {("a", "r"): 3, ("b", "r"): 4, ("c", "r"): 4},
    "no_spread": complete("333/333/333"),
    "too_few_applications": complete("123/312"),
    "too_few_reviewers": complete("12/31/24/44"),
    "disconnected": {("a", "r"): 3, ("a", "s"): 4, ("b", "t"): 2, ("b", "u"): 5, ("c", "t"): 1, ("c", "u"): 5},
    "too_few_reviews": {("a", "r"): 3, ("b", "r"): 4, ("b", "s"): 2, ("c", "s"): 5, ("c", "t"): 1},
    "perfect_fit": complete("123/234/345"),
}


@pytest.mark.parametrize("outcome", WITHHELD)
def test_what_the_scores_do_not_bear_is_none(outcome: str) -> None:
    found = panel_figures(table_of(WITHHELD[outcome]), SEED, k=1)
    assert found.outcome == outcome
    assert set(found.notes) <= NOTES.keys()
    assert (found.draws, found.scores) == (0, len(WITHHELD[outcome]))
    for one in found.applications:
        figures: tuple[Any, ...] = (one.adjusted, one.sd, one.expected_rank, one.pcer, one.p_top_k, one.gain)
        assert set(figures) == {None}
        assert (one.p_low, one.p_high, one.ranks) == (None, None, {})
        assert one.mean is not None
    assert {(one.severity, one.se) for one in found.reviewers} <= {(None, None)}
    if outcome == "disconnected":
        assert {one.calibrated for one in found.applications} | {one.offset for one in found.reviewers} == {None}
        assert found.reviewers_differ is None


def test_every_outcome_is_met_here() -> None:
    assert WITHHELD.keys() == OUTCOMES.keys()
