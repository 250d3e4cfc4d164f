"""Signing in on both databases: sessions, locks, ends."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, select

from access.permissions import Actor, terminal_actor
from access.service import SignedIn, SignInRefused
from storage import accounts as store
from storage.engine import make_engine
from storage.migrate import upgrade
from storage.schema import account_secrets, sessions
from storage.unit import reading, writing
from workflow.accounts import add_account, disable_account, enable_account, reset_password
from workflow.sign_in import Failures, SignIn, SignInLimits, session_of, token_hash

TERMINAL = terminal_actor("test")
PASSWORD = "viisi sanaa peräkkäin"
HERE = "192.0.2.1"


@dataclass
class Clock:
    now: datetime = field(default=datetime(2022, 4, 25, 9, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: int) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    upgrade(made)
    add_account(made, TERMINAL, username="Virve", name="Virve Virkamies", roles=["officer", "chair"], password=PASSWORD)
    yield made
    made.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(engine: Engine, clock: Clock) -> SignIn:
    return SignIn(engine, SignInLimits(failures_per_client=12), clock)


def token_of(result: SignedIn | SignInRefused) -> str:
    assert isinstance(result, SignedIn)
    return result.token


def reason(result: SignedIn | SignInRefused) -> str:
    assert isinstance(result, SignInRefused)
    return result.reason


def test_the_right_password_opens_a_session(door: SignIn) -> None:
    token = token_of(door.sign_in(" VIRVE ", PASSWORD, HERE))
    session = door.session(token)
    assert session is not None
    assert session.actor == Actor(1, "virve", "Virve Virkamies", frozenset({"officer", "chair"}), "fi")


def test_the_database_keeps_neither_token_nor_password(door: SignIn, engine: Engine) -> None:
    token = token_of(door.sign_in("virve", PASSWORD, HERE))
    with reading(engine) as uow:
        kept = str(uow.connection.execute(select(sessions)).all()) + str(
            uow.connection.execute(select(account_secrets)).all()
        )
    assert token not in kept
    assert PASSWORD not in kept
    assert token_hash(token) in kept


def test_wrong_passwords_lock_for_a_quarter_of_an_hour(door: SignIn, clock: Clock) -> None:
    tried = [reason(door.sign_in("virve", "väärä sana", HERE)) for _ in range(6)]
    assert tried == ["wrong"] * 4 + ["locked"] * 2
    assert reason(door.sign_in("virve", PASSWORD, HERE)) == "locked"
    clock.pass_(minutes=14)
    assert reason(door.sign_in("virve", PASSWORD, HERE)) == "locked"
    clock.pass_(minutes=2)
    token_of(door.sign_in("virve", PASSWORD, HERE))


def test_names_without_account_behave_as_names_with_one(door: SignIn, clock: Clock) -> None:
    known = [door.sign_in("virve", "väärä sana", "192.0.2.2") for _ in range(6)]
    unknown = [door.sign_in("nobody", "väärä sana", "192.0.2.3") for _ in range(6)]
    assert unknown == known


def test_a_right_password_forgets_the_failures(door: SignIn) -> None:
    for _ in range(3):
        for _ in range(4):
            door.sign_in("virve", "väärä sana", f"192.0.2.{_}")
        token_of(door.sign_in("virve", PASSWORD, HERE))


def test_one_address_cannot_lock_everybody_out(door: SignIn, engine: Engine) -> None:
    for name in ("aino", "eino", "toivo"):
        add_account(engine, TERMINAL, username=name, name=name, roles=["reviewer"], password=PASSWORD)
    tried = [door.sign_in(name, "väärä sana", HERE) for name in ("aino", "eino", "toivo") for _ in range(5)]
    assert reason(tried[-1]) == "too_many"
    assert reason(door.sign_in("virve", PASSWORD, HERE)) == "too_many"
    token_of(door.sign_in("virve", PASSWORD, "192.0.2.9"))
    token_of(door.sign_in("toivo", PASSWORD, "192.0.2.9"))


def test_a_session_ends_after_an_idle_hour(door: SignIn, clock: Clock) -> None:
    token = token_of(door.sign_in("virve", PASSWORD, HERE))
    for _ in range(3):
        clock.pass_(minutes=59)
        assert door.session(token) is not None
    clock.pass_(minutes=60)
    assert door.session(token) is None


def test_a_session_ends_after_twelve_hours_of_work(door: SignIn, clock: Clock) -> None:
    token = token_of(door.sign_in("virve", PASSWORD, HERE))
    for _ in range(23):
        clock.pass_(minutes=30)
        assert door.session(token) is not None
    clock.pass_(minutes=30)
    assert door.session(token) is None


def test_signing_out_ends_only_that_session(door: SignIn) -> None:
    first, second = (token_of(door.sign_in("virve", PASSWORD, HERE)) for _ in range(2))
    door.sign_out(first)
    assert (door.session(first) is None, door.session(second) is None) == (True, False)


def test_a_disabled_account_is_out_at_once_and_not_told_to_strangers(door: SignIn, engine: Engine) -> None:
    token = token_of(door.sign_in("virve", PASSWORD, HERE))
    disable_account(engine, TERMINAL, "virve")
    assert door.session(token) is None
    assert reason(door.sign_in("virve", "väärä sana", HERE)) == "wrong"
    assert reason(door.sign_in("virve", PASSWORD, HERE)) == "disabled"
    enable_account(engine, TERMINAL, "virve")
    assert door.session(token) is None
    token_of(door.sign_in("virve", PASSWORD, HERE))


def test_a_reset_ends_all_sessions_and_lifts_the_lock(door: SignIn, engine: Engine) -> None:
    token = token_of(door.sign_in("virve", PASSWORD, HERE))
    for _ in range(5):
        door.sign_in("virve", "väärä sana", HERE)
    _, made = reset_password(engine, TERMINAL, "virve")
    assert door.session(token) is None
    assert reason(door.sign_in("virve", PASSWORD, HERE)) == "wrong"
    token_of(door.sign_in("virve", made, HERE))


def test_changing_the_password_keeps_this_session_and_ends_the_others(door: SignIn) -> None:
    here, elsewhere = (token_of(door.sign_in("virve", PASSWORD, HERE)) for _ in range(2))
    assert door.change_password(here, PASSWORD, "lyhyt") is not None
    assert door.change_password(here, "väärä sana", "kuusi uutta sanaa") is not None
    assert door.session(elsewhere) is not None
    assert door.change_password(here, PASSWORD, "kuusi uutta sanaa") is None
    assert (door.session(here) is None, door.session(elsewhere) is None) == (False, True)
    assert reason(door.sign_in("virve", PASSWORD, HERE)) == "wrong"
    token_of(door.sign_in("virve", "kuusi uutta sanaa", HERE))


def test_guessing_the_current_password_locks_too(door: SignIn) -> None:
    token = token_of(door.sign_in("virve", PASSWORD, HERE))
    faults = [door.change_password(token, "väärä sana", "kuusi uutta sanaa") for _ in range(5)]
    assert faults[4] != faults[3]
    assert door.change_password(token, PASSWORD, "kuusi uutta sanaa") is not None


def test_an_older_hash_is_renewed_at_sign_in(door: SignIn, engine: Engine) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with writing(engine) as uow:
        store.set_password_hash(uow.connection, 1, old)
    token_of(door.sign_in("virve", PASSWORD, HERE))
    with reading(engine) as uow:
        assert store.secret_of(uow.connection, 1).password_hash != old
    token_of(door.sign_in("virve", PASSWORD, HERE))


def test_the_language_lasts_with_the_account(door: SignIn) -> None:
    token = token_of(door.sign_in("virve", PASSWORD, HERE))
    door.set_language(token, "sv")
    door.set_language(token, "xx")
    door.set_language("no such token", "en")
    session = door.session(token)
    assert session is not None
    assert session.actor.language == "sv"


def test_no_token_is_nobody(engine: Engine) -> None:
    assert [session_of(engine, token) for token in (None, "", "x", "\udcff", "x" * 100_000)] == [None] * 5


def test_failures_are_forgotten_with_time_and_beyond_the_bound(clock: Clock) -> None:
    failures = Failures(timedelta(minutes=15), keys=2)
    counted = [failures.add("a", clock()), failures.add("a", clock())]
    clock.pass_(minutes=16)
    counted.append(failures.count("a", clock()))
    failures.add("a", clock())
    failures.add("b", clock())
    failures.add("c", clock())
    assert [*counted, failures.count("a", clock()), failures.count("c", clock())] == [1, 2, 0, 0, 1]
