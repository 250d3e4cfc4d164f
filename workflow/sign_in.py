"""Signing in: passwords to sessions, with a lock after repeated failure.

A session is an opaque 256-bit token; the database holds only its SHA-256. It ends after an idle time, at the
latest after a fixed time, on sign-out, when the account is disabled and when its password is reset.
"""

import hashlib
import os
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from access.passwords import hash_password, needs_rehash, password_fault, verify_password
from access.permissions import Actor
from access.service import Session, SignedIn, SignInRefused
from locales import LANGUAGES, Message, msg
from storage import accounts as store
from storage.engine import Engine
from storage.unit import NotFound, reading, utc_now, writing

_TOUCH_EVERY = timedelta(seconds=60)
_MAXIMUM_USERNAME = 200


@dataclass(frozen=True, slots=True)
class SignInLimits:
    """How long sessions last and how many failures are borne."""

    idle: timedelta = timedelta(minutes=60)
    longest: timedelta = timedelta(hours=12)
    failures: int = 5
    locked_for: timedelta = timedelta(minutes=15)
    failures_per_client: int = 30


def limits_from_environment() -> SignInLimits:
    """The limits; AVUSTUSPANEELI_IDLE_MINUTES and AVUSTUSPANEELI_SESSION_HOURS change the first two.

    Raises ValueError for anything but a whole number above zero.
    """
    return SignInLimits(
        idle=timedelta(minutes=_whole("AVUSTUSPANEELI_IDLE_MINUTES", 60)),
        longest=timedelta(hours=_whole("AVUSTUSPANEELI_SESSION_HOURS", 12)),
    )


class Failures:
    """Failures by key within a span of time, in memory and bounded: the oldest keys are forgotten first."""

    def __init__(self, span: timedelta, keys: int = 10_000) -> None:
        self._span = span
        self._keys = keys
        self._seen: OrderedDict[str, list[datetime]] = OrderedDict()
        self._lock = Lock()

    def count(self, key: str, now: datetime) -> int:
        """How many failures ``key`` has within the span."""
        with self._lock:
            return len(self._recent(key, now))

    def add(self, key: str, now: datetime) -> int:
        """One failure more; returns the new count."""
        with self._lock:
            recent = [*self._recent(key, now), now]
            self._seen[key] = recent
            self._seen.move_to_end(key)
            while len(self._seen) > self._keys:
                self._seen.popitem(last=False)
            return len(recent)

    def clear(self, key: str) -> None:
        """Forget the failures of ``key``."""
        with self._lock:
            self._seen.pop(key, None)

    def _recent(self, key: str, now: datetime) -> list[datetime]:
        return [moment for moment in self._seen.get(key, []) if moment > now - self._span]


