"""Accounts: adding, listing, disabling, roles, affiliations and new passwords, for administrator and manage.py."""

import re
from collections.abc import Iterable
from contextlib import AbstractContextManager

from access.passwords import generate_password, hash_password, password_fault
from access.permissions import ADMINISTRATOR, ROLES, Actor, can_manage_accounts, can_see_call, require
from calls.affiliation import employer_fault, find_municipality, near_municipalities
from calls.register import register, register_years
from locales import LANGUAGES, LocalText, Message, Param, msg
from storage import accounts as store
from storage.accounts import AccountRow
from storage.engine import Engine
from storage.unit import NotFound, UnitOfWork, reading, writing
from workflow.errors import Refused
from workflow.sign_in import SignIn, SignInLimits, actor_for_session, limits_from_environment, session_of

__all__ = [
    "AccountFault",
    "AccountRow",
    "SignIn",
    "SignInLimits",
    "actor_for_session",
    "add_account",
    "disable_account",
    "enable_account",
    "limits_from_environment",
    "list_accounts",
    "list_municipalities",
    "municipality_name",
    "own_affiliation",
    "reset_password",
    "session_of",
    "set_affiliation",
    "set_roles",
]

_USERNAME = re.compile(r"[a-z0-9åäöü](?:[a-z0-9åäöü._@-]{0,62}[a-z0-9åäöü])?")


class AccountFault(Refused):
    """What was asked of an account cannot be done; ``message`` says why and what would be accepted."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def list_accounts(engine: Engine, actor: Actor) -> list[AccountRow]:
    """All accounts by user name. Raises Forbidden."""
    require(actor, can_manage_accounts)
    with reading(engine) as uow:
        return store.list_accounts(uow.connection)


def add_account(
    engine: Engine,
    actor: Actor,
    *,
    username: str,
    name: str,
    roles: Iterable[str],
    language: str = "fi",
    password: str | None = None,
) -> tuple[AccountRow, str]:
    """Add an account; returns it and its password (a generated one where none was given).

    Raises Forbidden, or AccountFault for a bad or taken user name, an unknown role or language, a weak password.
    """
    require(actor, can_manage_accounts)
    wanted = _checked_roles(roles)
    folded = store.fold(username)
    if not _USERNAME.fullmatch(folded):
        raise AccountFault(
            msg(
                "The user name {username} is not accepted: use 1 to 64 letters, digits, dots, hyphens, "
                "underscores or @, starting and ending with a letter or a digit.",
                username=username[:80],
            )
        )
    shown_name = " ".join(name.split())
    if not shown_name or len(shown_name) > 200 or not shown_name.isprintable():
        raise AccountFault(msg("The name is not accepted: give a name of 1 to 200 characters."))
    if language not in LANGUAGES:
        raise AccountFault(msg("The language {language} is not known: use fi, sv or en.", language=language[:20]))
    chosen = password if password is not None else generate_password()
    fault = password_fault(chosen, folded)
    if fault is not None:
        raise AccountFault(fault)
    made = hash_password(chosen)
    with _writing(engine, actor) as uow:
        if _exists(uow, folded):
            raise AccountFault(msg("The user name {username} is already in use: choose another.", username=folded))
        account = store.add_account(
            uow, username=folded, name=shown_name, language=language, roles=wanted, password_hash=made
        )
    return account, chosen


def disable_account(engine: Engine, actor: Actor, username: str) -> AccountRow:
    """Disable an account; its sessions end at once. Raises Forbidden, AccountFault."""
    require(actor, can_manage_accounts)
    with _writing(engine, actor) as uow:
        account = _found(uow, username)
        _keep_an_administrator(uow, account, account.roles - {ADMINISTRATOR})
        if not account.disabled:
            store.change_account(uow, account.id, {"disabled": True}, action="account disabled")
        store.end_sessions_of(uow.connection, account.id)
        return store.account_by_id(uow.connection, account.id)


def enable_account(engine: Engine, actor: Actor, username: str) -> AccountRow:
    """Let a disabled account sign in again. Raises Forbidden, AccountFault."""
    require(actor, can_manage_accounts)
    with _writing(engine, actor) as uow:
        account = _found(uow, username)
        if account.disabled:
            store.change_account(uow, account.id, {"disabled": False}, action="account enabled")
        return store.account_by_id(uow.connection, account.id)


def set_roles(engine: Engine, actor: Actor, username: str, roles: Iterable[str]) -> AccountRow:
    """Give an account exactly these roles. Raises Forbidden, AccountFault."""
    require(actor, can_manage_accounts)
    wanted = _checked_roles(roles)
    with _writing(engine, actor) as uow:
        account = _found(uow, username)
        _keep_an_administrator(uow, account, wanted)
        store.replace_roles(uow, account, wanted)
        return store.account_by_id(uow.connection, account.id)


def set_affiliation(
    engine: Engine, actor: Actor, username: str, *, municipality: str | None = None, employer: str | None = None
) -> AccountRow:
    """Say which municipality a person works or holds office for (name or code), and who employs them.

    None leaves a value as it is, an empty text clears it. Raises Forbidden, or AccountFault for an unknown account or
    municipality, or an employer that is too long or has a wrong business ID.
    """
    require(actor, can_manage_accounts)
    changes: dict[str, str] = {}
    if municipality is not None:
        changes["municipality_code"] = _municipality_code(municipality)
    if employer is not None:
        changes["employer"] = " ".join(employer.split())
        if (fault := employer_fault(changes["employer"])) is not None:
            raise AccountFault(fault)
    with _writing(engine, actor) as uow:
        account = _found(uow, username)
        if changes:
            store.change_account(uow, account.id, changes, action="affiliation changed")
        return store.account_by_id(uow.connection, account.id)


def _municipality_code(text: str) -> str:
    if not text.strip():
        return ""
    found = find_municipality(text)
    if found is not None:
        return found.code
    near: list[Param] = list(near_municipalities(text))
    if near:
        raise AccountFault(
            msg("There is no municipality {value} in the register. Near it: {near}.", value=text[:80], near=near)
        )
    raise AccountFault(
        msg(
            "There is no municipality {value} in the register. Give its name or its code of three digits.",
            value=text[:80],
        )
    )


def list_municipalities() -> dict[str, LocalText | str]:
    """The municipalities of the newest register that a person can be affiliated with: names by code."""
    entries = register(register_years()[-1]).entries
    return {entry.code: LocalText(entry.name_fi, entry.name_sv, entry.name_fi) for entry in entries}


def municipality_name(code: str) -> LocalText | str:
    """The name of the municipality with ``code``; the code itself where no register has it."""
    found = find_municipality(code) if code else None
    return LocalText(found.name_fi, found.name_sv, found.name_fi) if found else code


def own_affiliation(engine: Engine, actor: Actor) -> tuple[LocalText | str, str]:
    """The actor's own municipality and employer as recorded, each empty when not known."""
    require(actor, can_see_call)
    with reading(engine) as uow:
        try:
            account = store.account_by_id(uow.connection, actor.id)
        except NotFound:
            return "", ""
        return municipality_name(account.municipality_code), account.employer


