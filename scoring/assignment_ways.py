"""Ways out of an impossible demand: each is a change of the problem, solved again before it is offered."""

from collections.abc import Iterable, Iterator

from locales import Message, msg
from scoring.assignment_changes import apply_changes
from scoring.assignment_collisions import lift_largest, lift_smallest, possible
from scoring.assignment_search import Step, joined_sentences
from scoring.assignment_steps_applications import (
    fewer_of_all,
    fewer_of_some,
    leave_out_applications,
    more_of_all,
    move_present,
    one_more_of_some,
    unlock,
    without_reader,
)
from scoring.assignment_steps_reviewers import (
    add_reviewers,
    leave_out_reviewers,
    lower_smallest,
    lower_smallest_alone,
    raise_largest,
)
from scoring.assignment_types import AssignmentProblem, Change, Way

WANTED = 3
STEPS: tuple[Step, ...] = (
    raise_largest,
    add_reviewers,
    lower_smallest,
    fewer_of_some,
    fewer_of_all,
    move_present,
    one_more_of_some,
    without_reader,
    more_of_all,
    unlock,
    leave_out_applications,
    leave_out_reviewers,
)
REPAIRS: tuple[Step, ...] = (
    fewer_of_some,
    one_more_of_some,
    without_reader,
    move_present,
    unlock,
    leave_out_applications,
)


def apply_way(problem: AssignmentProblem, way: Way) -> AssignmentProblem:
    """The problem with the changes of a way made; new reviewers get ids of their own and no expertise."""
    return apply_changes(problem, way.changes)


def ways_out(problem: AssignmentProblem) -> tuple[tuple[Way, ...], Message | None]:
    """Up to three ways, each possible when applied, and a note when there are fewer.

    First single steps; then, when limits of different kinds collide at once, a repair of one collision followed by
    steps for the rest.
    """
    found: list[Way] = []
    tried: set[tuple[Change, ...]] = set()
    for way in _candidates(problem):
        # A way that holds another one whole would ask for more than is needed.
        known = way.changes in tried or any(set(other.changes) <= set(way.changes) for other in found)
        tried.add(way.changes)
        if not known and possible(apply_way(problem, way)):
            found.append(way)
        if len(found) == WANTED:
            return tuple(found), None
    if not found:
        return (), msg("No single change of the loads, reviews, reviewers or languages makes the demand possible.")
    return tuple(found), msg("No more ways out were found than these ({count}).", count=len(found))


def _candidates(problem: AssignmentProblem) -> Iterator[Way]:
    yield from _applied(problem, STEPS)
    for repair in _repairs(problem):
        repaired = apply_way(problem, repair)
        if possible(repaired):
            continue
        for way in _applied(repaired, STEPS):
            yield Way((*repair.changes, *way.changes), joined_sentences(repair.message, way.message))


def _repairs(problem: AssignmentProblem) -> Iterator[Way]:
    """Ways out of one collision looked at alone: smallest loads first, then conflicts, locks and languages."""
    yield from _applied(problem, (lower_smallest_alone, more_of_all))
    alone = lift_largest(lift_smallest(problem))
    if not possible(alone):
        yield from _applied(alone, REPAIRS)


def _applied(problem: AssignmentProblem, steps: Iterable[Step]) -> Iterator[Way]:
    for step in steps:
        way = step(problem)
        if way is not None:
            yield way
