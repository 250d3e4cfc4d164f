"""The parameters of a distribution as the decision workbook lists them: every rule, and every award set by hand."""

from collections.abc import Iterator
from fractions import Fraction

from allocation import Constraint, Scenario
from locales import LocalText, Message, Money, Param, msg, msgn
from workbooks.decision_data import BasisPoints, ParameterValue
from workflow.by_hand import SavedRun
from workflow.hand_runs import objective_of
from workflow.labels import OBJECTIVES, RANKING_SCORES, REST, RULES, STATUSES
from workflow.scenarios import Run

Line = tuple[Message | LocalText, ParameterValue]


def parameters(run: Run, saved: SavedRun | None = None) -> tuple[Line, ...]:
    """The lines of the scenario sheet, typed."""
    call, scenario, allocation = run.call, run.scenario, run.allocation
    return (
        (msg("Rule of distribution"), RULES[scenario.rule]),
        (msg("What is maximised"), OBJECTIVES[scenario.objective]),
        (msg("Reserve"), Money(scenario.reserve)),
        (msg("Lowest score that can be funded"), scenario.threshold),
        (msg("Smallest viable grant"), Money(scenario.smallest_grant)),
        (msg("Largest grant"), None if scenario.largest_grant is None else Money(scenario.largest_grant)),
        (
            msg("Largest share of the eligible costs"),
            None if scenario.max_share_bp is None else BasisPoints(scenario.max_share_bp),
        ),
        (msg("Grants are rounded down to"), Money(scenario.unit)),
        (msg("What ranks"), RANKING_SCORES[call.scoring.ranking_score.value]),
        (msg("Equal scores are separated by"), _tie_rule(run)),
        (msg("Seed of the lot"), call.scoring.lot_seed.value),
        *((msg("Weight, {criterion}", criterion=c.name), c.weight.value) for c in call.criteria),
        *rule_lines(scenario if saved is None else saved.by_rule.scenario),
        *_by_hand(saved),
        *_of_another_ranking(saved),
        (msg("Time limit, seconds"), _seconds(scenario.time_limit)),
        (msg("Largest gap accepted"), Fraction(scenario.gap)),
        *_solution(run, saved),
        (msg("Awards that the tie rule decided"), "; ".join(", ".join(group) for group in allocation.ties) or None),
    )


def _seconds(seconds: float) -> int | Fraction:
    """A time limit as it is: half a second is not 0."""
    return int(seconds) if seconds == int(seconds) else Fraction(str(seconds))


def _solution(run: Run, saved: SavedRun | None) -> Iterator[Line]:
    """How good the solution is; what is proven is proven of the rule, not of awards set by hand."""
    allocation = run.allocation
    if saved is None or not saved.deviations:
        yield msg("Status of the solution"), STATUSES[allocation.status]
        yield msg("Value reached"), allocation.objective
        yield msg("Gap to the bound"), allocation.gap
        return
    by_rule = saved.by_rule.allocation
    yield (
        msg("Status of the solution"),
        msgn(
            "The rule's own solution: {status}. {n} award set by hand.",
            "The rule's own solution: {status}. {n} awards set by hand.",
            len(saved.deviations),
            status=STATUSES[by_rule.status],
        ),
    )
    if saved.saved.rest == "reoptimised":
        yield msg("Status of the other awards, distributed anew"), STATUSES[allocation.status]
    reached = objective_of(saved.by_rule, by_rule)
    yield msg("Value reached by the rule"), reached
    yield msg("Value reached with the awards set by hand"), reached - saved.price
    yield msg("Gap to the bound of the rule's own solution"), by_rule.gap


def _of_another_ranking(saved: SavedRun | None) -> Iterator[Line]:
    """What is not as it was when the scenario was saved."""
    if saved is None:
        return
    if saved.ranking_changed:
        yield msg("Ranking"), msg("Changed since the scenario was saved; the awards are of the ranking of the moment")
    for case in saved.gone:
        yield msg("Set by hand, {case}", case=case), msg("Does not count: the application is not in the ranking")


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


def _by_hand(saved: SavedRun | None) -> Iterator[Line]:
    """Awards set by hand: what the rule gave, why, what rules it breaks, and the price."""
    if saved is None or not saved.deviations:
        return
    for one in saved.deviations:
        broken: list[Param] = list(one.broken)
        said = msg(
            "{by_hand} in place of {by_rule} by the rule. Reason: {reason}",
            by_hand=Money(one.by_hand),
            by_rule=Money(one.by_rule),
            reason=one.reason,
        )
        yield (
            msg("Set by hand, {case}", case=one.case_number),
            msg("{said} Goes against: {rules}", said=said, rules=broken) if broken else said,
        )
        yield msg("Price in the value reached, {case}", case=one.case_number), one.price
    yield msg("Other awards"), REST[saved.saved.rest]
    yield msg("Price of the awards set by hand in the value reached"), saved.price


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


def _tie_rule(run: Run) -> Message:
    names: list[Param] = [
        msg("lot") if key == "lot" else run.call.criterion(key).name for key in run.call.scoring.tie_rule.value
    ]
    return msg("in this order: {order}", order=names)
