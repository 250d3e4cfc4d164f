"""The lines of a later decision before it is proposed: each is looked at when it is added."""

from collections.abc import Sequence

from access.permissions import Actor, can_propose_decision, require
from locales import msg
from workflow.decision_records import frozen_of, latest_approved
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
