"""Eligibility: the rules find, an officer confirms on the version that was looked at, with a reason."""

from datetime import timedelta
from typing import Any

import pytest

from calls.application import Coordinator, Municipality, Partner
from tests.support.worlds import CALL, CALL_ID, CASES, World, application
from workflow.applications import get_application
from workflow.conflicts import record_conflict
from workflow.eligibility import (
    LONGEST_REASON,
    LONGEST_REQUEST,
    clear_cases,
    confirm_clear_cases,
    confirm_eligibility,
    draft_request,
    rests_on_members,
    withdraw_application,
)
from workflow.errors import Conflicting, Refused
from workflow.review_queue import my_queue
from workflow.reviewing import open_review

AUTHORITY = application(
    2,
    coordinator=Coordinator("Esimerkin kuntayhtymä", "1234567-1"),
    partners=(
        Partner(
            "joint_authority",
            "Esimerkin kuntayhtymä",
            None,
            (Municipality("853", "Turku"), Municipality("202", "Kaarina")),
        ),
    ),
)


def confirm(world: World, case: str = CASES[0], *, who: str = "officer", **wishes: Any) -> None:
    given: dict[str, Any] = {"version": 1, "outcome": "eligible", "reason": "Edellytykset täyttyvät.", **wishes}
    confirm_eligibility(world.house, world[who], CALL_ID, case, **given)


def test_what_was_confirmed_is_kept_with_who_and_when(world: World) -> None:
    world.take(application(1))
    confirm(world, reason="  Vain yksi kunta. ", outcome="not_eligible")
    confirm(world, who="colleague", reason="Kaksi kuntaa.")
    details = get_application(world.house, world["chair"], CALL_ID, CASES[0])
    assert [(d.outcome, d.reason, d.application_version, d.decided_by) for d in details.decisions] == [
        ("eligible", "Kaksi kuntaa.", 1, world["colleague"].id),
        ("not_eligible", "Vain yksi kunta.", 1, world["officer"].id),
    ]
    assert details.deciders == {world["colleague"].id: "Colleague", world["officer"].id: "Officer"}
    assert (details.view.state, details.view.eligible) == ("eligible", True)


@pytest.mark.parametrize(
    ("wishes", "problems"),
    [
        ({"reason": ""}, 1),
        ({"reason": " \n "}, 1),
        ({"reason": "x" * (LONGEST_REASON + 1)}, 1),
        ({"outcome": "maybe"}, 1),
        ({"outcome": "maybe", "reason": ""}, 2),
        ({"outcome": "supplement_requested"}, 1),
        ({"outcome": "supplement_requested", "deadline": "past", "request_text": "Täydentäkää."}, 1),
        ({"outcome": "supplement_requested", "deadline": "ahead"}, 1),
        ({"outcome": "supplement_requested", "deadline": "ahead", "request_text": "x" * (LONGEST_REQUEST + 1)}, 1),
    ],
)
def test_a_confirmation_that_lacks_something_is_refused(small: World, wishes: dict[str, Any], problems: int) -> None:
    small.take(application(1))
    if "deadline" in wishes:
        days = 14 if wishes["deadline"] == "ahead" else -1
        wishes = {**wishes, "deadline": small.clock() + timedelta(days=days)}
    before = small.counts()
    with pytest.raises(Refused) as refused:
        confirm(small, **wishes)
    assert len(refused.value.messages) == problems
    assert small.counts() == before


def test_an_application_that_changed_meanwhile_is_not_confirmed(small: World) -> None:
    small.take(application(1))
    before = small.counts()
    with pytest.raises(Conflicting):
        confirm(small, version=2)
    assert small.counts() == before


def test_the_members_of_a_joint_authority_have_to_be_confirmed(small: World) -> None:
    small.take(AUTHORITY)
    with pytest.raises(Refused):
        confirm(small, CASES[1])
    confirm(small, CASES[1], members_confirmed=True)
    view = small.views()[CASES[1]]
    assert view.decision is not None
    assert (view.state, view.decision.members_confirmed) == ("eligible", True)
    assert view.home is not None, "a joint authority sits where its first member is"
    assert view.home.name_fi == "Turku"


def test_a_joint_project_with_an_unknown_municipality_asks_for_no_members(small: World) -> None:
    small.take(application(1, partners=(application(1).partners[0], Partner("municipality", "Atlantis"))))
    assert {f.outcome for f in small.views()[CASES[0]].findings if f.rule == "joint_project"} == {"check"}
    assert rests_on_members(small.views()[CASES[0]]) is False
    confirm(small)
    assert small.views()[CASES[0]].eligible is True


@pytest.mark.parametrize(
    "changes",
    [
        {"coordinator": Coordinator("Helsinki", "1234567-1", "853")},
        {"partners": (*application(1).partners, Partner("municipality", "Atlantis", "091"))},
        {"other_public_funding": 5_000},
    ],
)
def test_what_an_officer_has_to_look_at_is_no_clear_case(small: World, changes: dict[str, Any]) -> None:
    small.take(application(1, **changes), application(2))
    assert [view.case_number for view in clear_cases(list(small.views().values()))] == [CASES[1]]


