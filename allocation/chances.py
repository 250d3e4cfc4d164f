"""How probably each project is funded: thousands of drawn scores through the scenario's own rule.

Everything heavy is done in processes of their own (``chance_worker``), led by one small thread: a screen polls.
"""

import time
from collections.abc import Sequence
from functools import partial
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from allocation.chance_conduct import Found, Progress, conduct
from allocation.chance_process import WorkerError, Workers
from allocation.chance_result import WAYS, Chances, ChancesError
from allocation.chance_run import ChanceRun, State
from allocation.chance_spec import describe, to_json
from allocation.checks import check
from allocation.distribute import _require, _rule
from allocation.impossible import inside_out
from allocation.types import Project, Scenario
from locales import Message, msg

__all__ = ["WAYS", "ChanceRun", "Chances", "ChancesError", "Progress", "begin"]

MOST_WORKERS = 2
"""Processes of one calculation; only one works at a time."""
MOST_DRAWS = 10_000
"""Draws that are distributed; of more, so many are chosen with the seed."""
MOST_NUMBERS = 50_000_000
"""Draws times projects: more is refused."""
_LARGEST = 1e9
"""Scores above this are refused."""


def begin(
    projects: Sequence[Project],
    scenario: Scenario,
    ids: Sequence[str],
    draws: npt.ArrayLike,
    *,
    workers: int = 2,
    audit: int = 200,
    seed: int = 0,
    most: int = MOST_DRAWS,
    every: bool = False,
) -> ChanceRun:
    """Start working out in what share of ``draws`` (D x len(ids), scores) each project is funded.

    A scored project that is not among ``ids`` has its own score in every draw; one without a score is never funded.
    Scores are rounded to steps of a millionth (coarser only where sums would not be exact), and below 0 they count as
    0. ``every``: solve each draw where else a pool of distributions would be used; it takes longer. One calculation
    works at a time; a further one waits. Raises ScenarioError as ``distribute`` does, ChancesError for more projects
    than can be worked out, and ValueError for ids or draws that do not fit.
    """
    check(projects, scenario)
    _require(_rule(scenario), projects, scenario)
    drawn = _drawn(projects, ids, draws, seed, most)
    started = time.perf_counter()
    spec, problem = describe(projects, scenario, float(drawn.max(initial=1.0)))
    names = [one.project.id for one in problem.candidates]
    funded = {project.id: 0 for project in projects}
    every, count = every and spec.way == "pool", len(drawn)
    way = WAYS["every" if every else spec.way]

    def chances(found: Found) -> Chances:
        return Chances(
            draws=count,
            seed=seed,
            funded=MappingProxyType(funded | dict(zip(names, found.funded, strict=True))),
            way=way,
            portfolios=found.portfolios,
            missing_mass=found.missing_mass,
            audited=found.audited,
            audit_misses=found.misses,
            solved=found.solved,
            impossible=found.impossible,
            exact=spec.way != "pool" or every or found.solved == count,
            steps=spec.steps,
            seconds=time.perf_counter() - started,
            per_solve=found.per_solve,
        )

    if problem.conflict or inside_out(problem) or not names:
        state = State()
        hopeless = bool(problem.conflict or inside_out(problem))
        state.result = chances(Found((0,) * len(names), 1, None, 0, 0, 0, count if hopeless else 0))
        state.progress = Progress(count, count, msg("Done."))
        state.done.set()
        return ChanceRun(state)
    column = {key: place for place, key in enumerate(ids)}
    own = {one.project.id: float(one.score) for one in problem.candidates}
    scores = np.stack([drawn[:, column[key]] if key in column else np.full(count, own[key]) for key in names], axis=1)
    steps = np.rint(scores * spec.steps).astype(np.int64)
    state = State()
    state.progress = Progress(0, count, state.progress.words)

    def work(workers: Workers) -> None:
        try:
            workers.introduce()
            report = partial(setattr, state, "progress")
            state.result = chances(conduct(spec, steps, workers, audit, report, every=every))
        except WorkerError as error:
            if not state.cancelled.is_set():
                state.error = _why(str(error).strip().splitlines()[-1], scenario.time_limit)

    state.lead(lambda: Workers(min(max(workers, 1), MOST_WORKERS), to_json(spec)), work)
    return ChanceRun(state)


def _why(said: str, time_limit: float) -> Message:
    if said.endswith("time limit"):
        return msg("A draw could not be solved within the time limit of {n} seconds.", n=round(time_limit))
    return msg("The calculation failed: {why}", why=said)


def _drawn(
    projects: Sequence[Project], ids: Sequence[str], draws: npt.ArrayLike, seed: int, most: int
) -> npt.NDArray[np.float64]:
    """At most ``most`` of the draws, in an order of the seed, checked; nothing below 0."""
    found = np.asarray(draws)
    if found.ndim != 2 or found.shape[1] != len(ids):
        raise ValueError(f"draws: shape {found.shape} is not accepted; draws x {len(ids)} is")
    unknown = sorted(set(ids) - {project.id for project in projects})
    if unknown or len(set(ids)) != len(ids):
        raise ValueError(f"ids: {unknown or 'the same id twice'} is not accepted; different ids of the projects are")
    chosen = np.random.default_rng(seed).permutation(len(found))[:most]
    if found.shape[0] == 0:
        raise ValueError("draws: none are not accepted; at least 1 is")
    if len(chosen) * len(projects) > MOST_NUMBERS:
        raise ChancesError(
            msg(
                "The probabilities can be worked out for at most {most} projects with {draws} draws; here there are "
                "{projects}.",
                most=MOST_NUMBERS // len(chosen),
                draws=len(chosen),
                projects=len(projects),
            )
        )
    kept = found[chosen].astype(np.float64)
    if not np.isfinite(kept).all() or kept.max(initial=0.0) > _LARGEST:
        raise ValueError(f"draws: scores that are not finite or above {_LARGEST:g} are not accepted")
    return np.maximum(kept, 0.0)
