"""Why a project gets what it gets, what each rule costs, and what to do when no distribution meets all rules."""

from access.permissions import Actor, can_see_scenarios, require
from allocation import Scenario
from allocation.conflicts import Collision, collide
from allocation.effects import Effect, MoneyEffect, effects, money_effects
from allocation.explain import Explanation, explain
from locales import msg
from workflow.errors import Refused
from workflow.house import House
from workflow.scenarios import open_ground, run_on, within_call
from workflow.solved import asked


def explain_award(house: House, actor: Actor, call_id: str, scenario: Scenario, case_number: str) -> Explanation:
    """Why one application gets what it gets in ``scenario`` on today's ranking. Refused if it is not in the ranking."""
    require(actor, can_see_scenarios)
    with house.reading() as uow:
        ground = open_ground(uow, actor, call_id)
    run = run_on(ground, scenario)
    if case_number not in {project.id for project in run.projects}:
        raise Refused(msg("{case} is not in the ranking.", case=case_number))
    return asked(
        "explain",
        run.projects,
        run.scenario,
        lambda: explain(run.projects, run.scenario, run.allocation, case_number),
        case_number,
    )


def scenario_effects(
    house: House, actor: Actor, call_id: str, scenario: Scenario
) -> tuple[tuple[Effect, ...], tuple[MoneyEffect | None, MoneyEffect | None]]:
    """What each rule of ``scenario`` costs on today's ranking, and what EUR 100,000 less and more would do."""
    require(actor, can_see_scenarios)
    with house.reading() as uow:
        ground = open_ground(uow, actor, call_id)
    run = run_on(ground, scenario)
    return asked(
        "effects",
        run.projects,
        run.scenario,
        lambda: (
            effects(run.projects, run.scenario, run.allocation),
            money_effects(run.projects, run.scenario, run.allocation),
        ),
    )


def scenario_collision(house: House, actor: Actor, call_id: str, scenario: Scenario) -> Collision:
    """Which named rules of ``scenario`` collide on today's ranking, and the smallest ways out."""
    require(actor, can_see_scenarios)
    with house.reading() as uow:
        ground = open_ground(uow, actor, call_id)
    bound = within_call(ground.call, scenario)
    return asked("collide", ground.projects, bound, lambda: collide(ground.projects, bound))
