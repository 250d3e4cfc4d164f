"""Which applications lie surely above the line of the appropriation, which surely below, and which are open.

Source: Heyard, Ott, Salanti, Egger 2022, "Rethinking the Funding Line at the Swiss National Science Foundation: Bayesian
Ranking and Lottery", Statistics and Public Policy 9(1): their line is the expected rank of the k-th application, and
an application is open while its interval of ranks holds the line. Here the width of the interval is a setting, and the
chance of being among the k best has to agree with the side: expected ranks shrink towards the middle, so that the
interval alone may lie beyond the line of an application whose chance is even.
"""

from collections import defaultdict
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

    Surely above: the interval lies above the line, and the chance of being among the k best, which the figures are
    made for, is at least (100 + band) / 2 per cent; surely below: the other way round. Applications that the model does
    not tell apart are on one side: open when chance in the draws would part them. None when no application has ranks,
    or the line leaves nobody out or nobody in.
    """
    ranked = {found.application: found for found in applications if found.expected_rank is not None}
    if not 0 < k < len(ranked):
        return None
    line = sorted(found.expected_rank or 0.0 for found in ranked.values())[k - 1]
    sides = {name: _side(found, line, band) for name, found in ranked.items()}
    alike: dict[tuple[float, float], set[Side]] = defaultdict(set)
    for name, found in ranked.items():
        if (twin := _likeness(found)) is not None:
            alike[twin].add(sides[name])
    split = {twin for twin, found_sides in alike.items() if len(found_sides) > 1}
    return FundingLine(
        band, line, {name: "open" if _likeness(ranked[name]) in split else side for name, side in sides.items()}
    )


def _side(found: ApplicationFigures, line: float, band: int) -> Side:
    low, high = found.ranks[band]
    chance, sure = found.p_top_k or 0.0, (100 + band) / 200
    if found.expected_rank != line and high < line and chance >= sure:
        return "above"
    return "below" if found.expected_rank != line and low > line and chance <= 1 - sure else "open"


def _likeness(found: ApplicationFigures) -> tuple[float, float] | None:
    """What two applications share that differ by chance in the draws only."""
    return None if found.adjusted is None or found.sd is None else (round(found.adjusted, 9), round(found.sd, 9))