def reset_password(engine: Engine, actor: Actor, username: str) -> tuple[AccountRow, str]:
    """A new generated password; a lock is lifted and all sessions of the account end.

    Raises Forbidden, AccountFault.
    """
    require(actor, can_manage_accounts)
    chosen = generate_password()
    made = hash_password(chosen)
    with _writing(engine, actor) as uow:
        account = _found(uow, username)
        store.set_password_hash(uow.connection, account.id, made)
        store.end_sessions_of(uow.connection, account.id)
    return account, chosen


def _writing(engine: Engine, actor: Actor) -> AbstractContextManager[UnitOfWork]:
    return writing(engine, actor.id or None, actor.name)


def _exists(uow: UnitOfWork, username: str) -> bool:
    try:
        store.account_by_username(uow.connection, username)
    except NotFound:
        return False
    return True


def _found(uow: UnitOfWork, username: str) -> AccountRow:
    try:
        return store.account_by_username(uow.connection, username)
    except NotFound:
        raise AccountFault(msg("There is no account with the user name {username}.", username=username[:80])) from None


def _checked_roles(roles: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(roles)
    unknown = sorted(wanted - ROLES.keys())
    if unknown:
        raise AccountFault(
            msg(
                "The role {role} is not known: use {accepted}.",
                role=unknown[0][:40],
                accepted=list(ROLES),
            )
        )
    if not wanted:
        raise AccountFault(msg("An account needs at least one role: use {accepted}.", accepted=list(ROLES)))
    return wanted


def _keep_an_administrator(uow: UnitOfWork, account: AccountRow, left: frozenset[str]) -> None:
    loses = ADMINISTRATOR in account.roles and ADMINISTRATOR not in left
    if (
        loses
        and not account.disabled
        and not store.count_enabled_with_role(uow.connection, ADMINISTRATOR, but=account.id)
    ):
        raise AccountFault(
            msg(
                "{username} is the only administrator: give the role to another account first.",
                username=account.username,
            )
        )
