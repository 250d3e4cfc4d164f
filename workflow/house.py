"""The open house: the database the use cases work on, and the clock they read."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from access.permissions import Actor
from locales import msg
from storage.engine import Engine, make_engine, serving_url
from storage.migrate import DatabaseUnavailable, database_file, open_database
from storage.unit import UnitOfWork, reading, utc_now, writing
from workflow.errors import Refused


@dataclass(frozen=True, slots=True)
class House:
    """What every use case is given beside the actor."""

    engine: Engine
    clock: Callable[[], datetime] = utc_now

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        """A consistent read."""
        return reading(self.engine, clock=self.clock)

    def writing(self, actor: Actor | None, call_id: str | None = None) -> AbstractContextManager[UnitOfWork]:
        """A transaction in the actor's name; committed whole or not at all."""
        actor_id = None if actor is None or actor.id == 0 else actor.id
        name = "system" if actor is None else actor.name
        return writing(self.engine, actor_id, name, call_id=call_id, clock=self.clock)


def open_served_house() -> House:
    """The house that the dashboard serves (migrated at its start-up)."""
    return House(make_engine(serving_url()))


def open_house(url: str | None = None, clock: Callable[[], datetime] = utc_now) -> House:
    """Open (and migrate) the database at ``url`` or the default one; Refused when there is none to use."""
    with _refused_in_words():
        return House(open_database(url), clock)


def house_file(url: str | None = None) -> Path | None:
    """The file of the embedded database at ``url``, None for one on a server; Refused for no address."""
    with _refused_in_words():
        return database_file(url)


@contextmanager
def _refused_in_words() -> Iterator[None]:
    try:
        yield
    except DatabaseUnavailable as error:
        raise Refused(msg("The database cannot be opened: {why}", why=error.why[:500])) from error
