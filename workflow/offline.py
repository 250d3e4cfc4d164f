"""The offline review form: download, dry run, and saving what was filled in as drafts. Nothing is submitted by it."""

from collections.abc import Collection
from dataclasses import dataclass

from access.permissions import REVIEWER, Actor, can_manage_accounts, can_open_texts, can_review, require
from calls.application_record import from_record
from calls.definition import CallDefinition
from locales import Lang, Message, msg, render
from storage import accounts as stored_accounts
from storage.applications import StoredApplication
from storage.reviews import StoredReview
from storage.unit import NotFound, UnitOfWork
from workbooks.review_form import FormApplication, FormFault, ReadForm, read_form, write_form
from workbooks.safe_open import FileRefused
from workflow.calls import load_call
from workflow.errors import Conflicting, Refused
from workflow.house import House
from workflow.offline_plan import (
    KINDS,
    FieldChange,
    FormPlan,
    Kind,
    Note,
    Pile,
    PlannedReview,
    field_words,
    load_pile,
    plan_rows,
    value_words,
)
from workflow.phases import require_open
from workflow.reviewing import store_draft

__all__ = [
    "KINDS",
    "FieldChange",
    "FileRefused",
    "FormFault",
    "FormOffer",
    "FormPlan",
    "Kind",
    "Note",
    "PlannedReview",
    "SavedForm",
    "acting_as",
    "download_form",
    "execute_form",
    "field_words",
    "form_filename",
    "nothing_to_download",
    "offer_form",
    "plan_form",
    "value_words",
]


@dataclass(frozen=True, slots=True)
class FormOffer:
    """What a form downloaded now would hold. ``undeclared``: assigned, but the texts open only after a declaration."""

    cases: tuple[str, ...]
    undeclared: int


@dataclass(frozen=True, slots=True)
class SavedForm:
    """Case numbers of what was saved as drafts, was the same already, and was left out."""

    saved: tuple[str, ...]
    unchanged: tuple[str, ...]
    left: tuple[str, ...]


def offer_form(house: House, actor: Actor, call_id: str) -> FormOffer:
    """Which applications a form would hold. Refused in a phase in which no reviews can be saved."""
    _require(actor)
    with house.reading() as uow:
        load_call(uow, call_id)
        _require_open(uow, call_id)
        return _offer(load_pile(uow, actor, call_id))


def download_form(house: House, actor: Actor, call_id: str, lang: Lang) -> tuple[str, bytes]:
    """A name for the file, and the form of every application that the actor has to review, with present drafts.

    Left out are those that are barred, not declared, given back or submitted. Refused when none is left.
    """
    _require(actor)
    with house.reading() as uow:
        call = load_call(uow, call_id)
        _require_open(uow, call_id)
        pile = load_pile(uow, actor, call_id)
        offer = _offer(pile)
        if not offer.cases:
            raise Refused(nothing_to_download(offer))
        items = [_item(pile.rows[case], pile.reviews.get(pile.rows[case].id)) for case in offer.cases]
        name = stored_accounts.account_by_id(uow.connection, actor.id).name
        data = write_form(call, actor.username, name, items, lang, uow.now())
    return form_filename(actor, call_id, lang), data


def form_filename(actor: Actor, call_id: str, lang: Lang) -> str:
    """What a downloaded form is called."""
    return f"{render(msg('review-form'), lang)}-{call_id}-{actor.username}.xlsx"


def nothing_to_download(offer: FormOffer) -> Message:
    """Why a form would be empty, and what to do."""
    if offer.undeclared:
        return msg("There is nothing to download. Declare first whether you have conflicts of interest.")
    return msg("There is nothing to download: you have no reviews left in this call.")


def _require(actor: Actor) -> None:
    require(actor, can_open_texts)
    require(actor, can_review)


def _require_open(uow: UnitOfWork, call_id: str) -> None:
    require_open(uow, call_id, can_open_texts)
    require_open(uow, call_id, can_review)


