"""The tab of probabilities: a quick result stays until the exact one is there, and comes back when that is cancelled."""

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ui import allocation_chances
from ui.texts import t

QUICK_DRAWS = 400
EXACT_DRAWS: list[int] = []
"""Of the exact runs to come: the first takes long enough to be cancelled."""


def started(_: object, __: object, ___: str, scenario: Any, *, every: bool = False) -> Any:
    import numpy as np

    from allocation.chances import begin
    from tests.ui.test_allocation_chances import EXACT_DRAWS, instance

    projects, _ = instance()
    draws = 3 + np.random.default_rng(1).normal(0, 0.5, (EXACT_DRAWS.pop(0) if every else QUICK_DRAWS, len(projects)))
    return begin(projects, scenario, [one.id for one in projects], draws, every=every, audit=20)


def instance() -> Any:
    from fractions import Fraction

    from allocation import Constraint, Project, Scenario

    themes = Constraint("themes", each="theme", upper=20)
    projects = tuple(Project(f"P{n}", Fraction(30 + n, 10), 5 + n, theme="ab"[n % 2], tie_keys=(n,)) for n in range(9))
    return projects, Scenario(50, "milp", constraints=(themes,))


def page() -> None:
    from types import SimpleNamespace

    from allocation import distribute
    from tests.ui.test_allocation_chances import instance
    from ui import allocation_chances

    projects, scenario = instance()
    ranked = [SimpleNamespace(case_number=one.id, name=one.id, rank=place) for place, one in enumerate(projects)]
    run = SimpleNamespace(
        scenario=scenario, projects=projects, allocation=distribute(projects, scenario), ranked=ranked
    )
    here = SimpleNamespace(house=None, actor=SimpleNamespace(id=1), call_id="c")
    allocation_chances.show_chances(here, scenario, run)  # type: ignore[arg-type]


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(allocation_chances, "start_chances", started)
    # As for a call of more projects than are solved exactly at once.
    monkeypatch.setattr(allocation_chances, "_EVERY_DRAW", 0)
    EXACT_DRAWS[:] = [5_000, 20]
    names = {f"P{n}": f"P{n}" for n in range(9)}
    monkeypatch.setattr(allocation_chances, "project_names", lambda run: names)
    monkeypatch.setattr(allocation_chances, "rank_of", lambda run: dict.fromkeys(names, "1"))
    yield AppTest.from_function(page, default_timeout=20)
    for kept in allocation_chances._runs().values():
        kept.run.cancel()
    allocation_chances._runs().clear()


def words(test: Any) -> str:
    return " ".join(one.value for one in (*test.caption, *test.markdown))


def button(test: Any, label: str) -> Any:
    return next(one for one in test.button if one.label == t(label))


def test_a_quick_result_stays_until_every_draw_is_solved(screen: Any) -> None:
    test = screen.run()
    button(test, "Work out the probabilities").click().run()
    kept = allocation_chances._runs()
    assert kept[1, "c"].run.wait(20)
    test.run()
    assert not test.exception
    quick = kept[1, "c"].run.result()
    assert not quick.exact
    button(test, "Solve every draw exactly").click().run()
    assert not test.exception
    assert not kept[1, "c"].run.finished
    assert [one.label for one in test.button] == [t("Cancel")]
    assert str(QUICK_DRAWS) in words(test)
    button(test, "Cancel").click().run()
    assert kept[1, "c"].run.result() == quick
    button(test, "Solve every draw exactly").click().run()
    assert kept[1, "c"].run.wait(60)
    test.run()
    assert kept[1, "c"].run.result().exact
    assert not test.exception
    assert not test.button
