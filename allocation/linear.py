"""The linear programme: grants are continuous, the sum of score times euro is the greatest, rounded down at the end.

HiGHS finds the multipliers of the rows. Made exact, they describe the face of all optima: who gets everything,
who nothing, and between whom the published order chooses. The result is proven optimal by exact duality.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
from scipy.sparse import csc_array

from allocation.face import clear_cut, exact_prices, face, fill, groups
from allocation.full_units import in_full_units
from allocation.impossible import impossible
from allocation.left_out import leave_out, settled
from allocation.parts import Note, Row
from allocation.problem import Outcome, Problem
from allocation.relaxation import Relaxation, Vertex, solve_vertex
from allocation.room import APPROPRIATION, names
from allocation.verify import broken, lagrangian_bound
from locales import msg


def linear(problem: Problem) -> Outcome:
    """The optimum of the linear programme, first in the published order, rounded down to the unit.

    ``bound`` is the exact optimum before rounding. What rounding leaves is not spent. Status ``ties_unresolved``
    where equal tie keys leave the choice to ids, and then nobody of those equals is funded; or where the face of
    optima is too large or too ill-formed to be taken apart exactly, and then the grants are one of several optima.
    """
    if not problem.candidates:
        if broken(problem, ()) is not None:
            return impossible(problem)
        return Outcome(
            "optimal",
            (),
            bound=Fraction(0),
            multipliers=dict.fromkeys((row.key for row in problem.rows), Fraction(0)),
        )
    vertex = solve_vertex(_model(problem))
    if vertex is None:
        return impossible(problem)
    prices = exact_prices(problem, vertex)
    bound = lagrangian_bound(problem, prices)
    amounts, free = clear_cut(problem, prices)
    rows = face(problem, prices, amounts, free)
    filled = fill(problem, free, rows)
    if filled is not None and not _proves(problem, amounts | filled.amounts, bound):
        filled = None
    rounded = in_full_units(problem, _amounts(problem, vertex) if filled is None else amounts | filled.amounts, filled)
    if rounded.status == "infeasible":
        return rounded
    found = [] if filled is None else groups(problem, filled, rows)
    unresolved = rounded.unresolved | (set() if filled is None else filled.open)
    units = leave_out(problem, rounded.units, unresolved)
    settled_ = rounded.status == "optimal" and not unresolved and filled is not None
    outcome = Outcome(
        "optimal" if settled_ else "time_limit" if rounded.status == "time_limit" else "ties_unresolved",
        units,
        _notes(problem, units, {j for group in found for j in group}, prices),
        tuple(tuple(group) for group in found),
        frozenset(unresolved),
        bound,
        {row.key: float(prices[row.key] / row.scale) for row in problem.rows},
        prices,
    )
    return settled(problem, outcome)


def _amounts(problem: Problem, vertex: Vertex) -> dict[int, Fraction]:
    """The solver's own amounts, where the face of optima could not be taken apart exactly."""
    return {
        j: min(max(Fraction(round(amount, 6)), Fraction(one.lower)), Fraction(one.upper))
        for j, (amount, one) in enumerate(zip(vertex.values, problem.candidates, strict=True))
    }


def _proves(problem: Problem, amounts: Mapping[int, Fraction], bound: Fraction) -> bool:
    """Whether these amounts keep every row and reach the bound: then they are an optimum, and the bound is tight."""
    for row in problem.rows:
        total = sum((share * amounts[j] for j, share in zip(row.members, row.per_unit, strict=True)), Fraction(0))
        if (row.upper is not None and total > row.upper) or (row.lower is not None and total < row.lower):
            return False
    return sum((rate * amounts[j] for j, rate in enumerate(problem.per_unit)), Fraction(0)) == bound


def _model(problem: Problem) -> Relaxation:
    count = len(problem.candidates)
    places = [place for place, row in enumerate(problem.rows) for _ in row.members]
    members = [j for row in problem.rows for j in row.members]
    shares = [share for row in problem.rows for share in row.per_unit]
    return Relaxation(
        np.array([float(rate) for rate in problem.per_unit]),
        csc_array((np.array(shares, dtype=np.float64), (places, members)), shape=(len(problem.rows), count)),
        np.array([-np.inf if row.lower is None else row.lower for row in problem.rows], dtype=np.float64),
        np.array([np.inf if row.upper is None else row.upper for row in problem.rows], dtype=np.float64),
        np.array([one.lower for one in problem.candidates], dtype=np.float64),
        np.array([one.upper for one in problem.candidates], dtype=np.float64),
    )


def _notes(
    problem: Problem, units: Sequence[int], decided: set[int], prices: Mapping[str, Fraction]
) -> dict[int, Note]:
    notes: dict[int, Note] = {}
    capped = _capped(problem, prices)
    for j, (one, granted) in enumerate(zip(problem.candidates, units, strict=True)):
        if granted == one.upper:
            continue
        rules = names(capped.get(j, ()))
        if granted > 0 and rules:
            notes[j] = (
                "funded_partial",
                msg(
                    "Funded in part with {granted} of {ceiling}: there is no room for more under {rules}. "
                    "Score {score}.",
                    granted=problem.euros(granted),
                    ceiling=problem.euros(one.upper),
                    rules=rules,
                    score=one.score,
                ),
            )
        elif granted > 0:
            notes[j] = (
                "funded_partial",
                msg(
                    "Funded in part with {granted} of {ceiling}: the rest of the appropriation adds more to the total "
                    "elsewhere. Score {score}.",
                    granted=problem.euros(granted),
                    ceiling=problem.euros(one.upper),
                    score=one.score,
                ),
            )
        elif j in decided:
            notes[j] = (
                "not_funded_tie",
                msg(
                    "Not funded: the same total can be reached with this project, but the tie rule puts others first. "
                    "Score {score}.",
                    score=one.score,
                ),
            )
        elif rules:
            notes[j] = (
                "not_funded_rule",
                msg(
                    "Not funded: the room under {rules} adds more to the total elsewhere. Score {score}.",
                    rules=rules,
                    score=one.score,
                ),
            )
        else:
            notes[j] = (
                "not_funded_budget",
                msg(
                    "Not funded: every euro of the appropriation adds more to the total elsewhere. Score {score}.",
                    score=one.score,
                ),
            )
    return notes


def _capped(problem: Problem, prices: Mapping[str, Fraction]) -> dict[int, list[Row]]:
    """The rules that hold a candidate down which the price of the appropriation alone would let through."""
    money = prices.get(APPROPRIATION, Fraction(0))
    found: dict[int, list[Row]] = {}
    for row in problem.rows:
        if row.key != APPROPRIATION and prices.get(row.key):
            for j, share in zip(row.members, row.per_unit, strict=True):
                if prices[row.key] * share > 0 and problem.per_unit[j] > money:
                    found.setdefault(j, []).append(row)
    return found
