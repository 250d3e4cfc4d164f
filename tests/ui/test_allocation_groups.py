"""What a distribution adds up to along the ranking and per group."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from allocation import Project, Scenario, distribute
from ui.allocation_groups import Group, Step, along, groups, stretch

PROJECTS = (
    Project("a", Fraction(4), 400, theme="t1", region="01"),
    Project("b", Fraction(3), 500, theme="t2", region="02"),
    Project("c", Fraction(2), 300, theme="t1"),
    Project("d", Fraction(1), 900, theme="t3", region="02"),
)
SCENARIO = Scenario(1_000, "rank_skip")
ORDER = ("a", "b", "c", "d")


def test_the_appropriation_runs_down_along_the_ranking() -> None:
    found = along(ORDER, PROJECTS, distribute(PROJECTS, SCENARIO), 1_000)
    assert [(step.award.id, step.applied, step.award.granted, step.left) for step in found] == [
        ("a", 400, 400, 600),
        ("b", 500, 500, 100),
        ("c", 300, 0, 100),
        ("d", 900, 0, 100),
    ]


def test_the_stretch_ends_at_the_first_that_is_not_funded_and_the_last_that_is() -> None:
    steps = along(ORDER, PROJECTS, distribute(PROJECTS, SCENARIO), 1_000)
    assert stretch(steps) == (2, 2)
    a, b, c, d = steps
    funded = replace(d.award, funded=True)
    assert stretch([a, c, b, Step(funded, 900, 0)]) == (1, 4)
    assert stretch([c, d]) == (0, 0)
    assert stretch([a, b]) == (2, 2)
    assert stretch([]) == (0, 0)


def test_groups_add_up_the_most_proposed_first() -> None:
    allocation = distribute(PROJECTS, SCENARIO)
    assert groups(PROJECTS, allocation, "theme") == [
        Group("t2", 1, 1, 500, 500),
        Group("t1", 2, 1, 700, 400),
        Group("t3", 1, 0, 900, 0),
    ]


def test_a_project_without_the_label_is_in_a_group_of_its_own() -> None:
    allocation = distribute(PROJECTS, SCENARIO)
    assert groups(PROJECTS, allocation, "region")[-1] == Group("", 1, 0, 300, 0)


@settings(max_examples=30)
@given(
    st.lists(
        st.builds(
            lambda score, applied, theme: (Fraction(score), applied, theme),
            st.integers(1, 50),
            st.integers(1, 400),
            st.sampled_from(("", "t1", "t2")),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_the_groups_together_are_the_whole(drawn: list[tuple[Fraction, int, str]]) -> None:
    projects = [
        Project(f"p{number}", score, applied, theme=theme) for number, (score, applied, theme) in enumerate(drawn)
    ]
    allocation = distribute(projects, Scenario(700, "rank_partial"))
    found = groups(projects, allocation, "theme")
    assert sum(one.proposed for one in found) == allocation.spent
    assert sum(one.applied for one in found) == sum(one.applied for one in projects)
    assert sum(one.applications for one in found) == len(projects)
    assert along((one.id for one in projects), projects, allocation, 700)[-1].left == allocation.remaining
