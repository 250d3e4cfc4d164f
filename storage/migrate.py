"""Migrations at start-up: the database is always at the newest schema, or the start fails loudly."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError, DBAPIError

from storage.engine import database_url, make_engine

_HERE = Path(__file__).parent / "migrations"


class DatabaseUnavailable(Exception):
    """There is no usable database at the address; ``why`` is what the driver says, without passwords."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def database_file(url: str | None = None) -> Path | None:
    """The file of an embedded database, None for one on a server. Raises DatabaseUnavailable for no address."""
    try:
        target = database_url(url)
    except (ArgumentError, ValueError) as error:
        raise DatabaseUnavailable(str(error)) from error
    return Path(target.database) if target.get_backend_name() == "sqlite" and target.database else None


def open_database(url: str | None = None) -> Engine:
    """An engine on the migrated database at ``url``. Raises DatabaseUnavailable."""
    try:
        engine = make_engine(url)
        # A word in the address that the driver does not know is found only when it connects.
        engine.connect().close()
    except (ArgumentError, TypeError, ValueError, OSError, ImportError) as error:
        raise DatabaseUnavailable(str(error)) from error
    except DBAPIError as error:
        raise DatabaseUnavailable(str(error.orig)) from error
    try:
        upgrade(engine)
    except (DBAPIError, CommandError) as error:
        engine.dispose()
        raise DatabaseUnavailable(str(error.orig if isinstance(error, DBAPIError) else error)) from error
    return engine


def config() -> Config:
    """Alembic's configuration without an ini file."""
    made = Config()
    made.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    return made


def upgrade(engine: Engine) -> None:
    """Bring the database of ``engine`` to the newest schema, in one transaction."""
    made = config()
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Two processes may start at once: the second waits here until the first has migrated.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(893201901)")
        made.attributes["connection"] = connection
        command.upgrade(made, "head")
