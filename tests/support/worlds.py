"""Small worlds built through the workflow, as people would build them, and the sample database.

``world`` is a fresh database with the shipped calls and one person per role, on SQLite and on PostgreSQL; ``panel``
has six applications in review on top. Both are copies of a template that is made once per test session.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from access.permissions import Actor, terminal_actor
from allocation import Scenario
from calls.application import Application, Coordinator, Partner
from calls.definition import CallDefinition
from calls.presets import preset
from locales import render
from sample_data.load import build_sample
from storage.engine import make_engine
from storage.schema import metadata
from storage.unit import reading
from tests.support.postgres import Postgres
from workbooks.template import write_applications
from workflow.abstaining import declare_impartial
from workflow.accounts import add_account, list_accounts
from workflow.applications import ApplicationView, list_applications
from workflow.assignment import assign_reviewers
from workflow.calls import add_presets
from workflow.decisions import Decision, approve_decision, propose_decision
from workflow.eligibility import confirm_clear_cases, withdraw_application
from workflow.house import House, open_house
from workflow.intake import ImportPlan, execute_import, plan_import
from workflow.invariants import check_database
from workflow.phases import change_phase, get_stage
from workflow.ranking import Ranked, get_ranking
from workflow.reviewing import Draft, OwnReview, open_review, save_draft, submit_review
from workflow.saved_scenarios import Saved, lock_scenario, save_scenario
from workflow.scenarios import default_scenario

TERMINAL = terminal_actor("test")
PASSWORD = "viisi sanaa peräkkäin"
CALL_ID = "2022"
CALL = preset(CALL_ID)
CRITERIA = tuple(criterion.id for criterion in CALL.criteria)
OPENING = datetime(2022, 5, 2, 9, 0, tzinfo=UTC)
NEXT_DAY = OPENING + timedelta(days=1)
PEOPLE: Mapping[str, tuple[str, ...]] = {
    "officer": ("officer",),
    "colleague": ("officer",),
    "chair": ("chair",),
    "decider": ("decision_maker",),
    "admin": ("administrator",),
    "arvi": ("reviewer",),
    "britta": ("reviewer",),
    "celia": ("reviewer",),
    "daavid": ("reviewer",),
}
REVIEWERS = ("arvi", "britta", "celia", "daavid")
CASES = tuple(f"VN/{number}/2022" for number in range(1, 7))
SOUND = Application(
    case_number=CASES[0],
    arrived_at=datetime(2022, 4, 20, 9, 0, tzinfo=UTC),
    coordinator=Coordinator("Turku", "1234567-1", "853"),
    language="fi",
    partners=(Partner("municipality", "Turku", "853"), Partner("municipality", "Kaarina", "202")),
    project_name="Yhteinen tietopohja 1",
    theme=CALL.themes[0].id,
    summary="Kunnat arvioivat tietojensa laadun yhdessä.",
    process_change="Tiedot tarkistetaan yhdessä prosessissa.",
    dissemination="Malli julkaistaan avoimesti.",
    consortium="Turku johtaa ja Kaarina pilotoi.",
    costs={"personnel": 80_000, "travel": 0, "premises": 0, "bought_services": 20_000, "other": 0},
    own_funding=15_000,
    other_public_funding=0,
    applied=85_000,
)


@dataclass
class Clock:
    """A clock that goes on a second at each look, so that no two moments are equal."""

    moment: datetime = OPENING

    def __call__(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment

    def forward(self, **span: float) -> None:
        """Let time pass."""
        self.moment += timedelta(**span)


def application(number: int = 1, **changes: object) -> Application:
    """The sound application number ``number``, with some fields changed."""
    own = {"case_number": f"VN/{number}/2022", "project_name": f"Yhteinen tietopohja {number}"}
    return replace(SOUND, **{**own, **changes})  # type: ignore[arg-type]


def workbook(*applications: Application, call: CallDefinition = CALL) -> bytes:
    """The applications in the workbook that applicants fill in."""
    return write_applications(applications, call, "fi")


def levels(*values: int | None) -> dict[str, int | None]:
    """A level per criterion of the call, in the call's order."""
    return dict(zip(CRITERIA, values, strict=True))


def draft(*values: int | None, remark: str = "") -> Draft:
    """A review with these levels, and a reason wherever there is a level."""
    given = levels(*values)
    return Draft(given, {key: f"Perustelu {value}." for key, value in given.items() if value is not None}, remark)


