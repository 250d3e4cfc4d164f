"""Funding probability of 60 projects over 10,000 draws: a budget only, rank order, and 46 side rows that bind.

Each case is timed with its processes (two) from start to result, by the clock and by the processor. ``spread`` is the
standard deviation of the draws around the scores, whose own is 0.6. ``audit``: of how many draws that were solved to
check the pool, and not used for it before, the pool had no distribution as good; "every draw" has no pool and solves
all of them. ``equal``: of a few single draws, how many ``distribute`` decides alike.
Run: python -m benchmarks.funding_chances [spread ...]
"""

import resource
import sys
import time
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from allocation import Constraint, Project, Scenario, distribute
from allocation.chances import Chances, begin

PROJECTS, DRAWS = 60, 10_000
GROUPS = (("theme", 10), ("region", 20), ("applicant", 16))
SPREADS = (0.05, 0.1, 0.2)
COMPARED = 5
"""Draws that ``distribute`` decides again, with its tie rule: it takes its time."""


def main() -> None:
    """Print a line per case."""
    spreads = tuple(float(word) for word in sys.argv[1:]) or SPREADS
    projects, scenario = instance()
    bare = replace(scenario, constraints=())
    print(f"{PROJECTS} projects, {DRAWS:,} draws, 2 processes; {len(scenario.constraints)} side rows")
    print(f"{'case':<24} {'spread':>6} {'s':>7} {'cpu s':>7} {'sets':>6} {'missing':>8} {'audit':>10} {'equal':>6}")
    for spread in spreads:
        draws = drawn(projects, spread)
        for name, one, every in (
            ("milp, a budget only", bare, False),
            ("rank_skip, side rows", replace(scenario, rule="rank_skip"), False),
            ("milp, side rows", scenario, False),
            ("the same, every draw", scenario, True),
        ):
            found, clock, processor = timed(projects, one, draws, every=every)
            missing = "" if found.missing_mass is None else f"{found.missing_mass:.3f}"
            audit = f"{found.audit_misses} of {found.audited}" if found.audited else "exact"
            same = check(projects, one, every=every)
            print(
                f"{name:<24} {spread:6.2f} {clock:7.1f} {processor:7.1f} {found.portfolios:6} {missing:>8} "
                f"{audit:>10} {same:>6}",
                flush=True,
            )


def instance(seed: int = 0) -> tuple[list[Project], Scenario]:
    """60 projects with labels, money for 45 % of what they ask for, and a cap of 60 % of it in every group."""
    rng = np.random.default_rng(seed)
    groups = {label: rng.integers(0, count, PROJECTS) for label, count in GROUPS}
    for label, count in GROUPS:
        groups[label][:count] = np.arange(count)
    euros = rng.integers(20, 300, PROJECTS) * 1_000
    scores = np.clip(rng.normal(3.8, 0.6, PROJECTS), 1, 6)
    projects = [
        Project(
            id=f"P{j:02}",
            score=Fraction(round(scores[j] * 100), 100),
            applied=int(euros[j]),
            tie_keys=(j,),
            theme=str(groups["theme"][j]),
            region=str(groups["region"][j]),
            applicant=str(groups["applicant"][j]),
        )
        for j in range(PROJECTS)
    ]
    caps = []
    for label, count in GROUPS:
        for value in range(count):
            inside = euros[groups[label] == value]
            cap = max(int(inside.sum() * 0.6), int(inside.max()))
            caps.append(Constraint(f"{label} {value}", where=((label, (str(value),)),), upper=cap))
    budget = int(euros.sum() * 0.45) // 1_000 * 1_000
    return projects, Scenario(budget, "milp", unit=1_000, constraints=tuple(caps))


def drawn(projects: list[Project], spread: float) -> NDArray[np.float64]:
    """Scores of every draw, around the projects' own."""
    centre = np.array([float(one.score or 0) for one in projects])
    found: NDArray[np.float64] = centre + np.random.default_rng(1).normal(0, spread, (DRAWS, len(projects)))
    return found


def timed(
    projects: list[Project], scenario: Scenario, draws: NDArray[np.float64], *, every: bool
) -> tuple[Chances, float, float]:
    """The result, seconds by the clock and seconds of the processor, those of the processes included."""
    before, start = _processor(), time.perf_counter()
    run = begin(projects, scenario, [one.id for one in projects], draws, every=every)
    run.wait()
    return run.result(), time.perf_counter() - start, _processor() - before


def _processor() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def check(projects: list[Project], scenario: Scenario, *, every: bool) -> str:
    """Of a few single draws, how many are decided as ``distribute`` decides them."""
    equal = 0
    for row in drawn(projects, 0.2)[:COMPARED]:
        own = [
            replace(one, score=Fraction(round(score * 10**6), 10**6))
            for one, score in zip(projects, row.tolist(), strict=True)
        ]
        run = begin(projects, scenario, [one.id for one in projects], row[np.newaxis, :], workers=1, every=every)
        run.wait()
        funded = {award.id: int(award.funded) for award in distribute(own, scenario).awards}
        equal += dict(run.result().funded) == funded
    return f"{equal}/{COMPARED}"


if __name__ == "__main__":
    main()
