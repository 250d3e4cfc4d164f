"""Rank order: grants are given down the published order until, or as long as, the money allows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from allocation.parts import Note
from allocation.problem import Outcome, Problem, infeasible
from locales import Message, msg

Miss = Literal["stop", "skip", "partial"]
"""What happens at the first project that does not fit: stop; go on to the next; grant what is left and stop."""


@dataclass(slots=True)
class _Round:
    problem: Problem
    miss: Miss
    left: int
    units: list[int]
    notes: dict[int, Note] = field(default_factory=dict)
    ties: list[tuple[int, ...]] = field(default_factory=list)
    unresolved: set[int] = field(default_factory=set)
    stopped: Message | None = None


def rank(problem: Problem, miss: Miss) -> Outcome:
    """Grants in rank order.

    Projects forced in are served first. Where equal scores meet the end of the money, the tie keys separate
    them and the group is recorded; where they too are equal, nobody of the group is funded.
    """
    state = _Round(problem, miss, problem.capacity, [0] * len(problem.candidates))
    for j, candidate in enumerate(problem.candidates):
        if candidate.forced:
            state.units[j] = candidate.upper
            state.left -= candidate.upper
    if state.left < 0:
        return infeasible(problem, forced_conflict(problem, sum(state.units)))
    waiting = [j for j in problem.order() if not problem.candidates[j].forced]
    for _, scores in groupby(waiting, key=lambda j: problem.candidates[j].score):
        group = list(scores)
        contested = _contested(state, group)
        if contested and state.stopped is None:
            state.ties.append(tuple(contested))
        for equals in problem.equals(group):
            _serve(state, equals)
    return Outcome(
        "ties_unresolved" if state.unresolved else "optimal",
        tuple(state.units),
        state.notes,
        tuple(state.ties),
        frozenset(state.unresolved),
    )


def forced_conflict(problem: Problem, needed: int) -> Message:
    """Said when the projects forced in do not fit."""
    return msg(
        "The projects forced in need {needed}, but {available} can be distributed.",
        needed=problem.euros(needed),
        available=problem.euros(problem.capacity),
    )


def _contested(state: _Round, group: Sequence[int]) -> list[int]:
    """Those of ``group`` whose grant would depend on the order within the group; empty if none would."""
    candidates = state.problem.candidates
    if len(group) < 2 or sum(candidates[j].upper for j in group) <= state.left:
        return []
    fitting = [j for j in group if candidates[j].upper <= state.left]
    if state.miss == "skip":
        return fitting if sum(candidates[j].upper for j in fitting) > state.left else []
    if state.miss == "partial":
        return list(group) if any(candidates[j].lower <= state.left for j in group) else []
    return list(group) if fitting else []


def _serve(state: _Round, equals: Sequence[int]) -> None:
    """One group that neither score nor tie keys separate; usually a single project."""
    problem = state.problem
    if state.stopped is not None:
        for j in equals:
            state.notes[j] = "stopped_at_cut_off", _with_score(problem, j, state.stopped)
        return
    open_tie = _contested(state, equals)
    left = state.left
    for j in equals:
        candidate = problem.candidates[j]
        if j in open_tie:
            state.unresolved.add(j)
        elif candidate.upper <= state.left:
            state.units[j] = candidate.upper
            state.left -= candidate.upper
        elif state.miss == "partial" and candidate.lower <= state.left:
            state.units[j] = state.left
            state.left = 0
            state.notes[j] = "funded_partial", _cut(problem, j, left)
            state.stopped = _stop(problem, j, left)
        else:
            state.notes[j] = "not_funded_budget", _too_little(state, j, left)
            if state.miss != "skip":
                state.stopped = _stop(problem, j, left)
    if open_tie and state.miss != "skip":
        state.stopped = msg(
            "Not funded: the distribution stopped at projects {others}, which the tie rule does not separate.",
            others=list(problem.ids(open_tie)),
        )


def _with_score(problem: Problem, j: int, reason: Message) -> Message:
    return msg("{reason} Score {score}.", reason=reason, score=problem.candidates[j].score)


def _stop(problem: Problem, j: int, left: int) -> Message:
    candidate = problem.candidates[j]
    return msg(
        "Not funded: the distribution stopped at project {stopper} (score {its_score}), for which {left} was left "
        "of {needed}.",
        stopper=candidate.project.id,
        its_score=candidate.score,
        left=problem.euros(left),
        needed=problem.euros(candidate.upper),
    )


def _cut(problem: Problem, j: int, left: int) -> Message:
    candidate = problem.candidates[j]
    return msg(
        "Funded in part with {granted}: the project could get {ceiling}, and this was left of the appropriation "
        "when its turn came. Score {score}.",
        granted=problem.euros(left),
        ceiling=problem.euros(candidate.upper),
        score=candidate.score,
    )


def _too_little(state: _Round, j: int, left: int) -> Message:
    candidate = state.problem.candidates[j]
    needed = candidate.lower if state.miss == "partial" else candidate.upper
    return msg(
        "Not funded: {left} was left of the appropriation when the project's turn came, and it needs {needed}. "
        "Score {score}.",
        left=state.problem.euros(left),
        needed=state.problem.euros(needed),
        score=candidate.score,
    )
