"""The form of the costs: figures follow what is typed, and nothing that somebody else recorded is overwritten unseen."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.worlds import CALL_ID, CASES, World
from workflow.costs import CostView, examine_costs, list_costs

STATED = {"personnel": 80_000, "travel": 0, "premises": 0, "bought_services": 20_000, "other": 0}
PLACE = f"costs-{CALL_ID}-{CASES[0]}"


def page() -> None:
    import streamlit as st

    from tests.support.worlds import CALL_ID, CASES
    from ui.costs_form import costs_form
    from ui.costs_view import show_lines
    from ui.session import Visit
    from ui.texts import set_language
    from workflow.costs import list_costs

    set_language("en")
    here = Visit(st.session_state["house"], st.session_state["actor"], (), CALL_ID)
    found = list_costs(here.house, here.actor, CALL_ID)
    view = next(one for one in found.views if one.case_number == CASES[0])
    show_lines(view)
    costs_form(here, found, view)
    st.button("Something else", key="else")


def officer(world: World, name: str) -> Any:
    test = AppTest.from_function(page)
    test.session_state["house"], test.session_state["actor"] = world.house, world[name]
    test.run()
    assert not test.exception
    return test


def amount(test: Any, category: str = "personnel", turn: int = 0) -> Any:
    return test.text_input(key=f"{PLACE}-euros-{category}-en-{turn}")


def comment(test: Any, category: str = "personnel", turn: int = 0) -> Any:
    return test.text_area(key=f"{PLACE}-comment-{category}-{turn}")


def save(test: Any, turn: int = 0) -> None:
    test.button(key=f"{PLACE}-save-{turn}").click().run()
    assert not test.exception


def stored(world: World) -> CostView:
    return next(v for v in list_costs(world.house, world["chair"], CALL_ID).views if v.case_number == CASES[0])


def shown(test: Any) -> str:
    return " ".join(element.proto.body for element in test.get("html"))


def test_the_figures_follow_what_is_typed_and_nothing_is_stored_before_it_is_recorded(desk: World) -> None:
    first = officer(desk, "officer")
    assert "€85,000" in shown(first)
    amount(first).set_value("60 000").run()
    assert "<dd>€80,000<small>€20,000 less than stated</small></dd>" in shown(first)
    assert "<dd>€68,000<small>applied for €85,000</small></dd>" in shown(first)
    assert [box.value for box in first.warning] == [
        "The largest possible grant €68,000, own funding €15,000 and other public funding €0 together go €3,000 over the "
        "accepted costs. Check that no cost is paid for twice."
    ]
    assert stored(desk).recorded is None


def test_an_amount_that_cannot_be_read_is_said_with_its_category(desk: World) -> None:
    first = officer(desk, "officer")
    amount(first).set_value("60,5")
    amount(first, "travel").set_value("").run()
    said = [box.value for box in first.error]
    assert [text.split("\\:")[0] for text in said] == ["Personnel", "Travel"]
    save(first)
    assert "Nothing was recorded" in [box.value for box in first.error][-1]
    assert stored(desk).recorded is None


def test_a_cut_without_a_comment_is_refused_and_what_was_typed_stays(desk: World) -> None:
    first = officer(desk, "officer")
    amount(first).set_value("60000").run()
    save(first)
    assert ["differs from the stated" in box.value for box in first.error] == [True]
    assert (amount(first).value, stored(desk).recorded) == ("60000", None)
    comment(first).set_value("Liian suuri.").run()
    save(first)
    recorded = stored(desk).recorded
    assert recorded is not None
    assert (recorded.accepted, recorded.comments) == ({**STATED, "personnel": 60_000}, {"personnel": "Liian suuri."})
    assert (amount(first, turn=1).value, comment(first, turn=1).value) == ("€60,000", "Liian suuri.")


@pytest.mark.parametrize("begin_again", [False, True])
def test_what_another_officer_recorded_is_not_overwritten_unseen(desk: World, begin_again: bool) -> None:
    first = officer(desk, "officer")
    amount(first).set_value("50000").run()
    examine_costs(desk.house, desk["colleague"], CALL_ID, CASES[0], STATED, {}, version=1, expected=None)
    comment(first).set_value("Liian suuri.").run()
    assert "changed after you opened this form" in first.warning[0].value
    if not begin_again:
        save(first)
        assert "Somebody examined the costs" in first.error[0].value
        assert (amount(first).value, stored(desk).examined_by) == ("50000", "Colleague")
        return
    next(button for button in first.button if button.label == "Begin again from what is stored").click().run()
    assert (amount(first, turn=1).value, len(first.warning)) == ("€80,000", 0)
    save(first, turn=1)
    assert stored(desk).examined_by == "Officer"
