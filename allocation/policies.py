"""The named rules of a scenario: what can be switched off by itself, to see what it costs or with what it collides."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from allocation.kinds import KIND_LABELS, Kind
from allocation.rows import limits
from allocation.types import Constraint, Project, Scenario
from locales import Message, Money, msg

Input = tuple[tuple[Project, ...], Scenario]


@dataclass(frozen=True, slots=True)
class Policy:
    """One rule with a name in words. ``key`` is stable: the kind, and what tells it from others of its kind."""

    key: str
    kind: Kind
    name: Message | str


def policies(projects: Sequence[Project], scenario: Scenario) -> tuple[Policy, ...]:
    """The rules that the scenario has switched on, the appropriation first."""
    found = [Policy("appropriation", "appropriation", KIND_LABELS["appropriation"])]
    if scenario.reserve:
        found.append(Policy("reserve", "reserve", msg("the reserve {euros}", euros=Money(scenario.reserve))))
    if scenario.max_share_bp is not None:
        found.append(Policy("max_share", "max_share", KIND_LABELS["max_share"]))
    if scenario.largest_grant is not None:
        name = msg("the largest grant {euros}", euros=Money(scenario.largest_grant))
        found.append(Policy("largest_grant", "largest_grant", name))
    if scenario.smallest_grant:
        name = msg("the smallest grant {euros}", euros=Money(scenario.smallest_grant))
        found.append(Policy("smallest_grant", "smallest_grant", name))
    if any(project.min_grant for project in projects):
        found.append(Policy("project_minimum", "project_minimum", KIND_LABELS["project_minimum"]))
    if scenario.threshold is not None:
        name = msg("the threshold {score}", score=scenario.threshold)
        found.append(Policy("threshold", "threshold", name))
    for column, least in scenario.criterion_thresholds:
        name = msg("the threshold {score} of {column}", score=least, column=scenario.names.get(column, column))
        found.append(Policy(f"criterion_threshold:{column}", "criterion_threshold", name))
    found += [
        Policy(f"force_in:{key}", "force_in", msg("project {id} forced in", id=key))
        for key in sorted(scenario.force_in)
    ]
    found += [
        Policy(f"force_out:{key}", "force_out", msg("project {id} forced out", id=key))
        for key in sorted(scenario.force_out)
    ]
    found += [
        Policy(f"fixed:{key}", "fixed", msg("the award of project {id} set by hand", id=key))
        for key in sorted(scenario.fixed)
    ]
    for one in scenario.constraints:
        if one.on:
            kind: Kind = (
                "euro_cap" if one.measure == "grant" else "count_cap" if one.measure == "count" else "column_cap"
            )
            found.append(Policy(f"constraint:{one.name}", kind, one.name))
    found += [Policy(f"exclusive:{one.name}", "exclusive", one.name) for one in scenario.exclusive if one.on]
    found += [Policy(f"dependent:{one.name}", "dependent", one.name) for one in scenario.dependent if one.on]
    if scenario.rank_order is not None:
        found.append(Policy("rank_order", "rank_order", KIND_LABELS["rank_order"]))
    return tuple(found)


def without(projects: Sequence[Project], scenario: Scenario, key: str) -> Input:
    """The same input with the named rule switched off; without the appropriation there is money for everybody.

    KeyError for a key that is no named rule's.
    """
    kind, _, rest = key.partition(":")
    if kind == "project_minimum":
        # Without a minimum of its own a project would be all or nothing: its smallest grant is one unit instead.
        least = scenario.unit
        freed = (replace(one, min_grant=least) if one.min_grant else one for one in projects)
        return tuple(freed), scenario
    return tuple(projects), _SWITCHES[kind](projects, scenario, rest)


Switch = Callable[[Sequence[Project], Scenario, str], Scenario]

_SWITCHES: Mapping[str, Switch] = {
    "appropriation": lambda projects, scenario, _: replace(
        scenario,
        appropriation=max(scenario.appropriation, scenario.reserve + sum(one.applied for one in projects)),
        # Shares stay those of the appropriation as it was.
        constraints=tuple(_in_euros(one, scenario.appropriation) for one in scenario.constraints),
    ),
    "reserve": lambda _, scenario, __: replace(scenario, reserve=0),
    "max_share": lambda _, scenario, __: replace(scenario, max_share_bp=None),
    "largest_grant": lambda _, scenario, __: replace(scenario, largest_grant=None),
    "smallest_grant": lambda _, scenario, __: replace(scenario, smallest_grant=0),
    "threshold": lambda _, scenario, __: replace(scenario, threshold=None),
    "criterion_threshold": lambda _, scenario, column: replace(
        scenario, criterion_thresholds=tuple(pair for pair in scenario.criterion_thresholds if pair[0] != column)
    ),
    "force_in": lambda _, scenario, key: replace(scenario, force_in=scenario.force_in - {key}),
    "force_out": lambda _, scenario, key: replace(scenario, force_out=scenario.force_out - {key}),
    "fixed": lambda _, scenario, key: replace(
        scenario, fixed={other: euros for other, euros in scenario.fixed.items() if other != key}
    ),
    "constraint": lambda _, scenario, name: replace(
        scenario, constraints=tuple(replace(one, on=one.on and one.name != name) for one in scenario.constraints)
    ),
    "exclusive": lambda _, scenario, name: replace(
        scenario, exclusive=tuple(replace(one, on=one.on and one.name != name) for one in scenario.exclusive)
    ),
    "dependent": lambda _, scenario, name: replace(
        scenario, dependent=tuple(replace(one, on=one.on and one.name != name) for one in scenario.dependent)
    ),
    "rank_order": lambda _, scenario, __: replace(scenario, rank_order=None),
}


def _in_euros(constraint: Constraint, appropriation: int) -> Constraint:
    lower, upper = limits(constraint, appropriation)
    return replace(constraint, lower=lower, upper=upper, lower_share=None, upper_share=None)
