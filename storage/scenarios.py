"""Saved allocation scenarios with the awards they gave and those that were set by hand."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.schema import awards, awards_by_hand, scenarios
from storage.unit import NotFound, UnitOfWork


@dataclass(frozen=True, slots=True)
class StoredAward:
    """What one application gets in a saved scenario."""

    application_id: int
    funded: bool
    granted: int
    code: str


@dataclass(frozen=True, slots=True)
class StoredByHand:
    """An award that somebody set by hand in a saved scenario. ``set_by`` None: from the terminal."""

    application_id: int
    granted: int
    reason: str
    set_by: int | None
    set_at: datetime


@dataclass(frozen=True, slots=True)
class StoredScenario:
    """A named set of parameters and the figures of its outcome.

    ``copied_from``: the name of the scenario it is a copy of, empty if of none. ``rest``: ``kept`` or ``reoptimised``
    around the awards set by hand. ``version`` counts its changes.
    """

    id: int
    call_id: str
    name: str
    parameters: Mapping[str, Any]
    outcome: Mapping[str, Any]
    created_by: int | None
    created_at: datetime
    changed_by: int | None
    changed_at: datetime | None
    locked_by: int | None
    locked_at: datetime | None
    copied_from: str
    rest: str
    version: int


def add_scenario(
    uow: UnitOfWork,
    call_id: str,
    name: str,
    parameters: Mapping[str, Any],
    outcome: Mapping[str, Any],
    given: Iterable[StoredAward],
    *,
    copied_from: str = "",
    rest: str = "kept",
) -> StoredScenario:
    """Store a scenario with its awards."""
    row = uow.insert(
        scenarios,
        {
            "call_id": call_id,
            "name": name,
            "parameters": dict(parameters),
            "outcome": dict(outcome),
            "created_by": uow.actor_id,
            "created_at": uow.now(),
            "copied_from": copied_from,
            "rest": rest,
            "version": 1,
        },
        action="scenario.add",
    )
    for award in given:
        uow.insert(awards, {"scenario_id": row["id"], **asdict(award)}, action="scenario.award")
    return StoredScenario(**row)


def change_scenario(
    uow: UnitOfWork,
    scenario_id: int,
    changes: Mapping[str, Any],
    given: Iterable[StoredAward],
    *,
    expected_version: int,
) -> StoredScenario:
    """Change a scenario and write the awards that differ; StaleWrite if somebody changed it meanwhile."""
    values = {**changes, "changed_by": uow.actor_id, "changed_at": uow.now()}
    row = uow.update(
        scenarios, {"id": scenario_id}, values, action="scenario.change", expected_version=expected_version
    )
    old, new = ({a.application_id: a for a in those} for those in (list_awards(uow, scenario_id), given))
    for application_id in sorted(old.keys() | new.keys()):
        before, after = old.get(application_id), new.get(application_id)
        key = {"scenario_id": scenario_id, "application_id": application_id}
        if after is None:
            uow.delete(awards, key, action="scenario.award")
        elif before is None:
            uow.insert(awards, {**key, **asdict(after)}, action="scenario.award")
        elif before != after:
            uow.update(awards, key, asdict(after), action="scenario.award")
    return StoredScenario(**row)


def lock_scenario(uow: UnitOfWork, scenario_id: int, *, expected_version: int) -> StoredScenario:
    """Close a scenario to every change; StaleWrite if somebody changed it meanwhile."""
    values = {"locked_by": uow.actor_id, "locked_at": uow.now()}
    return StoredScenario(
        **uow.update(scenarios, {"id": scenario_id}, values, action="scenario.lock", expected_version=expected_version)
    )


def remove_scenario(uow: UnitOfWork, scenario_id: int) -> None:
    """Delete a scenario and its awards (the audit log keeps them)."""
    for table, listed in ((awards_by_hand, list_by_hand(uow, scenario_id)), (awards, list_awards(uow, scenario_id))):
        for award in listed:
            key = {"scenario_id": scenario_id, "application_id": award.application_id}
            uow.delete(table, key, action="scenario.remove")
    uow.delete(scenarios, {"id": scenario_id}, action="scenario.remove")


def set_by_hand(uow: UnitOfWork, scenario_id: int, application_id: int, granted: int, reason: str) -> None:
    """Record the award that somebody set by hand, in place of an earlier one."""
    key = {"scenario_id": scenario_id, "application_id": application_id}
    values = {"granted": granted, "reason": reason, "set_by": uow.actor_id, "set_at": uow.now()}
    try:
        uow.update(awards_by_hand, key, values, action="scenario.set_award")
    except NotFound:
        uow.insert(awards_by_hand, {**key, **values}, action="scenario.set_award")


def drop_by_hand(uow: UnitOfWork, scenario_id: int, application_id: int) -> None:
    """Take an award set by hand back; NotFound if there is none."""
    key = {"scenario_id": scenario_id, "application_id": application_id}
    uow.delete(awards_by_hand, key, action="scenario.drop_award")


def list_scenarios(uow: UnitOfWork, call_id: str) -> list[StoredScenario]:
    """Scenarios of a call, the oldest first."""
    query = select(scenarios).where(scenarios.c.call_id == call_id).order_by(scenarios.c.id)
    return [StoredScenario(**row) for row in uow.connection.execute(query).mappings()]


def find_scenario(uow: UnitOfWork, call_id: str, scenario_id: int) -> StoredScenario | None:
    """One scenario of a call, None if the call has no such scenario."""
    if not 0 < scenario_id < 2**63:
        return None
    query = select(scenarios).where(scenarios.c.call_id == call_id, scenarios.c.id == scenario_id)
    row = uow.connection.execute(query).mappings().one_or_none()
    return None if row is None else StoredScenario(**row)


def list_awards(uow: UnitOfWork, scenario_id: int) -> list[StoredAward]:
    """The awards of a scenario by application id."""
    query = (
        select(awards.c.application_id, awards.c.funded, awards.c.granted, awards.c.code)
        .where(awards.c.scenario_id == scenario_id)
        .order_by(awards.c.application_id)
    )
    return [StoredAward(**row) for row in uow.connection.execute(query).mappings()]


def list_by_hand(uow: UnitOfWork, scenario_id: int) -> list[StoredByHand]:
    """The awards of a scenario that were set by hand, by application id."""
    table = awards_by_hand
    query = (
        select(table.c.application_id, table.c.granted, table.c.reason, table.c.set_by, table.c.set_at)
        .where(table.c.scenario_id == scenario_id)
        .order_by(table.c.application_id)
    )
    return [StoredByHand(**row) for row in uow.connection.execute(query).mappings()]
