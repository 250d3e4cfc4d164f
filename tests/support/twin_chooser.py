"""Arguments at random for what a viewer of the twins does: mostly about what is hidden."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from random import Random
from typing import Any

from openpyxl import load_workbook

from allocation import Scenario
from storage import applications as stored_applications
from storage import reviews as stored_reviews
from storage.meetings import list_meetings
from tests.support.twin_people import (
    FILES,
    UNCONFIRMED,
    Viewer,
    a_draft,
    application_id_in,
    consensus_version,
    pdf,
)
from tests.support.twins import Later
from tests.support.worlds import CALL, CALL_ID, CASES, CRITERIA, World, draft
from workbooks.review_form import read_form
from workflow.assignment_plan import Options
from workflow.offline import download_form
from workflow.scenarios import default_scenario

Arguments = dict[str, Any]
NOWHERE = "VN/404/2022"
"""A case number that is not there."""


@dataclass
class Chooser:
    """What an action is about, at random: mostly what is hidden."""

    rng: Random
    viewer: Viewer
    secret: tuple[str, ...]
    ids: Mapping[str, int]
    """Account id by user name."""
    likely: Mapping[str, float]
    """How often each use case is taken."""

    @property
    def case(self) -> str:
        """A case number."""
        pool = self.secret if self.rng.random() < 0.5 else (*CASES, UNCONFIRMED, NOWHERE)
        return self.rng.choice(pool)

    @property
    def person(self) -> int:
        """An account id, mostly of somebody who reviews or decides, now and then one that nobody has."""
        likely = [self.ids[name] for name in ("arvi", "britta", "celia", "daavid", "decider")]
        return self.rng.choice(likely if self.yes(0.7) else (*self.ids.values(), 404))

    @property
    def reviewers(self) -> list[int]:
        """Two to four account ids, seldom of somebody who is no reviewer."""
        pool = [self.ids[name] for name in ("arvi", "britta", "celia", "daavid")]
        return [*self.rng.sample(pool, self.rng.choice((2, 3, 4))), *([self.person] if self.rng.random() < 0.1 else [])]

    @property
    def text(self) -> str:
        """A reason, seldom an empty one."""
        return self.rng.choice(("Peruste.", "Toinen peruste.", "Vielä yksi.", " "))

    def yes(self, share: float = 0.5) -> bool:
        """True in this share of cases."""
        return self.rng.random() < share

    def application(self) -> Arguments:
        """An application by its case number."""
        return {"case_number": self.case}

    def own_draft(self, *, submitting: bool) -> Arguments:
        """A review of one's own over the version that is there. What is secret is never submitted: that would open it."""
        case = self.case
        whole = submitting and not (case in self.secret and self.viewer.bond == "unread")
        given = a_draft(self.rng, whole=True) if whole else draft(*(None, 3, self.rng.choice((1, 5))))
        return {"case_number": case, "draft": given, "expected_version": Later(own_version(self.viewer, case))}

    def scenario(self) -> Scenario:
        """What a scenario is run with."""
        return default_scenario(CALL, self.rng.choice(("rank_strict", "rank_skip", "proportional")))

    def meeting(self) -> Later:
        """The newest meeting of the call, which is no secret."""
        return Later(lambda world: max(meeting_versions(world), default=404))

    def meeting_version(self) -> Later:
        """Its version."""
        return Later(lambda world: max(meeting_versions(world).items(), default=(0, 0))[1])

    def levels(self) -> dict[str, int]:
        """A level per criterion."""
        return {key: self.rng.choice((1, 2, 3, 4, 5)) for key in CRITERIA}

    def agreed_version(self, case: str) -> Later | int:
        """The version of a consensus where it may be seen, else a guess."""
        if case in self.secret or case == NOWHERE:
            return self.rng.choice((0, 1, 2))
        return Later(lambda world: consensus_version(world, case))

    def attachment(self) -> str:
        """The SHA-256 of a file that is attached to some application, or to none."""
        pool = (*self.secret, *FILES) if self.yes(0.7) else (*CASES[1:4], "uusi")
        return sha256(pdf(self.rng.choice(pool))).hexdigest()

    def options(self) -> Options:
        """How to assign."""
        return Options(
            reviews=self.rng.choice((None, None, 2)),
            keep_present=self.yes(0.6),
            require_language=False,
            match_before_loads=self.yes(0.3),
        )


def own_version(viewer: Viewer, case: str) -> Callable[[World], int]:
    """The version of the viewer's own review of a case, 0 without one."""

    def look(world: World) -> int:
        with world.house.reading() as uow:
            if case == NOWHERE:
                return 0
            found = stored_reviews.find_review(uow, application_id_in(uow, case), world[viewer.username].id)
            return found.version if found else 0

    return look


def meeting_versions(world: World) -> dict[int, int]:
    """The version of each meeting by its id."""
    with world.house.reading() as uow:
        return {meeting.id: meeting.version for meeting in list_meetings(uow, CALL_ID)}


def version_of(c: Chooser, case: str) -> Later | int:
    """The version of an application where it may be seen, else a guess."""
    if case == NOWHERE or (case in c.secret and c.viewer.bond != "unread"):
        return c.rng.choice((1, 2))

    def look(world: World) -> int:
        with world.house.reading() as uow:
            rows = stored_applications.list_applications(uow, CALL_ID)
        return next(row.version for row in rows if row.case_number == case)

    return Later(look)


def filled_form(viewer: Viewer, level: int) -> Callable[[World], bytes]:
    """The viewer's offline form as it would be downloaded now, with a level in every sheet."""

    def look(world: World) -> bytes:
        data = download_form(world.house, viewer.actor(world), CALL_ID, "fi")[1]
        book = load_workbook(BytesIO(data))
        for row in read_form(data, CALL).rows:
            book[row.sheet][row.cells["remark"]].value = f"Huomautus {level}"
        target = BytesIO()
        book.save(target)
        return target.getvalue()

    return look