@dataclass
class World:
    """A database, its clock and the people by user name."""

    house: House
    clock: Clock
    people: dict[str, Actor] = field(default_factory=dict)
    sound: bool = True
    """A test that breaks its database on purpose sets this to False: then the invariants are not checked after it."""

    def __getitem__(self, username: str) -> Actor:
        return self.people[username]

    def take(self, *applications: Application, filename: str = "hakemukset.xlsx") -> ImportPlan:
        """Import the applications as the officer."""
        plan = plan_import(self.house, self["officer"], CALL_ID, workbook(*applications), filename)
        return execute_import(self.house, self["officer"], plan)

    def views(self, who: str = "officer") -> dict[str, ApplicationView]:
        """The applications by case number as ``who`` sees them."""
        return {view.case_number: view for view in list_applications(self.house, self[who], CALL_ID)}

    def confirm(self, *cases: str) -> None:
        """Confirm the cases as eligible."""
        confirm_clear_cases(self.house, self["officer"], CALL_ID, cases, "Edellytykset täyttyvät.")

    def assign(self, case: str, reviewers: Iterable[str]) -> None:
        """Make exactly these people the reviewers of a case."""
        ids = [self[name].id for name in reviewers]
        assign_reviewers(self.house, self["officer"], CALL_ID, self.views()[case].id, ids)

    def turn_to(self, phase: str) -> None:
        """Turn the call to a phase, unless it is in it; to be decided, its decision is proposed and approved."""
        officer = self["officer"]
        if get_stage(self.house, officer, CALL_ID).phase == phase:
            return
        if phase == "decided":
            self.approve(self.propose())
            return
        change_phase(self.house, officer, CALL_ID, phase, get_stage(self.house, officer, CALL_ID).version)

    def settle(self) -> None:
        """Leave nothing open: applications not confirmed or not scored are withdrawn."""
        scored = {one.view.case_number for one in self.ranked() if one.standing.score is not None}
        for case, view in self.views("colleague").items():
            if view.state in ("unconfirmed", "changed", "supplement_requested") or (
                view.eligible and case not in scored
            ):
                withdraw_application(self.house, self["colleague"], CALL_ID, case, "Ilmoitettu kirjeellä.")

    def ranked(self) -> list[Ranked]:
        """The ranking as the colleague sees it."""
        return get_ranking(self.house, self["colleague"], CALL_ID)

    def locked(self, scenario: Scenario | None = None, name: str = "Päätös") -> Saved:
        """A scenario, or the call's own values, saved and locked."""
        saved = save_scenario(self.house, self["colleague"], CALL_ID, name, scenario or default_scenario(CALL))
        return lock_scenario(self.house, self["colleague"], CALL_ID, saved.id)

    def propose(self, grounds: str = "", scenario: Scenario | None = None) -> Decision:
        """The first decision, proposed by the colleague on a call in which nothing is open."""
        self.settle()
        return propose_decision(self.house, self["colleague"], CALL_ID, self.locked(scenario).id, grounds)

    def approve(self, proposal: Decision) -> Decision:
        """A proposal as the decision maker approves it."""
        return approve_decision(self.house, self["decider"], CALL_ID, proposal.id, proposal.proposal_hash)

    def review(self, who: str, case: str, *values: int | None, submit: bool = True) -> OwnReview:
        """Save or submit ``who``'s review of a case, after declaring to have no conflict of interest."""
        declare_impartial(self.house, self[who], CALL_ID, [case])
        act = submit_review if submit else save_draft
        version = open_review(self.house, self[who], CALL_ID, case).version
        return act(self.house, self[who], CALL_ID, case, draft(*values), version)

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        with reading(self.house.engine) as uow:
            return {
                table.name: uow.connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in metadata.sorted_tables
            }


def _create(url: str) -> World:
    clock = Clock()
    return World(open_house(url, clock), clock)


def _open(url: str, moment: datetime = OPENING) -> World:
    clock = Clock(moment)
    world = World(House(make_engine(url), clock), clock)
    accounts = {account.username: account for account in list_accounts(world.house.engine, TERMINAL)}
    for name, account in accounts.items():
        world.people[name] = Actor(account.id, name, account.name, account.roles, account.language)
    return world


def fill_people(world: World) -> None:
    """The shipped calls, that of 2022 in review, and one account per person of ``PEOPLE``."""
    add_presets(world.house)
    for username, roles in PEOPLE.items():
        account, _ = add_account(
            world.house.engine,
            TERMINAL,
            username=username,
            name=username.title(),
            roles=roles,
            password=PASSWORD,
        )
        world.people[username] = Actor(account.id, account.username, account.name, account.roles, account.language)
    world.turn_to("review")


