"""Panel meetings and the consensus they record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.schema import applications, audit_log, consensus, consensus_scores, meetings
from storage.unit import NotFound, StaleWrite, UnitOfWork


@dataclass(frozen=True, slots=True)
class StoredMeeting:
    """A meeting of the panel; ``present`` are account ids, ``ended_at`` None: it is going on.

    ``record``: what its minutes tell, kept when it ended; None before.
    """

    id: int
    call_id: str
    title: str
    place: str
    started_at: datetime
    ended_at: datetime | None
    led_by: int | None
    present: Sequence[int]
    notes: str
    record: Mapping[str, Any] | None
    version: int


@dataclass(frozen=True, slots=True)
class ConsensusScore:
    """The level the panel agreed on for a criterion, and why."""

    level: int
    reason: str


@dataclass(frozen=True, slots=True)
class StoredConsensus:
    """What the panel agreed on for an application. ``left_room``: account ids; ``effect``: score and rank around it."""

    id: int
    application_id: int
    meeting_id: int
    note: str
    left_room: Sequence[int]
    effect: Mapping[str, Any]
    recorded_by: int | None
    recorded_at: datetime
    version: int
    scores: Mapping[str, ConsensusScore]


def add_meeting(uow: UnitOfWork, call_id: str, title: str, place: str, present: Sequence[int]) -> StoredMeeting:
    """Open a meeting that begins now, led by the actor."""
    row = {
        "call_id": call_id,
        "title": title,
        "place": place,
        "started_at": uow.now(),
        "led_by": uow.actor_id,
        "present": sorted(present),
        "notes": "",
        "version": 1,
    }
    return StoredMeeting(**uow.insert(meetings, row, action="meeting.start"))


def change_meeting(
    uow: UnitOfWork, meeting_id: int, changes: Mapping[str, Any], *, action: str, expected_version: int
) -> StoredMeeting:
    """Change notes, place, who is present, or the end; StaleWrite if somebody changed it meanwhile."""
    return StoredMeeting(
        **uow.update(meetings, {"id": meeting_id}, changes, action=action, expected_version=expected_version)
    )


def list_meetings(uow: UnitOfWork, call_id: str) -> list[StoredMeeting]:
    """The meetings of a call, the oldest first."""
    query = select(meetings).where(meetings.c.call_id == call_id).order_by(meetings.c.id)
    return [StoredMeeting(**row) for row in uow.connection.execute(query).mappings()]


def save_consensus(
    uow: UnitOfWork,
    application_id: int,
    *,
    meeting_id: int,
    scores: Mapping[str, ConsensusScore],
    note: str,
    left_room: Sequence[int],
    effect: Mapping[str, Any],
    expected_version: int,
) -> StoredConsensus:
    """Record (``expected_version`` 0) or change the consensus on an application; StaleWrite if a newer one is stored."""
    key = {"application_id": application_id}
    values = {
        "meeting_id": meeting_id,
        "note": note,
        "left_room": sorted(left_room),
        "effect": dict(effect),
        "recorded_by": uow.actor_id,
        "recorded_at": uow.now(),
    }
    if expected_version == 0:
        if find_consensus(uow, application_id) is not None:
            raise StaleWrite("a consensus was recorded elsewhere meanwhile")
        row = uow.insert(consensus, {**key, **values, "version": 1}, action="consensus.record")
    else:
        row = uow.update(consensus, key, values, action="consensus.change", expected_version=expected_version)
    for criterion_id, score in sorted(scores.items()):
        own = {"consensus_id": row["id"], "criterion_id": criterion_id}
        given = {"level": score.level, "reason": score.reason}
        if expected_version == 0:
            uow.insert(consensus_scores, {**own, **given}, action="consensus.record")
        else:
            uow.update(consensus_scores, own, given, action="consensus.change")
    return _with_scores(uow, [row])[0]


def remove_consensus(uow: UnitOfWork, application_id: int, expected_version: int) -> None:
    """Take a consensus back; the log keeps it. StaleWrite if it changed meanwhile, NotFound if there is none."""
    found = find_consensus(uow, application_id)
    if found is None:
        raise NotFound(f"consensus on {application_id}")
    if found.version != expected_version:
        raise StaleWrite("the consensus changed meanwhile")
    for criterion_id in sorted(found.scores):
        own = {"consensus_id": found.id, "criterion_id": criterion_id}
        uow.delete(consensus_scores, own, action="consensus.remove")
    uow.delete(consensus, {"application_id": application_id}, action="consensus.remove")


def find_consensus(uow: UnitOfWork, application_id: int) -> StoredConsensus | None:
    """The consensus on an application, or None."""
    query = select(consensus).where(consensus.c.application_id == application_id)
    found = _with_scores(uow, [dict(row) for row in uow.connection.execute(query).mappings()])
    return found[0] if found else None


def list_consensus(uow: UnitOfWork, call_id: str) -> dict[int, StoredConsensus]:
    """The consensus of every application of a call that has one, by application."""
    query = (
        select(consensus)
        .join(applications, applications.c.id == consensus.c.application_id)
        .where(applications.c.call_id == call_id)
        .order_by(consensus.c.id)
    )
    rows = [dict(row) for row in uow.connection.execute(query).mappings()]
    return {found.application_id: found for found in _with_scores(uow, rows)}


def consensus_applications(uow: UnitOfWork) -> dict[int, int]:
    """The application of every consensus there is or was, by the consensus's id: the log still speaks of those."""
    query = select(audit_log.c.old, audit_log.c.new).where(audit_log.c.entity == "consensus")
    rows = [new or old for old, new in uow.connection.execute(query)]
    return {row["id"]: row["application_id"] for row in rows}


def _with_scores(uow: UnitOfWork, rows: list[dict[str, Any]]) -> list[StoredConsensus]:
    scores: dict[int, dict[str, ConsensusScore]] = {row["id"]: {} for row in rows}
    if rows:
        query = select(consensus_scores).where(consensus_scores.c.consensus_id.between(min(scores), max(scores)))
        for score in uow.connection.execute(query).mappings():
            if score["consensus_id"] in scores:
                given = ConsensusScore(score["level"], score["reason"])
                scores[score["consensus_id"]][score["criterion_id"]] = given
    return [StoredConsensus(**row, scores=scores[row["id"]]) for row in rows]
