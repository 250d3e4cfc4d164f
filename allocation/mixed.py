"""The mixed-integer programme: the greatest total that whole or bounded grants can reach, proven and tie-free."""

import math
import time
from fractions import Fraction

from allocation.engine import Engine, OutOfTimeError, TooCloseError, Units
from allocation.impossible import impossible
from allocation.left_out import settled
from allocation.mixed_notes import notes_of
from allocation.problem import Outcome, Problem
from allocation.rank import rank
from allocation.relaxation import row_multipliers
from allocation.tie_grants import ImprovedError, Resolved
from allocation.ties import is_unique, resolve
from allocation.types import SolverError, Status
from allocation.verify import broken

TIE_LIMIT = 1_000
"""Most candidates for which ties are resolved; above it only uniqueness of the optimum is tried."""
_UNIQUE_SECONDS = 10.0


def mixed(problem: Problem) -> Outcome:
    """The optimum of the mixed-integer programme, first of all optima in the published order.

    Status ``time_limit``: stopped before it was proven. ``ties_unresolved``: proven, but either equal tie keys leave
    the choice to ids (then nobody of those between whom they would choose is funded, see ``ties``, and the
    objective falls short of ``bound``), or other optima exist or may exist that the tie rule could not be asked
    about (too many projects, or time), or a gap was allowed (then the grants are one of them).
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
    engine = Engine(problem, time.monotonic() + problem.scenario.time_limit)
    try:
        answer = engine.maximise(engine.weights, gap=problem.scenario.gap)
    except OutOfTimeError as late:
        return _stopped(engine, late)
    if answer is None:
        return impossible(problem)
    units = answer.units
    try:
        if answer.bound >= engine.worth(units) + 1:
            if problem.scenario.gap > 0:
                return _finish(engine, Resolved(units), "ties_unresolved", answer.bound)
            units = _prove(engine, units)
        status, resolved = _untie(engine, units)
    except OutOfTimeError as late:
        return _stopped(engine, OutOfTimeError(units, late.bound or answer.bound))
    except TooCloseError:
        return _finish(engine, Resolved(units), "ties_unresolved", answer.bound)
    return _finish(engine, resolved, status, None)


def _prove(engine: Engine, units: Units) -> Units:
    """An answer that nothing exceeds by even one step, where the solver's bound was too coarse to say so."""
    while True:
        engine.floor = engine.worth(units) + 1
        better = engine.maximise(engine.weights)
        if better is None:
            return units
        units = better.units


def _untie(engine: Engine, units: Units) -> tuple[Status, Resolved]:
    """The optimum the tie rule chooses, or ``units`` and the status that says it was not asked."""
    problem = engine.problem
    lowest, highest = engine.lowest.copy(), engine.highest.copy()
    while True:
        engine.lowest, engine.highest = lowest.copy(), highest.copy()
        try:
            if len(problem.candidates) > TIE_LIMIT:
                unique = is_unique(engine, units, _UNIQUE_SECONDS)
                return ("optimal" if unique else "ties_unresolved"), Resolved(units)
            resolved = resolve(engine, units)
            return ("ties_unresolved" if resolved.unresolved else "optimal"), resolved
        except ImprovedError as better:
            units = better.units
        except (OutOfTimeError, TooCloseError):
            return "ties_unresolved", Resolved(units)


def _stopped(engine: Engine, late: OutOfTimeError) -> Outcome:
    """What the time limit left: the best answer known, or rank order if there is none."""
    units = late.units
    if units is None:
        fallback = rank(engine.problem, "skip")
        if fallback.status == "infeasible" or broken(engine.problem, fallback.units) is not None:
            raise SolverError("no distribution was found within the time limit")
        units = fallback.units
    return _finish(engine, Resolved(units), "time_limit", late.bound)


def _finish(engine: Engine, resolved: Resolved, status: Status, bound: float | None) -> Outcome:
    problem = engine.problem
    multipliers = row_multipliers(problem, engine.relaxation())
    best = engine.worth(resolved.units) if resolved.optimum is None else resolved.optimum
    worth = Fraction(best, engine.scale)
    if bound is not None and math.isfinite(bound):
        limit: Fraction | None = max(worth, Fraction(bound) / engine.scale)
    else:
        limit = None if status == "time_limit" else worth
    outcome = Outcome(
        status,
        resolved.units,
        notes_of(problem, resolved, proven=status != "time_limit" and not problem.scenario.gap),
        tuple(tuple(sorted(group)) for group in resolved.groups),
        frozenset(resolved.unresolved),
        limit,
        multipliers=multipliers,
    )
    return settled(problem, outcome)
