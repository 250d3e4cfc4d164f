"""Invariants of saved scenarios: what is granted, spent and left over adds up in whole euros."""

from collections.abc import Iterator

from locales import Message, msg
from workflow.invariants_facts import Facts, Row
from workflow.invariants_types import Collection, Finding, found, instead

OF_MONEY = Collection()


def _at_scenario(scenario: Row) -> Message:
    return msg("call {call}, scenario {name}", call=scenario["call_id"], name=scenario["name"])


def _with_awards(facts: Facts) -> Iterator[tuple[Row, list[Row]]]:
    awards = facts.grouped("awards", "scenario_id")
    for scenario in facts.rows("scenarios"):
        yield scenario, awards.get(scenario["id"], [])


@OF_MONEY("spent_is_the_sum_of_grants", msg("What a scenario spends is the sum of its grants."))
def _spent(facts: Facts) -> Iterator[Finding]:
    for scenario, awards in _with_awards(facts):
        granted = sum(award["granted"] for award in awards)
        if scenario["outcome"]["spent"] != granted:
            yield Finding(_at_scenario(scenario), instead(scenario["outcome"]["spent"], granted))


@OF_MONEY("remaining_is_what_is_not_spent", msg("What remains in a scenario is its appropriation less what it spends."))
def _remaining(facts: Facts) -> Iterator[Finding]:
    for scenario in facts.rows("scenarios"):
        outcome = scenario["outcome"]
        left = scenario["parameters"]["appropriation"] - outcome["spent"]
        if outcome["remaining"] != left:
            yield Finding(_at_scenario(scenario), instead(outcome["remaining"], left))


@OF_MONEY("spent_within_the_appropriation", msg("A scenario spends at most its appropriation less its reserve."))
def _within(facts: Facts) -> Iterator[Finding]:
    for scenario in facts.rows("scenarios"):
        most = scenario["parameters"]["appropriation"] - scenario["parameters"].get("reserve", 0)
        if scenario["outcome"]["spent"] > most:
            yield Finding(_at_scenario(scenario), instead(scenario["outcome"]["spent"], f"<= {most}"))


@OF_MONEY("awards_of_the_call", msg("The awards of a scenario are for applications of its call."))
def _same_call(facts: Facts) -> Iterator[Finding]:
    for scenario, awards in _with_awards(facts):
        for award in awards:
            application = facts.applications.get(award["application_id"])
            if application is not None and application["call_id"] != scenario["call_id"]:
                yield Finding(_at_scenario(scenario), found(facts.case(award["application_id"])))


@OF_MONEY("granted_exactly_when_funded", msg("A grant is more than 0 exactly when the application is funded."))
def _funded(facts: Facts) -> Iterator[Finding]:
    for scenario, awards in _with_awards(facts):
        for award in awards:
            if (award["granted"] > 0) != award["funded"] or award["granted"] < 0:
                where = f"{facts.case(award['application_id'])}: {award['granted']}"
                yield Finding(_at_scenario(scenario), found(where))


@OF_MONEY("granted_at_most_what_is_applied_for", msg("No grant is larger than every amount the application asked for."))
def _applied(facts: Facts) -> Iterator[Finding]:
    versions = facts.grouped("application_versions", "application_id")
    for scenario, awards in _with_awards(facts):
        for award in awards:
            # Which version the scenario saw is not stored, but none of them asked for more than the largest.
            asked = [int(v["content"].get("applied", 0)) for v in versions.get(award["application_id"], ())]
            if asked and award["granted"] > max(asked):
                where = f"{facts.case(award['application_id'])}: {award['granted']}"
                yield Finding(_at_scenario(scenario), instead(where, f"<= {max(asked)}"))
