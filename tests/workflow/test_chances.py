"""Funding probability over a call: whose draws, under which rule, and for whom."""

from dataclasses import replace
from fractions import Fraction

import pytest

from access.permissions import Forbidden
from allocation.chances import begin
from scoring.analysis import analyse
from scoring.consensus_draws import centre_on_consensus
from scoring.score_table import score_table
from tests.support.scored import agree, read, scores_of
from tests.support.worlds import CALL_ID, CASES, World
from workflow.chances import start_chances
from workflow.conflicts import record_conflict
from workflow.errors import Refused
from workflow.scenarios import default_scenario, run_scenario

SEED = 20_220_425


def test_the_draws_of_the_ranking_go_through_the_scenario(scored: World) -> None:
    run = run_scenario(scored.house, scored["officer"], CALL_ID)
    found = start_chances(scored.house, scored["officer"], CALL_ID, run.scenario)
    analysis = analyse(score_table(scores_of(read(scored, CASES))), SEED)
    assert analysis.draws is not None
    own = begin(run.projects, run.scenario, analysis.draws.applications, analysis.draws.quality, seed=SEED)
    assert found.wait(60)
    assert own.wait(60)
    result = found.result()
    assert result == own.result()
    assert result.draws == 10_000
    assert result.funded.keys() == set(CASES)
    assert result.probability(CASES[0]) > result.probability(CASES[5])


def test_agreed_applications_lie_around_their_consensus(scored: World) -> None:
    agree(scored, CASES[5], 5, 5, 5)
    run = run_scenario(scored.house, scored["chair"], CALL_ID)
    found = start_chances(scored.house, scored["chair"], CALL_ID, run.scenario)
    analysis = analyse(score_table(scores_of(read(scored, CASES))), SEED)
    assert analysis.draws is not None
    moved = centre_on_consensus(analysis.draws, analysis.table, {CASES[5]: Fraction(5)})
    own = begin(run.projects, run.scenario, moved.applications, moved.quality, seed=SEED)
    assert found.wait(60)
    assert own.wait(60)
    assert found.result() == own.result()


def test_only_those_who_may_see_scenarios_start_it(scored: World) -> None:
    scenario = run_scenario(scored.house, scored["officer"], CALL_ID).scenario
    with pytest.raises(Forbidden):
        start_chances(scored.house, scored["arvi"], CALL_ID, scenario)
    record_conflict(scored.house, scored["officer"], CALL_ID, CASES[0], scored["chair"].id, "party_or_relative", "")
    with pytest.raises(Refused):
        start_chances(scored.house, scored["chair"], CALL_ID, scenario)


def test_scores_that_bear_no_draws_and_impossible_scenarios_are_refused(desk: World, scored: World) -> None:
    run = run_scenario(desk.house, desk["officer"], CALL_ID)
    with pytest.raises(Refused) as few:
        start_chances(desk.house, desk["officer"], CALL_ID, run.scenario)
    assert len(few.value.messages) == 2
    wrong = replace(default_scenario(run.call), reserve=-1)
    with pytest.raises(Refused):
        start_chances(scored.house, scored["officer"], CALL_ID, wrong)
