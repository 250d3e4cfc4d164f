"""What a result adds up to along the ranking and per group: counted once for charts and tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from allocation import Allocation, Award, Project


@dataclass(frozen=True, slots=True)
class Step:
    """One project along the ranking: its award, what it applied for, and what is left of the appropriation after it."""

    award: Award
    applied: int
    left: int


@dataclass(frozen=True, slots=True)
class Group:
    """The projects of one theme, region or other label; euros. ``value``: the label's value, "" for none."""

    value: str
    applications: int
    funded: int
    applied: int
    proposed: int


def along(order: Iterable[str], projects: Sequence[Project], allocation: Allocation, appropriation: int) -> list[Step]:
    """The projects in the given order of ids with the appropriation running down."""
    applied = {project.id: project.applied for project in projects}
    awards = {award.id: award for award in allocation.awards}
    steps, left = [], appropriation
    for key in order:
        left -= awards[key].granted
        steps.append(Step(awards[key], applied[key], left))
    return steps


def stretch(steps: Sequence[Step]) -> tuple[int, int]:
    """How many projects from the best on are all funded, and after how many the last funded one stands."""
    funded = [step.award.funded for step in steps]
    unbroken = funded.index(False) if False in funded else len(funded)
    last = len(funded) - funded[::-1].index(True) if True in funded else 0
    return unbroken, last


def groups(projects: Sequence[Project], allocation: Allocation, label: str) -> list[Group]:
    """The projects by the first value of ``label``, the greatest amount proposed first."""
    awards = {award.id: award for award in allocation.awards}
    found: dict[str, list[Project]] = {}
    for project in projects:
        found.setdefault(next(iter(project.words(label)), ""), []).append(project)
    summed = [
        Group(
            value,
            len(members),
            sum(awards[one.id].funded for one in members),
            sum(one.applied for one in members),
            sum(awards[one.id].granted for one in members),
        )
        for value, members in found.items()
    ]
    return sorted(summed, key=lambda one: (-one.proposed, -one.applied, one.value))
