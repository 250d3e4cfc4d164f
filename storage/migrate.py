"""Migrations at start-up: the database is always at the newest schema, or the start fails loudly."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

_HERE = Path(__file__).parent / "migrations"


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
