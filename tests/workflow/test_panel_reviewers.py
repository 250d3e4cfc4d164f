"""How reviewers score, by name, and how far they agree: figures of scoring on the same reviews, nobody hidden shows."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest

from scoring.figures import panel_figures
from scoring.score_table import Score, score_table
from tests.support.scored import GIVEN, WEIGHTS, agree, fill_scores, read, scores_of
from tests.support.worlds import CALL, CALL_ID, CASES, CRITERIA, TERMINAL, World
from workflow.accounts import add_account
from workflow.conflicts import record_conflict
from workflow.panel_reviewers import ReviewerRow, ReviewerStatistics, get_agreement, get_reviewer_statistics
from workflow.panel_statistics import get_ranking_statistics
from workflow.review_reading import return_review

SEED = CALL.scoring.lot_seed.value
FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH = CASES


def statistics(world: World, who: str = "chair") -> ReviewerStatistics:
    return get_reviewer_statistics(world.house, world[who], CALL_ID)


def rows(found: ReviewerStatistics) -> dict[str, ReviewerRow]:
    return {row.reviewer: row for row in found.rows}


def given_by(username: str) -> dict[str, tuple[int, ...]]:
    return {case: reviews[username] for case, reviews in GIVEN.items() if username in reviews}


def test_reviewers_are_named_with_what_they_gave(scored: World) -> None:
    found = statistics(scored)
    assert [(row.reviewer, row.reviewer_id) for row in found.rows] == [
        (name, scored[name.lower()].id) for name in ("Arvi", "Britta", "Celia", "Daavid")
    ]
    assert found.levels == (1, 2, 3, 4, 5)
    for name, row in rows(found).items():
        given = given_by(name.lower())
        composites = [
            Fraction(
                sum(WEIGHTS[key] * level for key, level in zip(CRITERIA, levels, strict=True)), sum(WEIGHTS.values())
            )
            for levels in given.values()
        ]
        assert (row.reviews, row.mean) == (len(given), sum(composites) / len(composites))
        levels = Counter(level for levels in given.values() for level in levels)
        assert row.use.levels == {level: levels[level] for level in found.levels}
        given_in_all = [level for levels in given.values() for level in levels]
        assert (row.use.lowest, row.use.highest) == (
            given_in_all.count(1) / len(given_in_all), given_in_all.count(5) / len(given_in_all)
        )  # fmt: skip
        # Three reviewers each: everybody shares all of theirs with all others.
        assert (row.use.shared, row.use.partners) == (len(given), 3)
        assert row.use.residual_sd is not None
        assert row.figures == next(r for r in found.figures.reviewers if r.reviewer == str(row.reviewer_id))
        assert row.figures.n == len(given)
    assert found.figures == get_ranking_statistics(scored.house, scored["decider"], CALL_ID).figures


def test_a_strict_reviewer_is_seen_as_one(small: World) -> None:
    fill_scores(small, {
        case: {"arvi": (base - 1, base, base - 1), "britta": (base, base, 4), "celia": (base + 1, base, base + 1)}
        for case, base in zip(CASES[:5], (4, 3, 2, 4, 3), strict=True)
    })  # fmt: skip
    severity = {name: row.figures.severity for name, row in rows(statistics(small)).items() if row.figures is not None}
    assert severity["Arvi"] is not None
    assert severity["Celia"] is not None
    assert severity["Arvi"] < -0.3 < 0.3 < severity["Celia"]
    figures = {name: row.figures for name, row in rows(statistics(small)).items()}
    strict, lenient = figures["Arvi"], figures["Celia"]
    assert strict is not None
    assert lenient is not None
    assert strict.high is not None
    assert lenient.low is not None
    assert strict.high < 0 < lenient.low, "both are beyond what chance explains"
    test = statistics(small).figures.reviewers_differ
    assert test is not None
    assert test.p < 0.01


def test_people_of_one_name_are_two_rows(scored: World) -> None:
    account, _ = add_account(scored.house.engine, TERMINAL, username="arvi2", name="Arvi", roles=("reviewer",))
    scored.people["arvi2"] = replace(scored["arvi"], id=account.id, username="arvi2")
    scored.assign(FIFTH, ["arvi", "britta", "celia", "arvi2"])
    scored.review("arvi2", FIFTH, 1, 1, 1)
    found = [(row.reviewer, row.reviewer_id, row.reviews) for row in statistics(scored).rows][:3]
    assert found == [("Arvi", scored["arvi"].id, 4), ("Arvi", account.id, 1), ("Britta", scored["britta"].id, 5)]


def test_only_who_has_a_counted_review_has_a_row(desk: World) -> None:
    """Daavid has begun a review; Arvi's only one is returned, or is of an application that the reader must not see."""
    assert set(rows(statistics(desk))) == {"Arvi", "Britta", "Celia"}
    record_conflict(desk.house, desk["officer"], CALL_ID, FIRST, desk["chair"].id, "other", "")
    found = statistics(desk)
    assert {name: row.reviews for name, row in rows(found).items()} == {"Britta": 1, "Celia": 1}
    assert "Arvi" in rows(statistics(desk, "officer"))
    return_review(desk.house, desk["officer"], CALL_ID, FIRST, desk["arvi"].id, "Täydennä.")
    assert set(rows(statistics(desk, "officer"))) == {"Britta", "Celia"}


