"""Why a further round grants nothing more: what stands between the remainder and those who were not funded in full."""

from collections.abc import Iterator
from fractions import Fraction

from access.permissions import Actor, can_see_decision, require
from decisions.facts import facts_of
from decisions.solving import scenario_of
from decisions.tables import Row, Tables
from locales import Message, Money, msg
from workflow.calls import load_call
from workflow.decision_records import frozen_of, latest_approved
from workflow.house import House
from workflow.later_checks import appropriation_of, can_get_more, least_of
from workflow.scenarios import refuse_partial_view


def why_nothing_further(house: House, actor: Actor, call_id: str) -> tuple[Message, ...]:
    """Why the remainder of the decision in force goes to nobody by the rule; nothing without such a decision."""
    require(actor, can_see_decision)
    with house.reading() as uow:
        load_call(uow, call_id)
        refuse_partial_view(uow, actor, call_id, saved=True)
        found = latest_approved(uow, call_id)
        tables = None if found is None else frozen_of(uow, found).tables
    return () if tables is None else tuple(causes(tables))


def causes(tables: Tables) -> Iterator[Message]:
    """The causes in the complete ``tables`` of a decision. For other use cases."""
    facts = facts_of(tables["facts"])
    remaining = appropriation_of(tables) - sum(row["granted"] or 0 for row in tables["applications"])
    if remaining <= 0:
        yield msg("The appropriation has been granted in full.")
        return
    ranked = _could_get_more(tables, scenario_of(facts).threshold)
    if not ranked:
        yield msg("Every application that reached the threshold has its largest possible grant, or was withdrawn.")
        return
    first = ranked[0]
    more, least = (first["ceiling"] or 0) - (first["granted"] or 0), least_of(facts)
    yield msg(
        "The remainder is {remaining}. Next in the ranking is {case}, which could be granted {more} more.",
        remaining=Money(remaining),
        case=first["case_number"],
        more=Money(more),
    )
    if more > remaining:
        yield msg("That does not fit into the remainder.")
    if remaining < least:
        yield msg("The smallest grant is {least}, so the remainder is not enough for any.", least=Money(least))
    elif more <= remaining:
        yield msg("It would fit, but the rule or the constraints of the decided scenario do not grant it.")


def _could_get_more(tables: Tables, threshold: Fraction | None) -> list[Row]:
    """Applications at or above the threshold that could be granted more, in the order of the ranking.

    Not those that were decided to get nothing, by hand or by a later decision.
    """
    last = {row["case_number"]: row["after"] for row in tables["overrides"]}
    rows = {row["case_number"]: row for row in tables["applications"]}
    ordered = sorted(
        (row for row in tables["ranking"] if row["score"] is not None and row["score"] >= (threshold or 0)),
        key=lambda row: (row["rank"] or 0, row["case_number"]),
    )
    found = [rows[row["case_number"]] for row in ordered if last.get(row["case_number"]) != 0]
    return [
        row
        for row in found
        if can_get_more(row, scored=True)
        and row["basis"] != "below_criterion_threshold"
        and (row["ceiling"] or 0) > (row["granted"] or 0)
    ]
