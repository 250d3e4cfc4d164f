"""A scenario in words, what its rule cannot hold, and what the form does to it."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from allocation import Constraint, Dependent, Exclusive, Scenario, Tier
from locales import LocalText, Message
from ui.scenario_editor import without_item
from ui.scenario_state import Desk, fitted
from ui.scenario_words import cannot_hold, constraint_words, limit_words, listed, proposed_name
from ui.texts import set_language

NAMES: dict[str, Message | LocalText | str] = {
    "theme": "theme",
    "theme=a": LocalText(fi="Tieto", sv="Data", en="Data quality"),
    "region": "region",
    "population": "population",
}
PLAIN = Scenario(appropriation=1_000_000, rule="milp", names=NAMES)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("fi")


@pytest.mark.parametrize(
    ("constraint", "sentence", "name"),
    [
        (
            Constraint("x", upper_share=Fraction(1, 8), each="region"),
            "Euros granted; each value by itself: region; at most 12.5 % of the appropriation.",
            "At most 12.5 % of the appropriation, each value by itself: region",
        ),
        (
            Constraint("x", "count", (("theme", ("a", "b")),), lower=1, upper=3),
            "Number of projects; theme: Data quality, b; at least 1 project, at most 3 projects.",
            "At least 1 project, at most 3 projects, theme: Data quality, b",
        ),
        (
            Constraint("x", "population", lower=200_000, by_grant=True),
            "Population times the euros granted; at least 200000.",
            "At least 200000, Population times the euros granted",
        ),
        (Constraint("x"), "Euros granted; no limit.", ""),
    ],
)
def test_constraint_in_words(constraint: Constraint, sentence: str, name: str) -> None:
    assert constraint_words(constraint, PLAIN) == sentence
    assert proposed_name(constraint, PLAIN) == name


def test_proposed_name_stays_within_what_is_accepted() -> None:
    long = Constraint("", "count", (("theme", tuple(f"theme number {n}" for n in range(20))),), upper=1)
    assert len(proposed_name(long, PLAIN)) <= 100


def test_limit_in_euros_is_written_as_money() -> None:
    assert limit_words(Constraint("x", lower=100_000)) == "at least €100,000"


def full() -> Scenario:
    return replace(
        PLAIN,
        constraints=(Constraint("cap", upper=5), Constraint("floor", "count", lower=1, on=False)),
        exclusive=(Exclusive("one", ("A", "B")),),
        dependent=(Dependent("with", "C", ("D", "E")),),
        force_in=frozenset({"G", "F"}),
        force_out=frozenset({"H"}),
        reasons={"F": "Because.", "H": "Late.", "Z": "By hand."},
        fixed={"Z": 5},
    )


def test_list_has_every_entry_with_its_switch() -> None:
    assert [(item.key, item.on) for item in listed(full())] == [
        ("constraint:cap", True),
        ("constraint:floor", False),
        ("exclusive:one", True),
        ("dependent:with", True),
        ("force_in:F", None),
        ("force_in:G", None),
        ("force_out:H", None),
    ]
    assert [item.sentence for item in listed(full())][2:6] == [
        "At most 1 of these is funded: A, B.",
        "C is funded only with: D, E.",
        "Because.",
        "The reason is missing.",
    ]


def test_each_entry_can_be_removed_and_nothing_else_goes() -> None:
    left = full()
    keys = [item.key for item in listed(left)]
    while keys:
        left = without_item(left, keys.pop(0))
        assert [item.key for item in listed(left)] == keys
    assert left == replace(PLAIN, reasons={"Z": "By hand."}, fixed={"Z": 5})


def test_reason_of_an_award_set_by_hand_outlives_its_force() -> None:
    both = replace(PLAIN, force_in=frozenset({"Z"}), reasons={"Z": "By hand."}, fixed={"Z": 5})
    assert without_item(both, "force_in:Z").reasons == {"Z": "By hand."}


def test_what_the_rule_cannot_hold_is_said_beside_the_entry() -> None:
    items = {item.key: item for item in listed(full())}
    held = {
        rule: [key for key, item in items.items() if not cannot_hold(replace(full(), rule=rule), item.kinds)]
        for rule in ("milp", "lp")
    }
    assert held == {"milp": list(items), "lp": ["constraint:cap", "force_out:H"]}
    assert "a smallest number of projects" in cannot_hold(replace(full(), rule="lp"), items["constraint:floor"].kinds)


def test_limits_that_the_rule_cannot_hold_are_left_out_and_come_back() -> None:
    typed = replace(PLAIN, smallest_grant=20_000, tiers=(Tier(Fraction(4), Fraction(1)),))
    assert fitted(replace(typed, rule="lp")).smallest_grant == 0
    assert fitted(typed) == replace(typed, tiers=())
    assert fitted(replace(typed, rule="tiers")).tiers == typed.tiers


def test_desk_is_changed_by_values_and_not_by_names_or_limits_out_of_use() -> None:
    kept = replace(PLAIN, rule="lp")
    assert not Desk("2022-own", 1, kept, replace(kept, names={}, smallest_grant=20_000)).changed
    assert Desk("2022-own", 1, kept, replace(kept, reserve=1)).changed
