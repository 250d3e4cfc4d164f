"""The numbers of a call: how far its applications and reviews are, and the appropriation against the need."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from access.permissions import Actor, can_see_call, can_see_progress, can_see_ranking, can_see_scenarios, require
from calls.definition import CallDefinition
from storage import accounts as stored_accounts
from storage import applications as stored_applications
from storage import decisions as stored_decisions
from storage import reviews as stored
from storage import scenarios as stored_scenarios
from storage.decisions import APPROVED
from workflow.applications import load_views
from workflow.calls import load_call
from workflow.house import House
from workflow.phases import load_stage
from workflow.visibility import awaited_pairs, blocked_applications, unread


@dataclass(frozen=True, slots=True)
class ReviewerProgress:
    """How far one reviewer is."""

    name: str
    assigned: int
    submitted: int
    drafts: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Figures of a call; euros are whole. ``states`` counts applications per state of handling.

    ``applications`` and ``states`` count withdrawn ones too, the sums and the reviews leave them out.
    """

    call: CallDefinition
    applications: int
    applied: int
    applied_eligible: int
    states: dict[str, int]
    themes: dict[str, tuple[int, int]]
    """Applications and euros applied for per theme id of the application."""
    reviews_assigned: int
    reviews_submitted: int
    reviews_draft: int
    reviewers: tuple[ReviewerProgress, ...]
    """Only for those who follow the progress; empty for others."""


def get_overview(house: House, actor: Actor, call_id: str) -> Overview:
    """The call's figures; a reviewer sees the counts of the call and of their own reviews only."""
    require(actor, can_see_call)
    with house.reading() as uow:
        call = load_call(uow, call_id)
        blocked = blocked_applications(uow, call_id, actor)
        views = load_views(uow, call, blocked)
        standing = [view for view in views if view.withdrawn_at is None]
        reviews = stored.list_reviews(uow, call_id)
        reviewed = {view.id for view in views}
        pairs = {pair for pair in awaited_pairs(uow, call_id) if pair[0] in reviewed}
        ahead = unread(uow, call_id, actor)
        pairs = {pair for pair in pairs if pair[0] not in ahead or pair[1] == actor.id}
        if not (can_see_progress(actor) or can_see_ranking(actor)):
            pairs = {pair for pair in pairs if pair[1] == actor.id}
        states = {(r.application_id, r.reviewer_id): r.state for r in reviews}
        progress = _progress(pairs, states, {a.id: a.name for a in stored_accounts.list_accounts(uow.connection)})
        themes: dict[str, tuple[int, int]] = {}
        for view in standing:
            count, euros = themes.get(view.application.theme, (0, 0))
            themes[view.application.theme] = (count + 1, euros + view.application.applied)
        return Overview(
            call=call,
            applications=len(views),
            applied=sum(view.application.applied for view in standing),
            applied_eligible=sum(view.application.applied for view in views if view.eligible),
            states=dict(Counter(view.state for view in views)),
            themes=themes,
            reviews_assigned=len(pairs),
            reviews_submitted=sum(p.submitted for p in progress),
            reviews_draft=sum(p.drafts for p in progress),
            reviewers=tuple(progress) if can_see_progress(actor) else (),
        )


def _progress(
    pairs: set[tuple[int, int]], states: dict[tuple[int, int], str], names: dict[int, str]
) -> list[ReviewerProgress]:
    found = []
    for reviewer in sorted({r for _, r in pairs}, key=lambda r: names.get(r, "")):
        own = [states.get(pair) for pair in pairs if pair[1] == reviewer]
        found.append(
            ReviewerProgress(names.get(reviewer, str(reviewer)), len(own), own.count("submitted"), own.count("draft"))
        )
    return found


@dataclass(frozen=True, slots=True)
class Headline:
    """The state of a call in one line. Euros; proposed and remaining are those of ``scenario``.

    That is the scenario locked last, else the one saved last, if any. Once the call is decided: the scenario decided on,
    with the euros of ``decision``, the number of the decision in force.
    """

    phase: str
    review_deadline: datetime | None
    appropriation: int
    applied: int
    proposed: int | None = None
    remaining: int | None = None
    scenario: str = ""
    decision: int | None = None


def get_headline(house: House, actor: Actor, call_id: str) -> Headline:
    """What stands at the top of every page; the proposal only for those to whom the allocation is open."""
    require(actor, can_see_call)
    with house.reading() as uow:
        call = load_call(uow, call_id)
        stage = load_stage(uow, call_id)
        blocked = blocked_applications(uow, call_id, actor)
        rows = [row for row in stored_applications.list_applications(uow, call_id) if row.id not in blocked]
        applied = sum(int(row.content["applied"]) for row in rows if row.withdrawn_at is None)
        whole = can_see_scenarios(actor) and not blocked and not unread(uow, call_id, actor)
        saved = stored_scenarios.list_scenarios(uow, call_id) if whole else []
        appropriation = call.money.appropriation.value
        if not saved:
            return Headline(stage.phase, stage.review_deadline, appropriation, applied)
        locked = sorted((one for one in saved if one.locked_at is not None), key=lambda one: (one.locked_at, one.id))
        chosen = (locked or saved)[-1]
        spent, remaining = int(chosen.outcome["spent"]), int(chosen.outcome["remaining"])
        approved = [row for row in stored_decisions.list_decisions(uow, call_id) if row.state == APPROVED]
        number = None
        if approved:
            chosen = next((one for one in saved if one.id == approved[0].scenario_id), chosen)
            total = int(chosen.outcome["spent"]) + int(chosen.outcome["remaining"])
            number, spent = approved[-1].number, approved[-1].granted
            remaining = total - spent
        return Headline(
            stage.phase, stage.review_deadline, appropriation, applied, spent, remaining, chosen.name, number
        )
