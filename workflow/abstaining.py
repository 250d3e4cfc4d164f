"""Before and instead of a review: declaring to have no conflict of interest, and abstaining."""

from collections.abc import Iterable

from access.permissions import Actor, can_declare_conflict, can_review, require
from locales import msg
from storage import applications as stored_applications
from storage import panel
from storage import reviews as stored
from storage.unit import UnitOfWork
from workflow.blank import is_blank
from workflow.calls import load_call
from workflow.errors import Refused
from workflow.house import House
from workflow.phases import require_open
from workflow.visibility import blocked_applications, closed_to_review

LONGEST_REASON = 1_000


def declare_impartial(house: House, actor: Actor, call_id: str, case_numbers: Iterable[str]) -> int:
    """Declare to have no conflict of interest in the applications assigned to the actor; returns how many were new.

    Refused as a whole when one of them is not the actor's to review.
    """
    require(actor, can_declare_conflict)
    with house.writing(actor, call_id) as uow:
        load_call(uow, call_id)
        require_open(uow, call_id, can_declare_conflict)
        own = _own_cases(uow, actor, call_id)
        done = {a for a, who in panel.list_impartiality(uow, call_id) if who == actor.id}
        wanted = list(dict.fromkeys(case_numbers))
        for case in wanted:
            if case not in own:
                raise Refused(msg("Application {case} is not yours to review.", case=case))
        new = [own[case] for case in wanted if own[case] not in done]
        for application_id in new:
            panel.add_impartiality(uow, application_id, actor.id)
        return len(new)


def _own_cases(uow: UnitOfWork, actor: Actor, call_id: str) -> dict[str, int]:
    """Application id by case number of what the actor is to review."""
    closed = closed_to_review(uow, call_id) | blocked_applications(uow, call_id, actor)
    mine = {a for a, who in panel.list_assignments(uow, call_id) if who == actor.id} - closed
    return {row.case_number: row.id for row in stored_applications.list_applications(uow, call_id) if row.id in mine}


def abstain(house: House, actor: Actor, call_id: str, case_number: str, reason: str) -> None:
    """Give one review back for another reason than a conflict of interest; an officer finds somebody else.

    Others' reviews of the application stay hidden. Refused for a submitted review and without a reason.
    """
    require(actor, can_review)
    text = reason.strip()
    if is_blank(text) or len(text) > LONGEST_REASON:
        raise Refused(msg("Say why you abstain, in 1 to {n} characters.", n=LONGEST_REASON))
    with house.writing(actor, call_id) as uow:
        application_id = _mine(uow, actor, call_id, case_number)
        review = stored.find_review(uow, application_id, actor.id)
        if review is not None and review.state == "submitted":
            raise Refused(msg("The review of {case} is submitted and can no longer be changed.", case=case_number))
        if (application_id, actor.id) in panel.list_abstentions(uow, call_id):
            raise Refused(msg("You have abstained from reviewing {case}.", case=case_number))
        panel.set_abstention(uow, application_id, actor.id, text)


def resume(house: House, actor: Actor, call_id: str, case_number: str) -> None:
    """Take an abstention back: the review is the actor's again, with what was written."""
    require(actor, can_review)
    with house.writing(actor, call_id) as uow:
        application_id = _mine(uow, actor, call_id, case_number)
        if (application_id, actor.id) not in panel.list_abstentions(uow, call_id):
            raise Refused(msg("You have not abstained from reviewing {case}.", case=case_number))
        panel.set_abstention(uow, application_id, actor.id, None)


def _mine(uow: UnitOfWork, actor: Actor, call_id: str, case_number: str) -> int:
    load_call(uow, call_id)
    require_open(uow, call_id, can_review)
    own = _own_cases(uow, actor, call_id)
    if case_number not in own:
        raise Refused(msg("Application {case} is not yours to review.", case=case_number))
    return own[case_number]
