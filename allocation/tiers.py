"""Tiers: grade bands with a share of the amount applied for in each, served from the best tier down."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from allocation.impossible import impossible
from allocation.parts import Candidate, Note
from allocation.problem import Outcome, Problem
from allocation.proportional import fill
from allocation.types import Tier
from locales import Message, Money, msg

_STEP = Fraction(1, 100)


@dataclass(slots=True)
class _Service:
    problem: Problem
    units: list[int]
    notes: dict[int, Note]
    left: int
    stopped: Message | None = None


def tiers(problem: Problem) -> Outcome:
    """Grants ``min(ceiling, share * applied)``, rounded down to the unit, tier by tier.

    The tier that the money does not cover is cut in proportion by one exact factor, no grant below its smallest; if
    even the smallest grants of the tier do not fit, it gets nothing. Lower tiers then get nothing. Projects forced in
    are served first, with the share of their tier or, below every tier, of the lowest one, but at least with their
    smallest grant; awards set by hand are served first as they are.
    """
    candidates, steps = problem.candidates, problem.scenario.tiers
    places = [_place(one, steps) for one in candidates]
    full = [_full(problem, one, steps[place]) for one, place in zip(candidates, places, strict=True)]
    units = [granted if one.forced else 0 for one, granted in zip(candidates, full, strict=True)]
    if sum(units) > problem.capacity:
        raised = (replace(one, lower=max(one.lower, granted)) for one, granted in zip(candidates, units, strict=True))
        return impossible(replace(problem, candidates=tuple(raised)))
    state = _Service(problem, units, {}, problem.capacity - sum(units))
    waiting: dict[int, list[int]] = {}
    for j, one in enumerate(candidates):
        if one.forced:
            state.notes[j] = _forced(problem, j, units[j])
        elif places[j] == len(steps) - 1 and one.score < steps[-1].least:
            state.notes[j] = "below_threshold", _below(one.score, steps[-1].least)
        elif full[j] < one.lower:
            state.notes[j] = "ceiling_below_smallest", _too_small(problem, j, full[j], steps[places[j]])
        else:
            waiting.setdefault(places[j], []).append(j)
    for place, step in enumerate(steps):
        _serve(state, step, waiting.get(place, []), full)
    return Outcome("optimal", tuple(units), state.notes)


def _place(one: Candidate, steps: Sequence[Tier]) -> int:
    """The best tier whose score the project reaches; the lowest one for those below every tier."""
    return next((place for place, step in enumerate(steps) if one.score >= step.least), len(steps) - 1)


def _full(problem: Problem, one: Candidate, step: Tier) -> int:
    """What the tier gives in units. What is forced in gets its smallest grant also where the share is less."""
    granted = min(one.upper, int(step.share * one.project.applied) // problem.scenario.unit)
    return max(granted, one.lower) if one.forced else granted


def _serve(state: _Service, step: Tier, members: Sequence[int], full: Sequence[int]) -> None:
    problem = state.problem
    smallest = sum(problem.candidates[j].lower for j in members)
    if state.stopped is not None:
        for j in members:
            said = msg("{reason} Score {score}.", reason=state.stopped, score=problem.candidates[j].score)
            state.notes[j] = "stopped_at_cut_off", said
    elif smallest > state.left:
        for j in members:
            state.notes[j] = "not_funded_budget", _uncovered(state, j, step, smallest)
        state.stopped = _stop(step)
    else:
        grants, factor = fill([(problem.candidates[j].lower, full[j]) for j in members], state.left)
        for j, granted in zip(members, grants, strict=True):
            state.units[j] = granted
            if granted < full[j]:
                state.notes[j] = _cut(problem, j, granted, full[j], factor)
            elif granted < problem.candidates[j].upper:
                state.notes[j] = _share(problem, j, granted, step)
        state.left -= sum(grants)
        if factor < 1:
            state.stopped = _stop(step)


def _forced(problem: Problem, j: int, granted: int) -> Note:
    return "forced_in", msg(
        "Funded with {granted} by a decision recorded in the scenario. Score {score}.",
        granted=problem.euros(granted),
        score=problem.candidates[j].score,
    )


def _share(problem: Problem, j: int, granted: int, step: Tier) -> Note:
    return "funded_partial", msg(
        "Funded with {granted} of {applied} applied for: projects with a score of at least {least} get {percent} % of "
        "the amount applied for. Score {score}.",
        granted=problem.euros(granted),
        applied=Money(problem.candidates[j].project.applied),
        least=step.least,
        percent=_percent(step.share),
        score=problem.candidates[j].score,
    )


def _cut(problem: Problem, j: int, granted: int, full: int, factor: Fraction) -> Note:
    return "funded_partial", msg(
        "Funded in part with {granted} of {ceiling}: the appropriation does not cover the project's tier, and all "
        "grants of the tier are cut in the same proportion, to {percent} %, but not below the smallest grant. "
        "Score {score}.",
        granted=problem.euros(granted),
        ceiling=problem.euros(full),
        percent=_percent(factor),
        score=problem.candidates[j].score,
    )


def _uncovered(state: _Service, j: int, step: Tier, smallest: int) -> Message:
    return msg(
        "Not funded: {left} was left of the appropriation for the tier that begins at {least}, and even the smallest "
        "grants of its projects need {needed}. Score {score}.",
        left=state.problem.euros(state.left),
        least=step.least,
        needed=state.problem.euros(smallest),
        score=state.problem.candidates[j].score,
    )


def _stop(step: Tier) -> Message:
    return msg("Not funded: the appropriation does not cover the tier that begins at {least}.", least=step.least)


def _too_small(problem: Problem, j: int, full: int, step: Tier) -> Message:
    return msg(
        "Not funded: the tier gives {percent} % of the amount applied for, {granted}, and the smallest grant is "
        "{smallest}. Score {score}.",
        percent=_percent(step.share),
        granted=problem.euros(full),
        smallest=problem.euros(problem.candidates[j].lower),
        score=problem.candidates[j].score,
    )


def _below(score: Fraction, least: Fraction) -> Message:
    # As with the threshold: a score that would look equal to the limit when shown is said otherwise.
    if least - score < _STEP:
        return msg(
            "Not funded: the score is below the lowest tier, which begins at {least}, by less than {step}.",
            least=least,
            step=_STEP,
        )
    return msg(
        "Not funded: the score {score} is below the lowest tier, which begins at {least}.", score=score, least=least
    )


def _percent(share: Fraction) -> int | Fraction:
    percent = share * 100
    return int(percent) if percent.denominator == 1 else percent
