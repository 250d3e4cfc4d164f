"""Words for the stable codes of the workflow: states, outcomes, findings, grounds."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from access.permissions import PHASES, ROLES
from calls.definition import CallDefinition
from decisions.words import KIND
from locales import LocalText, Message, msg
from ui.tables import Badge
from ui.texts import moment, money, say, t
from workflow.labels import DECISION_STATES, GROUNDS, OBJECTIVES, REST, RULES, STATES, STATUSES

_STATE_TONES = {
    "eligible": "good",
    "not_eligible": "bad",
    "dismissed": "bad",
    "changed": "warn",
    "supplement_requested": "warn",
}

OUTCOMES: Mapping[str, Message] = {
    "eligible": msg("Eligible"),
    "not_eligible": msg("Not eligible"),
    "dismissed": msg("Dismissed without examination"),
    "supplement_requested": msg("Request a supplement"),
}

FINDINGS: dict[str, Message] = {"met": msg("Met"), "not_met": msg("Not met"), "check": msg("To be checked")}
_FINDING_TONES = {"met": "good", "not_met": "bad", "check": "warn"}

REVIEW_STATES: dict[str, Message] = {
    "not_started": msg("Not begun"),
    "draft": msg("Draft"),
    "returned": msg("Returned for completion"),
    "abstained": msg("Abstained"),
    "submitted": msg("Submitted"),
    "conflict": msg("Conflict of interest"),
}
_REVIEW_TONES = {"draft": "warn", "returned": "warn", "submitted": "good"}

CONFIDENCES: dict[int, Message] = {1: msg("Low"), 2: msg("Moderate"), 3: msg("High")}
"""How sure a reviewer is of the own review."""

CONFLICTS = GROUNDS
"""The grounds of disqualification as the forms offer them."""

SOURCES: dict[str, Message] = {
    "call": msg("Call text"),
    "decree": msg("Decree 893/2019"),
    "assumption": msg("Assumption"),
}


def state_badge(state: str) -> Badge:
    """The state of handling of an application."""
    return Badge(say(STATES.get(state, msg("Unknown"))), _STATE_TONES.get(state, "calm"))


def finding_badge(outcome: str) -> Badge:
    """What a rule found."""
    return Badge(say(FINDINGS[outcome]), _FINDING_TONES[outcome])


def review_badge(state: str) -> Badge:
    """The state of a review."""
    return Badge(say(REVIEW_STATES[state]), _REVIEW_TONES.get(state, "calm"))


def source_badge(source: str) -> Badge:
    """Where a value of the call comes from."""
    return Badge(say(SOURCES[source]), "warn" if source == "assumption" else "calm")


def language_name(code: str) -> str:
    """Name of a language of service."""
    return {"fi": t("Finnish"), "sv": t("Swedish"), "en": t("English")}.get(code, code)


def theme_name(call: CallDefinition, theme: str) -> str:
    """A theme's name; one that the call does not have stands as it was written, and is said not to be the call's."""
    found = call.theme(theme)
    return t("{theme} (not a theme of this call)", theme=theme) if found is None else say(found.name)


_EUROS = frozenset(
    ["granted", "appropriation", "reserve", "smallest_grant", "largest_grant", "spent", "remaining", "accepted"]
)
_DEADLINES = frozenset(["deadline", "review_deadline"])


def log_value(field: str, value: str, criteria: Mapping[str, LocalText]) -> str:
    """A value of the log in words where it is one of our stable codes; everything else as it was recorded."""
    tables: dict[str, Mapping[str, Message | LocalText | str]] = {
        "criterion_id": criteria,
        "state": {**REVIEW_STATES, **DECISION_STATES},
        "outcome": OUTCOMES,
        "kind": CONFLICTS,
        "decision_kind": KIND,
        "role": ROLES,
        "phase": PHASES,
        "rule": RULES,
        "objective": OBJECTIVES,
        "status": STATUSES,
        "rest": REST,
    }
    if field in _EUROS and value.isdecimal():
        return money(int(value))
    if (field.endswith("_at") or field in _DEADLINES) and "T" in value:
        with suppress(ValueError):
            return moment(datetime.fromisoformat(value))
    words = tables.get(field, {})
    if field == "language":
        return language_name(value)
    if value in ("True", "False"):
        return t("Yes") if value == "True" else t("No")
    return say(words[value]) if value in words else value
