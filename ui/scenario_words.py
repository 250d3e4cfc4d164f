"""A scenario's constraints in words: what is summed, over which projects, between what; and what a rule cannot hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Literal

from allocation import KIND_LABELS, RULES, Constraint, Dependent, Exclusive, Kind, Scenario
from allocation.rows import kinds_of
from locales import Param
from ui.scenario_numbers import write_number, write_share
from ui.texts import language, money, say, t, tn
from workflow.labels import RULES as RULE_LABELS

Item = Constraint | Exclusive | Dependent


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of the list of constraints. ``on`` None: it has no switch. ``kinds``: what a rule must hold."""

    key: str
    name: str
    sentence: str
    on: bool | None
    kinds: frozenset[Kind]


def listed(scenario: Scenario) -> list[Listed]:
    """Every constraint, group, dependency and forced project of the scenario, in its order."""
    found = [
        Listed(f"constraint:{one.name}", one.name, constraint_words(one, scenario), one.on, kinds_of(one))
        for one in scenario.constraints
    ]
    found += [
        Listed(f"exclusive:{one.name}", one.name, exclusive_words(one), one.on, frozenset({"exclusive"}))
        for one in scenario.exclusive
    ]
    found += [
        Listed(f"dependent:{one.name}", one.name, dependent_words(one), one.on, frozenset({"dependent"}))
        for one in scenario.dependent
    ]
    found += [_forced("force_in", one, scenario) for one in sorted(scenario.force_in)]
    found += [_forced("force_out", one, scenario) for one in sorted(scenario.force_out)]
    return found


def cannot_hold(scenario: Scenario, kinds: Iterable[Kind]) -> str:
    """Why the chosen rule refuses what needs these kinds; empty if it holds them all."""
    missing: list[Param] = [KIND_LABELS[kind] for kind in kinds if kind not in RULES[scenario.rule].enforces]
    if not missing:
        return ""
    return t(
        "This rule of distribution cannot hold it: {what}. Switch it off or choose another rule.",
        what=missing,
    )


def label_name(label: str, scenario: Scenario) -> str:
    """What a label or column is called."""
    return say(scenario.names.get(label, label))


def titled(words: str) -> str:
    """With a capital letter, as the label of a field."""
    return words[:1].upper() + words[1:]


def value_name(label: str, value: str, scenario: Scenario) -> str:
    """What one value of a label is called."""
    return say(scenario.names.get(f"{label}={value}", value))


def measure_name(measure: str, by_grant: bool, scenario: Scenario) -> str:
    """What a constraint sums."""
    if measure == "grant":
        return t("Euros granted")
    if measure == "count":
        return t("Number of projects")
    column = titled(label_name(measure, scenario))
    return t("{column} times the euros granted", column=column) if by_grant else column


def constraint_words(one: Constraint, scenario: Scenario) -> str:
    """The sentence of a constraint: what is summed, for which projects, between what."""
    parts = [measure_name(one.measure, one.by_grant, scenario)]
    parts += [_where(label, values, scenario) for label, values in one.where]
    if one.each:
        parts.append(t("each value by itself: {label}", label=label_name(one.each, scenario)))
    parts.append(limit_words(one) or t("no limit"))
    return "; ".join(parts) + "."


def proposed_name(one: Constraint, scenario: Scenario) -> str:
    """A name from the content, for those who write none."""
    parts = [limit_words(one)]
    if one.measure not in ("grant", "count"):
        parts.append(measure_name(one.measure, one.by_grant, scenario))
    parts += [_where(label, values, scenario) for label, values in one.where]
    if one.each:
        parts.append(t("each value by itself: {label}", label=label_name(one.each, scenario)))
    name = titled(", ".join(part for part in parts if part))
    return name if len(name) <= 100 else name[:99].rstrip() + "…"


def limit_words(one: Constraint) -> str:
    """At least and at most, in the constraint's own measure; empty without limits."""
    least, most = _limit(one, one.lower, one.lower_share), _limit(one, one.upper, one.upper_share)
    if least and most:
        return t("at least {least}, at most {most}", least=least, most=most)
    if least:
        return t("at least {least}", least=least)
    return t("at most {most}", most=most) if most else ""


def exclusive_words(one: Exclusive) -> str:
    """The sentence of an exclusive group."""
    return tn(
        "At most {n} of these is funded: {projects}.",
        "At most {n} of these are funded: {projects}.",
        one.most,
        projects=list(one.members),
    )


def dependent_words(one: Dependent) -> str:
    """The sentence of a dependency."""
    return t("{project} is funded only with: {needs}.", project=one.project, needs=list(one.needs))


def _forced(kind: Literal["force_in", "force_out"], case: str, scenario: Scenario) -> Listed:
    name = t("Funded in any case: {case}", case=case) if kind == "force_in" else t("Not funded: {case}", case=case)
    reason = scenario.reasons.get(case) or t("The reason is missing.")
    return Listed(f"{kind}:{case}", name, reason, None, frozenset({kind}))


def rule_name(scenario: Scenario) -> str:
    """The rule of distribution in words."""
    return say(RULE_LABELS[scenario.rule])


def _limit(one: Constraint, value: int | Fraction | None, share: Fraction | None) -> str:
    if share is not None:
        return t("{share} % of the appropriation", share=write_share(share, language()))
    if value is None:
        return ""
    if one.measure == "grant":
        return money(ceil(value))
    if one.measure == "count":
        return tn("{n} project", "{n} projects", int(value))
    return write_number(value, language())


def _where(label: str, values: Iterable[str], scenario: Scenario) -> str:
    names: list[Param] = [value_name(label, value, scenario) for value in values]
    return t("{label}: {values}", label=label_name(label, scenario), values=names)
