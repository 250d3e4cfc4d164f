"""Eligibility: the rules find, an officer confirms, with a reason."""

from collections.abc import Sequence
from datetime import datetime

from access.permissions import Actor, can_confirm_eligibility, require
from calls.definition import CallDefinition
from calls.eligibility import Proposal
from calls.supplement import supplement_items, supplement_request
from locales import Message, msg
from storage import applications as stored
from workflow.applications import ApplicationView, load_views, no_such_application
from workflow.blank import is_blank
from workflow.calls import load_call
from workflow.errors import Conflicting, Refused
from workflow.house import House
from workflow.phases import require_open
from workflow.visibility import blocked_applications

OUTCOMES: tuple[Proposal, ...] = ("eligible", "not_eligible", "dismissed", "supplement_requested")
LONGEST_REASON = 5_000
LONGEST_REQUEST = 20_000


def confirm_eligibility(
    house: House,
    actor: Actor,
    call_id: str,
    case_number: str,
    *,
    version: int,
    outcome: Proposal,
    reason: str,
    members_confirmed: bool = False,
    deadline: datetime | None = None,
    request_text: str = "",
) -> None:
    """Record the officer's confirmation on the version that was looked at.

    Refused: reason missing, deadline missing or past, members of a joint authority not confirmed although the
    rule rests on them. Conflicting: the application has a newer version.
    """
    require(actor, can_confirm_eligibility)
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_confirm_eligibility)
        blocked = blocked_applications(uow, call_id, actor)
        views = load_views(uow, load_call(uow, call_id), blocked)
        view = next((v for v in views if v.case_number == case_number), None)
        if view is None:
            raise no_such_application(case_number)
        if view.version != version:
            raise Conflicting(msg("Application {case} changed meanwhile. Look at the new version.", case=case_number))
        _check(view, outcome, reason, members_confirmed, deadline, uow.now())
        asked = outcome == "supplement_requested"
        if asked and not request_text.strip():
            raise Refused(msg("The text of the request is missing. Write what the applicant is asked for."))
        if asked and len(request_text) > LONGEST_REQUEST:
            raise Refused(msg("The text of the request is too long: at most {n} characters.", n=LONGEST_REQUEST))
        stored.add_eligibility(
            uow,
            application_id=view.id,
            application_version=version,
            outcome=outcome,
            reason=reason.strip(),
            members_confirmed=members_confirmed,
            deadline=deadline if asked else None,
            request_text=request_text.strip() if asked else "",
            decided_by=uow.actor_id,
        )


def _check(
    view: ApplicationView,
    outcome: Proposal,
    reason: str,
    members_confirmed: bool,
    deadline: datetime | None,
    now: datetime,
) -> None:
    problems = _check_reason(reason)
    if view.withdrawn_at is not None:
        problems.append(msg("Application {case} is withdrawn already.", case=view.case_number))
    if outcome not in OUTCOMES:
        problems.append(msg("The outcome {value} is not known.", value=outcome))
    if outcome == "eligible" and not members_confirmed and rests_on_members(view):
        problems.append(
            msg("The joint project rests on the members of a joint municipal authority. Confirm that they take part.")
        )
    if outcome == "supplement_requested" and (deadline is None or deadline <= now):
        problems.append(msg("A request for supplement needs a deadline that is still to come."))
    if problems:
        raise Refused(*problems)


def _check_reason(reason: str) -> list[Message]:
    if is_blank(reason):
        return [msg("The reason is missing. Write why, with the rule it rests on.")]
    if len(reason) > LONGEST_REASON:
        return [msg("The reason is too long: at most {n} characters.", n=LONGEST_REASON)]
    return []


def rests_on_members(view: ApplicationView) -> bool:
    """The number of municipalities is reached only with a joint authority's stated members."""
    return any(finding.needs == "members" for finding in view.findings)


def draft_request(call: CallDefinition, view: ApplicationView, deadline: datetime) -> str:
    """The request for supplement in the applicant's language, for the officer to complete; empty if nothing is asked."""
    if not supplement_items(view.findings):
        return ""
    return supplement_request(view.application, call, view.findings, deadline)


def clear_cases(views: Sequence[ApplicationView]) -> list[ApplicationView]:
    """Applications without a confirmation in force in which every rule is met: they can be confirmed together."""
    return [
        view
        for view in views
        if view.state in ("unconfirmed", "changed") and all(f.outcome == "met" for f in view.findings)
    ]


def confirm_clear_cases(house: House, actor: Actor, call_id: str, case_numbers: Sequence[str], reason: str) -> int:
    """Confirm as eligible the named applications in which every rule is met; all or none. Returns how many."""
    require(actor, can_confirm_eligibility)
    if problems := _check_reason(reason):
        raise Refused(*problems)
    cases = list(dict.fromkeys(case_numbers))
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_confirm_eligibility)
        blocked = blocked_applications(uow, call_id, actor)
        views = load_views(uow, load_call(uow, call_id), blocked)
        clear = {view.case_number: view for view in clear_cases(views)}
        unclear: list[str] = [case for case in cases if case not in clear]
        if unclear:
            raise Conflicting(msg("These applications are not clear any more: {cases}.", cases=", ".join(unclear)))
        for case in cases:
            stored.add_eligibility(
                uow,
                application_id=clear[case].id,
                application_version=clear[case].version,
                outcome="eligible",
                reason=reason.strip(),
                members_confirmed=False,
                deadline=None,
                request_text="",
                decided_by=uow.actor_id,
            )
    return len(cases)


def withdraw_application(house: House, actor: Actor, call_id: str, case_number: str, reason: str) -> None:
    """Record that the applicant withdrew an application; ``reason`` says how it was told, for example by letter."""
    require(actor, can_confirm_eligibility)
    if is_blank(reason) or len(reason) > LONGEST_REASON:
        raise Refused(
            msg("Write how the applicant withdrew the application, in at most {n} characters.", n=LONGEST_REASON)
        )
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_confirm_eligibility)
        load_call(uow, call_id)
        blocked = blocked_applications(uow, call_id, actor)
        rows = [row for row in stored.list_applications(uow, call_id) if row.id not in blocked]
        row = next((row for row in rows if row.case_number == case_number), None)
        if row is None:
            raise no_such_application(case_number)
        if row.withdrawn_at is not None:
            raise Refused(msg("Application {case} is withdrawn already.", case=case_number))
        stored.withdraw(uow, row, reason.strip())
