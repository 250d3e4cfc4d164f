"""What becomes of projects that even the tie rule leaves equal: nobody of them is funded, and their ids decide nothing."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from allocation.problem import Outcome, Problem, infeasible
from allocation.verify import broken
from locales import msg


def leave_out(problem: Problem, units: Sequence[int], unresolved: Collection[int]) -> tuple[int, ...]:
    """The grants without the unresolved projects; one that is forced in keeps its smallest grant."""
    return tuple(
        granted if j not in unresolved else (problem.candidates[j].lower if problem.candidates[j].forced else 0)
        for j, granted in enumerate(units)
    )


def settled(problem: Problem, outcome: Outcome) -> Outcome:
    """``outcome`` as it is, or infeasible where a rule cannot hold without the projects that were left out."""
    if not outcome.unresolved or broken(problem, outcome.units) is None:
        return outcome
    return replace(
        infeasible(
            problem,
            msg(
                "Projects {others} are equal by score and by the tie rule, and the rules of the scenario cannot be met "
                "without them.",
                others=list(problem.ids(sorted(outcome.unresolved))),
            ),
        ),
        unresolved=outcome.unresolved,
    )
