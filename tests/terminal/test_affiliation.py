"""``users affiliate``."""

from tests.terminal.commands import Manage


def test_a_municipality_and_an_employer_are_set_and_cleared(in_panel: Manage) -> None:
    answer = in_panel("users", "affiliate", "arvi", "--municipality", "Korsholm", "--employer", "Tieto Oy")
    assert (answer.code, answer.out) == (0, "The account arvi: municipality Mustasaari, employer Tieto Oy.\n")
    shown = in_panel("users", "affiliate", "arvi", "--employer", "", lang="sv").out
    assert "Korsholm" in shown
    assert "Tieto" not in shown


def test_an_unknown_municipality_is_refused_with_near_matches(in_panel: Manage) -> None:
    answer = in_panel("users", "affiliate", "arvi", "--municipality", "Turkku")
    assert answer.code == 2
    assert "There is no municipality Turkku in the register. Near it: Turku" in answer.err + answer.out
