"""How far each kind of named rule can be relaxed, step by step, and how that is said."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor, lcm

from allocation.parts import Row
from allocation.policies import Policy, without
from allocation.problem import build
from allocation.rows import limits
from allocation.rules import RULES
from allocation.types import Constraint, Project, Scenario
from locales import Message, Money, msg


@dataclass(frozen=True, slots=True)
class Said:
    """A relaxation in words; ``amount`` in the rule's own measure, ``euros`` if that is euros."""

    words: Message
    euros: int | None = None
    amount: int | Fraction | None = None


@dataclass(frozen=True, slots=True)
class Relaxation:
    """One limit that can give way by 1 to ``most`` steps.

    ``wavering``: more steps need not allow more.
    """

    most: int
    apply: Callable[[Scenario, int], Scenario]
    said: Callable[[Scenario, int], Said]
    wavering: bool = False


def relaxations(projects: Sequence[Project], scenario: Scenario, policy: Policy) -> Iterator[Relaxation]:
    """The limits of one named rule, each to be relaxed alone; at the end, where it has none that helps, giving it up.

    A project's own smallest grant has no way out: it stands with the project, not in the scenario.
    """
    kind, _, rest = policy.key.partition(":")
    match kind:
        case "appropriation":
            yield _appropriation(projects, scenario)
        case "reserve":
            yield _reserve(scenario)
        case "max_share":
            yield Relaxation(10_000 - (scenario.max_share_bp or 10_000), _larger_share, _said_share)
        case "largest_grant":
            yield _largest_grant(projects, scenario)
        case "smallest_grant":
            yield _smallest_grant(scenario)
        case "threshold":
            scores = [one.score for one in projects if one.score is not None]
            yield _threshold(scores, scenario.threshold or Fraction(0))
        case "criterion_threshold":
            numbers = [Fraction(number) for one in projects if (number := one.number(rest)) is not None]
            yield _criterion(numbers, dict(scenario.criterion_thresholds)[rest], rest, policy)
        case "constraint":
            constraint = next(one for one in scenario.constraints if one.on and one.name == rest)
            yield from _constraint(projects, scenario, constraint, policy)
            yield _given_up(policy)
        case "exclusive":
            yield _exclusive(scenario, rest, policy)
        case "project_minimum":
            return
        case _:
            yield _given_up(policy)


def _given_up(policy: Policy) -> Relaxation:
    said = Said(msg("Switch off: {rule}.", rule=policy.name))
    return Relaxation(1, lambda scenario, _: without((), scenario, policy.key)[1], lambda _, __: said)


