"""What the named rules of a scenario must satisfy: constraints, groups, dependencies, thresholds, tiers, order."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import lcm

from allocation.rows import matches
from allocation.types import Constraint, Project, Scenario
from locales import LocalText, Message, Param, msg

MAX_NAME = 200
MAX_RULES = 500
MAX_ROWS = 20_000
MAX_ORDER = 1_000_000
"""Most entries of the rows by which the rank order is respected: projects times those of the next higher score."""
MAX_VALUE = 10**15
MAX_DENOMINATOR = 10**9
MAX_PRODUCT = MAX_VALUE * MAX_DENOMINATOR
MAX_COMMON = 10**18
"""Greatest common denominator of a column: above it its sums are too fine for any solver."""
_SAID = 20
_NUMBERS = ("score", "applied", "eligible_costs", "min_grant", "max_grant")
_LABELS = ("id", "theme", "region", "applicant")


@dataclass(frozen=True, slots=True)
class Known:
    """What the projects offer: ``considered`` are those that are scored and not left out by decision."""

    projects: tuple[Project, ...]
    considered: tuple[Project, ...]
    ids: frozenset[str]
    columns: tuple[str, ...]
    labels: tuple[str, ...]
    names: Mapping[str, Message | LocalText | str]

    def called(self, column: str) -> Message | LocalText | str:
        """The column in words."""
        return self.names.get(column, column)


def known_of(projects: Sequence[Project], scenario: Scenario) -> Known:
    """What a constraint may name."""
    columns = {key for one in projects for key in one.columns} - set(_NUMBERS)
    labels = {key for one in projects for key in one.labels} - set(_LABELS)
    out = scenario.force_out | {key for key, euros in scenario.fixed.items() if euros == 0}
    return Known(
        tuple(projects),
        tuple(one for one in projects if one.score is not None and one.id not in out),
        frozenset(one.id for one in projects),
        (*_NUMBERS, *sorted(columns)),
        (*_LABELS, *sorted(labels)),
        scenario.names,
    )


def rule_faults(known: Known, scenario: Scenario) -> Iterator[Message]:
    """Every fault of the scenario's named rules."""
    yield from _names("constraint", [one.name for one in scenario.constraints])
    yield from _names("exclusive", [one.name for one in scenario.exclusive])
    yield from _names("dependent", [one.name for one in scenario.dependent])
    for constraint in scenario.constraints[:MAX_RULES]:
        for fault in _constraint(known, constraint):
            yield _of(constraint.name, fault)
    yield from _groups(known, scenario)
    yield from _dependent(known, scenario)
    yield from _criteria(known, scenario)
    yield from _tiers(scenario)
    if not any(one.each and one.each not in known.labels for one in scenario.constraints):
        yield from _size(known, scenario)


def number_faults(key: str, value: object) -> Iterator[Message]:
    """Whether ``value`` is an exact number of a size that can be computed with."""
    # Numerator and denominator, because comparing fractions is slow and there may be millions.
    if (
        isinstance(value, (int, Fraction))
        and not isinstance(value, bool)
        and abs(value.numerator) <= MAX_VALUE * value.denominator <= MAX_PRODUCT
    ):
        return
    yield msg(
        "{key}: {value} is not accepted; exact numbers from {least} to {most} with at most {digits} decimals are.",
        key=key,
        value=str(value)[:50],
        least=-MAX_VALUE,
        most=MAX_VALUE,
        digits=9,
    )


def some(ids: Collection[str]) -> list[Param]:
    """The first of ``ids`` in order, and a mark where there are more."""
    return [*sorted(ids)[:_SAID], *(["…"] if len(ids) > _SAID else [])]


def unknown(key: str, value: str, accepted: Iterable[str]) -> Message:
    """Said of a name that stands for nothing; ``accepted`` are those that do."""
    return msg(
        "{key}: {value} is not accepted; {accepted} are.", key=key, value=value[:50], accepted=", ".join(accepted)
    )


def _of(name: str, fault: Message) -> Message:
    return msg("Rule “{rule}”: {fault}", rule=name[:MAX_NAME], fault=fault)


