"""Random scenarios with named rules, and slow, obvious readings of those rules: from the scenario, not from rows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product

from hypothesis import strategies as st

from allocation import Constraint, Dependent, Exclusive, Project, RuleName, Scenario

THEMES = ("a", "b", "")
REGIONS = ("01", "06", "09")
NUMBERS: tuple[int | Fraction, ...] = (0, 1, 2, 3, Fraction(1, 2), Fraction(5, 3), -1)
CAPS = frozenset(("rank_strict", "rank_skip", "rank_partial"))


@st.composite
def labelled(draw: st.DrawFn, most: int = 8, minimums: bool = False) -> list[Project]:
    """Projects of few themes and regions with a column, all separated by lots."""
    size = draw(st.integers(1, most))
    order = draw(st.permutations(range(size)))
    found = []
    for number in range(size):
        applied = draw(st.sampled_from((1, 2, 3, 5, 8)))
        found.append(
            Project(
                f"P{number:02}",
                draw(st.sampled_from((1, 2, 2, 3, 4)).map(lambda n: Fraction(n * 7, 3))),
                applied,
                min_grant=draw(st.none() | st.integers(1, applied)) if minimums else None,
                theme=draw(st.sampled_from(THEMES)),
                columns={"people": draw(st.sampled_from(NUMBERS))},
                labels={"regions": tuple(draw(st.sets(st.sampled_from(REGIONS), max_size=2)))},
                tie_keys=(order[number],),
            )
        )
    return found


@st.composite
def constraints(draw: st.DrawFn, rule: RuleName, number: int) -> Constraint:
    """One constraint that ``rule`` can hold; floors are low so that many scenarios can be met."""
    linear = rule == "lp"
    measure = draw(st.sampled_from(("grant", "people") if linear else ("grant", "count", "people")))
    by_grant = measure == "people" and (linear or draw(st.booleans()))
    upper = draw(st.integers(0, 14)) if draw(st.booleans()) or rule in CAPS else None
    lower = draw(st.integers(0, 3)) if upper is None or (rule not in CAPS and draw(st.booleans())) else None
    if lower is not None and upper is not None and lower > upper:
        lower = upper
    where = draw(st.sampled_from(((), (("theme", ("a",)),), (("regions", ("01", "06")), ("theme", ("a", "b"))))))
    each = draw(st.sampled_from(("", "theme", "regions")))
    share = draw(st.booleans()) and measure == "grant" and upper is not None
    return Constraint(
        f"R{number}",
        measure,
        where,
        lower,
        None if share else upper,
        upper_share=Fraction(9, 10) if share else None,
        each=each,
        by_grant=by_grant,
        on=draw(st.sampled_from((True, True, True, False))),
    )


@st.composite
def scenarios(draw: st.DrawFn, projects: Sequence[Project], rule: RuleName) -> Scenario:
    """A scenario with random rules of the kinds that ``rule`` declares."""
    ids = [one.id for one in projects]
    count = 0 if rule in ("proportional", "tiers") else draw(st.integers(1, 3))
    scenario = Scenario(
        draw(st.integers(0, 25)),
        rule,
        objective=draw(st.sampled_from(("score_of_funded", "score_times_grant"))),
        unit=draw(st.sampled_from((1, 1, 2))),
        constraints=tuple(draw(constraints(rule, number)) for number in range(count)),
    )
    groups = st.lists(st.sampled_from(ids), min_size=1, max_size=3, unique=True).map(tuple)
    if rule in CAPS or rule == "milp":
        scenario = replace(scenario, exclusive=(Exclusive("E", draw(groups), draw(st.integers(1, 2))),))
    if rule == "milp":
        needs = draw(groups)
        free = [key for key in ids if key not in needs]
        if free:
            scenario = replace(scenario, dependent=(Dependent("D", draw(st.sampled_from(free)), needs),))
    if rule in ("milp", "rank_strict", "rank_partial") and draw(st.booleans()):
        scenario = replace(scenario, rank_order=draw(st.sampled_from(("", "theme", "regions"))))
    if draw(st.booleans()):
        one = draw(st.sampled_from(list(projects)))
        steps = one.applied // scenario.unit
        scenario = replace(scenario, fixed={one.id: draw(st.integers(0, steps)) * scenario.unit})
    return scenario


def faults(projects: Sequence[Project], scenario: Scenario, granted: Mapping[str, int]) -> list[str]:
    """The names of the rules that these grants break, read from the scenario."""
    funded = [one for one in projects if granted[one.id]]
    found = []
    if sum(granted.values()) > scenario.appropriation - scenario.reserve:
        found.append("appropriation")
    for constraint in scenario.constraints:
        if constraint.on and any(
            not _holds(sum_, constraint, scenario) for sum_ in _sums(projects, constraint, granted)
        ):
            found.append(constraint.name)
    found += [one.name for one in scenario.exclusive if sum(granted[key] > 0 for key in one.members) > one.most]
    found += [
        one.name for one in scenario.dependent if granted[one.project] and not all(granted[key] for key in one.needs)
    ]
    if scenario.rank_order is not None:
        # Who could not get a grant at all, in full units, has no place in the order.
        able = [one for one in projects if one.id not in scenario.fixed and max(choices(one, scenario))]
        unfunded = [one for one in able if not granted[one.id]]
        passed = any(
            low.score < high.score and (not scenario.rank_order or _common(low, high, scenario.rank_order))
            for low in funded
            for high in unfunded
            if low.id not in scenario.fixed and low.score is not None and high.score is not None
        )
        found += ["rank_order"] if passed else []
    found += [f"fixed {key}" for key, euros in scenario.fixed.items() if granted[key] != euros]
    return found


def _common(one: Project, other: Project, label: str) -> bool:
    return bool(set(one.words(label)) & set(other.words(label)))


def _sums(projects: Sequence[Project], constraint: Constraint, granted: Mapping[str, int]) -> list[Fraction]:
    matching = [one for one in projects if all(set(one.words(key)) & set(values) for key, values in constraint.where)]
    pools = [matching]
    if constraint.each:
        words = {word for one in matching for word in one.words(constraint.each)}
        pools = [[one for one in matching if word in one.words(constraint.each)] for word in words]
    return [sum((_part(one, constraint, granted[one.id]) for one in pool), Fraction(0)) for pool in pools]


def _part(one: Project, constraint: Constraint, euros: int) -> Fraction:
    if constraint.measure == "grant":
        return Fraction(euros)
    if constraint.measure == "count":
        return Fraction(euros > 0)
    return Fraction(one.columns[constraint.measure]) * (euros if constraint.by_grant else euros > 0)


def _holds(sum_: Fraction, constraint: Constraint, scenario: Scenario) -> bool:
    upper = constraint.upper
    if constraint.upper_share is not None:
        upper = constraint.upper_share * scenario.appropriation
    return (constraint.lower is None or sum_ >= constraint.lower) and (upper is None or sum_ <= upper)


def choices(one: Project, scenario: Scenario) -> Sequence[int]:
    """Every grant the project could get under the mixed-integer programme."""
    if one.id in scenario.fixed:
        return (scenario.fixed[one.id],)
    unit = scenario.unit
    most = one.applied // unit * unit
    if one.min_grant is None:
        return (0, most) if most else (0,)
    least = max(-(-one.min_grant // unit), 1) * unit
    return (0, *range(least, most + 1, unit))


def best(projects: Sequence[Project], scenario: Scenario) -> tuple[Fraction, dict[str, int]] | None:
    """All grants tried: the greatest total, then the first in the published order; None if no grants keep the rules."""
    order = sorted(projects, key=lambda one: (one.score, one.tie_keys), reverse=True)
    found: tuple[Fraction, tuple[bool, ...], tuple[int, ...]] | None = None
    for grants in product(*(choices(one, scenario) for one in order)):
        if faults(projects, scenario, dict(zip((one.id for one in order), grants, strict=True))):
            continue
        total = sum(
            (Fraction(one.score or 0) * (euros if scenario.objective == "score_times_grant" else euros > 0))
            for one, euros in zip(order, grants, strict=True)
        )
        key = (Fraction(total), tuple(euros > 0 for euros in grants), grants)
        if found is None or key > found:
            found = key
    return None if found is None else (found[0], dict(zip((one.id for one in order), found[2], strict=True)))
