"""Intake: applications from a workbook. First a plan that changes nothing, then the plan carried out whole."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from access.permissions import Actor, can_import, require
from calls.application import Application
from calls.application_record import changed_fields, from_record, to_record
from calls.case_number import same_case
from calls.definition import CallDefinition
from calls.register import register
from locales import msg
from storage import applications as stored
from storage.applications import StoredApplication
from storage.unit import UnitOfWork
from workbooks.bad_rows import bad_rows_workbook
from workbooks.intake import Fault, Intake, read_applications
from workbooks.safe_open import FileRefused
from workbooks.template import application_template
from workflow.calls import load_call
from workflow.errors import Conflicting, Refused
from workflow.house import House
from workflow.phases import require_open
from workflow.visibility import blocked_applications

__all__ = ["FileRefused", "ImportPlan", "PlannedRow", "execute_import", "plan_import", "rows_to_mend", "template"]

Change = Literal["new", "unchanged", "answer", "differs"]
LONGEST_WINDOW = timedelta(days=183)
"""How long a call that does not say when it opened can have been open; only a warning rests on it."""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One good row and what taking it would do.

    ``answer``: a new version that answers a request for supplement. The application keeps the time at which it first
    arrived; ``answered_at`` is when the answer did (None: not stated, so the moment of the import), ``late`` after the
    deadline of the request. ``differs``: the case number is here with other content although nothing was asked for.
    """

    row: int
    application: Application
    change: Change
    changed: tuple[str, ...] = ()
    version: int = 0
    """The version that is here now, 0 for a new one: a plan made over an older one is refused."""
    answered_at: datetime | None = None
    late: bool = False
    outside: bool = False
    """A new application that arrived outside the call's window."""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do; nothing is stored yet."""

    call_id: str
    filename: str
    intake: Intake
    rows: tuple[PlannedRow, ...]

    def count(self, change: Change) -> int:
        """How many rows would do this."""
        return sum(row.change == change for row in self.rows)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Every fault of the file."""
        return self.intake.faults

    @property
    def faulty_rows(self) -> int:
        """How many rows have a fault."""
        return len({fault.row for fault in self.faults})

    @property
    def late_answers(self) -> tuple[str, ...]:
        """Case numbers whose supplement arrived after the deadline of its request."""
        return tuple(row.application.case_number for row in self.rows if row.late)

    @property
    def outside_window(self) -> int:
        """How many new applications arrived before the call opened or after it closed: many speak of another call."""
        return sum(row.outside for row in self.rows)

    @property
    def changes_nothing(self) -> bool:
        """True when every row is here already as it stands in the file."""
        return not self.faults and all(row.change == "unchanged" for row in self.rows)


def template(house: House, actor: Actor, call_id: str, lang: str) -> bytes:
    """The empty application workbook of the call."""
    require(actor, can_import)
    with house.reading() as uow:
        return application_template(load_call(uow, call_id), lang)


def plan_import(house: House, actor: Actor, call_id: str, data: bytes, filename: str) -> ImportPlan:
    """Read a workbook and say what importing it would do. Raises workbooks' FileRefused for a file that is none."""
    require(actor, can_import)
    with house.reading() as uow:
        call = load_call(uow, call_id)
        intake = read_applications(data, filename, call, register(call.applicants.register_year))
        return _plan(uow, call, filename, intake, actor)


def _plan(uow: UnitOfWork, call: CallDefinition, filename: str, intake: Intake, actor: Actor) -> ImportPlan:
    kept = stored.list_applications(uow, call.id)
    here = {same_case(application.case_number): application for application in kept}
    versions = {application.id: application.version for application in kept}
    asked = {
        application_id: decision.deadline
        for application_id, decision in stored.newest_eligibility(uow, call.id).items()
        if decision.outcome == "supplement_requested"
        # A request is answered once: importing the first file again must not undo the answer.
        and decision.application_version == versions[application_id]
    }
    came = {a.id: stored.list_versions(uow, a.id)[-1]["arrived_at"] for a in kept if a.version > 1}
    now = uow.now()
    planned = (_planned(row.row, row.application, here, asked, came, now) for row in intake.rows)
    rows = tuple(replace(row, outside=_outside(call, row)) for row in planned)
    blocked = blocked_applications(uow, call.id, actor)
    # Even that a row is as stored would tell what is stored.
    known = (row.application.case_number for row in rows if same_case(row.application.case_number) in here)
    if closed := [case for case in known if here[same_case(case)].id in blocked]:
        raise Refused(
            msg("You are disqualified from {cases}. Another officer has to import this file.", cases=", ".join(closed))
        )
    return ImportPlan(call.id, filename, intake, rows)


