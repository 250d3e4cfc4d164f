"""What the pages of reviewers and agreement withhold, and the order in which reviewers are shown."""

from fractions import Fraction

import pytest

from locales import msg
from scoring.figures import panel_figures
from scoring.scale_use import ScaleUse
from scoring.score_table import Score, score_table
from scoring.states import OUTCOMES
from ui.agreement_view import WITHHELD, Told
from ui.reviewers_view import Deviation, deviations, in_order
from workflow.panel_reviewers import ReviewerRow, ReviewerStatistics

STRICT = {"1": -1, "2": 0, "3": 1}
WORTH = {"a": 2, "b": 4, "c": 6, "d": 3, "e": 5, "f": 7}


def statistics(points: dict[tuple[str, str], int]) -> ReviewerStatistics:
    """Of reviewers "1", "2", ... whose (application, reviewer) points are given."""
    table = score_table([Score(who, case, Fraction(value)) for (case, who), value in points.items()])
    figures = panel_figures(table, 1)
    by_reviewer = {found.reviewer: found for found in figures.reviewers}
    rows = tuple(
        ReviewerRow(int(key), f"Reviewer {key}", found.n, None, found, ScaleUse(key, {}, None, None, 0, 0, None))
        for key, found in sorted(by_reviewer.items())
    )
    return ReviewerStatistics((1, 2, 3), rows, figures)


def panel(strict: dict[str, int], noise: int = 1) -> dict[tuple[str, str], int]:
    """Every reviewer scores every application; the noise is a fixed pattern without a trend of its own."""
    return {
        (case, who): worth + shift + noise * ((i * 2 + j * 3) % 5 - 2) // 2
        for i, (case, worth) in enumerate(WORTH.items())
        for j, (who, shift) in enumerate(strict.items())
    }


def test_reviewers_stand_from_the_one_who_gives_most() -> None:
    found = statistics(panel(STRICT))
    assert found.figures.outcome is None
    assert [row.reviewer_id for row in in_order(found)] == [3, 2, 1]
    known = deviations(found)
    assert known[3].value > known[2].value > known[1].value
    assert all(d.low < d.value < d.high for d in known.values())


@pytest.mark.parametrize(
    ("low", "high", "clear"), [(0.1, 0.5, True), (-0.5, -0.1, True), (-0.1, 0.5, False), (0.0, 0.5, False)]
)
def test_a_deviation_is_clear_when_its_interval_lies_on_one_side_of_zero(low: float, high: float, clear: bool) -> None:
    assert Deviation((low + high) / 2, low, high).clear is clear


def test_deviations_where_the_fit_finds_no_severity_are_what_it_could_still_be() -> None:
    turned = {
        (case, who): worth + (1 if (i + j) % 3 == 0 else -1)
        for i, (case, worth) in enumerate(WORTH.items())
        for j, who in enumerate(STRICT)
    }
    found = statistics(turned)
    assert "nu_zero" in found.figures.notes
    known = deviations(found)
    assert known.keys() == {1, 2, 3}
    assert all(d.low < 0 < d.high and not d.clear for d in known.values())


@pytest.mark.parametrize("reviewers", [{"1": 0}, {"1": 0, "2": 1}])
def test_an_outcome_withholds_every_figure(reviewers: dict[str, int]) -> None:
    found = statistics(panel(reviewers))
    assert found.figures.outcome is not None
    assert deviations(found) == {}
    told = Told("x", found.figures)
    assert (told.fitted, told.fit, told.alpha) == (None, None, None)


def test_every_outcome_has_a_sentence_about_agreement() -> None:
    assert set(WITHHELD) == set(OUTCOMES)
    assert all(text != msg("") for text in WITHHELD.values())
