"""The log: every change of every use case leaves an entry, nothing else does, and it can be read."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from access.permissions import Forbidden
from calls.presets import preset_text
from decisions.phrases import PHRASES
from storage.replay import contents
from storage.schema import NOT_AUDITED, audit_log, metadata
from storage.unit import reading
from tests.support.worlds import CALL, CALL_ID, CASES, CRITERIA, NEXT_DAY, TERMINAL, World, application, draft
from workflow.abstaining import abstain, declare_impartial, resume
from workflow.accounts import SignIn, add_account, disable_account, enable_account, reset_password, set_roles
from workflow.assignment_plan import assign_evenly
from workflow.attachments import add_attachment
from workflow.by_hand import drop_award, set_award, set_rest
from workflow.calls import add_call, add_presets
from workflow.conflicts import declare_conflict, record_conflict
from workflow.costs import examine_costs
from workflow.decisions import list_decisions, propose_decision, return_decision
from workflow.eligibility import confirm_eligibility, withdraw_application
from workflow.letters import default_template, replace_template
from workflow.meeting import end_meeting, start_meeting
from workflow.meeting_consensus import record_consensus
from workflow.panel_members import save_member
from workflow.phases import set_review_deadline
from workflow.ranking_lock import lock_ranking_rule
from workflow.reasons import change_phrase, write_reasons
from workflow.reasons_list import list_reasons
from workflow.review_reading import return_review
from workflow.reviewing import save_draft, submit_review
from workflow.saved_scenarios import list_scenarios, lock_scenario, remove_scenario, save_scenario
from workflow.scenarios import default_scenario
from workflow.trail import TrailEntry, get_trail

Act = Callable[[World], object]
OTHER = "VN/7/2022"


def _scenario(world: World) -> object:
    return save_scenario(world.house, world["officer"], CALL_ID, "Perus", default_scenario(CALL))


def _remove_scenario(world: World) -> None:
    remove_scenario(world.house, world["officer"], CALL_ID, 1)


def _request(world: World) -> None:
    confirm_eligibility(
        world.house,
        world["officer"],
        CALL_ID,
        CASES[5],
        version=1,
        outcome="supplement_requested",
        reason="Puuttuu.",
        deadline=world.clock().replace(year=2023),
        request_text="Täydentäkää.",
    )


def _third_call(world: World) -> object:
    text = preset_text("2022").replace('id = "2022"', 'id = "2024"', 1)
    return add_call(world.house, world["officer"], text)


def _engine(use: Callable[..., object], *arguments: object, **named: object) -> Act:
    return lambda world: use(world.house.engine, TERMINAL, *arguments, **named)


def _panel_member(world: World) -> None:
    save_member(
        world.house,
        world["officer"],
        CALL_ID,
        world["arvi"].id,
        takes_part=True,
        largest_load=50,
        expertise={CALL.themes[0].id: 2},
        languages=["fi"],
    )


def _consensus(world: World, level: int, version: int) -> None:
    reasons = dict.fromkeys(CRITERIA, f"Yhteinen taso {level}.")
    record_consensus(
        world.house, world["chair"], CALL_ID, CASES[2], dict.fromkeys(CRITERIA, level), reasons, "", version
    )


def _costs(world: World) -> None:
    view = world.views()[CASES[2]]
    accepted = {**view.application.costs, "personnel": 70_000}
    comments = {"personnel": "Palkkakulut on arvioitu liian suuriksi."}
    examine_costs(
        world.house, world["officer"], CALL_ID, CASES[2], accepted, comments, version=view.version, expected=None
    )


def _reasons(world: World, text: str, version: int = 0, drafted: str = "") -> None:
    write_reasons(world.house, world["officer"], CALL_ID, CASES[2], text, drafted=drafted, expected_version=version)


def _reasons_anew(world: World) -> None:
    """Over the draft of the locked scenario: outdated reasons are not proposed."""
    locked = next(one for one in list_scenarios(world.house, world["officer"], CALL_ID) if one.locked)
    found = list_reasons(world.house, world["officer"], CALL_ID, locked.id).applications
    _reasons(world, "Lopulliset perustelut.", 2, next(one.draft for one in found if one.case_number == CASES[2]))


def _phrase(world: World) -> None:
    key, phrase = next(iter(PHRASES.items()))
    own = phrase.wording
    change_phrase(
        world.house, world["officer"], CALL_ID, key, f"{own.fi} Lisäys.", f"{own.sv} Tillägg.", expected_version=0
    )


def _template(world: World) -> object:
    _, data = default_template(world.house, world["officer"], CALL_ID, "fi")
    return replace_template(world.house, world["officer"], CALL_ID, "fi", "kirje.docx", data)


def _lock(world: World) -> object:
    [scenario] = list_scenarios(world.house, world["colleague"], CALL_ID)
    return lock_scenario(world.house, world["colleague"], CALL_ID, scenario.id)


def _propose(world: World) -> object:
    [scenario] = list_scenarios(world.house, world["colleague"], CALL_ID)
    return propose_decision(world.house, world["colleague"], CALL_ID, scenario.id)


def _approve(world: World) -> object:
    return world.approve(list_decisions(world.house, world["decider"], CALL_ID)[-1])


ACTS: dict[str, tuple[Act, dict[str, int]]] = {
    "presets again": (lambda w: add_presets(w.house), {}),
    "a third call": (_third_call, {"calls": 1}),
    "an account": (
        _engine(add_account, username="eeva", name="Eeva", roles=["reviewer", "chair"]),
        {"accounts": 1, "account_roles": 2},
    ),
    "other roles": (_engine(set_roles, "eeva", ["reviewer", "officer"]), {"account_roles": 2}),
    "the same roles": (_engine(set_roles, "eeva", ["officer", "reviewer"]), {}),
    "disabled": (_engine(disable_account, "eeva"), {"accounts": 1}),
    "disabled again": (_engine(disable_account, "eeva"), {}),
    "enabled": (_engine(enable_account, "eeva"), {"accounts": 1}),
    "a new password": (_engine(reset_password, "eeva"), {}),
    "signed in": (lambda w: SignIn(w.house.engine).sign_in("arvi", "viisi sanaa peräkkäin", "x"), {}),
    "an import": (lambda w: w.take(application(7)), {"imports": 1, "applications": 1, "application_versions": 1}),
    "the same import": (lambda w: w.take(application(7)), {}),
    "a confirmation": (lambda w: w.confirm(OTHER), {"eligibility": 1}),
    "even assignment": (lambda w: assign_evenly(w.house, w["officer"], CALL_ID), {"assignments": 3}),
    "another assignment": (lambda w: w.assign(CASES[5], ["arvi", "britta", "celia"]), {"assignments": 2}),
    "a request": (_request, {"eligibility": 1}),
    "an answer": (
        lambda w: w.take(application(6, applied=80_000)),
        {"imports": 1, "applications": 1, "application_versions": 1},
    ),
    "a declaration": (lambda w: declare_impartial(w.house, w["arvi"], CALL_ID, [CASES[5]]), {"impartiality": 1}),
    "the same declaration": (lambda w: declare_impartial(w.house, w["arvi"], CALL_ID, [CASES[5]]), {}),
    "an abstention": (lambda w: abstain(w.house, w["arvi"], CALL_ID, CASES[3], "Aika ei riitä."), {"assignments": 1}),
    "taken back": (lambda w: resume(w.house, w["arvi"], CALL_ID, CASES[3]), {"assignments": 1}),
    "a draft": (
        lambda w: save_draft(w.house, w["arvi"], CALL_ID, CASES[3], draft(3, None, None), 0),
        {"reviews": 1, "review_scores": 3, "review_versions": 1},
    ),
    "a better draft": (
        lambda w: save_draft(w.house, w["arvi"], CALL_ID, CASES[3], draft(3, 4, None), 1),
        {"reviews": 1, "review_scores": 1, "review_versions": 1},
    ),
    "a submission": (
        lambda w: submit_review(w.house, w["arvi"], CALL_ID, CASES[3], draft(3, 4, 5), 2),
        {"reviews": 1, "review_scores": 1, "review_versions": 1},
    ),
    "a return": (
        lambda w: return_review(w.house, w["chair"], CALL_ID, CASES[3], w["arvi"].id, "Perustele."),
        {"reviews": 1, "review_versions": 1},
    ),
    "another submission": (
        lambda w: submit_review(w.house, w["arvi"], CALL_ID, CASES[3], draft(3, 4, 4), 4),
        {"reviews": 1, "review_scores": 1, "review_versions": 1},
    ),
    "a deadline": (
        lambda w: set_review_deadline(w.house, w["chair"], CALL_ID, NEXT_DAY, 2),
        {"calls": 1},
    ),
    "a panel member": (_panel_member, {"panel_members": 1}),
    "the same panel member": (_panel_member, {}),
    "an attachment": (
        lambda w: add_attachment(w.house, w["officer"], CALL_ID, CASES[0], "liite.pdf", b"%PDF-1.4\n%%EOF\n"),
        {"attachments": 1},
    ),
    "a phase": (lambda w: w.turn_to("meeting"), {"calls": 1}),
    "a meeting": (lambda w: start_meeting(w.house, w["chair"], CALL_ID, "Kokous", "", []), {"meetings": 1}),
    "a consensus": (lambda w: _consensus(w, 4, 0), {"consensus": 1, "consensus_scores": 3}),
    "another consensus": (lambda w: _consensus(w, 5, 1), {"consensus": 1, "consensus_scores": 3}),
    "the end of the meeting": (lambda w: end_meeting(w.house, w["chair"], CALL_ID, 1, 1), {"meetings": 1}),
    "a declared conflict": (
        lambda w: declare_conflict(w.house, w["celia"], CALL_ID, CASES[0], "other", ""),
        {"conflicts": 1, "impartiality": 1},
    ),
    "a recorded conflict": (
        lambda w: record_conflict(w.house, w["officer"], CALL_ID, CASES[1], w["chair"].id, "other", ""),
        {"conflicts": 1},
    ),
    "a withdrawal": (
        lambda w: withdraw_application(w.house, w["officer"], CALL_ID, CASES[4], "Kirje."),
        {"applications": 1},
    ),
    "a scenario": (_scenario, {"scenarios": 1, "awards": 5}),
    "an award by hand": (
        lambda w: set_award(w.house, w["officer"], CALL_ID, 1, CASES[1], 50_000, "Hanke alkaa syksyllä."),
        {"scenarios": 1, "awards": 1, "scenario_awards_by_hand": 1},
    ),
    "another reason": (
        lambda w: set_award(w.house, w["officer"], CALL_ID, 1, CASES[1], 50_000, "Hanke alkaa talvella."),
        {"scenarios": 1, "scenario_awards_by_hand": 1},
    ),
    "the award taken back": (
        lambda w: drop_award(w.house, w["officer"], CALL_ID, 1, CASES[1]),
        {"scenarios": 1, "awards": 1, "scenario_awards_by_hand": 1},
    ),
    "other awards": (lambda w: set_rest(w.house, w["officer"], CALL_ID, 1, "reoptimised"), {"scenarios": 1}),
    "without the scenario": (_remove_scenario, {"scenarios": 1, "awards": 5}),
    "a lock of the ranking rule": (
        lambda w: lock_ranking_rule(w.house, w["officer"], "2020"),
        {"ranking_locks": 1},
    ),
    "examined costs": (_costs, {"accepted_costs": 5}),
    "a phrase": (_phrase, {"decision_phrases": 1}),
    "reasons": (lambda w: _reasons(w, "Omat perustelut."), {"decision_reasons": 1}),
    "other reasons": (lambda w: _reasons(w, "Muut perustelut.", 1), {"decision_reasons": 1}),
    "a template": (_template, {"letter_templates": 1}),
    "the distribution": (lambda w: w.turn_to("allocation"), {"calls": 1}),
    "one withdrawn": (
        lambda w: withdraw_application(w.house, w["officer"], CALL_ID, CASES[5], "Kirje."),
        {"applications": 1},
    ),
    "nothing open": (World.settle, {"applications": 1}),
    "another scenario": (_scenario, {"scenarios": 1, "awards": 4}),
    "a lock": (_lock, {"scenarios": 1}),
    "reasons anew": (_reasons_anew, {"decision_reasons": 1}),
    "a proposal": (_propose, {"decisions": 1}),
    "given back": (
        lambda w: return_decision(w.house, w["decider"], CALL_ID, 1, "Täydennettävä."),
        {"decisions": 1},
    ),
    "another proposal": (_propose, {"decisions": 1}),
    "an approval": (_approve, {"decisions": 1, "calls": 1}),
}


def keyed(world: World) -> dict[tuple[str, str], dict[str, Any]]:
    """Every row of every audited table by table and primary key."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for name, rows in contents(world.house.engine).items():
        keys = [column.name for column in metadata.tables[name].primary_key.columns]
        found |= {(name, str([row[key] for key in keys])): row for row in rows}
    return found


