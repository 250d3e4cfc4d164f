"""Making the changes of a way out in a problem."""

from collections.abc import Iterable
from dataclasses import replace

from scoring.assignment_types import AssignmentProblem, Candidate, Change, Demand


def apply_changes(problem: AssignmentProblem, changes: Iterable[Change]) -> AssignmentProblem:
    """The problem with the changes made one after another; the given problem stays as it is."""
    for change in changes:
        problem = _changed(problem, change)
    return problem


def _changed(problem: AssignmentProblem, change: Change) -> AssignmentProblem:
    ids = frozenset(change.ids)
    match change.kind:
        case "reviews":
            return _with_reviews(problem, ids, change.value)
        case "leave_out_applications":
            return _with_reviews(problem, ids, 0)
        case "largest_load" | "smallest_load" | "leave_out_reviewers":
            candidates = tuple(_with_load(c, change) if c.id in ids else c for c in problem.candidates)
            return replace(problem, candidates=candidates)
        case "add_reviewers":
            return replace(problem, candidates=(*problem.candidates, *_new(problem, change)))
        case "without_reader":
            return replace(problem, without_reader=problem.without_reader | ids)
        case "unlock":
            return replace(problem, locked=problem.locked - frozenset(change.pairs))
        case "move_present":
            return replace(problem, keep_present=False)


def _with_reviews(problem: AssignmentProblem, ids: frozenset[str], value: int) -> AssignmentProblem:
    demands: tuple[Demand, ...] = tuple(replace(d, reviews=value) if d.id in ids else d for d in problem.demands)
    return replace(problem, demands=demands)


def _with_load(candidate: Candidate, change: Change) -> Candidate:
    if change.kind == "largest_load":
        return replace(candidate, largest_load=change.value)
    if change.kind == "smallest_load":
        return replace(candidate, smallest_load=change.value)
    return replace(candidate, largest_load=0, smallest_load=0)


def _new(problem: AssignmentProblem, change: Change) -> Iterable[Candidate]:
    taken = {candidate.id for candidate in problem.candidates}
    names = (name for k in range(len(taken) + change.value) if (name := f"new-{k + 1}") not in taken)
    for k, name in zip(range(change.value), names, strict=False):
        languages = frozenset(language for language, count in change.readers if k < count)
        yield Candidate(name, largest_load=change.load, languages=languages)
