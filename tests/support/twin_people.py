"""Who looks at the twins, what is there for everybody, and the changes that are made openly as well as hidden."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Literal

from access.permissions import Actor
from storage import accounts as stored_accounts
from storage import applications as stored_applications
from storage import reviews as stored_reviews
from storage.meetings import find_consensus
from storage.unit import UnitOfWork
from tests.support.worlds import CALL, CALL_ID, CASES, CRITERIA, TERMINAL, World, application, workbook
from workflow.accounts import add_account, set_affiliation
from workflow.attachments import add_attachment
from workflow.conflicts import record_conflict
from workflow.meeting import start_meeting
from workflow.meeting_consensus import record_consensus
from workflow.reviewing import Draft, store_draft
from workflow.saved_scenarios import save_scenario
from workflow.scenarios import default_scenario

Bond = Literal["unread", "conflict", "apart", "stranger", "none"]
"""What closes an application to the viewer: the own review that is not submitted, a conflict of interest, not being its
reviewer, having no role. ``none``: nothing does."""
Act = Callable[[World], Any]
DEPUTY = "vilja"
"""A second chair, who leads the meetings."""
FILES = ("budjetti.pdf", "sopimus.pdf")
"""Attachments that come later."""
UNCONFIRMED = "VN/7/2022"
"""An application whose eligibility nobody has confirmed."""


@dataclass(frozen=True)
class Viewer:
    """Somebody with ``roles``, and the applications of which something is hidden from them by ``bond``."""

    username: str
    roles: frozenset[str]
    bond: Bond
    cases: tuple[str, ...]

    @property
    def officer(self) -> str:
        """Another officer, who is disqualified from nothing."""
        return "officer" if self.username == "colleague" else "colleague"

    def actor_of(self, people: Mapping[str, Actor]) -> Actor:
        """The viewer among ``people``."""
        return replace(people[self.username], roles=self.roles)

    def actor(self, world: World) -> Actor:
        """The viewer in a world."""
        return replace(world[self.username], roles=self.roles)


def fill_more(world: World) -> None:
    """On top of the panel: one more application, a deputy chair, affiliations, a conflict, attachments, a scenario."""
    world.take(application(7), filename="seitsemäs.xlsx")
    account, _ = add_account(world.house.engine, TERMINAL, username=DEPUTY, name="Vilja", roles=("chair",))
    world.people[DEPUTY] = Actor(account.id, account.username, account.name, account.roles)
    set_affiliation(world.house.engine, TERMINAL, "britta", municipality="202")
    set_affiliation(world.house.engine, TERMINAL, "decider", employer="Turun kaupunki")
    record_conflict(world.house, world["officer"], CALL_ID, CASES[5], world["decider"].id, "employment", "")
    for case in CASES[1:4]:
        add_attachment(world.house, world["officer"], CALL_ID, case, "liite.pdf", pdf(case))
    save_scenario(world.house, world["officer"], CALL_ID, "Perus", default_scenario(CALL, "rank_strict"))


def take_roles(viewer: Viewer) -> Act:
    """Give the viewer's account the viewer's roles; without any it keeps its own, and only the actor has none."""

    def act(world: World) -> None:
        if viewer.roles:
            with world.house.writing(TERMINAL) as uow:
                account = stored_accounts.account_by_username(uow.connection, viewer.username)
                stored_accounts.replace_roles(uow, account, viewer.roles)

    return act


def pdf(text: str) -> bytes:
    """As little as passes for a PDF file."""
    return b"%PDF-1.4\n%" + text.encode() + b"\n%%EOF\n"


def file_of(case: str, changes: dict[str, Any]) -> bytes:
    """A workbook with one application."""
    return workbook(application(int(case.split("/")[1]), **changes))


def a_draft(rng: Random, *, whole: bool) -> Draft:
    """A review with any levels and texts; a ``whole`` one can be submitted."""
    levels = {key: rng.choice((1, 2, 3, 4, 5) if whole else (None, 1, 2, 3, 4, 5)) for key in CRITERIA}
    reasons = {key: f"Perustelu {rng.randrange(99)}." for key in CRITERIA if whole or rng.random() < 0.7}
    return Draft(levels, reasons, rng.choice(("", "Vain paneelille.")), confidence=rng.choice((None, 1, 2, 3)))


def application_id(world: World, case: str) -> int:
    """The id of an application; 404 where there is none."""
    with world.house.reading() as uow:
        rows = stored_applications.list_applications(uow, CALL_ID)
        return next((row.id for row in rows if row.case_number == case), 404)


def review(who: str, case: str, draft: Draft, *, submitting: bool) -> Act:
    """Save or submit somebody's review over whatever is there."""

    def act(world: World) -> None:
        with world.house.writing(world[who], CALL_ID) as uow:
            present = stored_reviews.find_review(uow, application_id_in(uow, case), world[who].id)
            version = present.version if present else 0
            store_draft(uow, world[who], CALL_ID, case, draft, version, submitting=submitting)

    return act


def application_id_in(uow: UnitOfWork, case: str) -> int:
    """As ``application_id``, inside a unit of work."""
    return next(row.id for row in stored_applications.list_applications(uow, CALL_ID) if row.case_number == case)


def meeting(world: World) -> None:
    """The deputy opens a meeting at which everybody is present."""
    present = sorted(actor.id for actor in world.people.values())
    everybody = [person for person in present if person != world["admin"].id]
    start_meeting(world.house, world[DEPUTY], CALL_ID, "Paneelin kokous", "Helsinki", everybody)


def consensus(who: str, case: str, draft: Draft, note: str) -> Act:
    """Record a consensus, or change the one that is there."""

    def act(world: World) -> None:
        version = consensus_version(world, case)
        levels = {key: level for key, level in draft.levels.items() if level is not None}
        record_consensus(world.house, world[who], CALL_ID, case, levels, draft.reasons, note, version)

    return act


def consensus_version(world: World, case: str) -> int:
    """The version of the consensus on an application, 0 without one."""
    with world.house.reading() as uow:
        found = find_consensus(uow, application_id_in(uow, case))
        return found.version if found else 0
