"""The material of a decision and what is exported of it: what the tables say, when there is none to give, the same bytes."""

import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from allocation import Constraint
from decisions.facts import facts_of
from decisions.program import VERSION, version
from decisions.snapshot import Snapshot, faults, from_bytes, to_bytes
from decisions.solving import granted_again
from decisions.tables import Tables, commitment, hash_of
from locales import render
from tests.support.worlds import CALL, CALL_ID, CASES, CRITERIA, PASSWORD, TERMINAL, World, application, draft, workbook
from tests.test_architecture import ROOT
from workflow.abstaining import declare_impartial
from workflow.accounts import add_account
from workflow.assignment import assign_reviewers
from workflow.decision_export import (
    FORMS,
    IN_FULL,
    VARIANTS,
    Source,
    export_csv,
    export_file,
    export_json,
    export_letters,
    export_snapshot,
    export_workbook,
)
from workflow.decision_material import read_material, snapshot_of
from workflow.eligibility import withdraw_application
from workflow.errors import Refused
from workflow.intake import execute_import, plan_import
from workflow.panel_statistics import get_ranking_statistics
from workflow.reviewing import submit_review
from workflow.saved_scenarios import Saved, change_scenario, copy_scenario, lock_scenario, save_scenario
from workflow.scenarios import Scenario, default_scenario
from workflow.verification import verify


def snapshot(
    world: World, scenario: Scenario | None = None, scenario_id: int | None = None, stage: dict[str, Any] | None = None
) -> Snapshot:
    with world.house.reading() as uow:
        material = read_material(uow, CALL_ID, scenario_id, scenario)
    return snapshot_of(material, stage)


def row(tables: Tables, table: str, case: str) -> Any:
    [found] = [one for one in tables[table] if one["case_number"] == case]
    return found


def test_rules_that_cannot_all_be_met_give_no_file(desk: World) -> None:
    tight = replace(default_scenario(CALL, "proportional"), appropriation=30_000)
    for form in FORMS:
        with pytest.raises(Refused) as refused:
            export_file(desk.house, desk["decider"], CALL_ID, form, "fi", scenario=tight)
        first, *why = [render(message, "en") for message in refused.value.messages]
        assert first == "There is no distribution to export."
        assert [sentence.split(" need ")[0] for sentence in why] == [
            "The smallest grants of the projects that can be funded"
        ]


def test_a_form_or_a_variant_that_there_is_not_is_refused(desk: World) -> None:
    for form, variant, said in (
        ("pdf", "full", "format: pdf is not accepted; xlsx, json, csv, snapshot, letters are."),
        ("xlsx", "secret", "variant: secret is not accepted; full, pseudonymised, plain, plain_pseudonymised are."),
        (
            "snapshot",
            "pseudonymised",
            "The frozen decision holds the names of the reviewers and their remarks to the panel. It is made in full only, without the variant pseudonymised.",
        ),
        ("letters", "plain", "The letters have no variants. They are made without the variant plain."),
    ):
        with pytest.raises(Refused) as refused:
            export_file(desk.house, desk["decider"], CALL_ID, form, "fi", variant=variant)
        assert [render(message, "en") for message in refused.value.messages] == [said]


def test_two_reviewers_of_one_name_are_two(desk: World) -> None:
    account, _ = add_account(
        desk.house.engine, TERMINAL, username="arvi2", name="Arvi", roles=["reviewer"], password=PASSWORD
    )
    namesake = replace(desk["arvi"], id=account.id, username="arvi2")
    wanted = [desk["arvi"].id, desk["britta"].id, desk["celia"].id, account.id]
    assign_reviewers(desk.house, desk["officer"], CALL_ID, desk.views()[CASES[0]].id, wanted)
    declare_impartial(desk.house, namesake, CALL_ID, [CASES[0]])
    submit_review(desk.house, namesake, CALL_ID, CASES[0], draft(1, 2, 1), 0)
    tables = snapshot(desk).tables
    arvis = [code for code, one in tables.private.items() if one.name == "Arvi"]
    assert len(arvis) == 2
    given = {(s["reviewer"], s["criterion"]): s["level"] for s in tables["scores"] if s["case_number"] == CASES[0]}
    assert sorted(tuple(given[code, key] for key in CRITERIA) for code in arvis) == [(1, 2, 1), (5, 4, 4)]
    assert row(tables, "ranking", CASES[0])["reviews"] == 4
    book = load_workbook(io.BytesIO(export_workbook(desk.house, desk["decider"], CALL_ID, "fi")))
    cells = [cell.value for sheet in book.worksheets for cells in sheet.iter_rows() for cell in cells]
    assert cells.count("Arvi") >= 2


