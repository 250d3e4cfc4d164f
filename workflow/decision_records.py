"""Decisions between the database and the use cases: what is told of one, and its frozen file, checked when it is read."""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from decisions.figures import complete
from decisions.snapshot import Snapshot, SnapshotError, faults, from_bytes
from decisions.values import CanonicalError
from locales import Message, Param, msg
from scoring.errors import ScoringError
from storage import accounts as stored_accounts
from storage import decisions as stored
from storage import scenarios as stored_scenarios
from storage.decision_files import FileChanged, read_file
from storage.decisions import APPROVED, PROPOSED, StoredDecision
from storage.unit import UnitOfWork
from workflow.decision_stale import obstacles
from workflow.errors import Conflicting, Refused

FIRST = "first"
"""The kind of the decision that closes a call; the others follow it."""
MOST_NAMED = 20
"""Case numbers in one message."""
MOST_KEPT = 4
"""Frozen files kept in memory as they were read; each belongs to its SHA-256 for good."""
LARGEST_KEPT = 32 * 2**20
"""Bytes of one that is kept; larger ones are read anew each time."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision of a call, or the proposal of one; moments are aware, ``granted`` in euros in all.

    ``state``: proposed, approved, returned or cancelled. ``previous``: hash of the approved decision that it follows, or
    "". ``hash``: the published one, "" until approved. ``scenario``: the name of the scenario of a first decision.
    ``proposed_by_id``: the account of the proposer. ``obstacles``: why an open proposal is not approved as it stands.
    """

    id: int
    number: int
    kind: str
    previous: str
    state: str
    hash: str
    proposal_hash: str
    grounds: str
    granted: int
    scenario: str
    proposed_by: str
    proposed_at: datetime
    closed_by: str
    closed_at: datetime | None
    note: str
    proposed_by_id: int | None = None
    obstacles: tuple[Message, ...] = ()


def load_decisions(uow: UnitOfWork, call_id: str) -> list[Decision]:
    """The decisions and proposals of a call by their number. For other use cases."""
    rows = stored.list_decisions(uow, call_id)
    if not rows:
        return []
    names = {account.id: account.name for account in stored_accounts.list_accounts(uow.connection)}
    scenarios = {one.id: one.name for one in stored_scenarios.list_scenarios(uow, call_id)}
    published = {row.id: row.hash for row in rows}
    return [
        Decision(
            id=row.id,
            number=row.number,
            kind=row.kind,
            previous=published.get(row.previous_id or 0, ""),
            state=row.state,
            hash=row.hash,
            proposal_hash=row.proposal_hash,
            grounds=row.grounds,
            granted=row.granted,
            scenario=scenarios.get(row.scenario_id or 0, ""),
            proposed_by=names.get(row.proposed_by or 0, ""),
            proposed_at=row.proposed_at,
            closed_by=names.get(row.closed_by or 0, ""),
            closed_at=row.closed_at,
            note=row.note,
            proposed_by_id=row.proposed_by,
            obstacles=obstacles(uow, row) if row.state == PROPOSED else (),
        )
        for row in rows
    ]


def load_one(uow: UnitOfWork, call_id: str, decision_id: int) -> Decision:
    """One decision; Refused when there is none. For other use cases."""
    found = next((one for one in load_decisions(uow, call_id) if one.id == decision_id), None)
    if found is None:
        raise _no_such_decision()
    return found


def find_row(uow: UnitOfWork, call_id: str, decision_id: int) -> StoredDecision:
    """One decision as stored; Refused when there is none. For other use cases."""
    found = stored.find_decision(uow, call_id, decision_id)
    if found is None:
        raise _no_such_decision()
    return found


def find_proposal(uow: UnitOfWork, call_id: str, decision_id: int) -> StoredDecision:
    """An open proposal; Refused when there is none, Conflicting when it was closed meanwhile. For other use cases."""
    found = find_row(uow, call_id, decision_id)
    if found.state != PROPOSED:
        raise Conflicting(msg("The proposal of decision {n} is not open any more. Look at it again.", n=found.number))
    return found


def latest_approved(uow: UnitOfWork, call_id: str) -> StoredDecision | None:
    """The decision in force of a call, None before the first. For other use cases."""
    approved = [row for row in stored.list_decisions(uow, call_id) if row.state == APPROVED]
    return approved[-1] if approved else None


def open_proposal(uow: UnitOfWork, call_id: str) -> StoredDecision | None:
    """The proposal that waits for the decision maker, if there is one. For other use cases."""
    return next((row for row in stored.list_decisions(uow, call_id) if row.state == PROPOSED), None)


def next_number(uow: UnitOfWork, call_id: str) -> int:
    """The number of a new proposal: what was given back or taken back uses up none."""
    return sum(row.state == APPROVED for row in stored.list_decisions(uow, call_id)) + 1


def load_frozen(uow: UnitOfWork, call_id: str, decision_id: int) -> Snapshot:
    """What was frozen: of a proposal, or once approved of the decision; the tables complete. For other use cases.

    Refused when there is no such decision, and when its frozen file is not what was frozen.
    """
    return frozen_of(uow, find_row(uow, call_id, decision_id))


def frozen_of(uow: UnitOfWork, row: StoredDecision) -> Snapshot:
    """As ``load_frozen``, of a decision as stored."""
    try:
        return _KEPT.snapshot(row.snapshot, read_file(uow, row.snapshot), row.hash or row.proposal_hash)
    except (FileChanged, SnapshotError, CanonicalError, ScoringError, ValueError) as error:
        raise Refused(
            msg(
                "The frozen file of decision {n} is not what was frozen, so nothing is made of it. Its SHA-256 was {sha256}.",
                n=row.number,
                sha256=row.snapshot,
            )
        ) from error


class _Kept:
    """Frozen files as read, by their SHA-256; several threads may ask at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: OrderedDict[str, Snapshot] = OrderedDict()

    def snapshot(self, sha256: str, content: bytes, hash_: str) -> Snapshot:
        """The snapshot in ``content``, whose SHA-256 is checked. ValueError when it is not whole or not of ``hash_``."""
        size = len(content)
        with self._lock:
            held = self._held.get(sha256)
        if held is None:
            read, stated = from_bytes(content)
            # Of thousands of applications it is large, and what follows takes memory as well.
            del content
            # What is worked out is not hashed: the digests of the completed tables serve what is made of them as well.
            held = Snapshot(complete(read.tables), read.material)
            if stated != hash_ or faults(held, stated):
                raise ValueError(f"not the snapshot of {hash_}")
        if size > LARGEST_KEPT:
            return held
        with self._lock:
            self._held[sha256] = held
            self._held.move_to_end(sha256)
            while len(self._held) > MOST_KEPT:
                self._held.popitem(last=False)
        return held


_KEPT = _Kept()


def some_of(cases: Collection[str]) -> list[Param]:
    """Case numbers for a message, in their order; of many the first."""
    ordered = sorted(cases)
    return [*ordered[:MOST_NAMED], *(["…"] if len(ordered) > MOST_NAMED else [])]


def _no_such_decision() -> Refused:
    return Refused(msg("There is no such decision in this call."))
