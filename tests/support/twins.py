"""Two databases that differ only in what is hidden from one person, and what that person is told by each.

A story is a list of steps. A step is done in both databases, or in one of them only (then it is hidden from the viewer),
and each has a moment of its own, so that the times of what is visible do not depend on what is hidden.
"""

import dataclasses
import io
import sqlite3
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import NoneType
from typing import Any, Literal

from sqlalchemy import Engine, event

from access.permissions import Actor, Forbidden
from calls.definition import CallDefinition
from locales import render
from storage.audit import list_audit
from storage.engine import make_engine
from tests.support.worlds import NEXT_DAY, Clock, World
from workbooks.safe_open import FileRefused
from workflow.accounts import AccountFault
from workflow.errors import Refused
from workflow.house import House

Side = Literal["left", "right"]
SIDES: tuple[Side, Side] = ("left", "right")
BETWEEN = timedelta(minutes=1)
"""From one step to the next."""
_NEW_EACH_TIME = "docProps/core.xml"
"""The part of an Office file that says when it was written."""


@dataclass
class Still(Clock):
    """A clock that stands until it is set."""

    def __call__(self) -> datetime:
        return self.moment


@dataclass(frozen=True)
class Later:
    """An argument that is looked up in the database at hand just before the call."""

    look: Callable[[World], Any]


@dataclass(frozen=True)
class Step:
    """Something that is done in the databases of ``sides``; what the viewer does is ``told`` and compared."""

    label: str
    act: Callable[[World], Any]
    sides: tuple[Side, ...] = SIDES
    told: bool = False


@dataclass(frozen=True)
class Leak:
    """What the viewer was told differently. ``where`` leads to the first place that differs."""

    action: str
    where: str
    left: str
    right: str
    story: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.action} at {self.where or 'all of it'}:\n    {self.left}\n    {self.right}\n  after\n"
            + "\n".join(f"    {step}" for step in self.story)
        )


@dataclass(frozen=True)
class Kept:
    """Both databases as they were, in memory, and what had happened."""

    databases: Mapping[Side, sqlite3.Connection]
    past: tuple[str, ...]

    def close(self) -> None:
        """Let the memory go."""
        for database in self.databases.values():
            database.close()


@dataclass
class Twins:
    """Two databases in files; ``past``: what was done in them, a line per step."""

    worlds: Mapping[Side, World]
    past: list[str] = field(default_factory=list)

    @classmethod
    def copied(cls, template: World, folder: Path) -> "Twins":
        """Twins that are both as ``template`` is."""
        worlds = {}
        for side in SIDES:
            engine = make_engine(f"sqlite:///{folder / side}.db")
            # Nothing of these files has to outlive a power cut.
            event.listen(engine, "connect", _without_waiting_for_the_disk)
            clock = Still(NEXT_DAY)
            worlds[side] = World(House(engine, clock), clock, dict(template.people))
            with _raw(template.house.engine) as source, _raw(engine) as target:
                source.backup(target)
        return cls(worlds)

    def keep(self) -> Kept:
        """The databases as they are now, to come back to."""
        databases = {}
        for side, world in self.worlds.items():
            databases[side] = sqlite3.connect(":memory:")
            with _raw(world.house.engine) as source:
                source.backup(databases[side])
        return Kept(databases, tuple(self.past))

    def return_to(self, kept: Kept) -> None:
        """Undo all that was done since."""
        for side, world in self.worlds.items():
            with _raw(world.house.engine) as target:
                kept.databases[side].backup(target)
        self.past = list(kept.past)

    def play(self, steps: Iterable[Step]) -> Leak | None:
        """Do the steps, until the viewer is told something different."""
        for step in steps:
            moment = NEXT_DAY + len(self.past) * BETWEEN
            self.past.append(f"{step.sides[0] if len(step.sides) == 1 else 'both'}: {step.label}")
            answers = []
            for side in step.sides:
                world = self.worlds[side]
                world.clock.moment = moment
                if step.told:
                    answers.append(told(step.act, world))
                else:
                    with suppress(Refused, Forbidden):
                        step.act(world)
            if answers and answers[0] != answers[1]:
                where, left, right = difference(*answers)
                return Leak(step.label.split("(")[0], where, left[:300], right[:300], tuple(self.past))
        return None

    def differ(self) -> bool:
        """Whether something happened in one of the databases only."""
        logs = []
        for world in self.worlds.values():
            with world.house.reading() as uow:
                logs.append([(e.action, e.key, e.old, e.new) for e in list_audit(uow, limit=1_000)])
        return logs[0] != logs[1]

    def close(self) -> None:
        """Let the files go."""
        for world in self.worlds.values():
            world.house.engine.dispose()


@contextmanager
def _raw(engine: Engine) -> Iterator[sqlite3.Connection]:
    """The driver's own connection, which can copy whole databases."""
    pooled = engine.raw_connection()
    try:
        assert isinstance(pooled.driver_connection, sqlite3.Connection)
        yield pooled.driver_connection
    finally:
        pooled.close()


def _without_waiting_for_the_disk(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def told(act: Callable[[World], Any], world: World) -> Any:
    """What somebody learns from an action: the value in plain terms, or the refusal as it is worded in Finnish."""
    try:
        return plain(act(world))
    except Refused as refused:
        return type(refused).__name__, [render(message, "fi") for message in refused.messages]
    except (Forbidden, AccountFault, FileRefused) as refused:
        return type(refused).__name__, render(refused.message, "fi")


ATOMS = (str, int, float, bool, datetime, NoneType)


def plain(value: Any) -> Any:
    """A value as nested lists and atoms, in its order; of Office files their parts, of sets the sorted members."""
    if isinstance(value, ATOMS):
        return value
    if isinstance(value, CallDefinition):
        return value.id
    if isinstance(value, Actor):
        return value.username
    if dataclasses.is_dataclass(value):
        # What no comparison looks at is how long something took.
        fields = [f.name for f in dataclasses.fields(value) if f.compare]
        return [type(value).__name__, *((name, plain(getattr(value, name))) for name in fields)]
    if isinstance(value, Mapping):
        return [("{}", len(value)), *((plain(key), plain(item)) for key, item in value.items())]
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Set):
        return sorted((plain(item) for item in value), key=repr)
    if isinstance(value, bytes):
        return _file(value)
    return repr(value)


def _file(data: bytes) -> Any:
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return [(name, parts.read(name)) for name in parts.namelist() if name != _NEW_EACH_TIME]


def difference(left: Any, right: Any, where: str = "") -> tuple[str, str, str]:
    """The first place at which two plain values differ, and what is there."""
    if not (isinstance(left, list | tuple) and isinstance(right, list | tuple)):
        return where, repr(left), repr(right)
    for place, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            named = isinstance(one, tuple) and isinstance(other, tuple) and len(one) == 2 and one[0] == other[0]
            if named:
                return difference(one[1], other[1], f"{where}.{one[0]}")
            return difference(one, other, f"{where}[{place}]")
    return f"{where}[{min(len(left), len(right))}:]", repr(left[len(right) :]), repr(right[len(left) :])
