"""The rows of the integer problem: what a scenario's constraints say of the candidates, each under its name."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby, pairwise
from math import ceil, floor, lcm

from allocation.kinds import Kind
from allocation.parts import Candidate, Row
from allocation.types import Constraint, Project, Scenario
from locales import Message, msg

_KINDS: dict[str, tuple[Kind, Kind]] = {
    "grant": ("euro_floor", "euro_cap"),
    "count": ("count_floor", "count_cap"),
    "column": ("column_floor", "column_cap"),
    "weighted": ("weighted_floor", "weighted_cap"),
}


def rows(candidates: Sequence[Candidate], projects: Sequence[Project], scenario: Scenario) -> tuple[Row, ...]:
    """Every row of a checked scenario: the appropriation first, then the others in the order of the scenario."""
    place = {one.project.id: j for j, one in enumerate(candidates)}
    found = [_appropriation(len(candidates), scenario)]
    for constraint in scenario.constraints:
        if constraint.on:
            found += _constraint(constraint, candidates, projects, scenario)
    for group in scenario.exclusive:
        members = sorted(place[key] for key in group.members if key in place)
        if group.on:
            found.append(_counted("exclusive", f"exclusive:{group.name}", group.name, members, group.most))
    for link in scenario.dependent:
        if link.on and link.project in place:
            found += _dependent(link.name, place[link.project], [place.get(key) for key in link.needs])
    if scenario.rank_order is not None:
        found += _rank_order(candidates, scenario.rank_order)
    return tuple(found)


def kinds_of(constraint: Constraint) -> frozenset[Kind]:
    """What a rule must be able to hold for this constraint."""
    lower, upper = _KINDS[_family(constraint)]
    floored = constraint.lower is not None or constraint.lower_share is not None
    capped = constraint.upper is not None or constraint.upper_share is not None
    return frozenset(([lower] if floored else []) + ([upper] if capped else []))


def matches(project: Project, constraint: Constraint) -> bool:
    """Whether ``project`` has one of the accepted values of every label that the constraint asks for."""
    return all(set(values) & set(project.words(key)) for key, values in constraint.where)


def limits(constraint: Constraint, appropriation: int) -> tuple[int | Fraction | None, int | Fraction | None]:
    """The least and the greatest sum, in the constraint's own measure; shares are of ``appropriation``."""
    lower, upper = constraint.lower, constraint.upper
    if constraint.lower_share is not None:
        lower = constraint.lower_share * appropriation
    if constraint.upper_share is not None:
        upper = constraint.upper_share * appropriation
    return lower, upper


def _family(constraint: Constraint) -> str:
    if constraint.measure in ("grant", "count"):
        return constraint.measure
    return "weighted" if constraint.by_grant else "column"


def _appropriation(count: int, scenario: Scenario) -> Row:
    available = scenario.appropriation - scenario.reserve
    return Row(
        "appropriation",
        msg("the appropriation"),
        frozenset(("appropriation",)),
        tuple(range(count)),
        (0,) * count,
        (1,) * count,
        upper=available // scenario.unit,
        scale=Fraction(scenario.unit),
        limits=(None, available),
    )


def _constraint(
    constraint: Constraint, candidates: Sequence[Candidate], projects: Sequence[Project], scenario: Scenario
) -> Iterator[Row]:
    if not constraint.each:
        matching = [j for j, one in enumerate(candidates) if matches(one.project, constraint)]
        yield _sum(constraint, "", matching, candidates, scenario)
        return
    # Of all projects, not of the candidates: a floor for a value that nobody fundable has cannot be met.
    values = {one.id: set(one.words(constraint.each)) for one in projects if matches(one, constraint)}
    members: dict[str, list[int]] = {value: [] for some in values.values() for value in some}
    for j, candidate in enumerate(candidates):
        for value in values.get(candidate.project.id, ()):
            members[value].append(j)
    for value in sorted(members):
        yield _sum(constraint, value, members[value], candidates, scenario)


def _sum(
    constraint: Constraint, value: str, members: Sequence[int], candidates: Sequence[Candidate], scenario: Scenario
) -> Row:
    """One row: coefficients made integers, limits rounded inwards."""
    family, unit = _family(constraint), scenario.unit
    zeros = (0,) * len(members)
    if family == "grant":
        per_project, per_unit, scale = zeros, (1,) * len(members), Fraction(unit)
    elif family == "count":
        per_project, per_unit, scale = (1,) * len(members), zeros, Fraction(1)
    else:
        numbers = [Fraction(candidates[j].project.number(constraint.measure) or 0) for j in members]
        common = lcm(*(number.denominator for number in numbers)) if numbers else 1
        scale = Fraction(1, common)
        whole = tuple(int(number * common) for number in numbers)
        per_project, per_unit = (whole, zeros) if family == "column" else (zeros, tuple(unit * n for n in whole))
    lower, upper = limits(constraint, scenario.appropriation)
    named: Message | str = constraint.name
    if value:
        named = msg(
            "{rule} ({value})", rule=constraint.name, value=scenario.names.get(f"{constraint.each}={value}", value)
        )
    policy = f"constraint:{constraint.name}"
    return Row(
        f"{policy}:{value}" if value else policy,
        named,
        kinds_of(constraint),
        tuple(members),
        per_project,
        per_unit,
        None if lower is None else ceil(lower / scale),
        None if upper is None else floor(upper / scale),
        policy,
        constraint.measure,
        scale,
        (lower, upper),
    )


def _counted(kind: Kind, key: str, name: Message | str, members: Sequence[int], most: int) -> Row:
    """At most so many of ``members``."""
    ones, zeros = (1,) * len(members), (0,) * len(members)
    return Row(
        key, name, frozenset((kind,)), tuple(members), ones, zeros, None, most, key, "count", limits=(None, most)
    )


def _dependent(name: str, j: int, needs: Sequence[int | None]) -> Iterator[Row]:
    policy = f"dependent:{name}"
    for number, other in enumerate(needs, start=1):
        members, ones = ((j,), (1,)) if other is None else ((j, other), (1, -1))
        yield Row(
            f"{policy}:{number}" if len(needs) > 1 else policy,
            name,
            frozenset(("dependent",)),
            members,
            ones,
            (0,) * len(members),
            upper=0,
            policy=policy,
            measure="count",
            limits=(None, 0),
        )


def _rank_order(candidates: Sequence[Candidate], label: str) -> Iterator[Row]:
    """For each project, all of the next higher score are funded. What is forced in goes over the order."""
    free = [j for j, one in enumerate(candidates) if not one.forced]
    pools = sorted({word for j in free for word in candidates[j].project.words(label)}) if label else [""]
    for pool in pools:
        members = [j for j in free if not label or pool in candidates[j].project.words(label)]
        members.sort(key=lambda j: -candidates[j].score)
        levels = [list(group) for _, group in groupby(members, key=lambda j: candidates[j].score)]
        for above, below in pairwise(levels):
            for j in below:
                yield Row(
                    f"rank_order:{pool}:{candidates[j].project.id}",
                    msg("the rank order respected"),
                    frozenset(("rank_order",)),
                    (j, *above),
                    (len(above), *(-1 for _ in above)),
                    (0,) * (len(above) + 1),
                    upper=0,
                    policy="rank_order",
                    measure="count",
                    limits=(None, 0),
                )
