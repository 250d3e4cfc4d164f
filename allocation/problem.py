"""The integer problem every rule works on: candidates with bounds in units, and rows with names.

Money is counted in units of ``Scenario.unit`` euros. Candidates stand in the order of their ids, so no result
can depend on the order of the rows of the input.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from allocation.parts import Candidate, Note, Row
from allocation.rows import rows
from allocation.types import Project, Scenario, Status
from locales import Message, Money, msg


@dataclass(frozen=True, slots=True)
class Problem:
    """All a rule needs. ``per_project`` and ``per_unit`` are the objective's coefficients, one per candidate."""

    scenario: Scenario
    candidates: tuple[Candidate, ...]
    excluded: Mapping[str, Note]
    excluded_scores: Mapping[str, Fraction | None]
    rows: tuple[Row, ...]
    per_project: tuple[Fraction, ...]
    per_unit: tuple[Fraction, ...]
    conflict: tuple[Message, ...]

    @property
    def capacity(self) -> int:
        """Units that can be distributed."""
        return (self.scenario.appropriation - self.scenario.reserve) // self.scenario.unit

    def euros(self, units: int) -> Money:
        """``units`` as money for a message."""
        return Money(units * self.scenario.unit)

    def ids(self, members: Sequence[int]) -> tuple[str, ...]:
        """The project ids of ``members``, sorted."""
        return tuple(sorted(self.candidates[j].project.id for j in members))

    def order(self) -> list[int]:
        """The published order: score, then tie keys, both falling. Ids only make it reproducible."""
        return sorted(range(len(self.candidates)), key=self._place)

    def equals(self, members: Sequence[int]) -> list[list[int]]:
        """``members`` of the published order cut into groups that neither score nor tie keys separate."""
        return [list(group) for _, group in groupby(sorted(members, key=self._place), key=self.standing)]

    def standing(self, j: int) -> tuple[Fraction, tuple[Fraction | int, ...]]:
        """What separates candidate ``j`` from others, negated so that the best sorts first."""
        candidate = self.candidates[j]
        return -candidate.score, tuple(-key for key in candidate.project.tie_keys)

    def _place(self, j: int) -> tuple[tuple[Fraction, tuple[Fraction | int, ...]], int]:
        return self.standing(j), j


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule decided. ``units`` per candidate, 0 = not funded; ``notes`` why, where the rule knows."""

    status: Status
    units: tuple[int, ...]
    notes: Mapping[int, Note] = field(default_factory=dict)
    ties: tuple[tuple[int, ...], ...] = ()
    unresolved: frozenset[int] = frozenset()
    bound: Fraction | None = None
    duals: Mapping[str, float] = field(default_factory=dict)
    multipliers: Mapping[str, Fraction] = field(default_factory=dict)
    conflict: tuple[Message, ...] = ()


def infeasible(problem: Problem, *conflict: Message) -> Outcome:
    """The outcome in which nobody gets anything because rules collide."""
    return Outcome("infeasible", (0,) * len(problem.candidates), conflict=conflict)


def build(projects: Sequence[Project], scenario: Scenario, *, whole: bool, continuous: bool) -> Problem:
    """The problem of a checked scenario.

    ``whole``: a project without ``min_grant`` is all or nothing. ``continuous``: grants go down to zero and
    the objective counts a partial grant in proportion.
    """
    candidates: list[Candidate] = []
    excluded: dict[str, Note] = {}
    conflict: list[Message] = []
    for project in sorted(projects, key=lambda one: one.id):
        entry = _consider(project, scenario, whole=whole, continuous=continuous)
        if isinstance(entry, Candidate):
            candidates.append(entry)
            continue
        excluded[project.id] = entry
        if project.id in scenario.force_in:
            # Nothing else can exclude it: forced in goes over the threshold, and it is scored.
            conflict.append(
                msg(
                    "Project {id} is forced in, but at most {ceiling} could be granted, and the smallest grant is "
                    "{smallest}.",
                    id=project.id,
                    **entry[1].params,
                )
            )
    zero, unit = Fraction(0), scenario.unit
    if scenario.objective == "score_times_grant":
        per_project, per_unit = [zero] * len(candidates), [one.score * unit for one in candidates]
    elif continuous:
        per_project, per_unit = [zero] * len(candidates), [one.score / one.upper for one in candidates]
    else:
        per_project, per_unit = [one.score for one in candidates], [zero] * len(candidates)
    return Problem(
        scenario,
        tuple(candidates),
        excluded,
        {project.id: project.score for project in projects if project.id in excluded},
        rows(tuple(candidates), projects, scenario),
        tuple(per_project),
        tuple(per_unit),
        tuple(conflict),
    )


def _consider(project: Project, scenario: Scenario, *, whole: bool, continuous: bool) -> Candidate | Note:
    forced = project.id in scenario.force_in
    if project.id in scenario.force_out:
        return "forced_out", msg("Not funded: left out by a decision recorded in the scenario.")
    by_hand = scenario.fixed.get(project.id)
    if by_hand == 0:
        return "set_by_hand", msg("Not funded: the award was set by hand.")
    if project.score is None:
        return "not_scored", msg("Not funded: the project has not been scored.")
    if by_hand is not None:
        units = by_hand // scenario.unit
        return Candidate(project, project.score, units, units, True, msg("the award was set by hand"))
    short = None if forced else _short(project, project.score, scenario)
    if short is not None:
        return short
    ceiling, limit = ceiling_of(project, scenario)
    upper = ceiling // scenario.unit
    smallest = max(scenario.smallest_grant, project.min_grant or 0, 1)
    lower = -(-smallest // scenario.unit)
    if upper < lower:
        return "ceiling_below_smallest", msg(
            "Not funded: at most {ceiling} could be granted, and the smallest grant is {smallest}.",
            ceiling=Money(upper * scenario.unit),
            smallest=Money(lower * scenario.unit),
        )
    if continuous:
        lower = 0
    elif whole and project.min_grant is None:
        lower = upper
    if limit is None and upper * scenario.unit < project.applied:
        limit = msg("grants are rounded down to full units of {unit}", unit=Money(scenario.unit))
    return Candidate(project, project.score, lower, upper, forced, limit)


def _short(project: Project, score: Fraction, scenario: Scenario) -> Note | None:
    """Which threshold the project does not reach, None if it reaches all."""
    if scenario.threshold is not None and score < scenario.threshold:
        return "below_threshold", _below(score, scenario.threshold)
    for column, least in scenario.criterion_thresholds:
        reached = project.number(column)
        if reached is not None and reached < least:
            return "below_criterion_threshold", msg(
                "Not funded: {column} is {reached}, below the threshold {threshold}.",
                column=scenario.names.get(column, column),
                reached=Fraction(reached),
                threshold=least,
            )
    return None


def ceiling_of(project: Project, scenario: Scenario) -> tuple[int, Message | None]:
    """The most the project can get in euros, and what holds it below the amount applied for."""
    ceiling: int = project.applied
    limit: Message | None = None
    if scenario.max_share_bp is not None and project.eligible_costs is not None:
        share = project.eligible_costs * scenario.max_share_bp // 10_000
        if share < ceiling:
            percent = Fraction(scenario.max_share_bp, 100)
            ceiling, limit = (
                share,
                msg(
                    "the grant is at most {share} % of the eligible costs {costs}",
                    share=int(percent) if percent.denominator == 1 else percent,
                    costs=Money(project.eligible_costs),
                ),
            )
    if project.max_grant is not None and project.max_grant < ceiling:
        ceiling = project.max_grant
        limit = msg("the largest grant set for the project is {largest}", largest=Money(ceiling))
    if scenario.largest_grant is not None and scenario.largest_grant < ceiling:
        ceiling = scenario.largest_grant
        limit = msg("the largest grant is {largest}", largest=Money(ceiling))
    return ceiling, limit


def _below(score: Fraction, threshold: Fraction) -> Message:
    # Scores are shown with two decimals: a score that would look equal to the threshold is said otherwise.
    if threshold - score < Fraction(1, 100):
        return msg(
            "Not funded: the score is below the threshold {threshold} by less than {step}.",
            threshold=threshold,
            step=Fraction(1, 100),
        )
    return msg("Not funded: the score {score} is below the threshold {threshold}.", score=score, threshold=threshold)
