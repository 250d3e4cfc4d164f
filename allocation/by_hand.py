"""Awards that people set by hand: what they may be, what they change, and which rules they break."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from allocation.kinds import KIND_LABELS
from allocation.parts import Candidate, Row
from allocation.policies import policies
from allocation.problem import build, ceiling_of
from allocation.rows import rows
from allocation.rules import RULES
from allocation.types import Allocation, Award, Project, Scenario, ScenarioError, Sum
from allocation.verify import row_value
from locales import Message, Money, msg


@dataclass(frozen=True, slots=True)
class Breach:
    """A named rule that grants break, and the projects by which. ``policy``: its key, see ``policies``."""

    policy: str
    name: Message | str
    projects: tuple[str, ...]


def legal_ceiling(project: Project, scenario: Scenario) -> int:
    """The most that may be granted at all in euros: the amount applied for, and the share of the eligible costs."""
    return ceiling_of(replace(project, max_grant=None), replace(scenario, largest_grant=None))[0]


def replace_awards(
    projects: Sequence[Project], scenario: Scenario, allocation: Allocation, awards: Mapping[str, int]
) -> Allocation:
    """``allocation`` with exactly these awards changed (euros by project id, 0 for none), the rest kept.

    The appropriation, the full units and ``legal_ceiling`` still hold; what else breaks is said by ``breaches``. No bound
    and no gap: they are the rule's. Raises ScenarioError naming every award that cannot be.
    """
    known = {project.id: project for project in projects}
    check_awards(projects, scenario, awards)
    given = {award.id: award.granted for award in allocation.awards} | dict(awards)
    spent = sum(given.values())
    _check_total(spent, scenario)
    return replace(
        allocation,
        awards=tuple(
            _by_hand(award, awards[award.id], legal_ceiling(known[award.id], scenario)) if award.id in awards else award
            for award in allocation.awards
        ),
        spent=spent,
        remaining=scenario.appropriation - spent,
        objective=worth(projects, scenario, given),
        bound=None,
        gap=None,
        certified_bound=None,
        multipliers={},
        duals={},
        sums=_sums(projects, scenario, given),
    )


def check_awards(projects: Sequence[Project], scenario: Scenario, awards: Mapping[str, int]) -> None:
    """Raise ScenarioError naming every award that cannot be set by hand, or if they come to more than there is."""
    problems = list(_problems({project.id: project for project in projects}, scenario, awards))
    if problems:
        raise ScenarioError(tuple(problems))
    _check_total(sum(awards.values()), scenario)


def _check_total(spent: int, scenario: Scenario) -> None:
    available = scenario.appropriation - scenario.reserve
    if spent > available:
        raise ScenarioError(
            (
                msg(
                    "The awards would come to {spent}; the appropriation less the reserve is {available}.",
                    spent=Money(spent),
                    available=Money(available),
                ),
            )
        )


def worth(projects: Sequence[Project], scenario: Scenario, granted: Mapping[str, int]) -> Fraction:
    """The scenario's objective of these grants, exact, whether the rule would give them or not.

    Under a continuous rule a partial grant counts in proportion to the most the rule could give; beyond that, whole.
    """
    return sum((_worth(one, scenario, granted.get(one.id, 0)) for one in projects), Fraction(0))


def breaches(projects: Sequence[Project], scenario: Scenario, granted: Mapping[str, int]) -> tuple[Breach, ...]:
    """Every named rule of the scenario that these grants break, in the order of ``policies``.

    Rules over several projects are asked of those that the rule of distribution could fund and those funded here.
    """
    found: dict[str, set[str]] = {}
    for project in projects:
        for key in _own(project, scenario, granted.get(project.id, 0)):
            found.setdefault(key, set()).add(project.id)
    candidates = _candidates(projects, scenario, granted)
    units = [granted.get(one.project.id, 0) // scenario.unit for one in candidates]
    for row in rows(candidates, projects, scenario):
        members = _by_whom(row, units)
        if members:
            found.setdefault(row.policy, set()).update(candidates[j].project.id for j in members)
    named: dict[str, Message | str] = {policy.key: policy.name for policy in policies(projects, scenario)}
    # A project's own largest grant is no rule of the scenario.
    named.setdefault("largest_grant", KIND_LABELS["largest_grant"])
    return tuple(Breach(key, name, tuple(sorted(found[key]))) for key, name in named.items() if key in found)


def _by_whom(row: Row, units: Sequence[int]) -> list[int]:
    """Those of the row's members by whose grants, or by whose having none, the row is broken; none if it holds."""
    value = row_value(row, units)
    if row.lower is not None and value < row.lower:
        return list(row.members)
    if row.upper is None or value <= row.upper:
        return []
    weights = zip(row.members, row.per_project, row.per_unit, strict=True)
    return [j for j, once, each in weights if (once + each > 0) == (units[j] > 0)]


