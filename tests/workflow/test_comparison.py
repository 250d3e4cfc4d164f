"""Scenarios side by side: exact figures, the baseline first, who gains and loses and why; and explanations of awards."""

import threading
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import partial

import pytest

from allocation import Change, Constraint, Project, Scenario
from calls.register import register
from locales import render
from tests.support.worlds import CALL_ID, CASES, World
from tests.workflow.test_by_hand import FULL, saved_in, scenario_of, set_
from workflow.comparison import MOST_COMPARED, Comparison, compare_scenarios
from workflow.conflicts import record_conflict
from workflow.eligibility import withdraw_application
from workflow.errors import Refused
from workflow.explanations import explain_award, scenario_collision, scenario_effects
from workflow.saved_scenarios import Saved, save_scenario
from workflow.solved import Kept


def compared(world: World, *saved: Saved) -> Comparison:
    return compare_scenarios(world.house, world["decider"], CALL_ID, [one.id for one in saved])


def other(world: World, name: str, scenario: Scenario) -> Saved:
    return save_scenario(world.house, world["officer"], CALL_ID, name, scenario)


def test_the_baseline_stands_first_even_alone(scored: World) -> None:
    found = compared(scored)
    [baseline] = found.options
    assert (baseline.saved, render(baseline.name, "en")) == (
        None,
        "Greedy baseline: rank order with the call's own values",
    )
    assert baseline.run is not None
    assert baseline.run.scenario == scenario_of(scored, "rank_skip")
    assert [line.rank for line in found.lines] == [1, 2, 3, 3, 5, 6]


def test_figures_are_exact(scored: World) -> None:
    saved = saved_in(scored, "rank_skip", reserve=50_000)
    found = compared(scored, saved)
    option = found.options[1]
    figures, run = option.figures, option.run
    assert figures is not None
    assert run is not None
    scores = {one.view.case_number: one.standing.score or Fraction(0) for one in run.ranked}
    assert (figures.euros, figures.projects, figures.remaining) == (2 * FULL, 2, 90_000)
    assert figures.score_bought == scores[CASES[0]] + scores[CASES[1]]
    assert figures.score_times_euros == FULL * figures.score_bought == run.allocation.objective
    assert figures.mean_score == figures.score_bought / 2
    [theme], [region] = figures.themes, figures.regions
    assert (theme.euros, theme.projects, theme.share) == (2 * FULL, 2, Fraction(1))
    assert theme.name == found.ground.call.theme(theme.key).name  # type: ignore[union-attr]
    assert (region.key, region.euros, render(region.name, "fi")) == ("02", 2 * FULL, "Varsinais-Suomi")
    people = sum(e.population or 0 for e in register(2022).entries if e.region_code == "02")
    spread = figures.per_inhabitant
    assert [spread.least, spread.middle, spread.greatest] == [Fraction(0), Fraction(0), Fraction(2 * FULL, people)]
    assert (len(spread.by_region), len(spread.without), spread.uncertain, spread.nowhere) == (19, 18, (), 0)
    assert {line.case_number: line.grants for line in found.lines}[CASES[1]] == (FULL, FULL)
    assert {line.grants for line in found.lines if line.case_number not in CASES[:4]} == {(0, 0)}


def test_nothing_granted_has_no_shares_and_no_mean(scored: World) -> None:
    found = compared(scored, saved_in(scored, appropriation=1_000)).options[1].figures
    assert found is not None
    assert (found.euros, found.mean_score, found.themes[0].share) == (0, None, None)


def test_a_pair_says_who_gains_who_loses_and_by_which_setting(scored: World) -> None:
    first = saved_in(scored)
    cap = Constraint("Enintään kaksi hanketta", "count", upper=2)
    second = other(scored, "Katto", scenario_of(scored, constraints=(cap,)))
    found = compared(scored, first, second)
    pair = found.pair(1, 2)
    assert (pair.gains, len(pair.losses), pair.gained, pair.lost) == ((), 1, 0, FULL)
    [loss] = pair.losses
    assert loss.change.id in CASES[2:4]
    assert loss.change == Change(loss.change.id, FULL, 0, -FULL)
    assert "Enintään kaksi hanketta" in " ".join(render(setting, "en") for setting in loss.settings)
    back = found.pair(2, 1)
    assert ([cause.change.difference for cause in back.gains], back.losses) == ([FULL], ())
    assert found.pair(1, 1) == replace(pair, losses=())
    with pytest.raises(IndexError):
        found.pair(0, 3)


def test_what_is_set_by_hand_is_compared_and_named(scored: World) -> None:
    first = saved_in(scored)
    second = set_(scored, other(scored, "Käsin", scenario_of(scored)), CASES[1], 40_000)
    found = compared(scored, first, second)
    assert found.options[2].by_hand == {CASES[1]}
    [loss] = found.pair(1, 2).losses
    assert (loss.change.id, loss.change.difference) == (CASES[1], 40_000 - FULL)
    assert [render(setting, "en") for setting in loss.settings] == [f"the award of project {CASES[1]} set by hand"]


