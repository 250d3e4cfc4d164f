"""A large decision frozen in a database of its own, and its export by the command line, timed as a whole."""

import resource
import subprocess
import sys
import time

from access.permissions import terminal_actor
from benchmarks.decision_workbook import tables
from decisions.snapshot import Snapshot, to_bytes
from decisions.spec import SPECS
from decisions.values import digest, plain
from tests.support.frozen import add_call_to_decide, propose
from tests.support.worlds import Clock, World
from workflow.decisions import with_facts
from workflow.house import open_house

CALL = "2018"


def freeze(url: str) -> float:
    """Freeze a decision with its applications and reviews as material; its size in MB."""
    made = tables()
    parts = {
        name: [{field.id: plain(row[field.id], field.kind) for field in SPECS[name].stated} for row in made[name]]
        for name in ("applications", "scores")
    }
    facts = {f"material.{name}": digest(part) for name, part in parts.items()}
    frozen = with_facts(Snapshot(made, parts), {**facts, "decision.stage": "proposal"})
    world = World(open_house(url), Clock(), {"officer": terminal_actor("benchmark")})
    add_call_to_decide(world, CALL)
    propose(world, CALL, 1, frozen=frozen)
    return len(to_bytes(frozen)) / 2**20


def export(url: str, out: str) -> tuple[float, float, float]:
    """Seconds on the wall and on the processor, and peak memory in MB, of ``manage.py export``, its start among it."""
    start = time.perf_counter()
    words = ["--database", url, "export", "--call", CALL, "--decision", "1", "--out", out]
    subprocess.run([sys.executable, "manage.py", *words], check=True)
    done = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, done.ru_utime + done.ru_stime, done.ru_maxrss / 1024


if __name__ == "__main__":
    what, file = sys.argv[1:]
    print(
        freeze(f"sqlite:///{file}")
        if what == "freeze"
        else " ".join(map(str, export(f"sqlite:///{file}", f"{file}.xlsx")))
    )
