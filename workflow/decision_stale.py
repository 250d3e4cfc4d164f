"""Why a proposal cannot be approved any more: what changed since, and who may not have proposed it as it turned out."""

from collections.abc import Iterator

from locales import Message, Param, msg
from storage import accounts as stored_accounts
from storage import applications as stored_applications
from storage import decisions as stored
from storage import panel
from storage.decisions import StoredDecision
from storage.unit import UnitOfWork
from workflow.labels import ACTIONS

MOST_NAMED = 20
"""Changes in one message."""


def obstacles(uow: UnitOfWork, proposal: StoredDecision) -> tuple[Message, ...]:
    """Why an open proposal is not approved as it stands, with what to do; nothing when it may be. For other use cases.

    A first decision rests on the data of the call. A later one rests on the frozen decision before it, so that only the
    proposer is asked about.
    """
    found = (*_changed(uow, proposal), *_disqualified(uow, proposal))
    if not found:
        return ()
    way = msg("The proposal is not approved as it stands. An officer takes it back and proposes the decision anew.")
    return *found, way


def _changed(uow: UnitOfWork, proposal: StoredDecision) -> Iterator[Message]:
    changes = stored.changes_since(uow, proposal) if proposal.previous_id is None else []
    if not changes:
        return
    cases = {row.id: row.case_number for row in stored_applications.list_applications(uow, proposal.call_id)}
    named: list[Param] = [
        ACTIONS[action]
        if application not in cases
        else msg("{what}: {case}", what=ACTIONS[action], case=cases[application])
        for action, application in changes[:MOST_NAMED]
    ]
    if len(changes) > MOST_NAMED:
        named.append("…")
    yield msg("The data that the decision rests on has changed since the proposal: {changes}.", changes=named)


def _disqualified(uow: UnitOfWork, proposal: StoredDecision) -> Iterator[Message]:
    if proposal.proposed_by in {one.account_id for one in panel.list_conflicts(uow, proposal.call_id)}:
        names = {one.id: one.name for one in stored_accounts.list_accounts(uow.connection)}
        yield msg(
            "{name}, who proposed the decision, is disqualified from an application of the call.",
            name=names.get(proposal.proposed_by or 0, ""),
        )