def test_an_application_that_changed_is_still_in_progress(desk: World) -> None:
    made = plan_import(desk.house, desk["officer"], CALL_ID, workbook(application(1, applied=70_000)), "x.xlsx")
    execute_import(desk.house, desk["officer"], made, accept_changes=True)
    tables = snapshot(desk).tables
    found = row(tables, "applications", CASES[0])
    assert (found["status"], found["basis"], found["granted"]) == ("in_progress", "changed", None)
    assert (row(tables, "eligibility", CASES[0])["outcome"], found["applied"]) == ("changed", 70_000)


def test_a_withdrawn_application_has_its_reason_and_no_place_in_the_ranking(desk: World) -> None:
    withdraw_application(desk.house, desk["officer"], CALL_ID, CASES[0], "Kirje.")
    tables = snapshot(desk).tables
    assert [row(tables, "applications", CASES[0])[key] for key in ("status", "basis", "granted")] == [
        "withdrawn",
        "withdrawn",
        0,
    ]
    assert row(tables, "eligibility", CASES[0])["reason"] == "Kirje."
    assert CASES[0] not in {one["case_number"] for name in ("ranking", "scores") for one in tables[name]}


def test_a_draft_is_the_same_until_something_changes_in_the_call(desk: World) -> None:
    saved = save_scenario(desk.house, desk["officer"], CALL_ID, "Perus", default_scenario(CALL))

    def files() -> list[bytes]:
        made = [
            export_file(desk.house, desk["decider"], CALL_ID, form, lang, variant=variant, scenario_id=saved.id).data
            for form in FORMS
            for lang in ("fi", "sv")
            for variant in (("full",) if form in IN_FULL else VARIANTS)
        ]
        desk.clock.forward(days=3)
        return made

    first = files()
    assert files() == first
    before = snapshot(desk, scenario_id=saved.id)
    desk.review("daavid", CASES[1], 3, 3, 3)
    assert snapshot(desk, scenario_id=saved.id).hash != before.hash


def test_a_draft_of_the_same_state_has_one_hash_in_every_form_and_language(desk: World) -> None:
    made = {
        export_file(desk.house, desk["decider"], CALL_ID, form, lang, variant=variant).hash
        for form in FORMS
        for lang in ("fi", "sv", "en")
        for variant in (("full",) if form in IN_FULL else VARIANTS)
    }
    assert made == {snapshot(desk).hash}
    assert json.loads(export_json(desk.house, desk["decider"], CALL_ID))["hash"] in made


def test_the_snapshot_file_is_whole_and_holds_what_the_tables_do_not(desk: World) -> None:
    desk.review("daavid", CASES[1], 3, 3, 3)
    read, stated = from_bytes(export_snapshot(desk.house, desk["officer"], CALL_ID))
    assert faults(read, stated) == ()
    made = snapshot(desk)
    assert to_bytes(read) == to_bytes(made)
    parts = {name: part["content"] for name, part in read.material.items()}
    assert set(parts) == {
        "call", "applications", "reviews", "consensus", "scenario", "conflicts", "reasons", "ranking_lock",
    }  # fmt: skip
    assert [one["case_number"] for one in parts["applications"]] == list(CASES)
    assert parts["applications"][0]["versions"][0]["content"]["project_name"] == "Yhteinen tietopohja 1"
    assert {"remark", "confidence", "reasons"} <= parts["reviews"][0].keys()
    assert {one["reviewer"] for one in parts["reviews"]} == set(made.tables.private)
    assert CALL.model_dump(mode="json") == parts["call"]


