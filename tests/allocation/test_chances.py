"""Funding probability: every way decides each draw as ``distribute`` would, and leaves no process behind."""

import gc
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from allocation import (
    Constraint,
    Dependent,
    Exclusive,
    Project,
    RuleName,
    Scenario,
    ScenarioError,
    Tier,
    distribute,
)
from allocation.chance_spec import Ints, Spec, describe, from_json, to_json
from allocation.chance_worker import perform
from allocation.chances import ChanceRun, Chances, ChancesError, begin

COLUMNS = ("seats", "balance")


def instance(seed: int, rule: RuleName, **wishes: bool) -> tuple[list[Project], Scenario]:
    """A small call: amounts that do not fit together, labels, and rows as wished."""
    dice = random.Random(seed)
    count = dice.randint(4, 9)
    lots = dice.sample(range(count), count)
    projects = []
    for number in range(count):
        applied = dice.randint(3, 30)
        projects.append(
            Project(
                f"P{number}",
                Fraction(dice.randint(10, 50), 10),
                applied,
                min_grant=dice.randint(1, applied) if wishes.get("minimums") and dice.random() < 0.5 else None,
                theme=dice.choice("ab"),
                region=dice.choice("xyz"),
                columns={"seats": dice.randint(0, 4), "balance": dice.randint(-3, 3)},
                tie_keys=(lots[number],),
            )
        )
    scenario = Scenario(
        dice.randint(20, 80),
        rule,
        unit=dice.choice((1, 1, 2)),
        objective=dice.choice(("score_of_funded", "score_times_grant")),
        threshold=dice.choice((None, Fraction(3))),
    )
    if wishes.get("caps"):
        scenario = replace(scenario, constraints=(Constraint("themes", each="theme", upper=dice.randint(15, 45)),))
    if wishes.get("columns"):
        more = (
            Constraint("seats", "seats", upper=dice.randint(3, 12)),
            Constraint("balance", "balance", upper=dice.randint(-1, 4)),
            Constraint("few", "count", where=(("region", ("x", "y")),), upper=dice.randint(1, 4)),
        )
        scenario = replace(
            scenario,
            constraints=(*scenario.constraints, *more),
            exclusive=(Exclusive("either", ("P0", "P1")),),
        )
    if wishes.get("floors"):
        floor = Constraint("floor", where=(("theme", ("a",)),), lower=dice.randint(1, 12))
        scenario = replace(scenario, constraints=(*scenario.constraints, floor))
    if wishes.get("links"):
        scenario = replace(scenario, dependent=(Dependent("after", "P2", ("P3",)),))
    if wishes.get("forced"):
        scenario = replace(scenario, force_in=frozenset({"P1"}), force_out=frozenset({"P2"}))
    if wishes.get("fixed"):
        scenario = replace(scenario, fixed={"P3": scenario.unit * (projects[3].applied // scenario.unit)})
    if rule == "tiers":
        steps = (Tier(Fraction(4), Fraction(1)), Tier(Fraction(5, 2), Fraction(1, 2)))
        scenario = replace(scenario, tiers=steps)
    return projects, scenario


CASES: Sequence[tuple[RuleName, tuple[str, ...]]] = (
    *(
        (rule, wishes)
        for rule in ("rank_strict", "rank_skip", "rank_partial")
        for wishes in ((), ("minimums", "forced"), ("caps", "columns"), ("caps", "columns", "minimums", "fixed"))
    ),
    *((rule, wishes) for rule in ("proportional", "tiers") for wishes in ((), ("minimums", "forced"), ("fixed",))),
    ("lp", ()),
    ("lp", ("fixed",)),
    ("lp", ("caps",)),
    ("lp", ("caps", "floors")),
    ("milp", ()),
    ("milp", ("forced", "fixed")),
    ("milp", ("minimums",)),
    ("milp", ("caps", "columns", "links")),
    ("milp", ("caps", "floors", "forced", "minimums")),
)


def draws_of(
    projects: Sequence[Project], seed: int, count: int = 12
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    centre = np.array([float(one.score or 0) for one in projects])
    found = centre + np.random.default_rng(seed).normal(0, 0.8, (count, len(projects)))
    return np.maximum(np.round(found, 6), 0.001)


def in_this_process(
    projects: Sequence[Project], scenario: Scenario, draws: np.ndarray[tuple[int, int], np.dtype[np.float64]]
) -> dict[str, list[bool]]:
    """Who is funded in which draw, by the worker's own function."""
    spec, problem = describe(projects, scenario, float(draws.max()))
    spec = from_json(to_json(spec))
    names = [one.project.id for one in problem.candidates]
    column = {one.id: place for place, one in enumerate(projects)}
    scores: Ints = np.rint(draws[:, [column[key] for key in names]] * spec.steps).astype(np.int64)
    funded = _funded(spec, scores)
    return {key: funded[:, place].tolist() for place, key in enumerate(names)}


def _funded(spec: Spec, scores: Ints) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    if spec.way == "pool":
        units = perform(spec, "solve", {"scores": scores})["units"]
        best = perform(spec, "assign", {"scores": scores, "pool": np.unique(units, axis=0)})
        value = perform(spec, "solve", {"scores": scores})["value"]
        assert best["value"].tolist() == value.tolist() or not units.any()
        return units > 0
    found: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] = perform(spec, "all", {"scores": scores})["funded"]
    return found


@pytest.mark.parametrize(("rule", "wishes"), CASES)
def test_each_draw_is_decided_as_the_rule_decides_it(rule: RuleName, wishes: tuple[str, ...]) -> None:
    for seed in range(2 if rule == "milp" else 6):
        projects, scenario = instance(seed, rule, **dict.fromkeys(wishes, True))
        draws = draws_of(projects, seed)
        found = in_this_process(projects, scenario, draws)
        for number, row in enumerate(draws):
            drawn = [
                replace(one, score=Fraction(round(score * 10**6), 10**6))
                for one, score in zip(projects, row, strict=True)
            ]
            expected = {award.id: award.granted > 0 for award in distribute(drawn, scenario).awards}
            assert {key: found.get(key, [False] * len(draws))[number] for key in expected} == expected, (seed, number)


def test_limits_that_depend_on_the_scores_hold_in_every_draw() -> None:
    projects, scenario = instance(1, "milp")
    mean = Constraint("scores", "score", upper=Fraction(9))
    for changed in (
        replace(scenario, rank_order=""),
        replace(scenario, rank_order="theme"),
        replace(scenario, constraints=(mean,)),
    ):
        draws = draws_of(projects, 1, 6)
        found = in_this_process(projects, changed, draws)
        for number, row in enumerate(draws):
            drawn = [
                replace(one, score=Fraction(round(score * 10**6), 10**6))
                for one, score in zip(projects, row, strict=True)
            ]
            expected = {award.id: award.granted > 0 for award in distribute(drawn, changed).awards}
            assert {key: found[key][number] for key in expected} == expected


@pytest.fixture(scope="module")
def pooled() -> tuple[list[Project], Scenario]:
    return instance(4, "milp", caps=True, columns=True)


def test_a_pool_is_audited_and_counts_every_draw(pooled: tuple[list[Project], Scenario]) -> None:
    projects, scenario = pooled
    draws = draws_of(projects, 2, 150)
    ids = [one.id for one in projects]
    runs = [begin(projects, scenario, ids, draws, seed=5, audit=10, workers=1 + k) for k in range(2)]
    first, second = (_result(run) for run in runs)
    assert first == second
    assert first.draws == 150
    assert first.audited == 10
    assert first.missing_mass is not None
    assert not first.exact
    assert all(message.msgid for message in first.words)
    own = in_this_process(projects, scenario, draws)
    if first.audit_misses == 0 and first.missing_mass == 0:
        assert first.funded == {key: sum(own.get(key, [])) for key in ids}


def test_a_pool_that_misses_something_says_so_first(pooled: tuple[list[Project], Scenario]) -> None:
    projects, scenario = pooled
    run = begin(projects, scenario, [one.id for one in projects], draws_of(projects, 2, 30), audit=5)
    found = _result(run)
    missed = replace(found, audit_misses=2, missing_mass=0.25)
    assert missed.words[0].msgid.startswith("These probabilities are not exact")
    assert missed.words[0].params == {"audited": found.audited, "misses": 2}
    assert replace(found, audit_misses=0).words[0] == found.words[0]
    assert found.seconds_to_solve_all > 0


@pytest.mark.parametrize(
    "wishes", [("caps", "columns", "links"), ("caps", "floors", "forced", "minimums"), ("columns", "minimums", "fixed")]
)
def test_with_every_draw_solved_the_counts_are_those_of_the_rule(wishes: tuple[str, ...]) -> None:
    for seed in range(2):
        projects, scenario = instance(seed, "milp", **dict.fromkeys(wishes, True))
        draws = draws_of(projects, seed, 15)
        found = _result(begin(projects, scenario, [one.id for one in projects], draws, every=True))
        expected, impossible = dict.fromkeys((one.id for one in projects), 0), 0
        for row in draws:
            drawn = [
                replace(one, score=Fraction(round(score * 10**6), 10**6))
                for one, score in zip(projects, row, strict=True)
            ]
            allocation = distribute(drawn, scenario)
            impossible += allocation.status == "infeasible"
            for award in allocation.awards:
                expected[award.id] += award.funded
        assert found.funded == expected
        assert (found.exact, found.solved, found.impossible, found.audited) == (True, len(draws), impossible, 0)
        assert found.missing_mass is None


def test_one_run_works_at_a_time_and_the_others_wait_in_order(pooled: tuple[list[Project], Scenario]) -> None:
    projects, scenario = pooled
    ids = [one.id for one in projects]
    long, short = draws_of(projects, 3, 5_000), draws_of(projects, 3, 5)
    working = begin(projects, scenario, ids, long, every=True, workers=8)
    given_up, following = (begin(projects, scenario, ids, short, every=True) for _ in range(2))
    assert len(working.pids) == 2
    _await(lambda: following.progress().words.params == {"n": 2})
    assert (given_up.pids, following.pids) == ((), ())
    assert not following.wait(0.05)
    given_up.cancel()
    assert given_up.finished
    with pytest.raises(ChancesError, match="cancelled"):
        given_up.result()
    _await(lambda: following.progress().words.params == {"n": 1})
    working.cancel()
    assert _result(following).exact
    assert not any(_alive(pid) for pid in (*working.pids, *following.pids))


def test_dropping_a_run_that_waits_lets_the_next_one_pass(pooled: tuple[list[Project], Scenario]) -> None:
    projects, scenario = pooled
    ids = [one.id for one in projects]
    working = begin(projects, scenario, ids, draws_of(projects, 3, 5_000), every=True)
    dropped = begin(projects, scenario, ids, draws_of(projects, 3, 5))
    following = begin(projects, scenario, ids, draws_of(projects, 3, 5), every=True)
    del dropped
    gc.collect()
    _await(lambda: following.progress().words.params == {"n": 1})
    working.cancel()
    assert _result(following).draws == 5


def _await(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    assert condition()


def test_more_projects_than_can_be_held_are_refused_in_words() -> None:
    projects = [Project(f"P{number}", Fraction(3), 10) for number in range(5_001)]
    draws = np.broadcast_to(np.float32(3), (10_000, len(projects)))
    with pytest.raises(ChancesError, match="at most") as refused:
        begin(projects, Scenario(100, "rank_skip"), [one.id for one in projects], draws)
    assert refused.value.message.params == {"most": 5_000, "draws": 10_000, "projects": 5_001}


def _result(run: ChanceRun) -> Chances:
    assert run.wait(60)
    assert run.progress().done == run.progress().total
    return run.result()


def test_what_is_not_scored_or_not_drawn_is_not_drawn_by_lot() -> None:
    projects = [Project("a", Fraction(3), 10), Project("b", None, 10), Project("c", Fraction(2), 10)]
    run = begin(projects, Scenario(10, "rank_skip"), ["a"], np.array([[1.0], [4.0], [5.0], [0.5]]), workers=1)
    assert run.wait(60)
    found = run.result()
    assert dict(found.funded) == {"a": 2, "b": 0, "c": 2}
    assert found.probability("a") == 0.5
    assert 0.4 < found.margin("a") < 0.5
    with pytest.raises(KeyError):
        found.probability("d")


def test_rules_that_can_never_be_met_fund_nobody_in_any_draw() -> None:
    projects = [Project("a", Fraction(3), 10)]
    scenario = Scenario(5, "milp", constraints=(Constraint("one", "count", lower=1),))
    run = begin(projects, scenario, ["a"], np.array([[1.0], [2.0]]), workers=1)
    assert run.wait(60)
    assert (run.result().impossible, run.result().probability("a")) == (2, 0.0)


@pytest.mark.parametrize("stop", [ChanceRun.cancel, None])
def test_cancelling_or_dropping_a_run_leaves_no_process(
    stop: Callable[[ChanceRun], None] | None, pooled: tuple[list[Project], Scenario]
) -> None:
    projects, scenario = pooled
    run = begin(projects, scenario, [one.id for one in projects], draws_of(projects, 3, 5_000), audit=5_000)
    _await(lambda: bool(run.pids))
    pids = run.pids
    assert len(pids) == 2
    assert all(_alive(pid) for pid in pids)
    if stop is None:
        del run
        gc.collect()
    else:
        stop(run)
        assert run.finished
        with pytest.raises(ChancesError):
            run.result()
    end = time.monotonic() + 2
    while any(_alive(pid) for pid in pids) and time.monotonic() < end:
        time.sleep(0.02)
    assert not any(_alive(pid) for pid in pids)


def test_a_process_that_dies_is_said(pooled: tuple[list[Project], Scenario]) -> None:
    projects, scenario = pooled
    run = begin(projects, scenario, [one.id for one in projects], draws_of(projects, 3, 5_000), audit=5_000)
    _await(lambda: bool(run.pids))
    os.kill(run.pids[0], 9)
    assert run.wait(30)
    with pytest.raises(ChancesError, match="failed"):
        run.result()
    assert not any(_alive(pid) for pid in run.pids)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_does_not_fit_is_refused_before_anything_starts() -> None:
    projects, scenario = instance(1, "milp")
    ids = [one.id for one in projects]
    with pytest.raises(ScenarioError):
        begin(projects, replace(scenario, rule="lp", smallest_grant=5), ids, draws_of(projects, 1))
    for wrong_ids, wrong in (
        (ids, draws_of(projects, 1)[:, 1:]),
        (["unknown", *ids[1:]], draws_of(projects, 1)),
        (ids, draws_of(projects, 1)[:0]),
        (ids, np.full((2, len(ids)), np.nan)),
    ):
        with pytest.raises(ValueError, match="accepted"):
            begin(projects, scenario, wrong_ids, wrong)
