"""The ranking: submitted reviews of eligible applications, through scoring, to standings."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from access.permissions import Actor, can_see_ranking, require
from calls.definition import CallDefinition
from scoring.composite import composite
from scoring.ranking import rank, tie_keys
from scoring.types import Review, Standing
from storage import accounts as stored_accounts
from storage import meetings
from storage.unit import UnitOfWork
from workflow.applications import ApplicationView, load_views
from workflow.calls import load_call
from workflow.house import House
from workflow.review_check import weights
from workflow.visibility import (
    awaited_pairs,
    barred_pairs,
    blocked_applications,
    counted_reviews,
    unsubmitted,
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """An eligible application with its standing and how many of its reviews are in."""

    view: ApplicationView
    standing: Standing
    assigned: int

    @property
    def complete(self) -> bool:
        """Every assigned review is submitted."""
        return self.assigned > 0 and self.standing.reviews >= self.assigned


@dataclass(frozen=True, slots=True)
class ScoredReview:
    """One submitted review with its composite, for the score sheet."""

    case_number: str
    reviewer: str
    reviewer_id: int
    levels: Mapping[str, int | None]
    reasons: Mapping[str, str]
    composite: Fraction | None


def load_ranking(uow: UnitOfWork, call: CallDefinition, views: Iterable[ApplicationView]) -> list[Ranked]:
    """Standings of the eligible applications among ``views``, best first. For other use cases."""
    eligible = {view.id: view for view in views if view.eligible}
    barred = barred_pairs(uow, call.id)
    assigned = Counter(application for application, _ in awaited_pairs(uow, call.id))
    reviews = [
        Review(
            application=eligible[r.application_id].case_number,
            reviewer=str(r.reviewer_id),
            levels={key: score.level for key, score in r.scores.items()},
        )
        for r in counted_reviews(uow, call.id, barred)
        if r.application_id in eligible
    ]
    by_case = {view.case_number: view for view in eligible.values()}
    agreed = {
        eligible[found.application_id].case_number: {key: score.level for key, score in found.scores.items()}
        for found in meetings.list_consensus(uow, call.id).values()
        if found.application_id in eligible
    }
    standings = rank(
        reviews,
        weights(call),
        list(by_case),
        consensus=agreed,
        ranking_score=call.scoring.ranking_score.value,
    )
    return [Ranked(by_case[s.application], s, assigned[by_case[s.application].id]) for s in standings]


def separating_keys(call: CallDefinition, standing: Standing) -> tuple[Fraction | int, ...]:
    """The keys by which the call separates equal scores where it must."""
    return tie_keys(standing, call.scoring.tie_rule.value, call.scoring.lot_seed.value)


def get_ranking(house: House, actor: Actor, call_id: str) -> list[Ranked]:
    """The ranking as it stands, best first; not scored last.

    Applications that the actor is disqualified from, or has still to review, take no part at all: the ranks are those
    among the others, so that no gap tells of what is hidden.
    """
    require(actor, can_see_ranking)
    with house.reading() as uow:
        call = load_call(uow, call_id)
        blocked = blocked_applications(uow, call_id, actor) | unsubmitted(uow, call_id, actor)
        return load_ranking(uow, call, load_views(uow, call, blocked))


def is_partial(house: House, actor: Actor, call_id: str) -> bool:
    """Whether the ranking that the actor sees leaves applications out."""
    require(actor, can_see_ranking)
    with house.reading() as uow:
        load_call(uow, call_id)
        return bool(blocked_applications(uow, call_id, actor) | unsubmitted(uow, call_id, actor))


def load_scores(uow: UnitOfWork, call: CallDefinition, views: Iterable[ApplicationView]) -> list[ScoredReview]:
    """Every counted review of ``views`` with the reviewer's name, by case number and name. For other use cases."""
    cases = {view.id: view.case_number for view in views}
    names = {account.id: account.name for account in stored_accounts.list_accounts(uow.connection)}
    found = [
        ScoredReview(
            case_number=cases[r.application_id],
            reviewer=names.get(r.reviewer_id, str(r.reviewer_id)),
            reviewer_id=r.reviewer_id,
            levels={key: score.level for key, score in r.scores.items()},
            reasons={key: score.reason for key, score in r.scores.items()},
            composite=composite({key: score.level for key, score in r.scores.items()}, weights(call)),
        )
        for r in counted_reviews(uow, call.id, barred_pairs(uow, call.id))
        if r.application_id in cases
    ]
    return sorted(found, key=lambda score: (score.case_number, score.reviewer, score.reviewer_id))
