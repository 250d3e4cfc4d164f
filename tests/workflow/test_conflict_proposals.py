"""Conflicts that the system proposes, who decides on them, and what everybody declares before the texts open."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from access.permissions import Forbidden
from calls.application import Municipality, Partner
from locales import LocalText, render
from tests.support.worlds import CALL, CALL_ID, CASES, TERMINAL, World, application
from workflow.abstaining import abstain, declare_impartial
from workflow.accounts import AccountFault, list_accounts, own_affiliation, set_affiliation
from workflow.conflict_proposals import accept_proposal, dismiss_proposal, list_proposals, proposed_pairs
from workflow.conflicts import declare_conflict, list_recorded
from workflow.declarations import Declaration, list_to_declare
from workflow.eligibility import withdraw_application
from workflow.errors import Refused
from workflow.trail import get_trail

ROPE = Partner("joint_authority", "Rannikon kuntayhtymä", None, (Municipality("680", "Raisio"),))


def affiliate(world: World, who: str, municipality: str = "", employer: str = "") -> None:
    set_affiliation(world.house.engine, TERMINAL, who, municipality=municipality, employer=employer)


def words(attempt: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as refused:
        attempt()
    return [render(message, "en") for message in refused.value.messages]


def proposed(world: World, who: str = "officer") -> list[tuple[str, str]]:
    return [(p.case_number, p.person) for p in list_proposals(world.house, world[who], CALL_ID)]


def pairs(world: World) -> set[tuple[int, int]]:
    with world.house.reading() as uow:
        return proposed_pairs(uow, CALL_ID, CALL)


def own(world: World, who: str) -> dict[str, Declaration]:
    return {row.case_number: row for row in list_to_declare(world.house, world[who], CALL_ID)}


@pytest.fixture
def tied(desk: World) -> World:
    """A seventh application with a joint authority of which Raisio is a member; britta works for Raisio."""
    desk.take(application(7, partners=(*application().partners, ROPE)))
    desk.confirm("VN/7/2022")
    affiliate(desk, "britta", employer="Raision kaupunki")
    return desk


def test_nothing_is_proposed_while_nothing_is_known_of_people(desk: World) -> None:
    assert proposed(desk) == []
    assert pairs(desk) == set()


def test_an_employer_that_is_a_member_of_a_joint_authority_is_proposed_with_its_evidence(tied: World) -> None:
    (found,) = list_proposals(tied.house, tied["officer"], CALL_ID)
    assert (found.case_number, found.account_id, found.person, found.kind) == (
        "VN/7/2022", tied["britta"].id, "Britta", "employment",
    )  # fmt: skip
    assert [render(sentence, "en") for sentence in found.evidence] == [
        "The recorded employer, Raision kaupunki, is a member of the partner Rannikon kuntayhtymä."
    ]
    assert (found.assigned, found.declared_impartial) == (False, False)
    assert pairs(tied) == {(tied.views()["VN/7/2022"].id, tied["britta"].id)}


@pytest.mark.parametrize("who", ["chair", "decider", "colleague", "daavid"])
def test_everybody_who_takes_part_is_compared(tied: World, who: str) -> None:
    affiliate(tied, "britta")
    affiliate(tied, who, "680")
    assert proposed(tied) == [("VN/7/2022", who.title())]


def test_an_administrator_alone_and_a_disabled_account_are_not_compared(tied: World) -> None:
    affiliate(tied, "admin", "680")
    assert proposed(tied) == [("VN/7/2022", "Britta")]


def test_an_accepted_proposal_is_a_conflict_with_the_evidence(tied: World) -> None:
    accept_proposal(tied.house, tied["officer"], CALL_ID, "VN/7/2022", tied["britta"].id)
    assert proposed(tied) == []
    assert pairs(tied) == set()
    (found,) = list_recorded(tied.house, tied["officer"], CALL_ID)
    assert (found.person, found.kind, found.declared_by, found.own, found.lifted_at) == (
        "Britta", "employment", "Officer", False, None,
    )  # fmt: skip
    assert "Raision kaupunki" in found.note
    assert own(tied, "britta")["VN/7/2022"] == Declaration("VN/7/2022", "", "", (), "conflict", False)


def test_an_accepted_proposal_takes_the_ground_that_the_officer_chooses(tied: World) -> None:
    officer, britta = tied["officer"], tied["britta"].id
    assert words(lambda: accept_proposal(tied.house, officer, CALL_ID, "VN/7/2022", britta, "money")) == [
        "The ground money is not known."
    ]
    accept_proposal(tied.house, officer, CALL_ID, "VN/7/2022", britta, "board_membership")
    assert [c.kind for c in list_recorded(tied.house, officer, CALL_ID)] == ["board_membership"]


def test_a_dismissed_proposal_is_logged_and_not_made_again(tied: World) -> None:
    officer, britta = tied["officer"], tied["britta"].id
    for reason in ("", "   ", "x" * 5_001):
        assert words(partial(dismiss_proposal, tied.house, officer, CALL_ID, "VN/7/2022", britta, reason)) == [
            "Give the reason, in 1 to 5000 characters."
        ]
    dismiss_proposal(tied.house, officer, CALL_ID, "VN/7/2022", britta, "Työsuhde on päättynyt.")
    assert proposed(tied) == []
    assert pairs(tied) == set()
    (found,) = list_recorded(tied.house, officer, CALL_ID)
    assert (found.declared_by, found.lifted_by, found.lift_reason) == ("", "Officer", "Työsuhde on päättynyt.")
    assert own(tied, "britta")["VN/7/2022"].state == "open"
    assert own(tied, "britta")["VN/7/2022"].evidence == ()
    entries = get_trail(tied.house, officer, CALL_ID)
    assert [e.action for e in entries[:2]] == ["conflict.lift", "conflict.declare"]
    assert ("lift_reason", "", "Työsuhde on päättynyt.") in entries[0].changes
    assert words(lambda: dismiss_proposal(tied.house, officer, CALL_ID, "VN/7/2022", britta, "Taas.")) == [
        "No such proposal waits in application VN/7/2022."
    ]


def test_a_dismissed_one_can_still_be_declared(tied: World) -> None:
    dismiss_proposal(tied.house, tied["officer"], CALL_ID, "VN/7/2022", tied["britta"].id, "Päättynyt.")
    declare_conflict(tied.house, tied["britta"], CALL_ID, "VN/7/2022", "other", "")
    assert own(tied, "britta")["VN/7/2022"].state == "conflict"


def test_nobody_dismisses_a_proposal_about_themselves(tied: World) -> None:
    affiliate(tied, "officer", "680")
    officer = tied["officer"]
    for case in ("VN/7/2022", "VN/404/2022"):
        assert words(partial(dismiss_proposal, tied.house, officer, CALL_ID, case, officer.id, "Ei.")) == [
            "A proposal about yourself is dismissed by another officer."
        ]
    dismiss_proposal(tied.house, tied["colleague"], CALL_ID, "VN/7/2022", officer.id, "Ei ole työssä siellä.")
    assert proposed(tied) == [("VN/7/2022", "Britta")]


def test_a_disqualified_officer_learns_nothing_of_proposals_and_decides_none(tied: World) -> None:
    officer, britta = tied["officer"], tied["britta"].id
    declare_conflict(tied.house, officer, CALL_ID, "VN/7/2022", "other", "")
    assert proposed(tied) == []
    assert proposed(tied, "colleague") == [("VN/7/2022", "Britta")]
    for case in ("VN/7/2022", "VN/404/2022"):
        for attempt in (
            partial(accept_proposal, tied.house, officer, CALL_ID, case, britta),
            partial(dismiss_proposal, tied.house, officer, CALL_ID, case, britta, "Ei."),
        ):
            assert words(attempt) == [f"No such proposal waits in application {case}."]


@pytest.mark.parametrize("who", ["chair", "decider", "arvi", "admin"])
def test_only_officers_see_and_decide_proposals(tied: World, who: str) -> None:
    attempts: list[Callable[[], object]] = [
        lambda: list_proposals(tied.house, tied[who], "no call"),
        lambda: accept_proposal(tied.house, tied[who], "no call", "", 0),
        lambda: dismiss_proposal(tied.house, tied[who], "no call", "", 0, ""),
    ]
    for attempt in attempts:
        with pytest.raises(Forbidden):
            attempt()


def test_a_withdrawn_application_is_not_proposed(tied: World) -> None:
    withdraw_application(tied.house, tied["officer"], CALL_ID, "VN/7/2022", "Kirje.")
    assert proposed(tied) == []


def test_a_reviewer_is_shown_the_parties_of_everything_that_goes_to_review(tied: World) -> None:
    tied.take(application(8))
    tied.assign(CASES[2], ["arvi", "britta", "celia", "daavid"])
    shown = own(tied, "britta")
    assert list(shown) == [*CASES, "VN/7/2022"], "what is not confirmed is not shown"
    assert shown[CASES[0]] == Declaration(
        CASES[0], "Yhteinen tietopohja 1", "Turku", ("Turku", "Kaarina"), "impartial", True
    )
    assert (shown[CASES[2]].state, shown[CASES[2]].assigned) == ("open", True)
    assert {case for case, row in shown.items() if not row.assigned} == {"VN/7/2022"}
    assert [render(sentence, "en") for sentence in shown["VN/7/2022"].evidence] == [
        "The recorded employer, Raision kaupunki, is a member of the partner Rannikon kuntayhtymä."
    ]


def test_declaring_and_abstaining_show_in_the_own_list(desk: World) -> None:
    case = CASES[1]
    assert (own(desk, "arvi")[case].state, own(desk, "arvi")[case].assigned) == ("open", False)
    desk.assign(case, ["arvi", "britta", "celia", "daavid"])
    assert (own(desk, "arvi")[case].state, own(desk, "arvi")[case].assigned) == ("open", True)
    declare_impartial(desk.house, desk["arvi"], CALL_ID, [case])
    assert own(desk, "arvi")[case].state == "impartial"
    abstain(desk.house, desk["arvi"], CALL_ID, case, "Aika ei riitä.")
    assert own(desk, "arvi")[case].assigned is False


def test_a_reviewer_sees_only_own_assignments_in_preparation(desk: World) -> None:
    desk.turn_to("intake")
    assert list(own(desk, "arvi")) == list(CASES)
    desk.turn_to("preparation")
    assert list(own(desk, "arvi")) == [CASES[0], *CASES[2:5]]


@pytest.mark.parametrize("who", ["officer", "chair", "decider"])
def test_whoever_sees_all_applications_declares_for_all_of_them(desk: World, who: str) -> None:
    desk.take(application(8))
    assert list(own(desk, who)) == [*CASES, "VN/8/2022"]


def test_a_conflicted_reviewer_sees_the_case_number_whatever_becomes_of_the_application(desk: World) -> None:
    declare_conflict(desk.house, desk["arvi"], CALL_ID, CASES[2], "other", "")
    before = list_to_declare(desk.house, desk["arvi"], CALL_ID)
    desk.take(application(3, project_name="Toinen nimi", partners=(*application().partners, ROPE)))
    affiliate(desk, "arvi", "680")
    desk.assign(CASES[2], ["britta", "celia", "daavid"])
    withdraw_application(desk.house, desk["officer"], CALL_ID, CASES[2], "Kirje.")
    assert list_to_declare(desk.house, desk["arvi"], CALL_ID) == before
    assert words(lambda: declare_conflict(desk.house, desk["arvi"], CALL_ID, CASES[2], "other", "")) == [
        "The conflict of interest is recorded already."
    ]


def test_an_affiliation_is_set_from_the_register_and_logged(desk: World) -> None:
    house, admin = desk.house, desk["admin"]
    found = set_affiliation(house.engine, admin, "arvi", municipality="åbo stad", employer=" Turun  kaupunki ")
    assert (found.municipality_code, found.employer) == ("853", "Turun kaupunki")
    assert own_affiliation(house.engine, desk["arvi"]) == (LocalText("Turku", "Åbo", "Turku"), "Turun kaupunki")
    assert own_affiliation(house.engine, desk["britta"]) == ("", "")
    assert own_affiliation(house.engine, TERMINAL) == ("", "")
    kept = set_affiliation(house.engine, admin, "arvi", employer="")
    assert (kept.municipality_code, kept.employer) == ("853", "")
    assert set_affiliation(house.engine, admin, "arvi", municipality=" ").municipality_code == ""
    entries = get_trail(house, admin, None)
    assert [e.action for e in entries[:3]] == ["affiliation changed"] * 3


@pytest.mark.parametrize(
    ("municipality", "employer", "said"),
    [
        ("Turkku", "", "There is no municipality Turkku in the register. Near it: Turku"),
        ("999", "", "There is no municipality 999 in the register. Give its name or its code of three digits."),
        ("853", "0204819-7", "0204819-7 is not a business ID: its check digit is wrong."),
    ],
)
def test_an_unknown_affiliation_is_refused_and_nothing_is_saved(
    desk: World, municipality: str, employer: str, said: str
) -> None:
    before = list_accounts(desk.house.engine, desk["admin"])
    with pytest.raises(AccountFault) as refused:
        set_affiliation(desk.house.engine, desk["admin"], "arvi", municipality=municipality, employer=employer)
    assert render(refused.value.message, "en").startswith(said)
    assert list_accounts(desk.house.engine, desk["admin"]) == before


@pytest.mark.parametrize("who", ["officer", "arvi", "chair"])
def test_only_an_administrator_sets_an_affiliation(desk: World, who: str) -> None:
    with pytest.raises(Forbidden):
        set_affiliation(desk.house.engine, desk[who], "nobody", municipality="853")


def test_a_reviewer_with_another_role_is_compared_like_anybody(tied: World) -> None:
    both = replace(tied["britta"], roles=frozenset({"reviewer", "officer"}))
    assert words(lambda: dismiss_proposal(tied.house, both, CALL_ID, "VN/7/2022", both.id, "Ei.")) == [
        "A proposal about yourself is dismissed by another officer."
    ]
