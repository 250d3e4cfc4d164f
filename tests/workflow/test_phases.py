"""Phases: each opens and closes what the one table of permissions says; what is decided stays."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from access import permissions
from access.permissions import PHASES, Forbidden, Permission
from locales import render
from tests.support.worlds import CALL, CALL_ID, CASES, NEXT_DAY, REVIEWERS, World, application, draft
from workflow.abstaining import abstain, declare_impartial
from workflow.assignment import assign_reviewers
from workflow.by_hand import set_award
from workflow.conflicts import declare_conflict, record_conflict
from workflow.eligibility import withdraw_application
from workflow.errors import Conflicting, Refused
from workflow.phases import Stage, change_phase, get_stage, set_review_deadline, steps
from workflow.review_reading import return_review
from workflow.reviewing import open_review, save_draft
from workflow.saved_scenarios import copy_scenario, lock_scenario, save_scenario
from workflow.scenarios import default_scenario

WRITES: dict[str, tuple[Permission, Callable[[World], Any]]] = {
    "import": (permissions.can_import, lambda w: w.take(application(7))),
    "withdrawal": (
        permissions.can_confirm_eligibility,
        lambda w: withdraw_application(w.house, w["officer"], CALL_ID, CASES[1], "Kirje."),
    ),
    "assignment": (
        permissions.can_assign,
        lambda w: assign_reviewers(
            w.house, w["officer"], CALL_ID, w.views()[CASES[5]].id, [w[n].id for n in REVIEWERS]
        ),
    ),
    "own conflict": (
        permissions.can_declare_conflict,
        lambda w: declare_conflict(w.house, w["daavid"], CALL_ID, CASES[2], "other", ""),
    ),
    "recorded conflict": (
        permissions.can_record_conflict,
        lambda w: record_conflict(w.house, w["officer"], CALL_ID, CASES[5], w["chair"].id, "other", ""),
    ),
    "declaration": (
        permissions.can_declare_conflict,
        lambda w: declare_impartial(w.house, w["arvi"], CALL_ID, [CASES[3]]),
    ),
    "draft": (
        permissions.can_review,
        lambda w: save_draft(w.house, w["arvi"], CALL_ID, CASES[3], draft(3, None, None), 0),
    ),
    "abstention": (
        permissions.can_review,
        lambda w: abstain(w.house, w["arvi"], CALL_ID, CASES[4], "Aika ei riitä."),
    ),
    "return": (
        permissions.can_return_review,
        lambda w: return_review(w.house, w["chair"], CALL_ID, CASES[0], w["arvi"].id, "Täydennä."),
    ),
    "scenario": (
        permissions.can_run_scenarios,
        lambda w: save_scenario(w.house, w["officer"], CALL_ID, "Perus", default_scenario(CALL)),
    ),
    "award by hand": (
        permissions.can_run_scenarios,
        lambda w: set_award(w.house, w["officer"], CALL_ID, 1, CASES[3], 0, "Peruuntui."),
    ),
    "copied scenario": (
        permissions.can_run_scenarios,
        lambda w: copy_scenario(w.house, w["officer"], CALL_ID, 1, "Kopio"),
    ),
    "locked scenario": (
        permissions.can_run_scenarios,
        lambda w: lock_scenario(w.house, w["officer"], CALL_ID, 1),
    ),
    "deadline": (
        permissions.can_set_deadline,
        lambda w: set_review_deadline(w.house, w["chair"], CALL_ID, NEXT_DAY, stage(w).version),
    ),
}


def stage(world: World) -> Stage:
    return get_stage(world.house, world["officer"], CALL_ID)


@pytest.mark.parametrize("phase", list(PHASES))
def test_a_phase_opens_exactly_what_the_table_says(desk: World, phase: str) -> None:
    if phase == "decided":
        for who, case in zip(("celia", "britta", "celia", "celia"), CASES[2:], strict=True):
            desk.review(who, case, 3, 3, 3)
        desk.turn_to("allocation")
    desk.turn_to(phase)
    for name, (permission, act) in WRITES.items():
        before = desk.counts()
        if phase in permission.phases:
            act(desk)
            continue
        with pytest.raises(Refused) as refused:
            act(desk)
        (message,) = refused.value.messages
        assert render(permission.text, "en") in render(message, "en"), name
        assert desk.counts() == before, name
    texts = permissions.can_open_texts.phases
    if phase in texts:
        assert open_review(desk.house, desk["britta"], CALL_ID, CASES[4]).writable == (phase in ("review", "meeting"))
    else:
        with pytest.raises(Refused):
            open_review(desk.house, desk["britta"], CALL_ID, CASES[4])


def test_decided_is_for_good_and_the_decision_makers(desk: World) -> None:
    with pytest.raises(Refused, match="phase"):
        change_phase(desk.house, desk["decider"], CALL_ID, "decided", stage(desk).version)
    desk.turn_to("allocation")
    with pytest.raises(Forbidden):
        change_phase(desk.house, desk["officer"], CALL_ID, "decided", stage(desk).version)
    with pytest.raises(Refused, match="approving the decision"):
        change_phase(desk.house, desk["decider"], CALL_ID, "decided", stage(desk).version)
    assert stage(desk).phase == "allocation"
    desk.turn_to("decided")
    for who in ("officer", "decider"):
        for phase in PHASES:
            with pytest.raises((Refused, Forbidden)):
                change_phase(desk.house, desk[who], CALL_ID, phase, stage(desk).version)
    assert stage(desk).phase == "decided"


def test_a_phase_changed_meanwhile_is_not_changed_again(panel: World) -> None:
    version = stage(panel).version
    panel.turn_to("meeting")
    with pytest.raises(Conflicting):
        change_phase(panel.house, panel["officer"], CALL_ID, "allocation", version)
    with pytest.raises(Conflicting):
        set_review_deadline(panel.house, panel["chair"], CALL_ID, NEXT_DAY, version)
    assert stage(panel) == Stage("meeting", None, version + 1)


def test_a_deadline_is_a_moment_everybody_can_name(desk: World) -> None:
    with pytest.raises(Refused):
        set_review_deadline(desk.house, desk["chair"], CALL_ID, datetime(2022, 5, 9, 16, 15), stage(desk).version)  # noqa: DTZ001
    until = NEXT_DAY + timedelta(days=7)
    assert (
        set_review_deadline(desk.house, desk["officer"], CALL_ID, until, stage(desk).version).review_deadline == until
    )
    assert set_review_deadline(desk.house, desk["officer"], CALL_ID, None, stage(desk).version).review_deadline is None


def test_every_phase_has_its_neighbours_but_decided_has_none() -> None:
    names = list(PHASES)
    assert [steps(name) for name in names[:-1]] == list(zip([None, *names], names[1:], strict=False))
    assert steps("decided") == (None, None)


def test_a_new_call_begins_in_preparation(small: World) -> None:
    assert get_stage(small.house, small["officer"], "2020").phase == "preparation"
