"""The minutes of a meeting, told from what was stored at the meeting: later changes do not reach them.

A reader with hidden applications gets minutes without them, the sections numbered without a gap and the ranks counted
among the others. The copy then says that it may leave something out, whether or not anything was handled at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from access.permissions import CHAIR, DECISION_MAKER, OFFICER, Actor, can_see_meeting, require
from calls.application_record import from_record
from calls.definition import CallDefinition
from locales import Message, msg, render
from scoring.composite import composite
from scoring.ranking import rank
from scoring.types import Review
from storage import accounts as stored_accounts
from storage import applications as stored_applications
from storage import meetings as stored
from storage import panel
from storage.accounts import AccountRow
from storage.audit import AuditEntry, list_audit
from storage.meetings import StoredMeeting
from storage.unit import UnitOfWork
from workbooks.minutes import write_minutes
from workbooks.minutes_data import (
    Absence,
    Attendee,
    ConsensusLevel,
    MinutesApplication,
    MinutesCriterion,
    MinutesData,
    MinutesDataError,
    MinutesItem,
    ReviewerLevels,
)
from workflow.applications import load_views
from workflow.calls import load_call
from workflow.errors import Refused
from workflow.house import House
from workflow.review_check import weights
from workflow.visibility import hidden_scores

GROUNDS: Mapping[str, Message] = {
    "party_or_relative": msg("Party to the matter, or a close relative of one"),
    "representation": msg("Assists or represents a party"),
    "benefit_or_loss": msg("Particular benefit or loss expected"),
    "employment": msg("Employment or commission with a party"),
    "board_membership": msg("Member of a board or a comparable organ of a party"),
    "guidance_supervision": msg("Guidance or supervision of a party"),
    "other": msg("Impartiality endangered for another particular reason"),
}
"""Grounds of disqualification as the minutes state them."""
_PAGE = 1_000


@dataclass
class _Recorded:
    """A consensus as it stood when its meeting ended."""

    application_id: int
    meeting_id: int
    note: str
    left_room: list[int]
    effect: Mapping[str, Any]
    recorded_by: int | None
    recorded_at: datetime
    scores: dict[str, ConsensusLevel]


def minutes(house: House, actor: Actor, call_id: str, meeting_id: int, lang: str) -> bytes:
    """The minutes of a meeting as the bytes of a docx file; a draft while the meeting is going on.

    Without the applications that are hidden from the actor, and without any panel-only remark. Refused when the call
    has no such meeting.
    """
    require(actor, can_see_meeting)
    with house.reading() as uow:
        call = load_call(uow, call_id)
        meeting = next((m for m in stored.list_meetings(uow, call_id) if m.id == meeting_id), None)
        if meeting is None:
            raise Refused(msg("There is no such meeting in this call."))
        data = _data(uow, actor, call, meeting, lang)
    try:
        return write_minutes(data, lang)
    except MinutesDataError as error:
        raise Refused(error.message) from error


def _data(uow: UnitOfWork, actor: Actor, call: CallDefinition, meeting: StoredMeeting, lang: str) -> MinutesData:
    hidden = hidden_scores(uow, call.id, actor)
    recorded = {c.application_id: c for c in _as_it_ended(uow, call.id, meeting) if c.application_id not in hidden}
    handled = sorted((c for c in recorded.values() if c.meeting_id == meeting.id), key=lambda c: c.recorded_at)
    accounts = {account.id: account for account in stored_accounts.list_accounts(uow.connection)}
    applications = {
        row.id: MinutesApplication(row.case_number, content.project_name, content.coordinator.name)
        for row in stored_applications.list_applications(uow, call.id)
        if row.id not in hidden and (content := from_record(dict(row.content)))
    }
    grounds = {(c.application_id, c.account_id): c.kind for c in panel.all_conflicts(uow, call.id)}
    remarks = [meeting.notes] if meeting.notes else []
    if hidden:
        partial = msg("This copy is without the applications that are closed to its reader.")
        remarks.append(render(partial, lang))
    officers = [a for p in meeting.present if (a := accounts.get(p)) and OFFICER in a.roles and p != meeting.led_by]
    return MinutesData(
        call_name=call.name,
        authority=call.authority,
        meeting_title=meeting.title,
        started_at=meeting.started_at,
        ended_at=meeting.ended_at,
        chair=_name(accounts, meeting.led_by),
        criteria=tuple(
            MinutesCriterion(c.id, c.name, {rung.value: rung.label for rung in c.levels}) for c in call.criteria
        ),
        present=tuple(_attendees(accounts, meeting)),
        items=tuple(
            _item(call, c, meeting, applications[c.application_id], accounts, grounds, hidden) for c in handled
        ),
        not_handled=tuple(
            applications[view.id]
            for view in load_views(uow, call)
            if view.eligible and view.id in applications and view.id not in recorded
        ),
        remarks="\n".join(remarks),
        place=meeting.place,
        # With several officers nobody can tell who wrote: the line is left to be filled in.
        secretary=officers[0].name if len(officers) == 1 else "",
    )


def _attendees(accounts: Mapping[int, AccountRow], meeting: StoredMeeting) -> Iterator[Attendee]:
    for person in sorted(meeting.present, key=lambda p: (p != meeting.led_by, _name(accounts, p), p)):
        roles = accounts[person].roles if person in accounts else frozenset()
        if person == meeting.led_by or CHAIR in roles:
            role = msg("chair")
        elif OFFICER in roles:
            role = msg("presenting officer")
        elif DECISION_MAKER in roles:
            role = msg("decision maker")
        else:
            role = msg("reviewer")
        yield Attendee(_name(accounts, person), role)


def _item(
    call: CallDefinition,
    recorded: _Recorded,
    meeting: StoredMeeting,
    application: MinutesApplication,
    accounts: Mapping[int, AccountRow],
    grounds: Mapping[tuple[int, int], str],
    hidden: set[int],
) -> MinutesItem:
    effect, case = recorded.effect, application.case_number
    reviews = [Review(case, reviewer, levels) for reviewer, levels in effect["reviews"].items()]
    (standing,) = rank(reviews, weights(call), [case])
    others = [Fraction(score) for key, score in effect["others"].items() if int(key) not in hidden]
    before, after = (None if (s := effect[key]) is None else Fraction(s) for key in ("score_before", "score_after"))
    named = sorted(((_name(accounts, int(r.reviewer)), r.reviewer, r.levels) for r in reviews), key=lambda r: r[:2])
    return MinutesItem(
        application=application,
        absent=tuple(
            Absence(_name(accounts, person), GROUNDS.get(grounds.get((recorded.application_id, person), "")))
            for person in sorted(recorded.left_room, key=lambda person: (_name(accounts, person), person))
        ),
        reviews=tuple(ReviewerLevels(name, levels, composite(levels, weights(call))) for name, _, levels in named),
        criterion_means=standing.criterion_means,
        mean=standing.mean,
        consensus=recorded.scores,
        score_before=before,
        score_after=after,
        rank_before=_rank(before, others),
        rank_after=_rank(after, others),
        note=recorded.note,
        chair=_name(accounts, recorded.recorded_by) if recorded.recorded_by != meeting.led_by else "",
    )


def _rank(score: Fraction | None, others: list[Fraction]) -> int | None:
    """Standard competition rank of ``score`` among ``others``."""
    return None if score is None else 1 + sum(other > score for other in others)


def _name(accounts: Mapping[int, AccountRow], account_id: int | None) -> str:
    account = accounts.get(account_id or 0)
    return "" if account is None else account.name


def _as_it_ended(uow: UnitOfWork, call_id: str, meeting: StoredMeeting) -> list[_Recorded]:
    """Every consensus of the call as it stood when ``meeting`` ended; as it stands now while the meeting goes on."""
    found = {
        c.id: _Recorded(
            c.application_id,
            c.meeting_id,
            c.note,
            list(c.left_room),
            c.effect,
            c.recorded_by,
            c.recorded_at,
            {key: ConsensusLevel(score.level, score.reason) for key, score in c.scores.items()},
        )
        for c in stored.list_consensus(uow, call_id).values()
    }
    if meeting.ended_at is not None:
        for entry in _since_the_end(uow, call_id, meeting.id):
            _undo(found, entry)
    return list(found.values())


def _since_the_end(uow: UnitOfWork, call_id: str, meeting_id: int) -> Iterator[AuditEntry]:
    """What was logged after the meeting ended, the newest first."""
    before: int | None = None
    while page := list_audit(uow, call_id, _PAGE, before):
        for entry in page:
            if entry.entity == "meetings" and entry.action == "meeting.end" and entry.key["id"] == meeting_id:
                return
            yield entry
        before = page[-1].id


def _undo(found: dict[int, _Recorded], entry: AuditEntry) -> None:
    """Take one logged change of a consensus back. Its levels go before it and come after it, as they were stored."""
    old = entry.old
    if entry.entity == "consensus":
        key = int(entry.key["id"])
        scores = found[key].scores if key in found else {}
        found.pop(key, None)
        if old is not None:
            own = ("application_id", "meeting_id", "note", "left_room", "effect", "recorded_by")
            moment = datetime.fromisoformat(old["recorded_at"])
            found[key] = _Recorded(**{name: old[name] for name in own}, recorded_at=moment, scores=scores)
    elif entry.entity == "consensus_scores":
        owner, criterion = int(entry.key["consensus_id"]), str(entry.key["criterion_id"])
        if owner in found:
            found[owner].scores.pop(criterion, None)
            if old is not None:
                found[owner].scores[criterion] = ConsensusLevel(old["level"], old["reason"])
