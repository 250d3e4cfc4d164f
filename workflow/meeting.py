"""The panel meeting: the chair's agenda, and opening, changing and closing a meeting."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from access.permissions import Actor, can_lead_meeting, can_see_meeting, require
from locales import Message, msg
from storage import accounts as stored_accounts
from storage import meetings as stored
from storage.meetings import StoredMeeting
from storage.unit import StaleWrite, UnitOfWork
from workflow.blank import is_blank
from workflow.calls import load_call
from workflow.errors import Conflicting, Refused
from workflow.house import House
from workflow.meeting_docket import AgendaRow, load_agenda, load_docket, panel_people
from workflow.meeting_record import make_record
from workflow.phases import require_open
from workflow.visibility import hidden_scores

LONGEST_TITLE = 200
LONGEST_NOTES = 5_000


@dataclass(frozen=True, slots=True)
class Agenda:
    """The applications in the order of discussion. ``line``: the score at which the appropriation ends, or None.

    ``partial``: applications are left out that the actor is disqualified from or has still to review.
    """

    rows: tuple[AgendaRow, ...]
    line: Fraction | None
    partial: bool


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting with the names of its people; ``ended_at`` None: it is going on. ``present``: account id -> name.

    ``notes`` None: they are not for the reader, as they may speak of an application that is hidden from them.
    """

    id: int
    title: str
    place: str
    started_at: datetime
    ended_at: datetime | None
    led_by: str
    present: Mapping[int, str]
    notes: str | None
    version: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be present. ``sits``: on the panel, as a reviewer or as its chair."""

    id: int
    name: str
    sits: bool


def get_agenda(house: House, actor: Actor, call_id: str) -> Agenda:
    """The agenda: where discussion matters first, what has a consensus last.

    Applications that are hidden from the actor take no part: line, ranks and places are those among the others.
    """
    require(actor, can_see_meeting)
    with house.reading() as uow:
        call = load_call(uow, call_id)
        hidden = hidden_scores(uow, call_id, actor)
        rows, line = load_agenda(uow, load_docket(uow, call, hidden))
        return Agenda(rows, line, bool(hidden))


def list_meetings(house: House, actor: Actor, call_id: str) -> list[Meeting]:
    """The meetings of a call, the oldest first; at most one of them is going on.

    Without their notes for somebody from whom an application is hidden.
    """
    require(actor, can_see_meeting)
    with house.reading() as uow:
        load_call(uow, call_id)
        names = _names(uow)
        found = [_named(meeting, names) for meeting in stored.list_meetings(uow, call_id)]
        return [replace(m, notes=None) for m in found] if hidden_scores(uow, call_id, actor) else found


def list_attendees(house: House, actor: Actor, call_id: str) -> list[Person]:
    """Who can be present at a meeting, by name."""
    require(actor, can_lead_meeting)
    with house.reading() as uow:
        load_call(uow, call_id)
        return [Person(*person) for person in panel_people(uow, call_id)]


def start_meeting(house: House, actor: Actor, call_id: str, title: str, place: str, present: Sequence[int]) -> Meeting:
    """Open a meeting that the actor leads and is present at. Refused while another one of the call is going on."""
    require(actor, can_lead_meeting)
    with house.writing(actor, call_id) as uow:
        load_call(uow, call_id)
        require_open(uow, call_id, can_lead_meeting)
        if open_meeting(uow, call_id) is not None:
            raise Conflicting(msg("A meeting of this call is going on already. It is ended before another begins."))
        problems = [*_lengths(title, place, ""), *_unknown(uow, call_id, present, ())]
        if problems:
            raise Refused(*problems)
        found = stored.add_meeting(uow, call_id, title.strip(), place.strip(), sorted({*present, actor.id}))
        return _named(found, _names(uow))


def change_meeting(
    house: House,
    actor: Actor,
    call_id: str,
    meeting_id: int,
    *,
    place: str,
    present: Sequence[int],
    notes: str | None = None,
    more_notes: str = "",
    expected_version: int,
) -> Meeting:
    """Change where the meeting is, who is present, and its notes, while it is going on.

    ``notes`` None leaves them as they are; ``more_notes`` is added below them, for those who do not see them.
    Conflicting when somebody changed it meanwhile.
    """
    require(actor, can_lead_meeting)
    with house.writing(actor, call_id) as uow:
        meeting = _going_on(uow, call_id, meeting_id)
        written = "\n\n".join(filter(None, ((meeting.notes if notes is None else notes).strip(), more_notes.strip())))
        problems = [*_lengths(meeting.title, place, written), *_unknown(uow, call_id, present, meeting.present)]
        if not present:
            problems.append(msg("Nobody is marked as present. Somebody has to be."))
        if problems:
            raise Refused(*problems)
        changes = {"place": place.strip(), "present": sorted(set(present)), "notes": written}
        return _changed(uow, meeting_id, changes, "meeting.change", expected_version)


def end_meeting(house: House, actor: Actor, call_id: str, meeting_id: int, expected_version: int) -> Meeting:
    """Close the meeting; what it recorded stays as it is. Conflicting when somebody changed it meanwhile."""
    require(actor, can_lead_meeting)
    with house.writing(actor, call_id) as uow:
        record = make_record(uow, load_call(uow, call_id), _going_on(uow, call_id, meeting_id))
        return _changed(uow, meeting_id, {"ended_at": uow.now(), "record": record}, "meeting.end", expected_version)


def open_meeting(uow: UnitOfWork, call_id: str) -> StoredMeeting | None:
    """The meeting that is going on, or None. For other use cases."""
    return next((m for m in stored.list_meetings(uow, call_id) if m.ended_at is None), None)


def _going_on(uow: UnitOfWork, call_id: str, meeting_id: int) -> StoredMeeting:
    load_call(uow, call_id)
    require_open(uow, call_id, can_lead_meeting)
    found = open_meeting(uow, call_id)
    if found is None or found.id != meeting_id:
        raise Refused(msg("The meeting is not going on any more."))
    return found


def _changed(
    uow: UnitOfWork, meeting_id: int, changes: Mapping[str, Any], action: str, expected_version: int
) -> Meeting:
    try:
        found = stored.change_meeting(uow, meeting_id, changes, action=action, expected_version=expected_version)
    except StaleWrite as error:
        raise Conflicting(msg("Somebody changed the meeting meanwhile. Look at it again.")) from error
    return _named(found, _names(uow))


def _lengths(title: str, place: str, notes: str) -> list[Message]:
    problems = []
    if is_blank(title) or len(title) > LONGEST_TITLE:
        problems.append(msg("A meeting needs a name of 1 to {n} characters.", n=LONGEST_TITLE))
    if len(place) > LONGEST_TITLE:
        problems.append(msg("The place is longer than {n} characters.", n=LONGEST_TITLE))
    if len(notes) > LONGEST_NOTES:
        problems.append(msg("The notes are longer than {n} characters.", n=LONGEST_NOTES))
    return problems


def _unknown(uow: UnitOfWork, call_id: str, present: Sequence[int], already: Sequence[int]) -> list[Message]:
    known = {person[0] for person in panel_people(uow, call_id)} | set(already)
    return [msg("There is no account {id}.", id=str(person)) for person in present if person not in known]


def _names(uow: UnitOfWork) -> dict[int, str]:
    return {account.id: account.name for account in stored_accounts.list_accounts(uow.connection)}


def _named(found: StoredMeeting, names: Mapping[int, str]) -> Meeting:
    present = sorted(found.present, key=lambda person: (names.get(person, ""), person))
    return Meeting(
        id=found.id,
        title=found.title,
        place=found.place,
        started_at=found.started_at,
        ended_at=found.ended_at,
        led_by=names.get(found.led_by or 0, ""),
        present={person: names.get(person, str(person)) for person in present},
        notes=found.notes,
        version=found.version,
    )
