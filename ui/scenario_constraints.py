"""The fields of one constraint: what is summed, over which projects, between what."""

from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Literal

import streamlit as st

from allocation import Constraint
from allocation.rows import kinds_of, limits
from ui.scenario_numbers import read_count, read_number, read_share, write_number, write_share
from ui.scenario_proposal import Editor, Proposal
from ui.scenario_words import constraint_words, label_name, measure_name, proposed_name, titled, value_name
from ui.texts import language, t
from workflow.scenario_projects import COLUMNS, LABELS


def constraint_fields(editor: Editor) -> Proposal:
    """Show the fields; the constraint as they say it now."""
    old = next((one for one in editor.scenario.constraints if one.name == editor.old), None)
    one = old or Constraint("")
    what, which = st.columns([1, 2], gap="large")
    with what:
        one = _what(editor, one)
    with which:
        one = replace(one, where=_where(editor, one))
    least, most = st.columns(2, gap="large")
    with least:
        one = _limit(editor, one, "lower")
    with most:
        one = _limit(editor, one, "upper")
    one = replace(one, name="")
    name = editor.name(proposed_name(one, editor.scenario), old.name if old else "")
    one = replace(one, name=name)
    problems = [] if kinds_of(one) else [t("The constraint has no limit. Write at least one of the two.")]
    lower, upper = limits(one, editor.scenario.appropriation)
    if lower is not None and upper is not None and lower > upper:
        problems.append(t("The least is more than the most: nothing could satisfy both."))
    problems += editor.taken(name, editor.scenario.constraints)
    scenario = replace(editor.scenario, constraints=editor.put(one, editor.scenario.constraints))
    sentence = constraint_words(one, editor.scenario) if kinds_of(one) else ""
    return Proposal(scenario, sentence, kinds_of(one), problems)


def _what(editor: Editor, one: Constraint) -> Constraint:
    fields, scenario = editor.fields, editor.scenario
    named = {*COLUMNS, *(key for project in editor.run.projects for key in project.columns)}
    columns = sorted(named, key=lambda key: label_name(key, scenario).casefold())
    measures = ["grant", "count", *columns, *([one.measure] if one.measure not in {"grant", "count", *named} else [])]
    measure = fields.one_of(
        t("What is summed"), measures, one.measure, "measure", lambda key: measure_name(key, False, scenario)
    )
    by_grant = False
    if measure not in ("grant", "count"):
        by_grant = fields.switch(t("Multiplied by the euros granted"), one.by_grant, "by-grant")
    labels = ["", *LABELS, *([one.each] if one.each not in {"", *LABELS} else [])]
    each = fields.one_of(
        t("The limits apply to"),
        labels,
        one.each,
        "each",
        lambda key: t("each value by itself: {label}", label=label_name(key, scenario)) if key else t("one sum of all"),
    )
    return replace(one, measure=measure, by_grant=by_grant, each=each)


def _where(editor: Editor, one: Constraint) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The values chosen of each label; a label without any is not asked for."""
    scenario, old = editor.scenario, dict(one.where)
    found: list[tuple[str, tuple[str, ...]]] = []
    st.markdown(t("Which projects are counted. Empty: all."))
    sides = st.columns(2)
    for number, label in enumerate([*LABELS, *(key for key in old if key not in LABELS)]):
        values = {word for project in editor.run.projects for word in project.words(label)}
        words = partial(value_name, label, scenario=scenario)
        ordered = [value for _, value in sorted((words(value).casefold(), value) for value in values)]
        with sides[number % 2]:
            chosen = editor.fields.some_of(
                titled(label_name(label, scenario)),
                ordered,
                old.get(label, ()),
                f"where-{label}",
                words,
            )
        if chosen:
            found.append((label, chosen))
    return tuple(found)


def _limit(editor: Editor, one: Constraint, side: Literal["lower", "upper"]) -> Constraint:
    value, share = (one.lower, one.lower_share) if side == "lower" else (one.upper, one.upper_share)
    fields = editor.fields
    typed, unit = st.columns([3, 2])
    by_share = False
    if one.measure == "grant":
        words = {"euros": t("euros"), "share": t("% of the appropriation")}
        with unit:
            label = t("Unit of at least") if side == "lower" else t("Unit of at most")
            start = "euros" if share is None else "share"
            by_share = fields.one_of(label, list(words), start, f"unit-{side}", words.__getitem__) == "share"
    label = t("At least") if side == "lower" else t("At most")
    found: int | Fraction | None
    with typed:
        if by_share:
            shown = "" if share is None else write_share(share, language())
            found = fields.read(label, share, shown, side, read_share)
        elif one.measure == "grant":
            found = fields.euros(label, None if value is None else int(value), side)
        else:
            shown = "" if value is None else write_number(value, language())
            if one.measure == "count":
                found = fields.read(label, None if value is None else int(value), shown, side, read_count)
            else:
                found = fields.read(label, None if value is None else Fraction(value), shown, side, read_number)
    exact = Fraction(found) if by_share and found is not None else None
    plain = None if by_share else found
    if side == "lower":
        return replace(one, lower=plain, lower_share=exact)
    return replace(one, upper=plain, upper_share=exact)
