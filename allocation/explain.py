"""Why one project is funded, cut or not, by which rule, what would change it and whom it would displace."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from allocation.distribute import compare, distribute
from allocation.engine import OutOfTimeError
from allocation.explain_words import words_of
from allocation.flips import FINEST, flips, is_cut
from allocation.flips_mixed import reaches
from allocation.policies import Policy, policies, without
from allocation.problem import build
from allocation.rules import RULES
from allocation.types import Allocation, Award, Change, Project, Scenario, ScenarioError, SolverError
from locales import Message

_ASKED = 4
"""Of how many rules the slow rule is asked, by solving again without them, whether they exclude a project."""
_LOOSENING = ("constraint", "exclusive", "dependent", "rank_order", "force_in", "fixed")
"""Rules without which every distribution that was possible still is."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One award explained. Everything here was found, or confirmed, by solving again.

    ``excluded_by``: the named rule that keeps the project from being considered at all (a threshold, forced out, set by
    hand, no grant large enough); or else the one without which, solved again, it would be funded (or, if cut, get all
    it could); None where money or the others' scores decide. ``regret``: for a project that is not funded, how much of the objective
    forcing it in costs; for a funded one, how much leaving it out costs. It can be negative under rank order, which
    maximises nothing. ``displaced``: whose grants would change then, the project itself included. None and empty
    where the rule cannot force anybody in, or the rules would collide.
    ``extra_score`` (hundredths), ``smaller_amount`` (euros to apply for), ``extra_appropriation`` (euros, a multiple
    of ``appropriation_step``): the least that flips the award; None if nothing does. ``words``: all of it in
    sentences, the award's reason first.
    """

    award: Award
    excluded_by: Policy | None = None
    regret: Fraction | None = None
    displaced: tuple[Change, ...] = ()
    extra_score: Fraction | None = None
    smaller_amount: int | None = None
    extra_appropriation: int | None = None
    appropriation_step: int = FINEST
    words: tuple[Message, ...] = ()


def explain(
    projects: Sequence[Project], scenario: Scenario, allocation: Allocation, project_id: str, *, money: bool = True
) -> Explanation:
    """Explain one award of ``allocation``, which ``scenario`` gave over ``projects``. KeyError: no such project.

    ``money`` False leaves ``extra_appropriation`` out, which takes most of the time under the mixed-integer programme.
    """
    award = allocation.award(project_id)
    if allocation.status == "infeasible":
        return Explanation(award, words=(award.reason, *allocation.conflict))
    excluded_by = None if award.funded and not is_cut(award) else _excluded_by(projects, scenario, allocation, award)
    other = _other_way(projects, scenario, award)
    regret, displaced = None, tuple[Change, ...]()
    if other is not None and other.status != "infeasible":
        regret = _worth(allocation) - _worth(other)
        displaced = compare(allocation, other)
    found = flips(projects, scenario, allocation, project_id, money=money)
    return Explanation(
        award,
        excluded_by,
        regret,
        displaced,
        found.extra_score,
        found.smaller_amount,
        found.extra_appropriation,
        found.appropriation_step,
        words_of(award, excluded_by, regret, displaced, found),
    )


def _worth(allocation: Allocation) -> Fraction:
    """The objective, or what it can reach where an open tie left projects out."""
    if allocation.rule == "milp" and allocation.bound is not None and allocation.status == "ties_unresolved":
        return allocation.bound
    return allocation.objective


def _other_way(projects: Sequence[Project], scenario: Scenario, award: Award) -> Allocation | None:
    """The allocation with the project forced the other way; None where the rule cannot do that."""
    if award.id in scenario.fixed or award.code == "not_scored":
        return None
    if award.funded:
        changed = replace(scenario, force_in=scenario.force_in - {award.id}, force_out=scenario.force_out | {award.id})
    else:
        changed = replace(scenario, force_in=scenario.force_in | {award.id}, force_out=scenario.force_out - {award.id})
    return _solved(projects, changed)


def _solved(projects: Sequence[Project], scenario: Scenario) -> Allocation | None:
    try:
        return distribute(projects, scenario)
    except (ScenarioError, SolverError):
        return None


def _excluded_by(
    projects: Sequence[Project], scenario: Scenario, allocation: Allocation, award: Award
) -> Policy | None:
    named = {policy.key: policy for policy in policies(projects, scenario)}
    project = next(one for one in projects if one.id == award.id)
    match award.code:
        case "below_threshold":
            # Below the lowest tier there is no rule to name.
            return named.get("threshold")
        case "below_criterion_threshold":
            short = (
                column
                for column, least in scenario.criterion_thresholds
                if (reached := project.number(column)) is not None and reached < least
            )
            return named[f"criterion_threshold:{next(short)}"]
        case "forced_out":
            return named[f"force_out:{award.id}"]
        case "set_by_hand":
            return named[f"fixed:{award.id}"]
        case "not_scored":
            return None
        case "ceiling_below_smallest":
            tried = ["largest_grant", "max_share", "smallest_grant", "project_minimum"]
        case _:
            tried = _suspects(projects, scenario, allocation, award)
    found = [key for key in tried if key in named]
    for key in found[:_ASKED] if scenario.rule == "milp" else found:
        if _free_of(projects, scenario, allocation, key, award):
            return named[key]
    if award.code == "ceiling_below_smallest" and award.id not in _considered(projects, scenario):
        # No rule alone lets it win; the one without which it could at least be considered is the one to name.
        return next((named[key] for key in found if award.id in _considered(*without(projects, scenario, key))), None)
    return None


def _free_of(projects: Sequence[Project], scenario: Scenario, allocation: Allocation, key: str, award: Award) -> bool:
    changed = without(projects, scenario, key)
    if scenario.rule == "milp" and not award.funded and key.partition(":")[0] in _LOOSENING:
        problem = build(*changed, whole=True, continuous=False)
        place = next((j for j, one in enumerate(problem.candidates) if one.project.id == award.id), None)
        # The others reach at least as much as before: with less than that, the project does not come in.
        try:
            if place is None or not reaches(problem, place, _worth(allocation)):
                return False
        except (OutOfTimeError, SolverError):
            return False
    solved = _solved(*changed)
    if solved is None:
        return False
    freed = solved.award(award.id)
    return freed.granted >= award.ceiling if award.funded else freed.funded


def _considered(projects: Sequence[Project], scenario: Scenario) -> set[str]:
    rule = RULES[scenario.rule]
    problem = build(projects, scenario, whole=rule.whole, continuous=rule.continuous)
    return {one.project.id for one in problem.candidates}


def _suspects(projects: Sequence[Project], scenario: Scenario, allocation: Allocation, award: Award) -> list[str]:
    """The rules that may keep out a project that could be funded, the likeliest first.

    First those in whose sums the project counts and that have no room for it beside the others; then floors that are
    just met, the rank order, and what is forced or set by hand for others.
    """
    rule = RULES[scenario.rule]
    problem = build(projects, scenario, whole=rule.whole, continuous=rule.continuous)
    granted = {one.id: one.granted // scenario.unit for one in allocation.awards}
    units = [granted[one.project.id] for one in problem.candidates]
    place = next((j for j, one in enumerate(problem.candidates) if one.project.id == award.id), None)
    full: list[str] = []
    tight: list[str] = []
    for row in problem.rows:
        if row.policy == "appropriation" or place is None:
            continue
        mine = {j: (once, each) for j, once, each in zip(row.members, row.per_project, row.per_unit, strict=True)}
        total = sum(once * (units[j] > 0) + each * units[j] for j, (once, each) in mine.items())
        if place in mine and row.upper is not None:
            once, each = mine[place]
            more = max(1, problem.candidates[place].lower) if units[place] == 0 else 1
            if total + once * (units[place] == 0) + each * more > row.upper:
                full.append(row.policy)
        if row.lower is not None and any(
            total - once * (units[j] > 0) - each * units[j] < row.lower
            for j, (once, each) in mine.items()
            if units[j] and j != place
        ):
            tight.append(row.policy)
    late = [policy.key for policy in policies(projects, scenario) if policy.kind in ("force_in", "fixed")]
    single = ["smallest_grant"] if scenario.smallest_grant else []
    return list(dict.fromkeys([*full, *tight, *single, *late]))
