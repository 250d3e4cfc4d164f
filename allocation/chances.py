"""How probably each project is funded: thousands of drawn scores through the scenario's own rule.

Everything heavy is done in processes of their own (``chance_worker``), led by one small thread: a screen polls.
"""

import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from allocation.chance_conduct import Found, Progress, conduct
from allocation.chance_process import WorkerError, Workers
from allocation.chance_spec import describe, to_json
from allocation.checks import check
from allocation.distribute import _require, _rule
from allocation.impossible import inside_out
from allocation.types import Project, Scenario
from locales import Message, msg

MOST_DRAWS = 10_000
"""Draws that are distributed; of more, so many are chosen with the seed."""
MOST_NUMBERS = 50_000_000
"""Draws times projects: more is refused."""
_LARGEST = 1e9
"""Scores above this are refused."""

WAYS: Mapping[str, Message] = MappingProxyType(
    {
        "ranking": msg("Every draw was put in rank order and served by the rule, without a solver."),
        "bands": msg("Every draw was distributed by the rule, without a solver."),
        "line": msg(
            "In every draw the greatest total was found and proven, by trying all choices near the funding line and by "
            "dynamic programming."
        ),
        "vertex": msg("The linear programme was solved for every draw."),
        "each": msg("The rule was applied to every draw by itself, as some of its limits depend on the scores."),
        "pool": msg(
            "The programme was solved exactly for a part of the draws. Every other draw got the best of the "
            "distributions that were found, and the result was checked with exact solves of further draws."
        ),
    }
)
"""How the draws were distributed, in words."""


