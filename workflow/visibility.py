"""What is hidden from whom: conflicts of interest close an application, and one's own unsubmitted review its scores.

For other use cases: permission is theirs to ask.
"""

from access.permissions import CHAIR, DECISION_MAKER, OFFICER, Actor
from storage import accounts as stored_accounts
from storage import applications as stored_applications
from storage import panel
from storage import reviews as stored_reviews
from storage.panel import Pair
from storage.reviews import StoredReview
from storage.unit import UnitOfWork


def blocked_applications(uow: UnitOfWork, call_id: str, actor: Actor) -> set[int]:
    """Applications whose handling the actor takes no part in (conflict of interest)."""
    return {c.application_id for c in panel.list_conflicts(uow, call_id) if c.account_id == actor.id}


def barred_pairs(uow: UnitOfWork, call_id: str) -> set[Pair]:
    """(application id, account id) with a conflict of interest."""
    return {(c.application_id, c.account_id) for c in panel.list_conflicts(uow, call_id)}


def closed_to_review(uow: UnitOfWork, call_id: str) -> set[int]:
    """Applications withdrawn, not eligible or dismissed: they are reviewed no longer."""
    decisions = stored_applications.newest_eligibility(uow, call_id)
    against = {application for application, d in decisions.items() if d.outcome in ("not_eligible", "dismissed")}
    rows = stored_applications.list_applications(uow, call_id)
    return against | {row.id for row in rows if row.withdrawn_at is not None}


def unsubmitted(uow: UnitOfWork, call_id: str, actor: Actor) -> set[int]:
    """Applications whose scores stay hidden from the actor until the own review is submitted.

    Abstaining opens nothing, nor does a review that was returned for completion. Applications that are reviewed no
    longer hold nobody up: they are in no ranking.
    """
    return unread(uow, call_id, actor) - closed_to_review(uow, call_id)


def unread(uow: UnitOfWork, call_id: str, actor: Actor) -> set[int]:
    """As ``unsubmitted``, with the applications that are reviewed no longer: for what shows a single application."""
    assigned = panel.list_assignments(uow, call_id) - barred_pairs(uow, call_id)
    done = {r.application_id for r in stored_reviews.list_reviews(uow, call_id, actor.id) if r.state == "submitted"}
    return {application for application, reviewer in assigned if reviewer == actor.id} - done


def hidden_scores(uow: UnitOfWork, call_id: str, actor: Actor) -> set[int]:
    """Applications whose reviews, ranks and counts the actor must learn nothing of."""
    return blocked_applications(uow, call_id, actor) | unread(uow, call_id, actor)


def counted_reviews(uow: UnitOfWork, call_id: str, barred: set[Pair]) -> list[StoredReview]:
    """Submitted reviews by people who are not disqualified: those that scores are made of."""
    return [
        r
        for r in stored_reviews.list_reviews(uow, call_id)
        if r.state == "submitted" and (r.application_id, r.reviewer_id) not in barred
    ]


def awaited_pairs(uow: UnitOfWork, call_id: str) -> set[Pair]:
    """(application id, reviewer id) of every review asked for, without conflicts, abstentions and closed applications."""
    closed = closed_to_review(uow, call_id)
    pairs = panel.list_assignments(uow, call_id) - barred_pairs(uow, call_id) - panel.list_abstentions(uow, call_id)
    return {pair for pair in pairs if pair[0] not in closed}


def informed_pairs(uow: UnitOfWork, call_id: str) -> set[Pair]:
    """(application id, account id) of those who could see its reviews without an own one: they oversee the call.

    Whoever reviews must not know others' scores beforehand, so these are not assigned once a review is in.
    """
    accounts = stored_accounts.list_accounts(uow.connection)
    overseers = {a.id for a in accounts if a.roles & {CHAIR, OFFICER, DECISION_MAKER}}
    reviewed = {r.application_id for r in stored_reviews.list_reviews(uow, call_id) if r.state != "draft"}
    return {(application, person) for application in reviewed for person in overseers}
