"""Reviews in, standings out. Levels are integers, composites and means are Fractions, missing is None."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, NamedTuple

RankingScore = Literal["consensus_else_mean", "mean"]
"""What ranks an application: the panel's consensus where it is recorded, or always the mean of the reviews."""


@dataclass(frozen=True, slots=True)
class Review:
    """One submitted review: a level per criterion id; None or absent means not scored."""

    application: str
    reviewer: str
    levels: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class RunningTotal:
    """What a review amounts to so far. A weighted mean of a part is shown as such, never as the composite."""

    scored_weight: int
    """Sum of the weights of the criteria that have a level."""
    total_weight: int
    points: int
    """Sum of weight times level over the scored criteria."""
    missing: tuple[str, ...]
    """Criterion ids without a level, in the order of the weights."""

    @property
    def missing_weight(self) -> int:
        """Weight that is still without a level."""
        return self.total_weight - self.scored_weight

    @property
    def so_far(self) -> Fraction | None:
        """Weighted mean of the criteria scored so far, on the levels' scale; None while nothing is scored."""
        return Fraction(self.points, self.scored_weight) if self.scored_weight else None

    @property
    def composite(self) -> Fraction | None:
        """The composite of the whole review; None while any criterion is missing."""
        return None if self.missing else self.so_far


@dataclass(frozen=True, slots=True)
class Standing:
    """One application's place. ``rank`` None: no complete review. Equal scores share the rank (1, 2, 2, 4)."""

    application: str
    reviews: int
    """Number of complete reviews, that is of composites."""
    score: Fraction | None
    """What ranks: the mean composite, or the composite of the consensus; ``score_source`` says which."""
    mean: Fraction | None
    median: Fraction | None
    spread: Fraction | None
    """Largest minus smallest composite; None with fewer than two reviews."""
    criterion_means: Mapping[str, Fraction | None]
    """Mean level per criterion over every review that has one, incomplete reviews included; None without any."""
    rank: int | None
    tied_with: tuple[str, ...] = ()
    consensus: Fraction | None = None
    """Composite of the panel's consensus, whether it ranks or not; None: none is recorded."""
    consensus_levels: Mapping[str, int] = field(default_factory=dict)
    """Level per criterion of the consensus; empty: none is recorded."""
    score_source: Literal["mean", "consensus"] = "mean"


class LevelSpread(NamedTuple):
    """How far the levels of one criterion lie apart; ``spread`` is the highest minus the lowest."""

    lowest: int
    highest: int
    spread: int
