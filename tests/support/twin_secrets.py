"""Who looks, and what is hidden from them: changes that others make where the viewer may learn nothing of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any, Literal

from access.permissions import Actor
from calls.application import Coordinator, Partner
from calls.application_record import to_record
from storage import accounts as stored_accounts
from storage import applications as stored_applications
from storage import attachments as stored_attachments
from storage import reviews as stored_reviews
from storage.meetings import find_consensus
from storage.scenarios import list_scenarios
from storage.unit import UnitOfWork
from tests.support.worlds import (
    CALL,
    CALL_ID,
    CASES,
    CRITERIA,
    REVIEWERS,
    SOUND,
    TERMINAL,
    World,
    application,
    workbook,
)
from workflow.abstaining import abstain, declare_impartial, resume
from workflow.accounts import add_account, set_affiliation
from workflow.assignment import assign_reviewers, lock_assignment
from workflow.attachments import add_attachment, remove_attachment
from workflow.conflict_proposals import accept_proposal, dismiss_proposal
from workflow.conflicts import CONFLICT_KINDS, lift_conflict, record_conflict
from workflow.eligibility import confirm_eligibility, withdraw_application
from workflow.intake import execute_import, plan_import
from workflow.meeting import start_meeting
from workflow.meeting_consensus import record_consensus, remove_consensus
from workflow.review_reading import return_review
from workflow.reviewing import Draft, store_draft
from workflow.scenarios import defaults, remove_scenario, save_scenario

Bond = Literal["unread", "conflict", "apart", "stranger", "none"]
"""What closes an application to the viewer: the own review that is not submitted, a conflict of interest, not being its
reviewer, having no role. ``none``: nothing does."""
Act = Callable[[World], Any]
DEPUTY = "vilja"
"""A second chair, who leads the meetings."""
UNCONFIRMED = "VN/7/2022"
"""An application whose eligibility nobody has confirmed."""


@dataclass(frozen=True)
class Viewer:
    """Somebody with ``roles``, and the applications of which something is hidden from them by ``bond``."""

    kind: str
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
    save_scenario(world.house, world["officer"], CALL_ID, "Perus", defaults(CALL, "rank_strict"))


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
        record_consensus(
            world.house,
            world[who],
            CALL_ID,
            case,
            draft.levels,
            draft.reasons,
            note,
            version,  # type: ignore[arg-type]
        )

    return act


def consensus_version(world: World, case: str) -> int:
    """The version of the consensus on an application, 0 without one."""
    with world.house.reading() as uow:
        found = find_consensus(uow, application_id_in(uow, case))
        return found.version if found else 0


def of_reviews(rng: Random, viewer: Viewer, case: str) -> tuple[str, Act]:
    """Something that happens to others' reviews of a case, to the consensus on it, or to the allocation."""
    whole, agreed = rng.random() < 0.7, a_draft(rng, whole=True)
    others = [name for name in REVIEWERS if name != viewer.username]
    who, text = rng.choice(others), a_draft(rng, whole=whole)
    name, levels = f"Vaihtoehto {rng.randrange(99)}", list(text.levels.values())
    acts: list[tuple[int, str, Act]] = [
        (8, f"{who} reviews {case}: {levels}", review(who, case, text, submitting=whole)),
        (2, f"{who}'s review of {case} is returned", _returned(rng.choice((DEPUTY, viewer.officer)), who, case)),
        (3, f"consensus on {case}: {list(agreed.levels.values())}", consensus(DEPUTY, case, agreed, text.remark)),
        (1, f"no consensus on {case}", _no_consensus(case)),
        (2, f"scenario {name}", _scenario(viewer.officer, name)),
        (1, "a scenario less", _no_scenario(viewer.officer)),
    ]
    return _pick(rng, acts)


def of_content(rng: Random, viewer: Viewer, case: str) -> tuple[str, Act]:
    """Something that happens to the application itself, its handling, its reviewers or its attachments."""
    officer = viewer.officer
    others = [name for name in (*REVIEWERS, "decider", "chair") if name != viewer.username]
    who, text = rng.choice(others), f"Peruste {rng.randrange(99)}."
    changes = _changes(rng, case)
    panel = rng.sample([name for name in REVIEWERS if name != viewer.username], rng.choice((2, 3)))
    outcome = rng.choice(("eligible", "not_eligible", "dismissed", "supplement_requested"))
    acts: list[tuple[int, str, Act]] = [
        (4, f"{case} changes: {sorted(changes)}", _version(officer, case, changes)),
        (1, f"{case} is imported anew: {sorted(changes)}", _imported(officer, case, changes)),
        (3, f"{case} is {outcome}", _decided(officer, case, outcome, text)),
        (2, f"{case} is withdrawn", lambda w: withdraw_application(w.house, w[officer], CALL_ID, case, text)),
        (3, f"{panel} review {case}", _assigned(officer, case, panel)),
        (1, f"{who} is locked to {case}", _locked(officer, case, who)),
        (2, f"conflict of {who} in {case}", _conflict(officer, case, who, rng.choice(CONFLICT_KINDS), text)),
        (1, f"no conflict of {who} in {case}", _lifted(officer, case, who, text)),
        (1, f"proposal about {who} in {case}", _proposal(officer, case, who, text, rng.random() < 0.5)),
        (1, f"{who} abstains from {case}", lambda w: abstain(w.house, w[who], CALL_ID, case, text)),
        (1, f"{who} resumes {case}", lambda w: resume(w.house, w[who], CALL_ID, case)),
        (1, f"{who} is impartial in {case}", lambda w: declare_impartial(w.house, w[who], CALL_ID, [case])),
        (2, f"{text} is attached to {case}", _attached(officer, case, text)),
        (1, f"{case} loses an attachment", _detached(officer, case)),
    ]
    return _pick(rng, acts)


