"""What an invented project costs and what it applies for, in whole euros without VAT."""

import math
from dataclasses import dataclass

from sample_data.chance import Chance

SMALLEST, LARGEST = 30_000, 1_200_000
"""Bounds of the amounts applied for, as in the amounts the ministry has published."""
_SHARE_LIMIT = 8_500
_SPREAD = 0.88


@dataclass(frozen=True, slots=True)
class Budget:
    """Cost lines, own funding, other public funding (None: not stated) and the amount applied for."""

    costs: dict[str, int]
    own_funding: int
    other_public_funding: int | None
    applied: int


def draw_budget(chance: Chance, typical: int, parties: int) -> Budget:
    """A budget around ``typical`` euros of grant; consortia of more parties tend to be dearer."""
    level = math.log(typical) + 0.09 * (parties - 4)
    total = applied = 0
    while not SMALLEST <= applied <= LARGEST:
        total = _rounded(math.exp(level + _SPREAD * chance.normal()) / 0.85)
        applied = total * _SHARE_LIMIT // 10_000
        if chance.happens(0.45):
            applied = _floor(total * chance.between(7_200, 8_470) // 10_000)
    other = _floor(total * chance.between(3, 9) // 100) if chance.happens(0.1) else 0
    other = min(other, total - applied)
    return Budget(_split(chance, total), total - applied - other, other, applied)


def _split(chance: Chance, total: int) -> dict[str, int]:
    """The total over the cost categories; personnel takes what the rounding leaves."""
    travel = _to(total * chance.between(5, 35) // 1_000, 100)
    premises = _to(total * chance.between(5, 30) // 1_000, 100) if chance.happens(0.35) else 0
    other = _to(total * chance.between(5, 50) // 1_000, 100) if chance.happens(0.6) else 0
    bought = _to(total * chance.between(150, 480) // 1_000, 500)
    return {
        "personnel": total - travel - premises - other - bought,
        "travel": travel,
        "premises": premises,
        "bought_services": bought,
        "other": other,
    }


def _rounded(amount: float) -> int:
    """As budgets are rounded: thousands below 200,000, five thousands above."""
    unit = 1_000 if amount < 200_000 else 5_000
    return max(unit, int(amount / unit + 0.5) * unit)


def _floor(amount: int) -> int:
    return _to(amount, 1_000 if amount >= 100_000 else 100)


def _to(amount: int, unit: int) -> int:
    return amount // unit * unit
