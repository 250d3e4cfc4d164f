"""The audit log alone rebuilds every table; secrets and sessions apart."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from storage.decision_files import list_digests
from storage.engine import make_engine
from storage.migrate import upgrade
from storage.replay import contents, replay
from storage.schema import NOT_AUDITED, audit_log, metadata
from storage.unit import reading
from tests.support.postgres import Postgres
from tests.support.worlds import CASES, Clock, World, application
from tests.workflow.test_trail import ACTS
from workflow.accounts import add_account
from workflow.errors import Refused
from workflow.house import House
from workflow.upkeep import rebuild


@pytest.fixture
def lived_in(panel: World) -> World:
    """A world in which everything has happened that the workflow can do."""
    for act, _ in ACTS.values():
        act(panel)
    return panel


@pytest.fixture
def at_work(panel: World) -> World:
    """A world in which everything has happened that the workflow can do before a call is decided."""
    for name, (act, _) in ACTS.items():
        if name == "the distribution":
            break
        act(panel)
    return panel


@pytest.fixture
def target(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    upgrade(engine)
    yield engine
    engine.dispose()


def log(engine: Engine) -> list[tuple[object, ...]]:
    with reading(engine) as uow:
        return [tuple(row) for row in uow.connection.execute(select(audit_log).order_by(audit_log.c.id))]


def test_the_log_rebuilds_every_table(lived_in: World, target: Engine) -> None:
    source = lived_in.house.engine
    entries = log(source)
    assert replay(source, target) == len(entries)
    rebuilt = contents(target)
    assert rebuilt == contents(source)
    assert rebuilt.keys() == metadata.tables.keys() - NOT_AUDITED
    emptied_again = {"scenario_awards_by_hand", "settings"}
    assert {name for name, rows in rebuilt.items() if not rows} == emptied_again
    with reading(target) as there, reading(source) as here:
        frozen = dict(list_digests(here))
        assert dict(list_digests(there)) == frozen
    assert len(frozen) == 4, "a template, two proposals and a decision"
    assert log(target) == entries


def test_work_goes_on_in_the_rebuilt_database(at_work: World, target: Engine) -> None:
    replay(at_work.house.engine, target)
    world = World(House(target, Clock(at_work.clock.moment)), at_work.clock, at_work.people)
    before = world.counts()
    world.take(application(8))
    world.confirm("VN/8/2022")
    world.assign("VN/8/2022", ["arvi"])
    world.review("arvi", "VN/8/2022", 3, 3, 3)
    add_account(target, world["admin"], username="uusi", name="Uusi", roles=["reviewer"])
    after = world.counts()
    added = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert added == {
        "accounts": 1,
        "account_roles": 1,
        "account_secrets": 1,
        "imports": 1,
        "applications": 1,
        "application_versions": 1,
        "eligibility": 1,
        "assignments": 1,
        "impartiality": 1,
        "review_versions": 1,
        "reviews": 1,
        "review_scores": 3,
        "audit_log": 13,
    }
    assert world.views()[CASES[0]].state == "eligible"


def test_a_change_past_the_log_is_noticed(lived_in: World, tmp_path: Path) -> None:
    lived_in.sound = False
    assert rebuild(lived_in.house, f"sqlite:///{tmp_path / 'one.db'}")[1] is True
    with lived_in.house.engine.begin() as connection:
        connection.execute(text("UPDATE review_scores SET level = 1 WHERE level = 5"))
    assert rebuild(lived_in.house, f"sqlite:///{tmp_path / 'two.db'}")[1] is False


def test_only_an_empty_database_is_rebuilt_into(world: World, tmp_path: Path) -> None:
    before = world.counts()
    own = world.house.engine.url.render_as_string(hide_password=False).replace("%2F", "/")
    with pytest.raises(Refused):
        rebuild(world.house, own)
    used = f"sqlite:///{tmp_path / 'used.db'}"
    rebuild(world.house, used)
    with pytest.raises(Refused):
        rebuild(world.house, used)
    with pytest.raises(Refused):
        rebuild(world.house, "nonsense")
    assert world.counts() == before


def test_the_sample_database_can_be_rebuilt(sample: World, target: Engine) -> None:
    source = sample.house.engine
    entries = replay(source, target)
    assert entries > 1_000
    assert contents(target) == contents(source)
    assert target.dialect.name in ("sqlite", "postgresql")


@pytest.mark.postgres
def test_sequences_go_on_after_the_highest_id(lived_in: World, postgres_server: Postgres) -> None:
    url = postgres_server.new_database()
    engine = make_engine(url)
    upgrade(engine)
    replay(lived_in.house.engine, engine)
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            if "id" in table.c and table.c.id.autoincrement is True:
                highest = connection.execute(text(f"SELECT max(id) FROM {table.name}")).scalar()
                following = connection.execute(
                    text("SELECT nextval(pg_get_serial_sequence(:name, 'id'))"), {"name": table.name}
                ).scalar()
                assert following == (highest or 0) + 1, table.name
    engine.dispose()
    postgres_server.drop(url)
