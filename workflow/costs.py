"""Costs: what of the stated costs is accepted, category by category, and what that leaves for the grant."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from access.permissions import Actor, can_examine_costs, can_see_all_applications, can_see_scenarios, require
from calls.definition import CallDefinition
from decisions.figures import Limits, largest_possible, own_part, own_share
from locales import LocalText, msg
from storage import accounts as stored_accounts
from storage import costs as stored
from storage.costs import ExaminedCosts as ExaminedCosts
from storage.unit import UnitOfWork
from workflow.applications import ApplicationView, load_views, no_such_application
from workflow.blank import is_blank
from workflow.calls import load_call
from workflow.cost_problems import LONGEST_COMMENT as LONGEST_COMMENT
from workflow.cost_problems import MOST_EUROS as MOST_EUROS
from workflow.cost_problems import categories_of, problems_of
from workflow.errors import Conflicting, Refused
from workflow.house import House
from workflow.phases import require_open
from workflow.scenario_store import load_opened, other_ranking
from workflow.scenarios import refuse_partial_view
from workflow.visibility import blocked_applications

CLOSED = ("withdrawn", "dismissed")
"""States of an application whose costs are not examined."""


@dataclass(frozen=True, slots=True)
class CostLine:
    """One cost category of an application, euros; ``applied`` None: nothing was stated.

    ``name`` of a category that the call does not have is the one that the application states. ``earlier`` and
    ``earlier_comment``: what was accepted on an earlier version, where the content changed after the examination.
    """

    category: str
    name: LocalText | str
    applied: int | None
    accepted: int
    comment: str
    earlier: int | None = None
    earlier_comment: str = ""

    @property
    def cut(self) -> int:
        """How much of what was stated is not accepted; below 0 where more is."""
        return (self.applied or 0) - self.accepted


@dataclass(frozen=True, slots=True)
class CostFigures:
    """What accepted costs leave for the grant, euros.

    ``ceiling``: the largest possible grant. ``own_part`` and ``own_share`` (basis points, rounded down) stand at the grant
    of the chosen scenario, None without one. ``over``: by how much grant (the largest possible one without a scenario),
    own funding and other public funding together go over the accepted costs.
    """

    accepted: int
    ceiling: int
    own_part: int | None
    own_share: int | None
    over: int


@dataclass(frozen=True, slots=True)
class CostView:
    """The costs and the funding of one application.

    ``granted``: in the chosen scenario; None without one, or when the scenario does not know the application.
    ``recorded``: the newest examination, to be handed back when it is changed. ``outdated``: it was on an earlier version.
    """

    case_number: str
    version: int
    applicant: str
    project: str
    state: str
    lines: tuple[CostLine, ...]
    applied: int
    own_funding: int
    other_funding: int | None
    granted: int | None
    limits: Limits
    recorded: ExaminedCosts | None
    examined: bool
    examined_by: str
    examined_at: datetime | None

    @property
    def outdated(self) -> bool:
        """The content changed after the costs were examined."""
        return self.recorded is not None and not self.examined

    @property
    def stated(self) -> int:
        """Sum of the stated costs, euros."""
        return sum(line.applied or 0 for line in self.lines)

    @property
    def cut(self) -> bool:
        """Something was accepted otherwise than stated."""
        return any(line.cut for line in self.lines)

    @property
    def closed(self) -> bool:
        """Withdrawn or dismissed: its costs are not examined."""
        return self.state in CLOSED

    @property
    def figures(self) -> CostFigures:
        """The figures with what is accepted now."""
        return self.figures_with(sum(line.accepted for line in self.lines))

    def figures_with(self, accepted: int) -> CostFigures:
        """The figures if ``accepted`` euros were accepted in all."""
        ceiling = largest_possible(self.applied, accepted, self.limits) or 0
        grant = ceiling if self.granted is None else self.granted
        funding = grant + self.own_funding + (self.other_funding or 0)
        return CostFigures(
            accepted,
            ceiling,
            own_part(accepted, self.granted),
            own_share(accepted, self.granted),
            max(0, funding - accepted),
        )


@dataclass(frozen=True, slots=True)
class CostList:
    """The costs of a call's applications by case number.

    ``scenario``: name of the saved scenario whose grants they stand beside, empty without one. ``other_ranking``: the
    ranking or the accepted costs are others than those the scenario was saved on.
    """

    views: tuple[CostView, ...]
    scenario: str = ""
    other_ranking: bool = False


def list_costs(house: House, actor: Actor, call_id: str, scenario_id: int | None = None) -> CostList:
    """The costs of a call's applications, without those the actor is disqualified from.

    Refused for ``scenario_id`` when there is no such scenario, or the actor may not see every score.
    """
    require(actor, can_see_all_applications)
    with house.reading() as uow:
        call = load_call(uow, call_id)
        name, changed, granted = "", False, dict[int, int]()
        if scenario_id is not None:
            require(actor, can_see_scenarios)
            refuse_partial_view(uow, actor, call_id, saved=True)
            opened = load_opened(uow, call_id, scenario_id)
            name, changed = opened.saved.name, other_ranking(opened)
            granted = {award.application_id: award.granted for award in opened.awards}
        names = {account.id: account.name for account in stored_accounts.list_accounts(uow.connection)}
        views = load_views(uow, call, blocked_applications(uow, call_id, actor))
        return CostList(
            tuple(_view(call, view, names, granted.get(view.id)) for view in views),
            scenario=name,
            other_ranking=changed,
        )


def examine_costs(
    house: House,
    actor: Actor,
    call_id: str,
    case_number: str,
    accepted: Mapping[str, int],
    comments: Mapping[str, str],
    *,
    version: int,
    expected: ExaminedCosts | None,
) -> None:
    """Record what is accepted in each cost category, whole euros, on the ``version`` that was looked at.

    ``comments`` are meant for the applicant: every amount that differs from the stated one needs one. ``expected``: the
    examination that was on the screen (``CostView.recorded``). Refused for an application that is withdrawn or dismissed,
    and with every problem of the amounts; Conflicting when there is a newer version or another examination.
    """
    require(actor, can_examine_costs)
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_examine_costs)
        call = load_call(uow, call_id)
        view = _find(uow, call, actor, case_number)
        if view.version != version:
            raise Conflicting(msg("Application {case} changed meanwhile. Look at the new version.", case=case_number))
        if view.recorded_costs != expected:
            raise Conflicting(
                msg(
                    "Somebody examined the costs of application {case} meanwhile. Look at them again.", case=case_number
                )
            )
        if view.state in CLOSED:
            raise Refused(
                msg("Application {case} is withdrawn or dismissed. Its costs are not examined.", case=case_number)
            )
        if problems := problems_of(call, view.application.costs, accepted, comments):
            raise Refused(*problems)
        written = {category: comment.strip() for category, comment in comments.items() if not is_blank(comment)}
        stored.set_costs(uow, view.id, version, accepted, written)


def _find(uow: UnitOfWork, call: CallDefinition, actor: Actor, case_number: str) -> ApplicationView:
    views = load_views(uow, call, blocked_applications(uow, call.id, actor))
    view = next((one for one in views if one.case_number == case_number), None)
    if view is None:
        raise no_such_application(case_number)
    return view


def limits_of(call: CallDefinition) -> Limits:
    """What no grant of a call may exceed."""
    return Limits(call.money.largest_share_bp.value, call.money.unit.value)


def _view(call: CallDefinition, view: ApplicationView, names: Mapping[int, str], granted: int | None) -> CostView:
    recorded, application = view.recorded_costs, view.application
    return CostView(
        case_number=view.case_number,
        version=view.version,
        applicant=application.coordinator.name,
        project=application.project_name,
        state=view.state,
        lines=tuple(_lines(call, view)),
        applied=application.applied,
        own_funding=application.own_funding,
        other_funding=application.other_public_funding,
        granted=granted,
        limits=limits_of(call),
        recorded=recorded,
        examined=view.examined is not None,
        examined_by="" if recorded is None else names.get(recorded.by or 0, ""),
        examined_at=None if recorded is None else recorded.at,
    )


def _lines(call: CallDefinition, view: ApplicationView) -> Iterator[CostLine]:
    in_force, earlier = view.examined, view.recorded_costs if view.costs_outdated else None
    for category, name in categories_of(call, view.application.costs).items():
        yield CostLine(
            category,
            name,
            view.application.costs.get(category),
            view.accepted_by_category.get(category, 0),
            in_force.comments.get(category, "") if in_force else "",
            earlier.accepted.get(category) if earlier else None,
            earlier.comments.get(category, "") if earlier else "",
        )
