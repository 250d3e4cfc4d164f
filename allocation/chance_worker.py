"""A process that distributes draws for the server: tasks come on standard input, answers go to standard output.

It ends with its input, so that it never outlives whoever started it. Run: python -m allocation.chance_worker
"""

import os
import queue
import sys
import threading
import traceback
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from allocation.chance_frames import receive, send
from allocation.chance_spec import Spec, from_json

_NICE = 15
"""How far behind the server's own work this process stands."""

Answer = dict[str, NDArray[Any]]
Task = tuple[str, dict[str, NDArray[Any]]]


def main() -> None:
    """Answer tasks until the input ends. The first message is the spec; each further one a task with its arrays."""
    if hasattr(os, "nice"):
        os.nice(_NICE)
    # Solvers write to descriptor 1 past every option: the answers get a descriptor that only they know.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, tasks), daemon=True).start()
    spec = from_json(tasks.get()[0])
    while True:
        name, arrays = tasks.get()
        try:
            answer = perform(spec, name, arrays)
        except Exception:
            send(answers, traceback.format_exc(limit=-3), {"error": np.zeros(0)})
            continue
        send(answers, name, answer)


def _read(stream: IO[bytes], tasks: "queue.SimpleQueue[Task]") -> None:
    try:
        while (message := receive(stream)) is not None:
            tasks.put(message)
    finally:
        # Nobody waits for an answer any more, not even for the one that is being worked on.
        os._exit(0)


def perform(spec: Spec, task: str, arrays: dict[str, NDArray[Any]]) -> Answer:
    """The answer to one task on draws ``scores`` (D x n, in steps).

    ``all``: by the spec's own way, solved where it is a pool, who is funded. ``solve``: the exact optimum, units. ``assign``: the best of ``pool``.
    ``improve``: better ones next to those.
    """
    # The solver takes a second to load, and some ways do without it.
    scores = arrays["scores"]
    deep = np.zeros(1, dtype=np.int64)
    if task == "assign":
        from allocation.chance_pool import best_of

        best, value = best_of(spec, scores, arrays["pool"])
        return {"best": best, "value": value}
    if task == "improve":
        from allocation.chance_search import improve

        wide = bool(arrays["wide"][0])
        return {"better": improve(spec, scores, arrays["pool"], arrays["best"], wide=wide)}
    if task == "solve":
        from allocation.chance_pool import solve, worth

        units, impossible = solve(spec, scores)
        return {"units": units, "impossible": impossible, "value": (scores * worth(spec, units)).sum(axis=1)}
    match spec.way:
        case "ranking":
            from allocation.chance_ranking import by_rank

            units, impossible = by_rank(spec, scores)
        case "bands":
            from allocation.chance_ranking import by_bands

            units, impossible = by_bands(spec, scores)
        case "line":
            from allocation.chance_budget import within_budget

            taken, impossible, count = within_budget(spec, scores)
            units, deep = taken.astype(np.int64), np.array([count])
        case "vertex":
            from allocation.chance_vertex import vertices

            units, impossible = vertices(spec, scores)
        case "pool":
            from allocation.chance_pool import solve

            units, impossible = solve(spec, scores)
        case _:
            from allocation.chance_each import each

            units, impossible = each(spec, scores)
    return {"funded": units > 0, "impossible": impossible, "deep": deep}


if __name__ == "__main__":
    main()
