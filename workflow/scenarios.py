"""Scenarios: parameters in, the allocation over the ranking out; saved by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from access.permissions import Actor, can_run_scenarios, can_see_scenarios, require
from allocation import Allocation, Change, Project, Scenario, ScenarioError, SolverError, baseline, compare, distribute
from allocation.types import Objective, RuleName
from calls.definition import CallDefinition
from locales import msg
from storage import scenarios as stored
from storage.scenarios import StoredAward, StoredScenario
from storage.unit import UnitOfWork
from workflow.applications import load_views
from workflow.calls import load_call
from workflow.errors import Conflicting, Refused
from workflow.house import House
from workflow.phases import require_open
from workflow.ranking import Ranked, load_ranking, separating_keys
from workflow.visibility import blocked_applications, unread, unsubmitted

RULES: tuple[RuleName, ...] = ("rank_strict", "rank_skip", "rank_partial", "lp", "milp", "proportional")
WITHOUT_SMALLEST: frozenset[RuleName] = frozenset({"lp"})
"""Rules that cannot hold a smallest viable grant (see allocation)."""
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Parameters:
    """What an officer sets. Euros are whole; ``threshold`` is on the scale of the levels."""

    rule: RuleName
    appropriation: int
    threshold: Fraction | None
    smallest_grant: int
    largest_grant: int | None
    reserve: int = 0
    objective: Objective = "score_times_grant"


@dataclass(frozen=True, slots=True)
class Run:
    """One scenario run over the ranking of the moment, with the greedy baseline beside it."""

    call: CallDefinition
    parameters: Parameters
    scenario: Scenario
    ranked: tuple[Ranked, ...]
    projects: tuple[Project, ...]
    allocation: Allocation
    baseline: Allocation
    changes: tuple[Change, ...]


def defaults(call: CallDefinition, rule: RuleName = "milp") -> Parameters:
    """The call's own values."""
    money = call.money
    return Parameters(
        rule=rule,
        appropriation=money.appropriation.value,
        threshold=Fraction(call.scoring.threshold.value),
        smallest_grant=0 if rule in WITHOUT_SMALLEST else money.smallest_grant.value,
        largest_grant=money.largest_grant.value if money.largest_grant else None,
    )


def scenario_of(call: CallDefinition, parameters: Parameters) -> Scenario:
    """The allocation scenario of the officer's parameters and the call's fixed rules."""
    return Scenario(
        appropriation=parameters.appropriation,
        rule=parameters.rule,
        reserve=parameters.reserve,
        unit=call.money.unit.value,
        objective=parameters.objective,
        threshold=parameters.threshold,
        max_share_bp=call.money.largest_share_bp.value,
        smallest_grant=parameters.smallest_grant,
        largest_grant=parameters.largest_grant,
        seed=call.scoring.lot_seed.value,
    )


def project_of(call: CallDefinition, ranked: Ranked) -> Project:
    """A ranked application as the allocation sees it."""
    application = ranked.view.application
    return Project(
        id=ranked.view.case_number,
        score=ranked.standing.score,
        applied=application.applied,
        eligible_costs=application.eligible_costs,
        theme=application.theme,
        region=ranked.view.home.region_code if ranked.view.home else "",
        applicant=application.coordinator.name,
        tie_keys=separating_keys(call, ranked.standing),
    )


def load_run(uow: UnitOfWork, call_id: str, parameters: Parameters) -> Run:
    """Run a scenario. For other use cases. Refused with every problem of the parameters."""
    call = load_call(uow, call_id)
    ranked = load_ranking(uow, call, load_views(uow, call))
    projects = tuple(project_of(call, r) for r in ranked)
    scenario = scenario_of(call, parameters)
    try:
        allocation, greedy = distribute(projects, scenario), baseline(projects, scenario)
    except ScenarioError as error:
        raise Refused(*error.problems) from error
    except SolverError as error:
        raise Refused(
            msg("The solver gave no distribution that holds in whole euros: {why}", why=str(error))
        ) from error
    return Run(
        call, parameters, scenario, tuple(ranked), projects, allocation, greedy, tuple(compare(greedy, allocation))
    )


