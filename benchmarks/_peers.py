"""Other solvers behind one interface: each builds its model from our projects and scenario as its users would.

They know all-or-nothing grants, the appropriation and caps on euros per label: what ``simulated_call`` asks for.
"""

import importlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf, lcm

import numpy as np
from scipy.sparse import csr_array

from allocation import Project, Scenario

SECONDS = 60.0
"""Time limit of every solver."""


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds of both parts, the ids funded (none if there is no answer) and the solver's bound, if it says one."""

    build: float
    solve: float
    funded: tuple[str, ...]
    bound: float | None


Peer = Callable[[Sequence[Project], Scenario, float], Run]


def caps(projects: Sequence[Project], scenario: Scenario) -> Iterator[tuple[list[int], int]]:
    """Each row as the places of its projects and the most euros they may have together."""
    yield list(range(len(projects))), scenario.appropriation
    for constraint in scenario.constraints:
        groups = defaultdict(list)
        for i, project in enumerate(projects):
            groups[getattr(project, constraint.each)].append(i)
        limit = int((constraint.upper_share or 1) * scenario.appropriation)
        for members in groups.values():
            yield members, limit


def _scores(projects: Sequence[Project]) -> list[Fraction]:
    return [project.score or Fraction(0) for project in projects]


def highspy(projects: Sequence[Project], scenario: Scenario, gap: float) -> Run:
    """HiGHS through its own interface: arrays row by row, one call."""
    hs = importlib.import_module("highspy")
    started = time.perf_counter()
    count = len(projects)
    applied = np.array([project.applied for project in projects], dtype=np.float64)
    rows = list(caps(projects, scenario))
    index = np.concatenate([members for members, _ in rows])
    model = hs.HighsLp()
    model.num_col_, model.num_row_ = count, len(rows)
    model.sense_ = hs.ObjSense.kMaximize
    model.col_cost_ = np.array([float(score) for score in _scores(projects)])
    model.col_lower_, model.col_upper_ = np.zeros(count), np.ones(count)
    model.row_lower_, model.row_upper_ = np.full(len(rows), -inf), np.array([float(limit) for _, limit in rows])
    model.a_matrix_.format_ = hs.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(members) for members, _ in rows)])
    model.a_matrix_.index_, model.a_matrix_.value_ = index, applied[index]
    model.integrality_ = [hs.HighsVarType.kInteger] * count
    solver = hs.Highs()
    for option, value in (("output_flag", False), ("mip_rel_gap", gap), ("time_limit", SECONDS)):
        solver.setOptionValue(option, value)
    solver.passModel(model)
    built = time.perf_counter()
    solver.run()
    chosen = solver.getSolution().col_value
    funded = tuple(project.id for project, share in zip(projects, chosen, strict=True) if share > 0.5)
    return Run(built - started, time.perf_counter() - built, funded, solver.getInfo().mip_dual_bound)


def cvxpy_highs(projects: Sequence[Project], scenario: Scenario, gap: float) -> Run:
    """cvxpy with a matrix of all rows; what it compiles for HiGHS counts as building."""
    cp = importlib.import_module("cvxpy")
    started = time.perf_counter()
    applied = np.array([project.applied for project in projects], dtype=np.float64)
    rows = list(caps(projects, scenario))
    index = np.concatenate([members for members, _ in rows])
    starts = np.cumsum([0, *(len(members) for members, _ in rows)])
    matrix = csr_array((applied[index], index, starts), shape=(len(rows), len(projects)))
    funded = cp.Variable(len(projects), boolean=True)
    scores = np.array([float(score) for score in _scores(projects)])
    problem = cp.Problem(cp.Maximize(scores @ funded), [matrix @ funded <= np.array([limit for _, limit in rows])])
    options = {"mip_rel_gap": gap, "time_limit": SECONDS}
    data, chain, inverse = problem.get_problem_data(cp.HIGHS, solver_opts=options)
    built = time.perf_counter()
    answer = chain.solve_via_data(problem, data, solver_opts=dict(options))
    problem.unpack_results(answer, chain, inverse)
    chosen = () if funded.value is None else funded.value
    ids = tuple(project.id for project, share in zip(projects, chosen, strict=False) if share > 0.5)
    return Run(built - started, time.perf_counter() - built, ids, -answer["info"].mip_dual_bound)


