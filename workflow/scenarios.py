"""Scenarios: parameters in, the allocation over the ranking out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from access.permissions import Actor, can_see_scenarios, require
from allocation import RULES as DISTRIBUTIONS
from allocation import Allocation, Change, Project, RuleName, Tier
from allocation import Scenario as Scenario
from calls.definition import CallDefinition
from locales import Message, Money, msg
from storage.unit import UnitOfWork
from workflow.applications import load_views
from workflow.calls import load_call
from workflow.errors import Refused
from workflow.house import House
from workflow.ranking import Ranked, load_ranking
from workflow.scenario_projects import names_of, project_of
from workflow.solved import solve
from workflow.visibility import blocked_applications, unread, unsubmitted

RULES: tuple[RuleName, ...] = tuple(name for name, rule in DISTRIBUTIONS.items() if rule.solve is not None)
"""The rules there are to choose from."""
WITHOUT_SMALLEST: frozenset[RuleName] = frozenset(
    name for name, rule in DISTRIBUTIONS.items() if "smallest_grant" not in rule.enforces
)
"""Rules that cannot hold a smallest viable grant (see allocation)."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What every scenario of a call is run on: the ranking of the moment, as the allocation sees it."""

    call: CallDefinition
    ranked: tuple[Ranked, ...]
    projects: tuple[Project, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One scenario run over the ranking of the moment, with the greedy baseline beside it."""

    call: CallDefinition
    scenario: Scenario
    ranked: tuple[Ranked, ...]
    projects: tuple[Project, ...]
    allocation: Allocation
    baseline: Allocation
    changes: tuple[Change, ...]


MOST_SECONDS = 600
"""The longest time limit of a scenario that people wait for on a page."""


def default_scenario(call: CallDefinition, rule: RuleName = "milp") -> Scenario:
    """The call's own values. A rule that cannot hold a smallest grant gets none."""
    money, scoring = call.money, call.scoring
    return Scenario(
        appropriation=money.appropriation.value,
        rule=rule,
        unit=money.unit.value,
        threshold=Fraction(scoring.threshold.value),
        max_share_bp=money.largest_share_bp.value,
        smallest_grant=0 if rule in WITHOUT_SMALLEST else money.smallest_grant.value,
        largest_grant=money.largest_grant.value if money.largest_grant else None,
        seed=scoring.lot_seed.value,
        tie_rule=scoring.tie_rule.value,
        names=names_of(call),
        tiers=_tiers(call) if rule == "tiers" else (),
    )


def _tiers(call: CallDefinition) -> tuple[Tier, ...]:
    """Half of the amount applied for from the threshold on, all of it in the upper half of what is above it."""
    least = Fraction(call.scoring.threshold.value)
    best = max(level.value for criterion in call.criteria for level in criterion.levels)
    return Tier((least + best) / 2, Fraction(1)), Tier(least, Fraction(1, 2))


def within_call(call: CallDefinition, scenario: Scenario) -> Scenario:
    """``scenario`` with what the call alone decides: how ties are separated, and what things are called.

    Refused when it goes over the call's largest share of the eligible costs or grants in finer steps than the call's.
    """
    largest, unit = call.money.largest_share_bp.value, call.money.unit.value
    bound = replace(
        scenario,
        max_share_bp=largest if scenario.max_share_bp is None else scenario.max_share_bp,
        seed=call.scoring.lot_seed.value,
        tie_rule=call.scoring.tie_rule.value,
        names={**scenario.names, **names_of(call)},
    )
    problems = tuple(_beyond(bound, largest, unit))
    if problems:
        raise Refused(*problems)
    return bound


def _beyond(scenario: Scenario, largest: int, unit: int) -> Iterator[Message]:
    share = scenario.max_share_bp
    if type(share) is int and share > largest:
        yield msg(
            "A grant of {share} % of the eligible costs is not accepted; the call allows at most {largest} %.",
            share=Fraction(share, 100),
            largest=Fraction(largest, 100),
        )
    if scenario.time_limit > MOST_SECONDS:
        yield msg(
            "{key}: {value} is not accepted; seconds above 0 and at most {most} are.",
            key="time_limit",
            value=str(scenario.time_limit),
            most=MOST_SECONDS,
        )
    if type(scenario.unit) is int and scenario.unit > 0 and scenario.unit % unit:
        yield msg(
            "Grants rounded to {unit} are not accepted; the call grants in full units of {accepted}.",
            unit=Money(scenario.unit),
            accepted=Money(unit),
        )


def load_ground(uow: UnitOfWork, call_id: str) -> Ground:
    """The ranking of the moment. For other use cases."""
    call = load_call(uow, call_id)
    ranked = tuple(load_ranking(uow, call, load_views(uow, call)))
    return Ground(call, ranked, tuple(project_of(call, one) for one in ranked))


def run_on(ground: Ground, scenario: Scenario) -> Run:
    """Run a scenario. For other use cases. Refused with every problem of the scenario."""
    bound = within_call(ground.call, scenario)
    solved = solve(ground.projects, bound)
    return Run(ground.call, bound, ground.ranked, ground.projects, solved.allocation, solved.baseline, solved.changes)


def load_run(uow: UnitOfWork, call_id: str, scenario: Scenario) -> Run:
    """Run a scenario within a unit of work. For other use cases. Refused with every problem of the scenario."""
    return run_on(load_ground(uow, call_id), scenario)


def run_scenario(house: House, actor: Actor, call_id: str, scenario: Scenario | None = None) -> Run:
    """Distribute the appropriation over the ranking as it stands; the call's own values without a scenario."""
    require(actor, can_see_scenarios)
    with house.reading() as uow:
        ground = open_ground(uow, actor, call_id)
    return run_on(ground, scenario or default_scenario(ground.call))


def open_ground(uow: UnitOfWork, actor: Actor, call_id: str) -> Ground:
    """The ranking of the moment for ``actor``, to be solved after the unit of work. For other use cases."""
    refuse_partial_view(uow, actor, call_id)
    return load_ground(uow, call_id)


def refuse_partial_view(uow: UnitOfWork, actor: Actor, call_id: str, *, saved: bool = False) -> None:
    """Refused for those who may not see every score: an allocation compares all applications.

    ``saved``: it may rest on reviews of applications that are reviewed no longer.
    """
    if blocked_applications(uow, call_id, actor):
        raise Refused(msg("You are disqualified from an application of this call, so the allocation is closed to you."))
    if (unread if saved else unsubmitted)(uow, call_id, actor):
        raise Refused(msg("You have reviews to submit in this call. The allocation opens to you after them."))


def gained_and_lost(changes: Sequence[Change]) -> tuple[int, int]:
    """Euros gained and euros lost against the baseline."""
    return sum(max(c.difference, 0) for c in changes), sum(-min(c.difference, 0) for c in changes)
