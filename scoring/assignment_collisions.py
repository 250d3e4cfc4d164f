"""Why there is no assignment: a minimal set of kinds of limits, found by leaving one after another out.

A kind that can be lifted without the demand becoming possible is not to blame and stays lifted (deletion filter); what
remains collides only together. Each part of the minimum cut is then one collision with its own numbers.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from locales import Message, Param, msg, msgn
from scoring.assignment_flow import Shortage, complete, idle, shortages
from scoring.assignment_grid import Bools, Grid, grid_of
from scoring.assignment_report import language_name, named
from scoring.assignment_types import AssignmentProblem, Collision

Lift: TypeAlias = Callable[[AssignmentProblem], AssignmentProblem]


def possible(problem: AssignmentProblem) -> bool:
    """Some assignment exists."""
    return complete(grid_of(problem)) is not None


def lift_largest(problem: AssignmentProblem) -> AssignmentProblem:
    """The problem without largest loads."""
    return replace(problem, candidates=tuple(replace(c, largest_load=None) for c in problem.candidates))


def lift_smallest(problem: AssignmentProblem) -> AssignmentProblem:
    """The problem without smallest loads."""
    return replace(problem, candidates=tuple(replace(c, smallest_load=0) for c in problem.candidates))


LIFTS: dict[str, Lift] = {
    "present": lambda problem: replace(problem, keep_present=False),
    "locked": lambda problem: replace(problem, locked=frozenset()),
    "smallest": lift_smallest,
    "language": lambda problem: replace(problem, require_language=False),
    "barred": lambda problem: replace(problem, barred=frozenset()),
    "largest": lift_largest,
}


def minimal(problem: AssignmentProblem) -> tuple[AssignmentProblem, frozenset[str]]:
    """An impossible problem reduced to kinds of limits that are all needed for it to be impossible."""
    kinds = set(LIFTS)
    for kind, lift in LIFTS.items():
        lifted = lift(problem)
        if not possible(lifted):
            problem = lifted
            kinds.discard(kind)
    return problem, frozenset(kinds)


def collisions(problem: AssignmentProblem) -> tuple[Collision, ...]:
    """What collides in an impossible problem, each part with the numbers that prove it; () when it is possible."""
    if possible(problem):
        return ()
    reduced, kinds = minimal(problem)
    grid = grid_of(reduced)
    found = []
    for part in shortages(grid):
        near = np.zeros_like(grid.barred)
        near[list(part.applications)] = True
        found.append(_collision(grid, part, kinds, near, _shortage(grid, part, kinds, near)))
    part_idle = None if found else idle(grid)
    if part_idle is not None:
        near = np.zeros_like(grid.barred)
        near[:, list(part_idle.reviewers)] = True
        found.append(_collision(grid, part_idle, kinds, near, _idle(grid, part_idle, kinds, near)))
    return tuple(found)


def _collision(grid: Grid, part: Shortage, kinds: frozenset[str], near: Bools, message: Message) -> Collision:
    return Collision(
        applications=tuple(grid.demands[i].id for i in part.applications),
        reviewers=tuple(grid.candidates[j].id for j in part.reviewers),
        barred=grid.pairs(grid.barred & near) if "barred" in kinds else (),
        message=message,
    )


def _shortage(grid: Grid, part: Shortage, kinds: frozenset[str], near: Bools) -> Message:
    if len(part.applications) == 1:
        return _one_application(grid, part, kinds, near)
    if kinds == {"largest"} and len(part.applications) == int((grid.rest > 0).sum()):
        return msg(
            "The applications ask for {needed} reviews in all, and the largest loads of the reviewers allow {places}.",
            needed=part.needed,
            places=part.places,
        )
    return msg(
        "{count} applications ({applications}) ask for {needed} more reviews together, and {places} can be placed: "
        "{limits}.",
        count=len(part.applications),
        applications=named(grid.demands[i].id for i in part.applications),
        needed=part.needed,
        places=part.places,
        limits=list(_limits(grid, part, kinds, near)),
    )


def _one_application(grid: Grid, part: Shortage, kinds: frozenset[str], near: Bools) -> Message:
    i = part.applications[0]
    demand = grid.demands[i]
    limits = list(_limits(grid, part, kinds, near))
    if "language" in kinds:
        return msg(
            "Application {application} asks for a reviewer who reads its language ({language}), and there is none: "
            "{limits}.",
            application=demand.id,
            language=language_name(demand.language),
            limits=limits,
        )
    return msgn(
        "Application {application} asks for {n} review, and {places} can be had: {limits}.",
        "Application {application} asks for {n} reviews, and {places} can be had: {limits}.",
        demand.reviews,
        application=demand.id,
        places=part.places + int(grid.fixed[i].sum()),
        limits=limits or [_panel(grid)],
    )


def _idle(grid: Grid, part: Shortage, kinds: frozenset[str], near: Bools) -> Message:
    limits = list(_limits(grid, part, kinds - {"largest"}, near))
    return msg(
        "The smallest loads of {reviewers} ask for {needed} more reviews together, and there are {places} for them: "
        "{limits}.",
        reviewers=named(grid.candidates[j].id for j in part.reviewers),
        needed=part.needed,
        places=part.places,
        limits=[msgn("{n} review to assign in all", "{n} reviews to assign in all", int(grid.rest.sum())), *limits],
    )


def _limits(grid: Grid, part: Shortage, kinds: frozenset[str], near: Bools) -> Iterable[Param]:
    """The limits in words, without a full stop; only kinds that are needed for the collision."""
    if "barred" in kinds:
        barred = grid.barred & near
        yield msgn(
            "{n} conflict of interest or abstention ({reviewers})",
            "{n} conflicts of interest or abstentions ({reviewers})",
            int(barred.sum()),
            reviewers=named(grid.candidates[j].id for j in np.flatnonzero(barred.any(axis=0))),
        )
    if "language" in kinds:
        can = (grid.reads & (grid.free | grid.fixed) & near).any(axis=0)
        yield msgn(
            "{n} reviewer who may read them reads the language",
            "{n} reviewers who may read them read the language",
            int(can.sum()),
        )
    if "largest" in kinds:
        who = [j for j in part.reviewers if grid.candidates[j].largest_load is not None]
        yield msg(
            "the largest loads of {reviewers} leave room for {room}",
            reviewers=named(grid.candidates[j].id for j in who),
            room=int(grid.high[who].sum()),
        )
    if "locked" in kinds or "present" in kinds:
        yield msgn("{n} pair that is to stay", "{n} pairs that are to stay", int((grid.fixed & near).sum()))


def _panel(grid: Grid) -> Message:
    return msgn("there is {n} reviewer", "there are {n} reviewers", len(grid.candidates))
