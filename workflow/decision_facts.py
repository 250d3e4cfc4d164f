"""The facts of a decision: of its call, of what was solved, of the ranking and of the decision itself."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from calls.definition import CallDefinition, Item
from decisions.program import version
from decisions.solving import scenario_facts
from locales import LocalText
from scoring.figures import PanelFigures
from workflow.decision_solved import Solved
from workflow.hand_runs import objective_of
from workflow.ranking_lock import RankingLock

BAND = 90
"""Per cent of the draws between the lowest and the highest rank that are stated."""
_DRAFT: Mapping[str, Any] = {
    "stage": "draft",
    "number": 1,
    "kind": "first",
    "previous": "",
    "grounds": "",
    "made_at": None,
    "presenter": "",
    "proposed_at": None,
    "decision_maker": "",
    "decided_at": None,
    "proposal_hash": "",
}


def decision_facts(stage: Mapping[str, Any], changed_at: datetime | None) -> dict[str, Any]:
    """The facts ``decision.*``; what ``stage`` does not say is as in a draft made when the call last changed."""
    given = {**_DRAFT, "made_at": changed_at, **stage}
    return {
        "program.version": version(),
        **{f"decision.{key}": moment(value) if isinstance(value, datetime) else value for key, value in given.items()},
    }


def call_facts(call: CallDefinition, lock: RankingLock | None) -> dict[str, Any]:
    """What the decision has to know of its call."""
    money, scoring = call.money, call.scoring
    return {
        "call.id": call.id,
        "call.name": text(call.name),
        "call.authority": text(call.authority),
        "call.decree": text(call.decree),
        "call.register_year": call.applicants.register_year,
        "call.theme_word": call.theme_word,
        "call.appropriation": money.appropriation.value,
        "call.unit": money.unit.value,
        "call.largest_share_bp": money.largest_share_bp.value,
        "call.smallest_grant": money.smallest_grant.value,
        "call.largest_grant": None if money.largest_grant is None else money.largest_grant.value,
        "call.ranking_score": scoring.ranking_score.value,
        "call.tie_rule": list(scoring.tie_rule.value),
        "call.lot_seed": scoring.lot_seed.value,
        "call.closes": moment(call.window.closes.value),
        "call.lock": None if lock is None else {"hash": lock.hash, "by": lock.by, "at": moment(lock.at)},
        **{
            f"criterion.{one.id}": {
                "order": order,
                "name": text(one.name),
                "weight": one.weight.value,
                "levels": [{"value": level.value, "label": text(level.label)} for level in one.levels],
            }
            for order, one in enumerate(call.criteria)
        },
        **_items("theme", call.themes),
        **_items("category", call.cost_categories),
        **{
            f"condition.{one.id}": {
                "order": order,
                "name": text(one.name),
                "description": None if one.description is None else text(one.description),
            }
            for order, one in enumerate(call.conditions)
        },
    }


def run_facts(solved: Solved, figures: PanelFigures) -> dict[str, Any]:
    """What was solved, and what the scores bear.

    ``result.status``, ``objective``, ``bound`` and ``gap`` are of the rule alone; ``reached`` and ``rest_status`` of the
    distribution with the awards set by hand, null without any. ``gone``: applications with an award set by hand that
    are in the ranking no longer; ``ranking_changed``: since the scenario was saved.
    """
    rule, made, saved = solved.by_rule.allocation, solved.run.allocation, solved.saved
    hands = saved is not None and bool(saved.deviations)
    anew = hands and saved is not None and saved.saved.rest == "reoptimised"
    return {
        **scenario_facts(solved.by_rule.scenario),
        "scenario.name": solved.name,
        "scenario.rest": "kept" if saved is None else saved.saved.rest,
        "result.status": rule.status,
        "result.objective": str(rule.objective),
        "result.bound": None if rule.bound is None else str(rule.bound),
        "result.gap": None if rule.gap is None else str(rule.gap),
        "result.spent": made.spent,
        "result.remaining": made.remaining,
        "result.reached": str(objective_of(solved.by_rule, made)) if hands else None,
        "result.rest_status": made.status if anew else None,
        "result.ties": [list(group) for group in made.ties],
        "result.ranking_changed": saved is not None and saved.ranking_changed,
        "result.gone": [] if saved is None else list(saved.gone),
        "ranking.k": figures.k,
        "ranking.band": BAND,
        "ranking.draws": figures.draws,
        "ranking.seed": figures.seed,
        "ranking.outcome": figures.outcome,
    }


def moment(value: datetime) -> str:
    """A moment as the facts hold it: ISO 8601 in UTC, whole seconds."""
    return value.astimezone(UTC).replace(microsecond=0).isoformat()


def text(value: LocalText) -> dict[str, str]:
    """A text in its three languages as the facts hold it."""
    return {"fi": value.fi, "sv": value.sv, "en": value.en}


def _items(prefix: str, items: tuple[Item, ...]) -> dict[str, Any]:
    return {f"{prefix}.{one.id}": {"order": order, "name": text(one.name)} for order, one in enumerate(items)}
