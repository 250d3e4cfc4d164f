"""The one validator of reviews: browser, workbook and terminal ask it."""

from collections.abc import Mapping
from dataclasses import dataclass

from calls.definition import CallDefinition
from locales import Message, msg
from workflow.blank import is_blank

LONGEST_TEXT = 5_000
CONFIDENCES = (1, 2, 3)
"""How sure a reviewer is of the own review: low, moderate, high."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reviewer has filled in: level and reason per criterion id, the panel-only remark, the own confidence."""

    levels: Mapping[str, int | None]
    reasons: Mapping[str, str]
    remark: str = ""
    application_version: int | None = None
    """The version of the application that the reviewer has before them; None is the newest."""
    confidence: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a review and in which field: ``level:<criterion>``, ``reason:<criterion>``, ``remark`` or ``confidence``."""

    field: str
    message: Message


def weights(call: CallDefinition) -> dict[str, int]:
    """Weight per criterion id."""
    return {criterion.id: criterion.weight.value for criterion in call.criteria}


def check_review(call: CallDefinition, draft: Draft, *, submitting: bool) -> list[Message]:
    """Every problem of a review, in words."""
    return [problem.message for problem in find_problems(call, draft, submitting=submitting)]


def find_problems(call: CallDefinition, draft: Draft, *, submitting: bool) -> list[Problem]:
    """Every problem of a review with its field. Only a review that is submitted has to be complete."""
    known = [criterion.id for criterion in call.criteria]
    given = draft.levels.keys() | draft.reasons.keys()
    problems = [
        Problem(f"level:{key}", msg("The call has no criterion {key}.", key=key)) for key in sorted(given - set(known))
    ]
    for key in known:
        problems += _of_criterion(call, draft, key, submitting)
    if len(draft.remark) > LONGEST_TEXT:
        problems.append(Problem("remark", msg("The remark is longer than {n} characters.", n=LONGEST_TEXT)))
    if draft.confidence is not None and (type(draft.confidence) is not int or draft.confidence not in CONFIDENCES):
        accepted = ", ".join(map(str, CONFIDENCES))
        problems.append(
            Problem(
                "confidence",
                msg("Own confidence: {value} is not among {accepted}.", value=draft.confidence, accepted=accepted),
            )
        )
    return problems


def _of_criterion(call: CallDefinition, draft: Draft, key: str, submitting: bool) -> list[Problem]:
    criterion = call.criterion(key)
    level, reason = draft.levels.get(key), draft.reasons.get(key, "")
    accepted = [rung.value for rung in criterion.levels]
    problems: list[Problem] = []
    if level is not None and (type(level) is not int or level not in accepted):
        levels = ", ".join(map(str, accepted))
        wrong = msg(
            "{criterion}: level {value} is not among {levels}.", criterion=criterion.name, value=level, levels=levels
        )
        problems.append(Problem(f"level:{key}", wrong))
    if submitting and level is None:
        problems.append(Problem(f"level:{key}", msg("{criterion}: the level is missing.", criterion=criterion.name)))
    if submitting and is_blank(reason):
        problems.append(Problem(f"reason:{key}", msg("{criterion}: the reason is missing.", criterion=criterion.name)))
    if len(reason) > LONGEST_TEXT:
        long = msg("{criterion}: the reason is longer than {n} characters.", criterion=criterion.name, n=LONGEST_TEXT)
        problems.append(Problem(f"reason:{key}", long))
    return problems
