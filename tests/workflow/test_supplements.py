"""Answers to requests for supplement: when the application came, when its answer came, and against which deadline."""

from datetime import UTC, datetime, timedelta

import pytest

from calls.application import Application
from tests.support.worlds import CALL, CALL_ID, CASES, SOUND, World, application, workbook
from workflow.applications import get_application
from workflow.eligibility import confirm_eligibility
from workflow.intake import ImportPlan, execute_import, plan_import

CASE = CASES[0]
CLOSING = CALL.window.closes.value.astimezone(UTC)
ANSWER = "Malli julkaistaan, ja koulutamme muita kuntia."


def ask(world: World, days: int = 14) -> datetime:
    """Request a supplement; the deadline is a whole minute after the call has closed."""
    deadline = (world.clock() + timedelta(days=days)).replace(second=0)
    assert deadline > CLOSING
    confirm_eligibility(
        world.house,
        world["officer"],
        CALL_ID,
        CASE,
        version=world.views()[CASE].version,
        outcome="supplement_requested",
        reason="Kuvaus puuttuu.",
        deadline=deadline,
        request_text="Täydentäkää hakemusta.",
    )
    return deadline


def plan(world: World, *applications: Application) -> ImportPlan:
    return plan_import(world.house, world["officer"], CALL_ID, workbook(*applications), "hakemukset.xlsx")


def versions(world: World) -> list[tuple[int, datetime, bool]]:
    details = get_application(world.house, world["officer"], CALL_ID, CASE)
    return [(v.version, v.arrived_at, v.late) for v in details.versions]


@pytest.mark.parametrize(("minutes", "late"), [(-60, False), (0, False), (1, True)])
def test_an_answer_is_judged_by_its_own_deadline_and_the_application_by_its_first_arrival(
    panel: World, minutes: int, late: bool
) -> None:
    deadline = ask(panel)
    arrived = deadline + timedelta(minutes=minutes)
    made = plan(panel, application(1, dissemination=ANSWER, arrived_at=arrived))
    (row,) = made.rows
    assert (row.change, row.changed, row.answered_at, row.late) == ("answer", ("dissemination",), arrived, late)
    assert row.application.arrived_at == SOUND.arrived_at
    assert (made.late_answers, made.outside_window) == ((CASE,) if late else (), 0)
    execute_import(panel.house, panel["officer"], made)
    view = panel.views()[CASE]
    assert view.application == application(1, dissemination=ANSWER)
    assert {finding.rule: finding.outcome for finding in view.findings}["closing"] == "met"
    assert versions(panel) == [(1, SOUND.arrived_at, False), (2, arrived, late)]


@pytest.mark.parametrize(("days", "late"), [(1, False), (15, True)])
def test_an_answer_that_states_no_arrival_came_when_it_was_imported(desk: World, days: int, late: bool) -> None:
    ask(desk)
    desk.clock.forward(days=days)
    made = plan(desk, application(1, dissemination=ANSWER))
    assert (made.rows[0].answered_at, made.rows[0].late) == (None, late)
    before = desk.clock.moment
    execute_import(desk.house, desk["officer"], made)
    _, (number, arrived, was_late) = versions(desk)
    assert (number, was_late) == (2, late)
    assert before < arrived <= desk.clock.moment


def test_the_file_of_an_answer_changes_nothing_a_second_time(desk: World) -> None:
    deadline = ask(desk)
    answer = application(1, dissemination=ANSWER, arrived_at=deadline - timedelta(days=1))
    desk.take(answer)
    before = desk.counts()
    again = plan(desk, answer)
    assert (again.count("unchanged"), again.changes_nothing) == (1, True)
    execute_import(desk.house, desk["officer"], again, accept_changes=True)
    assert desk.counts() == before
    assert desk.views()[CASE].application.arrived_at == SOUND.arrived_at


def test_the_arrival_of_the_first_answer_is_not_that_of_the_second(desk: World) -> None:
    first = ask(desk) - timedelta(days=1)
    desk.take(application(1, dissemination=ANSWER, arrived_at=first))
    desk.clock.forward(days=20)
    deadline = ask(desk, days=7)
    desk.clock.forward(days=8)
    made = plan(desk, application(1, dissemination=ANSWER + " Ja muita.", arrived_at=first))
    assert (made.rows[0].change, made.rows[0].answered_at, made.late_answers) == ("answer", None, (CASE,))
    in_time = plan(desk, application(1, dissemination=ANSWER + " Ja muita.", arrived_at=deadline))
    assert (in_time.rows[0].answered_at, in_time.late_answers) == (deadline, ())


def test_a_difference_that_nobody_asked_for_is_no_late_answer(desk: World) -> None:
    desk.take(application(1, dissemination=ANSWER, arrived_at=ask(desk) + timedelta(days=1)))
    desk.clock.forward(days=20)
    accept(desk, 70_000)
    ask(desk)
    confirm_eligibility(
        desk.house, desk["officer"], CALL_ID, CASE, version=3, outcome="eligible", reason="Ei tarvitakaan."
    )
    desk.clock.forward(days=20)
    accept(desk, 60_000)
    assert [(number, late) for number, _, late in versions(desk)] == [(1, False), (2, True), (3, False), (4, False)]


def accept(world: World, applied: int) -> None:
    """Take a row that differs although nothing is asked for."""
    made = plan(world, application(1, dissemination=ANSWER, applied=applied))
    assert [row.change for row in made.rows] == ["differs"]
    execute_import(world.house, world["officer"], made, accept_changes=True)


def test_only_new_applications_can_have_arrived_outside_the_window(small: World) -> None:
    minute = timedelta(minutes=1)
    small.take(application(1, arrived_at=CLOSING + 2 * minute))
    arrivals = {
        CASES[1]: CLOSING - timedelta(days=365),
        CASES[2]: CLOSING - timedelta(days=30),
        CASES[3]: CLOSING + timedelta(seconds=59),
        CASES[4]: CLOSING + minute,
    }
    rows = [application(place, arrived_at=arrived) for place, arrived in enumerate(arrivals.values(), start=2)]
    made = plan(small, application(1, arrived_at=CLOSING + 2 * minute), *rows)
    assert {row.application.case_number: row.outside for row in made.rows} == {
        CASES[0]: False,
        CASES[1]: True,
        CASES[2]: False,
        CASES[3]: False,
        CASES[4]: True,
    }
    assert made.outside_window == 2
