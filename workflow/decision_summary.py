"""The figures of a decision: how many applications have which status, what they applied for and what they are granted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from access.permissions import Actor, can_see_decision, require
from decisions import spec
from decisions.tables import Row, Tables
from workflow.applications import load_views
from workflow.by_hand import run_opened
from workflow.calls import load_call
from workflow.decision_records import load_frozen
from workflow.decision_rows import status_of
from workflow.house import House
from workflow.later_decisions import appropriation_of
from workflow.scenario_store import load_opened
from workflow.scenarios import refuse_partial_view


@dataclass(frozen=True, slots=True)
class Line:
    """The applications of one status; euros."""

    status: str
    applications: int
    applied: int
    granted: int


@dataclass(frozen=True, slots=True)
class Granted:
    """One application as it was decided; ``ceiling``: its largest possible grant, ``language``: that of its letter."""

    case_number: str
    applicant: str
    project: str
    language: str
    status: str
    applied: int
    ceiling: int
    granted: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a decision in euros; ``lines`` for each status that there is, ``applications`` by case number."""

    appropriation: int
    applied: int
    granted: int
    remaining: int
    lines: tuple[Line, ...]
    applications: tuple[Granted, ...]


def get_summary(house: House, actor: Actor, call_id: str, decision_id: int) -> Summary:
    """The figures of a frozen proposal or decision. Refused when there is none, and as ``decisions.load_frozen``."""
    require(actor, can_see_decision)
    with house.reading() as uow:
        refuse_partial_view(uow, actor, call_id, saved=True)
        tables = load_frozen(uow, call_id, decision_id).tables
    return summary_of(tables)


def summary_of(tables: Tables) -> Summary:
    """The figures of complete tables. For other use cases."""
    return _summary(appropriation_of(tables), [_granted(row) for row in tables["applications"]])


def _granted(row: Row) -> Granted:
    return Granted(
        case_number=row["case_number"],
        applicant=row["applicant"],
        project=row["project"],
        language=row["language"],
        status=row["status"],
        applied=row["applied"] or 0,
        ceiling=row["ceiling"] or 0,
        granted=row["granted"] or 0,
    )


def _summary(appropriation: int, applications: Iterable[Granted]) -> Summary:
    found = tuple(applications)
    granted = sum(one.granted for one in found)
    return Summary(
        appropriation=appropriation,
        applied=sum(one.applied for one in found),
        granted=granted,
        remaining=appropriation - granted,
        lines=tuple(_lines(found)),
        applications=found,
    )


def _lines(found: tuple[Granted, ...]) -> Iterator[Line]:
    for status in spec.STATUSES:
        own = [one for one in found if one.status == status]
        if own:
            yield Line(status, len(own), sum(one.applied for one in own), sum(one.granted for one in own))


def get_draft(house: House, actor: Actor, call_id: str, scenario_id: int) -> Summary:
    """The figures that a decision by a saved scenario would have today. Refused when there is no such scenario."""
    require(actor, can_see_decision)
    with house.reading() as uow:
        refuse_partial_view(uow, actor, call_id, saved=True)
        opened = load_opened(uow, call_id, scenario_id)
        views = load_views(uow, load_call(uow, call_id))
    run = run_opened(opened).run
    awards = {award.id: award for award in run.allocation.awards}
    applications = [
        Granted(
            case_number=view.case_number,
            applicant=view.application.coordinator.name,
            project=view.application.project_name,
            language=view.application.language,
            status=status_of(view, award),
            applied=view.application.applied,
            ceiling=award.ceiling if award else 0,
            granted=award.granted if award else 0,
        )
        for view in views
        for award in (awards.get(view.case_number),)
    ]
    return _summary(run.scenario.appropriation, applications)
