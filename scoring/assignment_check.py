"""Refuses an assignment problem that says two things at once, or that is larger than what is solved here."""

from collections import Counter
from collections.abc import Iterable

from locales import Param, msg
from scoring.assignment_types import (
    LEVELS,
    MOST_APPLICATIONS,
    MOST_REVIEWERS,
    MOST_REVIEWS,
    MOST_WEIGHT,
    AssignmentProblem,
    Candidate,
    Pair,
)
from scoring.errors import ScoringError


def check(problem: AssignmentProblem) -> None:
    """Raise ScoringError unless the problem is well formed; an impossible demand is well formed."""
    _sizes(problem)
    for demand in problem.demands:
        if not _whole(demand.reviews, 0, MOST_REVIEWS):
            raise ScoringError(
                msg(
                    "Application {application}: {value} reviews are not accepted; a whole number from 0 to {most} is.",
                    application=demand.id,
                    value=str(demand.reviews),
                    most=MOST_REVIEWS,
                )
            )
    for candidate in problem.candidates:
        _candidate(candidate)
    for weight in (problem.weights.expertise, problem.weights.language, problem.weights.fairness or 0):
        if not _whole(weight, 0, MOST_WEIGHT):
            raise ScoringError(
                msg(
                    "Weight of the assignment: {value} is not accepted; a whole number from 0 to {most} is.",
                    value=str(weight),
                    most=MOST_WEIGHT,
                )
            )
    check_known(problem, problem.locked)
    for application, reviewer in sorted(problem.locked & problem.barred):
        raise ScoringError(
            msg(
                "Application {application}, reviewer {reviewer}: the pair is locked, but the reviewer has a conflict of "
                "interest or abstains. Unlock the pair first.",
                application=application,
                reviewer=reviewer,
            )
        )


def check_known(problem: AssignmentProblem, pairs: Iterable[Pair]) -> None:
    """Raise ScoringError when a pair names an application or a reviewer that the problem does not have."""
    applications = {demand.id for demand in problem.demands}
    reviewers = {candidate.id for candidate in problem.candidates}
    for application, reviewer in sorted(pairs):
        if application not in applications:
            raise ScoringError(msg("Application {application} is not among those to assign.", application=application))
        if reviewer not in reviewers:
            raise ScoringError(msg("Reviewer {reviewer} is not among the reviewers.", reviewer=reviewer))


def _sizes(problem: AssignmentProblem) -> None:
    if (count := len(problem.demands)) > MOST_APPLICATIONS:
        raise ScoringError(
            msg(
                "{count} applications are too many to assign at once; at most {most} can be.",
                count=count,
                most=MOST_APPLICATIONS,
            )
        )
    if (count := len(problem.candidates)) > MOST_REVIEWERS:
        raise ScoringError(
            msg(
                "{count} reviewers are too many to assign at once; at most {most} can be.",
                count=count,
                most=MOST_REVIEWERS,
            )
        )
    if name := _repeated(demand.id for demand in problem.demands):
        raise ScoringError(msg("Application {application} is listed twice; it can be assigned once.", application=name))
    if name := _repeated(candidate.id for candidate in problem.candidates):
        raise ScoringError(msg("Reviewer {reviewer} is listed twice; once is accepted.", reviewer=name))


def _repeated(names: Iterable[str]) -> str | None:
    return min((name for name, count in Counter(names).items() if count > 1), default=None)


def _candidate(candidate: Candidate) -> None:
    largest = MOST_APPLICATIONS if candidate.largest_load is None else candidate.largest_load
    if not _whole(largest, 0, MOST_APPLICATIONS):
        raise ScoringError(
            msg(
                "Reviewer {reviewer}: largest load {value} is not accepted; a whole number from 0 to {most} is, or nothing.",
                reviewer=candidate.id,
                value=str(largest),
                most=MOST_APPLICATIONS,
            )
        )
    if not _whole(candidate.smallest_load, 0, largest):
        raise ScoringError(
            msg(
                "Reviewer {reviewer}: smallest load {value} is not accepted; a whole number from 0 to {most} is.",
                reviewer=candidate.id,
                value=str(candidate.smallest_load),
                most=largest,
            )
        )
    for theme, level in candidate.expertise.items():
        if type(level) is not int or level not in LEVELS:
            accepted: list[Param] = list(LEVELS)
            raise ScoringError(
                msg(
                    "Reviewer {reviewer}: expertise {value} in theme {theme} is not accepted; accepted: {accepted}.",
                    reviewer=candidate.id,
                    value=str(level),
                    theme=theme,
                    accepted=accepted,
                )
            )


def _whole(value: object, low: int, high: int) -> bool:
    # bool is an int in Python; True reviews are a mistake.
    return type(value) is int and low <= value <= high
