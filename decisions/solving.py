"""The distribution of a decision, solved again from nothing but its tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from allocation import Allocation, Project, Scenario, ScenarioError, distribute
from allocation.by_hand import check_awards, replace_awards
from allocation.scenario_record import from_record, to_record
from decisions.facts import facts_of, under
from decisions.figures import accepted_costs, standings_of, stated
from decisions.spec import LATER
from decisions.tables import Row, Tables
from decisions.values import CanonicalError
from locales import LocalText, Message, msg
from scoring.ranking import tie_keys
from scoring.types import Standing

MOST_SECONDS = 600
"""The longest time limit of a scenario that is solved again, whatever its record says."""
MOST_WORK = 5_000_000
"""Constraints, groups and links times projects: more than this is no scenario that people made."""
_LISTS = ("constraint", "exclusive", "dependent", "tier")
_FLOATS = ("time_limit", "gap")
_NUMBER = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Again:
    """A scenario solved again: ``by_rule`` by the rule alone, ``decided`` with the awards set by hand.

    ``granted``: euros by case number of every application, after the changes of later decisions.
    """

    projects: tuple[Project, ...]
    scenario: Scenario
    by_rule: Allocation
    decided: Allocation
    granted: Mapping[str, int]


def projects_of(tables: Tables) -> tuple[Project, ...]:
    """The ranked applications as the allocation sees them, by case number.

    Raises CanonicalError for facts that are not of their kind, a ranked application that is none of the applications or
    did not state what it applies for, and ScoringError as ``figures.complete``.
    """
    facts = facts_of(tables["facts"])
    rule, seed = stated(facts, "call.tie_rule", list), stated(facts, "call.lot_seed", int)
    standings = {one.application: one for one in standings_of(tables, facts)}
    applications = {row["case_number"]: row for row in tables["applications"]}
    costs = accepted_costs(tables["costs"])
    return tuple(
        _project(_row_of(applications, ranked["case_number"]), ranked, standing, costs, tie_keys(standing, rule, seed))
        for ranked in tables["ranking"]
        for standing in (standings[ranked["case_number"]],)
    )


def scenario_facts(scenario: Scenario) -> dict[str, Any]:
    """The facts ``scenario.*`` of a scenario: its record with a fact for each item of a list and each award or force.

    ``fixed`` is written as it stands. Awards set by hand in a saved scenario stand in the table ``overrides`` instead,
    so give the scenario as the rule alone solves it, with every project that it forces.
    """
    facts: dict[str, Any] = {}
    for key, value in to_record(scenario).items():
        if key in _LISTS:
            facts |= {f"scenario.{key}.{number:04}": item for number, item in enumerate(value, start=1)}
        elif key == "force":
            facts |= {
                f"scenario.force.{side}.{_escaped(case)}": scenario.reasons.get(case, "")
                for side, cases in value.items()
                for case in cases
            }
        elif key == "fixed":
            facts |= {f"scenario.fixed.{_escaped(case)}": given for case, given in value.items()}
        else:
            facts[f"scenario.{key}"] = str(value) if key in _FLOATS else value
    return facts


def scenario_of(facts: Mapping[str, Any], names: Mapping[str, Message | LocalText | str] = {}) -> Scenario:
    """The scenario of ``scenario_facts``, ``names`` apart, which are the call's.

    Raises ScenarioError with every fault, each with its key.
    """
    found = under(facts, "scenario")
    record: dict[str, Any] = {key: [] for key in _LISTS} | {"force": {}, "fixed": {}}
    for key in sorted(found, key=_in_order):
        value, (head, _, rest) = found[key], key.partition(".")
        if not rest:
            if key not in ("name", "rest"):
                record[key] = _number(value) if key in _FLOATS else value
        elif head in _LISTS:
            record[head].append(value)
        elif head == "fixed":
            record["fixed"][_plain(rest)] = value
        elif head == "force" and rest.partition(".")[0] in ("in", "out"):
            side, _, case = rest.partition(".")
            record["force"].setdefault(side, {})[_plain(case)] = value
        else:
            record[key] = value
    return replace(from_record(record), names=names)


def granted_again(tables: Tables) -> Mapping[str, int]:
    """Euros by case number of every application, solved again. Raises as ``solve_again``."""
    return solve_again(tables).granted


def solve_again(tables: Tables) -> Again:
    """The distribution from the scenario, the ranking and the overrides alone.

    The rule first, then the awards set by hand with the rest kept or distributed anew, then what later decisions
    changed, in their order. Raises CanonicalError, ScoringError, ScenarioError (the scenario cannot be read or held),
    SolverError, and OutOfTimeError.
    """
    facts = facts_of(tables["facts"])
    projects, scenario = projects_of(tables), _bounded(scenario_of(facts), len(tables["ranking"]))
    hands = {**scenario.fixed, **_by_hand(tables)}
    plain = replace(scenario, fixed={})
    by_rule = distribute(projects, plain)
    decided = by_rule
    if hands:
        decided = _with_hands(projects, plain, by_rule, hands, stated(facts, "scenario.rest", str))
    granted = {row["case_number"]: 0 for row in tables["applications"]}
    granted |= {award.id: award.granted for award in decided.awards}
    for row in later(tables):
        granted[row["case_number"]] = row["after"] or 0
    return Again(projects, scenario, by_rule, decided, granted)


def later(tables: Tables) -> Iterator[Row]:
    """What later decisions changed, in their order."""
    yield from sorted(
        (row for row in tables["overrides"] if row["kind"] in LATER),
        key=lambda row: (row["decision"] or 0, row["number"]),
    )


def _by_hand(tables: Tables) -> dict[str, int]:
    return {row["case_number"]: row["after"] or 0 for row in tables["overrides"] if row["kind"] == "by_hand"}


def _with_hands(
    projects: Sequence[Project], plain: Scenario, by_rule: Allocation, hands: Mapping[str, int], rest: str
) -> Allocation:
    check_awards(projects, plain, hands)
    match rest:
        case "kept" if by_rule.status == "infeasible":
            return by_rule
        case "kept":
            return replace_awards(projects, plain, by_rule, hands)
        case "reoptimised":
            # What is set by hand goes over what the scenario forces.
            force_in, force_out = plain.force_in - hands.keys(), plain.force_out - hands.keys()
            fixed = dict(sorted(hands.items()))
            return distribute(projects, replace(plain, fixed=fixed, force_in=force_in, force_out=force_out))
    raise CanonicalError(f"scenario.rest: {rest!r}")


def _bounded(scenario: Scenario, projects: int) -> Scenario:
    """The scenario within the time that is waited for. Raises ScenarioError for more rules than can be held."""
    rules = len(scenario.constraints) + len(scenario.exclusive) + len(scenario.dependent)
    members = sum(len(one.members) for one in scenario.exclusive) + sum(len(one.needs) for one in scenario.dependent)
    if rules * projects > MOST_WORK or members > MOST_WORK:
        raise ScenarioError(
            (
                msg(
                    "The scenario has {n} rules over {projects} applications; that is more than can be solved again.",
                    n=rules,
                    projects=projects,
                ),
            )
        )
    return replace(scenario, time_limit=min(scenario.time_limit, float(MOST_SECONDS)))


def _project(
    row: Row, ranked: Row, standing: Standing, costs: Mapping[str, int], keys: tuple[Fraction | int, ...]
) -> Project:
    """As a ranked application of the call: a level or a population that is not known is left out."""
    levels = standing.consensus_levels if standing.score_source == "consensus" else standing.criterion_means
    population = {} if ranked["population"] is None else {"population": ranked["population"]}
    return Project(
        id=row["case_number"],
        score=standing.score,
        applied=row["applied"],
        eligible_costs=costs.get(row["case_number"], 0),
        theme=row["theme"],
        region=row["region"],
        applicant=row["applicant"],
        columns={**{key: Fraction(level) for key, level in levels.items() if level is not None}, **population},
        tie_keys=keys,
        labels={
            "partner_region": ranked["partner_regions"],
            "settlement": (ranked["settlement"],) if ranked["settlement"] else (),
            "language": (row["language"],),
        },
    )


def _row_of(applications: Mapping[str, Row], case: str) -> Row:
    row = applications.get(case)
    if row is None or row["applied"] is None:
        raise CanonicalError(f"ranking: {case!r}")
    return row


def _in_order(key: str) -> tuple[str, int, str]:
    """Lists by their numbers, whatever the length of these; the rest by key."""
    head, _, rest = key.partition(".")
    return head, int(rest) if rest.isdecimal() and len(rest) < 10 else 0, rest


def _number(value: Any) -> Any:
    return Decimal(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value


def _escaped(case: str) -> str:
    # The sign of a part of a long fact must not stand in a key.
    return case.replace("%", "%25").replace("#", "%23")


def _plain(case: str) -> str:
    return case.replace("%23", "#").replace("%25", "%")


__all__ = [
    "Again",
    "granted_again",
    "later",
    "projects_of",
    "scenario_facts",
    "scenario_of",
    "solve_again",
]
