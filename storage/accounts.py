"""Accounts, roles, secrets and sessions. Accounts and roles are audited; secrets and sessions are not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, case, delete, func, insert, or_, select, update

from storage.schema import account_roles, account_secrets, accounts, sessions, settings
from storage.unit import NotFound, UnitOfWork, reading


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account with its roles; ``username`` is case-folded. Affiliations are empty where not known."""

    id: int
    username: str
    name: str
    language: str
    disabled: bool
    roles: frozenset[str]
    created_at: datetime
    municipality_code: str = ""
    employer: str = ""


@dataclass(frozen=True, slots=True)
class SecretRow:
    """The password hash of an account and its failed attempts; ``locked_until`` None is not locked."""

    account_id: int
    password_hash: str
    failed: int
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """An open session with its account."""

    id_hash: str
    account: AccountRow
    csrf: str
    last_seen_at: datetime
    expires_at: datetime


def fold(username: str) -> str:
    """The stored form of a user name."""
    return username.strip().casefold()


def add_account(
    uow: UnitOfWork, *, username: str, name: str, language: str, roles: Iterable[str], password_hash: str
) -> AccountRow:
    """Add an account with its roles and secret; the caller has checked that the user name is free."""
    row = uow.insert(
        accounts,
        {
            "username": fold(username),
            "name": name,
            "language": language,
            "disabled": False,
            "created_at": uow.now(),
        },
        action="account added",
    )
    wanted = frozenset(roles)
    for role in sorted(wanted):
        uow.insert(account_roles, {"account_id": row["id"], "role": role}, action="role given")
    uow.connection.execute(
        insert(account_secrets).values(account_id=row["id"], password_hash=password_hash, failed=0, locked_until=None)
    )
    return _account(row, wanted)


def list_accounts(connection: Connection) -> list[AccountRow]:
    """All accounts, by user name."""
    held: dict[int, set[str]] = {}
    for account_id, role in connection.execute(select(account_roles.c.account_id, account_roles.c.role)):
        held.setdefault(account_id, set()).add(role)
    rows = connection.execute(select(accounts).order_by(accounts.c.username)).mappings()
    return [_account(dict(row), held.get(row["id"], set())) for row in rows]


def account_by_id(connection: Connection, account_id: int) -> AccountRow:
    """The account; raises NotFound."""
    return _with_roles(connection, accounts.c.id == account_id, f"account {account_id}")


def account_by_username(connection: Connection, username: str) -> AccountRow:
    """The account of a user name in any case; raises NotFound."""
    return _with_roles(connection, accounts.c.username == fold(username), "user name")


def change_account(uow: UnitOfWork, account_id: int, changes: Mapping[str, Any], *, action: str) -> None:
    """Change columns of an account."""
    uow.update(accounts, {"id": account_id}, changes, action=action)


def replace_roles(uow: UnitOfWork, account: AccountRow, roles: Iterable[str]) -> None:
    """Give and take roles until the account has exactly ``roles``."""
    wanted = frozenset(roles)
    for role in sorted(wanted - account.roles):
        uow.insert(account_roles, {"account_id": account.id, "role": role}, action="role given")
    for role in sorted(account.roles - wanted):
        uow.delete(account_roles, {"account_id": account.id, "role": role}, action="role taken")


