"""Searching the smallest change that makes an impossible demand possible."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from locales import Message, Param, msg
from scoring.assignment_changes import apply_changes
from scoring.assignment_collisions import possible
from scoring.assignment_report import named
from scoring.assignment_types import AssignmentProblem, Change, Way

Step: TypeAlias = Callable[[AssignmentProblem], Way | None]


def least(
    problem: AssignmentProblem,
    change: Callable[[int], Change],
    low: int,
    high: int,
    holds: Callable[[AssignmentProblem], bool] = possible,
) -> int | None:
    """Least value from ``low`` to ``high`` whose change makes ``holds`` true; None when ``high`` does not.

    Larger values must help more. Doubles the step first: a small change is the likely one.
    """

    def helps(value: int) -> bool:
        return holds(apply_changes(problem, (change(value),)))

    if low > high or not helps(high):
        return None
    step, tried = 1, low
    while tried < high and not helps(tried):
        low, tried, step = tried + 1, min(high, tried + step), step * 2
    high = tried
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if helps(middle) else (middle + 1, high)
    return high


def who(ids: Iterable[str], problem: AssignmentProblem) -> list[Param]:
    """The reviewers in words; all of them as such."""
    names = list(ids)
    every: list[Param] = [msg("all reviewers")]
    return every if len(names) == len(problem.candidates) > 1 else named(names)


def joined_sentences(first: Message, then: Message) -> Message:
    """Two sentences, one after the other."""
    return msg("{first} {then}", first=first, then=then)
