"""Assignment of reviewers: one pair at a time, or evenly over all that lack reviewers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from access.permissions import Actor, can_assign, require
from locales import Message, msg, msgn
from storage import accounts as stored_accounts
from storage import panel
from storage import reviews as stored
from storage.unit import UnitOfWork
from workflow.applications import load_views
from workflow.calls import load_call
from workflow.errors import Refused
from workflow.house import House
from workflow.phases import require_open
from workflow.visibility import blocked_applications


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


def list_reviewers(house: House, actor: Actor, call_id: str) -> list[ReviewerLoad]:
    """Active reviewers with their load in the call, and whoever else still has assignments."""
    require(actor, can_assign)
    with house.reading() as uow:
        pairs = panel.list_assignments(uow, call_id)
        load = Counter(reviewer for _, reviewer in pairs)
        done = Counter(
            r.reviewer_id
            for r in stored.list_reviews(uow, call_id)
            if r.state == "submitted" and (r.application_id, r.reviewer_id) in pairs
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

    Refused: not a reviewer, a conflict of interest, an application that is not confirmed eligible, or taking away
    somebody whose review has begun.
    """
    require(actor, can_assign)
    wanted = set(reviewers)
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_assign)
        if application_id in blocked_applications(uow, call_id, actor):
            raise Refused(msg("You are disqualified from this application. Another officer has to assign it."))
        present = {r for a, r in panel.list_assignments(uow, call_id) if a == application_id}
        _check_change(uow, call_id, application_id, wanted, present)
        for reviewer in sorted(wanted - present):
            panel.add_assignment(uow, application_id, reviewer)
        for reviewer in sorted(present - wanted):
            panel.remove_assignment(uow, application_id, reviewer)


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


def assign_evenly(house: House, actor: Actor, call_id: str) -> int:
    """Fill every eligible application up to the call's number of reviewers, the least loaded first.

    Conflicts of interest are respected; ties go by the number of shared applications, then by account. Returns the
    number of new assignments. Applications the actor is disqualified from are left to another officer. Refused, with
    nothing assigned, when an application cannot be filled.
    """
    require(actor, can_assign)
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_assign)
        call = load_call(uow, call_id)
        needed = call.scoring.reviews_per_application.value
        pairs = panel.list_assignments(uow, call_id)
        barred = {(c.application_id, c.account_id) for c in panel.list_conflicts(uow, call_id)}
        load = Counter(reviewer for _, reviewer in pairs)
        together: Counter[frozenset[int]] = Counter()
        added = 0
        blocked = blocked_applications(uow, call_id, actor)
        reviewers = [reviewer for reviewer, _ in _reviewers(uow)]
        done = {(r.application_id, r.reviewer_id) for r in stored.list_reviews(uow, call_id) if r.state == "submitted"}
        for view in (v for v in load_views(uow, call) if v.eligible and v.id not in blocked):
            # Whoever cannot sign in any more counts only with a review that is submitted.
            counted = {p for p in pairs if p not in barred and (p[1] in reviewers or p in done)}
            chosen = {r for a, r in counted if a == view.id}
            while len(chosen) < needed:
                free = [r for r in reviewers if r not in chosen and (view.id, r) not in barred]
                if not free:
                    raise Refused(_too_few(needed, view.case_number))
                # Few repeated pairs keep the panel comparable: calibration needs reviewers that meet.
                pick = min(free, key=lambda r: (load[r], sum(together[frozenset((r, o))] for o in chosen), r))
                together.update(frozenset((pick, other)) for other in chosen)
                chosen.add(pick)
                load[pick] += 1
                panel.add_assignment(uow, view.id, pick)
                added += 1
        return added


def _too_few(needed: int, case_number: str) -> Message:
    return msgn(
        "Application {case} needs {n} reviewer without a conflict of interest, and there are not so many.",
        "Application {case} needs {n} reviewers without a conflict of interest, and there are not so many.",
        needed,
        case=case_number,
    )
