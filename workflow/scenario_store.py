"""Saved scenarios between the database and the use cases."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from access.permissions import Actor
from allocation import RuleName, Scenario, ScenarioError
from allocation.scenario_record import from_record
from calls.definition import CallDefinition
from locales import Message, msg
from storage import accounts as stored_accounts
from storage import applications as stored_applications
from storage import scenarios as stored
from storage.scenarios import StoredAward, StoredScenario
from storage.unit import UnitOfWork
from workflow.calls import load_call
from workflow.errors import Conflicting, Refused
from workflow.hand_runs import Rest
from workflow.scenarios import RULES, Ground, Run, default_scenario, load_ground, refuse_partial_view


@dataclass(frozen=True, slots=True)
class ByHand:
    """An award set by hand, in euros, with why, by whom and when. ``by`` is empty for the terminal."""

    case_number: str
    granted: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved scenario; moments are aware. ``scenario`` is without the awards set by hand, which stand beside it.

    ``outcome``: status, and euros spent and remaining with the awards set by hand, as of when it was saved.
    ``version`` counts the changes: what somebody changes is compared with it. ``problems``: why the record cannot be
    read; ``scenario`` then holds the call's own values, and nothing can be done with it but to remove it.
    """

    id: int
    name: str
    scenario: Scenario
    outcome: Mapping[str, Any]
    created_by: str
    created_at: datetime
    changed_by: str | None
    changed_at: datetime | None
    locked_by: str | None
    locked_at: datetime | None
    copied_from: str | None
    by_hand: tuple[ByHand, ...]
    rest: Rest
    version: int
    problems: tuple[Message, ...] = ()

    @property
    def locked(self) -> bool:
        """Whether it can neither be changed nor removed."""
        return self.locked_at is not None

    @property
    def hands(self) -> dict[str, int]:
        """Euros by case number of the awards set by hand."""
        return {one.case_number: one.granted for one in self.by_hand}

    @property
    def reasons(self) -> dict[str, str]:
        """Why they were set, by case number."""
        return {one.case_number: one.reason for one in self.by_hand}


@dataclass(frozen=True, slots=True)
class Opened:
    """A saved scenario and what it is run on, read together; ``awards``: those stored with it, by application id."""

    saved: Saved
    ground: Ground
    awards: tuple[StoredAward, ...]

    @property
    def ranked_hands(self) -> dict[str, int]:
        """The awards set by hand of applications that are in the ranking."""
        there = {project.id for project in self.ground.projects}
        return {case: granted for case, granted in self.saved.hands.items() if case in there}

    @property
    def outside_hands(self) -> dict[str, int]:
        """The others: they do not count, and are kept in case the application comes back to the ranking."""
        ranked = self.ranked_hands
        return {case: granted for case, granted in self.saved.hands.items() if case not in ranked}


def load_saved(uow: UnitOfWork, call_id: str) -> list[Saved]:
    """The saved scenarios of a call, the oldest first. For other use cases."""
    found = stored.list_scenarios(uow, call_id)
    if not found:
        return []
    call = load_call(uow, call_id)
    names = {account.id: account.name for account in stored_accounts.list_accounts(uow.connection)}
    cases = {row.id: row.case_number for row in stored_applications.list_applications(uow, call_id)}
    return [_saved(uow, call, row, names, cases) for row in found]


def find_saved(uow: UnitOfWork, call_id: str, scenario_id: int) -> Saved:
    """One saved scenario of a call; Refused when there is none. For other use cases."""
    found = next((one for one in load_saved(uow, call_id) if one.id == scenario_id), None)
    if found is None:
        raise Refused(msg("The scenario is not here any more."))
    return found


def open_saved(uow: UnitOfWork, actor: Actor, call_id: str, scenario_id: int) -> Opened:
    """A saved scenario with today's ranking, for ``actor``. For other use cases. Refused for one that cannot be read."""
    refuse_partial_view(uow, actor, call_id, saved=True)
    opened = load_opened(uow, call_id, scenario_id)
    refuse_unreadable(opened.saved)
    return opened


def load_opened(uow: UnitOfWork, call_id: str, scenario_id: int) -> Opened:
    """A saved scenario with today's ranking, whether it can be read or not. For other use cases."""
    saved = find_saved(uow, call_id, scenario_id)
    return Opened(saved, load_ground(uow, call_id), tuple(stored.list_awards(uow, scenario_id)))


