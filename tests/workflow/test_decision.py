"""The decision workbook: when there is none to give, and what it says of applications and reviewers."""

import io
from dataclasses import replace
from datetime import datetime

import pytest
from openpyxl import load_workbook

from locales import Message, render
from tests.support.worlds import CALL, CALL_ID, CASES, PASSWORD, TERMINAL, World, application, draft, workbook
from workbooks.decision_data import DecisionData
from workflow.abstaining import declare_impartial
from workflow.accounts import add_account
from workflow.assignment import assign_reviewers
from workflow.decision import decision_data, export_decision
from workflow.errors import Refused
from workflow.house import House
from workflow.intake import execute_import, plan_import
from workflow.reviewing import submit_review
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