def _appropriation(projects: Sequence[Project], scenario: Scenario) -> Relaxation:
    unit, base = scenario.unit, (scenario.appropriation - scenario.reserve) // scenario.unit

    def apply(changed: Scenario, steps: int) -> Scenario:
        return replace(changed, appropriation=changed.reserve + (base + steps) * unit)

    def said(changed: Scenario, steps: int) -> Said:
        total = apply(changed, steps).appropriation
        more = total - changed.appropriation
        words = msg("Raise the appropriation by {more} to {total}.", more=Money(more), total=Money(total))
        return Said(words, more, more)

    shares = any(one.on and (one.lower_share, one.upper_share) != (None, None) for one in scenario.constraints)
    most = max(0, sum(one.applied for one in projects) // unit + 1 - base)
    return Relaxation(most, apply, said, wavering=shares)


def _reserve(scenario: Scenario) -> Relaxation:
    unit, total = scenario.unit, scenario.appropriation
    base = (total - scenario.reserve) // unit

    def apply(changed: Scenario, steps: int) -> Scenario:
        return replace(changed, reserve=changed.appropriation - (base + steps) * unit)

    def said(changed: Scenario, steps: int) -> Said:
        left = apply(changed, steps).reserve
        less = changed.reserve - left
        words = msg("Lower the reserve by {less} to {left}.", less=Money(less), left=Money(left))
        return Said(words, less, less)

    return Relaxation(total // unit - base, apply, said)


def _larger_share(scenario: Scenario, steps: int) -> Scenario:
    return replace(scenario, max_share_bp=(scenario.max_share_bp or 0) + steps)


def _said_share(scenario: Scenario, steps: int) -> Said:
    share = Fraction((scenario.max_share_bp or 0) + steps, 100)
    words = msg(
        "Raise the largest share of the eligible costs to {share} %.",
        share=int(share) if share.denominator == 1 else share,
    )
    return Said(words, None, steps)


def _largest_grant(projects: Sequence[Project], scenario: Scenario) -> Relaxation:
    unit, base = scenario.unit, (scenario.largest_grant or 0) // scenario.unit

    def apply(changed: Scenario, steps: int) -> Scenario:
        return replace(changed, largest_grant=(base + steps) * unit)

    def said(changed: Scenario, steps: int) -> Said:
        most = (base + steps) * unit
        more = most - (changed.largest_grant or 0)
        words = msg("Raise the largest grant by {more} to {total}.", more=Money(more), total=Money(most))
        return Said(words, more, more)

    return Relaxation(max((one.applied for one in projects), default=0) // unit - base, apply, said)


def _smallest_grant(scenario: Scenario) -> Relaxation:
    unit, base = scenario.unit, -(-scenario.smallest_grant // scenario.unit)

    def apply(changed: Scenario, steps: int) -> Scenario:
        return replace(changed, smallest_grant=(base - steps) * unit)

    def said(changed: Scenario, steps: int) -> Said:
        least = (base - steps) * unit
        less = changed.smallest_grant - least
        words = msg("Lower the smallest grant by {less} to {total}.", less=Money(less), total=Money(least))
        return Said(words, less, less)

    return Relaxation(base, apply, said)


def _falling(numbers: Sequence[Fraction], least: Fraction) -> list[Fraction]:
    """The thresholds below ``least`` that let in more, in full hundredths where these tell the numbers apart."""
    found = sorted({number for number in numbers if number < least}, reverse=True)
    rounded = [Fraction(floor(number * 100), 100) for number in found]
    lower = [*found[1:], Fraction(-1)]
    return [near if near > other else exact for exact, near, other in zip(found, rounded, lower, strict=True)]


def _threshold(scores: Sequence[Fraction], least: Fraction) -> Relaxation:
    values = _falling(scores, least)

    def said(_: Scenario, steps: int) -> Said:
        words = msg("Lower the score threshold to {score}.", score=values[steps - 1])
        return Said(words, None, least - values[steps - 1])

    return Relaxation(len(values), lambda scenario, steps: replace(scenario, threshold=values[steps - 1]), said)


def _criterion(numbers: Sequence[Fraction], least: Fraction, column: str, policy: Policy) -> Relaxation:
    values = _falling(numbers, least)

    def apply(scenario: Scenario, steps: int) -> Scenario:
        pairs = ((key, values[steps - 1] if key == column else old) for key, old in scenario.criterion_thresholds)
        return replace(scenario, criterion_thresholds=tuple(pairs))

    def said(_: Scenario, steps: int) -> Said:
        words = msg("Lower {rule} to {score}.", rule=policy.name, score=values[steps - 1])
        return Said(words, None, least - values[steps - 1])

    return Relaxation(len(values), apply, said)


def _exclusive(scenario: Scenario, name: str, policy: Policy) -> Relaxation:
    group = next(one for one in scenario.exclusive if one.on and one.name == name)

    def apply(changed: Scenario, steps: int) -> Scenario:
        groups = (replace(one, most=group.most + steps) if one.name == name else one for one in changed.exclusive)
        return replace(changed, exclusive=tuple(groups))

    def said(_: Scenario, steps: int) -> Said:
        words = msg("Allow {most} projects together: {rule}.", most=group.most + steps, rule=policy.name)
        return Said(words, None, steps)

    return Relaxation(max(1, len(group.members) - group.most), apply, said)


def _constraint(
    projects: Sequence[Project], scenario: Scenario, constraint: Constraint, policy: Policy
) -> Iterator[Relaxation]:
    """The floor lowered, then the cap raised, in steps of what the sum can change by."""
    rule = RULES[scenario.rule]
    problem = build(projects, scenario, whole=rule.whole, continuous=rule.continuous)
    own = [row for row in problem.rows if row.policy == policy.key]
    step = scenario.unit * Fraction(1)
    if constraint.measure != "grant":
        step = Fraction(1, lcm(*(row.scale.denominator for row in own)))
    ranges = [_range(row, [one.upper for one in problem.candidates]) for row in own]
    lower, upper = limits(constraint, scenario.appropriation)
    if lower is not None and ranges:
        start = ceil(lower / step)
        yield _side(constraint, policy, "lower", start, -1, step, start - floor(min(a for a, _ in ranges) / step))
    if upper is not None and ranges:
        start = floor(upper / step)
        yield _side(constraint, policy, "upper", start, 1, step, ceil(max(b for _, b in ranges) / step) - start)


def _range(row: Row, uppers: Sequence[int]) -> tuple[Fraction, Fraction]:
    """The least and the greatest sum that the row could have at all, in its measure."""
    ends = [once + each * uppers[j] for j, once, each in zip(row.members, row.per_project, row.per_unit, strict=True)]
    return sum(min(end, 0) for end in ends) * row.scale, sum(max(end, 0) for end in ends) * row.scale


def _side(
    constraint: Constraint, policy: Policy, side: str, start: int, sign: int, step: Fraction, most: int
) -> Relaxation:
    def limit(steps: int) -> int | Fraction:
        return _whole((start + sign * steps) * step)

    def apply(scenario: Scenario, steps: int) -> Scenario:
        changed = tuple(
            _limited(one, side, limit(steps), scenario.appropriation) if one.name == constraint.name else one
            for one in scenario.constraints
        )
        return replace(scenario, constraints=changed)

    def said(scenario: Scenario, steps: int) -> Said:
        lower, upper = limits(constraint, scenario.appropriation)
        old = lower if side == "lower" else upper
        difference = abs(Fraction(limit(steps)) - (old or 0))
        return _said_side(constraint, policy, side, _whole(difference), limit(steps))

    return Relaxation(most, apply, said)


def _whole(number: Fraction) -> int | Fraction:
    return int(number) if number.denominator == 1 else number


def _limited(constraint: Constraint, side: str, limit: int | Fraction, appropriation: int) -> Constraint:
    """With a new limit, as a share where it was one."""
    if side == "lower":
        if constraint.lower_share is not None and appropriation:
            return replace(constraint, lower_share=Fraction(limit) / appropriation)
        return replace(constraint, lower=limit, lower_share=None)
    if constraint.upper_share is not None and appropriation:
        return replace(constraint, upper_share=Fraction(limit) / appropriation)
    return replace(constraint, upper=limit, upper_share=None)


def _said_side(
    constraint: Constraint, policy: Policy, side: str, difference: int | Fraction, limit: int | Fraction
) -> Said:
    if constraint.measure == "grant":
        euros, total = Money(int(difference)), Money(int(limit))
        if side == "lower":
            words = msg("Lower the floor of “{rule}” by {less} to {total}.", rule=policy.name, less=euros, total=total)
        else:
            words = msg("Raise the cap of “{rule}” by {more} to {total}.", rule=policy.name, more=euros, total=total)
        return Said(words, int(difference), difference)
    if side == "lower":
        words = msg("Lower the floor of “{rule}” by {less} to {total}.", rule=policy.name, less=difference, total=limit)
    else:
        words = msg("Raise the cap of “{rule}” by {more} to {total}.", rule=policy.name, more=difference, total=limit)
    return Said(words, None, difference)
