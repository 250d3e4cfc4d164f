"""The material of a decision: everything that it rests on, read from the database at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allocation import Scenario
from calls.definition import CallDefinition
from decisions.phrases import Phrases
from decisions.reasons import HandWritten
from locales import msg
from storage import accounts as stored_accounts
from storage import decision_material as stored
from storage import meetings, panel
from storage import scenarios as stored_scenarios
from storage.applications import StoredEligibility
from storage.meetings import StoredConsensus
from storage.panel import StoredConflict
from storage.reviews import StoredReview
from storage.unit import UnitOfWork
from workflow.applications import ApplicationView, load_views
from workflow.calls import load_call
from workflow.errors import Refused
from workflow.ranking import load_ranking
from workflow.ranking_lock import RankingLock, load_ranking_lock
from workflow.reasons import load_hand_written, load_phrases
from workflow.scenario_projects import project_of
from workflow.scenario_store import Opened, load_saved
from workflow.scenarios import Ground
from workflow.visibility import barred_pairs, counted_reviews


@dataclass(frozen=True, slots=True)
class Material:
    """What the database says of a call at one moment. Mappings by application id, unless said otherwise.

    ``opened``: the saved scenario that is decided, None for ``scenario`` (None: the call's own values) under ``name``;
    ``others``: the further saved ones. ``reviews``: those that count. ``hand_written``: reasons by case number. ``names``: account id -> name.
    ``changed_at``: the newest entry of the call's log. ``secret``: from which the numbers of a draft's reviewers come.
    """

    call: CallDefinition
    ground: Ground
    opened: Opened | None
    scenario: Scenario | None
    name: str
    others: tuple[Opened, ...]
    views: tuple[ApplicationView, ...]
    versions: Mapping[int, list[dict[str, Any]]]
    eligibility: Mapping[int, list[StoredEligibility]]
    reviews: tuple[StoredReview, ...]
    consensus: Mapping[int, StoredConsensus]
    conflicts: tuple[StoredConflict, ...]
    lock: RankingLock | None
    phrases: Phrases
    hand_written: Mapping[str, HandWritten]
    names: Mapping[int, str]
    changed_at: datetime | None
    secret: str

    @property
    def cases(self) -> dict[int, str]:
        """Case number of every application by its id."""
        return {view.id: view.case_number for view in self.views}

    def name_of(self, account_id: int | None) -> str:
        """The name of an account; empty for nobody and for the terminal."""
        return self.names.get(account_id or 0, "")


def read_material(
    uow: UnitOfWork, call_id: str, scenario_id: int | None, scenario: Scenario | None = None, name: str = ""
) -> Material:
    """All that a decision rests on. For other use cases: permission and blindness are theirs to ask.

    ``scenario_id``: a saved scenario; without it ``scenario`` is taken, or the call's own values, under ``name``.
    Refused when there is no such scenario.
    """
    call = load_call(uow, call_id)
    views = load_views(uow, call)
    ranked = tuple(load_ranking(uow, call, views))
    ground = Ground(call, ranked, tuple(project_of(call, one) for one in ranked))
    opened = {
        saved.id: Opened(saved, ground, tuple(stored_scenarios.list_awards(uow, saved.id)))
        for saved in load_saved(uow, call_id)
    }
    if scenario_id is not None and scenario_id not in opened:
        raise Refused(msg("The scenario is not here any more."))
    return Material(
        call=call,
        ground=ground,
        opened=None if scenario_id is None else opened.pop(scenario_id),
        scenario=scenario,
        name=name,
        others=tuple(opened.values()),
        views=tuple(views),
        versions=stored.all_versions(uow, call_id),
        eligibility=stored.all_eligibility(uow, call_id),
        reviews=tuple(counted_reviews(uow, call_id, barred_pairs(uow, call_id))),
        consensus=meetings.list_consensus(uow, call_id),
        conflicts=tuple(panel.all_conflicts(uow, call_id)),
        lock=load_ranking_lock(uow, call_id),
        phrases=load_phrases(uow, call_id),
        hand_written=load_hand_written(uow, call_id),
        names={account.id: account.name for account in stored_accounts.list_accounts(uow.connection)},
        changed_at=stored.last_change_of(uow, call_id),
        secret=stored.secret_of_database(uow),
    )