def log_size(world: World) -> list[tuple[str, str]]:
    with reading(world.house.engine) as uow:
        query = audit_log.select().order_by(audit_log.c.id)
        return [(row.entity, row.unit) for row in uow.connection.execute(query)]


def test_every_change_leaves_one_entry_and_nothing_else_does(panel: World) -> None:
    for name, (act, expected) in ACTS.items():
        before, logged = keyed(panel), len(log_size(panel))
        act(panel)
        after, entries = keyed(panel), log_size(panel)[logged:]
        changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        assert Counter(table for table, _ in changed) == expected, name
        assert Counter(entity for entity, _ in entries) == expected, name
        assert len({unit for _, unit in entries}) == min(1, len(entries)), f"{name}: one unit of work"


def test_the_trail_says_who_did_what(desk: World) -> None:
    desk.clock.forward(days=1)
    declare_impartial(desk.house, desk["arvi"], CALL_ID, [CASES[3]])
    submit_review(desk.house, desk["arvi"], CALL_ID, CASES[3], draft(3, 4, 5), 0)
    entries = get_trail(desk.house, desk["decider"], CALL_ID, limit=4)
    assert {(e.who, e.action, e.case_number) for e in entries} == {("Arvi", "review.submit", CASES[3])}
    assert [dict.fromkeys(field for field, _, _ in e.changes).keys() for e in entries[:2]] == [
        {"criterion_id", "level", "reason"}
    ] * 2
    assert ("state", "", "submitted") in entries[3].changes
    assert all(desk.clock.moment >= e.at for e in entries)
    older = get_trail(desk.house, desk["decider"], CALL_ID, limit=1, skip=len(entries))
    last = entries[-1].number
    assert last is not None
    assert older[0].number == last - 2, "between them is the kept version of a draft, which says nothing more"
    assert get_trail(desk.house, desk["decider"], CALL_ID, limit=0) == []
    assert get_trail(desk.house, desk["decider"], CALL_ID, limit=-5) == []
    with pytest.raises(Forbidden):
        get_trail(desk.house, desk["arvi"], CALL_ID)


