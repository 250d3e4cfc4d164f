"""What was solved lately is kept, except what time cut short."""

from dataclasses import replace
from fractions import Fraction

from allocation import Project, Scenario, distribute
from allocation.mixed import TIE_LIMIT
from workflow.solved import Kept, Solved, cut_short, solve

PROJECTS = [Project(key, Fraction(score), 100, eligible_costs=200) for key, score in (("A", 4), ("B", 3), ("C", 3))]
SCENARIO = Scenario(150, "milp")
EQUAL = [Project("A", Fraction(4), 100), Project("B", Fraction(4), 100)]


def test_an_answer_is_kept_and_one_that_time_cut_short_is_not() -> None:
    proven = solve(PROJECTS, SCENARIO)
    assert (proven.allocation.status, solve(PROJECTS, SCENARIO) is proven) == ("optimal", True)
    hurried = replace(SCENARIO, time_limit=1e-9)
    stopped = solve(PROJECTS, hurried)
    assert stopped.allocation.status == "time_limit"
    assert solve(PROJECTS, hurried) is not stopped


def test_ties_left_open_are_kept_only_where_more_time_would_not_resolve_them() -> None:
    found = distribute(EQUAL, SCENARIO)
    assert found.status == "ties_unresolved"
    many = replace(found, awards=tuple(replace(found.awards[0], id=str(n)) for n in range(TIE_LIMIT + 1)))
    assert [cut_short(one) for one in (found, Solved(found, found, ()), (found,), many)] == [True, True, True, False]
    kept = Kept()
    for answer, is_kept in ((found, False), (many, True)):
        first = kept.answer("any", EQUAL, SCENARIO, lambda one=answer: replace(one), is_kept)  # type: ignore[misc]
        again = kept.answer("any", EQUAL, SCENARIO, lambda one=answer: replace(one), is_kept)  # type: ignore[misc]
        assert (again is first) == is_kept
