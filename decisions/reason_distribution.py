"""Reasons that say how the appropriation was distributed, and why it did or did not reach the application."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from decisions.phrases import PHRASES
from decisions.reason_assessment import levels_of
from decisions.reason_conditions import conditions
from decisions.reason_material import Case, Score, Sentence, Share, apart
from decisions.spec import LATER
from decisions.tables import Row
from locales import Money
from scoring.ranking import LOT, lot

BY_RULE = (
    "funded_full",
    "funded_partial",
    "not_funded_budget",
    "not_funded_tie",
    "stopped_at_cut_off",
    "tie_unresolved",
    "not_funded_rule",
    "not_funded_effect",
)
"""Codes of awards that the rule of distribution decided: its sentences are given with them."""
BY_ITSELF = (
    "set_by_hand",
    "forced_in",
    "forced_out",
    "below_threshold",
    "below_criterion_threshold",
    "ceiling_below_smallest",
    "infeasible",
    "not_scored",
)
"""Codes that say themselves what decided."""
_TOTALS = ("lp", "milp")
_ALMOST = Fraction(9_999, 10_000)


def distribution(case: Case) -> Iterator[Sentence]:
    """Why the application got what it got by the distribution; nothing where something else decided."""
    basis = case.row["basis"]
    if basis in BY_RULE:
        yield from _rule(case)
        yield from _by_rule(case, basis)
    elif basis in BY_ITSELF and basis != "not_scored":
        yield from _by_itself(case, basis)


def costs(case: Case) -> Iterator[Sentence]:
    """Accepted costs that are not those applied for, and what they and the call's limits leave of the grant."""
    cut = [row for row in case.costs if row["accepted"] is not None and row["accepted"] != row["applied"]]
    applied, accepted = sum(row["applied"] or 0 for row in case.costs), case.row["accepted_costs"]
    if cut:
        yield case.say("costs", "costs", applied=Money(applied), accepted=Money(accepted))
    for row in cut:
        fact, name = f"costs:{row['category']}", case.fact(f"category.{row['category']}")
        yield case.say(
            fact,
            "costs_of_category",
            category=row["category"] if name is None else case.named(name["name"]),
            applied=Money(row["applied"] or 0),
            accepted=Money(row["accepted"]),
        )
        yield from case.because(f"{fact}:comment", row["comment"])
    yield from _ceiling(case)


def _ceiling(case: Case) -> Iterator[Sentence]:
    applied, ceiling, accepted = (case.row[name] for name in ("applied", "ceiling", "accepted_costs"))
    if applied is None or ceiling is None:
        return
    share, unit, largest = (
        case.fact("call.largest_share_bp"),
        case.fact("call.unit"),
        case.fact("scenario.largest_grant"),
    )
    by_share = accepted * share // 10_000
    if by_share < applied:
        yield case.say("ceiling", "ceiling", share=Share(share), accepted=Money(accepted), ceiling=Money(ceiling))
    if largest is not None and largest < min(applied, by_share):
        yield case.say("ceiling:largest", "largest", largest=Money(largest))
    if unit > 1 and min(applied, by_share, *([] if largest is None else [largest])) % unit:
        yield case.say("ceiling:unit", "unit", unit=Money(unit))


def _rule(case: Case) -> Iterator[Sentence]:
    rule = str(case.fact("scenario.rule"))
    yield case.say("appropriation", "appropriation", appropriation=Money(case.fact("scenario.appropriation") or 0))
    if case.fact("scenario.reserve"):
        yield case.say("reserve", "reserve", reserve=Money(case.fact("scenario.reserve")))
    if f"rule_{rule}" in PHRASES:
        yield case.say("rule", f"rule_{rule}")
    total = f"total_{case.fact('scenario.objective')}"
    if rule in _TOTALS and total in PHRASES:
        yield case.say("objective", total)
    if rule == "tiers":
        yield from _tier(case)


def _tier(case: Case) -> Iterator[Sentence]:
    steps = _tiers(case)
    score = case.score
    for least, share in steps:
        if score is not None and score >= least:
            yield case.say("tier", "tier", least=Score(least, apart(score, least)), share=Share(share * 10_000))
            yield from _cut(case, share)
            return


def _cut(case: Case, share: Fraction) -> Iterator[Sentence]:
    """That the tier was cut, and to what part of its grant; nothing where the grant is that of the tier."""
    applied, ceiling, granted = (case.row[name] for name in ("applied", "ceiling", "granted"))
    if case.row["basis"] != "funded_partial" or applied is None or ceiling is None or not granted:
        return
    unit = case.fact("scenario.unit") or case.fact("call.unit") or 1
    largest = case.fact("scenario.largest_grant")
    full = min(ceiling, int(share * applied), ceiling if largest is None else largest) // unit * unit
    if granted < full:
        # What is rounded must not seem to be the whole.
        part = min(Fraction(granted, full), _ALMOST)
        yield case.say("tier:cut", "tier_cut", full=Money(full), share=Share(part * 10_000))


