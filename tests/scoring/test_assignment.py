"""Assignment of reviewers: exact, even, the same whatever the order, and around what is there already."""

from dataclasses import replace
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.assignment import assign, describe
from scoring.assignment_flow import complete
from scoring.assignment_grid import grid_of, lots
from scoring.assignment_solve import best
from scoring.assignment_types import (
    MOST_APPLICATIONS,
    MOST_REVIEWERS,
    Assignment,
    AssignmentProblem,
    Candidate,
    Demand,
    Impossible,
    Pair,
    Weights,
)
from scoring.errors import ScoringError

THEMES = ("data", "skills")


def problem(n: int, m: int, reviews: int, **rest: Any) -> AssignmentProblem:
    """n applications and m reviewers without limits; themes, languages and expertise differ."""
    demands = tuple(Demand(f"a{i:03}", reviews, THEMES[i % 2], "sv" if i % 7 == 3 else "fi") for i in range(n))
    candidates = tuple(
        Candidate(
            f"r{j:02}",
            expertise={"data": j % 3, "skills": (j // 2) % 3},
            languages=frozenset({"fi", "sv"} if j % 3 == 0 else {"fi"}),
        )
        for j in range(m)
    )
    return AssignmentProblem(demands, candidates, **rest)


def assigned(given_problem: AssignmentProblem) -> Assignment:
    result = assign(given_problem)
    assert isinstance(result, Assignment)
    return result


@st.composite
def problems(draw: st.DrawFn, most_applications: int = 3, most_reviewers: int = 4) -> AssignmentProblem:
    n, m = draw(st.integers(1, most_applications)), draw(st.integers(1, most_reviewers))
    small = st.integers(0, 2)
    demands = tuple(
        Demand(f"a{i}", draw(st.integers(0, 3)), draw(st.sampled_from(THEMES)), draw(st.sampled_from(("fi", "sv"))))
        for i in range(n)
    )
    candidates = []
    for j in range(m):
        largest = draw(st.none() | st.integers(0, n))
        candidates.append(
            Candidate(
                f"r{j}",
                largest,
                draw(st.integers(0, min(2, n if largest is None else largest))),
                {theme: draw(small) for theme in THEMES},
                draw(st.sampled_from([frozenset(), frozenset({"fi"}), frozenset({"fi", "sv"})])),
            )
        )
    cells = st.frozensets(st.sampled_from([(d.id, c.id) for d in demands for c in candidates]), max_size=3)
    barred = draw(cells)
    return AssignmentProblem(
        demands,
        tuple(candidates),
        barred=barred,
        locked=draw(cells) - barred,
        present=draw(cells),
        keep_present=draw(st.booleans()),
        weights=Weights(draw(small), draw(small), draw(st.none() | st.integers(0, 3))),
        require_language=draw(st.booleans()),
        without_reader=draw(st.sampled_from([frozenset(), frozenset({"a0"})])),
        seed=draw(st.integers(0, 3)),
    )


def kept(p: AssignmentProblem) -> frozenset[Pair]:
    return p.locked | (p.present - p.barred if p.keep_present else frozenset())


def enumerated(p: AssignmentProblem) -> set[frozenset[Pair]]:
    """Every set of pairs that holds all limits, by trying all of them."""
    stay = kept(p)
    choices = []
    for demand in p.demands:
        own = {r for a, r in stay if a == demand.id}
        free = sorted({c.id for c in p.candidates} - own - {r for a, r in p.barred if a == demand.id})
        missing = max(0, demand.reviews - len(own))
        readers = {c.id for c in p.candidates if demand.language in c.languages}
        asks = p.require_language and demand.reviews > 0 and demand.id not in p.without_reader
        sets = [own | set(more) for more in combinations(free, missing)]
        choices.append([{(demand.id, r) for r in s} for s in sets if not asks or s & readers])
    found = {frozenset[Pair]().union(*choice) for choice in product(*choices)}
    return {pairs for pairs in found if _loads_hold(p, pairs, stay)}


def _loads_hold(p: AssignmentProblem, pairs: frozenset[Pair], stay: frozenset[Pair]) -> bool:
    for c in p.candidates:
        load, own = sum(r == c.id for _, r in pairs), sum(r == c.id for _, r in stay)
        if load < c.smallest_load or (c.largest_load is not None and load > max(c.largest_load, own)):
            return False
    return True


def value(p: AssignmentProblem, pairs: frozenset[Pair]) -> tuple[int, ...]:
    """What is minimised, counted without the solver's arrays."""
    demands, candidates = {d.id: d for d in p.demands}, {c.id: c for c in p.candidates}
    points = sum(
        p.weights.expertise * candidates[r].expertise.get(demands[a].theme, 0)
        + p.weights.language * (demands[a].language in candidates[r].languages)
        for a, r in pairs
    )
    squares = sum(sum(r == c for _, r in pairs) ** 2 for c in candidates)
    fairness = p.weights.fairness
    return (squares, -points) if fairness is None else (fairness * squares - points,)


@settings(max_examples=120, deadline=None)
@given(problems())
def test_assignment_is_as_good_as_the_best_of_all(p: AssignmentProblem) -> None:
    result, every = assign(p), enumerated(p)
    if isinstance(result, Impossible):
        assert not every
        assert result.collisions
        return
    assert frozenset(result.pairs) in every
    assert value(p, frozenset(result.pairs)) == min(value(p, pairs) for pairs in every)


@settings(max_examples=60, deadline=None)
@given(problems(6, 6))
def test_loads_then_points_is_as_good_as_both_at_once(p: AssignmentProblem) -> None:
    grid = grid_of(p)
    start = complete(grid)
    if start is None:
        return
    drawn = lots(grid, p.seed)
    at_once, apart = best(grid, start, None, drawn), best(grid, start, None, drawn, largest_cost=0)
    even = replace(p, weights=replace(p.weights, fairness=None))
    values = {value(even, kept(p) | set(grid.pairs(chosen))) for chosen in (at_once, apart)}
    assert len(values) == 1


@settings(max_examples=30, deadline=None)
@given(problems(6, 6), st.randoms(use_true_random=False))
def test_assignment_does_not_depend_on_the_order(p: AssignmentProblem, random: Any) -> None:
    demands, candidates = list(p.demands), list(p.candidates)
    random.shuffle(demands)
    random.shuffle(candidates)
    assert assign(replace(p, demands=tuple(demands), candidates=tuple(candidates))) == assign(p)


def test_another_seed_draws_otherwise_between_equals() -> None:
    p = problem(20, 8, 2, weights=Weights(0, 0))
    results = [assigned(replace(p, seed=seed)) for seed in range(3)]
    assert len({result.pairs for result in results}) == 3
    assert {result.squares for result in results} == {200}


@pytest.mark.parametrize(("n", "m", "reviews"), [(49, 9, 3), (500, 60, 3)])
def test_large_assignment_holds_every_limit(n: int, m: int, reviews: int) -> None:
    p = problem(n, m, reviews, require_language=True)
    p = replace(p, barred=frozenset((f"a{i:03}", f"r{(i * 7) % m:02}") for i in range(n)))
    result = assigned(p)
    assert (result.broken, result.notes, result.components) == ((), (), 1)
    assert len(result.pairs) == n * reviews
    assert not set(result.pairs) & p.barred
    assert result.spread == (n * reviews % m > 0)
    assert all(share.readers and not share.lacks for share in result.applications)
    assert describe(p, result.pairs) == result


def test_even_loads_come_before_expertise_unless_weighed() -> None:
    demands = tuple(Demand(f"a{i}", 1, "data", "fi") for i in range(4))
    candidates = (Candidate("good", expertise={"data": 2}), Candidate("new"))
    p = AssignmentProblem(demands, candidates)
    assert [share.load for share in assigned(p).reviewers] == [2, 2]
    uneven = assigned(replace(p, weights=Weights(fairness=0)))
    assert [share.load for share in uneven.reviewers] == [4, 0]
    assert (uneven.spread, uneven.points, uneven.expertise) == (4, 16, (0, 0, 4))


def test_report_says_who_does_what() -> None:
    p = AssignmentProblem(
        demands=(Demand("a", 2, "data", "sv"), Demand("b", 1, "data", "fi")),
        candidates=(
            Candidate("x", 2, 1, {"data": 2}, frozenset({"sv"})),
            Candidate("y", 2, 1, {"data": 1}, frozenset({"fi"})),
            Candidate("z", 0),
        ),
    )
    result = assigned(p)
    assert result.pairs == (("a", "x"), ("a", "y"), ("b", "x"))
    first, second, third = result.reviewers
    assert (first.load, first.expertise, first.reads) == (2, (0, 0, 2), 1)
    assert (second.load, second.expertise, second.reads) == (1, (0, 1, 0), 0)
    assert third.load == 0
    assert result.applications[0].expertise == (2, 1)
    assert result.applications[0].readers == ("x",)
    assert (result.spread, result.squares, result.expertise) == (1, 5, (0, 1, 2))
    assert (result.parts, result.connectivity) == ((("x", "y"),), 2.0)


def test_one_reader_is_enough_and_is_there() -> None:
    p = problem(14, 6, 2, require_language=True, weights=Weights(2, 0))
    swedish = [share for share in assigned(p).applications if share.id in {"a003", "a010"}]
    assert all(set(share.readers) & {"r00", "r03"} for share in swedish)


def test_late_application_moves_nobody() -> None:
    p = problem(30, 8, 3, require_language=True)
    before = assigned(p)
    late = replace(
        p, demands=(*p.demands, Demand("a999", 3, "data", "sv")), present=frozenset(before.pairs), keep_present=True
    )
    after = assigned(late)
    assert set(before.pairs) < set(after.pairs)
    assert {a for a, _ in set(after.pairs) - set(before.pairs)} == {"a999"}


def test_late_reviewer_moves_nobody_and_fills_what_lacks() -> None:
    p = problem(30, 8, 3)
    before = assigned(p)
    barred = frozenset(pair for pair in before.pairs if pair[1] == "r00")
    late = replace(
        p,
        candidates=(*p.candidates, Candidate("r99", expertise={"data": 2})),
        present=frozenset(before.pairs),
        keep_present=True,
        barred=barred,
    )
    after = assigned(late)
    assert set(before.pairs) - set(after.pairs) == barred
    assert after.reviewers[-1].load == len(barred)
    assert after.broken == ()


def test_nothing_changes_when_nothing_lacks() -> None:
    p = problem(30, 8, 3)
    before = assigned(p)
    more = (*p.candidates, Candidate("r99"))
    after = assigned(replace(p, candidates=more, present=frozenset(before.pairs), keep_present=True, seed=5))
    assert after.pairs == before.pairs


def test_present_pairs_over_a_new_limit_stay_and_are_named() -> None:
    p = problem(6, 4, 2)
    before = assigned(p)
    limited = tuple(replace(c, largest_load=2) if c.id == "r00" else c for c in p.candidates)
    after = assigned(replace(p, candidates=limited, present=frozenset(before.pairs), keep_present=True))
    assert after.pairs == before.pairs
    assert [m.params for m in after.broken] == [{"reviewer": "r00", "load": 3, "most": 2}]


def test_present_pairs_of_somebody_gone_take_no_part() -> None:
    p = problem(6, 4, 2, present=frozenset({("gone", "r00"), ("a000", "gone")}), keep_present=True)
    assert assigned(p).broken == ()


def test_locked_pairs_are_in_and_barred_ones_out() -> None:
    locked = frozenset({("a000", "r01"), ("a001", "r01"), ("a002", "r01")})
    barred = frozenset({("a003", "r00"), ("a003", "r02")})
    result = assigned(problem(6, 5, 2, locked=locked, barred=barred))
    assert locked < set(result.pairs)
    assert not barred & set(result.pairs)


def test_describe_names_every_broken_rule() -> None:
    p = problem(
        2, 3, 1, require_language=True, barred=frozenset({("a000", "r01")}), locked=frozenset({("a001", "r02")})
    )
    p = replace(p, candidates=tuple(replace(c, largest_load=1, languages=frozenset()) for c in p.candidates))
    p = replace(p, candidates=(*p.candidates[:2], replace(p.candidates[2], smallest_load=1)))
    report = describe(p, {("a000", "r01"), ("a001", "r01"), ("a001", "r00")})
    assert [m.msgid.split(":")[1] for m in report.broken] == [
        " conflict of interest or abstention.",
        " the pair is locked but not among the pairs.",
        " no reviewer reads its language ({language}).",
        " {count} reviewers; {asked} are asked for.",
        " no reviewer reads its language ({language}).",
        " {load} reviews; the largest load is {most}.",
        " {load} reviews; the smallest load is {least}.",
    ]


def test_nothing_to_assign_is_an_empty_assignment() -> None:
    result = assigned(AssignmentProblem((), ()))
    assert (result.pairs, result.spread, result.components, result.connectivity) == ((), 0, 0, None)


ONE = AssignmentProblem((Demand("a", 1, "data", "fi"),), (Candidate("r"),))


@pytest.mark.parametrize(
    "faulty",
    [
        replace(ONE, demands=ONE.demands * 2),
        replace(ONE, candidates=ONE.candidates * 2),
        replace(ONE, demands=(Demand("a", -1, "data", "fi"),)),
        replace(ONE, demands=(Demand("a", 11, "data", "fi"),)),
        replace(ONE, demands=(Demand("a", True, "data", "fi"),)),
        replace(ONE, candidates=(Candidate("r", -1),)),
        replace(ONE, candidates=(Candidate("r", 1, 2),)),
        replace(ONE, candidates=(Candidate("r", expertise={"data": 3}),)),
        replace(ONE, weights=Weights(expertise=-1)),
        replace(ONE, weights=Weights(fairness=101)),
        replace(ONE, locked=frozenset({("a", "r")}), barred=frozenset({("a", "r")})),
        replace(ONE, locked=frozenset({("a", "other")})),
        replace(ONE, locked=frozenset({("other", "r")})),
        replace(ONE, demands=tuple(Demand(f"a{i}", 1, "data", "fi") for i in range(MOST_APPLICATIONS + 1))),
        replace(ONE, candidates=tuple(Candidate(f"r{j}") for j in range(MOST_REVIEWERS + 1))),
    ],
)
def test_faulty_problem_is_refused(faulty: AssignmentProblem) -> None:
    with pytest.raises(ScoringError):
        assign(faulty)


def test_describe_refuses_an_unknown_pair() -> None:
    with pytest.raises(ScoringError, match="Reviewer nobody is not among the reviewers"):
        describe(ONE, {("a", "nobody")})
