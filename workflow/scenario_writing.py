"""What saving a scenario writes: solved before the transaction, compared again within it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from access.permissions import Actor, can_run_scenarios
from allocation import Scenario
from allocation.scenario_record import to_record
from locales import msg
from storage import applications as stored_applications
from storage import scenarios as stored
from storage.unit import StaleWrite, UnitOfWork
from workflow.errors import Conflicting, Refused
from workflow.hand_runs import Rest, run_with_hands
from workflow.phases import require_open
from workflow.scenario_store import (
    Opened,
    Saved,
    awards_of,
    changed_meanwhile,
    find_saved,
    open_saved,
    outcome_of,
    refuse_locked,
    refuse_other_ground,
)
from workflow.scenarios import Ground, Run, load_ground, refuse_partial_view

LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is to be stored: the scenario without awards set by hand, its run with them, and these with their reasons.

    ``outside``: awards set by hand of applications that are not in the ranking now. They do not count, but only whoever
    set them takes them back.
    """

    ground: Ground
    scenario: Scenario
    run: Run
    hands: Mapping[str, int]
    reasons: Mapping[str, str]
    rest: Rest
    outside: Mapping[str, int]


def prepare(
    ground: Ground,
    scenario: Scenario,
    hands: Mapping[str, int],
    reasons: Mapping[str, str],
    rest: Rest,
    *,
    outside: Mapping[str, int],
) -> Prepared:
    """Run a scenario for saving. Refused when an award set by hand or a forced project has no reason.

    ``reasons``: of the awards set by hand; those of forced projects are the scenario's. ``outside``: see ``Prepared``.
    """
    forced = sorted(scenario.force_in | scenario.force_out)
    of_forced = {key: scenario.reasons.get(key, "").strip() for key in forced}
    of_hands = {key: reasons.get(key, "").strip() for key in sorted(hands.keys() | outside.keys())}
    problems = (
        *(msg("A project forced in or out needs a reason: {id}.", id=key) for key in _empty(of_forced)),
        *(msg("An award set by hand needs a reason: {id}.", id=key) for key in _empty(of_hands)),
        *(
            msg("The reason for {id} is too long; at most {n} characters are accepted.", id=key, n=LONGEST_REASON)
            for key, reason in (*of_forced.items(), *of_hands.items())
            if len(reason) > LONGEST_REASON
        ),
    )
    if problems:
        raise Refused(*problems)
    run, by_rule = run_with_hands(ground, replace(scenario, reasons=of_forced), hands, rest, of_hands)
    return Prepared(ground, by_rule.scenario, run, hands, of_hands, rest, outside)


def _empty(reasons: Mapping[str, str]) -> list[str]:
    return [key for key, reason in reasons.items() if not reason]


def add(uow: UnitOfWork, actor: Actor, name: str, new: Prepared, copied_from: str) -> Saved:
    """Store a new scenario; Conflicting when its name is taken or the ranking changed meanwhile."""
    call_id = new.ground.call.id
    require_open(uow, call_id, can_run_scenarios)
    refuse_partial_view(uow, actor, call_id, saved=True)
    if name in {scenario.name for scenario in stored.list_scenarios(uow, call_id)}:
        raise Conflicting(msg("There is a scenario named {name} already. Choose another name.", name=name))
    refuse_other_ground(load_ground(uow, call_id), new.ground)
    found = stored.add_scenario(
        uow,
        call_id,
        name,
        to_record(new.scenario),
        outcome_of(new.run),
        awards_of(new.run),
        copied_from=copied_from,
        rest=new.rest,
    )
    _write_hands(uow, call_id, found.id, new)
    return find_saved(uow, call_id, found.id)


def rewrite(uow: UnitOfWork, actor: Actor, opened: Opened, new: Prepared, expected_version: int | None) -> Saved:
    """Store a changed scenario; Conflicting when somebody changed it, or the ranking changed, meanwhile."""
    saved, call_id = opened.saved, new.ground.call.id
    _still_open(uow, actor, opened)
    changes = {"parameters": to_record(new.scenario), "outcome": outcome_of(new.run), "rest": new.rest}
    version = saved.version if expected_version is None else expected_version
    try:
        stored.change_scenario(uow, saved.id, changes, awards_of(new.run), expected_version=version)
    except StaleWrite as error:
        raise changed_meanwhile() from error
    _write_hands(uow, call_id, saved.id, new)
    return find_saved(uow, call_id, saved.id)


def lock(uow: UnitOfWork, actor: Actor, opened: Opened, expected_version: int | None) -> Saved:
    """Store that a scenario is locked; Conflicting when somebody changed it, or the ranking changed, meanwhile."""
    saved, call_id = opened.saved, opened.ground.call.id
    _still_open(uow, actor, opened)
    version = saved.version if expected_version is None else expected_version
    try:
        stored.lock_scenario(uow, saved.id, expected_version=version)
    except StaleWrite as error:
        raise changed_meanwhile() from error
    return find_saved(uow, call_id, saved.id)


def open_to_change(uow: UnitOfWork, actor: Actor, call_id: str, scenario_id: int) -> Opened:
    """A saved scenario that ``actor`` can change now, with today's ranking."""
    require_open(uow, call_id, can_run_scenarios)
    opened = open_saved(uow, actor, call_id, scenario_id)
    refuse_locked(opened.saved)
    return opened


def _still_open(uow: UnitOfWork, actor: Actor, opened: Opened) -> None:
    """Refused unless the scenario can be changed by ``actor`` still, on the very ranking it was run on."""
    now = open_to_change(uow, actor, opened.ground.call.id, opened.saved.id)
    refuse_other_ground(now.ground, opened.ground)


def _write_hands(uow: UnitOfWork, call_id: str, scenario_id: int, new: Prepared) -> None:
    ids = {row.case_number: row.id for row in stored_applications.list_applications(uow, call_id)}
    before = {one.application_id: (one.granted, one.reason) for one in stored.list_by_hand(uow, scenario_id)}
    after = {ids[case]: (granted, new.reasons[case]) for case, granted in {**new.outside, **new.hands}.items()}
    for application_id in sorted(before.keys() - after.keys()):
        stored.drop_by_hand(uow, scenario_id, application_id)
    for application_id, (granted, reason) in sorted(after.items()):
        if before.get(application_id) != (granted, reason):
            stored.set_by_hand(uow, scenario_id, application_id, granted, reason)
