"""Upkeep: proving that the audit log rebuilds the database."""

from locales import msg
from storage.replay import contents, is_empty, replay
from workflow.errors import Refused
from workflow.house import House, open_house


def rebuild(house: House, target_url: str) -> tuple[int, bool]:
    """Replay the log into the empty database at ``target_url``; entries replayed, and whether all tables agree.

    Refused when there is something in that database already.
    """
    engine = open_house(target_url).engine
    try:
        if not is_empty(engine):
            raise Refused(msg("The database to rebuild into is not empty. Give the address of a new one."))
        count = replay(house.engine, engine)
        return count, contents(house.engine) == contents(engine)
    finally:
        engine.dispose()