def pulp_cbc(projects: Sequence[Project], scenario: Scenario, gap: float) -> Run:
    """PuLP with the CBC of its wheel: the model goes to CBC as a file, which is part of solving."""
    pulp = importlib.import_module("pulp")
    started = time.perf_counter()
    model = pulp.LpProblem("call", pulp.LpMaximize)
    funded = [pulp.LpVariable(project.id, cat="Binary") for project in projects]
    model += pulp.LpAffineExpression(
        [(one, float(score)) for one, score in zip(funded, _scores(projects), strict=True)]
    )
    for members, limit in caps(projects, scenario):
        model += pulp.LpAffineExpression([(funded[i], projects[i].applied) for i in members]) <= limit
    built = time.perf_counter()
    model.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=gap, timeLimit=SECONDS))
    ids = tuple(project.id for project, one in zip(projects, funded, strict=True) if (one.value() or 0) > 0.5)
    return Run(built - started, time.perf_counter() - built, ids, None)


def ortools_cp_sat(projects: Sequence[Project], scenario: Scenario, gap: float) -> Run:
    """OR-Tools' CP-SAT with scores as integers, on every core it finds."""
    cp = importlib.import_module("ortools.sat.python.cp_model")
    started = time.perf_counter()
    model = cp.CpModel()
    funded = [model.new_bool_var(project.id) for project in projects]
    scores = _scores(projects)
    scale = lcm(*(score.denominator for score in scores))
    for members, limit in caps(projects, scenario):
        euros = [projects[i].applied for i in members]
        model.add(cp.LinearExpr.weighted_sum([funded[i] for i in members], euros) <= limit)
    model.maximize(cp.LinearExpr.weighted_sum(funded, [int(score * scale) for score in scores]))
    solver = cp.CpSolver()
    solver.parameters.max_time_in_seconds = SECONDS
    solver.parameters.relative_gap_limit = gap
    built = time.perf_counter()
    status = solver.solve(model)
    found = status in (cp.OPTIMAL, cp.FEASIBLE)
    ids = tuple(p.id for p, one in zip(projects, funded, strict=True) if found and solver.boolean_value(one))
    return Run(built - started, time.perf_counter() - built, ids, solver.best_objective_bound / scale)


def ortools_scip(projects: Sequence[Project], scenario: Scenario, gap: float) -> Run:
    """OR-Tools' SCIP through the linear solver wrapper."""
    lp = importlib.import_module("ortools.linear_solver.pywraplp")
    started = time.perf_counter()
    solver = lp.Solver.CreateSolver("SCIP")
    funded = [solver.BoolVar(project.id) for project in projects]
    for members, limit in caps(projects, scenario):
        row = solver.Constraint(-solver.infinity(), float(limit))
        for i in members:
            row.SetCoefficient(funded[i], projects[i].applied)
    for one, score in zip(funded, _scores(projects), strict=True):
        solver.Objective().SetCoefficient(one, float(score))
    solver.Objective().SetMaximization()
    solver.SetTimeLimit(int(SECONDS * 1000))
    options = lp.MPSolverParameters()
    options.SetDoubleParam(options.RELATIVE_MIP_GAP, gap)
    built = time.perf_counter()
    status = solver.Solve(options)
    found = status in (solver.OPTIMAL, solver.FEASIBLE)
    ids = tuple(p.id for p, one in zip(projects, funded, strict=True) if found and one.solution_value() > 0.5)
    return Run(built - started, time.perf_counter() - built, ids, solver.Objective().BestBound())


PEERS: dict[str, tuple[str, Peer]] = {
    "highspy": ("highspy", highspy),
    "cvxpy + HiGHS": ("cvxpy", cvxpy_highs),
    "PuLP + CBC": ("pulp", pulp_cbc),
    "OR-Tools CP-SAT": ("ortools.sat.python.cp_model", ortools_cp_sat),
    "OR-Tools SCIP": ("ortools.linear_solver.pywraplp", ortools_scip),
}
"""Name -> the module that must be there, and the peer."""
