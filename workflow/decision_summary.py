"""The figures of a decision: how many applications have which status, what they applied for and what they are granted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from access.permissions import Actor, can_see_decision, require
from decisions import spec
from decisions.facts import facts_of
from decisions.solving import later
from decisions.tables import Row, Tables
from workflow.applications import load_views
from workflow.by_hand import run_opened
from workflow.calls import load_call
from workflow.decision_records import find_row, frozen_of, load_frozen
from workflow.decision_rows import granted_of, status_of
from workflow.house import House
from workflow.later_checks import appropriation_of, can_get_more
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
    """One application as it was decided; ``ceiling``: its largest possible grant, ``language``: that of its letter.

    Euros are None where nothing is stated, and ``granted`` as long as nothing is decided.
    ``further``: a further round may grant it more. ``reasons``: the frozen ones; "" of a draft.
    """

    case_number: str
    applicant: str
    project: str
    language: str
    status: str
    applied: int | None
    ceiling: int | None
    granted: int | None
    further: bool = False
    reasons: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What a later decision changes of one application; euros. ``reason``: as told, in ``language``."""

    case_number: str
    applicant: str
    project: str
    language: str
    status_before: str
    status_after: str
    before: int | None
    after: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a decision in euros; ``lines`` for each status that there is, ``applications`` by case number.

    ``changes``: of a later decision, by case number.
    """

    appropriation: int
    applied: int
    granted: int
    remaining: int
    lines: tuple[Line, ...]
    applications: tuple[Granted, ...]
    changes: tuple[Change, ...] = ()


def get_summary(house: House, actor: Actor, call_id: str, decision_id: int) -> Summary:
    """The figures of a frozen proposal or decision. Refused when there is none, and as ``decisions.load_frozen``."""
    require(actor, can_see_decision)
    with house.reading() as uow:
        refuse_partial_view(uow, actor, call_id, saved=True)
        row = find_row(uow, call_id, decision_id)
        tables = frozen_of(uow, row).tables
        before = tables if row.previous_id is None else load_frozen(uow, call_id, row.previous_id).tables
    return replace(summary_of(tables), changes=tuple(changes_in(tables, before)))


def changes_in(tables: Tables, before: Tables) -> Iterator[Change]:
    """What the decision of ``tables`` changes in ``before``, those of the decision before it. For other use cases."""
    number = facts_of(tables["facts"])["decision.number"]
    old, new = ({row["case_number"]: row for row in one["applications"]} for one in (before, tables))
    for row in later(tables):
        if row["decision"] == number:
            case = row["case_number"]
            yield Change(
                case_number=case,
                applicant=new[case]["applicant"],
                project=new[case]["project"],
                language=new[case]["language"],
                status_before=old[case]["status"],
                status_after=new[case]["status"],
                before=row["before"],
                after=row["after"],
                reason=row["reason"],
            )


def summary_of(tables: Tables) -> Summary:
    """The figures of complete tables. For other use cases."""
    scored = {row["case_number"] for row in tables["ranking"] if row["score"] is not None}
    return _summary(
        appropriation_of(tables), [_granted(row, row["case_number"] in scored) for row in tables["applications"]]
    )


def _granted(row: Row, scored: bool) -> Granted:
    return Granted(
        case_number=row["case_number"],
        applicant=row["applicant"],
        project=row["project"],
        language=row["language"],
        status=row["status"],
        applied=row["applied"],
        ceiling=row["ceiling"],
        granted=row["granted"],
        further=can_get_more(row, scored),
        reasons=row["reasons"],
    )


def _summary(appropriation: int, applications: Iterable[Granted]) -> Summary:
    found = tuple(applications)
    granted = sum(one.granted or 0 for one in found)
    return Summary(
        appropriation=appropriation,
        applied=sum(one.applied or 0 for one in found),
        granted=granted,
        remaining=appropriation - granted,
        lines=tuple(_lines(found)),
        applications=found,
    )


def _lines(found: tuple[Granted, ...]) -> Iterator[Line]:
    for status in spec.STATUSES:
        own = [one for one in found if one.status == status]
        if own:
            applied, granted = (one.applied or 0 for one in own), (one.granted or 0 for one in own)
            yield Line(status, len(own), sum(applied), sum(granted))


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
            status=status,
            applied=view.application.applied,
            ceiling=award.ceiling if award else None,
            granted=granted_of(status, award),
        )
        for view in views
        for award in (awards.get(view.case_number),)
        for status in (status_of(view, award),)
    ]
    return _summary(run.scenario.appropriation, applications)
