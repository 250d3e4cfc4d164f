"""Decisions after the first: a withdrawal, a correction, the result of a request for rectification, a further round.

Each takes the frozen tables of the decision before it, changes the awards of the applications it names, and says so in
the overrides. Reviews, ranking and scenario stay as they were decided on.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from access.permissions import Actor, can_propose_decision, can_see_decision, require
from allocation import Allocation, ScenarioError
from decisions import spec
from decisions.facts import facts_of
from decisions.figures import complete
from decisions.reasons import reasons_for
from decisions.solving import later, projects_of, scenario_of
from decisions.tables import Row, Tables
from decisions.values import CanonicalError
from decisions.words import KIND, STATUS
from locales import Message, Money, Param, msg, render
from storage import decisions as stored
from storage.decisions import NewDecision, StoredDecision
from storage.unit import UnitOfWork
from workflow.blank import is_blank
from workflow.decision_facts import decision_facts
from workflow.decision_records import Decision, frozen_of, latest_approved, next_number, open_proposal, some_of
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
from workflow.reasons import load_phrases
from workflow.scenarios import refuse_partial_view
from workflow.solved import solve

LONGEST_REASON = 10_000
MOST_CHANGES = 1_000
"""Applications changed by one decision."""
_BASIS = {"withdrawal": "withdrawn"}
"""Code of the basis after a change, where it is not the kind of the decision itself."""


@dataclass(frozen=True, slots=True)
class LaterChange:
    """What a later decision makes of one application: its status, euros granted, and why.

    The reasons told to the applicant are drafted anew and hold ``reason``.
    """

    case_number: str
    status: str
    granted: int
    reason: str


def propose_change(
    house: House, actor: Actor, call_id: str, kind: str, changes: Sequence[LaterChange], grounds: str = ""
) -> Decision:
    """Propose a decision that follows the one in force: ``kind`` is one of ``decisions.spec.LATER``.

    Refused, with every reason at once, when no decision is in force, another proposal is open, nothing changes, or a
    change cannot be: an application that is not there, no reasons, a status that does not go with the kind or the
    award, an award above the legal ceiling, and more in all than the appropriation. Conflicting when the call changed
    meanwhile.
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
    problems = [*of_proposer(actor), *too_long(grounds)]
    if waiting is not None:
        problems.append(msg("The proposal of decision {n} is waiting for the decision maker.", n=waiting.number))
    problems += check_changes(frozen.tables, kind, changes)
    if problems:
        raise Refused(*problems)
    at = whole_second(house.clock())
    changed = changed_tables(frozen.tables, kind, changes, number=number, by=actor.name, at=at)
    facts = decision_facts(proposal_facts(number, kind, before.hash, grounds, actor, at), None)
    stated = with_facts(frozen, facts, changed)
    cases = [change.case_number for change in changes]
    snapshot = replace(stated, tables=reasons_for(stated.tables, phrases, {}, only=cases))
    new = NewDecision(
        call_id, number, kind, before.id, None, grounds.strip(), "", snapshot.hash, granted_in(changed), at
    )
    return write_proposal(new, snapshot, begun, house, actor)


def _in_force(uow: UnitOfWork, call_id: str) -> StoredDecision:
    found = latest_approved(uow, call_id)
    if found is None:
        raise Refused(msg("No decision of this call is in force, so there is nothing to change."))
    return found


def check_changes(tables: Tables, kind: str, changes: Sequence[LaterChange]) -> Iterator[Message]:
    """Every reason for which ``changes`` of the complete ``tables`` cannot be. For other use cases."""
    if kind not in spec.LATER:
        known: list[Param] = [KIND[one] for one in spec.LATER]
        yield msg("There is no kind of decision {kind}. The kinds are: {known}.", kind=kind, known=known)
        return
    if not 0 < len(changes) <= MOST_CHANGES:
        yield msg("A later decision changes at least one and at most {n} applications.", n=MOST_CHANGES)
        return
    rows = {row["case_number"]: row for row in tables["applications"]}
    times = Counter(change.case_number for change in changes)
    if twice := [case for case, number in times.items() if number > 1]:
        yield msg("Named more than once: {cases}.", cases=some_of(twice))
    if gone := [change.case_number for change in changes if change.case_number not in rows]:
        yield msg("The decision has no such applications: {cases}.", cases=some_of(gone))
    unit = facts_of(tables["facts"])["call.unit"]
    for change in changes:
        if change.case_number in rows:
            yield from _faults(change, rows[change.case_number], kind, unit)
    yield from _together(tables, changes)


