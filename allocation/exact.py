"""Small systems of linear equations in exact fractions: what a solver's floats stand for, worked out."""

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction

Terms = Mapping[int, Fraction | int]


def solve(equations: Iterable[tuple[Terms, Fraction]], unknowns: Collection[int]) -> dict[int, Fraction] | None:
    """The one solution of as many of the ``equations`` (terms, right side) as it takes, from the first on.

    Equations that contradict earlier ones are passed over; None if they do not determine all ``unknowns``.
    """
    pivots: dict[int, tuple[dict[int, Fraction], Fraction]] = {}
    for terms, right in equations:
        if len(pivots) == len(unknowns):
            break
        left = {key: Fraction(value) for key, value in terms.items() if value}
        for key, (row, constant) in pivots.items():
            factor = left.pop(key, None)
            if factor:
                right -= factor * constant
                _subtract(left, row, factor)
        if not left:
            continue
        key, value = next(iter(left.items()))
        row = {other: share / value for other, share in left.items() if other != key}
        constant = right / value
        for other, (known, its_constant) in pivots.items():
            factor = known.pop(key, None)
            if factor:
                _subtract(known, row, factor)
                pivots[other] = known, its_constant - factor * constant
        pivots[key] = row, constant
    if len(pivots) < len(unknowns):
        return None
    return {key: constant for key, (_, constant) in pivots.items()}


def _subtract(left: dict[int, Fraction], row: Mapping[int, Fraction], factor: Fraction) -> None:
    """``left -= factor * row``; what becomes 0 is dropped."""
    for key, share in row.items():
        value = left.get(key, Fraction(0)) - factor * share
        if value:
            left[key] = value
        else:
            left.pop(key, None)
