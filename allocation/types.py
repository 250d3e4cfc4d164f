"""What goes into and comes out of every rule of distribution. Money is whole euros, scores are Fractions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from locales import Message

RuleName = Literal["rank_strict", "rank_skip", "rank_partial", "lp", "milp", "proportional", "tiers"]
Objective = Literal["score_of_funded", "score_times_grant"]
Status = Literal["optimal", "time_limit", "infeasible", "ties_unresolved"]
Code = Literal[
    "funded_full",
    "funded_partial",
    "forced_in",
    "not_funded_budget",
    "not_funded_tie",
    "stopped_at_cut_off",
    "tie_unresolved",
    "below_threshold",
    "not_scored",
    "ceiling_below_smallest",
    "forced_out",
    "infeasible",
]


class ScenarioError(ValueError):
    """The scenario or its projects cannot be used; ``problems`` says each fault in words."""

    def __init__(self, problems: tuple[Message, ...]) -> None:
        super().__init__("; ".join(problem.msgid for problem in problems))
        self.problems = problems


class SolverError(RuntimeError):
    """The solver gave an answer that breaks a rule when checked in integers, or none at all."""


@dataclass(frozen=True, slots=True)
class Project:
    """One project that asks for money.

    ``applied`` and ``eligible_costs`` are euros; ``score`` None means not scored (never funded, said so).
    ``min_grant`` None: rules that decide on whole grants (rank_strict, rank_skip, milp) grant all or
    nothing; rules that cut grants (rank_partial, lp, proportional) know no minimum of the project's own.
    ``columns``: further numeric columns a constraint may name.
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
    """The parameters of one distribution. Later kinds of constraint are added here as fields with defaults.

    ``max_share_bp``: largest share of the eligible costs in basis points (8500 = 85 %). ``force_in`` goes
    over the threshold, ``force_out`` over the score. ``time_limit`` is seconds, ``gap`` a share of the optimum.
    """

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
    """What one project gets, and why in a stable code and in words. ``ceiling``: the most it could get."""

    id: str
    funded: bool
    granted: int
    code: Code
    reason: Message
    score: Fraction | None = None
    ceiling: int = 0


@dataclass(frozen=True, slots=True)
class Allocation:
    """The result of one rule on one set of projects; ``awards`` in canonical (id) order.

    ``remaining`` is the appropriation less what is spent, the reserve included. ``objective`` is exact, of the
    integer grants; under the linear programme with score_of_funded a partial grant counts in proportion.
    """

    status: Status
    awards: tuple[Award, ...]
    spent: int
    remaining: int
    objective: Fraction
    bound: Fraction | None
    """No distribution under the rule exceeds this; None for rules that optimise nothing."""
    gap: Fraction | None
    ties: tuple[tuple[str, ...], ...]
    """Groups of project ids between which the tie rule, not the score, decided."""
    seconds: float = field(compare=False)
    duals: Mapping[str, float] = field(default_factory=dict)
    """Linear programme: what one euro more in the named row adds to the objective."""
    rule: RuleName | None = None
    conflict: tuple[Message, ...] = ()
    """Infeasible: which rules collide, in words."""
    multipliers: Mapping[str, Fraction] = field(default_factory=dict)
    """Row key -> multiplier; with them anyone can recompute ``certified_bound``."""
    certified_bound: Fraction | None = None
    """The Lagrangian bound of ``multipliers`` in exact arithmetic, valid whatever the solver did."""

    def award(self, project_id: str) -> Award:
        """The award of one project; KeyError if there is none."""
        for award in self.awards:
            if award.id == project_id:
                return award
        raise KeyError(project_id)


@dataclass(frozen=True, slots=True)
class Change:
    """One project whose grant differs between two allocations; ``difference`` is euros gained (+) or lost (-)."""

    id: str
    before: int
    after: int
    difference: int
