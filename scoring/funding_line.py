"""Which applications lie surely above the line of the appropriation, which surely below, and which are open.

Source: Heyard, Ott, Salanti, Egger 2022, "Rethinking the Funding Line at the Swiss National Science Foundation: Bayesian
Ranking and Lottery", Statistics and Public Policy 9(1): their line is the expected rank of the k-th application, and
an application is open while its interval of ranks holds the line. Here the width of the interval is a setting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from scoring.figures import ApplicationFigures

Side = Literal["above", "open", "below"]


@dataclass(frozen=True, slots=True)
class FundingLine:
    """``rank``: the expected rank of the k-th application. ``sides``: application -> its side, of those with ranks."""

    band: int
    rank: float
    sides: Mapping[str, Side]

    def count(self, side: Side) -> int:
        """How many applications are on ``side``."""
        return sum(found == side for found in self.sides.values())


def funding_line(applications: Sequence[ApplicationFigures], k: int, band: int) -> FundingLine | None:
    """The line after the ``k`` best expected ranks, with intervals of ``band`` per cent, one of ``rank_draws.BANDS``.

    None when no application has ranks, or the line leaves nobody out or nobody in.
    """
    ranked = {found.application: found for found in applications if found.expected_rank is not None}
    if not 0 < k < len(ranked):
        return None
    line = sorted(found.expected_rank or 0.0 for found in ranked.values())[k - 1]
    return FundingLine(band, line, {name: _side(found, line, band) for name, found in ranked.items()})


def _side(found: ApplicationFigures, line: float, band: int) -> Side:
    low, high = found.ranks[band]
    if low <= line <= high or found.expected_rank == line:
        return "open"
    return "above" if high < line else "below"