def refuse_unreadable(saved: Saved) -> None:
    """Refused for a scenario whose record cannot be read."""
    if saved.problems:
        raise Refused(msg("The saved scenario {name} cannot be read.", name=saved.name), *saved.problems)


def refuse_locked(saved: Saved) -> None:
    """Refused for a locked scenario."""
    if saved.locked:
        raise Refused(msg("The scenario {name} is locked. Copy it to go on from it.", name=saved.name))


def refuse_other_ground(now: Ground, solved: Ground) -> None:
    """Conflicting when the ranking is no longer the one that was solved; solving is done before a transaction."""
    if now.projects != solved.projects:
        raise Conflicting(msg("The ranking changed while the scenario was run. Run it again."))


def changed_meanwhile() -> Conflicting:
    """Somebody else saved the scenario first."""
    return Conflicting(msg("Somebody changed the scenario meanwhile. Look at it again."))


def outcome_of(run: Run) -> dict[str, Any]:
    """The figures that are stored with a scenario, and which ranking it was run on."""
    return {
        "status": run.allocation.status,
        "spent": run.allocation.spent,
        "remaining": run.allocation.remaining,
        "ranking": ranking_digest(run),
    }


def awards_of(run: Run) -> list[StoredAward]:
    """The awards as they are stored."""
    ids = {one.view.case_number: one.view.id for one in run.ranked}
    return [StoredAward(ids[a.id], a.funded, a.granted, a.code) for a in run.allocation.awards]


def ranking_changed(opened: Opened, run: Run) -> bool:
    """Whether the scenario would be another today: the ranking it rests on changed, or what it gives."""
    return other_ranking(opened) or {(a.application_id, a.granted) for a in opened.awards} != {
        (a.application_id, a.granted) for a in awards_of(run)
    }


def other_ranking(opened: Opened) -> bool:
    """Whether the ranking is known to be another than the one the scenario was saved on."""
    digest = opened.saved.outcome.get("ranking")
    return digest is not None and digest != ranking_digest(opened.ground)


def ranking_digest(run: Run | Ground) -> str:
    """SHA-256 of everything about the projects that a distribution rests on."""
    plain = [
        [
            one.id,
            str(one.score),
            [one.applied, one.eligible_costs, one.min_grant, one.max_grant],
            [one.theme, one.region, one.applicant],
            {key: str(value) for key, value in one.columns.items()},
            {key: list(values) for key, values in one.labels.items()},
            [str(key) for key in one.tie_keys],
        ]
        for one in sorted(run.projects, key=lambda one: one.id)
    ]
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def _saved(
    uow: UnitOfWork, call: CallDefinition, row: StoredScenario, names: Mapping[int, str], cases: Mapping[int, str]
) -> Saved:
    scenario, problems = _read(call, row.parameters)
    return Saved(
        id=row.id,
        name=row.name,
        scenario=scenario,
        outcome=row.outcome,
        created_by=names.get(row.created_by or 0, ""),
        created_at=row.created_at,
        changed_by=None if row.changed_at is None else names.get(row.changed_by or 0, ""),
        changed_at=row.changed_at,
        locked_by=None if row.locked_at is None else names.get(row.locked_by or 0, ""),
        locked_at=row.locked_at,
        copied_from=row.copied_from or None,
        by_hand=tuple(
            ByHand(cases[one.application_id], one.granted, one.reason, names.get(one.set_by or 0, ""), one.set_at)
            for one in stored.list_by_hand(uow, row.id)
        ),
        rest=cast(Rest, row.rest),
        version=row.version,
        problems=problems,
    )


def _read(call: CallDefinition, parameters: object) -> tuple[Scenario, tuple[Message, ...]]:
    """The scenario of a record, or the call's own values and why it cannot be read: one bad row is no other's harm."""
    rule = parameters.get("rule") if isinstance(parameters, Mapping) else None
    if not isinstance(parameters, Mapping) or rule not in RULES:
        accepted = ", ".join(RULES)
        fault = msg("{key}: {value} is not accepted; {accepted} are.", key="rule", value=str(rule), accepted=accepted)
        return default_scenario(call), (fault,)
    own = default_scenario(call, cast(RuleName, rule))
    try:
        return from_record(parameters, own), ()
    except ScenarioError as error:
        return own, error.problems
