"""20,000 draws of the ranks of 60 applications: ours beside the plain dense way to the same posterior, in one run.

Packages sample this model by Markov chains; the peer, which draws independently as ours does, is written out below: the
covariance matrix of all scores at every cell of a grid, as in a textbook. Each has a process of its own and one thread;
the peak of memory is that of the whole process, imports included. ``apart`` is the largest difference between expected
ranks: the posterior being the same, it is chance, 0.2 to 0.3 as between two seeds. Run: python -m benchmarks.draw_ranks
"""

import multiprocessing
import resource
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection

import numpy as np

from benchmarks._panels import simulated_panel
from scoring.posterior import DRAWS, Draws, draw
from scoring.rank_draws import summarise_ranks
from scoring.score_table import Floats, ScoreTable, score_table
from scoring.threads import one_thread

ROUNDS = 5
GRID = 48
NEGLIGIBLE = 1e-6
MEGABYTE = 2**20 if sys.platform == "darwin" else 2**10
"""In the units of ru_maxrss: bytes or kilobytes."""

Measured = tuple[float, float, float, float, Floats]
"""Seconds of the first call, median of all calls by the clock and by the processor, megabytes, expected ranks."""


def main() -> None:
    """Print a line per method: seconds, ratio to ours, peak of memory and how far apart the expected ranks are."""
    methods: dict[str, Callable[[ScoreTable], Draws]] = {"ours": partial(draw, seed=1), "dense": dense_draws}
    print(f"{DRAWS:,} draws and rank summary of 60 applications x 10 reviewers, 182 reviews")
    print(f"{'method':<7} {'first s':>8} {'s':>7} {'cpu s':>7} {'ratio':>7} {'peak MB':>8} {'apart':>6}")
    results = {name: _in_own_process(method) for name, method in methods.items()}
    own = results["ours"]
    for name, (first, clock, processor, peak, expected) in results.items():
        apart = float(np.abs(expected - own[4]).max())
        print(
            f"{name:<7} {first:8.2f} {clock:7.2f} {processor:7.2f} {processor / own[2]:7.2f} {peak:8.0f} {apart:6.2f}"
        )


def dense_draws(table: ScoreTable) -> Draws:
    """The flat posterior over a grid of V = I + p1 Z1 Z1' + p2 Z2 Z2', one factorisation of n x n per cell."""
    n, applications = len(table.values), len(table.applications)
    by_row = np.equal.outer(table.rows, np.arange(applications)).astype(float)
    same_row = np.equal.outer(table.rows, table.rows).astype(float)
    same_column = np.equal.outer(table.columns, table.columns).astype(float)
    design = np.column_stack([np.ones(n), table.values])
    rng = np.random.default_rng(1)

    def solved(u: Floats) -> tuple[float, Floats, Floats, Floats]:
        p1, p2 = (u / (1 - u)) ** 2
        root = np.linalg.cholesky(np.eye(n) + p1 * same_row + p2 * same_column)
        white = np.linalg.solve(root, design)
        h = white.T @ white
        rss = h[1, 1] - h[0, 1] ** 2 / h[0, 0]
        log_weight = -np.log(np.diag(root)).sum() - np.log(h[0, 0]) / 2 - (n - 4) / 2 * np.log(rss)
        return float(log_weight - 2 * np.log1p(-u).sum()), root, white, h

    box = np.array([[0.0, 1.0], [0.0, 1.0]])
    for size in (GRID // 2, GRID):
        axes = box[:, :1] + np.diff(box) * (np.arange(size) + 0.5) / size
        cells = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 2)
        logs = np.array([solved(u)[0] for u in cells])
        weights = np.exp(logs - logs.max())
        inside = cells[weights > NEGLIGIBLE]
        step = np.diff(box)[:, 0] / size
        box = np.column_stack([inside.min(axis=0) - step, inside.max(axis=0) + step]).clip(0, 1)
    parts, ratios = [], []
    for u, d in zip(cells, rng.multinomial(DRAWS, weights / weights.sum()), strict=True):
        if d:
            _, root, white, h = solved(u)
            p1 = (u[0] / (1 - u[0])) ** 2
            beta = h[0, 1] / h[0, 0]
            sigma = np.sqrt((h[1, 1] - beta * h[0, 1]) / 2 / rng.gamma((n - 4) / 2, size=d))
            mean = beta + sigma / np.sqrt(h[0, 0]) * rng.standard_normal(d)
            reach = p1 * np.linalg.solve(root, by_row)
            spread = np.linalg.cholesky(p1 * np.eye(applications) - reach.T @ reach)
            noise = sigma[:, None] * (rng.standard_normal((d, applications)) @ spread.T)
            parts.append(mean[:, None] + (white[:, 1] - mean[:, None] * white[:, 0]) @ reach + noise)
            ratios.append(np.tile((u / (1 - u)) ** 2, (d, 1)))
    quality = np.concatenate(parts).astype(np.float32)
    between, severity = np.concatenate(ratios).T
    no_reviewers = np.empty((len(quality), 0), dtype=np.float32)
    return Draws(table.applications, quality, quality, no_reviewers, between, severity, 1)


def _measure(method: Callable[[ScoreTable], Draws]) -> Measured:
    table = score_table(simulated_panel(np.random.default_rng(1), 60, 10, 182, 0.8, 0.5, 0.9)[0])
    clock, processor = [], []
    with one_thread():
        for _ in range(ROUNDS):
            start, started = time.perf_counter(), time.process_time()
            summary = summarise_ranks(method(table), k=20)
            clock.append(time.perf_counter() - start)
            processor.append(time.process_time() - started)
    # The peak of a new process starts from that of the process that began it, which has imported the same and no more.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
    return clock[0], statistics.median(clock), statistics.median(processor), peak, summary.expected


def _in_own_process(method: Callable[[ScoreTable], Draws]) -> Measured:
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("spawn").Process(target=_send, args=(method, sender))
    process.start()
    sender.close()
    result: Measured = receiver.recv()
    process.join()
    return result


def _send(method: Callable[[ScoreTable], Draws], sender: Connection) -> None:
    sender.send(_measure(method))


if __name__ == "__main__":
    main()
