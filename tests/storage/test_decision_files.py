"""Frozen files and decisions as stored: checked when they are read, and changed by nobody."""

import hashlib
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, text
from sqlalchemy.exc import DatabaseError

from storage.decision_files import FileChanged, add_file, inflated, list_digests, read_file
from storage.decisions import NewDecision, add_decision, close_decision, list_decisions
from storage.schema import decision_files
from tests.support.worlds import CALL_ID, NEXT_DAY, World

CONTENT = b'{"format":1}' * 100
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(content=st.binary(max_size=5_000))
def test_a_file_comes_back_as_it_was(small: World, content: bytes) -> None:
    with small.house.writing(small["officer"], CALL_ID) as uow:
        sha256 = add_file(uow, content)
        assert add_file(uow, content) == sha256 == hashlib.sha256(content).hexdigest()
        assert read_file(uow, sha256) == content
        assert dict(list_digests(uow))[sha256] == (sha256, len(content))


@pytest.mark.parametrize(
    "stored", [b"", b"no zlib", zlib.compress(b"other"), zlib.compress(CONTENT)[:-1], zlib.compress(CONTENT) + b"x"]
)
def test_a_damaged_file_is_not_given_out(small: World, stored: bytes) -> None:
    with small.house.reading() as uow:
        uow.connection.execute(insert(decision_files).values(sha256=SHA256, content=stored))
        with pytest.raises(FileChanged) as changed:
            read_file(uow, SHA256)
        assert changed.value.sha256 == SHA256
        [(sha256, (computed, _))] = list_digests(uow)
        assert sha256 == SHA256 != computed
        with pytest.raises(FileChanged):
            read_file(uow, "0" * 64)


def test_a_file_larger_than_any_that_is_kept_is_not_inflated() -> None:
    assert inflated(zlib.compress(b"x" * 999), 1_000) == b"x" * 999
    assert inflated(zlib.compress(b"x" * 1_000_000), 1_000) is None


def proposal(world: World) -> int:
    new = NewDecision(CALL_ID, 1, "first", None, None, "", SHA256, "a" * 64, 0, NEXT_DAY)
    with world.house.writing(world["officer"], CALL_ID) as uow:
        add_file(uow, CONTENT)
        return add_decision(uow, new).id


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decisions SET note = 'toinen'",
        "DELETE FROM decisions",
        "UPDATE decision_files SET content = ''",
        "DELETE FROM decision_files",
    ],
)
def test_the_database_itself_refuses_to_change_what_is_closed(world: World, statement: str) -> None:
    world.sound = False
    decision = proposal(world)
    with world.house.writing(world["decider"], CALL_ID) as uow:
        close_decision(uow, decision, "returned", "Täydennettävä.", NEXT_DAY)
    with pytest.raises(DatabaseError, match="never"), world.house.engine.begin() as connection:
        connection.execute(text(statement))
    with world.house.reading() as uow:
        assert [(one.state, one.note) for one in list_decisions(uow, CALL_ID)] == [("returned", "Täydennettävä.")]
        assert read_file(uow, SHA256) == CONTENT


def test_an_open_proposal_is_not_deleted(world: World) -> None:
    world.sound = False
    proposal(world)
    with pytest.raises(DatabaseError, match="never deleted"), world.house.engine.begin() as connection:
        connection.execute(text("DELETE FROM decisions"))
