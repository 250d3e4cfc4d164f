"""What a proposal of a decision needs, each thing with whether it is there: a checklist, and every refusal at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from access.permissions import ALLOCATION, PHASES, Actor, can_see_decision, require
from calls.definition import CallDefinition
from locales import Message, msg
from storage import meetings
from storage.unit import UnitOfWork
from workflow.applications import ApplicationView, load_views
from workflow.calls import load_call
from workflow.decision_records import latest_approved, open_proposal, some_of
from workflow.decision_rules import deviations
from workflow.errors import Refused
from workflow.house import House
from workflow.locked_runs import run_locked
from workflow.phases import load_stage
from workflow.ranking import Ranked, load_ranking
from workflow.ranking_lock import RankingLock, load_ranking_lock
from workflow.scenario_store import Opened, load_opened
from workflow.scenarios import refuse_partial_view

UNDECIDED = ("unconfirmed", "changed", "supplement_requested")
"""States of an application in which nothing has been decided about it."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a proposal needs. ``faults``: what is missing of it, in words; none when it is met.

    ``code``: ``phase``, ``open``, ``meeting``, ``applications``, ``locked``, ``same``, or ``rules`` (only of a call whose
    ranking rule is locked).
    """

    code: str
    faults: tuple[Message, ...] = ()

    @property
    def met(self) -> bool:
        """Whether nothing of it is missing."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class Look:
    """What the database says of a call that is to be decided, read at one moment; ``opened``: the scenario chosen."""

    phase: str
    decided: bool
    open_number: int | None
    meeting: str | None
    undecided: tuple[str, ...]
    opened: Opened | None
    cases: Mapping[int, str]
    call: CallDefinition
    lock: RankingLock | None


def get_readiness(house: House, actor: Actor, call_id: str, scenario_id: int | None) -> tuple[Requirement, ...]:
    """The checklist of a first decision by a saved scenario; None: none is chosen yet.

    Reasons are not looked at: they are drafted when the decision is proposed. Refused for those who may not see every
    score, and when there is no such scenario.
    """
    require(actor, can_see_decision)
    with house.reading() as uow:
        refuse_partial_view(uow, actor, call_id, saved=True)
        found = look_at(uow, call_id, scenario_id)
    return tuple(requirements(found))


def look_at(uow: UnitOfWork, call_id: str, scenario_id: int | None) -> Look:
    """Read what the checklist asks. For other use cases. Refused when there is no such scenario."""
    call = load_call(uow, call_id)
    views = load_views(uow, call)
    opened = None if scenario_id is None else load_opened(uow, call_id, scenario_id)
    ranked = opened.ground.ranked if opened else tuple(load_ranking(uow, call, views))
    waiting = open_proposal(uow, call_id)
    held = next((one for one in meetings.list_meetings(uow, call_id) if one.ended_at is None), None)
    return Look(
        phase=load_stage(uow, call_id).phase,
        decided=latest_approved(uow, call_id) is not None,
        open_number=None if waiting is None else waiting.number,
        meeting=None if held is None else held.title,
        undecided=tuple(_undecided(views, ranked)),
        opened=opened,
        cases={view.id: view.case_number for view in views},
        call=call,
        lock=load_ranking_lock(uow, call_id),
    )


def _undecided(views: list[ApplicationView], ranked: tuple[Ranked, ...]) -> Iterator[str]:
    unscored = {one.view.case_number for one in ranked if one.standing.score is None}
    for view in views:
        if view.state in UNDECIDED or view.case_number in unscored:
            yield view.case_number


def requirements(found: Look) -> Iterator[Requirement]:
    """The checklist. Runs the scenario chosen, so it belongs outside any transaction."""
    yield Requirement("phase", tuple(_phase(found)))
    yield Requirement("open", tuple(_open(found)))
    yield Requirement("meeting", tuple(_meeting(found)))
    yield Requirement("applications", tuple(_applications(found)))
    yield Requirement("locked", tuple(_locked(found)))
    yield Requirement("same", tuple(_same(found)))
    if found.lock is not None:
        yield Requirement("rules", tuple(_rules(found, found.lock)))


def _phase(found: Look) -> Iterator[Message]:
    if found.decided:
        yield msg("The call has been decided. What changes in it is proposed as a later decision.")
    elif found.phase != ALLOCATION:
        yield msg(
            "The call is in the phase {phase}. It is decided in the phase {allocation}.",
            phase=PHASES[found.phase],
            allocation=PHASES[ALLOCATION],
        )


def _open(found: Look) -> Iterator[Message]:
    if found.open_number is not None:
        yield msg("The proposal of decision {n} is waiting for the decision maker.", n=found.open_number)


def _meeting(found: Look) -> Iterator[Message]:
    if found.meeting is not None:
        yield msg("A meeting of the call is going on. The chair ends it before the decision is proposed.")


def _applications(found: Look) -> Iterator[Message]:
    if not found.cases:
        yield msg("The call has no applications to decide on.")
    if found.undecided:
        yield undecided(found.undecided)


def undecided(cases: tuple[str, ...]) -> Message:
    """The refusal that names applications about which nothing has been decided."""
    return msg(
        "These applications are neither approved, rejected, dismissed nor withdrawn ({n}): {cases}.",
        n=len(cases),
        cases=some_of(cases),
    )


def _locked(found: Look) -> Iterator[Message]:
    if found.opened is None:
        yield msg("No scenario is chosen. Lock the scenario that is decided on first.")
    elif not found.opened.saved.locked:
        yield msg("The scenario {name} is not locked. Lock it first.", name=found.opened.saved.name)


def _rules(found: Look, lock: RankingLock) -> Iterator[Message]:
    if found.opened is not None:
        yield from deviations(found.call, found.opened.saved.scenario, lock)


def _same(found: Look) -> Iterator[Message]:
    """Why a locked scenario does not give any more what was locked."""
    if found.opened is None or not found.opened.saved.locked:
        return
    try:
        run = run_locked(found.opened, found.cases).run
    except Refused as refused:
        yield from refused.messages
        return
    if run.allocation.status != "optimal":
        yield msg("The solution of the scenario is not optimal, so it cannot be decided on.")