def _offer(pile: Pile) -> FormOffer:
    reviews = pile.reviews
    left = {c: r for c, r in pile.rows.items() if r.id not in reviews or reviews[r.id].state != "submitted"}
    waiting = [r for r in left.values() if r.id not in pile.closed | pile.abstained | pile.declared]
    return FormOffer(tuple(c for c, r in left.items() if pile.closed_because(r) is None), len(waiting))


def _item(row: StoredApplication, review: StoredReview | None) -> FormApplication:
    application = from_record(dict(row.content))
    if review is None:
        return FormApplication(row.case_number, application, row.version)
    return FormApplication(
        case_number=row.case_number,
        application=application,
        application_version=row.version,
        review_version=review.version,
        levels={key: score.level for key, score in review.scores.items()},
        reasons={key: score.reason for key, score in review.scores.items()},
        remark=review.remark,
        confidence=review.confidence,
        state="returned" if review.state == "returned" else "draft",
    )


def plan_form(house: House, actor: Actor, call_id: str, data: bytes, filename: str) -> FormPlan:
    """Read a filled-in form and say what saving it would do.

    Refused: another call's or person's form, or a phase that does not allow it. FileRefused: no such form.
    """
    _require(actor)
    with house.reading() as uow:
        call = load_call(uow, call_id)
        return _plan(uow, actor, call, filename, read_form(data, call, filename))


def _plan(uow: UnitOfWork, actor: Actor, call: CallDefinition, filename: str, form: ReadForm) -> FormPlan:
    wrong: list[Message] = []
    if form.stamp.call_id != call.id:
        wrong.append(
            msg(
                "The form is of the call {other}, but this is the call {call}. Upload it in its own call.",
                other=form.stamp.call_id[:80],
                call=call.id,
            )
        )
    if form.stamp.reviewer_username != actor.username:
        wrong.append(
            msg(
                "The form was made for {other}, but the reviewer here is {own}. Everybody uploads a form of their own.",
                other=form.stamp.reviewer_username[:80],
                own=actor.username,
            )
        )
    if wrong:
        raise Refused(*wrong)
    _require_open(uow, call.id)
    rows = plan_rows(uow, call, load_pile(uow, actor, call.id), form)
    here = {row.case_number for row in form.rows}
    return FormPlan(call, filename, form, rows, tuple(case for case in form.stamp.versions if case not in here))


def execute_form(house: House, actor: Actor, plan: FormPlan, accept_stale: Collection[str] = ()) -> SavedForm:
    """Save the good rows of a plan as drafts, all or none; what is faulty or not open is left as it is.

    ``accept_stale``: case numbers of outdated rows whose content is saved all the same, on the newest version.
    Conflicting when something changed since the plan was made.
    """
    _require(actor)
    with house.writing(actor, plan.call.id) as uow:
        call = load_call(uow, plan.call.id)
        again = _plan(uow, actor, call, plan.filename, plan.form)
        if again.rows != plan.rows or again.call != plan.call:
            raise Conflicting(msg("The reviews changed after the form was checked. Check the form again."))
        wanted = [r for r in plan.rows if r.kind == "change" or (r.kind == "stale" and r.case_number in accept_stale)]
        for row in wanted:
            if row.draft is not None:
                store_draft(uow, actor, call.id, row.case_number, row.draft, row.version)
    saved = tuple(row.case_number for row in wanted)
    same = tuple(row.case_number for row in plan.of("unchanged"))
    left = tuple(row.case_number for row in plan.rows if row.case_number not in {*saved, *same})
    return SavedForm(saved, same, left)


def acting_as(house: House, actor: Actor, username: str) -> Actor:
    """A reviewer in whose name manage.py works: the log names both. Refused unless the account is an enabled reviewer."""
    require(actor, can_manage_accounts)
    with house.reading() as uow:
        try:
            account = stored_accounts.account_by_username(uow.connection, username)
        except NotFound:
            raise Refused(msg("There is no account with the user name {username}.", username=username[:80])) from None
    if account.disabled:
        raise Refused(msg("The account {username} is disabled.", username=account.username))
    if REVIEWER not in account.roles:
        raise Refused(msg("The account {username} is not a reviewer's.", username=account.username))
    name = f"{account.name}, {actor.name}"
    return Actor(account.id, account.username, name, account.roles, account.language)
