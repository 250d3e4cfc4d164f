"""The form of a scenario. Money is typed as text and read exactly, never through a number box."""

import re
from fractions import Fraction

import streamlit as st

from calls.definition import CallDefinition
from locales.parse import MoneyError, parse_euros
from ui import notices
from ui.texts import choice, language, money, number, say, t
from workflow.labels import OBJECTIVES, RULES
from workflow.scenarios import RULES as RULE_NAMES
from workflow.scenarios import WITHOUT_SMALLEST, Parameters, defaults

_SCORE = re.compile(r"\d{1,3}(?:[.,]\d{1,6})?")
"""A score as typed: bounded, so that no number is too long to reckon with."""


def parameters_form(call: CallDefinition) -> Parameters | None:
    """The parameters as set; None, with the faults shown, when something typed cannot be read."""
    rule = st.radio(t("Rule of distribution"), RULE_NAMES, index=RULE_NAMES.index("milp"), format_func=choice(RULES))
    base = defaults(call, rule)
    objective = base.objective
    if rule in ("lp", "milp"):
        objective = st.radio(
            t("What is maximised"), ["score_times_grant", "score_of_funded"], format_func=choice(OBJECTIVES)
        )
    appropriation = _euros(t("Appropriation"), base.appropriation, f"appropriation-{call.id}")
    threshold = _decimal(t("Lowest score that can be funded"), base.threshold, f"threshold-{call.id}")
    smallest: int | str | None = 0
    if rule in WITHOUT_SMALLEST:
        notices.caption(t("This rule divides grants freely, so it cannot hold a smallest grant."))
    else:
        smallest = _euros(t("Smallest viable grant"), base.smallest_grant, f"smallest-{call.id}")
    largest = _euros(t("Largest grant"), base.largest_grant, f"largest-{call.id}")
    if (
        isinstance(appropriation, str)
        or isinstance(threshold, str)
        or isinstance(smallest, str)
        or isinstance(largest, str)
    ):
        return None
    if appropriation is None:
        notices.error(t("The appropriation is missing. Write it in whole euros, for example 10 000 000."))
        return None
    return Parameters(rule, appropriation, threshold, smallest or 0, largest, 0, objective)


def _euros(label: str, value: int | None, key: str) -> int | str | None:
    """The euros typed; None for an empty box; the text itself, with the fault shown, when it is no amount."""
    typed = st.text_input(label, "" if value is None else money(value), key=f"{key}-{language()}")
    if not typed.strip():
        return None
    try:
        return parse_euros(typed)
    except MoneyError as error:
        notices.error(f"{say(error.message)} {say(error.accepted)}")
        return typed


def _decimal(label: str, value: Fraction | None, key: str) -> Fraction | str | None:
    typed = st.text_input(label, "" if value is None else number(value, 2), key=f"{key}-{language()}")
    if not typed.strip():
        return None
    written = _SCORE.fullmatch(typed.strip())
    if written is None:
        notices.error(t("{value} is not a score. Write a number, for example 3.25.", value=typed))
        return typed
    return Fraction(typed.strip().replace(",", "."))
