"""What the minutes of a meeting tell, as plain data that is kept when the meeting ends: later changes do not reach it."""

from collections.abc import Mapping
from typing import Any

from access.permissions import CHAIR, DECISION_MAKER, OFFICER
from calls.definition import CallDefinition
from storage import accounts as stored_accounts
from storage import meetings as stored
from storage import panel
from storage.accounts import AccountRow
from storage.meetings import StoredConsensus, StoredMeeting
from storage.unit import UnitOfWork
from workflow.applications import load_views

REVIEWER_SEAT, CHAIR_SEAT, OFFICER_SEAT, DECIDER_SEAT = "reviewer", "chair", "officer", "decision_maker"


def make_record(uow: UnitOfWork, call: CallDefinition, meeting: StoredMeeting) -> dict[str, Any]:
    """The record of a meeting as things stand now; numbers of accounts and applications are keys in text.

    ``names`` of everybody it speaks of; ``present``: (number, seat) with the chair first; ``secretary``: name of the
    one officer present, empty with none or several; ``applications``: case number, project, applicant; ``handled``:
    each consensus of this meeting in the order of recording; ``not_handled``: eligible ones without any consensus.
    """
    accounts = {account.id: account for account in stored_accounts.list_accounts(uow.connection)}
    views = {view.id: view for view in load_views(uow, call)}
    agreed = stored.list_consensus(uow, call.id)
    grounds = {(c.application_id, c.account_id): c.kind for c in panel.all_conflicts(uow, call.id)}
    handled = sorted((c for c in agreed.values() if c.meeting_id == meeting.id), key=lambda c: (c.recorded_at, c.id))
    left = [view.id for view in views.values() if view.eligible and view.id not in agreed]
    officers = [p for p in meeting.present if p != meeting.led_by and OFFICER in accounts[p].roles]
    spoken = {meeting.led_by, *meeting.present}
    for found in handled:
        spoken |= {found.recorded_by, *found.left_room, *map(int, found.effect["reviews"])}
    return {
        "names": {str(key): account.name for key, account in accounts.items() if key in spoken},
        "present": [[person, _seat(accounts[person], meeting)] for person in _seated(accounts, meeting)],
        # With several officers nobody can tell who wrote: the line is left to be filled in.
        "secretary": accounts[officers[0]].name if len(officers) == 1 else "",
        "applications": {
            str(key): [
                views[key].case_number,
                views[key].application.project_name,
                views[key].application.coordinator.name,
            ]
            for key in [*(c.application_id for c in handled), *left]
        },
        "handled": [_handled(found, grounds) for found in handled],
        "not_handled": left,
    }


def _seated(accounts: Mapping[int, AccountRow], meeting: StoredMeeting) -> list[int]:
    return sorted(meeting.present, key=lambda p: (p != meeting.led_by, accounts[p].name, p))


def _seat(account: AccountRow, meeting: StoredMeeting) -> str:
    if account.id == meeting.led_by or CHAIR in account.roles:
        return CHAIR_SEAT
    if OFFICER in account.roles:
        return OFFICER_SEAT
    return DECIDER_SEAT if DECISION_MAKER in account.roles else REVIEWER_SEAT


def _handled(found: StoredConsensus, grounds: Mapping[tuple[int, int], str]) -> dict[str, Any]:
    return {
        "application_id": found.application_id,
        "note": found.note,
        "left_room": [[person, grounds.get((found.application_id, person), "")] for person in found.left_room],
        "effect": dict(found.effect),
        "recorded_by": found.recorded_by,
        "scores": {key: [score.level, score.reason] for key, score in sorted(found.scores.items())},
    }
