"""Applications, their versions, imports and the officer's eligibility decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from storage.schema import application_versions, applications, eligibility, imports
from storage.unit import UnitOfWork

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoredApplication:
    """An application at its newest version; ``content`` is the record of calls.application_record."""

    id: int
    call_id: str
    case_number: str
    version: int
    withdrawn_at: datetime | None
    withdrawal_reason: str
    content: Content
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredEligibility:
    """One confirmation by an officer; the newest one counts."""

    application_id: int
    application_version: int
    outcome: str
    reason: str
    members_confirmed: bool
    deadline: datetime | None
    request_text: str
    decided_by: int | None
    decided_at: datetime


def add_application(
    uow: UnitOfWork,
    call_id: str,
    case_number: str,
    content: Content,
    arrived_at: datetime,
    import_id: int | None,
) -> int:
    """Store version 1 of a new application; returns its id."""
    row = uow.insert(
        applications,
        {"call_id": call_id, "case_number": case_number, "version": 1, "withdrawn_at": None, "withdrawal_reason": ""},
        action="application.add",
    )
    _add_version(uow, row["id"], 1, content, (), arrived_at, import_id)
    return int(row["id"])


def add_version(
    uow: UnitOfWork,
    application: StoredApplication,
    content: Content,
    changed: Sequence[str],
    arrived_at: datetime,
    import_id: int | None,
) -> int:
    """Store the next version, that arrived at ``arrived_at``; earlier ones stay. StaleWrite if another came first."""
    row = uow.update(
        applications,
        {"id": application.id},
        {},
        action="application.change",
        expected_version=application.version,
    )
    _add_version(uow, application.id, row["version"], content, changed, arrived_at, import_id)
    return int(row["version"])


def _add_version(
    uow: UnitOfWork,
    application_id: int,
    version: int,
    content: Content,
    changed: Sequence[str],
    arrived_at: datetime,
    import_id: int | None,
) -> None:
    uow.insert(
        application_versions,
        {
            "application_id": application_id,
            "version": version,
            "content": dict(content),
            "changed": list(changed),
            "arrived_at": arrived_at,
            "import_id": import_id,
            "created_at": uow.now(),
        },
        action="application.version",
    )


_NEWEST = select(applications, application_versions.c.content, application_versions.c.changed).join(
    application_versions,
    and_(
        application_versions.c.application_id == applications.c.id,
        application_versions.c.version == applications.c.version,
    ),
)


def _stored(row: Mapping[str, Any]) -> StoredApplication:
    return StoredApplication(**{**row, "changed": tuple(row["changed"])})


def list_applications(uow: UnitOfWork, call_id: str) -> list[StoredApplication]:
    """All applications of a call by case number."""
    query = _NEWEST.where(applications.c.call_id == call_id).order_by(applications.c.case_number)
    return [_stored(dict(row)) for row in uow.connection.execute(query).mappings()]


def find_application(uow: UnitOfWork, application_id: int) -> StoredApplication | None:
    """The application, or None."""
    row = uow.connection.execute(_NEWEST.where(applications.c.id == application_id)).mappings().one_or_none()
    return None if row is None else _stored(dict(row))


def list_versions(uow: UnitOfWork, application_id: int) -> list[dict[str, Any]]:
    """Every version of one application, the first one first."""
    query = (
        select(application_versions)
        .where(application_versions.c.application_id == application_id)
        .order_by(application_versions.c.version)
    )
    return [dict(row) for row in uow.connection.execute(query).mappings()]


def withdraw(uow: UnitOfWork, application: StoredApplication, reason: str) -> None:
    """Record that the applicant withdrew the application."""
    changes = {"withdrawn_at": uow.now(), "withdrawal_reason": reason}
    uow.update(applications, {"id": application.id}, changes, action="application.withdraw")


def add_import(uow: UnitOfWork, **values: Any) -> int:
    """Record one import (call_id, filename, sha256, new, changed, unchanged, faulty, imported_by)."""
    return int(uow.insert(imports, {**values, "imported_at": uow.now()}, action="application.import")["id"])


def list_imports(uow: UnitOfWork, call_id: str) -> list[dict[str, Any]]:
    """Imports of a call, the newest first."""
    query = select(imports).where(imports.c.call_id == call_id).order_by(imports.c.id.desc())
    return [dict(row) for row in uow.connection.execute(query).mappings()]


def add_eligibility(uow: UnitOfWork, **values: Any) -> StoredEligibility:
    """Record what an officer confirmed (columns of the table but id and decided_at)."""
    row = uow.insert(eligibility, {**values, "decided_at": uow.now()}, action="eligibility.confirm")
    return _confirmation(row)


def newest_eligibility(uow: UnitOfWork, call_id: str) -> dict[int, StoredEligibility]:
    """The confirmation in force per application id; an application without one is absent."""
    last = (
        select(func.max(eligibility.c.id))
        .join(applications, applications.c.id == eligibility.c.application_id)
        .where(applications.c.call_id == call_id)
        .group_by(eligibility.c.application_id)
    )
    rows = uow.connection.execute(select(eligibility).where(eligibility.c.id.in_(last))).mappings()
    return {row["application_id"]: _confirmation(row) for row in rows}


def list_eligibility(uow: UnitOfWork, application_id: int) -> list[StoredEligibility]:
    """Every confirmation of one application, the newest first."""
    query = select(eligibility).where(eligibility.c.application_id == application_id).order_by(eligibility.c.id.desc())
    return [_confirmation(row) for row in uow.connection.execute(query).mappings()]


def _confirmation(row: Mapping[Any, Any]) -> StoredEligibility:
    # Its number stays here: gaps would tell of confirmations that somebody must not know of.
    return StoredEligibility(**{str(name): value for name, value in row.items() if name != "id"})
