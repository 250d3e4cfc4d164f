"""Accepted costs: what an officer accepted of each cost category, and on which version of the application."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.schema import accepted_costs, applications
from storage.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class ExaminedCosts:
    """The costs of one application as they were examined: whole euros and comments by category.

    ``version``: of the application that was examined. ``by``: id of the account, None for the terminal.
    """

    version: int
    accepted: Mapping[str, int]
    comments: Mapping[str, str]
    by: int | None
    at: datetime


def list_costs(uow: UnitOfWork, call_id: str) -> dict[int, ExaminedCosts]:
    """What was examined, by application id; an application that nobody examined is absent. One query."""
    query = (
        select(accepted_costs)
        .join(applications, applications.c.id == accepted_costs.c.application_id)
        .where(applications.c.call_id == call_id)
        .order_by(accepted_costs.c.application_id, accepted_costs.c.category)
    )
    return _examined(uow, query)


def find_costs(uow: UnitOfWork, application_id: int) -> ExaminedCosts | None:
    """What was examined of one application, None if nobody examined it."""
    table = accepted_costs
    query = select(table).where(table.c.application_id == application_id).order_by(table.c.category)
    return _examined(uow, query).get(application_id)


def set_costs(
    uow: UnitOfWork, application_id: int, version: int, accepted: Mapping[str, int], comments: Mapping[str, str]
) -> None:
    """Record what is accepted of every category of the application's ``version``, in place of an earlier record."""
    stored = find_costs(uow, application_id)
    known = set() if stored is None else set(stored.accepted)
    now = uow.now()
    for category in sorted(known | set(accepted)):
        key = {"application_id": application_id, "category": category}
        if category not in accepted:
            uow.delete(accepted_costs, key, action="costs.accept")
            continue
        values = {
            "application_version": version,
            "accepted": accepted[category],
            "comment": comments.get(category, ""),
            "set_by": uow.actor_id,
            "set_at": now,
        }
        if category in known:
            uow.update(accepted_costs, key, values, action="costs.accept")
        else:
            uow.insert(accepted_costs, {**key, **values}, action="costs.accept")


def _examined(uow: UnitOfWork, query: Any) -> dict[int, ExaminedCosts]:
    rows: dict[int, list[Mapping[Any, Any]]] = {}
    for row in uow.connection.execute(query).mappings():
        rows.setdefault(row["application_id"], []).append(row)
    return {
        application_id: ExaminedCosts(
            # All rows of an application are written together.
            min(row["application_version"] for row in own),
            {row["category"]: row["accepted"] for row in own},
            {row["category"]: row["comment"] for row in own if row["comment"]},
            own[0]["set_by"],
            max(row["set_at"] for row in own),
        )
        for application_id, own in rows.items()
    }
