"""Applications as officers, chair and decision maker see them: content, findings, what was confirmed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from access.permissions import Actor, can_see_all_applications, require
from calls.application import Application
from calls.application_record import from_record
from calls.definition import CallDefinition
from calls.eligibility import Finding, Proposal, propose
from calls.register import RegisterEntry, register
from locales import msg
from storage import accounts as stored_accounts
from storage import applications as stored
from storage import costs as stored_costs
from storage import panel
from storage.applications import StoredApplication, StoredEligibility
from storage.costs import ExaminedCosts
from storage.unit import UnitOfWork
from workflow.calls import load_call
from workflow.errors import Refused
from workflow.examination import examine_all
from workflow.house import House
from workflow.visibility import blocked_applications


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """One application with what the rules find and what an officer confirmed.

    ``decision`` is the confirmation in force; ``outdated`` when it was given on an earlier version.
    ``home``: the coordinating municipality's register entry, None for a joint authority or an unknown code.
    ``recorded_costs``: what was accepted of the costs when somebody last examined them, on whichever version.
    """

    id: int
    case_number: str
    version: int
    application: Application
    changed: tuple[str, ...]
    findings: tuple[Finding, ...]
    proposal: Proposal
    decision: StoredEligibility | None
    home: RegisterEntry | None
    withdrawn_at: datetime | None = None
    withdrawal_reason: str = ""
    recorded_costs: ExaminedCosts | None = None

    @property
    def outdated(self) -> bool:
        """The content changed after the confirmation."""
        return self.decision is not None and self.decision.application_version < self.version

    @property
    def state(self) -> str:
        """``withdrawn``, ``unconfirmed``, ``changed`` or the outcome in force."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.decision is None:
            return "unconfirmed"
        return "changed" if self.outdated else self.decision.outcome

    @property
    def eligible(self) -> bool:
        """Confirmed eligible in the present version."""
        return self.state == "eligible"

    @property
    def examined(self) -> ExaminedCosts | None:
        """The examination of the costs in force: of the present version. None: not examined, so accepted as stated."""
        return self.recorded_costs if self.recorded_costs and self.recorded_costs.version == self.version else None

    @property
    def costs_outdated(self) -> bool:
        """The content changed after the costs were examined."""
        return self.recorded_costs is not None and self.examined is None

    @property
    def accepted_by_category(self) -> Mapping[str, int]:
        """Euros accepted by category: what was examined, else what is stated."""
        return {**self.application.costs, **(self.examined.accepted if self.examined else {})}

    @property
    def accepted_costs(self) -> int:
        """Accepted costs in all, euros: what the largest share is counted from."""
        return sum(self.accepted_by_category.values())


@dataclass(frozen=True, slots=True)
class ApplicationVersion:
    """One version of an application's content, when it arrived, and the fields that changed in it.

    ``late``: it answers a request for supplement after the deadline.
    """

    version: int
    application: Application
    changed: tuple[str, ...]
    arrived_at: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class ApplicationDetails:
    """Everything an officer sees of one application."""

    view: ApplicationView
    versions: tuple[ApplicationVersion, ...]
    decisions: tuple[StoredEligibility, ...]
    deciders: dict[int, str]
    reviewers: tuple[tuple[int, str], ...]
    conflicts: tuple[tuple[str, str], ...] = ()
    """Name and ground of everybody who is disqualified."""


def load_views(uow: UnitOfWork, call: CallDefinition, hidden: Collection[int] = frozenset()) -> list[ApplicationView]:
    """The applications of a call by case number, as if ``hidden`` ones were not there: the rules compare them too.

    For other use cases: permission is theirs to ask.
    """
    found = [row for row in stored.list_applications(uow, call.id) if row.id not in hidden]
    examined = examine_all(call, [(row.content, row.withdrawn_at is None) for row in found])
    decisions = stored.newest_eligibility(uow, call.id)
    costs = stored_costs.list_costs(uow, call.id)
    return [
        _view(call, row, application, findings, decisions.get(row.id), costs.get(row.id))
        for row, (application, findings) in zip(found, examined, strict=True)
    ]


def _view(
    call: CallDefinition,
    row: StoredApplication,
    application: Application,
    findings: tuple[Finding, ...],
    decision: StoredEligibility | None,
    costs: ExaminedCosts | None,
) -> ApplicationView:
    code = application.coordinator.code or _first_member(application)
    return ApplicationView(
        id=row.id,
        case_number=row.case_number,
        version=row.version,
        application=application,
        changed=row.changed,
        findings=findings,
        proposal=propose(findings),
        decision=decision,
        home=register(call.applicants.register_year).by_code.get(code) if code else None,
        withdrawn_at=row.withdrawn_at,
        withdrawal_reason=row.withdrawal_reason,
        recorded_costs=costs,
    )


def _first_member(application: Application) -> str | None:
    """A joint authority sits in the region of the first member that it states."""
    own = next((p for p in application.partners if p.name == application.coordinator.name), None)
    return next((m.code for m in own.municipalities if m.code), None) if own else None


def list_applications(house: House, actor: Actor, call_id: str) -> list[ApplicationView]:
    """The applications of a call, without those the actor is disqualified from."""
    require(actor, can_see_all_applications)
    with house.reading() as uow:
        blocked = blocked_applications(uow, call_id, actor)
        return load_views(uow, load_call(uow, call_id), blocked)


def get_application(house: House, actor: Actor, call_id: str, case_number: str) -> ApplicationDetails:
    """One application with its versions and confirmations; Refused when there is none for this actor."""
    require(actor, can_see_all_applications)
    with house.reading() as uow:
        blocked = blocked_applications(uow, call_id, actor)
        views = load_views(uow, load_call(uow, call_id), blocked)
        view = next((v for v in views if v.case_number == case_number), None)
        if view is None:
            raise no_such_application(case_number)
        names = {account.id: account.name for account in stored_accounts.list_accounts(uow.connection)}
        assigned = panel.list_assignments(uow, call_id)
        decisions = tuple(stored.list_eligibility(uow, view.id))
        return ApplicationDetails(
            view=view,
            versions=tuple(_version(row, decisions) for row in stored.list_versions(uow, view.id)),
            decisions=decisions,
            deciders={d.decided_by: names[d.decided_by] for d in decisions if d.decided_by in names},
            reviewers=tuple(sorted((r, names[r]) for a, r in assigned if a == view.id)),
            conflicts=tuple(
                (names[c.account_id], c.kind) for c in panel.list_conflicts(uow, call_id) if c.application_id == view.id
            ),
        )


def _version(row: Mapping[str, Any], decisions: Sequence[StoredEligibility]) -> ApplicationVersion:
    # A version answers what was last confirmed on the one before it, if that was a request; the newest stand first.
    last = next((d for d in decisions if d.application_version == row["version"] - 1), None)
    late = last is not None and last.deadline is not None and row["arrived_at"] > last.deadline
    return ApplicationVersion(
        row["version"], from_record(row["content"]), tuple(row["changed"]), row["arrived_at"], late
    )


def no_such_application(case_number: str) -> Refused:
    """The refusal that says the same whether there is none or it may not be seen."""
    return Refused(msg("There is no application {case} in this call that you can see.", case=case_number))
