"""Follow-up: who has what left, how many days there are, and a reminder to copy in the reviewer's language."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from access.permissions import REVIEWER, Actor, can_review, can_see_progress, require
from calls.definition import CallDefinition
from locales import Lang, Message, msg, msgn, render
from storage import accounts as stored_accounts
from storage import applications as stored_applications
from storage import panel
from storage import reviews as stored
from storage.accounts import AccountRow
from storage.panel import Pair
from storage.reviews import StoredReview
from storage.unit import UnitOfWork
from workflow.calls import load_call
from workflow.house import House
from workflow.phases import load_stage
from workflow.visibility import awaited_pairs, closed_to_review, hidden_scores

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
    """Text to copy, empty when nothing is left or the phase is closed to reviewing."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The progress of a call. ``days_left`` counts begun days to the deadline, below 0 after it; None without one."""

    deadline: datetime | None
    days_left: int | None
    reviewers: tuple[ReviewerLeft, ...]
    lacking: tuple[tuple[str, int], ...]
    """Eligible applications with fewer reviews awaited than the call asks for: case number and how many there are."""


@dataclass(frozen=True, slots=True)
class _Work:
    """The reviews of a call as they stand, read once. ``rows``: case number by application, hidden ones left out."""

    rows: Mapping[int, str]
    awaited: Mapping[int, set[int]]
    reviews: Mapping[int, Mapping[int, StoredReview]]
    declared: set[Pair]
    abstained: set[Pair]


def get_follow_up(house: House, actor: Actor, call_id: str) -> FollowUp:
    """Who has what left, those with most left first.

    Nothing of applications that the actor is disqualified from, or has still to review. Nobody waits for somebody who
    cannot sign in any more, or does not review: only what they submitted counts.
    """
    require(actor, can_see_progress)
    with house.reading() as uow:
        call = load_call(uow, call_id)
        stage = load_stage(uow, call_id)
        accounts = stored_accounts.list_accounts(uow.connection)
        work = _load(uow, call_id, hidden_scores(uow, call_id, actor), accounts)
        deadline = stage.review_deadline
        reminding = stage.is_open(can_review)
        decisions = stored_applications.newest_eligibility(uow, call_id)
        left = _days_left(deadline, uow.now())
    involved = work.awaited.keys() | {who for a, who in work.abstained if a in work.rows}
    people = [_left(call, work, account, deadline, reminding) for account in accounts if account.id in involved]
    people.sort(key=lambda person: (-len(person.open_cases), person.name, person.account_id))
    needed = call.scoring.reviews_per_application.value
    count = Counter(application for own in work.awaited.values() for application in own)
    lacking = tuple(
        (case, count[key])
        for key, case in sorted(work.rows.items(), key=lambda item: item[1])
        if key in decisions and decisions[key].outcome == "eligible" and count[key] < needed
    )
    return FollowUp(deadline, left, tuple(people), lacking)


def _load(uow: UnitOfWork, call_id: str, hidden: set[int], accounts: Sequence[AccountRow]) -> _Work:
    closed = closed_to_review(uow, call_id) | hidden
    rows = {r.id: r.case_number for r in stored_applications.list_applications(uow, call_id) if r.id not in closed}
    active = {account.id for account in accounts if REVIEWER in account.roles and not account.disabled}
    reviews: dict[int, dict[int, StoredReview]] = {}
    for review in stored.list_reviews(uow, call_id):
        reviews.setdefault(review.reviewer_id, {})[review.application_id] = review
    awaited: dict[int, set[int]] = {}
    for application, who in awaited_pairs(uow, call_id):
        found = reviews.get(who, {}).get(application)
        if application in rows and (who in active or (found is not None and found.state == "submitted")):
            awaited.setdefault(who, set()).add(application)
    return _Work(
        rows, awaited, reviews, set(panel.list_impartiality(uow, call_id)), panel.list_abstentions(uow, call_id)
    )


def _days_left(deadline: datetime | None, now: datetime) -> int | None:
    return None if deadline is None else ceil((deadline - now).total_seconds() / DAY)


def _left(
    call: CallDefinition, work: _Work, account: AccountRow, deadline: datetime | None, reminding: bool
) -> ReviewerLeft:
    mine = work.awaited.get(account.id, set())
    reviews = {a: r for a, r in work.reviews.get(account.id, {}).items() if a in mine}
    done = {a for a, r in reviews.items() if r.state == "submitted"}
    open_cases = tuple(sorted(work.rows[a] for a in mine - done))
    lang: Lang = account.language if account.language in ("fi", "sv", "en") else "fi"
    return ReviewerLeft(
        account_id=account.id,
        name=account.name,
        language=account.language,
        assigned=len(mine),
        submitted=len(done),
        drafts=sum(r.state == "draft" for r in reviews.values()),
        open_cases=open_cases,
        returned=tuple(sorted(work.rows[a] for a, r in reviews.items() if r.state == "returned")),
        undeclared=sum((a, account.id) not in work.declared for a in mine - done),
        abstained=tuple(sorted(work.rows[a] for a, who in work.abstained if who == account.id and a in work.rows)),
        last_saved=max((r.saved_at for r in reviews.values()), default=None),
        reminder=_reminder(call, account.name, open_cases, deadline, lang) if open_cases and reminding else "",
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
