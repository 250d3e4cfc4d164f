"""A scenario for those who only read it: every value as text."""

from fractions import Fraction

from allocation import RULES, Scenario
from calls.definition import CallDefinition
from ui.scenario_list import constraint_table
from ui.scenario_numbers import write_number, write_share
from ui.scenario_words import label_name, rule_name
from ui.tables import Cell, facts
from ui.texts import choice, in_percent, language, money, say, t
from workflow.labels import OBJECTIVES


def show_scenario(scenario: Scenario) -> None:
    """The rule, the limits and the constraints."""
    rows: list[tuple[str, Cell]] = [(t("Rule of distribution"), rule_name(scenario))]
    if scenario.rule in ("lp", "milp"):
        rows.append((t("What is maximised"), choice(OBJECTIVES)(scenario.objective)))
    rows.append((t("Appropriation"), money(scenario.appropriation)))
    if scenario.reserve:
        rows.append((t("Reserve"), money(scenario.reserve)))
    if scenario.smallest_grant:
        rows.append((t("Smallest viable grant"), money(scenario.smallest_grant)))
    if scenario.largest_grant is not None:
        rows.append((t("Largest grant"), money(scenario.largest_grant)))
    if scenario.threshold is not None:
        rows.append((t("Lowest score that can be funded"), _number(scenario.threshold)))
    rows += [
        (t("Threshold: {criterion}", criterion=label_name(column, scenario)), _number(least))
        for column, least in scenario.criterion_thresholds
    ]
    if scenario.rank_order is not None:
        where = (
            t("within each value: {label}", label=label_name(scenario.rank_order, scenario))
            if scenario.rank_order
            else t("among all projects")
        )
        rows.append((t("Rank order respected"), where))
    if scenario.rule == "tiers":
        rows += [
            (
                t("From a score of {score}", score=_number(tier.least)),
                t("{share} % of the amount applied for", share=write_share(tier.share, language())),
            )
            for tier in scenario.tiers
        ]
    facts(rows)
    constraint_table(scenario)


def fixed_facts(call: CallDefinition, scenario: Scenario) -> None:
    """What the form does not change: the share, the unit, and how equal scores are separated."""
    share = scenario.max_share_bp
    names = {criterion.id: say(criterion.name) for criterion in call.criteria} | {"lot": t("lot")}
    rows: list[tuple[str, Cell]] = []
    if share is not None and "max_share" in RULES[scenario.rule].enforces:
        rows.append(
            (t("Largest share of eligible costs"), in_percent(write_share(Fraction(share, 10_000), language())))
        )
    rows.append((t("Grants in full units of"), money(scenario.unit)))
    if scenario.tie_rule:
        rows.append((t("Equal scores are separated by"), ", ".join(names.get(key, key) for key in scenario.tie_rule)))
    facts(rows)


def _number(value: Fraction) -> str:
    return write_number(value, language())