def test_panel_only_remarks_leave_the_house_in_the_snapshot_alone(desk: World) -> None:
    declare_impartial(desk.house, desk["daavid"], CALL_ID, [CASES[2]])
    version = 1
    submit_review(desk.house, desk["daavid"], CALL_ID, CASES[2], draft(3, 3, 3, remark="Vain paneelille."), version)
    house, actor = desk.house, desk["decider"]
    said = b"Vain paneelille."
    assert said in export_snapshot(house, actor, CALL_ID)
    zips = (
        export_csv(house, actor, CALL_ID, "fi"),
        export_letters(house, actor, CALL_ID),
        export_workbook(house, actor, CALL_ID, "fi"),
    )
    for archive in zips:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            assert not any(said in opened.read(name) for name in opened.namelist())
    assert said not in export_json(house, actor, CALL_ID)


def test_names_of_reviewers_are_bound_to_codes_and_absent_from_the_pseudonymised_variant(desk: World) -> None:
    tables = snapshot(desk).tables
    assert list(tables.private) == [one["reviewer"] for one in tables["reviewers"]]
    assert {one["reviewer"]: one["commitment"] for one in tables["reviewers"]} == {
        code: commitment(one) for code, one in tables.private.items()
    }
    commitments = [one["commitment"] for one in tables["reviewers"]]
    assert (commitments, {one.name for one in tables.private.values()}) == (
        sorted(commitments),
        {"Arvi", "Britta", "Celia"},
    )
    for form in ("json", "csv", "xlsx"):
        data = export_file(desk.house, desk["decider"], CALL_ID, form, "fi", variant="pseudonymised").data
        if form == "json":
            pieces = [data]
        else:
            with zipfile.ZipFile(io.BytesIO(data)) as opened:
                pieces = [opened.read(name) for name in opened.namelist()]
        assert not any(name.encode() in piece for piece in pieces for name in ("Arvi<", '"Arvi"', "Britta", "Celia"))


def test_the_numbers_of_reviewers_are_drawn_for_a_proposal_and_kept_for_a_draft(desk: World) -> None:
    stage = {"stage": "proposal", "number": 1, "presenter": "Officer", "made_at": desk.clock(), "proposed_at": None}
    drafts, proposals = (
        [{one.nonce for one in snapshot(desk, stage=given).tables.private.values()} for _ in range(2)]
        for given in (None, stage)
    )
    assert drafts[0] == drafts[1]
    assert proposals[0] & proposals[1] == set()
    assert (drafts[0] | drafts[1]) & (proposals[0] | proposals[1]) == set()
    assert all(len(nonce) == 64 for nonce in drafts[0])


def test_the_facts_say_what_the_decision_is_of(desk: World) -> None:
    facts = facts_of(snapshot(desk).tables["facts"])
    assert (facts["call.id"], facts["program.version"], facts["decision.stage"]) == (CALL_ID, version(), "draft")
    assert facts["decision.made_at"].endswith("+00:00")
    assert facts["scenario.name"] == "Sekalukuoptimointi"
    assert set(CRITERIA) == {key.removeprefix("criterion.") for key in facts if key.startswith("criterion.")}
    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text("utf-8")
    assert {key.removeprefix("condition.") for key in facts if key.startswith("condition.")} == {
        condition.id for condition in CALL.conditions
    }