def _problems(known: Mapping[str, Project], scenario: Scenario, awards: Mapping[str, int]) -> Iterator[Message]:
    unknown = sorted(awards.keys() - known.keys())
    if unknown:
        yield msg("Set by hand, but not among the projects: {ids}.", ids=list(unknown))
    unscored = sorted(key for key, granted in awards.items() if granted and key in known and known[key].score is None)
    if unscored:
        yield msg("Set by hand, but not scored: {ids}.", ids=list(unscored))
    for key in sorted((awards.keys() & known.keys()) - set(unscored)):
        granted, ceiling = awards[key], legal_ceiling(known[key], scenario)
        if type(granted) is not int or granted < 0 or granted % scenario.unit or granted > ceiling:
            yield msg(
                "Project {id}: {value} by hand is not accepted; whole euros from 0 to {ceiling} in full units of "
                "{unit} are.",
                id=key,
                value=Money(granted) if type(granted) is int else str(granted),
                ceiling=Money(ceiling // scenario.unit * scenario.unit),
                unit=Money(scenario.unit),
            )


def _by_hand(award: Award, granted: int, ceiling: int) -> Award:
    reason = (
        msg(
            "Funded with {granted}: the award was set by hand. Score {score}.",
            granted=Money(granted),
            score=award.score,
        )
        if granted and award.score is not None
        else msg("Not funded: the award was set by hand.")
    )
    return replace(award, funded=granted > 0, granted=granted, code="set_by_hand", reason=reason, ceiling=ceiling)


def _worth(project: Project, scenario: Scenario, granted: int) -> Fraction:
    if project.score is None or not granted:
        return Fraction(0)
    if scenario.objective == "score_times_grant":
        return project.score * granted
    if not RULES[scenario.rule].continuous:
        return project.score
    most = ceiling_of(project, scenario)[0] // scenario.unit * scenario.unit
    return project.score * min(Fraction(granted, most) if most else Fraction(1), Fraction(1))


def _own(project: Project, scenario: Scenario, granted: int) -> Iterator[str]:
    """The rules about one project alone that its grant breaks."""
    if not granted:
        if project.id in scenario.force_in:
            yield f"force_in:{project.id}"
        return
    if project.id in scenario.force_out:
        yield f"force_out:{project.id}"
    if scenario.largest_grant is not None and granted > scenario.largest_grant:
        yield "largest_grant"
    if project.max_grant is not None and granted > project.max_grant:
        yield "largest_grant"
    if granted < scenario.smallest_grant:
        yield "smallest_grant"
    if project.min_grant is not None and granted < project.min_grant:
        yield "project_minimum"
    if project.id in scenario.force_in:
        return
    if scenario.threshold is not None and project.score is not None and project.score < scenario.threshold:
        yield "threshold"
    for column, least in scenario.criterion_thresholds:
        reached = project.number(column)
        if reached is not None and reached < least:
            yield f"criterion_threshold:{column}"


def _candidates(projects: Sequence[Project], scenario: Scenario, granted: Mapping[str, int]) -> tuple[Candidate, ...]:
    """Who the rule could fund, and who is funded though it could not."""
    rule = RULES[scenario.rule]
    problem = build(projects, replace(scenario, fixed={}), whole=rule.whole, continuous=rule.continuous)
    there = {one.project.id for one in problem.candidates}
    others = (
        Candidate(one, one.score, 0, one.applied // scenario.unit, False, None)
        for one in projects
        if granted.get(one.id) and one.id not in there and one.score is not None
    )
    return tuple(sorted((*problem.candidates, *others), key=lambda one: one.project.id))


def _sums(projects: Sequence[Project], scenario: Scenario, granted: Mapping[str, int]) -> tuple[Sum, ...]:
    candidates = _candidates(projects, scenario, granted)
    units = [granted.get(one.project.id, 0) // scenario.unit for one in candidates]
    return tuple(
        _sum(row, units)
        for row in rows(candidates, projects, scenario)
        if row.policy != "rank_order" and "dependent" not in row.kinds
    )


def _sum(row: Row, units: Sequence[int]) -> Sum:
    amount = row_value(row, units) * row.scale
    reached = int(amount) if amount.denominator == 1 else amount
    return Sum(row.key, row.name, row.policy, row.measure, reached, *row.limits)
