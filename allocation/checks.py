"""What a scenario and its projects must satisfy before anything is computed. Every fault is named."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from allocation.checks_rules import known_of, number_faults, rule_faults, some
from allocation.kinds import Kind
from allocation.problem import ceiling_of
from allocation.rows import kinds_of
from allocation.types import Project, Scenario, ScenarioError
from locales import Message, Money, msg

MAX_PROJECTS = 100_000
MAX_EUROS = 10**12
"""Sums of this many euros times scores stay within what a double tells apart."""
MAX_REASON = 2000
MAX_SECONDS = 86_400
"""Longest time limit: a person waits for the answer, and others for the processor."""


def check(projects: Sequence[Project], scenario: Scenario) -> None:
    """Raise ``ScenarioError`` with all faults of the scenario and its projects."""
    problems = [*_scenario(scenario), *_forced(projects, scenario), *_projects(projects, scenario)]
    if len(projects) <= MAX_PROJECTS:
        problems += rule_faults(known_of(projects, scenario), scenario)
    if not problems:
        problems += _by_hand(projects, scenario)
    if problems:
        raise ScenarioError(tuple(problems))


def asked(projects: Sequence[Project], scenario: Scenario) -> set[Kind]:
    """The kinds of constraint that this scenario asks for."""
    wishes: dict[Kind, bool] = {
        "appropriation": True,
        "reserve": scenario.reserve > 0,
        "max_share": scenario.max_share_bp is not None,
        "largest_grant": scenario.largest_grant is not None or any(p.max_grant is not None for p in projects),
        "threshold": scenario.threshold is not None,
        "smallest_grant": scenario.smallest_grant > 0,
        "project_minimum": any(project.min_grant for project in projects),
        "force_in": bool(scenario.force_in),
        "force_out": bool(scenario.force_out),
        "criterion_threshold": bool(scenario.criterion_thresholds),
        "fixed": bool(scenario.fixed),
        "exclusive": any(group.on for group in scenario.exclusive),
        "dependent": any(link.on for link in scenario.dependent),
        "rank_order": scenario.rank_order is not None,
    }
    sums = {kind for one in scenario.constraints if one.on for kind in kinds_of(one)}
    return {kind for kind, wished in wishes.items() if wished} | sums


def _euros(key: str, value: object, least: int = 0) -> Iterable[Message]:
    if type(value) is not int or not least <= value <= MAX_EUROS:
        yield msg(
            "{key}: {value} is not accepted; whole euros from {least} to {most} are.",
            key=key,
            value=str(value),
            least=Money(least),
            most=Money(MAX_EUROS),
        )


def _scenario(scenario: Scenario) -> Iterable[Message]:
    yield from _euros("appropriation", scenario.appropriation)
    yield from _euros("reserve", scenario.reserve)
    yield from _euros("unit", scenario.unit, 1)
    yield from _euros("smallest_grant", scenario.smallest_grant)
    if scenario.largest_grant is not None:
        yield from _euros("largest_grant", scenario.largest_grant)
        if scenario.largest_grant < scenario.smallest_grant:
            yield msg(
                "The largest grant {largest} is below the smallest grant {smallest}.",
                largest=Money(scenario.largest_grant),
                smallest=Money(scenario.smallest_grant),
            )
    if scenario.reserve > scenario.appropriation >= 0:
        yield msg(
            "The reserve {reserve} is larger than the appropriation {appropriation}.",
            reserve=Money(scenario.reserve),
            appropriation=Money(scenario.appropriation),
        )
    share = scenario.max_share_bp
    if share is not None and (type(share) is not int or not 1 <= share <= 10_000):
        yield msg(
            "{key}: {value} is not accepted; whole basis points from 1 to 10000 are (8500 is 85 %).",
            key="max_share_bp",
            value=str(share),
        )
    if scenario.objective not in ("score_of_funded", "score_times_grant"):
        yield msg(
            "{key}: {value} is not accepted; {accepted} are.",
            key="objective",
            value=str(scenario.objective),
            accepted="score_of_funded, score_times_grant",
        )
    if not (math.isfinite(scenario.time_limit) and 0 < scenario.time_limit <= MAX_SECONDS):
        yield msg(
            "{key}: {value} is not accepted; seconds above 0 and at most {most} are.",
            key="time_limit",
            value=str(scenario.time_limit),
            most=MAX_SECONDS,
        )
    if not 0 <= scenario.gap < 1:
        yield msg(
            "{key}: {value} is not accepted; a share from 0 to below 1 is.",
            key="gap",
            value=str(scenario.gap),
        )


def _forced(projects: Sequence[Project], scenario: Scenario) -> Iterable[Message]:
    known = {project.id for project in projects}
    unknown = sorted((scenario.force_in | scenario.force_out) - known)
    if unknown:
        yield msg("Forced in or out, but not among the projects: {ids}.", ids=list(unknown))
    both = sorted(scenario.force_in & scenario.force_out)
    if both:
        yield msg("Forced in and forced out at the same time: {ids}.", ids=list(both))
    unscored = sorted(p.id for p in projects if p.id in scenario.force_in and p.score is None)
    if unscored:
        yield msg("Forced in, but not scored: {ids}.", ids=list(unscored))
    for key, reason in scenario.reasons.items():
        if len(reason) > MAX_REASON:
            yield msg(
                "The reason for project {id} has {count} characters; at most {most} are accepted.",
                id=key,
                count=len(reason),
                most=MAX_REASON,
            )


def _by_hand(projects: Sequence[Project], scenario: Scenario) -> Iterable[Message]:
    """Awards set by hand; all else must be in order already."""
    known = {project.id: project for project in projects}
    unknown = sorted(scenario.fixed.keys() - known.keys())
    if unknown:
        yield msg("Set by hand, but not among the projects: {ids}.", ids=some(unknown))
    both = sorted(scenario.fixed.keys() & (scenario.force_in | scenario.force_out))
    if both:
        yield msg("Set by hand and forced in or out at the same time: {ids}.", ids=some(both))
    unscored = [key for key, euros in scenario.fixed.items() if euros and key in known and known[key].score is None]
    if unscored:
        yield msg("Set by hand, but not scored: {ids}.", ids=some(unscored))
    for key in sorted(scenario.fixed.keys() & known.keys()):
        euros = scenario.fixed[key]
        # The largest grant may be passed by hand, the amount applied for and the share of the costs may not.
        free = replace(known[key], max_grant=None)
        ceiling, _ = ceiling_of(free, replace(scenario, largest_grant=None))
        if type(euros) is not int or not 0 <= euros <= ceiling or euros % scenario.unit:
            yield msg(
                "Project {id}: {value} by hand is not accepted; whole euros from 0 to {ceiling} in full units of {unit} "
                "are.",
                id=key,
                value=Money(euros) if type(euros) is int else str(euros),
                ceiling=Money(ceiling),
                unit=Money(scenario.unit),
            )


def _projects(projects: Sequence[Project], scenario: Scenario) -> Iterable[Message]:
    if len(projects) > MAX_PROJECTS:
        yield msg("There are {count} projects; at most {most} are accepted.", count=len(projects), most=MAX_PROJECTS)
        return
    twice = sorted(key for key, times in Counter(project.id for project in projects).items() if times > 1)
    if twice:
        yield msg("The same project id stands more than once: {ids}.", ids=list(twice))
    for project in projects:
        for key, value in (
            ("applied", project.applied),
            ("eligible_costs", project.eligible_costs),
            ("min_grant", project.min_grant),
            ("max_grant", project.max_grant),
        ):
            if value is not None or key == "applied":
                for fault in _euros(key, value):
                    yield msg("Project {id}: {fault}", id=project.id, fault=fault)
        for column, number in project.columns.items():
            for fault in number_faults(column, number):
                yield msg("Project {id}: {fault}", id=project.id, fault=fault)
        if project.score is not None and project.score < 0:
            yield msg("Project {id}: the score {score} is below 0.", id=project.id, score=project.score)
    considered = [p for p in projects if p.score is not None and p.id not in scenario.force_out]
    if scenario.max_share_bp is not None:
        missing = sorted(project.id for project in considered if project.eligible_costs is None)
        if missing:
            yield msg(
                "The largest share of the eligible costs cannot be computed: eligible costs are missing for {ids}.",
                ids=list(missing),
            )
    if len({len(project.tie_keys) for project in considered}) > 1:
        yield msg("The tie rule gives some projects more values to compare than others; all need as many.")
