"""One pass over a panel: every named state, reached by a small panel; and whatever the scores, figures or a reason."""

import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.analysis import Analysis, analyse
from scoring.rank_draws import summarise_ranks
from scoring.score_table import Score, ScoreTable, score_table
from scoring.states import NOTES, OUTCOMES
from tests.scoring.panels import complete, dense, simulated, table_of

Cells = dict[tuple[str, str], int]
BEARING = complete("1135/2246/4456/3346/3345/1124")


def beside(*panels: Cells) -> Cells:
    """Panels that share nobody."""
    return {(f"{n}{a}", f"{n}{r}"): level for n, cells in enumerate(panels) for (a, r), level in cells.items()}


def of_group(cells: Cells, names: str) -> dict[str, str]:
    """The section of each application: the letter of ``names`` at the number of its panel."""
    return {a: names[int(a[0])] for a, _ in cells}


TWO = beside(complete("123/231/312/332"), complete("321/122/313"))
THREE_OF_TWO = beside(complete("12/21/31"), complete("21/23/13"), complete("12/33/31"))
OUTCOME_PANELS: dict[str, list[ScoreTable]] = {
    "no_scores": [table_of({}), score_table([], unscored=["a", "b", "c"])],
    "one_application": [table_of({("a", "r"): 3}), table_of(complete("12345")), score_table([Score("r", "a", Fraction(1))], None, ["b", "c", "d"])],
    "one_reviewer": [table_of(complete("1/2")), table_of(complete("1/2/5/4/3")), table_of(complete("3/3/3"))],
    "no_spread": [table_of(complete("333/333/333/333")), table_of(complete("22/22"))],
    "too_few_applications": [table_of(complete("12345/54321")), table_of(complete("12/21"))],
    "too_few_reviewers": [table_of(complete("12/13/53/44/31/24"))],
    "too_few_reviews": [
        # Nobody's work was read twice by the same two: every score is explained by somebody's figure.
        table_of({("a", "r"): 1, ("a", "s"): 2, ("b", "s"): 3, ("b", "t"): 1, ("c", "t"): 5}),
        # A chain: as many scores as applications and reviewers, less one.
        table_of({(f"a{i}", f"r{i + d}"): (i * i + d) % 5 for i in range(5) for d in (0, 1)}),
        # Sections take their means, and one contrast between reviewers is left: a flat prior on nu has no posterior.
        table_of(beside(complete("12/21/31/24"), complete("1/2/3")), of_group(beside(complete("12/21/31/24"), complete("1/2/3")), "xy")),
        # The same with the spread between applications: three of them, in two sections.
        table_of(complete("1234/2214/5441"), {"a01": "x", "a02": "x", "a03": "y"}),
        # A section in which nothing is scored has no mean.
        score_table([Score(r, a, Fraction(v)) for (a, r), v in BEARING.items()], {**{a: "x" for a, _ in BEARING}, "late": "y"}, ["late"]),
    ],
    "perfect_fit": [
        table_of(complete("1234/2345/3456/0123")),
        table_of(complete("1111/2222/3333/5555")),
        table_of(complete("1234/1234/1234")),
        table_of({key: Fraction(level, 7) * 10**6 for key, level in complete("1234/2345/3456").items()}),
    ],
    "disconnected": [
        table_of(TWO),
        # Two sections do not help where one of them falls apart ...
        table_of(TWO, {a: "x" if a in ("0a01", "1a01") else "y" for a, _ in TWO}),
        # ... and the other does not.
        table_of(THREE_OF_TWO, of_group(THREE_OF_TWO, "xxy")),
    ],
}  # fmt: skip
FITTED_ALL_THE_SAME = {"disconnected", "too_few_reviewers", "too_few_applications"}


