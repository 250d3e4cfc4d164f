"""Accounts as the administrator and the terminal manage them."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, func, select

from access.permissions import Actor, Forbidden, terminal_actor
from storage.engine import make_engine
from storage.migrate import upgrade
from storage.schema import accounts, audit_log
from storage.unit import reading
from workflow.accounts import (
    AccountFault,
    add_account,
    disable_account,
    enable_account,
    list_accounts,
    reset_password,
    set_roles,
)

TERMINAL = terminal_actor("test")
PASSWORD = "viisi sanaa peräkkäin"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    upgrade(made)
    add_account(made, TERMINAL, username="Hilla", name="Hilla Hoitaja", roles=["administrator"], password=PASSWORD)
    yield made
    made.dispose()


def shown(engine: Engine) -> list[tuple[str, str, str, list[str], bool]]:
    return [
        (row.username, row.name, row.language, sorted(row.roles), row.disabled)
        for row in list_accounts(engine, TERMINAL)
    ]


def test_accounts_are_listed_with_their_roles(engine: Engine) -> None:
    added, password = add_account(
        engine, TERMINAL, username=" Åke@Kommun.fi ", name=" Åke   Ålander ", roles=["reviewer", "chair"], language="sv"
    )
    assert len(password) == 23
    assert added.username == "åke@kommun.fi"
    assert shown(engine) == [
        ("hilla", "Hilla Hoitaja", "fi", ["administrator"], False),
        ("åke@kommun.fi", "Åke Ålander", "sv", ["chair", "reviewer"], False),
    ]


BAD: list[dict[str, object]] = [
    {"username": "HILLA"},
    {"username": ""},
    {"username": "a b"},
    {"username": "-a"},
    {"username": "a" * 65},
    {"name": "  "},
    {"name": "a\x00b"},
    {"name": "a" * 201},
    {"roles": ["king"]},
    {"roles": []},
    {"language": "de"},
    {"password": "lyhyt"},
    {"username": "pitkä-tunnus-1", "password": "pitkä-tunnus-1"},
]


def test_a_bad_account_is_refused_and_nothing_is_saved(engine: Engine) -> None:
    before = shown(engine)
    good: dict[str, object] = {"username": "eino", "name": "Eino", "roles": ["reviewer"], "password": PASSWORD}
    for wish in BAD:
        with pytest.raises(AccountFault):
            add_account(engine, TERMINAL, **{**good, **wish})  # type: ignore[arg-type]
    assert shown(engine) == before


def test_the_last_administrator_stays(engine: Engine) -> None:
    with pytest.raises(AccountFault):
        disable_account(engine, TERMINAL, "hilla")
    with pytest.raises(AccountFault):
        set_roles(engine, TERMINAL, "hilla", ["officer"])
    add_account(engine, TERMINAL, username="eino", name="Eino", roles=["administrator"], password=PASSWORD)
    assert disable_account(engine, TERMINAL, "hilla").disabled
    with pytest.raises(AccountFault):
        disable_account(engine, TERMINAL, "eino")
    assert not enable_account(engine, TERMINAL, "hilla").disabled


def test_roles_are_replaced_and_each_change_is_in_the_log(engine: Engine) -> None:
    add_account(engine, TERMINAL, username="eino", name="Eino", roles=["reviewer", "chair"], password=PASSWORD)
    assert set_roles(engine, TERMINAL, "eino", ["chair", "officer"]).roles == {"chair", "officer"}
    with reading(engine) as uow:
        logged = uow.connection.execute(
            select(audit_log.c.action, audit_log.c.key).order_by(audit_log.c.id.desc()).limit(2)
        ).all()
    assert [(action, key["role"]) for action, key in logged] == [("role taken", "reviewer"), ("role given", "officer")]


def test_secrets_are_not_in_the_log(engine: Engine) -> None:
    reset_password(engine, TERMINAL, "hilla")
    with reading(engine) as uow:
        everything = str(uow.connection.execute(select(audit_log)).all())
    assert "argon2" not in everything


def test_an_unknown_user_name_is_named(engine: Engine) -> None:
    for use in (disable_account, enable_account, reset_password):
        with pytest.raises(AccountFault) as fault:
            use(engine, TERMINAL, "nobody")
        assert fault.value.message.params == {"username": "nobody"}


@pytest.mark.parametrize("roles", [[], ["reviewer"], ["officer", "chair", "decision_maker"]])
def test_only_an_administrator_manages_accounts(engine: Engine, roles: list[str]) -> None:
    other = Actor(1, "hilla", "Hilla", frozenset(roles))
    uses = (
        lambda: list_accounts(engine, other),
        lambda: add_account(engine, other, username="x", name="X", roles=["reviewer"]),
        lambda: disable_account(engine, other, "hilla"),
        lambda: enable_account(engine, other, "hilla"),
        lambda: reset_password(engine, other, "hilla"),
        lambda: set_roles(engine, other, "hilla", ["reviewer"]),
    )
    for use in uses:
        with pytest.raises(Forbidden):
            use()
    with reading(engine) as uow:
        assert uow.connection.execute(select(func.count()).select_from(accounts)).scalar_one() == 1
