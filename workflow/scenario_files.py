"""The projects of a call as the file that a scenario can be run on without this database."""

from access.permissions import Actor, can_see_scenarios, require
from allocation import Project
from workbooks.project_list import ProjectRow
from workbooks.project_write import write_projects
from workflow.house import House
from workflow.scenarios import open_ground


def export_projects(house: House, actor: Actor, call_id: str) -> bytes:
    """The ranking of the moment as a CSV list of projects, in the order of the case numbers."""
    require(actor, can_see_scenarios)
    with house.reading() as uow:
        projects = open_ground(uow, actor, call_id).projects
    return write_projects([_row(project) for project in sorted(projects, key=lambda one: one.id)])


def _row(project: Project) -> ProjectRow:
    return ProjectRow(
        id=project.id,
        score=project.score,
        applied=project.applied,
        eligible_costs=project.eligible_costs,
        min_grant=project.min_grant,
        max_grant=project.max_grant,
        theme=project.theme,
        region=project.region,
        applicant=project.applicant,
        numbers=project.columns,
        labels=project.labels,
    )
