"""The form of a scenario: the rule, the money, the limits. Money is typed as text and read exactly."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import cast, get_args

import streamlit as st

from allocation import KIND_LABELS, RULES, Kind, Scenario, Tier
from allocation.types import Objective, RuleName
from calls.definition import CallDefinition
from locales import Message, Money, msg
from ui import notices
from ui.scenario_fields import Fields
from ui.scenario_list import constraint_switches
from ui.scenario_numbers import read_share, write_share
from ui.scenario_state import Desk, note
from ui.scenario_words import label_name
from ui.texts import choice, language, say, t
from workflow.labels import OBJECTIVES
from workflow.labels import RULES as RULE_LABELS
from workflow.scenarios import default_scenario

RULE_NAMES: tuple[RuleName, ...] = get_args(RuleName)
ABOUT: Mapping[RuleName, Message] = {
    "rank_strict": msg("Grants go down the ranking and end at the first project that does not fit."),
    "rank_skip": msg("Grants go down the ranking. A project that does not fit is left out, and the next one is tried."),
    "rank_partial": msg("Grants go down the ranking. The first project that does not fit gets what is left."),
    "lp": msg(
        "Of all distributions within the limits, the one with the greatest value. A grant can be any part of what was applied for."
    ),
    "milp": msg(
        "Of all distributions within the limits, the one with the greatest value. Each project is funded or not, and a funded one gets at least the smallest viable grant."
    ),
    "proportional": msg(
        "Every project above the threshold is funded. All grants are cut by the same factor until they fit, but none below the smallest viable grant."
    ),
    "tiers": msg(
        "The score decides which share of the amount applied for is granted. The best tier comes first; the tier that the money does not cover is cut in proportion, and those below it get nothing."
    ),
}
RANK_ORDERS = ("none", "all", "theme", "region")
MOST_TIERS = 20


def scenario_form(call: CallDefinition, desk: Desk) -> tuple[Desk, bool]:
    """Show the form of what lies on the table; the table as it is now, and whether everything typed could be read."""
    fields = Fields(desk.key)
    rule, money, others = st.columns([4, 4, 5], gap="large")
    with rule:
        draft = _rule(call, fields, desk.draft)
    with money:
        draft = _money(call, fields, draft)
    with others:
        draft = _rank_order(fields, draft)
        draft = constraint_switches(fields, draft)
    return note(desk, draft), not fields.faults


def _rule(call: CallDefinition, fields: Fields, draft: Scenario) -> Scenario:
    key = fields.key("rule")
    st.session_state.setdefault(key, draft.rule)
    rule = st.radio(t("Rule of distribution"), RULE_NAMES, key=key, format_func=choice(RULE_LABELS))
    notices.caption(say(ABOUT[rule]))
    draft = replace(draft, rule=rule)
    if rule in ("lp", "milp"):
        key = fields.key("objective")
        st.session_state.setdefault(key, draft.objective)
        objective = st.radio(t("What is maximised"), list(get_args(Objective)), key=key, format_func=choice(OBJECTIVES))
        draft = replace(draft, objective=cast(Objective, objective))
    if rule == "tiers":
        draft = _tiers(call, fields, draft)
    return draft


def _money(call: CallDefinition, fields: Fields, draft: Scenario) -> Scenario:
    appropriation = fields.euros(t("Appropriation"), draft.appropriation, "appropriation")
    if appropriation is None:
        fields.fault(t("The appropriation is missing. Write it in whole euros, for example 10 000 000."))
        appropriation = draft.appropriation
    draft = replace(draft, appropriation=appropriation)
    of_call = default_scenario(call).appropriation
    if appropriation != of_call:
        notices.caption(t("The call's appropriation is {euros}.", euros=Money(of_call)))
    if _holds(draft, "reserve"):
        about = t("Euros that are not granted in this round.")
        draft = replace(draft, reserve=fields.euros(t("Reserve"), draft.reserve or None, "reserve", about) or 0)
    if _holds(draft, "smallest_grant"):
        smallest = fields.euros(t("Smallest viable grant"), draft.smallest_grant or None, "smallest")
        draft = replace(draft, smallest_grant=smallest or 0)
    if _holds(draft, "largest_grant"):
        draft = replace(draft, largest_grant=fields.euros(t("Largest grant"), draft.largest_grant, "largest"))
    if _holds(draft, "threshold"):
        draft = replace(
            draft, threshold=fields.score(t("Lowest score that can be funded"), draft.threshold, "threshold")
        )
    if _holds(draft, "criterion_threshold"):
        draft = _criterion_thresholds(call, fields, draft)
    return draft


def _holds(draft: Scenario, kind: Kind) -> bool:
    """Whether the rule holds this limit; if not, say so in the place of its field."""
    if kind in RULES[draft.rule].enforces:
        return True
    if kind == "smallest_grant":
        notices.caption(t("This rule divides grants freely, so it cannot hold a smallest grant."))
    else:
        notices.caption(t("Not in use, as this rule of distribution cannot hold it: {what}.", what=KIND_LABELS[kind]))
    return False


def _criterion_thresholds(call: CallDefinition, fields: Fields, draft: Scenario) -> Scenario:
    given = dict(draft.criterion_thresholds)
    kept: dict[str, Fraction] = {}
    # Named by its key: with a name that counts it would fold while one types, and hide what cannot be read.
    shown = {
        one.id: st.session_state.get(fields.key(f"threshold-{one.id}"), given.get(one.id)) for one in call.criteria
    }
    n = sum(1 for key in {*shown, *given} if shown.get(key, True) not in (None, ""))
    with st.expander(t("Thresholds of single criteria ({n})", n=str(n)), key=fields.key("thresholds")):
        notices.caption(t("A project whose level is lower is not funded. Empty: no threshold."))
        for criterion in call.criteria:
            least = fields.score(say(criterion.name), given.pop(criterion.id, None), f"threshold-{criterion.id}")
            if least is not None:
                kept[criterion.id] = least
        # A file may name columns that are no criteria of this call.
        for column, value in given.items():
            least = fields.score(label_name(column, draft), value, f"threshold-{column}")
            if least is not None:
                kept[column] = least
    return replace(draft, criterion_thresholds=tuple(kept.items()))


def _rank_order(fields: Fields, draft: Scenario) -> Scenario:
    now = {None: "none", "": "all"}.get(draft.rank_order, draft.rank_order or "")
    words = {"none": t("not required"), "all": t("among all projects")}

    def said(option: str) -> str:
        return words.get(option) or t("within each value: {label}", label=label_name(option, draft))

    options = [*RANK_ORDERS, *([now] if now not in RANK_ORDERS else [])]
    chosen = fields.one_of(t("Rank order respected"), options, now, "rank-order", said)
    draft = replace(draft, rank_order={"none": None, "all": ""}.get(chosen, chosen))
    if draft.rank_order is not None and "rank_order" not in RULES[draft.rule].enforces:
        notices.warning(
            t("This rule of distribution cannot hold it: {what}. Choose another rule.", what=KIND_LABELS["rank_order"])
        )
    return draft


def _tiers(call: CallDefinition, fields: Fields, draft: Scenario) -> Scenario:
    """Rows of two fields; the last one is empty, and another follows when it is filled in."""
    tiers = draft.tiers or default_scenario(call, "tiers").tiers
    found: list[Tier] = []
    st.write(t("Tiers: projects from this score on get this share of the amount applied for."))
    # Rows that were emptied stay in their place until the fields begin anew.
    place = fields.key("tiers")
    rows, row = st.session_state.setdefault(place, len(tiers)), 0
    while row < min(rows + 1, MOST_TIERS):
        least, share = _tier(fields, row, tiers[row] if row < len(tiers) else None)
        if least is not None and share is not None:
            found.append(Tier(least, share))
        elif least is not None or share is not None:
            fields.fault(t("A tier needs both a score and a share. Empty both to leave it out."))
        if row == rows and (least is not None or share is not None):
            rows += 1
        row += 1
    st.session_state[place] = rows
    return replace(draft, tiers=tuple(found))


def _tier(fields: Fields, row: int, old: Tier | None) -> tuple[Fraction | None, Fraction | None]:
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        least = fields.score(t("Tier {n}: score from", n=str(row + 1)), old.least if old else None, f"tier-{row}")
    with right:
        share = fields.read(
            t("Tier {n}: share, %", n=str(row + 1)),
            old.share if old else None,
            write_share(old.share, language()) if old else "",
            f"tier-share-{row}",
            read_share,
        )
    return least, share
