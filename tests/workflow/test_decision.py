"""The decision workbook: when there is none to give, and what it says of applications and reviewers."""

import io
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from locales import Message, render
from tests.support.worlds import CALL, CALL_ID, CASES, PASSWORD, TERMINAL, World, application, draft, workbook
from workbooks.decision_data import DecisionData
from workflow.abstaining import declare_impartial
from workflow.accounts import add_account
from workflow.assignment import assign_reviewers
from workflow.decision import decision_data, export_decision
from workflow.eligibility import withdraw_application
from workflow.errors import Refused
from workflow.house import House
from workflow.intake import execute_import, plan_import
from workflow.reviewing import submit_review
from workflow.saved_scenarios import Saved, change_scenario, copy_scenario, lock_scenario, save_scenario
from workflow.scenarios import default_scenario


def data(world: World) -> DecisionData:
    with world.house.reading() as uow:
        return decision_data(uow, CALL_ID, None, "", world.clock())


def test_rules_that_cannot_all_be_met_give_no_workbook(desk: World) -> None:
    tight = replace(default_scenario(CALL, "proportional"), appropriation=30_000)
    with pytest.raises(Refused) as refused:
        export_decision(desk.house, desk["decider"], CALL_ID, "fi", tight)
    first, *why = [render(message, "en") for message in refused.value.messages]
    assert first == "There is no distribution to export."
    assert [sentence.split(" need ")[0] for sentence in why] == [
        "The smallest grants of the projects that can be funded"
    ]


def test_two_reviewers_of_one_name_are_two(desk: World) -> None:
    account, _ = add_account(
        desk.house.engine, TERMINAL, username="arvi2", name="Arvi", roles=["reviewer"], password=PASSWORD
    )
    namesake = replace(desk["arvi"], id=account.id, username="arvi2")
    wanted = [desk["arvi"].id, desk["britta"].id, desk["celia"].id, account.id]
    assign_reviewers(desk.house, desk["officer"], CALL_ID, desk.views()[CASES[0]].id, wanted)
    declare_impartial(desk.house, namesake, CALL_ID, [CASES[0]])
    submit_review(desk.house, namesake, CALL_ID, CASES[0], draft(1, 2, 1), 0)
    made = data(desk)
    arvis = {(s.reviewer_id, s.criterion): s.level for s in made.scores if s.reviewer == "Arvi"}
    assert len(arvis) == 2 * 3
    assert {key for key, _ in arvis} == {str(desk["arvi"].id), str(account.id)}
    assert {row.case_number: row.reviews for row in made.rows}[CASES[0]] == 4
    book = load_workbook(io.BytesIO(export_decision(desk.house, desk["decider"], CALL_ID, "fi")))
    cells = [cell.value for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert cells.count("Arvi") == 2 * 3


def test_an_application_that_changed_is_said_to_be_confirmed_again(desk: World) -> None:
    made = plan_import(desk.house, desk["officer"], CALL_ID, workbook(application(1, applied=70_000)), "x.xlsx")
    execute_import(desk.house, desk["officer"], made, accept_changes=True)
    (row,) = [row for row in data(desk).rows if row.case_number == CASES[0]]
    assert isinstance(row.reason, Message)
    assert (row.status, row.granted, render(row.reason, "en")) == (
        "in_progress",
        0,
        "The application changed after eligibility was confirmed. It is confirmed again.",
    )


def test_data_that_contradict_themselves_are_refused_in_words(desk: World) -> None:
    # A clock without a time zone is the one contradiction that no use case prevents.
    naive = House(desk.house.engine, lambda: datetime(2022, 5, 3, 9, 0))  # noqa: DTZ001
    with pytest.raises(Refused) as refused:
        export_decision(naive, desk["decider"], CALL_ID, "fi")
    assert [render(message, "en") for message in refused.value.messages] == [
        "The moment of the decision list has no time zone; it needs one."
    ]


def locked(world: World) -> Saved:
    saved = save_scenario(world.house, world["officer"], CALL_ID, "Päätös", default_scenario(CALL))
    return lock_scenario(world.house, world["officer"], CALL_ID, saved.id)


def refusal(world: World, saved: Saved) -> list[str]:
    with pytest.raises(Refused) as refused:
        export_decision(world.house, world["decider"], CALL_ID, "fi", scenario_id=saved.id)
    return [render(message, "en") for message in refused.value.messages]


def test_a_locked_scenario_is_exported_only_as_it_was_locked(desk: World) -> None:
    saved = locked(desk)
    assert export_decision(desk.house, desk["decider"], CALL_ID, "fi", scenario_id=saved.id)
    withdraw_application(desk.house, desk["officer"], CALL_ID, CASES[0], "Kirje.")
    assert refusal(desk, saved) == [
        "The scenario Päätös is locked, but the ranking has changed since it was locked.",
        f"In the ranking no longer: {CASES[0]}.",
        "Copy the scenario, save the copy on the ranking of the moment and lock the copy. Then export the copy.",
    ]
    copy = copy_scenario(desk.house, desk["officer"], CALL_ID, saved.id, "Jatko")
    change_scenario(desk.house, desk["officer"], CALL_ID, copy.id, copy.scenario)
    lock_scenario(desk.house, desk["officer"], CALL_ID, copy.id)
    assert export_decision(desk.house, desk["decider"], CALL_ID, "fi", scenario_id=copy.id)


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


def test_half_a_second_of_time_is_not_printed_as_none(desk: World) -> None:
    def limit(seconds: float) -> object:
        with desk.house.reading() as uow:
            scenario = replace(default_scenario(CALL), time_limit=seconds)
            made = decision_data(uow, CALL_ID, scenario, "", desk.clock())
        [value] = [
            value
            for label, value in made.parameters
            if isinstance(label, Message) and label.msgid == "Time limit, seconds"
        ]
        return value

    assert (limit(0.5), limit(60.0)) == (Fraction(1, 2), 60)
