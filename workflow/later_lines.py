"""The lines of a later decision before it is proposed: looked at when one is added, and taken up again when given back."""

from collections.abc import Sequence

from access.permissions import Actor, can_propose_decision, require
from decisions.spec import LATER
from locales import msg
from storage.decisions import CANCELLED, RETURNED
from workflow.decision_records import find_row, frozen_of, latest_approved
from workflow.errors import Refused
from workflow.house import House
from workflow.later_checks import LaterChange, check_changes
from workflow.scenarios import refuse_partial_view


def check_change(
    house: House, actor: Actor, call_id: str, kind: str, lines: Sequence[LaterChange], added: LaterChange
) -> None:
    """Look at a line that is added to ``lines``. Nothing is written.

    Refused, with every reason at once, when a later decision of the kind with it could not be proposed; the sum of all
    lines is looked at when they are proposed: one may take what another gives.
    """
    require(actor, can_propose_decision)
    with house.reading() as uow:
        refuse_partial_view(uow, actor, call_id, saved=True)
        found = latest_approved(uow, call_id)
        if found is None:
            raise Refused(msg("No decision of this call is in force, so there is nothing to change."))
        tables = frozen_of(uow, found).tables
    if faults := list(check_changes(tables, kind, (*lines, added), whole=False)):
        raise Refused(*faults)


def lines_given_back(house: House, actor: Actor, call_id: str, decision_id: int) -> tuple[LaterChange, ...]:
    """The lines of a later decision that was given back or taken back, as they were proposed, by case number.

    Reasons stand in a line where they were written by hand. Nothing for a decision in another state or of the first kind.
    """
    require(actor, can_propose_decision)
    with house.reading() as uow:
        refuse_partial_view(uow, actor, call_id, saved=True)
        row = find_row(uow, call_id, decision_id)
        if row.state not in (RETURNED, CANCELLED) or row.kind not in LATER:
            return ()
        tables = frozen_of(uow, row).tables
    applications = {one["case_number"]: one for one in tables["applications"]}
    changed = [
        (line, applications[line["case_number"]]) for line in tables["overrides"] if line["decision"] == row.number
    ]
    return tuple(
        LaterChange(
            case_number=line["case_number"],
            status=one["status"],
            granted=line["after"],
            reason=line["reason"],
            text=one["reasons"] if one["by_hand"] else "",
        )
        for line, one in changed
    )