def run_scenario(house: House, actor: Actor, call_id: str, parameters: Parameters | None = None) -> Run:
    """Distribute the appropriation over the ranking as it stands; the call's own values without parameters."""
    require(actor, can_see_scenarios)
    with house.reading() as uow:
        refuse_partial_view(uow, actor, call_id)
        return load_run(uow, call_id, parameters or defaults(load_call(uow, call_id)))


def refuse_partial_view(uow: UnitOfWork, actor: Actor, call_id: str, *, saved: bool = False) -> None:
    """Refused for those who may not see every score: an allocation compares all applications.

    ``saved``: it may rest on reviews of applications that are reviewed no longer.
    """
    if blocked_applications(uow, call_id, actor):
        raise Refused(msg("You are disqualified from an application of this call, so the allocation is closed to you."))
    if (unread if saved else unsubmitted)(uow, call_id, actor):
        raise Refused(msg("You have reviews to submit in this call. The allocation opens to you after them."))


def save_scenario(house: House, actor: Actor, call_id: str, name: str, parameters: Parameters) -> StoredScenario:
    """Run a scenario and keep it with its awards under a name that is not yet taken."""
    require(actor, can_run_scenarios)
    title = name.strip()
    if not title or len(title) > LONGEST_NAME:
        raise Refused(msg("A scenario needs a name of 1 to {n} characters.", n=LONGEST_NAME))
    run = run_scenario(house, actor, call_id, parameters)
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_run_scenarios)
        refuse_partial_view(uow, actor, call_id, saved=True)
        if title in {scenario.name for scenario in stored.list_scenarios(uow, call_id)}:
            raise Conflicting(msg("There is a scenario named {name} already. Choose another name.", name=title))
        call = load_call(uow, call_id)
        # Solving can take a minute, during which nobody could save anything: it is done before this transaction.
        if tuple(project_of(call, r) for r in load_ranking(uow, call, load_views(uow, call))) != run.projects:
            raise Conflicting(msg("The ranking changed while the scenario was run. Run it again."))
        ids = {r.view.case_number: r.view.id for r in run.ranked}
        given = [StoredAward(ids[a.id], a.funded, a.granted, a.code) for a in run.allocation.awards]
        outcome = {
            "status": run.allocation.status,
            "spent": run.allocation.spent,
            "remaining": run.allocation.remaining,
        }
        return stored.add_scenario(uow, call_id, title, to_record(parameters), outcome, given)


def list_scenarios(house: House, actor: Actor, call_id: str) -> list[StoredScenario]:
    """The saved scenarios of a call, the oldest first."""
    require(actor, can_see_scenarios)
    with house.reading() as uow:
        refuse_partial_view(uow, actor, call_id, saved=True)
        return stored.list_scenarios(uow, call_id)


def remove_scenario(house: House, actor: Actor, call_id: str, scenario_id: int) -> None:
    """Delete a saved scenario; the log keeps it."""
    require(actor, can_run_scenarios)
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_run_scenarios)
        refuse_partial_view(uow, actor, call_id, saved=True)
        if scenario_id not in {scenario.id for scenario in stored.list_scenarios(uow, call_id)}:
            raise Refused(msg("The scenario is not here any more."))
        stored.remove_scenario(uow, scenario_id)


def to_record(parameters: Parameters) -> dict[str, Any]:
    """Parameters as JSON can hold them; the threshold as an exact fraction."""
    return {
        "rule": parameters.rule,
        "appropriation": parameters.appropriation,
        "threshold": None if parameters.threshold is None else str(parameters.threshold),
        "smallest_grant": parameters.smallest_grant,
        "largest_grant": parameters.largest_grant,
        "reserve": parameters.reserve,
        "objective": parameters.objective,
    }


def from_record(record: Mapping[str, Any]) -> Parameters:
    """The inverse of ``to_record``."""
    threshold = record["threshold"]
    return Parameters(**{**record, "threshold": None if threshold is None else Fraction(threshold)})


def gained_and_lost(changes: Sequence[Change]) -> tuple[int, int]:
    """Euros gained and euros lost against the baseline."""
    return sum(max(c.difference, 0) for c in changes), sum(-min(c.difference, 0) for c in changes)
