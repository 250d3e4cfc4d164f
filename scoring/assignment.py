"""Assigning reviewers, exactly and always the same way. In this order:

1. every application gets its reviews, within the loads, conflicts, locks and languages of the problem;
2. loads are as even as can be (least sum of squares: no larger largest, no smaller smallest load is needed), unless
   the weights say that evenness is weighed against the match;
3. the pairs earn the most points for expertise and language;
4. between equals the lots decide, drawn from the seed and the ids, never the order of the input;
5. parts of the graph that would not be comparable are joined by exchanges that cost neither points nor even loads.
"""

from scoring.assignment_check import check
from scoring.assignment_collisions import collisions
from scoring.assignment_flow import complete
from scoring.assignment_grid import grid_of, lots
from scoring.assignment_join import joined
from scoring.assignment_report import describe, report
from scoring.assignment_solve import best
from scoring.assignment_types import AssignmentProblem, AssignmentResult, Impossible
from scoring.assignment_ways import apply_way, ways_out

__all__ = ["apply_way", "assign", "describe"]


def assign(problem: AssignmentProblem) -> AssignmentResult:
    """The best assignment, or why there is none and what would help.

    Proved in whole numbers before it is returned. Raises ScoringError for a problem that is not well formed; a demand
    that cannot be met is no error but ``Impossible``.
    """
    check(problem)
    grid = grid_of(problem)
    start = complete(grid)
    if start is None:
        ways, note = ways_out(problem)
        return Impossible(collisions=collisions(problem), ways=ways, note=note)
    drawn = lots(grid, problem.seed)
    chosen = grid.fixed | best(grid, start, problem.weights.fairness, drawn)
    return report(problem, grid, joined(grid, chosen, grid.fixed, drawn))
