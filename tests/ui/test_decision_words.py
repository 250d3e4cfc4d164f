"""The scenario offered first, values of the log in words, and cells in another language."""

from dataclasses import replace

import pytest

from tests.support.worlds import CALL, CALL_ID, World
from ui.decision_checklist import foremost_of
from ui.labels import log_value
from ui.tables import Quote
from ui.tables import _cell as cell
from ui.texts import set_language
from workflow.overview import get_headline
from workflow.saved_scenarios import list_scenarios, lock_scenario, save_scenario
from workflow.scenarios import default_scenario


def test_the_scenario_offered_first_is_that_of_the_top_line(desk: World) -> None:
    desk.turn_to("allocation")
    house, officer = desk.house, desk["officer"]
    for place, name in enumerate(("Vanhin", "Keskimmäinen", "Uusin")):
        save_scenario(house, officer, CALL_ID, name, replace(default_scenario(CALL), appropriation=200_000 + place))

    def names() -> tuple[str, str]:
        saved = list_scenarios(house, officer, CALL_ID)
        return foremost_of(saved).name, get_headline(house, officer, CALL_ID).scenario

    assert names() == ("Uusin", "Uusin")
    by_name = {one.name: one.id for one in list_scenarios(house, officer, CALL_ID)}
    lock_scenario(house, officer, CALL_ID, by_name["Keskimmäinen"])
    assert names() == ("Keskimmäinen", "Keskimmäinen")
    lock_scenario(house, officer, CALL_ID, by_name["Vanhin"])
    assert names() == ("Vanhin", "Vanhin")


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("granted", "9947650", "9\u00a0947\u00a0650\u00a0€"),
        ("granted", "", ""),
        ("locked_at", "2026-11-22T23:43:53+00:00", "23.11.2026 klo 1.43"),
        ("locked_at", "2026-11-22", "2026-11-22"),
        ("note", "2026-11-22T23:43:53+00:00", "2026-11-22T23:43:53+00:00"),
        ("decision_kind", "first", "ensimmäinen päätös"),
    ],
)
def test_values_of_the_log_are_in_words(field: str, value: str, shown: str) -> None:
    set_language("fi")
    assert log_value(field, value, {}) == shown


def test_a_cell_in_another_language_says_so() -> None:
    assert cell(Quote("Räknefel <b>", "sv")) == '<span lang="sv">Räknefel &lt;b&gt;</span>'
