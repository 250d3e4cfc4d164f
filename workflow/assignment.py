"""Assignment of reviewers by hand: who is on an application, and which pairs are locked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from access.permissions import Actor, can_assign, require
from locales import msg
from storage import accounts as stored_accounts
from storage import applications as stored_applications
from storage import panel
from storage import reviews as stored
from storage.unit import UnitOfWork
from workflow.applications import load_views
from workflow.calls import load_call
from workflow.conflict_proposals import proposed_pairs
from workflow.errors import Refused
from workflow.house import House
from workflow.panel_members import load_members
from workflow.phases import require_open
from workflow.visibility import awaited_pairs, barred_pairs, blocked_applications, informed_pairs, unread


@dataclass(frozen=True, slots=True)
class ReviewerLoad:
    """A reviewer and how many applications of the call are assigned and submitted.

    ``active`` False: disabled or no longer a reviewer, but still assigned to something.
    """

    id: int
    name: str
    assigned: int
    submitted: int
    active: bool = True


@dataclass(frozen=True, slots=True)
class AssignedPair:
    """One reviewer of one application. ``begun``: a review exists, so the pair stays. ``abstention``: why, if so."""

    application_id: int
    case_number: str
    reviewer_id: int
    reviewer: str
    locked: bool
    begun: bool
    conflicted: bool
    abstention: str


def list_reviewers(house: House, actor: Actor, call_id: str) -> list[ReviewerLoad]:
    """Active reviewers with their load in the call, and whoever else still has assignments."""
    require(actor, can_assign)
    with house.reading() as uow:
        pairs = panel.list_assignments(uow, call_id)
        blocked = blocked_applications(uow, call_id, actor)
        pairs = {pair for pair in pairs if pair[0] not in blocked}
        ahead = unread(uow, call_id, actor)
        load = Counter(reviewer for _, reviewer in pairs)
        done = Counter(
            r.reviewer_id
            for r in stored.list_reviews(uow, call_id)
            if r.state == "submitted" and (r.application_id, r.reviewer_id) in pairs and r.application_id not in ahead
        )
        active = dict(_reviewers(uow))
        return [
            ReviewerLoad(account.id, account.name, load[account.id], done[account.id], account.id in active)
            for account in stored_accounts.list_accounts(uow.connection)
            if account.id in active or load[account.id]
        ]


def _reviewers(uow: UnitOfWork) -> list[tuple[int, str]]:
    return [
        (a.id, a.name)
        for a in stored_accounts.list_accounts(uow.connection)
        if "reviewer" in a.roles and not a.disabled
    ]


def assign_reviewers(house: House, actor: Actor, call_id: str, application_id: int, reviewers: Iterable[int]) -> None:
    """Make ``reviewers`` the reviewers of one application.

    Refused: oneself, or an application that one is disqualified from or has to review; not a reviewer, takes no part in
    the call, the largest load is reached, could already see the reviews, a conflict of interest in force or proposed,
    an application that is not confirmed eligible; or taking away somebody whose review has begun.
    """
    require(actor, can_assign)
    wanted = set(reviewers)
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_assign)
        _refuse_own(uow, call_id, actor, application_id)
        present = {r for a, r in panel.list_assignments(uow, call_id) if a == application_id}
        if actor.id in wanted - present:
            raise Refused(msg("Another officer has to assign applications to you."))
        _check_change(uow, call_id, application_id, wanted, present)
        for reviewer in sorted(wanted - present):
            panel.add_assignment(uow, application_id, reviewer)
        for reviewer in sorted(present - wanted):
            panel.remove_assignment(uow, application_id, reviewer)


def _refuse_own(uow: UnitOfWork, call_id: str, actor: Actor, application_id: int) -> None:
    """Whoever is disqualified, or has still to review the application, does not decide who reviews it."""
    if application_id in blocked_applications(uow, call_id, actor):
        raise Refused(msg("You are disqualified from this application. Another officer has to assign it."))
    if application_id in unread(uow, call_id, actor):
        raise Refused(msg("You are to review this application yourself. Another officer has to assign it."))


def _check_change(uow: UnitOfWork, call_id: str, application_id: int, wanted: set[int], present: set[int]) -> None:
    active = dict(_reviewers(uow))
    names = {account.id: account.name for account in stored_accounts.list_accounts(uow.connection)}
    views = {view.id: view for view in load_views(uow, load_call(uow, call_id))}
    if application_id not in views or (wanted - present and not views[application_id].eligible):
        raise Refused(msg("Reviewers are assigned to applications that are confirmed eligible."))
    if unknown := wanted - present - active.keys():
        raise Refused(
            msg("Not an active reviewer: {ids}.", ids=", ".join(names.get(r, str(r)) for r in sorted(unknown)))
        )
    members = {member.account_id: member for member in load_members(uow, call_id)}
    away = {r for r in wanted - present if r in members and not members[r].takes_part}
    if away:
        raise Refused(msg("Takes no part in this call: {names}.", names=", ".join(names[r] for r in sorted(away))))
    load = Counter(reviewer for _, reviewer in awaited_pairs(uow, call_id))
    for reviewer in sorted(wanted - present):
        limit = members[reviewer].largest_load if reviewer in members else None
        if limit is not None and load[reviewer] >= limit:
            raise Refused(msg("The largest load of {name} is {n}, and it is reached.", name=names[reviewer], n=limit))
    informed = {who for a, who in informed_pairs(uow, call_id) if a == application_id}
    if told := (wanted - present) & informed:
        raise Refused(
            msg(
                "Has been able to see the reviews of the application, and cannot review it unknowing: {names}.",
                names=", ".join(names[r] for r in sorted(told)),
            )
        )
    proposed = {who for a, who in proposed_pairs(uow, call_id, load_call(uow, call_id)) if a == application_id}
    if open_ones := (wanted - present) & proposed:
        raise Refused(
            msg(
                "A conflict of interest is proposed and not decided: {names}. Decide on it first.",
                names=", ".join(names[r] for r in sorted(open_ones)),
            )
        )
    disqualified = {c.account_id for c in panel.list_conflicts(uow, call_id) if c.application_id == application_id}
    if barred := (wanted - present) & disqualified:
        raise Refused(msg("A conflict of interest bars: {names}.", names=", ".join(names[r] for r in sorted(barred))))
    begun = {r.reviewer_id for r in stored.list_reviews(uow, call_id) if r.application_id == application_id}
    if kept := (present - wanted) & begun:
        raise Refused(
            msg(
                "A review has begun and its assignment stays: {names}.",
                names=", ".join(names.get(r, str(r)) for r in sorted(kept)),
            )
        )


def lock_assignment(
    house: House, actor: Actor, call_id: str, application_id: int, reviewer_id: int, locked: bool
) -> None:
    """Keep one pair through new distributions, or let it go again. Refused when it is not assigned."""
    require(actor, can_assign)
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_assign)
        _refuse_own(uow, call_id, actor, application_id)
        rows = {(a.application_id, a.reviewer_id): a for a in panel.assignment_rows(uow, call_id)}
        if (application_id, reviewer_id) not in rows:
            raise Refused(msg("This reviewer is not assigned to the application."))
        if rows[application_id, reviewer_id].locked != locked:
            panel.lock_assignment(uow, application_id, reviewer_id, locked)


def list_pairs(house: House, actor: Actor, call_id: str) -> list[AssignedPair]:
    """Every assigned pair with its lock, by case number and name, without applications closed to the actor."""
    require(actor, can_assign)
    with house.reading() as uow:
        load_call(uow, call_id)
        blocked = blocked_applications(uow, call_id, actor)
        names = {account.id: account.name for account in stored_accounts.list_accounts(uow.connection)}
        cases = {row.id: row.case_number for row in stored_applications.list_applications(uow, call_id)}
        ahead = unread(uow, call_id, actor)
        begun = {
            (r.application_id, r.reviewer_id)
            for r in stored.list_reviews(uow, call_id)
            if r.application_id not in ahead or r.reviewer_id == actor.id
        }
        barred = barred_pairs(uow, call_id)
        found = [
            AssignedPair(
                application_id=a.application_id,
                case_number=cases[a.application_id],
                reviewer_id=a.reviewer_id,
                reviewer=names[a.reviewer_id],
                locked=a.locked,
                begun=(a.application_id, a.reviewer_id) in begun,
                conflicted=(a.application_id, a.reviewer_id) in barred,
                abstention=a.abstention_reason,
            )
            for a in panel.assignment_rows(uow, call_id)
            if a.application_id not in blocked
        ]
    return sorted(found, key=lambda pair: (pair.case_number, pair.reviewer, pair.reviewer_id))