def _names(key: str, given: Sequence[str]) -> Iterator[Message]:
    if len(given) > MAX_RULES:
        yield msg("{key}: there are {count}; at most {most} are accepted.", key=key, count=len(given), most=MAX_RULES)
        return
    if any(not name.strip() or len(name) > MAX_NAME for name in given):
        yield msg("{key}: every rule needs a name of 1 to {most} characters.", key=key, most=MAX_NAME)
    twice = [name for name, times in Counter(given).items() if times > 1]
    if twice:
        yield msg("{key}: the same name stands more than once: {names}.", key=key, names=some(twice))


def _constraint(known: Known, one: Constraint) -> Iterator[Message]:
    bounds = (("min", one.lower), ("max", one.upper), ("min_share", one.lower_share), ("max_share", one.upper_share))
    if all(value is None for _, value in bounds):
        yield msg("It has no limit; give at least one of {accepted}.", accepted="min, max, min_share, max_share")
    wrong = [fault for key, value in bounds if value is not None for fault in number_faults(key, value)]
    yield from wrong
    for short, value, share in (("min", one.lower, one.lower_share), ("max", one.upper, one.upper_share)):
        if value is not None and share is not None:
            yield msg("Give either {one} or {other}, not both.", one=short, other=f"{short}_share")
        if share is not None and not 0 <= share <= 1:
            yield msg(
                "{key}: {value} is not accepted; a share from 0 to 1 is.", key=f"{short}_share", value=str(share)[:50]
            )
        if value is not None and value < 0 and one.measure in ("grant", "count"):
            yield msg("{key}: {value} is not accepted; 0 or more is.", key=short, value=str(value)[:50])
    if one.measure == "count" and (one.lower_share is not None or one.upper_share is not None):
        yield msg(
            "Shares are of the appropriation; a number of projects has none. Give {accepted}.", accepted="min, max"
        )
    for lower, upper in ((one.lower, one.upper), (one.lower_share, one.upper_share)):
        if not wrong and lower is not None and upper is not None and lower > upper:
            yield msg("The lower limit {lower} is above the upper limit {upper}.", lower=lower, upper=upper)
    if one.by_grant and one.measure in ("grant", "count"):
        yield msg("Only a column can be weighted by the grants, not {measure}.", measure=one.measure)
    if one.on and known.ids:
        yield from _data(known, one)


def _data(known: Known, one: Constraint) -> Iterator[Message]:
    """Faults that depend on what the projects offer."""
    labels = [("where", key) for key, _ in one.where] + ([("each", one.each)] if one.each else [])
    faulty = [unknown(key, label, known.labels) for key, label in labels if label not in known.labels]
    yield from faulty
    if any(not values for _, values in one.where):
        yield msg("{key}: a label needs at least one value.", key="where")
    if one.measure in ("grant", "count"):
        return
    if one.measure not in known.columns:
        yield unknown("sum", one.measure, ("grant", "count", *known.columns))
        return
    if faulty:
        return
    numbers = {project.id: project.number(one.measure) for project in known.considered if matches(project, one)}
    missing = [key for key, number in numbers.items() if number is None]
    if missing:
        yield msg(
            "{column} is missing for {ids}; missing is not 0.", column=known.called(one.measure), ids=some(missing)
        )
    if lcm(*(Fraction(number).denominator for number in numbers.values() if number is not None)) > MAX_COMMON:
        yield msg(
            "The numbers of {column} are too fine to be added up exactly; round them.", column=known.called(one.measure)
        )


def _groups(known: Known, scenario: Scenario) -> Iterator[Message]:
    for group in scenario.exclusive[:MAX_RULES]:
        if type(group.most) is not int or not 1 <= group.most <= MAX_VALUE:
            yield _of(
                group.name, msg("{key}: {value} is not accepted; 1 or more is.", key="most", value=str(group.most))
            )
        if not group.members:
            yield _of(group.name, msg("It names no projects."))
        strange = set(group.members) - known.ids
        if group.on and strange:
            yield _of(group.name, msg("These are not among the projects: {ids}.", ids=some(strange)))