@dataclass
class SignIn:
    """The accounts as the web edge sees them (``access.service.AccountService``)."""

    engine: Engine
    limits: SignInLimits = field(default_factory=SignInLimits)
    clock: Callable[[], datetime] = utc_now

    def __post_init__(self) -> None:
        self._clients = Failures(self.limits.locked_for)
        # Names without an account are locked like real ones, so that a lock does not tell which names exist.
        self._strangers = Failures(self.limits.locked_for)

    def sign_in(self, username: str, password: str, client: str) -> SignedIn | SignInRefused:
        """Try a password.

        The lock counts per account; a client address that fails too often is refused before any account's
        counter moves, so that one address cannot lock the whole panel out.
        """
        now = self.clock()
        if self._clients.count(client, now) >= self.limits.failures_per_client:
            return SignInRefused(
                "too_many", msg("Too many failed attempts from this network address. Try again later.")
            )
        checked = self._check(username[:_MAXIMUM_USERNAME], password, now)
        if isinstance(checked, SignInRefused):
            if checked.reason in ("wrong", "locked"):
                self._clients.add(client, now)
            return checked
        return self._open(checked, password, now)

    def session(self, token: str) -> Session | None:
        """The open session of ``token``."""
        return session_of(self.engine, token, limits=self.limits, clock=self.clock)

    def sign_out(self, token: str) -> None:
        """End the session of ``token``."""
        with writing(self.engine, clock=self.clock) as uow:
            store.end_session(uow.connection, token_hash(token))

    def change_password(self, token: str, current: str, new: str) -> Message | None:
        """Change one's own password; wrong tries count towards the lock. Other sessions of the account end."""
        session = self.session(token)
        if session is None:
            return msg("Your session has ended. Sign in again.")
        actor = session.actor
        fault = password_fault(new, actor.username)
        if fault is not None:
            return fault
        checked = self._check(actor.username, current, self.clock())
        if isinstance(checked, SignInRefused):
            return msg("The current password is wrong.") if checked.reason == "wrong" else checked.message
        made = hash_password(new)
        with writing(self.engine, actor.id, actor.name, clock=self.clock) as uow:
            store.set_password_hash(uow.connection, actor.id, made)
            store.end_sessions_of(uow.connection, actor.id, but=token_hash(token))
        return None

    def is_empty(self) -> bool:
        """Whether there is no account yet."""
        with reading(self.engine, clock=self.clock) as uow:
            return not store.list_accounts(uow.connection)

    def set_language(self, token: str, language: str) -> None:
        """Remember the language of the account."""
        session = self.session(token)
        if session is None or language not in LANGUAGES or session.actor.language == language:
            return
        actor = session.actor
        with writing(self.engine, actor.id, actor.name, clock=self.clock) as uow:
            store.change_account(uow, actor.id, {"language": language}, action="language changed")

    def _check(self, username: str, password: str, now: datetime) -> "SignInRefused | _Verified":
        """The account if the password is right. No transaction is open while the password is hashed."""
        with reading(self.engine, clock=self.clock) as uow:
            try:
                account = store.account_by_username(uow.connection, username)
                known = store.secret_of(uow.connection, account.id)
            except NotFound:
                return self._stranger(username, password, now)
        until = now + self.limits.locked_for
        with writing(self.engine, clock=self.clock) as uow:
            attempt = store.reserve_attempt(
                uow.connection, account.id, now=now, limit=self.limits.failures, lock_until=until
            )
        if attempt is None:
            return _locked(known.locked_until or until)
        if not verify_password(attempt.password_hash, password):
            return _wrong() if attempt.locked_until is None else _locked(attempt.locked_until)
        with writing(self.engine, clock=self.clock) as uow:
            store.forget_failures(uow.connection, account.id)
        return _disabled() if account.disabled else _Verified(account, attempt.password_hash)

    def _stranger(self, username: str, password: str, now: datetime) -> SignInRefused:
        key = hashlib.sha256(store.fold(username).encode(errors="replace")).hexdigest()
        if self._strangers.count(key, now) >= self.limits.failures:
            return _locked(now + self.limits.locked_for)
        verify_password(None, password)
        if self._strangers.add(key, now) >= self.limits.failures:
            return _locked(now + self.limits.locked_for)
        return _wrong()

    def _open(self, verified: "_Verified", password: str, now: datetime) -> SignedIn | SignInRefused:
        token = secrets.token_urlsafe(32)
        rehashed = hash_password(password) if needs_rehash(verified.password_hash) else None
        with writing(self.engine, clock=self.clock) as uow:
            # The password may have been reset, or the account disabled, while it was being checked.
            account = store.account_by_id(uow.connection, verified.account.id)
            if account.disabled:
                return _disabled()
            if store.secret_of(uow.connection, account.id).password_hash != verified.password_hash:
                return _wrong()
            if rehashed is not None:
                store.set_password_hash(uow.connection, account.id, rehashed)
            store.open_session(
                uow.connection,
                id_hash=token_hash(token),
                account_id=account.id,
                csrf=secrets.token_urlsafe(32),
                now=now,
                expires_at=now + self.limits.longest,
            )
        return SignedIn(token, actor_of(account))


@dataclass(frozen=True, slots=True)
class _Verified:
    account: store.AccountRow
    password_hash: str


def session_of(
    engine: Engine,
    token: str | None,
    *,
    limits: SignInLimits | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Session | None:
    """The open session of ``token`` in one query; once a minute it also notes that somebody is there."""
    if not token:
        return None
    bounds = limits or limits_from_environment()
    now = clock()
    with reading(engine, clock=clock) as uow:
        row = store.find_session(uow.connection, token_hash(token), now=now, seen_since=now - bounds.idle)
    if row is None:
        return None
    if now - row.last_seen_at >= _TOUCH_EVERY:
        with writing(engine, clock=clock) as uow:
            store.touch_session(uow.connection, row.id_hash, now)
    return Session(actor_of(row.account), row.csrf)


def actor_for_session(engine: Engine, token: str | None) -> Actor | None:
    """Who the session cookie's token stands for, now; None is nobody: show nothing."""
    session = session_of(engine, token)
    return None if session is None else session.actor


def actor_of(account: store.AccountRow) -> Actor:
    """The actor of an account."""
    return Actor(account.id, account.username, account.name, account.roles, account.language)


def token_hash(token: str) -> str:
    """What the database keeps of a token. It has 256 random bits, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _wrong() -> SignInRefused:
    return SignInRefused("wrong", msg("The user name or the password is wrong."))


def _disabled() -> SignInRefused:
    return SignInRefused("disabled", msg("This account has been disabled. Ask the administrator."))


def _locked(until: datetime) -> SignInRefused:
    return SignInRefused("locked", msg("Too many failed attempts. Signing in is locked until {moment}.", moment=until))


def _whole(name: str, default: int) -> int:
    given = os.environ.get(name, str(default))
    if not given.isdecimal() or int(given) == 0:
        raise ValueError(f"{name} is {given!r}; a whole number above zero is accepted")
    return int(given)
