"""Who gains and loses between two scenarios, and which setting does it."""

from dataclasses import replace
from fractions import Fraction

from allocation import Change, Constraint, Exclusive, Project, Scenario
from allocation.causes import Cause, causes
from locales import msg

A = Project("A", Fraction(4), 60, theme="x")
B = Project("B", Fraction(3), 50, theme="x")
C = Project("C", Fraction(2), 40, theme="y")
ALL = (A, B, C)
PLAIN = Scenario(100, "milp")
CAP = Constraint("cap on x", where=(("theme", ("x",)),), upper=50)
TOGETHER = msg("several settings together")


def test_same_scenarios_have_no_causes() -> None:
    assert causes(ALL, PLAIN, replace(PLAIN, constraints=(replace(CAP, on=False),))) == ()


def test_the_setting_that_changes_a_grant_is_named_and_others_are_not() -> None:
    after = replace(PLAIN, constraints=(CAP,), appropriation=101, smallest_grant=5)
    assert causes(ALL, PLAIN, after) == (
        Cause(Change("B", 0, 50, 50), ("cap on x",)),
        Cause(Change("A", 60, 0, -60), ("cap on x",)),
    )


def test_what_only_several_settings_change_together_is_said_so() -> None:
    # Either alone leaves out A: the cap, or the exclusion of A beside C with a forced C.
    after = replace(PLAIN, constraints=(CAP,), exclusive=(Exclusive("not both", ("A", "C")),), force_in=frozenset("C"))
    found = {cause.change.id: cause.settings for cause in causes(ALL, PLAIN, after)}
    assert found["A"] == (TOGETHER,)


def test_rule_money_and_hand_are_settings_too() -> None:
    after = replace(PLAIN, appropriation=60)
    assert causes(ALL, PLAIN, after) == (Cause(Change("C", 40, 0, -40), (msg("the appropriation"),)),)
    by_rule = causes(ALL, PLAIN, replace(PLAIN, rule="rank_partial"))
    assert [cause.settings for cause in by_rule] == [(msg("the rule of distribution"),)] * 2
    by_hand = causes(ALL, PLAIN, replace(PLAIN, fixed={"A": 0}))
    assert [cause.settings for cause in by_hand] == [(msg("the award of project {id} set by hand", id="A"),)] * 2


def test_a_setting_that_cannot_be_put_back_alone_is_not_considered() -> None:
    # The linear programme cannot force anybody in: the rule alone cannot be put back.
    before = Scenario(100, "lp")
    after = replace(PLAIN, force_in=frozenset("B"))
    assert [cause.settings for cause in causes(ALL, before, after) if cause.change.id == "A"] == [
        (msg("project {id} forced in", id="B"),)
    ]
