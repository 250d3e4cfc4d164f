"""The order in which the panel discusses: where the reviews disagree and where it matters comes first.

Four terms, each an exact Fraction between 0 and 1, and their weighted sum:

    disagreement   (largest - smallest composite) / width of the scale
    closeness      max(0, 1 - |score - line| / 1 level)
    missing        missing reviews / reviews needed
    conflicted     disqualified members / members of the panel

Nothing hidden goes into the order: every term is in the item, so that the screen can show why it stands where it does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import Literal

from locales import msg
from scoring.errors import ScoringError

ReasonCode = Literal["disagreement", "near_line", "missing_reviews", "conflicted", "not_scored", "consensus_recorded"]
"""Why an application stands where it does: the four terms, and two facts that are not terms."""


@dataclass(frozen=True, slots=True)
class AgendaWeights:
    """What each term weighs. Discussion settles disagreement, and near the line a settled score changes the outcome:
    1 each. A missing review is got by asking for it: half. A conflict leaves fewer to discuss, no more: a quarter.
    """

    disagreement: Fraction = Fraction(1)
    closeness: Fraction = Fraction(1)
    missing: Fraction = Fraction(1, 2)
    conflicted: Fraction = Fraction(1, 4)


WEIGHTS = AgendaWeights()


@dataclass(frozen=True, slots=True)
class Discussed:
    """What the agenda needs of one application.

    ``composites``: of its complete reviews. ``needed``: reviews it should have, at least 1. ``conflicted``: members of
    the panel who are disqualified from it. ``score``: what ranks it now; None: not scored.
    """

    application: str
    composites: tuple[Fraction, ...]
    needed: int
    conflicted: int
    score: Fraction | None
    has_consensus: bool


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One application on the agenda; terms are None where there is nothing to measure, and then add nothing."""

    application: str
    has_consensus: bool
    disagreement: Fraction | None
    """None with fewer than two complete reviews."""
    closeness: Fraction | None
    """None without a line or without a score."""
    missing: Fraction
    conflicted: Fraction
    sum: Fraction
    """The terms times their weights."""
    reasons: tuple[ReasonCode, ...]
    """Terms that add to the sum, the largest share first; then the facts."""
    place: int = 0
    """From 1; equals share it (1, 2, 2, 4)."""
    tied_with: tuple[str, ...] = ()


def agenda(
    applications: Sequence[Discussed],
    scale: tuple[Fraction | int, Fraction | int],
    panel_size: int,
    line: Fraction | None = None,
    weights: AgendaWeights = WEIGHTS,
) -> tuple[AgendaItem, ...]:
    """The applications in the order of discussion: without consensus first, then by the sum, larger first.

    ``scale``: lowest and highest composite possible. ``panel_size``: members of the panel. ``line``: the score at which
    the money ends; None: not known. Equal sums share the place and are ordered by application id for display only.
    Raises ScoringError for a scale without width, an application listed twice, and counts or composites out of range.
    """
    _check(applications, scale, panel_size)
    width = Fraction(scale[1]) - Fraction(scale[0])
    items = [_item(application, width, panel_size, line, weights) for application in applications]
    items.sort(key=lambda item: (*_order(item), item.application))
    placed: list[AgendaItem] = []
    for _, group in groupby(items, key=_order):
        equals = list(group)
        place = len(placed) + 1
        names = tuple(item.application for item in equals)
        placed += [
            replace(item, place=place, tied_with=tuple(name for name in names if name != item.application))
            for item in equals
        ]
    return tuple(placed)


def _order(item: AgendaItem) -> tuple[bool, Fraction]:
    return item.has_consensus, -item.sum


def _item(
    application: Discussed, width: Fraction, panel_size: int, line: Fraction | None, weights: AgendaWeights
) -> AgendaItem:
    given, score = application.composites, application.score
    disagreement = (max(given) - min(given)) / width if len(given) > 1 else None
    closeness = max(Fraction(0), 1 - abs(score - line)) if score is not None and line is not None else None
    missing = Fraction(max(0, application.needed - len(given)), application.needed)
    conflicted = Fraction(application.conflicted, panel_size)
    shares: list[tuple[ReasonCode, Fraction]] = [
        ("disagreement", weights.disagreement * (disagreement or 0)),
        ("near_line", weights.closeness * (closeness or 0)),
        ("missing_reviews", weights.missing * missing),
        ("conflicted", weights.conflicted * conflicted),
    ]
    reasons = [code for code, share in sorted(shares, key=lambda pair: -pair[1]) if share > 0]
    if score is None:
        reasons.append("not_scored")
    if application.has_consensus:
        reasons.append("consensus_recorded")
    return AgendaItem(
        application=application.application,
        has_consensus=application.has_consensus,
        disagreement=disagreement,
        closeness=closeness,
        missing=missing,
        conflicted=conflicted,
        sum=sum((share for _, share in shares), Fraction(0)),
        reasons=tuple(reasons),
    )


def _check(applications: Sequence[Discussed], scale: tuple[Fraction | int, Fraction | int], panel_size: int) -> None:
    lowest, highest = scale
    if not lowest < highest:
        raise ScoringError(
            msg(
                "Agenda: a scale from {lowest} to {highest} has no width; the highest must be larger.",
                lowest=Fraction(lowest),
                highest=Fraction(highest),
            )
        )
    if panel_size < 1:
        raise ScoringError(msg("Agenda: a panel of {n} members is not accepted; at least 1 is.", n=panel_size))
    seen: set[str] = set()
    for one in applications:
        name = one.application
        if name in seen:
            raise ScoringError(msg("Application {application} is on the agenda twice.", application=name))
        seen.add(name)
        _check_one(one, lowest, highest, panel_size)


def _check_one(one: Discussed, lowest: Fraction | int, highest: Fraction | int, panel_size: int) -> None:
    name = one.application
    if one.needed < 1:
        raise ScoringError(
            msg(
                "Application {application}: {n} reviews needed; at least 1 is accepted.", application=name, n=one.needed
            )
        )
    if not 0 <= one.conflicted <= panel_size:
        raise ScoringError(
            msg(
                "Application {application}: {n} disqualified members; 0 to {most} is accepted.",
                application=name,
                n=one.conflicted,
                most=panel_size,
            )
        )
    for value in (*one.composites, *(() if one.score is None else (one.score,))):
        if not lowest <= value <= highest:
            raise ScoringError(
                msg(
                    "Application {application}: score {value} is not accepted; {lowest} to {highest} is.",
                    application=name,
                    value=value,
                    lowest=Fraction(lowest),
                    highest=Fraction(highest),
                )
            )
