"""Upkeep: proving that the audit log rebuilds the database."""

from storage.engine import make_engine
from storage.migrate import upgrade
from storage.replay import contents, replay
from workflow.house import House


def rebuild(house: House, target_url: str) -> tuple[int, bool]:
    """Replay the log into the empty database at ``target_url``; entries replayed, and whether all tables agree."""
    engine = make_engine(target_url)
    upgrade(engine)
    count = replay(house.engine, engine)
    return count, contents(house.engine) == contents(engine)
