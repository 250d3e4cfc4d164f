"""Who does what when draws are distributed: tasks for the worker processes, and their answers put together."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocation.chance_process import Arrived, Workers
from allocation.chance_spec import Bools, Ints, Spec
from locales import Message, msg

SAMPLES = (100, 100)
"""Draws solved for the pool before the first audit; the second part only if the first found much that is rare."""
_RARE = 0.01
ROUNDS = 4
"""Audits at most: each adds what it finds to the pool."""
_SOLVES = 10
"""Draws solved in one task: small, so that progress is seen and both processes end together."""
_BATCH = 500
_QUICK = 2_000
_PASSES = 8
"""Rounds of search at most between two audits; most draws need one or two."""
_SHARES = 16
"""Tasks per round of search."""


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` draws, and what is being done."""

    done: int
    total: int
    words: Message


@dataclass(frozen=True, slots=True)
class Found:
    """``funded``: draws per candidate; the rest as in ``Chances``."""

    funded: tuple[int, ...]
    portfolios: int
    missing_mass: float | None
    audited: int
    misses: int
    solved: int
    impossible: int
    per_solve: float = 0.0


Report = Callable[[Progress], None]


def conduct(spec: Spec, scores: Ints, workers: Workers, audit: int, report: Report, *, every: bool = False) -> Found:
    """All draws (D x n, in steps) through the spec's way; ``every``: solved instead of a pool. Raises WorkerError."""
    if spec.way == "pool" and not every:
        return _Pool(spec, scores, workers, report).run(audit)
    size = {"each": _SOLVES, "pool": _SOLVES, "vertex": _BATCH // 10, "line": _BATCH // 2}.get(spec.way, _QUICK)
    tasks = [(start, scores[start : start + size]) for start in range(0, len(scores), size)]
    funded = np.zeros(scores.shape, dtype=bool)
    impossible = solved = done = 0

    def arrived(number: int, answer: Arrived) -> None:
        nonlocal impossible, solved, done
        start = tasks[number][0]
        funded[start : start + size] = answer["funded"]
        impossible += int(answer["impossible"].sum())
        solved += int(answer["deep"][0])
        done += len(tasks[number][1])
        report(Progress(done, len(scores), words))

    words = msg("Solving every draw exactly.") if every else msg("Distributing the draws.")
    report(Progress(0, len(scores), words))
    workers.run([("all", {"scores": part}) for _, part in tasks], arrived)
    if spec.way in ("each", "vertex", "pool"):
        solved = len(scores)
    return _found(funded, None, 0, 0, solved, impossible)


def _found(funded: Bools, missing_mass: float | None, audited: int, misses: int, solved: int, impossible: int) -> Found:
    packed = np.packbits(funded, axis=1)
    counts = tuple(int(times) for times in funded.sum(axis=0))
    return Found(counts, len(np.unique(packed, axis=0)), missing_mass, audited, misses, solved, impossible)


class _Pool:
    """The pool of distributions as it grows. ``solved``: which draws were solved exactly."""

    def __init__(self, spec: Spec, scores: Ints, workers: Workers, report: Report) -> None:
        self.spec, self.scores, self.workers, self.report = spec, scores, workers, report
        self.solved = np.zeros(len(scores), dtype=bool)
        self.units = np.zeros(scores.shape, dtype=np.int64)
        self.impossible = np.zeros(len(scores), dtype=bool)
        self.value = np.zeros(len(scores), dtype=np.int64)
        self.near = np.zeros((0, spec.count), dtype=np.int64)
        """Distributions found next to those solved."""
        self.looked = {wide: np.full(len(scores), -2, dtype=np.int64) for wide in (False, True)}
        """The value beside which each draw was searched last, narrowly and widely."""
        self.solving = 0.0
        """Seconds by the clock that exact solves took."""

    def run(self, audit: int) -> Found:
        """Sample, assign, audit; again while the audit finds something, and solve what nothing in the pool fits."""
        following = self._sample()
        self._search()
        audited = misses = 0
        for number in range(ROUNDS):
            checked = np.arange(following, min(following + audit, len(self.scores)))
            if not len(checked):
                break
            _, before = self._assign(checked)
            self._solve(checked, msg("Checking with exact solves, round {number}.", number=number + 1))
            audited, misses = len(checked), int((self.value[checked] > before).sum())
            following += audited
            if misses == 0:
                break
            self._search()
        everyone = np.arange(len(self.scores))
        best, _ = self._assign(everyone)
        uncovered = everyone[(best < 0) & ~self.solved]
        if len(uncovered):
            self._solve(uncovered, msg("Solving the draws that no distribution found so far fits."))
            best, _ = self._assign(everyone)
        pool = self._pool()
        funded = (pool[best] > 0) & (best >= 0)[:, np.newaxis] if len(pool) else np.zeros(self.scores.shape, dtype=bool)
        solved = int(self.solved.sum())
        found = _found(funded, self._missing(), audited, misses, solved, int(self.impossible.sum()))
        return replace(found, per_solve=self.solving / max(solved, 1))

    def _sample(self) -> int:
        """Solve the first draws; how many."""
        done = 0
        for size in SAMPLES:
            if done and self._missing() <= _RARE:
                break
            part = np.arange(done, min(done + size, len(self.scores)))
            self._solve(part, msg("Solving a sample of the draws exactly."))
            done += len(part)
        return done

    def _solve(self, which: Ints, words: Message) -> None:
        parts = [which[start : start + _SOLVES] for start in range(0, len(which), _SOLVES)]
        before, done = int(self.solved.sum()), 0
        self.report(Progress(before, before + len(which), words))

        def arrived(number: int, answer: Arrived) -> None:
            nonlocal done
            part = parts[number]
            self.units[part], self.impossible[part] = answer["units"], answer["impossible"]
            self.value[part] = np.where(answer["impossible"], -1, answer["value"])
            self.solved[part] = True
            done += len(part)
            self.report(Progress(before + done, before + len(which), words))

        started = time.perf_counter()
        self.workers.run([("solve", {"scores": self.scores[part]}) for part in parts], arrived)
        self.solving += time.perf_counter() - started

    def _search(self) -> None:
        """Look next to what each draw has for something better, until there is nothing."""
        if self.spec.lower != self.spec.upper:
            return
        wide = False
        for _ in range(_PASSES):
            before = len(self.near)
            if not self._look(wide) or len(self.near) == before:
                if wide:
                    return
                wide = True
            else:
                wide = False

    def _look(self, wide: bool) -> bool:
        """One round over the draws that have got something new since they were looked at; whether there were any."""
        best, value = self._assign(np.arange(len(self.scores)))
        waiting = np.flatnonzero((value != self.looked[wide]) & (best >= 0) & ~self.solved)
        if not len(waiting):
            return False
        self.looked[wide][waiting] = value[waiting]
        # Draws with the same distribution go together: what can be exchanged is worked out once for them.
        waiting = waiting[np.argsort(best[waiting], kind="stable")]
        parts = np.array_split(waiting, min(_SHARES, len(waiting)))
        pool = self._pool()
        found = [self.near]
        words, done = msg("Looking for better distributions near those found."), 0
        self.report(Progress(0, len(waiting), words))

        def arrived(number: int, answer: Arrived) -> None:
            nonlocal done
            found.append(answer["better"])
            done += len(parts[number])
            self.report(Progress(done, len(waiting), words))

        flag = np.array([wide])
        self.workers.run(
            [("improve", {"scores": self.scores[p], "best": best[p], "pool": pool, "wide": flag}) for p in parts],
            arrived,
        )
        self.near = np.unique(np.concatenate(found), axis=0)
        return True

    def _pool(self) -> Ints:
        found: Ints = np.unique(np.concatenate([self.units[self.solved & ~self.impossible], self.near]), axis=0)
        return found

    def _assign(self, which: Ints) -> tuple[Ints, Ints]:
        """For each of these draws its place in the pool, -1 where nothing fits, and the exact value."""
        parts = [which[start : start + _BATCH] for start in range(0, len(which), _BATCH)]
        best, value = np.full(len(which), -1, dtype=np.int64), np.full(len(which), -1, dtype=np.int64)
        pool = self._pool()

        def arrived(number: int, answer: Arrived) -> None:
            start = number * _BATCH
            best[start : start + _BATCH], value[start : start + _BATCH] = answer["best"], answer["value"]

        self.workers.run([("assign", {"scores": self.scores[part], "pool": pool}) for part in parts], arrived)
        return best, value

    def _missing(self) -> float:
        """The estimated share of draws whose distribution is not in the pool: what was found once, among all solved."""
        solved: Sequence[int] = np.flatnonzero(self.solved & ~self.impossible).tolist()
        if not solved:
            return 0.0
        kinds, times = np.unique(self.units[solved], axis=0, return_counts=True)
        near = {row.tobytes() for row in self.near}
        once = [row for row, number in zip(kinds, times, strict=True) if number == 1 and row.tobytes() not in near]
        return len(once) / len(solved)
