"""Smallest values of a yes-or-no question, asked as rarely as possible."""

from collections.abc import Callable
from fractions import Fraction

STEP = Fraction(1, 100)
"""Scores are shown, and explained, in hundredths."""


def smallest(holds: Callable[[int], bool], low: int, high: int, *, known: bool = False) -> int | None:
    """The smallest number from ``low`` to ``high`` from which on ``holds`` is true, by bisection.

    ``holds`` is asked at the result and just below it, so both ends are certain; where it goes back and forth, the
    result is one place at which it becomes true. None if it is false at ``high``.
    ``known``: that it is true there was asked before.
    """
    if low > high or not (known or holds(high)):
        return None
    below = low - 1
    while high - below > 1:
        middle = (below + high) // 2
        if holds(middle):
            high = middle
        else:
            below = middle
    return high


def near(holds: Callable[[int], bool], guess: int, low: int, high: int) -> int | None:
    """As ``smallest``, asked first where the answer is expected."""
    if not low <= guess <= high:
        return smallest(holds, low, high)
    if not holds(guess):
        return smallest(holds, guess + 1, high)
    if guess == low or not holds(guess - 1):
        return guess
    return smallest(holds, low, guess - 1, known=True)


def gallop(holds: Callable[[int], bool], high: int) -> int | None:
    """As ``smallest`` from 1 to ``high``, but asked at 1, 2, 4, ... first: cheap where the result is small."""
    below, step = 0, 1
    while step < high:
        if holds(step):
            return smallest(holds, below + 1, step, known=True)
        below, step = step, step * 2
    return smallest(holds, below + 1, high)
