"""The figures of a panel as a whole: what its parts say, what is withheld, and what must not change them."""

from dataclasses import asdict
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.analysis import analyse
from scoring.calibration import calibrate, compare_reviewers
from scoring.errors import ScoringError
from scoring.extra_review import value_of_review
from scoring.figures import ApplicationFigures, PanelFigures, figures_of_analysis, panel_figures
from scoring.fitted_agreement import fitted_agreement
from scoring.posterior import Prior
from scoring.rank_draws import BANDS, summarise_ranks
from scoring.score_table import Score, score_table
from scoring.states import NOTES, OUTCOMES
from tests.scoring.panels import complete, simulated, table_of

SEED = 7
SWISS: Prior = "snsf"


def panel(seed: int = 3, shape: tuple[int, int] = (10, 5)) -> list[Score]:
    return simulated(np.random.default_rng(seed), shape, (0.8, 0.5, 0.7), levels=True)[0]


def by_name(found: PanelFigures) -> dict[str, ApplicationFigures]:
    return {one.application: one for one in found.applications}


@pytest.mark.parametrize(
    ("seed", "notes"), [(3, ("nu_zero", "few_reviews_of_reviewer", "not_complete")), (4, ("not_complete",))]
)
def test_figures_are_those_of_the_parts(seed: int, notes: tuple[str, ...]) -> None:
    scores = panel(seed)
    table = score_table(scores)
    found, analysis = panel_figures(table, SEED, k=4), analyse(table, SEED)
    draws, effects, components = analysis.draws, analysis.effects, analysis.components
    assert draws is not None
    assert effects is not None
    assert components is not None
    ranks, extra, fit = summarise_ranks(draws, 4), value_of_review(draws, components, 4), calibrate(table)
    assert ranks.top is not None
    for row, one in enumerate(found.applications):
        own = [score.value for score in scores if score.application == one.application]
        assert (one.mean, one.n) == (sum(own, Fraction(0)) / len(own), len(own))
        assert (one.adjusted, one.sd) == (effects.adjusted[row], effects.adjusted_sd[row])
        assert (one.expected_rank, one.pcer, one.p_top_k) == (ranks.expected[row], ranks.pcer[row], ranks.top[row])
        assert one.ranks == {band: (ranks.low[band][row], ranks.high[band][row]) for band in BANDS}
        assert (one.gain, one.p_low, one.p_high) == (extra.gain[row], extra.low[row], extra.high[row])
        assert one.calibrated == fit.worth[row]
        # 5 % of the draws on either side, in single precision.
        assert (one.low, one.high) == pytest.approx(np.quantile(draws.quality[:, row], (0.05, 0.95)), abs=1e-5)
    for column, reviewer in enumerate(found.reviewers):
        assert reviewer.n == sum(score.reviewer == reviewer.reviewer for score in scores)
        assert reviewer.severity == effects.severity[column]
        assert reviewer.se == (effects.severity_se[column] if components.nu > 0 else None)
        assert (reviewer.offset, reviewer.offset_se) == (fit.offset[column], fit.offset_se[column])
        thirds = np.quantile(draws.deviations[:, column], (0.05, 0.5, 0.95))
        assert (reviewer.low, reviewer.deviation, reviewer.high) == pytest.approx(thirds, abs=1e-6)
    assert (found.outcome, found.notes, found.components) == (None, notes, components)
    assert (found.k, found.seed, found.prior, found.draws, found.scores) == (4, SEED, "flat", 20_000, len(scores))
    assert found.reviewers_differ == compare_reviewers(table)
    assert found.agreement.fitted == fitted_agreement(analysis)
    assert (found.agreement.forms, found.agreement.kendall_w, found.consensus) == (None, None, ())


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
        assert (mine.low, mine.high) == pytest.approx((theirs.low, theirs.high), abs=0.1)
    assert one.components == other.components
    for severe, as_severe in zip(one.reviewers, other.reviewers, strict=True):
        ours = (severe.severity, severe.se, severe.offset, severe.offset_se)
        assert ours == (as_severe.severity, as_severe.se, as_severe.offset, as_severe.offset_se)
        assert severe.deviation != as_severe.deviation
        drawn = (as_severe.deviation, as_severe.low, as_severe.high)
        assert (severe.deviation, severe.low, severe.high) == pytest.approx(drawn, abs=0.1)


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
    assert (one.mean, one.n, one.calibrated, *adjustment(one)) == (None, 0, None, None, None, None, None)
    assert one.expected_rank is not None
    assert one.expected_rank < 3
    assert set(one.ranks) == set(BANDS)


def adjustment(one: ApplicationFigures) -> tuple[float | None, ...]:
    return one.adjusted, one.sd, one.low, one.high


def test_neither_a_consensus_nor_the_absence_of_reviews_is_adjusted() -> None:
    table = score_table(panel(), unscored=["z"])
    plain = by_name(panel_figures(table, SEED, k=4))
    agreed = by_name(panel_figures(table, SEED, k=4, consensus={"a002": Fraction(3)}))
    assert plain["z"].expected_rank is not None
    assert adjustment(plain["z"]) == adjustment(agreed["z"]) == adjustment(agreed["a002"]) == (None,) * 4
    assert None not in adjustment(plain["a002"])
    assert agreed["a002"].calibrated == plain["a002"].calibrated, "the additive fit knows of no consensus"
    for name in plain.keys() - {"z", "a002"}:
        assert adjustment(agreed[name]) == adjustment(plain[name])