def test_the_statistics_are_those_beside_the_ranking(sample: World) -> None:
    with sample.house.reading() as uow:
        tables = snapshot_of(read_material(uow, "2020", None)).tables
    known = get_ranking_statistics(sample.house, sample["paula.paattaja"], "2020")
    figures = known.by_case
    assert facts_of(tables["facts"])["ranking.k"] == known.above
    for one in tables["ranking"]:
        stated = figures.get(one["case_number"])
        if stated is None:
            assert one["adjusted"] is None
            continue
        assert (one["rank_low"], one["rank_high"]) == stated.ranks[90]
        for key, value in (
            ("adjusted", stated.adjusted),
            ("expected_rank", stated.expected_rank),
            ("chance", stated.p_top_k),
        ):
            assert (one[key] is None) == (value is None)
            assert value is None or abs(float(one[key]) - value) <= 0.00005 + 1e-9
    assert [one["score"] for one in sorted(tables["ranking"], key=lambda one: one["rank"] or 10_000)] == [
        standing.score for standing in known.standings
    ]


def test_every_saved_scenario_stands_beside_the_decided_one_and_the_baseline(desk: World) -> None:
    house, officer = desk.house, desk["officer"]
    first = save_scenario(house, officer, CALL_ID, "Vertailukohta", default_scenario(CALL))
    second = save_scenario(house, officer, CALL_ID, "Portaat", default_scenario(CALL, "tiers"))
    tables = snapshot(desk, scenario_id=second.id).tables
    assert {(one["name"], one["decided"], one["rule"]) for one in tables["scenarios"]} == {
        ("Portaat", True, "tiers"),
        ("Vertailukohta", False, "milp"),
        ("Vertailukohta (2)", False, "rank_skip"),
    }
    granted = {
        name: {one["case_number"]: one["granted"] for one in tables["comparison"] if one["scenario"] == name}
        for name in ("Portaat", "Vertailukohta")
    }
    ranked = {one["case_number"] for one in tables["ranking"]}
    assert granted["Portaat"] == {
        one["case_number"]: one["granted"] or 0 for one in tables["applications"] if one["case_number"] in ranked
    }
    beside = snapshot(desk, scenario_id=first.id).tables["applications"]
    assert granted["Vertailukohta"] == {one["case_number"]: one["granted"] or 0 for one in beside}


def test_a_scenario_that_cannot_be_run_stands_beside_without_figures(desk: World) -> None:
    floor = Constraint("Liian suuri", "grant", lower=119_000)
    house, officer = desk.house, desk["officer"]
    bad = save_scenario(house, officer, CALL_ID, "Mahdoton", replace(default_scenario(CALL), constraints=(floor,)))
    withdraw_application(house, officer, CALL_ID, CASES[0], "Kirje.")
    tables = snapshot(desk).tables
    [found] = [one for one in tables["scenarios"] if one["name"] == bad.name]
    assert (found["status"], found["remaining"], found["decided"]) == ("infeasible", None, False)
    assert {one["granted"] for one in tables["comparison"] if one["scenario"] == bad.name} == {None}


def test_what_a_scenario_forces_is_an_override_with_its_reason(desk: World) -> None:
    forced = replace(
        default_scenario(CALL),
        force_in=frozenset({CASES[1]}),
        force_out=frozenset({CASES[0]}),
        reasons={CASES[1]: "Alueen ainoa hanke.", CASES[0]: "Päällekkäinen rahoitus."},
    )
    saved = save_scenario(desk.house, desk["officer"], CALL_ID, "Pakotettu", forced)
    tables = snapshot(desk, scenario_id=saved.id).tables
    keys = ("number", "case_number", "kind", "before", "after", "reason", "by", "decision")
    assert [tuple(one[key] for key in keys) for one in tables["overrides"]] == [
        (1, CASES[1], "forced_in", None, 85_000, "Alueen ainoa hanke.", "Officer", 1),
        (2, CASES[0], "forced_out", None, 0, "Päällekkäinen rahoitus.", "Officer", 1),
    ]
    assert granted_again(tables) == {one["case_number"]: one["granted"] or 0 for one in tables["applications"]}


