"""The shipped allocation scenarios: TOML files by call, saved in their order through the workflow."""

import tomllib
from pathlib import Path

from access.permissions import Actor
from workflow.house import House
from workflow.saved_scenarios import save_scenario
from workflow.scenario_file import read_scenario_bytes

FOLDER = Path(__file__).parent / "scenarios"


def shipped(call_id: str) -> list[Path]:
    """The scenario files of a call, in the order in which they are saved."""
    return sorted((FOLDER / call_id).glob("*.toml"))


def save_shipped(house: House, officer: Actor, call_id: str) -> None:
    """Save the shipped scenarios of a call under their titles, each run on the ranking as it stands."""
    for file in shipped(call_id):
        data = file.read_bytes()
        title = tomllib.loads(data.decode())["title"]
        save_scenario(house, officer, call_id, title, read_scenario_bytes(data, file.name))
