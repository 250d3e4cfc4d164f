"""What does not agree between the tables of a decision and the distribution solved again from them."""

from collections.abc import Iterator

from allocation import ScenarioError, SolverError
from allocation.engine import OutOfTimeError
from decisions.checking import Difference, impossible, shown
from decisions.checking_status import against_baseline, against_scenarios, against_statuses
from decisions.facts import facts_of
from decisions.solving import Again, later, solve_again
from decisions.spec import SPECS
from decisions.tables import Tables, key_text
from decisions.values import CanonicalError
from locales import msg
from scoring.errors import ScoringError


def against_rule(tables: Tables) -> Iterator[Difference]:
    """Every euro against the distribution solved again from the scenario, the ranking and the overrides."""
    try:
        again = solve_again(tables)
    except ScenarioError as error:
        yield from (impossible(problem) for problem in error.problems[:20])
        return
    except CanonicalError as error:
        yield impossible(str(error))
        return
    except ScoringError as error:
        yield impossible(error.message)
        return
    except (SolverError, OutOfTimeError) as error:
        problem = msg("The scenario could not be solved again: {why}.", why=str(error))
        yield Difference("decision", problem)
        return
    facts = facts_of(tables["facts"])
    yield from _unproven(again)
    yield from _results(tables, again)
    yield from _awards(tables, again)
    yield from _compared(tables, again)
    yield from _by_hand(tables, again)
    yield from _later(tables, again)
    yield from against_statuses(tables, again)
    yield from against_scenarios(tables, facts, again)
    yield from against_baseline(tables, facts, again)


def _unproven(again: Again) -> Iterator[Difference]:
    if again.decided.status == "time_limit":
        yield Difference("decision", msg("The time limit of the scenario came before the distribution was proven."))
    elif again.decided.status == "infeasible":
        yield Difference("decision", msg("The rules of the scenario cannot all be met."))


def _results(tables: Tables, again: Again) -> Iterator[Difference]:
    """What the facts say of the distribution: of the rule alone, and what was spent with the awards set by hand."""
    rule, decided = again.by_rule, again.decided
    expected = {
        "result.status": rule.status,
        "result.objective": str(rule.objective),
        "result.spent": decided.spent,
        "result.remaining": decided.remaining,
    }
    for row in tables["facts"]:
        key = row["key"]
        if key in expected and row["value"] != expected[key]:
            problem = msg("Solved again, the scenario gives another result.")
            told, right = shown(row["value"], "record"), shown(expected[key], "record")
            yield Difference("value", problem, "facts", key, "value", told, right)
    for key in sorted(expected.keys() - {row["key"] for row in tables["facts"]}):
        problem = msg("The fact {key} is missing.", key=key)
        yield Difference("decision", problem, expected=shown(expected[key], "record"))


def _awards(tables: Tables, again: Again) -> Iterator[Difference]:
    for row in tables["applications"]:
        case = row["case_number"]
        if (row["granted"] or 0) != again.granted[case]:
            yield _other_award("applications", case, "granted", row["granted"], again.granted[case])


def _later(tables: Tables, again: Again) -> Iterator[Difference]:
    """What later decisions say that the amounts were before them."""
    stood = {row["case_number"]: 0 for row in tables["applications"]}
    stood |= {award.id: award.granted for award in again.decided.awards}
    for row in later(tables):
        case, number = row["case_number"], str(row["number"])
        if case in stood and row["before"] is not None and row["before"] != stood[case]:
            yield _other_award("overrides", number, "before", row["before"], stood[case])
        stood[case] = row["after"] or 0


def _compared(tables: Tables, again: Again) -> Iterator[Difference]:
    """The column of the decided scenario: what it gave before later decisions."""
    given = {award.id: award.granted for award in again.decided.awards}
    decided = {row["name"] for row in tables["scenarios"] if row["decided"]}
    for row in tables["comparison"]:
        case = row["case_number"]
        if row["scenario"] in decided and case in given and (row["granted"] or 0) != given[case]:
            yield _other_award("comparison", key_text(SPECS["comparison"], row), "granted", row["granted"], given[case])


def _by_hand(tables: Tables, again: Again) -> Iterator[Difference]:
    """What the rule alone gave, as the awards set by hand say it."""
    given = {award.id: award.granted for award in again.by_rule.awards}
    for row in tables["overrides"]:
        if row["kind"] == "by_hand" and row["before"] is not None and row["before"] != given.get(row["case_number"]):
            expected = given.get(row["case_number"], 0)
            yield _other_award("overrides", str(row["number"]), "before", row["before"], expected)


def _other_award(table: str, key: str, field: str, stated: int | None, expected: int) -> Difference:
    return Difference(
        "value",
        msg("Solved again, the scenario gives another amount."),
        table,
        key,
        field,
        shown(stated, "euros"),
        str(expected),
    )
