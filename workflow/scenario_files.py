"""The projects of a call as the file that a scenario can be run on without this database."""

from access.permissions import Actor, can_see_scenarios, require
from workflow.house import House
from workflow.scenario_file import projects_file
from workflow.scenarios import default_scenario, open_ground


def export_projects(house: House, actor: Actor, call_id: str) -> bytes:
    """The ranking of the moment as a CSV list of projects, in the order of the case numbers.

    With it go the columns that the tie rule of the call compares, so a terminal separates equal scores as a screen does.
    """
    require(actor, can_see_scenarios)
    with house.reading() as uow:
        ground = open_ground(uow, actor, call_id)
    return projects_file(sorted(ground.projects, key=lambda one: one.id), default_scenario(ground.call))