def _faults(change: LaterChange, row: Row, kind: str, unit: int) -> Iterator[Message]:
    case, granted = change.case_number, change.granted
    if is_blank(change.reason):
        yield msg("{case}: give the reasons.", case=case)
    if len(change.reason) > LONGEST_REASON:
        yield msg("{case}: the reasons are too long; at most {n} characters are accepted.", case=case, n=LONGEST_REASON)
    if change.status not in spec.DECIDED:
        known: list[Param] = [STATUS[one] for one in spec.DECIDED]
        yield msg(
            "{case}: there is no status {status}; {known} are accepted.", case=case, status=change.status, known=known
        )
        return
    if (change.status, granted) == (row["status"], row["granted"] or 0):
        yield msg("{case}: nothing would change.", case=case)
    if kind == "withdrawal" and (change.status, granted) != ("withdrawn", 0):
        yield msg("{case}: a withdrawn application is granted nothing.", case=case)
    if kind != "withdrawal" and change.status == "withdrawn":
        yield msg("{case}: a withdrawal is a decision of its own.", case=case)
    if kind == "further_round" and (change.status != "approved" or granted <= (row["granted"] or 0)):
        yield msg("{case}: a further round grants more than before, and takes nothing away.", case=case)
    if (granted > 0) != (change.status == "approved"):
        yield msg("{case}: an approved application is granted more than 0 €, any other one nothing.", case=case)
    yield from _amount(change, row, unit)


def _amount(change: LaterChange, row: Row, unit: int) -> Iterator[Message]:
    ceiling = row["ceiling"] or 0
    if change.granted > ceiling:
        yield msg(
            "{case}: {granted} is above the largest possible grant, {ceiling}.",
            case=change.case_number,
            granted=Money(change.granted),
            ceiling=Money(ceiling),
        )
    if change.granted < 0 or change.granted % unit:
        yield msg(
            "{case}: {granted} is not accepted; the call grants in full units of {unit}.",
            case=change.case_number,
            granted=Money(change.granted),
            unit=Money(unit),
        )


def _together(tables: Tables, changes: Sequence[LaterChange]) -> Iterator[Message]:
    after = {row["case_number"]: row["granted"] or 0 for row in tables["applications"]}
    before = sum(after.values())
    after |= {change.case_number: change.granted for change in changes if change.case_number in after}
    total, most = sum(after.values()), appropriation_of(tables)
    if total > most and total > before:
        yield msg(
            "The awards would be {total} in all; the appropriation is {appropriation}.",
            total=Money(total),
            appropriation=Money(most),
        )


def appropriation_of(tables: Tables) -> int:
    """The euros that the decision distributed. For other use cases."""
    facts = facts_of(tables["facts"])
    return int(facts.get("scenario.appropriation", facts["call.appropriation"]))


def changed_tables(
    tables: Tables, kind: str, changes: Sequence[LaterChange], *, number: int, by: str, at: datetime
) -> Tables:
    """The tables after ``changes``, which were checked, with a row of overrides for each. For other use cases."""
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
            "broken": "",
            "by": by,
            "at": at,
            "decision": number,
        }
        for place, change in enumerate(sorted(changes, key=lambda one: one.case_number), start=first)
    ]
    applications = tuple(
        _changed(row, kind, wanted[row["case_number"]]) if row["case_number"] in wanted else row
        for row in tables["applications"]
    )
    made = Tables(
        {**tables.rows, "applications": applications, "overrides": (*tables["overrides"], *added)}, tables.private
    )
    return complete(made)


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
    no decision is in force, or the rules of the scenario cannot all be met.
    """
    require(actor, can_see_decision)
    with house.reading() as uow:
        refuse_partial_view(uow, actor, call_id, saved=True)
        tables = frozen_of(uow, _in_force(uow, call_id)).tables
    found = _distributed(tables)
    if found.status == "infeasible":
        raise Refused(msg("The rules of the scenario cannot all be met with the awards in force."), *found.conflict)
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
        projects, scenario = projects_of(tables), scenario_of(facts_of(tables["facts"]))
    except ScenarioError as error:
        raise Refused(*error.problems) from error
    except CanonicalError as error:
        raise Refused(msg("The scenario of the decision cannot be read: {why}", why=str(error))) from error
    fixed = _fixed(tables)
    ranked = {project.id for project in projects}
    bound = replace(
        scenario,
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
