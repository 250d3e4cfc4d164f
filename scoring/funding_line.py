"""Which applications lie surely above the line of the appropriation, which surely below, and which are open.

Source: Heyard, Ott, Salanti, Egger 2022, "Rethinking the Funding Line at the Swiss National Science Foundation: Bayesian
Ranking and Lottery", Statistics and Public Policy 9(1): their line is the expected rank of the k-th application, and
an application is open while its interval of ranks holds the line. Here the width of the interval is a setting, and the
chance of being among the k best has to agree with the side: expected ranks shrink towards the middle, so that the
interval alone may lie beyond the line of an application whose chance is even.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
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
    made for, is at least (100 + band) / 2 per cent; surely below: the other way round; without a chance nothing is sure.
    Applications that the model does not tell apart are on one side: open when the draws would part them. None when no
    application has ranks, or the line leaves nobody out or nobody in.
    """
    ranked = {found.application: found for found in applications if found.expected_rank is not None}
    if not 0 < k < len(ranked):
        return None
    line = sorted(found.expected_rank or 0.0 for found in ranked.values())[k - 1]
    sides = {name: _side(found, line, band) for name, found in ranked.items()}
    alike: dict[Hashable, set[Side]] = defaultdict(set)
    likeness = _likeness(ranked.values())
    for name, side in sides.items():
        alike[likeness[name]].add(side)
    return FundingLine(
        band, line, {name: "open" if len(alike[likeness[name]]) > 1 else side for name, side in sides.items()}
    )


def _side(found: ApplicationFigures, line: float, band: int) -> Side:
    low, high = found.ranks[band]
    chance = found.p_top_k
    if chance is None or found.expected_rank == line:
        return "open"
    if high < line and chance >= (100 + band) / 200:
        return "above"
    return "below" if low > line and chance <= (100 - band) / 200 else "open"


def _likeness(applications: Iterable[ApplicationFigures]) -> Mapping[str, Hashable]:
    """Application -> what it shares with those that differ from it by chance in the draws only; else its name.

    Equal figures may differ by rounding, which is measured by how far apart all of them are, whatever the unit. Without
    a review, those with the same consensus are alike.
    """
    applications = tuple(applications)
    agreed = {found.application: found.decided for found in applications if found.n == 0 and found.decided is not None}
    known = {found.application: (found.adjusted, found.sd) for found in applications}
    pairs = {name: (adjusted, sd) for name, (adjusted, sd) in known.items() if adjusted is not None and sd is not None}
    start = min((adjusted for adjusted, _ in pairs.values()), default=0.0)
    unit = max((max(adjusted - start, sd) for adjusted, sd in pairs.values()), default=0.0) or 1.0
    shared: dict[str, Hashable] = {
        name: (round((adjusted - start) / unit, 9), round(sd / unit, 9)) for name, (adjusted, sd) in pairs.items()
    }
    return {name: shared.get(name, agreed.get(name, name)) for name in known}
