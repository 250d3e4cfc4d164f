"""Import: a plan that changes nothing, then all of it or nothing."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

import sample_data
from calls.application import Application
from storage import applications as stored
from tests.support.worlds import CALL_ID, CASES, World, application, workbook
from tests.workbooks.intake_samples import GOOD, changed, sheet
from workflow.applications import list_applications
from workflow.conflicts import record_conflict
from workflow.eligibility import confirm_eligibility
from workflow.errors import Conflicting, Refused
from workflow.house import House
from workflow.intake import FileRefused, ImportPlan, execute_import, plan_import, rows_to_mend, template
from workflow.review_queue import my_queue

SAMPLE = Path(sample_data.__file__).parent / "applications-2022.xlsx"


def plan(world: World, *applications: Application) -> ImportPlan:
    return plan_import(world.house, world["officer"], CALL_ID, workbook(*applications), "hakemukset.xlsx")


def kinds(made: ImportPlan) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {row.application.case_number: (row.change, row.changed) for row in made.rows}


def imports(house: House) -> list[tuple[str, int, int, int, int]]:
    with house.reading() as uow:
        rows = stored.list_imports(uow, CALL_ID)
    return [(r["filename"], r["new"], r["changed"], r["unchanged"], r["faulty"]) for r in rows]


def ask_for_supplement(world: World, case: str) -> None:
    confirm_eligibility(
        world.house,
        world["officer"],
        CALL_ID,
        case,
        version=world.views()[case].version,
        outcome="supplement_requested",
        reason="Kuvaus puuttuu.",
        deadline=world.clock() + timedelta(days=14),
        request_text="Täydentäkää hakemusta.",
    )


def test_the_sample_file_is_taken_once_and_a_second_time_changes_nothing(world: World) -> None:
    data = SAMPLE.read_bytes()
    first = plan_import(world.house, world["officer"], CALL_ID, data, "applications-2022.xlsx")
    assert (first.count("new"), len(first.rows), first.faults, first.changes_nothing) == (49, 49, (), False)
    assert world.counts()["applications"] == 0, "a plan changes nothing"
    execute_import(world.house, world["officer"], first)
    taken = world.views()
    assert {view.case_number: view.application for view in taken.values()} == {
        row.application.case_number: row.application for row in first.rows
    }
    assert {(view.version, view.state, view.changed) for view in taken.values()} == {(1, "unconfirmed", ())}
    before = world.counts()
    second = plan_import(world.house, world["officer"], CALL_ID, data, "applications-2022.xlsx")
    assert (second.count("unchanged"), second.count("new"), second.changes_nothing) == (49, 0, True)
    execute_import(world.house, world["officer"], second)
    assert world.counts() == before
    assert imports(world.house) == [("applications-2022.xlsx", 49, 0, 0, 0)]


@pytest.mark.parametrize("spelling", ["vn/1/2022", "VN/ 1/2022", "VN/\N{NO-BREAK SPACE}1/2022", "ＶＮ/1/2022"])
def test_another_spelling_of_a_case_number_is_the_same_application(small: World, spelling: str) -> None:
    small.take(application(1))
    same, other = application(1, case_number=spelling), application(1, case_number=spelling, applied=70_000)
    assert kinds(plan(small, same)) == {CASES[0]: ("unchanged", ())}
    made = plan(small, other)
    assert kinds(made) == {CASES[0]: ("differs", ("applied",))}
    execute_import(small.house, small["officer"], made, accept_changes=True)
    assert {case: (view.version, view.application.applied) for case, view in small.views().items()} == {
        CASES[0]: (2, 70_000)
    }


def test_a_case_number_with_a_zero_width_space_is_at_fault(small: World) -> None:
    made = plan(small, application(1, case_number="VN/\u200b1/2022"))
    assert (made.rows, [fault.column for fault in made.faults]) == ((), ["A"])


def test_a_row_that_differs_is_taken_only_when_it_is_accepted(small: World) -> None:
    small.take(application(1), application(2))
    other = application(1, project_name="Uusi nimi", applied=70_000)
    made = plan(small, other, application(2), application(3))
    assert kinds(made) == {
        CASES[0]: ("differs", ("project_name", "applied")),
        CASES[1]: ("unchanged", ()),
        CASES[2]: ("new", ()),
    }
    assert not made.changes_nothing
    execute_import(small.house, small["officer"], made)
    assert {case: view.version for case, view in small.views().items()} == dict.fromkeys(CASES[:3], 1)
    again = plan(small, other, application(2), application(3))
    execute_import(small.house, small["officer"], again, accept_changes=True)
    view = small.views()[CASES[0]]
    assert (view.version, view.application, view.changed) == (2, other, ("project_name", "applied"))
    assert imports(small.house) == [
        ("hakemukset.xlsx", 0, 1, 2, 0),
        ("hakemukset.xlsx", 1, 0, 1, 0),
        ("hakemukset.xlsx", 2, 0, 0, 0),
    ]


def test_an_answer_to_a_request_becomes_a_version_that_everybody_sees_as_changed(desk: World) -> None:
    case = CASES[0]
    ask_for_supplement(desk, case)
    assert desk.views()[case].state == "supplement_requested"
    answer = application(1, dissemination="Malli julkaistaan, ja koulutamme muita kuntia.")
    made = desk.take(answer, *(application(number) for number in range(2, 7)))
    assert (made.count("answer"), made.count("unchanged")) == (1, 5)
    view = desk.views()[case]
    assert (view.version, view.state, view.changed, view.outdated) == (2, "changed", ("dissemination",), True)
    queue = {item.case_number: item.changed_since for item in my_queue(desk.house, desk["arvi"], CALL_ID)}
    assert queue[case] is True
    assert not any(changed for other, changed in queue.items() if other != case)
    desk.confirm(case)
    assert desk.views()[case].state == "eligible"


def test_the_first_file_does_not_undo_the_answer(desk: World) -> None:
    case = CASES[0]
    ask_for_supplement(desk, case)
    answer = application(1, dissemination="Malli julkaistaan, ja koulutamme muita kuntia.")
    desk.take(answer)
    made = desk.take(application(1))
    assert kinds(made) == {case: ("differs", ("dissemination",))}
    assert desk.views()[case].application == answer


def test_with_faults_nothing_is_taken_unless_the_good_rows_are_asked_for(small: World) -> None:
    data = sheet(GOOD, changed(case_number="VN/102/2022", applied="paljon"), changed(case_number="VN/103/2022"))
    made = plan_import(small.house, small["officer"], CALL_ID, data, "hakemukset.xlsx")
    assert [(f.sheet, f.row, f.column, f.value) for f in made.faults] == [("Hakemukset", 3, "U", "paljon")]
    before = small.counts()
    with pytest.raises(Refused):
        execute_import(small.house, small["officer"], made)
    assert small.counts() == before
    execute_import(small.house, small["officer"], made, take_good=True)
    assert sorted(small.views()) == ["VN/101/2022", "VN/103/2022"]
    assert imports(small.house) == [("hakemukset.xlsx", 2, 0, 0, 1)]
    mend = rows_to_mend(small.house, small["officer"], made, "fi")
    again = plan_import(small.house, small["officer"], CALL_ID, mend, "korjattavat.xlsx")
    assert ([f.value for f in again.faults], len(again.rows)) == (["paljon"], 0)


def test_a_plan_that_is_no_longer_true_is_refused(world: World) -> None:
    mine = plan(world, application(1), application(2))
    world.take(application(2))
    before = world.counts()
    with pytest.raises(Conflicting):
        execute_import(world.house, world["officer"], mine)
    assert world.counts() == before


def test_of_two_imports_at_once_one_is_told_that_it_came_late(world: World) -> None:
    plans = [plan(world, application(1), application(2)) for _ in range(2)]
    ready, said = threading.Barrier(2), []

    def execute(made: ImportPlan, who: str) -> None:
        ready.wait(10)
        try:
            execute_import(world.house, world[who], made)
            said.append("taken")
        except Conflicting:
            said.append("late")

    threads = [
        threading.Thread(target=execute, args=work) for work in zip(plans, ("officer", "colleague"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(said) == ["late", "taken"]
    assert (world.counts()["applications"], world.counts()["imports"]) == (2, 1)


def test_a_plan_is_stale_when_a_row_changed_meanwhile(small: World) -> None:
    small.take(application(1))
    mine = plan(small, application(1, applied=70_000))
    other = plan(small, application(1, applied=60_000))
    execute_import(small.house, small["colleague"], other, accept_changes=True)
    with pytest.raises(Conflicting):
        execute_import(small.house, small["officer"], mine, accept_changes=True)


def test_a_failure_in_the_middle_leaves_nothing(world: World) -> None:
    made = plan(world, application(1), application(2), application(3))
    twice = replace(made.intake, rows=(*made.intake.rows, made.intake.rows[1]))
    broken = replace(made, intake=twice, rows=(*made.rows, made.rows[1]))
    before = world.counts()
    with pytest.raises(IntegrityError):
        execute_import(world.house, world["officer"], broken)
    assert world.counts() == before


def test_a_file_that_is_no_workbook_is_refused(small: World) -> None:
    before = small.counts()
    for data, name in ((b"", "x.xlsx"), (b"PK\x03\x04 broken", "x.xlsx"), (b"%PDF-1.7", "x.pdf")):
        with pytest.raises(FileRefused):
            plan_import(small.house, small["officer"], CALL_ID, data, name)
    assert small.counts() == before


def test_the_empty_template_is_refused_for_want_of_rows_alone(small: World) -> None:
    for lang in ("fi", "sv", "en"):
        empty = template(small.house, small["officer"], CALL_ID, lang)
        with pytest.raises(FileRefused, match="no applications under its headings"):
            plan_import(small.house, small["officer"], CALL_ID, empty, "x.xlsx")


def test_a_disqualified_officer_cannot_change_an_application_by_importing_it(desk: World) -> None:
    record_conflict(desk.house, desk["colleague"], CALL_ID, CASES[0], desk["officer"].id, "employment", "")
    data = workbook(application(1, applied=1_000), application(7))
    before = desk.counts()
    with pytest.raises(Refused) as refused:
        plan_import(desk.house, desk["officer"], CALL_ID, data, "x.xlsx")
    assert refused.value.messages[0].params["cases"] == CASES[0]
    with pytest.raises(Refused):
        plan(desk, application(1), application(7))  # that a row is as stored would tell what is stored
    theirs = plan_import(desk.house, desk["colleague"], CALL_ID, data, "x.xlsx")
    with pytest.raises(Refused):
        execute_import(desk.house, desk["officer"], theirs, accept_changes=True)
    assert desk.counts() == before


def test_applications_of_another_call_are_left_alone(small: World) -> None:
    small.take(application(1))
    assert list_applications(small.house, small["officer"], "2020") == []