def _planned(
    row: int,
    application: Application,
    here: dict[str, StoredApplication],
    asked: dict[int, datetime | None],
    came: dict[int, datetime],
    now: datetime,
) -> PlannedRow:
    old = here.get(same_case(application.case_number))
    if old is None:
        return PlannedRow(row, application, "new")
    # Another spelling of the case number is no change: the one that came first stays.
    application = replace(application, case_number=old.case_number)
    before = from_record(dict(old.content))
    last = came.get(old.id, before.arrived_at)
    if old.id not in asked:
        if application.arrived_at == last:
            # The file of an answer once more: its arrival was never the application's.
            application = replace(application, arrived_at=before.arrived_at)
        changed = changed_fields(before, application)
        return PlannedRow(row, application, "differs" if changed else "unchanged", changed, old.version)
    # What decides about lateness is when the application came, not when its supplement did.
    answer = replace(application, arrived_at=before.arrived_at)
    changed = changed_fields(before, answer)
    if not changed:
        return PlannedRow(row, answer, "unchanged", version=old.version)
    answered_at = application.arrived_at if application.arrived_at > last else None
    deadline = asked[old.id]
    late = deadline is not None and (answered_at or now) > deadline
    return PlannedRow(row, answer, "answer", changed, old.version, answered_at, late)


def _outside(call: CallDefinition, row: PlannedRow) -> bool:
    arrived, closes = row.application.arrived_at, call.window.closes.value.astimezone(UTC)
    # Some calls do not say when they opened; then what came long before the closing is taken for another call's.
    opens = closes - LONGEST_WINDOW if call.window.opens is None else call.window.opens.value.astimezone(UTC)
    minute_after = closes.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return row.change == "new" and not opens <= arrived < minute_after


def execute_import(
    house: House, actor: Actor, plan: ImportPlan, *, take_good: bool = False, accept_changes: bool = False
) -> ImportPlan:
    """Carry out a plan in one transaction; returns the plan as it was carried out.

    With faults nothing is taken unless ``take_good``; rows that differ without a request are taken only with
    ``accept_changes``. Conflicting when the applications changed since the plan was made.
    """
    require(actor, can_import)
    if plan.faults and not take_good:
        raise Refused(msg("The file has faults, so nothing was taken. Mend them or take the good rows only."))
    with house.writing(actor, plan.call_id) as uow:
        require_open(uow, plan.call_id, can_import)
        again = _plan(uow, load_call(uow, plan.call_id), plan.filename, plan.intake, actor)
        if again.rows != plan.rows:
            raise Conflicting(msg("The applications changed after the file was checked. Check the file again."))
        wanted = {"new", "answer"} | ({"differs"} if accept_changes else set())
        taken = [row for row in plan.rows if row.change in wanted]
        if taken:
            _store(uow, plan, taken)
    return plan


def _store(uow: UnitOfWork, plan: ImportPlan, taken: list[PlannedRow]) -> None:
    here = {application.case_number: application for application in stored.list_applications(uow, plan.call_id)}
    import_id = stored.add_import(
        uow,
        call_id=plan.call_id,
        filename=plan.filename,
        sha256=plan.intake.sha256,
        new=sum(row.change == "new" for row in taken),
        changed=sum(row.change != "new" for row in taken),
        unchanged=plan.count("unchanged"),
        faulty=plan.faulty_rows,
        imported_by=uow.actor_id,
    )
    for row in taken:
        record = to_record(row.application)
        if row.change == "new":
            arrived = row.application.arrived_at
            stored.add_application(uow, plan.call_id, row.application.case_number, record, arrived, import_id)
        else:
            arrived = row.answered_at or uow.now()
            stored.add_version(uow, here[row.application.case_number], record, row.changed, arrived, import_id)


def rows_to_mend(house: House, actor: Actor, plan: ImportPlan, lang: str) -> bytes:
    """A workbook of the faulty rows, each with what is wrong, to mend and import again."""
    require(actor, can_import)
    with house.reading() as uow:
        return bad_rows_workbook(plan.intake, load_call(uow, plan.call_id), lang)