def _tiers(case: Case) -> list[tuple[Fraction, Fraction]]:
    """Least score and share of each tier, the best first."""
    found = [(Fraction(one["from"]), Fraction(one["share"])) for one in case.material.listed("tier")]
    return sorted(found, reverse=True)


def _by_rule(case: Case, basis: str) -> Iterator[Sentence]:
    fact = f"basis:{basis}"
    if basis == "funded_full" or (basis == "funded_partial" and case.row["granted"] == case.row["ceiling"]):
        yield case.say(fact, "funded_full")
    elif basis == "funded_partial":
        yield case.say(fact, basis, ceiling=Money(case.row["ceiling"] or 0))
    else:
        yield case.say(fact, basis)
    if basis in ("not_funded_budget", "stopped_at_cut_off") and case.material.remaining is not None:
        yield case.say("remaining", "remaining", remaining=Money(case.material.remaining))
        if case.material.kept:
            yield case.say("scenario:rest", "remaining_kept")
    if basis == "not_funded_rule" or (basis == "funded_partial" and case.row["granted"] != case.row["ceiling"]):
        yield from _conditions(case)
    yield from _ties(case, basis)


def _by_itself(case: Case, basis: str) -> Iterator[Sentence]:
    fact = f"basis:{basis}"
    match basis:
        case "ceiling_below_smallest":
            smallest = case.fact("scenario.smallest_grant") or case.fact("call.smallest_grant") or 0
            if case.fact("scenario.rule") == "tiers":
                yield from _tier(case)
            yield case.say(fact, basis, smallest=Money(smallest))
        case "below_threshold":
            yield case.say(fact, basis)
            yield from _below_tiers(case)
        case _:
            yield case.say(fact, basis)
    for row in case.overrides:
        if row["kind"] not in LATER:
            yield from _hand(case, row)


def _below_tiers(case: Case) -> Iterator[Sentence]:
    threshold, steps, score = case.material.thresholds.get("score"), _tiers(case), case.score
    if score is None or not steps or (threshold is not None and score < threshold) or score >= steps[-1][0]:
        return
    least = steps[-1][0]
    places = apart(score, least)
    yield case.say("tier", "lowest_tier_not_met", score=Score(score, places), threshold=Score(least, places))


def _hand(case: Case, row: Row) -> Iterator[Sentence]:
    fact = f"override:{row['number']}"
    if row["kind"] == "by_hand" and row["before"] is not None and row["after"] is not None:
        yield case.say(fact, "hand_amounts", before=Money(row["before"]), after=Money(row["after"]))
    yield from case.because(f"{fact}:reason", row["reason"])


def _ties(case: Case, basis: str) -> Iterator[Sentence]:
    """How equals were separated: by which rule, and, of those with the same score, by which word of it."""
    rule: Sequence[str] = case.fact("scenario.tie_rule") or case.fact("call.tie_rule") or ()
    tie = case.material.tied_with(case.row["case_number"])
    if basis == "not_funded_tie":
        by = _deciding(case, tie.won, rule)
    elif basis in ("funded_full", "funded_partial") and tie.lost:
        yield case.say("tie", "funded_tie")
        by = _deciding(case, tie.lost, rule)
    else:
        return
    if rule:
        yield case.say("tie:order", "tie_order", order=", ".join(_tie_word(case, word) for word in rule))
    if by:
        yield case.say("tie:by", "tie_by", by=", ".join(_tie_word(case, word) for word in by))
    if LOT in (by or rule):
        seed = case.fact("scenario.seed")
        yield case.say("tie:lot", "tie_lot", seed=str(case.fact("call.lot_seed") if seed is None else seed))


def _deciding(case: Case, rivals: Sequence[Row], rule: Sequence[str]) -> list[str]:
    """The words of the tie rule at which the application and those of the other fate first differ."""
    own = _keys(case, case.row["case_number"], rule)
    found = set()
    for rival in rivals:
        if case.material.standings[rival["case_number"]].score != case.score:
            continue
        theirs = _keys(case, rival["case_number"], rule)
        found.add(next((word for word in rule if own[word] != theirs[word]), ""))
    return [word for word in rule if word in found]


def _keys(case: Case, case_number: str, rule: Sequence[str]) -> Mapping[str, Any]:
    levels = levels_of(case.material.standings[case_number])
    seed = case.fact("call.lot_seed")
    return {word: lot(case_number, seed) if word == LOT else levels.get(word) for word in rule}


def _tie_word(case: Case, word: str) -> str:
    if word == LOT:
        return case.material.phrases.text("lot", case.lang)
    stated = case.material.criteria.get(word)
    return word if stated is None else case.named(stated["name"])


def _conditions(case: Case) -> Iterator[Sentence]:
    """The rules of the scenario without room for the application, by the names that their author gave them."""
    names = conditions(case)
    if names:
        yield replace(case.say("conditions", "conditions", conditions="; ".join(names)), quoted=True)
