"""Invariants of the ranking: every figure that is shown is worked out again here, from the raw rows alone.

Nothing here uses the scoring that it checks: composites are sums of weight times level over the sum of the weights, as
exact fractions, and a rank is one more than the number of higher scores.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from calls.definition import CallDefinition
from locales import Message, msg
from workflow.invariants_facts import Facts, Row, at_call
from workflow.invariants_types import Collection, Finding, differing, found
from workflow.ranking import Ranked

OF_FIGURES = Collection()


@dataclass
class Recount:
    """One eligible application counted from the raw rows."""

    composites: list[Fraction] = field(default_factory=list)
    levels: dict[str, list[int]] = field(default_factory=dict)
    assigned: int = 0
    consensus: Fraction | None = None

    @property
    def mean(self) -> Fraction | None:
        """Mean of the composites."""
        return sum(self.composites, Fraction()) / len(self.composites) if self.composites else None

    @property
    def median(self) -> Fraction | None:
        """The middle composite, or the mean of the two in the middle."""
        ordered, half = sorted(self.composites), len(self.composites) // 2
        if not ordered:
            return None
        return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def outcomes(facts: Facts) -> dict[int, Row]:
    """The confirmation of eligibility in force per application: the one with the highest id."""
    return {row["application_id"]: row for row in facts.rows("eligibility")}


def eligible_of(facts: Facts, call_id: str) -> dict[int, Row]:
    """The applications of a call that are confirmed eligible in their present version and not withdrawn."""
    decided = outcomes(facts)
    return {
        row["id"]: row
        for row in facts.applications.values()
        if row["call_id"] == call_id
        and row["withdrawn_at"] is None
        and row["id"] in decided
        and decided[row["id"]]["outcome"] == "eligible"
        and decided[row["id"]]["application_version"] >= row["version"]
    }


def awaited(facts: Facts) -> set[tuple[int, int]]:
    """(application, reviewer) of the assignments without conflicts of interest and abstentions."""
    kept = {(r["application_id"], r["reviewer_id"]) for r in facts.rows("assignments") if r["abstained_at"] is None}
    return kept - facts.conflicts


def weighted(levels: Mapping[str, int | None], call: CallDefinition) -> Fraction | None:
    """Sum of weight times level over the sum of the weights; None when a criterion of the call has no level."""
    points = [(c.weight.value, levels.get(c.id)) for c in call.criteria]
    if any(level is None for _, level in points):
        return None
    return Fraction(sum(weight * (level or 0) for weight, level in points), sum(weight for weight, _ in points))


def recount(facts: Facts, call_id: str) -> dict[str, Recount]:
    """Every eligible application of a call by case number, counted from the raw rows."""
    call, eligible = facts.calls[call_id], eligible_of(facts, call_id)
    counts = {application: Recount() for application in eligible}
    for review in facts.rows("reviews"):
        application = review["application_id"]
        if application not in counts or review["state"] != "submitted":
            continue
        if (application, review["reviewer_id"]) in facts.conflicts:
            continue
        levels = {score["criterion_id"]: score["level"] for score in facts.scores.get(review["id"], ())}
        for key, level in levels.items():
            if level is not None:
                counts[application].levels.setdefault(key, []).append(level)
        if (value := weighted(levels, call)) is not None:
            counts[application].composites.append(value)
    for application, _ in awaited(facts):
        if application in counts:
            counts[application].assigned += 1
    agreed = facts.grouped("consensus_scores", "consensus_id")
    for row in facts.rows("consensus"):
        if row["application_id"] in counts:
            levels = {score["criterion_id"]: score["level"] for score in agreed.get(row["id"], ())}
            counts[row["application_id"]].consensus = weighted(levels, call)
    return {eligible[application]["case_number"]: count for application, count in counts.items()}


def _differ(
    facts: Facts, shown: Callable[[Ranked], object], expected: Callable[[Recount, CallDefinition], object]
) -> Iterator[Finding]:
    """Where a figure of the ranking is not what the raw rows give."""
    for call_id, figures in facts.shown.items():
        call = facts.calls[call_id]
        counts = recount(facts, call_id)
        # That an application is missing or too many is an invariant of its own.
        there = {r.view.case_number: shown(r) for r in figures.ranking if r.view.case_number in counts}
        wanted = {case: expected(count, call) for case, count in counts.items() if case in there}
        for case, what in differing(there, wanted):
            yield Finding(_at(call_id, case), what)


def _at(call_id: str, case: str) -> Message:
    return msg("call {call}, application {case}", call=call_id, case=case)


@OF_FIGURES("figures_can_be_shown", msg("The figures of every call can be worked out."))
def _shown(facts: Facts) -> Iterator[Finding]:
    yield from (Finding(at_call(call_id), found(why)) for call_id, why in facts.failed.items())


@OF_FIGURES("ranking_lists_the_eligible", msg("The ranking lists every application that is confirmed eligible, once."))
def _listed(facts: Facts) -> Iterator[Finding]:
    for call_id, figures in facts.shown.items():
        listed: dict[str, int] = {}
        for ranked in figures.ranking:
            listed[ranked.view.case_number] = listed.get(ranked.view.case_number, 0) + 1
        wanted = {row["case_number"]: 1 for row in eligible_of(facts, call_id).values()}
        for case, what in differing(listed, wanted):
            yield Finding(_at(call_id, case), what)


@OF_FIGURES("ranking_counts_recompute", msg("The numbers of complete and awaited reviews are those of the raw rows."))
def _counts(facts: Facts) -> Iterator[Finding]:
    yield from _differ(facts, lambda r: (r.standing.reviews, r.assigned), lambda n, _: (len(n.composites), n.assigned))


@OF_FIGURES("means_recompute", msg("Every mean of composites is that of the raw reviews, as an exact fraction."))
def _means(facts: Facts) -> Iterator[Finding]:
    yield from _differ(facts, lambda r: r.standing.mean, lambda n, _: n.mean)


@OF_FIGURES("medians_recompute", msg("Every median of composites is that of the raw reviews."))
def _medians(facts: Facts) -> Iterator[Finding]:
    yield from _differ(facts, lambda r: r.standing.median, lambda n, _: n.median)


@OF_FIGURES("spreads_recompute", msg("Every spread of composites is that of the raw reviews."))
def _spreads(facts: Facts) -> Iterator[Finding]:
    yield from _differ(
        facts,
        lambda r: r.standing.spread,
        lambda n, _: max(n.composites) - min(n.composites) if len(n.composites) > 1 else None,
    )


@OF_FIGURES("criterion_means_recompute", msg("Every mean level of a criterion is that of the raw reviews."))
def _criterion_means(facts: Facts) -> Iterator[Finding]:
    yield from _differ(
        facts,
        lambda r: dict(r.standing.criterion_means),
        lambda n, call: {
            c.id: Fraction(sum(n.levels[c.id]), len(n.levels[c.id])) if c.id in n.levels else None
            for c in call.criteria
        },
    )


def _score(count: Recount, call: CallDefinition) -> Fraction | None:
    agreed = call.scoring.ranking_score.value == "consensus_else_mean" and count.consensus is not None
    return count.consensus if agreed else count.mean


@OF_FIGURES(
    "scores_recompute", msg("Every score is the consensus where the call says so and there is one, else the mean.")
)
def _scores(facts: Facts) -> Iterator[Finding]:
    yield from _differ(
        facts, lambda r: (r.standing.score, r.standing.consensus), lambda n, call: (_score(n, call), n.consensus)
    )


@OF_FIGURES("ranks_recompute", msg("Every rank is one more than the number of higher scores; equal scores share it."))
def _ranks(facts: Facts) -> Iterator[Finding]:
    for call_id, figures in facts.shown.items():
        call = facts.calls[call_id]
        scores = {case: _score(count, call) for case, count in recount(facts, call_id).items()}
        given = sorted(score for score in scores.values() if score is not None)
        ranks: dict[str, Any] = {
            case: None if score is None else 1 + len(given) - bisect_right(given, score)
            for case, score in scores.items()
        }
        there = {r.view.case_number: r.standing.rank for r in figures.ranking if r.view.case_number in ranks}
        for case, what in differing(there, {case: rank for case, rank in ranks.items() if case in there}):
            yield Finding(_at(call_id, case), what)


@OF_FIGURES("no_conflicted_review_in_a_mean", msg("No score of somebody who is disqualified is among those counted."))
def _conflicted(facts: Facts) -> Iterator[Finding]:
    ids = {(row["call_id"], row["case_number"]): row["id"] for row in facts.applications.values()}
    for call_id, figures in facts.shown.items():
        for score in figures.scores:
            application = ids.get((call_id, score.case_number))
            if application is not None and (application, score.reviewer_id) in facts.conflicts:
                yield Finding(facts.at_pair(application, score.reviewer_id), found(score.composite))


@OF_FIGURES("score_sheet_recomputes", msg("The score sheet lists every counted review with its composite, once."))
def _sheet(facts: Facts) -> Iterator[Finding]:
    for call_id, figures in facts.shown.items():
        call = facts.calls[call_id]
        wanted = {}
        for review in facts.rows("reviews"):
            application = facts.applications.get(review["application_id"])
            pair = (review["application_id"], review["reviewer_id"])
            if application is None or application["call_id"] != call_id or pair in facts.conflicts:
                continue
            if review["state"] == "submitted":
                levels = {score["criterion_id"]: score["level"] for score in facts.scores.get(review["id"], ())}
                wanted[f"{application['case_number']}, {facts.person(pair[1])} ({pair[1]})"] = weighted(levels, call)
        barred = {(facts.case(application), person) for application, person in facts.conflicts}
        there = {
            f"{score.case_number}, {score.reviewer} ({score.reviewer_id})": score.composite
            for score in figures.scores
            # Counted although disqualified: an invariant of its own.
            if (score.case_number, score.reviewer_id) not in barred
        }
        for place, what in differing(there, wanted):
            yield Finding(_at(call_id, place), what)
