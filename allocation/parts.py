"""What the integer problem is made of: candidates with bounds in units, and rows with names."""

from dataclasses import dataclass
from fractions import Fraction

from allocation.kinds import Kind
from allocation.types import Code, Project
from locales import Message

Note = tuple[Code, Message]


@dataclass(frozen=True, slots=True)
class Row:
    """``lower <= sum over members (per_project * funded + per_unit * units granted) <= upper``, in integers.

    ``members`` are indices of candidates, ``per_project`` and ``per_unit`` their coefficients, of the same
    length. ``key`` is stable, ``name`` is said to people, ``kinds`` is what a rule must declare to hold it. ``policy``:
    key of the named rule it comes from. A sum times ``scale`` is in ``measure``; ``limits`` are those of the scenario,
    before they were rounded to the integers of the row.
    """

    key: str
    name: Message | str
    kinds: frozenset[Kind]
    members: tuple[int, ...]
    per_project: tuple[int, ...]
    per_unit: tuple[int, ...]
    lower: int | None = None
    upper: int | None = None
    policy: str = "appropriation"
    measure: str = "grant"
    scale: Fraction = Fraction(1)
    limits: tuple[int | Fraction | None, int | Fraction | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A project that can be funded: ``lower`` to ``upper`` units or nothing; ``forced``: it must be.

    An award set by hand is forced with ``lower == upper``.
    """

    project: Project
    score: Fraction
    lower: int
    upper: int
    forced: bool
    limit: Message | None
    """Why ``upper`` is below the amount applied for; None if it is not."""
