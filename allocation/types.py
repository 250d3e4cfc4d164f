"""What goes into and comes out of every rule of distribution. Money is whole euros, scores are Fractions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from locales import LocalText, Message

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
    "not_funded_rule",
    "not_funded_effect",
    "set_by_hand",
    "below_threshold",
    "below_criterion_threshold",
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
    ``columns``: further numeric columns a constraint may name. ``labels``: further words a constraint may ask for, such
    as the regions of all partners; each key has any number of values.
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
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def words(self, key: str) -> tuple[str, ...]:
        """The values of the label ``key``: id, theme, region, applicant or one of ``labels``; () if it has none."""
        own = {"id": self.id, "theme": self.theme, "region": self.region, "applicant": self.applicant}
        if key in own:
            return (own[key],) if own[key] else ()
        return self.labels.get(key, ())

    def number(self, key: str) -> int | Fraction | None:
        """The value of the numeric column ``key``; None if it is not stated (which is never 0)."""
        match key:
            case "score":
                return self.score
            case "applied":
                return self.applied
            case "eligible_costs":
                return self.eligible_costs
            case "min_grant":
                return self.min_grant
            case "max_grant":
                return self.max_grant
        return self.columns.get(key)


@dataclass(frozen=True, slots=True)
class Constraint:
    """``lower <= sum over the funded projects that match <= upper``, under a name in words.

    ``measure``: ``grant`` (euros granted), ``count`` (projects funded) or a numeric column, counted when the project
    is funded or, with ``by_grant``, times the euros granted. ``where``: label and accepted values; all must match.
    ``each``: one sum for every value of this label. ``lower_share`` and ``upper_share``: of the appropriation.
    ``on``: False keeps the constraint in the scenario without its effect.
    """

    name: str
    measure: str = "grant"
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    lower: int | Fraction | None = None
    upper: int | Fraction | None = None
    lower_share: Fraction | None = None
    upper_share: Fraction | None = None
    each: str = ""
    by_grant: bool = False
    on: bool = True


@dataclass(frozen=True, slots=True)
class Exclusive:
    """At most ``most`` of these projects are funded."""

    name: str
    members: tuple[str, ...]
    most: int = 1
    on: bool = True


@dataclass(frozen=True, slots=True)
class Dependent:
    """``project`` is funded only if all of ``needs`` are."""

    name: str
    project: str
    needs: tuple[str, ...]
    on: bool = True


@dataclass(frozen=True, slots=True)
class Tier:
    """Projects with a score of at least ``least`` get ``share`` (0 to 1) of the amount applied for."""

    least: Fraction
    share: Fraction


@dataclass(frozen=True, slots=True)
class Scenario:
    """The parameters of one distribution. Later kinds of constraint are added here as fields with defaults.

    ``max_share_bp``: largest share of the eligible costs in basis points (8500 = 85 %). ``force_in`` goes
    over the threshold, ``force_out`` over the score. ``time_limit`` is seconds, ``gap`` a share of the optimum.
    ``criterion_thresholds``: numeric column and the least value that can be funded. ``rank_order``: None; or a label
    in whose every value no project is funded while one of a higher score is not ("" for all projects together).
    ``fixed``: awards set by hand, euros by project id, 0 for none; they go over thresholds and the smallest and
    largest grant, not over the amount applied for and the share of the eligible costs. ``reasons``: why a project is
    forced or fixed, by project id, in the words of whoever did it.
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
    criterion_thresholds: tuple[tuple[str, Fraction], ...] = ()
    constraints: tuple[Constraint, ...] = ()
    exclusive: tuple[Exclusive, ...] = ()
    dependent: tuple[Dependent, ...] = ()
    rank_order: str | None = None
    fixed: Mapping[str, int] = field(default_factory=dict)
    tiers: tuple[Tier, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    tie_rule: tuple[str, ...] = ()
    """By what the projects' ``tie_keys`` were made, in order; said with the result, the keys themselves decide."""
    names: Mapping[str, Message | LocalText | str] = field(default_factory=dict)
    """How columns and labels are called in words; one without a name is called by its key."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What one named rule holds together in an allocation: the sum reached beside its limits, in ``measure``.

    ``measure``: ``grant`` (euros), ``count`` (projects) or a column's name. ``policy``: the key of the named rule
    (see ``policies``); a rule with ``each`` has several sums.
    """

    key: str
    name: Message | str
    policy: str
    measure: str
    value: int | Fraction
    lower: int | Fraction | None
    upper: int | Fraction | None


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
    sums: tuple[Sum, ...] = ()
    """What each named rule over several projects adds up to, the appropriation first."""

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
