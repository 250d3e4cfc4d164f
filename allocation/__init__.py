"""Scenario in, grants out: pure, exact, explained. Money is whole euros, scores are Fractions."""

from allocation.distribute import baseline, compare, distribute
from allocation.kinds import KIND_LABELS, Kind
from allocation.rules import RULES, Rule
from allocation.types import (
    Allocation,
    Award,
    Change,
    Code,
    Constraint,
    Dependent,
    Exclusive,
    Objective,
    Project,
    RuleName,
    Scenario,
    ScenarioError,
    SolverError,
    Status,
    Sum,
    Tier,
)

__all__ = [
    "KIND_LABELS",
    "RULES",
    "Allocation",
    "Award",
    "Change",
    "Code",
    "Constraint",
    "Dependent",
    "Exclusive",
    "Kind",
    "Objective",
    "Project",
    "Rule",
    "RuleName",
    "Scenario",
    "ScenarioError",
    "SolverError",
    "Status",
    "Sum",
    "Tier",
    "baseline",
    "compare",
    "distribute",
]