def test_what_cannot_be_run_today_says_so_beside_the_others(scored: World) -> None:
    forced = {CASES[1]: "Jatkohanke."}
    first = saved_in(scored, force_in=frozenset(forced), reasons=forced)
    second = other(scored, "Toinen", scenario_of(scored))
    withdraw_application(scored.house, scored["officer"], CALL_ID, CASES[1], "Kirje.")
    found = compared(scored, first, second)
    assert (found.options[1].run, found.options[1].figures) == (None, None)
    assert CASES[1] in render(found.options[1].problems[0], "en")
    assert (found.options[2].ranking_changed, found.options[2].problems) == (True, ())
    assert {line.grants[1] for line in found.lines} == {None}
    with pytest.raises(Refused):
        found.pair(1, 2)


def test_only_so_many_and_only_those_there_are_compared(scored: World) -> None:
    saved = saved_in(scored)
    assert len(compared(scored, saved, saved).options) == 2
    for ids in ([404], [saved.id, 0], list(range(1, MOST_COMPARED + 2))):
        with pytest.raises(Refused):
            compare_scenarios(scored.house, scored["decider"], CALL_ID, ids)


def test_an_award_is_explained_as_the_allocation_explains_it(scored: World) -> None:
    scenario = scenario_of(scored)
    found = explain_award(scored.house, scored["decider"], CALL_ID, scenario, CASES[4])
    assert (found.award.id, found.award.granted, bool(found.words)) == (CASES[4], 0, True)
    again = explain_award(scored.house, scored["decider"], CALL_ID, scenario, CASES[4])
    assert again is found, "kept, not solved again"
    assert explain_award(scored.house, scored["decider"], CALL_ID, scenario, CASES[5]).award.id == CASES[5]
    with pytest.raises(Refused, match="not in the ranking"):
        explain_award(scored.house, scored["decider"], CALL_ID, scenario, "VN/404/2022")


def test_effects_and_collisions_are_of_this_scenario(scored: World) -> None:
    rules, (less, more) = scenario_effects(scored.house, scored["decider"], CALL_ID, scenario_of(scored))
    assert {one.policy.key for one in rules} >= {"threshold", "max_share", "smallest_grant"}
    assert less is not None
    assert more is not None
    assert (less.euros, more.euros) == (-2 * FULL, FULL)
    assert scenario_collision(scored.house, scored["decider"], CALL_ID, scenario_of(scored)).rules == ()
    forced = dict.fromkeys(CASES[:4], "Syy.")
    wrong = scenario_of(scored, force_in=frozenset(forced), reasons=forced)
    collision = scenario_collision(scored.house, scored["decider"], CALL_ID, wrong)
    assert "appropriation" in {rule.key for rule in collision.rules}


def test_whoever_may_not_see_every_score_compares_and_explains_nothing(scored: World) -> None:
    saved = saved_in(scored)
    record_conflict(scored.house, scored["colleague"], CALL_ID, CASES[5], scored["decider"].id, "other", "")
    scenario = scenario_of(scored)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: compared(scored, saved),
        lambda: explain_award(scored.house, scored["decider"], CALL_ID, scenario, CASES[0]),
        lambda: scenario_effects(scored.house, scored["decider"], CALL_ID, scenario),
        lambda: scenario_collision(scored.house, scored["decider"], CALL_ID, scenario),
    )
    for attempt in attempts:
        with pytest.raises(Refused, match="disqualified"):
            attempt()


def test_answers_are_kept_by_content_within_bounds() -> None:
    kept, made = Kept(most=2, projects=3), list[str]()
    scenario = Scenario(10, "milp")

    def ask(project: Project, asked: Scenario = scenario, count: int = 1) -> None:
        kept.answer("f", (project,) * count, asked, lambda: made.append(project.id))

    a, b = Project("a", Fraction(1, 3), 5), Project("b", Fraction(1, 3), 5)
    ask(a)
    ask(Project("a", Fraction(2, 6), 5))
    assert made == ["a"]
    ask(replace(a, columns={"x": 1}))
    ask(a, replace(scenario, fixed={"a": 1}))
    assert made == ["a", "a", "a"]
    ask(a)
    assert len(made) == 4, "the first was let go"
    ask(b, count=4)
    ask(b, count=4)
    assert made[4:] == ["b", "b"], "what is larger than all that may be kept is not kept"

    def fail() -> None:
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            kept.answer("g", (), scenario, fail)


def test_many_may_ask_at_once() -> None:
    kept, found = Kept(most=3), list[int]()

    def ask(number: int) -> None:
        for step in range(200):
            wanted = (number + step) % 5
            found.append(kept.answer(str(wanted), (), Scenario(1, "milp"), partial(abs, wanted)) - wanted)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(found), set(found)) == (800, {0})
