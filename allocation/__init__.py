"""Scenario in, grants out: pure, exact, explained. Money is whole euros, scores are Fractions."""

from allocation.distribute import baseline, compare, distribute
from allocation.problem import Kind
from allocation.rules import KIND_LABELS, RULES, Rule
from allocation.types import (
    Allocation,
    Award,
    Change,
    Code,
    Objective,
    Project,
    RuleName,
    Scenario,
    ScenarioError,
    SolverError,
    Status,
)

__all__ = [
    "KIND_LABELS",
    "RULES",
    "Allocation",
    "Award",
    "Change",
    "Code",
    "Kind",
    "Objective",
    "Project",
    "Rule",
    "RuleName",
    "Scenario",
    "ScenarioError",
    "SolverError",
    "Status",
    "baseline",
    "compare",
    "distribute",
]
