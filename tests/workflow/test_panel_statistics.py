"""What the scores of a call can bear: the figures are those of scoring on the reviews that count, and of no others."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from scoring.figures import PanelFigures, panel_figures
from scoring.funding_line import funding_line
from scoring.score_table import Score, score_table
from scoring.states import NOTES, OUTCOMES
from storage import reviews as stored_reviews
from storage.reviews import StoredScore
from tests.support.scored import GIVEN, Levels, agree, begin_scored, fill_scores, read, scores_of
from tests.support.worlds import CALL, CALL_ID, CASES, CRITERIA, World, application
from workflow import panel_sensitivity, panel_statistics
from workflow.conflicts import record_conflict
from workflow.eligibility import withdraw_application
from workflow.panel_reviewers import get_agreement, get_reviewer_statistics
from workflow.panel_sensitivity import get_sensitivity
from workflow.panel_statistics import BANDS, RankingStatistics, get_ranking_statistics
from workflow.ranking import get_ranking
from workflow.review_reading import return_review
from workflow.reviewing import open_review
from workflow.scenarios import run_scenario

SEED = CALL.scoring.lot_seed.value
FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH = CASES
SEVENTH = "VN/7/2022"
READERS: tuple[Callable[..., Any], ...] = (
    get_ranking_statistics,
    get_reviewer_statistics,
    get_agreement,
    get_sensitivity,
)


KEPT = (panel_statistics._analysis, panel_statistics._criterion_figures, panel_sensitivity._sensitivity)
"""What is kept by content."""


def forget() -> None:
    for kept in KEPT:
        kept.cache_clear()


def worked_out() -> tuple[int, ...]:
    """How often each has been worked out since it was forgotten."""
    return tuple(kept.cache_info().misses for kept in KEPT)


def statistics(world: World, who: str = "decider") -> RankingStatistics:
    return get_ranking_statistics(world.house, world[who], CALL_ID)


def figures(scores: list[Score], k: int, consensus: dict[str, Fraction] | None = None) -> PanelFigures:
    """The figures of scoring on these scores."""
    agreed = consensus or {}
    return panel_figures(score_table(scores, unscored=list(agreed)), SEED, k=k, consensus=agreed)


def text_of(found: RankingStatistics) -> list[str]:
    return [message.msgid for message in found.states]


def test_figures_are_those_of_scoring_on_the_same_reviews(panel: World) -> None:
    for case, who in ((CASES[1], "daavid"), (CASES[2], "celia"), (CASES[2], "arvi"), (CASES[3], "britta")):
        panel.review(who, case, 5, 2, 3)
    found = statistics(panel)
    assert found.figures.draws == 20_000
    assert found.figures == figures(scores_of(read(panel, CASES)), k=4)
    assert get_reviewer_statistics(panel.house, panel["officer"], CALL_ID).figures == found.figures
    assert get_agreement(panel.house, panel["decider"], CALL_ID).whole == found.figures
    assert get_sensitivity(panel.house, panel["chair"], CALL_ID).above == found.above == 4


def test_standings_are_those_of_the_ranking(scored: World) -> None:
    agree(scored, SIXTH, 5, 5, 5)
    ranked = get_ranking(scored.house, scored["decider"], CALL_ID)
    assert statistics(scored).standings == tuple(row.standing for row in ranked)


def test_k_is_how_many_applications_the_appropriation_reaches(scored: World) -> None:
    """There is money for three; the third and the fourth have the same score."""
    awards = run_scenario(scored.house, scored["decider"], CALL_ID).baseline.awards
    found = statistics(scored)
    scores = {s.application: s.score for s in found.standings if s.score is not None}
    assert scores[THIRD] == scores[FOURTH] == found.line
    assert sum(award.funded for award in awards) == found.above == 3
    assert sum(row.p_top_k or 0.0 for row in found.figures.applications) == pytest.approx(3)


def test_a_small_project_far_below_does_not_draw_the_line_down(tmp_path: Path) -> None:
    """The third and the fourth do not fit any more and are skipped; the fifth does."""
    scored = begin_scored(f"sqlite:///{tmp_path / 'large.db'}", large=(THIRD, FOURTH))
    awards = run_scenario(scored.house, scored["decider"], CALL_ID).baseline.awards
    assert {award.id for award in awards if award.funded} == {FIRST, SECOND, FIFTH}
    found = statistics(scored)
    scores = {s.application: s.score for s in found.standings}
    assert (found.above, found.line) == (3, scores[THIRD])
    scored.house.engine.dispose()


def test_money_for_all_leaves_no_line_between(desk: World) -> None:
    for case in CASES[1:]:
        done = {review.reviewer for review in read(desk, [case])[case]}
        for who in GIVEN[case].keys() - {name.lower() for name in done}:
            desk.review(who, case, 4, 3, CASES.index(case))
    found = statistics(desk)
    assert (found.above, found.lines) == (6, {})
    assert {application.p_top_k for application in found.figures.applications} == {1.0}
    assert {application.gain for application in found.figures.applications} == {0.0}


def test_sides_part_the_applications_at_every_band(scored: World) -> None:
    found = statistics(scored)
    assert tuple(found.lines) == BANDS
    open_before: set[str] = set()
    for band, line in found.lines.items():
        assert line == funding_line(found.figures.applications, 3, band)
        assert line.sides.keys() == set(CASES)
        assert sum(line.count(side) for side in ("above", "open", "below")) == 6
        open_here = {case for case, side in line.sides.items() if side == "open"}
        assert open_before <= open_here, "a wider band leaves no fewer open"
        open_before = open_here
    assert {found.lines[50].sides[FIRST], found.lines[50].sides[SIXTH]} == {"above", "below"}


def test_where_a_review_matters_goes_by_what_it_would_tell(scored: World) -> None:
    found = statistics(scored)
    gains = [application.gain for application in found.where_a_review_matters]
    assert {application.application for application in found.where_a_review_matters} == set(CASES)
    assert gains == sorted(gains, key=lambda gain: -(gain or 0))
    assert {a.application for a in found.where_a_review_matters[:3]} & {THIRD, FOURTH}, "those at the line are open"
    assert found.by_case[FIRST] in found.where_a_review_matters


@pytest.mark.parametrize("reader", READERS)
def test_hidden_applications_are_absent_as_if_they_did_not_exist(scored: World, reader: Callable[..., Any]) -> None:
    whole = reader(scored.house, scored["chair"], CALL_ID)
    both = replace(scored["daavid"], roles=frozenset({"reviewer", "chair"}))
    assert reader(scored.house, both, CALL_ID) == whole
    # What is returned counts for nobody, and is hidden from its reviewer; the chair is disqualified from the same one.
    return_review(scored.house, scored["officer"], CALL_ID, SECOND, both.id, "Täydennä.")
    record_conflict(scored.house, scored["officer"], CALL_ID, SECOND, scored["chair"].id, "other", "")
    unread, blocked = (reader(scored.house, actor, CALL_ID) for actor in (both, scored["chair"]))
    assert reader(scored.house, scored["officer"], CALL_ID) not in (whole, blocked)
    withdraw_application(scored.house, scored["officer"], CALL_ID, SECOND, "Kirje.")
    forget()
    assert unread == blocked == reader(scored.house, scored["officer"], CALL_ID) != whole


def test_a_consensus_centres_the_draws_and_the_rank_follows(scored: World) -> None:
    before = statistics(scored)
    agree(scored, FIRST, 1, 1, 2)
    after = statistics(scored)
    # The line moves to the third of those that are left.
    assert after.figures == figures(scores_of(read(scored, CASES)), after.above, {FIRST: consensus_of(1, 1, 2)})
    assert (before.figures.consensus, after.figures.consensus) == ((), (FIRST,))
    assert after.by_case[FIRST].mean == before.by_case[FIRST].mean
    assert after.standings[-1].application == FIRST
    places = [before.by_case[FIRST].expected_rank, after.by_case[FIRST].expected_rank]
    assert places[0] is not None
    assert places[1] is not None
    assert places[0] < 2 < 5 < places[1]
    others = [found.expected_rank for case, found in after.by_case.items() if case != FIRST]
    assert all(rank is not None and rank < places[1] for rank in others)


def test_the_fit_is_kept_for_every_reader_and_every_line_until_a_score_changes(scored: World) -> None:
    forget()
    first = [reader(scored.house, scored["chair"], CALL_ID) for reader in READERS]
    once = (1, len(CRITERIA), 1)
    assert worked_out() == once
    assert [reader(scored.house, scored["officer"], CALL_ID) for reader in READERS] == first
    assert worked_out() == once
    # A consensus on what is reviewed moves ranks and the line, but nothing that was fitted.
    agree(scored, FIRST, 1, 1, 2)
    after = [reader(scored.house, scored["chair"], CALL_ID) for reader in READERS]
    assert worked_out() == (1, len(CRITERIA), 2)
    assert after[0].figures.components == first[0].figures.components
    assert (after[0].by_case[FIRST].adjusted, first[0].by_case[FIRST].adjusted is None) == (None, False)
    return_review(scored.house, scored["officer"], CALL_ID, SECOND, scored["daavid"].id, "Täydennä.")
    fewer = [reader(scored.house, scored["chair"], CALL_ID) for reader in READERS]
    assert worked_out() == (2, 2 * len(CRITERIA), 3)
    assert fewer[0].figures.components != first[0].figures.components
    # What is kept is what would be worked out.
    forget()
    assert [reader(scored.house, scored["chair"], CALL_ID) for reader in READERS] == fewer


def consensus_of(*levels: int) -> Fraction:
    points = [criterion.weight.value for criterion in CALL.criteria]
    return Fraction(sum(p * level for p, level in zip(points, levels, strict=True)), sum(points))


def test_an_unreviewed_application_with_a_consensus_takes_part(scored: World) -> None:
    scored.take(application(7), filename="seitsemäs.xlsx")
    scored.confirm(SEVENTH)
    before = statistics(scored)
    assert SEVENTH not in before.by_case
    assert (before.standings[-1].application, before.standings[-1].rank) == (SEVENTH, None)
    agree(scored, SEVENTH, 5, 5, 5)
    after = statistics(scored)
    found = after.by_case[SEVENTH]
    assert (found.n, found.mean, found.calibrated) == (0, None, None)
    assert (after.figures.scores, len(after.figures.applications)) == (18, 7)
    others = [other.expected_rank for case, other in after.by_case.items() if case != SEVENTH]
    assert found.expected_rank is not None
    assert all(rank is not None and rank > found.expected_rank for rank in others)
    assert SEVENTH in after.lines[50].sides


def test_a_consensus_on_an_application_without_scores_around_it_is_no_score(desk: World) -> None:
    agree(desk, FOURTH, 5, 5, 5)
    found = statistics(desk)
    assert (found.figures.outcome, found.figures.consensus) == ("too_few_applications", (FOURTH,))
    assert (found.by_case[FOURTH].mean, found.by_case[FOURTH].expected_rank) == (None, None)
    assert found.above == 3


def test_where_the_mean_ranks_a_consensus_changes_nothing(tmp_path: Path) -> None:
    world = begin_scored(f"sqlite:///{tmp_path / 'mean.db'}", "mean")
    before, sensitive = statistics(world), get_sensitivity(world.house, world["chair"], CALL_ID)
    agree(world, FIRST, 1, 1, 1)
    after, as_sensitive = statistics(world), get_sensitivity(world.house, world["chair"], CALL_ID)
    world.house.engine.dispose()
    assert {s.application for s in after.standings if s.consensus is not None} == {FIRST}
    assert (after.figures, after.line, after.lines) == (before.figures, before.line, before.lines)
    assert (after.figures.consensus, as_sensitive) == ((), sensitive)


def without(scores: list[Score], who: int, case: str) -> list[Score]:
    return [score for score in scores if (score.reviewer, score.application) != (str(who), case)]


def test_the_review_of_somebody_disqualified_does_not_count(scored: World) -> None:
    scores = scores_of(read(scored, CASES))
    record_conflict(scored.house, scored["officer"], CALL_ID, FIRST, scored["arvi"].id, "employment", "")
    found = statistics(scored)
    assert found.figures == figures(without(scores, scored["arvi"].id, FIRST), found.above)
    assert (found.by_case[FIRST].n, found.figures.scores) == (2, 17)


def test_a_review_that_is_returned_does_not_count_until_it_is_submitted_again(scored: World) -> None:
    scores = scores_of(read(scored, CASES))
    before = statistics(scored)
    return_review(scored.house, scored["officer"], CALL_ID, FIRST, scored["arvi"].id, "Täydennä.")
    found = statistics(scored)
    assert found.figures == figures(without(scores, scored["arvi"].id, FIRST), found.above)
    scored.review("arvi", FIRST, *GIVEN[FIRST]["arvi"])
    assert statistics(scored) == before


def test_a_review_that_lacks_a_criterion_counts_where_it_has_a_level(scored: World) -> None:
    """None can be submitted so; a database that holds one still gives no composite, and the level is not 0."""
    scores = scores_of(read(scored, CASES))
    levels = dict(zip(CRITERIA, GIVEN[FIRST]["arvi"], strict=True)) | {CRITERIA[0]: None}
    break_review(scored, "arvi", FIRST, levels)
    found = statistics(scored)
    assert found.figures == figures(without(scores, scored["arvi"].id, FIRST), found.above)
    assert (found.by_case[FIRST].n, found.figures.scores) == (2, 17)
    row = next(
        row for row in get_reviewer_statistics(scored.house, scored["chair"], CALL_ID).rows if row.reviewer == "Arvi"
    )
    assert (row.reviews, row.figures and row.figures.n) == (4, 3)
    assert sum(row.use.levels.values()) == 4 * len(CRITERIA) - 1
    agreement = get_agreement(scored.house, scored["chair"], CALL_ID)
    assert [agreement.criteria[key].scores for key in CRITERIA] == [17, 18, 18]


def break_review(world: World, who: str, case: str, levels: dict[str, int | None]) -> None:
    """Store a submitted review with these levels, whatever the checks of a review say."""
    version = open_review(world.house, world[who], CALL_ID, case).version
    world.sound = False
    with world.house.writing(world[who], CALL_ID) as uow:
        stored_reviews.save_review(
            uow,
            world.views()[case].id,
            world[who].id,
            application_version=1,
            state="submitted",
            scores={key: StoredScore(level, "Perustelu.") for key, level in levels.items()},
            remark="",
            confidence=None,
            expected_version=version,
            action="review.submit",
        )


def test_a_draft_and_what_scores_do_not_hold_change_nothing(scored: World) -> None:
    before = [reader(scored.house, scored["chair"], CALL_ID) for reader in READERS]
    seed_of_the_call = before[0].figures.seed
    assert seed_of_the_call == SEED
    scored.take(application(7), filename="seitsemäs.xlsx")
    scored.assign(FIRST, ["arvi", "britta", "celia", "daavid"])
    scored.review("daavid", FIRST, 1, None, 1, submit=False)
    assert [reader(scored.house, scored["chair"], CALL_ID) for reader in READERS] == before
    forget()
    assert [reader(scored.house, scored["chair"], CALL_ID) for reader in READERS] == before


ONE: Levels = (4, 3, 2)
TINY: dict[str, dict[str, dict[str, Levels]]] = {
    "no_scores": {FIRST: {}, SECOND: {}},
    "one_application": {FIRST: {"arvi": ONE, "britta": (5, 5, 5)}},
    "one_reviewer": {FIRST: {"arvi": ONE}, SECOND: {"arvi": (1, 2, 3)}, THIRD: {"arvi": (3, 3, 3)}},
    "no_spread": {case: dict.fromkeys(("arvi", "britta", "celia"), ONE) for case in CASES[:3]},
    "too_few_applications": {
        FIRST: {"arvi": ONE, "britta": (5, 4, 3), "celia": (3, 3, 1)},
        SECOND: {"arvi": (2, 2, 2), "britta": (3, 2, 1), "celia": (4, 4, 4)},
    },
    "too_few_reviewers": {
        FIRST: {"arvi": ONE, "britta": (5, 4, 3)},
        SECOND: {"arvi": (2, 2, 2), "britta": (3, 2, 1)},
        THIRD: {"arvi": (5, 5, 4), "britta": (2, 4, 4)},
    },
    "disconnected": {
        FIRST: {"arvi": ONE, "britta": (5, 4, 3)},
        SECOND: {"arvi": (2, 2, 2), "britta": (3, 2, 1)},
        THIRD: {"celia": (5, 5, 4), "daavid": (2, 4, 4)},
        FOURTH: {"celia": (1, 1, 3), "daavid": (2, 2, 4)},
    },
    "too_few_reviews": {
        FIRST: {"arvi": ONE},
        SECOND: {"arvi": (2, 2, 2), "britta": (3, 2, 1)},
        THIRD: {"britta": (5, 5, 4), "celia": (2, 4, 4)},
    },
    "perfect_fit": {
        case: {who: (level + strict,) * 3 for who, strict in (("arvi", 0), ("britta", 1), ("celia", 2))}
        for case, level in zip(CASES[:3], (1, 2, 3), strict=True)
    },
}
"""Panels too small or too regular, by the outcome that withholds the figures."""


@pytest.mark.parametrize("outcome", TINY)
def test_a_tiny_panel_has_a_named_outcome_and_no_figure_that_pretends(small: World, outcome: str) -> None:
    fill_scores(small, TINY[outcome])
    found = statistics(small)
    assert found.figures.outcome == outcome
    assert text_of(found) == [OUTCOMES[outcome].msgid, *(NOTES[note].msgid for note in found.figures.notes)]
    given = {case: len(reviews) for case, reviews in TINY[outcome].items() if reviews}
    assert {case: row.n for case, row in found.by_case.items()} == given
    assert {case: row.mean for case, row in found.by_case.items()} == {
        standing.application: standing.mean for standing in found.standings if standing.mean is not None
    }
    for row in found.by_case.values():
        withheld = (row.adjusted, row.sd, row.expected_rank, row.pcer, row.p_top_k, row.gain, row.p_low, row.p_high)
        assert set(withheld) == {None}
        assert row.ranks == {}
    assert (found.figures.draws, found.lines, found.where_a_review_matters) == (0, {}, ())
    reviewers = get_reviewer_statistics(small.house, small["chair"], CALL_ID)
    people = {who for reviews in TINY[outcome].values() for who in reviews}
    assert [row.reviewer for row in reviewers.rows] == sorted(who.title() for who in people)
    assert {row.figures.severity for row in reviewers.rows if row.figures} <= {None}
    assert reviewers.states == found.states
    agreement = get_agreement(small.house, small["decider"], CALL_ID)
    assert agreement.whole == found.figures
    assert all(of_criterion.draws == 0 for of_criterion in agreement.criteria.values())
    ranked = {row.application for row in get_sensitivity(small.house, small["decider"], CALL_ID).reviewers}
    assert ranked == given.keys()


def test_a_call_without_applications_has_nothing_to_compare(small: World) -> None:
    found = statistics(small)
    assert (found.figures.outcome, found.standings, found.line, found.above) == ("no_scores", (), None, 0)
    assert [reader(small.house, small["chair"], CALL_ID) is not None for reader in READERS] == [True] * 4


def test_means_that_are_all_the_same_are_said_to_be(small: World) -> None:
    turned = {
        case: dict(zip(("arvi", "britta", "celia"), ((1,) * 3, (2,) * 3, (3,) * 3), strict=True)) for case in CASES[:2]
    }
    turned[THIRD] = {"arvi": (3, 3, 3), "britta": (2, 2, 2), "celia": (1, 1, 1)}
    turned[FOURTH] = {"arvi": (2, 2, 2), "britta": (3, 3, 3), "celia": (1, 1, 1)}
    fill_scores(small, turned)
    found = statistics(small)
    assert found.figures.outcome is None
    assert "all_ties" in found.figures.notes
    assert NOTES["all_ties"].msgid in text_of(found)
