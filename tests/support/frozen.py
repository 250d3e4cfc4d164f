"""Decisions of a call without applications, frozen from fictional tables: for what looks at stored decisions alone."""

from typing import Any

from calls.presets import preset_text
from decisions.snapshot import Snapshot, to_bytes
from storage import calls as stored_calls
from storage import decisions as stored
from storage.decision_files import add_file
from storage.decisions import NewDecision, StoredDecision
from tests.support.decided import decided
from tests.support.worlds import World
from workflow.calls import add_call
from workflow.decisions import granted_in, with_facts
from workflow.phases import change_phase, get_stage

BEFORE_DECIDED = ("intake", "review", "meeting", "allocation")


def add_call_to_decide(world: World, call_id: str) -> None:
    """A call without applications whose appropriation is being distributed."""
    add_call(world.house, world["officer"], preset_text("2020").replace('id = "2020"', f'id = "{call_id}"', 1))
    for phase in BEFORE_DECIDED:
        version = get_stage(world.house, world["officer"], call_id).version
        change_phase(world.house, world["officer"], call_id, phase, version)


def snapshot(number: int, kind: str = "first", previous: str = "", **facts: Any) -> Snapshot:
    """A frozen proposal; ``facts`` of the decision, without their prefix."""
    own = {"number": number, "kind": kind, "previous": previous, "proposal_hash": "", **facts}
    tables = decided(4, stage=str(own.get("stage", "proposal")))
    return with_facts(Snapshot(tables, {}), {f"decision.{key}": value for key, value in own.items()})


def propose(
    world: World,
    call_id: str,
    number: int,
    kind: str = "first",
    previous: StoredDecision | None = None,
    frozen: Snapshot | None = None,
) -> StoredDecision:
    """Store a proposal of the officer with its frozen file: ``frozen``, or a small fictional one."""
    frozen = frozen or snapshot(number, kind, previous.hash if previous else "")
    with world.house.writing(world["officer"], call_id) as uow:
        new = NewDecision(
            call_id=call_id,
            number=number,
            kind=kind,
            previous_id=previous.id if previous else None,
            scenario_id=None,
            grounds="",
            snapshot=add_file(uow, to_bytes(frozen)),
            proposal_hash=frozen.hash,
            granted=granted_in(frozen.tables),
            proposed_at=uow.now(),
        )
        return stored.add_decision(uow, new)


def approve(world: World, proposal: StoredDecision, *, previous: str = "", closing: bool = True) -> StoredDecision:
    """Store the approval of a proposal; ``closing``: with the phase of the call."""
    frozen = snapshot(proposal.number, proposal.kind, previous, stage="decision", proposal_hash=proposal.proposal_hash)
    with world.house.writing(world["decider"], proposal.call_id) as uow:
        if closing:
            version = get_stage(world.house, world["officer"], proposal.call_id).version
            stored_calls.change_phase(uow, proposal.call_id, "decided", version)
        return stored.approve_decision(
            uow,
            proposal.id,
            snapshot=add_file(uow, to_bytes(frozen)),
            published=frozen.hash,
            granted=granted_in(frozen.tables),
            at=uow.now(),
        )
