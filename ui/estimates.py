"""Estimated figures in words: deviations with their sign, coefficients and shares that never pretend to be exact."""

from collections.abc import Sequence
from fractions import Fraction

from ui.texts import in_percent, number, t

DASH = "–"
"""Stands where the scores do not bear a figure."""


def plain(value: float) -> str:
    """A figure with two decimals."""
    return number(Fraction(value), 2)


def signed(value: float) -> str:
    """A deviation with two decimals and its sign."""
    shown = plain(value)
    return f"+{shown}" if value > 0 and shown != plain(0.0) else shown


def coefficient(value: float) -> str:
    """A coefficient between 0 and 1 with two decimals; what is not quite 0 or 1 is not shown as such."""
    if 0 < value < 0.005:
        return f"<\u00a0{plain(0.01)}"
    return f">\u00a0{plain(0.99)}" if 0.995 <= value < 1 else plain(value)


def interval(low: float, high: float) -> str:
    """Both ends of a deviation with their signs, kept on one line."""
    return t("{low} to {high}", low=signed(low), high=signed(high)).replace(" ", "\u00a0")


def span(low: str, high: str) -> str:
    """Both ends of a range without signs, each as written already."""
    return f"{low}–{high}"


def p_value(value: float) -> str:
    """A probability as it is written beside a test: three decimals, never 0 or 1."""
    if value < 0.001:
        return f"p\u00a0<\u00a0{number(Fraction(1, 1000), 3)}"
    if value > 0.999:
        return f"p\u00a0>\u00a0{number(Fraction(999, 1000), 3)}"
    return f"p\u00a0=\u00a0{number(Fraction(value), 3)}"


def whole_shares(parts: Sequence[float]) -> list[str]:
    """The shares of ``parts``, none below 0, in whole per cent that add up to 100; a dash each when all are 0.

    Rounded by the largest remainders. What is something but too little to be 1 % is "under 1 %", and what is not quite
    everything "over 99 %".
    """
    if not sum(parts):
        return [DASH for _ in parts]
    total = sum(map(Fraction, parts), Fraction(0))
    exact = [100 * Fraction(part) / total for part in parts]
    rounded = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: rounded[i] - exact[i])
    for position in by_remainder[: 100 - sum(rounded)]:
        rounded[position] += 1
    return [_share(share, shown) for share, shown in zip(exact, rounded, strict=True)]


def _share(exact: Fraction, shown: int) -> str:
    if shown == 0 and exact > 0:
        return t("under {share}", share=in_percent("1"))
    if shown == 100 and exact < 100:
        return t("over {share}", share=in_percent("99"))
    return in_percent(str(shown))