@pytest.mark.parametrize(
    ("outcome", "table"), [(name, table) for name, tables in OUTCOME_PANELS.items() for table in tables]
)
def test_outcome_is_named_and_withholds_adjusted_figures(outcome: str, table: ScoreTable) -> None:
    analysis = analyse(table, seed=1)
    assert analysis.outcome == outcome
    assert (analysis.effects, analysis.draws) == (None, None)
    assert set(analysis.notes) <= set(NOTES)
    if outcome not in FITTED_ALL_THE_SAME:
        assert analysis.components is None
    assert "fewer_draws" not in analysis.notes


def test_every_outcome_has_a_panel() -> None:
    assert set(OUTCOME_PANELS) == set(OUTCOMES)


@pytest.mark.parametrize("outcome", sorted(FITTED_ALL_THE_SAME))
def test_components_are_given_where_only_ranks_are_withheld(outcome: str) -> None:
    table = OUTCOME_PANELS[outcome][0]
    components = analyse(table, seed=1).components
    assert components is not None
    assert components.reml == pytest.approx(dense(table).best_reml(), abs=1e-6)


def sparse_panel() -> ScoreTable:
    scores, _ = simulated(np.random.default_rng(4), (601, 12), (0.8, 0.4, 0.5), reviews=(2, 2))
    return score_table(scores)


NOTE_PANELS: dict[str, ScoreTable] = {
    "tau_zero": table_of(complete("1542/5124/2415/4251/1452")),
    "nu_zero": table_of(complete("1212/3434/2121/5454/4343")),
    "all_ties": table_of(complete("1234/4321/2143/3412/2233")),
    "few_reviews_of_reviewer": table_of({**BEARING, ("a01", "new"): 5, ("a02", "new"): 4}),
    "not_complete": table_of({key: level for key, level in BEARING.items() if key != ("a01", "r1")}),
    "sections": table_of(BEARING, {a: "x" if a < "a04" else "y" for a, _ in BEARING}),
    "fewer_draws": sparse_panel(),
}


@pytest.mark.parametrize("note", NOTE_PANELS)
def test_note_accompanies_figures(note: str) -> None:
    analysis = analyse(NOTE_PANELS[note], seed=1)
    assert analysis.outcome is None
    assert note in analysis.notes
    assert_whole(analysis)


# Those of the reviews themselves are added by whoever holds the reviews, and those of what is asked by the figures.
OF_THE_REVIEWS = {"incomplete_reviews", "empty_scores", "unscored"}
OF_THE_QUESTION = {"prior_snsf", "k_takes_all"}


def test_every_note_has_a_panel() -> None:
    assert set(NOTE_PANELS) == set(NOTES) - OF_THE_REVIEWS - OF_THE_QUESTION


def test_panel_that_bears_everything_has_neither_outcome_nor_note() -> None:
    analysis = analyse(table_of(BEARING), seed=1)
    assert (analysis.outcome, analysis.notes) == (None, ())
    assert_whole(analysis)


def test_notes_stand_beside_an_outcome() -> None:
    """Of the scores, that is: nothing is said of a fit whose figures are withheld."""
    withheld = analyse(table_of(complete("13/31/22")), seed=1)
    assert withheld.components is not None
    assert (withheld.components.on_boundary, withheld.notes) == (("tau", "nu"), ("all_ties",))
    assert analyse(table_of(TWO), seed=1).notes[-1] == "not_complete"


def test_sections_that_share_nobody_are_analysed_with_means_of_their_own() -> None:
    analysis = analyse(table_of(TWO, of_group(TWO, "xy")), seed=1)
    assert (analysis.outcome, analysis.graph.components) == (None, 2)
    assert analysis.components is not None
    assert len(analysis.components.means) == 2
    assert_whole(analysis)


def test_section_that_no_application_is_in_is_no_section() -> None:
    sections = {a: "x" for a, _ in BEARING} | {"elsewhere": "y"}
    analysis = analyse(table_of(BEARING, sections), seed=1)
    assert (analysis.outcome, analysis.table.section_names, analysis.notes) == (None, ("x",), ())


