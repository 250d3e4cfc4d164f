"""Decisions after the first: a withdrawal, a correction, the result of a request for rectification, a further round.

Each takes the frozen tables of the decision before it, changes the awards of the applications it names, and says so in
the overrides. Reviews, ranking and scenario stay as they were decided on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from access.permissions import Actor, can_propose_decision, can_see_decision, require
from allocation import Allocation, ScenarioError
from allocation.kinds import KIND_LABELS
from decisions.facts import facts_of
from decisions.figures import complete
from decisions.reasons import HandWritten, reasons_for
from decisions.solving import later, projects_of, scenario_of
from decisions.tables import Row, Tables
from decisions.values import CanonicalError, cell_text
from locales import Message, Param, msg, render
from storage import decisions as stored
from storage.decisions import NewDecision, StoredDecision
from storage.unit import UnitOfWork
from workflow.blank import is_blank
from workflow.decision_facts import decision_facts
from workflow.decision_records import Decision, frozen_of, latest_approved, next_number, open_proposal
from workflow.decision_texts import of_texts
from workflow.decisions import (
    granted_in,
    may_act,
    of_proposer,
    proposal_facts,
    too_long,
    whole_second,
    with_facts,
    write_proposal,
)
from workflow.errors import Refused
from workflow.house import House
from workflow.later_checks import LONGEST_REASON as LONGEST_REASON
from workflow.later_checks import LaterChange as LaterChange
from workflow.later_checks import check_changes, least_of
from workflow.naming import reviewers_named
from workflow.reasons import load_phrases, load_reviewers
from workflow.scenarios import refuse_partial_view
from workflow.solved import solve

_BASIS = {"withdrawal": "withdrawn"}
"""Code of the basis after a change, where it is not the kind of the decision itself."""


def propose_change(
    house: House, actor: Actor, call_id: str, kind: str, changes: Sequence[LaterChange], grounds: str = ""
) -> Decision:
    """Propose a decision that follows the one in force: ``kind`` is one of ``decisions.spec.LATER``.

    Refused, with every reason at once, when no decision is in force, another proposal is open, nothing changes, or a
    change cannot be: an application that is not there or that the kind does not concern, no reasons, reasons that name
    a reviewer, a status that does not go with the kind or the award, an award above the legal ceiling, and more in all
    than the appropriation. Conflicting when the call changed meanwhile.
    """
    require(actor, can_propose_decision)
    with house.reading() as uow:
        may_act(uow, actor, call_id, can_propose_decision)
        begun = stored.last_entry(uow, call_id)
        before = _in_force(uow, call_id)
        frozen = frozen_of(uow, before)
        number = next_number(uow, call_id)
        waiting = open_proposal(uow, call_id)
        phrases = load_phrases(uow, call_id)
        reviewers = load_reviewers(uow, call_id)
    problems = [*of_proposer(actor), *too_long(grounds)]
    if waiting is not None:
        problems.append(msg("The proposal of decision {n} is waiting for the decision maker.", n=waiting.number))
    problems += check_changes(frozen.tables, kind, changes)
    problems += _named({*reviewers, *(one.name for one in frozen.tables.private.values())}, changes)
    if problems:
        raise Refused(*problems)
    at = whole_second(house.clock())
    changed = changed_tables(frozen.tables, kind, changes, number=number, by=actor.name, at=at)
    facts = decision_facts(proposal_facts(number, kind, before.hash, grounds, actor, at), None)
    # What the reasons call the earlier decision where no later one changed the application.
    facts["decision.first"] = facts_of(frozen.tables["facts"]).get("decision.first", before.number)
    stated = with_facts(frozen, facts, changed)
    by_hand = {
        change.case_number: HandWritten("", cell_text(change.text).strip(), actor.id, at, 0)
        for change in changes
        if not is_blank(change.text)
    }
    cases = [change.case_number for change in changes]
    snapshot = replace(stated, tables=reasons_for(stated.tables, phrases, by_hand, only=cases))
    # What the drafts quote beside the officer's own words, and the grounds.
    if named := list(of_texts(_only(snapshot.tables, cases), reviewers, grounds)):
        raise Refused(*named)
    new = NewDecision(
        call_id, number, kind, before.id, None, grounds.strip(), "", snapshot.hash, granted_in(changed), at
    )
    return write_proposal(new, snapshot, begun, house, actor)


def _only(tables: Tables, cases: Sequence[str]) -> Tables:
    told = tuple(row for row in tables["applications"] if row["case_number"] in cases)
    return Tables({**tables.rows, "applications": told}, tables.private)


def _named(reviewers: set[str], changes: Sequence[LaterChange]) -> Iterator[Message]:
    found: list[Param] = [
        *reviewers_named(reviewers, "\n".join(part for one in changes for part in (one.reason, one.text)))
    ]
    if found:
        yield msg(
            "The reasons name a reviewer: {names}. Reasons speak of the panel, never of one reviewer.", names=found
        )


def _in_force(uow: UnitOfWork, call_id: str) -> StoredDecision:
    found = latest_approved(uow, call_id)
    if found is None:
        raise Refused(msg("No decision of this call is in force, so there is nothing to change."))
    return found


def changed_tables(
    tables: Tables, kind: str, changes: Sequence[LaterChange], *, number: int, by: str, at: datetime
) -> Tables:
    """The tables after ``changes``, which were checked, with a row of overrides for each. For other use cases.

    ``previous`` is what the decision before granted, and stands only where this one changes something.
    """
    facts = facts_of(tables["facts"])
    wanted = {change.case_number: change for change in changes}
    first = max((row["number"] for row in tables["overrides"]), default=0) + 1
    rows = {row["case_number"]: row for row in tables["applications"]}
    added = [
        {
            "number": place,
            "case_number": change.case_number,
            "kind": kind,
            "before": rows[change.case_number]["granted"],
            "after": change.granted,
            "reason": change.reason.strip(),
            "price": None,
            "broken": _broken(change, facts),
            "by": by,
            "at": at,
            "decision": number,
        }
        for place, change in enumerate(sorted(changes, key=lambda one: one.case_number), start=first)
    ]
    applications = tuple(
        _changed(row, kind, wanted[row["case_number"]]) if row["case_number"] in wanted else {**row, "previous": None}
        for row in tables["applications"]
    )
    made = Tables(
        {**tables.rows, "applications": applications, "overrides": (*tables["overrides"], *added)}, tables.private
    )
    return complete(made)


def _broken(change: LaterChange, facts: Mapping[str, Any]) -> str:
    """The rule that the award goes against: new facts may demand less than the smallest grant."""
    return render(KIND_LABELS["smallest_grant"], "fi") if 0 < change.granted < least_of(facts) else ""


def _changed(row: Row, kind: str, change: LaterChange) -> Row:
    return {
        **row,
        "status": change.status,
        "basis": _BASIS.get(kind, kind),
        "granted": change.granted,
        "previous": row["granted"],
    }


def suggest_further_round(house: House, actor: Actor, call_id: str) -> tuple[LaterChange, ...]:
    """What the rule of the decided scenario makes of the remainder, the awards in force fixed. Nothing is written.

    Left out is what was withdrawn, set to nothing by hand or by a later decision, or never in the ranking. Refused when
    no decision is in force, the rules of the scenario cannot all be met, or the best distribution was not proven.
    """
    require(actor, can_see_decision)
    with house.reading() as uow:
        refuse_partial_view(uow, actor, call_id, saved=True)
        tables = frozen_of(uow, _in_force(uow, call_id)).tables
    return suggested(tables, _distributed(tables))


def suggested(tables: Tables, found: Allocation) -> tuple[LaterChange, ...]:
    """What ``found`` grants more than ``tables``. Refused as ``suggest_further_round``. For other use cases."""
    if found.status == "infeasible":
        raise Refused(msg("The rules of the scenario cannot all be met with the awards in force."), *found.conflict)
    if found.status == "ties_unresolved":
        raise Refused(
            msg("The tie rule does not decide how the remainder is distributed. Choose the applications by hand.")
        )
    if found.status != "optimal":
        raise Refused(
            msg("The best distribution of the remainder was not proven within the time limit. Nothing is suggested.")
        )
    rows = {row["case_number"]: row for row in tables["applications"]}
    return tuple(
        LaterChange(award.id, "approved", award.granted, _told(rows[award.id]["language"]))
        for award in sorted(found.awards, key=lambda one: one.id)
        if award.granted > (rows[award.id]["granted"] or 0)
    )


def _told(language: str) -> str:
    """The reasons that are suggested, in the applicant's language."""
    return render(msg("The remainder was distributed by the same rule as the appropriation in the decision."), language)


