"""What becomes of the material of a decision: the scenario that is decided, solved, and the others beside it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from allocation import Allocation, Scenario
from decisions.tables import Row
from locales import msg, render
from workflow.by_hand import SavedRun, run_opened
from workflow.decision_read import Material
from workflow.errors import Refused
from workflow.hand_runs import run_with_hands
from workflow.labels import RULES
from workflow.locked_runs import run_locked
from workflow.scenario_store import Opened
from workflow.scenarios import Run, default_scenario, run_on

BASELINE = "Vertailukohta"
"""The name of the greedy baseline in the tables. A name is no word of a language: it is in the hash."""
LONGEST_EACH = 30.0
LONGEST_ALL = 60.0
"""Seconds for one scenario of the comparison, and for all of them together before the rest is left out."""


@dataclass(frozen=True, slots=True)
class Solved:
    """The run that is decided, the one by the rule alone, both of a saved scenario if ``saved``, and its name."""

    run: Run
    by_rule: Run
    saved: SavedRun | None
    name: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One scenario beside the decided one; ``allocation`` None: it gives none today, ``status`` says why if known."""

    name: str
    scenario: Scenario
    status: str
    allocation: Allocation | None
    decided: bool = False


def solved_of(material: Material) -> Solved:
    """The scenario of ``material``, solved.

    Refused when its rules cannot all be met, and for a locked one that today's ranking gives no longer: what was locked
    is what is decided.
    """
    if material.opened is None:
        run = run_on(material.ground, material.scenario or default_scenario(material.call))
        solved = Solved(run, run, None, material.name or render(RULES[run.scenario.rule], "fi"))
    else:
        opened = material.opened
        saved = run_locked(opened, material.cases) if opened.saved.locked else run_opened(opened)
        solved = Solved(saved.run, saved.by_rule, saved, saved.saved.name)
    if solved.run.allocation.status == "infeasible":
        raise Refused(msg("There is no distribution to export."), *solved.run.allocation.conflict)
    return solved


def compared(material: Material, solved: Solved) -> tuple[Compared, ...]:
    """The decided scenario, every other saved one on today's ranking, and the greedy baseline; no two of one name.

    A scenario that time cut short has no figures, as another moment would give others.
    """
    allocation = solved.run.allocation
    found = [Compared(solved.name, solved.by_rule.scenario, allocation.status, allocation, decided=True)]
    end = time.monotonic() + LONGEST_ALL
    greedy = default_scenario(material.call, "rank_skip")
    baseline = run_on(material.ground, greedy)
    found.append(Compared(BASELINE, greedy, baseline.allocation.status, baseline.allocation))
    found += [_beside(opened, time.monotonic() < end) for opened in material.others]
    return tuple(_named(found))


def scenario_rows(options: tuple[Compared, ...]) -> Iterator[Row]:
    """The table of scenarios."""
    for one in options:
        yield {
            "name": one.name,
            "decided": one.decided,
            "rule": one.scenario.rule,
            "appropriation": one.scenario.appropriation,
            "status": one.status,
            "remaining": None if one.allocation is None else one.allocation.remaining,
        }


def comparison_rows(material: Material, options: tuple[Compared, ...]) -> Iterator[Row]:
    """What each scenario gives to each ranked application; None where it gives no distribution."""
    for one in options:
        given = {} if one.allocation is None else {award.id: award.granted for award in one.allocation.awards}
        for project in material.ground.projects:
            yield {"scenario": one.name, "case_number": project.id, "granted": given.get(project.id)}


def _beside(opened: Opened, in_time: bool) -> Compared:
    saved = opened.saved
    if not in_time:
        return Compared(saved.name, saved.scenario, "time_limit", None)
    scenario = replace(saved.scenario, time_limit=min(saved.scenario.time_limit, LONGEST_EACH))
    if saved.problems:
        return Compared(saved.name, saved.scenario, "", None)
    try:
        run, _ = run_with_hands(opened.ground, scenario, opened.ranked_hands, saved.rest, saved.reasons)
    except Refused:
        return Compared(saved.name, saved.scenario, "", None)
    status = run.allocation.status
    cut = status in ("time_limit", "infeasible")
    return Compared(saved.name, saved.scenario, status, None if cut else run.allocation)


def _named(options: list[Compared]) -> Iterator[Compared]:
    """Names as they are; one that is taken already gets a number."""
    # The names of saved scenarios stay: the baseline and a scenario that is not saved make way.
    taken = {one.name for one in options[2:]} | {options[0].name}
    yield options[0]
    name, number = options[1].name, 2
    while name in taken:
        name, number = f"{options[1].name} ({number})", number + 1
    yield replace(options[1], name=name)
    for one in options[2:]:
        yield replace(one, name=f"{one.name} (2)") if one.name == options[0].name else one
