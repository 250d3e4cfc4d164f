"""Chance that is the same everywhere: everything is drawn from ``random.Random.random`` alone.

Python promises the sequence of ``random()`` for a seed, not that of ``choice`` or ``gauss``, so those are ours.
"""

import random
from collections.abc import Sequence
from statistics import NormalDist
from typing import TypeVar

T = TypeVar("T")
_NORMAL = NormalDist()


class Chance:
    """A seeded source of draws. The seed is a text, so that each part of the data has its own named sequence."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)  # noqa: S311 - sample data, no secrets

    def share(self) -> float:
        """A number in [0, 1)."""
        return self._random.random()

    def happens(self, probability: float) -> bool:
        """True with the given probability."""
        return self.share() < probability

    def below(self, limit: int) -> int:
        """A whole number in 0..limit - 1."""
        return int(self.share() * limit)

    def between(self, low: int, high: int) -> int:
        """A whole number in low..high, both included."""
        return low + self.below(high - low + 1)

    def normal(self) -> float:
        """A standard normal draw."""
        return _NORMAL.inv_cdf(min(max(self.share(), 1e-9), 1 - 1e-9))

    def pick(self, items: Sequence[T]) -> T:
        """One of the items. Raises IndexError when there are none."""
        return items[self.below(len(items))]

    def weighted(self, items: Sequence[T], weights: Sequence[float]) -> T:
        """One of the items, with chances in proportion to the weights (positive)."""
        point = self.share() * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            point -= weight
            if point < 0:
                return item
        return items[-1]

    def some(self, items: Sequence[T], number: int) -> list[T]:
        """``number`` different items (all of them if there are fewer), in a drawn order."""
        rest = list(items)
        return [rest.pop(self.below(len(rest))) for _ in range(min(number, len(rest)))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """All items in a drawn order."""
        return self.some(items, len(items))