class ChancesError(RuntimeError):
    """There is no result; ``message`` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.msgid)
        self.message = message


@dataclass(frozen=True, slots=True)
class Chances:
    """In how many of ``draws`` each project is funded, and how sure that is.

    ``portfolios``: how many different sets of funded projects there are in the draws. ``missing_mass``: only where a
    pool was used, the estimated share of draws whose best distribution the pool lacks (Good 1953: those found once
    among those solved). ``audited``: draws of the last audit, solved exactly and not used for the pool before;
    ``audit_misses``: in how many of them the pool had no distribution as good. ``solved``: draws solved one by one.
    ``impossible``: draws in which the rules cannot all be met; nobody is funded in them. ``exact``: every draw was
    decided exactly. ``steps``: into how many steps per point the scores were rounded.
    """

    draws: int
    seed: int
    funded: Mapping[str, int]
    way: Message
    portfolios: int
    missing_mass: float | None
    audited: int
    audit_misses: int
    solved: int
    impossible: int
    exact: bool
    steps: int
    seconds: float = field(compare=False)

    def probability(self, project_id: str) -> float:
        """The share of draws in which the project is funded, 0 to 1. KeyError for an unknown project."""
        return self.funded[project_id] / self.draws if self.draws else 0.0

    def margin(self, project_id: str) -> float:
        """Within how much of the probability 95 % of repetitions with other draws would lie: 1.96 standard errors."""
        p = self.probability(project_id)
        return float(1.96 * np.sqrt(p * (1 - p) / self.draws)) if self.draws else 0.0

    @property
    def words(self) -> tuple[Message, ...]:
        """How the chances were worked out and how sure they are."""
        found = [
            msg(
                "{draws} draws of the scores with the seed {seed}, {portfolios} different sets of funded projects.",
                draws=self.draws,
                seed=self.seed,
                portfolios=self.portfolios,
            ),
            self.way,
        ]
        if self.audited:
            found.append(
                msg(
                    "Of {audited} draws checked, {misses} had a better distribution than was found without solving. "
                    "Estimated share of draws whose best distribution was not found: {share} %.",
                    audited=self.audited,
                    misses=self.audit_misses,
                    share=Fraction(round(1000 * (self.missing_mass or 0.0)), 10),
                )
            )
        if self.impossible:
            found.append(
                msg(
                    "In {count} draws the rules of the scenario cannot all be met; nobody is funded in them.",
                    count=self.impossible,
                )
            )
        return tuple(found)


class _State:
    """What the leading thread and the handle share. The handle may be dropped; this then ends the processes."""

    def __init__(self, workers: Workers | None) -> None:
        self.workers = workers
        self.progress = Progress(0, 1, msg("Starting the calculation."))
        self.cancelled = threading.Event()
        self.done = threading.Event()
        self.result: Chances | None = None
        self.error: Message | None = None

    def stop(self) -> None:
        """End the work, wherever it stands."""
        self.cancelled.set()
        if self.workers is not None:
            self.workers.end()


class ChanceRun:
    """A calculation under way. Dropping the last reference to it cancels it."""

    def __init__(self, state: _State) -> None:
        self._state = state
        self._finalizer = weakref.finalize(self, state.stop)

    @property
    def pids(self) -> tuple[int, ...]:
        """The numbers of the processes that work, or worked, on it."""
        return self._state.workers.pids if self._state.workers else ()

    def progress(self) -> Progress:
        """How far it is."""
        return self._state.progress

    @property
    def finished(self) -> bool:
        """There is a result, an error, or it was cancelled."""
        return self._state.done.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is finished; False if it is not yet."""
        return self._state.done.wait(seconds)

    def cancel(self) -> None:
        """Stop and end all processes; they are gone when this returns. Harmless when it is finished."""
        self._state.stop()
        self._state.done.wait(1.0)

    def result(self) -> Chances:
        """The result. Raises ChancesError if it is not finished, was cancelled or failed."""
        if self._state.result is not None:
            return self._state.result
        if self._state.error is not None:
            raise ChancesError(self._state.error)
        if self._state.cancelled.is_set():
            raise ChancesError(msg("The calculation was cancelled."))
        raise ChancesError(msg("The calculation is not finished."))


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
) -> ChanceRun:
    """Start working out in what share of ``draws`` (D x len(ids), scores) each project is funded.

    A scored project that is not among ``ids`` has its own score in every draw; one without a score is never funded.
    Scores are rounded to steps of a millionth (coarser only where sums would not be exact), and below 0 they count as
    0. Raises ScenarioError as ``distribute`` does, and ValueError for ids or draws that do not fit.
    """
    check(projects, scenario)
    _require(_rule(scenario), projects, scenario)
    drawn = _drawn(projects, ids, draws, seed, most)
    started = time.perf_counter()
    spec, problem = describe(projects, scenario, float(drawn.max(initial=1.0)))
    names = [one.project.id for one in problem.candidates]
    funded = {project.id: 0 for project in projects}
    way, count = WAYS[spec.way], len(drawn)

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
            exact=spec.way != "pool" or found.solved == count,
            steps=spec.steps,
            seconds=time.perf_counter() - started,
        )

    if problem.conflict or inside_out(problem) or not names:
        state = _State(None)
        hopeless = bool(problem.conflict or inside_out(problem))
        state.result = chances(Found((0,) * len(names), 1, None, 0, 0, 0, count if hopeless else 0))
        state.progress = Progress(count, count, msg("Done."))
        state.done.set()
        return ChanceRun(state)
    column = {key: place for place, key in enumerate(ids)}
    own = {one.project.id: float(one.score) for one in problem.candidates}
    scores = np.stack([drawn[:, column[key]] if key in column else np.full(count, own[key]) for key in names], axis=1)
    steps = np.rint(scores * spec.steps).astype(np.int64)
    state = _State(Workers(max(workers, 1), to_json(spec)))

    def work() -> None:
        assert state.workers is not None
        try:
            state.workers.introduce()
            found = conduct(spec, steps, state.workers, audit, lambda progress: setattr(state, "progress", progress))
            state.result = chances(found)
        except WorkerError as error:
            if not state.cancelled.is_set():
                state.error = _why(str(error).strip().splitlines()[-1], scenario.time_limit)
        finally:
            state.workers.end()
            state.done.set()

    threading.Thread(target=work, name="chances", daemon=True).start()
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
    if found.shape[0] == 0 or len(chosen) * max(len(projects), 1) > MOST_NUMBERS:
        raise ValueError(f"draws: {found.shape[0]} are not accepted; 1 to {MOST_NUMBERS // max(len(projects), 1)} are")
    kept = found[chosen].astype(np.float64)
    if not np.isfinite(kept).all() or kept.max(initial=0.0) > _LARGEST:
        raise ValueError(f"draws: scores that are not finite or above {_LARGEST:g} are not accepted")
    return np.maximum(kept, 0.0)