def _pick(rng: Random, acts: list[tuple[int, str, Act]]) -> tuple[str, Act]:
    _, label, act = rng.choices(acts, [weight for weight, _, _ in acts])[0]
    return label, act


def _returned(by: str, who: str, case: str) -> Act:
    return lambda w: return_review(w.house, w[by], CALL_ID, case, w[who].id, "Täydennä perustelut.")


def _no_consensus(case: str) -> Act:
    return lambda w: remove_consensus(w.house, w[DEPUTY], CALL_ID, case, consensus_version(w, case))


def _scenario(officer: str, name: str) -> Act:
    return lambda w: save_scenario(w.house, w[officer], CALL_ID, name, defaults(CALL, "rank_strict"))


def _no_scenario(officer: str) -> Act:
    def act(world: World) -> None:
        with world.house.reading() as uow:
            last = [scenario.id for scenario in list_scenarios(uow, CALL_ID)][-1:]
        for scenario in last:
            remove_scenario(world.house, world[officer], CALL_ID, scenario)

    return act


def _changes(rng: Random, case: str) -> dict[str, Any]:
    """Some other content; now and then that of another application, which makes them possible duplicates."""
    personnel = rng.choice((40_000, 90_000, 120_000))
    pool: dict[str, Any] = {
        "project_name": rng.choice(("Toinen hanke", *(f"Yhteinen tietopohja {n}" for n in range(1, 8)))),
        "coordinator": Coordinator("Kaarina", "2345678-1", "202"),
        "partners": (Partner("municipality", "Raisio", "680"), Partner("municipality", "Kaarina", "202")),
        "theme": rng.choice(CALL.themes).id,
        "language": "sv",
        "summary": f"Tiivistelmä {rng.randrange(99)}.",
        "costs": {**SOUND.costs, "personnel": personnel},
        "applied": rng.choice((40_000, 60_000)),
    }
    return {key: pool[key] for key in rng.sample(sorted(pool), rng.choice((1, 2, 3)))}


def _version(officer: str, case: str, changes: dict[str, Any]) -> Act:
    def act(world: World) -> None:
        with world.house.writing(world[officer], CALL_ID) as uow:
            row = next(r for r in stored_applications.list_applications(uow, CALL_ID) if r.case_number == case)
            record = to_record(application(CASES.index(case) + 1, **changes))
            stored_applications.add_version(uow, row, record, sorted(changes), uow.now(), None)

    return act


def file_of(case: str, changes: dict[str, Any]) -> bytes:
    """A workbook with one application."""
    return workbook(application(int(case.split("/")[1]), **changes))


def _imported(officer: str, case: str, changes: dict[str, Any]) -> Act:
    def act(world: World) -> None:
        plan = plan_import(world.house, world[officer], CALL_ID, file_of(case, changes), "uudet.xlsx")
        execute_import(world.house, world[officer], plan, accept_changes=True)

    return act


def _decided(officer: str, case: str, outcome: Any, reason: str) -> Act:
    def act(world: World) -> None:
        with world.house.reading() as uow:
            version = stored_applications.find_application(uow, application_id_in(uow, case)).version  # type: ignore[union-attr]
            deadline = uow.now() + timedelta(days=14)
        confirm_eligibility(
            world.house,
            world[officer],
            CALL_ID,
            case,
            version=version,
            outcome=outcome,
            reason=reason,
            members_confirmed=True,
            deadline=deadline,
            request_text="Täydentäkää hakemusta.",
        )

    return act


def _assigned(officer: str, case: str, panel: list[str]) -> Act:
    return lambda w: assign_reviewers(
        w.house, w[officer], CALL_ID, application_id(w, case), [w[name].id for name in panel]
    )


def _locked(officer: str, case: str, who: str) -> Act:
    return lambda w: lock_assignment(w.house, w[officer], CALL_ID, application_id(w, case), w[who].id, True)


def _conflict(officer: str, case: str, who: str, kind: str, note: str) -> Act:
    return lambda w: record_conflict(w.house, w[officer], CALL_ID, case, w[who].id, kind, note)


def _lifted(officer: str, case: str, who: str, reason: str) -> Act:
    return lambda w: lift_conflict(w.house, w[officer], CALL_ID, case, w[who].id, reason)


def _proposal(officer: str, case: str, who: str, reason: str, taken: bool) -> Act:
    if taken:
        return lambda w: accept_proposal(w.house, w[officer], CALL_ID, case, w[who].id)
    return lambda w: dismiss_proposal(w.house, w[officer], CALL_ID, case, w[who].id, reason)


def _attached(officer: str, case: str, text: str) -> Act:
    return lambda w: add_attachment(w.house, w[officer], CALL_ID, case, f"{text}pdf", pdf(text))


def _detached(officer: str, case: str) -> Act:
    def act(world: World) -> None:
        with world.house.reading() as uow:
            found = stored_attachments.list_attachments(uow, application_id_in(uow, case))
        for attachment in found[:1]:
            remove_attachment(world.house, world[officer], CALL_ID, case, attachment.sha256)

    return act