def fill_panel(world: World) -> None:
    """Six applications taken and confirmed, three reviewers each who declared impartiality, some reviews submitted, one begun."""
    world.take(*(application(number) for number in range(1, 7)))
    world.confirm(*CASES)
    for place, case in enumerate(CASES):
        world.assign(case, [REVIEWERS[(place + step) % 4] for step in range(3)])
    for username in REVIEWERS:
        own = [CASES[place] for place in range(6) if (REVIEWERS.index(username) - place) % 4 < 3]
        declare_impartial(world.house, world[username], CALL_ID, own)
    world.review("arvi", CASES[0], 5, 4, 4)
    world.review("britta", CASES[0], 4, 4, 3)
    world.review("celia", CASES[0], 3, 4, 5)
    world.review("britta", CASES[1], 2, 3, 3)
    world.review("celia", CASES[1], 4, 3, 3)
    world.review("daavid", CASES[2], 5, 5, 5, submit=False)


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """SQLite files to copy: ``people`` and ``panel``."""
    folder = tmp_path_factory.mktemp("worlds")
    files = {name: folder / f"{name}.db" for name in ("people", "panel")}
    world = _create(f"sqlite:///{files['people']}")
    fill_people(world)
    world.house.engine.dispose()
    shutil.copy(files["people"], files["panel"])
    world = _open(f"sqlite:///{files['panel']}")
    fill_panel(world)
    world.house.engine.dispose()
    return files


@pytest.fixture(scope="session")
def postgres_templates(postgres_server: Postgres) -> dict[str, str]:
    """PostgreSQL databases to copy: ``people`` and ``panel``, by their names."""
    urls: dict[str, str] = {"people": postgres_server.new_database()}
    world = _create(urls["people"])
    fill_people(world)
    world.house.engine.dispose()
    urls["panel"] = postgres_server.new_database(_database(urls["people"]))
    world = _open(urls["panel"])
    fill_panel(world)
    world.house.engine.dispose()
    return {name: _database(url) for name, url in urls.items()}


def _database(url: str) -> str:
    name = make_engine(url).url.database
    assert name is not None
    return name


def _copy(request: pytest.FixtureRequest, template: str) -> Iterator[World]:
    """A copy of a template for one test, at whose end every invariant of the database still holds."""
    if request.param == "sqlite":
        copy = request.getfixturevalue("tmp_path") / "world.db"
        shutil.copy(request.getfixturevalue("sqlite_templates")[template], copy)
        world = _open(f"sqlite:///{copy}", NEXT_DAY)
        yield world
        broken = broken_invariants(world.house) if world.sound else []
        world.house.engine.dispose()
    else:
        server: Postgres = request.getfixturevalue("postgres_server")
        url = server.new_database(request.getfixturevalue("postgres_templates")[template])
        world = _open(url, NEXT_DAY)
        yield world
        broken = broken_invariants(world.house) if world.sound else []
        world.house.engine.dispose()
        server.drop(url)
    assert not broken, "after the test these invariants do not hold:\n" + "\n".join(broken)


def broken_invariants(house: House) -> list[str]:
    """Every invariant that does not hold, with where and what, in English."""
    return [f"{b.name}: {render(b.where, 'en')}; {render(b.what, 'en')}" for b in check_database(house)]


BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Calls and people, nothing else; the test may change everything."""
    yield from _copy(request, "people")


@pytest.fixture(params=BOTH)
def panel(request: pytest.FixtureRequest) -> Iterator[World]:
    """Six applications in review; the test may change everything."""
    yield from _copy(request, "panel")


@pytest.fixture(params=["sqlite"])
def small(request: pytest.FixtureRequest) -> Iterator[World]:
    """``world`` on SQLite only, for what does not depend on the database."""
    yield from _copy(request, "people")


@pytest.fixture(params=["sqlite"])
def desk(request: pytest.FixtureRequest) -> Iterator[World]:
    """``panel`` on SQLite only, for what does not depend on the database."""
    yield from _copy(request, "panel")


@pytest.fixture(scope="session")
def sample_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample database, built once. Read it or copy it; never write to it."""
    file = tmp_path_factory.mktemp("sample") / "sample.db"
    build_sample(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def sample(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A copy of the sample database that is only read."""
    copy = tmp_path_factory.mktemp("sample") / "copy.db"
    shutil.copy(sample_file, copy)
    made = _open(f"sqlite:///{copy}")
    yield made
    made.house.engine.dispose()