def test_unscored_applications_take_part_with_the_mean() -> None:
    table = score_table([Score(r, a, Fraction(v)) for (a, r), v in BEARING.items()], unscored=["late"])
    analysis = analyse(table, seed=1)
    assert analysis.outcome is None
    assert analysis.effects is not None
    assert analysis.effects.theta[-1] == 0
    assert table.means[-1] is None
    assert_whole(analysis)


def assert_whole(analysis: Analysis) -> None:
    """Every figure is there and finite, and the spreads are none of them negative."""
    assert analysis.components is not None
    assert analysis.effects is not None
    assert analysis.draws is not None
    (i, j), fit, effects = analysis.table.shape, analysis.components, analysis.effects
    assert np.isfinite([fit.tau, fit.nu, fit.sigma, fit.reml, *fit.means]).all()
    assert fit.sigma > 0 <= min(fit.tau, fit.nu)
    for values, count in (
        (effects.adjusted, i), (effects.adjusted_sd, i), (effects.theta, i), (effects.severity, j), (effects.severity_se, j),
    ):  # fmt: skip
        assert values.shape == (count,)
        assert np.isfinite(values).all()
    assert min(effects.adjusted_sd.min(), effects.severity_se.min()) >= 0
    assert np.isfinite(analysis.draws.quality).all()
    assert np.isfinite(analysis.draws.compared).all()
    assert summarise_ranks(analysis.draws, 1).expected.sum() == pytest.approx(i * (i + 1) / 2)


@st.composite
def any_panel(draw: st.DrawFn) -> ScoreTable:
    """Up to 6 x 6, any part of it filled, values of few levels or many, up to three sections, some nobody scored."""
    shape = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    level = draw(st.sampled_from(((2, 1), (5, 1), (3000, 30), (10**9, 1))))
    value = st.integers(1, level[0]).map(lambda n: Fraction(n, level[1]))
    cells = [(f"a{i}", f"r{j}") for i in range(shape[0]) for j in range(shape[1])]
    missing = draw(st.sets(st.sampled_from(cells))) if draw(st.booleans()) else set()
    filled = [cell for cell in cells if cell not in missing]
    scores = [Score(r, a, draw(value)) for a, r in filled]
    unscored = draw(st.sampled_from(((), ("u1",), ("u1", "u2"))))
    names = sorted({a for a, _ in cells} | set(unscored))
    count = draw(st.sampled_from((1, 1, 2, 3)))
    sections = {name: f"s{draw(st.integers(1, count))}" for name in names} if count > 1 else None
    return score_table(scores, sections, unscored)


@settings(max_examples=80)
@given(any_panel(), st.integers(0, 3))
def test_any_panel_has_an_outcome_or_finite_figures(table: ScoreTable, seed: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        analysis = analyse(table, seed)
    assert set(analysis.notes) <= set(NOTES)
    assert ("sections" in analysis.notes) == (len(table.section_names) > 1 and analysis.outcome is None)
    if analysis.outcome is None:
        assert_whole(analysis)
    else:
        assert analysis.outcome in OUTCOMES
        assert (analysis.effects, analysis.draws) == (None, None)


@settings(max_examples=15)
@given(any_panel())
def test_swiss_prior_meets_the_same_panels(table: ScoreTable) -> None:
    """It is for scores from 1 to 6, to which these are brought."""
    low, high = min(table.exact, default=Fraction(0)), max(table.exact, default=Fraction(1))
    scale = Fraction(5) / (high - low) if high > low else Fraction(1)
    scores = [
        Score(table.reviewers[j], table.applications[i], 1 + (value - low) * scale)
        for i, j, value in zip(table.rows, table.columns, table.exact, strict=True)
    ]
    sections = {a: table.section_names[s] for a, s in zip(table.applications, table.sections, strict=True)}
    brought = score_table(scores, sections, table.applications)
    analysis = analyse(brought, 1, "snsf")
    assert analysis.outcome == analyse(brought, 1).outcome
    if analysis.outcome is None:
        assert_whole(analysis)
