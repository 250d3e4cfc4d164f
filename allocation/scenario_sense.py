"""What a scenario says against itself, or of projects and columns that are not there: each fault with its place."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from allocation.checks import asked
from allocation.kinds import KIND_LABELS, Kind
from allocation.rows import kinds_of, limits
from allocation.rules import RULES
from allocation.scenario_record import ID, LOT
from allocation.scenario_values import Faults, Place, shown
from allocation.types import Constraint, Project, Scenario
from locales import LocalText, Message, Money, msg

OWN_NUMBERS = ("score", "applied", "eligible_costs", "min_grant", "max_grant")
"""Columns that every project has a place for."""
OWN_LABELS = ("id", "theme", "region", "applicant")


def contradictions(scenario: Scenario, faults: Faults) -> None:
    """A fault for each limit that no sum can keep and each project that is told two things."""
    if scenario.reserve > scenario.appropriation:
        most = msg("at most the appropriation {appropriation}", appropriation=Money(scenario.appropriation))
        faults.wrong(("reserve",), scenario.reserve, most)
    if scenario.largest_grant is not None and scenario.largest_grant < scenario.smallest_grant:
        least = msg("at least the smallest grant {smallest}", smallest=Money(scenario.smallest_grant))
        faults.wrong(("largest_grant",), scenario.largest_grant, least)
    for key in sorted(scenario.force_in & scenario.force_out):
        faults.wrong(("force",), key, msg("a project in one of in and out"))
    for at, link in enumerate(scenario.dependent):
        if link.project in link.needs:
            faults.wrong(("dependent", at), link.project, msg("a project that needs others than itself"))
    for at, one in enumerate(scenario.constraints):
        _limits(("constraint", at), one, scenario.appropriation, faults)
    for above, below in pairwise(scenario.tiers):
        if above.least == below.least:
            faults.wrong(("tier",), above.least, msg("a score that no other tier begins with"))


def _limits(place: Place, one: Constraint, appropriation: int, faults: Faults) -> None:
    for limit, part, key in ((one.lower, one.lower_share, "min"), (one.upper, one.upper_share, "max")):
        if limit is not None and part is not None:
            faults.wrong((*place, f"{key}_share"), part, msg("one of {keys}", keys=f"{key}, {key}_share"))
    if one.measure != "grant":
        for part, key in ((one.lower_share, "min_share"), (one.upper_share, "max_share")):
            if part is not None:
                faults.wrong((*place, key), part, msg("a share only where the sum is grant; min or max otherwise"))
    if one.by_grant and one.measure in ("grant", "count"):
        faults.wrong((*place, "times_grant"), True, msg("true only with a numeric column as sum"))
    least, most = limits(one, appropriation)
    if least is None and most is None:
        faults.missing((*place, "min"), msg("at least one of {keys}", keys="min, max, min_share, max_share"))
    elif least is not None and most is not None and least > most:
        key, given = ("max", most) if one.upper_share is None else ("max_share", one.upper_share)
        if one.upper_share is not None and appropriation:
            least = Fraction(least) / appropriation
        faults.wrong((*place, key), given, msg("at least the smallest sum {limit}", limit=shown(least)))


def misfits(
    scenario: Scenario, ids: Collection[str], labels: Collection[str], numbers: Collection[str], faults: Faults
) -> None:
    """A fault for each project id, label and numeric column that the scenario names and the projects lack.

    ``labels`` and ``numbers``: the columns of the projects besides ``OWN_LABELS`` and ``OWN_NUMBERS``.
    """
    known_labels = {*OWN_LABELS, *labels}
    known_numbers = {*OWN_NUMBERS, *numbers}
    for place, key in _ids(scenario):
        if key not in ids:
            faults.wrong(place, key, msg("the id of a project in the list, for example {ids}", ids=_some(ids)))
    for place, key in _labels(scenario):
        if key not in known_labels:
            faults.wrong(place, key, msg("a column with texts: {columns}", columns=_some(known_labels)))
    for place, key in _numbers(scenario):
        if key not in known_numbers:
            accepted = msg("a column with numbers: {columns}", columns=_some(known_numbers))
            if place[-1] == "sum":
                accepted = msg("grant, count or {column}", column=accepted)
            elif place[0] == "tie_rule":
                accepted = msg("{words} or {column}", words=f"{LOT}, {ID}", column=accepted)
            faults.wrong(place, key, accepted)


def cannot_hold(
    projects: Sequence[Project], scenario: Scenario
) -> Iterator[tuple[Place, Message | LocalText | str, Kind]]:
    """What the rule of the scenario cannot hold: its place, its name, and of which kind it is."""
    held = RULES[scenario.rule].enforces
    wanted = asked(projects, scenario) - held
    for kind, place in _PLACES.items():
        if kind in wanted:
            yield place, KIND_LABELS[kind], kind
    for at, one in enumerate(scenario.constraints):
        if one.on:
            yield from ((("constraint", at), one.name, kind) for kind in sorted(kinds_of(one) - held))
    for at, group in enumerate(scenario.exclusive):
        if group.on and "exclusive" in wanted:
            yield ("exclusive", at), group.name, "exclusive"
    for at, link in enumerate(scenario.dependent):
        if link.on and "dependent" in wanted:
            yield ("dependent", at), link.name, "dependent"


_PLACES: Mapping[Kind, Place] = {
    "reserve": ("reserve",),
    "max_share": ("max_share",),
    "largest_grant": ("largest_grant",),
    "threshold": ("threshold",),
    "criterion_threshold": ("threshold",),
    "smallest_grant": ("smallest_grant",),
    "project_minimum": ("min_grant",),
    "force_in": ("force", "in"),
    "force_out": ("force", "out"),
    "fixed": ("fixed",),
    "rank_order": ("rank_order",),
}
"""Where a scenario says what concerns one project at a time; ``min_grant`` is a column of the projects."""


def _some(keys: Collection[str]) -> str:
    known = sorted(keys)
    return ", ".join(shown(key).strip('"') for key in known[:12]) + ("…" if len(known) > 12 else "")


def _ids(scenario: Scenario) -> Iterator[tuple[Place, str]]:
    for side, forced in (("in", scenario.force_in), ("out", scenario.force_out)):
        yield from ((("force", side, key), key) for key in sorted(forced))
    for at, group in enumerate(scenario.exclusive):
        yield from ((("exclusive", at, "projects"), key) for key in group.members)
    for at, link in enumerate(scenario.dependent):
        yield ("dependent", at, "project"), link.project
        yield from ((("dependent", at, "needs"), key) for key in link.needs)
    yield from ((("fixed", key), key) for key in scenario.fixed)


def _labels(scenario: Scenario) -> Iterator[tuple[Place, str]]:
    if scenario.rank_order:
        yield ("rank_order",), scenario.rank_order
    for at, one in enumerate(scenario.constraints):
        yield from ((("constraint", at, "where", key), key) for key, _ in one.where)
        if one.each:
            yield ("constraint", at, "each"), one.each


def _numbers(scenario: Scenario) -> Iterator[tuple[Place, str]]:
    yield from ((("threshold", column), column) for column, _ in scenario.criterion_thresholds)
    yield from ((("tie_rule",), word) for word in scenario.tie_rule if word not in (LOT, ID))
    for at, one in enumerate(scenario.constraints):
        if one.measure not in ("grant", "count"):
            yield ("constraint", at, "sum"), one.measure
