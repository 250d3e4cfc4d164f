"""Saved scenarios: kept by name, changed, copied, locked and removed; each run before it is written."""

from collections.abc import Iterator

from access.permissions import Actor, can_run_scenarios, can_see_scenarios, require
from allocation import Scenario
from locales import Message, Param, msg
from storage import scenarios as stored
from workflow.errors import Refused
from workflow.hand_runs import Rest, run_with_hands
from workflow.house import House
from workflow.labels import STATUSES
from workflow.phases import require_open
from workflow.scenario_store import (
    ByHand,
    Opened,
    Saved,
    changed_meanwhile,
    find_saved,
    load_saved,
    open_saved,
    ranking_changed,
    refuse_locked,
)
from workflow.scenario_writing import Prepared, add, lock, open_to_change, prepare, rewrite
from workflow.scenarios import Run, open_ground, refuse_partial_view

__all__ = [
    "ByHand",
    "Saved",
    "change_scenario",
    "copy_scenario",
    "get_saved",
    "list_scenarios",
    "lock_scenario",
    "remove_scenario",
    "save_scenario",
]

LONGEST_NAME = 100


def save_scenario(
    house: House, actor: Actor, call_id: str, name: str, scenario: Scenario, *, begun_from: int | None = None
) -> Saved:
    """Run a scenario and keep it with its awards under a name that is not yet taken (1 to 100 characters).

    Awards fixed in ``scenario`` are kept as set by hand, with their reasons, the rest distributed around them.
    ``begun_from``: the saved scenario of which this is a changed copy; its awards set by hand come along.
    """
    require(actor, can_run_scenarios)
    title = _title(name)
    with house.reading() as uow:
        require_open(uow, call_id, can_run_scenarios)
        begun = None if begun_from is None else open_saved(uow, actor, call_id, begun_from)
        ground = open_ground(uow, actor, call_id) if begun is None else begun.ground
    if begun is None:
        rest: Rest = "reoptimised" if scenario.fixed else "kept"
        new = prepare(ground, scenario, dict(scenario.fixed), scenario.reasons, rest, outside={})
    else:
        new = _changed(begun, scenario)
    with house.writing(actor, call_id) as uow:
        return add(uow, actor, title, new, "" if begun is None else begun.saved.name)


def change_scenario(
    house: House,
    actor: Actor,
    call_id: str,
    scenario_id: int,
    scenario: Scenario,
    *,
    expected_version: int | None = None,
) -> Saved:
    """Give a saved scenario other values, or the same ones on today's ranking; awards set by hand stay.

    Awards fixed in ``scenario`` are set by hand too. Refused for a locked one; Conflicting when it is no longer at
    ``expected_version`` (None: the one read here).
    """
    require(actor, can_run_scenarios)
    with house.reading() as uow:
        opened = open_to_change(uow, actor, call_id, scenario_id)
    new = _changed(opened, scenario)
    with house.writing(actor, call_id) as uow:
        return rewrite(uow, actor, opened, new, expected_version)


def copy_scenario(house: House, actor: Actor, call_id: str, scenario_id: int, name: str) -> Saved:
    """Keep a saved scenario again under another name, run on today's ranking, with the awards set by hand."""
    require(actor, can_run_scenarios)
    title = _title(name)
    with house.reading() as uow:
        require_open(uow, call_id, can_run_scenarios)
        opened = open_saved(uow, actor, call_id, scenario_id)
    new = _changed(opened, opened.saved.scenario)
    with house.writing(actor, call_id) as uow:
        return add(uow, actor, title, new, opened.saved.name)


def lock_scenario(
    house: House, actor: Actor, call_id: str, scenario_id: int, *, expected_version: int | None = None
) -> Saved:
    """Close a saved scenario to every change, for good.

    Refused unless it is final: optimal with its ties resolved and no gap, and what today's ranking still gives.
    """
    require(actor, can_run_scenarios)
    with house.reading() as uow:
        opened = open_to_change(uow, actor, call_id, scenario_id)
    saved = opened.saved
    run, by_rule = run_with_hands(opened.ground, saved.scenario, opened.ranked_hands, saved.rest, saved.reasons)
    problems = tuple(_not_final(opened, run, by_rule))
    if problems:
        raise Refused(*problems)
    with house.writing(actor, call_id) as uow:
        return lock(uow, actor, opened, expected_version)


def remove_scenario(
    house: House, actor: Actor, call_id: str, scenario_id: int, *, expected_version: int | None = None
) -> None:
    """Delete a saved scenario that is not locked; the log keeps it.

    Conflicting when it is no longer at ``expected_version`` (None: whatever it is at).
    """
    require(actor, can_run_scenarios)
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_run_scenarios)
        refuse_partial_view(uow, actor, call_id, saved=True)
        saved = find_saved(uow, call_id, scenario_id)
        refuse_locked(saved)
        if expected_version not in (None, saved.version):
            raise changed_meanwhile()
        stored.remove_scenario(uow, scenario_id)


def list_scenarios(house: House, actor: Actor, call_id: str) -> list[Saved]:
    """The saved scenarios of a call, the oldest first."""
    require(actor, can_see_scenarios)
    with house.reading() as uow:
        refuse_partial_view(uow, actor, call_id, saved=True)
        return load_saved(uow, call_id)


def get_saved(house: House, actor: Actor, call_id: str, scenario_id: int) -> Saved:
    """One saved scenario; Refused when it is not there."""
    require(actor, can_see_scenarios)
    with house.reading() as uow:
        refuse_partial_view(uow, actor, call_id, saved=True)
        return find_saved(uow, call_id, scenario_id)


def _title(name: str) -> str:
    title = name.strip()
    if not title or len(title) > LONGEST_NAME:
        raise Refused(msg("A scenario needs a name of 1 to {n} characters.", n=LONGEST_NAME))
    return title


def _changed(opened: Opened, scenario: Scenario) -> Prepared:
    """``scenario`` in the place of a saved one: its awards set by hand stay, those fixed in ``scenario`` are added."""
    saved = opened.saved
    hands = {**opened.ranked_hands, **scenario.fixed}
    reasons = {**saved.reasons, **{case: scenario.reasons.get(case, "") for case in scenario.fixed}}
    outside = {case: granted for case, granted in opened.outside_hands.items() if case not in hands}
    return prepare(opened.ground, scenario, hands, reasons, saved.rest, outside=outside)


def _not_final(opened: Opened, run: Run, by_rule: Run) -> Iterator[Message]:
    """Why a scenario cannot be locked."""
    for status in sorted({run.allocation.status, by_rule.allocation.status} - {"optimal"}):
        yield msg("The scenario cannot be locked: {status}.", status=STATUSES[status])
    if opened.saved.scenario.gap > 0:
        yield msg("The scenario cannot be locked: it was solved with a gap allowed. Set the gap to 0.")
    if ranking_changed(opened, run):
        yield msg("The scenario cannot be locked: the ranking changed after it was saved. Save its changes first.")
    if opened.outside_hands:
        yield msg(
            "The scenario cannot be locked: awards are set by hand for applications that are not in the ranking: "
            "{cases}. Take them back first.",
            cases=list[Param](sorted(opened.outside_hands)),
        )
