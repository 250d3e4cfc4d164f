"""One sample database and one server for all browser tests that only look, or that change what nobody else reads."""

from collections.abc import Iterator

import pytest

from access.permissions import PHASES, Actor
from calls.presets import preset_text
from sample_data.load import build_sample, turn_to
from tests.browser.site import CLOSING_CALL, DECIDED_CALL, EMPTY_CALL, Site, actor, serving
from tests.support import frozen
from tests.support.worlds import Clock, World
from workflow.calls import add_call
from workflow.house import House
from workflow.meeting import list_attendees, start_meeting


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample database, a second meeting of 2020 going on, and calls without applications; with the pseudo-locale."""
    folder = tmp_path_factory.mktemp("sample")
    url = f"sqlite:///{folder / 'sample.db'}"
    build_sample(url)
    with serving(url, folder, {"AVUSTUSPANEELI_PSEUDO": "1"}) as site:
        add_more(site)
        yield site


def add_more(site: Site) -> None:
    """What the sample itself does not show: calls without applications, two of them with decisions, and a meeting going on."""
    house, officer, chair = House(site.engine), actor(site, "essi.esittelija"), actor(site, "pauli.puheenjohtaja")
    for call in (EMPTY_CALL, CLOSING_CALL):
        add_call(house, officer, preset_text("2022").replace('id = "2022"', f'id = "{call}"', 1))
    turn_to(house, officer, EMPTY_CALL, "intake")
    for phase in list(PHASES)[1:-1]:
        turn_to(house, officer, CLOSING_CALL, phase)
    add_decisions(house, officer, actor(site, "paula.paattaja"))
    turn_to(house, officer, "2020", "meeting")
    present = [person.id for person in list_attendees(house, chair, "2020") if person.sits]
    start_meeting(house, chair, "2020", "Toinen kokous (esimerkki)", "Helsinki", present)


def add_decisions(house: House, officer: Actor, decider: Actor) -> None:
    """A call that waits for the decision maker, and one that was decided: their decisions are fictional tables."""
    world = World(house, Clock(), {"officer": officer, "decider": decider})
    frozen.propose(world, CLOSING_CALL, 1)
    frozen.add_call_to_decide(world, DECIDED_CALL)
    frozen.approve(world, frozen.propose(world, DECIDED_CALL, 1))
