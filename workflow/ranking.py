"""The ranking: submitted reviews of eligible applications, through scoring, to standings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from access.permissions import Actor, can_see_ranking, require
from calls.definition import CallDefinition
from scoring.composite import composite
from scoring.ranking import rank, tie_keys
from scoring.types import Review, Standing
from storage import accounts as stored_accounts
from storage import reviews as stored
from storage.unit import UnitOfWork
from workflow.applications import ApplicationView, blocked_applications, load_views
from workflow.calls import load_call
from workflow.house import House
from workflow.reviewing import closed_to_review, weights


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
    assigned = stored.list_assignments(uow, call.id) - barred
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
    standings = rank(reviews, weights(call), list(by_case))
    return [
        Ranked(by_case[s.application], s, sum(a == by_case[s.application].id for a, _ in assigned)) for s in standings
    ]


def barred_pairs(uow: UnitOfWork, call_id: str) -> set[tuple[int, int]]:
    """(application id, account id) with a conflict of interest."""
    return {(c.application_id, c.account_id) for c in stored.list_conflicts(uow, call_id)}


def counted_reviews(uow: UnitOfWork, call_id: str, barred: set[tuple[int, int]]) -> list[stored.StoredReview]:
    """Submitted reviews by people who are not disqualified."""
    return [
        r
        for r in stored.list_reviews(uow, call_id)
        if r.state == "submitted" and (r.application_id, r.reviewer_id) not in barred
    ]


def separating_keys(call: CallDefinition, standing: Standing) -> tuple[Fraction | int, ...]:
    """The keys by which the call separates equal scores where it must."""
    return tie_keys(standing, call.scoring.tie_rule.value, call.scoring.lot_seed.value)


def get_ranking(house: House, actor: Actor, call_id: str) -> list[Ranked]:
    """The ranking as it stands, best first; not scored last.

    Without applications that the actor is disqualified from, or has still to review.
    """
    require(actor, can_see_ranking)
    with house.reading() as uow:
        call = load_call(uow, call_id)
        blocked = blocked_applications(uow, call_id, actor) | unsubmitted(uow, call_id, actor)
        ranked = load_ranking(uow, call, load_views(uow, call))
        hidden = {r.view.case_number for r in ranked if r.view.id in blocked}
        return [_without(r, hidden) for r in ranked if r.view.id not in blocked]


def _without(ranked: Ranked, hidden: set[str]) -> Ranked:
    """The row without naming what is hidden as its equal."""
    if hidden.isdisjoint(ranked.standing.tied_with):
        return ranked
    equals = tuple(case for case in ranked.standing.tied_with if case not in hidden)
    return replace(ranked, standing=replace(ranked.standing, tied_with=equals))


def unsubmitted(uow: UnitOfWork, call_id: str, actor: Actor) -> set[int]:
    """Applications the actor has still to review: others' scores stay hidden until the own review is submitted."""
    mine = {a for a, r in stored.list_assignments(uow, call_id) - barred_pairs(uow, call_id) if r == actor.id}
    done = {r.application_id for r in stored.list_reviews(uow, call_id, actor.id) if r.state == "submitted"}
    return mine - done - closed_to_review(uow, call_id)


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
