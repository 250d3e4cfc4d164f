"""How much the ranking hangs on one reviewer, one criterion or the weights: checked by taking each away for real."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from scoring.ranking import rank
from scoring.sensitivity import RankRange, leave_criteria_out, leave_reviewers_out
from scoring.types import Review
from scoring.weight_range import weight_ranges
from tests.support.scored import WEIGHTS, agree, of_levels, read
from tests.support.worlds import CALL_ID, CASES, CRITERIA, REVIEWERS, World
from workflow import panel_sensitivity
from workflow.conflicts import record_conflict
from workflow.panel_sensitivity import Sensitivity, get_sensitivity
from workflow.ranking import get_ranking

FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH = CASES
AGREED = (2, 3, 2)


def sensitivity(world: World, who: str = "chair") -> Sensitivity:
    return get_sensitivity(world.house, world[who], CALL_ID)


def ranks(world: World) -> dict[str, int | None]:
    return {r.view.case_number: r.standing.rank for r in get_ranking(world.house, world["chair"], CALL_ID)}


def reviews_of(world: World) -> list[Review]:
    return [
        Review(case, str(review.reviewer_id), {key: score.level for key, score in review.scores.items()})
        for case, reviews in read(world, CASES).items()
        for review in reviews
    ]


def check_range(found: RankRange, without: Mapping[str, int | None]) -> None:
    """``without``: the rank without each reviewer or criterion, worked out by taking it away."""
    known = {name: place for name, place in without.items() if place is not None}
    assert (found.best, found.worst) == (min([found.rank, *known.values()]), max([found.rank, *known.values()]))
    assert set(found.best_without) == {name for name, place in known.items() if place == found.best < found.rank}
    assert set(found.worst_without) == {name for name, place in known.items() if place == found.worst > found.rank}
    assert set(found.unranked_without) == without.keys() - known.keys()


def test_ranks_without_a_reviewer_are_those_of_a_panel_without_them(scored: World) -> None:
    agree(scored, SIXTH, *AGREED)
    found = sensitivity(scored)
    assert {row.application: row.rank for row in found.reviewers} == ranks(scored)
    points, reviews = WEIGHTS, reviews_of(scored)
    agreed = {SIXTH: of_levels(*AGREED)}
    without = {
        str(scored[who].id): {
            standing.application: standing.rank
            for standing in rank(
                [review for review in reviews if review.reviewer != str(scored[who].id)],
                points,
                CASES,
                consensus=agreed,
                ranking_score="consensus_else_mean",
            )
        }
        for who in REVIEWERS
    }
    for row in found.reviewers:
        check_range(row, {name: places[row.application] for name, places in without.items()})
    # And once for real.
    for case in CASES:
        record_conflict(scored.house, scored["officer"], CALL_ID, case, scored["celia"].id, "employment", "")
    assert ranks(scored) == without[str(scored["celia"].id)]


def test_everything_is_that_of_scoring_on_the_same_reviews(scored: World) -> None:
    agree(scored, SIXTH, *AGREED)
    found, given = sensitivity(scored), (reviews_of(scored), WEIGHTS, CASES)
    agreed = {SIXTH: of_levels(*AGREED)}
    assert found.reviewers == leave_reviewers_out(*given, agreed, "consensus_else_mean")
    assert found.criteria == leave_criteria_out(*given, agreed, "consensus_else_mean")
    assert {(r.application, r.criterion): r for r in found.shares} == {
        (r.application, r.criterion): r for r in weight_ranges(*given, found.above, agreed, "consensus_else_mean")
    }
    assert found.above == 3
    assert not found.too_many
    assert found.names == {str(scored[who].id): who.title() for who in REVIEWERS}


def test_ranks_without_a_criterion_are_those_of_the_other_weights(scored: World) -> None:
    without = {
        left_out: {
            standing.application: standing.rank
            for standing in rank(reviews_of(scored), {k: v for k, v in WEIGHTS.items() if k != left_out}, CASES)
        }
        for left_out in CRITERIA
    }
    for row in sensitivity(scored).criteria:
        check_range(row, {name: places[row.application] for name, places in without.items()})


def test_within_its_weights_an_application_keeps_its_side(scored: World) -> None:
    agree(scored, FIFTH, 1, 1, 5)
    found = sensitivity(scored)
    standings = rank(reviews_of(scored), WEIGHTS, CASES)
    means = {s.application: s.criterion_means for s in standings} | {FIFTH: dict(zip(CRITERIA, (1, 1, 5), strict=True))}
    assert {(row.application, row.criterion) for row in found.shares} == {(a, c) for a in CASES for c in CRITERIA}

    def is_above(case: str, criterion: str, share: Fraction) -> bool:
        rest = sum(weight for key, weight in WEIGHTS.items() if key != criterion)
        parts = {key: share if key == criterion else (1 - share) * Fraction(w, rest) for key, w in WEIGHTS.items()}
        scores = {
            a: sum((parts[key] * (level or 0) for key, level in m.items()), Fraction(0)) for a, m in means.items()
        }
        return sum(score > scores[case] for score in scores.values()) < found.above

    for row in found.shares:
        assert row.low <= row.share <= row.high
        assert row.share == Fraction(WEIGHTS[row.criterion], sum(WEIGHTS.values()))
        inside = [row.low + (row.high - row.low) * Fraction(step, 8) for step in range(1, 8)]
        assert {is_above(row.application, row.criterion, share) for share in (row.share, *inside)} == {row.above}
        beyond = [row.low - Fraction(1, 10**6)] * (row.low > 0) + [row.high + Fraction(1, 10**6)] * (row.high < 1)
        assert {is_above(row.application, row.criterion, share) for share in beyond} <= {not row.above}
    assert {row.application for row in found.shares if row.above} == set(CASES[:4])
    assert not all(row.always for row in found.shares), "some change sides, or nothing is tried here"


def test_an_application_by_one_reviewer_alone_has_no_rank_without_them(desk: World) -> None:
    desk.review("daavid", THIRD, 4, 4, 5)
    row = next(row for row in sensitivity(desk).reviewers if row.application == THIRD)
    assert row.unranked_without == (str(desk["daavid"].id),)


def test_reviewers_of_hidden_applications_alone_are_not_named(desk: World) -> None:
    record_conflict(desk.house, desk["officer"], CALL_ID, FIRST, desk["chair"].id, "other", "")
    found = sensitivity(desk)
    assert sorted(found.names.values()) == ["Britta", "Celia"]
    assert {row.application for row in found.reviewers} == {SECOND}


def test_too_many_applications_are_said_to_be(scored: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel_sensitivity, "MOST_APPLICATIONS", 5)
    found = sensitivity(scored)
    assert (found.too_many, found.reviewers, found.criteria, found.shares, found.above) == (True, (), (), (), 3)
