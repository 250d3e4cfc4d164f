"""Follow-up: who has what left, how many days there are, and a reminder to copy in the reviewer's language."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from access.permissions import Actor, can_see_progress, require
from calls.definition import CallDefinition
from locales import Lang, Message, msg, msgn, render
from storage import accounts as stored_accounts
from storage import applications as stored_applications
from storage import panel
from storage import reviews as stored
from storage.unit import UnitOfWork
from workflow.calls import load_call
from workflow.house import House
from workflow.phases import load_stage
from workflow.visibility import awaited_pairs, blocked_applications, closed_to_review, unread

DAY = 86_400


@dataclass(frozen=True, slots=True)
class ReviewerLeft:
    """What one reviewer has left. ``open_cases``: case numbers that wait for a submission, ``returned`` among them.

    ``undeclared`` counts applications whose texts are still closed because no declaration has been given.
    """

    account_id: int
    name: str
    language: str
    assigned: int
    submitted: int
    drafts: int
    open_cases: tuple[str, ...]
    returned: tuple[str, ...]
    undeclared: int
    abstained: tuple[str, ...]
    last_saved: datetime | None
    reminder: str
    """Text to copy, empty when nothing is left."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The progress of a call. ``days_left`` counts begun days to the deadline, below 0 after it; None without one."""

    deadline: datetime | None
    days_left: int | None
    reviewers: tuple[ReviewerLeft, ...]
    lacking: tuple[tuple[str, int], ...]
    """Eligible applications with fewer reviews awaited than the call asks for: case number and how many there are."""


def get_follow_up(house: House, actor: Actor, call_id: str) -> FollowUp:
    """Who has what left, those with most left first.

    Nothing of applications that the actor is disqualified from, or has still to review.
    """
    require(actor, can_see_progress)
    with house.reading() as uow:
        call = load_call(uow, call_id)
        stage = load_stage(uow, call_id)
        hidden = blocked_applications(uow, call_id, actor) | unread(uow, call_id, actor)
        closed = closed_to_review(uow, call_id) | hidden
        rows = {r.id: r.case_number for r in stored_applications.list_applications(uow, call_id) if r.id not in closed}
        left = _days_left(stage.review_deadline, uow.now())
        people = [
            _left(uow, call, rows, account, stage.review_deadline)
            for account in stored_accounts.list_accounts(uow.connection)
            if any(who == account.id for a, who in panel.list_assignments(uow, call_id) if a in rows)
        ]
        awaited = [a for a, _ in awaited_pairs(uow, call_id)]
        decisions = stored_applications.newest_eligibility(uow, call_id)
        needed = call.scoring.reviews_per_application.value
        lacking = tuple(
            (case, awaited.count(key))
            for key, case in sorted(rows.items(), key=lambda item: item[1])
            if key in decisions and decisions[key].outcome == "eligible" and awaited.count(key) < needed
        )
    people.sort(key=lambda person: (-len(person.open_cases), person.name, person.account_id))
    return FollowUp(stage.review_deadline, left, tuple(people), lacking)


def _days_left(deadline: datetime | None, now: datetime) -> int | None:
    return None if deadline is None else ceil((deadline - now).total_seconds() / DAY)


def _left(
    uow: UnitOfWork,
    call: CallDefinition,
    rows: dict[int, str],
    account: stored_accounts.AccountRow,
    deadline: datetime | None,
) -> ReviewerLeft:
    mine = {a for a, who in awaited_pairs(uow, call.id) if who == account.id and a in rows}
    reviews = {r.application_id: r for r in stored.list_reviews(uow, call.id, account.id) if r.application_id in mine}
    done = {a for a, r in reviews.items() if r.state == "submitted"}
    declared = {a for a, who in panel.list_impartiality(uow, call.id) if who == account.id}
    abstained = {a for a, who in panel.list_abstentions(uow, call.id) if who == account.id and a in rows}
    open_cases = tuple(sorted(rows[a] for a in mine - done))
    saved = [r.saved_at for r in reviews.values()]
    lang: Lang = account.language if account.language in ("fi", "sv", "en") else "fi"
    return ReviewerLeft(
        account_id=account.id,
        name=account.name,
        language=account.language,
        assigned=len(mine),
        submitted=len(done),
        drafts=sum(r.state == "draft" for r in reviews.values()),
        open_cases=open_cases,
        returned=tuple(sorted(rows[a] for a, r in reviews.items() if r.state == "returned")),
        undeclared=len(mine - done - declared),
        abstained=tuple(sorted(rows[a] for a in abstained)),
        last_saved=max(saved, default=None),
        reminder=_reminder(call, account.name, open_cases, deadline, lang) if open_cases else "",
    )


def _reminder(call: CallDefinition, name: str, cases: tuple[str, ...], deadline: datetime | None, lang: Lang) -> str:
    parts: list[Message] = [
        msg("Dear {name},", name=name),
        msgn(
            "You have {n} review to submit in the call {call}:",
            "You have {n} reviews to submit in the call {call}:",
            len(cases),
            call=call.name,
        ),
    ]
    lines = [render(part, lang) for part in parts]
    lines += [f"– {case}" for case in cases]
    if deadline is not None:
        lines.append(render(msg("The reviews are awaited by {moment}.", moment=deadline), lang))
    lines.append(render(msg("If you have a conflict of interest or cannot review an application, say so soon."), lang))
    return "\n".join(lines)
