"""Awards set by hand: only they change, what the law says holds, and every rule they break is named."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocation import Constraint, Dependent, Exclusive, Project, Scenario, ScenarioError, distribute
from allocation.by_hand import breaches, check_awards, legal_ceiling, replace_awards, worth

PROJECTS = (
    Project("A", Fraction(5), 100_000, 200_000, theme="data", columns={"impact": 4}),
    Project("B", Fraction(4), 80_000, 80_000, theme="data", columns={"impact": 2}),
    Project("C", Fraction(3), 60_000, 60_000, theme="people", columns={"impact": 5}),
    Project("D", Fraction(1), 40_000, 40_000, theme="people", columns={"impact": 1}),
    Project("E", None, 30_000, 30_000),
)
SCENARIO = Scenario(250_000, "rank_skip", reserve=10_000, unit=1_000, threshold=Fraction(2), max_share_bp=8_500)


def given_with(hands: Mapping[str, int], scenario: Scenario = SCENARIO) -> dict[str, int]:
    found = distribute(PROJECTS, scenario)
    return {award.id: award.granted for award in replace_awards(PROJECTS, scenario, found, hands).awards}


def broken(hands: Mapping[str, int], scenario: Scenario = SCENARIO) -> dict[str, tuple[str, ...]]:
    granted = {award.id: award.granted for award in distribute(PROJECTS, scenario).awards} | dict(hands)
    return {breach.policy: breach.projects for breach in breaches(PROJECTS, scenario, granted)}


def test_only_the_awards_set_by_hand_change() -> None:
    rule = distribute(PROJECTS, SCENARIO)
    assert {a.id: a.granted for a in rule.awards} == {"A": 100_000, "B": 68_000, "C": 51_000, "D": 0, "E": 0}
    found = replace_awards(PROJECTS, SCENARIO, rule, {"B": 20_000, "D": 10_000})
    assert {a.id: a.granted for a in found.awards} == {"A": 100_000, "B": 20_000, "C": 51_000, "D": 10_000, "E": 0}
    assert {a.id for a in found.awards if a.code == "set_by_hand"} == {"B", "D"}
    assert (found.spent, found.remaining) == (181_000, 69_000)
    assert found.objective == 500_000 + 80_000 + 153_000 + 10_000
    assert (found.bound, found.gap, found.sums[0].value) == (None, None, 181_000)
    assert replace_awards(PROJECTS, SCENARIO, rule, {}).awards == rule.awards


@pytest.mark.parametrize(
    "hands",
    [{"A": 100_001}, {"A": 101_000}, {"B": 69_000}, {"A": -1_000}, {"E": 1_000}, {"Z": 0}, {"D": 30_000}],
    ids=["no full unit", "above applied", "above the share", "negative", "not scored", "unknown", "above the money"],
)
def test_what_cannot_be_granted_is_refused(hands: dict[str, int]) -> None:
    rule = distribute(PROJECTS, SCENARIO)
    with pytest.raises(ScenarioError) as refused:
        replace_awards(PROJECTS, SCENARIO, rule, hands)
    assert len(refused.value.problems) == 1
    assert {a.id: a.granted for a in rule.awards}["A"] == 100_000


def test_awards_alone_are_checked_against_the_appropriation() -> None:
    check_awards(PROJECTS, SCENARIO, {"A": 100_000, "B": 68_000, "C": 51_000})
    with pytest.raises(ScenarioError):
        check_awards(PROJECTS, replace(SCENARIO, appropriation=200_000), {"A": 100_000, "B": 68_000, "C": 51_000})


def test_the_legal_ceiling_knows_neither_the_scenarios_nor_the_projects_largest_grant() -> None:
    project = replace(PROJECTS[1], max_grant=5_000)
    assert legal_ceiling(project, replace(SCENARIO, largest_grant=1_000)) == 68_000
    assert legal_ceiling(project, replace(SCENARIO, max_share_bp=None)) == 80_000


def test_rules_about_one_project_that_an_award_breaks_are_named() -> None:
    assert broken({}) == {}
    assert broken({"D": 10_000}) == {"threshold": ("D",)}
    limits = replace(SCENARIO, smallest_grant=20_000, largest_grant=60_000)
    assert broken({"A": 90_000, "C": 5_000}, limits) == {"smallest_grant": ("C",), "largest_grant": ("A",)}
    column = replace(SCENARIO, criterion_thresholds=(("impact", Fraction(3)),))
    assert broken({"B": 1_000}, column) == {"criterion_threshold:impact": ("B",)}
    forced = replace(SCENARIO, force_in=frozenset("D"), force_out=frozenset("A"))
    assert broken({"D": 0, "A": 1_000}, forced) == {"force_in:D": ("D",), "force_out:A": ("A",)}


def test_rules_about_several_projects_are_named_with_those_who_break_them() -> None:
    cap = Constraint("At most 150 000 € for data", where=(("theme", ("data",)),), upper=150_000)
    floor = Constraint("At least two for people", "count", (("theme", ("people",)),), lower=1)
    wide = replace(
        SCENARIO,
        rule="milp",
        constraints=(cap, floor),
        exclusive=(Exclusive("A or D", ("A", "D")),),
        dependent=(Dependent("C needs B", "C", ("B",)),),
    )
    granted = {"A": 100_000, "B": 68_000, "C": 0, "D": 0, "E": 0}
    found = {breach.policy: breach.projects for breach in breaches(PROJECTS, wide, granted)}
    assert found == {f"constraint:{cap.name}": ("A", "B"), f"constraint:{floor.name}": ("C",)}
    granted = {"A": 50_000, "B": 0, "C": 51_000, "D": 10_000, "E": 0}
    found = {breach.policy: breach.projects for breach in breaches(PROJECTS, wide, granted)}
    assert found == {"threshold": ("D",), "exclusive:A or D": ("A", "D"), "dependent:C needs B": ("B", "C")}


def test_the_rank_order_is_broken_by_who_is_left_out_and_by_who_is_taken() -> None:
    ordered = replace(SCENARIO, rule="milp", rank_order="")
    assert broken({"B": 0}, ordered) == {"rank_order": ("B", "C")}
    assert broken({"C": 0}, ordered) == {}


@pytest.mark.parametrize("rule", ["rank_skip", "lp", "milp"])
def test_the_worth_of_the_rules_own_grants_is_its_objective(rule: str) -> None:
    for objective in ("score_times_grant", "score_of_funded"):
        scenario = replace(SCENARIO, rule=rule, objective=objective, appropriation=150_000)  # type: ignore[arg-type]
        found = distribute(PROJECTS, scenario)
        assert worth(PROJECTS, scenario, {award.id: award.granted for award in found.awards}) == found.objective


@given(st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 60)))
def test_what_is_accepted_holds_the_appropriation_and_the_ceilings(thousands: dict[str, int]) -> None:
    hands = {key: 1_000 * count for key, count in thousands.items()}
    scenario = replace(SCENARIO, appropriation=150_000)
    try:
        found = given_with(hands, scenario)
    except ScenarioError:
        rule = {award.id: award.granted for award in distribute(PROJECTS, scenario).awards}
        over = any(hands[one.id] > legal_ceiling(one, scenario) for one in PROJECTS if one.id in hands)
        assert over or sum((rule | hands).values()) > 140_000
        return
    assert sum(found.values()) <= 140_000
    assert all(found[one.id] <= legal_ceiling(one, scenario) for one in PROJECTS)
    assert {key: found[key] for key in hands} == hands