@pytest.mark.parametrize("levels", ["1212/3434/2121/5454/4343", "12121/34343/21215/54545/43431"])
def test_no_severity_is_not_a_certainty_of_it(levels: str) -> None:
    """At nu = 0 every severity is 0 and so would be its error; the draws know that it might be otherwise."""
    found = panel_figures(table_of(complete(levels)), SEED)
    assert "nu_zero" in found.notes
    assert {(one.severity, one.se) for one in found.reviewers} == {(0.0, None)}
    for one in found.reviewers:
        assert one.low is not None
        assert one.high is not None
        assert one.low < 0 < one.high
        assert one.deviation == pytest.approx(0, abs=one.high - one.low)


def test_severities_are_from_the_mean_of_all_reviewers() -> None:
    found = panel_figures(table_of(complete("2345/1244/3346/2255/1335/2344")), SEED)
    deviations = [one.deviation or 0.0 for one in found.reviewers]
    assert deviations == sorted(deviations)
    assert sum(deviations) == pytest.approx(0, abs=0.1)
    for one in found.reviewers:
        assert one.low is not None
        assert one.high is not None
        assert one.deviation is not None
        assert one.low < one.deviation < one.high
        assert one.deviation == pytest.approx(one.severity, abs=0.2), "the mean of all is near the mean of the panel"


@pytest.mark.parametrize(("factor", "shift"), [(Fraction(1, 10**9), 0), (Fraction(10**6), 0), (Fraction(1), 10**8)])
def test_neither_the_unit_nor_the_zero_of_the_scores_changes_an_interval(factor: Fraction, shift: int) -> None:
    here = panel_figures(score_table(panel()), SEED)
    moved = [Score(s.reviewer, s.application, s.value * factor + shift) for s in panel()]
    there = panel_figures(score_table(moved), SEED)
    for one, other in zip(here.applications, there.applications, strict=True):
        brought = [(x - shift) / float(factor) for x in (other.low, other.high, other.adjusted) if x is not None]
        assert brought == pytest.approx([one.low, one.high, one.adjusted], abs=1e-2)
    for severe, as_severe in zip(here.reviewers, there.reviewers, strict=True):
        ends = [x / float(factor) for x in (as_severe.low, as_severe.deviation, as_severe.high) if x is not None]
        assert ends == pytest.approx([severe.low, severe.deviation, severe.high], abs=1e-2)
    assert here.reviewers_differ is not None
    assert there.reviewers_differ is not None
    assert there.reviewers_differ.f == pytest.approx(here.reviewers_differ.f, rel=1e-5)


@pytest.mark.parametrize(("k", "said"), [(None, False), (0, False), (9, False), (10, True), (99, True)])
def test_a_k_that_takes_all_is_said(k: int | None, said: bool) -> None:
    assert ("k_takes_all" in panel_figures(score_table(panel()), SEED, k=k).notes) is said
    assert "k_takes_all" not in panel_figures(table_of({}), SEED, k=k).notes


def test_the_swiss_prior_is_said_where_it_decides_the_ranks() -> None:
    found, flat = (panel_figures(score_table(panel()), SEED, prior) for prior in (SWISS, "flat"))
    assert found.notes == (*flat.notes, "prior_snsf")
    assert found.components == flat.components
    assert [one.expected_rank for one in found.applications] != [one.expected_rank for one in flat.applications]
    assert "prior_snsf" not in panel_figures(table_of(WITHHELD["perfect_fit"]), SEED, SWISS).notes


def test_figures_of_an_analysis_are_those_of_the_panel() -> None:
    table = score_table(panel(), unscored=["z"])
    analysis = analyse(table, SEED)
    for k, consensus in ((None, {}), (3, {}), (3, {"a001": Fraction(2), "z": Fraction(5)})):
        assert figures_of_analysis(analysis, SEED, k=k, consensus=consensus) == panel_figures(
            table, SEED, k=k, consensus=consensus
        )


@pytest.mark.parametrize(
    ("cells", "there"),
    [
        ("12/34/53", True),
        ("1./2./53", False),
        ("1./24/53", True),
        ("123/1../2..", False),
    ],
)
def test_alpha_needs_two_applications_to_compare(cells: str, there: bool) -> None:
    points = {
        (f"a{i}", f"r{j}"): int(level)
        for i, row in enumerate(cells.split("/"))
        for j, level in enumerate(row)
        if level != "."
    }
    assert (panel_figures(table_of(points), SEED).agreement.alpha_interval is not None) is there


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
        left = {name: value for name, value in asdict(one).items() if value is not None and value != {}}
        assert left.keys() == {"application", "mean", "n"}
    for reviewer in found.reviewers:
        assert {name for name, value in asdict(reviewer).items() if value is not None} == {"reviewer", "n"}
    assert (found.reviewers_differ, found.agreement.fitted) == (None, None)
    assert not {"tau_zero", "nu_zero", "sections", "prior_snsf", "k_takes_all"} & set(found.notes)


def test_every_outcome_is_met_here() -> None:
    assert WITHHELD.keys() == OUTCOMES.keys()
