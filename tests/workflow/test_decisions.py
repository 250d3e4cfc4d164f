"""Proposing and approving: two persons, one frozen whole, every refusal in words."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from access.permissions import Forbidden
from allocation import Constraint
from decisions.facts import facts_of
from decisions.snapshot import Snapshot
from decisions.values import digest
from locales import render
from storage import calls as stored_calls
from storage.ranking_locks import add_lock
from tests.support import frozen as frozen_decisions
from tests.support.worlds import CALL, CALL_ID, CASES, NEXT_DAY, PASSWORD, SOUND, TERMINAL, World, broken_invariants
from workflow.accounts import add_account
from workflow.assignment import assign_reviewers
from workflow.conflicts import declare_conflict, record_conflict
from workflow.costs import examine_costs
from workflow.decision_material import read_material, snapshot_of
from workflow.decision_readiness import get_readiness
from workflow.decision_summary import Line, get_draft, get_summary
from workflow.decisions import (
    LONGEST_GROUNDS,
    Decision,
    approve_decision,
    cancel_decision,
    list_decisions,
    load_frozen,
    propose_decision,
    return_decision,
)
from workflow.eligibility import withdraw_application
from workflow.errors import Conflicting, Refused
from workflow.later_decisions import LaterChange, propose_change
from workflow.meeting import start_meeting
from workflow.phases import change_phase, get_stage
from workflow.ranking_lock import ranking_rules
from workflow.reasons import change_phrase, drop_reasons, write_reasons
from workflow.reasons_list import list_reasons
from workflow.saved_scenarios import list_scenarios, save_scenario
from workflow.scenarios import default_scenario
from workflow.trail import get_trail


@pytest.fixture
def table(desk: World) -> World:
    """A call whose appropriation is being distributed."""
    desk.turn_to("allocation")
    return desk


def words(attempt: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as refused:
        attempt()
    return [render(message, "en") for message in refused.value.messages]


def frozen(world: World, decision: Decision) -> Snapshot:
    with world.house.reading() as uow:
        return load_frozen(uow, CALL_ID, decision.id)


def turn(world: World, phase: str, who: str = "officer") -> object:
    version = get_stage(world.house, world["officer"], CALL_ID).version
    return change_phase(world.house, world[who], CALL_ID, phase, version)


def conflict(world: World, who: str) -> None:
    record_conflict(world.house, world["colleague"], CALL_ID, CASES[0], world[who].id, "other", "")


def test_what_is_approved_is_what_was_proposed(panel: World) -> None:
    panel.turn_to("allocation")
    proposed = panel.propose("Esitetään jaettavaksi.\n")
    before = frozen(panel, proposed)
    assert before.hash == proposed.proposal_hash
    assert (proposed.number, proposed.kind, proposed.state, proposed.hash) == (1, "first", "proposed", "")
    assert (proposed.scenario, proposed.grounds, proposed.proposed_by) == (
        "Päätös",
        "Esitetään jaettavaksi.",
        "Colleague",
    )
    approved = panel.approve(proposed)
    after = frozen(panel, approved)
    assert (approved.state, approved.hash, approved.proposal_hash) == ("approved", after.hash, before.hash)
    assert (approved.closed_by, approved.previous, approved.obstacles) == ("Decider", "", ())
    assert get_stage(panel.house, panel["officer"], CALL_ID).phase == "decided"
    assert list_decisions(panel.house, panel["chair"], CALL_ID) == [approved]
    assert after.material == before.material
    assert {name: rows for name, rows in after.tables.rows.items() if name != "facts"} == {
        name: rows for name, rows in before.tables.rows.items() if name != "facts"
    }
    old, new = (facts_of(one.tables["facts"]) for one in (before, after))
    assert {key for key in new if new[key] != old[key]} == {
        "decision.stage",
        "decision.decision_maker",
        "decision.decided_at",
        "decision.proposal_hash",
    }
    assert new["decision.presenter"] == "Colleague"
    assert new["decision.decision_maker"] == "Decider"
    assert new["decision.proposal_hash"] == before.hash
    granted = {row["case_number"]: row["granted"] for row in after.tables["applications"]}
    assert approved.granted == sum(granted.values()) == 170_000
    assert {row["status"] for row in after.tables["applications"]} == {"approved", "withdrawn"}


def test_the_proposer_never_approves(table: World) -> None:
    proposed = table.propose()
    both = replace(table["colleague"], roles=frozenset({"officer", "decision_maker"}))
    assert words(lambda: approve_decision(table.house, both, CALL_ID, proposed.id, proposed.proposal_hash)) == [
        "Whoever proposed a decision does not approve it: two persons decide."
    ]
    other = replace(table["officer"], roles=frozenset({"officer", "decision_maker"}))
    approved = approve_decision(table.house, other, CALL_ID, proposed.id, proposed.proposal_hash)
    assert (approved.proposed_by, approved.closed_by) == ("Colleague", "Officer")


def test_only_the_hash_that_was_seen_is_approved_and_only_once(table: World) -> None:
    proposed = table.propose()
    for seen in ("", "0" * 64, proposed.proposal_hash[:-1], proposed.proposal_hash.upper() + " "):
        with pytest.raises(Conflicting):
            approve_decision(table.house, table["decider"], CALL_ID, proposed.id, seen)
    with pytest.raises(Forbidden):
        approve_decision(table.house, table["officer"], CALL_ID, proposed.id, proposed.proposal_hash)
    table.approve(proposed)
    again: list[Callable[[], object]] = [
        lambda: table.approve(proposed),
        lambda: return_decision(table.house, table["decider"], CALL_ID, proposed.id, "Ei."),
        lambda: cancel_decision(table.house, table["officer"], CALL_ID, proposed.id),
    ]
    for act in again:
        with pytest.raises(Conflicting):
            act()
    for nothing in (0, -1, 404, 10**30):
        with pytest.raises(Refused):
            approve_decision(table.house, table["decider"], CALL_ID, nothing, proposed.proposal_hash)


def test_every_reason_is_said_at_once(desk: World) -> None:
    saved = save_scenario(desk.house, desk["officer"], CALL_ID, "Luonnos", default_scenario(CALL))
    desk.turn_to("meeting")
    start_meeting(desk.house, desk["chair"], CALL_ID, "Kokous", "", [])
    named = [r for r in get_readiness(desk.house, desk["officer"], CALL_ID, saved.id) if not r.met]
    assert [one.code for one in named] == ["meeting", "applications", "locked"] or [one.code for one in named] == [
        "phase",
        "meeting",
        "applications",
        "locked",
    ]
    said = [render(fault, "en") for one in named for fault in one.faults]
    assert (
        f"These applications are neither approved, rejected, dismissed nor withdrawn (4): {', '.join(CASES[2:])}."
        in said
    )
    (closed,) = words(lambda: propose_decision(desk.house, desk["officer"], CALL_ID, saved.id))
    assert closed.startswith("The call is in the phase Panel meeting")


def test_a_proposal_says_all_that_is_missing(table: World) -> None:
    saved = save_scenario(table.house, table["officer"], CALL_ID, "Luonnos", default_scenario(CALL))
    assert words(
        lambda: propose_decision(table.house, table["officer"], CALL_ID, saved.id, "x" * (LONGEST_GROUNDS + 1))
    ) == [
        "These applications are neither approved, rejected, dismissed nor withdrawn (4): " + ", ".join(CASES[2:]) + ".",
        "The scenario Luonnos is not locked. Lock it first.",
        f"The grounds are too long; at most {LONGEST_GROUNDS} characters are accepted.",
    ]
    with pytest.raises(Refused, match="not here"):
        propose_decision(table.house, table["officer"], CALL_ID, 404)
    assert list_decisions(table.house, table["officer"], CALL_ID) == []


def test_a_locked_scenario_that_gives_something_else_now_is_not_proposed(table: World) -> None:
    table.settle()
    saved = table.locked()
    withdraw_application(table.house, table["officer"], CALL_ID, CASES[1], "Kirje.")
    said = words(lambda: propose_decision(table.house, table["officer"], CALL_ID, saved.id))
    assert (
        said[0]
        == "The scenario Päätös is locked, but the ranking or the accepted costs have changed since it was locked."
    )
    assert f"In the ranking no longer: {CASES[1]}." in said


def test_the_terminal_proposes_nothing(table: World) -> None:
    table.settle()
    saved = table.locked()
    assert words(lambda: propose_decision(table.house, TERMINAL, CALL_ID, saved.id)) == [
        "A decision is proposed by an officer who has signed in."
    ]


def test_one_proposal_at_a_time_and_what_is_not_approved_uses_up_no_number(table: World) -> None:
    first = table.propose()
    saved = table.locked(name="Toinen")
    assert words(lambda: propose_decision(table.house, table["officer"], CALL_ID, saved.id)) == [
        "The proposal of decision 1 is waiting for the decision maker."
    ]
    assert words(lambda: return_decision(table.house, table["decider"], CALL_ID, first.id, " \n")) == [
        "Say why the proposal is given back."
    ]
    returned = return_decision(table.house, table["decider"], CALL_ID, first.id, "Perustelut puuttuvat.")
    assert (returned.state, returned.note, returned.closed_by) == ("returned", "Perustelut puuttuvat.", "Decider")
    second = propose_decision(table.house, table["officer"], CALL_ID, saved.id)
    cancelled = cancel_decision(table.house, table["colleague"], CALL_ID, second.id)
    assert (cancelled.number, cancelled.state, cancelled.closed_by) == (1, "cancelled", "Colleague")
    third = propose_decision(table.house, table["officer"], CALL_ID, saved.id)
    approved = table.approve(third)
    assert (approved.number, approved.kind, approved.previous) == (1, "first", "")
    assert [one.state for one in list_decisions(table.house, table["officer"], CALL_ID)] == [
        "returned",
        "cancelled",
        "approved",
    ]


def test_the_database_itself_keeps_one_open_proposal_and_each_approved_number_once(world: World) -> None:
    frozen_decisions.add_call_to_decide(world, "2030")
    proposal = frozen_decisions.propose(world, "2030", 1)
    with pytest.raises(IntegrityError):
        frozen_decisions.propose(world, "2030", 1)
    approved = frozen_decisions.approve(world, proposal)
    second = frozen_decisions.propose(world, "2030", 1, "withdrawal", approved)
    with pytest.raises(IntegrityError):
        frozen_decisions.approve(world, second, previous=approved.hash)
    world.sound = False  # The second proposal has the number of the decision in force.


def test_whoever_is_disqualified_takes_no_part(table: World) -> None:
    table.settle()
    saved = table.locked()
    conflict(table, "officer")
    refusal = "You are disqualified from an application of this call, so the allocation is closed to you."
    assert words(lambda: propose_decision(table.house, table["officer"], CALL_ID, saved.id)) == [refusal]
    proposed = propose_decision(table.house, table["colleague"], CALL_ID, saved.id)
    conflict(table, "decider")
    for act in (
        lambda: approve_decision(table.house, table["decider"], CALL_ID, proposed.id, proposed.proposal_hash),
        lambda: return_decision(table.house, table["decider"], CALL_ID, proposed.id, "Ei."),
        lambda: cancel_decision(table.house, table["officer"], CALL_ID, proposed.id),
        lambda: list_decisions(table.house, table["decider"], CALL_ID),
        lambda: get_readiness(table.house, table["decider"], CALL_ID, saved.id),
    ):
        assert words(act) == [refusal]


def test_a_call_that_changed_meanwhile_is_not_proposed(table: World) -> None:
    table.settle()
    saved = table.locked()

    def meddling() -> datetime:
        # Looked at after all was read, before anything is written.
        stage = get_stage(table.house, table["officer"], CALL_ID)
        if stage.review_deadline is None:
            with table.house.writing(table["officer"], CALL_ID) as uow:
                stored_calls.set_review_deadline(uow, CALL_ID, NEXT_DAY, stage.version)
        return table.clock()

    house = replace(table.house, clock=meddling)
    table.sound = False  # The deadline was written past its use case, in a phase that closes it.
    with pytest.raises(Conflicting, match="changed while"):
        propose_decision(house, table["officer"], CALL_ID, saved.id)
    assert list_decisions(table.house, table["officer"], CALL_ID) == []
    assert propose_decision(house, table["officer"], CALL_ID, saved.id).number == 1


def test_the_phase_stays_while_a_proposal_waits(table: World) -> None:
    proposed = table.propose()
    assert words(lambda: turn(table, "meeting")) == [
        "A proposed decision is waiting for the decision maker. It is given or taken back before the phase is changed."
    ]
    assert words(lambda: turn(table, "decided", "decider")) == [
        "A call is closed as decided by approving the decision that was proposed on it."
    ]
    cancel_decision(table.house, table["colleague"], CALL_ID, proposed.id, "Kokous jatkuu.")
    turn(table, "meeting")


ANEW = "The proposal is not approved as it stands. An officer takes it back and proposes the decision anew."


def obstacles(world: World) -> list[str]:
    (found,) = list_decisions(world.house, world["decider"], CALL_ID)
    return [render(message, "en") for message in found.obstacles]


def test_nothing_is_approved_when_the_data_changed_since_the_proposal(table: World) -> None:
    proposed = table.propose()
    save_scenario(table.house, table["officer"], CALL_ID, "Toinen", default_scenario(CALL))
    assert obstacles(table) == []
    withdraw_application(table.house, table["officer"], CALL_ID, CASES[1], "Kirje.")
    change_phrase(table.house, table["officer"], CALL_ID, "open", "Odottaa.", "Väntar.")
    said = [
        "The data that the decision rests on has changed since the proposal: "
        f"Application withdrawn: {CASES[1]}, Phrase of the reasons changed.",
        ANEW,
    ]
    assert obstacles(table) == said
    assert words(lambda: table.approve(proposed)) == said
    assert get_stage(table.house, table["officer"], CALL_ID).phase == "allocation"
    cancel_decision(table.house, table["colleague"], CALL_ID, proposed.id)
    anew = propose_decision(table.house, table["colleague"], CALL_ID, table.locked(name="Uusi").id)
    assert table.approve(anew).granted == proposed.granted - 85_000


def test_a_proposal_of_somebody_disqualified_since_is_not_approved(table: World) -> None:
    proposed = table.propose()
    record_conflict(table.house, table["officer"], CALL_ID, CASES[0], table["colleague"].id, "other", "")
    disqualified = "Colleague, who proposed the decision, is disqualified from an application of the call."
    assert words(lambda: table.approve(proposed)) == [
        f"The data that the decision rests on has changed since the proposal: Conflict of interest declared: {CASES[0]}.",
        disqualified,
        ANEW,
    ]
    cancel_decision(table.house, table["officer"], CALL_ID, proposed.id)
    [scenario] = list_scenarios(table.house, table["officer"], CALL_ID)
    table.approve(propose_decision(table.house, table["officer"], CALL_ID, scenario.id))


def test_a_later_decision_is_stopped_by_what_concerns_it_alone(table: World) -> None:
    table.approve(table.propose())
    change = LaterChange(CASES[0], "approved", 80_000, "Laskuvirhe.")
    later = propose_change(table.house, table["colleague"], CALL_ID, "correction", [change])
    declare_conflict(table.house, table["chair"], CALL_ID, CASES[1], "employment", "")
    assert table.approve(later).state == "approved"
    again = propose_change(table.house, table["colleague"], CALL_ID, "correction", [replace(change, granted=75_000)])
    record_conflict(table.house, table["officer"], CALL_ID, CASES[0], table["colleague"].id, "other", "")
    assert words(lambda: table.approve(again)) == [
        "Colleague, who proposed the decision, is disqualified from an application of the call.",
        ANEW,
    ]


def test_reasons_and_grounds_that_name_a_reviewer_are_not_proposed(desk: World) -> None:
    account, _ = add_account(
        desk.house.engine, TERMINAL, username="eero", name="Eero Arvioija", roles=["reviewer"], password=PASSWORD
    )
    assign_reviewers(desk.house, desk["officer"], CALL_ID, desk.views()[CASES[5]].id, [account.id])
    desk.turn_to("allocation")
    desk.settle()
    costs = {**SOUND.costs, "personnel": 79_000}
    said = {"personnel": "Kuten Eero  arvioija totesi."}
    examine_costs(desk.house, desk["officer"], CALL_ID, CASES[0], costs, said, version=1, expected=None)
    saved = desk.locked()
    assert words(
        lambda: propose_decision(desk.house, desk["colleague"], CALL_ID, saved.id, "Eero Arvioijan mukaan.")
    ) == [
        "The grounds name a reviewer: Eero Arvioija. They speak of the panel, never of one reviewer.",
        f"A comment of the costs that the reasons quote names a reviewer (1): {CASES[0]}. Mend it on the page Costs.",
    ]


def test_outdated_reasons_by_hand_are_not_proposed(table: World) -> None:
    table.settle()
    saved = table.locked()
    write_reasons(table.house, table["officer"], CALL_ID, CASES[0], "Hylätään.", drafted="Toinen luonnos.")
    assert words(lambda: propose_decision(table.house, table["colleague"], CALL_ID, saved.id)) == [
        f"The facts have changed since these reasons were written by hand (1): {CASES[0]}. Write them anew on the page "
        "Reasons, or go back to the draft there."
    ]
    drop_reasons(table.house, table["officer"], CALL_ID, CASES[0], expected_version=1)
    [draft] = [
        one.draft
        for one in list_reasons(table.house, table["officer"], CALL_ID, saved.id).applications
        if one.case_number == CASES[0]
    ]
    write_reasons(table.house, table["officer"], CALL_ID, CASES[0], "Myönnetään.", drafted=draft)
    proposed = propose_decision(table.house, table["colleague"], CALL_ID, saved.id)
    assert {row["reasons"] for row in frozen(table, proposed).tables["applications"] if row["by_hand"]} == {
        "Myönnetään."
    }


def test_the_locked_ranking_rule_binds_the_scenario(table: World) -> None:
    table.settle()
    rules = ranking_rules(CALL)
    with table.house.writing(table["officer"], CALL_ID) as uow:
        add_lock(uow, CALL_ID, rules, digest(rules))
    table.sound = False  # The rule was locked past its use case, after reviews were begun.
    own = default_scenario(CALL)
    stricter = Constraint("Enintään kaksi", upper=Fraction(2))
    loose = replace(own, appropriation=9_000_000, threshold=Fraction(1), smallest_grant=0, max_share_bp=5_000)
    saved = table.locked(replace(loose, constraints=(stricter,)))
    assert words(lambda: propose_decision(table.house, table["colleague"], CALL_ID, saved.id)) == [
        f"Locked ranking rule, {what}: {locked} is locked, the scenario has {given}."
        for what, locked, given in (
            ("lowest score that can be funded", "2.50", "1.00"),
            ("appropriation", "€10,000,000", "€9,000,000"),
            ("smallest grant", "€20,000", "€0"),
            ("largest share of the eligible costs", "85 %", "50 %"),
        )
    ]
    kept = table.locked(replace(own, constraints=(stricter,)), "Lukittu")
    readiness = get_readiness(table.house, table["colleague"], CALL_ID, kept.id)
    assert [(one.code, one.met) for one in readiness if one.code == "rules"] == [("rules", True)]
    assert propose_decision(table.house, table["colleague"], CALL_ID, kept.id).state == "proposed"


def test_what_is_undecided_has_no_award_rather_than_nothing(table: World) -> None:
    with table.house.reading() as uow:
        tables = snapshot_of(read_material(uow, CALL_ID, None)).tables
    given = {row["case_number"]: (row["status"], row["granted"]) for row in tables["applications"]}
    assert given == {
        **dict.fromkeys(CASES[:2], ("approved", 85_000)),
        **dict.fromkeys(CASES[2:], ("in_progress", None)),
    }
    saved = save_scenario(table.house, table["officer"], CALL_ID, "Luonnos", default_scenario(CALL))
    draft = get_draft(table.house, table["officer"], CALL_ID, saved.id)
    assert {one.case_number: (one.status, one.granted) for one in draft.applications} == given
    assert draft.granted == 170_000


def test_a_changed_frozen_file_is_neither_shown_nor_approved(table: World) -> None:
    proposed = table.propose()
    table.sound = False
    with table.house.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER decision_files_same"))
        connection.execute(text("UPDATE decision_files SET content = x'789c030000000001'"))
    for act in (lambda: frozen(table, proposed), lambda: table.approve(proposed)):
        (said,) = words(act)
        assert said.startswith("The frozen file of decision 1 is not what was frozen, so nothing is made of it.")
    assert [line.split(":")[0] for line in broken_invariants(table.house)] == ["frozen_file_has_its_digest"]


def test_a_decided_call_is_decided_again_only_by_later_decisions(table: World) -> None:
    approved = table.approve(table.propose())
    assert words(lambda: propose_decision(table.house, table["officer"], CALL_ID, 1)) == [
        "The call has been decided. What changes in it is proposed as a later decision."
    ]
    assert list_decisions(table.house, table["officer"], CALL_ID) == [approved]


def test_the_figures_of_a_draft_are_those_of_the_decision(table: World) -> None:
    proposed = table.propose()
    [scenario] = list_scenarios(table.house, table["officer"], CALL_ID)
    draft = get_draft(table.house, table["decider"], CALL_ID, scenario.id)
    decided = get_summary(table.house, table["chair"], CALL_ID, proposed.id)
    assert (draft.appropriation, draft.applied, draft.granted, draft.remaining, draft.lines) == (
        10_000_000,
        6 * 85_000,
        170_000,
        9_830_000,
        (Line("approved", 2, 170_000, 170_000), Line("withdrawn", 4, 340_000, 0)),
    )
    assert replace(draft, applications=()) == replace(decided, applications=())
    assert [(one.case_number, one.granted) for one in draft.applications] == [
        (one.case_number, one.granted) for one in decided.applications
    ]


def test_the_log_tells_of_decisions_to_those_who_may_see_them(table: World) -> None:
    table.approve(table.propose())
    seen = get_trail(table.house, table["decider"], CALL_ID, limit=2)
    assert [(entry.action, entry.who) for entry in seen] == [("call.phase", "Decider"), ("decision.approve", "Decider")]
    [_, _, proposed] = get_trail(table.house, table["officer"], CALL_ID, limit=3)
    assert proposed.action == "decision.propose"
    changes = {field: after for field, _, after in proposed.changes}
    assert (changes["decision_kind"], changes["number"], changes["granted"]) == ("first", "1", "170000")
    assert [entry.changes for entry in get_trail(table.house, table["admin"], CALL_ID, limit=3)][2] == ()
