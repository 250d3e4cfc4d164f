"""Fitting the variance components: ours beside MixedLM of statsmodels and lmer of mixedlm, in one run.

All three maximise the same restricted likelihood of crossed random effects, so that an excess of -2 ln REML over the
least of the three means that a method stopped short. Each method has a process of its own, one thread and
SECONDS_LIMIT, and has fitted a small panel before it is measured. As there is one thread, seconds are the processor's:
other work on the machine does not count. Run: python -m benchmarks.fit_components. A peer that is not installed is left
out.
"""

import importlib.util
import math
import multiprocessing
import os
import statistics
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection

import numpy as np
from scipy import sparse

from benchmarks._panels import simulated_panel
from scoring.components import fit_components
from scoring.score_table import ScoreTable, score_table
from scoring.threads import one_thread

SECONDS_LIMIT = 60
ROUNDS = 7
LARGEST_DENSE = 1_000
"""Applications up to which statsmodels is given dense columns: below, it is faster so than with sparse ones."""
SHORT = 1e-3
"""Excess of -2 ln REML beyond which a fit has stopped short of the maximum."""


@dataclass(frozen=True)
class Task:
    """``panels`` panels of one size with given (tau, nu, sigma), fitted one after the other."""

    applications: int
    reviewers: int
    reviews: int
    truth: tuple[float, float, float] = (0.8, 0.5, 0.9)
    panels: int = 1

    def __str__(self) -> str:
        size = f"{self.applications:,} x {self.reviewers}, {self.reviews:,} reviews"
        return size if self.panels == 1 else f"{self.panels} of {size}, nu = {self.truth[1]:g}"

    def tables(self) -> list[ScoreTable]:
        sizes = self.applications, self.reviewers, self.reviews
        draws = [np.random.default_rng(seed) for seed in range(1, self.panels + 1)]
        return [score_table(simulated_panel(rng, *sizes, *self.truth)[0]) for rng in draws]


TASKS = (
    Task(60, 10, 182),
    Task(600, 30, 2_111),
    Task(5_000, 400, 20_000),
    Task(55, 8, 165, (0.8, 0.0, 0.9), panels=100),
)


@dataclass(frozen=True)
class Measured:
    """Seconds for all panels together (median of the rounds), and -2 ln REML of each, infinite where it gave up."""

    seconds: float
    reml: tuple[float, ...]


def main() -> None:
    """Print a line per task and method: seconds, ratio to ours, -2 ln REML, the largest excess and how often short."""
    methods: dict[str, Callable[[ScoreTable], float]] = {"ours": ours}
    if importlib.util.find_spec("statsmodels"):
        methods["statsmodels"] = with_statsmodels
    if importlib.util.find_spec("mixedlm"):
        methods["mixedlm"] = with_mixedlm
    print(f"{'panel':<40}  {'method':<11} {'s':>8} {'ratio':>7} {'-2 ln REML':>13} {'excess':>8}  stopped short")
    for task in TASKS:
        results = {name: _in_own_process(partial(_measure, method, task)) for name, method in methods.items()}
        for name, result in results.items():
            _show(task, name, result, [r for r in results.values() if r is not None], results["ours"])


def ours(table: ScoreTable) -> float:
    """The project's own fit, which looks the whole plane over before it refines."""
    return fit_components(table).reml


def with_statsmodels(table: ScoreTable) -> float:
    """Crossed effects as two variance components of a single group; default optimisers."""
    from statsmodels.regression.mixed_linear_model import MixedLM, VCSpec

    n = len(table.values)
    sides = table.rows, table.columns
    matrices = [sparse.csr_array((np.ones(n), (np.arange(n), side))) for side in sides]
    shown = matrices if len(table.applications) > LARGEST_DENSE else [m.toarray() for m in matrices]
    names = [[str(k) for k in range(m.shape[1])] for m in matrices]
    spec = VCSpec(["application", "reviewer"], [[name] for name in names], [[m] for m in shown])
    fit = MixedLM(table.values, np.ones((n, 1)), groups=np.zeros(n), exog_vc=spec).fit(reml=True)
    return float(-2 * fit.llf)


def with_mixedlm(table: ScoreTable) -> float:
    """The lmer of mixedlm, in Rust after R's lme4, by its only entry, a formula."""
    import mixedlm
    import pandas as pd

    names = {"application": table.rows.astype(str), "reviewer": table.columns.astype(str)}
    data = pd.DataFrame({"score": table.values, **names})
    return float(mixedlm.lmer("score ~ 1 + (1|application) + (1|reviewer)", data, REML=True).REMLcrit())


def _measure(method: Callable[[ScoreTable], float], task: Task) -> Measured:
    tables = task.tables()
    seconds: list[float] = []
    with one_thread(), warnings.catch_warnings():
        method(TASKS[0].tables()[0])
        warnings.simplefilter("ignore")  # not sooner: statsmodels puts its own back when it is imported
        while True:
            start = time.process_time()
            found = [_fit(method, table) for table in tables]
            seconds.append(time.process_time() - start)
            if seconds[0] > 1 or len(seconds) == ROUNDS:
                return Measured(statistics.median(seconds), tuple(found))


def _fit(method: Callable[[ScoreTable], float], table: ScoreTable) -> float:
    try:
        return method(table)
    except (np.linalg.LinAlgError, ValueError, RuntimeError):
        return math.inf


def _in_own_process(task: Callable[[], Measured]) -> Measured | None:
    """The result; None when it is not there within the limit, which begins when the process does."""
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_send, args=(task, sender))
    os.environ["RAYON_NUM_THREADS"] = "1"  # the threads of mixedlm, which are not those of BLAS
    process.start()
    sender.close()
    result: Measured | None = receiver.recv() if receiver.poll(SECONDS_LIMIT) else None
    process.kill()
    process.join()
    return result


def _send(task: Callable[[], Measured], sender: Connection) -> None:
    sender.send(task())


def _show(task: Task, name: str, result: Measured | None, done: list[Measured], own: Measured | None) -> None:
    if own is None:
        raise SystemExit(f"{task}: ours is not done in {SECONDS_LIMIT} s")
    if result is None:
        print(f"{task!s:<40}  {name:<11} not done in {SECONDS_LIMIT} s")
        return
    best = [min(values) for values in zip(*(r.reml for r in done), strict=True)]
    excess = [value - least for value, least in zip(result.reml, best, strict=True)]
    likelihood = f"{result.reml[0]:.6f}" if task.panels == 1 else ""
    short = sum(e > SHORT for e in excess)
    ratio = result.seconds / own.seconds
    print(
        f"{task!s:<40}  {name:<11} {result.seconds:8.3f} {ratio:7.2f} {likelihood:>13} {max(excess):8.0e}"
        f"  {short} of {task.panels}"
    )


if __name__ == "__main__":
    main()
