"""The ranking equals what anybody works out again from the stored reviews; so do the overview's figures."""

from collections import defaultdict
from fractions import Fraction

import pytest
from sqlalchemy import text

from calls.presets import preset
from storage import scenarios as stored_scenarios
from tests.support.worlds import CALL, CALL_ID, CASES, World
from workflow.conflicts import record_conflict
from workflow.eligibility import withdraw_application
from workflow.overview import get_headline, get_overview
from workflow.ranking import get_ranking
from workflow.saved_scenarios import save_scenario
from workflow.scenarios import default_scenario

RAW = text(
    """
    SELECT a.case_number, r.reviewer_id, s.criterion_id, s.level
    FROM reviews r JOIN review_scores s ON s.review_id = r.id JOIN applications a ON a.id = r.application_id
    WHERE a.call_id = :call AND r.state = 'submitted' AND a.withdrawn_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM conflicts c WHERE c.application_id = a.id AND c.account_id = r.reviewer_id)
      AND (SELECT outcome || application_version FROM eligibility e WHERE e.application_id = a.id
           ORDER BY e.id DESC LIMIT 1) = 'eligible' || a.version
    """
)


def means_by_hand(world: World, call_id: str) -> dict[str, Fraction]:
    """The mean of the composites per application, from the tables alone."""
    weights = {criterion.id: criterion.weight.value for criterion in preset(call_id).criteria}
    reviews: dict[tuple[str, int], dict[str, int | None]] = defaultdict(dict)
    with world.house.reading() as uow:
        for case, reviewer, criterion, level in uow.connection.execute(RAW, {"call": call_id}):
            reviews[case, reviewer][criterion] = level
    composites: dict[str, list[Fraction]] = defaultdict(list)
    for (case, _), given in reviews.items():
        points = [weights[key] * level for key, level in given.items() if level is not None]
        if len(points) == len(weights):
            composites[case].append(Fraction(sum(points), sum(weights.values())))
    return {case: sum(values, Fraction(0)) / len(values) for case, values in composites.items()}


def check(world: World, call_id: str) -> None:
    ranked = get_ranking(world.house, world["chair"], call_id)
    by_hand = means_by_hand(world, call_id)
    assert {r.view.case_number: r.standing.mean for r in ranked if r.standing.mean is not None} == by_hand
    places = {case: 1 + sum(other > mean for other in by_hand.values()) for case, mean in by_hand.items()}
    assert {r.view.case_number: r.standing.rank for r in ranked if r.standing.rank is not None} == places
    order = [r.standing.rank for r in ranked]
    assert order == sorted(order, key=lambda rank: (rank is None, rank or 0)), "not scored stand last"


def test_the_ranking_equals_an_independent_one(panel: World) -> None:
    check(panel, CALL_ID)
    ranked = get_ranking(panel.house, panel["chair"], CALL_ID)
    assert [(r.view.case_number, r.standing.rank, r.standing.reviews, r.complete) for r in ranked][:2] == [
        (CASES[0], 1, 3, True),
        (CASES[1], 2, 2, False),
    ]
    assert {r.standing.rank for r in ranked[2:]} == {None}
    panel.review("daavid", CASES[1], 5, 5, 5)
    panel.review("celia", CASES[2], 5, 5, 4)
    check(panel, CALL_ID)
    withdraw_application(panel.house, panel["officer"], CALL_ID, CASES[0], "Kirje.")
    check(panel, CALL_ID)


@pytest.mark.parametrize("call_id", ["2020", "2022"])
def test_the_sample_ranking_equals_an_independent_one(sample: World, call_id: str) -> None:
    ranked = get_ranking(sample.house, sample["paula.paattaja"], call_id)
    by_hand = means_by_hand(sample, call_id)
    assert by_hand
    assert {r.view.case_number: r.standing.mean for r in ranked if r.standing.mean is not None} == by_hand


def test_somebody_disqualified_does_not_see_the_application_in_the_ranking(desk: World) -> None:
    record_conflict(desk.house, desk["officer"], CALL_ID, CASES[0], desk["chair"].id, "other", "")
    assert CASES[0] not in {r.view.case_number for r in get_ranking(desk.house, desk["chair"], CALL_ID)}
    assert CASES[0] in {r.view.case_number for r in get_ranking(desk.house, desk["decider"], CALL_ID)}


def test_the_overview_counts_what_stands(panel: World) -> None:
    withdraw_application(panel.house, panel["officer"], CALL_ID, CASES[5], "Kirje.")
    seen = get_overview(panel.house, panel["officer"], CALL_ID)
    assert (seen.applications, seen.applied, seen.applied_eligible) == (6, 5 * 85_000, 5 * 85_000)
    assert seen.states == {"eligible": 5, "withdrawn": 1}
    assert seen.themes == {CALL.themes[0].id: (5, 5 * 85_000)}
    assert (seen.reviews_assigned, seen.reviews_submitted, seen.reviews_draft) == (15, 5, 1)
    assert {r.name: (r.assigned, r.submitted, r.drafts) for r in seen.reviewers} == {
        "Arvi": (4, 1, 0),
        "Britta": (4, 2, 0),
        "Celia": (4, 2, 0),
        "Daavid": (3, 0, 1),
    }
    assert get_headline(panel.house, panel["officer"], CALL_ID).applied == seen.applied


def test_a_reviewer_sees_only_their_own_progress(desk: World) -> None:
    seen = get_overview(desk.house, desk["arvi"], CALL_ID)
    assert (seen.reviews_assigned, seen.reviews_submitted, seen.reviews_draft, seen.reviewers) == (4, 1, 0, ())


def test_the_headline_tells_the_proposal_only_to_those_who_may_see_scenarios(desk: World) -> None:
    save_scenario(desk.house, desk["officer"], CALL_ID, "Perus", default_scenario(CALL))
    with desk.house.reading() as uow:
        outcome = stored_scenarios.list_scenarios(uow, CALL_ID)[-1].outcome
    headline = get_headline(desk.house, desk["chair"], CALL_ID)
    assert (headline.appropriation, headline.proposed, headline.remaining) == (
        10_000_000,
        outcome["spent"],
        outcome["remaining"],
    )
    assert headline.proposed == 2 * 85_000
    theirs = get_headline(desk.house, desk["arvi"], CALL_ID)
    assert (theirs.proposed, theirs.remaining) == (None, None)
