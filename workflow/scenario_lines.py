"""The rules of a scenario in words, as the workbook of a distribution over files lists them."""

from collections.abc import Iterator

from allocation import Constraint, Scenario
from locales import LocalText, Message, Money, Param, msg
from workbooks.parameter_values import ParameterValue

Line = tuple[Message | LocalText, ParameterValue]


def constraint_words(scenario: Scenario, constraint: Constraint) -> Message:
    """What a constraint holds, in words."""
    parts: list[Param] = [_measure(scenario, constraint)]
    for label, values in constraint.where:
        accepted: list[Param] = [_name(scenario, f"{label}={value}", value) for value in values]
        parts.append(msg("{label}: {values}", label=_name(scenario, label, label), values=accepted))
    if constraint.each:
        parts.append(msg("each by itself: {label}", label=_name(scenario, constraint.each, constraint.each)))
    euros = constraint.measure == "grant"
    for words, limit, share in (
        ("at least {limit}", constraint.lower, constraint.lower_share),
        ("at most {limit}", constraint.upper, constraint.upper_share),
    ):
        if share is not None:
            said: Param = msg("{percent} % of the appropriation", percent=share * 100)
        elif limit is None:
            continue
        else:
            said = Money(int(limit)) if euros else limit
        parts.append(msg("at least {limit}", limit=said) if "least" in words else msg("at most {limit}", limit=said))
    if not constraint.on:
        parts.append(msg("switched off"))
    return msg("{parts}", parts=parts)


def rule_lines(scenario: Scenario) -> Iterator[Line]:
    """The rules beyond the call's own limits."""
    for column, least in scenario.criterion_thresholds:
        yield msg("Lowest {criterion}", criterion=_name(scenario, column, column)), least
    for one in scenario.tiers:
        yield (
            msg("Score of at least {score}", score=one.least),
            msg("{percent} % of the amount applied for", percent=one.share * 100),
        )
    for constraint in scenario.constraints:
        yield msg("Constraint: {name}", name=constraint.name), constraint_words(scenario, constraint)
    for group in scenario.exclusive:
        said = msg("at most {n} of {ids}", n=group.most, ids=list(group.members))
        yield msg("Constraint: {name}", name=group.name), said if group.on else _off(said)
    for link in scenario.dependent:
        said = msg("{id} only if funded: {ids}", id=link.project, ids=list(link.needs))
        yield msg("Constraint: {name}", name=link.name), said if link.on else _off(said)
    if scenario.rank_order is not None:
        pool = msg("in the whole ranking") if not scenario.rank_order else _name(scenario, *[scenario.rank_order] * 2)
        yield msg("Rank order respected"), pool
    for key in sorted(scenario.force_in):
        yield msg("Forced in, {case}", case=key), scenario.reasons.get(key, "")
    for key in sorted(scenario.force_out):
        yield msg("Forced out, {case}", case=key), scenario.reasons.get(key, "")


def _measure(scenario: Scenario, constraint: Constraint) -> Message:
    if constraint.measure == "grant":
        return msg("euros granted")
    if constraint.measure == "count":
        return msg("projects funded")
    name = _name(scenario, constraint.measure, constraint.measure)
    return (
        msg("sum of {column} times euros", column=name) if constraint.by_grant else msg("sum of {column}", column=name)
    )


def _name(scenario: Scenario, key: str, otherwise: str) -> Message | LocalText | str:
    return scenario.names.get(key, otherwise)


def _off(said: Message) -> Message:
    return msg("{said} (switched off)", said=said)
