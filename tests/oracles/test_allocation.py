"""Published examples and exact oracles: the optimum, and the first of all optima in the published order."""

import random
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from allocation import Constraint, Objective, Project, Scenario, distribute
from allocation.frontier import efficient_portfolios
from tests.allocation.samples import knapsack

ROOT = Path(__file__).parents[2]
WEIGHTS = (31, 19, 29, 21)
# Lourenço, Morton, Bana e Costa: PROBE. Department, cost in 100,000 EUR, scores on four criteria.
PROBE = {
    "P01": ("A", 11, (67, 40, 30, 50)),
    "P02": ("A", 19, (55, 37, 40, 20)),
    "P03": ("A", 9, (100, 90, 80, 90)),
    "P04": ("A", 9, (90, 80, 70, 95)),
    "P05": ("B", 18, (48, 35, 40, 33)),
    "P06": ("B", 13, (43, 32, 25, 44)),
    "P07": ("B", 13, (42, 64, 80, 55)),
    "P08": ("B", 11, (40, 50, 44, 20)),
    "P09": ("C", 9, (80, 90, 78, 66)),
    "P10": ("C", 13, (88, 66, 80, 70)),
    "P11": ("D", 7, (41, 48, 49, 25)),
    "P12": ("D", 8, (86, 88, 90, 72)),
}


def probe() -> list[Project]:
    return [
        Project(
            key,
            Fraction(sum(w * s for w, s in zip(WEIGHTS, scores, strict=True)), 100),
            cost * 100_000,
            theme=dept,
        )
        for key, (dept, cost, scores) in PROBE.items()
    ]


def test_probe_example_reaches_the_published_optimum() -> None:
    result = distribute(probe(), Scenario(5_000_000, "milp", objective="score_of_funded", unit=1000))
    assert (result.objective, result.spent, result.status) == (Fraction(41425, 100), 4_800_000, "optimal")
    assert [award.id for award in result.awards if award.funded] == ["P03", "P04", "P09", "P10", "P12"]


def test_probe_example_with_one_project_per_department_loses_as_published() -> None:
    scenario = Scenario(5_000_000, "milp", objective="score_of_funded", unit=1000)
    each = Constraint("one per department", "count", each="theme", lower=1)
    free, bound = distribute(probe(), scenario), distribute(probe(), replace(scenario, constraints=(each,)))
    assert bound.objective == Fraction(39646, 100)
    assert free.objective - bound.objective == Fraction(1779, 100)


def test_petersen_first_problem_reaches_the_published_optimum() -> None:
    """Petersen 1967 (OR-Library mknap1, problem 1): six projects, ten resources."""
    profits = (100, 600, 1200, 2400, 500, 2000)
    resources = (
        ((8, 12, 13, 64, 22, 41), 80),
        ((8, 12, 13, 75, 22, 41), 96),
        ((3, 6, 4, 18, 6, 4), 20),
        ((5, 10, 8, 32, 6, 12), 36),
        ((5, 13, 8, 42, 6, 20), 44),
        ((5, 13, 8, 48, 6, 20), 48),
        ((0, 0, 0, 0, 8, 0), 10),
        ((3, 0, 4, 0, 8, 0), 18),
        ((3, 2, 4, 0, 8, 4), 22),
        ((3, 2, 4, 8, 8, 4), 24),
    )
    projects = [
        Project(f"P{n}", Fraction(profit), 1, columns={f"r{r}": use[n] for r, (use, _) in enumerate(resources)})
        for n, profit in enumerate(profits)
    ]
    limits = tuple(Constraint(f"resource {r}", f"r{r}", upper=limit) for r, (_, limit) in enumerate(resources))
    result = distribute(projects, Scenario(6, "milp", objective="score_of_funded", constraints=limits))
    assert (result.status, int(result.objective)) == ("optimal", 3800)


def test_first_table_has_seven_efficient_portfolios() -> None:
    """Four projects, costs 4 8 10 8, values 3 4 3 2: the empty portfolio is one of them."""
    table = zip("ABCD", (4, 8, 10, 8), (3, 4, 3, 2), strict=True)
    projects = [Project(key, Fraction(score), cost, tie_keys=(-cost,)) for key, cost, score in table]
    found = efficient_portfolios(projects, Scenario(30, "milp", objective="score_of_funded"))
    assert [(one.spent, int(one.objective)) for one in found] == [
        (0, 0),
        (4, 3),
        (8, 4),
        (12, 7),
        (20, 9),
        (22, 10),
        (30, 12),
    ]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("objective", ["score_of_funded", "score_times_grant"])
def test_sixty_projects_with_many_ties_equal_dynamic_programming(seed: int, objective: Objective) -> None:
    dice = random.Random(seed)
    lots = dice.sample(range(60), 60)
    projects = [
        Project(f"H{n:02}", Fraction(dice.randint(6, 30), 6), dice.randint(3, 30) * 10_000, tie_keys=(lot,))
        for n, lot in enumerate(lots)
    ]
    budget = sum(one.applied for one in projects) // 2
    result = distribute(projects, Scenario(budget, "milp", objective=objective))
    scaled = [Project(one.id, one.score, one.applied // 10_000, tie_keys=one.tie_keys) for one in projects]
    weights = [int((one.score or 0) * 6) * (one.applied if objective == "score_times_grant" else 1) for one in scaled]
    best, funded = knapsack(scaled, budget // 10_000, weights)
    step = Fraction(10_000 if objective == "score_times_grant" else 1, 6)
    assert result.status == "optimal"
    assert result.objective == best * step
    assert {award.id for award in result.awards if award.funded} == funded


def test_standard_output_stays_free_of_the_solver() -> None:
    """HiGHS 1.12 prints to file descriptor 1 in this instance; an answer in JSON must not carry it."""
    code = (
        "import random; from fractions import Fraction; from allocation import Project, Scenario, distribute\n"
        "r = random.Random(59)\n"
        "ps = [Project(str(n), Fraction(r.randint(300, 1500)), r.randint(30000, 1200000)) for n in range(60)]\n"
        "distribute(ps, Scenario(12_000_000, 'milp'))\n"
        "print('done')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "done\n"
