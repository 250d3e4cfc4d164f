"""What a decision rests on, read for a whole call at once."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from storage.applications import StoredEligibility
from storage.schema import application_versions, applications, audit_log, eligibility
from storage.unit import UnitOfWork


def all_versions(uow: UnitOfWork, call_id: str) -> dict[int, list[dict[str, Any]]]:
    """Every version of every application of a call by application id, the first one first."""
    query = (
        select(application_versions)
        .join(applications, applications.c.id == application_versions.c.application_id)
        .where(applications.c.call_id == call_id)
        .order_by(application_versions.c.application_id, application_versions.c.version)
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in uow.connection.execute(query).mappings():
        found.setdefault(row["application_id"], []).append(dict(row))
    return found


def all_eligibility(uow: UnitOfWork, call_id: str) -> dict[int, list[StoredEligibility]]:
    """Every confirmation of every application of a call by application id, the oldest first."""
    query = (
        select(eligibility)
        .join(applications, applications.c.id == eligibility.c.application_id)
        .where(applications.c.call_id == call_id)
        .order_by(eligibility.c.id)
    )
    found: dict[int, list[StoredEligibility]] = {}
    for row in uow.connection.execute(query).mappings():
        values = {str(name): value for name, value in row.items() if name != "id"}
        found.setdefault(row["application_id"], []).append(StoredEligibility(**values))
    return found


def last_change_of(uow: UnitOfWork, call_id: str) -> datetime | None:
    """The moment of the newest entry of the log of a call; None in an empty log."""
    newest = select(func.max(audit_log.c.id)).where(audit_log.c.call_id == call_id)
    return uow.connection.execute(select(audit_log.c.at).where(audit_log.c.id == newest.scalar_subquery())).scalar()


def secret_of_database(uow: UnitOfWork) -> str:
    """A random text that only this database holds, always the same: the unit of the first entry of its log.

    Units are random numbers of 122 bits that nobody is shown. Empty for an empty log.
    """
    query = select(audit_log.c.unit).order_by(audit_log.c.id).limit(1)
    return str(uow.connection.execute(query).scalar() or "")
