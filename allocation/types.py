"""What goes into and comes out of every rule of distribution. Money is whole euros, scores are Fractions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from locales import Message

RuleName = Literal["rank_strict", "rank_skip", "rank_partial", "lp", "milp", "proportional", "tiers"]
Objective = Literal["score_of_funded", "score_times_grant"]
Status = Literal["optimal", "time_limit", "infeasible", "ties_unresolved"]


@dataclass(frozen=True, slots=True)
class Project:
    """One project that asks for money.

    ``applied`` and ``eligible_costs`` are euros; ``score`` None means not scored (never funded, said so).
    ``min_grant`` None: all or nothing. ``columns``: further numeric columns a constraint may name.
    ``tie_keys``: larger is better, compared after the score where the call's rule must separate equals.
    """

    id: str
    score: Fraction | None
    applied: int
    eligible_costs: int | None = None
    min_grant: int | None = None
    max_grant: int | None = None
    theme: str = ""
    region: str = ""
    applicant: str = ""
    columns: Mapping[str, int | Fraction] = field(default_factory=dict)
    tie_keys: tuple[Fraction | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """The parameters of one distribution. Later kinds of constraint are added here as fields with defaults."""

    appropriation: int
    rule: RuleName
    reserve: int = 0
    unit: int = 1
    objective: Objective = "score_times_grant"
    threshold: Fraction | None = None
    max_share_bp: int | None = None
    smallest_grant: int = 0
    largest_grant: int | None = None
    force_in: frozenset[str] = frozenset()
    force_out: frozenset[str] = frozenset()
    time_limit: float = 60.0
    gap: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Award:
    """What one project gets, and why in a stable code and in words."""

    id: str
    funded: bool
    granted: int
    code: str
    reason: Message


@dataclass(frozen=True, slots=True)
class Allocation:
    """The result of one rule on one set of projects; ``awards`` in canonical (id) order."""

    status: Status
    awards: tuple[Award, ...]
    spent: int
    remaining: int
    objective: Fraction
    bound: Fraction | None
    gap: Fraction | None
    ties: tuple[tuple[str, ...], ...]
    """Groups of project ids between which the tie rule, not the score, decided."""
    seconds: float
    duals: Mapping[str, float] = field(default_factory=dict)
