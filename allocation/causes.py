"""Which setting makes the grants of two scenarios differ: one setting put back at a time, and solved again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from allocation.distribute import compare, distribute
from allocation.policies import policies
from allocation.types import Allocation, Change, Project, Scenario, ScenarioError, SolverError
from locales import Message, msg

_PLAIN: Mapping[str, Message] = {
    "rule": msg("the rule of distribution"),
    "objective": msg("the objective"),
    "appropriation": msg("the appropriation"),
    "reserve": msg("the reserve"),
    "unit": msg("the unit of the grants"),
    "threshold": msg("the score threshold"),
    "max_share_bp": msg("the largest share of the eligible costs"),
    "smallest_grant": msg("the smallest grant"),
    "largest_grant": msg("the largest grant"),
    "rank_order": msg("the rank order respected"),
    "tiers": msg("the tiers"),
}
_LISTS = ("constraints", "exclusive", "dependent")


@dataclass(frozen=True, slots=True)
class Cause:
    """One project whose grant differs, and the settings that make it differ.

    Each of ``settings`` alone, put back to the first scenario's value, brings the grant back or towards what it was;
    those that bring it back all the way come first, and alone if there are any. Where none does, it is said that
    several do together.
    """

    change: Change
    settings: tuple[Message | str, ...]


@dataclass(frozen=True, slots=True)
class _Setting:
    name: Message | str
    back: Scenario
    """The second scenario with this setting of the first."""


def causes(projects: Sequence[Project], before: Scenario, after: Scenario) -> tuple[Cause, ...]:
    """For every project whose grant differs between two scenarios over the same projects, why; largest gain first.

    A setting that cannot be put back by itself, because the rule refuses the combination or the scenario then has no
    solution, is not considered. Raises ScenarioError and SolverError for the two scenarios themselves.
    """
    first, second = distribute(projects, before), distribute(projects, after)
    changes = compare(first, second)
    if not changes:
        return ()
    tried = [
        (setting.name, {award.id: award.granted for award in solved.awards})
        for setting in _settings(projects, before, after)
        if (solved := _solved(projects, setting.back)) is not None
    ]
    return tuple(Cause(change, _named(change, tried)) for change in changes)


def _named(change: Change, tried: Sequence[tuple[Message | str, Mapping[str, int]]]) -> tuple[Message | str, ...]:
    whole = [name for name, grants in tried if grants[change.id] == change.before]
    partly = [
        name for name, grants in tried if abs(grants[change.id] - change.before) < abs(change.after - change.before)
    ]
    return tuple(whole or partly) or (msg("several settings together"),)


def _solved(projects: Sequence[Project], scenario: Scenario) -> Allocation | None:
    try:
        solved = distribute(projects, scenario)
    except (ScenarioError, SolverError):
        return None
    return None if solved.status == "infeasible" else solved


def _settings(projects: Sequence[Project], before: Scenario, after: Scenario) -> Iterator[_Setting]:
    names = {policy.key: policy.name for one in (before, after) for policy in policies(projects, one)}
    for field, name in _PLAIN.items():
        if getattr(before, field) != getattr(after, field):
            yield _Setting(name, _with(after, field, getattr(before, field)))
    old, new = dict(before.criterion_thresholds), dict(after.criterion_thresholds)
    for column in _differing(old, new):
        back = tuple(_one_back(old, new, column).items())
        yield _Setting(names[f"criterion_threshold:{column}"], replace(after, criterion_thresholds=back))
    for kind, ids, own in (
        ("force_in", before.force_in ^ after.force_in, after.force_in),
        ("force_out", before.force_out ^ after.force_out, after.force_out),
    ):
        for key in sorted(ids):
            yield _Setting(names[f"{kind}:{key}"], _with(after, kind, own ^ {key}))
    for key in _differing(before.fixed, after.fixed):
        yield _Setting(names[f"fixed:{key}"], replace(after, fixed=_one_back(before.fixed, after.fixed, key)))
    for field in _LISTS:
        earlier = {one.name: one for one in getattr(before, field)}
        later = {one.name: one for one in getattr(after, field)}
        for title in _differing(earlier, later, _shown):
            yield _Setting(title, _with(after, field, tuple(_one_back(earlier, later, title).values())))


def _with(scenario: Scenario, field: str, value: object) -> Scenario:
    changes: dict[str, Any] = {field: value}
    return replace(scenario, **changes)


def _shown(one: Any) -> Any:
    """What of a constraint has an effect: nothing if it is switched off."""
    return one if one is not None and one.on else None


def _differing(
    old: Mapping[str, Any], new: Mapping[str, Any], shown: Callable[[Any], Any] = lambda value: value
) -> list[str]:
    return sorted(key for key in {*old, *new} if shown(old.get(key)) != shown(new.get(key)))


def _one_back(old: Mapping[str, Any], new: Mapping[str, Any], key: str) -> dict[str, Any]:
    """``new`` with what ``old`` says of ``key``."""
    found = dict(new)
    if key in old:
        found[key] = old[key]
    else:
        del found[key]
    return found
