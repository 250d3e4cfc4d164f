"""The fictional panel's work: conflicts of interest, assignments and reviews, all drawn from fixed seeds.

A level is drawn from how good the application is beneath, how severe the reviewer is, how the application does on
the criterion, and noise: the crossed model that panel statistics assume.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from calls.application import Application
from sample_data.chance import Chance
from sample_data.conflicts import SampleConflict, draw_conflicts
from sample_data.decisions import SampleEligibility, SampleOutcome, eligibility_decisions, eligible_applications
from sample_data.generator import qualities
from sample_data.people import SampleAccount, SampleRole, accounts, reviewers

CRITERIA = ("process_change", "dissemination", "consortium")
REVIEWS_EACH = 3
_SEVERITY = (-0.55, 0.35, -0.15, 0.6, 0.0, -0.35, 0.15, -0.05, 0.1)
"""Per reviewer in order: how much a level is moved; the first is strict, the fourth generous."""
_STATES: Mapping[str, tuple[float, float]] = {"2020": (0.95, 0.98), "2022": (0.60, 0.80)}
"""Below the first number a review is submitted, below the second a draft, else not begun."""
_SEEDS: Mapping[str, int] = {"2020": 23, "2022": 45}
"""Chosen so that equal scores stand at the line of the appropriation, as they do in real panels."""
_SHARE_OF_DRAFT_LEVELS = 0.55


@dataclass(frozen=True, slots=True)
class SampleAssignment:
    """A reviewer is asked to review an application."""

    case_number: str
    reviewer: str


@dataclass(frozen=True, slots=True)
class SampleReview:
    """A review that has been begun. A level None: not scored yet. ``remark``: for the panel only."""

    case_number: str
    reviewer: str
    levels: Mapping[str, int | None]
    reasons: Mapping[str, str]
    remark: str
    submitted: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel's work on one call. An assignment without a review has not been begun."""

    conflicts: tuple[SampleConflict, ...]
    assignments: tuple[SampleAssignment, ...]
    reviews: tuple[SampleReview, ...] = field(default=())


@cache
def panel(call_id: str) -> Panel:
    """The panel's work on the eligible sample applications of a call. KeyError: no such call."""
    found = eligible_applications(call_id)
    conflicts = draw_conflicts(call_id, found)
    assignments = _assign(call_id, found, conflicts)
    return Panel(conflicts, assignments, _reviews(call_id, found, assignments))


def _assign(
    call_id: str, found: Sequence[Application], conflicts: Sequence[SampleConflict]
) -> tuple[SampleAssignment, ...]:
    """The least loaded reviewers without a conflict; a Swedish application gets one who works in Swedish."""
    chance = Chance(f"assignments {call_id}")
    blocked = {(conflict.username, conflict.case_number) for conflict in conflicts}
    load = {account.username: 0 for account in reviewers()}
    swedish = {account.username for account in reviewers() if account.language == "sv"}
    assignments = []
    for application in sorted(found, key=lambda app: app.language != "sv"):
        free = [name for name in chance.shuffled(list(load)) if (name, application.case_number) not in blocked]
        free.sort(key=load.__getitem__)
        if application.language == "sv":
            free.sort(key=lambda name: name not in swedish)
            free[1:] = sorted(free[1:], key=load.__getitem__)
        for name in free[:REVIEWS_EACH]:
            load[name] += 1
            assignments.append(SampleAssignment(application.case_number, name))
    return tuple(sorted(assignments, key=lambda pair: (pair.case_number, pair.reviewer)))


def _reviews(
    call_id: str, found: Sequence[Application], assignments: Sequence[SampleAssignment]
) -> tuple[SampleReview, ...]:
    languages = {application.case_number: application.language for application in found}
    quality = qualities(call_id)
    severity = {account.username: shift for account, shift in zip(reviewers(), _SEVERITY, strict=True)}
    submitted_below, begun_below = _STATES[call_id]
    seed = _SEEDS[call_id]
    reviews = []
    for pair in assignments:
        chance = Chance(f"review {seed} {call_id} {pair.case_number} {pair.reviewer}")
        levels = _levels(chance, pair.case_number, quality[pair.case_number], severity[pair.reviewer])
        state = chance.share()
        if state >= begun_below:
            continue
        submitted = state < submitted_below
        kept = levels if submitted else _half_done(chance, levels)
        reasons = _reasons(chance, languages[pair.case_number], kept, submitted)
        remark = _remark(chance, pair.reviewer) if chance.happens(0.18) else ""
        reviews.append(SampleReview(pair.case_number, pair.reviewer, kept, reasons, remark, submitted))
    return tuple(reviews)


def _levels(chance: Chance, case_number: str, quality: float, severity: float) -> dict[str, int | None]:
    levels: dict[str, int | None] = {}
    for criterion in CRITERIA:
        strength = Chance(f"strength {case_number} {criterion}").normal()
        value = 3.2 + 0.75 * quality + 0.35 * strength + severity + 0.55 * chance.normal()
        levels[criterion] = min(max(int(value + 0.5), 1), 5)
    return levels


def _half_done(chance: Chance, levels: Mapping[str, int | None]) -> dict[str, int | None]:
    """A draft: the first criterion is scored, the others perhaps; never all of them."""
    kept = {name: level if chance.happens(_SHARE_OF_DRAFT_LEVELS) else None for name, level in levels.items()}
    return {**kept, CRITERIA[0]: levels[CRITERIA[0]], CRITERIA[-1]: None}


def _reasons(chance: Chance, language: str, levels: Mapping[str, int | None], submitted: bool) -> dict[str, str]:
    reasons = {}
    for criterion, level in levels.items():
        written = level is not None and (submitted or chance.happens(0.6))
        reasons[criterion] = chance.pick(_texts()[language][criterion][str(level)]) if written else ""
    return reasons


def _remark(chance: Chance, reviewer: str) -> str:
    language = next(account.language for account in reviewers() if account.username == reviewer)
    texts: list[str] = _texts()["sv" if language == "sv" else "fi"]["remarks"]
    return chance.pick(texts)


@cache
def _texts() -> dict[str, Any]:
    path = Path(__file__).with_name("texts") / "reviews.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


__all__ = [
    "CRITERIA",
    "REVIEWS_EACH",
    "Panel",
    "SampleAccount",
    "SampleAssignment",
    "SampleConflict",
    "SampleEligibility",
    "SampleOutcome",
    "SampleReview",
    "SampleRole",
    "accounts",
    "eligibility_decisions",
    "panel",
]
