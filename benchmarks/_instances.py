"""Simulated calls of any size for the benchmarks of the distribution: scored projects and a scenario with caps."""

from dataclasses import replace
from fractions import Fraction

import numpy as np

from allocation import Constraint, Project, Scenario

THEMES, REGIONS, APPLICANTS = 10, 20, 16
REVIEWS = 3
_WEIGHTS = (35, 25, 20, 20)
"""Of four criteria, in percent."""


def simulated_call(projects: int, *, seed: int = 1) -> tuple[tuple[Project, ...], Scenario]:
    """``projects`` scored projects and a mixed-integer scenario of the score of the funded, all or nothing.

    The appropriation covers three euros of ten applied for; each of 10 themes gets at most 13 % of it and each of 20
    regions at most 7 %, so that some of the caps bind. A score is the mean of three reviews: criteria from 0 to 5
    in steps of a half, weighted. Amounts applied for are lognormal about 100,000 euros, in full hundreds.
    """
    rng = np.random.default_rng((seed, projects))
    levels = rng.binomial(10, rng.beta(4, 3, size=(projects, 1, 1)), size=(projects, REVIEWS, len(_WEIGHTS)))
    sums = (levels @ np.array(_WEIGHTS)).sum(axis=1)
    applied = (np.exp(rng.normal(np.log(1_000), 0.6, size=projects)).astype(int) + 50) * 100
    themes = rng.choice(THEMES, size=projects, p=_falling(THEMES))
    regions = rng.choice(REGIONS, size=projects, p=_falling(REGIONS))
    found = tuple(
        Project(
            id=f"p{i:06}",
            score=Fraction(int(sums[i]), 2 * 100 * REVIEWS),
            applied=int(applied[i]),
            theme=f"t{themes[i]:02}",
            region=f"{regions[i]:02}",
        )
        for i in range(projects)
    )
    scenario = Scenario(
        appropriation=int(applied.sum()) * 3 // 10,
        rule="milp",
        objective="score_of_funded",
        constraints=(
            Constraint("euros of one theme", each="theme", upper_share=Fraction(13, 100)),
            Constraint("euros of one region", each="region", upper_share=Fraction(7, 100)),
        ),
    )
    return found, scenario


def capped_call(projects: int = 60, *, seed: int = 1) -> tuple[tuple[Project, ...], Scenario]:
    """A call with 46 side rows: caps in euros on 10 themes, 20 regions and 16 applicants."""
    found, scenario = simulated_call(projects, seed=seed)
    placed = tuple(
        replace(one, theme=f"t{i % THEMES:02}", region=f"{i * 7 % REGIONS:02}", applicant=f"a{i * 5 % APPLICANTS:02}")
        for i, one in enumerate(found)
    )
    caps = (
        *scenario.constraints,
        Constraint("euros of one applicant", each="applicant", upper_share=Fraction(9, 100)),
    )
    return placed, replace(scenario, constraints=caps)


def _falling(groups: int) -> list[float]:
    """Shares of unequal groups: the first is twice the last."""
    shares = np.linspace(2, 1, groups)
    return list((shares / shares.sum()).tolist())
