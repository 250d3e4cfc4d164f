"""Reviews in, standings out. Levels are integers, composites and means are Fractions, missing is None."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Review:
    """One submitted review: a level per criterion id; None or absent means not scored."""

    application: str
    reviewer: str
    levels: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Standing:
    """One application's place. ``rank`` None: no complete review. Equal scores share the rank (1, 2, 2, 4)."""

    application: str
    reviews: int
    score: Fraction | None
    """What ranks: the mean composite (later: consensus where the call says so)."""
    mean: Fraction | None
    median: Fraction | None
    spread: Fraction | None
    """Largest minus smallest composite; None with fewer than two reviews."""
    criterion_means: Mapping[str, Fraction | None]
    rank: int | None
    tied_with: tuple[str, ...] = ()
