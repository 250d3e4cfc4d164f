"""Phases of a call: which one it is in, what that opens and closes, and turning to another."""

from dataclasses import dataclass
from datetime import MAXYEAR, datetime

from access.permissions import (
    DECIDED,
    PHASES,
    Actor,
    Permission,
    can_change_phase,
    can_decide,
    can_see_call,
    can_set_deadline,
    require,
)
from locales import Param, msg
from storage import calls as stored
from storage import decisions, meetings
from storage.calls import StoredCall
from storage.decisions import PROPOSED
from storage.unit import StaleWrite, UnitOfWork
from workflow.errors import Conflicting, Refused
from workflow.house import House

ORDER = tuple(PHASES)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a call stands: its phase, until when reviews are awaited, and the version to change it from."""

    phase: str
    review_deadline: datetime | None
    version: int

    def is_open(self, permission: Permission) -> bool:
        """Whether the phase leaves what ``permission`` names open (to those who have it)."""
        return self.phase in permission.phases


def load_stage(uow: UnitOfWork, call_id: str) -> Stage:
    """Where a call stands. For other use cases; Refused when there is no such call."""
    found = _find(uow, call_id)
    return Stage(found.phase, found.review_deadline, found.version)


def _find(uow: UnitOfWork, call_id: str) -> StoredCall:
    found = stored.find_call(uow, call_id)
    if found is None:
        raise Refused(msg("There is no call {call}.", call=call_id))
    return found


def require_open(uow: UnitOfWork, call_id: str, permission: Permission) -> None:
    """Refused when the call's phase closes what ``permission`` names. For other use cases, after ``require``."""
    stage = load_stage(uow, call_id)
    if not stage.is_open(permission):
        others: list[Param] = [PHASES[phase] for phase in ORDER if phase in permission.phases]
        raise Refused(
            msg(
                "The call is in the phase {phase}, which does not allow this: {what}. Phases that do: {others}.",
                phase=PHASES[stage.phase],
                what=permission.text,
                others=others,
            )
        )


def get_stage(house: House, actor: Actor, call_id: str) -> Stage:
    """Where a call stands."""
    require(actor, can_see_call)
    with house.reading() as uow:
        return load_stage(uow, call_id)


def change_phase(house: House, actor: Actor, call_id: str, phase: str, expected_version: int) -> Stage:
    """Turn a call to another phase. It is closed as decided by approving its decision alone, not here.

    Refused for an unknown phase or the one that it is in, while a meeting is going on or a proposed decision waits for
    the decision maker; Conflicting when somebody changed the call meanwhile.
    """
    require(actor, can_decide if phase == DECIDED else can_change_phase)
    if phase not in PHASES:
        raise Refused(msg("There is no phase {phase}. The phases are: {known}.", phase=phase, known=", ".join(ORDER)))
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_decide if phase == DECIDED else can_change_phase)
        if load_stage(uow, call_id).phase == phase:
            raise Refused(msg("The call is in the phase {phase} already.", phase=PHASES[phase]))
        if phase == DECIDED:
            raise Refused(msg("A call is closed as decided by approving the decision that was proposed on it."))
        if any(one.state == PROPOSED for one in decisions.list_decisions(uow, call_id)):
            raise Refused(
                msg(
                    "A proposed decision is waiting for the decision maker. It is given or taken back before the phase is changed."
                )
            )
        if any(meeting.ended_at is None for meeting in meetings.list_meetings(uow, call_id)):
            raise Refused(msg("A meeting of the call is going on. The chair ends it before the phase is changed."))
        try:
            found = stored.change_phase(uow, call_id, phase, expected_version)
        except StaleWrite as error:
            raise _changed() from error
        return Stage(found.phase, found.review_deadline, found.version)


def set_review_deadline(
    house: House, actor: Actor, call_id: str, deadline: datetime | None, expected_version: int
) -> Stage:
    """Say until when reviews are awaited (aware; None: no deadline)."""
    require(actor, can_set_deadline)
    if deadline is not None and deadline.tzinfo is None:
        raise Refused(msg("A deadline needs a time zone."))
    if deadline is not None and not 1 < deadline.year < MAXYEAR:
        raise Refused(msg("The year {year} is out of reach of a calendar.", year=str(deadline.year)))
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_set_deadline)
        try:
            found = stored.set_review_deadline(uow, call_id, deadline, expected_version)
        except StaleWrite as error:
            raise _changed() from error
        return Stage(found.phase, found.review_deadline, found.version)


def _changed() -> Conflicting:
    return Conflicting(msg("Somebody changed the call meanwhile. Look at it again."))


def steps(phase: str) -> tuple[str | None, str | None]:
    """The phases before and after ``phase``; decided has neither, since it is for good."""
    place = ORDER.index(phase)
    if phase == DECIDED:
        return None, None
    return ORDER[place - 1] if place else None, ORDER[place + 1]