def test_a_conflict_of_interest_takes_the_review_out_of_the_reviewers_figures(scored: World) -> None:
    before = rows(statistics(scored))["Arvi"]
    record_conflict(scored.house, scored["officer"], CALL_ID, FIRST, scored["arvi"].id, "employment", "")
    after = rows(statistics(scored))["Arvi"]
    assert (before.reviews, after.reviews, after.figures and after.figures.n) == (4, 3, 3)
    assert sum(after.use.levels.values()) == 3 * len(CRITERIA)


def test_a_consensus_is_nobodys_review(scored: World) -> None:
    before = statistics(scored)
    agree(scored, FIRST, 1, 1, 1)
    assert statistics(scored).rows == before.rows


@pytest.mark.parametrize("place", range(len(CRITERIA)))
def test_agreement_on_a_criterion_is_that_of_its_levels_alone(scored: World, place: int) -> None:
    found = get_agreement(scored.house, scored["decider"], CALL_ID)
    assert tuple(found.criteria) == CRITERIA
    levels = [
        Score(str(scored[who].id), case, Fraction(levels[place]))
        for case, reviews in GIVEN.items()
        for who, levels in reviews.items()
    ]
    assert found.criteria[CRITERIA[place]] == panel_figures(score_table(levels), SEED)
    assert found.whole == get_ranking_statistics(scored.house, scored["decider"], CALL_ID).figures


def test_agreement_is_the_reviews_own_also_after_a_consensus(scored: World) -> None:
    before = get_agreement(scored.house, scored["chair"], CALL_ID)
    agree(scored, FIRST, 1, 1, 1)
    after = get_agreement(scored.house, scored["chair"], CALL_ID)
    assert after.criteria == before.criteria
    assert after.whole.agreement == before.whole.agreement
    assert after.whole.agreement.forms is None, "not everybody reviewed everything"


def test_forms_of_a_complete_table_are_given(small: World) -> None:
    people = ("arvi", "britta", "celia")
    given = zip(CASES[:4], ("534", "423", "312", "254"), strict=True)
    fill_scores(small, {case: {who: (int(row[i]),) * 3 for i, who in enumerate(people)} for case, row in given})
    found = get_agreement(small.house, small["officer"], CALL_ID)
    scores = scores_of(read(small, CASES[:4]))
    assert found.whole.agreement.forms is not None
    assert found.whole.agreement.kendall_w is not None
    assert found.whole.agreement == panel_figures(score_table(scores), SEED, k=found.whole.k).agreement
    # Every criterion has the same levels here, and so has the composite.
    assert {one.agreement.forms for one in found.criteria.values()} == {found.whole.agreement.forms}
