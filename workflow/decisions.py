"""The decision of a call: an officer proposes it, frozen with all that it rests on, and another person approves it.

What is proposed is solved and written outside the transaction; within it is checked that nothing changed meanwhile.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from access.permissions import (
    DECIDED,
    Actor,
    Permission,
    can_approve_decision,
    can_propose_decision,
    can_see_decision,
    require,
)
from decisions import spec
from decisions.facts import fact_rows, facts_of
from decisions.reasons import outdated
from decisions.snapshot import LARGEST, Snapshot, to_bytes
from decisions.tables import Tables, make
from locales import Message, msg
from storage import calls as stored_calls
from storage import decisions as stored
from storage.decision_files import add_file
from storage.decisions import CANCELLED, RETURNED, NewDecision, StoredDecision
from storage.unit import UnitOfWork
from workflow.blank import is_blank
from workflow.decision_facts import moment
from workflow.decision_material import read_material, snapshot_of
from workflow.decision_readiness import look_at, requirements, undecided
from workflow.decision_records import (
    FIRST,
    find_proposal,
    frozen_of,
    latest_approved,
    load_decisions,
    load_one,
    next_number,
    open_proposal,
    some_of,
)
from workflow.decision_records import Decision as Decision
from workflow.decision_records import load_frozen as load_frozen
from workflow.decision_stale import obstacles
from workflow.decision_texts import of_outdated, of_texts
from workflow.errors import Conflicting, Refused
from workflow.house import House
from workflow.phases import load_stage, require_open
from workflow.reasons import load_reviewers
from workflow.scenarios import refuse_partial_view

LONGEST_GROUNDS = 5_000
LONGEST_NOTE = 2_000


def list_decisions(house: House, actor: Actor, call_id: str) -> list[Decision]:
    """The decisions and proposals of a call by their number. Refused for those who may not see every score."""
    require(actor, can_see_decision)
    with house.reading() as uow:
        load_stage(uow, call_id)
        refuse_partial_view(uow, actor, call_id, saved=True)
        return load_decisions(uow, call_id)


def propose_decision(house: House, actor: Actor, call_id: str, scenario_id: int, grounds: str = "") -> Decision:
    """Freeze the decision by a locked scenario and propose it to the decision maker.

    Refused, with every reason at once, when something of it is missing: a scenario locked, optimal, and still giving
    what was locked, and by the locked ranking rule; every application approved, rejected, dismissed or withdrawn, with
    reasons that name no reviewer and are not outdated; no meeting going on and no other proposal open. Refused for
    whoever is disqualified from an application of the call. Conflicting when the call changed while the decision was
    made.
    """
    require(actor, can_propose_decision)
    with house.reading() as uow:
        may_act(uow, actor, call_id, can_propose_decision)
        begun = stored.last_entry(uow, call_id)
        found = look_at(uow, call_id, scenario_id)
        material = read_material(uow, call_id, scenario_id)
        number = next_number(uow, call_id)
        reviewers = load_reviewers(uow, call_id)
    at = whole_second(house.clock())
    checklist = tuple(requirements(found))
    problems = [fault for one in checklist for fault in one.faults]
    problems += [*of_proposer(actor), *too_long(grounds)]
    if any(one.faults for one in checklist if one.code in ("locked", "same")):
        raise Refused(*problems)
    snapshot = snapshot_of(material, proposal_facts(number, FIRST, "", grounds, actor, at))
    problems += _of_tables(snapshot.tables, found.undecided)
    problems += of_texts(snapshot.tables, reviewers, grounds)
    problems += of_outdated(outdated(snapshot.tables, material.phrases, material.hand_written))
    if problems:
        raise Refused(*problems)
    new = NewDecision(
        call_id, number, FIRST, None, scenario_id, grounds.strip(), "", snapshot.hash, granted_in(snapshot.tables), at
    )
    return write_proposal(new, snapshot, begun, house, actor)


def _of_tables(tables: Tables, known: tuple[str, ...]) -> Iterator[Message]:
    """What the frozen tables themselves lack; ``known``: cases that are named already."""
    waiting = tuple(row["case_number"] for row in tables["applications"] if row["status"] not in spec.DECIDED)
    if not known and waiting:
        yield undecided(waiting)
    if silent := [row["case_number"] for row in tables["applications"] if is_blank(row["reasons"])]:
        yield msg("These applications have no reasons ({n}): {cases}.", n=len(silent), cases=some_of(silent))


def approve_decision(house: House, actor: Actor, call_id: str, decision_id: int, seen: str) -> Decision:
    """Approve a proposal: the first one closes the call as decided, for good.

    ``seen``: the hash of the proposal that the decision maker saw. Refused for the proposer, and for whoever is
    disqualified from an application of the call; Conflicting when the proposal is another one or not open any more, when
    what it rests on changed since, and when its proposer turned out to be disqualified.
    """
    require(actor, can_approve_decision)
    with house.reading() as uow:
        may_act(uow, actor, call_id, can_approve_decision)
        proposal = _seen(uow, actor, call_id, decision_id, seen)
        frozen = frozen_of(uow, proposal)
    at = whole_second(house.clock())
    approved = _approved(frozen, actor, proposal, at)
    content = to_bytes(approved)
    with house.writing(actor, call_id) as uow:
        may_act(uow, actor, call_id, can_approve_decision)
        again = _seen(uow, actor, call_id, decision_id, seen)
        _still_follows(uow, again)
        if found := obstacles(uow, again):
            raise Conflicting(*found)
        stored.approve_decision(
            uow,
            decision_id,
            snapshot=add_file(uow, content),
            published=approved.hash,
            granted=granted_in(approved.tables),
            at=at,
        )
        call = stored_calls.find_call(uow, call_id)
        if call is not None and call.phase != DECIDED:
            stored_calls.change_phase(uow, call_id, DECIDED, call.version)
        return load_one(uow, call_id, decision_id)


def _seen(uow: UnitOfWork, actor: Actor, call_id: str, decision_id: int, seen: str) -> StoredDecision:
    found = find_proposal(uow, call_id, decision_id)
    if found.proposed_by is None or actor.id in (0, found.proposed_by):
        raise Refused(msg("Whoever proposed a decision does not approve it: two persons decide."))
    if found.proposal_hash != seen:
        raise Conflicting(msg("The proposal is not the one that you saw. Look at it again."))
    return found


def _still_follows(uow: UnitOfWork, proposal: StoredDecision) -> None:
    latest = latest_approved(uow, proposal.call_id)
    if (latest.id if latest else None) != proposal.previous_id:
        raise Conflicting(msg("Another decision of the call was approved meanwhile. Look at it again."))


def _approved(frozen: Snapshot, actor: Actor, proposal: StoredDecision, at: datetime) -> Snapshot:
    """The frozen proposal with who approved it and when."""
    facts = {
        "decision.stage": "decision",
        "decision.decision_maker": actor.name,
        "decision.decided_at": moment(at),
        "decision.proposal_hash": proposal.proposal_hash,
    }
    return with_facts(frozen, facts)


def return_decision(house: House, actor: Actor, call_id: str, decision_id: int, reason: str) -> Decision:
    """Give a proposal back to the officer, saying why. Refused without a reason; Conflicting when it is not open."""
    require(actor, can_approve_decision)
    return _closed(house, actor, call_id, decision_id, RETURNED, reason)


def cancel_decision(house: House, actor: Actor, call_id: str, decision_id: int, reason: str = "") -> Decision:
    """Take a proposal back before it is approved. Conflicting when it is not open any more."""
    require(actor, can_propose_decision)
    return _closed(house, actor, call_id, decision_id, CANCELLED, reason)


def _closed(house: House, actor: Actor, call_id: str, decision_id: int, state: str, reason: str) -> Decision:
    permission = can_approve_decision if state == RETURNED else can_propose_decision
    note = reason.strip()
    with house.writing(actor, call_id) as uow:
        may_act(uow, actor, call_id, permission)
        find_proposal(uow, call_id, decision_id)
        if state == RETURNED and is_blank(note):
            raise Refused(msg("Say why the proposal is given back."))
        if len(note) > LONGEST_NOTE:
            raise Refused(msg("The reason is too long; at most {n} characters are accepted.", n=LONGEST_NOTE))
        stored.close_decision(uow, decision_id, state, note, whole_second(uow.now()))
        return load_one(uow, call_id, decision_id)


def may_act(uow: UnitOfWork, actor: Actor, call_id: str, permission: Permission) -> None:
    """Refused when the phase closes it, and for whoever is disqualified or has reviews to submit. For other use cases."""
    require_open(uow, call_id, permission)
    refuse_partial_view(uow, actor, call_id, saved=True)


# What a first decision and a later one share.


def proposal_facts(
    number: int, kind: str, previous: str, grounds: str, actor: Actor, at: datetime
) -> Mapping[str, Any]:
    """The facts of a proposal, without their prefix. For other use cases."""
    return {
        "stage": "proposal",
        "number": number,
        "kind": kind,
        "previous": previous,
        "grounds": grounds.strip(),
        "made_at": at,
        "presenter": actor.name,
        "proposed_at": at,
        "decision_maker": "",
        "decided_at": None,
        "proposal_hash": "",
    }


def with_facts(snapshot: Snapshot, facts: Mapping[str, Any], tables: Tables | None = None) -> Snapshot:
    """The snapshot with other facts (full keys), and with other ``tables`` if given. For other use cases."""
    base = snapshot.tables if tables is None else tables
    every = {**facts_of(base["facts"]), **facts}
    made = make({**base.rows, "facts": fact_rows(every)}, base.private)
    return replace(snapshot, tables=made)


def write_proposal(new: NewDecision, snapshot: Snapshot, begun: int, house: House, actor: Actor) -> Decision:
    """Store a proposal with its frozen file; ``begun``: the newest entry of the log that it rests on.

    For other use cases. Refused when it is larger than any snapshot is read; Conflicting when the call changed since.
    """
    content = to_bytes(snapshot)
    if len(content) > LARGEST:
        raise Refused(
            msg(
                "The decision would be {size} MB; at most {most} MB are frozen.",
                size=len(content) // 2**20,
                most=LARGEST // 2**20,
            )
        )
    with house.writing(actor, new.call_id) as uow:
        may_act(uow, actor, new.call_id, can_propose_decision)
        if stored.last_entry(uow, new.call_id) != begun or open_proposal(uow, new.call_id) is not None:
            raise Conflicting(
                msg("The call changed while the decision was made. Look at it again and propose it then.")
            )
        found = stored.add_decision(uow, replace(new, snapshot=add_file(uow, content)))
        return load_one(uow, new.call_id, found.id)


def granted_in(tables: Tables) -> int:
    """Euros granted in all. For other use cases."""
    return sum(row["granted"] or 0 for row in tables["applications"])


def of_proposer(actor: Actor) -> Iterator[Message]:
    """Why somebody cannot propose at all: it is done by a person. For other use cases."""
    if actor.id == 0:
        yield msg("A decision is proposed by an officer who has signed in.")


def too_long(grounds: str) -> Iterator[Message]:
    """Why grounds cannot be taken. For other use cases."""
    if len(grounds) > LONGEST_GROUNDS:
        yield msg("The grounds are too long; at most {n} characters are accepted.", n=LONGEST_GROUNDS)


def whole_second(moment: datetime) -> datetime:
    """As the frozen tables hold a moment. For other use cases."""
    return moment.replace(microsecond=0)
