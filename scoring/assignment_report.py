"""What a set of pairs amounts to: loads, expertise, languages, parts, and every rule it breaks."""

from collections.abc import Iterable

import numpy as np

from locales import Message, Param, msg, msgn
from scoring.assignment_check import check, check_known
from scoring.assignment_grid import Bools, Grid, Ints, grid_of
from scoring.assignment_join import connectivity, parts_of
from scoring.assignment_types import ApplicationShare, Assignment, AssignmentProblem, Pair, ReviewerShare

NAMED = 10
"""Ids written out in a sentence; the rest is counted."""


def describe(problem: AssignmentProblem, pairs: Iterable[Pair]) -> Assignment:
    """The report of any pairs, for example after a manual change; ``broken`` names the rules they break.

    Raises ScoringError when the problem is not well formed or a pair names somebody the problem does not have.
    """
    check(problem)
    chosen = frozenset(pairs)
    check_known(problem, chosen)
    grid = grid_of(problem)
    return report(problem, grid, grid.cells(chosen))


def report(problem: AssignmentProblem, grid: Grid, chosen: Bools) -> Assignment:
    """The report of the chosen cells of a grid."""
    loads = chosen.sum(axis=0)
    taking = np.array([c.largest_load != 0 for c in grid.candidates], dtype=np.bool_)
    parts = _parts(grid, chosen)
    mu2 = connectivity(chosen)
    return Assignment(
        pairs=grid.pairs(chosen),
        reviewers=tuple(_reviewer(grid, chosen, j) for j in range(len(grid.candidates))),
        applications=tuple(_application(grid, chosen, i) for i in range(len(grid.demands))),
        spread=int(loads[taking].max() - loads[taking].min()) if taking.any() else 0,
        squares=int((loads**2).sum()),
        points=int(grid.points[chosen].sum()),
        expertise=_levels(grid.level[chosen]),
        parts=parts,
        connectivity=mu2,
        broken=tuple(_broken(problem, grid, chosen)),
        notes=_notes(parts),
    )


def named(ids: Iterable[str]) -> list[Param]:
    """Ids for a sentence: the first NAMED and how many more."""
    every = list(ids)
    shown: list[Param] = list(every[:NAMED])
    if len(every) > NAMED:
        shown.append(msgn("{n} other", "{n} others", len(every) - NAMED))
    return shown


def _reviewer(grid: Grid, chosen: Bools, j: int) -> ReviewerShare:
    candidate, own = grid.candidates[j], chosen[:, j]
    return ReviewerShare(
        id=candidate.id,
        load=int(own.sum()),
        smallest_load=candidate.smallest_load,
        largest_load=candidate.largest_load,
        expertise=_levels(grid.level[own, j]),
        reads=int(grid.reads[own, j].sum()),
    )


def _application(grid: Grid, chosen: Bools, i: int) -> ApplicationShare:
    columns = np.flatnonzero(chosen[i]).tolist()
    return ApplicationShare(
        id=grid.demands[i].id,
        asked=grid.demands[i].reviews,
        reviewers=tuple(grid.candidates[j].id for j in columns),
        expertise=tuple(int(grid.level[i, j]) for j in columns),
        readers=tuple(grid.candidates[j].id for j in columns if grid.reads[i, j]),
    )


def _levels(levels: Ints) -> tuple[int, int, int]:
    none, some, good = np.bincount(levels.ravel(), minlength=3).tolist()
    return none, some, good


def _parts(grid: Grid, chosen: Bools) -> tuple[tuple[str, ...], ...]:
    of_reviewer = parts_of(chosen)[1]
    parts = [
        tuple(grid.candidates[j].id for j in np.flatnonzero(of_reviewer == part))
        for part in sorted(set(of_reviewer.tolist()) - {-1})
    ]
    return tuple(sorted(parts, key=lambda part: (-len(part), part)))


def _notes(parts: tuple[tuple[str, ...], ...]) -> tuple[Message, ...]:
    if len(parts) < 2:
        return ()
    groups: list[Param] = [msg("{reviewers} apart from the others", reviewers=named(part)) for part in parts[1:NAMED]]
    return (
        msg(
            "The reviewers fall into {count} groups without a common application, so their scores cannot be calibrated "
            "together: {groups}.",
            count=len(parts),
            groups=groups,
        ),
    )


def _broken(problem: AssignmentProblem, grid: Grid, chosen: Bools) -> Iterable[Message]:
    for application, reviewer in grid.pairs(chosen & grid.barred):
        yield msg(
            "Application {application}, reviewer {reviewer}: conflict of interest or abstention.",
            application=application,
            reviewer=reviewer,
        )
    for application, reviewer in sorted(problem.locked - set(grid.pairs(chosen))):
        yield msg(
            "Application {application}, reviewer {reviewer}: the pair is locked but not among the pairs.",
            application=application,
            reviewer=reviewer,
        )
    yield from _short_applications(problem, grid, chosen)
    for candidate, load in zip(grid.candidates, chosen.sum(axis=0).tolist(), strict=True):
        if candidate.largest_load is not None and load > candidate.largest_load:
            yield msg(
                "Reviewer {reviewer}: {load} reviews; the largest load is {most}.",
                reviewer=candidate.id,
                load=load,
                most=candidate.largest_load,
            )
        if load < candidate.smallest_load:
            yield msg(
                "Reviewer {reviewer}: {load} reviews; the smallest load is {least}.",
                reviewer=candidate.id,
                load=load,
                least=candidate.smallest_load,
            )


def _short_applications(problem: AssignmentProblem, grid: Grid, chosen: Bools) -> Iterable[Message]:
    for i, (demand, count) in enumerate(zip(grid.demands, chosen.sum(axis=1).tolist(), strict=True)):
        if count != demand.reviews:
            yield msg(
                "Application {application}: {count} reviewers; {asked} are asked for.",
                application=demand.id,
                count=count,
                asked=demand.reviews,
            )
        read = demand.id in problem.without_reader or bool((chosen[i] & grid.reads[i]).any())
        if problem.require_language and demand.reviews and not read:
            yield msg(
                "Application {application}: no reviewer reads its language ({language}).",
                application=demand.id,
                language=language_name(demand.language),
            )


def language_name(code: str) -> Message | str:
    """The language in words; another code as it is."""
    names = {"fi": msg("Finnish"), "sv": msg("Swedish"), "en": msg("English")}
    return names.get(code, code)
