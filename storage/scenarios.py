"""Saved allocation scenarios with the awards they gave."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.schema import awards, scenarios
from storage.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class StoredAward:
    """What one application gets in a saved scenario."""

    application_id: int
    funded: bool
    granted: int
    code: str


@dataclass(frozen=True, slots=True)
class StoredScenario:
    """A named set of parameters and the figures of its outcome."""

    id: int
    call_id: str
    name: str
    parameters: Mapping[str, Any]
    outcome: Mapping[str, Any]
    created_by: int | None
    created_at: datetime


def add_scenario(
    uow: UnitOfWork,
    call_id: str,
    name: str,
    parameters: Mapping[str, Any],
    outcome: Mapping[str, Any],
    given: Iterable[StoredAward],
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
        },
        action="scenario.add",
    )
    for award in given:
        values = {
            "scenario_id": row["id"],
            "application_id": award.application_id,
            "funded": award.funded,
            "granted": award.granted,
            "code": award.code,
        }
        uow.insert(awards, values, action="scenario.award")
    return StoredScenario(**row)


def remove_scenario(uow: UnitOfWork, scenario_id: int) -> None:
    """Delete a scenario and its awards (the audit log keeps both)."""
    for award in list_awards(uow, scenario_id):
        key = {"scenario_id": scenario_id, "application_id": award.application_id}
        uow.delete(awards, key, action="scenario.remove")
    uow.delete(scenarios, {"id": scenario_id}, action="scenario.remove")


def list_scenarios(uow: UnitOfWork, call_id: str) -> list[StoredScenario]:
    """Scenarios of a call, the oldest first."""
    query = select(scenarios).where(scenarios.c.call_id == call_id).order_by(scenarios.c.id)
    return [StoredScenario(**row) for row in uow.connection.execute(query).mappings()]


def list_awards(uow: UnitOfWork, scenario_id: int) -> list[StoredAward]:
    """The awards of a scenario by application id."""
    query = (
        select(awards.c.application_id, awards.c.funded, awards.c.granted, awards.c.code)
        .where(awards.c.scenario_id == scenario_id)
        .order_by(awards.c.application_id)
    )
    return [StoredAward(**row) for row in uow.connection.execute(query).mappings()]
