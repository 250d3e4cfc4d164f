"""What does not agree between the tables of a decision and each other: statuses and bases, and who is in the ranking."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from allocation import RULES, Allocation, Scenario, ScenarioError, SolverError, distribute
from allocation.engine import OutOfTimeError
from decisions.checking import Difference, shown
from decisions.solving import Again, later
from decisions.spec import DECIDED, OUTSIDE, SPECS, UNDECIDED
from decisions.tables import Row, Tables, key_text
from locales import Message, msg

BASELINE = "Vertailukohta"
"""The scenario of the comparison that stands for rank order alone; with a number behind it when the name is taken."""
ELIGIBLE = "eligible"
_NOBODY = Fraction(10**9)
"""A threshold that no score reaches."""
_BASIS = {"withdrawal": "withdrawn"}
"""Code of the basis after a later decision, where it is not its kind."""


def against_statuses(tables: Tables, again: Again) -> Iterator[Difference]:
    """Status, basis and eligibility of each application against the award solved again and the later decisions."""
    awards = {award.id: award for award in again.decided.awards}
    outcomes = {row["case_number"]: row["outcome"] for row in tables["eligibility"]}
    kinds = {row["case_number"]: row["kind"] for row in later(tables)}
    for row in tables["applications"]:
        case, award = row["case_number"], awards.get(row["case_number"])
        outcome = outcomes.get(case)
        if (outcome == ELIGIBLE) != (award is not None):
            problem = msg("Eligible applications are in the ranking, and no others.")
            table, field = ("applications", "case_number") if outcome is None else ("eligibility", "outcome")
            yield Difference("value", problem, table, case, field, outcome or case)
        if case in kinds:
            kind = kinds[case]
            yield from _value(row, "basis", _BASIS.get(kind, kind))
            yield from _of_amount(row)
        elif award is not None:
            status = "in_progress" if award.code in UNDECIDED else "approved" if award.funded else "rejected"
            yield from _value(row, "status", status)
            yield from _value(row, "basis", award.code)
        elif outcome is not None and outcome != ELIGIBLE:
            yield from _value(row, "status", OUTSIDE.get(outcome, ""))
            yield from _value(row, "basis", outcome)
        else:
            yield from _of_amount(row)
        if (row["granted"] is not None) != (row["status"] in DECIDED):
            problem = msg("An amount is stated exactly where something is decided.")
            yield Difference("value", problem, "applications", case, "granted", shown(row["granted"], "euros"))


def _value(row: Row, field: str, expected: str) -> Iterator[Difference]:
    if row[field] != expected:
        problem = msg("The value does not follow from the award, the eligibility and the later decisions.")
        yield Difference("value", problem, "applications", row["case_number"], field, row[field], expected)


def _of_amount(row: Row) -> Iterator[Difference]:
    """Approved is what was granted something."""
    if (row["status"] == "approved") != bool(row["granted"]):
        problem = msg("Approved is an application that is granted something, and no other.")
        yield Difference("value", problem, "applications", row["case_number"], "status", row["status"])


def against_scenarios(tables: Tables, facts: Mapping[str, Any], again: Again) -> Iterator[Difference]:
    """The decided scenario in its table against what was solved again: exactly one is decided."""
    decided = [row for row in tables["scenarios"] if row["decided"]]
    if len(decided) != 1:
        yield Difference("decision", msg("Exactly one scenario is the decided one; {n} are.", n=len(decided)))
        return
    expected: dict[str, Any] = {
        "name": facts.get("scenario.name"),
        "rule": again.scenario.rule,
        "appropriation": again.scenario.appropriation,
        "status": again.decided.status,
        "remaining": again.decided.remaining,
    }
    for field, right in expected.items():
        if decided[0][field] != right:
            yield _of_scenario(decided[0], field, right)


def against_baseline(tables: Tables, facts: Mapping[str, Any], again: Again) -> Iterator[Difference]:
    """The baseline solved again: rank order with the call's own values; the other scenarios are not in the tables."""
    found = _baseline_row(tables)
    if found is None:
        yield Difference("decision", msg("The baseline of the comparison is missing."))
        return
    try:
        solved = distribute(again.projects, _baseline(tables, facts, again, found["name"]))
    except (ScenarioError, SolverError, OutOfTimeError, KeyError, TypeError, ValueError):
        yield Difference("decision", msg("The baseline of the comparison could not be solved again."))
        return
    expected: dict[str, Any] = {
        "rule": "rank_skip",
        "appropriation": facts.get("call.appropriation"),
        "remaining": solved.remaining,
    }
    for field, right in expected.items():
        if found[field] != right:
            yield _of_scenario(found, field, right)
    yield from _awards(tables, found["name"], solved)


def _baseline(tables: Tables, facts: Mapping[str, Any], again: Again, name: str) -> Scenario:
    """Rank order with the call's own values, as the product makes it.

    The facts do not say the threshold of the call: it is taken to be the lowest score that was funded, below which a
    threshold changes nothing.
    """
    smallest = "smallest_grant" in RULES["rank_skip"].enforces
    scores = {project.id: project.score for project in again.projects}
    funded = [
        score
        for row in tables["comparison"]
        if row["scenario"] == name and row["granted"] and (score := scores.get(row["case_number"])) is not None
    ]
    return Scenario(
        appropriation=facts["call.appropriation"],
        rule="rank_skip",
        unit=facts["call.unit"],
        threshold=min(funded, default=_NOBODY),
        max_share_bp=facts["call.largest_share_bp"],
        smallest_grant=facts["call.smallest_grant"] if smallest else 0,
        largest_grant=facts["call.largest_grant"],
        seed=facts["call.lot_seed"],
        tie_rule=tuple(facts["call.tie_rule"]),
    )


def _baseline_row(tables: Tables) -> Row | None:
    rows = [row for row in tables["scenarios"] if not row["decided"] and row["rule"] == "rank_skip"]
    named = [row for row in rows if row["name"] == BASELINE]
    return next(iter(named), None) or next((row for row in rows if row["name"].startswith(f"{BASELINE} (")), None)


def _awards(tables: Tables, name: str, solved: Allocation) -> Iterator[Difference]:
    given = {award.id: award.granted for award in solved.awards}
    for row in tables["comparison"]:
        if row["scenario"] == name and row["granted"] != given.get(row["case_number"]):
            right = given.get(row["case_number"])
            key = key_text(SPECS["comparison"], row)
            told = shown(row["granted"], "euros")
            yield Difference("value", _OTHER, "comparison", key, "granted", told, shown(right, "euros"))


def _of_scenario(row: Row, field: str, right: Any) -> Difference:
    kind = SPECS["scenarios"].field(field).kind
    return Difference("value", _OTHER, "scenarios", row["name"], field, shown(row[field], kind), shown(right, kind))


_OTHER: Message = msg("Solved again, the scenario gives another result.")

__all__ = ["BASELINE", "against_baseline", "against_scenarios", "against_statuses"]
