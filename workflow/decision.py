"""The decision workbook: the list for the decision maker, the scores behind it, every parameter."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from access.permissions import Actor, can_export, require
from allocation import Award, Scenario
from allocation.by_hand import legal_ceiling
from locales import Lang, Message, msg
from storage.unit import UnitOfWork
from workbooks.decision import decision_workbook
from workbooks.decision_data import (
    DecisionData,
    DecisionDataError,
    DecisionRow,
    ScoreRow,
    StatusCode,
)
from workflow.applications import ApplicationView, load_views
from workflow.by_hand import run_opened
from workflow.decision_parameters import parameters
from workflow.errors import Refused
from workflow.house import House
from workflow.locked_runs import run_locked
from workflow.ranking import ScoredReview, load_scores
from workflow.scenario_store import Opened, load_opened
from workflow.scenarios import Ground, Run, default_scenario, load_ground, refuse_partial_view, run_on

_STATUSES: dict[str, StatusCode] = {
    "withdrawn": "withdrawn",
    "dismissed": "dismissed",
    "not_eligible": "rejected",
    "unconfirmed": "not_started",
    "changed": "in_progress",
    "supplement_requested": "in_progress",
}


def export_decision(
    house: House,
    actor: Actor,
    call_id: str,
    lang: str,
    scenario: Scenario | None = None,
    name: str = "",
    *,
    scenario_id: int | None = None,
) -> bytes:
    """The decision workbook of a scenario (the call's own values without one) in ``lang``, as .xlsx.

    ``scenario_id``: a saved scenario instead, with its name and the awards set by hand in it.
    """
    require(actor, can_export)
    with house.reading() as uow:
        refuse_partial_view(uow, actor, call_id, saved=scenario_id is not None)
        read = _read(uow, call_id, scenario_id)
    # Solving takes its time, and holds no transaction open.
    data = _data(read, scenario, name, house.clock(), lang)
    try:
        return decision_workbook(data, lang)
    except DecisionDataError as error:
        raise Refused(error.message) from error


def decision_data(
    uow: UnitOfWork,
    call_id: str,
    scenario: Scenario | None,
    name: str,
    made_at: datetime,
    lang: Lang = "fi",
    *,
    scenario_id: int | None = None,
) -> DecisionData:
    """What the workbook shows. For other use cases.

    Refused when the rules of the scenario cannot all be met, and for a locked scenario that today's ranking no longer
    gives: what was locked is what is decided.
    """
    return _data(_read(uow, call_id, scenario_id), scenario, name, made_at, lang)


@dataclass(frozen=True, slots=True)
class _Read:
    """What the database says, read at one moment; ``opened`` for a saved scenario."""

    ground: Ground
    opened: Opened | None
    views: list[ApplicationView]
    scores: list[ScoredReview]


def _read(uow: UnitOfWork, call_id: str, scenario_id: int | None) -> _Read:
    opened = None if scenario_id is None else load_opened(uow, call_id, scenario_id)
    ground = load_ground(uow, call_id) if opened is None else opened.ground
    views = load_views(uow, ground.call)
    scores = load_scores(uow, ground.call, [view for view in views if view.eligible])
    return _Read(ground, opened, views, scores)


def _data(read: _Read, scenario: Scenario | None, name: str, made_at: datetime, lang: Lang) -> DecisionData:
    call, saved = read.ground.call, None
    if read.opened is None:
        run = run_on(read.ground, scenario or default_scenario(call))
    else:
        cases = {view.id: view.case_number for view in read.views}
        saved = run_locked(read.opened, cases) if read.opened.saved.locked else run_opened(read.opened)
        run = saved.run
    if run.allocation.status == "infeasible":
        raise Refused(msg("There is no distribution to export."), *run.allocation.conflict)
    return DecisionData(
        call_id=call.id,
        call_name=call.name,
        authority=call.authority,
        made_at=made_at,
        appropriation=run.scenario.appropriation,
        remaining=run.allocation.remaining,
        rows=tuple(_rows(run, read.views, lang, {} if saved is None else saved.saved.reasons)),
        scores=tuple(_score_rows(run, read.scores)),
        parameters=parameters(run, saved),
        scenario_name=name if saved is None else saved.saved.name,
    )


def _rows(run: Run, views: list[ApplicationView], lang: str, by_hand: Mapping[str, str]) -> list[DecisionRow]:
    awards = {award.id: award for award in run.allocation.awards}
    # An award set by hand is measured by what may be granted at all, whatever becomes of the other awards.
    legal = {one.id: legal_ceiling(one, run.scenario) for one in run.projects if one.id in by_hand}
    standings = {r.view.case_number: r.standing for r in run.ranked}
    rows = []
    for view in views:
        application, standing = view.application, standings.get(view.case_number)
        award = awards.get(view.case_number)
        rows.append(
            DecisionRow(
                case_number=view.case_number,
                rank=standing.rank if standing else None,
                applicant=application.coordinator.name,
                business_id=application.coordinator.business_id,
                municipality=view.home.name(lang) if view.home else application.coordinator.name,
                region=view.home.region.get(lang) if view.home else "",
                project=application.project_name,
                language=application.language,
                score=standing.score if standing else None,
                score_source="stated" if standing and standing.score_source == "consensus" else "mean",
                reviews=standing.reviews if standing else 0,
                applied=application.applied,
                ceiling=legal.get(award.id, award.ceiling) if award else None,
                granted=award.granted if award else 0,
                status=_status(view, award),
                reason=_reason(view, award, by_hand.get(view.case_number)),
            )
        )
    # Best first; those without a rank after them. Equal ranks stand by case number, which separates nobody.
    return sorted(rows, key=lambda row: (row.rank is None, row.rank or 0, row.case_number))


def _status(view: ApplicationView, award: Award | None) -> StatusCode:
    if award is None:
        return _STATUSES[view.state]
    if award.code in ("not_scored", "tie_unresolved"):
        return "in_progress"
    return "approved" if award.funded else "rejected"


def _reason(view: ApplicationView, award: Award | None, by_hand: str | None) -> Message | str:
    if award is not None and by_hand is not None:
        return msg("The award was set by hand: {reason}", reason=by_hand)
    if award is not None:
        return award.reason
    if view.withdrawn_at is not None:
        return msg("The applicant has withdrawn the application: {reason}", reason=view.withdrawal_reason)
    if view.outdated:
        return msg("The application changed after eligibility was confirmed. It is confirmed again.")
    if view.decision is not None:
        return view.decision.reason
    return msg("Eligibility has not been confirmed.")


def _score_rows(run: Run, scores: list[ScoredReview]) -> list[ScoreRow]:
    return [
        ScoreRow(
            case_number=score.case_number,
            criterion=criterion.id,
            criterion_name=criterion.name,
            weight=criterion.weight.value,
            reviewer=score.reviewer,
            reviewer_id=str(score.reviewer_id),
            level=score.levels.get(criterion.id),
            reason=score.reasons.get(criterion.id, ""),
        )
        for score in scores
        for criterion in run.call.criteria
    ]