def _distributed(tables: Tables) -> Allocation:
    try:
        facts = facts_of(tables["facts"])
        projects, scenario = projects_of(tables), scenario_of(facts)
    except ScenarioError as error:
        raise Refused(*error.problems) from error
    except CanonicalError as error:
        raise Refused(msg("The scenario of the decision cannot be read: {why}", why=str(error))) from error
    fixed = _fixed(tables)
    ranked = {project.id for project in projects}
    bound = replace(
        scenario,
        smallest_grant=least_of(facts),
        fixed={case: granted for case, granted in sorted(fixed.items()) if case in ranked},
        force_in=scenario.force_in - fixed.keys(),
        force_out=scenario.force_out - fixed.keys(),
    )
    return solve(projects, bound).allocation


def _fixed(tables: Tables) -> Mapping[str, int]:
    """Euros by case number of what a further round does not touch: awards in force, and what was decided to get none."""
    last = {row["case_number"]: row["after"] or 0 for row in (*_by_hand(tables), *later(tables))}
    fixed: dict[str, int] = {}
    for row in tables["applications"]:
        case, granted = row["case_number"], row["granted"] or 0
        if granted > 0 or row["status"] != "rejected" or last.get(case) == 0:
            fixed[case] = granted
    return fixed


def _by_hand(tables: Tables) -> Iterator[Row]:
    yield from (row for row in tables["overrides"] if row["kind"] == "by_hand")
