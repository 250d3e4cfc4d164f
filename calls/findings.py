"""Findings of the eligibility rules and what they propose. Rules find; people decide."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from calls.definition import CallDefinition, Item, SourceKind
from locales import LocalText, Message, Param, msg

Outcome = Literal["met", "not_met", "check"]
Proposal = Literal["eligible", "not_eligible", "dismissed", "supplement_requested"]

CLOSING = "closing"
DESCRIBED = "described_"
"""Prefix of the rules that a text field is not empty: ``described_dissemination``."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found. ``check``: the officer has to look; ``ask``: what the applicant can supply or correct.

    ``needs`` "members": the rule can hold only if the stated members of a joint authority take part, which the officer
    confirms.
    """

    rule: str
    outcome: Outcome
    message: Message
    basis: Message | LocalText
    ask: Message | None = None
    needs: Literal["members"] | None = None


def propose(findings: Iterable[Finding]) -> Proposal:
    """What the findings speak for; the officer decides and gives the reason.

    * Arrived after the closing: ``dismissed``. It is dismissed without examination, whatever else was found, which is
      not the same as rejected: the deadline is absolute and cannot be mended by a supplement.
    * A rule not met that no supplement can mend (one municipality only, a theme that the call has not, an
      applicant that may not apply): ``not_eligible``.
    * A rule not met that the applicant can mend (a description, the business ID, other public funding, the members
      of a joint authority, a municipality wrongly named, a share above the largest): ``supplement_requested``. An
      authority asks a deficient document to be completed (Administrative Procedure Act 434/2003, section 22).
    * Otherwise ``eligible``. Findings to be checked never decide by themselves.
    """
    unmet = [finding for finding in findings if finding.outcome == "not_met"]
    if any(finding.rule == CLOSING for finding in unmet):
        return "dismissed"
    if any(finding.ask is None for finding in unmet):
        return "not_eligible"
    return "supplement_requested" if unmet else "eligible"


def rule_label(rule: str) -> Message:
    """The name of a rule. Raises KeyError for a rule that there is not."""
    return _LABELS[rule]


def rule_ids() -> tuple[str, ...]:
    """Every rule that has a name."""
    return tuple(_LABELS)


def proposal_label(proposal: Proposal) -> Message:
    """A proposal in words."""
    return _PROPOSALS[proposal]


def outcome_label(outcome: Outcome) -> Message:
    """An outcome in words."""
    return _OUTCOMES[outcome]


def source_label(source: SourceKind, call: CallDefinition) -> Message | LocalText:
    """Where a value of the call stands, in words."""
    if source == "decree":
        return call.decree
    return msg("Call text") if source == "call" else msg("Assumption")


def stands(call: CallDefinition, source: SourceKind, text: Param | None) -> Message | LocalText:
    """The basis of a finding: where it stands, and what is said there."""
    where = source_label(source, call)
    return where if text is None else msg("{where}: {text}", where=where, text=text)


def describe(item: Item) -> LocalText:
    """An item's description, or its name where it has none."""
    return item.description or item.name


_LABELS = {
    "opening": msg("Arrived after the opening"),
    CLOSING: msg("Arrived before the closing"),
    "applicant_kinds": msg("Who may apply"),
    "joint_project": msg("Joint project of several municipalities"),
    "members_stated": msg("Members of joint municipal authorities stated"),
    "municipalities_exist": msg("Municipalities in the register"),
    "coordinator_is_partner": msg("Coordinating applicant among the partners"),
    "business_id": msg("Business ID"),
    "theme": msg("Theme or viewpoint of the call"),
    "excluded_fields": msg("Excluded fields"),
    DESCRIBED + "summary": msg("Summary described"),
    DESCRIBED + "process_change": msg("Process change described"),
    DESCRIBED + "dissemination": msg("Dissemination described"),
    DESCRIBED + "consortium": msg("Consortium described"),
    "cost_categories": msg("Cost categories"),
    "grant_share": msg("Share of the eligible costs"),
    "other_public_funding": msg("Other public funding stated"),
    "funding_balance": msg("Funding covers the costs"),
    "smallest_grant": msg("Smallest grant"),
    "largest_grant": msg("Largest grant"),
    "duplicate": msg("Possible duplicate"),
}
_PROPOSALS: dict[Proposal, Message] = {
    "eligible": msg("Eligible"),
    "not_eligible": msg("Not eligible"),
    "dismissed": msg("Dismissed without examination"),
    "supplement_requested": msg("Supplement requested"),
}
_OUTCOMES: dict[Outcome, Message] = {
    "met": msg("Rule met"),
    "not_met": msg("Rule not met"),
    "check": msg("To be checked"),
}
