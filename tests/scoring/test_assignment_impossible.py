"""An impossible demand: which limits collide, and ways out that hold when they are taken."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from locales import render
from scoring.assignment import apply_way, assign
from scoring.assignment_types import Assignment, AssignmentProblem, Candidate, Change, Demand, Impossible
from tests.scoring.test_assignment import problems

FINNISH = frozenset({"fi"})


def panel(n: int, m: int, reviews: int, largest: int | None, **rest: Any) -> AssignmentProblem:
    demands = tuple(Demand(f"a{i:02}", reviews, "data", "fi") for i in range(n))
    return AssignmentProblem(demands, tuple(Candidate(f"r{j}", largest, languages=FINNISH) for j in range(m)), **rest)


def impossible(problem: AssignmentProblem) -> Impossible:
    result = assign(problem)
    assert isinstance(result, Impossible)
    for way in result.ways:
        assert isinstance(assign(apply_way(problem, way)), Assignment), render(way.message, "en")
    assert (result.note is None) == (len(result.ways) == 3)
    return result


def said(result: Impossible) -> list[str]:
    return [render(part.message, "en") for part in result.collisions]


def ways(result: Impossible) -> list[str]:
    return [render(way.message, "en") for way in result.ways]


def test_total_demand_over_capacity() -> None:
    result = impossible(panel(61, 9, 3, 18))
    assert said(result) == [
        "The applications ask for 183 reviews in all, and the largest loads of the reviewers allow 162."
    ]
    assert ways(result) == [
        "Raise the largest load from 18 to 21: all reviewers.",
        "Add 2 reviewers without conflicts, each with a largest load of 18.",
        "Ask for at most 2 reviews of every application instead of 3.",
    ]
    assert [way.changes[0].kind for way in result.ways] == ["largest_load", "add_reviewers", "reviews"]


def test_conflicts_leave_one_application_short() -> None:
    barred = frozenset({("a01", "r0"), ("a01", "r1")})
    result = impossible(panel(4, 4, 3, None, barred=barred))
    assert said(result) == [
        "Application a01 asks for 3 reviews, and 2 can be had: 2 conflicts of interest or abstentions (r0, r1)."
    ]
    assert result.collisions[0].barred == (("a01", "r0"), ("a01", "r1"))
    assert [way.changes for way in result.ways] == [
        (Change("add_reviewers", value=1),),
        (Change("reviews", ("a01",), 2),),
        (Change("reviews", ("a00", "a01", "a02", "a03"), 2),),
    ]


def test_every_short_application_is_named_for_itself() -> None:
    barred = frozenset({("a01", "r0"), ("a01", "r1"), ("a03", "r2"), ("a03", "r1")})
    result = impossible(panel(4, 4, 3, None, barred=barred))
    assert [part.applications for part in result.collisions] == [("a01",), ("a03",)]


def test_nobody_reads_the_language() -> None:
    p = panel(4, 3, 2, None, require_language=True)
    p = replace(p, demands=(*p.demands[:3], replace(p.demands[3], language="sv")))
    result = impossible(p)
    assert said(result)[0].startswith("Application a03 asks for a reviewer who reads its language (Swedish)")
    assert [way.changes for way in result.ways] == [
        (Change("add_reviewers", value=1, readers=(("sv", 1),)),),
        (Change("without_reader", ("a03",)),),
        (Change("leave_out_applications", ("a03",)),),
    ]


def test_too_few_readers_for_their_load() -> None:
    p = panel(6, 4, 2, 4, require_language=True)
    p = replace(
        p,
        demands=tuple(replace(d, language="sv") for d in p.demands),
        candidates=(*p.candidates[:3], replace(p.candidates[3], languages=frozenset({"sv"}))),
    )
    result = impossible(p)
    assert [part.reviewers for part in result.collisions] == [("r3",)]
    assert result.ways[0].changes == (Change("largest_load", ("r0", "r1", "r2", "r3"), 6),)
    assert result.ways[1].changes == (Change("add_reviewers", value=1, load=4, readers=(("sv", 1),)),)
    assert (
        result.ways[2].changes == (Change("without_reader", ("a04", "a05")),) or len(result.ways[2].changes[0].ids) == 2
    )


def test_smallest_loads_over_the_demand() -> None:
    p = panel(5, 3, 2, 5)
    p = replace(p, candidates=tuple(replace(c, smallest_load=4) for c in p.candidates))
    result = impossible(p)
    assert said(result)[0].startswith(
        "The smallest loads of r0, r1, r2 ask for 12 more reviews together, and there are 10"
    )
    assert [way.changes[0].kind for way in result.ways] == ["smallest_load", "reviews", "leave_out_reviewers"]


def test_locked_pairs_without_a_reader() -> None:
    p = panel(3, 4, 2, None, require_language=True, locked=frozenset({("a00", "r0"), ("a00", "r1")}))
    p = replace(
        p, candidates=tuple(replace(c, languages=FINNISH if c.id > "r1" else frozenset()) for c in p.candidates)
    )
    result = impossible(p)
    kinds = {change.kind for way in result.ways for change in way.changes}
    assert kinds == {"reviews", "without_reader", "unlock"}


def test_kept_pairs_can_be_let_go() -> None:
    p = panel(2, 2, 1, 1, present=frozenset({("a00", "r0")}), keep_present=True, barred=frozenset({("a01", "r1")}))
    result = impossible(p)
    assert (Change("move_present"),) in [way.changes for way in result.ways]


def test_two_collisions_at_once_have_ways_of_two_steps() -> None:
    p = panel(61, 9, 3, 18)
    idle = replace(p.candidates[0], smallest_load=10)
    p = replace(
        p,
        candidates=(idle, *p.candidates[1:]),
        barred=frozenset((d.id, "r0") for d in p.demands[:55]),
    )
    result = impossible(p)
    assert [tuple(change.kind for change in way.changes) for way in result.ways] == [
        ("smallest_load", "largest_load"),
        ("smallest_load", "add_reviewers"),
        ("smallest_load", "reviews"),
    ]


def test_fewer_ways_than_three_are_said_to_be_fewer() -> None:
    result = impossible(panel(1, 1, 1, None, barred=frozenset({("a00", "r0")})))
    assert [way.changes[0].kind for way in result.ways] == ["add_reviewers", "leave_out_applications"]
    assert result.note is not None
    assert render(result.note, "en") == "No more ways out were found than these (2)."


def test_new_reviewers_get_ids_of_their_own() -> None:
    p = panel(61, 9, 3, 18)
    p = replace(p, candidates=(*p.candidates[:8], Candidate("new-1", 18, languages=FINNISH)))
    way = impossible(p).ways[1]
    assert [c.id for c in apply_way(p, way).candidates[9:]] == ["new-2", "new-3"]


@settings(max_examples=60, deadline=None)
@given(problems(4, 4))
def test_every_way_out_holds_and_every_collision_is_said(p: AssignmentProblem) -> None:
    result = assign(p)
    if isinstance(result, Impossible):
        impossible(p)
        assert all("{" not in text for text in [*said(result), *ways(result)])


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_messages_render_in_every_language(lang: Any) -> None:
    result = impossible(panel(61, 9, 3, 18))
    assert all(render(way.message, lang) for way in result.ways)
