"""Decisions after the first: each linked to the one before it, changing only what it says."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import cast

import pytest

from allocation import Scenario
from allocation.types import Status
from decisions.facts import facts_of
from decisions.solving import granted_again, solve_again
from decisions.tables import Tables
from locales import render
from tests.support.worlds import CALL, CALL_ID, CASES, PASSWORD, TERMINAL, World
from workflow.accounts import add_account
from workflow.assignment import assign_reviewers
from workflow.decision_export import export_snapshot, export_workbook
from workflow.decision_summary import Change, get_summary, summary_of
from workflow.decisions import Decision, list_decisions, load_frozen, return_decision
from workflow.errors import Refused
from workflow.further_causes import why_nothing_further
from workflow.later_decisions import LaterChange, propose_change, suggest_further_round, suggested
from workflow.later_lines import check_change, lines_given_back
from workflow.letters import preview_letter
from workflow.overview import get_headline
from workflow.scenarios import default_scenario
from workflow.trail import get_trail
from workflow.verification import verify

FIRST, SECOND = CASES[:2]
ONE_FITS: Scenario = replace(default_scenario(CALL, "rank_strict"), appropriation=100_000)
"""The first of the two that are scored gets 85,000 €; the remainder of 15,000 € is too little for the second."""


@pytest.fixture
def closed(desk: World) -> World:
    """A call that has been decided."""
    desk.turn_to("allocation")
    desk.approve(desk.propose(scenario=ONE_FITS))
    return desk


def words(attempt: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as refused:
        attempt()
    return [render(message, "en") for message in refused.value.messages]


def tables(world: World, decision: Decision) -> Tables:
    with world.house.reading() as uow:
        return load_frozen(uow, CALL_ID, decision.id).tables


def awards(world: World, decision: Decision) -> dict[str, tuple[str, int]]:
    rows = tables(world, decision)["applications"]
    return {
        row["case_number"]: (row["status"], row["granted"]) for row in rows if row["case_number"] in (FIRST, SECOND)
    }


def propose(world: World, kind: str, *changes: LaterChange) -> Decision:
    return propose_change(world.house, world["officer"], CALL_ID, kind, changes, "Ilmoitus.")


def first_of(world: World) -> Decision:
    return list_decisions(world.house, world["officer"], CALL_ID)[0]


def in_force(world: World) -> Decision:
    return [one for one in list_decisions(world.house, world["officer"], CALL_ID) if one.state == "approved"][-1]


def test_a_withdrawal_and_a_further_round_follow_each_other(closed: World) -> None:
    first = in_force(closed)
    assert awards(closed, first) == {FIRST: ("approved", 85_000), SECOND: ("rejected", 0)}
    withdrawal = closed.approve(propose(closed, "withdrawal", LaterChange(FIRST, "withdrawn", 0, "Hakija perui.")))
    assert (withdrawal.number, withdrawal.previous, withdrawal.granted) == (2, first.hash, 0)
    suggested = suggest_further_round(closed.house, closed["officer"], CALL_ID)
    assert [(one.case_number, one.status, one.granted) for one in suggested] == [(SECOND, "approved", 85_000)]
    further = closed.approve(propose(closed, "further_round", *suggested))
    assert (further.number, further.previous, further.granted) == (3, withdrawal.hash, 85_000)
    assert awards(closed, further) == {FIRST: ("withdrawn", 0), SECOND: ("approved", 85_000)}
    assert suggest_further_round(closed.house, closed["officer"], CALL_ID) == ()
    now, before = tables(closed, further), tables(closed, first)
    assert [
        (row["number"], row["case_number"], row["kind"], row["before"], row["after"], row["decision"], row["by"])
        for row in now["overrides"]
    ] == [
        (1, FIRST, "withdrawal", 85_000, 0, 2, "Officer"),
        (2, SECOND, "further_round", 0, 85_000, 3, "Officer"),
    ]
    rows = {row["case_number"]: row for row in now["applications"]}
    assert [rows[case]["basis"] for case in (FIRST, SECOND)] == ["withdrawn", "further_round"]
    # What this decision does not change has no amount of the decision before.
    assert [rows[case]["previous"] for case in (FIRST, SECOND)] == [None, 0]
    told = rows[SECOND]["reasons"]
    assert suggested[0].reason in told
    assert "Jakamatta jäänyttä määrärahaa on jaettu uudella päätöksellä." in told
    others = {row["case_number"]: row for row in before["applications"]}
    assert all(rows[case] == others[case] for case in CASES[2:])
    for table in ("ranking", "scores", "reviewers", "costs", "scenarios", "comparison", "eligibility"):
        assert now[table] == before[table]
    old, new = facts_of(before["facts"]), facts_of(now["facts"])
    assert {key for key in new if new[key] != old.get(key)} <= {key for key in new if key.startswith("decision.")}
    assert (new["decision.number"], new["decision.kind"], new["decision.previous"]) == (
        3,
        "further_round",
        withdrawal.hash,
    )
    headline = get_headline(closed.house, closed["chair"], CALL_ID)
    assert (headline.proposed, headline.remaining, headline.decision) == (85_000, 15_000, 3)
    assert granted_again(now) == {row["case_number"]: row["granted"] for row in now["applications"]}
    for decision in (withdrawal, further):
        assert_verified(closed, decision)


def assert_verified(world: World, decision: Decision) -> None:
    """The workbook of the decision passes the check with its hash and its frozen file."""
    who = world["officer"]
    data = export_workbook(world.house, who, CALL_ID, "fi", decision_id=decision.id)
    frozen = export_snapshot(world.house, who, CALL_ID, decision_id=decision.id)
    report = verify(data, "päätös.xlsx", decision.hash, frozen)
    assert report.ok, report.findings


def test_a_change_below_the_smallest_grant_names_the_rule_that_it_breaks(closed: World) -> None:
    corrected = closed.approve(propose(closed, "correction", LaterChange(FIRST, "approved", 1_000, "Uudet tiedot.")))
    (row,) = tables(closed, corrected)["overrides"]
    assert (row["after"], row["broken"]) == (1_000, "avustuksen vähimmäismäärä")
    assert_verified(closed, corrected)


def test_reasons_by_hand_are_kept_in_later_decisions(closed: World) -> None:
    text = "Päätöstä on korjattu.\n\nPerustelut on kirjoitettu käsin."
    corrected = closed.approve(
        propose(closed, "correction", LaterChange(FIRST, "approved", 60_000, "Laskuvirhe.", text))
    )
    rows = {row["case_number"]: row for row in tables(closed, corrected)["applications"]}
    before = {row["case_number"]: row for row in tables(closed, first_of(closed))["applications"]}
    assert (rows[FIRST]["reasons"], rows[FIRST]["by_hand"]) == (text, True)
    assert {case: row for case, row in rows.items() if case != FIRST} == {
        case: row for case, row in before.items() if case != FIRST
    }
    further = closed.approve(propose(closed, "withdrawal", LaterChange(FIRST, "withdrawn", 0, "Perui.")))
    told = next(row for row in tables(closed, further)["applications"] if row["case_number"] == FIRST)
    assert not told["by_hand"]
    assert "Aiemman päätöksen numero: 2." in told["reasons"]
    assert_verified(closed, further)


def test_a_reviewer_is_named_nowhere_in_a_later_decision(desk: World) -> None:
    account, _ = add_account(
        desk.house.engine, TERMINAL, username="eero", name="Eero Arvioija", roles=("reviewer",), password=PASSWORD
    )
    assign_reviewers(desk.house, desk["officer"], CALL_ID, desk.views()[CASES[5]].id, [account.id])
    desk.turn_to("allocation")
    desk.approve(desk.propose(scenario=ONE_FITS))
    for change in (
        LaterChange(FIRST, "approved", 60_000, "Eero Arvioija erehtyi."),
        LaterChange(FIRST, "approved", 60_000, "Virhe.", "Eero Arvioija erehtyi."),
    ):
        said = words(partial(propose, desk, "correction", change))
        assert said == [
            "The reasons name a reviewer: Eero Arvioija. Reasons speak of the panel, never of one reviewer."
        ]


def test_a_letter_is_of_the_decision_that_decided_on_the_application(closed: World) -> None:
    before = {case: letter_of(closed, case) for case in (FIRST, SECOND)}
    closed.approve(propose(closed, "withdrawal", LaterChange(FIRST, "withdrawn", 0, "Perui.")))
    assert letter_of(closed, SECOND) == before[SECOND]
    assert letter_of(closed, FIRST) != before[FIRST]


def letter_of(world: World, case: str) -> bytes:
    """The letter that an officer looks at."""
    return preview_letter(world.house, world["officer"], CALL_ID, case)[1]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("time_limit", "was not proven within the time limit"),
        ("ties_unresolved", "The tie rule does not decide"),
        ("infeasible", "cannot all be met"),
    ],
)
def test_a_remainder_that_is_not_distributed_to_the_end_is_not_suggested(
    closed: World, status: Status, said: str
) -> None:
    frozen = tables(closed, in_force(closed))
    found = replace(solve_again(frozen).decided, status=status)
    assert any(said in line for line in words(lambda: suggested(frozen, found)))


def test_what_a_further_round_may_concern_is_told_to_the_page(closed: World) -> None:
    found = summary_of(tables(closed, in_force(closed)))
    assert {one.case_number for one in found.applications if one.further} == {SECOND}


def test_a_correction_changes_status_and_amount(closed: World) -> None:
    corrected = closed.approve(propose(closed, "correction", LaterChange(FIRST, "approved", 60_000, "Laskuvirhe.")))
    assert awards(closed, corrected)[FIRST] == ("approved", 60_000)
    rejected = closed.approve(propose(closed, "rectification", LaterChange(FIRST, "rejected", 0, "Oikaisu.")))
    assert awards(closed, rejected)[FIRST] == ("rejected", 0)
    assert {row["basis"] for row in tables(closed, rejected)["applications"]} >= {"rectification"}
    # What a later decision took away is not given back by a further round.
    assert [one.case_number for one in suggest_further_round(closed.house, closed["officer"], CALL_ID)] == [SECOND]


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("correction", LaterChange(FIRST, "approved", 85_000, "Syy."), f"{FIRST}: nothing would change."),
        ("correction", LaterChange(FIRST, "approved", 60_000, " "), f"{FIRST}: give the reasons."),
        ("correction", LaterChange(FIRST, "rejected", 5, "Syy."), "an approved application is granted more than 0"),
        ("correction", LaterChange(FIRST, "approved", 85_001, "Syy."), "is above the largest possible grant"),
        ("correction", LaterChange(FIRST, "approved", -100, "Syy."), "the call grants in full units of"),
        ("correction", LaterChange(FIRST, "withdrawn", 0, "Syy."), "a withdrawal is a decision of its own"),
        ("correction", LaterChange(FIRST, "possible", 0, "Syy."), "there is no status possible; approved, rejected,"),
        ("correction", LaterChange(SECOND, "approved", 85_000, "Syy."), "in all; the appropriation is"),
        ("correction", LaterChange("VN/404/2022", "rejected", 0, "Syy."), "The decision has no such applications"),
        ("withdrawal", LaterChange(FIRST, "withdrawn", 5, "Syy."), "a withdrawn application is granted nothing"),
        ("further_round", LaterChange(FIRST, "approved", 10_000, "Syy."), "a further round grants more than before"),
        (
            "further_round",
            LaterChange(CASES[2], "approved", 30_000, "Syy."),
            "concerns applications that reach the thresholds",
        ),
        ("further_round", LaterChange(SECOND, "approved", 5_000, "Syy."), "is below the smallest grant, €20,000"),
        ("withdrawal", LaterChange(SECOND, "withdrawn", 0, "Syy."), "only a grant that is in force can be given up"),
        ("correction", LaterChange(FIRST, "approved", True, "Syy."), "True is not accepted as the amount granted"),
        ("correction", LaterChange(FIRST, "approved", cast(int, 1.5), "Syy."), "1.5 is not accepted as the amount"),
        ("correction", LaterChange(FIRST, "rejected", 0, "Syy.", "x" * 10_001), "the reasons are too long"),
        ("first", LaterChange(FIRST, "rejected", 0, "Syy."), "There is no kind of decision first. The kinds are:"),
        ("correction", LaterChange(FIRST, "rejected", 0, "x" * 10_001), "the reasons are too long"),
    ],
)
def test_what_cannot_be_is_refused_in_words(closed: World, kind: str, change: LaterChange, said: str) -> None:
    before = closed.counts()
    assert any(said in line for line in words(lambda: propose(closed, kind, change)))
    assert closed.counts() == before


def test_all_that_is_wrong_is_said_at_once(closed: World) -> None:
    said = words(
        lambda: propose(
            closed,
            "correction",
            LaterChange(FIRST, "approved", 90_000, ""),
            LaterChange(FIRST, "approved", 90_000, ""),
            LaterChange("VN/404/2022", "rejected", 0, ""),
        )
    )
    assert len(said) >= 4
    assert words(lambda: propose(closed, "correction"))[0].startswith("A later decision changes at least one")


def test_a_later_decision_waits_for_the_one_before_it(closed: World) -> None:
    proposed = propose(closed, "withdrawal", LaterChange(FIRST, "withdrawn", 0, "Perui."))
    assert words(lambda: propose(closed, "correction", LaterChange(FIRST, "approved", 60_000, "Virhe."))) == [
        "The proposal of decision 2 is waiting for the decision maker."
    ]
    return_decision(closed.house, closed["decider"], CALL_ID, proposed.id, "Odotetaan.")
    again = propose(closed, "correction", LaterChange(FIRST, "approved", 60_000, "Virhe."))
    assert (again.number, again.previous) == (2, in_force(closed).hash)
    assert closed.approve(again).closed_by == "Decider"


def test_before_the_first_decision_there_is_nothing_to_change(desk: World) -> None:
    desk.turn_to("allocation")
    for act in (
        lambda: propose(desk, "withdrawal", LaterChange(FIRST, "withdrawn", 0, "Perui.")),
        lambda: suggest_further_round(desk.house, desk["officer"], CALL_ID),
    ):
        assert words(act) == ["No decision of this call is in force, so there is nothing to change."]


def test_a_later_decision_tells_what_it_changes(closed: World) -> None:
    first = in_force(closed)
    assert get_summary(closed.house, closed["decider"], CALL_ID, first.id).changes == ()
    change = LaterChange(FIRST, "approved", 60_000, "Laskuvirhe.")
    proposed = propose(closed, "correction", change)
    turku = next(row for row in tables(closed, first)["applications"] if row["case_number"] == FIRST)
    told = Change(
        FIRST, "Turku", turku["project"], turku["language"], "approved", "approved", 85_000, 60_000, "Laskuvirhe."
    )
    for who in ("officer", "decider", "chair"):
        assert get_summary(closed.house, closed[who], CALL_ID, proposed.id).changes == (told,)
    approved = closed.approve(proposed)
    second = closed.approve(propose(closed, "withdrawal", LaterChange(FIRST, "withdrawn", 0, "Perui.")))
    again = [get_summary(closed.house, closed["chair"], CALL_ID, one.id).changes for one in (approved, second)]
    assert again == [
        (told,),
        (replace(told, status_after="withdrawn", before=60_000, after=0, reason="Perui."),),
    ]


def test_the_summary_tells_the_frozen_reasons(closed: World) -> None:
    rows = tables(closed, in_force(closed))["applications"]
    found = get_summary(closed.house, closed["decider"], CALL_ID, in_force(closed).id)
    assert {one.case_number: one.reasons for one in found.applications} == {
        row["case_number"]: row["reasons"] for row in rows
    }
    assert all(one.reasons for one in found.applications)


def test_a_line_that_cannot_be_is_refused_when_it_is_added(closed: World) -> None:
    sound = LaterChange(SECOND, "approved", 85_000, "Virhe.")

    def add(change: LaterChange, *lines: LaterChange) -> None:
        check_change(closed.house, closed["officer"], CALL_ID, "correction", lines, change)

    assert words(lambda: add(LaterChange(FIRST, "approved", 60_000, " "))) == [f"{FIRST}: give the reasons."]
    assert any("above the largest possible grant" in one for one in words(lambda: add(replace(sound, granted=90_000))))
    assert any("any other one nothing" in one for one in words(lambda: add(replace(sound, status="rejected"))))
    assert words(lambda: add(sound, sound)) == [f"Named more than once: {SECOND}."]
    # More than the appropriation by itself: another line takes what this one gives.
    add(sound)
    add(LaterChange(FIRST, "rejected", 0, "Virhe."), sound)


def test_the_lines_of_a_proposal_that_was_given_back_are_taken_up_again(closed: World) -> None:
    house, officer = closed.house, closed["officer"]
    lines = (
        LaterChange(FIRST, "rejected", 0, "Virhe."),
        LaterChange(SECOND, "approved", 85_000, "Virhe.", "Perustelut on kirjoitettu käsin."),
    )
    proposal = propose_change(house, officer, CALL_ID, "correction", lines)
    assert lines_given_back(house, officer, CALL_ID, proposal.id) == ()
    return_decision(house, closed["decider"], CALL_ID, proposal.id, "Tarkistettava.")
    assert lines_given_back(house, officer, CALL_ID, proposal.id) == lines
    assert lines_given_back(house, officer, CALL_ID, in_force(closed).id) == ()


def test_nothing_more_to_grant_says_why(closed: World) -> None:
    assert suggest_further_round(closed.house, closed["officer"], CALL_ID) == ()

    def why() -> list[str]:
        return [render(one, "en") for one in why_nothing_further(closed.house, closed["officer"], CALL_ID)]

    assert why()[:2] == [
        f"The remainder is €15,000. Next in the ranking is {SECOND}, which could be granted €85,000 more.",
        "That does not fit into the remainder.",
    ]
    closed.approve(propose(closed, "withdrawal", LaterChange(FIRST, "withdrawn", 0, "Perui.")))
    closed.approve(propose(closed, "further_round", LaterChange(SECOND, "approved", 85_000, "Jatkojako.")))
    assert why() == ["Every application that reached the threshold has its largest possible grant, or was withdrawn."]


def test_the_log_names_the_decision_and_the_applications_it_changes(closed: World) -> None:
    closed.approve(propose(closed, "correction", LaterChange(FIRST, "approved", 60_000, "Virhe.")))
    entries = get_trail(closed.house, closed["decider"], CALL_ID)
    of = {
        action: [{name: new for name, _, new in one.changes} for one in entries if one.action == action]
        for action in ("decision.propose", "decision.approve")
    }
    for found in of.values():
        assert [(one["number"], one["decision_kind"], one.get("applications")) for one in found] == [
            ("2", "correction", FIRST),
            ("1", "first", None),
        ]
