"""Reasons written by hand over the drafts, and the phrases that the drafts are made of."""

from collections.abc import Mapping

from access.permissions import Actor, can_see_decision, can_write_reasons, require
from decisions.phrases import LONGEST_REASONS, PHRASES, Phrases, Wording, faults_of, tidy
from decisions.reasons import HandWritten
from decisions.values import cell_text
from locales import Message, Param, msg
from storage import accounts as stored_accounts
from storage import applications as stored_applications
from storage import panel
from storage import reasons as stored
from storage.reasons import StoredPhrase as StoredPhrase
from storage.unit import NotFound, StaleWrite, UnitOfWork
from workflow.applications import no_such_application
from workflow.blank import is_blank
from workflow.errors import Conflicting, Refused
from workflow.house import House
from workflow.naming import reviewers_named
from workflow.phases import load_stage, require_open
from workflow.visibility import blocked_applications


def load_phrases(uow: UnitOfWork, call_id: str) -> Phrases:
    """The phrases of a call. For other use cases."""
    found = stored.list_phrases(uow, call_id)
    return Phrases({key: Wording(one.fi, one.sv) for key, one in found.items() if key in PHRASES})


def load_hand_written(uow: UnitOfWork, call_id: str) -> Mapping[str, HandWritten]:
    """The reasons written by hand in a call, by case number. For other use cases."""
    found = stored.list_reasons(uow, call_id)
    return {
        row.case_number: HandWritten(one.drafted, one.text, one.changed_by, one.changed_at, one.version)
        for row in stored_applications.list_applications(uow, call_id)
        if (one := found.get(row.id)) is not None
    }


def list_phrases(house: House, actor: Actor, call_id: str) -> dict[str, StoredPhrase]:
    """The phrases of a call that an official worded anew, by key; all others are the program's own."""
    require(actor, can_see_decision)
    with house.reading() as uow:
        load_stage(uow, call_id)
        return stored.list_phrases(uow, call_id)


def change_phrase(
    house: House, actor: Actor, call_id: str, key: str, fi: str, sv: str, *, expected_version: int = 0
) -> None:
    """Word a phrase anew in both languages; the program's own wording resets it.

    ``expected_version``: of the wording that was looked at, 0 for the program's own. Refused with every fault of the
    wording, and for whoever is disqualified from an application of the call; Conflicting when somebody changed it
    meanwhile.
    """
    require(actor, can_write_reasons)
    wording = sound_wording(key, fi, sv)
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_write_reasons)
        _refuse_disqualified(uow, actor, call_id)
        _refuse_names(uow, call_id, wording.fi, wording.sv)
        try:
            if wording != PHRASES[key].wording:
                stored.put_phrase(uow, call_id, key, wording.fi, wording.sv, expected_version=expected_version)
            elif key in stored.list_phrases(uow, call_id):
                stored.drop_phrase(uow, call_id, key, expected_version=expected_version)
        except StaleWrite:
            raise Conflicting(_changed_phrase()) from None


def sound_wording(key: str, fi: str, sv: str) -> Wording:
    """The wording of a phrase without spare spaces. For other use cases. Refused with every fault, and for no phrase."""
    if key not in PHRASES:
        raise Refused(msg("There is no phrase {key}.", key=key[:60]))
    wording = Wording(tidy(fi), tidy(sv))
    if problems := (*faults_of(key, "fi", wording.fi), *faults_of(key, "sv", wording.sv)):
        raise Refused(*problems)
    return wording


def reset_phrase(house: House, actor: Actor, call_id: str, key: str, *, expected_version: int) -> None:
    """Take the program's own wording of a phrase again. Refused when it is in force; Conflicting as ``change_phrase``."""
    require(actor, can_write_reasons)
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_write_reasons)
        _refuse_disqualified(uow, actor, call_id)
        try:
            stored.drop_phrase(uow, call_id, key, expected_version=expected_version)
        except NotFound:
            raise Refused(msg("The phrase is the default already.")) from None
        except StaleWrite:
            raise Conflicting(_changed_phrase()) from None


def write_reasons(
    house: House,
    actor: Actor,
    call_id: str,
    case_number: str,
    text: str,
    *,
    drafted: str = "",
    expected_version: int = 0,
) -> None:
    """Keep reasons written by hand in place of the draft.

    ``drafted``: the draft that they were written over, as it was seen. ``expected_version``: of the reasons by hand that
    were seen, 0 for none. Refused when the text says nothing, is too long, or names a reviewer; Conflicting when
    somebody wrote other reasons meanwhile.
    """
    require(actor, can_write_reasons)
    clean = cell_text(text).strip()
    if is_blank(clean):
        raise Refused(msg("The reasons are empty. Write them, or go back to the draft."))
    if len(clean) > LONGEST_REASONS:
        raise Refused(
            msg("The reasons have {n} characters; at most {most} are accepted.", n=len(clean), most=LONGEST_REASONS)
        )
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_write_reasons)
        application = _application(uow, actor, call_id, case_number)
        _refuse_names(uow, call_id, clean)
        try:
            stored.put_reasons(uow, application, clean, cell_text(drafted), expected_version=expected_version)
        except StaleWrite:
            raise Conflicting(_changed_reasons(case_number)) from None


def drop_reasons(house: House, actor: Actor, call_id: str, case_number: str, *, expected_version: int) -> None:
    """Go back to the draft. Refused when it is in force; Conflicting when somebody wrote other reasons meanwhile."""
    require(actor, can_write_reasons)
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_write_reasons)
        application = _application(uow, actor, call_id, case_number)
        try:
            stored.drop_reasons(uow, application, expected_version=expected_version)
        except NotFound:
            raise Refused(msg("The reasons of {case} are the draft already.", case=case_number)) from None
        except StaleWrite:
            raise Conflicting(_changed_reasons(case_number)) from None


def load_reviewers(uow: UnitOfWork, call_id: str) -> set[str]:
    """The names of everybody who reviews in a call. For other use cases."""
    assigned = {reviewer for _, reviewer in panel.list_assignments(uow, call_id)}
    return {account.name for account in stored_accounts.list_accounts(uow.connection) if account.id in assigned}


def _refuse_disqualified(uow: UnitOfWork, actor: Actor, call_id: str) -> None:
    """A phrase stands in the reasons of every application."""
    if blocked_applications(uow, call_id, actor):
        raise Refused(
            msg(
                "You are disqualified from an application of this call, so the phrases of its reasons are closed to you."
            )
        )


def _refuse_names(uow: UnitOfWork, call_id: str, *texts: str) -> None:
    found: list[Param] = [*reviewers_named(load_reviewers(uow, call_id), "\n".join(texts))]
    if found:
        raise Refused(
            msg("The reasons name a reviewer: {names}. Reasons speak of the panel, never of one reviewer.", names=found)
        )


def _application(uow: UnitOfWork, actor: Actor, call_id: str, case_number: str) -> int:
    blocked = blocked_applications(uow, call_id, actor)
    rows = stored_applications.list_applications(uow, call_id)
    row = next((row for row in rows if row.case_number == case_number and row.id not in blocked), None)
    if row is None:
        raise no_such_application(case_number)
    return row.id


def _changed_phrase() -> Message:
    return msg("Somebody changed this phrase meanwhile. Look at it again.")


def _changed_reasons(case_number: str) -> Message:
    return msg("Somebody changed the reasons of {case} meanwhile. Look at them again.", case=case_number)
