"""The second half of the tie rule: with the funded projects fixed, the grants in the published order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from allocation.engine import Answer, Engine, Units
from allocation.types import SolverError


class ImprovedError(Exception):
    """A tie solve found a better answer than the supposed optimum."""

    def __init__(self, units: Units) -> None:
        super().__init__("improved")
        self.units = units


@dataclass(slots=True)
class Resolved:
    """The first optimum, the groups the tie rule decided, and who even the tie rule leaves equal.

    ``optimum``: the scaled objective of the optimum, which ``units`` falls short of where somebody is left out.
    """

    units: Units
    groups: list[set[int]] = field(default_factory=list)
    unresolved: set[int] = field(default_factory=set)
    optimum: int | None = None


def ask(engine: Engine, weights: Sequence[int], time_limit: float | None = None) -> Answer:
    """The optimum that is best for ``weights``. Raises ImprovedError if it is better than an optimum can be."""
    answer = engine.maximise(weights, time_limit=time_limit)
    if answer is None or engine.floor is None:
        raise SolverError("the solver lost an optimum that it had found")
    if engine.worth(answer.units) > engine.floor:
        raise ImprovedError(answer.units)
    return answer


def resolve_grants(engine: Engine, resolved: Resolved) -> None:
    """Grants maximised one after the other in the published order; changes ``resolved``.

    Equals get the most they can if they can get it together, else they are unresolved and their grants stay open.
    All funded projects but the unresolved ones must be fixed in ``engine``.
    """
    problem = engine.problem
    funded = [
        j for j in problem.order() if resolved.units[j] and j in engine.grant_column and j not in resolved.unresolved
    ]
    left = _varying(engine, resolved.units, funded)
    _hold(engine, resolved.units, set(funded) - left)
    undecided = [j for j in funded if j in left]
    units = _nearly(engine, undecided) if undecided else resolved.units
    for equals in problem.equals(undecided):
        group = [j for j in equals if j in left]
        if any(units[j] < problem.candidates[j].upper for j in group):
            units = _most(engine, group)
            if len(group) > 1 and not _together(engine, units, group):
                resolved.unresolved |= set(group)
                left -= set(group)
                continue
            _hold(engine, units, group)
            rest = _varying(engine, units, [j for j in undecided if j in left and j not in group])
            _hold(engine, units, left - rest)
            left = rest
        else:
            _hold(engine, units, group)
            left -= set(group)
    resolved.units = units
    _record(engine, resolved, undecided)


def _nearly(engine: Engine, undecided: Sequence[int]) -> Units:
    """Falling weights come close to the final answer, so that few projects need a solve of their own."""
    weights = [0] * engine.columns
    for place, equals in enumerate(reversed(engine.problem.equals(undecided)), start=1):
        for j in equals:
            weights[engine.grant_column[j]] = place
    return ask(engine, weights).units


def _most(engine: Engine, members: Sequence[int]) -> Units:
    """The optimum with the greatest sum of these grants."""
    weights = [0] * engine.columns
    for j in members:
        weights[engine.grant_column[j]] = 1
    return ask(engine, weights).units


def _together(engine: Engine, units: Units, members: Sequence[int]) -> bool:
    """Whether each of ``members`` has the most that any optimum gives it."""
    return all(units[j] == engine.problem.candidates[j].upper or _most(engine, [j])[j] == units[j] for j in members)


def _hold(engine: Engine, units: Units, members: Iterable[int]) -> None:
    for j in members:
        engine.fix(engine.grant_column[j], units[j])


def _varying(engine: Engine, units: Units, members: Sequence[int]) -> set[int]:
    """Those of ``members`` whose grant differs in some other optimum with the same funded projects.

    A grant at a bound can differ one way only, so one solve that moves none of them proves them all.
    """
    candidates = engine.problem.candidates
    ends = {j for j in members if units[j] in (candidates[j].lower, candidates[j].upper)}
    varying: set[int] = set()
    while ends:
        weights = [0] * engine.columns
        for j in ends:
            weights[engine.grant_column[j]] = 1 if units[j] == candidates[j].lower else -1
        other = ask(engine, weights).units
        moved = {j for j in ends if other[j] != units[j]}
        if not moved:
            break
        varying |= moved
        ends -= moved
    for j in members:
        if candidates[j].lower < units[j] < candidates[j].upper:
            for direction in (1, -1):
                weights = [0] * engine.columns
                weights[engine.grant_column[j]] = direction
                if ask(engine, weights).units[j] != units[j]:
                    varying.add(j)
                    break
    return varying


def _record(engine: Engine, resolved: Resolved, undecided: Sequence[int]) -> None:
    """Which grants the order decided: those of equal score that are not all filled alike, else all together."""
    candidates = engine.problem.candidates
    counted = any(engine.problem.per_unit)
    scores = {candidates[j].score for j in undecided}
    groups = [{j for j in undecided if candidates[j].score == score} for score in sorted(scores)]
    uneven = [
        group
        for group in groups
        if len(group) > 1 and (uneven_fill(engine, resolved.units, group) or group & resolved.unresolved)
    ]
    if not uneven and counted and len(undecided) > 1:
        uneven = [set(undecided)]
    resolved.groups += uneven


def uneven_fill(engine: Engine, units: Units, members: Iterable[int]) -> bool:
    """Whether the members are neither all at their ceiling nor all at their smallest grant."""
    pairs = [(units[j], engine.problem.candidates[j]) for j in members]
    return not (all(u == one.upper for u, one in pairs) or all(u == one.lower for u, one in pairs))
