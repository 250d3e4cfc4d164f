"""The mixed-integer rule on simulated calls: ours beside highspy, cvxpy with HiGHS, PuLP with CBC and OR-Tools.

All solve the same instances to the same gap, each from the same projects and scenario; ours ends with every row checked
in integers. Tie solves and the whole of ``distribute`` stand on lines of their own. Each method has a process of its own
(the wheels of OR-Tools and highspy carry two versions of HiGHS that cannot be loaded together) and solves a small
instance before it is measured; one runs at a time. Every round is another instance. A peer that is not installed is left
out; what took over SLOW seconds is not repeated.

Run: python -m benchmarks.distribute_peers [projects gap]
"""

import importlib.util
import multiprocessing
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from multiprocessing.connection import Connection

from allocation import Project, Scenario, distribute
from allocation.engine import Engine
from allocation.mixed import TIE_LIMIT
from allocation.problem import build
from allocation.ties import is_unique, resolve
from benchmarks._instances import simulated_call
from benchmarks._peers import PEERS, SECONDS, Run, caps

TASKS = ((60, 0.0), (1_000, 0.0), (10_000, 1e-4))
ROUNDS = 7
SLOW = 10.0
OURS, YARDSTICK = "ours", "highspy"
EXTRAS = ("tie solves", "distribute()")
UNIQUE_SECONDS = 10.0


@dataclass(slots=True)
class Method:
    """A method and its process; ``runs`` by round."""

    name: str
    process: multiprocessing.process.BaseProcess
    ends: Connection
    runs: dict[int, Run] = field(default_factory=dict)


def main() -> None:
    """Print a line per size and method."""
    tasks = ((int(sys.argv[1]), float(sys.argv[2])),) if len(sys.argv) == 3 else TASKS
    print(
        f"{'projects':>8} {'gap':>6}  {'method':<16} {'build s':>8} {'solve s':>8} {'together':>8} {'ratio':>6} "
        f"{'rounds':>6} {'gap left':>8} {'short of best':>13}  objective"
    )
    for count, gap in tasks:
        names = [OURS, *(name for name, (module, _) in PEERS.items() if _is_installed(module)), *EXTRAS]
        methods = [_start(name) for name in names]
        for number in range(ROUNDS):
            for method in methods:
                if all(run.build + run.solve < SLOW for run in method.runs.values()):
                    method.ends.send((count, number + 1, gap))
                    method.runs[number] = method.ends.recv()
        for method in methods:
            method.process.kill()
            method.process.join()
        _show(count, gap, methods)


def ours(projects: Sequence[Project], scenario: Scenario, gap: float) -> Run:
    """The first exact solve, with its check in integers and without the tie rule."""
    started = time.perf_counter()
    engine = Engine(build(projects, scenario, whole=True, continuous=False), time.monotonic() + SECONDS)
    built = time.perf_counter()
    answer = engine.maximise(engine.weights, gap)
    solved = time.perf_counter()
    if answer is None:
        raise SystemExit("the instance is impossible")
    funded = tuple(
        one.project.id for one, granted in zip(engine.problem.candidates, answer.units, strict=True) if granted
    )
    return Run(built - started, solved - built, funded, answer.bound / engine.scale)


def tie_solves(projects: Sequence[Project], scenario: Scenario, gap: float) -> Run:
    """What comes after the first solve: the tie rule, or above its size whether the optimum is the only one."""
    engine = Engine(build(projects, scenario, whole=True, continuous=False), time.monotonic() + SECONDS)
    answer = engine.maximise(engine.weights, gap)
    if answer is None:
        raise SystemExit("the instance is impossible")
    started = time.perf_counter()
    if gap == 0 and len(projects) <= TIE_LIMIT:
        resolve(engine, answer.units)
    elif gap == 0:
        is_unique(engine, answer.units, UNIQUE_SECONDS)
    return Run(0.0, time.perf_counter() - started, (), None)


def whole(projects: Sequence[Project], scenario: Scenario, gap: float) -> Run:
    """All that an officer waits for: checks, solves, bounds and reasons."""
    started = time.perf_counter()
    found = distribute(projects, replace(scenario, gap=gap))
    funded = tuple(award.id for award in found.awards if award.funded)
    return Run(0.0, time.perf_counter() - started, funded, None if found.bound is None else float(found.bound))


def _is_installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _start(name: str) -> Method:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(name, there), daemon=True)
    process.start()
    there.close()
    return Method(name, process, here)


def _serve(name: str, ends: Connection) -> None:
    own = {OURS: ours, EXTRAS[0]: tie_solves, EXTRAS[1]: whole}
    solve = own[name] if name in own else PEERS[name][1]
    solve(*simulated_call(60), 0.0)
    while True:
        count, seed, gap = ends.recv()
        ends.send(solve(*simulated_call(count, seed=seed), gap))


def _show(count: int, gap: float, methods: Sequence[Method]) -> None:
    worth = {
        method.name: {number: _worth(count, number + 1, run.funded) for number, run in method.runs.items()}
        for method in methods
    }
    best = [max(values[number] for values in worth.values() if number in values) for number in range(ROUNDS)]
    yardstick = next((method.runs for method in methods if method.name == YARDSTICK), methods[0].runs)
    for method in methods:
        runs = method.runs
        together = [run.build + run.solve for run in runs.values()]
        shared = runs.keys() & yardstick.keys()
        ratio = statistics.median(
            (runs[n].build + runs[n].solve) / (yardstick[n].build + yardstick[n].solve) for n in shared
        )
        line = (
            f"{count:>8} {gap:>6g}  {method.name:<16} {statistics.median(r.build for r in runs.values()):8.4f} "
            f"{statistics.median(r.solve for r in runs.values()):8.4f} {statistics.median(together):8.4f} {ratio:6.2f} "
            f"{len(runs):>6}"
        )
        if method.name != EXTRAS[0]:
            own = worth[method.name]
            gaps = [float(run.bound / own[n] - 1) for n, run in runs.items() if run.bound is not None and own[n]]
            short = max(float(1 - own[n] / best[n]) for n in runs)
            line += f" {max(gaps):8.0e}" if gaps else f" {'not said':>8}"
            line += f" {short:13.0e}  {float(own[0]):.4f}{'' if all(own.values()) else ' breaks a cap'}"
        print(line, flush=True)


def _worth(count: int, seed: int, funded: Sequence[str]) -> Fraction:
    """The sum of the scores, exact; nothing if a row is broken in integers."""
    projects, scenario = simulated_call(count, seed=seed)
    chosen = set(funded)
    for members, limit in caps(projects, scenario):
        if sum(projects[i].applied for i in members if projects[i].id in chosen) > limit:
            return Fraction(0)
    return sum((one.score for one in projects if one.id in chosen and one.score is not None), Fraction(0))


if __name__ == "__main__":
    main()
