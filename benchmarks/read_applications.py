"""Reading 5,000 applications: our reader (checks every cell, bounded memory) beside pandas with openpyxl.

Run: python -m benchmarks.read_applications
"""

import io
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from calls.presets import preset
from calls.register import register
from sample_data.generator import applications
from workbooks.intake import read_applications
from workbooks.template import write_applications

ROWS, ROUNDS = 5_000, 3


def main() -> None:
    """Print the median of both and their ratio, round by round in turn."""
    call = preset("2022")
    base = applications("2022")
    many = [replace(base[i % len(base)], case_number=f"ESIM/2022/{i:05d}") for i in range(ROWS)]
    data = write_applications(many, call, "fi")
    known = register(2022)
    ours: list[float] = []
    peer: list[float] = []
    for _ in range(ROUNDS):
        ours.append(_seconds(lambda: read_applications(data, "a.xlsx", call, known)))
        peer.append(_seconds(lambda: pd.read_excel(io.BytesIO(data), engine="openpyxl")))
    ratio = statistics.median(a / b for a, b in zip(ours, peer, strict=True))
    print(f"{ROWS} applications, median of {ROUNDS}: ours {statistics.median(ours):.2f} s (every cell checked),")
    print(f"pandas with openpyxl {statistics.median(peer):.2f} s (cells only), ratio {ratio:.2f}")


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