def secret_of(connection: Connection, account_id: int) -> SecretRow:
    """The secret of an account; raises NotFound."""
    row = (
        connection.execute(select(account_secrets).where(account_secrets.c.account_id == account_id))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound(f"secret of account {account_id}")
    return SecretRow(**row)


def set_password_hash(connection: Connection, account_id: int, password_hash: str) -> None:
    """A new password: failures are forgotten, a lock is lifted."""
    connection.execute(
        update(account_secrets)
        .where(account_secrets.c.account_id == account_id)
        .values(password_hash=password_hash, failed=0, locked_until=None)
    )


def reserve_attempt(
    connection: Connection, account_id: int, *, now: datetime, limit: int, lock_until: datetime
) -> SecretRow | None:
    """Count an attempt before its password is looked at, so that parallel guesses cannot outrun the counter.

    The attempt number ``limit`` sets the lock at once (a right password lifts it). Returns None while locked.
    """
    secret = account_secrets.c
    is_last = secret.failed + 1 >= limit
    row = (
        connection.execute(
            update(account_secrets)
            .where(secret.account_id == account_id, or_(secret.locked_until.is_(None), secret.locked_until <= now))
            .values(
                failed=case((is_last, 0), else_=secret.failed + 1),
                locked_until=case((is_last, lock_until), else_=None),
            )
            .returning(account_secrets)
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else SecretRow(**row)


def forget_failures(connection: Connection, account_id: int) -> None:
    """After a right password."""
    connection.execute(
        update(account_secrets).where(account_secrets.c.account_id == account_id).values(failed=0, locked_until=None)
    )


def open_session(
    connection: Connection, *, id_hash: str, account_id: int, csrf: str, now: datetime, expires_at: datetime
) -> None:
    """Store a session by the hash of its token; sessions past their end are cleared away."""
    connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
    connection.execute(
        insert(sessions).values(
            id_hash=id_hash,
            account_id=account_id,
            csrf=csrf,
            created_at=now,
            last_seen_at=now,
            expires_at=expires_at,
        )
    )


def find_session(connection: Connection, id_hash: str, *, now: datetime, seen_since: datetime) -> SessionRow | None:
    """The session with its account in one query, if it is open and the account is not disabled."""
    rows = (
        connection.execute(
            select(
                accounts,
                sessions.c.csrf,
                sessions.c.last_seen_at,
                sessions.c.expires_at,
                account_roles.c.role,
            )
            .join_from(sessions, accounts, sessions.c.account_id == accounts.c.id)
            .outerjoin(account_roles, account_roles.c.account_id == accounts.c.id)
            .where(
                sessions.c.id_hash == id_hash,
                sessions.c.expires_at > now,
                sessions.c.last_seen_at > seen_since,
                accounts.c.disabled.is_(False),
            )
        )
        .mappings()
        .all()
    )
    if not rows:
        return None
    first = dict(rows[0])
    roles = {row["role"] for row in rows if row["role"] is not None}
    return SessionRow(id_hash, _account(first, roles), first["csrf"], first["last_seen_at"], first["expires_at"])


def touch_session(connection: Connection, id_hash: str, now: datetime) -> None:
    """Somebody is there: the idle time starts again."""
    connection.execute(update(sessions).where(sessions.c.id_hash == id_hash).values(last_seen_at=now))


def end_session(connection: Connection, id_hash: str) -> None:
    """End one session."""
    connection.execute(delete(sessions).where(sessions.c.id_hash == id_hash))


def end_sessions_of(connection: Connection, account_id: int, *, but: str | None = None) -> int:
    """End all sessions of an account, except the one with the hash ``but``; returns how many."""
    ended = delete(sessions).where(sessions.c.account_id == account_id)
    if but is not None:
        ended = ended.where(sessions.c.id_hash != but)
    return connection.execute(ended).rowcount


def count_enabled_with_role(connection: Connection, role: str, *, but: int) -> int:
    """How many enabled accounts other than ``but`` have ``role``."""
    return connection.execute(
        select(func.count())
        .select_from(accounts.join(account_roles, account_roles.c.account_id == accounts.c.id))
        .where(account_roles.c.role == role, accounts.c.disabled.is_(False), accounts.c.id != but)
    ).scalar_one()


def _with_roles(connection: Connection, condition: Any, what: str) -> AccountRow:
    row = connection.execute(select(accounts).where(condition)).mappings().one_or_none()
    if row is None:
        raise NotFound(what)
    roles = connection.execute(select(account_roles.c.role).where(account_roles.c.account_id == row["id"]))
    return _account(dict(row), set(roles.scalars()))


def _account(row: Mapping[str, Any], roles: Iterable[str]) -> AccountRow:
    return AccountRow(
        id=row["id"],
        username=row["username"],
        name=row["name"],
        language=row["language"],
        disabled=row["disabled"],
        roles=frozenset(roles),
        created_at=row["created_at"],
        municipality_code=row["municipality_code"],
        employer=row["employer"],
    )


def is_sample_database(engine: Engine) -> bool:
    """Whether the database holds the sample data, with its published passwords."""
    with reading(engine) as uow:
        return (
            uow.connection.execute(select(settings.c.value).where(settings.c.key == "sample_data")).first() is not None
        )
