"""What a single rule that cannot be met says of itself. Which rules collide together is found elsewhere."""

from collections.abc import Iterator

from allocation.parts import Candidate, Row
from allocation.problem import Outcome, Problem, infeasible
from allocation.room import amount, names
from allocation.verify import row_value
from locales import Message, msg

MOST_NAMES = 20
"""More rules than this are not listed in one sentence."""


def impossible(problem: Problem) -> Outcome:
    """The infeasible outcome: each rule that cannot be met by itself, else all that cannot be met together."""
    return infeasible(problem, *(tuple(alone(problem)) or (_together(problem),)))


def inside_out(problem: Problem) -> tuple[Message, ...]:
    """The rules between whose limits no sum lies, as limits are rounded inwards to what can be granted."""
    return tuple(
        msg(
            "The rule “{rule}” cannot be met: no sum that can be granted lies between {lower} and {upper}.",
            rule=row.name,
            lower=amount(row, lower / row.scale) if lower is not None else "–",
            upper=amount(row, upper / row.scale) if upper is not None else "–",
        )
        for row in problem.rows
        for lower, upper in (row.limits,)
        if row.lower is not None and row.upper is not None and row.lower > row.upper
    )


def forced_conflict(problem: Problem) -> Message | None:
    """Said when the smallest grants of the projects forced in do not fit; None if they do."""
    needed = sum(one.lower for one in problem.candidates if one.forced)
    if needed <= problem.capacity:
        return None
    by_hand = all(one.project.id in problem.scenario.fixed for one in problem.candidates if one.forced)
    params = {"needed": problem.euros(needed), "available": problem.euros(problem.capacity)}
    if by_hand:
        return msg("The awards set by hand need {needed}, but {available} can be distributed.", **params)
    return msg("The projects forced in need {needed}, but {available} can be distributed.", **params)


def alone(problem: Problem) -> Iterator[Message]:
    """The rows that no grants meet, whatever the other rows ask for."""
    forced = forced_conflict(problem)
    if forced is not None:
        yield forced
    for row in problem.rows:
        if row.policy == "appropriation":
            continue
        least, most = _reach(row, problem.candidates)
        if row.upper is not None and least > row.upper:
            yield over(row, least)
        if row.lower is not None and most < row.lower:
            yield msg(
                "The rule “{rule}” cannot be met: at most {most} can be reached, and at least {limit} is asked for.",
                rule=row.name,
                most=amount(row, most),
                limit=amount(row, row.lower),
            )


def over(row: Row, least: int) -> Message:
    """Said when already ``least``, which cannot be avoided, is over the limit of ``row``."""
    return msg(
        "The rule “{rule}” cannot be met: at most {limit} is allowed, and {least} cannot be avoided.",
        rule=row.name,
        limit=amount(row, row.upper or 0),
        least=amount(row, least),
    )


def _reach(row: Row, candidates: tuple[Candidate, ...]) -> tuple[int, int]:
    """The least and the greatest sum of ``row`` that its projects could make by themselves."""
    least = most = 0
    for j, once, each in zip(row.members, row.per_project, row.per_unit, strict=True):
        one = candidates[j]
        ends = [once + each * one.lower, once + each * one.upper]
        if not (one.forced and one.lower):
            ends.append(0)
        least += min(ends)
        most += max(ends)
    return least, most


def _together(problem: Problem) -> Message:
    found = names(problem.rows)
    return msg("These rules cannot all be met at once: {rules}.", rules=[*found[:MOST_NAMES]])


def broken_by(problem: Problem, units: tuple[int, ...]) -> Message | None:
    """The first upper limit that these grants break, in words; None if all hold."""
    for row in problem.rows:
        sum_ = row_value(row, units)
        if row.upper is not None and sum_ > row.upper and row.policy != "appropriation":
            return over(row, sum_)
    return None
