"""What the tables of a decision say by themselves: ranks, composites, sums and ceilings, worked out in one place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from decisions.facts import facts_of, in_order
from decisions.spec import CONSENSUS
from decisions.tables import Row, Tables
from decisions.values import CanonicalError
from scoring.composite import composite
from scoring.ranking import rank
from scoring.types import RankingScore, Review, Standing

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """What no grant may exceed, set by hand or by a rule: basis points of the accepted costs, in full units (euros)."""

    largest_share_bp: int
    unit: int


def complete(tables: Tables) -> Tables:
    """``tables`` with every derived value worked out anew from the stated ones.

    Raises CanonicalError for facts that are missing or not of their kind, and ScoringError as ``scoring.ranking.rank``
    (a consensus that lacks a criterion, a weight below 1).
    """
    facts = facts_of(tables["facts"])
    limits = limits_of(facts)
    weights = weights_of(facts)
    standings = {one.application: one for one in standings_of(tables, facts)}
    costs = accepted_costs(tables["costs"])
    whole = _whole_reviews(tables["scores"], weights)
    return Tables(
        {
            **tables.rows,
            "applications": tuple(
                {**row, **_money(row, costs.get(row["case_number"], 0), limits)} for row in tables["applications"]
            ),
            "ranking": tuple({**row, **_place(standings[row["case_number"]])} for row in tables["ranking"]),
            "scores": tuple({**row, "counted": _counts(row, standings, whole)} for row in tables["scores"]),
        },
        tables.private,
    )


def standings_of(tables: Tables, facts: Mapping[str, Any]) -> tuple[Standing, ...]:
    """The standings of the applications in the ranking, by rank. Raises as ``complete``."""
    levels = _levels(tables["scores"])
    return rank(
        [Review(case, reviewer, given) for (case, reviewer), given in levels.items() if reviewer != CONSENSUS],
        weights_of(facts),
        [row["case_number"] for row in tables["ranking"]],
        consensus={case: _given(given) for (case, reviewer), given in levels.items() if reviewer == CONSENSUS},
        ranking_score=_ranking_score(facts),
    )


def accepted_costs(costs: Iterable[Row]) -> dict[str, int]:
    """Accepted costs in euros by case number: of each category what was accepted, else what was applied for."""
    sums: dict[str, int] = {}
    for row in costs:
        accepted = row["applied"] if row["accepted"] is None else row["accepted"]
        sums[row["case_number"]] = sums.get(row["case_number"], 0) + (accepted or 0)
    return sums


def largest_possible(applied: int | None, accepted: int, limits: Limits) -> int | None:
    """The most that may be granted at all in euros, in full units; None when nothing was applied for in figures."""
    if applied is None:
        return None
    return min(applied, accepted * limits.largest_share_bp // 10_000) // limits.unit * limits.unit


def own_part(accepted: int, granted: int | None) -> int | None:
    """What remains of the accepted costs for the applicant and other funders; None without a grant."""
    return accepted - granted if granted else None


def own_share(accepted: int, granted: int | None) -> int | None:
    """``own_part`` in basis points of the accepted costs, rounded down; None without a grant or costs."""
    part = own_part(accepted, granted)
    return None if part is None or accepted <= 0 else part * 10_000 // accepted


def limits_of(facts: Mapping[str, Any]) -> Limits:
    """The limits of the call. Raises CanonicalError for facts that are missing or not of their kind."""
    return Limits(_whole(facts, "call.largest_share_bp", 0), _whole(facts, "call.unit", 1))


def weights_of(facts: Mapping[str, Any]) -> dict[str, int]:
    """Points by criterion, in the order of the call. Raises CanonicalError for facts that are not of their kind."""
    try:
        return {key: _whole(value, "weight", 1) for key, value in in_order(facts, "criterion").items()}
    except (CanonicalError, KeyError, TypeError, AttributeError) as error:
        raise CanonicalError(f"criterion: {error}") from error


def stated(facts: Mapping[str, Any], key: str, kind: type[T]) -> T:
    """The fact ``key``. Raises CanonicalError when it is missing or of another type."""
    value = facts.get(key)
    if type(value) is not kind:
        raise CanonicalError(f"{key}: {value!r} is no {kind.__name__}")
    return value


def _whole(facts: Mapping[str, Any], key: str, least: int) -> int:
    value = stated(facts, key, int)
    if value < least:
        raise CanonicalError(f"{key}: {value} is below {least}")
    return value


def _ranking_score(facts: Mapping[str, Any]) -> RankingScore:
    match stated(facts, "call.ranking_score", str):
        case "mean":
            return "mean"
        case "consensus_else_mean":
            return "consensus_else_mean"
        case other:
            raise CanonicalError(f"call.ranking_score: {other!r}")


def _levels(scores: Iterable[Row]) -> dict[tuple[str, str], dict[str, int | None]]:
    found: dict[tuple[str, str], dict[str, int | None]] = {}
    for row in scores:
        found.setdefault((row["case_number"], row["reviewer"]), {})[row["criterion"]] = row["level"]
    return found


def _given(levels: Mapping[str, int | None]) -> dict[str, int]:
    return {criterion: level for criterion, level in levels.items() if level is not None}


def _whole_reviews(scores: Iterable[Row], weights: Mapping[str, int]) -> set[tuple[str, str]]:
    """Reviews with a level for every criterion; the consensus is one of them."""
    return {key for key, levels in _levels(scores).items() if composite(levels, weights) is not None}


def _counts(row: Row, standings: Mapping[str, Standing], whole: set[tuple[str, str]]) -> bool:
    """A review counts in the mean when it is whole, the consensus when it ranks; nobody outside the ranking."""
    standing = standings.get(row["case_number"])
    if standing is None or (row["case_number"], row["reviewer"]) not in whole:
        return False
    return row["reviewer"] != CONSENSUS or standing.score_source == "consensus"


def _place(standing: Standing) -> Row:
    return {
        "rank": standing.rank,
        "tied": bool(standing.tied_with),
        "score": standing.score,
        "source": "" if standing.score is None else standing.score_source,
        "mean": standing.mean,
        "median": standing.median,
        "spread": standing.spread,
        "reviews": standing.reviews,
    }


def _money(row: Row, accepted: int, limits: Limits) -> Row:
    return {
        "accepted_costs": accepted,
        "ceiling": largest_possible(row["applied"], accepted, limits),
        "own_part": own_part(accepted, row["granted"]),
        "own_share": own_share(accepted, row["granted"]),
    }
