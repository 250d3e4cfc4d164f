"""The tie rule of the mixed-integer programme: among all optima, the one that is first in the published order.

First it is proven which projects have the same fate in every optimum; they are fixed. Over the others the funded
are maximised in the published order, in blocks of 20 with weights 2^k, then the grants one by one. What differs
between optima is what the tie rule decided.

Projects that neither score nor tie keys separate come as one group. All of the group that some optimum funds are
funded if one optimum funds them all. Otherwise only their ids could choose: those of the group whose fate still
differs are unresolved and stay open while the projects after them are decided, so nothing follows from their ids.
"""

from collections.abc import Iterable, Iterator, Sequence

from allocation.engine import Engine, Units
from allocation.left_out import leave_out
from allocation.tie_grants import Resolved, ask, resolve_grants

BLOCK = 20


def is_unique(engine: Engine, units: Units, time_limit: float) -> bool:
    """Whether no other set of funded projects reaches the same value. Raises OutOfTimeError, ImprovedError."""
    if engine.flexible:
        return False
    engine.floor = engine.worth(units)
    answer = ask(engine, _difference(engine, units, range(len(units))), time_limit)
    return _differing(answer.units, units, range(len(units))) == set()


def resolve(engine: Engine, units: Units) -> Resolved:
    """The first optimum in the published order, without what only ids would decide. ``units``: any optimum.

    Raises OutOfTimeError, ImprovedError.
    """
    engine.floor = engine.worth(units)
    open_, groups = _fates(engine, units)
    resolved = Resolved(units, groups, optimum=engine.floor)
    for block in _blocks(engine.problem.equals(sorted(open_))):
        if len(block) > 1 and engine.problem.standing(block[0]) == engine.problem.standing(block[1]):
            _fund_equals(engine, resolved, block)
        else:
            _fund_in_order(engine, resolved, block)
    if engine.flexible:
        resolve_grants(engine, resolved)
    resolved.units = leave_out(engine.problem, resolved.units, resolved.unresolved)
    return resolved


def _blocks(groups: Iterable[list[int]]) -> Iterator[list[int]]:
    """Groups of equals as they are, and up to 20 projects in a row that the published order separates."""
    row: list[int] = []
    for group in groups:
        if row and (len(group) > 1 or len(row) == BLOCK):
            yield row
            row = []
        if len(group) > 1:
            yield group
        else:
            row += group
    if row:
        yield row


def _fund_in_order(engine: Engine, resolved: Resolved, block: Sequence[int]) -> None:
    weights = [0] * engine.columns
    for k, j in enumerate(block):
        weights[j] = 1 << (len(block) - 1 - k)
    resolved.units = ask(engine, weights).units
    for j in block:
        engine.fix(j, int(resolved.units[j] > 0))


def _fund_equals(engine: Engine, resolved: Resolved, equals: Sequence[int]) -> None:
    """All of ``equals`` that can be funded if they can be together; else those whose fate differs stay open."""
    weights = [0] * engine.columns
    for j in equals:
        weights[j] = 1
    resolved.units = units = ask(engine, weights).units
    missing = [j for j in equals if not units[j]]
    if missing and _differing(ask(engine, _difference(engine, units, missing)).units, units, missing):
        resolved.unresolved |= _undecided(engine, units, equals)
    for j in equals:
        if j not in resolved.unresolved:
            engine.fix(j, int(units[j] > 0))


def _undecided(engine: Engine, units: Units, members: Iterable[int]) -> set[int]:
    """Those of ``members`` that some optimum funds and another does not."""
    unseen = set(members)
    found: set[int] = set()
    while unseen:
        new = _differing(ask(engine, _difference(engine, units, unseen)).units, units, unseen)
        if not new:
            break
        found |= new
        unseen -= new
    return found


def _difference(engine: Engine, units: Units, members: Iterable[int]) -> list[int]:
    """Weights that count on how many ``members`` an answer funds what ``units`` does not, or the reverse."""
    weights = [0] * engine.columns
    for j in members:
        weights[j] = -1 if units[j] else 1
    return weights


def _differing(one: Units, other: Units, members: Iterable[int]) -> set[int]:
    return {j for j in members if (one[j] > 0) != (other[j] > 0)}


def _fates(engine: Engine, units: Units) -> tuple[set[int], list[set[int]]]:
    """Who is funded in some optima only, in groups; all others are fixed at their fate.

    Each round asks for the optimum that differs most among those not yet seen to differ; the first that
    differs nowhere among them proves that all of them have one fate.
    """
    unseen = {j for j in range(len(units)) if engine.lowest[j] != engine.highest[j]}
    groups: list[set[int]] = []
    while unseen:
        other = ask(engine, _difference(engine, units, unseen)).units
        new = _differing(other, units, unseen)
        if not new:
            break
        for exchange in _exchanges(engine, units, other):
            _merge(groups, exchange)
        unseen -= new
    for j in unseen:
        engine.fix(j, int(units[j] > 0))
    return set().union(*groups) if groups else set(), groups


def _exchanges(engine: Engine, units: Units, other: Units) -> list[set[int]]:
    """The difference of two optima cut into swaps of one for one that stand by themselves, and the rest."""
    problem = engine.problem
    differing = sorted(_differing(units, other, range(len(units))), key=problem.order().index)
    swaps: list[set[int]] = []
    rest = list(differing)
    for j in differing:
        partner = next(
            (
                k
                for k in rest
                if j in rest
                and (units[j] > 0) != (units[k] > 0)
                and problem.candidates[j].score == problem.candidates[k].score
                and (problem.candidates[j].lower, problem.candidates[j].upper)
                == (problem.candidates[k].lower, problem.candidates[k].upper)
            ),
            None,
        )
        if partner is not None:
            swaps.append({j, partner})
            rest = [k for k in rest if k not in (j, partner)]
    if len(rest) == 1:
        # One more project against euros of others: those whose grants differ belong to the exchange.
        rest = [j for j in range(len(units)) if units[j] != other[j]]
    return [*swaps, set(rest)] if rest else swaps


def _merge(groups: list[set[int]], new: set[int]) -> None:
    touched = [group for group in groups if group & new]
    for group in touched:
        groups.remove(group)
    groups.append(new.union(*touched))
