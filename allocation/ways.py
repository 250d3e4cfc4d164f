"""Out of a conflict: for one named rule, the least by which it alone has to give."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from allocation.engine import OutOfTimeError
from allocation.policies import Input, Policy
from allocation.relaxations import Relaxation, relaxations
from allocation.search import gallop, smallest
from allocation.types import Project, Scenario
from locales import Message

Feasible = Callable[[Sequence[Project], Scenario], bool]


@dataclass(frozen=True, slots=True)
class Way:
    """One rule relaxed as little as possible, so that one step less leaves the scenario without solution.

    ``euros``: by how much, for limits in euros; ``amount``: the same in the rule's own measure (projects, points, basis
    points, a column's sum); both None for a rule that can only be given up. ``scenario``: with the relaxation applied.
    ``enough``: False if the scenario has another conflict besides, which this does not resolve.
    """

    policy: Policy
    words: Message
    euros: int | None
    amount: int | Fraction | None
    scenario: Scenario
    enough: bool = True


def ways(whole: Input, core: Input, rules: Sequence[Policy], feasible: Feasible) -> tuple[Way, ...]:
    """A way for each of ``rules`` that can be relaxed alone; ``core`` is ``whole`` with only those switched on.

    Where no rule alone resolves everything, because there is another conflict, the ways out of this one are given.
    Ways for which the time does not suffice are left out.
    """
    found: list[Way] = []
    partial: list[Way] = []
    try:
        for policy in rules:
            found += _way(whole, whole, policy, feasible)
        if not found:
            for policy in rules:
                partial += _way(core, whole, policy, feasible)
    except OutOfTimeError:
        pass
    return tuple(found) or tuple(replace(way, enough=False) for way in partial)


def _way(searched: Input, applied: Input, policy: Policy, feasible: Feasible) -> tuple[Way, ...]:
    """The least relaxation with which ``searched`` has a solution, applied to ``applied``; () if there is none."""
    projects, scenario = searched
    for relaxation in relaxations(projects, scenario, policy):
        steps = _steps(projects, scenario, relaxation, feasible)
        if steps is not None:
            said = relaxation.said(scenario, steps)
            return (Way(policy, said.words, said.euros, said.amount, relaxation.apply(applied[1], steps)),)
    return ()


def _steps(projects: Sequence[Project], scenario: Scenario, relaxation: Relaxation, feasible: Feasible) -> int | None:
    def holds(steps: int) -> bool:
        return feasible(projects, relaxation.apply(scenario, steps))

    if relaxation.most < 1:
        return None
    if holds(relaxation.most):
        return smallest(holds, 1, relaxation.most, known=True)
    # Shares of the appropriation grow with it: what is possible in between may be impossible at the end.
    return gallop(holds, relaxation.most) if relaxation.wavering else None
