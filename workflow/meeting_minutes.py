"""The minutes of a meeting, told from its record: a kept one once the meeting has ended.

A reader with hidden applications gets minutes without them, the sections numbered without a gap and the ranks counted
among the others, and without the notes of the meeting, which may speak of them. The copy then says that it may leave
something out, whether or not anything was handled at all.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from access.permissions import Actor, can_see_meeting, require
from calls.definition import CallDefinition
from locales import Message, msg, render
from scoring.composite import composite
from scoring.ranking import rank
from scoring.types import Review
from storage import meetings as stored
from storage.meetings import StoredMeeting
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
from workflow.calls import load_call
from workflow.errors import Refused
from workflow.house import House
from workflow.labels import GROUNDS
from workflow.meeting_record import CHAIR_SEAT, DECIDER_SEAT, OFFICER_SEAT, REVIEWER_SEAT, make_record
from workflow.review_check import weights
from workflow.visibility import hidden_scores

SEATS: Mapping[str, Message] = {
    CHAIR_SEAT: msg("chair"),
    OFFICER_SEAT: msg("presenting officer"),
    DECIDER_SEAT: msg("decision maker"),
    REVIEWER_SEAT: msg("reviewer"),
}
Record = Mapping[str, Any]


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
        record = meeting.record if meeting.record is not None else make_record(uow, call, meeting)
        data = _data(call, meeting, record, hidden_scores(uow, call_id, actor), lang)
    try:
        return write_minutes(data, lang)
    except MinutesDataError as error:
        raise Refused(error.message) from error


def _data(call: CallDefinition, meeting: StoredMeeting, record: Record, hidden: set[int], lang: str) -> MinutesData:
    partial = msg("This copy is without the applications that are closed to its reader.")
    applications = {int(key): MinutesApplication(*told) for key, told in record["applications"].items()}
    return MinutesData(
        call_name=call.name,
        authority=call.authority,
        meeting_title=meeting.title,
        started_at=meeting.started_at,
        ended_at=meeting.ended_at,
        chair=_name(record, meeting.led_by),
        criteria=tuple(
            MinutesCriterion(c.id, c.name, {rung.value: rung.label for rung in c.levels}) for c in call.criteria
        ),
        present=tuple(Attendee(_name(record, person), SEATS[seat]) for person, seat in record["present"]),
        items=tuple(
            _item(call, meeting, record, told, applications[told["application_id"]], hidden)
            for told in record["handled"]
            if told["application_id"] not in hidden
        ),
        not_handled=tuple(applications[key] for key in record["not_handled"] if key not in hidden),
        remarks=render(partial, lang) if hidden else meeting.notes,
        place=meeting.place,
        secretary=record["secretary"],
    )


def _item(
    call: CallDefinition,
    meeting: StoredMeeting,
    record: Record,
    told: Record,
    application: MinutesApplication,
    hidden: set[int],
) -> MinutesItem:
    effect, case = told["effect"], application.case_number
    reviews = [Review(case, reviewer, levels) for reviewer, levels in effect["reviews"].items()]
    (standing,) = rank(reviews, weights(call), [case])
    others = [Fraction(score) for key, score in effect["others"].items() if int(key) not in hidden]
    before, after = (None if (s := effect[key]) is None else Fraction(s) for key in ("score_before", "score_after"))
    named = sorted(((_name(record, int(r.reviewer)), r.reviewer, r.levels) for r in reviews), key=lambda r: r[:2])
    absent = sorted((_name(record, person), person, kind) for person, kind in told["left_room"])
    return MinutesItem(
        application=application,
        absent=tuple(Absence(name, GROUNDS.get(kind)) for name, _, kind in absent),
        reviews=tuple(ReviewerLevels(name, levels, composite(levels, weights(call))) for name, _, levels in named),
        criterion_means=standing.criterion_means,
        mean=standing.mean,
        consensus={key: ConsensusLevel(level, reason) for key, (level, reason) in told["scores"].items()},
        score_before=before,
        score_after=after,
        rank_before=_rank(before, others),
        rank_after=_rank(after, others),
        note=told["note"],
        chair=_name(record, told["recorded_by"]) if told["recorded_by"] != meeting.led_by else "",
    )


def _rank(score: Fraction | None, others: list[Fraction]) -> int | None:
    """Standard competition rank of ``score`` among ``others``."""
    return None if score is None else 1 + sum(other > score for other in others)


def _name(record: Record, account_id: int | None) -> str:
    return str(record["names"].get(str(account_id), ""))
