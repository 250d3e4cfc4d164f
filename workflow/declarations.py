"""What everybody who takes part is shown before the texts open, to declare conflicts of interest."""

from dataclasses import dataclass
from typing import Literal

from access.permissions import Actor, can_declare_conflict, require
from calls.application_record import from_record
from locales import Message
from storage import applications as stored_applications
from storage import panel
from storage.applications import StoredApplication
from workflow.calls import load_call
from workflow.conflict_proposals import undecided
from workflow.conflicts import open_to_declare
from workflow.house import House
from workflow.visibility import blocked_applications

DeclarationState = Literal["open", "impartial", "conflict"]


@dataclass(frozen=True, slots=True)
class Declaration:
    """One application by its parties and the actor's own state; a conflict shows nothing but the case number.

    ``assigned``: the actor is to review it and has not abstained. ``evidence``: why the system proposes a conflict, which nobody has decided.
    """

    case_number: str
    project_name: str
    applicant: str
    partners: tuple[str, ...]
    state: DeclarationState
    assigned: bool
    evidence: tuple[Message, ...] = ()


def list_to_declare(house: House, actor: Actor, call_id: str) -> list[Declaration]:
    """The applications that the actor may have to do with, by case number: parties and project name, nothing more.

    A reviewer: every one that goes to review, from the intake on. Whoever sees all applications: all of them.
    """
    require(actor, can_declare_conflict)
    with house.reading() as uow:
        call = load_call(uow, call_id)
        barred = blocked_applications(uow, call_id, actor)
        shown = open_to_declare(uow, call_id, actor)
        impartial = {a for a, who in panel.list_impartiality(uow, call_id) if who == actor.id}
        own = [a for a in panel.assignment_rows(uow, call_id) if a.reviewer_id == actor.id]
        assigned = {a.application_id for a in own if a.abstained_at is None}
        proposed = {a: why.evidence for (a, _), why in undecided(uow, call_id, call, actor.id).items()}
        return [
            Declaration(row.case_number, "", "", (), "conflict", False)
            if row.id in barred
            else _declaration(row, row.id in impartial, row.id in assigned, proposed.get(row.id, ()))
            for row in stored_applications.list_applications(uow, call_id)
            if row.id in shown
        ]


def _declaration(row: StoredApplication, impartial: bool, assigned: bool, evidence: tuple[Message, ...]) -> Declaration:
    application = from_record(dict(row.content))
    return Declaration(
        case_number=row.case_number,
        project_name=application.project_name,
        applicant=application.coordinator.name,
        partners=tuple(partner.name for partner in application.partners),
        state="impartial" if impartial else "open",
        assigned=assigned,
        evidence=evidence,
    )
