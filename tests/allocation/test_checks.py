"""Named rules that cannot be used are refused with every fault: key, value and what is accepted."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from allocation import Constraint, Dependent, Exclusive, Project, Scenario, ScenarioError, Tier, distribute
from allocation.checks import check
from locales import LANGUAGES, Message, Money, msg, render

A = Project("A", Fraction(4), 100, eligible_costs=200, theme="x", columns={"people": 5})
B = Project("B", Fraction(3), 100, eligible_costs=200, theme="y", columns={"people": 7, "w": Fraction(1, 3)})
USABLE = Scenario(150, "milp")
CAP = Constraint("cap", upper=100)
HALF = Fraction(1, 2)
UNKNOWN = "{key}: {value} is not accepted; {accepted} are."
NUMBER = "{key}: {value} is not accepted; exact numbers from {least} to {most} with at most {digits} decimals are."
MISSING = "{column} is missing for {ids}; missing is not 0."
STRANGE = "These are not among the projects: {ids}."


def faults(projects: list[Project], scenario: Scenario) -> list[Message]:
    with pytest.raises(ScenarioError) as caught:
        distribute(projects, scenario)
    for fault in caught.value.problems:
        for lang in LANGUAGES:
            assert "{" not in render(fault, lang)
    return list(caught.value.problems)


def inner(fault: Message) -> str:
    """The fault itself, without the name of the rule it is in."""
    inside = fault.params.get("fault")
    return inside.msgid if isinstance(inside, Message) else fault.msgid


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Constraint(" ", upper=1), "{key}: every rule needs a name of 1 to {most} characters."),
        (Constraint("n" * 201, upper=1), "{key}: every rule needs a name of 1 to {most} characters."),
        (Constraint("none"), "It has no limit; give at least one of {accepted}."),
        (Constraint("c", lower=2, upper=1), "The lower limit {lower} is above the upper limit {upper}."),
        (Constraint("c", lower=2, lower_share=HALF), "Give either {one} or {other}, not both."),
        (Constraint("c", upper=2, upper_share=HALF), "Give either {one} or {other}, not both."),
        (Constraint("c", upper_share=Fraction(3, 2)), "{key}: {value} is not accepted; a share from 0 to 1 is."),
        (Constraint("c", upper=-1), "{key}: {value} is not accepted; 0 or more is."),
        (
            Constraint("c", "count", upper_share=HALF),
            "Shares are of the appropriation; a number of projects has none. Give {accepted}.",
        ),
        (Constraint("c", upper=1, by_grant=True), "Only a column can be weighted by the grants, not {measure}."),
        (Constraint("c", upper=10**16), NUMBER),
        (Constraint("c", upper=Fraction(1, 10**10)), NUMBER),
        (Constraint("c", upper=1.5), NUMBER),  # type: ignore[arg-type]
        (Constraint("c", upper=True), NUMBER),
        (Constraint("c", "nobody", upper=1), UNKNOWN),
        (Constraint("c", upper=1, each="county"), UNKNOWN),
        (Constraint("c", upper=1, where=(("county", ("1",)),)), UNKNOWN),
        (Constraint("c", upper=1, where=(("theme", ()),)), "{key}: a label needs at least one value."),
        (Constraint("c", "w", upper=1), MISSING),
    ],
)
def test_unusable_constraint_is_refused_with_its_fault(rule: Constraint, said: str) -> None:
    assert [inner(fault) for fault in faults([A, B], replace(USABLE, constraints=(rule,)))] == [said]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"constraints": (CAP, CAP)}, "{key}: the same name stands more than once: {names}."),
        (
            {"constraints": tuple(replace(CAP, name=f"{n}") for n in range(501))},
            "{key}: there are {count}; at most {most} are accepted.",
        ),
        ({"exclusive": (Exclusive("e", ("A", "X")),)}, STRANGE),
        ({"exclusive": (Exclusive("e", ("A",), 0),)}, "{key}: {value} is not accepted; 1 or more is."),
        ({"exclusive": (Exclusive("e", ()),)}, "It names no projects."),
        ({"dependent": (Dependent("d", "X", ("A",)),)}, STRANGE),
        ({"dependent": (Dependent("d", "A", ("X",)),)}, STRANGE),
        ({"dependent": (Dependent("d", "A", ("B", "A")),)}, "Project {id} cannot depend on itself."),
        ({"dependent": (Dependent("d", "A", ()),)}, "It names no projects."),
        ({"criterion_thresholds": (("nobody", Fraction(1)),)}, UNKNOWN),
        ({"criterion_thresholds": (("w", Fraction(1)),)}, MISSING),
        (
            {"criterion_thresholds": (("people", Fraction(1)), ("people", Fraction(2)))},
            "{key}: the same name stands more than once: {names}.",
        ),
        ({"rank_order": "county"}, UNKNOWN),
        ({"tiers": (Tier(Fraction(3), HALF),)}, "{key}: only the rule {rule} has tiers, not {other}."),
        ({"rule": "tiers"}, "{key}: the rule {rule} needs at least one tier."),
        (
            {"rule": "tiers", "tiers": (Tier(Fraction(3), HALF), Tier(Fraction(3), HALF))},
            "{key}: the tiers do not fall; give the best one first and each limit once.",
        ),
        (
            {"rule": "tiers", "tiers": (Tier(Fraction(3), Fraction(0)),)},
            "{key}: {value} is not accepted; a share above 0 and up to 1 is.",
        ),
        ({"fixed": {"X": 5}}, "Set by hand, but not among the projects: {ids}."),
        (
            {"fixed": {"A": 5}, "force_in": frozenset("A")},
            "Set by hand and forced in or out at the same time: {ids}.",
        ),
        (
            {"reasons": {"A": "r" * 2001}},
            "The reason for project {id} has {count} characters; at most {most} are accepted.",
        ),
    ],
)
def test_unusable_scenario_is_refused_with_its_fault(change: dict[str, Any], said: str) -> None:
    assert [inner(fault) for fault in faults([A, B], replace(USABLE, **change))] == [said]


def test_unknown_names_are_answered_with_the_known_ones() -> None:
    fault = faults([A, B], replace(USABLE, constraints=(Constraint("c", "peeple", upper=1),)))[0]
    assert fault == msg(
        "Rule “{rule}”: {fault}",
        rule="c",
        fault=msg(
            UNKNOWN,
            key="sum",
            value="peeple",
            accepted="grant, count, score, applied, eligible_costs, min_grant, max_grant, people, w",
        ),
    )


def test_missing_column_matters_only_for_projects_that_match_and_could_be_funded() -> None:
    rule = Constraint("c", "w", where=(("theme", ("y",)),), upper=1)
    check([A, B], replace(USABLE, constraints=(rule,)))
    check([A, B], replace(USABLE, constraints=(replace(rule, where=()),), force_out=frozenset("A")))
    check([A, B], replace(USABLE, constraints=(replace(rule, where=(), on=False),)))
    unscored = replace(A, score=None)
    check([unscored, B], replace(USABLE, constraints=(replace(rule, where=()),)))


@pytest.mark.parametrize("euros", [101, -1, 15, 10.0, True])
def test_award_by_hand_is_in_full_units_and_within_what_the_law_allows(euros: Any) -> None:
    scenario = replace(USABLE, unit=10, fixed={"A": euros}, largest_grant=20)
    assert [fault.params["ceiling"] for fault in faults([A, B], scenario)] == [Money(100)]
    check([A, B], replace(scenario, fixed={"A": 100}))
    assert faults([A, B], replace(scenario, fixed={"A": 100}, max_share_bp=3_000))[0].params["ceiling"] == Money(60)


def test_award_by_hand_for_a_project_without_score_is_refused_unless_it_is_none() -> None:
    unscored = replace(A, score=None)
    assert faults([unscored, B], replace(USABLE, fixed={"A": 10}))[0].msgid == "Set by hand, but not scored: {ids}."
    assert distribute([unscored, B], replace(USABLE, fixed={"A": 0})).award("A").code == "set_by_hand"


def test_rules_that_would_grow_beyond_bounds_are_refused_before_they_are_built() -> None:
    many = [Project(f"P{n}", Fraction(n % 2), 1) for n in range(2_100)]
    pairs = faults(many, replace(USABLE, rank_order=""))
    assert [fault.params["count"] for fault in pairs] == [1050 * 1051]
    tens = tuple(Constraint(f"{n}", upper=1, each="id") for n in range(10))
    assert [fault.params["count"] for fault in faults(many, replace(USABLE, constraints=tens))] == [21_000]


def test_column_that_is_too_fine_to_add_up_is_refused() -> None:
    primes = (999_999_937, 999_999_929, 999_999_893)
    fine = [replace(A, id=f"P{n}", columns={"w": Fraction(1, prime)}) for n, prime in enumerate(primes)]
    found = faults(fine, replace(USABLE, constraints=(Constraint("c", "w", upper=1),)))
    assert [inner(fault) for fault in found] == [
        "The numbers of {column} are too fine to be added up exactly; round them."
    ]
    assert len(faults([replace(A, columns={"w": Fraction(1, 10**10)})], USABLE)) == 1