def locked(world: World) -> Saved:
    saved = save_scenario(world.house, world["officer"], CALL_ID, "Päätös", default_scenario(CALL))
    return lock_scenario(world.house, world["officer"], CALL_ID, saved.id)


def refusal(world: World, saved: Saved) -> list[str]:
    with pytest.raises(Refused) as refused:
        export_workbook(world.house, world["decider"], CALL_ID, "fi", scenario_id=saved.id)
    return [render(message, "en") for message in refused.value.messages]


def test_a_locked_scenario_is_exported_only_as_it_was_locked(desk: World) -> None:
    saved = locked(desk)
    assert export_workbook(desk.house, desk["decider"], CALL_ID, "fi", scenario_id=saved.id)
    withdraw_application(desk.house, desk["officer"], CALL_ID, CASES[0], "Kirje.")
    assert refusal(desk, saved) == [
        "The scenario Päätös is locked, but the ranking or the accepted costs have changed since it was locked.",
        f"In the ranking no longer: {CASES[0]}.",
        "Copy the scenario, save the copy on the ranking of the moment and lock the copy. Then export the copy.",
    ]
    copy = copy_scenario(desk.house, desk["officer"], CALL_ID, saved.id, "Jatko")
    change_scenario(desk.house, desk["officer"], CALL_ID, copy.id, copy.scenario)
    lock_scenario(desk.house, desk["officer"], CALL_ID, copy.id)
    assert export_workbook(desk.house, desk["decider"], CALL_ID, "fi", scenario_id=copy.id)


def test_a_locked_scenario_whose_ranking_changed_in_details_alone_is_refused(desk: World) -> None:
    saved = locked(desk)
    desk.sound = False
    with desk.house.engine.begin() as connection:
        connection.execute(text("UPDATE scenarios SET outcome = json_set(outcome, '$.ranking', 'another')"))
    assert refusal(desk, saved)[1] == "Scores, amounts or other details of the applications have changed."


def test_a_locked_scenario_that_gives_other_awards_than_were_locked_is_refused(desk: World) -> None:
    saved = locked(desk)
    desk.sound = False
    with desk.house.engine.begin() as connection:
        connection.execute(text("UPDATE awards SET granted = granted - 1 WHERE granted > 0"))
    first, other, _ = refusal(desk, saved)
    assert first == "The scenario Päätös is locked, but it does not give the awards any more that were locked."
    assert other.startswith("The award would be another now: ")


def test_half_a_second_of_time_is_not_stated_as_none(desk: World) -> None:
    said = [
        facts_of(snapshot(desk, replace(default_scenario(CALL), time_limit=limit)).tables["facts"])[
            "scenario.time_limit"
        ]
        for limit in (0.5, 60.0)
    ]
    assert said == ["0.5", "60.0"]


def test_a_scenario_or_a_decision_that_is_not_there_is_refused(desk: World) -> None:
    for of in (Source(scenario_id=99), Source(decision_id=99)):
        with pytest.raises(Refused):
            export_json(desk.house, desk["decider"], CALL_ID, **of)


def test_a_call_without_applications_or_without_reviews_has_its_files_too(small: World) -> None:
    def hashes() -> set[str]:
        return {export_file(small.house, small["decider"], CALL_ID, form, "fi").hash for form in FORMS}

    assert hashes() == {snapshot(small).hash}
    small.take(application(1))
    small.confirm(CASES[0])
    tables = snapshot(small).tables
    assert hashes() == {hash_of(tables)}
    [ranked] = tables["ranking"]
    assert (ranked["rank"], ranked["score"], ranked["adjusted"], ranked["chance"]) == (None, None, None, None)
    assert row(tables, "applications", CASES[0])["basis"] == "not_scored"
    report = verify(export_workbook(small.house, small["decider"], CALL_ID, "sv"), "x.xlsx")
    assert (report.ok, report.findings) == (True, ())


def test_the_tables_of_a_draft_are_as_their_hash_says(desk: World) -> None:
    made = snapshot(desk)
    assert made.hash == hash_of(made.tables)
