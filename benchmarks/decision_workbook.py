"""The decision workbook of 5,000 applications: seconds and peak memory, beside pandas with openpyxl.

3 reviewers, 3 criteria and 5 cost categories per application, with long reasons. Ours is timed from complete tables to
bytes, digests of every row among it, in full (formats and live formulas) and plain; pandas writes the plain tables.
Beside them the whole way of a decision that is frozen in a database with what it rests on: read, its hash and its
material checked, and exported. Each way runs in a process of its own, so that its peak memory is its own.

Run: python -m benchmarks.decision_workbook
"""

import io
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from calls.presets import preset
from decisions.facts import facts_of
from decisions.figures import complete
from decisions.spec import SPECS
from decisions.tables import Tables, make
from decisions.words import Words
from locales import render
from tests.support.decided import decided
from workbooks.decision_cells import cell_maker
from workbooks.decision_plan import Context, placed
from workbooks.decision_plans import parts
from workbooks.decision_write import decision_workbook

APPLICATIONS, ROUNDS = 5_000, 3
_REASONS = "Hanke vastaa hakuilmoituksen painopisteitä, ja sen toteutus on suunniteltu huolellisesti. " * 8
_REVIEW = "Muutos on kuvattu selkeästi, mutta mittareita on vähän ja aikataulu on tiukka. " * 2


def main() -> None:
    """Print the median seconds and the peak memory of each way, and the ratio of the processor's seconds of the plain ones."""
    if len(sys.argv) > 1:
        _measure(_WAYS[sys.argv[1]])
        return
    seconds: dict[str, float] = {}
    for way in _WAYS:
        runs = [_run(way) for _ in range(ROUNDS)]
        wall, seconds[way] = (statistics.median(run[at] for run in runs) for at in (0, 1))
        peak, before, size = (max(run[at] for run in runs) for at in (2, 3, 4))
        print(
            f"{way}: {wall:.1f} s (processor {seconds[way]:.1f} s), peak {peak:.0f} MB (tables {before:.0f} MB), file {size:.1f} MB"
        )
    _frozen()
    print(
        f"plain: ours {seconds['plain']:.1f} s / pandas {seconds['pandas']:.1f} s = {seconds['plain'] / seconds['pandas']:.2f}"
    )


def tables() -> Tables:
    """Complete tables of ``APPLICATIONS`` fictional applications."""
    small = decided(APPLICATIONS)
    rows = {name: list(small[name]) for name in SPECS}
    rows["applications"] = [{**row, "reasons": _REASONS} for row in rows["applications"]]
    rows["scores"] = [{**row, "reason": _REVIEW} for row in rows["scores"]]
    categories = [one.id for one in preset("2020").cost_categories][:5]
    rows["costs"] = [
        {"case_number": row["case_number"], "category": category, "applied": row["applied"] // 4, "comment": ""}
        for row in rows["applications"]
        for category in categories
    ]
    return complete(make(rows, small.private))


def with_pandas(found: Tables) -> bytes:
    """The sheets of the plain variant as pandas writes them."""
    facts = facts_of(found["facts"])
    listed = parts(facts, found, plain=True)
    context = Context(
        found, Words(facts, "fi"), {part.plan.id: placed(part.plan, found, "fi", plain=True) for part in listed}, True
    )
    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="openpyxl") as writer:
        for part in listed:
            makers = [cell_maker(context, part.plan, column) for column in part.plan.columns]
            frame = pd.DataFrame(
                [[cell(row) for cell in makers] for row in part.plan.listed(found)],
                columns=[render(column.heading, "fi") for column in part.plan.columns],
            )
            frame.to_excel(writer, sheet_name=context.layout[part.plan.id].sheet, index=False)
    return out.getvalue()


_WAYS: Mapping[str, Callable[[Tables], bytes]] = {
    "full": lambda found: decision_workbook(found, "fi"),
    "plain": lambda found: decision_workbook(found, "fi", plain=True),
    "pandas": with_pandas,
}


def _frozen() -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "frozen.db")
        (size,) = _run("freeze", file, module="_frozen_decision")
        runs = [_run("export", file, module="_frozen_decision") for _ in range(ROUNDS)]
    wall, busy = (statistics.median(run[at] for run in runs) for at in (0, 1))
    print(
        f"manage.py export of a frozen decision of {size:.0f} MB from the database: {wall:.1f} s (processor {busy:.1f} s), "
        f"peak {max(run[2] for run in runs):.0f} MB"
    )


def _run(*told: str, module: str = "decision_workbook") -> tuple[float, ...]:
    command = [sys.executable, "-m", f"benchmarks.{module}", *told]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return tuple(map(float, run.stdout.split()))


def _measure(way: Callable[[Tables], bytes]) -> None:
    found, before = tables(), _peak()
    start, busy = time.perf_counter(), time.process_time()
    written = way(found)
    print(time.perf_counter() - start, time.process_time() - busy, _peak(), before, len(written) / 2**20)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
