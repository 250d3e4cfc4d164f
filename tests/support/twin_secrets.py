"""What is hidden from a viewer: changes that others make where the viewer may learn nothing of it, at random."""

from datetime import timedelta
from random import Random
from typing import Any

from calls.application import Coordinator, Partner
from calls.application_record import to_record
from storage import applications as stored_applications
from storage import attachments as stored_attachments
from storage.scenarios import list_scenarios
from tests.support.twin_people import (
    DEPUTY,
    FILES,
    Act,
    Viewer,
    a_draft,
    application_id,
    application_id_in,
    consensus,
    consensus_version,
    file_of,
    pdf,
    review,
)
from tests.support.worlds import (
    CALL,
    CALL_ID,
    CASES,
    REVIEWERS,
    SOUND,
    World,
    application,
)
from workflow.abstaining import abstain, declare_impartial, resume
from workflow.assignment import assign_reviewers, lock_assignment
from workflow.attachments import add_attachment, remove_attachment
from workflow.conflict_proposals import accept_proposal, dismiss_proposal
from workflow.conflicts import CONFLICT_KINDS, lift_conflict, record_conflict
from workflow.eligibility import confirm_eligibility, withdraw_application
from workflow.intake import execute_import, plan_import
from workflow.meeting_consensus import remove_consensus
from workflow.review_reading import return_review
from workflow.saved_scenarios import remove_scenario, save_scenario
from workflow.scenarios import default_scenario


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
    changes, file = _changes(rng, case), rng.choice(FILES)
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
        (3, f"{file} is attached to {case}", _attached(officer, case, file)),
        (2, f"{case} loses an attachment", _detached(officer, case)),
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
    return lambda w: save_scenario(w.house, w[officer], CALL_ID, name, default_scenario(CALL, "rank_strict"))


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


def _attached(officer: str, case: str, name: str) -> Act:
    return lambda w: add_attachment(w.house, w[officer], CALL_ID, case, name, pdf(name))


def _detached(officer: str, case: str) -> Act:
    def act(world: World) -> None:
        with world.house.reading() as uow:
            found = stored_attachments.list_attachments(uow, application_id_in(uow, case))
        for attachment in found[:1]:
            remove_attachment(world.house, world[officer], CALL_ID, case, attachment.sha256)

    return act
