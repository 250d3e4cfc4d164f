"""Rank order: grants are given down the published order until, or as long as, the money and the rules allow."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Literal

from allocation.impossible import broken_by, impossible
from allocation.parts import Note
from allocation.problem import Outcome, Problem, infeasible
from allocation.room import APPROPRIATION, Room, names, turned_away
from locales import Message, msg

Miss = Literal["stop", "skip", "partial"]
"""What happens at the first project that does not fit: stop; go on to the next; grant what is left and stop."""


@dataclass(slots=True)
class _Round:
    problem: Problem
    miss: Miss
    room: Room
    units: list[int]
    notes: dict[int, Note] = field(default_factory=dict)
    ties: list[tuple[int, ...]] = field(default_factory=list)
    unresolved: set[int] = field(default_factory=set)
    stopped: Message | None = None

    def grant(self, j: int, units: int) -> None:
        """Give ``units`` to candidate ``j``."""
        self.units[j] = units
        self.room.put(j, units)


def rank(problem: Problem, miss: Miss) -> Outcome:
    """Grants in rank order, as many units as every row has room for; lower limits of rows are not looked at.

    Projects forced in are served first. Where equal scores meet the end of the money or of a rule's room, the tie
    keys separate them and the group is recorded; where they too are equal, nobody of the group is funded.
    """
    units = [one.upper if one.forced else 0 for one in problem.candidates]
    if sum(units) > problem.capacity:
        return impossible(_at_upper(problem))
    clash = broken_by(problem, tuple(units))
    if clash is not None:
        return infeasible(problem, clash)
    state = _Round(problem, miss, Room(problem, units), units)
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


def _contested(state: _Round, group: Sequence[int]) -> list[int]:
    """Those of ``group`` whose grant could depend on the order within the group; empty if none could.

    A project can hope if it fits beside those before the group, and is sure if it fits after all others that hope.
    """
    if len(group) < 2:
        return []
    room, candidates = state.room, state.problem.candidates
    needs = {j: dict(room.needs(j, candidates[j].upper)) for j in group}
    helped, wanted = Counter[int](), Counter[int]()
    for need in needs.values():
        for place, taken in need.items():
            helped[place] += max(-taken, 0)
    hopeful = [j for j in group if all(taken <= _left(room, place, helped) for place, taken in needs[j].items())]
    for j in hopeful:
        for place, taken in needs[j].items():
            wanted[place] += max(taken, 0)
    full = {place for place, taken in wanted.items() if taken > _left(room, place)}
    if state.miss == "skip":
        return [j for j in hopeful if any(needs[j].get(place) for place in full)]
    if len(hopeful) == len(group) and not full:
        return []
    if state.miss == "partial":
        hopeful = [
            j
            for j in group
            if room.most(j, candidates[j].lower, candidates[j].upper)
            or any(taken > 0 and helped[place] for place, taken in needs[j].items())
        ]
    return list(group) if hopeful else []


def _left(room: Room, place: int, helped: Counter[int] | None = None) -> int:
    return max(room.left(place) or 0, 0) + (0 if helped is None else helped[place])


def _serve(state: _Round, equals: Sequence[int]) -> None:
    """One group that neither score nor tie keys separate; usually a single project."""
    problem, room = state.problem, state.room
    if state.stopped is not None:
        for j in equals:
            state.notes[j] = "stopped_at_cut_off", _with_score(problem, j, state.stopped)
        return
    open_tie = _contested(state, equals)
    state.unresolved |= set(open_tie)
    waiting = [j for j in equals if j not in open_tie]
    away = [j for j in waiting if room.without_room(j, problem.candidates[j].upper)]
    for j in away:
        one = problem.candidates[j]
        granted = room.most(j, one.lower, one.upper) if state.miss == "partial" else None
        if state.miss != "skip":
            state.stopped = _stop(state, j)
        if granted:
            state.notes[j] = "funded_partial", _cut(state, j, granted)
            state.grant(j, granted)
        else:
            state.notes[j] = turned_away(room, j, one.lower if state.miss == "partial" else one.upper)
    for j in waiting:
        if j not in away:
            state.grant(j, problem.candidates[j].upper)
    if open_tie and state.miss != "skip":
        state.stopped = msg(
            "Not funded: the distribution stopped at projects {others}, which the tie rule does not separate.",
            others=list(problem.ids(open_tie)),
        )


def _at_upper(problem: Problem) -> Problem:
    """What is forced in is served in full here."""
    full = (replace(one, lower=one.upper) if one.forced else one for one in problem.candidates)
    return replace(problem, candidates=tuple(full))


def _with_score(problem: Problem, j: int, reason: Message) -> Message:
    return msg("{reason} Score {score}.", reason=reason, score=problem.candidates[j].score)


def _stop(state: _Round, j: int) -> Message:
    candidate = state.problem.candidates[j]
    named = [row for row in state.room.without_room(j, candidate.upper) if row.key != APPROPRIATION]
    if named:
        return msg(
            "Not funded: the distribution stopped at project {stopper} (score {its_score}), for which there was no "
            "room under {rules}.",
            stopper=candidate.project.id,
            its_score=candidate.score,
            rules=names(named),
        )
    return msg(
        "Not funded: the distribution stopped at project {stopper} (score {its_score}), for which {left} was left "
        "of {needed}.",
        stopper=candidate.project.id,
        its_score=candidate.score,
        left=state.problem.euros(state.room.left(0) or 0),
        needed=state.problem.euros(candidate.upper),
    )


def _cut(state: _Round, j: int, granted: int) -> Message:
    candidate = state.problem.candidates[j]
    full = state.room.without_room(j, granted + 1)
    named = [row for row in full if row.key != APPROPRIATION]
    if named and len(named) == len(full):
        return msg(
            "Funded in part with {granted}: the project could get {ceiling}, and there was no room for more under "
            "{rules} when its turn came. Score {score}.",
            granted=state.problem.euros(granted),
            ceiling=state.problem.euros(candidate.upper),
            rules=names(named),
            score=candidate.score,
        )
    return msg(
        "Funded in part with {granted}: the project could get {ceiling}, and this was left of the appropriation "
        "when its turn came. Score {score}.",
        granted=state.problem.euros(granted),
        ceiling=state.problem.euros(candidate.upper),
        score=candidate.score,
    )
