"""The lock of the ranking rule: what ranks and distributes is fixed, and hashed, before any score is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from access.permissions import Actor, can_lock_ranking_rule, can_see_call, require
from calls.definition import CallDefinition
from decisions.values import digest
from locales import Message, msg
from storage import accounts as stored_accounts
from storage import ranking_locks as stored
from storage import reviews as stored_reviews
from storage.ranking_locks import StoredLock
from storage.unit import UnitOfWork
from workflow.calls import load_call
from workflow.errors import Refused
from workflow.house import House
from workflow.phases import require_open


@dataclass(frozen=True, slots=True)
class RankingLock:
    """A locked ranking rule. ``hash``: SHA-256 of the canonical JSON of ``rules``. ``by`` is empty for the terminal."""

    hash: str
    by: str
    at: datetime
    rules: Mapping[str, Any]


def lock_ranking_rule(house: House, actor: Actor, call_id: str) -> RankingLock:
    """Lock the ranking rule of a call, for good: nothing unlocks it.

    Refused once a review exists, begun or submitted, and when the rule is locked already.
    """
    require(actor, can_lock_ranking_rule)
    with house.writing(actor, call_id) as uow:
        require_open(uow, call_id, can_lock_ranking_rule)
        call = load_call(uow, call_id)
        if stored.find_lock(uow, call_id) is not None:
            raise Refused(msg("The ranking rule of the call {call} is locked already.", call=call_id))
        late = _too_late(uow, call_id)
        if late is not None:
            raise Refused(late)
        rules = ranking_rules(call)
        return _lock(uow, stored.add_lock(uow, call_id, rules, digest(rules)))


def get_ranking_lock(house: House, actor: Actor, call_id: str) -> RankingLock | None:
    """The lock of a call's ranking rule, None if it is not locked."""
    require(actor, can_see_call)
    with house.reading() as uow:
        load_call(uow, call_id)
        return load_ranking_lock(uow, call_id)


def too_late_to_lock(house: House, actor: Actor, call_id: str) -> Message | None:
    """Why the ranking rule of a call can be locked no more, None while it can or where it is locked."""
    require(actor, can_lock_ranking_rule)
    with house.reading() as uow:
        load_call(uow, call_id)
        return None if stored.find_lock(uow, call_id) is not None else _too_late(uow, call_id)


def load_ranking_lock(uow: UnitOfWork, call_id: str) -> RankingLock | None:
    """The lock of a call's ranking rule, None if it is not locked. For other use cases."""
    found = stored.find_lock(uow, call_id)
    return None if found is None else _lock(uow, found)


def matches(call: CallDefinition, lock: RankingLock) -> bool:
    """Whether the call still says what was locked, and the lock what its hash says."""
    return lock.hash == digest(lock.rules) == digest(ranking_rules(call))


def ranking_rules(call: CallDefinition) -> dict[str, Any]:
    """Everything of a call that steers the ranking and the distribution, as JSON without floats.

    Words (names, descriptions, sources, notes) are no part of it: correcting one changes no rank. Fractions are texts.
    """
    money, scoring = call.money, call.scoring
    return {
        "call": call.id,
        "criteria": [
            {
                "id": criterion.id,
                "weight": criterion.weight.value,
                "levels": [level.value for level in criterion.levels],
            }
            for criterion in call.criteria
        ],
        "scoring": {
            "ranking_score": scoring.ranking_score.value,
            "reviews_per_application": scoring.reviews_per_application.value,
            "threshold": str(Fraction(scoring.threshold.value)),
            "tie_rule": list(scoring.tie_rule.value),
            "lot_seed": scoring.lot_seed.value,
        },
        "money": {
            "appropriation": money.appropriation.value,
            "largest_share_bp": money.largest_share_bp.value,
            "smallest_grant": money.smallest_grant.value,
            "largest_grant": money.largest_grant.value if money.largest_grant else None,
            "unit": money.unit.value,
        },
    }


def _too_late(uow: UnitOfWork, call_id: str) -> Message | None:
    if not stored_reviews.list_reviews(uow, call_id):
        return None
    return msg("Reviews of the call {call} have been begun. The ranking rule is locked before them.", call=call_id)


def _lock(uow: UnitOfWork, row: StoredLock) -> RankingLock:
    names = {account.id: account.name for account in stored_accounts.list_accounts(uow.connection)}
    return RankingLock(row.hash, names.get(row.locked_by or 0, ""), row.locked_at, row.rules)