def _dependent(known: Known, scenario: Scenario) -> Iterator[Message]:
    for link in scenario.dependent[:MAX_RULES]:
        if not link.needs:
            yield _of(link.name, msg("It names no projects."))
        if link.project in link.needs:
            yield _of(link.name, msg("Project {id} cannot depend on itself.", id=link.project))
        strange = {link.project, *link.needs} - known.ids
        if link.on and strange:
            yield _of(link.name, msg("These are not among the projects: {ids}.", ids=some(strange)))


def _criteria(known: Known, scenario: Scenario) -> Iterator[Message]:
    key = "criterion_thresholds"
    free = [one for one in known.considered if one.id not in scenario.force_in and one.id not in scenario.fixed]
    for column, least in scenario.criterion_thresholds[:MAX_RULES]:
        yield from number_faults(key, least)
        if known.ids and column not in known.columns:
            yield unknown(key, column, known.columns)
            continue
        missing = [one.id for one in free if one.number(column) is None]
        if missing:
            yield msg(
                "{column} is missing for {ids}; missing is not 0.", column=known.called(column), ids=some(missing)
            )
    twice = [column for column, times in Counter(c for c, _ in scenario.criterion_thresholds).items() if times > 1]
    if twice:
        yield msg("{key}: the same name stands more than once: {names}.", key=key, names=some(twice))


def _tiers(scenario: Scenario) -> Iterator[Message]:
    steps = scenario.tiers
    if scenario.rule == "tiers" and not steps:
        yield msg("{key}: the rule {rule} needs at least one tier.", key="tier", rule="tiers")
    if scenario.rule != "tiers" and steps:
        yield msg("{key}: only the rule {rule} has tiers, not {other}.", key="tier", rule="tiers", other=scenario.rule)
    if len(steps) > MAX_RULES:
        yield msg(
            "{key}: there are {count}; at most {most} are accepted.", key="tier", count=len(steps), most=MAX_RULES
        )
        return
    for step in steps:
        yield from number_faults("tier", step.least)
        if not 0 < step.share <= 1 or Fraction(step.share).denominator > MAX_DENOMINATOR:
            yield msg(
                "{key}: {value} is not accepted; a share above 0 and up to 1 is.", key="tier", value=str(step.share)
            )
    if any(below.least >= above.least for above, below in pairwise(steps)):
        yield msg("{key}: the tiers do not fall; give the best one first and each limit once.", key="tier")


def _size(known: Known, scenario: Scenario) -> Iterator[Message]:
    """Whether the rules stay within what can be built."""
    count = sum(len(link.needs) for link in scenario.dependent if link.on) + len(scenario.exclusive)
    for one in scenario.constraints[:MAX_RULES]:
        if one.on and one.each:
            count += len({word for project in known.projects for word in project.words(one.each)})
        else:
            count += one.on
    if count > MAX_ROWS:
        yield msg("The rules make {count} sums; at most {most} are accepted.", count=count, most=MAX_ROWS)
    label = scenario.rank_order
    if label is None:
        return
    if label and known.ids and label not in known.labels:
        yield unknown("rank_order", label, known.labels)
        return
    entries = sum(
        below * (above + 1)
        for levels in _levels(known.considered, label)
        for (_, above), (_, below) in pairwise(sorted(levels.items(), reverse=True))
    )
    if entries > MAX_ORDER:
        yield msg(
            "rank_order: the projects of neighbouring scores make {count} pairs; at most {most} are accepted.",
            count=entries,
            most=MAX_ORDER,
        )


def _levels(considered: Iterable[Project], label: str) -> Iterable[Counter[Fraction]]:
    """How many projects have each score, in every pool of the rank order."""
    pools: dict[str, Counter[Fraction]] = {}
    for one in considered:
        for word in one.words(label) if label else ("",):
            if one.score is not None:
                pools.setdefault(word, Counter())[one.score] += 1
    return pools.values()
