"""Units of work: whole or not at all, each change in the log, newer versions never overwritten."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError, StatementError

from storage.audit import AuditEntry, last_change, list_audit
from storage.calls import add_call, change_call, find_call, list_calls, set_setting, setting
from storage.engine import make_engine
from storage.migrate import upgrade
from storage.schema import account_secrets, accounts, audit_log, calls, settings
from storage.unit import NotFound, StaleWrite, reading, storable, writing

NOON = datetime(2022, 5, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = make_engine(database_url)
    upgrade(made)
    yield made
    made.dispose()


def log(engine: Engine) -> list[AuditEntry]:
    with reading(engine) as uow:
        return list(reversed(list_audit(uow)))


def test_a_unit_is_committed_whole_with_an_entry_for_each_change(engine: Engine) -> None:
    with writing(engine, None, "Essi", call_id="2030", clock=lambda: NOON) as uow:
        add_call(uow, "2030", "first")
        change_call(uow, "2030", "second", expected_version=1)
        set_setting(uow, "colour", "blue")
        uow.delete(settings, {"key": "colour"}, action="setting.remove")
    row = {"id": "2030", "definition": "first", "created_at": NOON.isoformat(), "version": 1}
    row |= {"phase": "preparation", "review_deadline": None}
    colour = {"key": "colour", "value": "blue"}
    entries = log(engine)
    assert [(e.action, e.entity, e.key, e.old, e.new) for e in entries] == [
        ("call.add", "calls", {"id": "2030"}, None, row),
        ("call.change", "calls", {"id": "2030"}, row, {**row, "definition": "second", "version": 2}),
        ("setting.set", "settings", {"key": "colour"}, None, colour),
        ("setting.remove", "settings", {"key": "colour"}, colour, None),
    ]
    assert {(e.actor_id, e.actor_name, e.call_id, e.at) for e in entries} == {(None, "Essi", "2030", NOON)}
    assert len({e.unit for e in entries}) == 1
    with reading(engine) as uow:
        assert [(c.id, c.definition, c.version, c.created_at) for c in list_calls(uow)] == [("2030", "second", 2, NOON)]
        assert setting(uow, "colour") is None
        assert last_change(uow) == entries[-1].id


def test_an_exception_takes_the_whole_unit_back(engine: Engine) -> None:
    def fail() -> None:
        with writing(engine) as uow:
            add_call(uow, "2030", "text")
            set_setting(uow, "colour", "blue")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with reading(engine) as uow:
        assert (list_calls(uow), setting(uow, "colour"), last_change(uow)) == ([], None, 0)
    assert log(engine) == []


def test_a_broken_constraint_takes_the_whole_unit_back(engine: Engine) -> None:
    def add_twice() -> None:
        with writing(engine) as uow:
            add_call(uow, "2030", "text")
            add_call(uow, "2030", "again")

    with pytest.raises(IntegrityError):
        add_twice()
    with reading(engine) as uow:
        assert find_call(uow, "2030") is None
    assert log(engine) == []


def test_a_reference_to_nothing_is_refused(engine: Engine) -> None:
    with pytest.raises(DatabaseError), writing(engine) as uow:
        uow.connection.execute(insert(account_secrets).values(account_id=7, password_hash="x", failed=0))


def test_what_is_written_in_a_read_is_not_kept(engine: Engine) -> None:
    with reading(engine) as uow:
        add_call(uow, "2030", "text")
    with reading(engine) as uow:
        assert list_calls(uow) == []


def test_a_read_sees_one_moment(engine: Engine) -> None:
    with writing(engine) as uow:
        set_setting(uow, "colour", "blue")
    with reading(engine) as first:
        assert setting(first, "colour") == "blue"
        with writing(engine) as uow:
            set_setting(uow, "colour", "green")
        assert setting(first, "colour") == "blue"
    with reading(engine) as later:
        assert setting(later, "colour") == "green"


def test_a_stale_version_is_refused_and_changes_nothing(engine: Engine) -> None:
    with writing(engine) as uow:
        add_call(uow, "2030", "first")
    with writing(engine) as uow:
        change_call(uow, "2030", "second", expected_version=1)
    before = log(engine)

    def overwrite() -> None:
        with writing(engine) as uow:
            set_setting(uow, "colour", "blue")
            change_call(uow, "2030", "third", expected_version=1)

    with pytest.raises(StaleWrite):
        overwrite()
    assert log(engine) == before
    with reading(engine) as uow:
        found = find_call(uow, "2030")
        assert found is not None
        assert (found.definition, found.version, setting(uow, "colour")) == ("second", 2, None)


def test_a_change_that_changes_nothing_leaves_no_entry(engine: Engine) -> None:
    with writing(engine) as uow:
        set_setting(uow, "colour", "blue")
    before = log(engine)
    with writing(engine) as uow:
        set_setting(uow, "colour", "blue")
    assert log(engine) == before


def test_a_row_that_is_not_there_cannot_be_changed_or_deleted(engine: Engine) -> None:
    with pytest.raises(NotFound), writing(engine) as uow:
        uow.update(settings, {"key": "none"}, {"value": "x"}, action="x")
    with pytest.raises(NotFound), writing(engine) as uow:
        uow.delete(settings, {"key": "none"}, action="x")


def test_secrets_cannot_be_written_through_the_log(engine: Engine) -> None:
    with writing(engine) as uow:
        account = uow.insert(
            accounts,
            {"username": "x", "name": "X", "language": "fi", "disabled": False, "created_at": NOON},
            action="account added",
        )
    secret = {"account_id": account["id"], "password_hash": "hash", "failed": 0, "locked_until": None}
    with pytest.raises(ValueError, match="not written through the audit log"), writing(engine) as uow:
        uow.insert(account_secrets, secret, action="x")
    with reading(engine) as uow:
        assert uow.connection.execute(select(account_secrets)).all() == []


FORGERIES = (
    update(audit_log).values(actor_name="somebody else"),
    delete(audit_log),
)


@pytest.mark.parametrize("forgery", FORGERIES, ids=["update", "delete"])
def test_the_log_is_append_only(engine: Engine, forgery: object) -> None:
    with writing(engine) as uow:
        add_call(uow, "2030", "text")
    before = log(engine)
    with pytest.raises(DatabaseError, match="append-only"), writing(engine) as uow:
        uow.connection.execute(forgery)  # type: ignore[call-overload]
    assert log(engine) == before


def test_the_log_is_not_replaced_or_emptied_by_other_means(engine: Engine) -> None:
    with writing(engine) as uow:
        add_call(uow, "2030", "text")
    before = log(engine)
    if engine.dialect.name == "sqlite":
        forgery = text("INSERT OR REPLACE INTO audit_log SELECT id, at, actor_id, 'x', unit, action, call_id, entity,"
                       " key, old, new FROM audit_log")  # fmt: skip
    else:
        forgery = text("TRUNCATE audit_log")
    with pytest.raises(DatabaseError, match="append-only"), writing(engine) as uow:
        uow.connection.execute(forgery)
    assert log(engine) == before


def test_a_moment_without_time_zone_is_refused(engine: Engine) -> None:
    naive = datetime(2022, 5, 2, 12, 0)  # noqa: DTZ001
    with pytest.raises(StatementError, match="without time zone"), writing(engine) as uow:
        uow.insert(calls, {"id": "2030", "definition": "", "created_at": naive, "version": 1}, action="x")
    with pytest.raises(StatementError, match="without time zone"), writing(engine, clock=lambda: naive) as uow:
        add_call(uow, "2030", "text")
    assert log(engine) == []


def test_a_moment_comes_back_in_utc_to_the_microsecond(engine: Engine) -> None:
    there = timezone(timedelta(hours=3))
    moment = datetime(2022, 4, 25, 16, 15, 0, 123456, tzinfo=there)
    with writing(engine, clock=lambda: moment) as uow:
        add_call(uow, "2030", "text")
    with reading(engine) as uow:
        found = find_call(uow, "2030")
        assert found is not None
        assert (found.created_at, found.created_at.tzinfo) == (moment, UTC)


def test_writers_at_once_wait_for_each_other_and_all_succeed(engine: Engine) -> None:
    with writing(engine) as uow:
        set_setting(uow, "number", "0")
    ready = threading.Barrier(4)
    failures: list[BaseException] = []

    def count_up() -> None:
        try:
            ready.wait(10)
            for _ in range(5):
                with writing(engine) as uow:
                    set_setting(uow, "number", str(int(setting(uow, "number") or 0) + 1))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    entries = log(engine)
    assert [entry.new for entry in entries] == [{"key": "number", "value": str(n)} for n in range(21)]
    assert [entry.old for entry in entries[1:]] == [entry.new for entry in entries[:-1]]


def test_the_log_is_read_in_pages_from_the_newest(engine: Engine) -> None:
    for number in range(5):
        with writing(engine, call_id="odd" if number % 2 else "even") as uow:
            set_setting(uow, f"key {number}", "x")
    with reading(engine) as uow:
        first = list_audit(uow, limit=2)
        second = list_audit(uow, limit=2, before=first[-1].id)
        odd = list_audit(uow, "odd")
    assert [entry.key["key"] for entry in (*first, *second)] == ["key 4", "key 3", "key 2", "key 1"]
    assert [entry.key["key"] for entry in odd] == ["key 3", "key 1"]


def test_what_no_database_can_hold_becomes_a_sign_of_its_own(engine: Engine) -> None:
    with writing(engine, None, "Essi", clock=lambda: NOON) as uow:
        set_setting(uow, "colour", "si\x00ni\ud800nen ä\n\u0001")
    with reading(engine) as uow:
        assert setting(uow, "colour") == "si\ufffdni\ufffdnen ä\n\u0001"
    assert storable({"a\x00": ["\udfff", 1, None, ("x",)]}) == {"a\ufffd": ["\ufffd", 1, None, ["x"]]}
