"""The tab of prices: what each named rule costs, solved again without it, and what a little more or less money does."""

from collections.abc import Sequence

import streamlit as st

from allocation import Change, Scenario
from allocation.effects import Effect, MoneyEffect
from locales import Money, format_number
from ui import notices
from ui.allocation_words import capital, decimals, difference, signed
from ui.look import section
from ui.session import Visit, refusals_shown
from ui.tables import Cell, Column, Pair, table
from ui.texts import language, money, say, t
from workflow.explanations import scenario_effects
from workflow.labels import STATUSES
from workflow.scenarios import Run

STEP = 100_000
_MOST_NAMED = 5


def show_price(here: Visit, scenario: Scenario, run: Run) -> None:
    """The effect of each rule, and of ``STEP`` euros more and less."""
    with refusals_shown(), st.spinner(t("The scenario is solved again without each rule.")):
        found = scenario_effects(here.house, here.actor, here.call_id, scenario)
        section(t("What each rule costs"))
        _effects(found[0], decimals(run.scenario))
        section(t("A little less or more money"))
        _money(run, found[1])


def _effects(found: Sequence[Effect], places: int) -> None:
    st.write(
        t(
            "Each row is the scenario solved again without that one rule: what would change if the rule were not there. A rule without any effect decides about nobody."
        )
    )
    marginal = any(one.marginal is not None for one in found)
    table(
        t("The scenario without each rule"),
        [
            Column(t("Without this rule")),
            Column(t("Value"), figures=True),
            Column(t("Projects"), figures=True),
            Column(t("Euros"), figures=True),
            *([Column(t("Marginal value of a euro"), figures=True)] if marginal else []),
            Column(t("Who changes"), wide=True),
        ],
        [_row(one, marginal, places) for one in found],
    )
    if marginal:
        notices.caption(
            t(
                "The marginal value is that of the linear programme: what one euro more in the rule adds to the value. It holds only for small changes; the columns before it are solved again and hold for the whole rule."
            )
        )


def _row(one: Effect, marginal: bool, places: int) -> list[Cell]:
    name = capital(say(one.policy.name))
    price = ["–" if one.marginal is None else format_number(one.marginal, language(), 2)] if marginal else []
    if one.status == "infeasible":
        return [name, "–", "–", "–", *price, say(STATUSES["infeasible"])]
    first = name if one.status == "optimal" else Pair(name, say(STATUSES[one.status]))
    return [first, signed(one.objective, places), signed(one.projects), difference(one.euros), *price, who(one.changes)]


def who(changes: Sequence[Change]) -> str:
    """Who gains and who loses, the largest differences by case number, the others counted."""
    if not changes:
        return t("Nobody")
    largest = sorted(changes, key=lambda one: (-abs(one.difference), one.id))
    shown = "; ".join(f"{one.id}\u00a0{difference(one.difference)}" for one in largest[:_MOST_NAMED])
    if len(largest) <= _MOST_NAMED:
        return shown
    return t("{names} and {n} more", names=shown, n=len(largest) - _MOST_NAMED)


def _money(run: Run, found: Sequence[MoneyEffect | None]) -> None:
    table(
        t("The scenario with another appropriation"),
        [
            Column(t("Appropriation")),
            Column(t("Value"), figures=True),
            Column(t("Projects"), figures=True),
            Column(t("Euros"), figures=True),
            Column(t("Who changes"), wide=True),
        ],
        [_money_row(run, one) for one in found if one is not None],
    )
    said = t(
        "Value, projects and euros are differences from this scenario. {step} more need not fund one project more: the best use of the money can be another set of projects.",
        step=Money(STEP),
    )
    price = run.allocation.duals.get("appropriation")
    if price is not None:
        said += " " + t(
            "In the linear programme the marginal value of one euro more of the appropriation is {value}; it holds only for small changes.",
            value=format_number(price, language(), 2),
        )
    notices.caption(said)


def _money_row(run: Run, one: MoneyEffect) -> list[Cell]:
    whole = Pair(money(run.scenario.appropriation + one.step), difference(one.step))
    if one.status == "infeasible":
        return [whole, "–", "–", "–", say(STATUSES["infeasible"])]
    return [
        whole,
        signed(one.objective, decimals(run.scenario)),
        signed(one.projects),
        difference(one.euros),
        who(one.changes),
    ]