def test_a_request_for_supplement_has_a_deadline_and_a_text_in_the_applicants_language(small: World) -> None:
    small.take(application(1, dissemination="", language="sv"))
    view = small.views()[CASES[0]]
    assert view.proposal == "supplement_requested"
    deadline = small.clock() + timedelta(days=14)
    text = draft_request(CALL, view, deadline)
    assert text.startswith("Begäran om komplettering")
    confirm(small, outcome="supplement_requested", deadline=deadline, request_text=text, reason="Plan saknas.")
    stored = small.views()[CASES[0]].decision
    assert stored is not None
    assert (stored.outcome, stored.deadline, stored.request_text) == ("supplement_requested", deadline, text.strip())
    assert draft_request(CALL, small.views()[CASES[0]], deadline) == text


def test_a_deadline_and_a_text_are_kept_only_with_a_request(small: World) -> None:
    small.take(application(1))
    confirm(small, deadline=small.clock() + timedelta(days=1), request_text="Täydentäkää.")
    decision = small.views()[CASES[0]].decision
    assert decision is not None
    assert (decision.deadline, decision.request_text) == (None, "")


def test_nothing_is_drafted_when_nothing_is_to_be_asked(small: World) -> None:
    small.take(application(1))
    assert draft_request(CALL, small.views()[CASES[0]], small.clock()) == ""


def test_clear_cases_are_confirmed_together_or_not_at_all(world: World) -> None:
    world.take(application(1), application(2), application(3, dissemination=""))
    views = list(world.views().values())
    assert [view.case_number for view in clear_cases(views)] == [CASES[0], CASES[1]]
    before = world.counts()
    with pytest.raises(Conflicting) as refused:
        confirm_clear_cases(world.house, world["officer"], CALL_ID, CASES[:3], "Selvä.")
    assert refused.value.messages[0].params["cases"] == CASES[2]
    for reason in ("", "x" * (LONGEST_REASON + 1)):
        with pytest.raises(Refused):
            confirm_clear_cases(world.house, world["officer"], CALL_ID, CASES[:2], reason)
    assert world.counts() == before
    twice = (CASES[0], CASES[1], CASES[0])
    assert confirm_clear_cases(world.house, world["officer"], CALL_ID, twice, "Selvä.") == 2
    assert {case: view.state for case, view in world.views().items()} == {
        CASES[0]: "eligible",
        CASES[1]: "eligible",
        CASES[2]: "unconfirmed",
    }
    with pytest.raises(Conflicting):
        confirm_clear_cases(world.house, world["officer"], CALL_ID, CASES[:1], "Uudestaan.")


def test_a_disqualified_officer_sees_and_confirms_nothing_of_the_application(small: World) -> None:
    small.take(application(1), application(2))
    record_conflict(small.house, small["colleague"], CALL_ID, CASES[0], small["officer"].id, "employment", "Työpaikka")
    assert list(small.views("officer")) == [CASES[1]]
    assert list(small.views("colleague")) == [CASES[0], CASES[1]]
    attempts = (
        lambda: get_application(small.house, small["officer"], CALL_ID, CASES[0]),
        lambda: confirm(small),
        lambda: withdraw_application(small.house, small["officer"], CALL_ID, CASES[0], "Peruttu."),
    )
    unknown = str(Refused(*_refusal(lambda: get_application(small.house, small["officer"], CALL_ID, "VN/404/2022"))))
    for attempt in attempts:
        assert str(Refused(*_refusal(attempt))) == unknown, "the same words as for what does not exist"
    with pytest.raises(Conflicting):
        confirm_clear_cases(small.house, small["officer"], CALL_ID, [CASES[0]], "Selvä.")


def _refusal(attempt: Any) -> Any:
    with pytest.raises(Refused) as refused:
        attempt()
    return refused.value.messages


def test_a_withdrawn_application_is_out_of_everything_but_stays_visible(panel: World) -> None:
    withdraw_application(panel.house, panel["officer"], CALL_ID, CASES[0], " Kirje 12.5.2022 ")
    view = panel.views()[CASES[0]]
    assert (view.state, view.eligible, view.withdrawal_reason) == ("withdrawn", False, "Kirje 12.5.2022")
    assert CASES[0] not in [item.case_number for item in my_queue(panel.house, panel["arvi"], CALL_ID)]
    for attempt in (
        lambda: open_review(panel.house, panel["arvi"], CALL_ID, CASES[0]),
        lambda: confirm(panel),
        lambda: withdraw_application(panel.house, panel["officer"], CALL_ID, CASES[0], "Uudestaan."),
        lambda: withdraw_application(panel.house, panel["officer"], CALL_ID, CASES[1], " "),
    ):
        _refusal(attempt)
