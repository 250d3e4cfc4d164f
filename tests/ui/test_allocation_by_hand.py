"""Two officers at one scenario: neither page undoes or overwrites unseen what the other has saved."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ui import allocation_by_hand


@dataclass
class Stored:
    """The one scenario of both; every write counts up its version."""

    rest: str = "kept"
    version: int = 1
    writes: list[tuple[str, object, int]] = field(default_factory=list)

    def write(self, who: str, what: object, expected: int) -> None:
        self.writes.append((who, what, expected))
        self.version += 1


STORED = Stored()


@pytest.fixture(autouse=True)
def stored(monkeypatch: pytest.MonkeyPatch) -> Stored:
    STORED.__init__()  # type: ignore[misc]

    def set_rest(_: object, who: str, call: str, scenario: int, rest: str, *, expected_version: int) -> None:
        STORED.rest = rest
        STORED.write(who, rest, expected_version)

    def set_award(
        _: object, who: str, call: str, scenario: int, case: str, euros: int, reason: str, *, expected_version: int
    ) -> None:
        STORED.write(who, euros, expected_version)

    monkeypatch.setattr(allocation_by_hand, "set_rest", set_rest)
    monkeypatch.setattr(allocation_by_hand, "set_award", set_award)
    return STORED


def page() -> None:
    from types import SimpleNamespace

    import streamlit as st

    from tests.ui.test_allocation_by_hand import STORED
    from ui.allocation_by_hand import award_form

    here = SimpleNamespace(house=None, actor=st.session_state["who"], call_id="c")
    saved = SimpleNamespace(saved=SimpleNamespace(id=1, rest=STORED.rest, version=STORED.version))
    award = SimpleNamespace(id="A", granted=40_000)
    run = SimpleNamespace(allocation=SimpleNamespace(remaining=0, awards=[award]), scenario=SimpleNamespace(reserve=0))
    award_form(here, run, saved, "A")  # type: ignore[arg-type]
    st.button("Something else", key="else")


def officer(name: str) -> Any:
    test = AppTest.from_function(page)
    test.session_state["who"] = name
    test.run()
    assert not test.exception
    return test


def test_a_page_that_is_open_does_not_undo_what_another_officer_chose(stored: Stored) -> None:
    first, second = officer("first"), officer("second")
    second.radio[0].set_value("reoptimised").run()
    first.button(key="else").click().run()
    second.button(key="else").click().run()
    assert stored.writes == [("second", "reoptimised", 1)]
    assert first.radio[0].value == second.radio[0].value == "reoptimised"


def test_an_award_is_set_on_the_version_that_was_on_the_screen(stored: Stored) -> None:
    first = officer("first")
    stored.version = 7
    first.text_input[0].set_value("50000")
    first.text_area[0].set_value("Syy.")
    first.button[0].click().run()
    assert stored.writes == [("first", 50_000, 1)]