def test_the_trail_hides_what_somebody_is_disqualified_from(panel: World) -> None:
    whole = get_trail(panel.house, panel["officer"], CALL_ID, limit=1_000)
    of_the_case = [e for e in whole if e.case_number == CASES[0]]
    # The application, its version, a confirmation, 3 assignments, 3 declarations, 3 reviews with 3 levels each.
    assert len(of_the_case) == 3 + 3 + 3 + 3 * 4
    record_conflict(panel.house, panel["colleague"], CALL_ID, CASES[0], panel["officer"].id, "other", "")
    seen = get_trail(panel.house, panel["officer"], CALL_ID, limit=1_000)
    # An import brought the application among others: its counts would tell.
    told = [e for e in whole if e not in of_the_case and e.action != "application.import"]
    assert seen == [replace(e, number=None) for e in told]
    everything = get_trail(panel.house, panel["officer"], None, limit=1_000)
    assert not {(e.at, e.action) for e in everything} & {(e.at, e.action) for e in of_the_case}
    assert "Yhteinen tietopohja 1" not in str(everything)
    assert len(get_trail(panel.house, panel["colleague"], CALL_ID, limit=1_000)) == len(whole) + 1


def test_an_administrator_sees_that_something_was_scored_but_not_what(desk: World) -> None:
    _scenario(desk)
    whole = get_trail(desk.house, desk["officer"], CALL_ID, limit=1_000)
    seen = get_trail(desk.house, desk["admin"], CALL_ID, limit=1_000)
    assert [(e.number, e.who, e.action, e.case_number) for e in seen] == [
        (e.number, e.who, e.action, e.case_number) for e in whole
    ]
    secret = ("review.save", "review.submit", "scenario.add", "scenario.award")
    assert {e.action for e in whole if e.changes} >= set(secret)
    assert {e.action for e in seen if e.changes} == {e.action for e in whole if e.changes} - set(secret)
    assert "Perustelu" not in str(seen)
    _remove_scenario(desk)
    removed = get_trail(desk.house, desk["admin"], CALL_ID, limit=6)
    assert {(e.action, e.changes) for e in removed} == {("scenario.remove", ())}


def test_pages_of_the_trail_go_on_past_what_is_hidden(desk: World) -> None:
    record_conflict(desk.house, desk["colleague"], CALL_ID, CASES[0], desk["officer"].id, "other", "")
    seen = get_trail(desk.house, desk["officer"], CALL_ID, limit=1_000)
    paged: list[TrailEntry] = []
    while page := get_trail(desk.house, desk["officer"], CALL_ID, limit=3, skip=len(paged)):
        paged += page
    assert paged == seen


def test_secrets_and_sessions_are_not_in_the_log(desk: World) -> None:
    SignIn(desk.house.engine).sign_in("arvi", "viisi sanaa peräkkäin", "x")
    reset_password(desk.house.engine, TERMINAL, "arvi")
    assert {entity for entity, _ in log_size(desk)} & NOT_AUDITED == set()
    with reading(desk.house.engine) as uow:
        assert "argon2" not in str(uow.connection.execute(audit_log.select()).all())
