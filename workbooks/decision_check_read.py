"""The sheet Tarkistus read back: what it states of the decision's digests, and where each statement stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from decisions.spec import SPECS
from decisions.tables import Private, RowDigest
from workbooks.decision_check import COMMITMENT, HASH, REVIEWER, SUM, TABLE, VERSION

Cells = Mapping[tuple[int, int], Any]
"""Values of a sheet by row and column (from 0); an empty cell is not there."""
_WHAT, _WHICH, _MARKS, _VALUE = 1, 2, 3, 4
Key = tuple[str, str]
"""What a row tells, and of which: ``("hash", "")``, ``("table", "costs")``, ``("scores", "ESIM/1 · R01 · impact")``."""


@dataclass(slots=True)
class Stated:
    """``rows``: digests by table in the order of the sheet. ``places``: the row (from 0) of each statement; marks and
    nonces stand in column 3, digests, names and the hash in column 4. ``strange``: rows that tell nothing known.
    """

    hash: str = ""
    tables: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    commitments: dict[str, str] = field(default_factory=dict)
    private: dict[str, Private] = field(default_factory=dict)
    rows: dict[str, list[RowDigest]] = field(default_factory=lambda: {name: [] for name in SPECS})
    places: dict[Key, int] = field(default_factory=dict)
    twice: list[int] = field(default_factory=list)
    strange: list[int] = field(default_factory=list)


def read(cells: Cells, head: int) -> Stated:
    """What the sheet states below its heading in row ``head`` (from 0). Never raises: what it says may be anything."""
    stated = Stated()
    for row in sorted({row for row, _ in cells if row > head}):
        what, which, marks, value = (_text(cells.get((row, col))) for col in (_WHAT, _WHICH, _MARKS, _VALUE))
        if (what, which) in stated.places:
            stated.twice.append(row)
            continue
        if _take(stated, what, which, marks, value):
            stated.places[what, which] = row
        else:
            stated.strange.append(row)
    return stated


def _take(stated: Stated, what: str, which: str, marks: str, value: str) -> bool:
    match what:
        case "hash":
            stated.hash = value
        case "table":
            stated.tables[which] = value
        case "version":
            stated.versions[which] = value
        case "commitment":
            stated.commitments[which] = value
        case "reviewer":
            stated.private[which] = Private(value, marks)
        case "sum":
            pass
        case table if table in stated.rows:
            stated.rows[table].append(RowDigest(which, marks, value))
        case _:
            return False
    return True


def _text(value: object) -> str:
    return "" if value is None else str(value)


__all__ = ["COMMITMENT", "HASH", "REVIEWER", "SUM", "TABLE", "VERSION", "Cells", "Key", "Stated", "read"]
